package policy

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// WriteICS writes events as an iCalendar file (RFC 5545) that calendar programs can subscribe to or import: an event with the
// UID of an earlier one replaces it. The stamp is when it is written.
func WriteICS(title string, stamp time.Time, entries []Entry) []byte {
	return writeICS(title, stamp, 0, entries)
}

// WriteFeed writes a calendar that programs read again and again, after so many hours each. Nothing in it depends on when it is
// written: each event says when it was changed (RFC 7986, 5.7).
func WriteFeed(title string, hours int, entries []Entry) []byte {
	return writeICS(title, time.Time{}, hours, entries)
}

func writeICS(title string, stamp time.Time, hours int, entries []Entry) []byte {
	var b strings.Builder
	line := func(name, value string) { fold(&b, name+":"+value) }
	line("BEGIN", "VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", "-//Tipstaff//Tipstaff//EN")
	line("X-WR-CALNAME", escapeICS(title))
	if hours > 0 {
		line("NAME", escapeICS(title))
		line("REFRESH-INTERVAL;VALUE=DURATION", fmt.Sprintf("PT%dH", hours))
		line("X-PUBLISHED-TTL", fmt.Sprintf("PT%dH", hours)) // what calendar programs read that are older than the standard
	}
	for _, e := range entries {
		line("BEGIN", "VEVENT")
		line("UID", escapeICS(e.UID))
		if e.Changed.IsZero() {
			line("DTSTAMP", icsInstant(stamp))
		} else {
			line("DTSTAMP", icsInstant(e.Changed))
			line("LAST-MODIFIED", icsInstant(e.Changed))
			line("SEQUENCE", strconv.Itoa(e.Sequence))
			line("STATUS", map[bool]string{true: "CANCELLED", false: "CONFIRMED"}[e.Cancelled])
		}
		if e.Private {
			line("CLASS", "PRIVATE")
			line("TRANSP", "TRANSPARENT")
		}
		if e.Days {
			line("DTSTART;VALUE=DATE", e.Start.UTC().Format("20060102"))
			line("DTEND;VALUE=DATE", e.End.UTC().Format("20060102"))
		} else {
			line("DTSTART", icsInstant(e.Start))
			if e.End.After(e.Start) {
				line("DTEND", icsInstant(e.End))
			}
		}
		line("SUMMARY", escapeICS(e.Summary))
		if e.Description != "" {
			line("DESCRIPTION", escapeICS(e.Description))
		}
		if e.URL != "" {
			line("URL", plainICS(e.URL))
		}
		if e.Alarm > 0 {
			line("BEGIN", "VALARM")
			line("ACTION", "DISPLAY")
			line("DESCRIPTION", escapeICS(e.Summary))
			line("TRIGGER", fmt.Sprintf("-PT%dS", int64(e.Alarm/time.Second)))
			line("END", "VALARM")
		}
		line("END", "VEVENT")
	}
	line("END", "VCALENDAR")
	return []byte(b.String())
}

func icsInstant(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

var icsEscapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`)

func escapeICS(text string) string { return plainICS(icsEscapes.Replace(text)) }

// plainICS takes out what no line may hold, so that no text begins a line of its own.
func plainICS(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
}

// fold writes a line in pieces of at most 75 octets and cuts no letter in two (RFC 5545, 3.1).
func fold(b *strings.Builder, line string) {
	for room := 75; len(line) > room; room = 74 { // the space that marks the rest is one of the 75
		cut := room
		for !utf8.RuneStart(line[cut]) {
			cut--
		}
		b.WriteString(line[:cut] + "\r\n ")
		line = line[cut:]
	}
	b.WriteString(line + "\r\n")
}
