package policy

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Calendar says which time counts as working time: the days and hours of a zone without its holidays.
type Calendar struct {
	Name     string   `yaml:"name" is:"name"`
	Title    string   `yaml:"title,omitempty"`
	Zone     string   `yaml:"zone,omitempty" is:"zone"`                          // IANA; none: UTC
	Days     []string `yaml:"days,omitempty" enum:"mon,tue,wed,thu,fri,sat,sun"` // working days; none: Monday to Friday
	Hours    string   `yaml:"hours,omitempty"`                                   // "09:00-17:00"; none: the whole day
	Holidays []string `yaml:"holidays,omitempty" is:"day"`                       // 2026-12-25, or --12-25 for every year
	File     string   `yaml:"file,omitempty"`                                    // an .ics beside the document, or one of those that are shipped: target2, us-federal
}

// fault is one thing that keeps a calendar or schedule from being used; the clause is what stands behind its own: ".zone".
type fault struct {
	clause, says string
	allowed      []string
}

// workTime makes a calendar ready, or says everything that is wrong with it.
func (c *Calendar) workTime(from Files) (*WorkTime, []fault) {
	w := ordinaryWeek
	w.holidays, w.yearly = map[day]string{}, map[yearDay]bool{}
	var faults []fault
	wrong := func(clause string, err error, allowed ...string) {
		faults = append(faults, fault{clause, err.Error(), allowed})
	}
	if c.Name == elapsed {
		wrong(".name", errors.New("elapsed is the calendar in which every minute counts; give this one another name"))
	}
	var err error
	if w.zone, err = zoneOf(c.Zone); err != nil {
		wrong(".zone", err)
	}
	if len(c.Days) > 0 {
		if w.week, err = parseWeek(c.Days); err != nil {
			wrong(".days", err, weekdays...)
		}
	}
	if c.Hours != "" {
		if w.open, w.close, err = parseHours(c.Hours); err != nil {
			wrong(".hours", err)
		}
	}
	for _, text := range c.Holidays {
		on, each, yearly, err := parseDay(text)
		switch {
		case err != nil:
			wrong(".holidays."+text, err)
		case yearly:
			w.yearly[each] = true
		default:
			w.holidays[on] = ""
		}
	}
	if c.File != "" {
		if err := w.readFile(c, from); err != nil {
			wrong(".file", err, ShippedCalendars()...)
		}
	}
	if from, to, idle := longIdle(w.works); idle && len(faults) == 0 {
		wrong("", fmt.Errorf("nobody works from %s to %s: a promise in working days would not end", from, to))
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return &w, nil
}

// readFile adds the holidays of a calendar's file.
func (w *WorkTime) readFile(c *Calendar, from Files) error {
	text, err := c.file(from)
	if err != nil {
		return err
	}
	entries, err := ReadICS(text, w.zone)
	if err == nil {
		err = w.takeOff(entries)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	return nil
}

// takeOff makes events into holidays: days, or times that begin and end at midnight in the calendar's zone.
func (w *WorkTime) takeOff(entries []Entry) error {
	for _, e := range entries {
		first, end, whole := dayIn(e.Start, time.UTC), dayIn(e.End, time.UTC), true
		if !e.Days {
			first, end = dayIn(e.Start, w.zone), dayIn(e.End, w.zone)
			whole = first < end && clockIn(e.Start, w.zone) == 0 && clockIn(e.End, w.zone) == 0
		}
		if !whole {
			return fmt.Errorf("line %d: %q takes a part of a day in %s; a holiday is whole days", e.line, e.Summary, w.zone)
		}
		for d := first; d < end; d++ {
			w.holidays[d] = e.Summary
		}
	}
	return nil
}

// calendarFiles are the calendars that are shipped. Where each comes from stands in its X-WR-CALDESC.
//
//go:embed calendars/*.ics
var calendarFiles embed.FS

// ShippedCalendars are the names under which "file" finds a calendar that is part of the program.
func ShippedCalendars() []string {
	files, err := calendarFiles.ReadDir("calendars")
	if err != nil {
		panic(err) // it is part of the program
	}
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), ".ics"))
	}
	return names
}

func shippedCalendar(name string) (text []byte, there bool) {
	if !slices.Contains(ShippedCalendars(), name) {
		return nil, false
	}
	text, err := calendarFiles.ReadFile("calendars/" + name + ".ics")
	return text, err == nil
}

func parseWeek(words []string) (week [7]bool, err error) {
	for _, word := range words {
		i := slices.Index(weekdays, word)
		if i < 0 {
			return week, fmt.Errorf("%q is no day of the week", word)
		}
		week[i] = true
	}
	return week, nil
}

// parseHours reads "09:00-17:00". A day of less than an hour is refused, as is one that goes on after midnight: its end would
// belong to another day, which may be a holiday.
func parseHours(text string) (open, close time.Duration, err error) {
	from, to, ok := strings.Cut(text, "-")
	if !ok {
		return 0, 24 * time.Hour, fmt.Errorf("%q are no hours: write them as 09:00-17:00", text)
	}
	if open, err = parseClock(from); err == nil {
		close, err = parseClock(to)
	}
	switch {
	case err != nil:
		return 0, 24 * time.Hour, err
	case close-open < time.Hour:
		return 0, 24 * time.Hour, fmt.Errorf("the hours %s are less than one: they begin and end on the same day, like 09:00-17:00", text)
	}
	return open, close, nil
}

// longIdle finds more than a year of days without one that will do. It looks from the end of each year back to the last one
// that will, so it sees few days of a calendar that has many.
func longIdle(will func(day) bool) (from, to day, idle bool) {
	for from, idle = firstDay, false; !idle && from+366 <= lastDay; {
		to, idle = from+366, true
		for d := to; d >= from; d-- {
			if will(d) {
				from, idle = d+1, false
				break
			}
		}
	}
	return from, to, idle
}
