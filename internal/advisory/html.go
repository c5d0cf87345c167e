package advisory

import (
	"bytes"
	"cmp"
	_ "embed"
	"html/template"
	"regexp"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

//go:embed advisory.html
var advisoryText string

var advisoryPage = template.Must(template.New("advisory.html").Parse(advisoryText))

var html = Format{
	Name:  "html",
	Title: "HTML",
	Doc:   "A page for people: no script, nothing from other hosts, readable on paper and by a screen reader.",
	Type:  "text/html; charset=utf-8",
	Path:  pagePath,
	write: writeHTML,
}

// creditedName is somebody who is thanked, and for what.
type creditedName struct{ Name, Role string }

// htmlDocument is what advisory.html shows.
type htmlDocument struct {
	Language, Heading, ProjectTitle, Style, Canonical, Home, List string
	ID, Title, Banner                                             string
	Published                                                     moment
	Updated                                                       *moment
	Severity, SeverityClass, Score, CVE, Weakness                 string
	Summary, Impact, Resolution, Mitigation                       template.HTML
	Rows                                                          []htmlRow
	Affected                                                      []string
	Releases, References                                          []cvd.Link
	Timeline, Revisions                                           []moment
	Credits                                                       []creditedName
	Publisher                                                     string
	Contact                                                       cvd.Link
	Others                                                        []htmlOther
}

type htmlRow struct{ Class, Product, Line, Versions, State string }

// htmlOther is the same advisory in another format.
type htmlOther struct{ Title, Type, Link string }

func writeHTML(r Record, all []Format) ([]byte, error) {
	root := r.root()
	d := htmlDocument{
		Language: language(r.Language), ProjectTitle: r.projectTitle(), Style: stylesheet(root),
		Canonical: r.url(pagePath(r)), Home: root, List: root + ListPath,
		ID: string(r.ID), Banner: r.Banner, Title: cmp.Or(r.Text.Title, string(r.ID)), Heading: r.heading(),
		Published: moment{At: r.published()}, Severity: r.severity(), SeverityClass: severityClass(r.Severity.Class),
		Score: score(r.Severity), CVE: r.Text.CVE, Weakness: r.Text.CWE,
		Summary: paragraphs(r.Text.Summary), Impact: paragraphs(r.Text.Impact),
		Resolution: paragraphs(r.Text.Resolution), Mitigation: paragraphs(r.Text.Mitigation),
		Affected: r.statements(), Timeline: r.Timeline.moments(),
		Publisher: cmp.Or(r.Publisher.Name, r.projectTitle()), Contact: webLink(r.Publisher.Contact, r.Publisher.Contact),
	}
	if r.edited().After(r.published()) {
		d.Updated = &moment{At: r.edited()}
	}
	if w, ok := weaknessOf(r.Text.CWE); ok {
		d.Weakness = w.ID + ": " + w.Name
	}
	for _, p := range r.Products {
		for _, l := range p.Lines {
			d.Rows = append(d.Rows, htmlRow{Class: slug(l.Status), Product: p.title(), Line: l.Name, Versions: l.versions(), State: l.state()})
			if l.Status == "fixed" {
				d.Releases = append(d.Releases, webLink(release(p, l), l.URL))
			}
		}
	}
	for _, l := range r.links() {
		d.References = append(d.References, webLink(l.Says, l.URL))
	}
	for _, c := range r.Credits {
		d.Credits = append(d.Credits, creditedName{c.Name, strings.ReplaceAll(c.Role, "_", " ")})
	}
	for _, e := range r.Revisions {
		d.Revisions = append(d.Revisions, moment{What: e.Summary, At: e.At})
	}
	for _, f := range all {
		if path := f.Path(r); path != pagePath(r) {
			d.Others = append(d.Others, htmlOther{Title: f.Title, Type: f.Type, Link: root + path})
		}
	}
	var b bytes.Buffer
	if err := advisoryPage.Execute(&b, d); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func pagePath(r Record) string { return "advisories/" + r.fileName() + ".html" }

// heading names the advisory in one line.
func (r Record) heading() string {
	if r.Text.Title == "" {
		return string(r.ID)
	}
	return string(r.ID) + ": " + r.Text.Title
}

func (r Record) projectTitle() string { return cmp.Or(r.ProjectTitle, string(r.Project)) }

// paragraphs is a long text as HTML.
func paragraphs(markdown string) template.HTML {
	return cmp.Or(rendered(markdown), "<p>Nothing is stated.</p>")
}

// webLink keeps the address only if a reader may safely follow it.
func webLink(says, address string) cvd.Link {
	to, ok := web(address)
	if !ok && address != "" && says != address {
		says += ": " + address
	}
	return cvd.Link{Says: cmp.Or(says, address), URL: to}
}

// stylesheet is the one of the whole site.
func stylesheet(root string) string {
	installation, _, _ := strings.Cut(root, "/p/")
	return installation + "/static/tipstaff.css"
}

// language is a plain language tag of BCP 47, "en" for whatever is none.
func language(tag string) string {
	if plainLanguage.MatchString(tag) {
		return tag
	}
	return "en"
}

// severityClass is for the stylesheet: "severity severity-critical".
func severityClass(class string) string {
	if slug(class) == "" {
		return "severity"
	}
	return "severity severity-" + slug(class)
}

func slug(s string) string {
	return strings.Trim(notInClasses.ReplaceAllString(strings.ToLower(s), "-"), "-")
}

var (
	plainLanguage = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z]{2})?$`)
	notInClasses  = regexp.MustCompile(`[^a-z0-9]+`)
)
