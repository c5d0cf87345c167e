package advisory_test

import (
	"encoding/xml"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/internal/advisory"
)

// feed is what a reader of RFC 4287 looks for.
type feed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	ID      []string `xml:"http://www.w3.org/2005/Atom id"`
	Title   []string `xml:"http://www.w3.org/2005/Atom title"`
	Updated []string `xml:"http://www.w3.org/2005/Atom updated"`
	Author  []struct {
		Name []string `xml:"http://www.w3.org/2005/Atom name"`
	} `xml:"http://www.w3.org/2005/Atom author"`
	Links   []link  `xml:"http://www.w3.org/2005/Atom link"`
	Entries []entry `xml:"http://www.w3.org/2005/Atom entry"`
}

type entry struct {
	ID        []string `xml:"http://www.w3.org/2005/Atom id"`
	Title     []string `xml:"http://www.w3.org/2005/Atom title"`
	Updated   []string `xml:"http://www.w3.org/2005/Atom updated"`
	Published []string `xml:"http://www.w3.org/2005/Atom published"`
	Links     []link   `xml:"http://www.w3.org/2005/Atom link"`
	Summary   []struct {
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	} `xml:"http://www.w3.org/2005/Atom summary"`
}

type link struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

func readFeed(t testing.TB, info advisory.FeedInfo, records ...advisory.Record) feed {
	t.Helper()
	b, err := advisory.Feed(info, records)
	if err != nil {
		t.Fatal(err)
	}
	var f feed
	if err := xml.Unmarshal(b, &f); err != nil {
		t.Fatalf("read the feed: %v\n%s", err, b)
	}
	return f
}

func TestFeedKeepsTheMustsOfRFC4287(t *testing.T) {
	for _, s := range stories(t) {
		t.Run(s.name, func(t *testing.T) {
			f := readFeed(t, info(s.record), s.record)
			if len(f.Author) != 1 || len(f.Author[0].Name) != 1 || f.Author[0].Name[0] == "" {
				t.Errorf("4.1.1: a feed without authors in its entries has one: %v", f.Author)
			}
			one(t, "feed", f.ID, f.Title, f.Updated)
			rels(t, f.Links, "self", "alternate")
			ids := map[string]bool{}
			for _, e := range f.Entries {
				one(t, "entry", e.ID, e.Title, e.Updated)
				rels(t, e.Links, "alternate", "related", "related", "related")
				if ids[e.ID[0]] {
					t.Errorf("4.1.1: the id %s stands twice", e.ID[0])
				}
				ids[e.ID[0]] = true
				if len(e.Summary) != 1 || e.Summary[0].Type != "html" || strings.Contains(e.Summary[0].Text, "<script") {
					t.Errorf("4.2.13: the summary is %v", e.Summary)
				}
			}
		})
	}
}

// one wants exactly one id, which is an absolute IRI, one title and one date of RFC 3339.
func one(t *testing.T, what string, id, title, updated []string) {
	t.Helper()
	if len(id) != 1 || len(title) != 1 || len(updated) != 1 {
		t.Fatalf("4.1.1, 4.1.2: the %s has ids %q, titles %q, dates %q", what, id, title, updated)
	}
	if u, err := url.Parse(id[0]); err != nil || !u.IsAbs() {
		t.Errorf("4.2.6: the id %q is no absolute IRI", id[0])
	}
	if _, err := time.Parse(time.RFC3339, updated[0]); err != nil {
		t.Errorf("3.3: %v", err)
	}
}

// rels wants these relations, each with an absolute address and a media type.
func rels(t *testing.T, links []link, want ...string) {
	t.Helper()
	var got []string
	for _, l := range links {
		got = append(got, l.Rel)
		if u, err := url.Parse(l.Href); err != nil || !u.IsAbs() || !strings.Contains(l.Type, "/") || strings.Contains(l.Type, ";") {
			t.Errorf("4.2.7: the link %+v", l)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("relations (-want +got):\n%s", diff)
	}
}

func TestAnEntryKeepsItsIdThroughEditionsAndMoves(t *testing.T) {
	r := storyOf(t, "juno").record
	before := readFeed(t, info(r), r).Entries[0]
	r.Base = "https://elsewhere.example"
	r.Text.Title = "Another title"
	r.Revisions = append(slices.Clone(r.Revisions), advisory.Revision{Number: 2, At: r.Revisions[0].At.Add(48 * time.Hour), Summary: "More"})
	after := readFeed(t, info(r), r).Entries[0]
	if before.ID[0] != after.ID[0] || before.Published[0] != after.Published[0] {
		t.Errorf("the entry was %s of %s and is now %s of %s", before.ID[0], before.Published[0], after.ID[0], after.Published[0])
	}
	if before.Updated[0] != "2026-03-11T15:30:00Z" || after.Updated[0] != "2026-03-13T15:30:00Z" {
		t.Errorf("the second edition is of %s, the first of %s", after.Updated[0], before.Updated[0])
	}
}

func TestFeedAndListDoNotDependOnTheOrderOfTheRecords(t *testing.T) {
	a, b, c := storyOf(t, "juno").record, storyOf(t, "juno").record, storyOf(t, "juno").record
	b.ID, b.Timeline.Disclosed = "JUNO-SA-2026-004", b.Timeline.Disclosed.Add(time.Hour)
	b.Revisions = []advisory.Revision{{Number: 1, At: b.Timeline.Disclosed, Summary: "Published"}}
	c.ID = "JUNO-SA-2026-002"
	var ids []string
	for _, e := range readFeed(t, info(a), a, b, c).Entries {
		ids = append(ids, e.ID[0][strings.LastIndex(e.ID[0], "/")+1:])
	}
	if diff := cmp.Diff([]string{"JUNO-SA-2026-004", "JUNO-SA-2026-002", "JUNO-SA-2026-003"}, ids); diff != "" {
		t.Errorf("newest first (-want +got):\n%s", diff)
	}
	for name, write := range map[string]func(advisory.FeedInfo, []advisory.Record) ([]byte, error){"feed": advisory.Feed, "list": advisory.List} {
		one, err1 := write(info(a), []advisory.Record{a, b, c})
		other, err2 := write(info(a), []advisory.Record{c, b, a})
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if diff := cmp.Diff(string(one), string(other)); diff != "" {
			t.Errorf("the %s depends on the order:\n%s", name, diff)
		}
	}
}

func TestAProjectWithoutAdvisoriesHasAFeedAndAList(t *testing.T) {
	i := info(storyOf(t, "juno").record)
	f := readFeed(t, i)
	one(t, "feed", f.ID, f.Title, f.Updated)
	if len(f.Entries) > 0 || f.Updated[0] != "2026-01-01T00:00:00Z" {
		t.Errorf("the empty feed is of %s and has %d entries", f.Updated[0], len(f.Entries))
	}
	page, err := advisory.List(i, nil)
	if err != nil || !strings.Contains(string(page), "No advisory has been published yet.") {
		t.Errorf("the empty list: %v\n%s", err, page)
	}
}
