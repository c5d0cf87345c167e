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
	if at, was := p.sinceTakenBack(c, x); was && x.From != "share" {
		return at
	}
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
	n := c.Notices[i]
	all, arrivals := int64(0), []came(nil)
	for _, name := range n.Channels {
		reach := int64(max(p.reach(name), len(n.CopiesBy(name))))
		all += reach
		if at, ok := n.Delivered[name]; ok {
			arrivals = append(arrivals, came{name, at, reach * million})
			continue
		}
		for _, r := range n.Arrivals[name] {
			arrivals = append(arrivals, came{name, r.At, reach * r.Share})
		}
	}
	slices.SortStableFunc(arrivals, func(a, b came) int { return a.at.Compare(b.at) })
	reached := map[string]int64{} // by channel: what its last arrival says is all that it has reached
	for _, a := range arrivals {
		reached[a.channel] = max(reached[a.channel], a.reach)
		sum := int64(0)
		for _, r := range reached {
			sum += r
		}
		if sum*100 >= int64(x.Share)*all*million {
			return a.at
		}
	}
	return time.Time{}
}

// million is the whole of a share.
const million = 1_000_000

// came is how much a channel had reached at an instant, in millionths of a recipient.
type came struct {
	channel string
	at      time.Time
	reach   int64
}

// Shares are the shares of a notice's recipients from which something is counted, in per cent.
func (p *Policy) Shares(notice string) []int {
	var out []int
	p.eachRequirement(func(_ string, q Requirement) {
		for _, x := range []*Wait{q.Wait, q.Or} {
			if x != nil && x.Notice == notice && x.From == "share" {
				out = append(out, x.Share)
			}
		}
	})
	return out
}

// Reaches says whether a notice has reached a share of its recipients, in per cent.
func (p *Policy) Reaches(c *cvd.Case, notice string, share int) bool {
	return !p.since(c, &Wait{Notice: notice, From: "share", Share: share}).IsZero()
}

// WeighedBy is the weight by which the members of an audience count, where a quorum of the policy names one; empty: heads.
func (p *Policy) WeighedBy(audience string) (weight string) {
	p.eachRequirement(func(_ string, q Requirement) {
		if q.Quorum != nil && q.Quorum.Audience == audience && weight == "" {
			weight = q.Quorum.Weight
		}
	})
	return weight
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
