package advisory

import (
	"bytes"
	"cmp"
	_ "embed"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// ListPath and FeedPath are where the list and the feed stand below /p/{project}/.
const (
	ListPath = "advisories/index.html"
	FeedPath = "advisories/feed.atom"
)

// FeedInfo is what the list and the feed say of a project before the first advisory.
type FeedInfo struct {
	Project      cvd.ProjectID
	ProjectTitle string
	Publisher    Publisher
	Base         string
	Language     string
	Banner       string    // a word at the top of each page, as in a record
	Since        time.Time // when the project began to publish here; it never changes
}

//go:embed list.html
var listText string

var listPage = template.Must(template.New("list.html").Parse(listText))

// listDocument is what list.html shows.
type listDocument struct {
	Banner                                               string
	Language, ProjectTitle, Style, Canonical, Home, Feed string
	Rows                                                 []listRow
	Publisher                                            string
	Contact                                              cvd.Link
}

type listRow struct {
	Link, ID, Title, Severity, SeverityClass, CVE string
	Published                                     moment
}

// List writes the page with all advisories of a project, the newest first.
func List(info FeedInfo, records []Record) ([]byte, error) {
	r := info.record()
	root := r.root()
	d := listDocument{
		Language: language(r.Language), Banner: info.Banner, ProjectTitle: r.projectTitle(), Style: stylesheet(root), Canonical: r.url(ListPath),
		Home: root, Feed: root + FeedPath, Publisher: cmp.Or(r.Publisher.Name, r.projectTitle()), Contact: webLink(r.Publisher.Contact, r.Publisher.Contact),
	}
	for _, r := range newestFirst(records, Record.published) {
		d.Rows = append(d.Rows, listRow{Link: root + pagePath(r), ID: string(r.ID), Title: r.Text.Title, Severity: r.severity(),
			SeverityClass: severityClass(r.Severity.Class), CVE: r.Text.CVE, Published: moment{At: r.published()}})
	}
	var b bytes.Buffer
	if err := listPage.Execute(&b, d); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// record lends the project what a record knows how to do.
func (f FeedInfo) record() Record {
	return Record{Project: f.Project, ProjectTitle: f.ProjectTitle, Publisher: f.Publisher, Base: f.Base, Language: f.Language}.clean()
}

// newestFirst cleans and sorts the records; those of one instant are in the order of their ids.
func newestFirst(records []Record, at func(Record) time.Time) []Record {
	all := make([]Record, 0, len(records))
	for _, r := range records {
		all = append(all, r.clean())
	}
	slices.SortStableFunc(all, func(a, b Record) int {
		return cmp.Or(at(b).Compare(at(a)), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// tag makes a name that stays when the installation moves: RFC 4151, with the project's own domain as the authority and a
// day on which it was the project's.
func tag(p Publisher, day time.Time, specific string) string {
	authority := "unnamed.invalid"
	if u, err := url.Parse(p.Namespace); err == nil && host.MatchString(u.Hostname()) {
		authority = strings.ToLower(u.Hostname())
	}
	return "tag:" + authority + "," + day.UTC().Format("2006-01-02") + ":" + specific
}
