package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// templateLiteral: a template with a time of its own is read by everybody, and the field by the program only.
var templateLiteral = lint{
	code:  "template-literal",
	rules: []string{"L10", "F13"},
	why:   "people act by the text that they got, and the program by the field",
	fix:   "take the time out of the text and give the notice a field for it, or let both say the same",
	find: func(x *inquiry) {
		for _, n := range x.Document.Notices {
			for _, part := range []placed[string]{{"subject", n.Subject}, {"text", n.Text}} {
				clause := "notices." + n.Name + "." + part.clause
				x.wrongClock(clause, part.is)
				x.wrongWait(clause, part.is, n.Name)
			}
		}
		for _, s := range x.sentences() {
			x.wrongClock(s.clause, s.is)
		}
	},
}

// wrongWait compares the times that a notice speaks of with the waits that are counted from it.
func (x *inquiry) wrongWait(clause, text, notice string) {
	var kept []Duration
	var where []string
	x.eachWait(func(w hold) {
		if w.notice() == notice {
			kept, where = append(kept, w.wait.For), append(where, w.clause)
		}
	})
	for _, said := range saidTimes(text) {
		if len(kept) > 0 && !slices.ContainsFunc(kept, func(d Duration) bool { return d.Approx() == said.length }) {
			x.found(clause, "it says %q, and %s waits %s", said.words, where[0], kept[0].Words()).Conflicts = where
		}
	}
}

// wrongClock compares the times of day that a text speaks of with that of the schedule.
func (x *inquiry) wrongClock(clause, text string) {
	s := x.Document.Schedule
	if s == nil || x.table == nil || x.table.clock == anytime {
		return
	}
	for _, said := range saidClocks(prose(text), x.table.zone) {
		if says := said.unlike(x.table); says != "" {
			x.found(clause, "it says %q, and the schedule publishes at %s %s: %s", said.words, s.At, x.table.zone, says).Conflicts = []string{"schedule.at"}
		}
	}
}

// saidClock is a time of day as somebody wrote it.
type saidClock struct {
	words string
	clock time.Duration
	zone  *time.Location
}

var (
	clockWords = regexp.MustCompile(`(?i)\b(\d{1,2})(?::(\d{2}))?\s*(am|pm|a\.m\.|p\.m\.)?\s*\(?(` + zoneWords() + `)?\b`)

	// zonesSaid are the words by which people name zones; those of a country mean its time, in summer and in winter.
	zonesSaid = map[string]string{"UTC": "UTC", "GMT": "UTC", "Z": "UTC", "PT": "America/Los_Angeles", "Pacific": "America/Los_Angeles",
		"MT": "America/Denver", "CT": "America/Chicago", "ET": "America/New_York", "Eastern": "America/New_York", "UK": "Europe/London"}
	// offsetsSaid are those that mean one offset, in hours.
	offsetsSaid = map[string]int{"PST": -8, "PDT": -7, "MST": -7, "MDT": -6, "CST": -6, "CDT": -5, "EST": -5, "EDT": -4, "BST": 1, "CET": 1,
		"CEST": 2, "JST": 9}
)

func zoneWords() string {
	return `UTC|GMT|Z|PT|Pacific|MT|CT|ET|Eastern|UK|PST|PDT|MST|MDT|CST|CDT|EST|EDT|BST|CEST|CET|JST`
}

// saidClocks are the times of day that a text speaks of. A number alone is none: it needs minutes, am or pm, or a zone.
func saidClocks(text string, own *time.Location) (all []saidClock) {
	for _, m := range clockWords.FindAllStringSubmatch(text, -1) {
		hour, _ := strconv.Atoi(m[1])
		minute, _ := strconv.Atoi(m[2])
		half := strings.ToLower(strings.ReplaceAll(m[3], ".", ""))
		if m[2] == "" && half == "" && m[4] == "" || hour > 24 || minute > 59 {
			continue
		}
		if half != "" && (hour < 1 || hour > 12) {
			continue
		}
		if half != "" {
			hour %= 12
		}
		if half == "pm" {
			hour += 12
		}
		all = append(all, saidClock{strings.TrimSpace(m[0]), time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute, zoneSaid(m[4], own)})
	}
	return all
}

func zoneSaid(word string, own *time.Location) *time.Location {
	for name, zone := range zonesSaid {
		if strings.EqualFold(name, word) {
			if found, err := zoneOf(zone); err == nil {
				return found
			}
		}
	}
	if hours, known := offsetsSaid[strings.ToUpper(word)]; known {
		return time.FixedZone(strings.ToUpper(word), hours*60*60)
	}
	return own
}

// unlike says when the time of day is another one than the schedule's, in January or in July.
func (c saidClock) unlike(table *Timetable) string {
	var parts []string
	for _, month := range []time.Month{time.January, time.July} {
		on := dayOn(plainYear.Year(), month, 15)
		said := on.at(c.clock, c.zone)
		if in := clockIn(said, table.zone); in != table.clock%(24*time.Hour) {
			parts = append(parts, fmt.Sprintf("in %s that is %02d:%02d there", month, int(in.Hours()), int(in.Minutes())%60))
		}
	}
	return strings.Join(parts, ", ")
}
