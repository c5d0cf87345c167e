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
	From     string   `yaml:"from,omitempty" is:"day"`                           // 2026-11-26, or --12-20 of every year
	To       string   `yaml:"to,omitempty" is:"day"`                             // the last day; none: only the day from
	Days     []string `yaml:"days,omitempty" enum:"mon,tue,wed,thu,fri,sat,sun"` // weekdays on which nothing is published
	Calendar string   `yaml:"calendar,omitempty" is:"calendar"`                  // one whose days off they are
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
	free := func(d day) bool { clause, _ := t.forbids(d, ""); return clause == "" }
	if from, to, idle := longIdle(free); idle && len(faults) == 0 {
		wrong("", fmt.Errorf("nothing could be published from %s to %s", from, to))
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return &t, nil
}

// read reads the days of a blackout.
func (x *Blackout) read(calendars map[string]*WorkTime) (blackout, error) {
	b := blackout{clause: "schedule.blackouts." + x.Name, says: "nothing is published during " + cmp.Or(x.Title, x.Name)}
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
