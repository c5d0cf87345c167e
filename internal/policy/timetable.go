package policy

import "time"

// Shift is one clause of the schedule that moved a publication, and where to. The next shift begins there.
type Shift struct {
	Clause string // "schedule.blackouts.winter"
	Says   string // "nothing is published during the winter holidays"
	To     time.Time
}

// Timetable is a schedule that is ready to be asked. Nil is none: every instant will do.
type Timetable struct {
	zone      *time.Location
	clock     time.Duration // of the time of day; anytime if there is none
	at        string        // the time of day in words
	week      [7]bool       // by time.Weekday
	weekSays  string
	train     *departures // nil: it publishes on every day that nothing forbids
	blackouts []blackout
}

const anytime = -1

// Next is the first instant, at or after the one given, at which the project publishes, with the clauses that moved it there
// in their order. A time of day that the clocks skip in spring is as much later as they skip; of one that they show twice in
// autumn it is the first.
func (t *Timetable) Next(from time.Time) (time.Time, []Shift) {
	if t == nil {
		return from.UTC(), nil
	}
	today := dayIn(from, t.zone)
	if t.train == nil {
		return t.nextDay(from, today)
	}
	for leaves := t.train.upTo(today); ; leaves = t.train.after(leaves) { // what left before today may have been put off to it
		on, shifts := t.putOff(leaves)
		at := t.instant(on, from)
		switch {
		case at.Before(from):
			continue
		case at.Equal(from):
			return at, nil
		case leaves != today:
			shifts = append([]Shift{{"schedule.train", t.train.says, t.instant(leaves, from)}}, shifts...)
		case len(shifts) == 0:
			shifts = []Shift{{"schedule.at", t.at, at}}
		}
		return at, shifts
	}
}

func (t *Timetable) nextDay(from time.Time, today day) (time.Time, []Shift) {
	var early []Shift
	if t.clock != anytime {
		if today.at(t.clock, t.zone).Before(from) {
			today++
		}
		if at := today.at(t.clock, t.zone); !at.Equal(from) {
			early = []Shift{{"schedule.at", t.at, at.UTC()}}
		}
	}
	on, shifts := t.putOff(today)
	return t.instant(on, from), append(early, shifts...)
}

// putOff is the first day, from the one given on, on which nothing forbids to publish.
func (t *Timetable) putOff(on day) (day, []Shift) {
	return t.move(on, +1, func(d day) time.Time { return d.at(max(t.clock, 0), t.zone) })
}

// move goes from day to day until nothing forbids to publish.
func (t *Timetable) move(on, step day, instant func(day) time.Time) (day, []Shift) {
	var shifts []Shift
	clause := ""
	for range farthest { // timetable refuses a schedule that could come near it
		now, says := t.forbids(on, clause)
		if now == "" {
			break
		}
		on += step
		to := instant(on).UTC()
		if now == clause {
			shifts[len(shifts)-1].To = to
		} else {
			shifts = append(shifts, Shift{now, says, to})
		}
		clause = now
	}
	return on, shifts
}

// instant is when on a day it publishes, for somebody who asks at an instant: then, if the day is that one's and there is no
// time of day.
func (t *Timetable) instant(on day, asked time.Time) time.Time {
	switch {
	case t.clock != anytime:
		return on.at(t.clock, t.zone).UTC()
	case on == dayIn(asked, t.zone):
		return asked.UTC()
	}
	return on.at(0, t.zone).UTC()
}

// Prev is the last instant, at or before the one given, at which the project publishes, with the clauses that moved it there
// in their order. Where there is no time of day it is the last minute of the day.
func (t *Timetable) Prev(from time.Time) (time.Time, []Shift) {
	if t == nil {
		return from.UTC(), nil
	}
	today := dayIn(from, t.zone)
	if t.train == nil {
		return t.prevDay(from, today)
	}
	for leaves := t.train.upTo(today); ; leaves = t.train.upTo(leaves - 1) {
		on, shifts := t.putOff(leaves)
		at := t.lastInstant(on, from)
		switch {
		case at.After(from):
			continue
		case at.Equal(from):
			return at, nil
		case leaves != today:
			shifts = append([]Shift{{"schedule.train", t.train.says, t.lastInstant(leaves, from)}}, shifts...)
		case len(shifts) == 0:
			shifts = []Shift{{"schedule.at", t.at, at}}
		}
		return at, shifts
	}
}

func (t *Timetable) prevDay(from time.Time, today day) (time.Time, []Shift) {
	var early []Shift
	if t.clock != anytime {
		if today.at(t.clock, t.zone).After(from) {
			today--
		}
		if at := t.lastInstant(today, from); !at.Equal(from) {
			early = []Shift{{"schedule.at", t.at, at}}
		}
	}
	on, shifts := t.move(today, -1, func(d day) time.Time { return t.lastInstant(d, from) })
	return t.lastInstant(on, from), append(early, shifts...)
}

// lastInstant is when at the latest on a day it publishes, for somebody who asks at an instant.
func (t *Timetable) lastInstant(on day, asked time.Time) time.Time {
	if t.clock == anytime && on < dayIn(asked, t.zone) {
		return on.at(24*time.Hour-time.Minute, t.zone).UTC()
	}
	return t.instant(on, asked)
}

// Blocks says which clause forbids to publish on the day of an instant, in which words, and when that day is over; the clause
// is empty if none does. Neither the train nor the time of day forbids anything: they say when it is done, not when it may be.
func (t *Timetable) Blocks(at time.Time) (clause, says string, until time.Time) {
	if t == nil {
		return "", "", time.Time{}
	}
	today := dayIn(at, t.zone)
	if clause, says = t.forbids(today, ""); clause == "" {
		return "", "", time.Time{}
	}
	on, _ := t.putOff(today)
	return clause, says, on.at(0, t.zone).UTC()
}

// forbids is the clause by which nothing is published on a day, if there is one: the one before it, while that still does,
// otherwise a blackout rather than the days of the week.
func (t *Timetable) forbids(on day, before string) (clause, says string) {
	if !t.week[on.weekday()] {
		clause, says = "schedule.days", t.weekSays
		if clause == before {
			return clause, says
		}
	}
	found := false
	for i := range t.blackouts {
		if b := &t.blackouts[i]; (!found || b.clause == before) && b.holds(on) {
			clause, says, found = b.clause, b.says, true
		}
	}
	return clause, says
}

// blackout is a Blackout with its days read; exactly one of the four is set.
type blackout struct {
	clause, says string

	from, to    day
	first, last yearDay
	week        [7]bool
	calendar    *WorkTime
}

func (b *blackout) holds(on day) bool {
	switch {
	case b.calendar != nil:
		return !b.calendar.works(on)
	case b.first != yearDay{}:
		now := on.ofYear()
		if b.last.before(b.first) { // over the end of the year
			return !now.before(b.first) || !b.last.before(now)
		}
		return !now.before(b.first) && !b.last.before(now)
	case b.to != 0:
		return b.from <= on && on <= b.to
	}
	return b.week[on.weekday()]
}

func (a yearDay) before(b yearDay) bool {
	return a.month < b.month || a.month == b.month && a.of < b.of
}
