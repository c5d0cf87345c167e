package casework

import (
	"context"
	"errors"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/store"
)

// What became of a letter, as far as anybody knows.

// Sending notes that a letter is about to go out, which is a Conflict if another process was faster. If a try was under way already,
// its outcome is unknown: the letter goes again under the same name, and it is said that it may arrive twice.
func (w *Casework) Sending(ctx context.Context, d *cvd.Delivery) error {
	begun, err := w.store.BeginDelivery(ctx, d)
	if err == nil && !begun {
		err = overtaken()
	}
	return err
}

// overtaken is the error of a try that slept too long. Its job is not ended by it: that is for whoever has the letter now.
func overtaken() error {
	return cvd.Errorf(cvd.Conflict, "another process has taken the letter over")
}

// Sent keeps what became of a letter. The case gets an event only for a notice, once for each channel.
func (w *Casework) Sent(ctx context.Context, out Outgoing, at time.Time, failed string, done *store.Job) error {
	d := out.Delivery
	d.State, d.At = cvd.Sent, at.UTC().Truncate(time.Microsecond)
	if failed != "" {
		d.State = cvd.GaveUp
	}
	if d.Case == "" && failed != "" && !d.Repeated {
		if err := w.Bounced(ctx, d.Project, string(d.Event)); err != nil && cvd.KindOf(err) != cvd.NotFound {
			return err
		}
	}
	if !out.Notice && failed == "" {
		return w.store.SetDelivery(ctx, d, done)
	}
	if err := w.store.SetDelivery(ctx, d, nil); err != nil {
		return err
	}
	kept, err := w.store.Delivery(ctx, d.Project, d.Job)
	if err == nil && kept.State != d.State {
		err = overtaken()
	}
	if err != nil {
		return err
	}
	switch d = kept; {
	case out.Member != "":
		if failed != "" && !out.Gone && !d.Repeated {
			err = w.Bounced(ctx, d.Project, out.Member)
		}
		err = errors.Join(err, w.copied(ctx, d))
	case out.Notice:
		err = w.delivered(ctx, d, failed)
	}
	if err != nil {
		return err
	}
	return w.store.SetDelivery(ctx, d, done)
}

// delivered tells the case what became of a notice on one channel.
func (w *Casework) delivered(ctx context.Context, d cvd.Delivery, failed string) error {
	return w.notice(ctx, d.Project, d.Case, func(a *asking) (cvd.What, bool) {
		n, ok := a.ordered(d.Event)
		if !ok || !n.Delivered[d.Channel].IsZero() {
			return cvd.What{}, false
		}
		return cvd.What{Delivered: &cvd.Delivered{Notice: n.Name, Order: a.earlier(n), Channel: d.Channel, At: d.At, Failed: failed, Repeated: d.Repeated}}, true
	}, nil)
}

// Unsure notes that a letter may have gone out: the next try may repeat it, under the same name. Of a notice the case says so
// at once, since that try may be hours away.
func (w *Casework) Unsure(ctx context.Context, out Outgoing) error {
	if !out.Notice {
		return nil
	}
	d := out.Delivery
	return w.notice(ctx, d.Project, d.Case, func(a *asking) (cvd.What, bool) {
		n, ok := a.ordered(d.Event)
		if !ok || n.Repeated[d.Channel] || !n.Delivered[d.Channel].IsZero() {
			return cvd.What{}, false
		}
		return cvd.What{Delivered: &cvd.Delivered{Notice: n.Name, Order: a.earlier(n), Channel: d.Channel, Unsure: true}}, true
	}, nil)
}

// Waiting notes that a channel refused a letter for now: nothing went out, so the next try repeats nothing.
func (w *Casework) Waiting(ctx context.Context, d cvd.Delivery) error {
	d.State, d.At = cvd.Waiting, w.Now()
	return w.store.SetDelivery(ctx, d, nil)
}

// Hold keeps a letter back until a person releases it: its channel has no address here.
func (w *Casework) Hold(ctx context.Context, d cvd.Delivery, done *store.Job) error {
	d.State, d.At = cvd.Held, w.Now()
	return w.store.SetDelivery(ctx, d, done)
}
