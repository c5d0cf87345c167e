package cvd

import (
	"maps"
	"math"
	"math/bits"
	"slices"
	"time"
)

// Countdown is what those who get ready look at: an instant, or a height of a chain whose instant is an estimate.
type Countdown struct {
	At      time.Time
	Height  int64
	Current int64 // the height when it was set
	Block   time.Duration
	SetAt   time.Time
	Says    string
}

// Due is the instant, and whether it is an estimate.
func (d Countdown) Due() (at time.Time, estimate bool) {
	if d.Height == 0 {
		return d.At, false
	}
	return d.SetAt.Add(time.Duration(d.Height-d.Current) * d.Block), true
}

// Timed sets what a case counts down to: an instant, or a height.
type Timed struct {
	At      time.Time `json:"at,omitzero"`
	Height  int64     `json:"height,omitempty"`
	Current int64     `json:"current,omitempty"`       // the height of now
	Block   string    `json:"block_seconds,omitempty"` // from one block to the next: 5.8
	Says    string    `json:"says,omitempty"`
}

func (x *Timed) kind() string { return "countdown" }
func (x *Timed) apply(c *Case, e *Event) {
	block, _ := time.ParseDuration(x.Block + "s") // it was weighed when it was said
	c.Countdown = Countdown{At: x.At, Height: x.Height, Current: x.Current, Block: block, SetAt: e.At, Says: x.Says}
}
func (x *Timed) says() (string, Tier) { return "Set what is counted down to", ForGuest }

// Readiness is how much of the weight of a case's parties is ready: exact sums, and no rounding. What is not affected needs
// nothing and counts in neither; who was only named counts, since leaving them out would make the rest look nearer.
type Readiness struct {
	Weight          string // its name: voting_power; empty: each party counts for one
	Line            string // the release line; empty: all
	Ready, Deployed int64  // deployed counts as ready too
	Total           int64
	Uninvited       int64 // of the total: whom nobody asked
	Spared          int64 // of parties that are not affected; in no other sum
	Parties         int   // that have the weight
}

// Within is the readiness as part of a whole that goes beyond the parties of the case: whoever belongs to it and is no party is not
// ready. A whole that is less than the parties have says nothing.
func (r Readiness) Within(whole int64) Readiness {
	if more := whole - r.Spared - r.Total; more > 0 {
		r.Total += more
		r.Uninvited += more
	}
	return r
}

// Percent says whether at least so many per cent are ready. It is asked in whole numbers, so that no rounding crosses a mark.
func (r Readiness) Percent(mark int) bool { return r.atLeast(uint64(max(mark, 0)), 100) }

// Third says whether at least a third is ready.
func (r Readiness) Third() bool { return r.atLeast(1, 3) }

// atLeast compares in 128 bits: weights may be tokens of a chain in their smallest unit.
func (r Readiness) atLeast(part, of uint64) bool {
	if r.Total <= 0 || r.Ready < 0 {
		return false
	}
	isHigh, isLow := bits.Mul64(uint64(r.Ready), of)
	asHigh, asLow := bits.Mul64(uint64(r.Total), part)
	return isHigh > asHigh || isHigh == asHigh && isLow >= asLow
}

// Readiness sums one weight over those parties of a case that are of some kinds; of none: all.
func (c *Case) Readiness(weight, line string, of func(*Party) bool) Readiness {
	r := Readiness{Weight: weight, Line: line}
	for i := range c.Parties {
		p := &c.Parties[i]
		w := int64(1)
		if weight != "" {
			w = p.Weights[weight]
		}
		said := p.Whole()
		if line != "" {
			said = p.On(line)
		}
		switch {
		case w <= 0 || of != nil && !of(p):
			continue
		case said == NotAffected:
			r.Spared = Sum(r.Spared, w)
			continue
		}
		r.Total = Sum(r.Total, w)
		r.Parties++
		if p.InvitedAt.IsZero() {
			r.Uninvited = Sum(r.Uninvited, w)
		}
		if p.Gone() || !p.Joined() {
			continue
		}
		switch said {
		case Deployed:
			r.Deployed, r.Ready = Sum(r.Deployed, w), Sum(r.Ready, w)
		case Ready:
			r.Ready = Sum(r.Ready, w)
		}
	}
	return r
}

// Sum adds two weights; what is more than can be counted is the most that can.
func Sum(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// WeightNames are the names of the weights that the parties of a case have, in the order in which they came.
func (c *Case) WeightNames() (names []string) {
	seen := map[string]bool{}
	for _, p := range c.Parties {
		for name := range p.Weights {
			seen[name] = true
		}
	}
	for _, usual := range []string{"voting_power", "market_share", "installations"} {
		if seen[usual] {
			names = append(names, usual)
			delete(seen, usual)
		}
	}
	return append(names, slices.Sorted(maps.Keys(seen))...)
}
