package casework

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// toldParties are the kinds of event that parties hear of by mail: those of the embargo, of which also who declined hears, and
// the publication.
var toldParties = []string{"proposed", "embargoed", "embargo_ended", "armed", "disclosed", "joined"}

// partiesOf are the parties with an address that hear of an event.
func (a *asking) partiesOf(e cvd.Event) (all []cvd.ActorID) {
	for i := range a.c.Parties {
		p := &a.c.Parties[i]
		if p.Address == "" || p.Kind == "" || p.InvitedAt.IsZero() || p.ID == e.Who || !a.c.Admits(*p, a.now) {
			continue
		}
		x, tells := e.What, false
		switch {
		case x.Invitation != nil:
			tells = x.Invitation.ID == p.ID
		case x.Removed != nil:
			tells = x.Removed.Party == p.ID
		case x.Breached != nil && x.Breached.Clock == cvd.AnswersClock:
			tells = p.RemindedAt.Equal(e.At)
		case x.Messaged != nil && x.Messaged.Thread != 0:
			t := a.c.Thread(x.Messaged.Thread)
			tells = t != nil && slices.Contains(t.Parties, p.ID) && a.c.Reads(p.ID, a.now)
		case x.Observed != nil: // they hear that the embargo ended with it
			tells = a.c.Embargo.Ended.Equal(e.At) && p.InvitedAt.Before(e.At)
		case x.HandedOver != nil: // also who has not answered yet, and no longer can
			tells = !p.Gone() && !p.Refused
		default:
			tells = (decided(x) || slices.Contains(toldParties, x.Kind())) && p.InvitedAt.Before(e.At) && (!p.Gone() || x.Disclosed != nil)
		}
		if tells {
			all = append(all, p.ID)
		}
	}
	return all
}

// newEnd says whether an event gives the embargo its end: it was set, or what was proposed is agreed on.
func newEnd(e cvd.Event) bool {
	return e.What.Embargoed != nil || e.What.Accepting != nil && e.What.Accepting.Decides
}

// partyLetter is which letter the parties get about an event.
func partyLetter(e cvd.Event) string {
	if newEnd(e) {
		return toBound
	}
	return toParty
}

// toParty writes to a party: that it is asked to take part, and where to read the terms; that it is waited for; that the embargo has
// another end; or that there is news. Nothing else of the case stands in it but its id.
func (w *Casework) toParty(ctx context.Context, a *asking, out *Outgoing, what string, id cvd.ActorID) error {
	p := a.c.Party(id)
	if p == nil {
		return nil
	}
	out.Letter.To = p.Address
	title, page := a.p.Document.Title, w.base+"/p/"+string(a.c.Project)
	subject := "[" + string(a.c.ID) + "] "
	switch {
	case p.Removed:
		out.Letter.Subject = subject + "You no longer take part"
		out.Letter.Text = "You no longer take part in case " + string(a.c.ID) + " of " + title + ". What you agreed to about the embargo still holds.\n\n" +
			"The state of the embargo, with your code: " + page + "/status\n"
	case a.c.Combined.Site != "" && !p.Refused && !p.Gone():
		return w.handedOn(ctx, a, out, p)
	case p.Joined() || p.Refused || p.Gone():
		out.Letter.Subject = subject + "News from " + title
		out.Letter.Text = "There is news on case " + string(a.c.ID) + " of " + title + ".\n\nRead it with your code: " + page + "/status\n"
		ends := ""
		if what == toBound {
			ends = a.endFor(p)
		}
		switch {
		case ends != "":
			out.Letter.Text = ends + "\n\nRead it with your code: " + page + "/status\n"
		case p.Joined() && p.BriefedAt.IsZero() && p.RemindedAt.After(p.AnsweredAt) && a.c.Reads(p.ID, a.now):
			out.Letter.Text = "You accepted the terms of case " + string(a.c.ID) + " of " + title + ", and nobody has read it yet.\n\n" +
				"Read it with your code: " + page + "/status\n"
		}
	default:
		link, err := w.link(ctx, &a.c, p)
		if err != nil {
			return err
		}
		out.Letter.Subject = subject + title + " asks you to take part in a case"
		out.Letter.Text = title + " asks " + p.Name + " to take part in case " + string(a.c.ID) + ", as " + kindWords(p.Kind) + ".\n\n" +
			termsWords(len(a.p.Document.Terms), a.offered(), p.Zone) + "You see the case itself once you have accepted. You need no account.\n\n" +
			"Read the terms and answer by " + instantFor(p.AnswerBy, p.Zone) + ": " + page + "/invited/" + link + "\n"
	}
	return nil
}

// endFor tells a party until when the embargo is, and until when its answer is waited for, as its own page does; empty if it shows
// no end. What somebody is to keep from an instant on must not wait until they look: the end alone says nothing of the matter, and
// the letter of the invitation bears it too.
func (a *asking) endFor(p *cvd.Party) string {
	v, ok := cvd.Look(a.c, cvd.Actor{Project: a.c.Project, ID: p.ID, Standing: cvd.Guest, Case: a.c.ID}, a.now)
	if !ok || !v.Embargo.State.InForce() {
		return ""
	}
	says := "The embargo of case " + string(a.c.ID) + " of " + a.p.Document.Title + " holds until " + instantFor(v.Embargo.Until, p.Zone) + "."
	if v.Consent == cvd.Invited && p.Joined() && !p.AnswerBy.IsZero() {
		says += " You are asked whether you agree to it; an answer is waited for until " + instantFor(p.AnswerBy, p.Zone) + "."
	}
	return says
}

func termsWords(terms int, until time.Time, zone string) string {
	var says string
	switch terms {
	case 0:
	case 1:
		says = "There is one term to accept. "
	default:
		says = fmt.Sprintf("There are %d terms to accept. ", terms)
	}
	if !until.IsZero() {
		says += "An embargo holds until " + instantFor(until, zone) + ". "
	}
	return says
}

// kindWords says what somebody is asked to be.
func kindWords(k cvd.PartyKind) string {
	words := map[cvd.PartyKind]string{cvd.Vendor: "a vendor", cvd.Downstream: "a downstream project", cvd.Distributor: "a distributor",
		cvd.Validator: "a validator", cvd.Adviser: "an expert", cvd.Coordinator: "a coordinator", cvd.CSIRT: "a CSIRT"}
	return cmp.Or(words[k], "somebody whom it concerns")
}
