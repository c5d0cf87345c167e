package app_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// answer is all that a stranger learns from one request.
type answer struct {
	Status int
	Header http.Header
	Body   string
}

func ask(t *testing.T, p *apptest.Program, method, path string, accept string) answer {
	t.Helper()
	r, err := http.NewRequest(method, p.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if accept != "" {
		r.Header.Set("Accept-Encoding", accept)
	}
	res, err := (&http.Transport{DisableCompression: true}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	h := res.Header.Clone()
	for _, own := range []string{"Date", "X-Request-Id"} {
		h.Del(own)
	}
	return answer{res.StatusCode, h, string(body)}
}

// strangerPaths is everywhere that a stranger can look.
func strangerPaths(p *apptest.Program) []string {
	paths := []string{"/", "/nothing", "/healthz", "/readyz", "/.well-known/security.txt", "/robots.txt", "/sitemap.xml", "/metrics",
		"/api/v1/projects", "/api/v1/openapi.json", "/api/v1/key", "/static/tipstaff.css", "/processes"}
	for _, id := range p.Casework.Projects() {
		for _, rest := range []string{"", "/", "/policy", "/SECURITY.md", "/security.txt", "/status", "/cases", "/cases/JUNO-0000", "/thanks", "/follow", "/ledger", "/report",
			"/policy/1", "/policy/2", "/resources", "/simulate", "/simulate.ics", "/simulate.md", "/.well-known/security.txt", "/keys", "/keys.txt", "/notices/verify",
			"/audiences", "/audiences/validators/apply", "/audiences/validators/apply?done=sent", "/audiences/community/apply", "/audiences/nothing/apply",
			"/list/leave.x.0.y", "/invited/JUNO-0000.1.x", "/status/thread", "/advisories/JUNO-SA-2026-001/feedback",
			"/advisories/", "/advisories/index.html", "/advisories/index.json", "/advisories/feed.atom", "/advisories/JUNO-SA-2026-001.html",
			"/advisories/JUNO-SA-2026-001.md", "/csaf/2026/juno-sa-2026-001.json", "/csaf/", "/osv/all.zip", "/osv/Go/all.zip", "/osv/index/db.json",
			"/osv/index/modules.json.gz", "/osv/index/vulns.json", "/osv/x_JUNO-SA-2026-001.json", "/osv/ID/x_JUNO-SA-2026-001.json"} {
			paths = append(paths, "/p/"+string(id)+rest)
		}
		for _, rest := range []string{"", "/cases", "/cases?limit=100", "/cases/JUNO-0000", "/metrics", "/cases/JUNO-0000/receipt", "/advisories", "/policy",
			"/search?q=canary", "/people", "/cases/JUNO-0000/alike", "/members", "/members.csv", "/members/x", "/downstream", "/deviations", "/policy.yaml",
			"/cases/JUNO-0000/train", "/cases/JUNO-0000/exposure", "/cases/JUNO-0000/export", "/cases/JUNO-0000/post", "/cases/JUNO-0000/notes", "/cases/JUNO-0000/emergency?fact=leaked"} {
			paths = append(paths, "/api/v1/projects/"+string(id)+rest)
		}
	}
	return paths
}

// canaries are words that nobody outside may ever read before the disclosure.
var canaries = []string{"CANARYTITLE", "CANARYBODY", "CANARYCOMPONENT", "canary@example.org", "CANARYPERSON", "CANARYFILE", "CANARYPATCH",
	"CVE-2026-31337", "CANARYDRAFT", "CANARYNOTE", "CANARYEXPLOIT", "zzqxsealed", "zzqxregister", "7319.42"}

// embargoed plants every canary in a case that waits for its publication.
const embargoed = `
rita reports {title: "CANARYTITLE", description: "CANARYBODY", component: "CANARYCOMPONENT", contact: {name: "CANARYPERSON", email: "canary@example.org"}, kind: security}
wait 1h
jake acknowledge {message: "CANARYNOTE seen"}
jake validate {evidence: "CANARYNOTE reproduced"}
jake triage {sensitive: true, track: private, impact: "CANARYNOTE", title: "CANARYTITLE again"}
jake prioritise {priority: "1", because: "CANARYNOTE"}
jake embargo {until: $now+30d}
jake analyse {section: exploit, text: "CANARYEXPLOIT"}
jake note {text: "CANARYNOTE"}
jake remedy {product: juno, line: "28", status: patched, affected: ">= 28.0.0, < 28.1.0", patches: [{url: "https://private.example.org/CANARYPATCH", sha256: "0000000000000000000000000000000000000000000000000000000000000000", private: true}]}
jake remedy {product: juno, line: "27", status: not_affected, because: "CANARYNOTE"}
cleo draft {text: {title: "CANARYDRAFT", summary: "CANARYDRAFT", impact: "CANARYDRAFT", resolution: "CANARYDRAFT", mitigation: "CANARYDRAFT", cve: "CVE-2026-31337"}}
rita message {text: "CANARYNOTE"}
wait 2h
`

// pair is two installations with the same keys, projects, clock and public case; only the first has two cases under embargo, one of
// them with notices, editions, parties, a patch, a bounty, and its publication armed, and a register of whom it tells.
func pair(t *testing.T) (with, without *apptest.Program) {
	t.Helper()
	const url = "http://security.example.org"
	seed := t.TempDir()
	first := apptest.New(t, apptest.Options{Data: seed, URL: url, Policies: walkPolicies(t)})
	first.Play("solo-miner-monitor", "open", plant("open", `
tom reports {kind: issue, title: "%TITLE%", description: "%BODY%"}`+openSolo))
	first.Settle()
	if err := first.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	programs := make([]*apptest.Program, 2)
	for i := range programs {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(seed)); err != nil {
			t.Fatal(err)
		}
		programs[i] = apptest.New(t, apptest.Options{Data: dir, URL: url})
	}
	enlist(t, programs[0])
	programs[0].Play("juno", "embargoed", embargoed)
	programs[0].Play("juno", "armed", plant("sealed", `
rita reports {kind: security, title: "%TITLE%", description: "%BODY%", component: "%COMPONENT%", contact: {name: "%NAME%", email: "%MAIL%@example.org"}, credit: "%CREDIT%"}`+sealedJuno+askedLate))
	attach(t, programs[0], "armed")
	apply(t, programs[0])
	programs[1].Wait(29 * time.Hour)
	programs[0].Settle()
	if a, b := programs[0].Clock.Now(), programs[1].Clock.Now(); !a.Equal(b) {
		t.Fatalf("the clocks stand at %s and %s", a, b)
	}
	return programs[0], programs[1]
}

func TestStrangerCannotTellThatAnEmbargoedCaseExists(t *testing.T) {
	with, without := pair(t)
	for _, path := range strangerPaths(with) {
		for _, method := range []string{"GET", "HEAD", "OPTIONS", "POST"} {
			for _, accept := range []string{"", "gzip"} {
				if diff := cmp.Diff(ask(t, without, method, path, accept), ask(t, with, method, path, accept)); diff != "" {
					t.Errorf("%s %s differs with an embargoed case (-without +with):\n%s", method, path, diff)
				}
			}
		}
	}
	for path, form := range almostForms(t, with) {
		if diff := cmp.Diff(sends(t, without, path, form), sends(t, with, path, form)); diff != "" {
			t.Errorf("POST %s with %s differs with an embargoed case (-without +with):\n%s", path, form, diff)
		}
	}
	for _, path := range []string{"/p/juno/checkpoint", "/p/juno/tile/0/000.p/3", "/p/juno/tile/entries/000.p/3"} {
		a, b := ask(t, without, "GET", path, ""), ask(t, with, "GET", path, "")
		if a.Status != b.Status || len(a.Body) != len(b.Body) {
			t.Errorf("%s: %d with %d bytes, and with an embargoed case %d with %d", path, a.Status, len(a.Body), b.Status, len(b.Body))
		}
	}
}

// almostForms is what a stranger sends who guessed well: secrets of the first installation, wrong in their last letter, and an
// application for somebody who is on the list already.
func almostForms(t *testing.T, p *apptest.Program) map[string]string {
	t.Helper()
	who := p.Actor("juno", "dimi")
	all, err := p.Casework.ListMembers(t.Context(), who, "validators", cvd.MemberActive)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d members, %v", len(all), err)
	}
	_, token, _ := strings.Cut(p.Casework.ChoiceLink("juno", all[0], p.Journey.Cases["armed"]), "/list/")
	code := almost(p.Journey.Codes["armed/una"])
	return map[string]string{
		"/p/juno/status":                            "code=" + code,
		"/p/juno/status/answer":                     "code=" + code + "&answer=yes",
		"/p/juno/status/thread":                     "code=" + code + "&thread=1&text=x",
		"/p/juno/status/payout":                     "code=" + code + "&address=x",
		"/p/juno/invited":                           "link=" + string(p.Journey.Cases["armed"]) + ".1.x",
		"/p/juno/invited/answer":                    "link=" + string(p.Journey.Cases["armed"]) + ".1.x&answer=yes",
		"/p/juno/list/" + almost(token):             "says=yes",
		"/p/juno/notices/verify":                    "text=A+security+release+of+Juno+is+coming.",
		"/p/juno/audiences/validators/apply":        "name=x&kind=organisation&mail=" + all[0].Mail() + "&meets=0&agrees=yes&accepts=yes&voucher.name=x",
		"/desk/juno/audiences/members/" + all[0].ID: "name=x",
	}
}

// sends is a form that a stranger sends.
func sends(t *testing.T, p *apptest.Program, path, form string) answer {
	t.Helper()
	w := &walker{scene: &scene{Program: p, t: t}, t: t, met: map[string]bool{}}
	return w.send("POST", path, form, false)
}

// Whoever works in one project learns nothing of what waits in another: not by a page, not by a count, not by a measure.
func TestADeskElsewhereIsTheSameToTheByte(t *testing.T) {
	const solo = "solo-miner-monitor"
	with, without := pair(t)
	look := func(p *apptest.Program, handle cvd.ActorID) map[string]answer {
		person, _ := p.Casework.Person(solo, handle)
		hash, err := p.Auth.HashPassword(walkPassword)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Store.PutPerson(t.Context(), solo, person, hash); err != nil {
			t.Fatal(err)
		}
		session, _, err := p.Auth.SignIn(t.Context(), solo, handle, walkPassword)
		if err != nil {
			t.Fatal(err)
		}
		w := walker{scene: &scene{Program: p, t: t}, t: t, met: map[string]bool{},
			who: visitor{name: string(handle), token: p.Token(solo, handle), cookie: &http.Cookie{Name: "tipstaff", Value: session}, reads: map[string]string{"open": ofInsider + " COMMENT"}}}
		all := map[string]answer{}
		cases, _, err := p.Casework.Cases(t.Context(), cvd.Nobody(solo), casework.Page{})
		if err != nil || len(cases) != 1 {
			t.Fatalf("there are %d public cases, %v", len(cases), err)
		}
		own := string(cases[0].ID)
		for _, path := range []string{"", "?show=all", "?order=newest", "/board", "/measures", "/measures.csv", "/installation", "/audiences", "/audiences.csv", "/audiences/import", "/downstream", "/downstream.csv",
			"/deviations", "/policy", "/reviews", "/cases/" + own, "/cases/JUNO-0000"} {
			all["GET "+path] = w.send("GET", "/desk/"+solo+path, "", false)
		}
		for _, word := range []string{"canarybody", "zzqxsealedqtitleq", "zzqxopenqtitleq"} {
			all["POST "+word] = w.send("POST", "/desk/"+solo, "words="+word, false)
			all["search "+word] = w.send("GET", "/api/v1/projects/"+solo+"/search?q="+word, "", true)
		}
		for _, path := range []string{"", "/cases", "/metrics", "/people", "/policy.yaml", "/members", "/members.csv", "/downstream", "/deviations", "/cases/" + own + "/alike"} {
			all["api "+path] = w.send("GET", "/api/v1/projects/"+solo+path, "", true)
		}
		a := all["GET /installation"] // the names of sessions and tokens are drawn, and the two programs stand in two folders
		a.Body = regexp.MustCompile(`>[0-9a-z]{8}<|value="[0-9a-z]{8}"|> [0-9a-z]{8} of|[0-9]+ MiB|[0-9]+ % of the disk`).ReplaceAllString(strings.ReplaceAll(a.Body, p.Data, "DATA"), "")
		a.Header.Del("Content-Length")
		all["GET /installation"] = a
		return all
	}
	for _, handle := range []cvd.ActorID{"maintainer-1", "vera"} {
		if diff := cmp.Diff(look(without, handle), look(with, handle)); diff != "" {
			t.Errorf("the desk of %s differs with what is under embargo elsewhere (-without +with):\n%s", handle, diff)
		}
	}
}

func TestWithheldAndAbsentAreTheSameAnswer(t *testing.T) {
	with, _ := pair(t)
	secret, absent := string(with.Journey.Cases["embargoed"]), "JUNO-0000"
	for _, path := range []string{"/p/juno/cases/ID", "/api/v1/projects/juno/cases/ID", "/api/v1/projects/juno/cases/ID/receipt",
		"/api/v1/projects/juno/cases/ID/alike", "/api/v1/projects/juno/cases/ID/attachments/x", "/api/v1/projects/juno/cases/ID/acknowledge",
		"/desk/juno/cases/ID", "/desk/juno/cases/ID/note", "/desk/juno/cases/ID/train", "/desk/juno/cases/ID/post", "/desk/juno/cases/ID/lines", "/desk/juno/cases/ID/patches/x",
		"/desk/juno/cases/ID/readiness", "/desk/juno/cases/ID/exposure", "/desk/juno/cases/ID/fanout", "/desk/juno/cases/ID/fanout.csv", "/desk/juno/cases/ID/trace", "/desk/juno/cases/ID/export", "/desk/juno/cases/ID/handover", "/desk/juno/cases/ID/handover/bundle",
		"/desk/juno/cases/ID/emergency", "/api/v1/projects/juno/cases/ID/train", "/api/v1/projects/juno/cases/ID/export", "/api/v1/projects/juno/cases/ID/hand_over",
		"/api/v1/projects/juno/cases/ID/exposure", "/api/v1/projects/juno/cases/ID/patches/x", "/p/juno/invited/ID.1.x", "/p/solo-miner-monitor/cases/ID", "/p/juno/cases/ID/"} {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
			a := ask(t, with, method, strings.Replace(path, "ID", absent, 1), "")
			b := ask(t, with, method, strings.Replace(path, "ID", secret, 1), "")
			b.Body = strings.ReplaceAll(b.Body, secret, absent)
			if to := b.Header.Get("Location"); to != "" { // to where one signs in, and back
				b.Header.Set("Location", strings.ReplaceAll(to, secret, absent))
			}
			if diff := cmp.Diff(a, b); diff != "" {
				t.Errorf("%s %s (-absent +withheld):\n%s", method, path, diff)
			}
		}
	}
}

func TestMembersOfOtherProjectsAndOtherReportersSeeNothing(t *testing.T) {
	with, _ := pair(t)
	with.Play("juno", "other", `sam reports {title: "Another matter", description: "of another reporter", kind: security}`)
	secret := with.Journey.Cases["embargoed"]
	for name, bearer := range map[string]string{
		"member elsewhere": with.Token("solo-miner-monitor", "maintainer-1"),
		"other reporter":   with.Journey.Codes["other/sam"],
	} {
		for _, path := range []string{"/cases", "/cases/" + string(secret), "/search?q=canarybody", "/cases/" + string(secret) + "/receipt",
			"/cases/" + string(secret) + "/alike"} {
			status, body := readAs(t, with, "/projects/juno"+path, bearer)
			for _, word := range append(canaries, string(secret)) {
				if strings.Contains(path, word) {
					continue
				}
				if strings.Contains(body, word) {
					t.Errorf("%s reads %q at %s: %d %s", name, word, path, status, body)
				}
			}
		}
	}
}

func TestNothingThatPeopleWroteLiesReadableOnDiskOrInTheLog(t *testing.T) {
	with, _ := pair(t)
	with.Play("juno", "embargoed", `
cleo review {of: advisory, part: final, verdict: object, says: "CANARYNOTE"}
`)
	with.Settle()
	needles := map[string][]byte{}
	for _, c := range canaries {
		for encoding, b := range apptest.Encodings(c) {
			needles[c+" as "+encoding] = b
		}
	}
	files := 0
	err := filepath.WalkDir(with.Data, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		files++
		for _, what := range slices.Sorted(maps.Keys(needles)) {
			if strings.Contains(string(b), string(needles[what])) {
				t.Errorf("%s holds %s", filepath.Base(name), what)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 2 {
		t.Fatalf("only %d files were searched", files)
	}
	for _, c := range canaries {
		if strings.Contains(with.Log.String(), c) {
			t.Errorf("the log holds %s", c)
		}
	}
	if c, err := with.Casework.Search(t.Context(), with.Actor("juno", "jake"), "canarybody", 5); err != nil || fmt.Sprint(c) != fmt.Sprint([]cvd.CaseID{with.Journey.Cases["embargoed"]}) {
		t.Errorf("the team finds %v, %v: the canary was not planted", c, err)
	}
}
