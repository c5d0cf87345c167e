package policy

import (
	"fmt"
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// The steps of whoever was asked to take part: to answer, to speak about the embargo, and to go; and what is left of them to those
// who declined and may still come back.
var (
	invitees  = []string{"answer", "propose", "accept", "reject", "leave"}
	returners = []string{"answer", "accept", "leave"}
)

// invited are the steps of a party besides those of its roles. Who left, was removed or said no to its invitation has none: the
// embargo goes on without them, and they do not negotiate it.
func invited(c *cvd.Case, p *cvd.Party, now time.Time) []string {
	switch {
	case p.Gone() || p.Refused:
		return nil
	case !c.Outside(*p, now) && p.Joined(): // whether or not they signed the terms of today
		return append([]string{"claim"}, invitees...)
	case !c.Outside(*p, now):
		return invitees
	case c.Combined.Case != "": // they were not brought along
		return nil
	}
	return returners
}

// participants are the steps of whoever takes part in a case, besides those that the policy gives their roles.
var participants = []string{"standing", "message", "nominate", "claim"}

// guest says whether somebody who was invited to a case may take a step.
func (p *Policy) guest(a *Ask) bool {
	party := a.Case.Party(a.Who.ID)
	switch {
	case a.Who.Case != a.Case.ID || party == nil:
		return false
	case slices.Contains(invited(&a.Case, party, a.Now), a.Step):
		return true
	case !a.Case.Reads(a.Who.ID, a.Now):
		return false
	}
	return slices.Contains(participants, a.Step) || slices.ContainsFunc(a.Who.Roles, func(role string) bool {
		return slices.Contains(p.stepRule(a.Step).Guests, role)
	})
}

// CanInvited are the capabilities of somebody who was invited to a case: those of their roles once they may read it.
func (p *Policy) CanInvited(c cvd.Case, party cvd.Party, now time.Time) []cvd.Capability {
	var all []cvd.Capability
	for _, s := range invited(&c, &party, now) {
		all = append(all, cvd.Capability(s))
	}
	if !c.Reads(party.ID, now) {
		return all
	}
	for _, s := range participants {
		all = append(all, cvd.Capability(s))
	}
	all = append(all, p.Can(party.Roles)...)
	slices.Sort(all)
	return slices.Compact(all)
}

// TermNames are the terms that whoever takes part accepts or refuses, one by one.
func (p *Policy) TermNames() (all []string) {
	for _, t := range p.Document.Terms {
		all = append(all, t.Name)
	}
	return all
}

// answers are the clocks of those who are asked for something and do not answer, where an event moves them: of who was asked to take
// part, or has not read yet, and of the proposals. Each rings for all of its kind: at the next instant at which somebody is to be
// reminded, or the team told, and at the next at which silence refuses.
func (p *Policy) answers(after *cvd.Case, now time.Time) (moved []cvd.Clock) {
	if k, changed := waiting(after, cvd.AnswersClock, "invited", after.Chase(), now); changed {
		moved = append(moved, k)
	}
	if k, changed := waiting(after, cvd.SilenceClock, "proposed", after.Silence(), now); changed {
		moved = append(moved, k)
	}
	return moved
}

func waiting(after *cvd.Case, name, anchor string, next, now time.Time) (k cvd.Clock, changed bool) {
	i := slices.IndexFunc(after.Clocks, func(k cvd.Clock) bool { return k.Name == name })
	switch {
	case i < 0 && next.IsZero():
		return cvd.Clock{}, false
	case next.IsZero():
		if k = after.Clocks[i]; !k.Open() {
			return k, false
		}
		k.Replaced, k.Because = now, "nobody is waited for"
		return k, true
	case i >= 0 && after.Clocks[i].Open() && after.Clocks[i].Due.Equal(next) && after.Clocks[i].Breached.IsZero():
		return cvd.Clock{}, false
	}
	return cvd.Clock{Name: name, Kind: cvd.Warning, Clause: "embargo.answer", Anchor: anchor, From: now, Due: next}, true
}

// Doubt says what speaks against reaching somebody by a handle: its form, or that nobody has seen it answer for a year. It is
// "" where nothing does.
func Doubt(h cvd.Handle, now time.Time) string {
	form, known := handles[h.Service]
	switch {
	case h.Service == "discord" && legacyTag.MatchString(h.Is):
		return "a tag of the old form, a name with a number: nobody is found by it"
	case known && !form.matches.MatchString(h.Is):
		return fmt.Sprintf("no handle of %s: %s", h.Service, form.says)
	case h.Verified.IsZero():
		return "nobody has said when it was last seen to answer"
	case now.Sub(h.Verified) > freshHandle:
		return "last seen to answer on " + h.Verified.UTC().Format(time.DateOnly)
	}
	return ""
}
