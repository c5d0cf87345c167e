package policies_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
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
		text, err := policies.Files.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		p, err := policy.Read(f.Name(), text, policies.Files.ReadFile)
		if err != nil {
			t.Fatal(err)
		}
		if p.Overlay() {
			continue // it is no page of its own
		}
		t.Run(f.Name(), func(t *testing.T) {
			r := readBack(t, p, addresses(&p.Document))
			r.classes()
			r.clocks()
			r.waits()
			r.publication()
			r.contacts()
			r.lines()
			if t.Failed() {
				t.Logf("how to see it again: tipstaff policy render policies/%s | tipstaff policy import --format text -", f.Name())
			}
		})
	}
}

// TestPeopleReadBackFromTheirTable reads the same people where each is there with a handle of every service.
func TestPeopleReadBackFromTheirTable(t *testing.T) {
	for _, name := range []string{"juno.yaml", "django.yaml", "curl.yaml"} {
		t.Run(name, func(t *testing.T) {
			p := gallery(t, name)
			shown := map[string]string{}
			p.Document.People = nil
			for i, handle := range people(&p.Document) {
				shown[handle] = ""
				if slices.ContainsFunc(p.Document.People, func(m policy.Member) bool { return m.Name == handle }) {
					continue
				}
				p.Document.People = append(p.Document.People, policy.Member{Name: handle, Title: "Person " + strconv.Itoa(i), Reach: []policy.Handle{
					{Service: "mail", Is: handle + "@harbour.example"}, {Service: "discord", Is: handle}, {Service: "telegram", Is: "@" + handle},
					{Service: "matrix", Is: "@" + handle + ":harbour.example"}, {Service: "signal", Is: handle + ".42"}, {Service: "phone", Is: "+49 30 12345-" + strconv.Itoa(i)}}})
			}
			r := readBack(t, p, shown)
			for clause, handles := range map[string][]string{"contacts.alarm": r.want.Contacts.Alarm, "contacts.nudge": r.want.Contacts.Nudge} {
				for _, handle := range handles {
					i := slices.IndexFunc(r.want.People, func(m policy.Member) bool { return m.Name == handle })
					for _, h := range r.want.People[i].Reach {
						r.contact(clause, r.want.People[i].Title, h.Is)
					}
				}
			}
		})
	}
}

// readBack renders a policy and reads what people see of it.
func readBack(t *testing.T, p *policy.Policy, shown map[string]string) reimport {
	t.Helper()
	page := unseen.ReplaceAllString(string(p.SecurityMD(shown, "https://security.example.org")), "")
	draft, err := prose.Import("SECURITY.md", []byte(page))
	if err != nil {
		t.Fatal(err)
	}
	r := reimport{t, &p.Document, draft, map[string]string{}}
	for _, s := range draft.Of("severity.classes") {
		if s.Kind == "class" {
			r.named[strings.ToLower(s.Title)] = strings.TrimPrefix(s.Clause, "severity.classes.")
		}
	}
	return r
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
	// named are the classes that were read, by title in lower case: a page shows no other name of them.
	named map[string]string
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

// clocks wants each promise back under the title that the page gives it, and no other.
func (r reimport) clocks() {
	for _, c := range r.want.Clocks {
		if !c.AtLeast.Zero() {
			r.promise(c.Title, "at_least", "", c.AtLeast.String())
		}
		for field, times := range map[string]*policy.Within{"target": c.Target, "within": c.Within, "reminder": c.Reminder} {
			if times == nil {
				r.none(c.Title, field)
				continue
			}
			if times.ByClass == nil && times.Event == nil {
				r.promise(c.Title, field, "", times.All.String())
			}
			for _, class := range r.want.Severity.Classes {
				name := r.named[strings.ToLower(class.Title)]
				if d, ok := times.ByClass[class.Name]; ok {
					r.promise(c.Title, field, name, d.String())
				}
				if event := times.Event[class.Name]; event != "" {
					r.promise(c.Title, field, name, event)
				}
			}
		}
		if c.Extend != nil {
			r.promise(c.Title, "extend.by", "", c.Extend.By.String())
		}
	}
}

// promise wants one time of a clock and no other; empty for the class means every class, or the promise as a whole.
func (r reimport) promise(title, field, class, value string) {
	r.Helper()
	found := false
	for _, s := range r.promised(title, field) {
		if class != "" && !strings.HasSuffix(s.Clause, "."+class) {
			continue
		}
		same := s.Value == value || sameTime(s.Value, value)
		found = found || same
		if !same {
			r.Errorf("%s: %s for class %q is %s, and is read back as %s = %s", title, field, class, value, s.Clause, s.Value)
		}
	}
	if !found {
		r.Errorf("%s: %s for class %q is %s, and is not read back", title, field, class, value)
	}
}

// none wants no such time of a clock.
func (r reimport) none(title, field string) {
	r.Helper()
	for _, s := range r.promised(title, field) {
		r.Errorf("%s has no %s, and %s = %s is read back", title, field, s.Clause, s.Value)
	}
}

func (r reimport) promised(title, field string) []prose.Statement {
	return slices.DeleteFunc(r.got.Of("clocks"), func(s prose.Statement) bool {
		return s.Title != title || !strings.Contains(s.Clause+".", "."+field+".")
	})
}

// waits wants those before a step under the title of its stage.
func (r reimport) waits() {
	for _, stage := range r.want.Stages {
		for _, s := range r.want.Steps {
			for _, q := range s.Requires {
				if s.Step != stage.Step || q.Wait == nil {
					continue
				}
				if !slices.ContainsFunc(r.got.Of("steps"), func(s prose.Statement) bool {
					return s.Title == stage.Title && sameTime(s.Value, q.Wait.For.String())
				}) {
					r.Errorf("the wait of %s before %s is not read back", q.Wait.For, stage.Title)
				}
			}
		}
	}
}

// people are those who are alarmed and those who may be reminded.
func people(d *policy.Document) []string {
	return append(slices.Clone(d.Contacts.Alarm), d.Contacts.Nudge...)
}

// addresses are those that people of the roster are shown with.
func addresses(d *policy.Document) map[string]string {
	shown := map[string]string{}
	for _, handle := range people(d) {
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

// contact wants an address of somebody.
func (r reimport) contact(clause, title, address string) {
	r.Helper()
	if !slices.ContainsFunc(r.got.Of(clause), func(s prose.Statement) bool { return s.Title == title && s.Value == address }) {
		r.Errorf("%s: %s of %s is not read back", clause, address, title)
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
	if x := r.want.Advisory.Identifiers; x != nil && !x.Patience.Zero() {
		r.has("advisory.identifiers.patience", x.Patience.String())
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
