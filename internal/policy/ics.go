package policy

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Entry is one event of a calendar file.
type Entry struct {
	UID         string // the same for the same thing in every edition of the file
	Summary     string
	Description string
	URL         string
	Start, End  time.Time     // the end does not belong to it; what has no length ends where it begins
	Days        bool          // whole days without a zone: start and end are their midnights in UTC
	Sequence    int           // how often it was changed
	Changed     time.Time     // when it was changed last; zero: when the file is written
	Cancelled   bool          // it no longer holds; calendar programs strike it out
	Private     bool          // calendars that are shared show it to nobody else, and nobody is busy by it
	Alarm       time.Duration // how long before its start people are reminded; 0: not

	line int // where it stands in the file
}

// A file longer than this, or with more events, is no calendar of holidays; nor does one repeat more than this, in days that
// have to be looked at.
const (
	longestICS   = 256 << 10
	mostEntries  = 1000
	mostStarts   = 20_000 // of all events together
	mostRepeats  = 1_000_000
	longestEntry = 366 * 24 * time.Hour // of one event
)

// ReadICS reads the events of an iCalendar file (RFC 5545), each repetition from 1990 to 2100 as an event of its own.
// What would change a day and is not understood is refused with its line: every event is whole days or between instants, and
// repeats by years or not at all. Times without a zone are of the zone handed in.
func ReadICS(text []byte, floating *time.Location) ([]Entry, error) {
	lines, err := unfold(text)
	if err != nil {
		return nil, err
	}
	r := icsReader{floating: floating, budget: mostRepeats}
	for _, l := range lines {
		if err := r.line(l); err != nil {
			return nil, fmt.Errorf("line %d: %w", l.number, err)
		}
	}
	if len(r.inside) > 0 || !r.begun {
		return nil, fmt.Errorf("line %d: the calendar does not end: END:VCALENDAR is missing", max(bytes.Count(text, []byte("\n")), 1))
	}
	return r.entries, nil
}

// icsLine is one line of a calendar file, unfolded.
type icsLine struct {
	number int
	name   string
	params map[string]string
	value  string
}

// unfold splits a file into its lines; one that begins with a space goes on with the line before it (RFC 5545, 3.1).
func unfold(text []byte) ([]icsLine, error) {
	if len(text) > longestICS {
		return nil, fmt.Errorf("line 1: the file has %d bytes; a calendar has at most %d", len(text), longestICS)
	}
	var raw []string
	var numbers []int
	for i, line := range strings.Split(strings.TrimPrefix(string(text), "\ufeff"), "\n") {
		line = strings.TrimSuffix(line, "\r")
		switch {
		case strings.ContainsAny(line, "\r\x00"):
			return nil, fmt.Errorf("line %d: a control character", i+1)
		case line == "":
		case (line[0] == ' ' || line[0] == '\t') && len(raw) > 0:
			numbers = append(numbers, 0)
			raw = append(raw, line[1:])
		default:
			numbers = append(numbers, i+1)
			raw = append(raw, line)
		}
	}
	var lines []icsLine
	for from := 0; from < len(raw); {
		to := from + 1
		for to < len(raw) && numbers[to] == 0 {
			to++
		}
		l, err := splitLine(strings.Join(raw[from:to], "")) // folding may cut a letter in two, so it is judged whole
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", numbers[from], err)
		}
		l.number = numbers[from]
		lines = append(lines, l)
		from = to
	}
	return lines, nil
}

// splitLine splits "NAME;PARAM=VALUE;PARAM="VALUE":VALUE".
func splitLine(text string) (icsLine, error) {
	if !utf8.ValidString(text) {
		return icsLine{}, fmt.Errorf("this is not UTF-8")
	}
	end := strings.IndexAny(text, ":;")
	if end <= 0 {
		return icsLine{}, fmt.Errorf("%.40q is no line of a calendar: it looks like NAME:VALUE", text)
	}
	l := icsLine{name: strings.ToUpper(text[:end]), params: map[string]string{}}
	rest := text[end:]
	for rest[0] == ';' {
		name, after, ok := strings.Cut(rest[1:], "=")
		if !ok {
			return icsLine{}, fmt.Errorf("the parameter %.40q has no value", rest[1:])
		}
		var value string
		if strings.HasPrefix(after, `"`) {
			value, after, ok = strings.Cut(after[1:], `"`)
		} else if end := strings.IndexAny(after, ":;"); end >= 0 {
			value, after = after[:end], after[end:]
		} else {
			ok = false
		}
		if !ok || after == "" || after[0] != ':' && after[0] != ';' {
			return icsLine{}, fmt.Errorf("the parameter %.40q does not end", name)
		}
		l.params[strings.ToUpper(name)] = value
		rest = after
	}
	l.value = rest[1:]
	return l, nil
}

// icsReader goes through the lines of a calendar.
type icsReader struct {
	floating *time.Location
	inside   []string // the components that are open
	begun    bool
	event    icsEvent
	entries  []Entry
	events   int
	budget   int // days that repetitions may still look at
}

// nested is what may stand in what. Zones are known by their IANA names, so what a file says of them is not needed.
var nested = map[string][]string{
	"":          {"VCALENDAR"},
	"VCALENDAR": {"VEVENT", "VTIMEZONE"},
	"VEVENT":    {"VALARM"},
	"VTIMEZONE": {"STANDARD", "DAYLIGHT"},
}

func (r *icsReader) line(l icsLine) error {
	around := ""
	if len(r.inside) > 0 {
		around = r.inside[len(r.inside)-1]
	}
	value := strings.ToUpper(strings.TrimSpace(l.value))
	switch {
	case l.name == "BEGIN":
		if !slices.Contains(nested[around], value) || around == "" && r.begun {
			return fmt.Errorf("no %.40s is read here: a calendar is one VCALENDAR with VEVENTs", value)
		}
		r.begun, r.inside = true, append(r.inside, value)
		if value == "VEVENT" {
			r.event = icsEvent{line: l.number}
		}
		return nil
	case l.name == "END":
		if value != around || around == "" {
			return fmt.Errorf("END:%.40s, and that did not begin", value)
		}
		r.inside = r.inside[:len(r.inside)-1]
		if around == "VEVENT" {
			return r.finish()
		}
		return nil
	}
	switch around {
	case "VCALENDAR":
		return r.head(l, value)
	case "VEVENT":
		return r.event.read(l, r.floating)
	case "VALARM":
		return r.event.readAlarm(l)
	case "":
		return fmt.Errorf("a calendar begins with BEGIN:VCALENDAR")
	}
	return nil
}

// headers are lines of the calendar itself that move no event.
var headers = []string{"PRODID", "METHOD", "NAME", "DESCRIPTION", "UID", "URL", "LAST-MODIFIED", "CATEGORIES", "REFRESH-INTERVAL", "SOURCE", "COLOR", "IMAGE"}

func (r *icsReader) head(l icsLine, value string) error {
	switch {
	case l.name == "VERSION" && value != "2.0":
		return fmt.Errorf("this is version %.10s; version 2.0 is read", value)
	case l.name == "CALSCALE" && value != "GREGORIAN":
		return fmt.Errorf("the scale %.20s is not read, only GREGORIAN", value)
	case l.name == "VERSION", l.name == "CALSCALE", strings.HasPrefix(l.name, "X-"), slices.Contains(headers, l.name):
		return nil
	}
	return fmt.Errorf("a calendar with %.40s is not read", l.name)
}

// finish makes an event's repetitions into entries.
func (r *icsReader) finish() error {
	if r.events++; r.events > mostEntries {
		return fmt.Errorf("the calendar has more than %d events", mostEntries)
	}
	e := &r.event
	if e.cancelled {
		return nil
	}
	starts, err := e.starts(&r.budget)
	if err != nil {
		return err
	}
	if len(r.entries)+len(starts) > mostStarts {
		return fmt.Errorf("the calendar has more than %d days", mostStarts)
	}
	for _, start := range starts {
		if start.on < firstDay || start.on > lastDay {
			continue
		}
		entry := e.entry
		entry.line = e.line
		entry.Days = start.whole
		entry.Start = start.instant()
		entry.End = entry.Start.Add(e.length)
		r.entries = append(r.entries, entry)
	}
	return nil
}
