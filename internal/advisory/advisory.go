// Package advisory writes what a project publishes about a vulnerability: one record, one file for each format.
//
// Begin with [Record], which holds all that any format says, and [All], the list of formats. [Check] says what a record
// still lacks; [Feed] and [List] write what announces many records.
//
// To add a format, write NAME.go with one Format, list it in all.go, and run the tests with -update: each document in
// testdata then answers for the new format too.
//
// It never reads a clock, a file or the network, and it never invents: a record goes in, the same bytes come out, and no
// text in a record can become markup, a script or a section that the format did not write itself.
package advisory

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Record is one advisory with everything that a format needs. Casework makes it from the events of a case.
type Record struct {
	ID           cvd.AdvisoryID
	Project      cvd.ProjectID
	ProjectTitle string
	Publisher    Publisher
	Base         string // where the installation is seen by the public: "https://security.example.org"
	Text         cvd.AdvisoryText
	Severity     cvd.Assessment
	Class        string // the severity band as people read it: "Critical"
	Products     []Product
	Timeline     Timeline
	Credits      []cvd.Credit // of those who agreed to be named
	Revisions    []Revision   // oldest first; the last is the edition that is written
	Language     string       // of the text: "en"
	Banner       string       // a word at the top of each page, such as that this is a demonstration; usually empty
}

// Publisher is who answers for the advisories of a project.
type Publisher struct {
	Name      string
	Namespace string // a URL of the project that outlives this installation
	Contact   string
	Category  string // of CSAF: "vendor" unless said otherwise
}

// Product is something the project releases, with what is known of each of its release lines.
type Product struct {
	Name  string
	Title string
	PURL  string // without a version
	Lines []Line
}

// Line is one release line: which of its versions are affected, and the release that ends that.
type Line struct {
	Name     string
	Status   string // affected, fixed, not_affected, exempt
	Affected string // versions, as ">= 1.2.0, < 1.4.3"
	Fixed    string // the version that holds the fix
	Tag      string
	Commit   string
	URL      string
	SHA256   string
}

// Timeline has the five dates of an advisory. They come from events; nobody types them.
type Timeline struct {
	Reported, Confirmed, Fixed, Released, Disclosed time.Time
}

// Revision is one published edition.
type Revision struct {
	Number  int // from 1
	At      time.Time
	Summary string
}

// Format is a way to write an advisory.
type Format struct {
	Name  string              // "csaf", for programs
	Title string              // "CSAF 2.0", for people
	Doc   string              // what it is for
	Type  string              // the media type it is served with
	Path  func(Record) string // where it stands below /p/{project}/

	write func(r Record, all []Format) ([]byte, error)
}

// Write writes the record. The same record gives the same bytes; an error is cvd.Invalid and says what is missing.
func (f Format) Write(r Record) ([]byte, error) {
	return f.write(r.clean(), All)
}

// root is the path below which everything of the project stands, for links within the site.
func (r Record) root() string { return root(r.Base, r.Project) }

func root(base string, project cvd.ProjectID) string {
	path := ""
	if u, err := url.Parse(base); err == nil {
		path = strings.TrimRight(u.EscapedPath(), "/")
	}
	return path + "/p/" + url.PathEscape(string(project)) + "/"
}

// url is the address of a file of the project.
func (r Record) url(path string) string {
	return strings.TrimRight(r.Base, "/") + "/p/" + url.PathEscape(string(r.Project)) + "/" + path
}

// published is the instant at which the first edition became public.
func (r Record) published() time.Time {
	if r.Timeline.Disclosed.IsZero() && len(r.Revisions) > 0 {
		return r.Revisions[0].At.UTC()
	}
	return r.Timeline.Disclosed.UTC()
}

// edited is the instant of the edition that is written.
func (r Record) edited() time.Time {
	if len(r.Revisions) == 0 {
		return r.published()
	}
	return r.Revisions[len(r.Revisions)-1].At.UTC()
}

// fileName is the advisory's id as the name of a file: nothing in it can leave its folder.
func (r Record) fileName() string {
	name := notInFileNames.ReplaceAllString(string(r.ID), "_")
	if name == "" || name[0] == '.' {
		name = "_" + name
	}
	return name
}

var notInFileNames = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// moment is one of the five dates.
type moment struct {
	What string
	At   time.Time
}

// Says is the date as people read it.
func (m moment) Says() string { return cvd.Instant(m.At) }

// Machine is the date as programs read it, empty if there is none.
func (m moment) Machine() string {
	if m.At.IsZero() {
		return ""
	}
	return m.At.UTC().Format(time.RFC3339)
}

func (t Timeline) moments() []moment {
	return []moment{{"Reported", t.Reported}, {"Confirmed", t.Confirmed}, {"Fixed", t.Fixed}, {"Released", t.Released},
		{"Disclosed", t.Disclosed}}
}

// score is the number with the system that gives it and its vector.
func score(a cvd.Assessment) string {
	if !a.Scored {
		return "not applicable"
	}
	text := strconv.FormatFloat(a.Score, 'f', 1, 64)
	var from []string
	if a.System != "" && !strings.HasPrefix(a.Vector, a.System) {
		from = append(from, a.System)
	}
	if a.Vector != "" {
		from = append(from, a.Vector)
	}
	if len(from) > 0 {
		text += " (" + strings.Join(from, ", ") + ")"
	}
	return text
}

// severity is the class as people read it; a project that has no classes says the number.
func (r Record) severity() string {
	if r.Class == "" && r.Severity.Scored {
		return "CVSS " + strconv.FormatFloat(r.Severity.Score, 'f', 1, 64)
	}
	return cmp.Or(r.Class, "not assessed")
}

// links are the references of the text, then the identifiers with their catalogues.
func (r Record) links() []cvd.Link {
	var all []cvd.Link
	for _, l := range r.Text.References {
		if l.Says = cmp.Or(l.Says, l.URL); l.Says != "" {
			all = append(all, l)
		}
	}
	if cveID.MatchString(r.Text.CVE) {
		all = append(all, cvd.Link{Says: r.Text.CVE, URL: "https://www.cve.org/CVERecord?id=" + r.Text.CVE})
	}
	if w, ok := weaknessOf(r.Text.CWE); ok {
		all = append(all, cvd.Link{Says: w.ID + ": " + w.Name, URL: "https://cwe.mitre.org/data/definitions/" + w.ID[4:] + ".html"})
	}
	return all
}

// statements are what the text adds to the affected versions of the release lines.
func (r Record) statements() []string {
	return slices.DeleteFunc(slices.Clone(r.Text.Affected), func(s string) bool { return s == "" })
}

// title is the product as people call it.
func (p Product) title() string { return cmp.Or(p.Title, p.Name) }

// state is the status in words.
func (l Line) state() string {
	switch l.Status {
	case "fixed":
		return "fixed in " + l.Fixed
	case "not_affected":
		return "not affected"
	case "exempt":
		return "affected, will not be fixed"
	}
	return "affected, not fixed yet"
}

// hurt says whether some versions of the line are affected.
func (l Line) hurt() bool { return l.Status != "not_affected" }

// versions are the versions affected as people read them, and the name of the line where nobody stated them.
func (l Line) versions() string {
	switch {
	case l.Affected != "":
		return l.Affected
	case l.Fixed != "" && l.Status == "fixed":
		return strings.TrimSpace(l.Name + " before " + l.Fixed)
	}
	return l.Name
}
