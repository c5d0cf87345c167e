package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// states are the stations of a train with how each stands.
func states(t *testing.T, p *apptest.Program, project cvd.ProjectID, who cvd.ActorID, id cvd.CaseID) string {
	t.Helper()
	train, err := p.Casework.Train(t.Context(), p.Actor(project, who), id)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, s := range train.Stations {
		all = append(all, s.Name+" "+string(s.State))
	}
	return strings.Join(all, ", ")
}

// J-47, J-48: the draft of the post has both sections, the second with the timeline, and holds nothing that was not published; before
// the advisory there is none, and for strangers there is none ever.
func TestThePostIsDraftedFromWhatIsPublic(t *testing.T) {
	j := readJourney(t, "testdata/journey/juno.txtar")
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	p.Play(j.project, j.name, j.before)
	p.Settle()
	id, jake := p.Journey.Cases[j.name], p.Actor("juno", "jake")
	if _, err := p.Casework.DraftPost(t.Context(), jake, id); cvd.KindOf(err) != cvd.Refused {
		t.Errorf("a post is drafted before the advisory is public: %v", err)
	}
	const before = "fix passed, coming passed, wait passed, merge passed, release passed, verified passed, available passed, advisory ahead, bounty passed, details ahead, resolved here"
	if got := states(t, p, "juno", "jake", id); got != before {
		t.Errorf("the train before the publication\ngot  %s\nwant %s", got, before)
	}
	published, _, _ := strings.Cut(j.then, "at 2026-03-17")
	p.Play(j.project, j.name, published)
	p.Settle()
	post, err := p.Casework.DraftPost(t.Context(), jake, id)
	if err != nil {
		t.Fatal(err)
	}
	text := post.Markdown()
	for _, want := range []string{"## The vulnerability\n\nA counter was not checked, in two places.", "## Our response", "### Timeline", "Mon 2026-03-02 09:00 UTC: The report arrived.",
		"The release was moved to Tue 2026-03-10 16:10 UTC.", "Tue 2026-03-10 17:00 UTC: The advisory was published.", "juno 28.0.1"} {
		if !strings.Contains(text, want) {
			t.Errorf("the draft does not say %q:\n%s", want, text)
		}
	}
	notes, err := p.Casework.ReleaseNotes(t.Context(), jake, id)
	if err != nil || !strings.Contains(notes, "A capybara message counted twice, JUNO-SA-2026-001") {
		t.Errorf("the release notes: %v\n%s", err, notes)
	}
	for _, word := range j.never {
		if word != "capybara" && (strings.Contains(strings.ToLower(text), word) || strings.Contains(strings.ToLower(notes), word)) {
			t.Errorf("the drafts say %q", word)
		}
	}
	if post.Late {
		t.Error("the post is late on the day of the publication")
	}
	p.Wait(7 * 24 * time.Hour)
	lateWithItsOwner(t, p, id)
	p.Play(j.project, j.name, `cleo explain {url: "https://example.org/post", vulnerability: "A counter was not checked.", response: "Eight days."}`)
	if post, err := p.Casework.DraftPost(t.Context(), jake, id); err != nil || post.Late {
		t.Errorf("what is told is not late: %v", err)
	}
	for name, ask := range map[string]func(cvd.Actor) error{
		"post":  func(who cvd.Actor) error { _, err := p.Casework.DraftPost(t.Context(), who, id); return err },
		"notes": func(who cvd.Actor) error { _, err := p.Casework.ReleaseNotes(t.Context(), who, id); return err },
		"train": func(who cvd.Actor) error { _, err := p.Casework.Train(t.Context(), who, id); return err },
	} {
		if err := ask(cvd.Nobody("juno")); cvd.KindOf(err) != cvd.NotFound {
			t.Errorf("%s answers a stranger with %v", name, err)
		}
	}
}

// lateWithItsOwner says that a post which was due is called late wherever it is read, with the roles that answer for it until a
// person is named.
func lateWithItsOwner(t *testing.T, p *apptest.Program, id cvd.CaseID) {
	t.Helper()
	read := func() (casework.Post, policy.Station) {
		t.Helper()
		post, err := p.Casework.DraftPost(t.Context(), p.Actor("juno", "jake"), id)
		if err != nil {
			t.Fatal(err)
		}
		train, err := p.Casework.Train(t.Context(), p.Actor("juno", "jake"), id)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(train.Stations, func(s policy.Station) bool { return s.Name == "details" })
		return post, train.Stations[i]
	}
	post, station := read()
	if !post.Late || !station.Late || post.Poster.Person != "" || strings.Join(post.Poster.Roles, ", ") != "Core engineer, Communications" {
		t.Errorf("a week after the release: the post %+v, its station %+v", post.Poster, station)
	}
	p.Play("juno", "juno", "jake assign {work: explain, person: cleo}")
	if post, _ = read(); post.Poster.Person != "cleo" {
		t.Errorf("cleo was named for it, and it says %+v", post.Poster)
	}
}

// J-56: what a slip would do is shown with the text that would go out, and nothing happens by looking.
func TestASlipIsPreviewedWithItsText(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	p.Play("juno", "train", toRelease)
	p.Settle()
	id, rosa := p.Journey.Cases["train"], p.Actor("juno", "rosa")
	before, err := p.Casework.Case(t.Context(), rosa, id)
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.Casework.PreviewSlip(t.Context(), rosa, id, cvd.Slipped{To: time.Date(2026, 3, 12, 16, 0, 0, 0, time.UTC)})
	if err != nil || got.Sends == nil || !strings.Contains(got.Sends.Text, "Thu 2026-03-12 16:00 UTC") || !strings.Contains(got.Sends.Text, "Release lines: 28") || len(got.Objections) > 0 {
		t.Fatalf("the preview: %v %+v", err, got)
	}
	if after, err := p.Casework.Case(t.Context(), rosa, id); err != nil || after.Rev != before.Rev {
		t.Errorf("looking changed the case: %v, revision %d, then %d", err, before.Rev, after.Rev)
	}
	p.Play("juno", "train", `rosa slip {to: 2026-03-12T16:00:00Z, because: "The builder is late."}`)
	after, err := p.Casework.Case(t.Context(), rosa, id)
	if err != nil || len(after.Slips) != 1 || after.Slips[0].Notice != "moved" {
		t.Errorf("after the slip: %v %+v", err, after.Slips)
	}
	if _, err := p.Casework.PreviewSlip(t.Context(), cvd.Nobody("juno"), id, cvd.Slipped{}); cvd.KindOf(err) != cvd.NotFound {
		t.Errorf("a stranger is answered with %v", err)
	}
}

// B-62: whoever read an advisory says whether the fix works, without an account; the team reads it, strangers do not, and nobody fills
// a case with it.
func TestReadersOfAnAdvisorySayWhetherTheFixWorks(t *testing.T) {
	j := readJourney(t, "testdata/journey/juno.txtar")
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	p.Play(j.project, j.name, j.before)
	form := p.URL + "/p/juno/advisories/JUNO-SA-2026-001/feedback"
	send := func(works, text string) int {
		t.Helper()
		r, err := http.PostForm(form, url.Values{"works": {works}, "text": {text}})
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close()
		return r.StatusCode
	}
	if got := send("yes", "too early"); got != http.StatusNotFound {
		t.Errorf("before the publication the form answers %d", got)
	}
	p.Play(j.project, j.name, "at 2026-03-10T17:00:01Z")
	p.Settle()
	if got := send("perhaps", "x"); got != http.StatusUnprocessableEntity {
		t.Errorf("a word that is no answer: %d", got)
	}
	for i := range 21 {
		want := http.StatusOK
		if i == 20 {
			want = http.StatusTooManyRequests
		}
		if got := send("no", fmt.Sprintf("an armadillo on %d", i)); got != want {
			t.Errorf("word %d is answered with %d, want %d", i+1, got, want)
		}
	}
	id := p.Journey.Cases[j.name]
	v, err := p.Casework.Case(t.Context(), p.Actor(j.project, "jake"), id)
	if err != nil || len(v.Reactions) != 20 {
		t.Errorf("the team reads %d words: %v", len(v.Reactions), err)
	}
	for where, text := range crawl(t, p, j.project, id) {
		if strings.Contains(strings.ToLower(text), "armadillo") {
			t.Errorf("strangers read it at %s", where)
		}
	}
}

// B-57, B-61, B-64: a checklist is ticked off by name, how far the fix has spread is counted with its source, and the look back has an
// outcome; each needs its reason to be there.
func TestWhatIsDoneAroundARelease(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	p.Play("juno", "train", toRelease+`
rosa count {what: nodes, fixed: 1, of: 2, source: "a crawl"} ! there is no release yet
cleo evaluate {outcome: effective, says: "All of it."} ! there is nothing to look back at
`+theRelease+`
rosa tick {step: comment, item: "x"} ! the policy has no checklist
rosa tick {step: release, item: "Binaries and their checksums are built for every line."}
rosa tick {step: release, item: "Binaries and their checksums are built for every line.", undo: true}
rosa tick {step: release, item: "Binaries and their checksums are built for every line.", undo: true} ! not ticked off
rosa tick {step: release, item: "Binaries and their checksums are built for every line."}
rosa count {what: nodes, fixed: 30, of: 120, source: "a crawl"}
cleo evaluate {outcome: partly, says: "Slow.", better: "Two people build."}
`)
	id := p.Journey.Cases["train"]
	train, err := p.Casework.Train(t.Context(), p.Actor("juno", "rosa"), id)
	if err != nil {
		t.Fatal(err)
	}
	var done []string
	for _, l := range train.Lists {
		for _, i := range l.Items {
			if i.Done.Name != "" {
				done = append(done, l.Step+" by "+i.Done.Name)
			}
		}
	}
	if got := strings.Join(done, ", "); !strings.HasPrefix(got, "release by Rosa") || len(done) != 1 {
		t.Errorf("ticked off: %q", got)
	}
	last := train.Stations[len(train.Stations)-1]
	if got := strings.Join(last.Says, " "); !strings.Contains(got, "30 of 120 nodes have the fix (25 %)") {
		t.Errorf("of the spread it says %q", got)
	}
}
