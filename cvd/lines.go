package cvd

import (
	"slices"
	"time"
)

// Where a release line stands, in the words of the matrix. A line's status is what somebody said of it last; where it stands also
// follows from reviews, from the merge and from the release.
const (
	StandsUnknown     = "unknown"
	StandsAffected    = "affected"
	StandsNotAffected = "not_affected"
	StandsUnsupported = "unsupported" // no fix is promised for it
	StandsInProgress  = "fix_in_progress"
	StandsReviewed    = "reviewed" // somebody who did not write the fix approved it as it is now
	StandsMerged      = "merged"   // the fix is where everybody can read it
	StandsShipped     = "shipped"  // a release holds it
	StandsIncomplete  = "incomplete"
)

// Stands are the places of the matrix, in the order of its columns.
var Stands = []string{StandsUnknown, StandsAffected, StandsNotAffected, StandsUnsupported, StandsInProgress, StandsReviewed, StandsMerged,
	StandsShipped, StandsIncomplete}

// LineMove is one change of where a line stands: what it became, when, by whom and why.
type LineMove struct {
	Stands  string
	At      time.Time
	By      ActorID
	Name    string // of who, as known then
	Because string
}

// Stands is where the line stands, unknown before anything was said of it.
func (l Line) Stands() string {
	if n := len(l.Moves); n > 0 {
		return l.Moves[n-1].Stands
	}
	return StandsUnknown
}

// stands works out where a line stands now.
func (c *Case) stands(l *Line) string {
	switch l.Status {
	case "released":
		return StandsShipped
	case "patched", "staged":
		if !l.Merged.IsZero() {
			return StandsMerged
		}
		if l.approved(c.Reviews) {
			return StandsReviewed
		}
		return StandsInProgress
	case "exempt":
		return StandsAffected
	}
	return l.Status
}

// approved says whether the last word on the fix since it changed is an approval by somebody who did not write it.
func (l *Line) approved(reviews []Review) bool {
	for _, r := range slices.Backward(reviews) {
		if r.At.Before(l.FixedAt) {
			return false
		}
		wrote := slices.ContainsFunc(l.Patches, func(p Patch) bool { return p.By == r.By })
		if r.Of == "fix" && (!wrote || r.Alone) {
			return r.Verdict == "approve"
		}
	}
	return false
}

// moveLines notes which lines stand elsewhere after an event.
func (c *Case) moveLines(e *Event) {
	for i := range c.Lines {
		l := &c.Lines[i]
		stands, because := c.stands(l), e.What.about(l)
		if stands != l.Stands() || because != "" {
			l.Moves = append(slices.Clip(l.Moves), LineMove{Stands: stands, At: e.At, By: e.Who, Name: e.Name, Because: because})
		}
	}
}

// about is what an event gives as the reason for what becomes of a line.
func (w What) about(l *Line) string {
	switch r, s := w.Remedied, w.Released; {
	case r != nil && r.Product == l.Product && r.Line == l.Name:
		return r.Because
	case s != nil && s.Product == l.Product && s.Line == l.Name:
		return "in " + s.Version
	}
	return ""
}

// reopenFix takes back what was reached when a fix that was shipped turns out not to be the whole of it: the line has to be fixed
// and released again, and so has the matter.
func (c *Case) reopenFix() {
	for _, mark := range []string{MarkFixReady, MarkApplied, MarkReleased, MarkMonitored} {
		delete(c.Round, mark)
	}
}

// linesFor are the lines as one actor may see them: who works on them is the team's own affair, and why a channel needs no look.
func (c Case) linesFor(_ Actor, t Tier) []Line {
	if t == ForTeam {
		return c.Lines
	}
	lines := slices.Clone(c.Lines)
	for i := range lines {
		lines[i].Moves = slices.Clone(lines[i].Moves)
		for j := range lines[i].Moves {
			lines[i].Moves[j].By, lines[i].Moves[j].Name = "", standingName(lines[i].Moves[j].By)
		}
		lines[i].Artefacts = slices.DeleteFunc(slices.Clone(lines[i].Artefacts), func(a Artefact) bool { return a.Exempt != "" })
		for j := range lines[i].Artefacts {
			lines[i].Artefacts[j].By = ""
		}
	}
	return lines
}
