package app_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/store"
)

// sourced is a program whose policy of juno comes from a forge.
type sourced struct {
	*apptest.Program
	t     *testing.T
	forge *apptest.Forge
	file  string // as it was put in force at first
}

func newSourced(t *testing.T, kind string, postgres bool) *sourced {
	t.Helper()
	text, err := os.ReadFile("../../policies/juno.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := &sourced{t: t, forge: apptest.NewForge(t), file: string(text)}
	s.forge.Push("juno/policy", "main", "policy.yaml", s.file)
	s.forge.Push("juno/docs", "main", "SUMMARY.md", "# Summary\n")
	tokens := filepath.Join(t.TempDir(), "tokens")
	host := strings.TrimPrefix(s.forge.URL, "http://")
	if err := os.WriteFile(tokens, []byte("# tokens\nelsewhere.example other\n"+host+" wrong\n"+host+"/juno "+s.forge.Token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Program = apptest.New(t, apptest.Options{Postgres: postgres, Settings: func(c *app.Config) {
		c.PolicySources = map[string]string{"juno": s.forge.Page(kind, "juno/policy", "main", "policy.yaml")}
		c.PolicyDocs = map[string]string{"juno": s.forge.Page(kind, "juno/docs", "main", "contribute/security.md")}
		c.ForgeTokens, c.HookHosts = tokens, []string{"127.0.0.1"}
	}})
	return s
}

// ask lets five minutes pass and asks the forge twice: whoever asks again finds it done.
func (s *sourced) ask() {
	s.t.Helper()
	s.Clock.Set(s.Clock.Now().Add(5 * time.Minute))
	for range 2 {
		if err := s.AskForges(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
	}
}

// merge puts a text into the file's branch.
func (s *sourced) merge(pairs ...string) {
	s.forge.Push("juno/policy", "main", "policy.yaml", strings.NewReplacer(pairs...).Replace(s.file))
	s.ask()
}

// proposals are the states of all proposals, the oldest first.
func (s *sourced) proposals(want ...string) {
	s.t.Helper()
	all, err := s.Casework.PolicyProposals(s.t.Context(), s.Actor("juno", "jake"))
	if err != nil {
		s.t.Fatal(err)
	}
	got := []string{}
	for _, x := range slices.Backward(all) {
		got = append(got, x.State)
		if x.Source != "forge" || x.Author != "forge" {
			s.t.Errorf("proposal %d comes from %s, by %s", x.Number, x.Source, x.Author)
		}
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("the proposals are %q, want %q", got, want)
	}
}

func (s *sourced) state() casework.SourceState {
	s.t.Helper()
	now, err := s.Casework.PolicySource(s.t.Context(), s.Actor("juno", "jake"))
	if err != nil {
		s.t.Fatal(err)
	}
	return now
}

// onForges runs a story with each forge, and on each engine.
func onForges(t *testing.T, story func(t *testing.T, s *sourced)) {
	t.Run("GitHub on SQLite", func(t *testing.T) { story(t, newSourced(t, "github", false)) })
	t.Run("Gitea on PostgreSQL", func(t *testing.T) { story(t, newSourced(t, "gitea", true)) })
}

const (
	longer = "longest: 180d"
	sixty  = "longest: 160d"
)

// B-118: what is merged at the forge is proposed, accepted here by a person, and its written forms go back as one pull request.
func TestWhatIsMergedAtTheForgeIsProposedAndWrittenBack(t *testing.T) {
	onForges(t, func(t *testing.T, s *sourced) {
		ctx, jake := t.Context(), s.Actor("juno", "jake")
		s.ask()
		s.proposals() // the file is what is in force
		if pulls := s.forge.Pulls(); len(pulls) != 2 || pulls[0].Head != "tipstaff/policy-1" || pulls[1].Repo != "juno/docs" {
			t.Fatalf("the written forms of version 1 are not there: %+v", pulls)
		}
		s.forge.Decide(true)

		s.merge(longer, sixty)
		s.proposals("open")
		p, err := s.Casework.PolicyProposal(ctx, jake, 1)
		if err != nil || len(p.Changes) != 1 || !strings.Contains(p.Because, s.forge.URL) {
			t.Fatalf("%+v, %v", p, err)
		}
		if len(s.forge.Pulls()) != 2 {
			t.Errorf("something nobody accepted was written back: %+v", s.forge.Pulls())
		}
		if p, err = s.Casework.AcceptPolicy(ctx, jake, 1, ""); err != nil || p.Version != 2 {
			t.Fatalf("%+v, %v", p, err)
		}
		s.ask()
		s.proposals("accepted")
		pulls := s.forge.Pulls()
		if len(pulls) != 4 || pulls[2].Head != "tipstaff/policy-2" || pulls[2].Base != "main" || pulls[3].Repo != "juno/docs" {
			t.Fatalf("the written forms of version 2 are not there: %+v", pulls)
		}
		branch := s.forge.Branch("juno/policy", "tipstaff/policy-2")
		if text := branch["SECURITY.md"]; !strings.Contains(text, "No embargo is longer than 160 days") || !strings.Contains(text, "version 2") {
			t.Errorf("SECURITY.md says:\n%.300s", text)
		}
		if page := s.forge.Branch("juno/docs", "tipstaff/policy-docs-2")["contribute/security.md"]; !strings.Contains(page, "160 days") {
			t.Errorf("the page says:\n%.300s", page)
		}
		for _, x := range s.state().Pulls {
			if x.State != "done" || !strings.HasPrefix(x.URL, s.forge.URL+"/juno/") {
				t.Errorf("%+v", x)
			}
		}
		s.forge.Decide(true)
		s.ask()
		if n := len(s.forge.Pulls()); n != 4 {
			t.Errorf("%d pull requests, want 4: nothing is left to do", n)
		}
	})
}

func TestAPolicyComesFromTheForgeOrFromTheEditorAndNeverFromBoth(t *testing.T) {
	s := newSourced(t, "github", false)
	text := []byte(strings.Replace(s.file, longer, sixty, 1))
	_, proposed := s.Casework.ProposePolicy(t.Context(), s.Actor("juno", "jake"), text, "")
	_, renewed := s.Casework.RenewPolicy(t.Context(), s.Actor("juno", "jake"), 1, text)
	_, put := app.SetPolicy(t.Context(), s.Config, "juno.yaml", text)
	number, err := s.Store.AddProposal(t.Context(), store.PolicyProposal{Project: "juno", Base: 1, Author: "dimi", Source: "editor", Body: []byte(`{"text":"kept from before"}`)})
	if err != nil {
		t.Fatal(err)
	}
	_, accepted := s.Casework.AcceptPolicy(t.Context(), s.Actor("juno", "jake"), number, "")
	for how, err := range map[string]error{"accepted": accepted, "proposed": proposed, "renewed": renewed, "put in force": put} {
		if cvd.KindOf(err) != cvd.Refused || !strings.Contains(err.Error(), "comes from "+s.forge.URL) || !strings.Contains(err.Error(), "change it there") {
			t.Errorf("%s: %v", how, err)
		}
	}
	editor := s.Actor("solo-miner-monitor", "maintainer-1")
	solo, err := os.ReadFile("../../policies/solo-miner-monitor.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Casework.ProposePolicy(t.Context(), editor, []byte(strings.Replace(string(solo), "longest: 90d", "longest: 60d", 1)), "Shorter."); err != nil {
		t.Errorf("a project without a file has no editor: %v", err)
	}
}

func TestOnlyTheNewestFileIsProposedAndWhatIsNoPolicyIsTold(t *testing.T) {
	onForges(t, func(t *testing.T, s *sourced) {
		s.merge(longer, sixty)
		s.merge(longer, "longest: 75d")
		s.proposals("withdrawn", "open")
		s.merge(longer, sixty) // it came back
		s.proposals("withdrawn", "withdrawn", "open")
		s.merge(longer, "longest: 60 dys")
		s.ask()
		s.proposals("withdrawn", "withdrawn", "withdrawn")
		if now := s.state(); !strings.Contains(now.Trouble, "policy.yaml:") || now.Since.IsZero() {
			t.Errorf("nobody is told that the file is no policy: %+v", now)
		}
		if n := strings.Count(s.Log.String(), "is no proposal"); n != 1 {
			t.Errorf("the log tells it %d times, want once", n)
		}
		checks, err := app.Doctor(t.Context(), s.Config, false)
		if err != nil || !slices.ContainsFunc(checks, func(c app.Check) bool { return c.Grade == app.Warning && strings.Contains(c.Says, "policy.yaml:") }) {
			t.Errorf("the doctor does not tell it: %v, %v", checks, err)
		}
		s.merge()
		s.proposals("withdrawn", "withdrawn", "withdrawn")
		if now := s.state(); now.Trouble != "" {
			t.Errorf("it is mended: %+v", now)
		}
		// Whatever was rejected is not proposed again while nothing else changes.
		s.merge(longer, "longest: 130d")
		if _, err := s.Casework.RejectPolicy(t.Context(), s.Actor("juno", "jake"), 4, "Too short."); err != nil {
			t.Fatal(err)
		}
		s.merge(longer, "longest: 130d")
		s.proposals("withdrawn", "withdrawn", "withdrawn", "rejected")
	})
}

// A forge that is away, or that refuses, is asked again after a while that grows, and nobody learns the token from it.
func TestAForgeThatFailsIsAskedAgain(t *testing.T) {
	s := newSourced(t, "gitea", false)
	s.forge.Fault(func(method, _ string) (int, bool) {
		if method == "GET" {
			return 0, false
		}
		return 503, false
	})
	s.ask()
	for _, x := range s.state().Pulls {
		if x.State != "failed" || !strings.Contains(x.Trouble, "503") || !x.Due.Equal(s.Clock.Now().Add(time.Minute)) {
			t.Errorf("%+v", x)
		}
	}
	s.ask()
	if x := s.state().Pulls[0]; !x.Due.Equal(s.Clock.Now().Add(2 * time.Minute)) {
		t.Errorf("the second time: %+v", x)
	}
	s.forge.Fault(func(string, string) (int, bool) { return 401, false })
	s.ask()
	if now := s.state(); !strings.Contains(now.Trouble, "token") {
		t.Errorf("%+v", now)
	}
	s.forge.Fault(nil)
	s.ask()
	if now := s.state(); now.Trouble != "" || len(now.Pulls) != 2 || now.Pulls[0].State != "done" || len(s.forge.Pulls()) != 2 {
		t.Errorf("%+v, %+v", now, s.forge.Pulls())
	}
	if strings.Contains(s.Log.String(), s.forge.Token) {
		t.Error("the log holds the token")
	}
}

// Whoever wants to change the policy reads where; the page has no form that could only be refused.
func TestThePageOfThePolicyNamesTheFileAndWhatIsWrongWithIt(t *testing.T) {
	s := newSourced(t, "gitea", false)
	s.merge(longer, "longest: 60 dys")
	hash, err := s.Auth.HashPassword("correct horse battery staple")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Store.PutPerson(t.Context(), "juno", cvd.Person{Handle: "jake", Name: "Jake", Roles: []string{"core", "admin"}, Active: true}, hash); err != nil {
		t.Fatal(err)
	}
	session, _, err := s.Auth.SignIn(t.Context(), "juno", "jake", "correct horse battery staple")
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/desk/juno/policy", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "tipstaff", Value: session})
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }() // read only
	page, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"The policy comes from", s.forge.URL + "/juno/policy/src/branch/main/policy.yaml", "No proposal can be made of the file", "This is no policy yet:", "<li>policy.yaml:", s.forge.URL + "/juno/docs/pulls/2"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(string(page), "Propose a document") || strings.Contains(string(page), s.forge.Token) {
		t.Error("the page has a form that is refused, or a token")
	}
}
