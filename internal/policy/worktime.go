package policy

import "time"

// WorkTime is a calendar that is ready to count with. Nil is the ordinary week: Monday to Friday in UTC, whole days.
//
// Working days are counted so: a promise that begins within a working day ends at the same time of day on the nth working
// day after it. One that begins outside begins with the next working day, which counts whole, and ends when the nth one does.
// Three working days from Friday 17:30 are Wednesday 17:30; from Saturday they are the end of Wednesday, and that is midnight
// where the whole day counts and 17:00 where the hours are 09:00-17:00. With these hours Friday 17:30 is outside as well.
type WorkTime struct {
	zone        *time.Location
	week        [7]bool       // by time.Weekday
	open, close time.Duration // when a working day begins and ends, by the clocks of the zone
	holidays    map[day]string
	yearly      map[yearDay]bool
}

var ordinaryWeek = WorkTime{zone: time.UTC, week: [7]bool{false, true, true, true, true, true, false}, close: 24 * time.Hour}

func (c *WorkTime) orOrdinary() *WorkTime {
	if c == nil {
		return &ordinaryWeek
	}
	return c
}

// Add is the instant so much later: months, then working days, then working hours, then what is exact.
func (c *WorkTime) Add(t time.Time, d Duration) time.Time {
	t = t.UTC().AddDate(0, d.Months, 0)
	if d.Works() {
		t = c.orOrdinary().addHours(c.orOrdinary().addDays(t, d.WorkingDays), d.WorkingHours)
	}
	return t.Add(d.Exact).UTC()
}

// Sub is the latest instant from which Add of the duration comes to t or earlier: when something has to begin.
func (c *WorkTime) Sub(t time.Time, d Duration) time.Time {
	t = t.UTC().Add(-d.Exact)
	if d.Works() {
		t = c.orOrdinary().subDays(c.orOrdinary().subHours(t, d.WorkingHours), d.WorkingDays)
	}
	return t.UTC().AddDate(0, -d.Months, 0)
}

// Working says whether the instant counts. A working day's end does not belong to it.
func (c *WorkTime) Working(t time.Time) bool {
	c = c.orOrdinary()
	d := dayIn(t, c.zone)
	return c.works(d) && !t.Before(c.opens(d)) && t.Before(c.closes(d))
}

// Next is the instant itself if it counts, otherwise the beginning of the next working day.
func (c *WorkTime) Next(t time.Time) time.Time {
	c = c.orOrdinary()
	d := dayIn(t, c.zone)
	if !c.works(d) || !t.Before(c.closes(d)) {
		d = c.after(d)
	}
	if opens := c.opens(d); t.Before(opens) {
		return opens.UTC()
	}
	return t.UTC()
}

// Holiday is the name of the day on which nobody works although its weekday is a working day; off is false on others.
func (c *WorkTime) Holiday(t time.Time) (name string, off bool) {
	c = c.orOrdinary()
	d := dayIn(t, c.zone)
	name, off = c.holidays[d]
	return name, (off || c.yearly[d.ofYear()]) && c.week[d.weekday()]
}

// Zone is where its days begin and end.
func (c *WorkTime) Zone() *time.Location { return c.orOrdinary().zone }

func (c *WorkTime) works(d day) bool {
	if !c.week[d.weekday()] {
		return false
	}
	_, off := c.holidays[d]
	return !off && !(len(c.yearly) > 0 && c.yearly[d.ofYear()])
}

func (c *WorkTime) opens(d day) time.Time  { return d.at(c.open, c.zone) }
func (c *WorkTime) closes(d day) time.Time { return d.at(c.close, c.zone) }

// farthest bounds the search for a working day. workTime refuses a calendar that could come near it.
const farthest = 3660

// after is the next working day.
func (c *WorkTime) after(d day) day {
	for range farthest {
		if d++; c.works(d) {
			break
		}
	}
	return d
}

// before is the last working day before it.
func (c *WorkTime) before(d day) day {
	for range farthest {
		if d--; c.works(d) {
			break
		}
	}
	return d
}

func (c *WorkTime) addDays(t time.Time, n int) time.Time {
	if n <= 0 {
		return t
	}
	t = c.Next(t)
	d, clock := dayIn(t, c.zone), clockIn(t, c.zone)
	if !t.After(c.opens(d)) { // this day counts whole
		n, clock = n-1, c.close
	}
	for range n {
		d = c.after(d)
	}
	return d.at(clock, c.zone)
}

// subDays mirrors addDays: what ends outside of a working day ends with the last one, which counts whole.
func (c *WorkTime) subDays(t time.Time, n int) time.Time {
	if n <= 0 {
		return t
	}
	d, t := c.last(t)
	clock := clockIn(t, c.zone)
	if t.Equal(c.closes(d)) {
		n, clock = n-1, c.open
	}
	for range n {
		d = c.before(d)
	}
	return d.at(clock, c.zone)
}

// last is the last working day that began before the instant, and how far it had come by then.
func (c *WorkTime) last(t time.Time) (day, time.Time) {
	d := dayIn(t, c.zone)
	if !c.works(d) || !t.After(c.opens(d)) {
		d = c.before(d)
	}
	if closes := c.closes(d); t.After(closes) {
		t = closes
	}
	return d, t
}

func (c *WorkTime) addHours(t time.Time, n int) time.Time {
	if n <= 0 {
		return t
	}
	t = c.Next(t)
	d, left := dayIn(t, c.zone), time.Duration(n)*time.Hour
	for {
		today := c.closes(d).Sub(t) // on the days when the clocks change it is not the difference of the hours
		if left <= today {
			return t.Add(left)
		}
		left -= max(today, 0)
		d = c.after(d)
		t = c.opens(d)
	}
}

func (c *WorkTime) subHours(t time.Time, n int) time.Time {
	if n <= 0 {
		return t
	}
	d, t := c.last(t)
	left := time.Duration(n) * time.Hour
	for {
		today := t.Sub(c.opens(d))
		if left <= today {
			return t.Add(-left)
		}
		left -= max(today, 0)
		d = c.before(d)
		t = c.closes(d)
	}
}
