package policy

import "slices"

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
