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
	ofInvited  = "TERMS" // of the embargo: what somebody reads who was asked, and may not read the case
	ofReport   = "TITLE BODY COMPONENT VERSION IMPACTED STEPS FILE FILENAME CREDIT"
	ofReporter = ofReport + " NAME MAIL MESSAGE ANSWER TERMS"
	ofTalk     = " THREAD TALK"         // those who are in the thread
	ofPatch    = " PATCHFILE PATCHTEXT" // those whom the patch names
	ofGuest    = ofReport + " TERMS EVIDENCE IMPACT PRIORITY SCOPE CAUSE PATCH BRANCH REVIEW DRAFT RATING CHECK EMBARGO"
	ofTeam     = ofGuest + " NAME MAIL MESSAGE ANSWER NOTE GUEST HANS VIC EXA" + ofCircle
	ofInsider  = ofTeam + " EXPLOIT"
	ofPublic   = "TITLE BODY COMPONENT VERSION IMPACTED STEPS" // a comment waits until somebody lets it pass

	ofBargain  = " PROPOSAL WISHED REFUSAL PAYOUT ELIGIBLE" // between the team and the reporter
	ofCircle   = " GWEN PIA LAP LEO REM DORA SIL UNA DECLINE LEAVE LEAK PROPOSAL WISHED REFUSAL WISH CLAIM DISMISSAL NOMINEE NOMINATION BREACH NOTICE EXEMPT ELIGIBLE BOUNTY SUM PATCHFILE" + ofTalk
	ofRegister = "MEMBER ADDRESS CONSENT APPLICANT APPLICATION DEPENDENT CONTACT REMARK ROUTE"
)

// figures are planted where a word cannot be: a sum of money, and the instant that the reporter wished for.
var figures = map[string]string{"7319.42": "SUM", "731942": "SUM", "2026-04-18 03:07": "WISHED", "2026-04-18T03:07": "WISHED"}

// visitor is somebody at the doors, with all that they may read of the cases of the scene.
type visitor struct {
	name    string
	project cvd.ProjectID // that they belong to
	handle  cvd.ActorID   // of the roster
	code    string        // of a report or an invitation
	link    string        // of an invitation's letter
	letter  string        // the token in the link of a letter to a member of a list
	reads   map[string]string
	out     bool // they belong to nothing any more

	cookie *http.Cookie
	token  string
	admin  bool
	guest  bool
	keeper bool // keeps the register
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
	patch   string // a patch that is attached
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
	sown     map[string]bool // "sealed TITLE": every word that was planted
	register register
	wrong    visitor // links that are wrong in their last letter
}

// register is what the register of Juno holds, by its ids.
type register struct{ member, applicant, entry string }

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

// newScene plays all of it.
func newScene(t *testing.T) *scene {
	t.Helper()
	sent := &letterbox{}
	s := &scene{Program: apptest.New(t, apptest.Options{Policies: walkPolicies(t), People: walkPeople, Post: sent.take}), t: t, post: sent, sown: map[string]bool{}}
	s.register = enlist(t, s.Program)
	s.stage("erased", "juno", "security", "eric", erasedJuno)
	s.stage("sealed", "juno", "security", "rita", sealedJuno)
	s.stage("other", "juno", "security", "sam", otherJuno)
	s.stage("hidden", "solo-miner-monitor", "sensitive", "ron", sealedSolo)
	s.stage("open", "solo-miner-monitor", "issue", "tom", openSolo)
	s.objects[len(s.objects)-1].public = true
	s.objects = append(s.objects, object{name: "absent", project: "juno", id: "JUNO-0000", file: "x"},
		object{name: "missing", project: "solo-miner-monitor", id: "SOLO-0000", file: "x"})
	s.Wait(72 * time.Hour) // an invitation ends, and another one was answered by nobody
	patch := attach(t, s.Program, "sealed")
	for i := range s.objects[:3] { // the patch of one case, asked of the others
		s.objects[i].patch = patch
	}
	s.register.applicant = apply(t, s.Program)
	s.Play("juno", "sealed", s.sow("sealed", askedLate))
	s.sow("sealed", patchText+"%PATCHFILE% %SUM% %WISHED%")
	s.sow("register", "%"+strings.ReplaceAll(ofRegister, " ", "% %")+"%")
	s.Settle()
	s.admit()
	return s
}

// walkPolicies are the two processes: Juno's with lists that one may ask to be on, and with an end to what it keeps.
func walkPolicies(t *testing.T) map[string]string {
	t.Helper()
	documents := keeping(t)
	const was = "{name: validators, title: Validators of the chain}"
	if !strings.Contains(documents["juno"], was) {
		t.Fatal("juno.yaml has its validators in another way: mend this test")
	}
	documents["juno"] = strings.Replace(documents["juno"], was, "{name: validators, title: Validators of the chain, criteria: [Runs a validator in the active set.], voucher: true, accepts: once}", 1)
	solo, err := fs.ReadFile(policies.Files, "solo-miner-monitor.yaml")
	if err != nil {
		t.Fatal(err)
	}
	documents["solo-miner-monitor"] = string(solo)
	return documents
}

// enlist fills the register of Juno: a member who is told, and a project downstream.
func enlist(t *testing.T, p *apptest.Program) register {
	t.Helper()
	in := func(text string) string { return plant("register", text) }
	who := p.Actor("juno", "dimi")
	m, err := p.Casework.PutMember(t.Context(), who, cvd.Addressee{Audience: "validators", Kind: "organisation", Name: in("%MEMBER%"),
		Handles: []cvd.Handle{{Service: "mail", Is: in("%ADDRESS%@example.org")}}, Consent: cvd.Consent{How: in("%CONSENT%")}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := p.Casework.PutDownstream(t.Context(), who, cvd.Dependent{Name: in("%DEPENDENT%"), Version: "28.0.1", Route: cvd.Route{Is: in("%ROUTE%@example.org")},
		Contacts: []cvd.Handle{{Service: "mail", Is: in("%CONTACT%@example.org")}}, Notes: in("%REMARK%")})
	if err != nil {
		t.Fatal(err)
	}
	return register{member: m.ID, entry: d.ID}
}

// apply asks for somebody to be on a list, and says under which id: an address that nobody proves is forgotten after a week.
func apply(t *testing.T, p *apptest.Program) string {
	t.Helper()
	err := p.Casework.Join(t.Context(), "juno", "validators", casework.Application{Kind: "organisation", Name: plant("register", "%APPLICANT%"),
		Handles: []cvd.Handle{{Service: "mail", Is: "applicant@example.org"}}, Meets: []int{0}, Agrees: true, Accepts: true, Voucher: cvd.Voucher{Name: "Somebody"},
		Says: plant("register", "%APPLICATION%")})
	if err != nil {
		t.Fatal(err)
	}
	all, err := p.Casework.ListMembers(t.Context(), p.Actor("juno", "dimi"), "validators", cvd.MemberApplied)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d applied, %v", len(all), err)
	}
	return all[0].ID
}

// attach gives a case a patch that its first guest may read besides who attached it, and says what it is called.
func attach(t *testing.T, p *apptest.Program, name string) string {
	t.Helper()
	v, err := p.Casework.AttachPatch(t.Context(), p.Actor("juno", "jake"), casework.About{Case: p.Journey.Cases[name]}, casework.Patch{Product: "juno", Line: "28", Readers: []cvd.ActorID{"guest:1"},
		File: casework.File{Name: plant(name, "%PATCHFILE%.patch"), Body: []byte(plant(name, patchText))}})
	if err != nil {
		t.Fatal(err)
	}
	return v.PatchFiles[0].ID
}

// sow plants the words of a text, and keeps in mind which.
func (s *scene) sow(name, text string) string {
	for _, m := range regexp.MustCompile(`%([A-Z]+)%`).FindAllStringSubmatch(text, -1) {
		s.sown[name+" "+m[1]] = true
	}
	return plant(name, text)
}

// stage plays one case, from a report with a file on.
func (s *scene) stage(name string, project cvd.ProjectID, kind, reporter, script string) {
	s.t.Helper()
	r := cvd.Report{Kind: kind, Title: "%TITLE%", Description: "%BODY% in more words than one", Component: "%COMPONENT%", Version: "%VERSION%", Impact: "%IMPACTED%",
		Steps: []string{"%STEPS%"}, Contact: cvd.Contact{Name: "%NAME%", Email: "%MAIL%@example.org"}, Credit: "%CREDIT%"}
	for _, field := range []*string{&r.Title, &r.Description, &r.Component, &r.Version, &r.Impact, &r.Steps[0], &r.Contact.Name, &r.Contact.Email, &r.Credit} {
		*field = s.sow(name, *field)
	}
	a, err := s.Casework.Receive(s.t.Context(), project, "form", r, []casework.File{{Name: s.sow(name, "%FILENAME%.txt"), Body: []byte(s.sow(name, "%FILE%"))}}, nil)
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
	s.Play(project, name, s.sow(name, script))
	s.Settle()
}

// admit gives everybody what opens their doors, and says what they may read behind them.
func (s *scene) admit() {
	s.t.Helper()
	const solo = "solo-miner-monitor"
	team := func(of, register string) map[string]string {
		return map[string]string{"sealed": of, "other": of, "erased": "-", "register": register}
	}
	party := func(of string) map[string]string { return map[string]string{"sealed": of} }
	community := map[string]string{"open": ofPublic}
	all := []visitor{
		{name: "a stranger"},
		{name: "the reporter", project: "juno", code: "sealed/rita", reads: party(ofReporter + ofBargain + ofTalk + " GWEN")},
		{name: "another reporter", project: "juno", code: "other/sam", reads: map[string]string{"other": ofReporter}},
		{name: "a guest", project: "juno", code: "sealed/gwen", guest: true, reads: party(ofGuest + " GWEN" + ofTalk + ofPatch)},
		{name: "a party", project: "juno", code: "sealed/pia", guest: true, reads: party(ofGuest + " PIA WISH CLAIM DISMISSAL")},
		{name: "a party that has not answered", project: "juno", code: "sealed/una", link: "sealed", guest: true, reads: party(ofInvited + " UNA")},
		{name: "a party that let its time pass", project: "juno", code: "sealed/sil", guest: true, reads: party(ofInvited + " SIL")},
		{name: "a party that declined", project: "juno", code: "sealed/dora", guest: true, reads: party(ofInvited + " DORA DECLINE")},
		{name: "a party whose consent lapsed", project: "juno", code: "sealed/lap", guest: true, reads: party(ofInvited + " LAP")},
		{name: "a party that left", project: "juno", code: "sealed/leo", guest: true, reads: party(ofInvited + " LEO LEAVE")},
		{name: "a party removed for a leak", project: "juno", code: "sealed/rem", guest: true, reads: party(ofInvited + " REM")},
		{name: "a member of a list", project: "juno", letter: "sealed", reads: map[string]string{"register": "MEMBER"}},
		{name: "a guest of another case", project: "juno", code: "other/hans", guest: true, reads: map[string]string{"other": ofGuest + " HANS"}},
		{name: "a guest whose time is over", project: "juno", code: "sealed/gone", guest: true, out: true},
		{name: "the reporter of what was erased", project: "juno", code: "erased/eric", out: true},
		{name: "a core engineer", project: "juno", handle: "jake", keeper: true, reads: team(ofInsider+" PAYOUT PATCHTEXT", ofRegister)},
		{name: "a core engineer whom no patch names", project: "juno", handle: "alex", keeper: true, reads: team(ofInsider+" PAYOUT", ofRegister)},
		{name: "the release manager", project: "juno", handle: "rosa", keeper: true, reads: team(ofTeam, ofRegister)},
		{name: "communications", project: "juno", handle: "cleo", keeper: true, reads: team(ofTeam+" PAYOUT", ofRegister)},
		{name: "another chain's engineer", project: "juno", handle: "chad", reads: team(ofTeam, "MEMBER DEPENDENT")},
		{name: "an administrator", project: "juno", handle: "ada", admin: true, keeper: true, reads: map[string]string{"register": ofRegister}},
		{name: "who left", project: "juno", handle: "lou", admin: true, keeper: true, out: true},
		{name: "the hidden case's reporter", project: solo, code: "hidden/ron", reads: map[string]string{"hidden": ofReporter, "open": ofPublic}},
		{name: "the open case's reporter", project: solo, code: "open/tom", reads: map[string]string{"open": ofReporter}},
		{name: "a guest who validates", project: solo, code: "hidden/vic", guest: true, reads: map[string]string{"hidden": ofGuest + " VIC", "open": ofPublic}},
		{name: "a guest who is an expert", project: solo, code: "hidden/exa", guest: true, reads: map[string]string{"hidden": ofGuest + " EXPLOIT EXA", "open": ofPublic}},
		{name: "a maintainer", project: solo, handle: "maintainer-1", keeper: true, reads: map[string]string{"hidden": ofInsider, "open": ofInsider + " COMMENT"}},
		{name: "a validator", project: solo, handle: "vera", reads: map[string]string{"open": ofPublic + " COMMENT"}},
		{name: "a contributor", project: solo, handle: "carl", reads: community},
		{name: "a tester", project: solo, handle: "tess", reads: community},
		{name: "a reviewer", project: solo, handle: "rudi", reads: community},
		{name: "an expert", project: solo, handle: "eve", reads: community},
		{name: "a lawyer", project: solo, handle: "lena", reads: community},
		{name: "an administrator there", project: solo, handle: "amy", admin: true, keeper: true, reads: community},
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
		if v.link != "" {
			v.link = s.inLetter(`/p/` + string(v.project) + `/invited/(\S+)`)
			s.wrong.link = almost(v.link)
		}
		if v.letter != "" {
			m, err := s.Casework.Member(s.t.Context(), s.Actor("juno", "dimi"), s.register.member)
			if err != nil {
				s.t.Fatal(err)
			}
			_, v.letter, _ = strings.Cut(s.Casework.ChoiceLink("juno", m, s.Journey.Cases[v.letter]), "/list/")
			s.wrong.letter = almost(v.letter)
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

// inLetter is what a pattern finds in the letters that went out.
func (s *scene) inLetter(pattern string) string {
	s.t.Helper()
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	for _, l := range s.post.letters {
		if found := regexp.MustCompile(pattern).FindStringSubmatch(l.Text); found != nil {
			return found[1]
		}
	}
	s.t.Fatalf("no letter has %s in it", pattern)
	return ""
}

// almost is a secret that is wrong in its last letter.
func almost(secret string) string {
	last := "a"
	if strings.HasSuffix(secret, last) {
		last = "b"
	}
	return secret[:len(secret)-1] + last
}
