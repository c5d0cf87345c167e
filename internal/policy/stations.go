package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Station is one stop of a case's release train: what has to be done there, whether it is, and what is missing.
type Station struct {
	Name   string // "coming", "wait", "release"
	Title  string
	Clause string
	Step   string // the step that gets past it, "" if only time does
	Who    string // the roles that may take it
	State  StationState
	At     time.Time       // when it was passed
	Due    time.Time       // by when it is promised, or when a publication is set
	Late   bool            // that instant went by without it
	Opens  time.Time       // not before
	Lacks  []cvd.Objection // what stands in the way
	Says   []string        // how far it is
}

// StationState is how a station stands.
type StationState string

// The states of a station.
const (
	Passed  StationState = "passed"
	Here    StationState = "here"    // it can be done now
	Ahead   StationState = "ahead"   // something stands in the way
	Skipped StationState = "skipped" // two people, or the policy itself, let the case pass it by
)

// Stations are the release train of a case, in its order: the fix, the notice, the wait, the merge, the release, that it is seen,
// the second notice, the advisory, the bounty, the post, and what is looked at afterwards.
func (p *Policy) Stations(c cvd.Case, wholes Wholes, now time.Time) []Station {
	t := training{p: p, c: c, wholes: wholes, now: now}
	t.mark("fix", "The fix is ready", "remedy", cvd.MarkFixReady)
	t.notices(true)
	t.waits()
	t.merges()
	t.releases()
	t.notices(false)
	t.publication()
	t.after()
	return t.all
}

// training puts a train together.
type training struct {
	p      *Policy
	c      cvd.Case
	wholes Wholes
	now    time.Time
	all    []Station
}

// out says whether the releases are out.
func (t *training) out() bool { return !markedAt(&t.c, cvd.MarkReleased).IsZero() }

// lacks is what stands in the way of a step, whoever takes it.
func (t *training) lacks(step string, what cvd.What) []cvd.Objection {
	w := weighing{Ask: &Ask{Case: t.c, Step: step, What: what, Now: t.now, Wholes: t.wholes}, policy: t.p, facts: t.p.factsOf(t.c, t.now)}
	w.states()
	w.rules()
	w.requirements("steps."+step, t.p.stepRule(step).Requires)
	return w.found
}

// add puts a station behind the others. One that is not passed is here when nothing is missing.
func (t *training) add(s Station) {
	s.Who = strings.Join(t.p.whoMay(s.Step), ", ")
	switch {
	case s.State != "":
	case !s.At.IsZero():
		s.State = Passed
	case len(s.Lacks) > 0 || s.Opens.After(t.now):
		s.State = Ahead
	default:
		s.State = Here
	}
	if s.State == Passed || s.State == Skipped {
		s.Lacks = nil
	} else {
		s.Late = !s.Due.IsZero() && t.now.After(s.Due)
	}
	t.all = append(t.all, s)
}

// mark is a station that a mark passes.
func (t *training) mark(name, title, step, mark string) {
	s := Station{Name: name, Title: title, Clause: "steps." + step, Step: step, At: markedAt(&t.c, mark)}
	if s.At.IsZero() {
		s.Lacks = t.lacks(step, cvd.What{})
	}
	t.add(s)
}

// notices are those before the release, or those after it. A correction is no station: it stands with what it corrects.
func (t *training) notices(before bool) {
	for _, n := range t.p.Document.Notices {
		if n.Before != before || n.Corrects != "" || !concerns(n.Tracks, t.c.Track) {
			continue
		}
		s := Station{Name: n.Name, Title: n.Title, Clause: "notices." + n.Name, Step: "notify"}
		i := slices.IndexFunc(t.c.Notices, func(x cvd.Notice) bool { return x.Name == n.Name })
		if markedAt(&t.c, cvd.MarkNotified+n.Name).IsZero() { // what went out before the matter was taken up again is another train's
			i = -1
		}
		if i < 0 && before && t.out() {
			s.State, s.Says = Skipped, []string{"The release went out without it"}
		} else if i < 0 {
			s.Lacks = t.lacks("notify", cvd.What{Notified: &cvd.Notified{Notice: n.Name}})
			s.Says = []string{"To " + strings.Join(n.Audiences, ", ") + " by " + strings.Join(n.Channels, ", ")}
		} else {
			s.deliveries(t.c.Notices[i], t.c.OldOrders)
			if takenBack(&t.c, t.c.Notices[i]) {
				s.Says = append(s.Says, "It was withdrawn")
			}
		}
		if before && i >= 0 {
			for _, x := range t.c.Slips {
				s.Says = append(s.Says, "Moved from "+cvd.Instant(x.From)+" to "+cvd.Instant(x.To)+": "+x.Because)
			}
			if at, notice := t.p.Announced(t.c); notice == n.Name && !t.out() {
				s.Says = append(s.Says, "Announced for "+cvd.Instant(at))
			}
		}
		t.add(s)
	}
}

// deliveries says how far a notice has come.
func (s *Station) deliveries(n cvd.Notice, before []cvd.Notice) {
	says := "Ordered " + cvd.Instant(n.At)
	if i := slices.IndexFunc(before, func(o cvd.Notice) bool { return o.Name == n.Name }); i >= 0 {
		says = "Ordered again " + cvd.Instant(n.At) + ", because: " + n.Again + "; first order " + cvd.Instant(before[i].At)
	}
	s.Says = append(s.Says, says)
	for _, ch := range n.Channels {
		switch at, there := n.Delivered[ch]; {
		case there:
			s.Says = append(s.Says, ch+": "+cvd.Instant(at))
		case n.Failed[ch] != "":
			s.Lacks = append(s.Lacks, cvd.Objection{Clause: s.Clause, Says: ch + ": " + n.Failed[ch]})
		default:
			s.Lacks = append(s.Lacks, cvd.Objection{Clause: s.Clause, Says: ch + " has not delivered it yet"})
		}
	}
	if last, all := n.Everywhere(); all {
		s.At = last
	}
	s.Step = "deliver"
}

// waits are the times that have to pass before the release.
func (t *training) waits() {
	w := weighing{Ask: &Ask{Case: t.c, Now: t.now, Wholes: t.wholes}, policy: t.p, facts: t.p.factsOf(t.c, t.now)}
	for i := range t.p.stepRule("release").Requires {
		r := &t.p.stepRule("release").Requires[i]
		if r.Wait == nil || !t.p.holds(r.When, &w.facts, true) {
			continue
		}
		clause := "steps.release.requires." + r.Name
		s := Station{Name: r.Name, Title: capital(r.Says), Clause: clause}
		switch from := t.p.since(&t.c, r.Wait); {
		case !from.IsZero() && !t.now.Before(t.p.add(r.Wait.Calendar, from, r.Wait.For)):
			s.At = t.p.add(r.Wait.Calendar, from, r.Wait.For)
			s.Says = []string{r.Wait.For.Words() + " from " + cvd.Instant(from)}
		case t.c.Waived(clause):
			s.State = Skipped
			for _, x := range t.c.Waivers {
				if x.Clause == clause {
					s.At, s.Says = x.SecondedAt, []string{"Waived by two people: " + x.Because}
				}
			}
		case !w.applies(r) || w.lifted(clause):
			s.State, s.Says = Skipped, []string{"The policy lifts it: the matter is public, or attacks were seen"}
		case t.out():
			s.State, s.Says = Skipped, []string{"The release went out before it had passed"}
		case from.IsZero():
			s.Lacks = []cvd.Objection{{Clause: clause, Says: w.pending(r.Wait)}}
		default:
			s.Opens = t.p.add(r.Wait.Calendar, from, r.Wait.For)
			s.Says = []string{r.Wait.For.Words() + " from " + cvd.Instant(from)}
		}
		t.add(s)
	}
}

// merges says which fixes are applied in public.
func (t *training) merges() {
	s := Station{Name: "merge", Title: "The fixes are applied in public", Clause: "steps.apply", Step: "apply", At: markedAt(&t.c, cvd.MarkApplied)}
	for _, l := range t.c.Lines {
		switch {
		case len(l.Patches) == 0:
		case l.Merged.IsZero() && l.Status != "released":
			s.Lacks = append(s.Lacks, cvd.Objection{Clause: s.Clause, Says: l.Product + " " + l.Name + " is not recorded as merged"})
		case !l.Merged.IsZero():
			s.Says = append(s.Says, l.Product+" "+l.Name+": "+cvd.Instant(l.Merged))
		}
	}
	for _, x := range t.c.Surfaced {
		s.Says = append(s.Says, "Seen in public at "+cvd.Instant(x.At)+": a commit of the fix of "+x.Product+" "+x.Line)
	}
	if s.At.IsZero() && !markedAt(&t.c, cvd.MarkReleased).IsZero() { // who releases has merged
		s.At = markedAt(&t.c, cvd.MarkReleased)
	}
	if s.At.IsZero() && len(s.Lacks) == 0 {
		s.Lacks = []cvd.Objection{{Clause: s.Clause, Says: "there is no patch yet"}}
	}
	t.add(s)
}

// releases are the releases of all lines, and that the program has seen them.
func (t *training) releases() {
	s := Station{Name: "release", Title: "The releases are out", Clause: "steps.release", Step: "release", At: markedAt(&t.c, cvd.MarkReleased)}
	seen := Station{Name: "verified", Title: "The program has seen them", Clause: "steps.artefact", Step: "artefact"}
	for _, l := range t.c.Lines {
		switch l.Status {
		case "released":
			s.Says = append(s.Says, fmt.Sprintf("%s %s: %s, %s", l.Product, l.Name, l.Version, cvd.Instant(l.Release)))
			for _, open := range t.p.Unverified(t.c, l.Product, l.Name) {
				seen.Lacks = append(seen.Lacks, cvd.Objection{Clause: seen.Clause, Says: open})
			}
			seen.see(l)
		case "staged":
			s.Says = append(s.Says, fmt.Sprintf("%s %s: %s is made ready", l.Product, l.Name, l.Version))
		case "patched":
			s.Says = append(s.Says, l.Product+" "+l.Name+": not released")
		}
	}
	if s.At.IsZero() {
		s.Lacks = t.lacks("release", cvd.What{})
		seen.Lacks, seen.At = []cvd.Objection{{Clause: "steps.release", Says: "the releases must be out"}}, time.Time{}
	}
	if len(seen.Lacks) > 0 {
		seen.At = time.Time{}
	}
	t.add(s)
	t.add(seen)
}

// see says what was seen of one line.
func (s *Station) see(l cvd.Line) {
	for _, a := range l.Artefacts {
		name := strings.TrimSpace(l.Product + " " + l.Name + " " + a.Channel)
		switch {
		case a.Exempt != "":
			s.Says = append(s.Says, name+": exempted, "+a.Exempt)
		case a.Saw.Good():
			s.Says = append(s.Says, name+": seen "+cvd.Instant(a.Saw.At)+when(a.Saw.Signature == "good", ", with a good signature"))
		}
		if at := latest(a.Saw.At, s.At); a.Saw.Good() {
			s.At = at
		} else if a.Exempt != "" {
			s.At = latest(a.At, s.At)
		}
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// publication is the advisory, the bounty and the post with the details.
func (t *training) publication() {
	if !t.p.Document.Disclosure.Never {
		s := Station{Name: "advisory", Title: "The advisory is published", Clause: "steps.disclose", Step: "disclose", At: markedAt(&t.c, "disclosed"), Due: t.c.Disclosure.Due}
		switch {
		case t.c.Disclosure.Armed():
			s.Says = []string{"Set for " + cvd.Instant(t.c.Disclosure.Due) + "; only time is needed"}
			s.Opens = t.c.Disclosure.Due
		case s.At.IsZero():
			s.Lacks = t.lacks("disclose", cvd.What{})
		}
		t.add(s)
	}
	if t.p.Document.Bounty != nil {
		t.mark("bounty", "The bounty is decided", "reward", "rewarded")
	}
	if sections, due := t.p.Details(t.c); len(sections) > 0 || t.p.Document.Disclosure.Details != nil {
		s := Station{Name: "details", Title: "A post tells the details", Clause: "disclosure.details", Step: "explain", At: markedAt(&t.c, cvd.MarkPosted), Due: due}
		if s.At.IsZero() {
			s.Lacks = t.lacks("explain", cvd.What{})
		}
		t.add(s)
	}
}

// after is what is looked at once the fix is out.
func (t *training) after() {
	s := Station{Name: "resolved", Title: "It is seen to be resolved", Clause: "steps.monitor", Step: "monitor", At: markedAt(&t.c, cvd.MarkMonitored)}
	if s.At.IsZero() {
		s.Lacks = t.lacks("monitor", cvd.What{})
		if markedAt(&t.c, cvd.MarkReleased).IsZero() {
			s.Lacks = append(s.Lacks, cvd.Objection{Clause: s.Clause, Says: "there is no release yet"})
		}
	}
	if n := len(t.c.Spread); n > 0 {
		x := t.c.Spread[n-1]
		words := fmt.Sprintf("%d %s have the fix", x.Fixed, strings.ReplaceAll(x.What, "_", " "))
		if share := x.Share(); share >= 0 {
			words = fmt.Sprintf("%d of %d %s have the fix (%d %%)", x.Fixed, x.Of, strings.ReplaceAll(x.What, "_", " "), share)
		}
		s.Says = append(s.Says, words+", "+cvd.Instant(x.At)+", "+x.Source)
	}
	t.add(s)
}

// AnswerForPost are the roles that answer for the post with the details where no person is named for it: the one that owns its
// promise, else all that may record it.
func (p *Policy) AnswerForPost() []string {
	for _, k := range p.Document.Clocks {
		if k.Until == cvd.MarkPosted && k.Owner != "" {
			return []string{p.Document.titleOf("role", k.Owner)}
		}
	}
	return p.whoMay("explain")
}

// whoMay names the roles that may take a step.
func (p *Policy) whoMay(step string) (titles []string) {
	for _, r := range p.Document.Roles {
		if step != "" && slices.Contains(p.Can([]string{r.Name}), cvd.Capability(step)) {
			titles = append(titles, r.Title)
		}
	}
	return titles
}
