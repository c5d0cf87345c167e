package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Publication is what one case says to the public at one instant: prepared documents, sealed until then.
type Publication struct {
	Project   cvd.ProjectID
	ID        string // of the advisory, or whatever names it within the project
	Case      cvd.CaseID
	At        time.Time
	State     PublicationState
	Edition   cvd.EventID // the event that wrote the documents: another edition, other documents
	Documents []byte      // empty where only the state changes, and in lists
	Held      bool        // its instant is nothing until a person lets it go
	Behind    bool        // it lists one that is held, and so waits with it; only in lists
}

// PublicationState says whether a publication waits, is public, or is no more.
type PublicationState string

// The states of a publication.
const (
	Armed     PublicationState = "armed"
	Done      PublicationState = "done"
	Withdrawn PublicationState = "withdrawn"
)

const (
	removeArmed    = `DELETE FROM publications WHERE project = $1 AND state = 'armed' AND id NOT IN (SELECT key FROM json_each($2))`
	putPublication = `INSERT INTO publications (project, id, case_id, at, state, edition, size, sealed, held) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (project, id) DO UPDATE SET case_id = excluded.case_id, at = excluded.at, state = excluded.state,
		edition = excluded.edition, size = excluded.size, sealed = excluded.sealed, held = excluded.held`
	setPublication = `UPDATE publications SET at = $3, state = $4 WHERE project = $1 AND id = $2`
)

// sealPublications prepares what a change does to the publications of its project: those that it names are put or set, and
// whatever else is armed is removed.
func (s *Store) sealPublications(p *prepared) ([]row, error) {
	if p.Publish == nil {
		return nil, nil
	}
	project, named := string(p.Change.Project), map[string]int{}
	rows := make([]row, 1, 1+len(p.Publish))
	for _, b := range p.Publish {
		named[b.ID] = 0
		if len(b.Documents) == 0 {
			rows = append(rows, row{setPublication, []any{project, b.ID, b.At.UnixMicro(), string(b.State)}})
			continue
		}
		sealed := p.project.content.Seal(b.Documents, publicationOf(p.Change.Project, b.ID, p.Event.ID)...)
		rows = append(rows, row{putPublication, []any{project, b.ID, string(b.Case), b.At.UnixMicro(), string(b.State),
			string(p.Event.ID), len(b.Documents), sealed, b.Held}})
	}
	set, err := json.Marshal(named)
	rows[0] = row{removeArmed, []any{project, string(set)}}
	return rows, err
}

func publicationOf(project cvd.ProjectID, id string, edition cvd.EventID) []string {
	return []string{string(project), "publication", id, string(edition)}
}

const (
	listPublications = `SELECT project, id, case_id, at, state, edition, held FROM publications WHERE ($1 = '' OR project = $1) ORDER BY project, at, id`
	readPublication  = `SELECT sealed FROM publications WHERE project = $1 AND id = $2 AND edition = $3`
)

// Publications lists those of a project, or of all projects if none is given, without their documents: it is cheap enough
// to be asked each second.
func (s *Store) Publications(ctx context.Context, project cvd.ProjectID) ([]Publication, error) {
	all, err := list(ctx, s.read, func(scan func(...any) error) (b Publication, err error) {
		var at int64
		err = scan(&b.Project, &b.ID, &b.Case, &at, &b.State, &b.Edition, &b.Held)
		b.At = instant(at)
		return b, err
	}, listPublications, string(project))
	return behind(all), s.wrap(err, "list publications")
}

// behind marks what was prepared to be read after something that is held: its lists would tell of that.
func behind(all []Publication) []Publication {
	first := map[cvd.ProjectID]time.Time{}
	for _, b := range all { // by instant
		if _, known := first[b.Project]; !known && b.Held && b.State == Armed {
			first[b.Project] = b.At
		}
	}
	for i, b := range all {
		at, held := first[b.Project]
		all[i].Behind = held && !b.Held && b.State == Armed && !b.At.Before(at)
	}
	return all
}

// Documents opens what a listed publication says; NotFound if it was replaced meanwhile.
func (s *Store) Documents(ctx context.Context, b Publication) ([]byte, error) {
	p, err := s.open(ctx, b.Project)
	if err != nil {
		return nil, err
	}
	var sealed []byte
	err = s.read.QueryRowContext(ctx, readPublication, string(b.Project), b.ID, string(b.Edition)).Scan(&sealed)
	if err != nil {
		return nil, s.wrap(exists(err, "there is no such publication"), "read publication %s", b.ID)
	}
	documents, err := p.content.Open(sealed, publicationOf(b.Project, b.ID, b.Edition)...)
	return documents, s.wrap(err, "open publication %s", b.ID)
}

const listArmed = `SELECT id, edition FROM publications WHERE project = $1 AND state = 'armed'`

// readArmed asks which publications wait for their instant.
func (at *place) readArmed(tx transaction) {
	at.armed = map[string]cvd.EventID{}
	tx.query(listArmed, func(scan func(...any) error) error {
		var id string
		var edition cvd.EventID
		err := scan(&id, &edition)
		at.armed[id] = edition
		return err
	}, string(at.project.ID))
}

// knows says whether the publications that wait are those that a change was worked out from.
func (at *place) knows(known []Publication) bool {
	waiting := 0
	for _, b := range known {
		if b.State != Armed {
			continue
		}
		if at.armed[b.ID] != b.Edition {
			return false
		}
		waiting++
	}
	return waiting == len(at.armed)
}

// arm notes what waits after a change, for the changes behind it in the same batch.
func (at *place) arm(p *prepared) {
	if p.Publish == nil {
		return
	}
	before := at.armed
	at.armed = map[string]cvd.EventID{}
	for _, b := range p.Publish {
		switch {
		case b.State != Armed:
		case len(b.Documents) > 0:
			at.armed[b.ID] = p.Event.ID
		default:
			at.armed[b.ID] = before[b.ID]
		}
	}
}
