package app

import (
	"context"
	"sync/atomic"
	"time"
)

// seldom is do for who asks all the time: it runs from an instant on, or at once if that is zero, and not again before so long has passed.
func seldom(now func() time.Time, from time.Time, every time.Duration, do func(context.Context) error) func(context.Context) error {
	var next atomic.Int64 // in microseconds
	next.Store(from.UnixMicro())
	return func(ctx context.Context) error {
		at := now()
		if at.UnixMicro() < next.Load() {
			return nil
		}
		next.Store(at.Add(every).UnixMicro())
		return do(ctx)
	}
}
