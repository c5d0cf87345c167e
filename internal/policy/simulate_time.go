package policy

import "time"

// timing is how a policy counts time and when it publishes.
type timing struct {
	calendars map[string]*WorkTime
	usually   string // the calendar where none is named
	timetable *Timetable
}

// timing makes the calendars and the schedule of a document ready. What cannot be is counted as if it were not there: Read
// has refused it.
func (p *Policy) timing() timing {
	d := &p.Document
	t := timing{calendars: map[string]*WorkTime{}, usually: d.Calendar}
	for i := range d.Calendars {
		if w, faults := d.Calendars[i].workTime(nil); len(faults) == 0 {
			t.calendars[d.Calendars[i].Name] = w
		}
	}
	if d.Schedule != nil {
		if ready, faults := d.Schedule.timetable(t.calendars); len(faults) == 0 {
			t.timetable = ready
		}
	}
	return t
}

// later is the instant so much later by a calendar, and the calendar's clause where it was asked.
func (t *timing) later(from time.Time, length Duration, calendar string) (time.Time, []string) {
	name, work := t.calendar(calendar)
	if length.Works() && work != nil {
		return work.Add(from, length), []string{"calendars." + name}
	}
	return work.Add(from, length), nil
}

// before is the latest instant from which that much time passes by then.
func (t *timing) before(until time.Time, length Duration, calendar string) time.Time {
	_, work := t.calendar(calendar)
	return work.Sub(until, length)
}

func (t *timing) calendar(name string) (string, *WorkTime) {
	if name == "" {
		name = t.usually
	}
	return name, t.calendars[name]
}
