package policy

import "time"

// later is the instant so much later by a calendar, and the calendar's clause where it was asked.
func (p *Policy) later(from time.Time, length Duration, calendar string) (time.Time, []string) {
	work := p.WorkTime(calendar)
	if calendar == "" {
		calendar = p.Document.Calendar
	}
	if length.Works() && work != nil {
		return work.Add(from, length), []string{"calendars." + calendar}
	}
	return work.Add(from, length), nil
}

// earlier is the last instant from which that much time passes by then.
func (p *Policy) earlier(until time.Time, length Duration, calendar string) time.Time {
	return p.WorkTime(calendar).Sub(until, length)
}
