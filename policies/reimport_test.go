package policies_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/prose"
	"github.com/tipstaff/tipstaff/policies"
)

var unseen = regexp.MustCompile(`(?s)\A---\n.*?\n---\n|<!--.*?-->`)

// TestWhatIsRenderedReadsBackAsTheSamePromises reads each rendered SECURITY.md with nothing but what people see of it.
func TestWhatIsRenderedReadsBackAsTheSamePromises(t *testing.T) {
	files, err := policies.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		t.Run(f.Name(), func(t *testing.T) {
			text, err := policies.Files.ReadFile(f.Name())
			if err != nil {
				t.Fatal(err)
			}
			p, err := policy.Read(f.Name(), text, policies.Files.ReadFile)
			if err != nil {
				t.Fatal(err)
			}
			page := unseen.ReplaceAllString(string(p.SecurityMD(addresses(&p.Document), "https://security.example.org")), "")
			draft, err := prose.Import(f.Name(), []byte(page))
			if err != nil {
				t.Fatal(err)
			}
			r := reimport{t, &p.Document, draft}
			r.classes()
			r.clocks()
			r.publication()
			r.contacts()
			r.lines()
			if t.Failed() {
				t.Logf("how to see it again: tipstaff policy render policies/%s | tipstaff policy import --format text -", f.Name())
			}
		})
	}
}

// TestADraftIsAPolicy reads the drafts of texts that others might have written, over the base that they extend.
func TestADraftIsAPolicy(t *testing.T) {
	pages, err := filepath.Glob("../internal/prose/testdata/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatalf("there are no pages to draft from: %v", err)
	}
	for _, page := range pages {
		t.Run(filepath.Base(page), func(t *testing.T) {
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			draft, err := prose.Import(page, text)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := policy.Read("draft.yaml", draft.YAML(), policies.Files.ReadFile); err != nil {
				t.Errorf("%v\n%s", err, draft.YAML())
			}
		})
	}
}

// reimport compares what a policy says with what was read from its text.
type reimport struct {
	*testing.T
	want *policy.Document
	got  prose.Draft
}

// has wants a statement with a clause that begins so and a value that is the same.
func (r reimport) has(clause, value string) {
	r.Helper()
	var other []string
	for _, s := range r.got.Of(clause) {
		if s.Value == value || sameTime(s.Value, value) {
			return
		}
		other = append(other, s.Clause+" = "+s.Value)
	}
	r.Errorf("%s = %s is not read back; got %q", clause, value, other)
}

func sameTime(a, b string) bool {
	x, err := policy.ParseDuration(a)
	y, other := policy.ParseDuration(b)
	return err == nil && other == nil && x == y
}

func (r reimport) classes() {
	for _, c := range r.want.Severity.Classes {
		found := false
		for _, s := range r.got.Of("severity.classes") {
			found = found || s.Kind == "class" && strings.EqualFold(s.Title, c.Title) && s.Value == band(c)
		}
		if !found {
			r.Errorf("the class %s (%s) is not read back", c.Title, band(c))
		}
	}
}

// band is a class's range of scores as prose writes it.
func band(c policy.Class) string {
	if c.From == nil {
		return ""
	}
	return fmt.Sprintf("%.1f-%.1f", *c.From, *c.To)
}

// clocks wants each promise back under the title that the page gives it.
func (r reimport) clocks() {
	for _, c := range r.want.Clocks {
		for field, times := range map[string]*policy.Within{"target": c.Target, "within": c.Within} {
			if times == nil {
				continue
			}
			if times.ByClass == nil && times.Event == nil {
				r.promise(c.Title, field, "", times.All.String())
			}
			for _, class := range r.want.Severity.Classes {
				if d, ok := times.ByClass[class.Name]; ok {
					r.promise(c.Title, field, class.Name, d.String())
				}
				if event := times.Event[class.Name]; event != "" {
					r.promise(c.Title, field, class.Name, event)
				}
			}
		}
	}
}

// promise wants one time of a clock; empty for the class means every class, or the promise as a whole.
func (r reimport) promise(title, field, class, value string) {
	r.Helper()
	var other []string
	for _, s := range r.got.Of("clocks") {
		if s.Title != title || !strings.Contains(s.Clause, "."+field) || class != "" && !strings.HasSuffix(s.Clause, "."+class) {
			continue
		}
		if s.Value == value || sameTime(s.Value, value) {
			return
		}
		other = append(other, s.Clause+" = "+s.Value)
	}
	r.Errorf("%s: %s for class %q is %s, and is read back as %q", title, field, class, value, other)
}

// addresses are those that people of the roster are shown with.
func addresses(d *policy.Document) map[string]string {
	shown := map[string]string{}
	for _, handle := range append(slices.Clone(d.Contacts.Alarm), d.Contacts.Nudge...) {
		shown[handle] = handle + "@harbour.example"
	}
	return shown
}

func (r reimport) contacts() {
	for clause, handles := range map[string][]string{"contacts.alarm": r.want.Contacts.Alarm, "contacts.nudge": r.want.Contacts.Nudge} {
		for _, handle := range handles {
			r.has(clause, handle+"@harbour.example")
		}
	}
}

func (r reimport) publication() {
	if mail := r.want.Contacts.Mail; mail != "" {
		r.has("contacts.mail", mail)
	}
	for clause, d := range map[string]policy.Duration{"embargo.offer": r.want.Embargo.Offer, "embargo.longest": r.want.Embargo.Longest, "stalled": r.want.Stalled} {
		if !d.Zero() {
			r.has(clause, d.String())
		}
	}
	if d := r.want.Disclosure.Details; d != nil && !d.After.Zero() {
		r.has("disclosure.details.after", d.After.String())
	}
	for _, s := range r.want.Steps {
		for _, q := range s.Requires {
			if s.Step == "release" && q.Wait != nil && strings.HasPrefix(q.Wait.After, "delivered:") {
				r.has("steps.release.requires.wait", q.Wait.For.String())
			}
		}
	}
}

func (r reimport) lines() {
	for _, product := range r.want.Products {
		for _, l := range product.Lines {
			state := ": no"
			if l.Eligible {
				state = ": yes"
			}
			r.has("products.lines", l.Versions+state)
		}
	}
}
