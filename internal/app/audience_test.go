package app_test

import (
	"context"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/channel"
	"github.com/tipstaff/tipstaff/policies"
)

// told is a program whose validators apply to be told, and the letters that it sent.
type told struct {
	*apptest.Program
	t    *testing.T
	mu   sync.Mutex
	sent []cvd.Letter
	dead string // an address that no server takes
}

func tell(t *testing.T, postgres bool) *told {
	t.Helper()
	text, err := fs.ReadFile(policies.Files, "juno.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const was = "{name: validators, title: Validators of the chain}"
	if !strings.Contains(string(text), was) {
		t.Fatal("juno.yaml has its validators in another way: mend this test")
	}
	policy := strings.Replace(string(text), was, `{name: validators, title: Validators of the chain, criteria: [Runs a validator in the active set., Answers within a day.], voucher: true, renew: 1mo, accepts: once}
  - {name: watchers, title: Who watches, open: true}`, 1)
	x := &told{t: t, dead: "gone@example.org"}
	mail := channel.Channel{Name: "mail", Send: func(_ context.Context, out channel.Out, l cvd.Letter) (channel.Receipt, error) {
		x.mu.Lock()
		defer x.mu.Unlock()
		if l.To == x.dead {
			return channel.Receipt{}, cvd.Errorf(cvd.Refused, "the mail server refuses the recipient (550)")
		}
		x.sent = append(x.sent, l)
		return channel.Receipt{At: out.Now()}, nil
	}}
	x.Program = apptest.New(t, apptest.Options{Postgres: postgres, Policies: map[string]string{"juno": policy}, Channels: []channel.Channel{mail},
		Settings: func(c *app.Config) { c.SMTP, c.MailFrom = "127.0.0.1:25", "juno@example.org" }})
	return x
}

// onBothTold tells a story on both databases.
func onBothTold(t *testing.T, story func(*testing.T, *told)) {
	t.Run("SQLite", func(t *testing.T) { story(t, tell(t, false)) })
	t.Run("PostgreSQL", func(t *testing.T) { story(t, tell(t, true)) })
}

// post sends a form as a stranger's browser does, and follows where it leads.
func (x *told) post(path string, form url.Values) (int, string) {
	x.t.Helper()
	resp, err := http.PostForm(x.URL+path, form)
	if err != nil {
		x.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		x.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

var linkInLetter = regexp.MustCompile(`/p/juno/list/[a-z]+\.[a-z0-9.]+`)

// letters are those that went to an address since the last time, and the links in them.
func (x *told) letters(to string) (subjects []string, links []string) {
	x.t.Helper()
	ctx, cancel := context.WithTimeout(x.t.Context(), 30*time.Second)
	defer cancel()
	if err := x.Jobs.Settle(ctx); err != nil {
		x.t.Fatal(err)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	var rest []cvd.Letter
	for _, l := range x.sent {
		if l.To != to {
			rest = append(rest, l)
			continue
		}
		subjects, links = append(subjects, l.Subject), append(links, linkInLetter.FindAllString(l.Text, -1)...)
	}
	x.sent = rest
	return subjects, links
}

// member is who has an address, for somebody who keeps the register.
func (x *told) member(address string) cvd.Addressee {
	x.t.Helper()
	all, err := x.Casework.ListMembers(x.t.Context(), x.who("dimi"), "", "")
	if err != nil {
		x.t.Fatal(err)
	}
	for _, m := range all {
		if m.Mail() == address {
			return m
		}
	}
	return cvd.Addressee{}
}

func (x *told) who(handle cvd.ActorID) cvd.Actor {
	p, _ := x.Casework.Person("juno", handle)
	return cvd.Actor{Project: "juno", ID: handle, Name: p.Name, Standing: cvd.Member, Roles: p.Roles, Can: x.Casework.Can("juno", p.Roles)}
}

func (x *told) told(audience string) int {
	x.t.Helper()
	all, err := x.Casework.Members(x.t.Context(), "juno", audience, "")
	if err != nil {
		x.t.Fatal(err)
	}
	return len(all)
}

func application(mail string) url.Values {
	return url.Values{"name": {"Harbour Nodes"}, "kind": {"organisation"}, "mail": {mail}, "meets": {"0", "1"}, "agrees": {"yes"}, "accepts": {"yes"}, "voucher.name": {"Vega"}}
}

// J-37: who wants to be told asks, proves the address, is decided about by a person against the criteria, and can go.
func TestAnApplicantIsToldOnlyAfterProofAndDecision(t *testing.T) {
	onBothTold(t, func(t *testing.T, x *told) {
		const form, mail = "/p/juno/audiences/validators/apply", "ops@harbour.example"
		for field, want := range map[string]string{"meets": "Say that this is so", "agrees": "Without your consent", "accepts": "keep what it is told", "voucher.name": "stands for you", "mail": "give one address"} {
			without := application(mail)
			without.Del(field)
			if status, body := x.post(form, without); status != http.StatusUnprocessableEntity || !strings.Contains(strings.ToLower(body), strings.ToLower(want)) || !strings.Contains(body, "Harbour Nodes") {
				t.Errorf("without %s: %d, and it does not say %q or lost what was typed", field, status, want)
			}
		}
		if status, body := x.post(form, application(mail)); status != http.StatusOK || !strings.Contains(body, "A letter is on its way") {
			t.Fatalf("the application: %d\n%s", status, body)
		}
		subjects, links := x.letters(mail)
		if len(subjects) != 1 || len(links) != 1 {
			t.Fatalf("letters %v with links %v; want one of each", subjects, links)
		}
		id := x.member(mail).ID
		yes := casework.Judgement{Accept: true, Because: "Runs a node since 2024.", Meets: []int{0, 1}, Vouched: "Vega"}
		if _, err := x.Casework.DecideMember(t.Context(), x.who("dimi"), id, yes); cvd.KindOf(err) != cvd.Refused || !strings.Contains(err.Error(), "not proved") {
			t.Errorf("before the proof it is decided: %v", err)
		}
		if resp, err := http.Get(x.URL + links[0]); err != nil || resp.StatusCode != http.StatusOK || !x.member(mail).ProvedAt.IsZero() {
			t.Fatalf("to look at a link does what it says: %v, %v", resp, err)
		}
		if status, _ := x.post(links[0], nil); status != http.StatusOK || x.member(mail).ProvedAt.IsZero() {
			t.Fatalf("the link: %d", status)
		}
		if status, _ := x.post(links[0][:len(links[0])-1]+"0", nil); status != http.StatusNotFound {
			t.Errorf("a link with another end: %d; want not found", status)
		}
		if n := x.told("validators"); n != 0 {
			t.Errorf("%d are told before anybody decided", n)
		}
		half := yes
		half.Meets = []int{1}
		if _, err := x.Casework.DecideMember(t.Context(), x.who("dimi"), id, half); cvd.KindOf(err) != cvd.Refused || !strings.Contains(err.Error(), "Runs a validator") {
			t.Errorf("with a criterion that is not met: %v", err)
		}
		if _, err := x.Casework.DecideMember(t.Context(), x.who("dimi"), id, yes); err != nil {
			t.Fatal(err)
		}
		subjects, links = x.letters(mail)
		if len(subjects) != 1 || !strings.HasPrefix(subjects[0], "You are on a list") || len(links) != 1 || x.told("validators") != 1 {
			t.Fatalf("letters %v, links %v, %d told", subjects, links, x.told("validators"))
		}
		if status, _ := x.post(links[0], url.Values{"List-Unsubscribe": {"One-Click"}}); status != http.StatusOK || x.told("validators") != 0 || x.member(mail).State != cvd.MemberLeft {
			t.Errorf("to leave: %d, and they are %s", status, x.member(mail).State)
		}
	})
}

// What is answered is the same to the byte whether the address is known, and a member's entry does not change by what somebody types.
func TestTheFormDoesNotTellWhoIsOnAList(t *testing.T) {
	x := tell(t, false)
	const mail = "ops@harbour.example"
	if _, err := x.Casework.PutMember(t.Context(), x.who("dimi"), cvd.Addressee{Audience: "validators", Name: "Harbour", Handles: []cvd.Handle{{Service: "mail", Is: mail}},
		Consent: cvd.Consent{How: "by mail to Dimi"}}); err != nil {
		t.Fatal(err)
	}
	was := x.member(mail)
	status, known := x.post("/p/juno/audiences/validators/apply", application(mail))
	other, unknown := x.post("/p/juno/audiences/validators/apply", application("nobody@harbour.example"))
	if status != other || known != unknown {
		t.Errorf("a known address is answered with %d, an unknown one with %d, or the pages differ", status, other)
	}
	x.post("/p/juno/audiences/validators/apply", application(mail))
	if is := x.member(mail); is.Name != was.Name || is.State != cvd.MemberActive {
		t.Errorf("by an application the entry became %+v", is)
	}
	if subjects, _ := x.letters(mail); len(subjects) != 1 || !strings.HasPrefix(subjects[0], "Your address") {
		t.Errorf("the member gets %v; want one letter however often somebody types the address", subjects)
	}
	if status, _ := x.post("/p/juno/audiences/partners/apply", application(mail)); status != http.StatusNotFound {
		t.Errorf("a list that nobody may join: %d", status)
	}
	for i := range 70 {
		status, _ = x.post("/p/juno/audiences/watchers/apply", application("flood"+strings.Repeat("x", i)+"@harbour.example"))
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("seventy applications within an hour: the last is answered with %d", status)
	}
}

// B-80: an open list takes whoever proves the address. Members are asked anew, and who does not answer is told nothing any more.
func TestMembershipsEndUnlessTheyAreConfirmed(t *testing.T) {
	onBothTold(t, func(t *testing.T, x *told) {
		ctx := t.Context()
		x.post("/p/juno/audiences/watchers/apply", application("w@harbour.example"))
		_, links := x.letters("w@harbour.example")
		x.post(links[0], nil)
		if n := x.told("watchers"); n != 1 {
			t.Fatalf("%d watch after the proof", n)
		}
		for _, mail := range []string{"a@harbour.example", "b@harbour.example", x.dead} {
			if _, err := x.Casework.PutMember(ctx, x.who("dimi"), cvd.Addressee{Audience: "validators", Name: "Node " + mail, Handles: []cvd.Handle{{Service: "mail", Is: mail}},
				Consent: cvd.Consent{How: "by mail"}}); err != nil {
				t.Fatal(err)
			}
		}
		x.post("/p/juno/audiences/validators/apply", application("never@harbour.example"))
		x.Clock.Set(apptest.Start.AddDate(0, 0, 17))
		_, links = x.letters("a@harbour.example")
		if subjects, _ := x.letters("b@harbour.example"); len(links) != 2 || len(subjects) != 1 {
			t.Fatalf("asked anew with links %v; b got %v", links, subjects)
		}
		if m := x.member(x.dead); m.State != cvd.MemberBounced {
			t.Errorf("a dead address is %s; want bounced", m.State)
		}
		if m := x.member("never@harbour.example"); m.ID != "" {
			t.Errorf("an application that nobody proved is still kept: %+v", m)
		}
		x.post(links[0], nil)
		x.Clock.Set(apptest.Start.AddDate(0, 1, 2))
		if subjects, _ := x.letters("a@harbour.example"); len(subjects) != 0 {
			t.Errorf("who has confirmed is asked again: %v", subjects)
		}
		if a, b := x.member("a@harbour.example").State, x.member("b@harbour.example").State; a != cvd.MemberActive || b != cvd.MemberLapsed || x.told("validators") != 1 {
			t.Errorf("who confirmed is %s, who did not is %s, %d are told", a, b, x.told("validators"))
		}
	})
}

// A member says of one case whether to be told; somebody who does not keep the register does not find it.
func TestAMemberChoosesForOneCaseAndTheRegisterIsForItsKeepers(t *testing.T) {
	x := tell(t, false)
	x.Play("juno", "one", "rita reports {title: Overflow, kind: security, description: long enough}")
	id, ctx := x.Journey.Cases["one"], t.Context()
	m, err := x.Casework.PutMember(ctx, x.who("dimi"), cvd.Addressee{Audience: "validators", Name: "Node", Handles: []cvd.Handle{{Service: "mail", Is: "a@harbour.example"}}, Consent: cvd.Consent{How: "by mail"}})
	if err != nil {
		t.Fatal(err)
	}
	link := strings.TrimPrefix(x.Casework.ChoiceLink("juno", m, id), x.URL)
	for _, says := range []string{"yes", "no"} {
		if status, _ := x.post(link, url.Values{"says": {says}}); status != http.StatusOK {
			t.Fatalf("to say %s: %d", says, status)
		}
		all, err := x.Casework.Members(ctx, "juno", "validators", id)
		if err != nil || (len(all) == 1) != (says == "yes") || says == "yes" && all[0].Choice != "yes" {
			t.Errorf("after %s: %+v, %v", says, all, err)
		}
	}
	for _, who := range []cvd.Actor{cvd.Nobody("juno"), x.who("chad"), {Project: "juno", Standing: cvd.Finder, Case: id}} {
		if _, err := x.Casework.ListMembers(ctx, who, "", ""); cvd.KindOf(err) != cvd.NotFound {
			t.Errorf("%s finds the members: %v", who.ID, err)
		}
		if _, err := x.Casework.Downstreams(ctx, who); cvd.KindOf(err) != cvd.NotFound {
			t.Errorf("%s finds the projects downstream: %v", who.ID, err)
		}
		if _, err := x.Casework.Exposure(ctx, who, id); cvd.KindOf(err) != cvd.NotFound {
			t.Errorf("%s sees the exposure: %v", who.ID, err)
		}
	}
	if err := x.Casework.RemoveMember(ctx, x.who("dimi"), m.ID, "forgotten"); err != nil {
		t.Fatal(err)
	}
	if status, _ := x.post(link, url.Values{"says": {"yes"}}); status != http.StatusNotFound {
		t.Errorf("the link of somebody who was forgotten: %d", status)
	}
}
