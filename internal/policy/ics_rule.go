package policy

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// icsRule is an RRULE that repeats by years (RFC 5545, 3.3.10).
type icsRule struct {
	interval int
	count    int // 0: without end
	until    *icsTime
	months   []int
	days     []int // of the month; below zero from its end
	weekdays []icsWeekday
}

// icsWeekday is MO, 4TH or -1MO.
type icsWeekday struct {
	nth     int // 0: every one
	weekday time.Weekday
}

var icsWeekdays = []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

func parseRule(text string) (icsRule, error) {
	r := icsRule{interval: 1}
	var seen []string
	for part := range strings.SplitSeq(text, ";") {
		key, value, _ := strings.Cut(part, "=")
		if slices.Contains(seen, key) {
			return r, fmt.Errorf("the RRULE has %.20s twice", key)
		}
		seen = append(seen, key)
		if err := r.part(key, value); err != nil {
			return r, err
		}
	}
	switch {
	case !slices.Contains(seen, "FREQ"):
		return r, errors.New("the RRULE has no FREQ")
	case r.count > 0 && r.until != nil:
		return r, errors.New("the RRULE has both COUNT and UNTIL")
	case len(r.weekdays) > 0 && len(r.months)+len(r.days) == 0:
		return r, errors.New("the RRULE has BYDAY without BYMONTH; only a weekday of a month is read")
	}
	for _, w := range r.weekdays {
		if w.nth != 0 && len(r.days) > 0 {
			return r, errors.New("the RRULE has both BYMONTHDAY and the number of a weekday")
		}
	}
	return r, nil
}

func (r *icsRule) part(key, value string) error {
	var err error
	switch key {
	case "FREQ":
		if value != "YEARLY" {
			return fmt.Errorf("a RRULE with FREQ=%.20s is not read, only YEARLY", value)
		}
	case "INTERVAL":
		r.interval, err = numberIn(value, 1, 100)
	case "COUNT":
		r.count, err = numberIn(value, 1, mostEntries)
	case "UNTIL":
		var until icsTime
		until, err = icsLine{}.timeIn(value, time.UTC)
		r.until = &until
	case "WKST": // it says where weeks begin, and years are not counted in weeks
	case "BYMONTH":
		r.months, err = numbersIn(value, 1, 12)
	case "BYMONTHDAY":
		r.days, err = numbersIn(value, -31, 31)
	case "BYDAY":
		for word := range strings.SplitSeq(value, ",") {
			cut := max(len(word)-2, 0)
			w := icsWeekday{weekday: time.Weekday(slices.Index(icsWeekdays, word[cut:]))}
			if cut > 0 {
				w.nth, err = numberIn(word[:cut], -5, 5)
			}
			if w.weekday < 0 || err != nil || cut > 0 && w.nth == 0 {
				return fmt.Errorf("%.20q is no weekday of a month like MO, 4TH or -1MO", word)
			}
			r.weekdays = append(r.weekdays, w)
		}
	default:
		return fmt.Errorf("a RRULE with %.20s is not read", key)
	}
	if err != nil {
		return fmt.Errorf("%s of the RRULE: %w", key, err)
	}
	return nil
}

func numberIn(text string, least, most int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%.20q is no number from %d to %d", text, least, most)
	}
	return n, nil
}

func numbersIn(text string, least, most int) ([]int, error) {
	var all []int
	for word := range strings.SplitSeq(text, ",") {
		n, err := numberIn(word, least, most)
		if err == nil && n == 0 {
			err = errors.New("0 is none")
		}
		if err != nil || len(all) > 62 {
			return nil, err
		}
		all = append(all, n)
	}
	return all, nil
}

// starting are the days on which what begins at a time repeats, up to 2100. The budget is what may still be looked at.
func (r icsRule) starting(start icsTime, budget *int) ([]day, error) {
	first, month, of := start.on.date()
	if first < 1900 {
		return nil, fmt.Errorf("the event that ends here repeats since %d; nothing is read that began before 1900", first)
	}
	if len(r.months) == 0 && len(r.days) == 0 {
		r.months = []int{int(month)}
	}
	if len(r.days) == 0 && len(r.weekdays) == 0 {
		r.days = []int{of}
	}
	if len(r.months) == 0 {
		r.months = []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	}
	var days []day
	for year := first; year <= 2100; year += r.interval {
		var of []day
		for _, m := range r.months {
			of = append(of, r.inMonth(year, time.Month(m))...)
			if *budget -= 31; *budget < 0 {
				return nil, errors.New("the calendar repeats too much")
			}
		}
		slices.Sort(of)
		for _, d := range slices.Compact(of) {
			if d < start.on {
				continue
			}
			if r.over(d, start) || r.count > 0 && len(days) == r.count {
				return days, nil
			}
			if days = append(days, d); days[0] != start.on {
				return nil, fmt.Errorf("the event that ends here begins on %s, which is no day of its RRULE; the first is %s", start.on, days[0])
			}
		}
	}
	return days, nil
}

// over says whether a day lies behind the rule's end.
func (r icsRule) over(d day, start icsTime) bool {
	if r.until == nil {
		return false
	}
	if start.whole || r.until.whole {
		return d > r.until.on
	}
	start.on = d
	return start.instant().After(r.until.instant())
}

// inMonth are the days of a month that the rule names.
func (r icsRule) inMonth(year int, month time.Month) []day {
	first, end := dayOn(year, month, 1), dayOn(year, month+1, 1)-1
	var days []day
	for _, of := range r.days {
		d := first + day(of) - 1
		if of < 0 {
			d = end + day(of) + 1
		}
		if d >= first && d <= end && (len(r.weekdays) == 0 || slices.Contains(r.weekdays, icsWeekday{0, d.weekday()})) {
			days = append(days, d)
		}
	}
	if len(r.days) > 0 {
		return days
	}
	for _, w := range r.weekdays {
		switch {
		case w.nth > 0:
			if d := nthWeekday(first, w.weekday, w.nth); d <= end {
				days = append(days, d)
			}
		case w.nth < 0:
			lastOne := end - (day(end.weekday()-w.weekday)+7)%7
			if d := lastOne + day(7*(w.nth+1)); d >= first {
				days = append(days, d)
			}
		default:
			for d := nthWeekday(first, w.weekday, 1); d <= end; d += 7 {
				days = append(days, d)
			}
		}
	}
	return days
}
