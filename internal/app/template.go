package app

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/policies"
)

// DefaultTemplate is the process for a project that has none: the document that Fill makes a project's own.
const DefaultTemplate = "default"

// Template is a document of the gallery by its name; there is none if it says so.
func Template(name string) (text []byte, there bool) {
	text, err := fs.ReadFile(policies.Files, name+".yaml")
	return text, err == nil
}

// Templates are the names of the gallery's policies, the default first. An overlay is none that a project could begin with.
func Templates() []string {
	names := []string{DefaultTemplate}
	files, _ := fs.Glob(policies.Files, "*.yaml") // the pattern is sound
	for _, f := range files {
		name := strings.TrimSuffix(f, ".yaml")
		text, _ := Template(name) // it was just listed
		if name != DefaultTemplate && !bytes.HasPrefix(text, []byte("overlay:")) {
			names = append(names, name)
		}
	}
	return names
}

// Blanks are what the default document needs to know of a project. What is empty below Mail is left out of the document.
type Blanks struct {
	ID          cvd.ProjectID
	Title       string
	Prefix      string // of ids of cases; empty: made of the id
	Mail        string // that several people read
	Repository  string // web address of the code; the tracker and the package URL follow from it
	PURL        string // instead of the one that follows
	Maintainers []cvd.ActorID
}

// forms are what blanks may look like, so that no blank changes what stands around it in the document.
var forms = []struct {
	flag  string
	of    func(Blanks) string
	form  *regexp.Regexp
	wants string
}{
	{"id", func(b Blanks) string { return string(b.ID) }, regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`), "lower-case letters, digits and dashes, like my-project"},
	{"title", func(b Blanks) string { return b.Title }, regexp.MustCompile(`^[\pL\pN][\pL\pN .,_+'&()/-]{0,79}$`), "one line of letters and digits; the rest can be changed in the document"},
	{"prefix", func(b Blanks) string { return b.Prefix }, regexp.MustCompile(`^[A-Z][A-Z0-9]{0,11}$`), "up to 12 capital letters and digits, like MYP"},
	{"mail", func(b Blanks) string { return b.Mail }, regexp.MustCompile(`^[A-Za-z0-9][^@\s<>"'#:,\[\]{}]*@[^@\s<>"'#:,\[\]{}]+\.[A-Za-z0-9]+$`), "a mail address, like security@example.org"},
	{"repository", func(b Blanks) string { return b.Repository }, regexp.MustCompile(`^(https?://[A-Za-z0-9][A-Za-z0-9._:/~-]+)?$`), "a web address, like https://github.com/example/project"},
	{"purl", func(b Blanks) string { return b.PURL }, regexp.MustCompile(`^(pkg:[a-z][a-z0-9.+-]*/[A-Za-z0-9._~%/@+?=&-]+)?$`), "a package URL, like pkg:golang/example.org/m"},
}

var handle = regexp.MustCompile(`^[a-z][a-z0-9._-]{0,39}$`)

// Fill makes the default document that of a project. A blank that does not fit is Invalid, with its name as the field.
func Fill(b Blanks) ([]byte, error) {
	if b.Prefix == "" {
		b.Prefix = prefixOf(b.ID)
	}
	for _, f := range forms {
		if text := f.of(b); !f.form.MatchString(text) {
			return nil, cvd.Fieldf("/"+f.flag, "%s %q: write %s", f.flag, text, f.wants)
		}
	}
	if len(b.Maintainers) == 0 {
		return nil, cvd.Fieldf("/maintainers", "name a maintainer: somebody must be alarmed")
	}
	var handles []string
	for _, h := range b.Maintainers {
		if !handle.MatchString(string(h)) {
			return nil, cvd.Fieldf("/maintainers", "%q is no handle: write lower-case letters, digits, dots and dashes, like anna", h)
		}
		handles = append(handles, string(h))
	}
	document, _ := Template(DefaultTemplate)
	text := string(document)
	b.Repository = strings.TrimRight(b.Repository, "/")
	if b.PURL == "" {
		b.PURL = purlOf(b)
	}
	if b.Repository == "" {
		text = without(text, "website:", "  - name: bug")
	}
	return []byte(strings.NewReplacer(
		"policy: default\n", "policy: "+string(b.ID)+"\n", "prefix: EX\n", "prefix: "+b.Prefix+"\n",
		"Example Project", b.Title, "security@example.org", b.Mail, "[maintainer-1]", "["+strings.Join(handles, ", ")+"]",
		"https://example.org/example-project", b.Repository, "pkg:generic/example-project", b.PURL, "example-project", string(b.ID),
	).Replace(text)), nil
}

func prefixOf(id cvd.ProjectID) string {
	letters := strings.ToUpper(strings.ReplaceAll(string(id), "-", ""))
	return letters[:min(len(letters), 12)]
}

// purlOf is the package URL of the repository itself: a type of its own where there is one for its host.
func purlOf(b Blanks) string {
	u, err := url.Parse(b.Repository)
	path := ""
	if err == nil {
		path = strings.ToLower(strings.Trim(u.Path, "/"))
	}
	if hosts := []string{"github.com", "bitbucket.org"}; err == nil && slices.Contains(hosts, u.Host) && strings.Count(path, "/") == 1 {
		kind, _, _ := strings.Cut(u.Host, ".")
		return fmt.Sprintf("pkg:%s/%s", kind, path)
	}
	return "pkg:generic/" + string(b.ID)
}

// without leaves out lines of a document that begin so, each with what is indented below it.
func without(text string, starts ...string) string {
	var out strings.Builder
	indent := -1 // of the line that is left out, while what hangs on it follows
	for line := range strings.Lines(text) {
		deep := len(line) - len(strings.TrimLeft(line, " "))
		if indent >= 0 && deep > indent {
			continue
		}
		indent = -1
		if slices.ContainsFunc(starts, func(start string) bool { return strings.HasPrefix(line, start) }) {
			indent = deep
			continue
		}
		out.WriteString(line)
	}
	return out.String()
}
