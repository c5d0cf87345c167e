package app_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/publish"
	"github.com/tipstaff/tipstaff/policies"
)

// toRelease is Juno's case up to the release of one line, with the other exempt.
const toRelease = `
rita reports {kind: security, title: "Quetzal overflow", description: "An ocelot message is counted twice."}
jake validate {evidence: "seen"}
jake triage {sensitive: true}
jake remedy {product: juno, line: "27", status: not_affected, because: "it has no counter"}
jake remedy {product: juno, line: "28", status: patched, affected: ">= 28.0.0", patches: [{url: "https://git.example.org/axolotl/28", sha256: abababababababababababababababababababababababababababababababab, private: true, commits: [c0ffee00c0ffee00]}]}
dimi review {of: fix, verdict: approve}
rosa notify {notice: coming, says: {release_at: 2026-03-10T16:00:00Z, line: "28", action: "Swap it.", downtime: short}}
rosa deliver {notice: coming, channel: x, url: "https://social.example.org/1"}
`

const theRelease = `
wait 25h
rosa release {product: juno, line: "28", version: 28.0.1, tag: v28.0.1, commit: c0ffee, url: "https://example.org/28", sha256: abababababababababababababababababababababababababababababababab}
`

// world is what lies at addresses, in the hand of a test.
type world struct {
	mu     sync.Mutex
	failed map[string]string // by address
	asked  []string
}

func (w *world) look(_ context.Context, x publish.Wanted) publish.Found {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, x.URL)
	if f := w.failed[x.URL]; f != "" {
		return publish.Found{Status: 404, Failed: f}
	}
	return publish.Found{Status: 200, SHA256: x.SHA256, Size: 3}
}

// lookKinds are the kinds of a case's events that are about looking.
func lookKinds(t *testing.T, p *apptest.Program, id cvd.CaseID) (kinds []string) {
	t.Helper()
	events, err := p.Store.Events(t.Context(), "juno", id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.What.Looked != nil {
			kinds = append(kinds, e.What.Kind())
		}
	}
	return kinds
}

// The second notice waits until the program itself has seen the release; what it saw is recorded once, however often it looks.
func TestTheSecondNoticeWaitsUntilTheReleaseIsSeen(t *testing.T) {
	w := &world{failed: map[string]string{"https://example.org/28": "it answers with 404"}}
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}, Look: w.look})
	p.Play("juno", "train", toRelease+theRelease+`
rosa notify {notice: available, says: {versions: 28.0.1, action: "Swap it."}} ! juno 28 (it answers with 404)
`)
	id := p.Journey.Cases["train"]
	if got := strings.Join(lookKinds(t, p, id), " "); got != "verify_failed" {
		t.Errorf("the case tells %q of the looks, want one failure", got)
	}
	w.mu.Lock()
	delete(w.failed, "https://example.org/28")
	w.mu.Unlock()
	p.Play("juno", "train", `
rosa artefact {product: juno, line: "28", channel: docker, url: "https://example.org/d", sha256: abababababababababababababababababababababababababababababababab} ! is not among
rosa release {product: juno, line: "28", version: 28.0.1, tag: v28.0.1, commit: c0ffee, url: "https://example.org/28", sha256: abababababababababababababababababababababababababababababababab}
rosa notify {notice: available, says: {versions: 28.0.1, action: "Swap it."}}
`)
	if got := strings.Join(lookKinds(t, p, id), " "); got != "verify_failed verified" {
		t.Errorf("the case tells %q of the looks", got)
	}
	v, err := p.Casework.Case(t.Context(), cvd.Nobody("juno"), id)
	if err == nil {
		t.Errorf("a stranger sees the case as %+v", v)
	}
}

// An exemption says why nobody has to look, and is recorded.
func TestAChannelIsExemptedWithItsReason(t *testing.T) {
	w := &world{failed: map[string]string{"https://example.org/28": "it cannot be reached"}}
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}, Look: w.look})
	p.Play("juno", "train", toRelease+theRelease+`
rosa exempt {product: juno, line: "28", because: "it is down"} ! your roles do not allow this step
jake exempt {product: juno, line: "28"} ! say why nobody has to look there
jake exempt {product: juno, line: "28", because: "the tag is signed, and the forge is down until noon"}
rosa notify {notice: available, says: {versions: 28.0.1, action: "Swap it."}}
`)
}

// A release that goes out with the disclosure is looked at from then on and not before: nobody is led to where it will be.
func TestWhatIsStagedIsNotLookedAtBeforeItsInstant(t *testing.T) {
	w := &world{}
	p := apptest.New(t, apptest.Options{Projects: []string{"solo-miner-monitor"}, Look: w.look})
	j := readJourney(t, "testdata/journey/solo-private.txtar")
	p.Play(j.project, j.name, j.before)
	p.Settle()
	if len(w.asked) > 0 {
		t.Errorf("asked before the disclosure: %q", w.asked)
	}
	p.Play(j.project, j.name, "at 2026-03-15T12:00:00Z")
	p.Settle()
	if got := strings.Join(w.asked, " "); got != "https://example.org/0.1.2" {
		t.Errorf("asked %q after the disclosure", got)
	}
}

// A commit of a private fix that everybody can read is an alarm, once; what was applied in public on purpose is none.
func TestAPrivateFixInPublicIsAnAlarm(t *testing.T) {
	public := false
	repository := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !public || r.URL.Path != "/juno/commit/c0ffee00c0ffee00" {
			http.NotFound(w, r)
		}
	}))
	defer repository.Close()
	juno, err := policies.Files.ReadFile("juno.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(juno), "    platforms: [linux-amd64, linux-arm64]", "    repository: "+repository.URL+"/juno", 1)
	var alarms []cvd.Letter
	var mu sync.Mutex
	p := apptest.New(t, apptest.Options{Policies: map[string]string{"juno": text}, Settings: func(c *app.Config) { c.HookHosts = []string{"127.0.0.1"} },
		Post: func(l cvd.Letter) {
			mu.Lock()
			defer mu.Unlock()
			if strings.Contains(l.Job, ".alarm.") {
				alarms = append(alarms, l)
			}
		}})
	p.Play("juno", "train", toRelease)
	p.Settle()
	before := len(alarms)
	search := func() {
		t.Helper()
		if err := p.SearchCommits(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.Settle()
	}
	if search(); len(alarms) != before {
		t.Errorf("%d letters although nothing is in public", len(alarms)-before)
	}
	public = true
	search()
	rang := len(alarms) - before
	if search(); rang == 0 || len(alarms)-before != rang {
		t.Errorf("%d letters at first, then %d", rang, len(alarms)-before-rang)
	}
	for _, l := range alarms {
		if strings.Contains(l.Text+l.Subject, "c0ffee") || strings.Contains(strings.ToLower(l.Text), "quetzal") {
			t.Errorf("the alarm tells what it is about: %s", l.Text)
		}
	}
}
