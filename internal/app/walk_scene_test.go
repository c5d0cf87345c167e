package app_test

import (
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/policies"
)

// A planted word names the case that it was planted in and what it was planted as: whoever reads one tells by it where it came from.
var planted = regexp.MustCompile(`zzqx([a-z]+)Q([A-Z]+)Q`)

// plant fills a script's words: %TITLE% becomes the word of that case.
func plant(object, script string) string {
	return regexp.MustCompile(`%([A-Z]+)%`).ReplaceAllString(script, "zzqx"+object+"Q${1}Q")
}

// What the people of a case may read of it. A guest is shown their own name besides, which is a word of its own for each.
const (
	ofReport   = "TITLE BODY COMPONENT VERSION IMPACTED STEPS FILE FILENAME CREDIT"
	ofReporter = ofReport + " NAME MAIL MESSAGE ANSWER TERMS"
	ofGuest    = ofReport + " TERMS EVIDENCE IMPACT PRIORITY SCOPE CAUSE PATCH BRANCH REVIEW DRAFT RATING CHECK EMBARGO"
	ofTeam     = ofGuest + " NAME MAIL MESSAGE ANSWER NOTE GUEST GWEN HANS VIC EXA REASON" // every guest by their name
	ofInsider  = ofTeam + " EXPLOIT"
	ofPublic   = "TITLE BODY COMPONENT VERSION IMPACTED STEPS COMMENT"
)

// visitor is somebody at the doors, with all that they may read of the cases of the scene.
type visitor struct {
	name    string
	project cvd.ProjectID // that they belong to
	handle  cvd.ActorID   // of the roster
	code    string        // of a report or an invitation
	reads   map[string]string
	out     bool // they belong to nothing any more

	cookie *http.Cookie
	token  string
	admin  bool
	guest  bool
}

// sees says whether a case exists for them on the desk or in the API.
func (v visitor) sees(object string) bool { return v.reads[object] != "" && !v.out }

// may says whether they may read a planted word.
func (v visitor) may(object, category string) bool {
	return slices.Contains(strings.Fields(v.reads[object]), category)
}

// object is one case that somebody asks for.
type object struct {
	name    string
	project cvd.ProjectID
	id      cvd.CaseID
	file    string // an attachment of it
	public  bool
}

// scene is a program with two projects, and every kind of case and of person in them.
type scene struct {
	*apptest.Program
	t        *testing.T
	post     *letterbox
	hash     string // of everybody's password
	objects  []object
	visitors []visitor
}

var walkPeople = map[cvd.ProjectID][]cvd.Person{
	"juno": {
		{Handle: "jake", Name: "Jake", Roles: []string{"core"}}, {Handle: "dimi", Name: "Dimi", Roles: []string{"core"}},
		{Handle: "alex", Name: "Alex", Roles: []string{"core"}}, {Handle: "jacob", Name: "Jacob", Roles: []string{"core"}},
		{Handle: "rosa", Name: "Rosa", Roles: []string{"release"}}, {Handle: "cleo", Name: "Cleo", Roles: []string{"comms"}},
		{Handle: "ada", Name: "Ada", Roles: []string{"admin"}}, {Handle: "chad", Name: "Chad", Roles: []string{"chain"}},
		{Handle: "lou", Name: "Lou", Roles: []string{"core", "admin"}},
	},
	"solo-miner-monitor": {
		{Handle: "maintainer-1", Name: "Mara", Roles: []string{"maintainer"}}, {Handle: "maintainer-2", Name: "Milo", Roles: []string{"maintainer"}},
		{Handle: "vera", Name: "Vera", Roles: []string{"validator"}}, {Handle: "carl", Name: "Carl", Roles: []string{"contributor"}},
		{Handle: "tess", Name: "Tess", Roles: []string{"tester"}}, {Handle: "rudi", Name: "Rudi", Roles: []string{"reviewer"}},
		{Handle: "eve", Name: "Eve", Roles: []string{"expert"}}, {Handle: "lena", Name: "Lena", Roles: []string{"legal"}},
		{Handle: "amy", Name: "Amy", Roles: []string{"admin"}},
	},
}

// sealedJuno is a case with everything that waits for its publication: notices, editions, guests, and the publication, armed.
const sealedJuno = `
wait 1h
jake acknowledge {message: "%ANSWER%"}
jake validate {evidence: "%EVIDENCE%"}
jake triage {sensitive: true, impact: "%IMPACT%"}
jake prioritise {priority: at once, because: "%PRIORITY%"}
jake embargo {until: $now+20d, terms: "%TERMS%"}
jake invites gwen {name: "%GWEN%", roles: [chain]}
jake invites gone {name: "%GUEST%", roles: [core], until: $now+2d}
jake analyse {section: root_cause, text: "%CAUSE%"}
jake analyse {section: exploit, text: "%EXPLOIT%"}
jake note {text: "%NOTE%"}
rita message {text: "%MESSAGE%"}
jake remedy {product: juno, line: "28", status: patched, affected: ">= 28.0.0, < 28.2.0", patches: [{url: "https://git.example.org/%PATCH%/tree/%BRANCH%", sha256: "3e39912d018ce8a3961aee30e54a50d245ddf968c38fad539965a9c18638e17c", private: true}]}
jake remedy {product: juno, line: "27", status: patched, affected: ">= 27.0.0, < 27.4.1", patches: [{url: "https://git.example.org/%PATCH%/2", sha256: "04c1ffe06c75456e96c8fbeb34166bddc6f36c97f0d5f72c41b84f42a68b7e72", private: true}]}
jake remedy {product: juno, line: "26", status: not_affected, because: "%SCOPE%"}
alex review {of: fix, verdict: approve, says: "%REVIEW%"}
rosa notify {notice: coming, says: {release_at: $now+26h, line: "28, 27", action: Swap the binary and restart., downtime: about ten minutes}}
rosa deliver {notice: coming, channel: x, url: "https://social.example.org/juno/1175"}
wait 25h
rosa release {product: juno, line: "28", version: 28.2.0, tag: v28.2.0, commit: 7d1c0ab94e2f, url: "https://releases.example.org/v28.2.0", sha256: "9efb93113d954aff1b0b174f9aa8554a9642c8c1f64c22560ebd4ff150d2f905"}
rosa release {product: juno, line: "27", version: 27.4.1, tag: v27.4.1, commit: 3b90ee5170ca, url: "https://releases.example.org/v27.4.1", sha256: "bf6beb643cdf80a8bbfc461c35fd22316d0b5979c7ac9c20e8a6c5eaf700949a"}
rosa notify {notice: available, says: {versions: "v28.2.0, v27.4.1", action: Swap the binary and restart.}}
rosa deliver {notice: available, channel: x, url: "https://social.example.org/juno/1179"}
cleo draft {text: {title: "%DRAFT%", summary: "%DRAFT%", impact: "%DRAFT%", resolution: "%DRAFT%", mitigation: "%DRAFT%", cve: CVE-2026-31337}}
cleo draft {text: {title: "%DRAFT% again", summary: "%DRAFT%", impact: "%DRAFT%", resolution: "%DRAFT%", mitigation: "%DRAFT%", cve: CVE-2026-31337}}
dimi approve {edition: 2}
cleo credit {name: "%CREDIT%", role: finder, consent: true, report: 1}
cleo disclose {due: $now+20d}
`

// otherJuno is another case under embargo, with people of its own.
const otherJuno = `
dimi acknowledge {message: "%ANSWER%"}
dimi validate {evidence: "%EVIDENCE%"}
dimi triage {sensitive: true, impact: "%IMPACT%"}
dimi invites hugo {name: "%GUEST%", roles: [chain]}
dimi invites hans {name: "%HANS%", roles: [chain]}
dimi note {text: "%NOTE%"}
`

// erasedJuno ends erased.
const erasedJuno = `
jake acknowledge {message: "%ANSWER%"}
jake invalidate {reason: out_of_scope, evidence: "%EVIDENCE%"}
jake note {text: "%NOTE%"}
jake close {outcome: invalid}
wait 31d
jake erase {why: retention}
`

// sealedSolo is restricted in a project where most of the roster may read public cases only.
const sealedSolo = `
maintainer-1 acknowledge {message: "%ANSWER%"}
maintainer-1 invites vic {name: "%VIC%", roles: [validator]}
maintainer-1 invites exa {name: "%EXA%", roles: [expert]}
vic rate {vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", class: critical, says: "%RATING%"}
maintainer-1 triage {vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", sensitive: true, impact: "%IMPACT%"}
maintainer-1 validate {evidence: "%EVIDENCE%"}
maintainer-1 prioritise {priority: first, because: "%PRIORITY%"}
maintainer-1 embargo {until: $now+20d, terms: "%TERMS%"}
vic joins
exa joins
maintainer-1 analyse {section: root_cause, text: "%CAUSE%"}
maintainer-1 analyse {section: exploit, text: "%EXPLOIT%"}
maintainer-1 note {text: "%NOTE%"}
ron message {text: "%MESSAGE%"}
maintainer-1 draft {text: {title: "%DRAFT%", summary: "%DRAFT%", impact: "%DRAFT%", resolution: "%DRAFT%", mitigation: "%DRAFT%"}}
`

// openSolo is handled in the open.
const openSolo = `
maintainer-2 acknowledge {message: "%ANSWER%"}
maintainer-2 triage {vector: "CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N", sensitive: false, track: public, impact: "%IMPACT%"}
maintainer-2 validate {evidence: "%EVIDENCE%"}
vera comment {text: "%COMMENT%"}
maintainer-2 analyse {section: exploit, text: "%EXPLOIT%"}
maintainer-2 note {text: "%NOTE%"}
tom message {text: "%MESSAGE%"}
`

// newScene plays all of it.
func newScene(t *testing.T) *scene {
	t.Helper()
	documents := keeping(t)
	solo, err := fs.ReadFile(policies.Files, "solo-miner-monitor.yaml")
	if err != nil {
		t.Fatal(err)
	}
	documents["solo-miner-monitor"] = string(solo)
	sent := &letterbox{}
	s := &scene{Program: apptest.New(t, apptest.Options{Policies: documents, People: walkPeople, Post: sent.take}), t: t, post: sent}
	s.stage("erased", "juno", "security", "eric", erasedJuno)
	s.stage("sealed", "juno", "security", "rita", sealedJuno)
	s.stage("other", "juno", "security", "sam", otherJuno)
	s.stage("hidden", "solo-miner-monitor", "sensitive", "ron", sealedSolo)
	s.stage("open", "solo-miner-monitor", "issue", "tom", openSolo)
	s.objects[len(s.objects)-1].public = true
	s.objects = append(s.objects, object{name: "absent", project: "juno", id: "JUNO-0000", file: "x"},
		object{name: "missing", project: "solo-miner-monitor", id: "SOLO-0000", file: "x"})
	s.Wait(72 * time.Hour) // an invitation ends
	s.admit()
	return s
}

// stage plays one case, from a report with a file on.
func (s *scene) stage(name string, project cvd.ProjectID, kind, reporter, script string) {
	s.t.Helper()
	r := cvd.Report{Kind: kind, Title: "%TITLE%", Description: "%BODY% in more words than one", Component: "%COMPONENT%", Version: "%VERSION%", Impact: "%IMPACTED%",
		Steps: []string{"%STEPS%"}, Contact: cvd.Contact{Name: "%NAME%", Email: "%MAIL%@example.org"}, Credit: "%CREDIT%"}
	for _, field := range []*string{&r.Title, &r.Description, &r.Component, &r.Version, &r.Impact, &r.Steps[0], &r.Contact.Name, &r.Contact.Email, &r.Credit} {
		*field = plant(name, *field)
	}
	a, err := s.Casework.Receive(s.t.Context(), project, "form", r, []casework.File{{Name: plant(name, "%FILENAME%.txt"), Body: []byte(plant(name, "%FILE%"))}}, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Journey.Cases[name], s.Journey.Codes[name+"/"+reporter] = a.Case, a.Code
	who, err := s.Auth.Code(s.t.Context(), project, a.Code)
	if err != nil {
		s.t.Fatal(err)
	}
	v, err := s.Casework.Case(s.t.Context(), who, a.Case)
	if err != nil || len(v.Reports) != 1 || len(v.Reports[0].Attachments) != 1 {
		s.t.Fatalf("the report of %s: %+v, %v", name, v, err)
	}
	s.objects = append(s.objects, object{name: name, project: project, id: a.Case, file: v.Reports[0].Attachments[0].ID})
	s.Play(project, name, plant(name, script))
	s.Settle()
}

// admit gives everybody what opens their doors, and says what they may read behind them.
func (s *scene) admit() {
	s.t.Helper()
	const solo = "solo-miner-monitor"
	team := func(of string) map[string]string { return map[string]string{"sealed": of, "other": of, "erased": "-"} }
	community := map[string]string{"open": ofPublic}
	all := []visitor{
		{name: "a stranger"},
		{name: "the reporter", project: "juno", code: "sealed/rita", reads: map[string]string{"sealed": ofReporter}},
		{name: "another reporter", project: "juno", code: "other/sam", reads: map[string]string{"other": ofReporter}},
		{name: "a guest", project: "juno", code: "sealed/gwen", guest: true, reads: map[string]string{"sealed": ofGuest + " GWEN"}},
		{name: "a guest of another case", project: "juno", code: "other/hans", guest: true, reads: map[string]string{"other": ofGuest + " HANS"}},
		{name: "a guest whose time is over", project: "juno", code: "sealed/gone", guest: true, out: true},
		{name: "the reporter of what was erased", project: "juno", code: "erased/eric", out: true},
		{name: "a core engineer", project: "juno", handle: "jake", reads: team(ofInsider)},
		{name: "the release manager", project: "juno", handle: "rosa", reads: team(ofTeam)},
		{name: "communications", project: "juno", handle: "cleo", reads: team(ofTeam)},
		{name: "another chain's engineer", project: "juno", handle: "chad", reads: team(ofTeam)},
		{name: "an administrator", project: "juno", handle: "ada", admin: true},
		{name: "who left", project: "juno", handle: "lou", admin: true, out: true},
		{name: "the hidden case's reporter", project: solo, code: "hidden/ron", reads: map[string]string{"hidden": ofReporter, "open": ofPublic}},
		{name: "the open case's reporter", project: solo, code: "open/tom", reads: map[string]string{"open": ofReporter + " COMMENT"}},
		{name: "a guest who validates", project: solo, code: "hidden/vic", guest: true, reads: map[string]string{"hidden": ofGuest + " VIC", "open": ofPublic}},
		{name: "a guest who is an expert", project: solo, code: "hidden/exa", guest: true, reads: map[string]string{"hidden": ofGuest + " EXPLOIT EXA", "open": ofPublic}},
		{name: "a maintainer", project: solo, handle: "maintainer-1", reads: map[string]string{"hidden": ofInsider, "open": ofInsider + " COMMENT"}},
		{name: "a validator", project: solo, handle: "vera", reads: community},
		{name: "a contributor", project: solo, handle: "carl", reads: community},
		{name: "a tester", project: solo, handle: "tess", reads: community},
		{name: "a reviewer", project: solo, handle: "rudi", reads: community},
		{name: "an expert", project: solo, handle: "eve", reads: community},
		{name: "a lawyer", project: solo, handle: "lena", reads: community},
		{name: "an administrator there", project: solo, handle: "amy", admin: true, reads: community},
	}
	var err error
	if s.hash, err = s.Auth.HashPassword(walkPassword); err != nil {
		s.t.Fatal(err)
	}
	for _, v := range all {
		if v.code != "" {
			if v.code = s.Journey.Codes[v.code]; v.code == "" {
				s.t.Fatalf("%s has no code", v.name)
			}
		}
		if v.handle != "" {
			s.enter(&v)
		}
		s.visitors = append(s.visitors, v)
	}
}

const walkPassword = "a sentence that is long enough"

// enter signs somebody of the roster in, and lets them leave afterwards if they have left.
func (s *scene) enter(v *visitor) {
	s.t.Helper()
	person, ok := s.Casework.Person(v.project, v.handle)
	if !ok {
		s.t.Fatalf("%s is not on the roster", v.handle)
	}
	if err := s.Store.PutPerson(s.t.Context(), v.project, person, s.hash); err != nil {
		s.t.Fatal(err)
	}
	session, _, err := s.Auth.SignIn(s.t.Context(), v.project, v.handle, walkPassword)
	if err != nil {
		s.t.Fatal(err)
	}
	v.cookie, v.token = &http.Cookie{Name: "tipstaff", Value: session}, s.Token(v.project, v.handle)
	if !v.out {
		return
	}
	person.Active = false
	if err := s.Store.PutPerson(s.t.Context(), v.project, person, s.hash); err != nil {
		s.t.Fatal(err)
	}
}
