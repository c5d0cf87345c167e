package auth

import (
	"sync"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Of one handle ten passwords may be tried in a minute: OWASP ASVS 5.0, 6.3.1 asks for a limit that guessing cannot pass.
const (
	triesAtOnce = 10
	tryAgain    = time.Minute
	mostHandles = 10_000 // that are remembered; a guesser of names must not fill the memory
)

// tries counts wrong passwords by handle. It knows no password and lives in memory: a restart forgives.
type tries struct {
	mu    sync.Mutex
	since map[string][]time.Time
}

// allow counts one try, or says when the next may be made.
func (t *tries) allow(key string, now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.since == nil || len(t.since) >= mostHandles {
		t.since = map[string][]time.Time{}
	}
	recent := t.since[key]
	for len(recent) > 0 && now.Sub(recent[0]) >= tryAgain {
		recent = recent[1:]
	}
	if len(recent) >= triesAtOnce {
		e := cvd.Errorf(cvd.TooMany, "too many tries to sign in under this name: wait a minute")
		e.After = tryAgain - now.Sub(recent[0])
		return e
	}
	t.since[key] = append(recent, now)
	return nil
}

// forget forgives the tries of somebody who knew the password in the end.
func (t *tries) forget(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.since, key)
}
