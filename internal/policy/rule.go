package policy

import (
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// rules asks what a policy says elsewhere than under its steps: notices, advisory, disclosure, bounty, second looks.
func (w *weighing) rules() {
	switch w.Step {
	case "notify":
		w.notice()
		w.announcing()
		w.movesAlong()
	case "review":
		w.review()
	case "approve":
		w.secondPerson("advisory")
		w.turn()
		w.advisory()
	case "disclose":
		if w.policy.Document.Disclosure.Never {
			w.object("disclosure.never", time.Time{}, "this project publishes nothing about a report")
		}
		w.advisory()
	case "reward":
		w.bounty()
	case "bounty_approve":
		if o := w.Case.Bounty.Offer; o != nil && o.By == w.Who.ID {
			w.alone("bounty", o.At, "you proposed this bounty yourself")
		}
	case "bounty_pay":
		w.bounty()
	case "close":
		w.unplanned()
		w.owed()
	case "explain":
		w.details()
	case "waive":
		w.waiver()
	case "slip":
		w.slip()
	case "erase":
		w.erasure()
	case "comment", "moderate":
		w.discussion()
	case "propose":
		w.proposal()
	case "nudge":
		w.nudging()
	case "triage":
		w.decider()
	case "extend":
		w.extension()
	case "remedy":
		w.content()
	case "correct":
		w.content()
		w.movesAlong()
	case "patch":
		w.wording()
	}
	if w.Step == "release" || w.Step == "disclose" {
		w.schedule()
	}
}

// notice asks for the notice's own requirements. Where no notice is named, it asks whether any can go out, and says what
// stands in the way of the first that has not.
func (w *weighing) notice() {
	if w.What.Notified != nil {
		if n, ok := w.policy.noticeNamed(w.What.Notified.Notice); ok { // else Compose says which there are
			w.weighNotice(n)
		}
		return
	}
	before, first := w.found, []cvd.Objection(nil)
	for _, n := range w.policy.Document.Notices {
		if w.found = before; !concerns(n.Tracks, w.Case.Track) || !markedAt(&w.Case, cvd.MarkNotified+n.Name).IsZero() {
			continue
		}
		w.weighNotice(n)
		if len(w.found) == len(before) {
			return
		}
		if first == nil {
			first = slices.Clone(w.found)
		}
	}
	w.facts.Notice = ""
	if first != nil {
		w.found = first
	}
}

func (w *weighing) weighNotice(n Notice) {
	w.facts.Notice = n.Name
	clause := "notices." + n.Name
	if !concerns(n.Tracks, w.Case.Track) {
		w.object(clause+".tracks", time.Time{}, "this notice is for the track %s", strings.Join(n.Tracks, " or "))
	}
	if n.Before && reached(w.Case, cvd.MarkReleased, w.Now) {
		w.object(clause+".before_release", time.Time{}, "this notice says that a release is coming, and it is out already")
	}
	w.requirements(clause, n.Requires)
	w.content()
}

func (p *Policy) noticeNamed(name string) (Notice, bool) {
	i := slices.IndexFunc(p.Document.Notices, func(n Notice) bool { return n.Name == name })
	if i < 0 {
		return Notice{}, false
	}
	return p.Document.Notices[i], true
}

// advisory asks whether the current edition says what the policy wants, and no more than it allows.
func (w *weighing) advisory() {
	now := w.Case.Advisory.Latest()
	if now == nil {
		w.object("", time.Time{}, "there is no edition of the advisory yet")
		return
	}
	if missing := missingParts(w.policy.Document.Advisory.Parts, &w.Case, now.Text); len(missing) > 0 {
		w.object("advisory.parts", time.Time{}, "the advisory does not say yet: %s", strings.Join(missing, ", "))
	}
	if w.policy.Document.Disclosure.Exploit == "with_disclosure" {
		return
	}
	for _, s := range w.Case.Sections {
		if s.Name != "exploit" {
			continue
		}
		if said := repeats(advisoryWords(now.Text), s.Text); said != "" {
			w.object("disclosure.exploit", time.Time{}, "the advisory repeats the exploit analysis: “%s”", said)
		}
	}
}

// missingParts are the parts that an advisory must have and does not.
func missingParts(parts []string, c *cvd.Case, t cvd.AdvisoryText) []string {
	affected := len(t.Affected) > 0 || slices.ContainsFunc(c.Lines, func(l cvd.Line) bool { return strings.TrimSpace(l.Affected) != "" })
	wished := slices.ContainsFunc(c.Reports, func(r cvd.Report) bool { return r.Credit != "" })
	there := map[string]bool{"description": filled(t.Summary), "impact": filled(t.Impact), "affected": affected,
		"resolution": filled(t.Resolution), "mitigation": filled(t.Mitigation),
		"credit": len(c.Credits) > 0 || !wished} // nobody is named who did not ask for it
	return slices.DeleteFunc(slices.Clone(parts), func(part string) bool { return there[part] })
}

func filled(text string) bool { return strings.TrimSpace(text) != "" }

// bounty asks whether money may go out: not before the community was told.
func (w *weighing) bounty() {
	if w.What.Rewarded != nil && !w.What.Rewarded.Paid {
		return // that none is due may be said at any time
	}
	b := w.policy.Document.Bounty
	switch {
	case b == nil:
		if w.What.Rewarded != nil {
			w.object("", time.Time{}, "this project pays no bounties")
		}
	case !reached(w.Case, b.After, w.Now):
		w.object("bounty.after", time.Time{}, "a bounty is paid after %s", markWords(b.After))
	}
}

// details asks whether the post says what the policy promises of it.
func (w *weighing) details() {
	d := w.policy.Document.Disclosure.Details
	if d == nil || w.What.Explained == nil {
		return
	}
	says := map[string]string{"vulnerability": w.What.Explained.Vulnerability, "response": w.What.Explained.Response}
	for _, section := range d.Sections {
		if text, known := says[section]; known && !filled(text) {
			w.object("disclosure.details", time.Time{}, "the post says nothing about: %s", section)
		}
	}
}

// waiver asks for a second person, or for a second look where one person is the whole team.
func (w *weighing) waiver() {
	x := w.What.Waiving
	if x == nil {
		return
	}
	if !w.policy.Has(x.Clause) {
		w.object("", time.Time{}, "the policy has no clause %q", x.Clause)
	}
	i := slices.IndexFunc(w.Case.Waivers, func(v cvd.Waiver) bool { return v.Clause == x.Clause && !v.Effective() })
	if i >= 0 && w.Case.Waivers[i].By == w.Who.ID {
		w.alone("", w.Case.Waivers[i].At, "you asked for this yourself")
	}
}

// Details are the sections of the later post that the policy promises, and when it is due; nothing if it promises none or the
// time has not begun.
func (p *Policy) Details(c cvd.Case) (sections []string, due time.Time) {
	d := p.Document.Disclosure.Details
	if d == nil {
		return nil, time.Time{}
	}
	if from := markedAt(&c, d.From); !from.IsZero() {
		due = d.After.Add(from)
	}
	return d.Sections, due
}

// Eligible are the release lines that the policy promises fixes for.
func (p *Policy) Eligible() (all []cvd.LineName) {
	for _, x := range p.Document.Products {
		for _, l := range x.Lines {
			if l.Eligible {
				all = append(all, cvd.LineName{Product: x.Name, Line: l.Name})
			}
		}
	}
	return all
}

// LineOf is a release line of the policy's products.
func (p *Policy) LineOf(product, line string) (Line, bool) {
	for _, x := range p.Document.Products {
		for _, l := range x.Lines {
			if x.Name == product && l.Name == line {
				return l, true
			}
		}
	}
	return Line{}, false
}

// unplanned asks, where a private matter that was real is closed without a publication, for the recorded reason.
func (w *weighing) unplanned() {
	c := &w.Case
	private := !c.Public && !c.CS.Public && c.Sensitive != nil && *c.Sensitive
	elsewhere := w.What.Ended != nil && w.What.Ended.HandsOver()
	if rm := c.RM(); !private || elsewhere || rm != cvd.Accepted && rm != cvd.Deferred || !c.Disclosure.At.IsZero() {
		return
	}
	if c.Ahead.SaidAt.IsZero() || !c.Ahead.At.IsZero() {
		w.object("", time.Time{}, "nothing of this matter was published: record why not first, by the step plan without an instant")
	}
}

// owed asks, at the end of what was grave enough for an advisory and has its fix out, for the advisory.
func (w *weighing) owed() {
	c, d := &w.Case, &w.policy.Document
	if !w.policy.atLeast(c.Severity.Class, d.Advisory.From) || d.Disclosure.Never || !reached(*c, cvd.MarkReleased, w.Now) || !c.Disclosure.At.IsZero() {
		return
	}
	w.object("advisory.from", time.Time{}, "what is %s or graver gets an advisory, and none is published", lower(d.titleOf("class", d.Advisory.From)))
}
