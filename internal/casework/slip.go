package casework

import (
	"context"
	"fmt"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// Slip moves the release that was announced to another instant. The correction goes out with it, and a publication that is armed
// moves by as much: it is one act and one event.
func (w *Casework) Slip(ctx context.Context, who cvd.Actor, about About, in cvd.Slipped) (cvd.View, error) {
	return w.record(ctx, who, about, "slip", func(a *asking) (cvd.What, error) {
		x, err := w.slipped(ctx, a, in)
		return cvd.What{Slipped: &x}, err
	})
}

// slipped completes a slip: whence it moves, what goes out, and where a publication moves to.
func (w *Casework) slipped(ctx context.Context, a *asking, in cvd.Slipped) (cvd.Slipped, error) {
	x := in
	x.To = in.To.UTC().Truncate(time.Microsecond)
	if in.To.IsZero() {
		return x, cvd.Fieldf("/to", "write the exact instant with its zone, 2026-12-01T16:00:00Z")
	}
	if err := first(require("/because", in.Because, "say why it moves"), readable("/without", in.Without)); err != nil {
		return x, err
	}
	r := a.p.Replan(a.c, x.To, a.now)
	if r.Notice == "" || !x.To.After(a.now) { // the policy says so
		return x, nil
	}
	x.From = r.From
	x.Counts = a.c.Countdown.Height == 0 && a.c.Countdown.At.Equal(r.From)
	if a.c.Disclosure.Armed() {
		if err := a.tooLate(); err != nil {
			return x, err
		}
		x.Arms = &cvd.Armed{Due: a.c.Disclosure.Due.Add(x.To.Sub(x.From)), Edition: a.c.Disclosure.Edition}
		if !x.Arms.Due.After(a.now.Add(lastCall)) {
			return x, cvd.Fieldf("/to", "the publication would move to %s, which is past or too near", cvd.Instant(x.Arms.Due))
		}
	}
	if x.Notice == "" {
		x.Notice = r.Correct
	}
	switch {
	case in.Without != "" && in.Notice == "":
		x.Notice = ""
		return x, nil
	case x.Notice == "":
		return x, cvd.Fieldf("/without", "the policy has no notice that corrects “%s”: take the step correct with the new instant, or say how those who heard of the first one learn of it", r.Notice)
	case x.Notice != r.Correct:
		return x, cvd.Fieldf("/notice", "“%s” does not correct what was announced", x.Notice)
	}
	n := cvd.Notified{Notice: x.Notice, Says: a.p.Correction(a.c, x.Notice, x.To, in.Says), Again: x.Because}
	x.Sends = &n
	return x, w.composeTo(ctx, a, &n)
}

// SlipPreview is what would happen if the announced release moved.
type SlipPreview struct {
	policy.Replanned
	Sends      *cvd.Notified // the correction as it would go out, nil if none would
	Objections []cvd.Objection
	Trouble    string // why it cannot be said yet: a field that is missing or wrong

	moves *cvd.Slipped // the move, if nothing stands in its way
}

// PreviewSlip works out what moving the announced release would do, without doing it. It is for the team.
func (w *Casework) PreviewSlip(ctx context.Context, who cvd.Actor, id cvd.CaseID, in cvd.Slipped) (SlipPreview, error) {
	a, err := w.forTeam(ctx, who, id)
	if err != nil {
		return SlipPreview{}, err
	}
	return w.previewSlip(ctx, a, in), nil
}

func (w *Casework) previewSlip(ctx context.Context, a *asking, in cvd.Slipped) SlipPreview {
	out := SlipPreview{Replanned: a.p.Replan(a.c, in.To.UTC(), a.now)}
	if in.Because == "" {
		in.Because = "previewed"
	}
	x, err := w.slipped(ctx, a, in)
	if err != nil {
		out.Trouble = fmt.Sprint(err)
	}
	if out.Sends = x.Sends; x.Sends != nil && x.Sends.Text == "" {
		out.Sends = nil
	}
	out.Objections = a.p.Weigh(a.ask("slip", cvd.What{Slipped: &x}))
	if err == nil && len(out.Objections) == 0 {
		out.moves = &x
	}
	return out
}
