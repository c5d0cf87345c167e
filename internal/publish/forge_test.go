package publish_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/publish"
)

// atForge is a repository with a policy at a forge of a kind, and the way to it.
func atForge(t *testing.T, kind string) (*apptest.Forge, publish.Forge, publish.Place) {
	t.Helper()
	f := apptest.NewForge(t)
	f.Push("juno/policy", "main", "policy.yaml", "policy: juno\n")
	p, err := publish.ParsePlace(f.Page(kind, "juno/policy", "main", "policy.yaml"))
	if err != nil || p.Kind() != kind {
		t.Fatalf("%+v, %v", p, err)
	}
	return f, publish.Forge{HTTP: f.Client(), Token: func(publish.Place) (string, error) { return f.Token, nil }}, p
}

var kinds = []string{"github", "gitea"}

var change = publish.Change{Branch: "tipstaff/policy-2", Title: "Security policy, version 2", Body: "Printed.", Files: []publish.ChangedFile{
	{Path: "SECURITY.md", Text: []byte("# Security\n")},
	{Path: ".github/ISSUE_TEMPLATE/config.yml", Text: []byte("blank: false\n"), Yield: func(there []byte) bool { return strings.Contains(string(there), "by hand") }},
}}

func TestTheAddressOfAFileSaysWhereItsAPIIs(t *testing.T) {
	for address, want := range map[string]string{
		"https://github.com/juno/policy/blob/main/security/policy.yaml":            "github github.com juno/policy main security/policy.yaml",
		"https://git.example.org/juno/policy/src/branch/main/policy.yaml":          "gitea git.example.org juno/policy main policy.yaml",
		"https://example.org/forge/juno/policy/src/branch/main/policy.yaml":        "gitea example.org juno/policy main policy.yaml",
		"http://127.0.0.1:3000/juno/policy/src/branch/main/policy.yaml":            "gitea 127.0.0.1:3000 juno/policy main policy.yaml",
		"http://git.example.org/juno/policy/src/branch/main/policy.yaml":           "",
		"https://gitlab.example.org/group/juno/policy/-/blob/main/policy.yaml":     "",
		"https://anna:pw@github.com/juno/policy/blob/main/policy.yaml":             "",
		"https://github.com/juno/policy/blob/main/../../../../user":                "",
		"https://github.com/juno/policy/blob/main/a/%2e%2e/%2e%2e/policy.yaml":     "",
		"https://github.com/juno/policy/blob/main/policy.yaml?token=s3cr3t-t0ken1": "",
		"https://github.com/juno/policy":                                           "",
		"policy.yaml":                                                              "",
	} {
		p, err := publish.ParsePlace(address)
		got := ""
		if err == nil {
			got = strings.Join([]string{p.Kind(), p.Host, p.Repo, p.Base, p.Path}, " ")
		} else if cvd.KindOf(err) != cvd.Invalid || strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%s: %v", address, err)
		}
		if got != want {
			t.Errorf("%s: got %q (%v), want %q", address, got, err, want)
		}
	}
}

func TestAFileIsReadOnceWhileItIsTheSame(t *testing.T) {
	for _, kind := range kinds {
		_, way, p := atForge(t, kind)
		first, err := way.Read(t.Context(), p, "")
		if err != nil || string(first.Text) != "policy: juno\n" || len(first.Hash) != 40 {
			t.Fatalf("%s: %+v, %v", kind, first, err)
		}
		again, err := way.Read(t.Context(), p, first.ETag)
		if err != nil || again.Same != (kind == "github") || again.Same == (again.Text != nil) {
			t.Errorf("%s: the second reading is %+v, %v", kind, again, err)
		}
	}
}

// Whatever request is the one that fails, done or not, repeating it all ends in one pull request with all files.
func TestAChangeIsProposedOnceWhereverItBroke(t *testing.T) {
	for _, kind := range kinds {
		for _, done := range []bool{false, true} {
			for broken, more := 1, true; more; broken++ {
				f, way, p := atForge(t, kind)
				f.Push("juno/policy", "main", "SECURITY.md", "# By hand\n")
				n := 0
				f.Fault(func(string, string) (int, bool) {
					if n++; n == broken {
						return http.StatusBadGateway, done
					}
					return 0, false
				})
				got, err := way.Propose(t.Context(), p, change)
				if more = err != nil; more {
					if cvd.KindOf(err) != cvd.Unavailable {
						t.Errorf("%s, request %d: %v", kind, broken, err)
					}
					got, err = way.Propose(t.Context(), p, change)
				}
				pulls, branch := f.Pulls(), f.Branch("juno/policy", change.Branch)
				if err != nil || len(pulls) != 1 || pulls[0].Title != change.Title || pulls[0].Base != "main" || got.URL != f.URL+"/juno/policy/pulls/1" {
					t.Fatalf("%s, request %d, done %t: %+v, %v, %+v", kind, broken, done, got, err, pulls)
				}
				for _, file := range change.Files {
					if branch[file.Path] != string(file.Text) {
						t.Errorf("%s, request %d: %s is %q", kind, broken, file.Path, branch[file.Path])
					}
				}
				if main := f.Branch("juno/policy", "main"); main["SECURITY.md"] != "# By hand\n" || len(main) != 2 {
					t.Errorf("%s: what people work on was written to: %v", kind, main)
				}
				if broken > 50 {
					t.Fatal("it never ends well")
				}
			}
		}
	}
}

func TestNothingIsProposedThatIsThereOrWasDecided(t *testing.T) {
	for _, kind := range kinds {
		f, way, p := atForge(t, kind)
		f.Push("juno/policy", "main", ".github/ISSUE_TEMPLATE/config.yml", "# written by hand\n")
		if got, err := way.Propose(t.Context(), p, change); err != nil || got.URL == "" {
			t.Fatal(kind, got, err)
		}
		if b := f.Branch("juno/policy", change.Branch); b[".github/ISSUE_TEMPLATE/config.yml"] != "# written by hand\n" {
			t.Errorf("%s: somebody's file was replaced: %v", kind, b)
		}
		f.Decide(false)
		if got, err := way.Propose(t.Context(), p, change); err != nil || !got.Closed || f.Branch("juno/policy", change.Branch) != nil {
			t.Errorf("%s: what was turned down is proposed again: %+v, %v", kind, got, err)
		}
		f.Push("juno/policy", "main", "SECURITY.md", "# Security\n")
		f.Asks()
		if got, err := way.Propose(t.Context(), p, change); err != nil || got != (publish.Pull{}) {
			t.Errorf("%s: %+v, %v", kind, got, err)
		}
		if asks := f.Asks(); slices.ContainsFunc(asks, func(a string) bool { return !strings.HasPrefix(a, "GET ") }) {
			t.Errorf("%s: something was written: %q", kind, asks)
		}
	}
}

func TestARefusalOfAForgeSaysWhatToDoAndNoToken(t *testing.T) {
	for _, kind := range kinds {
		for code, want := range map[int]cvd.Kind{301: cvd.Refused, 401: cvd.Refused, 403: cvd.Refused, 404: cvd.NotFound, 409: cvd.Conflict, 418: cvd.Refused, 422: cvd.Conflict,
			429: cvd.TooMany, 500: cvd.Unavailable, 503: cvd.Unavailable} {
			f, way, p := atForge(t, kind)
			f.Fault(func(string, string) (int, bool) { return code, false })
			_, err := way.Read(t.Context(), p, "")
			if cvd.KindOf(err) != want || !strings.Contains(err.Error(), "policy.yaml in branch main of juno/policy") || strings.Contains(err.Error(), f.Token) {
				t.Errorf("%s answers %d: got %v, want %s", kind, code, err, want)
			}
			if asks := f.Asks(); len(asks) != 1 {
				t.Errorf("%s answers %d: a redirect was followed: %q", kind, code, asks)
			}
		}
		f, way, p := atForge(t, kind)
		way.Token = func(publish.Place) (string, error) { return "another", nil }
		if _, err := way.Read(t.Context(), p, ""); cvd.KindOf(err) != cvd.Refused || !strings.Contains(err.Error(), "401") {
			t.Errorf("%s: a wrong token: %v", kind, err)
		}
		f.Close()
		if _, err := way.Read(t.Context(), p, ""); cvd.KindOf(err) != cvd.Unavailable {
			t.Errorf("%s: nobody there: %v", kind, err)
		}
	}
}

func TestWhatAForgeAnswersIsBoundedAndRead(t *testing.T) {
	var body atomic.Value
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body.Load().(string))) }))
	defer s.Close()
	p, err := publish.ParsePlace(s.URL + "/juno/policy/src/branch/main/policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	way := publish.Forge{HTTP: s.Client(), Token: func(publish.Place) (string, error) { return "", nil }}
	for said, want := range map[string]cvd.Kind{
		`{"type":"file","encoding":"base64","content":"` + strings.Repeat("A", 5<<20) + `"}`:        cvd.TooLarge,
		`{"type":"file","encoding":"none","content":"","sha":"` + strings.Repeat("a", 40) + `"}`:    cvd.TooLarge,
		`{"type":"file","encoding":"base64","content":"AAAA","sha":"../../x"}`:                      cvd.TooLarge,
		`{"type":"file","encoding":"base64","content":"?","sha":"` + strings.Repeat("a", 40) + `"}`: cvd.Unavailable,
		`{"type":"symlink","target":"/etc/passwd"}`:                                                 cvd.Invalid,
		`[{"type":"file"}]`: cvd.Invalid,
		`<html>`:            cvd.Invalid,
	} {
		body.Store(said)
		if got, err := way.Read(t.Context(), p, ""); cvd.KindOf(err) != want {
			t.Errorf("%.60s: got %+v, %v, want %s", said, got, err, want)
		}
	}
}
