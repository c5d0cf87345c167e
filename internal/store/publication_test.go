package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/store"
)

// known is what somebody knows of a project's publications before a change.
func (w *world) known(project cvd.ProjectID) []store.Publication {
	w.t.Helper()
	all, err := w.Publications(w.t.Context(), project)
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func TestPublicationsFollowTheirEvents(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.project("luna")
		change := w.report("juno", "Overflow")
		w.append(change)
		instant := w.clock.AddDate(0, 0, 7)
		next := func(publish ...store.Publication) {
			t.Helper()
			change = w.event(change.Case, cvd.What{Noted: &cvd.Noted{Text: "x"}})
			change.Publish, change.Known = publish, w.known("juno")
			w.append(change)
		}
		expect := func(what string, want map[string]store.PublicationState) []store.Publication {
			t.Helper()
			all, err := w.Publications(ctx, "juno")
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]store.PublicationState{}
			for _, b := range all {
				got[b.ID] = b.State
			}
			same(t, what, got, want)
			return all
		}
		a := store.Publication{ID: "a", Case: change.Case.ID, At: instant, State: store.Armed, Documents: []byte("SECRET a")}
		b := store.Publication{ID: "b", Case: change.Case.ID, At: instant.Add(time.Hour), State: store.Armed, Documents: []byte("SECRET b")}
		next(a, b)
		edition := change.Event.ID
		all := expect("both are armed", map[string]store.PublicationState{"a": "armed", "b": "armed"})
		want := store.Publication{Project: "juno", ID: "a", Case: change.Case.ID, At: instant, State: store.Armed, Edition: edition}
		same(t, "the first", all[0], want)
		if text, err := w.Documents(ctx, all[0]); err != nil || string(text) != "SECRET a" {
			t.Errorf("its documents are %q, %v", text, err)
		}
		next() // an event that says nothing of publications
		expect("still armed", map[string]store.PublicationState{"a": "armed", "b": "armed"})
		a.Documents, a.At = nil, instant.Add(time.Minute) // the instant moves, the documents stay
		next(a)
		all = expect("b is not named any more", map[string]store.PublicationState{"a": "armed"})
		if text, err := w.Documents(ctx, all[0]); err != nil || string(text) != "SECRET a" || !all[0].At.Equal(a.At) {
			t.Errorf("its documents are %q at %s, %v; want the old ones at the new instant", text, all[0].At, err)
		}
		a.State = store.Done
		next(a)
		expect("it is public", map[string]store.PublicationState{"a": "done"})
		next([]store.Publication{}...)
		expect("what is public stays", map[string]store.PublicationState{"a": "done"})
		old := all[0]
		a.Documents = []byte("corrected")
		next(a)
		_, err := w.Documents(ctx, old)
		kind(t, "the documents of an edition that was replaced", err, cvd.NotFound)
		a.Documents, a.State = nil, store.Withdrawn
		next(a)
		expect("it is withdrawn", map[string]store.PublicationState{"a": "withdrawn"})
		none, err := w.Publications(ctx, "luna")
		if err != nil || len(none) != 0 {
			t.Errorf("the other project has %d publications, %v", len(none), err)
		}
		every, err := w.Publications(ctx, "")
		if err != nil || len(every) != 1 {
			t.Errorf("all projects have %d publications, %v; want 1", len(every), err)
		}
	})
}

func TestEmptyListDisarmsEverything(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		change := w.report("juno", "Overflow")
		change.Publish = []store.Publication{{ID: "a", Case: change.Case.ID, At: w.clock, State: store.Armed, Documents: []byte("x")}}
		w.append(change)
		change = w.event(change.Case, cvd.What{Disarmed: &cvd.Disarmed{Because: "not ready"}})
		change.Publish, change.Known = []store.Publication{}, w.known("juno")
		w.append(change)
		if all, err := w.Publications(t.Context(), "juno"); err != nil || len(all) != 0 {
			t.Errorf("%d publications are left, %v; want none", len(all), err)
		}
	})
}

func TestRosterAndTokens(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.project("luna")
		anna := cvd.Person{Handle: "anna", Name: "Anna Ängström", Roles: []string{"lead", "coordinator"}, Active: true, Address: "anna@example.org"}
		bert := cvd.Person{Handle: "bert"}
		for _, p := range []cvd.Person{bert, anna} {
			if err := w.PutPerson(ctx, "juno", p, "hash of "+string(p.Handle)); err != nil {
				t.Fatal(err)
			}
		}
		got, password, err := w.Person(ctx, "juno", "anna")
		if err != nil || password != "hash of anna" {
			t.Errorf("the password's hash is %q, %v", password, err)
		}
		same(t, "the person", got, anna)
		people, err := w.People(ctx, "juno")
		if err != nil || !cmp.Equal(people, []cvd.Person{anna, bert}) {
			t.Errorf("the roster is %v, %v", people, err)
		}
		anna.Active = false
		if err := w.PutPerson(ctx, "juno", anna, ""); err != nil {
			t.Fatal(err)
		}
		if got, password, err = w.Person(ctx, "juno", "anna"); err != nil || got.Active || password != "" {
			t.Errorf("after leaving: %+v with password %q, %v", got, password, err)
		}
		_, _, err = w.Person(ctx, "luna", "anna")
		kind(t, "somebody of another project", err, cvd.NotFound)

		token := store.Token{Project: "juno", ID: "t1", Handle: "anna", Hash: []byte{1, 2, 0, 255}, Expires: w.clock.AddDate(1, 0, 0)}
		if err := w.PutToken(ctx, token); err != nil {
			t.Fatal(err)
		}
		found, err := w.Token(ctx, "t1")
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the token", found, token)
		if err := w.RemoveToken(ctx, "luna", "t1"); err != nil {
			t.Fatal(err)
		}
		tokens, err := w.Tokens(ctx, "juno")
		if err != nil || len(tokens) != 1 {
			t.Errorf("another project removed the token: %v, %v", tokens, err)
		}
		if err := w.RemoveToken(ctx, "juno", "t1"); err != nil {
			t.Fatal(err)
		}
		_, err = w.Token(ctx, "t1")
		kind(t, "a token that was removed", err, cvd.NotFound)
		token.Handle = "nobody"
		if err := w.PutToken(ctx, token); err == nil {
			t.Error("a token of nobody was kept")
		}
	})
}

func TestReadingsAreCountedOnceAnHour(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		change := w.report("juno", "Overflow")
		w.append(change)
		hour := w.clock.Truncate(time.Hour)
		for range 3 {
			for _, who := range []cvd.ActorID{"bert", "anna"} {
				if err := w.Looked(t.Context(), "juno", change.Case.ID, who); err != nil {
					t.Fatal(err)
				}
			}
			w.clock = w.clock.Add(20 * time.Minute)
		}
		looks, err := w.Looks(t.Context(), "juno", change.Case.ID)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "who read", looks, []store.Look{{Who: "anna", Hour: hour}, {Who: "bert", Hour: hour},
			{Who: "anna", Hour: hour.Add(time.Hour)}, {Who: "bert", Hour: hour.Add(time.Hour)}})
		c, err := w.Case(t.Context(), "juno", change.Case.ID)
		if err != nil || c.Rev != 1 {
			t.Errorf("the case is at revision %d, %v; reading must not change it", c.Rev, err)
		}
	})
}

// The documents of all that waits are written from each other (indexes, feeds): who did not know of another publication
// must write theirs again, also when the two changes are of different cases and meet in one batch.
func TestPublicationWrittenWithoutAnotherIsConflict(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		arm := func(id string, known []store.Publication) store.Change {
			change := w.report("juno", id)
			change.Publish = append([]store.Publication{{ID: id, Case: change.Case.ID, At: w.clock, State: store.Armed, Documents: []byte("x")}}, known...)
			change.Known = known
			return change
		}
		w.append(arm("a", nil))
		late := arm("b", nil)
		late.Key = &store.Once{Key: [32]byte{1}}
		_, err := w.Append(t.Context(), late)
		kind(t, "a publication that did not know of the first", err, cvd.Conflict)
		again := arm("b", w.known("juno"))
		again.Key = late.Key
		if kept := w.append(again); kept.Repeated {
			t.Error("the key of the change that was refused is taken")
		}
		if all := w.known("juno"); len(all) != 2 {
			t.Errorf("%d publications wait, want both", len(all))
		}
		var wg sync.WaitGroup
		var kept atomic.Int64
		known := w.known("juno")
		for i := range 20 {
			change := arm(fmt.Sprint(i), known)
			wg.Go(func() {
				_, err := w.Append(t.Context(), change)
				if err == nil {
					kept.Add(1)
				} else {
					kind(t, "one of twenty at once", err, cvd.Conflict)
				}
			})
		}
		wg.Wait()
		if all := w.known("juno"); kept.Load() != 1 || len(all) != 3 {
			t.Errorf("%d of twenty were kept and %d publications wait; want 1 and 3", kept.Load(), len(all))
		}
	})
}
