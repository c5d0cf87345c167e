package jobs_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/channel"
	"github.com/tipstaff/tipstaff/internal/store"
)

// onBoth tells a story on both databases.
func onBoth(t *testing.T, story func(*testing.T, *apptest.Program)) {
	t.Run("SQLite", func(t *testing.T) { story(t, apptest.New(t, apptest.Options{})) })
	t.Run("PostgreSQL", func(t *testing.T) { story(t, apptest.New(t, apptest.Options{Postgres: true})) })
}

// report makes a case of juno whose reporter, and nobody else, hears of it by mail.
func report(p *apptest.Program, name string) {
	p.Play("juno", name, `rita reports {kind: bug, title: "Overflow", description: "d", contact: {email: rita@example.org}}`)
}

// takeOver stops the program's workers and starts a second program on the same data, whose every letter goes through send.
// It lives as long as ctx, and is closed with the test.
func takeOver(ctx context.Context, t *testing.T, p *apptest.Program, send func(context.Context, cvd.Letter) error) *app.App {
	t.Helper()
	if err := p.Jobs.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	mail := channel.Channel{Name: "mail", Send: func(ctx context.Context, out channel.Out, l cvd.Letter) (channel.Receipt, error) {
		return channel.Receipt{At: out.Now()}, send(ctx, l)
	}}
	a, err := app.Open(ctx, p.Config, app.World{Now: p.Clock.Now, Log: app.LogTo(p.Log), Channels: []channel.Channel{mail}, Quiet: true,
		Poll: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { end(t, a) })
	return a
}

// end closes a program; a second time does nothing.
func end(t *testing.T, a *app.App) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := a.Close(ctx); err != nil {
		t.Errorf("close the program: %v", err)
	}
}

func settle(t *testing.T, a *app.App) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := a.Jobs.Settle(ctx); err != nil {
		t.Fatal(err)
	}
}

// letters are the receipts of a case, by what and to whom.
func letters(t *testing.T, p *apptest.Program, name string) map[string]cvd.Delivery {
	t.Helper()
	all, err := p.Store.Deliveries(t.Context(), "juno", p.Journey.Cases[name], "")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]cvd.Delivery{}
	for _, d := range all {
		_, to, _ := strings.Cut(d.Job, ".")
		out[to] = d
	}
	return out
}

// queue is what River knows of all jobs; forget makes it forget them, as it does by itself a day after they are done.
func queue(t *testing.T, p *apptest.Program, forget bool) []*rivertype.JobRow {
	t.Helper()
	if lite, pg := p.Store.River(); lite != nil {
		return queueOn(t, lite, forget)
	} else {
		return queueOn(t, pg, forget)
	}
}

func queueOn[T any](t *testing.T, driver riverdriver.Driver[T], forget bool) []*rivertype.JobRow {
	t.Helper()
	client, err := river.NewClient(driver, &river.Config{})
	if err != nil {
		t.Fatal(err)
	}
	all, err := client.JobList(t.Context(), river.NewJobListParams().First(1000))
	if err != nil {
		t.Fatal(err)
	}
	for _, job := range all.Jobs {
		if !forget {
			break
		}
		if _, err := client.JobDelete(t.Context(), job.ID); err != nil {
			t.Fatal(err)
		}
	}
	return all.Jobs
}

// What a tick writes down is followed, and its letters are gone, when Settle returns.
func TestSettleTicksFollowsAndSends(t *testing.T) {
	onBoth(t, func(t *testing.T, p *apptest.Program) {
		ended := func(want ...string) {
			t.Helper()
			var got []string
			for to, d := range letters(t, p, "overflow") {
				got = append(got, to)
				if d.State != cvd.Sent || d.Tries != 1 {
					t.Errorf("the letter %s is %s after %d tries; want it sent at the first", to, d.State, d.Tries)
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("letters (-want +got):\n%s", diff)
			}
			if left, err := p.Store.Unfollowed(t.Context()); err != nil || len(left) != 0 {
				t.Errorf("%v is not followed, %v", left, err)
			}
			for _, job := range queue(t, p, false) {
				if job.State != rivertype.JobStateCompleted {
					t.Errorf("a job is %s", job.State)
				}
			}
		}
		report(p, "overflow")
		p.Settle()
		ended("reporter.1")
		p.Clock.Set(apptest.Start.Add(48*time.Hour + time.Second)) // juno nudges after two days
		p.Settle()
		ended("nudge.alex", "nudge.jake", "reporter.1")
	})
}

// A reporter's reminder is a letter to each of contacts.nudge and to nobody else; it is refused before the time that the policy
// names, and a second time within a day (J-14).
func TestAReporterRemindsTheNamedPeopleAndNobodyElse(t *testing.T) {
	onBoth(t, func(t *testing.T, p *apptest.Program) {
		report(p, "overflow")
		who, err := p.Auth.Code(t.Context(), "juno", p.Journey.Codes["overflow/rita"])
		if err != nil {
			t.Fatal(err)
		}
		nudge := func() error {
			_, err := p.Casework.Nudge(t.Context(), who, casework.About{Case: who.Case}, cvd.Nudged{})
			return err
		}
		due := apptest.Start.Add(48 * time.Hour)
		if e, ok := errors.AsType[*cvd.Error](nudge()); !ok || e.Kind != cvd.Refused || e.Clause != "clocks.nudge" || !e.Earliest.Equal(due) {
			t.Errorf("before the time: got %+v, want a refusal by clocks.nudge until %s", e, due)
		}
		p.Clock.Set(due)
		if err := nudge(); err != nil {
			t.Fatal(err)
		}
		if e, ok := errors.AsType[*cvd.Error](nudge()); !ok || e.Kind != cvd.Refused || !e.Earliest.Equal(due.Add(24*time.Hour)) {
			t.Errorf("at once again: got %+v, want a refusal until a day later", e)
		}
		p.Settle()
		var to []string
		for name, d := range letters(t, p, "overflow") {
			if strings.HasPrefix(name, "asked.") {
				to = append(to, name+" "+string(d.State))
			}
		}
		slices.Sort(to)
		if want := []string{"asked.alex sent", "asked.jake sent"}; !slices.Equal(to, want) {
			t.Errorf("the letters go to %v, want %v", to, want)
		}
		if v, err := p.Casework.Case(t.Context(), who, who.Case); err != nil || v.Timeline[len(v.Timeline)-1].Kind != "nudged" {
			t.Errorf("the case does not tell of it: %+v, %v", v.Timeline, err)
		}
		p.Clock.Set(due.Add(24 * time.Hour))
		if err := nudge(); err != nil {
			t.Errorf("a day later: %v", err)
		}
	})
}

// A program that ends while a letter is on its way does not know whether it arrived. The next one sends it again, under the
// same name, and says that it may have come twice.
func TestLetterThatWasUnderWayIsSentAgainAndSaysSo(t *testing.T) {
	onBoth(t, func(t *testing.T, p *apptest.Program) {
		life, kill := context.WithCancel(t.Context())
		defer kill()
		underWay := make(chan string, 1)
		first := takeOver(life, t, p, func(ctx context.Context, l cvd.Letter) error {
			underWay <- l.Job
			<-ctx.Done() // the mail server has it all, and its yes is on the way
			return ctx.Err()
		})
		report(p, "overflow")
		var name string
		select {
		case name = <-underWay:
		case <-time.After(30 * time.Second):
			t.Fatal("no letter went out")
		}
		if d := letters(t, p, "overflow")["reporter.1"]; d.State != cvd.Sending || d.Tries != 1 || d.Repeated {
			t.Errorf("on its way: %+v", d)
		}
		kill()
		end(t, first)
		if d := letters(t, p, "overflow")["reporter.1"]; d.State != cvd.Sending {
			t.Errorf("after the end it is %q; nobody knows more than that it was on its way", d.State)
		}

		again := make(chan string, 9)
		second := takeOver(t.Context(), t, p, func(_ context.Context, l cvd.Letter) error {
			again <- l.Job
			return nil
		})
		settle(t, second)
		if n := len(again); n != 1 || <-again != name {
			t.Errorf("the next program sent %d letters, want the one that was under way", n)
		}
		if d := letters(t, p, "overflow")["reporter.1"]; d.State != cvd.Sent || d.Tries != 2 || !d.Repeated {
			t.Errorf("in the end: %+v; want it sent at the second try, and said that it may have come twice", d)
		}
	})
}

// A channel that says no has sent nothing: the next try repeats nothing.
func TestLetterThatWasRefusedIsNoRepetition(t *testing.T) {
	onBoth(t, func(t *testing.T, p *apptest.Program) {
		var tries atomic.Int64
		a := takeOver(t.Context(), t, p, func(context.Context, cvd.Letter) error {
			if tries.Add(1) == 1 {
				return cvd.Errorf(cvd.Unavailable, "the mail server is busy")
			}
			return nil
		})
		report(p, "overflow")
		settle(t, a)
		if d := letters(t, p, "overflow")["reporter.1"]; d.State != cvd.Sent || d.Tries != 2 || d.Repeated {
			t.Errorf("%+v; want it sent at the second try, as no repetition", d)
		}
	})
}

// River's table is not sealed, and what went wrong may name a person. The log, which its operator guards, says why.
func TestErrorsOfJobsAreNotKeptInWords(t *testing.T) {
	onBoth(t, func(t *testing.T, p *apptest.Program) {
		failures := map[string]func() error{
			"plain":    func() error { return errors.New("PLANTED plain: no route to mail.example.org") },
			"of kind":  func() error { return cvd.Errorf(cvd.Unavailable, "PLANTED of kind: the mail server is busy") },
			"in panic": func() error { panic("PLANTED in panic: index out of range") },
		}
		fails, ready := map[string]func() error{}, make(chan struct{})
		a := takeOver(t.Context(), t, p, func(_ context.Context, l cvd.Letter) error {
			<-ready
			id, _, _ := strings.Cut(strings.TrimPrefix(l.Subject, "["), "]")
			return fails[id]()
		})
		for name := range failures { // after the other program's workers are gone: they would send the letters
			report(p, name)
			fails[string(p.Journey.Cases[name])] = failures[name]
		}
		close(ready)
		settle(t, a)
		jobs, words := queue(t, p, false), 0
		for _, job := range jobs {
			for _, e := range job.Errors {
				words++
				if strings.Contains(e.Error+e.Trace, "PLANTED") {
					t.Errorf("River keeps %q", e.Error)
				}
			}
			if strings.Contains(string(job.EncodedArgs)+string(job.Metadata), "rita") {
				t.Errorf("River keeps %s %s", job.EncodedArgs, job.Metadata)
			}
		}
		if len(jobs) != len(failures) || words < len(failures) {
			t.Errorf("%d jobs with %d errors; want one job for each of %d failures, which has failed", len(jobs), words, len(failures))
		}
		for name := range failures {
			if !strings.Contains(p.Log.String(), "PLANTED "+name) {
				t.Errorf("the log does not say why the letter failed that is called %q", name)
			}
		}
	})
}

// River would work on a job again that it has forgotten. Our own receipt remembers that the letter is gone.
func TestNothingGoesOutTwiceThoughItsJobWasForgotten(t *testing.T) {
	onBoth(t, func(t *testing.T, p *apptest.Program) {
		var sent atomic.Int64
		a := takeOver(t.Context(), t, p, func(context.Context, cvd.Letter) error { sent.Add(1); return nil })
		report(p, "overflow")
		settle(t, a)
		before := letters(t, p, "overflow")["reporter.1"]
		if n := len(queue(t, p, true)); n != 1 || sent.Load() != 1 {
			t.Fatalf("%d jobs sent %d letters, want one by one", n, sent.Load())
		}
		late := before // what a follower worked out long ago, and keeps only now
		late.State, late.Tries = cvd.Waiting, 0
		if err := p.Store.Followed(t.Context(), store.Unfollowed{Project: "juno"}, 1, []cvd.Delivery{late}); err != nil {
			t.Fatal(err)
		}
		settle(t, a)
		if again := queue(t, p, false); len(again) != 1 || again[0].State != rivertype.JobStateCompleted {
			t.Errorf("River has %d jobs; want the one that it took again, completed", len(again))
		}
		if n := sent.Load(); n != 1 {
			t.Errorf("the letter went out %d times", n)
		}
		if diff := cmp.Diff(before, letters(t, p, "overflow")["reporter.1"]); diff != "" {
			t.Errorf("its receipt changed (-before +after):\n%s", diff)
		}
	})
}
