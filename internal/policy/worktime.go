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

func (w *WorkTime) orOrdinary() *WorkTime {
	if w == nil {
		return &ordinaryWeek
	}
	return w
}

// Add is the instant so much later: months, then working days, then working hours, then what is exact.
func (w *WorkTime) Add(t time.Time, d Duration) time.Time {
	t = months(t.UTC(), d.Months)
	if d.Works() {
		t = w.orOrdinary().addHours(w.orOrdinary().addDays(t, d.WorkingDays), d.WorkingHours)
	}
	return t.Add(d.Exact).UTC()
}

// Sub is the latest instant from which Add of the duration comes to t or earlier: when something has to begin. Of months it is
// the latest day.
func (w *WorkTime) Sub(t time.Time, d Duration) time.Time {
	t = t.UTC().Add(-d.Exact)
	if d.Works() {
		t = w.orOrdinary().subDays(w.orOrdinary().subHours(t, d.WorkingHours), d.WorkingDays)
	}
	begins := months(t.UTC(), -d.Months)
	if d.Months > 0 && t.UTC().Day() == lastDate(t.UTC()) { // all the last days of the month before come to it
		begins = begins.AddDate(0, 0, lastDate(begins)-begins.Day())
	}
	return begins
}

// months is the same day of another month, or its last where it has fewer: a month after 31 January is the end of February
// and not the third of March (Regulation (EEC, Euratom) No 1182/71, Article 3(2)(c)).
func months(t time.Time, n int) time.Time {
	first := t.AddDate(0, 0, 1-t.Day()).AddDate(0, n, 0)
	return first.AddDate(0, 0, min(t.Day(), lastDate(first))-1)
}

// lastDate is how many days the month has.
func lastDate(t time.Time) int {
	return t.AddDate(0, 0, 1-t.Day()).AddDate(0, 1, -1).Day()
}

// Working says whether the instant counts. A working day's end does not belong to it.
func (w *WorkTime) Working(t time.Time) bool {
	w = w.orOrdinary()
	d := dayIn(t, w.zone)
	return w.works(d) && !t.Before(w.opens(d)) && t.Before(w.closes(d))
}

// Next is the instant itself if it counts, otherwise the beginning of the next working day.
func (w *WorkTime) Next(t time.Time) time.Time {
	w = w.orOrdinary()
	d := dayIn(t, w.zone)
	if !w.works(d) || !t.Before(w.closes(d)) {
		d = w.after(d)
	}
	if opens := w.opens(d); t.Before(opens) {
		return opens.UTC()
	}
	return t.UTC()
}

// Holiday is the name of the day on which nobody works although its weekday is a working day; off is false on others.
func (w *WorkTime) Holiday(t time.Time) (name string, off bool) {
	w = w.orOrdinary()
	d := dayIn(t, w.zone)
	name, off = w.holidays[d]
	return name, (off || w.yearly[d.ofYear()]) && w.week[d.weekday()]
}

// Zone is where its days begin and end.
func (w *WorkTime) Zone() *time.Location { return w.orOrdinary().zone }

func (w *WorkTime) works(d day) bool {
	if !w.week[d.weekday()] {
		return false
	}
	_, off := w.holidays[d]
	return !off && !(len(w.yearly) > 0 && w.yearly[d.ofYear()])
}

func (w *WorkTime) opens(d day) time.Time  { return d.at(w.open, w.zone) }
func (w *WorkTime) closes(d day) time.Time { return d.at(w.close, w.zone) }

// farthest bounds the search for a working day. workTime refuses a calendar that could come near it.
const farthest = 3660

// after is the next working day.
func (w *WorkTime) after(d day) day {
	for range farthest {
		if d++; w.works(d) {
			break
		}
	}
	return d
}

// before is the last working day before it.
func (w *WorkTime) before(d day) day {
	for range farthest {
		if d--; w.works(d) {
			break
		}
	}
	return d
}

func (w *WorkTime) addDays(t time.Time, n int) time.Time {
	if n <= 0 {
		return t
	}
	t = w.Next(t)
	d, clock := dayIn(t, w.zone), clockIn(t, w.zone)
	if !t.After(w.opens(d)) { // this day counts whole
		n, clock = n-1, w.close
	}
	for range n {
		d = w.after(d)
	}
	return d.at(clock, w.zone)
}

// subDays mirrors addDays: what ends outside of a working day ends with the last one, which counts whole.
func (w *WorkTime) subDays(t time.Time, n int) time.Time {
	if n <= 0 {
		return t
	}
	d, t := w.last(t)
	clock := clockIn(t, w.zone)
	if t.Equal(w.closes(d)) {
		n, clock = n-1, w.open
	}
	for range n {
		d = w.before(d)
	}
	return d.at(clock, w.zone)
}

// last is the last working day that began before the instant, and how far it had come by then.
func (w *WorkTime) last(t time.Time) (day, time.Time) {
	d := dayIn(t, w.zone)
	if !w.works(d) || !t.After(w.opens(d)) {
		d = w.before(d)
	}
	if closes := w.closes(d); t.After(closes) {
		t = closes
	}
	return d, t
}

func (w *WorkTime) addHours(t time.Time, n int) time.Time {
	if n <= 0 {
		return t
	}
	t = w.Next(t)
	d, left := dayIn(t, w.zone), time.Duration(n)*time.Hour
	for {
		today := w.closes(d).Sub(t) // on the days when the clocks change it is not the difference of the hours
		if left <= today {
			return t.Add(left)
		}
		left -= max(today, 0)
		d = w.after(d)
		t = w.opens(d)
	}
}

func (w *WorkTime) subHours(t time.Time, n int) time.Time {
	if n <= 0 {
		return t
	}
	d, t := w.last(t)
	left := time.Duration(n) * time.Hour
	for {
		today := t.Sub(w.opens(d))
		if left <= today {
			return t.Add(-left)
		}
		left -= max(today, 0)
		d = w.before(d)
		t = w.closes(d)
	}
}
