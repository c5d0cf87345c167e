package policy

import (
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// Milestone is something outside the program that the process waits for or counts from: a merge, a filing, the end of support.
// The step date gives it its instant, which may lie ahead; from then on it is a mark like any other.
type Milestone struct {
	Name  string `yaml:"name" is:"name"`
	Title string `yaml:"title"`
	Says  string `yaml:"says,omitempty"`                                                      // how one knows that it came, in words
	Is    string `yaml:"is,omitempty" enum:"awareness,confirmation,measure_available,filing"` // what it means where a law counts from it
}

// events are what every project may date by the step date, and clocks may wait for.
var events = []string{"next_major_release", "next_release", "end_of_life"}

// Events are all that the step date gives an instant to: those of every project, and the document's own milestones.
func (p *Policy) Events() []string { return p.Document.events() }

func (d *Document) events() []string {
	all := slices.Clone(events)
	for _, m := range d.Milestones {
		all = append(all, m.Name)
	}
	return all
}

// arrivals are the clocks of dates that lie ahead. When one rings, the event that says so lets all other clocks take notice
// that the mark is reached now.
func (p *Policy) arrivals(after *cvd.Case, e *cvd.Event) (moved []cvd.Clock) {
	if x := e.What.Dated; x != nil && x.On.After(e.At) {
		moved = append(moved, cvd.Clock{Name: x.Event, Kind: cvd.Arrival, Clause: p.clauseOfEvent(x.Event), Anchor: "dated", From: e.At, Due: x.On, Until: x.Event})
	}
	for _, k := range after.Clocks {
		if k.Kind != cvd.Arrival || !k.Open() || e.What.Dated != nil && e.What.Dated.Event == k.Name && e.What.Dated.On.After(e.At) {
			continue
		}
		switch at := markedAt(after, k.Until); {
		case at.IsZero():
			k.Replaced, k.Because = e.At, "the matter was taken up again"
		case !at.After(e.At):
			k.Met = at
		default:
			continue
		}
		moved = append(moved, k)
	}
	return moved
}

// clauseOfEvent is where a document speaks of something that people date.
func (p *Policy) clauseOfEvent(event string) string {
	if slices.ContainsFunc(p.Document.Milestones, func(m Milestone) bool { return m.Name == event }) {
		return "milestones." + event
	}
	return ""
}

// EventTitle is how people call something that is dated.
func (p *Policy) EventTitle(event string) string {
	for _, m := range p.Document.Milestones {
		if m.Name == event {
			return m.Title
		}
	}
	return "The " + strings.ReplaceAll(event, "_", " ")
}
