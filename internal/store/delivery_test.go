package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/store"
)

// work runs River's workers on the store's database until a number of jobs is finished, as package jobs will.
func work(t *testing.T, s *store.Store, workers *river.Workers, finished int) {
	t.Helper()
	if lite, pg := s.River(); lite != nil {
		workOn(t, lite, workers, finished)
	} else {
		workOn(t, pg, workers, finished)
	}
}

func workOn[T any](t *testing.T, driver riverdriver.Driver[T], workers *river.Workers, finished int) {
	t.Helper()
	client, err := river.NewClient(driver, &river.Config{Workers: workers, FetchCooldown: time.Millisecond, FetchPollInterval: 5 * time.Millisecond,
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 8}}})
	if err != nil {
		t.Fatal(err)
	}
	events, cancel := client.SubscribeConfig(&river.SubscribeConfig{ChanSize: 1000,
		Kinds: []river.EventKind{river.EventKindJobCompleted, river.EventKindJobFailed}})
	defer cancel()
	if err := client.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := client.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	limit := time.After(30 * time.Second)
	for range finished {
		select {
		case e := <-events:
			if e.Kind == river.EventKindJobFailed {
				t.Errorf("job %s %s failed: %v", e.Job.Kind, e.Job.EncodedArgs, e.Job.Errors)
			}
		case <-limit:
			t.Fatalf("not all of %d jobs ended in time", finished)
		}
	}
}

// follower works out n letters for every event; it is what casework does, in short.
type follower struct {
	*store.Store
	w *world
	n int
}

// found is what a follower has read and worked out, and has not kept yet.
type found struct {
	from    store.Unfollowed
	upto    int64
	letters []cvd.Delivery
}

// read looks at most limit events beyond the mark; nothing is found when all are followed.
func (f follower) read(limit int) (found, error) {
	all, err := f.Unfollowed(context.Background())
	if err != nil || len(all) == 0 {
		return found{}, err
	}
	events, err := f.Reading(context.Background(), all[0].Project, all[0].After, limit)
	if err != nil || len(events) == 0 {
		return found{}, err
	}
	out := found{from: all[0], upto: events[len(events)-1].Seq}
	for _, e := range events {
		for i := range f.n {
			out.letters = append(out.letters, cvd.Delivery{Project: e.Project, Case: e.Case, Event: e.ID, Job: fmt.Sprintf("%s.mail.%d", e.ID, i),
				Channel: "mail", State: cvd.Waiting, At: f.w.clock})
		}
	}
	return out, nil
}

func (f follower) keep(what found) error {
	return f.Followed(context.Background(), what.from, what.upto, what.letters)
}

// follow follows everything, a few events at a time.
func (f follower) follow() {
	f.w.t.Helper()
	for {
		what, err := f.read(7)
		if err == nil && what.upto > 0 {
			err = f.keep(what)
		}
		if err != nil {
			f.w.t.Fatal(err)
		}
		if what.upto == 0 {
			return
		}
	}
}

// mark is how far a project's events were followed.
func (w *world) mark(project cvd.ProjectID) int {
	w.t.Helper()
	return w.count(`SELECT followed FROM heads WHERE project = $1`, string(project))
}

// letters are how many receipts there are, and how many jobs to send one.
func (w *world) letters() (receipts, jobs int) {
	w.t.Helper()
	return w.count(`SELECT COUNT(*) FROM deliveries`), w.count(`SELECT COUNT(*) FROM river_job WHERE kind = 'deliver'`)
}

// sender records that a letter went out.
type sender struct {
	river.WorkerDefaults[store.Deliver]
	w *world
}

func (s *sender) Work(ctx context.Context, job *river.Job[store.Deliver]) error {
	d, err := s.w.Delivery(ctx, job.Args.Project, job.Args.Job)
	if err != nil {
		return err
	}
	d.State, d.Tries = cvd.Sent, d.Tries+1
	return s.w.SetDelivery(ctx, d, job.JobRow)
}

func TestEventBecomesLettersAndEachLeavesAReceipt(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		change := w.report("juno", "Overflow")
		w.append(change)
		if n := w.count(`SELECT COUNT(*) FROM river_job`); n != 0 {
			t.Errorf("whoever reports waits for %d jobs to be left, want none", n)
		}
		follower{w.Store, w, 20}.follow()
		workers := river.NewWorkers()
		river.AddWorker(workers, &sender{w: w})
		work(t, w.Store, workers, 20)
		all, err := w.Deliveries(t.Context(), "juno", change.Case.ID, "")
		if err != nil || len(all) != 20 {
			t.Fatalf("%d receipts, %v; want 20", len(all), err)
		}
		want := cvd.Delivery{Project: "juno", Case: change.Case.ID, Job: string(change.Event.ID) + ".mail.0", Event: change.Event.ID, Channel: "mail",
			State: cvd.Sent, At: w.clock, Tries: 1}
		same(t, "a receipt", all[0], want)
		for _, d := range all {
			if d.State != cvd.Sent || d.Tries != 1 {
				t.Errorf("%s is %s after %d tries; want it sent at the first", d.Job, d.State, d.Tries)
			}
		}
		if n := w.count(`SELECT COUNT(*) FROM river_job WHERE state <> 'completed'`); n != 0 {
			t.Errorf("%d jobs are not completed", n)
		}
	})
}

// wanting counts the events behind the mark, or at it, that have not exactly as many letters as they should.
const wanting = `SELECT COUNT(*) FROM events e JOIN heads h ON h.project = e.project WHERE e.seq <= h.followed
	AND (SELECT COUNT(*) FROM deliveries d WHERE d.project = e.project AND d.event = e.id) <> $1`

// Two processes follow with two goroutines each, while both take reports in: at every moment the mark has come forward, and
// all that lies behind it has its letters.
func TestLettersAreKeptOnceHoweverManyFollow(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		const reports, each = 40, 3
		stores := []*store.Store{w.Store, w.open()}
		changes := make([]store.Change, reports)
		for i := range changes {
			changes[i] = w.report("juno", "Overflow")
		}
		var wg sync.WaitGroup
		for n, s := range stores {
			wg.Go(func() {
				for i := n; i < reports; i += len(stores) {
					if _, err := s.Append(t.Context(), changes[i]); err != nil {
						t.Error(err)
					}
				}
			})
			for range 2 {
				wg.Go(func() { w.followWhile(follower{s, w, each}, reports) })
			}
		}
		wg.Wait()
		receipts, jobs := w.letters()
		if mark := w.mark("juno"); mark != reports || receipts != reports*each || jobs != reports*each {
			t.Errorf("the mark is at %d with %d receipts and %d jobs; want %d, %d and %d", mark, receipts, jobs, reports, reports*each, reports*each)
		}
	})
}

// followWhile follows until the mark has come to the last event, and looks at each round where it stands.
func (w *world) followWhile(f follower, last int) {
	for before := 0; before < last; {
		what, err := f.read(5)
		if err == nil && what.upto > 0 {
			err = f.keep(what)
		}
		if err != nil {
			w.t.Error(err)
			return
		}
		if n := w.count(wanting, f.n); n != 0 {
			w.t.Errorf("%d events behind the mark lack letters or have too many", n)
			return
		}
		mark := w.mark("juno")
		if mark < before {
			w.t.Errorf("the mark went from %d back to %d", before, mark)
			return
		}
		before = mark
	}
}

// A follower that ends before it has kept what it worked out leaves nothing behind, and the next one begins where it began.
func TestWhatADeadFollowerLeftIsFollowedByTheNext(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		for range 3 {
			w.append(w.report("juno", "Overflow"))
		}
		dead, err := follower{w.Store, w, 2}.read(100)
		if err != nil || dead.upto != 3 {
			t.Fatalf("found events up to %d, %v; want 3", dead.upto, err)
		}
		strange := cvd.Delivery{Project: "juno", Case: "JUNO-0000", Job: "x", State: cvd.Waiting, At: w.clock}
		if err := w.Followed(t.Context(), dead.from, dead.upto, append(dead.letters[:2:2], strange)); err == nil {
			t.Error("a letter of a case that there is not was kept")
		}
		receipts, jobs := w.letters()
		if mark := w.mark("juno"); mark != 0 || receipts != 0 || jobs != 0 {
			t.Fatalf("the mark is at %d with %d receipts and %d jobs; want nothing kept by halves", mark, receipts, jobs)
		}

		s := w.open() // the next process
		follower{s, w, 2}.follow()
		all, err := s.Unfollowed(t.Context())
		if receipts, jobs = w.letters(); err != nil || len(all) != 0 || receipts != 6 || jobs != 6 {
			t.Errorf("%v is left with %d receipts and %d jobs, %v; want nothing, 6 and 6", all, receipts, jobs, err)
		}
		w.append(w.report("juno", "Another"))
		if err := w.Followed(t.Context(), dead.from, dead.upto, dead.letters); err != nil { // it was not dead, only slow
			t.Fatal(err)
		}
		if receipts, jobs = w.letters(); w.mark("juno") != 3 || receipts != 6 || jobs != 6 {
			t.Errorf("who came late left the mark at %d with %d receipts and %d jobs; want 3, 6 and 6", w.mark("juno"), receipts, jobs)
		}
	})
}

func TestMarkNeverGoesBackAndSkipsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.project("luna")
		for range 4 {
			w.append(w.report("juno", "Overflow"))
			w.append(w.report("luna", "Overflow"))
		}
		for _, step := range []struct {
			does        string
			after, upto int64
			want        int
		}{
			{"the first follower", 0, 2, 2},
			{"one that had read less", 0, 1, 2},
			{"one that had read more", 0, 4, 2},
			{"one that begins further on", 3, 4, 2},
			{"the next", 2, 3, 3},
			{"the same once more", 2, 3, 3},
			{"the last", 3, 4, 4},
		} {
			u := store.Unfollowed{Project: "juno", After: step.after}
			if err := w.Followed(t.Context(), u, step.upto, nil); err != nil {
				t.Fatal(err)
			}
			if got := w.mark("juno"); got != step.want {
				t.Errorf("%s, from %d to %d: the mark is at %d, want %d", step.does, step.after, step.upto, got, step.want)
			}
			w.append(w.report("juno", "another")) // moves the head, and must leave the mark
		}
		all, err := w.Unfollowed(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		same(t, "what is left to follow", all, []store.Unfollowed{{Project: "juno", After: 4}, {Project: "luna", After: 0}})
	})
}

// The mark lies in the row of the head. Whoever moved it out of turn, in one transaction with reports to another project,
// could wait for a process that does it the other way round, and both would lose their reports to a deadlock.
func TestMarkIsMovedInTurnWithThoseWhoReport(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.append(w.report("juno", "Overflow"))
		w.config.Patience = 50 * time.Millisecond
		s := w.open()
		letGo := w.hold()
		err := s.Followed(t.Context(), store.Unfollowed{Project: "juno"}, 1, nil)
		kind(t, "to follow while another process writes to the project", err, cvd.Unavailable)
		letGo()
		if mark := w.mark("juno"); mark != 0 {
			t.Errorf("the mark is at %d, moved out of turn", mark)
		}
		if err := s.Followed(t.Context(), store.Unfollowed{Project: "juno"}, 1, nil); err != nil || w.mark("juno") != 1 {
			t.Errorf("in turn: %v, and the mark is at %d, want 1", err, w.mark("juno"))
		}
	})
}

// Whatever waits for a person must not be sent by a job.
func TestWhatAPersonCarriesLeavesNoJob(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		change := w.report("juno", "Overflow")
		kept := w.append(change)
		var letters []cvd.Delivery
		for _, state := range []cvd.DeliveryState{cvd.ByPerson, cvd.Held, cvd.Waiting} {
			letters = append(letters, cvd.Delivery{Project: "juno", Case: change.Case.ID, Event: change.Event.ID, Job: string(state),
				Channel: "x", State: state, At: w.clock})
		}
		if err := w.Followed(t.Context(), store.Unfollowed{Project: "juno"}, kept.Seq, letters); err != nil {
			t.Fatal(err)
		}
		for _, want := range letters {
			got, err := w.Delivery(t.Context(), "juno", want.Job)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "the receipt of "+want.Job, got, want)
		}
		workers := river.NewWorkers()
		river.AddWorker(workers, &sender{w: w})
		work(t, w.Store, workers, 1)
		if n := w.count(`SELECT COUNT(*) FROM river_job`); n != 1 || w.count(`SELECT COUNT(*) FROM deliveries WHERE state = $1`, string(cvd.Sent)) != 1 {
			t.Errorf("%d jobs for three letters; want one, for the letter that waits", n)
		}
	})
}

// River forgets a job a day after it is done, and would take the same one again. The receipt is ours and stays, so that
// whoever works on the job then reads that there is nothing to send.
func TestReceiptOutlivesItsJob(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.append(w.report("juno", "Overflow"))
		slow, err := follower{w.Store, w, 1}.read(1)
		if err != nil {
			t.Fatal(err)
		}
		follower{w.Store, w, 1}.follow()
		workers := river.NewWorkers()
		river.AddWorker(workers, &sender{w: w})
		work(t, w.Store, workers, 1)
		sent, err := w.Delivery(t.Context(), "juno", slow.letters[0].Job)
		if err != nil || sent.State != cvd.Sent {
			t.Fatalf("the letter is %q, %v; want it sent", sent.State, err)
		}
		for _, story := range []struct {
			when string
			do   string
			jobs int // that River would work on
		}{
			{"the job is done", `SELECT 1`, 0},
			{"the job was forgotten", `DELETE FROM river_job WHERE state = 'completed'`, 1},
		} {
			w.exec(story.do)
			if err := w.Followed(t.Context(), slow.from, slow.upto, slow.letters); err != nil {
				t.Fatal(err)
			}
			if n := w.count(`SELECT COUNT(*) FROM river_job WHERE state <> 'completed'`); n != story.jobs {
				t.Errorf("%s: %d jobs wait, want %d", story.when, n, story.jobs)
			}
			got, err := w.Delivery(t.Context(), "juno", sent.Job)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "the receipt when "+story.when, got, sent)
		}
	})
}

func TestThatALetterMayHaveComeTwiceIsNeverTakenBack(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.append(w.report("juno", "Overflow"))
		what, err := follower{w.Store, w, 1}.read(1)
		if err == nil {
			err = follower{w.Store, w, 1}.keep(what)
		}
		if err != nil {
			t.Fatal(err)
		}
		d := what.letters[0]
		for _, repeated := range []bool{true, false} {
			d.State, d.Repeated = cvd.Sent, repeated
			if err := w.SetDelivery(t.Context(), d, nil); err != nil {
				t.Fatal(err)
			}
			if got, err := w.Delivery(t.Context(), "juno", d.Job); err != nil || !got.Repeated {
				t.Errorf("that it may have arrived twice is lost: %+v, %v", got, err)
			}
		}
		_, err = w.Delivery(t.Context(), "juno", "nothing")
		kind(t, "a delivery that there is not", err, cvd.NotFound)
	})
}

// finisher appends a change as the result of its job; if that is refused, it looks at its job and ends it otherwise.
type finisher struct {
	river.WorkerDefaults[store.Deliver]
	w       *world
	change  store.Change
	refused error
	state   int // how many jobs ran when the change had been refused
}

func (f *finisher) Work(ctx context.Context, job *river.Job[store.Deliver]) error {
	f.change.Done = job.JobRow
	if _, f.refused = f.w.Append(ctx, f.change); f.refused == nil {
		return nil
	}
	f.state = f.w.count(`SELECT COUNT(*) FROM river_job WHERE id = $1 AND state = 'running'`, job.ID)
	d, err := f.w.Delivery(ctx, job.Args.Project, job.Args.Job)
	if err != nil {
		return err
	}
	return f.w.SetDelivery(ctx, d, job.JobRow)
}

func TestJobEndsWithItsEventOrNotAtAll(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ended := func(f *finisher) int {
			t.Helper()
			follower{w.Store, w, 1}.follow()
			workers := river.NewWorkers()
			river.AddWorker(workers, f)
			work(t, w.Store, workers, 1)
			return w.count(`SELECT COUNT(*) FROM river_job WHERE state = 'completed'`)
		}
		first := w.report("juno", "Overflow")
		w.append(first)
		f := &finisher{w: w, change: w.event(first.Case, cvd.What{Noted: &cvd.Noted{Text: "sent"}})}
		if n := ended(f); n != 1 || f.refused != nil {
			t.Errorf("%d jobs are completed, %v; want the one whose event was kept", n, f.refused)
		}
		if events, err := w.Events(t.Context(), "juno", first.Case.ID); err != nil || len(events) != 2 {
			t.Errorf("the case has %d events, %v; want the job's, once", len(events), err)
		}

		w.exec(`DELETE FROM river_job`)
		if err := w.Followed(t.Context(), store.Unfollowed{Project: "juno", After: 1}, 2, nil); err != nil { // nobody hears of the note
			t.Fatal(err)
		}
		second := w.report("juno", "Another")
		w.append(second)
		stale := &finisher{w: w, change: w.event(first.Case, cvd.What{Noted: &cvd.Noted{Text: "stale"}})}
		ended(stale)
		kind(t, "a stale change that would finish a job", stale.refused, cvd.Conflict)
		if stale.state != 1 {
			t.Error("the job of a change that was refused does not run any more")
		}
	})
}

// Two processes read a letter before either sends it; one of them was asleep meanwhile. Whoever comes late sends nothing, and what
// he says of his try takes back neither that the letter went out nor that somebody else is at it.
func TestOfTwoWhoWouldSendALetterOneBegins(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.append(w.report("juno", "Overflow"))
		f := follower{w.Store, w, 1}
		what, err := f.read(1)
		if err == nil {
			err = f.keep(what)
		}
		if err != nil {
			t.Fatal(err)
		}
		begin := func(d *cvd.Delivery) bool {
			t.Helper()
			begun, err := w.BeginDelivery(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			return begun
		}
		set := func(d cvd.Delivery, state cvd.DeliveryState) cvd.Delivery {
			t.Helper()
			d.State = state
			if err := w.SetDelivery(t.Context(), d, nil); err != nil {
				t.Fatal(err)
			}
			now, err := w.Delivery(t.Context(), "juno", d.Job)
			if err != nil {
				t.Fatal(err)
			}
			return now
		}
		awake := what.letters[0]
		asleep := awake
		if !begin(&awake) || awake.Tries != 1 || awake.Repeated {
			t.Fatalf("the first does not begin: %+v", awake)
		}
		if begin(&asleep) {
			t.Fatal("both begin")
		}
		second := awake // its job was given to another process while it was asleep
		if !begin(&second) || second.Tries != 2 || !second.Repeated {
			t.Fatalf("the try after one whose end is unknown: %+v, want the second one, which may repeat it", second)
		}
		if now := set(awake, cvd.Waiting); now.State != cvd.Sending || now.Tries != 2 {
			t.Errorf("a try that was overtaken says %+v", now)
		}
		if now := set(second, cvd.Sent); now.State != cvd.Sent {
			t.Errorf("the letter went out and it says %+v", now)
		}
		for _, state := range []cvd.DeliveryState{cvd.Waiting, cvd.GaveUp, cvd.Held} {
			if now := set(awake, state); now.State != cvd.Sent || !now.Repeated {
				t.Errorf("that it went out is taken back: %+v", now)
			}
		}
		if begin(&second) {
			t.Error("what went out begins again")
		}
	})
}
