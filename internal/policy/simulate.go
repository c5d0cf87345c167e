package policy

import (
	"io"
	"time"
)

// Scenario is one case as it would go if everybody did each thing as early as the policy lets them. Work takes no time; what
// takes time in the world is said by Set.
type Scenario struct {
	At       time.Time            // the report arrives
	Class    string               // the severity that triage finds; "" where the scheme is none
	Track    string               // "": the one that the tracks' predicates choose
	Kind     string               // "": the kind of a report that names none
	Category string               // of the weakness; ""
	Facts    map[string]bool      // attacks, public, exploit_public, sensitive; true from the arrival on
	Set      map[string]time.Time // marks that people or the world reach at an instant of their own: fix_ready, released, end_of_life
}

// What a line of a timeline is.
const (
	isArrival    = "arrival"    // the report comes
	isStep       = "step"       // a step is taken
	isNotice     = "notice"     // a notice goes out
	isWait       = "wait"       // a minimum wait is over
	isTarget     = "target"     // the instant that a clock aims at
	isDeadline   = "deadline"   // the instant that a clock promises
	isReminder   = "reminder"   // the team is reminded
	isWarning    = "warning"    // the team is warned of a deadline
	isEscalation = "escalation" // others are told that a deadline was missed
	isRelease    = "release"    // the fix comes out
	isDisclosure = "disclosure" // the advisory is published
	isEmbargo    = "embargo"    // an embargo ends
	isDetails    = "details"    // the post with the details
	isRecurring  = "recurring"  // what the project does again and again
	isSet        = "set"        // what the scenario says itself
	isLatest     = "latest"     // when something must have happened for what the scenario sets
)

// Moment is one line of a timeline.
type Moment struct {
	At      time.Time // UTC; zero: it cannot be said yet
	Kind    string    // one of the constants above
	What    string    // for people
	Clause  string
	Mark    string   // the mark that is reached, if one is
	Waits   string   // where At is zero: the event that it waits for
	Late    bool     // a deadline that the earliest road misses
	Because []string // the clauses that moved it: calendars, blackouts, the train
}

// Conflict is something that cannot be as the policy or the scenario says.
type Conflict struct {
	Clause string        // of the deadline, or of what forbids what was set
	What   string        // in one sentence
	Due    time.Time     // the deadline, or the instant that was set
	Can    time.Time     // the earliest instant at which it can be; zero: never
	By     time.Duration // how much is missing
	Road   []string      // the clauses on the way that take the time, in order
	Ways   []Way         // ways out
}

// Way is one way out of a conflict.
type Way struct {
	Name string // shorten, lengthen, exceed, early, later
	Says string
}

// Timeline is what a policy says about one scenario, in the order of time; what cannot be dated stands last.
type Timeline struct {
	Policy, Class, Track string
	Entries              []Moment
	Conflicts            []Conflict
}

// Simulate says when everything happens in a scenario, as early as the policy allows. The error names the field of the
// scenario that cannot be and says what is allowed.
func (p *Policy) Simulate(s Scenario) (*Timeline, error) {
	track := p.defaultTrack().Name
	if s.Track != "" {
		track = s.Track
	}
	t := &Timeline{Policy: p.Document.Policy, Class: s.Class, Track: track}
	t.Entries = append(t.Entries, Moment{At: s.At.UTC(), Kind: isArrival, What: "The report arrives", Mark: "received"})
	return t, nil
}

// Find is the first entry of a kind and a clause.
func (t *Timeline) Find(kind, clause string) (Moment, bool) {
	for _, e := range t.Entries {
		if e.Kind == kind && e.Clause == clause {
			return e, true
		}
	}
	return Moment{}, false
}

// SVG draws the timeline along an axis of time, with instants shown in a zone; nil is UTC.
func (t *Timeline) SVG(w io.Writer, zone *time.Location) error {
	_, err := io.WriteString(w, `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 1 1"></svg>`)
	return err
}
