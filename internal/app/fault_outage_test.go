package app_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// outage is a time in which the program cannot keep anything.
type outage struct {
	begins, ends func() error
	reads        bool          // whether what was kept before can be read meanwhile
	lasts        time.Duration // at least; it lasts at any rate until somebody was refused
	before       []*sent       // what was sent before
}

const (
	patience   = 10 * time.Second // in which everybody is answered
	recoveryIn = 5 * time.Second  // in which somebody is accepted once the outage has ended
)

// survives lets an outage come and go under load. Meanwhile reports are refused, politely and in time, and nothing that was
// accepted is gone; afterwards they are accepted, by the same process. It returns what has been
// sent by now.
func (i *installation) survives(o outage) []*sent {
	t := i.t
	t.Helper()
	c := i.gather(8)
	apptest.Eventually(t, time.Minute, "reports under way", func() error { return enough(c.count(), 100) })
	if err := o.begins(); err != nil {
		t.Fatal(err)
	}
	apptest.Eventually(t, time.Minute, "a report that is refused", func() error {
		_, no := c.answers()
		return enough(len(no), 1)
	})
	pass(t, o.lasts)
	before, _ := c.answers()
	if o.reads {
		if gone := i.lost(before[max(0, len(before)-100):]); len(gone) > 0 {
			t.Errorf("during the outage %d accepted reports cannot be read: %q", len(gone), gone[0])
		}
	}
	if err := o.ends(); err != nil {
		t.Fatal(err)
	}
	ended := time.Now()
	apptest.Eventually(t, time.Minute, "a report that is accepted again", func() error {
		yes, _ := c.answers()
		return enough(len(yes), len(before)+10)
	})
	first := time.Since(ended)
	if first > recoveryIn {
		t.Errorf("after the outage it took %s until reports were accepted", first)
	}
	yes, no := c.disperse()
	for _, s := range no {
		if err := refusedWell(s); err != nil {
			t.Errorf("a report in the outage: %v", err)
			break
		}
	}
	wait := slowest(c.sent)
	i.again(no)
	if gone := i.lost(c.sent); len(gone) > 0 {
		t.Errorf("%d of %d accepted reports are gone: %q", len(gone), len(c.sent), gone[0])
	}
	i.once(append(o.before, c.sent...))
	t.Logf("%d accepted, %d refused and accepted when they were sent again; the slowest answer took %s, the first after the outage %s",
		len(yes), len(no), wait, first.Round(time.Millisecond))
	i.kill()
	i.verify()
	return append(o.before, c.sent...)
}

// refusedWell says whether the reporter of a refused report knows what to do, and did not have to wait for it.
func refusedWell(s *sent) error {
	e, ok := errors.AsType[*cvd.Error](s.err)
	if !ok || e.Kind != cvd.Unavailable || e.After == 0 {
		return fmt.Errorf("answered %v, not 503 with Retry-After", s.err)
	}
	if took := s.answered.Sub(s.asked); took > patience {
		return fmt.Errorf("answered after %s", took)
	}
	return nil
}

func slowest(all []*sent) time.Duration {
	var d time.Duration
	for _, s := range all {
		d = max(d, s.answered.Sub(s.asked))
	}
	return d.Round(time.Millisecond)
}
