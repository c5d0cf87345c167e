package casework

import (
	"context"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Propose is a wish for the end of the embargo, of a reporter, a party or the team: the first, another one instead, or while an
// embargo holds a revision of it: the team's brings it under revision, who takes part asks for one, unless the policy lets who
// signed it begin that themselves. An instant has a zone, or whoever reads it elsewhere would publish hours too soon.
func (w *Casework) Propose(ctx context.Context, who cvd.Actor, about About, in cvd.Proposing) (cvd.View, error) {
	return w.record(ctx, who, about, "propose", func(a *asking) (cvd.What, error) {
		if in.Until.IsZero() {
			return cvd.What{}, cvd.Fieldf("/until", "write the exact instant, with its zone: 2026-12-01T16:00:00Z")
		}
		p := in
		p.Until, p.AnswerBy = in.Until.UTC().Truncate(time.Microsecond), a.p.AnswerBy(a.c, in.AnswerBy.UTC(), a.now)
		p.Report, p.Party = 0, ""
		consent, _ := a.c.ConsentOf(who.ID, a.now)
		p.Asks = a.partakes() && a.c.At(a.now).Embargo.State.InForce() && (consent != cvd.Signatory || !a.p.ParticipantsRevise())
		switch who.Standing {
		case cvd.Finder:
			p.Report = who.Report
		case cvd.Guest:
			p.Party = who.ID
		}
		return cvd.What{Proposing: &p}, first(readable("/because", in.Because), readable("/terms", in.Terms))
	})
}

// partakes says whether somebody takes part in the embargo without deciding about it.
func (a *asking) partakes() bool {
	return a.who.Standing == cvd.Finder || a.who.Standing == cvd.Guest
}

// proposal is the number within the case of the proposal that the asker names; those who take part count what they see of them.
// Without a number, none is found.
func (a *asking) proposal(number int) (int, error) {
	if number == 0 {
		return 0, nil
	}
	n, seen := number, a.c.Proposals
	if a.partakes() {
		n, seen = 0, a.c.Negotiation(a.who)
		if number > 0 && number <= len(seen) {
			n = a.c.Negotiated(a.who)[number-1]
		}
	}
	if number < 1 || number > len(seen) {
		return 0, cvd.Fieldf("/proposal", "there is no proposal %d", number)
	}
	return n, nil
}
