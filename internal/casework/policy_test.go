package casework_test

import (
	"context"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/policies"
)

// hire puts people on the roster who may administer.
func (d *desk) hire(handles ...cvd.ActorID) {
	d.t.Helper()
	for _, h := range handles {
		if err := d.store.PutPerson(context.Background(), solo, cvd.Person{Handle: h, Name: string(h), Roles: []string{"maintainer", "admin"}, Active: true}, ""); err != nil {
			d.t.Fatal(err)
		}
	}
	if err := d.Refresh(context.Background()); err != nil {
		d.t.Fatal(err)
	}
}

// document is the policy of the project with other words in it.
func document(t testing.TB, pairs ...string) []byte {
	t.Helper()
	text, err := fs.ReadFile(policies.Files, string(solo)+".yaml")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(string(text), pairs[i]) {
			t.Fatalf("the policy does not say %q", pairs[i])
		}
	}
	return []byte(strings.NewReplacer(pairs...).Replace(string(text)))
}

// refused says that an error is of a kind and tells the asker something.
func refused(t testing.TB, err error, kind cvd.Kind, says string) {
	t.Helper()
	if cvd.KindOf(err) != kind || !strings.Contains(err.Error(), says) {
		t.Errorf("got %v, want %q and %q", err, kind, says)
	}
}

// B-118: a change of the process goes through proposal, review and a second person, and the history tells all of it.
func TestAPolicyChangesByProposalReviewAndASecondPerson(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ctx := context.Background()
		d.hire("mara", "milo")
		old := d.report("Before", "It was like that before.")
		p, err := d.ProposePolicy(ctx, d.who("mara"), document(t, "longest: 90d", "longest: 60d"), "Three months are too long.")
		if err != nil || p.Number != 1 || p.State != "open" || len(p.Changes) != 1 || p.Changes[0].String() != "Embargo, longest: 90 days → 60 days" {
			t.Fatalf("%+v, %v", p, err)
		}
		_, err = d.Judge(ctx, d.who("mara"), 1, "approve", "")
		refused(t, err, cvd.Refused, "your own proposal")
		if _, err := d.Judge(ctx, d.who("vera"), 1, "object", "Ninety days are what we told everybody."); err != nil {
			t.Fatal(err)
		}
		_, err = d.AcceptPolicy(ctx, d.who("mara"), 1, "")
		refused(t, err, cvd.Refused, "another administrator accepts it")
		_, err = d.AcceptPolicy(ctx, d.who("vera"), 1, "")
		refused(t, err, cvd.Refused, "may administer")
		_, err = d.AcceptPolicy(ctx, d.who("milo"), 1, "")
		refused(t, err, cvd.Invalid, "vera objected")
		p, err = d.AcceptPolicy(ctx, d.who("milo"), 1, "We ask everybody again.")
		if err != nil || p.State != "accepted" || p.Version != 2 {
			t.Fatalf("%+v, %v", p, err)
		}
		_, err = d.Judge(ctx, d.who("vera"), 1, "comment", "Too late?")
		refused(t, err, cvd.Refused, "was accepted")

		history, err := d.PolicyHistory(ctx, d.who("vera"))
		if err != nil || len(history) != 2 {
			t.Fatalf("%v, %v", history, err)
		}
		if v := history[0]; v.Version != 2 || v.Author != "milo" || v.Proposal != 1 || v.Because != "Three months are too long." || len(v.Changes) != 1 || !v.At.Equal(d.now) {
			t.Errorf("the history tells %+v", v)
		}
		again := d.start(d.open()) // nothing of it lives in memory only
		if doc, err := again.PolicyOf(solo); err != nil || doc.Version != 2 || doc.Document.Embargo.Longest.Words() != "60 days" {
			t.Errorf("another process reads %v, %v", doc, err)
		}
		// J-6: each case stays bound to the version in force when it was reported.
		now := d.report("After", "It is like that now.")
		for id, want := range map[cvd.CaseID]int64{old: 1, now: 2} {
			if v, err := d.Case(ctx, d.who("mara"), id); err != nil || v.Policy != want {
				t.Errorf("%s is bound to version %d, %v; want %d", id, v.Policy, err, want)
			}
		}
	})
}

func TestAProposalAgainstAnOlderVersionMustBeRenewed(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ctx := context.Background()
		d.hire("mara", "milo")
		for _, because := range []string{"one", "two"} {
			change := map[string]string{"one": "longest: 60d", "two": "longest: 75d"}[because]
			if _, err := d.ProposePolicy(ctx, d.who("mara"), document(t, "longest: 90d", change), because); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := d.Judge(ctx, d.who("vera"), 2, "object", "No."); err != nil {
			t.Fatal(err)
		}
		if _, err := d.AcceptPolicy(ctx, d.who("milo"), 1, ""); err != nil {
			t.Fatal(err)
		}
		_, err := d.AcceptPolicy(ctx, d.who("milo"), 2, "")
		refused(t, err, cvd.Conflict, "Since then: Embargo, longest: 90 days → 60 days. This proposal: Embargo, longest: 90 days → 75 days")
		if p, err := d.PolicyProposal(ctx, d.who("vera"), 2); err != nil || !p.Stale || len(p.Since) != 1 {
			t.Errorf("it does not show that it is stale: %+v, %v", p, err)
		}
		_, err = d.RenewPolicy(ctx, d.who("milo"), 2, document(t))
		refused(t, err, cvd.Refused, "only who made the proposal")
		p, err := d.RenewPolicy(ctx, d.who("mara"), 2, document(t, "longest: 90d", "longest: 75d"))
		if err != nil || p.Base != 2 || p.Stale || p.Changes[0].String() != "Embargo, longest: 60 days → 75 days" {
			t.Fatalf("renewed it is %+v, %v", p, err)
		}
		if p, err = d.AcceptPolicy(ctx, d.who("milo"), 2, ""); err != nil || p.Version != 3 { // the objection was to another text
			t.Errorf("%+v, %v", p, err)
		}
	})
}

func TestATeamOfOneLooksAtItsProposalAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ctx := context.Background()
		d.hire("mara")
		if _, err := d.ProposePolicy(ctx, d.who("mara"), document(t, "longest: 90d", "longest: 60d"), "Shorter."); err != nil {
			t.Fatal(err)
		}
		_, err := d.AcceptPolicy(ctx, d.who("mara"), 1, "")
		refused(t, err, cvd.Refused, "look at it again after 24 hours")
		d.now = d.now.Add(24 * time.Hour)
		if _, err := d.AcceptPolicy(ctx, d.who("mara"), 1, ""); err != nil {
			t.Error(err)
		}
	})
}

func TestWhatTheProjectCouldNotLiveWithIsNotProposed(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ctx := context.Background()
		d.hire("mara")
		for name, row := range map[string]struct {
			text []byte
			says string
		}{
			"no policy":             {document(t, "longest: 90d", "longest: 90 dys"), "policy.yaml:"},
			"another project's":     {document(t, "policy: "+string(solo), "policy: luna"), "not of solo-miner-monitor"},
			"other ids":             {document(t, "prefix: BSMM", "prefix: SOLO"), "the prefix is BSMM"},
			"nobody to administer":  {document(t, "can: [administer]", "can: [note]"), "nobody on the roster could administer"},
			"the one that is there": {document(t), "nothing to propose"},
		} {
			if _, err := d.ProposePolicy(ctx, d.who("mara"), row.text, "Because."); cvd.KindOf(err) != cvd.Invalid || !strings.Contains(err.Error(), row.says) {
				t.Errorf("%s: got %v, want %q", name, err, row.says)
			}
		}
		_, err := d.ProposePolicy(ctx, d.who("mara"), document(t, "longest: 90d", "longest: 60d"), " ")
		refused(t, err, cvd.Invalid, "why")
		for _, who := range []cvd.Actor{cvd.Nobody(solo), {Project: solo, ID: "reporter:1", Standing: cvd.Finder}, {Project: solo, ID: "guest:1", Standing: cvd.Guest}} {
			if _, err := d.ProposePolicy(ctx, who, document(t, "longest: 90d", "longest: 60d"), "I want it."); err == nil {
				t.Errorf("%s proposed", who.Standing)
			}
			if _, err := d.PolicyHistory(ctx, who); err == nil {
				t.Errorf("%s reads the history", who.Standing)
			}
		}
	})
}

func TestAProposalIsTakenBackOrRejectedWithAReason(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ctx := context.Background()
		d.hire("mara", "milo")
		for range 2 {
			if _, err := d.ProposePolicy(ctx, d.who("vera"), document(t, "longest: 90d", "longest: 60d"), "Shorter."); err != nil {
				t.Fatal(err)
			}
		}
		_, err := d.WithdrawPolicy(ctx, d.who("mara"), 1)
		refused(t, err, cvd.Refused, "only who made")
		if p, err := d.WithdrawPolicy(ctx, d.who("vera"), 1); err != nil || p.State != "withdrawn" {
			t.Errorf("%+v, %v", p, err)
		}
		_, err = d.RejectPolicy(ctx, d.who("vera"), 2, "No.")
		refused(t, err, cvd.Refused, "may administer")
		_, err = d.RejectPolicy(ctx, d.who("mara"), 2, "")
		refused(t, err, cvd.Invalid, "why not")
		if p, err := d.RejectPolicy(ctx, d.who("mara"), 2, "We said ninety."); err != nil || p.State != "rejected" {
			t.Errorf("%+v, %v", p, err)
		}
		if all, err := d.PolicyProposals(ctx, d.who("vera")); err != nil || len(all) != 2 || all[0].Number != 2 {
			t.Errorf("%+v, %v", all, err)
		}
		_, err = d.PolicyProposal(ctx, d.who("vera"), 3)
		refused(t, err, cvd.NotFound, "no proposal 3")
	})
}
