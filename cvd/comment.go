package cvd

import (
	"slices"
	"time"
)

// Comment is one word in the discussion of a public case. It is held until it is shown, and what was hidden leaves a trace.
type Comment struct {
	Number     int // within its case, from 1
	At         time.Time
	By         ActorID
	Name       string // of who said it, as known then
	Text       string
	Reproduced string // whether they saw it happen: "yes", "no", "" if that is not said
	Version    string // with which version
	ShownAt    time.Time
	HiddenAt   time.Time
	Because    string // why it was hidden
}

// Held says whether nobody has decided about the comment yet.
func (k Comment) Held() bool { return k.ShownAt.IsZero() && k.HiddenAt.IsZero() }

// Hidden says whether only its trace is to be seen.
func (k Comment) Hidden() bool { return !k.HiddenAt.IsZero() }

// trace is what is left of a hidden comment: that it was there, whose it was, and why it is hidden.
func (k Comment) trace() Comment {
	return Comment{Number: k.Number, At: k.At, Name: k.Name, HiddenAt: k.HiddenAt, Because: k.Because}
}

// Commented is a word in the discussion of a public case, which may say whether its author could reproduce the matter.
type Commented struct {
	Text       string `json:"text"`
	Reproduced string `json:"reproduced,omitempty" enum:"yes,no"`
	Version    string `json:"version,omitempty"`
	Held       bool   `json:"held,omitempty" readOnly:"true"` // until somebody lets it pass, as the policy says
}

func (x *Commented) kind() string { return "commented" }
func (x *Commented) apply(c *Case, e *Event) {
	k := Comment{Number: len(c.Comments) + 1, At: e.At, By: e.Who, Name: e.Name, Text: x.Text, Reproduced: x.Reproduced, Version: x.Version}
	if !x.Held {
		k.ShownAt = e.At
	}
	c.Comments = append(c.Comments, k)
}
func (x *Commented) says() (string, Tier) {
	if x.Held {
		return "Wrote a comment, which is held until somebody lets it pass", ForTeam
	}
	return "Wrote a comment", ForTeam
}

// Moderated lets a comment pass or hides it. Why it is hidden stands in its place, for everybody to read.
type Moderated struct {
	Comment int    `json:"comment"`
	Verdict string `json:"verdict" enum:"show,hide"`
	Because string `json:"because,omitempty"`
}

func (x *Moderated) kind() string { return "moderated" }
func (x *Moderated) apply(c *Case, e *Event) {
	i := slices.IndexFunc(c.Comments, func(k Comment) bool { return k.Number == x.Comment })
	if i < 0 {
		return
	}
	k := &c.Comments[i]
	switch x.Verdict {
	case "show":
		k.HiddenAt, k.Because = time.Time{}, ""
		if k.ShownAt.IsZero() {
			k.ShownAt = e.At
		}
	case "hide":
		k.HiddenAt, k.Because = e.At, x.Because
	}
}
func (x *Moderated) says() (string, Tier) {
	if x.Verdict == "hide" {
		return "Hid a comment: " + x.Because, ForTeam
	}
	return "Let a comment pass", ForTeam
}

// discussion is the part of a case's comments that an actor may read. Strangers read none of a matter that was published as an
// advisory, and nothing that was said or shown since something came in that is not for them.
func (c Case) discussion(who Actor, t Tier, sensitive bool) []Comment {
	if t == ForTeam {
		return c.Comments
	}
	if !c.Public || sensitive {
		return nil
	}
	var out []Comment
	for _, k := range c.Comments {
		mine, shown := who.Standing == Member && k.By == who.ID, !k.ShownAt.IsZero() && c.known(k.ShownAt)
		if from := standingName(k.By); from != theProject {
			k.Name = from // a guest agreed to take part, not to be named
		}
		if k.By = ""; mine {
			k.By = who.ID
		}
		switch {
		case k.Hidden() && (shown || mine || c.known(k.HiddenAt)):
			out = append(out, k.trace())
		case !k.Hidden() && (shown || mine):
			out = append(out, k)
		}
	}
	return out
}

// tries are the attempts at reproducing a public matter as everybody may read them: how they ended and whose they were, and not
// what anybody's machine looks like.
func (c Case) tries(sensitive bool) []Attempt {
	if sensitive {
		return nil
	}
	var out []Attempt
	for _, a := range c.Attempts {
		if !c.known(a.At) {
			continue
		}
		name := a.Name
		if who := standingName(a.By); who != theProject {
			name = who
		}
		out = append(out, Attempt{At: a.At, Name: name, Version: a.Version, Outcome: a.Outcome})
	}
	return out
}

// known says whether the public knows what happened at an instant: nothing since a report came in that is not for the public.
func (c Case) known(at time.Time) bool { return c.Shown == nil || !at.After(c.Shown.At) }
