package cvd

import (
	"slices"
	"time"
)

// MarkApplied is the instant from which the fixes of all lines lie in public: merged, which is not yet released.
const MarkApplied = "applied"

// Applied says that the fix of one line was applied in public: what was private is merged where everybody reads it.
type Applied struct {
	Product string `json:"product"`
	Line    string `json:"line"`
	Commit  string `json:"commit"`
	URL     string `json:"url"`
}

func (x *Applied) kind() string { return "applied_line" }
func (x *Applied) apply(c *Case, e *Event) {
	l := c.line(x.Product, x.Line)
	l.Merged, l.MergedCommit, l.MergedURL = e.At, x.Commit, x.URL
	if !slices.ContainsFunc(c.Lines, func(l Line) bool { return len(l.Patches) > 0 && l.Merged.IsZero() }) {
		c.mark(MarkApplied, e.At)
	}
}
func (x *Applied) says() (string, Tier) {
	return "Applied the fix of " + x.Product + " " + x.Line + " in public", ForTeam
}

// Surfaced is a commit of a private fix that the program found in the product's public repository before its time.
type Surfaced struct {
	Product string `json:"product"`
	Line    string `json:"line"`
	Commit  string `json:"commit"`
	URL     string `json:"url"`
}

// Surfacing is one such find.
type Surfacing struct {
	At time.Time
	Surfaced
}

func (x *Surfaced) kind() string { return "seen_public" }
func (x *Surfaced) apply(c *Case, e *Event) {
	c.Surfaced = append(c.Surfaced, Surfacing{e.At, *x})
}
func (x *Surfaced) says() (string, Tier) {
	return "Found a commit of the private fix of " + x.Product + " " + x.Line + " in the public repository", ForTeam
}

// Hidden are the commits of private fixes that nobody outside should find, as long as the matter is not public: none that was
// applied in public, and none that was found already.
func (c Case) Hidden() []Surfaced {
	if c.CS.Public || !c.Disclosure.At.IsZero() || c.Erased != nil {
		return nil
	}
	var all []Surfaced
	for _, l := range c.Lines {
		if !l.Merged.IsZero() || l.Status == "released" {
			continue
		}
		for _, p := range l.Patches {
			for _, commit := range p.Commits {
				found := slices.ContainsFunc(c.Surfaced, func(s Surfacing) bool { return s.Commit == commit })
				if p.Private && !found {
					all = append(all, Surfaced{Product: l.Product, Line: l.Name, Commit: commit})
				}
			}
		}
	}
	return all
}
