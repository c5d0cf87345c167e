package policy

import (
	"fmt"
	"time"
)

// day is a day of the calendar, counted from 1970-01-01. It has no zone: when it begins depends on whose day it is.
type day int

// The days that rules are followed over. Nobody's holidays are known for longer, and a promise lasts ten years at most.
var (
	firstDay = dayOn(1990, time.January, 1)
	lastDay  = dayOn(2100, time.December, 31)
)

const secondsOfDay = 24 * 60 * 60

func dayOn(year int, month time.Month, of int) day {
	return day(time.Date(year, month, of, 0, 0, 0, 0, time.UTC).Unix() / secondsOfDay)
}

// dayIn is the day that an instant belongs to in a zone.
func dayIn(t time.Time, zone *time.Location) day { return dayOn(t.In(zone).Date()) }

// clockIn is what a clock on the wall shows at an instant, counted from midnight.
func clockIn(t time.Time, zone *time.Location) time.Duration {
	t = t.In(zone)
	hour, minute, second := t.Clock()
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second + time.Duration(t.Nanosecond())
}

// wall is the midnight of the day as if it were one of UTC.
func (d day) wall() time.Time { return time.Unix(int64(d)*secondsOfDay, 0).UTC() }

func (d day) date() (year int, month time.Month, of int) { return d.wall().Date() }

// weekday is reckoned, because years are searched for one: 1970-01-01 was a Thursday.
func (d day) weekday() time.Weekday { return time.Weekday(((d+4)%7 + 7) % 7) }

func (d day) String() string { return d.wall().Format(time.DateOnly) }

// at is the instant at which the clocks of a zone show a time on that day; 24h is the midnight that ends it. A time that they
// skip in spring is as much later as they skip, and of one that they show twice in autumn it is the first. (time.Date
// promises neither, and does otherwise on one side of the Atlantic.)
func (d day) at(clock time.Duration, zone *time.Location) time.Time {
	wall := d.wall().Add(clock)
	by := func(near time.Time) time.Time {
		_, offset := near.In(zone).Zone()
		return wall.Add(-time.Duration(offset) * time.Second)
	}
	shows := func(t time.Time) bool { return dayIn(t, zone).wall().Add(clockIn(t, zone)).Equal(wall) }
	before, after := by(wall.Add(-24*time.Hour)), by(wall.Add(24*time.Hour))
	if !shows(before) && shows(after) {
		return after
	}
	return before
}

// yearDay is a day of every year.
type yearDay struct {
	month time.Month
	of    int
}

func (d day) ofYear() yearDay {
	_, month, of := d.date()
	return yearDay{month, of}
}

// parseDay reads 2026-12-25, or --12-25 for a day of every year; then yearly is true.
func parseDay(text string) (on day, each yearDay, yearly bool, err error) {
	if t, err := time.Parse("--01-02 2006", text+" 2000"); err == nil { // a leap year, so that --02-29 is a day
		return 0, yearDay{t.Month(), t.Day()}, true, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, yearDay{}, false, fmt.Errorf("%q is no day: write it as 2026-12-24, or as --12-24 for every year", text)
	}
	on = dayOn(t.Date())
	if on < firstDay || on > lastDay {
		return 0, yearDay{}, false, fmt.Errorf("%s is not between 1990 and 2100", on)
	}
	return on, on.ofYear(), false, nil
}

// parseClock reads a time of day, 16:00; 24:00 is midnight at its end.
func parseClock(text string) (time.Duration, error) {
	if text == "24:00" {
		return 24 * time.Hour, nil
	}
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, fmt.Errorf("%q is no time of day: write it as 09:00", text)
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}

// weekdays are the words for days of the week, from Sunday as package time counts them.
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// zoneOf finds a zone by its IANA name; none is UTC.
func zoneOf(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" { // the zone of the machine is no zone of a project
		return time.UTC, fmt.Errorf("there is no time zone %q; they are called like Europe/Berlin or UTC", name)
	}
	return zone, nil
}
