package policy

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Train is a series of regular releases that fixes leave with.
type Train struct {
	Every string   `yaml:"every"`                                                               // week, 4w, month, quarter, year
	On    string   `yaml:"on,omitempty"`                                                        // "tuesday", "second tuesday", "last thursday", "day 15", "last day"
	In    []string `yaml:"in,omitempty" enum:"jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec"` // the months; none: each, the first of a quarter, January
	From  string   `yaml:"from,omitempty" is:"day"`                                             // a day on which one left, where they leave every so many weeks
}

// departures are the days on which a train leaves.
type departures struct {
	weeks int // so many after another, counted from a day; 0: by months
	from  day

	months  [13]bool // by time.Month
	nth     int      // of the weekday: 1 to 4, or lastOf
	weekday time.Weekday
	of      int // of the month, where there is no nth: 1 to 28, or lastOf

	says string
}

const lastOf = -1

var (
	monthWords = []string{"", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
	ordinals   = []string{"", "first", "second", "third", "fourth"}
	fullDays   = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
	everyWords = []string{"week", "2w", "4w", "month", "quarter", "year"}
)

// departures reads when a train leaves, or says everything that is wrong with it.
func (x *Train) departures() (*departures, []fault) {
	d := departures{says: "releases leave every " + x.Every}
	var faults []fault
	wrong := func(clause, says string, allowed ...string) {
		faults = append(faults, fault{".train" + clause, says, allowed})
	}
	weeks, counted := strings.CutSuffix(x.Every, "w")
	switch n, err := strconv.Atoi(weeks); {
	case x.Every == "week":
		d.weeks = 1
	case counted && err == nil && n > 0 && n <= 52:
		d.weeks = n
		d.says = fmt.Sprintf("releases leave every %d weeks", n)
	case !slices.Contains(everyWords, x.Every):
		wrong(".every", fmt.Sprintf("%q is not how often a train leaves", x.Every), everyWords...)
		return nil, faults
	}
	if d.weeks > 0 {
		d.byWeeks(x, wrong)
	} else {
		d.byMonths(x, wrong)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return &d, nil
}

// byWeeks reads a train that leaves every so many weeks: on a weekday, or counted from a day on which one left.
func (d *departures) byWeeks(x *Train, wrong func(clause, says string, allowed ...string)) {
	on := slices.Index(fullDays, x.On)
	if len(x.In) > 0 {
		wrong(".in", "a train that leaves every so many weeks has no months")
	}
	if x.On != "" && on < 0 {
		wrong(".on", fmt.Sprintf("%q is no day of the week", x.On), fullDays...)
	}
	switch {
	case x.From == "" && d.weeks > 1:
		wrong("", "which week it leaves in cannot be known: write from, a day on which one left")
	case x.From == "" && x.On == "":
		wrong("", "which day it leaves on is not said: write on", fullDays...)
	case x.From == "":
		d.from = day((on - int(day(0).weekday()) + 7) % 7)
		d.says += " on " + capital(x.On)
	default:
		from, _, yearly, err := parseDay(x.From)
		switch {
		case err != nil:
			wrong(".from", err.Error())
		case yearly:
			wrong(".from", "a day of every year is not a day on which one left: write it with its year")
		case on >= 0 && on != int(from.weekday()):
			wrong(".from", fmt.Sprintf("%s is a %s, and the train leaves on %s", x.From, from.weekday(), capital(x.On)))
		}
		d.from = from
		d.says += fmt.Sprintf(" on %s, counted from %s", from.weekday(), x.From)
	}
}

// byMonths reads a train that leaves on a day of some months.
func (d *departures) byMonths(x *Train, wrong func(clause, says string, allowed ...string)) {
	if err := d.readOn(x.On); err != nil {
		wrong(".on", err.Error(), "second tuesday", "last thursday", "day 15", "last day")
	}
	if x.From != "" {
		wrong(".from", "only a train that leaves every so many weeks is counted from a day")
	}
	in := x.In
	switch {
	case x.Every == "month" && len(in) > 0:
		wrong(".in", "a train that leaves every month leaves in all of them; with fewer it is every: year")
	case x.Every == "month":
		in = monthWords[1:]
	case x.Every == "quarter" && len(in) == 0:
		in = []string{"jan", "apr", "jul", "oct"}
	case x.Every == "quarter" && len(in) != 4:
		wrong(".in", fmt.Sprintf("a train that leaves every quarter leaves in 4 months, not in %d", len(in)))
	case x.Every == "year" && len(in) == 0:
		in = []string{"jan"}
	}
	for _, word := range in {
		i := slices.Index(monthWords, word)
		if i < 1 {
			wrong(".in", fmt.Sprintf("%q is no month", word), monthWords[1:]...)
			continue
		}
		d.months[i] = true
	}
	if x.Every != "month" {
		d.says += " in " + strings.Join(in, ", ")
	}
}

// readOn reads the day of a month: "second tuesday", "last thursday", "day 15", "last day".
func (d *departures) readOn(on string) error {
	which, what, _ := strings.Cut(on, " ")
	nth := slices.Index(ordinals, which)
	if which == "last" {
		nth = lastOf
	}
	of, err := strconv.Atoi(what)
	switch weekday := slices.Index(fullDays, what); {
	case on == "":
		return errors.New("which day it leaves on is not said")
	case on == "last day":
		d.of = lastOf
		d.says += " on the last day"
	case weekday >= 0 && (nth > 0 || which == "last"):
		d.nth, d.weekday = nth, time.Weekday(weekday)
		d.says += " on the " + which + " " + capital(what)
	case which == "day" && err == nil && of >= 1 && of <= 28:
		d.of = of
		d.says += " on " + on
	default:
		return fmt.Errorf("%q is no day that every month has", on)
	}
	return nil
}

func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// upTo is the last departure on the day or before it.
func (d *departures) upTo(on day) day {
	if d.weeks > 0 {
		period := day(7 * d.weeks)
		return on - ((on-d.from)%period+period)%period
	}
	year, month, _ := on.date()
	for {
		if leaves := d.in(year, month); d.months[month] && leaves <= on {
			return leaves
		}
		if month--; month < time.January {
			year, month = year-1, time.December
		}
	}
}

// after is the first departure after the day.
func (d *departures) after(on day) day {
	if d.weeks > 0 {
		return d.upTo(on) + day(7*d.weeks)
	}
	year, month, _ := on.date()
	for {
		if leaves := d.in(year, month); d.months[month] && leaves > on {
			return leaves
		}
		if month++; month > time.December {
			year, month = year+1, time.January
		}
	}
}

// in is the day of a month on which the train leaves, if it leaves in that month.
func (d *departures) in(year int, month time.Month) day {
	end := dayOn(year, month+1, 1) - 1
	switch {
	case d.nth == lastOf:
		return end - (day(end.weekday()-d.weekday)+7)%7
	case d.nth > 0:
		return nthWeekday(dayOn(year, month, 1), d.weekday, d.nth)
	case d.of == lastOf:
		return end
	}
	return dayOn(year, month, d.of)
}

// nthWeekday is the nth such weekday, counted from a day on.
func nthWeekday(from day, weekday time.Weekday, n int) day {
	return from + (day(weekday-from.weekday())+7)%7 + day(7*(n-1))
}
