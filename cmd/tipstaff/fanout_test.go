package main

import (
	"os"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// Who was reached, and whose copy a leaked text is, is told to the team from the command line, and to nobody else.
func TestWhomANoticeReachedAndWhoseCopyLeaked(t *testing.T) {
	text, err := os.ReadFile("../../internal/app/testdata/fanout/policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	copies := make(chan string, 10)
	p := apptest.New(t, apptest.Options{Policies: map[string]string{"fan": string(text)},
		People: map[cvd.ProjectID][]cvd.Person{"fan": {{Handle: "ada", Name: "Ada", Roles: []string{"maintainer"}}}},
		Post: func(one cvd.Letter) {
			if strings.Contains(one.Job, ".member.") {
				copies <- one.Text
			}
		}})
	t.Setenv("TIPSTAFF_SERVER", p.URL)
	token := keep(t, p.Token("fan", "ada"))
	member := strings.TrimSpace(does(t, "audience", "add", "operators", "Alpha", "--mail", "security@alpha.example", "--consent", "by letter", "--token-file", token))
	p.Play("fan", "it", `rita reports {kind: vulnerability, title: "Overflow", description: "It overflows."}
ada acknowledge {}
ada validate {evidence: "It does."}
ada notify {notice: coming, says: {release_at: "2026-04-10T16:00:00Z"}}`)
	p.Settle()
	id := string(p.Journey.Cases["it"])
	if out := does(t, "notice", "fanout", id, "--token-file", token); !strings.Contains(out, "coming, ordered ") || !strings.Contains(out, "1 of 1 reached") ||
		!strings.Contains(out, "Alpha") || !strings.Contains(out, member) {
		t.Errorf("who was reached: %s", out)
	}
	leaked := "> " + strings.ReplaceAll(<-copies, "\n", "\n> ")
	if out := does(t, "notice", "trace", id, keep(t, leaked), "--token-file", token); !strings.Contains(out, "made for Alpha (member "+member+")") {
		t.Errorf("the copy is traced to %s", out)
	}
	for text, want := range map[string]string{"A release is coming": "bears no code", "2345-6789": "none of this case’s copies"} {
		if got := tipstaff(t, "", "notice", "trace", id, keep(t, text), "--token-file", token); got.status != no || !strings.Contains(got.out, want) {
			t.Errorf("%q: status %d, %s", text, got.status, got.out)
		}
	}
	for _, args := range [][]string{{"fanout", id}, {"trace", id, keep(t, leaked)}} {
		got := tipstaff(t, "", append([]string{"notice"}, args...)...)
		if got.status != no || strings.Contains(got.out+got.err, "Alpha") {
			t.Errorf("a stranger asks %s: status %d, %s%s", args[0], got.status, got.out, got.err)
		}
	}
}
