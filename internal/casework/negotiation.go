package casework

import (
	"context"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Negotiation is where the embargo of a case stands, for the team: what holds, what is proposed with what would follow from an
// answer, and who has said what.
type Negotiation struct {
	View      cvd.View
	Signers   []Signer
	Proposals []ProposalThen // those that are open, in the order in which they are answered
	Shortest  bool           // the shortest is answered first
	Asks      bool           // a proposal of one who takes part revises nothing before the team takes it up
	Latest    time.Time      // the last instant that can be agreed on; zero: there is none
	First     time.Time      // the first one that can be, if it is proposed now; zero: there is none
}

// Signer is one whose consent the embargo asks for.
type Signer struct {
	ID       cvd.ActorID
	Consent  cvd.PEC
	AnswerBy time.Time
	Zone     string
}

// ProposalThen is an open proposal, and what would follow from the team's answer.
type ProposalThen struct {
	cvd.Proposal
	Accept, Reject Then
}

// Then is what would follow from a step of the negotiation. Nothing happens by it.
type Then struct {
	Blocked []cvd.Objection
	Embargo cvd.Embargo
	Asked   []cvd.ActorID // who would have to agree anew, and reads nothing of the case until then
	Bound   []cvd.ActorID
	Open    []int // the proposals that would stay open
	By      time.Time
}

// Negotiation works it out.
func (w *Casework) Negotiation(ctx context.Context, who cvd.Actor, id cvd.CaseID) (Negotiation, error) {
	a, err := w.bargaining(ctx, who, id)
	if err != nil {
		return Negotiation{}, err
	}
	v, err := w.finish(ctx, a)
	if err != nil {
		return Negotiation{}, err
	}
	n := Negotiation{View: v, Shortest: a.p.ShortestWins(), Asks: !a.p.ParticipantsRevise(), Latest: a.p.Longest(a.c, a.now), First: a.p.Earliest(a.c, a.now)}
	n.Signers = a.signers(a.c)
	for _, p := range cvd.InOrder(a.c.Proposals) {
		x := ProposalThen{Proposal: p}
		x.Accept = a.then("accept", cvd.What{Accepting: &cvd.Accepting{Proposal: p.Number, Decides: true, Until: p.Until, AnswerBy: a.answerBy(time.Time{})}})
		rejecting := cvd.Rejecting{Proposal: p.Number, Because: "foreseen", Decides: true, Until: p.Until}
		if a.c.Embargo.State.InForce() && a.p.ShortestWins() && p.By != who.ID {
			rejecting.Dropped = longer(a.c, &p)
		}
		x.Reject = a.then("reject", cvd.What{Rejecting: &rejecting})
		n.Proposals = append(n.Proposals, x)
	}
	return n, nil
}

// ForeseeEmbargo works out what would follow if the team set or proposed an instant.
func (w *Casework) ForeseeEmbargo(ctx context.Context, who cvd.Actor, id cvd.CaseID, step string, in cvd.Proposing) (Then, error) {
	a, err := w.bargaining(ctx, who, id)
	if err != nil {
		return Then{}, err
	}
	by := a.answerBy(in.AnswerBy)
	what := cvd.What{Proposing: &cvd.Proposing{Until: in.Until, Because: in.Because, AnswerBy: by}}
	if step == "embargo" {
		what = cvd.What{Embargoed: &cvd.Embargoed{Until: in.Until, Because: in.Because, AnswerBy: by}}
	}
	return a.then(step, what), nil
}

// bargaining opens a case for who negotiates for the project.
func (w *Casework) bargaining(ctx context.Context, who cvd.Actor, id cvd.CaseID) (*asking, error) {
	a, err := w.forTeam(ctx, who, id)
	if err != nil {
		return nil, err
	}
	a.c = a.c.At(a.now)
	return a, nil
}

// then is what would follow from a step.
func (a *asking) then(step string, what cvd.What) Then {
	t := Then{Blocked: a.p.Weigh(a.ask(step, what))}
	if len(t.Blocked) > 0 {
		return t
	}
	after := a.after(what).c
	t.Embargo = after.Embargo
	for _, s := range a.signers(after) {
		switch s.Consent {
		case cvd.Signatory:
			t.Bound = append(t.Bound, s.ID)
		case cvd.Invited, cvd.Lapsed:
			t.Asked = append(t.Asked, s.ID)
			if s.AnswerBy.After(t.By) {
				t.By = s.AnswerBy
			}
		}
	}
	for _, p := range cvd.InOrder(after.Proposals) {
		t.Open = append(t.Open, p.Number)
	}
	return t
}

// signers are those whose consent an embargo asks for, as they stand.
func (a *asking) signers(c cvd.Case) (all []Signer) {
	add := func(id cvd.ActorID, by time.Time, zone string) {
		if consent, asked := c.ConsentOf(id, a.now); asked {
			all = append(all, Signer{ID: id, Consent: consent, AnswerBy: by, Zone: zone})
		}
	}
	for _, r := range c.Reports {
		add(cvd.ReporterID(r.Number), r.AnswerBy, "")
	}
	for _, p := range c.Parties {
		add(p.ID, p.AnswerBy, p.Zone)
	}
	return all
}
