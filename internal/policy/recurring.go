package policy

import "time"

// Span is one period of something that is done again and again: From included, Until not.
type Span struct{ From, Until time.Time }

// shortestPeriod is the least that is worth a review of its own.
const shortestPeriod = 24 * time.Hour

// Periods are the periods that have ended by now, oldest first, of those that ended after the project began. Months are those of
// the calendar of UTC: of an item of every three months the quarters of the year. Other lengths are counted from the beginning of
// the project.
func (r Recurring) Periods(began, now time.Time) []Span {
	began, now = began.UTC(), now.UTC()
	from, next := began, r.Every.Add
	if r.Every == (Duration{Months: r.Every.Months}) && r.Every.Months > 0 {
		months := r.Every.Months
		first := (int(began.Month()) - 1) / months * months
		from = time.Date(began.Year(), time.Month(first+1), 1, 0, 0, 0, 0, time.UTC)
	}
	var all []Span
	for r.Every.Approx() >= shortestPeriod {
		until := next(from)
		if until.After(now) {
			break
		}
		all = append(all, Span{from, until})
		from = until
	}
	return all
}
