package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/tools/txtar"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// awaiting plays a journey up to and with the line that sets the instant of publication: three editions are written then, the
// second was approved and made worthless by the third, and the third is approved.
func awaiting(b browser) (cvd.CaseID, *http.Cookie) {
	b.t.Helper()
	archive, err := txtar.ParseFile("../app/testdata/journey/juno.txtar")
	if err != nil {
		b.t.Fatal(err)
	}
	for _, f := range archive.Files {
		if f.Name != "journey" {
			continue
		}
		const last = "cleo disclose {due: 2026-03-10T17:00:00Z}\n"
		before, _, found := strings.Cut(string(f.Data), "\n"+last)
		if !found {
			b.t.Fatal("the journey does not arm its publication as this test knows it")
		}
		b.Play("juno", "armed", before+"\n"+last)
	}
	return b.Journey.Cases["armed"], b.enter("juno", "dimi")
}

// article is what a reader reads in the advisory of a page.
func (a answer) article(t *testing.T) string {
	t.Helper()
	for _, n := range a.elements(t) {
		if n.Data == "article" {
			return text(n)
		}
	}
	t.Fatalf("the page has no advisory:\n%s", a.body)
	return ""
}

// marks are the texts of all elements of a name.
func (a answer) all(t *testing.T, name string) (out []string) {
	t.Helper()
	for _, n := range a.elements(t) {
		if n.Data == name {
			out = append(out, textOf(n))
		}
	}
	return out
}

func TestThePreviewIsWhatStrangersReadFromTheInstantOn(t *testing.T) {
	b := open(t)
	id, c := awaiting(b)
	page := b.see("/desk/juno/cases/"+string(id)+"/advisory", c)
	preview := page.article(t)
	page.says(t, "set for Tue 2026-03-10 17:00 UTC", "A counter was not checked, in two places.")
	if b.get("/p/juno/advisories/JUNO-SA-2026-001.html").status != http.StatusNotFound {
		t.Fatal("the advisory is public before its instant")
	}
	b.Wait(time.Date(2026, 3, 10, 17, 0, 1, 0, time.UTC).Sub(b.Clock.Now()))
	if published := b.get("/p/juno/advisories/JUNO-SA-2026-001.html").article(t); published != preview {
		t.Errorf("published was\n%s\nand the preview said\n%s", published, preview)
	}
}

func TestEveryFormatHasItsPreview(t *testing.T) {
	b := open(t)
	id, c := awaiting(b)
	for format, want := range map[string]string{"html": "A capybara message counted twice", "markdown": "**A capybara message counted twice**",
		"csaf": `"title": "A capybara message counted twice"`, "osv": `"summary": "A capybara message counted twice"`} {
		a := b.see("/desk/juno/cases/"+string(id)+"/advisory?as="+format, c)
		if a.status != http.StatusOK || !strings.Contains(a.words(t), want) {
			t.Errorf("%s: got %d and no %q:\n%s", format, a.status, want, a.words(t))
		}
	}
}

func TestAnApprovalOfAnOlderEditionCountsNoMore(t *testing.T) {
	b := open(t)
	id, c := awaiting(b)
	a := b.see("/desk/juno/cases/"+string(id)+"/advisory", c)
	var void, counts int
	for _, n := range a.elements(t) {
		switch attr(n, "class") {
		case "verdict void":
			void++
			if !strings.Contains(text(n), "Counts no more: a newer edition was written.") {
				t.Errorf("an approval that is worthless does not say so: %s", text(n))
			}
		case "verdict":
			counts++
		}
	}
	if void != 1 || counts != 1 {
		t.Errorf("%d approvals are void and %d count, want one of edition 2 and one of edition 3:\n%s", void, counts, a.words(t))
	}
}

func TestTheDifferenceBetweenEditionsIsToldWordByWord(t *testing.T) {
	b := open(t)
	id, c := awaiting(b)
	path := "/desk/juno/cases/" + string(id) + "/advisory"
	a := b.see(path+"?edition=3&against=2", c)
	if ins := strings.Join(a.all(t, "ins"), "|"); ins != "new|, in two places" { // the first is the legend
		t.Errorf("edition 3 against 2: new is %q", ins)
	}
	if a = b.see(path+"?edition=2&against=1", c); !strings.Contains(strings.Join(a.all(t, "del"), "|"), "Send the numbat packet") {
		t.Errorf("edition 2 against 1: gone is %q", a.all(t, "del"))
	}
	for _, none := range []string{"?edition=9", "?edition=0", "?edition=x"} {
		if a := b.see(path+none, c); a.status != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", none, a.status)
		}
	}
}

// What is typed is shown as it would be published, is compared with the newest edition, and stands in the form again; the case
// has no edition more.
func TestAPreviewOfWhatIsTypedKeepsNothingAndLosesNothing(t *testing.T) {
	b := open(t)
	id, c := awaiting(b)
	path := "/desk/juno/cases/" + string(id) + "/advisory"
	before, err := b.Casework.Case(t.Context(), b.Actor("juno", "dimi"), id)
	if err != nil {
		t.Fatal(err)
	}
	typed := url.Values{"rev": {b.see(path, c).field(t, "rev")}, "text.title": {"A capybara message counted thrice"}, "text.summary": {"Typed & <b>not</b> kept."},
		"text.impact": {"Funds could be moved."}, "text.resolution": {""}, "text.mitigation": {"None."}, "text.references": {"javascript:alert(1) click"}, "changes": {"all"}}
	a := b.send(path+"/preview", typed, c)
	if a.status != http.StatusOK {
		t.Fatalf("got %d\n%s", a.status, a.body)
	}
	a.says(t, "not kept", "counted thrice", "The resolution is empty")
	if got := a.article(t); !strings.Contains(got, "Typed & <b>not</b> kept.") {
		t.Errorf("the preview says %q", got)
	}
	for name := range typed {
		if got := a.field(t, name); strings.TrimSpace(got) != typed.Get(name) {
			t.Errorf("the field %s holds %q, and %q was typed", name, got, typed.Get(name))
		}
	}
	for _, n := range a.elements(t) {
		if n.Data == "script" && attr(n, "src") != "/static/tipstaff.js" || n.Data == "b" || strings.HasPrefix(attr(n, "href"), "javascript:") {
			t.Errorf("what was typed became markup: %s %v", n.Data, n.Attr)
		}
	}
	after, err := b.Casework.Case(t.Context(), b.Actor("juno", "dimi"), id)
	if err != nil || after.Rev != before.Rev || len(after.Advisory.Editions) != 3 {
		t.Errorf("a preview changed the case from revision %d to %d, with %d editions: %v", before.Rev, after.Rev, len(after.Advisory.Editions), err)
	}
}

// Who may not see a case gets the answer of one that is not there, also to what they send.
func TestTheEditorIsForThoseWhoSeeTheCase(t *testing.T) {
	b := open(t)
	secret := b.report("solo-miner-monitor", url.Values{"kind": {"issue"}, "title": {"SECRET"}, "description": {"SECRET"}})
	c := b.enter("solo-miner-monitor", "carl") // writes, and does not see what is restricted
	absent := b.see("/desk/solo-miner-monitor/cases/BSMM-0000/advisory", c)
	for name, a := range map[string]answer{
		"page":    b.see("/desk/solo-miner-monitor/cases/"+string(of(secret))+"/advisory", c),
		"preview": b.send("/desk/solo-miner-monitor/cases/"+string(of(secret))+"/advisory/preview", url.Values{"text.title": {"t"}}, c),
	} {
		if a.status != http.StatusNotFound || a.body != absent.body {
			t.Errorf("%s: got %d and another page than for an absent case", name, a.status)
		}
	}
	public := aPublicCase(b, "Stored script in the pool's name")
	step(b, (*casework.Casework).Draft, "solo-miner-monitor", "maintainer-1", public, cvd.Drafted{Text: cvd.AdvisoryText{Title: "UNPUBLISHED", Summary: "s"}})
	a := b.see("/desk/solo-miner-monitor/cases/"+string(of(public))+"/advisory", c)
	if a.status != http.StatusOK || strings.Contains(a.body, "UNPUBLISHED") {
		t.Errorf("of a public case who only writes gets %d, and must not read editions:\n%s", a.status, a.words(t))
	}
	a.says(t, "What others wrote is read by those who may see the case.", "Keep this edition")
	if a := b.send("/desk/solo-miner-monitor/cases/"+string(of(public))+"/advisory/preview", url.Values{"text.title": {"t"}}, c); a.status != http.StatusNotFound {
		t.Errorf("a preview for who may not see releases and credits: got %d, want 404", a.status)
	}
}

// The page has one heading of the first level, and the headings of the advisory in it stand below the page's own.
func TestTheAdvisoryInThePageKeepsTheOrderOfHeadings(t *testing.T) {
	b := open(t)
	id, c := awaiting(b)
	level, first := 0, 0
	seen := map[string]bool{}
	for _, n := range b.see("/desk/juno/cases/"+string(id)+"/advisory", c).elements(t) {
		if id := attr(n, "id"); id != "" {
			if seen[id] {
				t.Errorf("two elements have the id %q", id)
			}
			seen[id] = true
		}
		if n.Type != html.ElementNode || len(n.Data) != 2 || n.Data[0] != 'h' || n.Data[1] < '1' || n.Data[1] > '6' {
			continue
		}
		at := int(n.Data[1] - '0')
		if at > level+1 {
			t.Errorf("%s “%s” stands below a heading of level %d", n.Data, text(n), level)
		}
		if level = at; at == 1 {
			first++
		}
	}
	if first != 1 {
		t.Errorf("the page has %d headings of the first level, want 1", first)
	}
}
