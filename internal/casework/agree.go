package casework

import (
	"context"
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// Agree is a reporter's word on terms of the policy, each accepted or refused. It may be changed later; what was said before stays.
func (w *Casework) Agree(ctx context.Context, who cvd.Actor, about About, in cvd.AgreedTerms) (cvd.View, error) {
	return w.record(ctx, who, about, "agree", func(a *asking) (cvd.What, error) {
		x := in
		if all := a.p.CheckTerms(in.Accepted, in.Refused); len(all) > 0 {
			return cvd.What{}, all[0]
		}
		if len(in.Accepted)+len(in.Refused) == 0 {
			return cvd.What{}, cvd.Fieldf("/accepted", "name the terms that you accept, or refuse")
		}
		x.Report = who.Report
		x.Bargain = a.p.Bargain(policy.Answered(a.c.Agreements, x.Report, in.Accepted, in.Refused), x.Report)
		if x.Report >= 1 && x.Report <= len(a.c.Reports) { // else the policy says whose step it is
			x.Begins, x.AnswerBy = a.begins(x.Bargain, a.c, a.c.Reports[x.Report-1].Deadline)
		}
		return cvd.What{AgreedTerms: &x}, nil
	})
}

// begins is the embargo that begins once a reporter has accepted every term: what the policy offers against their own deadline.
func (a *asking) begins(b cvd.Bargain, c cvd.Case, deadline time.Time) (cvd.Beginning, time.Time) {
	if b != cvd.TermsAccepted {
		return cvd.Beginning{}, time.Time{}
	}
	begins := a.p.Offered(c, deadline, a.now)
	if begins.Until.IsZero() {
		return cvd.Beginning{}, time.Time{}
	}
	return begins, a.p.AnswerBy(c, time.Time{}, a.now)
}

// received is the event of a first report, with the embargo that begins with it.
func (a *asking) received(r cvd.Report, track, kind string) *cvd.Received {
	x := &cvd.Received{Report: r, Track: track, Kind: kind}
	known := cvd.Fold(a.c, cvd.Event{Project: a.c.Project, Case: a.c.ID, Rev: 1, At: a.now, Policy: a.p.Version, What: cvd.What{Received: x}})
	x.Begins, x.AnswerBy = a.begins(r.Bargain, known, r.Deadline)
	return x
}

// bargain works out how the reporter of a new report stands to the terms, and takes their deadline, which must lie ahead.
func (a *asking) bargain(r *cvd.Report, number int) error {
	r.Bargain = a.p.Bargain(policy.Answered(nil, number, r.Accepted, r.Refused), number)
	if r.Deadline.IsZero() {
		return nil
	}
	r.Deadline = r.Deadline.UTC().Truncate(time.Microsecond)
	if !r.Deadline.After(a.now) {
		return cvd.Fieldf("/deadline", "%s is past: give an instant that lies ahead, or leave it out", cvd.Instant(r.Deadline))
	}
	return nil
}

// foresees adds what lies ahead, and what was asked of the reporter: each reads what is theirs.
func (a *asking) foresees(v *cvd.View) {
	v.Plan, v.Window = a.p.Plan(a.c, a.now), a.p.Window(a.c, a.now)
	if v.Tier < cvd.ForTeam { // what a reporter set, and what the team plans, is between them and the team
		v.Plan = slices.DeleteFunc(v.Plan, func(x cvd.Planned) bool {
			return x.Report != 0 && x.Report != a.who.Report || x.Kind == "planned" || x.Kind == "unplanned"
		})
	}
	if v.Tier != cvd.ForGuest {
		v.Confidence, _ = a.p.Confidence(a.c, a.now)
		for _, t := range a.p.Document.Terms {
			v.Terms = append(v.Terms, cvd.Term{Name: t.Name, Says: t.Says})
		}
	}
	a.opens(v)
}

// opens says whether one who takes part may propose another instant, from when on and up to which.
func (a *asking) opens(v *cvd.View) {
	if a.partakes() && len(a.p.Weigh(a.ask("propose", cvd.What{}))) == 0 {
		v.Window.Open, v.Window.Latest, v.Window.First = true, a.p.Longest(a.c, a.now), a.p.Earliest(a.c, a.now)
	}
}

// silence is the request not to speak in public, while it holds: it ends with its mark, or at its last instant.
func (a *asking) silence() string {
	if x, ok := a.p.Confidence(a.c, a.now); ok && !x.Over.IsZero() {
		return ""
	}
	return a.p.Silence(a.c)
}

// RecordBreach records that a reporter or a party did not keep a term of the policy, or the embargo. Only the team reads it.
func (w *Casework) RecordBreach(ctx context.Context, who cvd.Actor, about About, in cvd.TermBreached) (cvd.View, error) {
	return w.record(ctx, who, about, "record_breach", func(a *asking) (cvd.What, error) {
		terms := []string{"embargo"}
		for _, t := range a.p.Document.Terms {
			terms = append(terms, t.Name)
		}
		switch {
		case (in.Report == 0) == (in.Party == ""):
			return cvd.What{}, cvd.Fieldf("/report", "say who it was: the reporter of a report by its number, or a party by its id")
		case in.Report < 0 || in.Report > len(a.c.Reports):
			return cvd.What{}, cvd.Fieldf("/report", "the case has %d reports", len(a.c.Reports))
		case in.Party != "" && !slices.ContainsFunc(a.c.Parties, func(p cvd.Party) bool { return p.ID == in.Party }):
			return cvd.What{}, cvd.Fieldf("/party", "no such party takes part in this case")
		}
		return cvd.What{TermBreached: &in}, first(oneOf("/term", in.Term, terms...), require("/evidence", in.Evidence, "say what shows it"))
	})
}
