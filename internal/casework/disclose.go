package casework

import (
	"context"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Disclose prepares publication of the newest edition for an exact instant, or for the soonest that every instance can have
// read of. From then on only time is needed: what was prepared is read by a predicate of time.
func (w *Casework) Disclose(ctx context.Context, who cvd.Actor, about About, in cvd.Armed) (cvd.View, error) {
	return w.record(ctx, who, about, "disclose", func(a *asking) (cvd.What, error) {
		e, err := a.edition(in.Edition)
		if err != nil {
			return cvd.What{}, err
		}
		due := in.Due.UTC().Truncate(time.Microsecond)
		switch {
		case in.Due.IsZero() && !in.Now: // a field that was forgotten must not publish anything
			return cvd.What{}, cvd.Fieldf("/due", "write the exact instant with its zone, 2026-12-01T16:00:00Z, or now: true")
		case in.Now:
			due = a.now.Add(lastCall)
		case due.Before(a.now):
			return cvd.What{}, cvd.Fieldf("/due", "%s is past; to publish at once say now: true", cvd.Instant(due))
		}
		if err := a.tooLate(); err != nil {
			return cvd.What{}, err
		}
		return cvd.What{Armed: &cvd.Armed{Due: due, Edition: e.Number}}, nil
	})
}

// Disarm takes the instant of publication back, up to ten seconds before it.
func (w *Casework) Disarm(ctx context.Context, who cvd.Actor, about About, in cvd.Disarmed) (cvd.View, error) {
	return w.record(ctx, who, about, "disarm", func(a *asking) (cvd.What, error) {
		if !a.c.Disclosure.Armed() {
			return cvd.What{}, cvd.Errorf(cvd.Refused, "no publication waits for its instant")
		}
		if err := a.tooLate(); err != nil {
			return cvd.What{}, err
		}
		return cvd.What{Disarmed: &in}, require("/because", in.Because, "say why the date is taken back")
	})
}

// lastCall is how long before the instant it can no longer be moved: every instance must have read of it by then.
const lastCall = 10 * time.Second

func (a *asking) tooLate() error {
	if d := a.c.Disclosure; d.Armed() && a.now.After(d.Due.Add(-lastCall)) {
		return cvd.Errorf(cvd.Refused, "publication is set for %s: it cannot be moved in the last ten seconds", cvd.Instant(d.Due))
	}
	return nil
}
