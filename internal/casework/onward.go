package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Who took part in a case that goes on in another project, or at another installation, is dropped there and led nowhere by itself.
// They hear that it went on, until when they are bound all the same, and where they may be asked anew.

// toOnward is EVENT.onward.ID: whoever bore that id in a case of another project hears that it went on here. It is a letter of the
// case that arrived, since where it was nothing is kept, addresses neither.
const toOnward = "onward"

// ledOn are the parties of a case that was taken over from another project who hear of it.
func ledOn(e cvd.Event) (all []cvd.Party) {
	x := e.What.TakenOver
	if x == nil || x.From.Site != "" {
		return nil
	}
	for _, p := range x.Brought.Parties {
		if p.Address != "" && p.Kind != "" && !p.InvitedAt.IsZero() && !p.Gone() && !p.Refused {
			all = append(all, p)
		}
	}
	return all
}

// passing is what somebody who took part is told of where a case went.
type passing struct {
	Case  cvd.CaseID // as they know it
	Of    string     // title of the project that had it
	Where string
	Opens string // what their code is good for now
	Until string // until when they are bound, in a sentence; empty: by nothing
	Ask   string // where they may be asked anew
}

// toOnward writes to one of them.
func (w *Casework) toOnward(ctx context.Context, a *asking, out *Outgoing, id cvd.ActorID) error {
	events, err := w.events(ctx, a.c.Project, a.c.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(events, func(e cvd.Event) bool { return e.ID == out.Delivery.Event })
	if i < 0 {
		return fmt.Errorf("letter %s: no such event", out.Letter.Job)
	}
	x, all := events[i].What.TakenOver, ledOn(events[i])
	i = slices.IndexFunc(all, func(p cvd.Party) bool { return p.ID == id })
	was, err := w.project(x.From.Project)
	if err != nil || i < 0 {
		return err
	}
	out.Letter.To = all[i].Address
	t := passing{Case: x.From.Case, Of: was.inForce().Document.Title, Where: "another project"}
	if all[i].Joined() { // who did not sign learns no name
		t.Where, t.Opens = "the project "+a.p.Document.Title, "Your code opens it no more."
		t.Until = signedUntil(&x.Brought, &all[i], a.now)
		t.Ask = "Whoever goes on with it there may ask you anew. To ask them: " + w.base + "/p/" + string(a.c.Project)
	}
	t.tell(out, &all[i])
	return nil
}

// handedOn writes to a party of a case that went to another installation.
func (w *Casework) handedOn(ctx context.Context, a *asking, out *Outgoing, p *cvd.Party) error {
	to, err := w.passage(ctx, a)
	if err != nil {
		return err
	}
	t := passing{Case: a.c.ID, Of: a.p.Document.Title, Where: "another installation", Opens: "Your code opens what there was, and nothing new.",
		Until: signedUntil(&a.c, p, a.now), Ask: "Whoever goes on with it there may ask you anew."}
	if to.URL != "" {
		t.Ask += " It goes on at " + to.URL
	}
	t.tell(out, p)
	return nil
}

// tell writes the letter: to who took part that the case went on, to who was asked that nobody waits any more.
func (t passing) tell(out *Outgoing, p *cvd.Party) {
	it := "Case " + string(t.Case) + " of " + t.Of + ", in which "
	if !p.Joined() {
		out.Letter.Subject = "[" + string(t.Case) + "] No answer is needed any more"
		out.Letter.Text = it + p.Name + " was asked to take part, went to " + t.Where + ". Nobody waits for an answer here; whoever goes on with it there asks anew.\n"
		return
	}
	out.Letter.Subject = "[" + string(t.Case) + "] The case goes on elsewhere"
	out.Letter.Text = it + "you took part, went to " + t.Where + ". " + t.Opens + "\n\n" + t.Until + t.Ask + "\n"
}

// signedUntil says until when somebody is bound by what they signed: the case is elsewhere, and the embargo holds.
func signedUntil(c *cvd.Case, p *cvd.Party, now time.Time) string {
	if !c.Embargo.State.InForce() || !p.Agreed.After(now) {
		return ""
	}
	return "What you agreed to still holds: you keep the embargo until " + instantFor(p.Agreed, p.Zone) + ".\n\n"
}
