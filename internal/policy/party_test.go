package policy

import (
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

func TestAHandleThatMayLeadNowhereSaysWhy(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for is, x := range map[string]struct {
		handle cvd.Handle
		says   string
	}{
		"seen last week": {cvd.Handle{Service: "mail", Is: "psirt@vendor.example", Verified: now.AddDate(0, 0, -7)}, ""},
		"a year ago":     {cvd.Handle{Service: "mail", Is: "psirt@vendor.example", Verified: now.AddDate(0, 0, -367)}, "last seen to answer on 2025-02-28"},
		"never seen":     {cvd.Handle{Service: "mail", Is: "psirt@vendor.example"}, "nobody has said"},
		"an old tag":     {cvd.Handle{Service: "discord", Is: "jake#1234", Verified: now}, "a tag of the old form"},
		"no such form":   {cvd.Handle{Service: "matrix", Is: "jake", Verified: now}, "no handle of matrix"},
	} {
		if got := Doubt(x.handle, now); !strings.HasPrefix(got, x.says) || x.says == "" && got != "" {
			t.Errorf("%s: %q, want %q", is, got, x.says)
		}
	}
}

// A standing rule holds once triage has found that the case is of its kind: a class and all that are graver.
func TestAStandingRuleHoldsForItsClassAndGraverOnes(t *testing.T) {
	p := &Policy{Document: Document{Severity: Severity{Classes: []Class{{Name: "critical"}, {Name: "high"}, {Name: "low"}}},
		ReadIn: []ReadIn{{Name: "grave", Class: "high"}, {Name: "counter", Component: "Counter"}}}}
	c := cvd.Case{Reports: []cvd.Report{{Component: "counter", RM: cvd.Valid}}}
	if got := p.ReadsIn(&c); len(got) != 0 {
		t.Errorf("before triage: %v", got)
	}
	c.Marks = map[string]time.Time{"triaged": time.Now()}
	c.Round = c.Marks
	for class, want := range map[string]int{"critical": 2, "high": 2, "low": 1} {
		c.Severity.Class = class
		if got := p.ReadsIn(&c); len(got) != want {
			t.Errorf("%s: %d rules hold, want %d", class, len(got), want)
		}
	}
}

// Who left, was removed or declined is offered no step that would move the negotiation, and takes none.
func TestWhoIsOutOfACaseNegotiatesNoMore(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	joined := cvd.Party{ID: "guest:1", Kind: cvd.Vendor, RM: cvd.Arrived, InvitedAt: now.Add(-48 * time.Hour), AnsweredAt: now.Add(-time.Hour), Consent: cvd.Signatory}
	left, removed, refused, silent, lapsed, asked := joined, joined, joined, joined, joined, joined
	left.LeftAt, left.Keeps = now, true
	removed.LeftAt, removed.Removed = now, true
	refused.Refused = true
	silent.AnsweredAt, silent.AnswerBy, silent.Consent = time.Time{}, now.Add(-time.Minute), cvd.Invited
	lapsed.Consent, lapsed.AnswerBy = cvd.Invited, now.Add(-time.Minute)
	asked.AnsweredAt, asked.AnswerBy, asked.Consent = time.Time{}, now.Add(time.Hour), cvd.Invited
	for name, x := range map[string]struct {
		party cvd.Party
		may   string
	}{
		"left": {left, ""}, "removed": {removed, ""}, "refused": {refused, ""},
		"silent": {silent, "answer accept leave"}, "signed and silent to a new end": {lapsed, "answer accept leave"},
		"asked": {asked, "answer propose accept reject leave"},
	} {
		p := &Policy{}
		c := cvd.Case{Project: "p", ID: "P-0001", Rev: 1, Embargo: cvd.Embargo{State: cvd.Active, Until: now.Add(time.Hour)}, Parties: []cvd.Party{x.party}}
		var may []string
		for _, step := range invitees {
			if p.admitted(&Ask{Case: c, Who: cvd.Actor{Project: "p", ID: "guest:1", Standing: cvd.Guest, Case: "P-0001"}, Step: step, Now: now}) {
				may = append(may, step)
			}
		}
		var offered []string
		for _, can := range p.CanInvited(c, x.party, now) {
			offered = append(offered, string(can))
		}
		if strings.Join(may, " ") != x.may || strings.Join(offered, " ") != x.may {
			t.Errorf("%s: may %q and is offered %q, want %q", name, may, offered, x.may)
		}
	}
}
