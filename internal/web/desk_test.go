package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/auth"
)

const password = "a sentence that is long enough"

// slowly is what is kept of the password. It is slow to make on purpose, and the same for everybody here.
var slowly struct {
	sync.Once
	hash string
	err  error
}

// employ gives somebody of the roster a password.
func (b browser) employ(project cvd.ProjectID, handle cvd.ActorID) {
	b.t.Helper()
	p, ok := b.Casework.Person(project, handle)
	if !ok {
		b.t.Fatalf("there is no %s in %s", handle, project)
	}
	slowly.Do(func() { slowly.hash, slowly.err = b.Auth.HashPassword(password) })
	if slowly.err != nil {
		b.t.Fatal(slowly.err)
	}
	if err := b.Store.PutPerson(context.Background(), project, p, slowly.hash); err != nil {
		b.t.Fatal(err)
	}
}

// enter signs somebody in and answers with their cookie.
func (b browser) enter(project, handle string) *http.Cookie {
	b.t.Helper()
	b.employ(cvd.ProjectID(project), cvd.ActorID(handle))
	a := b.send("/desk/"+project+"/sign-in", url.Values{"handle": {handle}, "password": {password}}, nil)
	if a.status != http.StatusSeeOther {
		b.t.Fatalf("sign in as %s: got %d\n%s", handle, a.status, a.body)
	}
	return cookieOf(b.t, a)
}

func cookieOf(t *testing.T, a answer) *http.Cookie {
	t.Helper()
	all := (&http.Response{Header: a.header}).Cookies()
	if len(all) != 1 {
		t.Fatalf("got %d cookies, want 1: %v", len(all), a.header)
	}
	return all[0]
}

func (b browser) send(path string, form url.Values, c *http.Cookie) answer {
	b.t.Helper()
	r := b.request("POST", path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	if c != nil {
		r.AddCookie(c)
	}
	return b.do(r)
}

func (b browser) see(path string, c *http.Cookie) answer {
	b.t.Helper()
	r := b.request("GET", path, "", nil)
	if c != nil {
		r.AddCookie(c)
	}
	return b.do(r)
}

func TestASessionOpensOneProjectsDeskAndEnds(t *testing.T) {
	b := open(t)
	if a := b.see("/desk/juno", nil); a.status != http.StatusSeeOther || a.header.Get("Location") != "/desk/juno/sign-in?then=%2Fdesk%2Fjuno" {
		t.Errorf("a stranger at the desk: got %d to %q", a.status, a.header.Get("Location"))
	}
	c := b.enter("juno", "dimi")
	if c.Path != "/desk/juno" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.MaxAge != int(auth.SessionLasts/time.Second) {
		t.Errorf("the cookie is %+v", c)
	}
	if a := b.see("/desk/juno", c); a.status != http.StatusOK || !strings.Contains(a.words(t), "Inbox") {
		t.Errorf("the inbox: got %d\n%s", a.status, a.body)
	}
	if a := b.see("/desk/solo-miner-monitor", c); a.status != http.StatusSeeOther {
		t.Errorf("another project's desk opens with this session: got %d", a.status)
	}
	b.Clock.Set(b.Clock.Now().Add(auth.SessionLasts))
	if a := b.see("/desk/juno", c); a.status != http.StatusSeeOther {
		t.Errorf("after %s the session still opens the desk: got %d", auth.SessionLasts, a.status)
	}
}

func TestSigningOutEndsTheSessionAndNotTheCookieAlone(t *testing.T) {
	b := open(t)
	c := b.enter("juno", "dimi")
	out := b.send("/desk/juno/sign-out", nil, c)
	if out.status != http.StatusSeeOther || cookieOf(t, out).MaxAge >= 0 {
		t.Errorf("signing out: got %d, %v", out.status, out.header)
	}
	if a := b.see("/desk/juno", c); a.status != http.StatusSeeOther {
		t.Errorf("who kept the cookie is still signed in: got %d", a.status)
	}
}

func TestALeaverAndAnOldPasswordAreSignedOut(t *testing.T) {
	for name, change := range map[string]func(*cvd.Person){"left": func(p *cvd.Person) { p.Active = false }, "new password": func(*cvd.Person) {}} {
		b := open(t)
		c := b.enter("juno", "dimi")
		p, _ := b.Casework.Person("juno", "dimi")
		change(&p)
		hash, err := b.Auth.HashPassword(password + " and another")
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Store.PutPerson(context.Background(), "juno", p, hash); err != nil {
			t.Fatal(err)
		}
		if a := b.see("/desk/juno", c); a.status != http.StatusSeeOther {
			t.Errorf("%s: the session still opens the desk: got %d", name, a.status)
		}
	}
}

func TestAProgramsTokenIsNoSession(t *testing.T) {
	b := open(t)
	token := b.Token("juno", "dimi")
	if a := b.see("/desk/juno", &http.Cookie{Name: "tipstaff", Value: token}); a.status != http.StatusSeeOther {
		t.Errorf("a token as a cookie: got %d, want the way to sign in", a.status)
	}
	c := b.enter("juno", "dimi")
	r := b.request("GET", "/api/v1/projects/juno/cases", "", nil)
	r.Header.Set("Authorization", "Bearer "+c.Value)
	if a := b.do(r); a.status == http.StatusOK {
		t.Error("a session's cookie passes for a token")
	}
}

func TestGuessingIsSlowedAndAnswersAlikeForEveryName(t *testing.T) {
	b := open(t)
	b.employ("juno", "dimi")
	try := func(handle string) answer {
		return b.send("/desk/juno/sign-in", url.Values{"handle": {handle}, "password": {"wrong wrong wrong"}}, nil)
	}
	there, absent := try("dimi"), try("nobody-here")
	if there.status != http.StatusUnauthorized || absent.status != there.status ||
		strings.ReplaceAll(there.body, "dimi", "X") != strings.ReplaceAll(absent.body, "nobody-here", "X") {
		t.Errorf("the answers tell whether a name exists: %d and %d", there.status, absent.status)
	}
	for range 9 {
		try("dimi")
	}
	if a := try("dimi"); a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" {
		t.Errorf("the eleventh try: got %d", a.status)
	}
	b.Clock.Set(b.Clock.Now().Add(time.Minute))
	if a := b.send("/desk/juno/sign-in", url.Values{"handle": {"dimi"}, "password": {password}}, nil); a.status != http.StatusSeeOther {
		t.Errorf("a minute later the right password: got %d", a.status)
	}
}

func TestSigningInLeadsNowhereElse(t *testing.T) {
	b := open(t)
	b.employ("juno", "dimi")
	for _, then := range []string{"https://evil.example/", "//evil.example", "/desk/juno/../../x", "/desk/juno\\@evil", "/p/juno", "/desk/solo-miner-monitor/x", "/desk/junoevil"} {
		a := b.send("/desk/juno/sign-in", url.Values{"handle": {"dimi"}, "password": {password}, "then": {then}}, nil)
		if got := a.header.Get("Location"); got != "/desk/juno" {
			t.Errorf("then %q leads to %q", then, got)
		}
	}
}

func TestWhatWasTypedOutlivesTheSession(t *testing.T) {
	b := open(t)
	b.Play("juno", "one", "rita reports {title: Overflow, kind: security, description: long enough to be a report}")
	id := string(b.Journey.Cases["one"])
	c := b.enter("juno", "dimi")
	b.Clock.Set(b.Clock.Now().Add(auth.SessionLasts))
	lost := b.send("/desk/juno/cases/"+id+"/note", url.Values{"text": {"the words of an hour"}}, c)
	if lost.status != http.StatusUnauthorized || !strings.Contains(lost.body, `name="kept.text" value="the words of an hour"`) {
		t.Fatalf("the text is not in the page to sign in: got %d\n%s", lost.status, lost.body)
	}
	again := b.send("/desk/juno/sign-in", url.Values{"handle": {"dimi"}, "password": {password}, "then": {"/desk/juno/cases/" + id + "/note"},
		"kept.text": {"the words of an hour"}}, nil)
	if again.status != http.StatusOK || !strings.Contains(again.body, "the words of an hour") || !strings.Contains(again.body, `action="/desk/juno/cases/`+id+`/note"`) {
		t.Fatalf("the text is not there after signing in: got %d\n%s", again.status, again.body)
	}
	if a := b.send("/desk/juno/cases/"+id+"/note", url.Values{"text": {"the words of an hour"}}, cookieOf(t, again)); a.status != http.StatusSeeOther {
		t.Errorf("sending it then: got %d\n%s", a.status, a.body)
	}
}

func TestAStaleFormShowsBothTexts(t *testing.T) {
	b := open(t)
	b.Play("juno", "one", "rita reports {title: Overflow, kind: security, description: long enough to be a report}\ndimi acknowledge {}\ndimi validate {evidence: seen}\ndimi triage {sensitive: true, impact: much}")
	id := string(b.Journey.Cases["one"])
	c := b.enter("juno", "dimi")
	form := b.see("/desk/juno/cases/"+id+"/analyse?section=scope", c)
	if form.status != http.StatusOK {
		t.Fatalf("the form: got %d\n%s", form.status, form.body)
	}
	b.Play("juno", "one", "dimi analyse {section: scope, text: THEIRS}")
	a := b.send("/desk/juno/cases/"+id+"/analyse", url.Values{"rev": {"4"}, "section": {"scope"}, "text": {"MINE"}}, c)
	if a.status != http.StatusConflict || !strings.Contains(a.body, "MINE") || !strings.Contains(a.body, "THEIRS") || !strings.Contains(a.body, "since you opened the form") {
		t.Fatalf("a stale form: got %d\n%s", a.status, a.words(t))
	}
	if a := b.send("/desk/juno/cases/"+id+"/analyse", url.Values{"rev": {"5"}, "section": {"scope"}, "text": {"MINE"}}, c); a.status != http.StatusSeeOther {
		t.Errorf("sent again on purpose: got %d\n%s", a.status, a.body)
	}
}
