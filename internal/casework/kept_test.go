package casework_test

import (
	"context"
	"errors"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// A door that is shut keeps strangers out and nobody else: not the team, not who has reported, not a report that is sent again.
func TestAShutDoorKeepsOnlyStrangersOut(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ctx := context.Background()
		again := &casework.Once{Key: "k", Body: []byte("b")}
		r := cvd.Report{Kind: "issue", Title: "A pump", Description: "It runs backwards.", Severity: "High"}
		first, err := d.Receive(ctx, solo, "form", r, nil, again)
		if err != nil {
			t.Fatal(err)
		}
		d.amend("roles: #", "door: {state: closed, until: 2026-04-01, says: Ask the coordinator.}\nroles: #")
		_, err = d.Receive(ctx, solo, "form", r, nil, nil)
		e, _ := errors.AsType[*cvd.Error](err)
		refused(t, err, cvd.Refused, "Ask the coordinator.")
		if e == nil || e.Clause != "door" || e.Earliest.Format("2006-01-02") != "2026-04-01" {
			t.Errorf("the refusal is %+v", e)
		}
		if kept, err := d.Receive(ctx, solo, "form", r, nil, again); err != nil || kept.Code != first.Code {
			t.Errorf("what came before the door was shut has its code: %+v, %v", kept, err)
		}
		if _, err := d.Receive(ctx, solo, casework.Desk, r, nil, nil); err != nil {
			t.Errorf("the team records a report: %v", err)
		}
		reporter := cvd.Actor{Project: solo, ID: "reporter:1", Standing: cvd.Finder, Case: first.Case, Report: 1, Can: []cvd.Capability{"message"}}
		if _, err := d.Message(ctx, reporter, casework.About{Case: first.Case}, cvd.Messaged{Text: "Is it closed?"}); err != nil {
			t.Errorf("whoever has reported writes on: %v", err)
		}
		d.now = d.now.AddDate(0, 1, 0)
		if _, err := d.Receive(ctx, solo, "form", r, nil, nil); err != nil {
			t.Errorf("from its day on the door is open: %v", err)
		}
	})
}

func TestARoleIsGivenToAsManyAsThePolicySays(t *testing.T) {
	d := newDesk(t, "")
	d.amend("  - name: validator\n", "  - name: validator\n    most: 1\n    apart: [maintainer]\n")
	d.hire("ada")
	ctx, ada := context.Background(), d.who("ada")
	person := func(handle cvd.ActorID, roles ...string) cvd.Person {
		return cvd.Person{Handle: handle, Name: string(handle), Roles: roles, Active: true}
	}
	refused(t, d.PutPerson(ctx, ada, person("val", "validator"), ""), cvd.Refused, "at most 1")
	refused(t, d.PutPerson(ctx, ada, person("vera", "validator", "maintainer"), ""), cvd.Refused, "together with")
	if err := d.PutPerson(ctx, ada, person("vera", "validator"), ""); err != nil {
		t.Errorf("she has the role already: %v", err)
	}
}

// A floor that comes to hold raises the class by itself, once, whatever made it hold.
func TestWhatBecomesKnownRaisesTheSeverityByItself(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ctx, yes := context.Background(), true
		d.amend("  precedence: max", "  precedence: max\n  floors: [{name: attacked, class: critical, when: attacks, says: Attacks were seen.}]")
		id := d.report("A pump", "It runs backwards.")
		take(d, d.Triage, "mara", id, cvd.Triaged{Class: "low", Because: "small", Sensitive: &yes, Impact: "little"})
		take(d, d.Observe, "mara", id, cvd.Observed{Fact: "attacks", Evidence: "a log"})
		for range 3 {
			for more := true; more; {
				var err error
				if more, err = d.Follow(ctx); err != nil {
					t.Fatal(err)
				}
			}
		}
		v, err := d.Case(ctx, d.who("mara"), id)
		if err != nil || v.Severity.Class != "critical" || len(v.Assessed) != 2 || v.Severity.By != "system" {
			t.Errorf("the severity is %+v after %d assessments, %v", v.Severity, len(v.Assessed), err)
		}
	})
}
