package app

import (
	"sync"
	"time"
)

// Clock is a clock in somebody's hand: it stands until it is set, and runs with the wall once it is let go.
type Clock struct {
	mu   sync.Mutex
	at   time.Time
	runs bool
}

// NewClock is a clock that stands at an instant.
func NewClock(at time.Time) *Clock { return &Clock{at: at.UTC()} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.runs {
		return time.Now().UTC()
	}
	return c.at
}

// Set makes the clock stand at an instant.
func (c *Clock) Set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.runs = at.UTC(), false
}

// LetGo makes the clock show the time of the wall from now on.
func (c *Clock) LetGo() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.runs = true
}
