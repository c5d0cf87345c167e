package cvd

import (
	"slices"
	"time"
)

// Copy is one member's own copy of a notice. Which members there are is fixed when the notice is ordered: whoever joins later gets
// none, and a correction goes to those who got it.
type Copy struct {
	Member  string `json:"member"`
	Channel string `json:"channel"`
	Weight  int64  `json:"weight,omitempty"`  // for a share of the audience; 0 counts as 1
	Accepts bool   `json:"accepts,omitempty"` // it waits for the member's word that they keep to the embargo of this case
}

// Reach is how far the copies of a notice had come at an instant.
type Reach struct {
	At      time.Time
	Reached int   // members
	Share   int64 // of the weight of all members, in millionths
}

// CopiesBy are the copies that go out by a channel.
func (n Notice) CopiesBy(channel string) []Copy {
	var out []Copy
	for _, k := range n.Copies {
		if k.Channel == channel {
			out = append(out, k)
		}
	}
	return out
}

// arrive notes how far the copies have come. Of two that come out of order the later one counts.
func (n *Notice) arrive(channel string, a Reach) {
	all := append(slices.Clone(n.Arrivals[channel]), a)
	slices.SortStableFunc(all, func(x, y Reach) int { return x.At.Compare(y.At) })
	if n.Arrivals == nil {
		n.Arrivals = map[string][]Reach{}
	}
	n.Arrivals[channel] = all
}
