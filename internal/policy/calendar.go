package policy

import (
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

// workTime makes a calendar ready, or says everything that is wrong with it. The files are those beside the document.
func (c *Calendar) workTime(files map[string][]byte) (*WorkTime, []fault) {
	w := ordinaryWeek
	w.holidays, w.yearly = map[day]string{}, map[yearDay]bool{}
	var faults []fault
	wrong := func(clause string, err error, allowed ...string) {
		faults = append(faults, fault{clause, err.Error(), allowed})
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
		if err := w.readFile(c.File, files); err != nil {
			wrong(".file", err, shippedCalendars()...)
		}
	}
	if from, to, idle := w.idle(); idle {
		wrong("", fmt.Errorf("nobody works from %s to %s: a promise in working days would not end", from, to))
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return &w, nil
}

// readFile adds the holidays of a shipped calendar, or of a file beside the document.
func (c *WorkTime) readFile(name string, files map[string][]byte) error {
	text, there := files[name]
	if !there {
		if text, there = shippedCalendar(name); !there {
			return fmt.Errorf("there is no calendar %q beside the document, and none is shipped under that name", name)
		}
	}
	entries, err := ReadICS(text, c.zone)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return c.takeOff(name, entries)
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

// idle finds a year in which nobody works. Only so many holidays can make one.
func (c *WorkTime) idle() (from, to day, idle bool) {
	if slices.Contains(c.week[:], true) && len(c.holidays)+len(c.yearly) < 52 {
		return 0, 0, false
	}
	return longIdle(c.works)
}

// longIdle finds more than a year of days without one that will do.
func longIdle(will func(day) bool) (from, to day, idle bool) {
	from = firstDay
	for d := firstDay; d <= lastDay; d++ {
		if will(d) {
			from = d + 1
		} else if d-from >= 366 {
			return from, d, true
		}
	}
	return 0, 0, false
}
