package app_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// letterbox is every letter that went out.
type letterbox struct {
	mu      sync.Mutex
	letters []cvd.Letter
}

func (p *letterbox) take(l cvd.Letter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.letters = append(p.letters, l)
}

// object is the case of that name.
func (s *scene) object(name string) object {
	return s.objects[slices.IndexFunc(s.objects, func(o object) bool { return o.name == name })]
}

// TestLeakChannels tries the ways by which an embargoed matter gets out in other programs, one by one. The numbers are those of
// docs/guide/threats.md.
func TestLeakChannels(t *testing.T) {
	s := newScene(t)
	t.Run("L1 numbers tell neither order nor time", s.leakL1)
	t.Run("L3 a code that is almost right is as wrong as any", s.leakL3)
	t.Run("L5 a draft that is saved changes nothing", s.leakL5)
	t.Run("L8 letters name the case and nothing of it", s.leakL8)
	t.Run("L17 whoever goes is gone at once", s.leakL17)
	t.Run("L6 L16 everything turns at the instant and nothing before", s.leakL6)
	t.Run("L7 the log and what watches know nothing", s.leakL7)
}

func (s *scene) leakL1(t *testing.T) {
	for i, a := range s.objects[:5] {
		if len(a.file) < 20 {
			t.Errorf("the file of %s is called %q: that can be guessed", a.name, a.file)
		}
		for _, b := range s.objects[:i] {
			if a.file[:4] == b.file[:4] {
				t.Errorf("the files %q and %q begin alike: a name tells when it was made", a.file, b.file)
			}
		}
	}
	for name, code := range s.Journey.Codes {
		if secret := strings.ReplaceAll(strings.SplitN(code, "-", 3)[2], "-", ""); len(secret)*5 < 122 {
			t.Errorf("the code of %s has %d random bits, want 122", name, len(secret)*5)
		}
	}
	// A number that was given to a draft would leave a gap where it waits.
	s.Play("juno", "other", `cleo draft {text: {title: "zzqxotherQDRAFTQ", summary: "zzqxotherQDRAFTQ", impact: x, resolution: x, mitigation: x}}`)
	v, err := s.Casework.Case(t.Context(), s.Actor("juno", "jake"), s.object("other").id)
	if err != nil || v.Advisory.ID != "" {
		t.Errorf("a draft has the number %q already, %v", v.Advisory.ID, err)
	}
}

func (s *scene) leakL3(t *testing.T) {
	right := s.Journey.Codes["sealed/rita"]
	parts := strings.SplitN(right, "-", 3)
	try := func(project, code string) answer {
		r := httptest.NewRequest("POST", "/p/"+project+"/status", strings.NewReader("code="+code))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.Handler.ServeHTTP(w, r)
		return answer{w.Code, w.Header(), w.Body.String()}
	}
	want := try("juno", "JUNO-0000-"+parts[2])
	if want.Status != http.StatusNotFound {
		t.Fatalf("a code of nothing: got %d", want.Status)
	}
	for n := 1; n < len(parts[2]); n += 4 {
		if diff := cmp.Diff(want, try("juno", parts[0]+"-"+parts[1]+"-"+parts[2][:n]+strings.Repeat("x", len(parts[2])-n))); diff != "" {
			t.Errorf("a code that is right in %d places (-wrong +almost):\n%s", n, diff)
		}
	}
	for _, code := range []string{"", "x", "JUNO", right + "x", parts[2], strings.Repeat("a", 60000), "%00", "%FF%FE"} {
		if diff := cmp.Diff(want, try("juno", code)); diff != "" {
			t.Errorf("the code %.20q (-wrong +this):\n%s", code, diff)
		}
	}
	elsewhere := try("solo-miner-monitor", right)
	if diff := cmp.Diff(try("solo-miner-monitor", "JUNO-0000-"+parts[2]), elsewhere); diff != "" {
		t.Errorf("a code of another project (-wrong +that):\n%s", diff)
	}
	if a := try("juno", right); a.Status != http.StatusOK {
		t.Errorf("the right code: got %d", a.Status)
	}
}

// crawl is what a stranger gets at every address.
func (s *scene) crawl(t *testing.T) map[string]answer {
	t.Helper()
	all := map[string]answer{}
	for _, path := range strangerPaths(s.Program) {
		if strings.Contains(path, "/simulate") {
			continue // is counted from the instant at which it is asked for
		}
		for _, accept := range []string{"", "gzip"} {
			all[path+" "+accept] = ask(t, s.Program, "GET", path, accept)
		}
	}
	return all
}

func (s *scene) leakL5(t *testing.T) {
	before := s.crawl(t)
	id := s.object("other").id
	for i := range 100 {
		text := cvd.AdvisoryText{Title: fmt.Sprint("Edition ", i), Summary: "x", Impact: "x", Resolution: "x", Mitigation: "x"}
		if _, err := s.Casework.Draft(t.Context(), s.Actor("juno", "cleo"), casework.About{Case: id}, cvd.Drafted{Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Settle()
	if diff := cmp.Diff(before, s.crawl(t)); diff != "" {
		t.Errorf("a hundred drafts changed what strangers get:\n%s", diff)
	}
}

func (s *scene) leakL8(t *testing.T) {
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	if len(s.post.letters) < 4 {
		t.Fatalf("only %d letters went out", len(s.post.letters))
	}
	for _, l := range s.post.letters {
		// A notice says what it was told to say, and who is asked to take part is called by their name.
		own := strings.NewReplacer(l.To, "", "zzqxsealedQNOTICEQ", "", "zzqxsealedQUNAQ", "")
		if planted.MatchString(own.Replace(l.Job + l.Subject + l.Text)) {
			t.Errorf("the letter %s, %q, tells %q:\n%s", l.Job, l.Subject, planted.FindString(l.Subject+l.Text), l.Text)
		}
		if strings.Contains(l.To, "@") {
			if all, err := mail.ParseAddressList(l.To); err != nil || len(all) != 1 || strings.Contains(l.Text, l.To) {
				t.Errorf("a letter goes to %q, and says so:\n%s", l.To, l.Text)
			}
		}
	}
}

// leakL6 crawls the last second before the instant of a publication and the first one after it, while nothing else runs.
func (s *scene) leakL6(t *testing.T) {
	v, err := s.Casework.Case(t.Context(), s.Actor("juno", "jake"), s.object("sealed").id)
	if err != nil || v.Disclosure.Due.IsZero() {
		t.Fatalf("no publication waits: %+v, %v", v.Disclosure, err)
	}
	at := v.Disclosure.Due
	s.Wait(at.Add(-time.Second).Sub(s.Clock.Now()))
	before := s.crawl(t)
	for name, a := range before {
		if planted.MatchString(a.Body) && strings.Contains(a.Body, "zzqxsealed") {
			t.Errorf("a second before the instant, %s holds %q", name, planted.FindString(a.Body))
		}
		if a.Status == http.StatusNotFound && a.Header.Get("Cache-Control") != "no-store" && !strings.HasPrefix(name, "/healthz") {
			t.Errorf("%s is not there, and may be kept so: %q", name, a.Header.Get("Cache-Control"))
		}
		if cc := a.Header.Get("Cache-Control"); strings.Contains(cc, "max-age") && !strings.HasPrefix(name, "/static/") && !strings.HasPrefix(name, "/api/v1/openapi") || a.Header.Get("Expires") != "" {
			t.Errorf("%s may be kept over the instant: %q", name, cc)
		}
	}
	for _, step := range []time.Duration{time.Second - time.Millisecond, time.Second - time.Microsecond} {
		s.Clock.Set(at.Add(step - time.Second))
		if diff := cmp.Diff(before, s.crawl(t)); diff != "" {
			t.Errorf("%s before the instant something is different:\n%s", time.Second-step, diff)
		}
	}
	s.Clock.Set(at)
	now := s.crawl(t)
	var turned []string
	for name, a := range now {
		if a.Status == http.StatusOK && (before[name].Status != a.Status || before[name].Body != a.Body) && strings.HasPrefix(name, "/p/juno/") {
			turned = append(turned, strings.TrimSuffix(strings.TrimPrefix(name, "/p/juno/"), " "))
		}
	}
	for _, want := range []string{"advisories/JUNO-SA-2026-001.html", "advisories/JUNO-SA-2026-001.md", "advisories/index.json", "advisories/feed.atom",
		"csaf/2026/juno-sa-2026-001.json", "osv/all.zip", "osv/index/db.json", "osv/x_JUNO-SA-2026-001.json"} {
		if !slices.Contains(turned, want) {
			t.Errorf("at the instant %s is not there; these are: %v", want, turned)
		}
	}
	s.Clock.Set(at.Add(time.Second))
	later := s.crawl(t)
	for _, all := range []map[string]answer{now, later} { // the case is public by its event, which is written right after the instant and never before
		maps.DeleteFunc(all, func(name string, _ answer) bool {
			return strings.Contains(name, "/cases") || strings.Contains(name, "/feedback")
		})
	}
	if diff := cmp.Diff(now, later); diff != "" {
		t.Errorf("a second after the instant a document is different again:\n%s", diff)
	}
}

// leakL17 lets people go, and asks for all that they could see before.
func (s *scene) leakL17(t *testing.T) {
	const solo = "solo-miner-monitor"
	hidden, sealed := s.object("hidden"), s.object("sealed")
	as := func(name string) *walker {
		i := slices.IndexFunc(s.visitors, func(v visitor) bool { return v.name == name })
		return &walker{scene: s, t: t, who: s.visitors[i], met: map[string]bool{}}
	}
	cut := func(w *walker, pages, operations []string, before, page, operation int, happens func()) {
		t.Helper()
		all := map[string]int{}
		for _, path := range pages {
			if got := w.send("GET", path, "", false); got.Status != before {
				t.Errorf("%s could not see %s to begin with: %d", w.who.name, path, got.Status)
			}
			all[path] = page
		}
		for _, path := range operations {
			all[path] = operation
		}
		happens()
		w.who.reads = nil
		for path, want := range all {
			if got := w.send("GET", path, "", false); got.Status != want {
				t.Errorf("%s still gets %d at %s, want %d", w.who.name, got.Status, path, want)
			}
		}
	}
	desk := func(project string, id cvd.CaseID, file string) []string {
		root := "/desk/" + project
		return []string{root, root + "/board", root + "/measures", root + "/cases/" + string(id), root + "/cases/" + string(id) + "/note", root + "/cases/" + string(id) + "/files/" + file}
	}
	cases := func(project string, id cvd.CaseID, file string) []string {
		at := "/api/v1/projects/" + project + "/cases/" + string(id)
		return []string{at, at + "/attachments/" + file, at + "/alike"}
	}
	rosa := as("the release manager")
	cut(rosa, desk("juno", sealed.id, sealed.file), nil, 200, 303, 0, func() { rosa.send("POST", "/desk/juno/sign-out", "", false) })
	mara := as("a maintainer")
	cut(mara, desk(solo, hidden.id, hidden.file), cases(solo, hidden.id, hidden.file), 200, 303, 401, func() { s.put(t, solo, "maintainer-1", nil, false) })
	chad := as("another chain's engineer")
	cut(chad, desk("juno", sealed.id, sealed.file)[3:], cases("juno", sealed.id, sealed.file), 200, 404, 404, func() { s.put(t, "juno", "chad", []string{"admin"}, true) })
	cleo := as("communications")
	granted, err := s.Auth.Granted(t.Context(), cvd.Actor{Project: "juno", Standing: cvd.Member, Can: []cvd.Capability{cvd.Administer}})
	if err != nil {
		t.Fatal(err)
	}
	cut(cleo, desk("juno", sealed.id, sealed.file), cases("juno", sealed.id, sealed.file), 200, 303, 401, func() {
		for _, g := range granted {
			if g.Handle != "cleo" {
				continue
			}
			if err := s.Auth.Revoke(t.Context(), cvd.Actor{Project: "juno", Standing: cvd.Member, Can: []cvd.Capability{cvd.Administer}}, g.ID); err != nil {
				t.Fatal(err)
			}
		}
	})
	s.Play(solo, "hidden", `maintainer-2 invites short {name: Short, roles: [validator], until: $now+1h}`)
	guest := as("a guest who validates")
	guest.who.name, guest.who.code, guest.who.reads = "a guest for an hour", s.Journey.Codes["hidden/short"], map[string]string{"hidden": ofGuest}
	open := cases(solo, hidden.id, hidden.file)[:2]
	cut(guest, open, nil, 200, 401, 0, func() { s.Clock.Set(s.Clock.Now().Add(time.Hour)) })
	if a := guest.send("POST", "/p/"+solo+"/status", "code="+guest.who.code, false); a.Status != http.StatusNotFound {
		t.Errorf("the code of a guest whose time is over: got %d", a.Status)
	}
}

// put changes somebody of the roster, who keeps their password.
func (s *scene) put(t *testing.T, project cvd.ProjectID, handle cvd.ActorID, roles []string, active bool) {
	t.Helper()
	p, ok := s.Casework.Person(project, handle)
	if !ok {
		t.Fatalf("%s is not on the roster", handle)
	}
	if p.Active = active; roles != nil {
		p.Roles = roles
	}
	if err := s.Store.PutPerson(t.Context(), project, p, s.hash); err != nil {
		t.Fatal(err)
	}
}

// leakL7 provokes errors of every kind, and looks for words in the log, in the figures and in the answers.
func (s *scene) leakL7(t *testing.T) {
	id := string(s.object("other").id)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.Data, "tipstaff.db")+"?_pragma=busy_timeout(60000)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // only a test's
	if _, err := db.ExecContext(t.Context(), `UPDATE cases SET sealed = $1, wrapped = $1, rev = rev + 1 WHERE project = $2 AND id = $3`, []byte("broken"), "juno", id); err != nil {
		t.Fatal(err)
	}
	jake := s.visitors[slices.IndexFunc(s.visitors, func(v visitor) bool { return v.handle == "jake" })]
	session, _, err := s.Auth.SignIn(t.Context(), "juno", "jake", walkPassword)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/api/v1/projects/juno/cases/" + id, "/desk/juno/cases/" + id} {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Authorization", "Bearer "+jake.token)
		r.AddCookie(&http.Cookie{Name: "tipstaff", Value: session})
		rec := httptest.NewRecorder()
		s.Handler.ServeHTTP(rec, r)
		if rec.Code != http.StatusInternalServerError || strings.Contains(rec.Body.String(), "open case") {
			t.Errorf("a case that cannot be read: got %d %s", rec.Code, rec.Body)
		}
	}
	ask(t, s.Program, "GET", "/p/juno/cases/zzqxurlQTITLEQ?q=zzqxurlQBODYQ", "")
	ask(t, s.Program, "GET", "/zzqxurlQTITLEQ", "")
	ask(t, s.Program, "ZZQXURL", "/", "")
	log := s.Log.String()
	if !strings.Contains(log, "internal error") || !strings.Contains(log, `"route":"GET /p/{project}/cases/{case}"`) {
		t.Fatalf("the log has neither the error nor the route: %.2000s", log)
	}
	for what, secret := range s.secrets() {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %s:\n%s", what, around(log, secret))
		}
	}
	for _, path := range []string{"/metrics", "/healthz", "/readyz"} {
		rec := httptest.NewRecorder()
		s.Health.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		var figures json.RawMessage
		if path == "/readyz" && json.Unmarshal(rec.Body.Bytes(), &figures) != nil {
			t.Errorf("%s answers %q", path, rec.Body)
		}
		for _, never := range append(slices.Collect(maps.Values(s.secrets())), "juno", "solo-miner", "JUNO-", "jake") {
			if strings.Contains(rec.Body.String(), never) {
				t.Errorf("%s tells %q", path, never)
			}
		}
	}
}

// secrets are what must stand in no log: planted words, codes, tokens, sessions.
func (s *scene) secrets() map[string]string {
	out := map[string]string{"a planted word": "zzqx", "a planted word in capitals": "ZZQX"}
	for name, code := range s.Journey.Codes {
		out["the code of "+name] = strings.SplitN(code, "-", 3)[2]
	}
	for _, v := range s.visitors {
		if v.token != "" {
			out["the token of "+v.name], out["the session of "+v.name] = v.token, v.cookie.Value
		}
	}
	return out
}
