package policy

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Schedule says when a project publishes. What it leaves out is not restricted. A release of its train that falls on a day on
// which nothing is published leaves on the next day that will do.
type Schedule struct {
	Zone      string     `yaml:"zone,omitempty" is:"zone"`                          // IANA; none: UTC
	At        string     `yaml:"at,omitempty"`                                      // time of day: "16:00"
	Days      []string   `yaml:"days,omitempty" enum:"mon,tue,wed,thu,fri,sat,sun"` // on which it publishes
	Train     *Train     `yaml:"train,omitempty"`                                   // it publishes with its regular releases
	Blackouts []Blackout `yaml:"blackouts,omitempty"`                               // when it does not
}

// Blackout is a time in which a project publishes nothing: from a day to a day, some days of the week, or the days on which a
// calendar does not work. A day is one of the schedule's zone.
type Blackout struct {
	Name     string   `yaml:"name" is:"name"`
	Title    string   `yaml:"title,omitempty"`
	From     string   `yaml:"from,omitempty" is:"day"` // 2026-11-26, or --12-20 of every year
	To       string   `yaml:"to,omitempty" is:"day"`   // the last day; none: only the day from
	Days     []string `yaml:"days,omitempty" enum:"mon,tue,wed,thu,fri,sat,sun"`
	Calendar string   `yaml:"calendar,omitempty" is:"calendar"`
}

// Shift is one clause of the schedule that moved a publication, and where to. The next shift begins there.
type Shift struct {
	Clause string // "schedule.blackouts.winter"
	Says   string // "nothing is published during the winter holidays"
	To     time.Time
}

// Timetable is a schedule that is ready to be asked. Nil is none: every instant will do.
type Timetable struct {
	zone      *time.Location
	clock     time.Duration // of the time of day; anytime if there is none
	at        string        // the time of day in words
	week      [7]bool       // by time.Weekday
	weekSays  string
	train     *departures // nil: it publishes on every day that nothing forbids
	blackouts []blackout
}

const anytime = -1

// Next is the first instant, at or after the one given, at which the project publishes, with the clauses that moved it there
// in their order. A time of day that the clocks skip in spring is as much later as they skip; of one that they show twice in
// autumn it is the first.
func (t *Timetable) Next(from time.Time) (time.Time, []Shift) {
	if t == nil {
		return from.UTC(), nil
	}
	today := dayIn(from, t.zone)
	if t.train == nil {
		return t.nextDay(from, today)
	}
	for leaves := t.train.upTo(today); ; leaves = t.train.after(leaves) { // what left before today may have been put off to it
		on, shifts := t.putOff(leaves)
		at := t.instant(on, from)
		if at.Before(from) {
			continue
		}
		if leaves != today {
			shifts = append([]Shift{{"schedule.train", t.train.says, t.instant(leaves, from)}}, shifts...)
		} else if len(shifts) == 0 && !at.Equal(from) {
			shifts = []Shift{{"schedule.at", t.at, at}}
		}
		return at, shifts
	}
}

func (t *Timetable) nextDay(from time.Time, today day) (time.Time, []Shift) {
	var early []Shift
	if t.clock != anytime {
		if today.at(t.clock, t.zone).Before(from) {
			today++
		}
		if at := today.at(t.clock, t.zone); !at.Equal(from) {
			early = []Shift{{"schedule.at", t.at, at.UTC()}}
		}
	}
	on, shifts := t.putOff(today)
	return t.instant(on, from), append(early, shifts...)
}

// putOff is the first day, from the one given on, on which nothing forbids to publish.
func (t *Timetable) putOff(on day) (day, []Shift) {
	return t.move(on, +1, func(d day) time.Time { return d.at(max(t.clock, 0), t.zone) })
}

// move goes from day to day until nothing forbids to publish.
func (t *Timetable) move(on, step day, instant func(day) time.Time) (day, []Shift) {
	var shifts []Shift
	clause := ""
	for range farthest { // timetable refuses a schedule that could come near it
		now, says := t.forbids(on, clause)
		if now == "" {
			break
		}
		on += step
		to := instant(on).UTC()
		if now == clause {
			shifts[len(shifts)-1].To = to
		} else {
			shifts = append(shifts, Shift{now, says, to})
		}
		clause = now
	}
	return on, shifts
}

// instant is when on a day it publishes, for somebody who asks at an instant: then, if the day is that one's and there is no
// time of day.
func (t *Timetable) instant(on day, asked time.Time) time.Time {
	switch {
	case t.clock != anytime:
		return on.at(t.clock, t.zone).UTC()
	case on == dayIn(asked, t.zone):
		return asked.UTC()
	}
	return on.at(0, t.zone).UTC()
}

// Prev is the last instant, at or before the one given, at which the project publishes, with the clauses that moved it. Where
// there is no time of day it is the last minute of the day.
func (t *Timetable) Prev(from time.Time) (time.Time, []Shift) {
	if t == nil {
		return from.UTC(), nil
	}
	today := dayIn(from, t.zone)
	instant := func(d day) time.Time {
		if t.clock == anytime && d < today {
			return d.at(24*time.Hour-time.Minute, t.zone).UTC()
		}
		return t.instant(d, from)
	}
	if t.train != nil {
		for leaves := t.train.upTo(today); ; leaves = t.train.upTo(leaves - 1) {
			on, shifts := t.putOff(leaves)
			if at := instant(on); !at.After(from) {
				if leaves != today {
					shifts = append([]Shift{{"schedule.train", t.train.says, instant(leaves)}}, shifts...)
				} else if len(shifts) == 0 && !at.Equal(from) {
					shifts = []Shift{{"schedule.at", t.at, at}}
				}
				return at, shifts
			}
		}
	}
	var early []Shift
	on := today
	if t.clock != anytime {
		if on.at(t.clock, t.zone).After(from) {
			on--
		}
		if at := instant(on); !at.Equal(from) {
			early = []Shift{{"schedule.at", t.at, at}}
		}
	}
	on, shifts := t.move(on, -1, instant)
	return instant(on), append(early, shifts...)
}

// Blocks says which clause forbids to publish on the day of an instant, in which words, and when that day is over; the clause
// is empty if none does. Neither the train nor the time of day forbids anything: they say when it is done, not when it may be.
func (t *Timetable) Blocks(at time.Time) (clause, says string, until time.Time) {
	if t == nil {
		return "", "", time.Time{}
	}
	today := dayIn(at, t.zone)
	if clause, says = t.forbids(today, ""); clause == "" {
		return "", "", time.Time{}
	}
	on, _ := t.putOff(today)
	return clause, says, on.at(0, t.zone).UTC()
}

// forbids is the clause by which nothing is published on a day, if there is one: the clause before, while it still does.
func (t *Timetable) forbids(on day, before string) (clause, says string) {
	if !t.week[on.weekday()] {
		clause, says = "schedule.days", t.weekSays
	}
	for i := range t.blackouts {
		if clause != "" && clause == before {
			break
		}
		b := &t.blackouts[i]
		if own := "schedule.blackouts." + b.name; b.holds(on) && (clause == "" || own == before) {
			clause, says = own, "nothing is published during "+b.title
		}
	}
	return clause, says
}

// blackout is a Blackout with its days read; exactly one of the four is set.
type blackout struct {
	name, title string

	from, to    day
	first, last yearDay
	week        [7]bool
	calendar    *WorkTime
}

func (b *blackout) holds(on day) bool {
	switch {
	case b.calendar != nil:
		return !b.calendar.works(on)
	case b.first != yearDay{}:
		now := on.ofYear()
		if b.last.before(b.first) { // over the end of the year
			return !now.before(b.first) || !b.last.before(now)
		}
		return !now.before(b.first) && !b.last.before(now)
	case b.to != 0:
		return b.from <= on && on <= b.to
	}
	return b.week[on.weekday()]
}

func (a yearDay) before(b yearDay) bool {
	return a.month < b.month || a.month == b.month && a.of < b.of
}

// timetable makes a schedule ready, or says everything that is wrong with it. The calendars are the document's, by name.
func (s *Schedule) timetable(calendars map[string]*WorkTime) (*Timetable, []fault) {
	t := Timetable{clock: anytime, week: [7]bool{true, true, true, true, true, true, true}}
	var faults []fault
	wrong := func(clause string, err error, allowed ...string) {
		faults = append(faults, fault{clause, err.Error(), allowed})
	}
	var err error
	if t.zone, err = zoneOf(s.Zone); err != nil {
		wrong(".zone", err)
	}
	if s.At != "" {
		if t.clock, err = parseClock(s.At); err == nil && t.clock == 24*time.Hour {
			err = errors.New("24:00 is a time of the next day: write 00:00")
		}
		if err != nil {
			wrong(".at", err)
		}
		t.at = "it publishes at " + s.At + " " + t.zone.String()
	}
	if len(s.Days) > 0 {
		if t.week, err = parseWeek(s.Days); err != nil {
			wrong(".days", err, weekdays...)
		}
		t.weekSays = "it publishes on " + strings.Join(s.Days, ", ") + " only"
	}
	if s.Train != nil {
		var more []fault
		t.train, more = s.Train.departures()
		faults = append(faults, more...)
	}
	for _, b := range s.Blackouts {
		read, err := b.read(calendars)
		if err != nil {
			wrong(".blackouts."+b.Name, err)
		}
		t.blackouts = append(t.blackouts, read)
	}
	if s.At == "" && len(s.Days) == 0 && s.Train == nil && len(s.Blackouts) == 0 {
		wrong("", errors.New("the schedule says nothing"), "at", "days", "train", "blackouts")
	}
	if from, to, idle := t.idle(); idle && len(faults) == 0 {
		wrong("", fmt.Errorf("nothing could be published from %s to %s", from, to))
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return &t, nil
}

// read reads the days of a blackout.
func (x *Blackout) read(calendars map[string]*WorkTime) (blackout, error) {
	b := blackout{name: x.Name, title: x.Title}
	if b.title == "" {
		b.title = x.Name
	}
	if set := countTrue(x.From != "", len(x.Days) > 0, x.Calendar != ""); set != 1 {
		return b, errors.New("a blackout begins on a day, or is some days of the week, or the days off of a calendar: write one of from, days and calendar")
	}
	var err error
	switch {
	case x.Calendar == elapsed:
		return b, errors.New("in the calendar elapsed every day counts, so it leaves out none")
	case x.To != "" && x.From == "":
		return b, errors.New("what ends on a day begins on one: write from")
	case x.Calendar != "":
		b.calendar = calendars[x.Calendar]
	case len(x.Days) > 0:
		b.week, err = parseWeek(x.Days)
	default:
		err = b.readSpan(x.From, cmp.Or(x.To, x.From))
	}
	return b, err
}

// readSpan reads the first and the last day, both with their year or both of every year.
func (b *blackout) readSpan(from, to string) error {
	first, eachFirst, yearly, err := parseDay(from)
	if err != nil {
		return err
	}
	end, eachEnd, yearlyToo, err := parseDay(to)
	switch {
	case err != nil:
		return err
	case yearly != yearlyToo:
		return fmt.Errorf("%s and %s: both have their year or both are days of every year", from, to)
	case yearly:
		b.first, b.last = eachFirst, eachEnd
	case end < first:
		return fmt.Errorf("it ends on %s, before it begins on %s", to, from)
	default:
		b.from, b.to = first, end
	}
	return nil
}

func countTrue(claims ...bool) int {
	n := 0
	for _, is := range claims {
		if is {
			n++
		}
	}
	return n
}

// idle finds a year in which nothing can be published.
func (t *Timetable) idle() (from, to day, idle bool) {
	if len(t.blackouts) == 0 { // some day of the week remains
		return 0, 0, false
	}
	return longIdle(func(d day) bool { clause, _ := t.forbids(d, ""); return clause == "" })
}
