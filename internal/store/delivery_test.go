package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"

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

// follower sends every event to a number of recipients; it is what jobs does, in short.
type follower struct {
	river.WorkerDefaults[store.Follow]
	w *world
	n int
}

func (f *follower) letters(ctx context.Context, args store.Follow) ([]cvd.Delivery, error) {
	e, err := f.w.Event(ctx, args.Project, args.Seq)
	if err != nil {
		return nil, err
	}
	var letters []cvd.Delivery
	for i := range f.n {
		letters = append(letters, cvd.Delivery{Project: e.Project, Case: e.Case, Event: e.ID, Job: fmt.Sprintf("%s/mail/%d", e.ID, i),
			Channel: "mail", State: cvd.Waiting, At: f.w.clock})
	}
	return letters, nil
}

func (f *follower) Work(ctx context.Context, job *river.Job[store.Follow]) error {
	letters, err := f.letters(ctx, job.Args)
	if err != nil {
		return err
	}
	return f.w.Fan(ctx, job.JobRow, letters)
}

// sender records that a letter went out, and with the last one an event.
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
		workers := river.NewWorkers()
		river.AddWorker(workers, &follower{w: w, n: 20})
		river.AddWorker(workers, &sender{w: w})
		work(t, w.Store, workers, 21)
		all, err := w.Deliveries(t.Context(), "juno", change.Case.ID, "")
		if err != nil || len(all) != 20 {
			t.Fatalf("%d receipts, %v; want 20", len(all), err)
		}
		want := cvd.Delivery{Project: "juno", Case: change.Case.ID, Job: string(change.Event.ID) + "/mail/0", Event: change.Event.ID, Channel: "mail",
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

// A job that is worked on twice, because its first worker was thought dead, leaves each letter once.
func TestFanningOutTwiceSendsOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		change := w.report("juno", "Overflow")
		kept := w.append(change)
		f := follower{w: w, n: 3}
		letters, err := f.letters(t.Context(), store.Follow{Project: "juno", Seq: kept.Seq})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Fan(t.Context(), nil, letters); err != nil {
			t.Fatal(err)
		}
		sent := letters[0]
		sent.State, sent.Tries, sent.Repeated = cvd.Sent, 1, true
		if err := w.SetDelivery(t.Context(), sent, nil); err != nil {
			t.Fatal(err)
		}
		if err := w.Fan(t.Context(), nil, letters); err != nil {
			t.Fatal(err)
		}
		if n := w.count(`SELECT COUNT(*) FROM river_job WHERE kind = 'deliver'`); n != 3 {
			t.Errorf("%d jobs to deliver, want 3", n)
		}
		got, err := w.Delivery(t.Context(), "juno", sent.Job)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the letter that was sent", got, sent)
		sent.Repeated = false
		if err := w.SetDelivery(t.Context(), sent, nil); err != nil {
			t.Fatal(err)
		}
		if got, err = w.Delivery(t.Context(), "juno", sent.Job); err != nil || !got.Repeated {
			t.Errorf("that it may have arrived twice was taken back: %+v, %v", got, err)
		}
		_, err = w.Delivery(t.Context(), "juno", "nothing")
		kind(t, "a delivery that there is not", err, cvd.NotFound)
		strange := []cvd.Delivery{{Project: "juno", Case: "JUNO-0000", Job: "x", State: cvd.Waiting, At: w.clock}}
		if err := w.Fan(t.Context(), nil, strange); err == nil {
			t.Error("a letter of a case that there is not was kept")
		}
	})
}

// finisher appends an event as the result of its job.
type finisher struct {
	river.WorkerDefaults[store.Follow]
	w      *world
	change store.Change
	err    error
}

func (f *finisher) Work(ctx context.Context, job *river.Job[store.Follow]) error {
	if job.Args.Seq > 1 {
		return f.w.Fan(ctx, job.JobRow, nil)
	}
	f.change.Done = job.JobRow
	_, f.err = f.w.Append(ctx, f.change)
	return f.err
}

func TestJobEndsWithItsEventOrNotAtAll(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		first := w.report("juno", "Overflow")
		w.append(first)
		f := &finisher{w: w, change: w.event(first.Case, cvd.What{Noted: &cvd.Noted{Text: "followed"}})}
		workers := river.NewWorkers()
		river.AddWorker(workers, f)
		work(t, w.Store, workers, 2)
		if f.err != nil {
			t.Error(f.err)
		}
		if n := w.count(`SELECT COUNT(*) FROM river_job WHERE state = 'completed'`); n != 2 {
			t.Errorf("%d jobs are completed, want both", n)
		}

		second := w.report("juno", "Another")
		w.append(second)
		stale := w.event(second.Case, cvd.What{Noted: &cvd.Noted{Text: "stale"}})
		w.append(stale)
		job := &rivertype.JobRow{ID: 3, State: rivertype.JobStateRunning}
		stale.Done = job
		_, err := w.Append(t.Context(), stale)
		kind(t, "a stale change that would finish a job", err, cvd.Conflict)
		if n := w.count(`SELECT COUNT(*) FROM river_job WHERE state = 'completed'`); n != 2 {
			t.Errorf("%d jobs are completed; the job of a change that was refused must stay", n)
		}
	})
}
