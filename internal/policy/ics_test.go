package policy

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// ics is a calendar of one event with these lines.
func ics(lines ...string) []byte {
	return []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n" +
		strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
}

// TestCalendarFilesSayWhichDays compares what a file says with days that were typed from a calendar of paper.
func TestCalendarFilesSayWhichDays(t *testing.T) {
	for _, test := range []struct {
		name  string
		lines []string
		zone  string
		want  string // all of them, or the first ones of many
	}{
		{"one day", []string{"DTSTART;VALUE=DATE:20261225"}, "UTC", "2026-12-25"},
		{"the end does not belong to it", []string{"DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227"}, "UTC", "2026-12-24 2026-12-25 2026-12-26"},
		{"a length instead of an end", []string{"DTSTART;VALUE=DATE:20261224", "DURATION:P2D"}, "UTC", "2026-12-24 2026-12-25"},
		{"every year", []string{"DTSTART;VALUE=DATE:20261225", "RRULE:FREQ=YEARLY"}, "UTC", "2026-12-25 2027-12-25 2028-12-25 …"},
		{"29 February", []string{"DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY"}, "UTC", "2024-02-29 2028-02-29 2032-02-29 …"},
		{"the fourth Thursday", []string{"DTSTART;VALUE=DATE:20241128", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"}, "UTC", "2024-11-28 2025-11-27 2026-11-26 …"},
		{"the last Monday", []string{"DTSTART;VALUE=DATE:20260525", "RRULE:FREQ=YEARLY;BYDAY=-1MO;BYMONTH=5"}, "UTC", "2026-05-25 2027-05-31 2028-05-29 …"},
		{"the Tuesday after the first Monday", []string{"DTSTART;VALUE=DATE:20241105", "RRULE:FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYMONTHDAY=2,3,4,5,6,7,8;BYDAY=TU"}, "UTC", "2024-11-05 2028-11-07 2032-11-02 …"},
		{"the last day of two months", []string{"DTSTART;VALUE=DATE:20260228", "RRULE:FREQ=YEARLY;BYMONTH=2,12;BYMONTHDAY=-1;COUNT=3"}, "UTC", "2026-02-28 2026-12-31 2027-02-28"},
		{"so often", []string{"DTSTART;VALUE=DATE:20261225", "RRULE:FREQ=YEARLY;COUNT=2"}, "UTC", "2026-12-25 2027-12-25"},
		{"until a day that belongs to it", []string{"DTSTART;VALUE=DATE:20261225", "RRULE:FREQ=YEARLY;UNTIL=20281225"}, "UTC", "2026-12-25 2027-12-25 2028-12-25"},
		{"not in one year", []string{"DTSTART;VALUE=DATE:20261225", "RRULE:FREQ=YEARLY;COUNT=3", "EXDATE;VALUE=DATE:20271225"}, "UTC", "2026-12-25 2028-12-25"},
		{"days one by one", []string{"DTSTART;VALUE=DATE:20260403", "RDATE;VALUE=DATE:20270326,20280414"}, "UTC", "2026-04-03 2027-03-26 2028-04-14"},
		{"from midnight to midnight in its zone", []string{"DTSTART;TZID=Europe/Berlin:20260329T000000", "DTEND;TZID=Europe/Berlin:20260330T000000"}, "Europe/Berlin", "2026-03-29"},
		{"from midnight to midnight in UTC", []string{"DTSTART:20261225T000000Z", "DTEND:20261226T000000Z"}, "UTC", "2026-12-25"},
		{"wherever one is", []string{"DTSTART:20261225T000000", "DURATION:PT24H"}, "Asia/Tokyo", "2026-12-25"},
		{"a folded line", []string{"DTSTART;VALUE", " =DATE:2026", "\t1225"}, "UTC", "2026-12-25"},
		{"it does not take place", []string{"DTSTART;VALUE=DATE:20261225", "STATUS:CANCELLED"}, "UTC", ""},
		{"before 1990 nobody asks", []string{"DTSTART;VALUE=DATE:19880101", "RRULE:FREQ=YEARLY;COUNT=4"}, "UTC", "1990-01-01 1991-01-01"},
		{"what does not move it", []string{"DTSTART;VALUE=DATE:20261225", "TRANSP:OPAQUE", "X-THING;A=\"b;c:d\":e", "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P1D", "END:VALARM"}, "UTC", "2026-12-25"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, text := range [][]byte{ics(test.lines...), bytes.ReplaceAll(ics(test.lines...), []byte("\r\n"), []byte("\n"))} {
				files := func(string) ([]byte, error) { return text, nil }
				got := ready(t, Calendar{Zone: test.zone, File: "own.ics"}, files).dates()
				want, many := strings.CutSuffix(test.want, " …")
				if first := len(strings.Fields(want)); many && len(got) > first {
					got = got[:first]
				}
				if strings.Join(got, " ") != want {
					t.Errorf("got  %v\nwant %v", got, want)
				}
			}
		})
	}
}

// TestACalendarFileIsRefusedWithItsLine holds that nothing which could move a day is passed over.
func TestACalendarFileIsRefusedWithItsLine(t *testing.T) {
	many := strings.Repeat("BEGIN:VEVENT\nDTSTART:20260101\nRRULE:FREQ=YEARLY;BYMONTHDAY=1,2,3,4,5,6,7,8,9,10,11,12\nEND:VEVENT\n", 300)
	for _, test := range []struct {
		name, text, says string
	}{
		{"nothing", "", "line 1: the calendar does not end"},
		{"no calendar", "holidays: none", "line 1"},
		{"it does not end", "BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "line 2: the calendar does not end"},
		{"version 1", "BEGIN:VCALENDAR\nVERSION:1.0\nEND:VCALENDAR", "line 2: this is version 1.0"},
		{"another scale", "BEGIN:VCALENDAR\nCALSCALE:JULIAN\nEND:VCALENDAR", "line 2: the scale JULIAN"},
		{"a task", "BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VTODO\nEND:VCALENDAR", "line 2: no VTODO"},
		{"two calendars", "BEGIN:VCALENDAR\nEND:VCALENDAR\nBEGIN:VCALENDAR\nEND:VCALENDAR", "line 3: no VCALENDAR"},
		{"crossed ends", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR", "line 3: END:VCALENDAR"},
		{"no start", string(ics("SUMMARY:x")), "line 8: the event that ends here has no DTSTART"},
		{"no day", string(ics("DTSTART;VALUE=DATE:20260230")), `line 7: "20260230" is no day`},
		{"two starts", string(ics("DTSTART:20260101", "DTSTART:20260102")), "line 8: this event has DTSTART twice"},
		{"over before it begins", string(ics("DTSTART:20260103", "DTEND:20260103")), "over before it begins"},
		{"longer than a year", string(ics("DTSTART:20260103", "DTEND:20290103")), "longer than a year"},
		{"days and times", string(ics("DTSTART:20260103", "DTEND:20260104T000000Z")), "mixed"},
		{"an unknown zone", string(ics("DTSTART;TZID=Mars/Base:20260103T000000")), `line 7: the zone "Mars/Base"`},
		{"monthly", string(ics("DTSTART:20260103", "RRULE:FREQ=MONTHLY")), "FREQ=MONTHLY is not read"},
		{"weeks", string(ics("DTSTART:20260103", "RRULE:FREQ=YEARLY;BYWEEKNO=20")), "BYWEEKNO is not read"},
		{"a weekday of the year", string(ics("DTSTART:20260103", "RRULE:FREQ=YEARLY;BYDAY=20MO")), "20MO"},
		{"no day of its rule", string(ics("DTSTART:20260704", "RRULE:FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=5")), "the first is 2026-07-05"},
		{"moved once", string(ics("DTSTART:20260103", "RECURRENCE-ID:20260103")), "RECURRENCE-ID is not read"},
		{"left out and not there", string(ics("DTSTART:20260103", "EXDATE:20260104")), "leaves out 2026-01-04"},
		{"both ends", string(ics("DTSTART:20260103", "RRULE:FREQ=YEARLY;COUNT=2;UNTIL=20300101")), "both COUNT and UNTIL"},
		{"something new", string(ics("DTSTART:20260103", "STYLED-DESCRIPTION:x")), "line 8: an event with STYLED-DESCRIPTION"},
		{"not UTF-8", "BEGIN:VCALENDAR\nX-WR-CALNAME:\xff\nEND:VCALENDAR", "line 2: this is not UTF-8"},
		{"too many days", "BEGIN:VCALENDAR\n" + many + "END:VCALENDAR\n", "the calendar has more than 20000 days"},
		{"too many events", "BEGIN:VCALENDAR\n" + strings.Repeat("BEGIN:VEVENT\nDTSTART:20260101\nEND:VEVENT\n", 1001) + "END:VCALENDAR\n", "line 3004: the calendar has more than 1000 events"},
		{"too long", strings.Repeat("\n", longestICS+1), "line 1: the file has"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if entries, err := ReadICS([]byte(test.text), time.UTC); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v and %v, want %q", entries, err, test.says)
			}
		})
	}
}

// TestACalendarFileIsReadInBoundedTime has rules that would look at very many days and find one.
func TestACalendarFileIsReadInBoundedTime(t *testing.T) {
	text := "BEGIN:VCALENDAR\n" + strings.Repeat("BEGIN:VEVENT\nDTSTART:19040229\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO\nEND:VEVENT\n", 900) + "END:VCALENDAR\n"
	pieces := testing.AllocsPerRun(1, func() {
		if _, err := ReadICS([]byte(text), time.UTC); err == nil || !strings.Contains(err.Error(), "repeats too much") {
			t.Errorf("it was read whole: %v", err)
		}
	})
	if pieces > 500_000 {
		t.Errorf("%v pieces of memory for one file", pieces)
	}
}

var timeline = []Entry{
	{UID: "HRB-1.response@harbour", Summary: "Response is due; by policy, clocks.response", Description: "Two lines:\nclocks.response, 48 h \\ elapsed",
		URL: "https://example.org/p/harbour#clocks.response", Start: on("2026-12-21 09:00"), End: on("2026-12-21 09:00"), Alarm: 24 * time.Hour},
	{UID: "HRB-1.embargo@harbour", Summary: "Embargo – bis zum Tag der Veröffentlichung der Sicherheitslücke im Hafen, für alle 🚢🚢🚢🚢🚢 Schiffe",
		Description: strings.Repeat("ü", 80), Start: on("2026-12-21 09:00"), End: on("2027-01-04 15:00")},
	{UID: "HRB-1.winter@harbour", Summary: "Winter", Start: on("2026-12-20 00:00"), End: on("2027-01-03 00:00"), Days: true},
}

// TestACalendarFileComesBackAsItWasWritten reads the program's own files, and looks at what other programs insist on.
func TestACalendarFileComesBackAsItWasWritten(t *testing.T) {
	text := WriteICS("Harbour, HRB-1", on("2026-12-01 08:00"), timeline)
	got, err := ReadICS(text, time.UTC)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if diff := cmp.Diff(timeline, got, cmpopts.IgnoreUnexported(Entry{})); diff != "" {
		t.Errorf("-written +read\n%s", diff)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(string(text), "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") || !utf8.ValidString(line) {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
	for _, want := range []string{"DTSTAMP:20261201T080000Z\r\n", "DTSTART;VALUE=DATE:20261220\r\n", "TRIGGER:-PT86400S\r\n", `Two lines:\nclocks.response\, 48 h \\ elapsed`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	// A title or a name comes from people; it begins no line of its own.
	evil := WriteICS("x\r\nBEGIN:VEVENT", on("2026-12-01 08:00"), []Entry{{UID: "1\nEND:VEVENT", URL: "https://x\r\nATTACH:y", Summary: "s\rATTACH:z", Start: on("2026-12-01 08:00")}})
	if strings.Contains(string(evil), "\nATTACH") || strings.Count(string(evil), "\nBEGIN:VEVENT") != 1 {
		t.Errorf("a text began a line:\n%s", evil)
	}
}

func FuzzReadICS(f *testing.F) {
	for _, name := range ShippedCalendars() {
		text, _ := shippedCalendar(name)
		f.Add(text)
	}
	f.Add(WriteICS("Harbour", on("2026-12-01 08:00"), timeline))
	f.Add(ics("DTSTART;TZID=Europe/Berlin:20260329T000000", "DURATION:PT23H", "RRULE:FREQ=YEARLY;UNTIL=20300101T000000Z", "EXDATE;TZID=Europe/Berlin:20270329T000000"))
	f.Add(ics("DTSTART:20260103", "RRULE:FREQ=YEARLY;INTERVAL=3;COUNT=4;BYMONTH=1;BYDAY=SA,-2TU,3MO;WKST=SU", "RDATE:20270101,20280101"))
	f.Fuzz(func(t *testing.T, text []byte) {
		entries, err := ReadICS(text, time.UTC)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "line ") {
				t.Errorf("an error without its line: %v", err)
			}
			return
		}
		if len(entries) > 200 {
			return
		}
		again, err := ReadICS(WriteICS("again", on("2026-12-01 08:00"), entries), time.UTC)
		if err != nil || len(again) != len(entries) {
			t.Fatalf("%d entries came back as %d: %v", len(entries), len(again), err)
		}
		for i := range again {
			if !again[i].Start.Equal(entries[i].Start) || !again[i].End.Equal(entries[i].End) || again[i].Days != entries[i].Days {
				t.Errorf("%+v came back as %+v", entries[i], again[i])
			}
		}
	})
}
