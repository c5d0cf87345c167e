package casework

import (
	"context"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Embargo sets or moves the embargo: a proposal of the project and its acceptance in one act. It ends at an exact instant, or by what becomes known, never by a bare date.
func (w *Casework) Embargo(ctx context.Context, who cvd.Actor, about About, in cvd.Embargoed) (cvd.View, error) {
	return w.record(ctx, who, about, "embargo", func(a *asking) (cvd.What, error) {
		if in.Until.IsZero() {
			return cvd.What{}, cvd.Fieldf("/until", "an embargo needs the exact instant of its end, with a zone: 2026-12-01T16:00:00Z")
		}
		if !in.Until.After(a.now) {
			return cvd.What{}, cvd.Fieldf("/until", "%s is past", cvd.Instant(in.Until))
		}
		if now := a.c.At(a.now).Embargo; now.State == cvd.Active && now.Until.Equal(in.Until) && (in.Terms == "" || in.Terms == now.Terms) {
			return cvd.What{}, cvd.Errorf(cvd.Refused, "this is agreed on already") // and nobody is to be asked again for it
		}
		e := in
		e.Until, e.AnswerBy = in.Until.UTC(), a.p.AnswerBy(a.c, time.Time{}, a.now)
		return cvd.What{Embargoed: &e}, first(readable("/terms", in.Terms), readable("/because", in.Because))
	})
}
