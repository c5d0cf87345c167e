package policy

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// icsEvent is a VEVENT while its lines are read.
type icsEvent struct {
	line      int
	entry     Entry
	start     icsTime
	end       icsTime
	period    string // DURATION
	rule      string // RRULE
	more      []icsTime
	not       []icsTime
	cancelled bool
	seen      []string
	length    time.Duration
}

// icsTime is a day, or a time of a day in a zone.
type icsTime struct {
	on    day
	clock time.Duration
	zone  *time.Location
	whole bool
}

// instant is when it begins; a day begins in UTC, because it has no zone.
func (t icsTime) instant() time.Time {
	if t.whole {
		return t.on.wall()
	}
	return t.on.at(t.clock, t.zone).UTC()
}

// idleLines are lines of an event that do not change when it is.
var idleLines = []string{"DTSTAMP", "CATEGORIES", "CLASS", "TRANSP", "SEQUENCE", "CREATED", "LAST-MODIFIED", "LOCATION",
	"PRIORITY", "ORGANIZER", "CONTACT", "COMMENT", "GEO", "COLOR", "ATTENDEE", "RELATED-TO", "ATTACH", "IMAGE", "RESOURCES"}

// read reads a line of an event.
func (e *icsEvent) read(l icsLine, floating *time.Location) error {
	many := l.name == "EXDATE" || l.name == "RDATE"
	switch {
	case strings.HasPrefix(l.name, "X-"), slices.Contains(idleLines, l.name):
		return nil
	case !many && slices.Contains(e.seen, l.name):
		return fmt.Errorf("this event has %s twice", l.name)
	}
	e.seen = append(e.seen, l.name)
	var err error
	switch l.name {
	case "UID":
		e.entry.UID = icsText.Replace(l.value)
	case "SUMMARY":
		e.entry.Summary = icsText.Replace(l.value)
	case "DESCRIPTION":
		e.entry.Description = icsText.Replace(l.value)
	case "URL":
		e.entry.URL = l.value
	case "STATUS":
		e.cancelled = strings.EqualFold(l.value, "CANCELLED")
	case "DURATION":
		e.period = l.value
	case "RRULE":
		e.rule = strings.ToUpper(l.value)
	case "DTSTART":
		e.start, err = l.time(floating)
	case "DTEND":
		e.end, err = l.time(floating)
	case "EXDATE":
		err = l.times(&e.not, floating)
	case "RDATE":
		err = l.times(&e.more, floating)
	default:
		return fmt.Errorf("an event with %.40s is not read", l.name)
	}
	return err
}

// readAlarm keeps when the first alarm goes, if that is before the start.
func (e *icsEvent) readAlarm(l icsLine) error {
	period, before := strings.CutPrefix(l.value, "-")
	if l.name != "TRIGGER" || !before || e.entry.Alarm != 0 {
		return nil
	}
	var err error
	e.entry.Alarm, err = parsePeriod(period)
	return err
}

// icsText takes the escapes out of a text (RFC 5545, 3.3.11).
var icsText = strings.NewReplacer(`\\`, `\`, `\;`, `;`, `\,`, `,`, `\n`, "\n", `\N`, "\n")

// times reads a list of days or times.
func (l icsLine) times(into *[]icsTime, floating *time.Location) error {
	zone, err := l.zone(floating)
	if err != nil {
		return err
	}
	for value := range strings.SplitSeq(l.value, ",") {
		t, err := l.timeIn(value, zone)
		if err != nil {
			return err
		}
		if *into = append(*into, t); len(*into) > mostEntries {
			return fmt.Errorf("the event has more than %d days", mostEntries)
		}
	}
	return nil
}

// time reads a day or a time: 20261225, 20261225T090000Z, or 20261225T090000 with a zone or in the floating one.
func (l icsLine) time(floating *time.Location) (icsTime, error) {
	zone, err := l.zone(floating)
	if err != nil {
		return icsTime{}, err
	}
	return l.timeIn(l.value, zone)
}

// zone is the one that the line names, or the floating one.
func (l icsLine) zone(floating *time.Location) (*time.Location, error) {
	id, ok := l.params["TZID"]
	if !ok {
		return floating, nil
	}
	zone, err := zoneOf(id)
	if err != nil || id == "" {
		return nil, fmt.Errorf("the zone %.40q is not known by that name; they are called like Europe/Berlin", id)
	}
	return zone, nil
}

func (l icsLine) timeIn(value string, zone *time.Location) (icsTime, error) {
	kind := strings.ToUpper(l.params["VALUE"])
	if t, err := time.Parse("20060102", value); err == nil && (kind == "DATE" || kind == "") {
		return icsTime{on: dayOn(t.Date()), whole: true}, nil
	}
	local, utc := strings.CutSuffix(value, "Z")
	if utc {
		zone = time.UTC
	}
	t, err := time.Parse("20060102T150405", local)
	if err != nil || kind != "DATE-TIME" && kind != "" {
		return icsTime{}, fmt.Errorf("%.40q is no day like 20261225 and no time like 20261225T090000Z", value)
	}
	return icsTime{on: dayOn(t.Date()), clock: clockIn(t, time.UTC), zone: zone}, nil
}

var period = regexp.MustCompile(`^\+?P(?:(\d{1,3})W|(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?)$`)

// parsePeriod reads a length of time: P1D, PT24H (RFC 5545, 3.3.6).
func parsePeriod(text string) (time.Duration, error) {
	parts := period.FindStringSubmatch(strings.ToUpper(text))
	if parts == nil || strings.HasSuffix(text, "P") || strings.HasSuffix(text, "T") {
		return 0, fmt.Errorf("%.40q is no length of time like P1D or PT24H", text)
	}
	var sum time.Duration
	for i, unit := range []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second} {
		n, _ := strconv.Atoi(parts[i+1]) // empty where the unit is not there
		sum += time.Duration(n) * unit
	}
	return sum, nil
}

// measure works out how long the event lasts.
func (e *icsEvent) measure() error {
	switch {
	case !slices.Contains(e.seen, "DTSTART"):
		return errors.New("the event that ends here has no DTSTART")
	case slices.Contains(e.seen, "DTEND") && e.period != "":
		return errors.New("the event that ends here has both DTEND and DURATION")
	case slices.Contains(e.seen, "DTEND"):
		if e.end.whole != e.start.whole {
			return errors.New("the event that ends here has days and times mixed: DTSTART and DTEND are both days or both times")
		}
		e.length = e.end.instant().Sub(e.start.instant())
	case e.period != "":
		var err error
		if e.length, err = parsePeriod(e.period); err != nil {
			return err
		}
	case e.start.whole:
		e.length = 24 * time.Hour
	}
	switch {
	case e.length < 0 || e.start.whole && e.length == 0:
		return errors.New("the event that ends here is over before it begins; DTEND is the day after its last")
	case e.start.whole && e.length%(24*time.Hour) != 0:
		return errors.New("the event that ends here begins on a day and lasts a part of one")
	case e.length > longestEntry:
		return errors.New("the event that ends here lasts longer than a year")
	}
	return nil
}

// starts are all days or times at which the event begins.
func (e *icsEvent) starts(budget *int) ([]icsTime, error) {
	if err := e.measure(); err != nil {
		return nil, err
	}
	days := []day{e.start.on}
	if e.rule != "" {
		rule, err := parseRule(e.rule)
		if err != nil {
			return nil, err
		}
		if days, err = rule.starting(e.start, budget); err != nil {
			return nil, err
		}
	}
	starts := make([]icsTime, 0, len(days)+len(e.more))
	for _, d := range days {
		start := e.start
		start.on = d
		starts = append(starts, start)
	}
	starts = append(starts, e.more...)
	return e.leaveOut(starts)
}

// leaveOut takes out what EXDATE names, and what is there twice.
func (e *icsEvent) leaveOut(starts []icsTime) ([]icsTime, error) {
	left := map[time.Time]bool{} // false while it was not met
	for _, t := range e.not {
		if t.whole != e.start.whole {
			return nil, errors.New("the event that ends here has days and times mixed: EXDATE is what DTSTART is")
		}
		left[t.instant()] = false
	}
	there := map[time.Time]bool{}
	var kept []icsTime
	for _, t := range starts {
		if t.whole != e.start.whole {
			return nil, errors.New("the event that ends here has days and times mixed: RDATE is what DTSTART is")
		}
		at := t.instant()
		if _, out := left[at]; out {
			left[at] = true
		} else if !there[at] {
			there[at] = true
			kept = append(kept, t)
		}
	}
	for _, t := range e.not {
		if !left[t.instant()] {
			return nil, fmt.Errorf("the event that ends here leaves out %s, and is not then", t.on)
		}
	}
	return kept, nil
}
