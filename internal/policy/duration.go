package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Duration is a length of time as a policy writes it: 24h, 7d, 2w, 1mo, 3wd, or several in a row (1w12h). A day is 24 hours
// and a month the calendar's, whoever sleeps meanwhile; only working days (wd) and working hours (wh) leave out the nights
// and holidays of a Calendar.
type Duration struct {
	Months       int
	Exact        time.Duration
	WorkingDays  int
	WorkingHours int
}

// longest is more than any promise lasts, and little enough that sums of several stay exact.
const (
	longest       = 10 * 366 * 24 * time.Hour
	longestMonths = 120
)

// What the units count for when durations are compared: five working days are a week, and eight hours make one.
const (
	approxMonth       = 30 * 24 * time.Hour
	approxWorkingDay  = 7 * 24 * time.Hour / 5
	approxWorkingHour = approxWorkingDay / 8
)

// ParseDuration reads a duration; the error says what is allowed.
func ParseDuration(text string) (Duration, error) {
	var d Duration
	rest := strings.TrimSpace(text)
	if rest == "" {
		return d, fmt.Errorf("a duration is a number and a unit (" + unitList + "), for example 24h, 7d or 3wd")
	}
	for rest != "" {
		n := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		if n <= 0 || n > 4 {
			return Duration{}, fmt.Errorf("%q is no duration: write a number and a unit (%s), for example 24h, 7d or 3wd", text, unitList)
		}
		count, err := strconv.Atoi(rest[:n])
		if err != nil {
			return Duration{}, fmt.Errorf("%q is no duration: %w", text, err)
		}
		rest = rest[n:]
		unit, after := cutUnit(rest)
		switch unit {
		case "mo":
			d.Months += count
		case "w":
			d.Exact += time.Duration(count) * 7 * 24 * time.Hour
		case "d":
			d.Exact += time.Duration(count) * 24 * time.Hour
		case "h":
			d.Exact += time.Duration(count) * time.Hour
		case "m":
			d.Exact += time.Duration(count) * time.Minute
		case "wd":
			d.WorkingDays += count
		case "wh":
			d.WorkingHours += count
		default:
			return Duration{}, wrongUnit(text, unit, rest)
		}
		if d.Months > longestMonths || d.Approx() > longest {
			return Duration{}, fmt.Errorf("%q is longer than ten years; no promise is", text)
		}
		rest = after
	}
	return d, nil
}

// wrongUnit says what stands where a unit belongs.
func wrongUnit(text, unit, rest string) error {
	if unit != "" {
		return fmt.Errorf("%q has the unit %q: the units are %s", text, unit, unitList)
	}
	word, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if slices.Contains(durationUnits, word) {
		return fmt.Errorf("%q has a gap before its unit: write number and unit without one, like 24h", text)
	}
	return fmt.Errorf("%q has the unit %q: the units are %s", text, word, unitList)
}

func cutUnit(s string) (unit, rest string) {
	n := strings.IndexFunc(s, func(r rune) bool { return r < 'a' || r > 'z' })
	if n < 0 {
		n = len(s)
	}
	return s[:n], s[n:]
}

// Add is the instant so much later, by the calendar of UTC for months. Working time is counted from Monday to Friday in UTC,
// as by a WorkTime that is nil; whoever knows the calendar of a promise asks that.
func (d Duration) Add(t time.Time) time.Time {
	var ordinary *WorkTime
	return ordinary.Add(t, d)
}

// Zero says whether it is no time at all.
func (d Duration) Zero() bool { return d == Duration{} }

// Works says whether part of it is working time, which needs a calendar.
func (d Duration) Works() bool { return d.WorkingDays != 0 || d.WorkingHours != 0 }

// Approx is its length for comparing: a month counts as 30 days, a working day as 7/5 of a day (so that five are a week),
// and a working hour as an eighth of that.
func (d Duration) Approx() time.Duration {
	return time.Duration(d.Months)*approxMonth + d.Exact +
		time.Duration(d.WorkingDays)*approxWorkingDay + time.Duration(d.WorkingHours)*approxWorkingHour
}

// String writes it as a policy does; reading that again gives the same duration. No time at all is "0m".
func (d Duration) String() string {
	var b strings.Builder
	add := func(n int, unit string) {
		if n != 0 {
			fmt.Fprintf(&b, "%d%s", n, unit)
		}
	}
	add(d.Months, "mo")
	add(d.WorkingDays, "wd")
	add(d.WorkingHours, "wh")
	add(int(d.Exact/(24*time.Hour)), "d")
	add(int(d.Exact%(24*time.Hour)/time.Hour), "h")
	add(int(d.Exact%time.Hour/time.Minute), "m")
	if b.Len() == 0 {
		return "0m"
	}
	return b.String()
}

// Words writes it for people: "7 days", "24 hours", "1 month", "3 working days".
func (d Duration) Words() string {
	var parts []string
	add := func(n int, unit string) {
		switch {
		case n == 1:
			parts = append(parts, "1 "+unit)
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", n, unit))
		}
	}
	add(d.Months, "month")
	add(d.WorkingDays, "working day")
	add(d.WorkingHours, "working hour")
	exact := d.Exact
	if exact == 24*time.Hour || exact == 48*time.Hour { // people say 24 and 48 hours
		add(int(exact/time.Hour), "hour")
		return strings.Join(parts, " ")
	}
	add(int(exact/(24*time.Hour)), "day")
	add(int(exact%(24*time.Hour)/time.Hour), "hour")
	add(int(exact%time.Hour/time.Minute), "minute")
	if len(parts) == 0 {
		return "no time"
	}
	return strings.Join(parts, " ")
}
