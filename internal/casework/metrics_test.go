package casework_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// measure is one measure as somebody of the roster sees it.
func (d *desk) measure(who cvd.ActorID, name string) casework.Result {
	d.t.Helper()
	all, err := d.Metrics(context.Background(), d.who(who), casework.Period{})
	if err != nil {
		d.t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(r casework.Result) bool { return r.Name == name })
	if i < 0 {
		d.t.Fatalf("there is no measure %s", name)
	}
	return all[i]
}

// figure is one figure of a measure with the cases behind it.
func (d *desk) figure(who cvd.ActorID, measure, name string) casework.Number {
	d.t.Helper()
	n, ok := d.measure(who, measure).Find(name)
	if !ok {
		d.t.Fatalf("%s has no figure %s", measure, name)
	}
	return n
}

// What is measured follows each step, by the same events as the pages; each number leads to its cases.
func TestMeasuresFollowTheStepsAndLeadToTheirCases(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		answered, waiting := d.report("Numbat", "One."), d.report("Bilby", "Two.")
		d.now = d.now.Add(24 * time.Hour)
		if n := d.figure("mara", "response", "median"); !n.None {
			t.Errorf("nobody answered, and the median is %v", n.Value)
		}
		take(d, d.Acknowledge, "mara", answered, cvd.Acknowledged{})
		if n := d.figure("mara", "response", "median"); n.None || n.Value < 1 || n.Value > 1.01 || !slices.Equal(n.Cases(), []cvd.CaseID{answered}) {
			t.Errorf("after a day's answer the median is %v days of %v", n.Value, n.Cases())
		}
		if n := d.figure("mara", "response", "open"); !slices.Equal(n.Cases(), []cvd.CaseID{waiting}) {
			t.Errorf("%v wait, want %s", n.Cases(), waiting)
		}
		if n := d.figure("mara", "people", "most"); n.Value != 2 {
			t.Errorf("the reporter and mara are %v people", n.Value)
		}
		d.triage(answered, "high", true)
		if n := d.figure("mara", "severity", "by-high"); n.Title != "High" || !slices.Equal(n.Cases(), []cvd.CaseID{answered}) {
			t.Errorf("of the class %q are %v", n.Title, n.Cases())
		}
		d.now = d.now.Add(15 * 24 * time.Hour) // nothing happens
		if n := d.figure("mara", "stalled", "stalled"); n.Count() != 2 {
			t.Errorf("after fifteen quiet days %v stand still, want both", n.Cases())
		}
	})
}

// The community is told of public cases alone, and of none in which something came in again that is not public.
func TestMeasuresForTheCommunityAreOfPublicCases(t *testing.T) {
	d := newDesk(t, "")
	secret, open := d.report("Quokka", "One."), d.report("Numbat", "Two.")
	d.triage(secret, "critical", true)
	d.triage(open, "low", false)
	if n := d.figure("vera", "volume", "cases"); !slices.Equal(n.Cases(), []cvd.CaseID{open}) {
		t.Errorf("the community is told of %v, want %s alone", n.Cases(), open)
	}
	if n := d.figure("mara", "volume", "cases"); n.Count() != 2 {
		t.Errorf("the team is told of %v, want both", n.Cases())
	}
	take(d, d.Invalidate, "mara", open, cvd.Invalidated{Reason: "out_of_scope", Evidence: "x"})
	take(d, d.Close, "mara", open, cvd.Ended{Outcome: "invalid"})
	if _, _, err := d.Reopen(context.Background(), d.who("mara"), casework.About{Case: open}, cvd.Report{Title: "Again", Description: "A quokka."}, nil); err != nil {
		t.Fatal(err)
	}
	if r := d.measure("vera", "volume"); !r.None() {
		t.Errorf("a case with a new report that is not public is still measured for the community: %v", r.Numbers)
	}
	d.wants("vera", casework.Query{Words: "quokka", Show: "all"})
	d.wants("vera", casework.Query{State: "closed"}, open) // as they knew it
	if in := d.inbox("mara", casework.Query{State: "received"}); len(in.Rows) != 1 || in.Rows[0].ID != open {
		t.Errorf("the team sees %v as received, want %s", idsOf(in.Rows), open)
	}
}

// Strangers, reporters and guests are told nothing.
func TestNobodyElseIsToldTheMeasures(t *testing.T) {
	d := newDesk(t, "")
	if _, err := d.Metrics(context.Background(), cvd.Nobody(solo), casework.Period{}); !errors.Is(err, cvd.Anonymous) {
		t.Errorf("a stranger gets %v", err)
	}
	reporter := cvd.Actor{Project: solo, Standing: cvd.Finder, Case: d.report("Quokka", "One."), Report: 1}
	if _, err := d.Metrics(context.Background(), reporter, casework.Period{}); !errors.Is(err, cvd.Refused) {
		t.Errorf("a reporter gets %v", err)
	}
}
