package policy

import (
	"slices"
	"strconv"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Bargain is how a reporter stands to all terms of the policy: accepted if each was, refused if one was not. A policy without
// terms asks for nothing, and nobody stands to it in any way.
func (p *Policy) Bargain(all []cvd.Agreement, report int) cvd.Bargain {
	open := 0
	for _, t := range p.Document.Terms {
		switch said, ok := cvd.AgreementOn(all, report, t.Name); {
		case !ok:
			open++
		case !said.Accepted:
			return cvd.TermsRefused
		}
	}
	if open > 0 || len(p.Document.Terms) == 0 {
		return cvd.Unanswered
	}
	return cvd.TermsAccepted
}

// Answered is a list of agreements with those of an answer to terms behind it.
func Answered(all []cvd.Agreement, report int, accepted, refused []string) []cvd.Agreement {
	all = slices.Clip(all)
	for _, name := range accepted {
		all = append(all, cvd.Agreement{Report: report, Term: name, Accepted: true})
	}
	for _, name := range refused {
		all = append(all, cvd.Agreement{Report: report, Term: name})
	}
	return all
}

// CheckTerms says what is wrong with an answer to terms, or nil: each must be one of the policy, and be answered once.
func (p *Policy) CheckTerms(accepted, refused []string) []*cvd.Error {
	var all problems
	for i, name := range accepted {
		if all.term(p, "/accepted/"+strconv.Itoa(i), name, "accept"); slices.Contains(refused, name) {
			all.say("/accepted/"+strconv.Itoa(i), "the term %q is both accepted and refused: say one", name)
		}
	}
	for i, name := range refused {
		all.term(p, "/refused/"+strconv.Itoa(i), name, "refuse")
	}
	return all
}

func (all *problems) term(p *Policy, field, name, verb string) {
	if !slices.ContainsFunc(p.Document.Terms, func(t Term) bool { return t.Name == name }) {
		all.say(field, "there is no term %q to %s", name, verb)
	}
}

// Confidence is that of a case; ok is false where nothing is asked.
func (p *Policy) Confidence(c cvd.Case, now time.Time) (x cvd.Confidence, ok bool) {
	s := p.Document.Silence
	if !concerns(s.Tracks, c.Track) || c.OpenedAt.IsZero() {
		return cvd.Confidence{}, false
	}
	x.Mark, x.Until = markWords(s.Until), s.backstop(&c)
	if at := markedAt(&c, s.Until); !at.IsZero() && !at.After(now) {
		x.Over = at
	}
	if !x.Until.IsZero() && !now.Before(x.Until) && (x.Over.IsZero() || x.Until.Before(x.Over)) {
		x.Over = x.Until
	}
	return x, true
}

// backstop is the last instant of the silence that is asked for; zero if the policy knows none.
func (s Silence) backstop(c *cvd.Case) time.Time {
	if s.Backstop.Zero() || c.OpenedAt.IsZero() {
		return time.Time{}
	}
	return s.Backstop.Add(c.Current().At)
}

// planDeadlines adds when reporters make the matter public whatever happens, and where a planned publication comes too late for it.
func planDeadlines(plan []cvd.Planned, c cvd.Case, now time.Time) []cvd.Planned {
	if c.CS.Public || !c.Disclosure.At.IsZero() {
		return plan
	}
	planned := c.Ahead.At
	switch {
	case planned.After(now) && !c.Disclosure.Armed():
		plan = append(plan, cvd.Planned{At: planned, What: "The publication, as it is planned", Kind: "planned"})
	case c.Unplanned():
		plan = append(plan, cvd.Planned{What: "Nothing says when this becomes public, or why not", Kind: "unplanned"})
	}
	for _, r := range c.Reports {
		if r.Deadline.IsZero() {
			continue
		}
		plan = append(plan, cvd.Planned{At: r.Deadline, What: "The deadline that the reporter set", Kind: "deadline", Report: r.Number})
		say := func(what string) {
			plan = append(plan, cvd.Planned{At: r.Deadline, What: what, Kind: "conflict", Report: r.Number})
		}
		switch {
		case !r.Deadline.After(now):
			say("The deadline that the reporter set has passed: the matter may be public at any moment")
		case c.Disclosure.Armed() && c.Disclosure.Due.After(r.Deadline):
			say("The publication is set for " + cvd.Instant(c.Disclosure.Due) + ", and the reporter speaks before it")
		case planned.After(r.Deadline):
			say("The publication is planned for " + cvd.Instant(planned) + ", and the reporter speaks before it")
		case c.Embargo.Binds(now) && c.Embargo.Until.After(r.Deadline):
			say("The embargo lasts until " + cvd.Instant(c.Embargo.Until) + ", and the reporter speaks before it")
		}
	}
	return plan
}
