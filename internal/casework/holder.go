package casework

import (
	"context"
	"fmt"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/ledger"
	"github.com/tipstaff/tipstaff/internal/seal"
)

// Holder is the actor that a return code or an invitation's code makes its holder. A wrong code and an absent case are the
// same answer, at the same cost. Whoever's report or case went into another one is led there.
func (w *Casework) Holder(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, secret string) (cvd.Actor, error) {
	return w.HolderOf(ctx, project, id, seal.HashSecret(string(project), string(id), seal.NormalSecret(secret)))
}

// HolderOf is Holder by what is kept of the code.
func (w *Casework) HolderOf(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, hash []byte) (cvd.Actor, error) {
	nobody := cvd.Errorf(cvd.NotFound, "no report answers to this code: check it, or ask the project")
	if _, err := w.project(project); err != nil {
		return cvd.Actor{}, nobody
	}
	c, err := w.store.Case(ctx, project, id)
	if err != nil && cvd.KindOf(err) != cvd.NotFound {
		return cvd.Actor{}, err
	}
	who, next, err := w.heldIn(c, hash)
	for err == nil && next.Case != "" {
		if next.Project == "" {
			next.Project = c.Project
		}
		if c, err = w.store.Case(ctx, next.Project, next.Case); err != nil {
			break // it is not there yet
		}
		var there cvd.Actor
		if there, next, err = w.heldIn(c, hash); there.ID != "" {
			who = there
		}
	}
	if err != nil && cvd.KindOf(err) != cvd.NotFound {
		return cvd.Actor{}, err
	}
	if who.ID == "" && next.Case != "" { // the code is right
		return cvd.Actor{}, &cvd.Error{Kind: cvd.Unavailable, Says: "your report is on its way into another case: try again in a few seconds", After: 5 * time.Second}
	}
	if who.ID == "" {
		return cvd.Actor{}, w.movedOn(ctx, project, id, hash, nobody)
	}
	if who.Case != id {
		who.Came = id
	}
	return who, nil
}

// movedOn is the answer to the code of an invitation whose case moved to another project, where nobody is invited along; to
// every other code it is that of a wrong one.
func (w *Casework) movedOn(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, hash []byte, nobody error) error {
	c, err := w.store.Case(ctx, project, id)
	if err != nil || c.Erased == nil {
		return nobody
	}
	found := false
	for _, g := range c.Erased.Guests {
		found = seal.SameSecret(hash, g) || found
	}
	there, err := w.project(c.Combined.Project)
	if !found || err != nil {
		return nobody
	}
	return cvd.Errorf(cvd.Refused, "the case went to the project %s at %s, and your code opens it no more: who takes part is invited anew there. What you agreed to about the embargo still binds you",
		there.inForce().Document.Title, cvd.Instant(c.Erased.At))
}

// heldIn is whom a code makes its holder in one case, and the case where to look on, if there is one.
func (w *Casework) heldIn(c cvd.Case, hash []byte) (who cvd.Actor, next cvd.Pointer, err error) {
	for _, r := range c.Reports {
		if seal.SameSecret(hash, r.Code) && who.ID == "" {
			if next = r.Left; next.Case == "" { // it may have left once and have come back
				who = cvd.Actor{Project: c.Project, ID: cvd.ActorID(fmt.Sprintf("reporter:%d", r.Number)), Name: "the reporter",
					Standing: cvd.Finder, Case: c.ID, Report: r.Number, Can: []cvd.Capability{"message", "propose", "accept", "reject", "claim", "nudge", "credit", "nominate", "agree", "payout"}}
			}
		}
	}
	for _, g := range c.Parties {
		if seal.SameSecret(hash, g.Code) && c.Admits(g, w.Now()) {
			p, err := w.project(c.Project)
			if err != nil {
				return cvd.Actor{}, next, err
			}
			who = cvd.Actor{Project: c.Project, ID: g.ID, Name: g.Name, Standing: cvd.Guest, Case: c.ID, Roles: g.Roles,
				Can: p.inForce().CanInvited(c, g, w.Now())}
		}
	}
	if (who.ID != "" || c.Erased != nil) && c.Combined.Case != "" {
		next = c.Combined
	}
	return who, next, nil
}

// ReceiptOf is the receipt of the report that a return code belongs to: a promise at first, a proof from the next epoch on. A
// report that came from another case has that one's.
func (w *Casework) ReceiptOf(ctx context.Context, who cvd.Actor, id cvd.CaseID) (ledger.Receipt, error) {
	a, err := w.open(ctx, who, About{Case: id})
	if err != nil {
		return ledger.Receipt{}, err
	}
	number := who.Report
	if number == 0 && who.Standing == cvd.Member {
		number = 1
	}
	if number < 1 || number > len(a.c.Reports) {
		return ledger.Receipt{}, absent(cvd.NotFound)
	}
	return w.receiptOf(ctx, a.c, number)
}

// receiptOf is the receipt of a report of a case.
func (w *Casework) receiptOf(ctx context.Context, c cvd.Case, number int) (ledger.Receipt, error) {
	at := c.ID
	if came := c.Reports[number-1].Came; len(came) > 0 {
		at, number = came[0].Case, came[0].Report
	}
	events, err := w.events(ctx, c.Project, at)
	if err != nil {
		return ledger.Receipt{}, err
	}
	if proof := provenBy(events, number); proof != nil {
		return w.elsewhere(ctx, events[0].What.TakenOver.From, proof)
	}
	event := cvd.ReceivedAs(events, number)
	if event == "" {
		return ledger.Receipt{}, absent(cvd.NotFound)
	}
	return w.store.Receipt(ctx, c.Project, at, event)
}

// provenBy is the receipt that a case was taken over with, for one of its reports.
func provenBy(events []cvd.Event, number int) []byte {
	if len(events) == 0 || events[0].What.TakenOver == nil {
		return nil
	}
	return events[0].What.TakenOver.Proofs[number]
}

// elsewhere is a receipt that another log gave. If that log is one of this installation, the proof is added once its hour is
// closed; another installation gives it to whoever holds the receipt.
func (w *Casework) elsewhere(ctx context.Context, from cvd.Pointer, text []byte) (ledger.Receipt, error) {
	r, err := ledger.ParseReceipt(text)
	if err != nil || from.Site != "" || r.Proof != nil {
		return r, err
	}
	return w.store.Prove(ctx, from.Project, r)
}
