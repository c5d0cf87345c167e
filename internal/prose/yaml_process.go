package prose

import (
	"fmt"
	"slices"
	"strings"
)

// severity writes the classes from the worst, each with its band and its categories.
func (w *writer) severity() {
	names := w.classes()
	if len(names) == 0 {
		return
	}
	banded := w.banded()
	w.line("\nseverity:")
	switch {
	case !w.ownClasses():
		w.line("  # classes that the text does not name are those of the base")
	case !banded:
		w.line("  scheme: judgement # the text has no scores")
	}
	w.line("  classes:")
	used := map[string]bool{} // a category belongs to one class
	for _, name := range names {
		s, _ := w.best("severity.classes." + name)
		w.line("    - name: %s%s\n      title: %s", name, from(s), text(s.Title))
		low, high, ok := strings.Cut(s.Value, "-")
		switch {
		case ok:
			w.line("      from: %s\n      to: %s", low, high)
		case banded && name == "informational":
			w.line("      from: 0.0 # guess: the text has no band\n      to: 0.0")
		}
		w.categories(name, used)
	}
}

// banded says whether some class has a range of scores.
func (w *writer) banded() bool {
	return slices.ContainsFunc(w.draft.Statements, func(s Statement) bool { return s.Kind == "class" && s.Value != "" })
}

func (w *writer) categories(class string, used map[string]bool) {
	var lines []string
	for _, s := range w.draft.Of("severity.classes." + class + ".categories") {
		name := slug(s.Title)
		if !used[name] && !(name[0] >= '0' && name[0] <= '9') {
			used[name] = true
			lines = append(lines, fmt.Sprintf("        - {name: %s, title: %s}%s", name, text(s.Title), from(s)))
		}
	}
	if len(lines) > 0 {
		w.line("      categories:\n%s", strings.Join(lines, "\n"))
	}
}

// anchors are the clocks that are known by what they promise: between which marks they run. Those of the base need none.
var anchors = map[string]struct{ from, until, title string }{
	"response":    {},
	"triage":      {},
	"resolution":  {},
	"details":     {},
	"alarm":       {},
	"analysis":    {"triaged", "analysed", "Analysis"},
	"publication": {"received", "disclosed", "Publication"},
	"nudge":       {"received", "triaged", "Reminder"},
}

// clocks writes the promises. One that is counted between marks that nobody can guess stays a comment.
func (w *writer) clocks() {
	var names []string
	for _, s := range w.draft.Of("clocks") {
		name := strings.Split(s.Clause, ".")[1]
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	var open []Statement
	wrote := false
	for _, name := range names {
		between, known := anchors[name]
		if !known {
			open = append(open, w.draft.Of("clocks."+name)...)
			continue
		}
		open = append(open, w.draft.Of("clocks."+name+".extend")...)
		lines := w.clock(name)
		if len(lines) == 0 {
			continue
		}
		if !wrote {
			w.line("\nclocks:")
			wrote = true
		}
		w.line("  - name: %s", name)
		if between.from != "" {
			w.line("    title: %s\n    from: %s\n    until: %s", text(between.title), between.from, between.until)
		}
		w.line("%s", strings.Join(lines, "\n"))
		if slices.ContainsFunc(w.draft.Of("clocks."+name), works) {
			w.line("    calendar: working_days")
		}
	}
	if slices.ContainsFunc(w.draft.Of("clocks"), works) {
		w.line("\ncalendars:\n  - {name: working_days, zone: UTC} # guess: the text names neither a zone nor holidays")
	}
	for _, s := range open {
		w.comment("The text also promises", fmt.Sprintf("%s = %s (%s:%d): %s", s.Clause, s.Value, s.File, s.Line, s.Text))
	}
}

// works says whether a statement counts working time.
func works(s Statement) bool {
	return strings.HasSuffix(s.Value, "wd") || strings.HasSuffix(s.Value, "wh")
}

func (w *writer) clock(name string) []string {
	var lines []string
	for _, field := range []string{"target", "within", "reminder", "at_least"} {
		clause := "clocks." + name + "." + field
		var classes []Statement
		known := w.classes()
		if len(known) == 0 {
			known = baseClasses
		}
		for _, class := range known {
			if s, ok := w.best(clause + "." + class); ok {
				classes = append(classes, s)
			}
		}
		general, all := w.best(clause)
		switch {
		case len(classes) > 0 && len(differing(classes)) == 1 && len(classes) == len(known):
			lines = append(lines, fmt.Sprintf("    %s: %s%s", field, classes[0].Value, from(classes[0])))
		case len(classes) > 0:
			lines = append(lines, "    "+field+":")
			for _, s := range classes {
				value := s.Value
				if _, timed := length(value); !timed {
					value = "{event: " + value + "}"
				}
				lines = append(lines, fmt.Sprintf("      %s: %s%s", s.Clause[strings.LastIndexByte(s.Clause, '.')+1:], value, from(s)))
			}
		case all:
			lines = append(lines, fmt.Sprintf("    %s: %s%s", field, general.Value, from(general)))
		}
	}
	return lines
}

// release writes the time between the announcement of a release and the release. Other waits stay comments: nobody can guess
// from the text alone which notice each of them is counted from.
func (w *writer) release() {
	s, ok := w.best("steps.release.requires.wait")
	if !ok {
		for _, class := range baseClasses {
			if s, ok = w.best("steps.release.requires.wait." + class); ok {
				break
			}
		}
	}
	for _, other := range w.draft.Of("steps") {
		if !same(other.Value, s.Value) {
			w.comment("The text also waits", fmt.Sprintf("%s = %s (%s:%d): %s", other.Clause, other.Value, other.File, other.Line, other.Text))
		}
	}
	if !ok {
		return
	}
	w.line("\nsteps:")
	for _, step := range []string{"release", "disclose"} {
		w.line("  - step: %s\n    requires:\n      - name: wait%s\n        says: %s\n        when: track == \"private\"\n        wait: {after: \"delivered:coming\", for: %s}",
			step, from(s), text("users must have had "+spoken(s.Value)+" to prepare"), s.Value)
	}
}

func (w *writer) publication() {
	if offer, longest := w.draft.Of("embargo.offer"), w.draft.Of("embargo.longest"); len(offer)+len(longest) > 0 {
		w.line("\nembargo:")
		w.field("  offer", "embargo.offer")
		w.field("  longest", "embargo.longest")
		if len(offer) == 0 {
			w.line("  offer: %s # guess: nothing else is said", longest[0].Value)
		} else if len(longest) == 0 {
			w.line("  longest: %s # guess: nothing longer is said", offer[0].Value)
		}
	}
	if s, ok := w.best("advisory.cve"); ok {
		w.line("\nadvisory:\n  cve: %s%s", text(s.Value), from(s))
	}
	if s, ok := w.best("disclosure.details.after"); ok {
		w.line("\ndisclosure:\n  details:\n    after: %s%s", s.Value, from(s))
	}
	if s, ok := w.best("bounty.says"); ok {
		w.line("\nbounty:\n  after: \"delivered:available\"\n  says: %s%s", text(s.Value), from(s))
		w.field("  within", "bounty.within")
	}
	if s, ok := w.best("stalled"); ok {
		w.line("\nstalled: %s%s", s.Value, from(s))
	}
}

// field writes a clause with one value, if the texts have it.
func (w *writer) field(name, clause string) {
	if s, ok := w.best(clause); ok {
		w.line("%s: %s%s", name, s.Value, from(s))
	}
}
