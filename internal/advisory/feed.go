package advisory

import (
	"cmp"
	"encoding/xml"
	"net/url"
	"strings"
	"time"
)

// The elements of RFC 4287 that we write.
type (
	atomFeed struct {
		XMLName   xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang      string      `xml:"xml:lang,attr"`
		ID        string      `xml:"id"`
		Title     string      `xml:"title"`
		Updated   string      `xml:"updated"`
		Author    atomPerson  `xml:"author"`
		Links     []atomLink  `xml:"link"`
		Generator string      `xml:"generator"`
		Entries   []atomEntry `xml:"entry"`
	}
	atomPerson struct {
		Name string `xml:"name"`
		URI  string `xml:"uri,omitempty"`
	}
	atomLink struct {
		Rel   string `xml:"rel,attr"`
		Type  string `xml:"type,attr"`
		Href  string `xml:"href,attr"`
		Title string `xml:"title,attr,omitempty"`
	}
	atomEntry struct {
		ID        string        `xml:"id"`
		Title     string        `xml:"title"`
		Updated   string        `xml:"updated"`
		Published string        `xml:"published"`
		Links     []atomLink    `xml:"link"`
		Category  *atomCategory `xml:"category"`
		Summary   atomText      `xml:"summary"`
	}
	atomCategory struct {
		Term  string `xml:"term,attr"`
		Label string `xml:"label,attr"`
	}
	atomText struct {
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	}
)

// Feed writes the Atom feed of a project (RFC 4287). Ids never change, and the dates are those of the records: a feed
// that says nothing new has the same bytes.
func Feed(info FeedInfo, records []Record) ([]byte, error) {
	r := info.record()
	all := newestFirst(records, Record.edited)
	f := atomFeed{
		Lang:    language(r.Language),
		ID:      tag(r.Publisher, info.Since, url.PathEscape(string(r.Project))+"/advisories"),
		Title:   "Security advisories of " + r.projectTitle(),
		Updated: atomTime(info.Since),
		Author:  atomPerson{Name: cmp.Or(r.Publisher.Name, r.projectTitle(), "unnamed")},
		Links: []atomLink{
			{Rel: "self", Type: "application/atom+xml", Href: r.url(FeedPath)},
			{Rel: "alternate", Type: "text/html", Href: r.url(ListPath)},
		},
		Generator: "Tipstaff",
	}
	if uri, ok := web(r.Publisher.Namespace); ok {
		f.Author.URI = uri
	}
	if len(all) > 0 && all[0].edited().After(info.Since) {
		f.Updated = atomTime(all[0].edited())
	}
	for _, r := range all {
		f.Entries = append(f.Entries, entry(r))
	}
	b, err := xml.MarshalIndent(f, "", "  ")
	if err != nil {
		return nil, err
	}
	return append([]byte(xml.Header), append(b, '\n')...), nil
}

func entry(r Record) atomEntry {
	e := atomEntry{
		ID:        tag(r.Publisher, r.published(), url.PathEscape(string(r.Project))+"/"+url.PathEscape(string(r.ID))),
		Title:     r.heading(),
		Updated:   atomTime(r.edited()),
		Published: atomTime(r.published()),
		Summary:   atomText{Type: "html", Text: string(paragraphs(r.Text.Summary))},
	}
	for _, format := range All {
		rel := "related"
		if format.Name == html.Name {
			rel = "alternate"
		}
		media, _, _ := strings.Cut(format.Type, ";")
		e.Links = append(e.Links, atomLink{Rel: rel, Type: media, Href: r.url(format.Path(r)), Title: format.Title})
	}
	if class := slug(r.Severity.Class); class != "" {
		e.Category = &atomCategory{Term: class, Label: r.severity()}
	}
	return e
}

func atomTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }
