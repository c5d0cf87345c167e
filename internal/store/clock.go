package store

import (
	"context"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

const (
	deleteClocks = `DELETE FROM clocks WHERE project = $1 AND case_id = $2`
	insertClock  = `INSERT INTO clocks (project, case_id, name, kind, due) VALUES ($1, $2, $3, $4, $5)`
)

// clocks replaces the rows of a case's clocks. Only those that will ring have one: with an instant, running, and not
// recorded as missed.
func (at *place) clocks(tx transaction, p *prepared) {
	project, id := string(at.project.ID), string(p.Event.Case)
	if p.Event.Rev > 1 {
		tx.exec(deleteClocks, project, id)
	}
	for _, k := range p.Clocks {
		if !k.Due.IsZero() && k.Open() && k.Breached.IsZero() {
			tx.exec(insertClock, project, id, k.Name, string(k.Kind), k.Due.UnixMicro())
		}
	}
}

// DueClock is a clock whose instant has come.
type DueClock struct {
	Project cvd.ProjectID
	Case    cvd.CaseID
	Name    string
	Kind    cvd.ClockKind
	Due     time.Time
}

const dueClocks = `SELECT project, case_id, name, kind, due FROM clocks WHERE due < $1
	ORDER BY due, project, case_id, name, kind LIMIT $2`

// Due lists the clocks of all projects whose instant has come, the longest overdue first. A clock stays in the list until
// an event meets it, moves it, or records that it was missed.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]DueClock, error) {
	due, err := list(ctx, s.read, func(scan func(...any) error) (k DueClock, err error) {
		var at int64
		err = scan(&k.Project, &k.Case, &k.Name, &k.Kind, &at)
		k.Due = instant(at)
		return k, err
	}, dueClocks, now.UnixMicro(), limit)
	return due, s.wrap(err, "list what is due")
}

const nextDue = `SELECT project, due FROM clocks ORDER BY due LIMIT 1`

// NextDue is the instant of the clock that rings first; zero if none runs.
func (s *Store) NextDue(ctx context.Context) (time.Time, error) {
	all, err := list(ctx, s.read, func(scan func(...any) error) (time.Time, error) {
		var project string
		var at int64
		err := scan(&project, &at)
		return instant(at), err
	}, nextDue)
	if err != nil || len(all) == 0 {
		return time.Time{}, s.wrap(err, "find what is due next")
	}
	return all[0], nil
}
