package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/ledger"
)

const (
	outOfHour = `SELECT e.seq, e.id FROM events e JOIN epochs h ON h.project = e.project AND e.seq BETWEEN h.first AND h.last
		WHERE e.project = $1 AND e.taken / 3600000000 <> h.number ORDER BY e.seq LIMIT 1`
	listCaseRows = `SELECT id, rev, state, public, erased FROM cases WHERE project = $1 ORDER BY id`
	countClocks  = `SELECT COUNT(*) FROM clocks WHERE project = $1 AND case_id = $2 AND name = $3 AND kind = $4 AND due = $5`
	allClocks    = `SELECT COUNT(*) FROM clocks WHERE project = $1 AND case_id = $2`
)

// VerifyCases compares what is kept beside the ledger with it: when each event was taken with its closed hour, and each case,
// its clear columns and its clocks with the fold of its events. The error is a *ledger.Fault that names the first that differs.
// It is for a database that nobody writes to meanwhile.
func (s *Store) VerifyCases(ctx context.Context, project cvd.ProjectID) error {
	p, err := s.open(ctx, project)
	if err != nil {
		return err
	}
	_, err = list(ctx, s.read, func(scan func(...any) error) (struct{}, error) {
		var f ledger.Fault
		if err := scan(&f.Seq, &f.EventID); err != nil {
			return struct{}{}, err
		}
		f.Kind, f.Says = ledger.Edited, "the instant at which it was taken is not in the hour whose tree holds it"
		return struct{}{}, &f
	}, outOfHour, string(project))
	if err != nil {
		return s.wrap(err, "verify the hours of project %s", project)
	}
	rows, err := list(ctx, s.read, func(scan func(...any) error) (r caseRow, err error) {
		return r, scan(&r.id, &r.rev, &r.state, &r.public, &r.erased)
	}, listCaseRows, string(project))
	if err != nil {
		return s.wrap(err, "list the cases of project %s", project)
	}
	for _, r := range rows {
		if err := s.verifyCase(ctx, p, r); err != nil {
			return s.wrap(err, "verify case %s", r.id)
		}
	}
	return nil
}

// caseRow is what of a case lies in clear.
type caseRow struct {
	id     cvd.CaseID
	rev    int64
	state  string
	public bool
	erased int64
}

func (s *Store) verifyCase(ctx context.Context, p *project, r caseRow) error {
	events, err := s.Events(ctx, p.ID, r.id)
	if err != nil {
		return err
	}
	var c cvd.Case
	for _, e := range events {
		c = cvd.Fold(c, e)
	}
	differs := func(format string, args ...any) error {
		f := &ledger.Fault{Kind: ledger.Edited, Says: fmt.Sprintf("case %s: ", r.id) + fmt.Sprintf(format, args...)}
		if len(events) > 0 {
			f.EventID = string(events[len(events)-1].ID)
		}
		return f
	}
	if r.rev != c.Rev || r.state != c.Headline() || r.public != c.Public {
		return differs("revision %d, state %q, public %v are kept, and its events make revision %d, state %q, public %v",
			r.rev, r.state, r.public, c.Rev, c.Headline(), c.Public)
	}
	if x := c.Erased; x == nil && r.erased != 0 || x != nil && r.erased != x.At.UnixMicro() {
		return differs("its events do not say that it was erased when its row does")
	}
	kept, err := s.fold(ctx, p, r.id, r.rev)
	if err != nil {
		return differs("what is kept of it does not open: %v", err)
	}
	want, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("write case %s: %w", r.id, err)
	}
	got, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("write case %s: %w", r.id, err)
	}
	if !bytes.Equal(want, got) {
		return differs("what is kept of it is not what its events make")
	}
	return s.verifyClocks(ctx, p.ID, c, differs)
}

// verifyClocks asks that the rows which ring are those of the fold, no more and no fewer.
func (s *Store) verifyClocks(ctx context.Context, project cvd.ProjectID, c cvd.Case, differs func(string, ...any) error) error {
	count := func(statement string, args ...any) (n int, err error) {
		return n, s.read.QueryRowContext(ctx, statement, args...).Scan(&n)
	}
	want := 0
	for _, k := range c.Clocks {
		if !k.Open() || !k.Breached.IsZero() || k.Due.IsZero() {
			continue
		}
		want++
		n, err := count(countClocks, string(project), string(c.ID), k.Name, string(k.Kind), k.Due.UnixMicro())
		if err != nil {
			return err
		}
		if n != 1 {
			return differs("the clock %s does not ring at %s", k.Key(), cvd.Instant(k.Due))
		}
	}
	n, err := count(allClocks, string(project), string(c.ID))
	if err == nil && n != want {
		err = differs("%d clocks ring, and its events leave %d", n, want)
	}
	return err
}
