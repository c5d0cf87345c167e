package app

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/publish"
	"github.com/tipstaff/tipstaff/internal/store"
)

// blank names the publication of a project that shows nothing yet: it is made from the policy and kept nowhere.
const blank = "blank"

// packing is how casework's documents become what the store keeps sealed.
var packing = casework.Packing{
	Pack: func(project cvd.ProjectID, id string, at time.Time, docs []cvd.Document) ([]byte, error) {
		return pack(project, id, at, docs).Marshal()
	},
	Unpack: func(b []byte) ([]cvd.Document, error) {
		p, err := publish.Unmarshal(b)
		if err != nil {
			return nil, err
		}
		var docs []cvd.Document
		for _, d := range p.Documents {
			body, err := d.Plain()
			if err != nil {
				return nil, err
			}
			docs = append(docs, cvd.Document{Path: d.Path, Type: d.Type, Body: body})
		}
		return docs, nil
	},
}

func pack(project cvd.ProjectID, id string, at time.Time, docs []cvd.Document) publish.Publication {
	p := publish.Publication{Project: project, ID: id, At: at}
	for _, d := range docs {
		p.Documents = append(p.Documents, publish.Prepare(d.Path, d.Type, d.Body))
	}
	return p
}

// published reads what is armed and what is public, for the site.
func (a *App) published(ctx context.Context, _ string) (publish.Snapshot, error) {
	all, err := a.Store.Publications(ctx, "")
	if err != nil {
		return publish.Snapshot{}, err
	}
	snap := publish.Snapshot{Whole: true}
	for _, id := range a.Casework.Projects() {
		p, err := a.Store.Project(ctx, id)
		if err != nil {
			return publish.Snapshot{}, err
		}
		snap.Done = append(snap.Done, publish.Entry{Project: id, ID: blank, At: p.Created})
	}
	for _, b := range all {
		e := publish.Entry{Project: b.Project, ID: b.ID + "/" + string(b.Edition), At: b.At}
		switch b.State {
		case store.Armed:
			if b.Held || b.Behind { // until a person lets it go
				continue
			}
			snap.Armed = append(snap.Armed, e)
		case store.Done:
			snap.Done = append(snap.Done, e)
		}
	}
	return snap, nil
}

// fetch reads the bytes of one publication.
func (a *App) fetch(ctx context.Context, project cvd.ProjectID, id string) (publish.Publication, error) {
	if id == blank {
		docs, at, err := a.Casework.Blank(project)
		return pack(project, id, at, docs), err
	}
	all, err := a.Store.Publications(ctx, project)
	if err != nil {
		return publish.Publication{}, err
	}
	for _, b := range all {
		if b.ID+"/"+string(b.Edition) != id {
			continue
		}
		sealed, err := a.Store.Documents(ctx, b)
		if err != nil {
			return publish.Publication{}, err
		}
		p, err := publish.Unmarshal(sealed)
		p.ID = id // an edition that was armed again is another publication
		return p, err
	}
	return publish.Publication{}, fmt.Errorf("there is no publication %s", id)
}

// notFound is what stands where nothing is published.
func notFound(bool) http.Handler { return http.NotFoundHandler() }
