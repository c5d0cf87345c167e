package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Duration is a length of time as a policy writes it: 24h, 7d, 2w, 1mo, or several in a row (1w12h). A day is 24 hours,
// a month is the calendar's.
type Duration struct {
	Months int
	Exact  time.Duration
}

// longest is more than any promise lasts, and little enough that sums of several stay exact.
const longest = 10 * 366 * 24 * time.Hour

// ParseDuration reads a duration; the error says what is allowed.
func ParseDuration(text string) (Duration, error) {
	var d Duration
	rest := strings.TrimSpace(text)
	if rest == "" {
		return d, fmt.Errorf("a duration is a number and a unit (m, h, d, w, mo), for example 24h, 7d or 1mo")
	}
	for rest != "" {
		n := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		if n <= 0 || n > 4 {
			return Duration{}, fmt.Errorf("%q is no duration: write a number and a unit (m, h, d, w, mo), for example 24h, 7d or 1mo", text)
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
		default:
			return Duration{}, wrongUnit(text, unit, rest)
		}
		if d.Approx() > longest {
			return Duration{}, fmt.Errorf("%q is longer than ten years; no promise is", text)
		}
		rest = after
	}
	return d, nil
}

// wrongUnit says what stands where a unit belongs.
func wrongUnit(text, unit, rest string) error {
	if unit != "" {
		return fmt.Errorf("%q has the unit %q: the units are m, h, d, w and mo", text, unit)
	}
	word, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if slices.Contains(durationUnits, word) {
		return fmt.Errorf("%q has a gap before its unit: write number and unit without one, like 24h", text)
	}
	return fmt.Errorf("%q has the unit %q: the units are m, h, d, w and mo", text, word)
}

func cutUnit(s string) (unit, rest string) {
	n := strings.IndexFunc(s, func(r rune) bool { return r < 'a' || r > 'z' })
	if n < 0 {
		n = len(s)
	}
	return s[:n], s[n:]
}

// Add is the instant so much later, by the calendar of UTC for months.
func (d Duration) Add(t time.Time) time.Time {
	return t.UTC().AddDate(0, d.Months, 0).Add(d.Exact)
}

// Zero says whether it is no time at all.
func (d Duration) Zero() bool { return d == Duration{} }

// Approx is its length for comparing; a month counts as 30 days.
func (d Duration) Approx() time.Duration {
	return time.Duration(d.Months)*30*24*time.Hour + d.Exact
}

// Words writes it for people: "7 days", "24 hours", "1 month".
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
