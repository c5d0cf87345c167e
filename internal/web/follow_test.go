package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/internal/apptest"
)

// Whatever the page offers answers, and every page of a project lets a feed reader find the feed.
func TestEveryAddressOnThePageToFollowAnswers(t *testing.T) {
	b := open(t)
	a := b.get("/p/juno/follow")
	a.says(t, "Follow Juno", "Atom feed", "security.txt")
	found := 0
	for _, n := range a.elements(t) {
		if path, ok := strings.CutPrefix(attr(n, "href"), b.URL); ok {
			found++
			if got := b.get(path); got.status != http.StatusOK {
				t.Errorf("%s: got %d", path, got.status)
			}
		}
	}
	if found < 5 {
		t.Errorf("the page offers %d addresses", found)
	}
	for _, path := range []string{"/p/juno", "/p/juno/policy", "/p/juno/report", "/p/juno/cases", "/p/juno/follow"} {
		discovered := ""
		for _, n := range b.get(path).elements(t) {
			if n.Data == "link" && attr(n, "rel") == "alternate" && attr(n, "type") == "application/atom+xml" {
				discovered = attr(n, "href")
			}
		}
		if feed := b.get(discovered); feed.status != http.StatusOK || !strings.Contains(feed.body, "http://www.w3.org/2005/Atom") {
			t.Errorf("%s leads a feed reader to %q, which answers %d", path, discovered, feed.status)
		}
	}
	var index []any
	if err := json.Unmarshal([]byte(b.get("/p/juno/advisories/index.json").body), &index); err != nil {
		t.Error(err)
	}
}

// The table of promises is a page of the demonstration: its clauses lead to headings that the policy page has, its pages to pages.
func TestThePromisesLeadToWhereTheyAreKept(t *testing.T) {
	b := browser{apptest.New(t, apptest.Options{Demo: true}), t}
	a := b.get("/processes")
	a.says(t, "Two processes, promise by promise", "Everybody who comes near a vulnerability is asked not to speak of it in public.", "Not kept by the program yet")
	pages, ids := map[string]answer{}, map[string]bool{}
	links := 0
	for _, n := range a.elements(t) {
		href := attr(n, "href")
		if n.Data != "a" || !strings.HasPrefix(href, "/p/") {
			continue
		}
		links++
		path, anchor, _ := strings.Cut(href, "#")
		page, seen := pages[path]
		if !seen {
			page = b.get(path)
			pages[path] = page
			for _, m := range page.elements(t) {
				ids[path+"#"+attr(m, "id")] = true
			}
		}
		if page.status != http.StatusOK {
			t.Errorf("%s: got %d", href, page.status)
		}
		if anchor != "" && !ids[href] {
			t.Errorf("%s: the page has no such heading", href)
		}
	}
	if links < 100 {
		t.Errorf("the table has %d links", links)
	}
	if a := open(t).get("/processes"); a.status != http.StatusNotFound {
		t.Errorf("an installation that is no demonstration shows the page: %d", a.status)
	}
}
