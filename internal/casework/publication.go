package casework

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/advisory"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Packing turns documents into what the store keeps sealed, and back. It is handed in by app: publish does it.
type Packing struct {
	Pack   func(project cvd.ProjectID, id string, at time.Time, docs []cvd.Document) ([]byte, error)
	Unpack func([]byte) ([]cvd.Document, error)
}

// entry is one line of the public index of advisories: enough to write the list and the feed again without opening a case.
type entry struct {
	ID        cvd.AdvisoryID `json:"id"`
	Title     string         `json:"title"`
	Summary   string         `json:"summary"`
	Class     string         `json:"severity,omitempty"`
	ClassName string         `json:"severity_title,omitempty"`
	Score     float64        `json:"score,omitempty"`
	Vector    string         `json:"vector,omitempty"`
	CVE       string         `json:"cve,omitempty"`
	Edition   int            `json:"edition"`
	Published time.Time      `json:"published"`
	Updated   time.Time      `json:"updated"`
}

// catalogue is all that a project's lists are made of, as they are after a publication.
type catalogue struct {
	entries []entry
	osv     advisory.OSVDatabase
}

// indexPath is where programs read which advisories there are.
const indexPath = "advisories/index.json"

// turn is one publication to come: a case whose edition becomes public at an instant.
type turn struct {
	at      time.Time
	c       cvd.Case
	edition int
}

// prepare works out everything that the public will read at each instant that is armed in the project, after this change.
// Whatever lists others is prepared again whenever one is armed, moved or taken back, so that two that wait do not disturb
// each other.
func (w *Casework) prepare(ctx context.Context, a *asking, change *store.Change) error {
	known, err := w.store.Publications(ctx, a.who.Project)
	if err != nil {
		return fmt.Errorf("read publications of %s: %w", a.who.Project, err)
	}
	listed, err := w.published(ctx, known)
	if err != nil {
		return err
	}
	var turns []turn
	for _, b := range known {
		if b.State != store.Armed || b.Case == a.c.ID {
			continue
		}
		c, err := w.store.Case(ctx, a.who.Project, b.Case)
		if err != nil {
			return err
		}
		turns = append(turns, turn{at: b.At, c: c, edition: c.Disclosure.Edition})
	}
	if armed := change.Event.What.Arming(); armed != nil {
		turns = append(turns, turn{at: armed.Due, c: change.Case, edition: armed.Edition})
	}
	slices.SortFunc(turns, func(x, y turn) int {
		return cmp.Or(x.at.Compare(y.at), cmp.Compare(x.c.ID, y.c.ID))
	})
	change.Publish, change.Known = []store.Publication{}, append([]store.Publication{}, known...)
	for _, t := range turns {
		var b store.Publication
		if b, listed, err = w.write(ctx, a, t, listed); err != nil {
			return err
		}
		b.Held = a.project.held(t.c.ID, a.c.ID, known)
		change.Publish = append(change.Publish, b)
	}
	return nil
}

// published is the catalogue as it stands without anything that is armed. The last publication holds all of it.
func (w *Casework) published(ctx context.Context, known []store.Publication) (catalogue, error) {
	var last *store.Publication
	for i, b := range known {
		if b.State == store.Done && (last == nil || !b.At.Before(last.At)) {
			last = &known[i]
		}
	}
	if last == nil {
		return catalogue{}, nil
	}
	sealed, err := w.store.Documents(ctx, *last)
	if err != nil {
		return catalogue{}, fmt.Errorf("read publication %s: %w", last.ID, err)
	}
	docs, err := w.packing.Unpack(sealed)
	if err != nil {
		return catalogue{}, fmt.Errorf("read publication %s: %w", last.ID, err)
	}
	listed, err := catalogueOf("/p/"+string(last.Project)+"/", docs)
	if err != nil {
		return catalogue{}, fmt.Errorf("read publication %s: %w", last.ID, err)
	}
	return listed, nil
}

// catalogueOf reads the catalogue from what was published.
func catalogueOf(root string, docs []cvd.Document) (catalogue, error) {
	body := func(path string) ([]byte, error) {
		i := slices.IndexFunc(docs, func(d cvd.Document) bool { return d.Path == root+path })
		if i < 0 {
			return nil, fmt.Errorf("there is no %s", path)
		}
		return docs[i].Body, nil
	}
	var c catalogue
	index, err := body(indexPath)
	if err != nil {
		return c, err
	}
	archive, err := body(advisory.OSVPath)
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(index, &c.entries); err != nil {
		return c, fmt.Errorf("read %s: %w", indexPath, err)
	}
	c.osv, err = advisory.OpenOSV(archive)
	return c, err
}

// write prepares one publication: the advisory in every format, and what lists advisories as they are from then on.
func (w *Casework) write(ctx context.Context, a *asking, t turn, listed catalogue) (store.Publication, catalogue, error) {
	id := t.c.Advisory.ID
	if id == "" {
		id = cvd.NewAdvisoryID(a.p.Document.Prefix, t.at.Year(), next(listed.entries, t.at.Year()))
	}
	r, err := w.Record(ctx, a.project, t.c, t.edition, id, t.at)
	if err != nil {
		return store.Publication{}, listed, err
	}
	if t.c.ID == a.c.ID {
		if err := complete(a, r); err != nil {
			return store.Publication{}, listed, err
		}
	}
	root := "/p/" + string(a.who.Project) + "/"
	var docs []cvd.Document
	for _, f := range advisory.All {
		body, err := f.Write(r)
		if err != nil {
			return store.Publication{}, listed, fmt.Errorf("write %s as %s: %w", id, f.Name, err)
		}
		docs = append(docs, cvd.Document{Path: root + f.Path(r), Type: f.Type, Body: body})
	}
	listed.entries = append(slices.DeleteFunc(slices.Clone(listed.entries), func(e entry) bool { return e.ID == id }), entryOf(r))
	if listed.osv, err = listed.osv.With(r); err != nil {
		return store.Publication{}, listed, fmt.Errorf("write %s as OSV: %w", id, err)
	}
	lists, err := w.lists(a.project, listed, id)
	if err != nil {
		return store.Publication{}, listed, err
	}
	name := string(id) + "." + strconv.Itoa(t.edition)
	packed, err := w.packing.Pack(a.who.Project, name, t.at, append(docs, lists...))
	if err != nil {
		return store.Publication{}, listed, fmt.Errorf("pack %s: %w", id, err)
	}
	return store.Publication{Project: a.who.Project, ID: name, Case: t.c.ID, At: t.at, State: store.Armed, Documents: packed}, listed, nil
}

// next is the number of the next advisory of a year.
func next(entries []entry, year int) int {
	n := 1
	for _, e := range entries {
		if e.Published.UTC().Year() == year {
			n++
		}
	}
	return n
}

// lists are the documents that list a project's advisories: the page, the feed, the index for programs, the database for
// scanners with what it says of the changed advisories.
func (w *Casework) lists(p *project, listed catalogue, changed ...cvd.AdvisoryID) ([]cvd.Document, error) {
	doc, root := p.inForce().Document, "/p/"+string(p.ID)+"/"
	info := advisory.FeedInfo{Project: p.ID, ProjectTitle: doc.Title, Publisher: w.publisher(p), Base: w.base, Language: doc.Language,
		Banner: w.banner, Since: p.Created}
	var records []advisory.Record
	for _, e := range listed.entries {
		records = append(records, e.record(info))
	}
	list, err := advisory.List(info, records)
	if err != nil {
		return nil, fmt.Errorf("write the list of advisories: %w", err)
	}
	feed, err := advisory.Feed(info, records)
	if err != nil {
		return nil, fmt.Errorf("write the feed of advisories: %w", err)
	}
	if listed.entries == nil {
		listed.entries = []entry{}
	}
	index, err := json.MarshalIndent(listed.entries, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the index of advisories: %w", err)
	}
	database, err := listed.osv.Documents(p.Created, changed...)
	if err != nil {
		return nil, fmt.Errorf("write the database of advisories: %w", err)
	}
	for i := range database {
		database[i].Path = root + database[i].Path
	}
	return append([]cvd.Document{
		{Path: root + "advisories/", Type: "text/html; charset=utf-8", Body: list},
		{Path: root + advisory.ListPath, Type: "text/html; charset=utf-8", Body: list},
		{Path: root + advisory.FeedPath, Type: "application/atom+xml", Body: feed},
		{Path: root + indexPath, Type: "application/json", Body: append(index, '\n')},
	}, database...), nil
}

// Blank is what the public reads of a project that has published nothing yet.
func (w *Casework) Blank(id cvd.ProjectID) ([]cvd.Document, time.Time, error) {
	p, err := w.project(id)
	if err != nil {
		return nil, time.Time{}, err
	}
	docs, err := w.lists(p, catalogue{})
	return docs, p.Created, err
}

func entryOf(r advisory.Record) entry {
	e := entry{ID: r.ID, Title: r.Text.Title, Summary: r.Text.Summary, Class: r.Severity.Class, ClassName: r.Class,
		Vector: r.Severity.Vector, CVE: r.Text.CVE, Published: r.Timeline.Disclosed}
	if r.Severity.Scored {
		e.Score = r.Severity.Score
	}
	last := r.Revisions[len(r.Revisions)-1]
	e.Edition, e.Updated = last.Number, last.At
	return e
}

func (e entry) record(info advisory.FeedInfo) advisory.Record {
	return advisory.Record{ID: e.ID, Project: info.Project, ProjectTitle: info.ProjectTitle, Publisher: info.Publisher, Base: info.Base,
		Language: info.Language, Class: e.ClassName,
		Text:      cvd.AdvisoryText{Title: e.Title, Summary: e.Summary, CVE: e.CVE},
		Severity:  cvd.Assessment{Class: e.Class, Score: e.Score, Scored: e.Vector != "", Vector: e.Vector},
		Timeline:  advisory.Timeline{Disclosed: e.Published},
		Revisions: []advisory.Revision{{Number: e.Edition, At: e.Updated}}}
}
