package casework_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// The counters are of all that waits, and each is what its filter finds.
func TestTheInboxCountsWhatWaitsAndEachFilterFindsIt(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		fresh, asked, low, high, gone := d.report("Quokka in the menu", "One."), d.report("Numbat", "Two."), d.report("Bilby", "Three."),
			d.report("Dugong", "A quokka again."), d.report("Kowari", "Five.")
		d.triage(low, "low", false)
		d.triage(high, "high", true)
		take(d, d.Acknowledge, "mara", asked, cvd.Acknowledged{Message: "Which version is it?"})
		take(d, d.Invalidate, "mara", gone, cvd.Invalidated{Reason: "out_of_scope", Evidence: "It is another program."})
		take(d, d.Close, "mara", gone, cvd.Ended{Outcome: "invalid"})
		take(d, d.Assign, "mara", high, cvd.Assigned{Work: "lead", Person: "milo"})
		take(d, d.Assign, "mara", high, cvd.Assigned{Work: "fix", Person: "milo"})

		got := d.inbox("mara", casework.Query{}).Counts
		want := casework.Counts{All: 5, Open: 4, Untriaged: 2, Late: 0, Unassigned: 3, Waiting: 1, Team: true,
			States:   map[string]int{"received": 1, "acknowledged": 3, "closed": 1},
			Classes:  map[string]int{"none": 2, "low": 1, "high": 1},
			Assigned: map[string]int{"milo": 1}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the counters (-want +got):\n%s", diff)
		}
		d.wants("mara", casework.Query{}, fresh, asked, low, high)
		d.wants("mara", casework.Query{Newest: true}, high, low, asked, fresh)
		d.wants("mara", casework.Query{Untriaged: true}, fresh, asked)
		d.wants("mara", casework.Query{Waits: "the reporter"}, asked)
		d.wants("mara", casework.Query{Assigned: "nobody"}, fresh, asked, low)
		d.wants("mara", casework.Query{Assigned: "milo"}, high)
		d.wants("milo", casework.Query{Assigned: "me"}, high)
		d.wants("mara", casework.Query{Assigned: "me"})
		d.wants("mara", casework.Query{Class: "high"}, high)
		d.wants("mara", casework.Query{Class: "none", Newest: true}, asked, fresh)
		d.wants("mara", casework.Query{State: "acknowledged", Track: "private"}, high)
		d.wants("mara", casework.Query{State: "closed"}, gone)
		d.wants("mara", casework.Query{Show: "closed"}, gone)
		d.wants("mara", casework.Query{Show: "all", Kind: "issue"}, fresh, asked, low, high, gone)
		d.wants("mara", casework.Query{Words: "quokka"}, fresh, high)
		d.wants("mara", casework.Query{Words: "QUOKKA again", Class: "high"}, high)
		d.wants("mara", casework.Query{Words: "quokka", Class: "low"})
		d.wants("mara", casework.Query{Words: "thylacine"})
	})
}

// A case that is decided again leaves the old filter for the new one, as does one that is taken up again.
func TestAFilterForgetsWhatACaseNoLongerIs(t *testing.T) {
	d := newDesk(t, "")
	id := d.report("Numbat", "One.")
	d.triage(id, "low", true)
	d.wants("mara", casework.Query{Class: "low"}, id)
	d.triage(id, "critical", true)
	d.wants("mara", casework.Query{Class: "low"})
	d.wants("mara", casework.Query{Class: "critical"}, id)
	if got := d.inbox("mara", casework.Query{}).Counts.Classes; !cmp.Equal(got, map[string]int{"critical": 1}) {
		t.Errorf("got %v by class, want one critical", got)
	}
	take(d, d.Assign, "mara", id, cvd.Assigned{Work: "lead", Person: "milo"})
	take(d, d.Assign, "mara", id, cvd.Assigned{Work: "lead", Person: "mara"})
	d.wants("mara", casework.Query{Assigned: "milo"})
	d.wants("mara", casework.Query{Assigned: "me"}, id)
}

// Nobody writes anything when a promise runs out unseen: it becomes late by the time alone, at the instant behind its own.
func TestACaseBecomesLateByTheTimeAlone(t *testing.T) {
	d := newDesk(t, "")
	first := d.report("Numbat", "One.")
	due := d.inbox("mara", casework.Query{}).Rows[0].Clock.Due
	second := d.report("Bilby", "Two.")

	d.now = due
	d.wants("mara", casework.Query{Late: true})
	d.now = due.Add(time.Microsecond)
	d.wants("mara", casework.Query{Late: true}, first)
	row := d.inbox("mara", casework.Query{}).Rows[0]
	if row.Clock == nil || !row.Clock.Late || !row.Clock.Due.Equal(due) || row.Clock.Title == "" {
		t.Errorf("the row shows the clock %+v, want the one due %s, late", row.Clock, due)
	}
	d.now = d.now.Add(time.Hour)
	if got := d.inbox("mara", casework.Query{}).Counts.Late; got != 2 {
		t.Errorf("%d are late an hour later, want both", got)
	}
	d.triage(first, "low", true) // answered and decided: what comes next is due much later
	d.wants("mara", casework.Query{Late: true}, second)
}

// A page ends where the next one begins, whatever comes meanwhile; with a filter and without, from both ends.
func TestPagesNeitherRepeatNorLeaveOut(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ids := d.fill(23)
		for i, id := range ids {
			if i%3 == 0 {
				take(d, d.Assign, "mara", id, cvd.Assigned{Work: "lead", Person: "milo"})
			}
		}
		for name, q := range map[string]casework.Query{"all": {}, "newest": {Newest: true}, "filtered": {Assigned: "milo"},
			"filtered, newest": {Assigned: "milo", Newest: true}, "words": {Words: "parser"}} {
			want := slices.Clone(ids)
			if q.Assigned != "" {
				want = nil
				for i := 0; i < len(ids); i += 3 {
					want = append(want, ids[i])
				}
			}
			if q.Newest {
				slices.Reverse(want)
			}
			q.Limit = 4
			var got []cvd.CaseID
			for range 20 {
				in := d.inbox("mara", q)
				if got = append(got, idsOf(in.Rows)...); in.Next == "" {
					break
				}
				q.After = in.Next
				if q.Newest {
					d.report("Meanwhile", "A parser.") // in front of the first page
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: got %v, want %v", name, got, want)
			}
			for _, r := range d.inbox("mara", casework.Query{Limit: 100}).Rows { // what came meanwhile is of no other turn
				if !slices.Contains(ids, r.ID) {
					take(d, d.Invalidate, "mara", r.ID, cvd.Invalidated{Reason: "out_of_scope", Evidence: "x"})
					take(d, d.Close, "mara", r.ID, cvd.Ended{Outcome: "invalid"})
				}
			}
		}
	})
}

// Members who may not see restricted cases have an inbox of the public ones, and nothing in it tells of the others: not a
// row, not a count, not a filter, not a word.
func TestTheCommunitySeesAndCountsOnlyWhatIsPublic(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		secret, open := d.report("Quokka overflow", "A quokka."), d.report("Numbat in the footer", "A numbat.")
		d.triage(secret, "critical", true)
		d.triage(open, "low", false)
		take(d, d.Note, "mara", open, cvd.Noted{Text: "The wombat knows."})
		take(d, d.Assign, "mara", open, cvd.Assigned{Work: "lead", Person: "milo"})
		take(d, d.Reproduce, "mara", open, cvd.Reproduced{Environment: "A pangolin.", Version: "1", Outcome: "reproduced", Evidence: "x"})

		in := d.inbox("vera", casework.Query{})
		want := casework.Counts{All: 1, Open: 1, States: map[string]int{"acknowledged": 1}, Classes: map[string]int{"low": 1}}
		if diff := cmp.Diff(want, in.Counts); diff != "" {
			t.Errorf("the counters of the community (-want +got):\n%s", diff)
		}
		if len(in.Rows) != 1 || in.Rows[0].ID != open || in.Rows[0].Assigned != nil || in.Rows[0].Priority != "" {
			t.Errorf("the community's rows are %+v, want the public case without what is the team's own", in.Rows)
		}
		if got := idsOf(d.inbox("vera", casework.Query{Limit: 1}).Rows); !slices.Equal(got, []cvd.CaseID{open}) {
			t.Errorf("a page of one is %v for the community: the restricted case before it takes its place", got)
		}
		d.wants("vera", casework.Query{Class: "critical"})
		d.wants("vera", casework.Query{Words: "quokka"})
		d.wants("vera", casework.Query{Words: "wombat"})
		d.wants("vera", casework.Query{Words: "numbat"}, open)
		d.wants("mara", casework.Query{Words: "wombat"}, open)
		if _, err := d.Inbox(context.Background(), d.who("vera"), casework.Query{Assigned: "milo"}); !errors.Is(err, cvd.Invalid) {
			t.Errorf("asked who works on what, vera gets %v, want a refusal", err)
		}

		yes := true
		take(d, d.Triage, "mara", open, cvd.Triaged{Sensitive: &yes, Class: "high", Because: "As judged.", Impact: "More."}) // it is sensitive after all
		d.wants("vera", casework.Query{})
		d.wants("vera", casework.Query{Words: "numbat"})
		if got := d.inbox("vera", casework.Query{}).Counts.All; got != 0 {
			t.Errorf("the community still counts %d cases, want none", got)
		}
	})
}

// The inbox is for the roster.
func TestNobodyElseHasAnInbox(t *testing.T) {
	d := newDesk(t, "")
	id := d.report("Quokka", "One.")
	for name, c := range map[string]struct {
		who  cvd.Actor
		want cvd.Kind
	}{
		"a stranger": {cvd.Nobody(solo), cvd.Anonymous},
		"a reporter": {cvd.Actor{Project: solo, Standing: cvd.Finder, Case: id, Report: 1}, cvd.Refused},
		"a guest":    {cvd.Actor{Project: solo, Standing: cvd.Guest, Case: id, Can: []cvd.Capability{cvd.See}}, cvd.Refused},
	} {
		if in, err := d.Inbox(context.Background(), c.who, casework.Query{}); !errors.Is(err, c.want) || len(in.Rows) > 0 {
			t.Errorf("%s gets %v and %d rows, want %v and none", name, err, len(in.Rows), c.want)
		}
	}
}

// A program that was started just now shows the list at once, says what it has not prepared, and then tells the same.
func TestTheFirstPageWaitsForNoIndex(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ids := d.fill(12)
		for i, id := range ids[:9] {
			d.triage(id, []string{"low", "high", "critical"}[i%3], i%2 == 0)
		}
		before := map[string]casework.Inbox{}
		queries := map[string]casework.Query{"all": {}, "low": {Class: "low"}, "words": {Words: "parser", Untriaged: true}}
		for name, q := range queries {
			before[name] = d.inbox("mara", q)
		}
		d.Casework = d.start(d.open())
		d.ReadBy(4) // events, for which one who asks waits
		in := d.inbox("mara", casework.Query{Class: "low"})
		if !in.Preparing || in.Found != -1 || !slices.Equal(idsOf(in.Rows), ids) {
			t.Errorf("a program that has read 4 events answers %v (preparing: %v), want the whole list and that it prepares", idsOf(in.Rows), in.Preparing)
		}
		if _, err := d.Search(context.Background(), d.who("mara"), "parser", 10); !errors.Is(err, cvd.Unavailable) {
			t.Errorf("a search before the words are read gets %v, want that it is not available yet", err)
		}
		if err := d.Index(context.Background()); err != nil {
			t.Fatal(err)
		}
		for name, q := range queries {
			if diff := cmp.Diff(before[name], d.inbox("mara", q)); diff != "" {
				t.Errorf("%s: before and after the start (-before +after):\n%s", name, diff)
			}
		}
	})
}

// Two processes on one database know of each other's cases without a word between them.
func TestAnotherProcessesCasesAreInTheInbox(t *testing.T) {
	d := newDesk(t, apptest.Postgres(t))
	other := &desk{t: t, config: d.config, now: d.now}
	other.store = other.open()
	other.Casework = other.start(other.store)
	d.wants("mara", casework.Query{Class: "low"})
	id := other.report("Numbat", "One.")
	other.triage(id, "low", true)
	d.now = other.now
	d.wants("mara", casework.Query{Class: "low"}, id)
	d.wants("mara", casework.Query{Words: "numbat"}, id)
}

// What was written in an erased case is forgotten at once, and by a program that is started afterwards was never read.
func TestAnErasedCaseIsFoundByNoWord(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		gone, kept := d.report("Quokka", "A wombat."), d.report("Numbat", "A wombat too.")
		d.triage(gone, "low", false)
		d.wants("mara", casework.Query{Words: "wombat"}, gone, kept)
		take(d, d.Invalidate, "mara", gone, cvd.Invalidated{Reason: "out_of_scope", Evidence: "x"})
		take(d, d.Close, "mara", gone, cvd.Ended{Outcome: "invalid"})
		take(d, d.Erase, "mara", gone, cvd.Erased{Why: "request"})
		for range 2 {
			d.wants("mara", casework.Query{Words: "wombat", Show: "all"}, kept)
			d.wants("mara", casework.Query{Words: "quokka", Show: "all"})
			d.wants("mara", casework.Query{Class: "low", Show: "all"})
			d.wants("vera", casework.Query{Words: "wombat", Show: "all"})
			d.wants("mara", casework.Query{State: "erased"}, gone)
			d.wants("mara", casework.Query{}, kept)
			if n := d.figure("mara", "volume", "cases"); !slices.Equal(n.Cases(), []cvd.CaseID{kept}) {
				t.Errorf("the measures count %v, want %s alone", n.Cases(), kept)
			}
			d.Casework = d.start(d.store)
		}
	})
}

// What is private is marked until somebody says when it becomes public, or why not; those outside the team see no such mark.
func TestAPrivateCaseWithoutAPlanIsMarked(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		fresh, open, sealed := d.report("Quokka", "One."), d.report("Numbat", "Two."), d.report("Dugong", "Three.")
		d.triage(open, "low", false)
		d.triage(sealed, "high", true)
		marked := func(want ...cvd.CaseID) {
			t.Helper()
			var got []cvd.CaseID
			for _, row := range d.inbox("mara", casework.Query{}).Rows {
				if row.Unplanned {
					got = append(got, row.ID)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("marked are %v, want %v; %s is new, %s is public", got, want, fresh, open)
			}
		}
		marked(sealed)
		for _, row := range d.inbox("vera", casework.Query{}).Rows {
			if row.Unplanned {
				t.Errorf("%s is marked for somebody who is not of the team", row.ID)
			}
		}
		take(d, d.Plan, "mara", sealed, cvd.PlannedFor{Because: "The vendor never answers."})
		marked()
	})
}
