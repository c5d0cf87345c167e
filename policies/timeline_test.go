package policies_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/policies"
)

// course is one scenario of a policy with what a calendar on the wall says of it.
type course struct {
	name               string
	at                 string // UTC
	class, track, kind string
	facts              map[string]bool
	set                map[string]string
	want               []string // "kind clause 2026-03-02 09:00"; "-" for what cannot be dated yet, "none" for what is not there
	late               []string // clauses of promises that cannot be kept; all others can
}

// follow simulates each course and looks for its lines.
func follow(t *testing.T, p *policy.Policy, courses []course) {
	t.Helper()
	for _, x := range courses {
		t.Run(x.name, func(t *testing.T) {
			s := policy.Scenario{At: on(x.at), Class: x.class, Track: x.track, Kind: x.kind, Facts: x.facts, Set: map[string]time.Time{}}
			for mark, at := range x.set {
				s.Set[mark] = on(at)
			}
			tl, err := p.Simulate(s)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range x.want {
				words := strings.SplitN(line, " ", 3)
				if got := instantsOf(tl, words[0], words[1]); !within(words[2], got) {
					t.Errorf("%s %s: got %s, want %s in\n%s", words[0], words[1], strings.Join(got, ", "), words[2], table(tl))
				}
			}
			late := map[string]bool{}
			for _, m := range tl.Entries {
				late[m.Clause] = late[m.Clause] || m.Late
			}
			for _, clause := range x.late {
				if !late[clause] {
					t.Errorf("%s is not marked as late in\n%s", clause, table(tl))
				}
				delete(late, clause)
			}
			for clause, is := range late {
				if is {
					t.Errorf("%s is late in\n%s", clause, table(tl))
				}
			}
		})
	}
}

// instantsOf are the instants of all lines of a kind and a clause.
func instantsOf(tl *policy.Timeline, kind, clause string) []string {
	var all []string
	for _, m := range tl.Entries {
		switch {
		case m.Kind != kind || m.Clause != clause:
		case m.At.IsZero():
			all = append(all, "-")
		default:
			all = append(all, m.At.Format("2006-01-02 15:04"))
		}
	}
	return all
}

func within(want string, got []string) bool {
	if want == "none" {
		return len(got) == 0
	}
	for _, at := range got {
		if at == want {
			return true
		}
	}
	return false
}

func table(tl *policy.Timeline) string {
	var b bytes.Buffer
	_ = tl.Table(&b) // into memory
	return b.String()
}

// document reads one of the gallery, with what is laid over it.
func document(t testing.TB, file string, overlays ...string) *policy.Policy {
	t.Helper()
	text, err := policies.Files.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.ReadWith(file, text, policies.Files.ReadFile, overlays...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
