package policies_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/internal/policy"
)

var update = flag.Bool("update", false, "write the table of docs/guide/gallery.md anew")

const guide = "../docs/guide/gallery.md"

// shape is what makes one process another than its neighbours, read off its document.
type shape struct{ tracks, severity, anchors, gates, told, days string }

func shapeOf(p *policy.Policy) shape {
	d := &p.Document
	s := shape{severity: d.Severity.Scheme, anchors: anchorsOf(d), gates: gatesOf(d), told: toldOf(d), days: daysOf(d)}
	if n := len(d.Severity.Classes); n > 0 {
		s.severity += fmt.Sprintf(", %d", n)
	}
	var tracks []string
	for _, t := range d.Tracks {
		if t.Public {
			tracks = append(tracks, "*"+t.Name+"*")
		} else {
			tracks = append(tracks, t.Name)
		}
	}
	s.tracks = strings.Join(tracks, ", ")
	return s
}

// anchorsOf are the marks that times are counted from, besides the arrival of the report.
func anchorsOf(d *policy.Document) string {
	from := map[string]bool{}
	for _, c := range d.Clocks {
		from[c.From] = true
		for _, w := range []*policy.Within{c.Target, c.Within} {
			if w != nil {
				for _, event := range w.Event {
					from[event] = true
				}
			}
		}
	}
	eachGate(d, func(_ string, q policy.Requirement) {
		if q.Wait != nil {
			from[q.Wait.Mark()] = true
		}
	})
	if x := d.Disclosure.Details; x != nil {
		from[x.From] = true
	}
	delete(from, "received")
	return code(slices.Sorted(maps.Keys(from)))
}

// gatesOf are the kinds of what must be so before a release, a publication or a notice; what the world must have done is named.
func gatesOf(d *policy.Document) string {
	kinds := map[string]bool{}
	eachGate(d, func(_ string, q policy.Requirement) {
		named := slices.ContainsFunc(d.Milestones, func(m policy.Milestone) bool { return m.Name == q.Mark }) ||
			slices.Contains([]string{"next_release", "next_major_release", "end_of_life"}, q.Mark)
		switch {
		case named:
			kinds["`"+q.Mark+"`"] = true
		case q.Wait != nil:
			kinds["waits"] = true
		case q.Expr != "":
			kinds["a predicate"] = true
		case q.Lines != "":
			kinds["lines "+q.Lines] = true
		case q.Patches != "":
			kinds["private patches"] = true
		case len(q.Checks) > 0:
			kinds["checks"] = true
		case len(q.Sections) > 0:
			kinds["analysis"] = true
		case q.Reviews != nil:
			many := "a review"
			if q.Reviews.Count > 1 {
				many = fmt.Sprint(q.Reviews.Count, " reviews")
			}
			kinds[many+" of the "+q.Reviews.Of] = true
		case q.Quorum != nil:
			kinds[fmt.Sprintf("%d %% of %s", q.Quorum.AtLeast, q.Quorum.Audience)] = true
		}
	})
	return strings.Join(slices.Sorted(maps.Keys(kinds)), ", ")
}

// eachGate visits what is required before a release, a publication or a notice.
func eachGate(d *policy.Document, visit func(of string, q policy.Requirement)) {
	for _, s := range d.Steps {
		for _, q := range s.Requires {
			if s.Step == "release" || s.Step == "disclose" {
				visit(s.Step, q)
			}
		}
	}
	for _, n := range d.Notices {
		for _, q := range n.Requires {
			visit(n.Name, q)
		}
	}
}

// toldOf are the audiences that hear of it before everybody does, with their terms.
func toldOf(d *policy.Document) string {
	var told []string
	for _, a := range d.Audiences {
		if !slices.ContainsFunc(d.Notices, func(n policy.Notice) bool { return n.Before && slices.Contains(n.Audiences, a.Name) }) {
			continue
		}
		var terms []string
		if a.Accepts != "" {
			terms = append(terms, "accepts "+strings.ReplaceAll(a.Accepts, "_", " "))
		}
		if !a.Longest.Zero() {
			terms = append(terms, "at most "+a.Longest.Words())
		}
		if len(terms) > 0 {
			told = append(told, a.Name+" ("+strings.Join(terms, ", ")+")")
		} else {
			told = append(told, a.Name)
		}
	}
	return strings.Join(told, ", ")
}

// daysOf says which days count, and on which something is published.
func daysOf(d *policy.Document) string {
	var says []string
	if len(d.Calendars) > 0 {
		says = append(says, "working days")
	}
	if s := d.Schedule; s != nil {
		if s.Train != nil {
			says = append(says, strings.TrimSpace("every "+s.Train.Every+", "+s.Train.On))
		}
		if len(s.Days) > 0 {
			says = append(says, strings.Join(s.Days, " "))
		}
		if s.At != "" {
			says = append(says, s.At+" "+cmp.Or(s.Zone, "UTC"))
		}
		for _, b := range s.Blackouts {
			says = append(says, "not during "+cmp.Or(b.Title, b.Name))
		}
	}
	return strings.Join(says, ", ")
}

func code(words []string) string {
	for i, w := range words {
		words[i] = "`" + w + "`"
	}
	return strings.Join(words, ", ")
}

// TestTheGuideShowsTheShapesOfTheGallery holds the table of the guide to the documents, and the guide to having a line and the
// source of each.
func TestTheGuideShowsTheShapesOfTheGallery(t *testing.T) {
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	all := allThatRun(t)
	var table strings.Builder
	table.WriteString("| document | tracks | severity | counted from | before a release, publication or notice | told before | days |\n")
	table.WriteString("| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, file := range slices.Sorted(maps.Keys(all)) {
		s := shapeOf(all[file])
		fmt.Fprintf(&table, "| [%s](../../policies/%s) | %s |\n", strings.TrimSuffix(file, ".yaml"), file,
			strings.Join([]string{s.tracks, s.severity, s.anchors, s.gates, s.told, s.days}, " | "))
	}
	const begins, ends = "<!-- shapes -->\n", "<!-- end of shapes -->\n"
	before, rest, there := strings.Cut(string(text), begins)
	old, after, closed := strings.Cut(rest, ends)
	if !there || !closed {
		t.Fatalf("%s has no place for the table, between %q and %q", guide, begins, ends)
	}
	if old != table.String() {
		if !*update {
			t.Errorf("the table is not that of the documents; go test ./policies -run Shapes -update writes it:\n%s", &table)
		} else if err := os.WriteFile(guide, []byte(before+begins+table.String()+ends+after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for file, p := range all {
		name := strings.TrimSuffix(file, ".yaml")
		i := strings.Index(after, "**"+name+"**")
		if i < 0 {
			t.Errorf("the guide has no line for %s: write one that begins with **%s**", file, name)
			continue
		}
		line, _, _ := strings.Cut(after[i:], "\n- ")
		if sources := p.Document.Sources; len(sources) > 0 && !slices.ContainsFunc(sources, func(l policy.Link) bool { return strings.Contains(line, l.URL) }) {
			t.Errorf("the line of %s names none of its sources", file)
		}
	}
}

// TestTheGalleryDiffersInShape: documents of one shape with other numbers would prove little of the language.
func TestTheGalleryDiffersInShape(t *testing.T) {
	for name, of := range map[string]func(shape) string{
		"tracks":   func(s shape) string { return s.tracks },
		"anchors":  func(s shape) string { return s.anchors },
		"gates":    func(s shape) string { return s.gates },
		"audience": func(s shape) string { return s.told },
	} {
		seen := map[string]bool{}
		for _, p := range allThatRun(t) {
			seen[of(shapeOf(p))] = true
		}
		t.Logf("%d different %s", len(seen), name)
		if len(seen) < 5 {
			t.Errorf("there are only %d different %s", len(seen), name)
		}
	}
	whole := map[shape]string{}
	for file, p := range allThatRun(t) {
		s := shapeOf(p)
		s.severity, s.days = "", "" // tracks, anchors, gates and audiences alone
		if other := whole[s]; other != "" {
			t.Errorf("%s and %s have one shape", file, other)
		}
		whole[s] = file
	}
	if len(whole) < 10 {
		t.Errorf("there are %d shapes, want ten or more", len(whole))
	}
}
