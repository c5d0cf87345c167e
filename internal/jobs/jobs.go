// Package jobs does what is due: it follows new events, sends the letters that they lead to, and
// ticks once a second over clocks and instants.
//
// Begin with Start. A new kind of job is a type in store, a worker here, and the function that does it, handed in by app.
// It decides nothing: what follows from an event, and what is due, is casework's affair. A job may run twice; whatever it
// does carries the same name the second time.
package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Config is the work: what to do for each kind of job, and what to look after each second.
type Config struct {
	Store   *store.Store
	Log     *slog.Logger
	Follow  func(ctx context.Context) (more bool, err error) // what new events lead to
	Deliver func(ctx context.Context, letter store.Deliver, last bool, done *store.Job) error
	Tick    func(ctx context.Context) error
	Later   func(ctx context.Context) (more bool, err error) // what takes long and nobody waits for, a bit at a time; may be nil
	Index   func(ctx context.Context) error                  // read what the indexes in memory have not read, which takes long at first; may be nil
	Watch   func(ctx context.Context) error                  // compare what is published with what should be, which waits for others; may be nil
	Forge   func(ctx context.Context) error                  // read policies from forges and bring texts back, which waits for others; may be nil
	Poll    time.Duration                                    // how often jobs are looked for; zero: four times a second
}

// Jobs are running workers and a running ticker.
type Jobs struct {
	tick   func(context.Context) error
	follow func(context.Context) (bool, error)
	later  func(context.Context) error
	idle   func(context.Context) (bool, error)
	stop   func(context.Context) error
	cancel context.CancelFunc
	done   sync.WaitGroup
}

// Start begins to work; Stop ends it.
func Start(ctx context.Context, cfg Config) (*Jobs, error) {
	if lite, pg := cfg.Store.River(); pg != nil {
		return start(ctx, pg, cfg)
	} else {
		return start(ctx, lite, cfg)
	}
}

// tries is how often a job is tried: with River's backoff (tries to the fourth power, in seconds) about three weeks.
const tries = 25

// poll is how often jobs are looked for unless said otherwise.
const poll = 250 * time.Millisecond

func start[T any](ctx context.Context, driver riverdriver.Driver[T], cfg Config) (*Jobs, error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, &deliverer{do: cfg.Deliver, log: cfg.Log})
	client, err := river.NewClient(driver, &river.Config{
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 32}},
		Workers:              workers,
		FetchCooldown:        min(cmp.Or(cfg.Poll, poll), 50*time.Millisecond),
		FetchPollInterval:    cmp.Or(cfg.Poll, poll),
		JobTimeout:           time.Minute,
		RescueStuckJobsAfter: 2 * time.Minute,
		MaxAttempts:          tries,
		Logger:               slog.New(warnings{cfg.Log.Handler()}),
	})
	if err != nil {
		return nil, fmt.Errorf("make the workers: %w", err)
	}
	if err := client.Start(ctx); err != nil {
		return nil, fmt.Errorf("start the workers: %w", err)
	}
	ticking, cancel := context.WithCancel(ctx)
	j := &Jobs{tick: cfg.Tick, follow: cfg.Follow, later: untilDone(cfg.Later), stop: client.Stop, cancel: cancel}
	j.idle = func(ctx context.Context) (bool, error) {
		waiting := river.NewJobListParams().First(1).States(rivertype.JobStateAvailable, rivertype.JobStateRunning, rivertype.JobStatePending)
		list, err := client.JobList(ctx, waiting)
		if err != nil {
			return false, fmt.Errorf("read waiting jobs: %w", err)
		}
		return len(list.Jobs) == 0, nil
	}
	j.done.Go(func() { everySecond(ticking, "tick", cfg.Tick, cfg.Log) })
	j.done.Go(func() { everySecond(ticking, "later", j.later, cfg.Log) })
	if cfg.Watch != nil {
		j.done.Go(func() { everySecond(ticking, "watch", cfg.Watch, cfg.Log) })
	}
	if cfg.Forge != nil {
		j.done.Go(func() { everySecond(ticking, "forge", cfg.Forge, cfg.Log) })
	}
	if cfg.Index != nil {
		j.done.Go(func() {
			once(ticking, "index", cfg.Index, cfg.Log)
			everySecond(ticking, "index", cfg.Index, cfg.Log)
		})
	}
	j.done.Go(func() { j.following(ticking, cmp.Or(cfg.Poll, poll), cfg.Log) })
	return j, nil
}

// everySecond does something by the wall; what is due is decided by the handed-in clock.
func everySecond(ctx context.Context, what string, do func(context.Context) error, log *slog.Logger) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			once(ctx, what, do, log)
		}
	}
}

func once(ctx context.Context, what string, do func(context.Context) error, log *slog.Logger) {
	if err := do(ctx); err != nil && !errors.Is(err, context.Canceled) {
		log.Error(what, "error", err)
	}
}

// untilDone repeats what says that there is more to do.
func untilDone(do func(context.Context) (bool, error)) func(context.Context) error {
	return func(ctx context.Context) error {
		for more := do != nil; more; {
			var err error
			if more, err = do(ctx); err != nil {
				return err
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		return nil
	}
}

// following looks for new events at a pace that leaves the disk to those who report, however many there are.
func (j *Jobs) following(ctx context.Context, pace time.Duration, log *slog.Logger) {
	t := time.NewTicker(pace)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if _, err := j.follow(ctx); err != nil && !errors.Is(err, context.Canceled) {
				log.Error("follow events", "error", err)
			}
		}
	}
}

// followAll follows until nothing is new.
func (j *Jobs) followAll(ctx context.Context) error {
	for {
		if more, err := j.follow(ctx); err != nil || !more {
			return err
		}
	}
}

// Settle ticks and waits until no job is due: what a test does instead of sleeping.
func (j *Jobs) Settle(ctx context.Context) error {
	for range 2 { // what the first round of jobs did may be due in the second
		if err := j.tick(ctx); err != nil {
			return err
		}
		if err := j.later(ctx); err != nil {
			return err
		}
		if err := j.followAll(ctx); err != nil {
			return err
		}
		if err := j.quiet(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (j *Jobs) quiet(ctx context.Context) error {
	t := time.NewTicker(10 * time.Millisecond)
	defer t.Stop()
	for {
		idle, err := j.idle(ctx)
		if err != nil || idle {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the jobs: %w", ctx.Err())
		case <-t.C:
		}
	}
}

// Ready says whether the queue of jobs answers.
func (j *Jobs) Ready(ctx context.Context) error {
	_, err := j.idle(ctx)
	return err
}

// Stop lets running jobs end and stops.
func (j *Jobs) Stop(ctx context.Context) error {
	j.cancel()
	j.done.Wait()
	return j.stop(ctx)
}

// warnings is a log without River's everyday words.
type warnings struct{ slog.Handler }

// Enabled takes warnings and errors.
func (w warnings) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelWarn }

// deliverer sends one letter.
type deliverer struct {
	river.WorkerDefaults[store.Deliver]
	do  func(context.Context, store.Deliver, bool, *store.Job) error
	log *slog.Logger
}

// Work logs why a letter did not go, since River is not told.
func (d *deliverer) Work(ctx context.Context, job *river.Job[store.Deliver]) error {
	err := d.deliver(ctx, job)
	if err != nil && !errors.Is(err, context.Canceled) {
		d.log.Error("deliver", "project", job.Args.Project, "job", job.Args.Job, "attempt", job.Attempt, "error", err)
	}
	return quiet(err)
}

// deliver turns a panic into an error: River would keep its words.
func (d *deliverer) deliver(ctx context.Context, job *river.Job[store.Deliver]) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	return d.do(ctx, job.Args, job.Attempt >= job.MaxAttempts, job.JobRow)
}

// quiet keeps an error's words out of River's table, which is not sealed: only its kind is kept there.
func quiet(err error) error {
	if err == nil {
		return nil
	}
	if kind := cvd.KindOf(err); kind != "" {
		return errors.New(string(kind))
	}
	return errors.New("the job did not end well; the log says why")
}
