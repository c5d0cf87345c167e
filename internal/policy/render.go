package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Output is one written form of a policy. A form is a file of its own, render_NAME.go, and a line in outputs.
type Output struct {
	Name string // what it is asked for by: "security.md"
	Path string // where it lies among the others
	Says string // what it is

	write func(s *sheet) []byte // nothing, if this policy has no such thing to say
}

// outputs are all written forms, in the order in which they are listed.
var outputs = []Output{
	{"security.md", "SECURITY.md", "the policy for whoever reports, to keep beside the code", securityMD},
	{"gitbook", "gitbook/security.md", "the same as a page of a documentation site made with GitBook", gitbookMD},
	{"security.txt", ".well-known/security.txt", "where to report, for programs (RFC 9116)", securityTXT},
	{"process", "process.md", "the whole process, with an anchor for each clause", processMD},
	{"form", "form.md", "what the report form asks", formMD},
	{"template", "report.md", "the report as a template to fill in", reportMD},
	{"github-issue", ".github/ISSUE_TEMPLATE/security.yml", "the form for public issues on GitHub", githubForm},
	{"github-config", ".github/ISSUE_TEMPLATE/config.yml", "where the issue chooser of GitHub sends people", forgeLinks},
	{"gitea-issue", ".gitea/issue_template/security.yml", "the form for public issues on Gitea and Forgejo", giteaForm},
	{"gitea-config", ".gitea/issue_template/config.yml", "where the issue chooser of Gitea and Forgejo sends people", forgeLinks},
	{"rfc2350", "rfc2350.md", "the team in the form that RFC 2350 asks for", rfc2350MD},
	{"safe-harbour", "safe-harbour.md", "what is asked of those who look, and promised to them", harbourMD},
	{"advisory", "advisory-template.md", "what an advisory says, to fill in", advisoryMD},
	{"resources", "resources.md", "what is worth reading, and who helps", resourcesMD},
}

// Outputs are all written forms of a policy.
func Outputs() []Output { return slices.Clone(outputs) }

// Copy is what written forms need besides the document.
type Copy struct {
	People  map[string]string // the roster: who is there, by handle, with the name that is shown; nil: the document's own people count
	Base    string            // address of the installation, without a slash at its end; empty: there is none
	Expires time.Time         // when its security.txt does
	CSAF    string            // where the metadata of its CSAF documents are; empty: there are none
}

// Render writes a form of the policy; it is empty where the policy has no such thing to say. Whoever is not there any more is
// named in none.
func (p *Policy) Render(name string, c Copy) ([]byte, error) {
	for _, o := range outputs {
		if o.Name == name {
			return o.write(p.sheet(c)), nil
		}
	}
	return nil, fmt.Errorf("there is no written form %q", name)
}

// Stamped says whether a text bears the stamp of a written form of some policy, and so may be written anew.
func Stamped(text []byte) bool { return strings.Contains(string(text), stampWords) }

const stampWords = "printed from the document that the project's cases are bound by"

// stamp names the policy and its version, or where nobody counts versions its content, so that two copies can be told apart.
func (s *sheet) stamp() string {
	which := ""
	switch {
	case s.p.Version > 0:
		which = fmt.Sprintf(", version %d", s.p.Version)
	case len(s.p.flat) > 0:
		which = ", SHA-256 " + digestOf(s.p.flat)
	}
	return fmt.Sprintf("This is the policy %s%s, %s.", s.d.Policy, which, stampWords)
}

// digestOf is short enough for people to compare, and long enough that no two editions share it.
func digestOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// sheet is a policy while it is written: its document with the people that are there.
type sheet struct {
	p *Policy
	d *Document
	Copy
}

func (p *Policy) sheet(c Copy) *sheet {
	s := &sheet{p: p, d: &p.Document, Copy: c}
	if p.raw != nil && c.People != nil {
		s.d = p.named(s)
	}
	return s
}

// place is where the installation has the project, empty if there is no installation.
func (s *sheet) place() string {
	if s.Base == "" {
		return ""
	}
	return s.Base + "/p/" + s.d.Policy
}

// formURL is where the report form is.
func (s *sheet) formURL() string {
	if s.Base == "" {
		return ""
	}
	return s.place() + "/report"
}
