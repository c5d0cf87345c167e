package store

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/seal"
)

// Glimpse is an event as far as whoever surveys all cases needs it.
type Glimpse struct {
	Seq   int64
	Kind  string
	Event cvd.Event // id, case, revision, instant and actor; all of it if its kind was asked for
	Gone  bool      // its content was destroyed
	Fold  *cvd.Case // with the first event of a case, that case as it is by now; else nil
}

// surveyed is a Glimpse on its way out of the database.
type surveyed struct {
	sealedEvent
	rev, at int64
	kind    string
	actor   string
	caseRev int64 // of the case by now
	erased  int64
	fold    []byte // sealed, with the first event
}

const survey = `SELECT e.seq, e.id, e.case_id, e.rev, e.at, e.kind, e.actor, c.rev, c.key, c.wrapped, c.erased,
	CASE WHEN c.rev = 1 OR e.kind IN (SELECT key FROM json_each($4)) THEN e.sealed END,
	CASE WHEN e.rev = 1 THEN c.sealed END
	FROM events e JOIN cases c ON c.project = e.project AND c.id = e.case_id
	WHERE e.project = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3`

// Survey goes on behind an event: at most limit events of a project in their sequence, for whoever wants to know all cases
// without reading all that happened. It opens each case once, with its first event, and besides only the events of the given
// kinds, with all processors: most of the time that it takes is theirs.
func (s *Store) Survey(ctx context.Context, project cvd.ProjectID, after int64, limit int, kinds []string) ([]Glimpse, error) {
	p, err := s.open(ctx, project)
	if err != nil {
		return nil, err
	}
	asked := make(map[string]int, len(kinds))
	for _, k := range kinds {
		asked[k] = 0
	}
	set, err := json.Marshal(asked)
	if err != nil {
		return nil, fmt.Errorf("survey project %s: %w", project, err)
	}
	rows, err := list(ctx, s.read, scanSurveyed, survey, string(project), after, limit, string(set))
	if err != nil {
		return nil, s.wrap(err, "survey project %s", project)
	}
	all := make([]Glimpse, len(rows))
	var parts errgroup.Group
	parts.SetLimit(runtime.GOMAXPROCS(0))
	const part = 32
	for from := range (len(rows) + part - 1) / part {
		parts.Go(func() error {
			for i := from * part; i < min((from+1)*part, len(rows)); i++ {
				var err error
				if all[i], err = s.glimpse(ctx, p, &rows[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return all, parts.Wait()
}

func scanSurveyed(scan func(...any) error) (r surveyed, err error) {
	err = scan(&r.seq, &r.id, &r.caseID, &r.rev, &r.at, &r.kind, &r.actor, &r.caseRev, &r.key, &r.wrapped, &r.erased, &r.sealed, &r.fold)
	return r, err
}

// glimpse opens what there is to open. It goes past the cache: whoever reads everything must not push out what is asked for
// often.
func (s *Store) glimpse(ctx context.Context, p *project, r *surveyed) (Glimpse, error) {
	g := Glimpse{Seq: r.seq, Kind: r.kind, Event: cvd.Event{ID: r.id, Project: p.ID, Case: r.caseID, Rev: r.rev, At: instant(r.at), Who: cvd.ActorID(r.actor)}}
	erases := r.kind == cvd.What{Erased: &cvd.Erased{}}.Kind()
	g.Gone = r.erased > 0 && !erases
	if erases { // by whichever process: what we remember of the case goes too
		s.cases.drop(caseKey{p.ID, r.caseID})
	}
	if len(r.sealed) == 0 && r.rev > 1 {
		return g, nil
	}
	box, err := s.unwrap(ctx, p, r.caseID, r.key, r.wrapped)
	if err != nil {
		return Glimpse{}, err
	}
	if len(r.sealed) > 0 {
		n, err := r.read(p, box)
		if err != nil {
			return Glimpse{}, err
		}
		g.Event = n.Event
	}
	if r.rev == 1 {
		c, err := r.first(p, box, g.Event)
		if err != nil {
			return Glimpse{}, err
		}
		g.Fold = &c
	}
	return g, nil
}

// first is the case that comes with its first event: made from it, as long as there is no other.
func (r *surveyed) first(p *project, box seal.Box, e cvd.Event) (c cvd.Case, err error) {
	if r.caseRev == 1 && len(r.fold) == 0 {
		return cvd.Fold(c, e), nil
	}
	plain, err := box.Open(r.fold, string(p.ID), string(r.caseID), foldOf(r.caseRev))
	if err == nil {
		err = json.Unmarshal(plain, &c)
	}
	if err != nil {
		return cvd.Case{}, fmt.Errorf("open case %s: %w", r.caseID, err)
	}
	return c, nil
}
