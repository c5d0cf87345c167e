package cvd

import "time"

// What a look at the place of a private patch shows. The program asks as a stranger: what is private does not answer strangers.
const (
	SeenPrivate = "private"
	SeenPublic  = "public"
	SeenUnknown = "unknown" // nobody could be asked
)

// LookClock is the clock after which the places of a case's private patches are looked at again, and Lookout its kind.
const (
	LookClock           = "patch_places"
	Lookout   ClockKind = "look"
)

// Located is what a look at the place of a patch showed.
type Located struct {
	Product string `json:"product"`
	Line    string `json:"line"`
	URL     string `json:"url"`
	Seen    string `json:"seen"` // private, public, unknown
	How     string `json:"how"`  // what answered: "404", "a page to sign in", "no answer"
	Same    bool   `json:"same,omitempty"`
}

func (x *Located) kind() string { return "located" }
func (x *Located) apply(c *Case, e *Event) {
	for i := range c.Lines {
		l := &c.Lines[i]
		for j := range l.Patches {
			if l.Product == x.Product && l.Name == x.Line && l.Patches[j].URL == x.URL {
				patches := append([]Patch{}, l.Patches...)
				patches[j].Seen, patches[j].SeenAt, patches[j].How = x.Seen, e.At, x.How
				l.Patches = patches
			}
		}
	}
}
func (x *Located) says() (string, Tier) {
	tier := ForTeam
	if x.Same { // it was looked at again, and nothing changed
		tier = ForNobody
	}
	switch x.Seen {
	case SeenPublic:
		return "The patch of " + x.Product + " " + x.Line + " lies where strangers can read it", tier
	case SeenPrivate:
		return "The patch of " + x.Product + " " + x.Line + " lies in a private place: strangers get " + x.How, tier
	}
	return "Whether the patch of " + x.Product + " " + x.Line + " lies in a private place is not known: " + x.How, tier
}

// Watched says whether the place of a line's patch must be private now: until its fix is applied in public.
func (l Line) Watched(p Patch) bool {
	return p.Private && l.Merged.IsZero() && l.Status != "released"
}

// Hidden says whether a patch lies in a private place as far as is known: it is said to, and no look showed anything else.
func (p Patch) Hidden() bool { return p.Private && p.Seen != SeenPublic }

// nextLook is how long a look stays good.
func nextLook(seen string) time.Duration {
	if seen == SeenPrivate {
		return 24 * time.Hour
	}
	return time.Hour
}

// LookAgain is the clock after a look, and whether an event starts or stops it. It is the program's own: no policy asks for it.
func (c Case) LookAgain(e Event) (k Clock, changed bool) {
	watched := false
	for _, l := range c.Lines {
		for _, p := range l.Patches {
			watched = watched || l.Watched(p)
		}
	}
	var old Clock
	for _, x := range c.Clocks {
		if x.Name == LookClock {
			old = x
		}
	}
	over := !watched || c.RM() == Closed || !c.Disclosure.At.IsZero()
	switch {
	case e.What.Located != nil && !over:
		return Clock{Name: LookClock, Kind: Lookout, Clause: "steps", Anchor: "located", From: e.At, Due: e.At.Add(nextLook(e.What.Located.Seen))}, true
	case over && old.Name != "" && old.Open():
		old.Replaced, old.Because = e.At, "no patch has to be private any more"
		return old, true
	}
	return Clock{}, false
}
