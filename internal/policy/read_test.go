package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// TestProblemsNameTheirPlaceAndWhatIsAllowed reads testdata/problems.txtar.
func TestProblemsNameTheirPlaceAndWhatIsAllowed(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/problems.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files[1:] {
		t.Run(f.Name, func(t *testing.T) {
			text, want := changed(t, small(t), string(f.Data))
			_, err := Read("small.yaml", []byte(text))
			var got []string
			problems, _ := errors.AsType[Problems](err)
			for _, p := range problems {
				got = append(got, p.String())
			}
			for i := range min(len(got), len(want)) { // … stands for what another library or a long list says
				if before, _, ok := strings.Cut(want[i], "…"); ok && strings.HasPrefix(got[i], before) {
					got[i] = want[i]
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// changed applies the lines "-" and "+" of a case to a text, and gives those after "=".
func changed(t *testing.T, text, steps string) (after string, want []string) {
	t.Helper()
	var from, to []string
	apply := func() {
		if from == nil {
			return
		}
		old := strings.Join(from, "\n")
		if strings.Count(text, old) != 1 {
			t.Fatalf("%q is there %d times, not once", old, strings.Count(text, old))
		}
		replacement := strings.Join(to, "\n")
		if to == nil {
			old += "\n"
		}
		text = strings.Replace(text, old, replacement, 1)
		from, to = nil, nil
	}
	for line := range strings.Lines(steps) {
		line = strings.TrimSuffix(line, "\n")
		switch line[0] {
		case '-':
			if to != nil {
				apply()
			}
			from = append(from, line[1:])
		case '+':
			to = append(to, line[1:])
		case '=':
			want = append(want, strings.TrimPrefix(line, "= "))
		}
	}
	apply()
	return text, want
}

func TestShippedPoliciesAreRead(t *testing.T) {
	for name, text := range shipped(t) {
		p, err := Read(name, text)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		is := p.Document.Policy
		if p.Overlay() {
			is = p.Document.Overlay
		}
		if id := strings.TrimSuffix(name, ".yaml"); is != id {
			t.Errorf("%s is the policy %s; a file bears its policy's id", name, is)
		}
	}
}

// TestClausesAreFoundByTheirName is what promises on paper rely on.
func TestClausesAreFoundByTheirName(t *testing.T) {
	juno, solo := read(t, "juno.yaml"), read(t, "solo-miner-monitor.yaml")
	for _, c := range []struct {
		in     *Policy
		clause string
		want   bool
	}{
		{juno, "clocks.details", true},
		{juno, "clocks.details.within", true},
		{juno, "steps.release.requires.wait", true},
		{juno, "steps.release.requires[wait]", true},
		{juno, "steps.release.requires.wait.wait.for", true},
		{juno, "notices.coming", true},
		{juno, "notices.available.requires.channels", true},
		{juno, "products.juno.lines.28", true},
		{juno, "roles.release.can.notify", true},
		{solo, "severity.classes.critical", true},
		{solo, "severity.classes.high.categories.denial_of_service", true},
		{solo, "clocks.response.within.informational", true},
		{solo, "clocks.resolution.within.informational", true},
		{solo, "steps.disclose.requires.wait", true}, // written once, used twice
		{solo, "waivers.fix-waits", true},
		{juno, "clocks.response", false},
		{juno, "steps.release.requires", true},
		{juno, "steps.release.requires.vote", false},
		{juno, "steps.release.requires.wai", false},
		{juno, "", false},
	} {
		if got := c.in.Has(c.clause); got != c.want {
			t.Errorf("%s has %q: got %v, want %v", c.in.Document.Policy, c.clause, got, c.want)
		}
	}
}

// TestNothingIsReadThatTheTypesDoNotSay: every value of a document arrives in its field.
func TestNothingIsReadThatTheTypesDoNotSay(t *testing.T) {
	d := read(t, "solo-miner-monitor.yaml").Document
	resolution := d.Clocks[slices.IndexFunc(d.Clocks, func(c Clock) bool { return c.Name == "resolution" })]
	if got, want := resolution.Within.ByClass["critical"], days7; got != want {
		t.Errorf("resolution of critical: got %v, want %v", got, want)
	}
	if got, want := resolution.Within.Event["informational"], "next_major_release"; got != want {
		t.Errorf("resolution of informational: got %q, want %q", got, want)
	}
	if got, want := len(d.Severity.Classes), 5; got != want {
		t.Errorf("got %d classes, want %d", got, want)
	}
	categories := 0
	for _, c := range d.Severity.Classes {
		categories += len(c.Categories)
	}
	if categories != 23 {
		t.Errorf("got %d categories, want 23", categories)
	}
	if got := *d.Severity.Classes[1].To; got != 8.9 {
		t.Errorf("the band of high ends at %v, want 8.9", got)
	}
	juno := read(t, "juno.yaml").Document
	if a, b := len(juno.Contacts.Alarm), len(juno.Contacts.Nudge); a != 4 || b != 2 {
		t.Errorf("got %d alarmed and %d to remind, want 4 and 2: they are two lists", a, b)
	}
}

var days7 = Duration{Exact: 7 * 24 * 60 * 60 * 1e9}

// TestTheOrderOfClausesIsThatOfTheDocument is what a page that lists them relies on.
func TestTheOrderOfClausesIsThatOfTheDocument(t *testing.T) {
	p := read(t, "juno.yaml")
	clauses := p.Clauses()
	last := 0
	for _, clause := range clauses {
		if line := p.place(clause).line; line < last {
			t.Fatalf("%s of line %d comes after line %d", clause, line, last)
		} else {
			last = line
		}
	}
	if clauses[0] != "policy" || !slices.Contains(clauses, "alone.wait") {
		t.Errorf("got %d clauses from %s", len(clauses), clauses[0])
	}
}

// read is a shipped policy.
func read(t testing.TB, name string) *Policy {
	t.Helper()
	p, err := Read(name, shipped(t)[name])
	if err != nil {
		t.Fatal(fmt.Errorf("read %s: %w", name, err))
	}
	return p
}

// small is the policy that problems.txtar begins with.
func small(t testing.TB) string {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/problems.txtar")
	if err != nil {
		t.Fatal(err)
	}
	return string(archive.Files[0].Data)
}
