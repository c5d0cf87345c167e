package policy

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// Table writes the timeline for people at a terminal: one line each, in UTC and in the zones, and below what cannot be.
func (t *Timeline) Table(w io.Writer, zones ...*time.Location) error {
	rows := [][]string{{"UTC"}}
	for _, zone := range zones {
		rows[0] = append(rows[0], zone.String())
	}
	rows[0] = append(rows[0], "Kind", "What", "Clause")
	for _, m := range t.Entries {
		row := []string{"not known yet"}
		if !m.At.IsZero() {
			row[0] = m.At.Format("Mon 2006-01-02 15:04")
		}
		for _, zone := range zones {
			row = append(row, besides(m.At, zone))
		}
		rows = append(rows, append(row, m.Kind, inert(m.words()), m.Clause))
	}
	var b strings.Builder
	b.WriteString(inert(t.heading()) + "\n\n")
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			line += cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	for _, c := range t.Conflicts {
		b.WriteString("\n" + inert(c.words("  ")))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// heading says what the timeline is of.
func (t *Timeline) heading() string {
	of := t.Title
	if t.Class != "" {
		of += ", severity " + t.Class
	}
	return of + ", track " + t.Track + ": as early as the policy allows, if work took no time"
}

// words are what a line says in full.
func (m Moment) words() string {
	return m.lateWord() + m.plainWords()
}

func (m Moment) lateWord() string {
	if m.Late {
		return "LATE: "
	}
	return ""
}

// plainWords are its words without whether it is late.
func (m Moment) plainWords() string {
	says := oneLine(m.What)
	if m.At.IsZero() && m.Waits != "" {
		says += " (waits for " + strings.ReplaceAll(oneLine(m.Waits), "_", " ") + ")"
	}
	if len(m.Because) > 0 {
		says += " (moved by " + strings.Join(m.Because, ", ") + ")"
	}
	return says
}

// titled are its words where no column says of what kind it is.
func (m Moment) titled() string {
	switch m.Kind {
	case isTarget, isDeadline, isWarning:
		return m.lateWord() + capital(m.Kind) + ": " + m.plainWords()
	}
	return m.words()
}

// words say a conflict with the road to it and the ways out; the indent stands before what belongs to it.
func (c Conflict) words(indent string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CONFLICT %s: %s", c.Clause, oneLine(c.What))
	if c.By > 0 {
		fmt.Fprintf(&b, ": %s missing", days(roundUp(c.By)))
	}
	b.WriteString("\n")
	for _, leg := range c.Road {
		fmt.Fprintf(&b, "%son the way: %s, %s\n", indent, leg.Clause, days(leg.Takes))
	}
	for _, way := range c.Ways {
		fmt.Fprintf(&b, "%sway out: %s\n", indent, oneLine(way.Says))
	}
	return b.String()
}

// besides is an instant as the clocks of a zone show it; the day stands there too where it is another than in UTC.
func besides(at time.Time, zone *time.Location) string {
	if at.IsZero() {
		return ""
	}
	there := at.In(zone)
	if there.Day() != at.UTC().Day() {
		return there.Format("Mon 15:04 MST")
	}
	return there.Format("15:04 MST")
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// inert takes from a text what would move a cursor or turn the direction of writing.
func inert(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r < 0x20 || r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e || r == 0x200f, r == 0x2028 || r == 0x2029:
			return '\uFFFD'
		}
		return r
	}, text)
}

// moment is a line of a timeline for programs.
type moment struct {
	At      *time.Time        `json:"at"` // null: it cannot be said yet
	Kind    string            `json:"kind"`
	What    string            `json:"what"`
	Clause  string            `json:"clause"`
	Mark    string            `json:"mark,omitempty"`
	Late    bool              `json:"late,omitempty"`
	Waits   string            `json:"waits,omitempty"`
	Because []string          `json:"because,omitempty"`
	Zones   map[string]string `json:"zones,omitempty"`
	Ways    []string          `json:"ways,omitempty"` // of a conflict
}

// JSON writes the timeline for programs: a list of objects, those of the kind "conflict" last.
func (t *Timeline) JSON(w io.Writer, zones ...*time.Location) error {
	all := []moment{}
	add := func(at time.Time, m moment) {
		if !at.IsZero() {
			m.At = &at
			for _, zone := range zones {
				if m.Zones == nil {
					m.Zones = map[string]string{}
				}
				m.Zones[zone.String()] = at.In(zone).Format(time.RFC3339)
			}
		}
		all = append(all, m)
	}
	for _, m := range t.Entries {
		add(m.At, moment{Kind: m.Kind, What: oneLine(m.What), Clause: m.Clause, Mark: m.Mark, Late: m.Late, Waits: oneLine(m.Waits), Because: m.Because})
	}
	for _, c := range t.Conflicts {
		m := moment{Kind: "conflict", What: oneLine(c.What), Clause: c.Clause}
		for _, leg := range c.Road {
			m.Because = append(m.Because, leg.Clause)
		}
		for _, way := range c.Ways {
			m.Ways = append(m.Ways, oneLine(way.Says))
		}
		add(c.Due, m)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(all)
}

// ICS writes what can be dated as a calendar file. The stamp is when it is written. A line has the same UID as long as it is
// of the same case, that is of the same arrival, so a calendar that knew it moves it.
func (t *Timeline) ICS(w io.Writer, stamp time.Time) error {
	var entries []Entry
	seen := map[string]int{}
	for _, m := range t.Entries {
		if m.At.IsZero() {
			continue
		}
		uid := fmt.Sprintf("%s-%d-%s-%s", t.Policy, t.At.Unix(), m.Kind, m.Clause)
		if seen[uid]++; seen[uid] > 1 {
			uid += fmt.Sprintf("-%d", seen[uid])
		}
		entries = append(entries, Entry{UID: uid + "@tipstaff", Summary: inert(t.Title + ": " + m.titled()), Description: m.Kind + " (" + m.Clause + ")", Start: m.At, End: m.At})
	}
	_, err := w.Write(WriteICS(inert(t.Title), stamp, entries))
	return err
}
