package casework_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// What a program knows of all cases after its start is what all that happened says, to the last word: the index reads each
// case as it is and opens only a few events, and must not leave out what the others said.
func TestAStartedProgramKnowsWhatAllEventsSay(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		r := rand.New(rand.NewPCG(7, 11))
		live := d.Casework
		d.happen(r, 400)
		begun := d.start(d.open()) // has read a little when more happens
		begun.HashLike(live)
		begun.ReadBy(5)
		if _, err := begun.Inbox(context.Background(), d.who("mara"), casework.Query{}); err != nil {
			t.Fatal(err)
		}
		d.happen(r, 200)

		plain := d.start(d.open())
		plain.HashLike(live)
		if err := plain.ReadEvents(context.Background(), solo); err != nil {
			t.Fatal(err)
		}
		fresh := d.start(d.open())
		fresh.HashLike(live)
		for name, w := range map[string]*casework.Casework{"a program that was started": fresh, "one that was started amid the work": begun} {
			if err := w.Index(context.Background()); err != nil {
				t.Fatal(err)
			}
			alike(t, name, solo, plain, w)
		}
		seen := map[string]int{}
		team, public, _, err := plain.Known(context.Background(), solo)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range team {
			for _, f := range k.Facets {
				seen[f]++
			}
			if k.Facts.Reopened != 0 {
				seen["reopened"]++
			}
		}
		for _, f := range []string{"state closed", "state erased", "late", "assigned milo", "track public", "reopened"} {
			if seen[f] == 0 {
				t.Errorf("in this history no case is %q: it proves less than it says", f)
			}
		}
		if len(public) == 0 || len(public) == len(team) {
			t.Errorf("%d of %d cases are public: it proves less than it says", len(public), len(team))
		}
	})
}

// The demonstration has what projects have: disclosures, guests, retention, the steps of two policies.
func TestADemonstrationThatWasStartedAgainKnowsWhatAllEventsSay(t *testing.T) {
	apptest.Long(t)
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	a, _, err := app.OpenDemo(t.Context(), app.Config{Data: t.TempDir(), Listen: "127.0.0.1:1"}, io.Discard, now)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	start := func() *casework.Casework {
		w, err := casework.New(t.Context(), casework.Config{Store: a.Store, Now: func() time.Time { return now.Add(time.Hour) }})
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	plain, fresh := start(), start()
	fresh.HashLike(plain)
	if err := fresh.Index(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, id := range plain.Projects() {
		if err := plain.ReadEvents(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		alike(t, "the demonstration", id, plain, fresh)
	}
}

// alike compares what two programs know of all cases.
func alike(t *testing.T, name string, id cvd.ProjectID, plain, w *casework.Casework) {
	t.Helper()
	team, public, order, err := plain.Known(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	gotTeam, gotPublic, gotOrder, err := w.Known(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	if len(order) < 10 {
		t.Errorf("%s has %d cases only", id, len(order))
	}
	if diff := cmp.Diff(team, gotTeam); diff != "" {
		t.Errorf("%s knows for the team (-all events +known):\n%s", name, diff)
	}
	if diff := cmp.Diff(public, gotPublic); diff != "" {
		t.Errorf("%s knows for the public (-all events +known):\n%s", name, diff)
	}
	if !slices.Equal(order, gotOrder) {
		t.Errorf("%s numbers the cases in another order", name)
	}
}

// happen lets n things happen to cases at random, as far as the policy lets them, an hour apart.
func (d *desk) happen(r *rand.Rand, n int) {
	d.t.Helper()
	words := strings.Fields("parser overflow wallet quokka numbat cookie render nonce fee archive login script")
	text := func() string { return fmt.Sprintf("%s %d", words[r.IntN(len(words))], r.IntN(1000)) }
	flip := func() bool { return r.IntN(2) == 0 }
	for taken := 0; taken < n; {
		d.now = d.now.Add(time.Hour)
		if len(d.cases) == 0 || r.IntN(12) == 0 {
			d.cases, taken = append(d.cases, d.report(text(), text())), taken+1
			continue
		}
		id := d.cases[r.IntN(len(d.cases))]
		sensitive, class := flip(), []string{"low", "medium", "high", "critical"}[r.IntN(4)]
		for _, err := range []error{
			try(d, r, d.Acknowledge, id, cvd.Acknowledged{Message: text()}),
			try(d, r, d.Validate, id, cvd.Validated{Evidence: text(), Message: text()}),
			try(d, r, d.Triage, id, cvd.Triaged{Sensitive: &sensitive, Class: class, Because: text(), Impact: text(), Title: text()}),
			try(d, r, d.Assign, id, cvd.Assigned{Work: "lead", Person: []cvd.ActorID{"mara", "milo"}[r.IntN(2)]}),
			try(d, r, d.Message, id, cvd.Messaged{Text: text()}),
			try(d, r, d.Note, id, cvd.Noted{Text: text()}),
			try(d, r, d.Analyse, id, cvd.Analysed{Section: []string{"root_cause", "scope", "exploit"}[r.IntN(3)], Text: text()}),
			try(d, r, d.Draft, id, cvd.Drafted{Text: cvd.AdvisoryText{Title: text(), Summary: text()}}),
			try(d, r, d.Invalidate, id, cvd.Invalidated{Reason: "out_of_scope", Evidence: text()}),
			try(d, r, d.Monitor, id, cvd.Monitored{Outcome: "not_resolved", Evidence: text()}),
			try(d, r, d.Close, id, cvd.Ended{Outcome: "invalid"}),
			try(d, r, d.again, id, cvd.Report{Title: text(), Description: text()}),
			try(d, r, d.Erase, id, cvd.Erased{Why: "request"}),
		} {
			switch {
			case err == nil:
				taken++
			case !errors.Is(err, errNotTried) && cvd.KindOf(err) == "":
				d.t.Fatal(err)
			}
		}
	}
}

// again takes a case up again.
func (d *desk) again(ctx context.Context, who cvd.Actor, about casework.About, r cvd.Report) (cvd.View, error) {
	v, _, err := d.Reopen(ctx, who, about, r, nil)
	return v, err
}

var errNotTried = errors.New("left for another time")

// try takes a step now and then; the policy may refuse it.
func try[T any](d *desk, r *rand.Rand, step func(context.Context, cvd.Actor, casework.About, T) (cvd.View, error), id cvd.CaseID, in T) error {
	if r.IntN(6) > 0 {
		return errNotTried
	}
	_, err := step(context.Background(), d.who([]cvd.ActorID{"mara", "milo"}[r.IntN(2)]), casework.About{Case: id}, in)
	return err
}
