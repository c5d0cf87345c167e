package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/ledger"
	"github.com/tipstaff/tipstaff/internal/store"
)

func TestFoldOfTheEventsIsTheStoredCase(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		change := w.report("juno", "Overflow")
		first := w.append(change)
		w.clock = w.clock.Add(time.Hour)
		for _, what := range []cvd.What{
			{Acknowledged: &cvd.Acknowledged{Message: "Seen."}},
			{Validated: &cvd.Validated{Evidence: "it crashes"}},
			{Messaged: &cvd.Messaged{Text: "Which version?"}},
		} {
			change = w.event(change.Case, what)
			w.append(change)
		}
		if want := ledger.Leaf(first.Salt, first.Canonical); first.Seq != 1 || first.Leaf != want {
			t.Errorf("the first event got sequence %d and leaf %s; want 1 and %s", first.Seq, first.Leaf, want)
		}
		s := w.open() // without what the first store remembers
		got, err := s.Case(ctx, "juno", change.Case.ID)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the stored case", got, change.Case)
		events, err := s.Events(ctx, "juno", change.Case.ID)
		if err != nil {
			t.Fatal(err)
		}
		var fold cvd.Case
		for _, e := range events {
			fold = cvd.Fold(fold, e)
		}
		same(t, "the fold of the stored events", fold, change.Case)
		e, err := s.Event(ctx, "juno", 4)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the event by its place", e, change.Event)
		again, err := w.Case(ctx, "juno", change.Case.ID)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the remembered case", again, change.Case)
	})
}

func TestAbsentIsNotFound(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.project("luna")
		c := w.report("juno", "Overflow")
		w.append(c)
		_, err := w.Case(ctx, "luna", c.Case.ID)
		kind(t, "a case of another project", err, cvd.NotFound)
		_, err = w.Events(ctx, "luna", c.Case.ID)
		kind(t, "the events of a case of another project", err, cvd.NotFound)
		_, err = w.Event(ctx, "luna", 1)
		kind(t, "an event of another project", err, cvd.NotFound)
		_, err = w.Receipt(ctx, "luna", c.Case.ID, c.Event.ID)
		kind(t, "a receipt of another project", err, cvd.NotFound)
		_, err = w.Case(ctx, "nobody", c.Case.ID)
		kind(t, "a project that there is not", err, cvd.NotFound)
	})
}

func TestStaleRevisionIsConflictAndKeepsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		first := w.report("juno", "Overflow")
		w.append(first)
		left := w.event(first.Case, cvd.What{Noted: &cvd.Noted{Text: "left"}})
		right := w.event(first.Case, cvd.What{Noted: &cvd.Noted{Text: "right"}})
		w.append(left)
		_, err := w.Append(t.Context(), right)
		kind(t, "the second of two changes of one revision", err, cvd.Conflict)
		future := w.event(left.Case, cvd.What{Noted: &cvd.Noted{Text: "future"}})
		future.Event.Rev, future.Case.Rev = 7, 7
		_, err = w.Append(t.Context(), future)
		kind(t, "a revision that does not follow", err, cvd.Conflict)
		events, err := w.Events(t.Context(), "juno", first.Case.ID)
		if err != nil || len(events) != 2 {
			t.Fatalf("the case has %d events, %v; want 2", len(events), err)
		}
		if head := w.count(`SELECT seq FROM heads WHERE project = 'juno'`); head != 2 {
			t.Errorf("the head stands at event %d, want 2: there is nothing more to follow", head)
		}
	})
}

// Whoever races for a revision, one wins, wherever the two meet: in one batch, or in the batches of two processes.
func TestOneOfManyRacersWins(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		first := w.report("juno", "Overflow")
		w.append(first)
		others := []*store.Store{w.Store, w.open()}
		var wins, conflicts atomic.Int64
		var wg sync.WaitGroup
		for i := range 40 {
			change := w.event(first.Case, cvd.What{Noted: &cvd.Noted{Text: fmt.Sprint(i)}})
			wg.Go(func() {
				switch _, err := others[i%2].Append(t.Context(), change); cvd.KindOf(err) {
				case "":
					wins.Add(1)
					if err != nil {
						t.Error(err)
					}
				case cvd.Conflict:
					conflicts.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if wins.Load() != 1 || conflicts.Load() != 39 {
			t.Errorf("%d of 40 won and %d met a conflict; want 1 and 39", wins.Load(), conflicts.Load())
		}
	})
}

func TestManyAtOnceShareTransactions(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		const projects, each = 5, 40
		for i := range projects {
			w.project(cvd.ProjectID(fmt.Sprintf("p%d", i)))
		}
		before := w.Stats()
		var wg sync.WaitGroup
		for i := range projects * each {
			change := w.report(cvd.ProjectID(fmt.Sprintf("p%d", i%projects)), "Overflow")
			next := w.event(change.Case, cvd.What{Noted: &cvd.Noted{Text: "and at once the next"}})
			wg.Go(func() {
				for _, c := range []store.Change{change, next} {
					if _, err := w.Append(t.Context(), c); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		after := w.Stats()
		commits, kept := after.Batches-before.Batches, after.Changes-before.Changes
		if kept != 2*projects*each || commits >= kept/2 {
			t.Errorf("%d changes were kept in %d transactions; want %d in less than half as many", kept, commits, 2*projects*each)
		}
		for i := range projects {
			id := cvd.ProjectID(fmt.Sprintf("p%d", i))
			all, err := w.Reading(t.Context(), id, 0, 1000)
			if err != nil {
				t.Fatal(err)
			}
			if len(all) != 2*each || all[2*each-1].Seq != 2*each {
				t.Errorf("project %s has %d events up to %d; want %d without a gap", id, len(all), all[len(all)-1].Seq, 2*each)
			}
			if _, err := w.VerifyLedger(t.Context(), id); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestRequestThatIsSentTwiceCountsOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		once := store.Once{Key: [32]byte{1}, Body: [32]byte{2}, Answer: []byte("your code is 7k3q")}
		if _, known, err := w.Answered(ctx, "juno", once); known || err != nil {
			t.Fatalf("a key that nobody used is known: %v, %v", known, err)
		}
		first := w.report("juno", "Overflow")
		first.Key = &once
		w.append(first)
		again := w.report("juno", "Overflow")
		again.Key = &store.Once{Key: once.Key, Body: once.Body, Answer: []byte("your code is another")}
		kept := w.append(again)
		if !kept.Repeated || string(kept.Answer) != "your code is 7k3q" {
			t.Errorf("repeated: %v, answered %q; want the first answer", kept.Repeated, kept.Answer)
		}
		if answer, known, err := w.Answered(ctx, "juno", once); !known || err != nil || string(answer) != "your code is 7k3q" {
			t.Errorf("asked before deciding: %q, %v, %v; want the first answer", answer, known, err)
		}
		other := w.report("juno", "Another thing")
		other.Key = &store.Once{Key: once.Key, Body: [32]byte{3}}
		_, err := w.Append(ctx, other)
		kind(t, "the key with another body", err, cvd.Invalid)
		_, _, err = w.Answered(ctx, "juno", *other.Key)
		kind(t, "the key with another body, asked before deciding", err, cvd.Invalid)
		if n := w.count(`SELECT COUNT(*) FROM events`); n != 1 {
			t.Errorf("%d events were kept, want 1", n)
		}
		w.clock = w.clock.Add(25 * time.Hour)
		later := w.report("juno", "The next day")
		later.Key = other.Key
		if kept := w.append(later); kept.Repeated {
			t.Error("a key is still known after a day")
		}
	})
}

func TestKeyOfARefusedChangeIsFree(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		first := w.report("juno", "Overflow")
		w.append(first)
		stale := w.event(first.Case, cvd.What{Noted: &cvd.Noted{Text: "x"}})
		w.append(stale)
		stale.Key = &store.Once{Key: [32]byte{9}, Answer: []byte("done")}
		_, err := w.Append(t.Context(), stale)
		kind(t, "a stale change with a key", err, cvd.Conflict)
		fresh := w.event(stale.Case, cvd.What{Noted: &cvd.Noted{Text: "x"}})
		fresh.Key = stale.Key
		if kept := w.append(fresh); kept.Repeated {
			t.Error("the key of a change that was refused is taken")
		}
	})
}

func TestSameKeyManyTimesAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		var wg sync.WaitGroup
		var firsts atomic.Int64
		for range 30 {
			change := w.report("juno", "Overflow")
			change.Key = &store.Once{Key: [32]byte{4}, Answer: []byte("one")}
			wg.Go(func() {
				kept, err := w.Append(t.Context(), change)
				if err != nil {
					t.Error(err)
				}
				if !kept.Repeated {
					firsts.Add(1)
				}
			})
		}
		wg.Wait()
		if firsts.Load() != 1 {
			t.Errorf("%d of 30 requests with one key were kept, want 1", firsts.Load())
		}
	})
}

func TestChangeThatDoesNotBelongTogetherIsNotKept(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.project("luna")
		for name, wrong := range map[string]func(*store.Change){
			"another project":      func(c *store.Change) { c.Project = "luna" },
			"another case":         func(c *store.Change) { c.Case.ID = "JUNO-0000" },
			"another revision":     func(c *store.Change) { c.Case.Rev = 2 },
			"an event of no kind":  func(c *store.Change) { c.Event.What = cvd.What{} },
			"a revision before it": func(c *store.Change) { c.Event.Rev, c.Case.Rev = 0, 0 },
		} {
			c := w.report("juno", "Overflow")
			wrong(&c)
			if _, err := w.Append(t.Context(), c); err == nil {
				t.Errorf("%s: the change was kept", name)
			}
		}
		if n := w.count(`SELECT COUNT(*) FROM events`); n != 0 {
			t.Errorf("%d events were kept, want none", n)
		}
	})
}

func TestCasesArePagedNewestFirst(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		var want []cvd.CaseID
		for i := range 25 {
			c := w.report("juno", fmt.Sprint(i))
			if i%5 == 4 {
				w.clock = w.clock.Add(time.Second) // five share an instant
			}
			if i == 3 {
				c.Case.Public = true
			}
			w.append(c)
			want = append(want, c.Case.ID)
		}
		var got []cvd.CaseID
		page := store.Page{Limit: 10}
		for pages := 0; ; pages++ {
			cases, next, err := w.Cases(ctx, "juno", page)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range cases {
				got = append(got, c.ID)
			}
			if page.After = next; next == (store.Cursor{}) {
				break
			}
			if pages > 5 {
				t.Fatal("the pages do not end")
			}
		}
		if len(got) != 25 {
			t.Fatalf("%d cases on all pages, want 25", len(got))
		}
		seen := map[cvd.CaseID]bool{}
		for _, id := range got {
			seen[id] = true
		}
		if len(seen) != 25 || got[0] == want[0] {
			t.Errorf("%d different cases, the first is %s; want 25, and not the oldest first", len(seen), got[0])
		}
		public, _, err := w.Cases(ctx, "juno", store.Page{Public: true})
		if err != nil || len(public) != 1 || public[0].ID != want[3] {
			t.Errorf("the public cases are %d, %v; want %s alone", len(public), err, want[3])
		}
		none, _, err := w.Cases(ctx, "juno", store.Page{State: "closed"})
		if err != nil || len(none) != 0 {
			t.Errorf("%d closed cases, %v; want none", len(none), err)
		}
		open, _, err := w.Cases(ctx, "juno", store.Page{Open: true, State: "received"})
		if err != nil || len(open) != 25 {
			t.Errorf("%d open cases, %v; want 25", len(open), err)
		}
		counts, err := w.Count(ctx, "juno")
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the counts", counts, map[string]int{"received": 25})
	})
}

func TestClocksAreRowsUntilTheyRing(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx, from := t.Context(), w.clock
		clock := func(name string, days int) cvd.Clock {
			return cvd.Clock{Name: name, Kind: cvd.Limit, Due: from.AddDate(0, 0, days)}
		}
		met, waiting := clock("met", 1), cvd.Clock{Name: "waiting", Kind: cvd.Target, Waits: "next_major_release"}
		met.Met = from
		change := w.report("juno", "Overflow")
		change.Clocks = []cvd.Clock{clock("triage", 7), clock("response", 3), met, waiting}
		w.append(change)
		next, err := w.NextDue(ctx)
		if err != nil || !next.Equal(from.AddDate(0, 0, 3)) {
			t.Errorf("the next is due at %s, %v; want in three days", next, err)
		}
		due, err := w.Due(ctx, from.AddDate(0, 0, 2), 10)
		if err != nil || len(due) != 0 {
			t.Fatalf("%d clocks are due after two days, %v; want none", len(due), err)
		}
		due, err = w.Due(ctx, from.AddDate(0, 0, 10), 10)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "what is due after ten days", due, []store.DueClock{
			{Project: "juno", Case: change.Case.ID, Name: "response", Kind: cvd.Limit, Due: from.AddDate(0, 0, 3)},
			{Project: "juno", Case: change.Case.ID, Name: "triage", Kind: cvd.Limit, Due: from.AddDate(0, 0, 7)},
		})
		missed := clock("response", 3)
		missed.Breached = from.AddDate(0, 0, 3)
		change = w.event(change.Case, cvd.What{Breached: &cvd.Breached{Clock: "response", Kind: cvd.Limit, Due: missed.Due}})
		change.Clocks = []cvd.Clock{missed, clock("triage", 8)}
		w.append(change)
		due, err = w.Due(ctx, from.AddDate(0, 0, 10), 10)
		if err != nil || len(due) != 1 || due[0].Name != "triage" || !due[0].Due.Equal(from.AddDate(0, 0, 8)) {
			t.Errorf("after the breach is recorded: %v, %v; want triage alone, moved to the eighth day", due, err)
		}
	})
}
