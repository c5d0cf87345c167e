package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// requirements weighs a list of them; the clause is that of the list's owner: "steps.release", "notices.coming".
func (w *weighing) requirements(owner string, list []Requirement) {
	for i := range list {
		r := &list[i]
		if !w.applies(r) {
			continue
		}
		missing, earliest := w.missing(r)
		if missing == "" {
			continue
		}
		says := r.Says
		if missing != unmet {
			says += " (" + missing + ")"
		}
		w.object(owner+".requires."+r.Name, earliest, "%s", says)
	}
}

// applies says whether a requirement is asked for in this case. What cannot be worked out is asked for.
func (w *weighing) applies(r *Requirement) bool {
	return w.policy.holds(r.When, &w.facts, true) && (r.Unless == "" || w.strict || !w.policy.holds(r.Unless, &w.facts, false))
}

// unmet is what is missing where the requirement's own words say it all.
const unmet = "not met"

// missing says what a requirement still lacks, "" when it is met; earliest is known if only time is missing. What may also be
// met by time is met by whichever comes first.
func (w *weighing) missing(r *Requirement) (what string, earliest time.Time) {
	what, earliest = w.lacks(r)
	if what == "" || r.Or == nil {
		return what, earliest
	}
	late, then := w.wait(r.Or)
	switch {
	case late == "":
		return "", time.Time{}
	case what == unmet:
		what = "or " + late
	default:
		what += "; or " + late
	}
	if earliest.IsZero() || !then.IsZero() && then.Before(earliest) {
		earliest = then
	}
	return what, earliest
}

// lacks is missing without what stands under or.
func (w *weighing) lacks(r *Requirement) (what string, earliest time.Time) {
	met := true
	switch {
	case r.Mark != "":
		met = reached(w.Case, r.Mark, w.Now)
	case r.Wait != nil:
		if x := w.What.Released; x != nil && x.Staged {
			return "", time.Time{} // it goes out with the disclosure, whose waits count
		}
		return w.wait(r.Wait)
	case r.Expr != "":
		met = w.policy.holds(r.Expr, &w.facts, false)
	case r.Lines != "":
		return w.lines(r.Lines), time.Time{}
	case r.Patches != "":
		return w.patches(), time.Time{}
	case len(r.Checks) > 0:
		return w.checks(r.Checks), time.Time{}
	case len(r.Sections) > 0:
		return w.sections(r.Sections), time.Time{}
	case r.Reviews != nil:
		return w.reviews(r.Reviews)
	case r.Quorum != nil:
		return w.quorum(r.Quorum), time.Time{}
	case r.Channels != "":
		return w.channels(r.Channels), time.Time{}
	case r.Embargo != "":
		if met = !w.Case.Embargo.Binds(w.at()); !met {
			earliest = w.Case.Embargo.Until
		}
	}
	if met {
		return "", time.Time{}
	}
	return unmet, earliest
}

// wait asks for the time since a mark. Before the mark nobody knows the instant, only what must happen first.
func (w *weighing) wait(wait *Wait) (what string, earliest time.Time) {
	from := w.policy.since(&w.Case, wait)
	if from.IsZero() || from.After(w.at()) {
		return w.pending(wait), time.Time{}
	}
	earliest = w.policy.add(wait.Calendar, from, wait.For)
	if !w.at().Before(earliest) {
		return "", time.Time{}
	}
	return fmt.Sprintf("%s after %s: from %s", wait.For.Words(), cvd.Instant(from), cvd.Instant(earliest)), earliest
}

// pending says what must happen before a wait begins.
func (w *weighing) pending(wait *Wait) string {
	mark := wait.Mark()
	kind, notice, _ := strings.Cut(mark, ":")
	i := slices.IndexFunc(w.Case.Notices, func(n cvd.Notice) bool { return n.Name == notice })
	if kind+":" != cvd.MarkDelivered || i < 0 {
		return "it is counted from " + markWords(mark) + ", which has not come"
	}
	n := w.Case.Notices[i]
	if takenBack(&w.Case, n) {
		return "what it is counted from was withdrawn: it begins with the next announcement"
	}
	var open []string
	for _, ch := range n.Channels {
		if _, ok := n.Delivered[ch]; ok {
			continue
		}
		if n.Failed[ch] != "" {
			ch += " (failed)"
		}
		open = append(open, ch)
	}
	counted := "the last channel's delivery"
	if wait.From == "share" {
		counted = fmt.Sprintf("the delivery to %d %% of those it is for", wait.Share)
	}
	if len(open) == 0 {
		return "it is counted from " + counted + ", which has not come"
	}
	return "it is counted from " + counted + "; still open: " + strings.Join(open, ", ")
}

// markWords says a mark for people: "delivered:coming" becomes the delivery of “coming”.
func markWords(mark string) string {
	kind, notice, ok := strings.Cut(mark, ":")
	notice = "“" + strings.ReplaceAll(notice, "_", " ") + "”"
	switch {
	case !ok:
		return "“" + strings.ReplaceAll(mark, "_", " ") + "”"
	case kind+":" == cvd.MarkDelivered:
		return "the delivery of the notice " + notice + " by every channel"
	case kind+":" == cvd.MarkFirst:
		return "the first delivery of the notice " + notice
	}
	return "the order to send the notice " + notice
}

// lines asks every line that the policy promises fixes for.
func (w *weighing) lines(want string) string {
	var open []string
	for _, product := range w.policy.Document.Products {
		for _, line := range product.Lines {
			if !line.Eligible {
				continue
			}
			if !lineIs(w.Case.Lines, product.Name, line.Name, want) {
				open = append(open, product.Name+" "+line.Name)
			} else if want == "verified" {
				open = append(open, w.policy.Unverified(w.Case, product.Name, line.Name)...)
			}
		}
	}
	for _, l := range w.Case.Lines { // a line that is no longer promised anything, but that somebody began to fix
		rule, known := w.policy.LineOf(l.Product, l.Name)
		if known && !rule.Eligible && l.Status == "patched" && !lineIs(w.Case.Lines, l.Product, l.Name, want) {
			open = append(open, l.Product+" "+l.Name)
		}
	}
	if len(open) == 0 {
		return ""
	}
	return "still open: " + strings.Join(open, ", ")
}

func lineIs(lines []cvd.Line, product, name, want string) bool {
	i := slices.IndexFunc(lines, func(l cvd.Line) bool { return l.Product == product && l.Name == name })
	if i < 0 {
		return false
	}
	l := lines[i]
	switch want {
	case "applied":
		return l.Settled() && (len(l.Patches) == 0 || !l.Merged.IsZero())
	case "released", "verified":
		return l.Settled() && l.Status != "patched" && l.Status != "staged"
	case "staged": // its release is made ready, and goes out with the disclosure
		return l.Settled() && l.Status != "patched"
	}
	return l.Settled()
}

// patches asks whether each patch lies in a private place.
func (w *weighing) patches() string {
	var open []string
	for _, l := range w.Case.Lines {
		if slices.ContainsFunc(l.Patches, func(p cvd.Patch) bool { return !p.Hidden() && l.Merged.IsZero() }) {
			open = append(open, l.Product+" "+l.Name)
		}
	}
	if len(open) == 0 {
		return ""
	}
	return "a patch lies in public: " + strings.Join(open, ", ")
}

// checks asks for the named checks of the fix as it is now, on each platform where the policy wants that.
func (w *weighing) checks(names []string) string {
	var open []string
	for _, name := range names {
		i := slices.IndexFunc(w.policy.Document.Checks, func(k Check) bool { return k.Name == name })
		if i < 0 || !w.policy.Document.Checks[i].Platforms {
			if state := w.checkState(name, ""); state != "" {
				open = append(open, name+" "+state)
			}
			continue
		}
		for _, product := range w.policy.Document.Products {
			for _, platform := range product.Platforms {
				if state := w.checkState(name, platform); state != "" {
					open = append(open, name+" on "+platform+" "+state)
				}
			}
		}
	}
	return strings.Join(open, ", ")
}

// checkState says what is wrong with a check, "" when it passed or was waived with a reason.
func (w *weighing) checkState(name, platform string) string {
	i := slices.IndexFunc(w.Case.Checks, func(k cvd.Check) bool { return k.Name == name && k.Platform == platform })
	if i < 0 {
		return "is missing"
	}
	switch k := w.Case.Checks[i]; {
	case k.Result == "failed":
		return "failed"
	case k.Result == "waived" && !filled(k.Evidence):
		return "was waived without a reason"
	case k.Result == "passed" && k.At.Before(fixChangedAt(&w.Case)):
		return "passed before the fix changed"
	}
	return ""
}

func (w *weighing) sections(names []string) string {
	var open []string
	for _, name := range names {
		if !slices.ContainsFunc(w.Case.Sections, func(s cvd.Section) bool { return s.Name == name && filled(s.Text) }) {
			open = append(open, strings.ReplaceAll(name, "_", " "))
		}
	}
	if len(open) == 0 {
		return ""
	}
	return "not written: " + strings.Join(open, ", ")
}

// channels asks whether a notice reaches everybody whom an earlier one reached, or says why not. The correction of that one goes to
// exactly those who got it, and leaves nobody out.
func (w *weighing) channels(earlier string) string {
	i := slices.IndexFunc(w.Case.Notices, func(n cvd.Notice) bool { return n.Name == earlier })
	n, ok := w.policy.noticeNamed(w.facts.Notice)
	if i < 0 || !ok || n.Corrects == earlier || w.What.Notified != nil && filled(w.What.Notified.Because) {
		return ""
	}
	channels, audiences := n.Channels, n.Audiences
	if w.What.Notified != nil && len(w.What.Notified.Channels) > 0 {
		channels, audiences = w.What.Notified.Channels, w.What.Notified.Audiences
	}
	var left []string
	for _, ch := range w.Case.Notices[i].Channels {
		if !slices.Contains(channels, ch) {
			left = append(left, ch)
		}
	}
	for _, audience := range w.Case.Notices[i].Audiences {
		if !slices.Contains(audiences, audience) {
			left = append(left, audience)
		}
	}
	if len(left) == 0 {
		return ""
	}
	return "left out without a reason: " + strings.Join(left, ", ")
}
