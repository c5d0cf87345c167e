package apptest

import (
	"testing"
	"time"
)

// Eventually asks again and again until it is so. Only the operating system knows when another process is ready, so these tests
// have to ask; they never just wait.
func Eventually(t testing.TB, within time.Duration, what string, so func() error) {
	t.Helper()
	ticker := time.NewTicker(2 * time.Millisecond)
	defer ticker.Stop()
	limit := time.NewTimer(within)
	defer limit.Stop()
	for {
		err := so()
		if err == nil {
			return
		}
		select {
		case <-ticker.C:
		case <-limit.C:
			t.Fatalf("%s: not within %s: %v", what, within, err)
		}
	}
}
