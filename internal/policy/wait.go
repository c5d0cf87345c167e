package policy

import (
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// A wait is counted from a mark. Of a notice that is its delivery by every channel, unless the policy says by the first, or
// to a share of those it is for: whoever hears of it last has the least time to prepare.

// Mark is the mark that a wait is counted from. A share of an audience is no mark of the fold: since works it out.
func (x *Wait) Mark() string {
	switch {
	case x.Notice == "":
		return x.After
	case x.From == "first":
		return cvd.MarkFirst + x.Notice
	}
	return cvd.MarkDelivered + x.Notice
}

// since is when a wait began in a case, zero if it has not.
func (p *Policy) since(c *cvd.Case, x *Wait) time.Time {
	if x.Restarts {
		if at, moved := p.sinceMoved(c, x); moved {
			return at
		}
	}
	if x.Notice == "" || x.From != "share" {
		return markedAt(c, x.Mark())
	}
	i := slices.IndexFunc(c.Notices, func(n cvd.Notice) bool { return n.Name == x.Notice })
	if i < 0 || markedAt(c, cvd.MarkNotified+x.Notice).IsZero() {
		return time.Time{}
	}
	n, all, reached := c.Notices[i], 0, 0
	type arrival struct {
		at    time.Time
		reach int
	}
	var arrivals []arrival
	for _, name := range n.Channels {
		reach := p.reach(name)
		all += reach
		if at, ok := n.Delivered[name]; ok {
			arrivals = append(arrivals, arrival{at, reach})
		}
	}
	slices.SortFunc(arrivals, func(a, b arrival) int { return a.at.Compare(b.at) })
	for _, a := range arrivals {
		if reached += a.reach; reached*100 >= x.Share*all {
			return a.at
		}
	}
	return time.Time{}
}

// reach is how many people a channel reaches, as far as the policy says.
func (p *Policy) reach(channel string) int {
	for _, c := range p.Document.Channels {
		if c.Name == channel {
			return max(c.Reach, 1)
		}
	}
	return 1
}

// agreeWait wants of a wait one thing that it is counted from, and a share only where one is meant.
func (r *reader) agreeWait(clause string, x *Wait) {
	switch {
	case x == nil:
	case (x.After == "") == (x.Notice == ""):
		r.at(clause, "a wait is counted from one thing: a mark (after) or a notice (notice)", "after", "notice")
	case x.Notice == "" && x.From != "":
		r.at(clause+".from", "only a notice reaches somebody first, or a share of them: write notice instead of after")
	case (x.From == "share") != (x.Share > 0), x.Share > 100:
		r.at(clause, "from: share goes with share: a number of per cent between 1 and 100")
	}
}
