package policy

import (
	"cmp"
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Discussion is how a track's cases are discussed in public. A public track that says nothing of it has one, too.
type Discussion struct {
	Hold string `yaml:"hold" enum:"first,all,none"` // whose comments wait until somebody lets them pass: first (of a person on a case; the default), all, none
}

// mostHeld is how many comments of one person may wait on a case.
const mostHeld = 5

// Discusses says whether a case is open to comments: on a public track, while everybody may see it. It asks what the public
// knows of the case: that something else has come in changes nothing of the answer.
func (p *Policy) Discusses(c cvd.Case) bool {
	track, rm, sensitive := c.Track, c.RM(), c.Severity.Sensitive
	if s := c.Shown; s != nil {
		track, rm, sensitive = s.Track, s.RM, s.Severity.Sensitive
	}
	t, ok := p.TrackOf(track)
	return ok && t.Public && c.Public && !sensitive && rm != cvd.Closed
}

// Holds says whether a comment by somebody waits until somebody lets it pass. Who may let comments pass needs nobody to.
func (p *Policy) Holds(c cvd.Case, who cvd.Actor) bool {
	if who.May("moderate") {
		return false
	}
	t, _ := p.TrackOf(c.Track)
	hold := "first"
	if t.Discussion != nil {
		hold = cmp.Or(t.Discussion.Hold, hold)
	}
	passed := slices.ContainsFunc(c.Comments, func(k cvd.Comment) bool { return k.By == who.ID && !k.ShownAt.IsZero() && !k.Hidden() })
	return hold == "all" || hold == "first" && !passed
}

// discussion asks whether a comment can be made here, or decided about.
func (w *weighing) discussion() {
	switch w.Step {
	case "comment":
		if !w.policy.Discusses(w.Case) {
			w.object("", time.Time{}, "the case is not open to comments: only what is handled in public, and is not closed, is discussed here")
		}
		held := 0
		for _, k := range w.Case.Comments {
			if k.By == w.Who.ID && k.Held() {
				held++
			}
		}
		if held >= mostHeld {
			w.object("", time.Time{}, "%d comments of yours wait to be read: wait until somebody has let them pass", held)
		}
	case "moderate":
		if len(w.Case.Comments) == 0 {
			w.object("", time.Time{}, "there is no comment on this case")
		}
	}
}
