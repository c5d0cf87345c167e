package casework_test

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/store"
)

// crowd is how many cases the benchmarks of the inbox are made with; bench/inbox.go sets it.
var crowd = flag.Int("cases", 1000, "how many cases the benchmarks of the inbox have")

// lives are the ways of a case that the crowd is made of: real steps, taken once, and then copied with other ids and instants.
func (d *desk) lives() [][]cvd.Event {
	no, yes := false, true
	words := strings.Fields("parser header length packet overflow queue session cookie token login page render script upload path archive signature key nonce " +
		"wallet fee block memory counter buffer index socket proxy cache header query string format float decimal thread lock race timer")
	var text strings.Builder
	for i := range 200 {
		text.WriteString(words[i*i%len(words)] + " ")
	}
	begin := func(title string) cvd.CaseID { return d.report(title, text.String()) }
	triaged := func(title, class string, sensitive *bool) cvd.CaseID {
		id := begin(title)
		take(d, d.Acknowledge, "mara", id, cvd.Acknowledged{Message: "Thank you, we look at it."})
		take(d, d.Validate, "mara", id, cvd.Validated{Evidence: "It happens here too."})
		take(d, d.Triage, "mara", id, cvd.Triaged{Sensitive: sensitive, Class: class, Because: "As judged.", Impact: "Some."})
		return id
	}
	var ids []cvd.CaseID
	ids = append(ids, begin("Not read"))
	asked := begin("Asked back")
	take(d, d.Acknowledge, "mara", asked, cvd.Acknowledged{Message: "Which version is it?"})
	worked := triaged("Worked on", "high", &yes)
	take(d, d.Assign, "mara", worked, cvd.Assigned{Work: "lead", Person: "milo"})
	ids = append(ids, asked, worked, triaged("In public", "low", &no))
	for range 8 { // most are over
		wrong := begin("Not right")
		take(d, d.Invalidate, "mara", wrong, cvd.Invalidated{Reason: "out_of_scope", Evidence: "It is another program."})
		take(d, d.Close, "milo", wrong, cvd.Ended{Outcome: "invalid", Message: "Thank you all the same."})
		ids = append(ids, wrong)
	}
	var lives [][]cvd.Event
	for _, id := range ids {
		events, err := d.store.Events(context.Background(), solo, id)
		if err != nil {
			d.t.Fatal(err)
		}
		lives = append(lives, events)
	}
	return lives
}

// crowded fills the desk with copies of a few lives, a case every ten minutes, and moves the clock to behind the last.
func (d *desk) crowded(n int) {
	d.t.Helper()
	lives, begin := d.lives(), d.now
	const every = 10 * time.Minute
	todo := make(chan int)
	var wg sync.WaitGroup
	for range 64 { // as many as the writer keeps with one commit
		wg.Go(func() {
			for i := range todo {
				if err := d.live(lives[i%len(lives)], begin.Add(time.Duration(i)*every)); err != nil {
					d.t.Error(err)
				}
			}
		})
	}
	for i := range n {
		todo <- i
	}
	close(todo)
	wg.Wait()
	d.now = begin.Add(time.Duration(n) * every)
}

// live keeps a copy of a case's events, which begins at another instant.
func (d *desk) live(events []cvd.Event, at time.Time) error {
	ctx := context.Background()
	id, err := d.store.NewCaseID(ctx, solo)
	if err != nil {
		return err
	}
	later := at.Sub(events[0].At)
	move := func(t time.Time) time.Time {
		if t.IsZero() {
			return t
		}
		return t.Add(later)
	}
	var c cvd.Case
	for _, e := range events {
		if e.ID, err = cvd.NewEventID(rand.Reader); err != nil {
			return err
		}
		e.Case, e.At = id, move(e.At)
		if r := e.What.Received; r != nil {
			one := *r
			one.Report.Title = fmt.Sprintf("%s %s", r.Report.Title, id) // a word of its own
			e.What.Received = &one
		}
		e.Clocks = slices.Clone(e.Clocks)
		for i := range e.Clocks {
			k := &e.Clocks[i]
			k.From, k.Due, k.Met, k.Replaced = move(k.From), move(k.Due), move(k.Met), move(k.Replaced)
		}
		c = cvd.Fold(c, e)
		open := slices.DeleteFunc(slices.Clone(c.Clocks), func(k cvd.Clock) bool { return !k.Open() })
		if _, err := d.store.Append(ctx, store.Change{Project: solo, Event: e, Case: c, Clocks: open}); err != nil {
			return err
		}
	}
	return nil
}

// A crowd is like the cases that it was made from: every count is what it must be.
func TestACrowdOfCasesIsCountedToTheLast(t *testing.T) {
	d := newDesk(t, "")
	const n = 240
	d.crowded(n)
	lives := 12
	in := d.inbox("mara", casework.Query{Words: "parser", State: "received"})
	if got, want := in.Counts.All, n+lives; got != want {
		t.Errorf("%d cases are counted, want %d", got, want)
	}
	if got, want := in.Counts.Open, (n+lives)/3; got != want {
		t.Errorf("%d are open, want a third: %d", got, want)
	}
	if got, want := in.Found, (n+lives)/12; got != want {
		t.Errorf("%d are not read, want %d", got, want)
	}
	if got := d.inbox("mara", casework.Query{Show: "all", Words: string(in.Rows[5].ID)}).Found; got != 1 {
		t.Errorf("the word that stands in one case finds %d", got)
	}
}

// BenchmarkInbox asks for pages of the inbox, and for the measures; the crowd is made before.
func BenchmarkInbox(b *testing.B) {
	d := newDesk(b, "")
	began := time.Now()
	d.crowded(*crowd)
	b.Logf("%d cases made in %s", *crowd, time.Since(began).Round(time.Millisecond))
	before := memory()
	d.Casework = d.start(d.open())
	began, used := time.Now(), cpu(b)
	if err := d.Index(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.Logf("read in %s, %s of the processor; %d bytes a case", time.Since(began).Round(time.Millisecond), (cpu(b) - used).Round(time.Millisecond),
		(memory()-before) / *crowd)
	middle := d.inbox("mara", casework.Query{Limit: 1}).Next
	for name, q := range map[string]casework.Query{
		"first":  {},
		"newest": {Newest: true},
		"next":   {After: middle},
		"state":  {State: "received", Late: true},
		"class":  {Class: "high", Assigned: "milo", Newest: true},
		"words":  {Words: "parser overflow", Untriaged: true},
	} {
		b.Run(name, func(b *testing.B) { d.asked(b, "mara", q) })
	}
	b.Run("community", func(b *testing.B) { d.asked(b, "vera", casework.Query{}) })
	b.Run("metrics", func(b *testing.B) {
		d.timed(b, func() {
			d.now = d.now.Add(time.Minute) // else it is remembered
			if _, err := d.Metrics(context.Background(), d.who("mara"), casework.Period{}); err != nil {
				b.Fatal(err)
			}
		})
	})
}

// asked measures a page.
func (d *desk) asked(b *testing.B, who cvd.ActorID, q casework.Query) {
	d.timed(b, func() {
		if in := d.inbox(who, q); len(in.Rows) == 0 && *crowd > 100 {
			b.Fatalf("%+v finds nothing", q)
		}
	})
}

// timed reports the median of the times that something takes, and the processor's time, which others on the machine change less.
func (d *desk) timed(b *testing.B, do func()) {
	var took []time.Duration
	before := cpu(b)
	for b.Loop() {
		began := time.Now()
		do()
		took = append(took, time.Since(began))
	}
	b.ReportMetric(float64((cpu(b)-before).Microseconds())/float64(len(took)), "cpu-µs")
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
}

// cpu is the processor's time that the program has used.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func memory() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
