package policy

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
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

// What a line of a timeline is, and the clause that it names.
const (
	isArrival    = "arrival"    // the report comes
	isSet        = "set"        // what the scenario says itself, except where one of the next five says it
	isStep       = "step"       // a step is taken: stages.NAME, else steps.NAME; after the close retention.NAME, disclosure.reports
	isNotice     = "notice"     // a notice reached everybody whom it is for: notices.NAME
	isRelease    = "release"    // the fix comes out: steps.release
	isDisclosure = "disclosure" // the advisory is published: steps.disclose
	isDetails    = "details"    // the post with the details: disclosure.details
	isWait       = "wait"       // a minimum wait is over: the requirement, or clocks.NAME.at_least
	isLatest     = "latest"     // when something must have happened for what the scenario sets: notices.NAME, stages.NAME
	isTarget     = "target"     // what a clock aims at: clocks.NAME
	isDeadline   = "deadline"   // what a clock promises: clocks.NAME, bounty.within, or a wait's tolerance
	isReminder   = "reminder"   // the team is reminded: clocks.NAME
	isWarning    = "warning"    // the team is warned of a deadline: clocks.NAME
	isEscalation = "escalation" // others hear that it is still open: clocks.NAME
	isEmbargo    = "embargo"    // an embargo, or the request for silence, ends: embargo.offer, embargo.longest, silence
	isRecurring  = "recurring"  // what the project does again and again, after the publication: recurring.NAME
)

// Moment is one line of a timeline.
type Moment struct {
	At        time.Time // UTC; zero: it cannot be said yet
	Kind      string    // one of the constants above
	What      string    // for people
	Clause    string
	Mark      string   // the mark that is reached, if one is
	Waits     string   // where At is zero: the event that it waits for
	Late      bool     // a deadline that the earliest road misses
	Because   []string // the clauses that moved it: calendars, blackouts, the train
	Checklist []string // what the policy wants one to think of

	rank  int   // among what happens at one instant
	phase phase // of the process
}

// Timeline is what a policy says about one scenario, in the order of time; what cannot be dated stands last.
type Timeline struct {
	Policy, Class, Track string

	Title     string         // of the project
	At        time.Time      // the report arrives
	Zone      *time.Location // that people are shown beside UTC; nil: none
	Entries   []Moment
	Conflicts []Conflict
}

// Simulate says when everything happens in a scenario, as early as the policy allows. The error names the field of the
// scenario that cannot be and says what is allowed.
func (p *Policy) Simulate(s Scenario) (*Timeline, error) {
	c, err := p.course(s)
	if err != nil {
		return nil, err
	}
	c.run()
	c.holdBackNotices()
	t := &Timeline{Policy: p.Document.Policy, Class: c.class, Track: c.track.Name, Title: p.Document.Title, At: c.start}
	if zone, err := zoneOf(p.Document.Zone); err == nil && zone != time.UTC {
		t.Zone = zone
	}
	t.Entries = slices.Concat(c.begins(), c.happens(), c.waited(), c.latest(), c.promised(), c.afterwards())
	slices.SortStableFunc(t.Entries, inOrder)
	t.Conflicts = c.conflicts()
	return t, nil
}

// Find is the first line of a kind and a clause.
func (t *Timeline) Find(kind, clause string) (Moment, bool) {
	for _, m := range t.Entries {
		if m.Kind == kind && m.Clause == clause {
			return m, true
		}
	}
	return Moment{}, false
}

// inOrder puts what cannot be dated last, and at one instant what people do before what is due then.
func inOrder(a, b Moment) int {
	if a.At.IsZero() != b.At.IsZero() {
		return zeroLast(a) - zeroLast(b)
	}
	return cmp.Or(a.At.Compare(b.At), a.rank-b.rank)
}

func zeroLast(m Moment) int {
	if m.At.IsZero() {
		return 1
	}
	return 0
}

// The ranks of lines that are no step; a step's own rank lies between that of what begins and that of what is due.
const (
	earlyRank = -1
	dueRank   = 1 << 20
)

// course is a scenario on its way through a policy.
type course struct {
	*Policy
	start  time.Time
	track  Track
	kind   Kind
	class  string
	stated string // the class before a floor raised it, if one did
	facts  facts
	lifts  []string // clauses that contingencies lift
	joint  bool     // release and disclosure are one step

	marks []*milepost // in the order of the process
	named map[string]*milepost
	set   map[string]time.Time // by the scenario; of a step that is another one too, both
	said  map[string]time.Time // as the scenario says it

	apart map[string]string // audiences that hear of it for longer than they may, by their notice
}

// course checks a scenario.
func (p *Policy) course(s Scenario) (*course, error) {
	if p.Overlay() {
		return nil, cvd.Errorf(cvd.Invalid, "%s is an overlay: it has a course only when it lies over a policy", p.Document.Overlay)
	}
	c := &course{Policy: p, start: s.At.UTC(), set: maps.Clone(s.Set), said: s.Set, apart: map[string]string{}}
	if err := datable("at", s.At); err != nil {
		return nil, err
	}
	var err error
	if c.kind, err = p.Kind(s.Kind); err != nil {
		return nil, err
	}
	if c.kind.Goes != "case" {
		return nil, cvd.Fieldf("/kind", "a report of the kind %q opens no case here: it goes to a %s", c.kind.Name, c.kind.Goes)
	}
	if c.class, err = p.statedClass(s); err != nil {
		return nil, err
	}
	if err := c.decide(s); err != nil {
		return nil, err
	}
	if err := c.checkSet(); err != nil {
		return nil, err
	}
	for a, b := range map[string]string{cvd.MarkReleased: "disclosed", "disclosed": cvd.MarkReleased} {
		if at, is := s.Set[a]; is && c.joint && !c.isSet(b) {
			c.set[b] = at
		}
	}
	c.lay()
	return c, nil
}

// statedClass is the severity of a scenario: the one that it names, or that of its category.
func (p *Policy) statedClass(s Scenario) (string, error) {
	allowed := strings.Join(p.classNames(), ", ")
	switch class := cmp.Or(s.Class, p.classOfCategory(s.Category)); {
	case p.Document.Severity.Scheme == "none" && s.Class != "":
		return "", cvd.Fieldf("/severity", "this policy does not class severities; leave it out")
	case s.Category != "" && !slices.Contains(p.categoryNames(), s.Category):
		return "", cvd.Fieldf("/category", "there is no category %.40q here; choose one of %s", s.Category, strings.Join(p.categoryNames(), ", "))
	case p.Document.Severity.Scheme == "none":
		return "", nil
	case class == "":
		return "", cvd.Fieldf("/severity", "say the severity that triage finds: one of %s", allowed)
	case !slices.Contains(p.classNames(), class):
		return "", cvd.Fieldf("/severity", "there is no severity %.40q here; choose one of %s", class, allowed)
	default:
		return class, nil
	}
}

// scenarioFacts are what a scenario may say of the world.
var scenarioFacts = []string{"attacks", "exploit_public", "public", "sensitive"}

// decide works out what triage would: the facts, the class with its floors, the track.
func (c *course) decide(s Scenario) error {
	for name := range s.Facts {
		if !slices.Contains(scenarioFacts, name) {
			return cvd.Fieldf("/fact", "there is no fact %.40q; choose one of %s", name, strings.Join(scenarioFacts, ", "))
		}
	}
	begins := c.Begin(c.kind, "")
	if s.Track != "" {
		stated, ok := c.TrackOf(s.Track)
		if !ok {
			return cvd.Fieldf("/track", "there is no track %.40q here; choose one of %s", s.Track, strings.Join(c.trackNames(), ", "))
		}
		begins = stated
	}
	sensitive, said := s.Facts["sensitive"]
	if !said {
		sensitive = !begins.Public
	}
	c.facts = facts{Category: s.Category, Sensitive: sensitive, Decided: true, Track: begins.Name, Kind: c.kind.Name, Reports: 1,
		Public: s.Facts["public"] || s.Facts["exploit_public"], ExploitPublic: s.Facts["exploit_public"], Attacks: s.Facts["attacks"],
		Marked: func(string) bool { return false }}
	c.facts.Emergency = c.facts.Public || c.facts.Attacks
	c.grade(c.class)
	for _, f := range c.Document.Severity.Floors {
		if c.holds(f.When, &c.facts, false) && c.class != f.Class && c.atLeast(f.Class, c.class) {
			c.stated = cmp.Or(c.stated, c.class)
			c.grade(f.Class)
		}
	}
	c.track = begins
	if s.Track == "" {
		c.track = c.chosen()
	}
	c.facts.Track = c.track.Name
	d := c.Document.Disclosure
	c.joint = d.With == "release" && concerns(d.Tracks, c.track.Name)
	for _, x := range c.Document.Contingencies {
		if x.When != "" && c.holds(x.When, &c.facts, false) {
			c.lifts = append(c.lifts, x.Lifts...)
		}
	}
	return nil
}

// grade takes a class. Where scores make it, the score is the least of its band.
func (c *course) grade(class string) {
	c.class, c.facts.Class = class, class
	c.facts.AtLeast = func(other string) bool { return c.atLeast(class, other) }
	if k, _ := c.Class(class); k.From != nil {
		c.facts.Score, c.facts.Scored = *k.From, true
	}
}

// chosen is the track that triage would choose.
func (c *course) chosen() Track {
	for _, t := range c.Document.Tracks {
		if c.holds(t.When, &c.facts, false) {
			return t
		}
	}
	return c.defaultTrack()
}

// checkSet wants of each instant that is set that it is one of this case.
func (c *course) checkSet() error {
	var may []string
	for _, mark := range marks(&c.Document) {
		if mark != "received" {
			may = append(may, mark)
		}
	}
	for mark, at := range c.set {
		switch {
		case mark == "received":
			return cvd.Fieldf("/set", "the report is received when it arrives: say that as the instant of the scenario")
		case !slices.Contains(may, mark):
			return cvd.Fieldf("/set", "nothing reaches a mark %.40q here; choose one of %s", mark, strings.Join(may, ", "))
		case at.Before(c.start) && !slices.Contains(c.Events(), mark):
			return cvd.Fieldf("/set", "%s is set for %s, before the report arrives", mark, cvd.Instant(at))
		}
		if err := datable("set", at); err != nil {
			return err
		}
	}
	return nil
}

// datable wants an instant that calendars know.
func datable(field string, at time.Time) error {
	if on := dayIn(at, time.UTC); at.Year() > 9999 || on < firstDay || on > lastDay {
		return cvd.Fieldf("/"+field, "the instant must lie between %s and %s", firstDay, lastDay)
	}
	return nil
}

// ReadInstant reads an instant that says its zone: 2026-12-21T09:00Z, or 2026-12-21T10:00:30+01:00.
func ReadInstant(text string) (time.Time, error) {
	for _, form := range []string{"2006-01-02T15:04Z07:00", time.RFC3339} {
		if at, err := time.Parse(form, text); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, cvd.Fieldf("/at", "%.40q is no instant: write day, time and zone as 2026-12-21T09:00Z or 2026-12-21T10:00+01:00", text)
}
