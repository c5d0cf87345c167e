package app_test

import (
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// TestTheDefaultProcessBecomesAProjectsOwn: whatever a project tells of itself, the document that it gets is sound, has no
// finding, and speaks of nobody else.
func TestTheDefaultProcessBecomesAProjectsOwn(t *testing.T) {
	for name, c := range map[string]struct {
		blanks app.Blanks
		has    map[string]string // clauses and what stands there
		not    []string          // clauses
	}{
		"everything": {app.Blanks{ID: "acme-widget", Title: "Acme, Größe & Söhne's (Ltd.)", Prefix: "ACW", Mail: "security@acme.test",
			Repository: "https://github.com/Acme/Widget/", PURL: "pkg:npm/%40acme/widget@1", Maintainers: []cvd.ActorID{"anna", "ben"}},
			map[string]string{"policy": "acme-widget", "title": "Acme, Größe & Söhne's (Ltd.)", "prefix": "ACW", "website": "https://github.com/Acme/Widget",
				"products.acme-widget.purl": "pkg:npm/%40acme/widget@1", "kinds.bug.url": "https://github.com/Acme/Widget/issues", "contacts.alarm": "anna ben", "contacts.mail": "security@acme.test"}, nil},
		"no more than must be": {app.Blanks{ID: "a", Title: "42", Mail: "s@a.test", Maintainers: []cvd.ActorID{"anna"}},
			map[string]string{"title": "42", "prefix": "A", "products.a.purl": "pkg:generic/a"}, []string{"website", "kinds.bug"}},
		"a package URL that follows from the repository": {app.Blanks{ID: "very-long-name-of-a-project", Title: "true", Mail: "s@a.test",
			Repository: "https://github.com/Acme/Widget", Maintainers: []cvd.ActorID{"anna"}},
			map[string]string{"title": "true", "prefix": "VERYLONGNAME", "products.very-long-name-of-a-project.purl": "pkg:github/acme/widget"}, nil},
		"a repository elsewhere": {app.Blanks{ID: "a", Title: "A", Mail: "s@a.test", Repository: "https://git.a.test/widget", Maintainers: []cvd.ActorID{"anna"}},
			map[string]string{"products.a.purl": "pkg:generic/a", "website": "https://git.a.test/widget"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := app.Fill(c.blanks)
			if err != nil {
				t.Fatal(err)
			}
			p, err := policy.Read("filled.yaml", text)
			if err != nil {
				t.Fatalf("%v in:\n%s", err, text)
			}
			if found := policy.Lint(p); len(found) > 0 {
				t.Errorf("findings: %v", found)
			}
			d := p.Document
			got := map[string]string{"policy": d.Policy, "title": d.Title, "prefix": d.Prefix, "website": d.Website, "contacts.alarm": strings.Join(d.Contacts.Alarm, " "),
				"contacts.mail": d.Contacts.Mail, "products." + d.Products[0].Name + ".purl": d.Products[0].PURL}
			for _, k := range d.Kinds {
				got["kinds."+k.Name+".url"] = k.URL
			}
			for clause, want := range c.has {
				if got[clause] != want {
					t.Errorf("%s is %q, want %q", clause, got[clause], want)
				}
			}
			for _, clause := range c.not {
				if p.Has(clause) {
					t.Errorf("%s is there, and nobody told it", clause)
				}
			}
			if page := strings.ToLower(string(p.SecurityMD(nil, "https://s.test"))); strings.Contains(page, "example") || !strings.Contains(page, strings.ToLower(c.blanks.Title)) {
				t.Errorf("it speaks of another project:\n%s", page)
			}
		})
	}
}

// No project begins with an overlay, which says nothing but what a law asks for besides.
func TestTemplatesAreWholePolicies(t *testing.T) {
	for _, name := range app.Templates() {
		text, there := app.Template(name)
		if !there {
			t.Fatalf("%s is offered and not there", name)
		}
		if p, err := policy.Read(name+".yaml", text, app.Beside("")); err != nil || p.Overlay() {
			t.Errorf("%s is offered, and cannot be in force: %v", name, err)
		}
	}
	if _, there := app.Template("eu-cra"); !there {
		t.Error("the overlay that this is about is gone")
	}
}
