package casework

import (
	"context"
	"strconv"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Countdown sets what those who get ready look at: an instant, or a height of a chain. The instant of a height is an estimate,
// from the height of now and the time from one block to the next.
func (w *Casework) Countdown(ctx context.Context, who cvd.Actor, about About, in cvd.Timed) (cvd.View, error) {
	return w.record(ctx, who, about, "countdown", func(a *asking) (cvd.What, error) {
		x := in
		x.At = in.At.UTC().Truncate(time.Microsecond)
		if x.Height == 0 {
			if !x.At.After(a.now) {
				return cvd.What{}, cvd.Fieldf("/at", "write an instant that is to come, or a height")
			}
			x.Current, x.Block = 0, ""
			return cvd.What{Timed: &x}, shortLine("/says", x.Says)
		}
		seconds, err := strconv.ParseFloat(x.Block, 64)
		switch {
		case x.Height < 0 || x.Current <= 0 || x.Current >= x.Height:
			return cvd.What{}, cvd.Fieldf("/current", "write the height of now, which is below the height that is counted down to")
		case err != nil || seconds < 0.01 || seconds > 86400:
			return cvd.What{}, cvd.Fieldf("/block_seconds", "write how many seconds there are from one block to the next: 5.8")
		}
		x.At, x.Block = time.Time{}, strconv.FormatFloat(seconds, 'f', -1, 64)
		return cvd.What{Timed: &x}, shortLine("/says", x.Says)
	})
}
