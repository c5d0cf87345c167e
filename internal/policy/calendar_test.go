package policy

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// berlin works as many offices there do, and a little more is closed at the end of the year.
var berlin = Calendar{Name: "berlin", Zone: "Europe/Berlin",
	Holidays: []string{"--12-24", "--12-25", "--12-26", "--12-31", "--01-01", "2026-04-03", "2026-04-06"}}

func ready(t testing.TB, c Calendar, from ...Files) *WorkTime {
	t.Helper()
	w, faults := c.workTime(append(from, nil)[0])
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return w
}

func length(t testing.TB, text string) Duration {
	t.Helper()
	d, err := ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestWorkingDaysEndWhenPeopleExpect has instants that were counted by hand on a calendar of paper, each in its zone.
func TestWorkingDaysEndWhenPeopleExpect(t *testing.T) {
	office := berlin
	office.Hours = "09:00-17:00"
	newYork := Calendar{Name: "ny", Zone: "America/New_York", File: "us-federal"}
	gulf := Calendar{Name: "gulf", Zone: "Asia/Kuwait", Days: []string{"sun", "mon", "tue", "wed", "thu"}}
	for _, test := range []struct {
		name      string
		calendar  Calendar
		from, add string
		want      string
	}{
		{"Friday afternoon and three days are Wednesday afternoon", berlin, "2026-03-06 16:30", "3wd", "2026-03-11 16:30"},
		{"Saturday and three days are the end of Wednesday", berlin, "2026-03-07 12:00", "3wd", "2026-03-11 23:00"},
		{"Monday at midnight is the same as Saturday", berlin, "2026-03-08 23:00", "3wd", "2026-03-11 23:00"},
		{"a week of five days that began on Saturday ends on Friday, not on Monday", berlin, "2026-03-07 12:00", "5wd", "2026-03-13 23:00"},
		{"one day", berlin, "2026-03-10 08:00", "1wd", "2026-03-11 08:00"},
		{"within the hours of an office", office, "2026-03-06 15:00", "3wd", "2026-03-11 15:00"},
		{"after the hours it counts from Monday, and ends when the office does", office, "2026-03-06 16:30", "3wd", "2026-03-11 16:00"},
		{"on Saturday as well", office, "2026-03-07 12:00", "3wd", "2026-03-11 16:00"},
		{"at the very end of the hours as well", office, "2026-03-06 16:00", "3wd", "2026-03-11 16:00"},
		{"before the hours the day counts whole", office, "2026-03-10 05:00", "1wd", "2026-03-10 16:00"},
		{"the clocks go forward in Berlin: 17:30 stays 17:30", berlin, "2026-03-27 16:30", "2wd", "2026-03-31 15:30"},
		{"the clocks go back in Berlin", berlin, "2026-10-23 15:30", "3wd", "2026-10-28 16:30"},
		{"the clocks go forward in New York", newYork, "2026-03-06 22:30", "3wd", "2026-03-11 21:30"},
		{"the clocks go back in New York", newYork, "2026-10-30 21:30", "1wd", "2026-11-02 22:30"},
		{"Good Friday and Easter Monday", berlin, "2026-04-02 08:00", "1wd", "2026-04-07 08:00"},
		{"Christmas on Friday, its second day on a weekend", berlin, "2026-12-23 09:00", "1wd", "2026-12-28 09:00"},
		{"the end of the year", berlin, "2026-12-30 09:00", "2wd", "2027-01-05 09:00"},
		{"Thanksgiving", newYork, "2026-11-25 17:00", "1wd", "2026-11-27 17:00"},
		{"a holiday on Saturday is observed on Friday", newYork, "2026-07-02 16:00", "1wd", "2026-07-06 16:00"},
		{"29 February is a day", berlin, "2028-02-25 12:00", "2wd", "2028-02-29 12:00"},
		{"and otherwise not", berlin, "2027-02-26 12:00", "1wd", "2027-03-01 12:00"},
		{"a week from Sunday to Thursday", gulf, "2026-03-05 09:00", "1wd", "2026-03-08 09:00"},
		{"hours go on the next morning", office, "2026-03-06 15:00", "4wh", "2026-03-09 11:00"},
		{"a day of hours ends the same day", office, "2026-03-06 08:00", "8wh", "2026-03-06 16:00"},
		{"hours over Easter", office, "2026-04-02 14:00", "3wh", "2026-04-07 09:00"},
		{"days, then hours", office, "2026-03-06 15:00", "1wd2wh", "2026-03-10 09:00"},
		{"months first, what is exact last", office, "2026-02-06 15:00", "1mo1wd24h", "2026-03-10 15:00"},
		{"a month after the last day is the last day", office, "2027-01-31 09:00", "1mo", "2027-02-28 09:00"},
		{"of a leap year", office, "2028-01-30 09:00", "1mo", "2028-02-29 09:00"},
		{"and of another year", office, "2026-08-31 09:00", "6mo", "2027-02-28 09:00"},
		{"no working time asks no calendar", office, "2026-03-07 12:00", "2d", "2026-03-09 12:00"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := ready(t, test.calendar).Add(on(test.from), length(t, test.add))
			if want := on(test.want); !got.Equal(want) {
				t.Errorf("%s and %s is %s, want %s", test.from, test.add, got.Format("Mon 2006-01-02 15:04"), want.Format("Mon 2006-01-02 15:04"))
			}
		})
	}
}

// TestADayOfFewerHoursCountsItsHours is about working on the Sundays on which the clocks change.
func TestADayOfFewerHoursCountsItsHours(t *testing.T) {
	sundays := ready(t, Calendar{Zone: "Europe/Berlin", Days: []string{"sun"}})
	if got, want := sundays.Add(on("2026-03-28 23:00"), length(t, "23wh")), on("2026-03-29 22:00"); !got.Equal(want) {
		t.Errorf("the 23 hours of the Sunday in spring end at %s, want %s", got, want)
	}
	if got, want := sundays.Add(on("2026-10-24 22:00"), length(t, "25wh")), on("2026-10-25 23:00"); !got.Equal(want) {
		t.Errorf("the 25 hours of the Sunday in autumn end at %s, want %s", got, want)
	}
}

// TestPlanningBackwardsFindsTheLatestBeginning compares Sub with what it promises: a minute later would be too late.
func TestPlanningBackwardsFindsTheLatestBeginning(t *testing.T) {
	office := ready(t, berlin)
	for _, test := range []struct{ until, sub, want string }{
		{"2026-03-12 15:00", "3wd", "2026-03-09 15:00"},
		{"2026-03-14 12:00", "3wd", "2026-03-10 23:00"}, // Saturday: all of Wednesday, Thursday and Friday
		{"2026-04-07 08:00", "1wd", "2026-04-02 08:00"},
		{"2026-03-31 15:30", "2wd", "2026-03-27 16:30"},
		{"2027-02-28 09:00", "1mo", "2027-01-31 09:00"},
		{"2026-03-31 09:00", "1mo", "2026-02-28 09:00"},
		{"2026-05-15 09:00", "1mo", "2026-04-15 09:00"},
	} {
		if got, want := office.Sub(on(test.until), length(t, test.sub)), on(test.want); !got.Equal(want) {
			t.Errorf("%s before %s is %s, want %s", test.sub, test.until, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		c := berlin
		c.Zone = rapid.SampledFrom([]string{"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"}).Draw(t, "zone")
		c.Hours = rapid.SampledFrom([]string{"", "09:00-17:00", "00:00-12:00", "13:00-24:00"}).Draw(t, "hours")
		w, _ := c.workTime(nil)
		until := on("2026-01-01 00:00").Add(time.Duration(rapid.IntRange(0, 800*24*60).Draw(t, "minutes")) * time.Minute)
		d := Duration{WorkingDays: rapid.IntRange(0, 30).Draw(t, "wd"), WorkingHours: rapid.IntRange(0, 30).Draw(t, "wh")}
		if !d.Works() {
			d.WorkingDays = 1
		}
		begin := w.Sub(until, d)
		if end := w.Add(begin, d); end.After(until) {
			t.Fatalf("from %s it ends at %s, after %s", begin, end, until)
		}
		if late := begin.Add(time.Minute); !w.Add(late, d).After(until) {
			t.Fatalf("%s is not the latest: %s ends at %s", begin, late, w.Add(late, d))
		}
	})
}

func TestWorkingTimeKnowsWhatItIs(t *testing.T) {
	w := ready(t, Calendar{Zone: "America/New_York", Hours: "09:00-17:00", File: "us-federal", Holidays: []string{"--12-24"}})
	for at, works := range map[string]bool{
		"2026-03-09 13:00": true,  // Monday 9:00 in summer
		"2026-03-09 12:59": false, //
		"2026-03-09 21:00": false, // 17:00 is over
		"2026-03-08 15:00": false, // Sunday
		"2026-11-26 15:00": false, // Thanksgiving
	} {
		if got := w.Working(on(at)); got != works {
			t.Errorf("at %s working is %v", at, got)
		}
	}
	if got, want := w.Next(on("2026-11-25 22:00")), on("2026-11-27 14:00"); !got.Equal(want) {
		t.Errorf("after Wednesday's end comes %s, want Friday 9:00, %s", got, want)
	}
	if got := w.Next(on("2026-11-25 15:00")); !got.Equal(on("2026-11-25 15:00")) {
		t.Errorf("what counts moved to %s", got)
	}
	if name, off := w.Holiday(on("2026-11-26 15:00")); !off || name != "Thanksgiving Day" {
		t.Errorf("26 November 2026 is %q, %v", name, off)
	}
	if _, off := w.Holiday(on("2026-12-24 15:00")); !off {
		t.Error("24 December is a holiday of the list")
	}
	if _, off := w.Holiday(on("2026-11-28 15:00")); off {
		t.Error("a Saturday is no holiday")
	}
	var none *WorkTime
	if got, want := none.Add(on("2026-03-06 17:30"), length(t, "3wd")), on("2026-03-11 17:30"); !got.Equal(want) {
		t.Errorf("the ordinary week comes to %s, want %s", got, want)
	}
	if !none.Working(on("2026-12-25 23:00")) || none.Zone() != time.UTC {
		t.Error("the ordinary week has no holidays and is in UTC")
	}
}

// TestShippedCalendarsAreThePublishedOnes has the lists as the Office of Personnel Management prints them for each year, and
// as they follow from the European Central Bank's long-term calendar.
func TestShippedCalendarsAreThePublishedOnes(t *testing.T) {
	for name, lists := range map[string][]string{
		"us-federal": {
			"2024-01-01 2024-01-15 2024-02-19 2024-05-27 2024-06-19 2024-07-04 2024-09-02 2024-10-14 2024-11-11 2024-11-28 2024-12-25",
			"2025-01-01 2025-01-20 2025-02-17 2025-05-26 2025-06-19 2025-07-04 2025-09-01 2025-10-13 2025-11-11 2025-11-27 2025-12-25",
			"2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-10-12 2026-11-11 2026-11-26 2026-12-25",
			"2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-06-18 2027-07-05 2027-09-06 2027-10-11 2027-11-11 2027-11-25 2027-12-24 2027-12-31",
			"2028-01-17 2028-02-21 2028-05-29 2028-06-19 2028-07-04 2028-09-04 2028-10-09 2028-11-10 2028-11-23 2028-12-25",
			"2029-01-01 2029-01-15 2029-02-19 2029-05-28 2029-06-19 2029-07-04 2029-09-03 2029-10-08 2029-11-12 2029-11-22 2029-12-25",
			"2030-01-01 2030-01-21 2030-02-18 2030-05-27 2030-06-19 2030-07-04 2030-09-02 2030-10-14 2030-11-11 2030-11-28 2030-12-25",
		},
		"target2": {
			"2024-01-01 2024-03-29 2024-04-01 2024-05-01 2024-12-25 2024-12-26",
			"2025-01-01 2025-04-18 2025-04-21 2025-05-01 2025-12-25 2025-12-26",
			"2026-01-01 2026-04-03 2026-04-06 2026-05-01 2026-12-25 2026-12-26",
			"2027-01-01 2027-03-26 2027-03-29 2027-05-01 2027-12-25 2027-12-26",
			"2028-01-01 2028-04-14 2028-04-17 2028-05-01 2028-12-25 2028-12-26",
			"2030-01-01 2030-04-19 2030-04-22 2030-05-01 2030-12-25 2030-12-26",
			"2035-01-01 2035-03-23 2035-03-26 2035-05-01 2035-12-25 2035-12-26",
		},
	} {
		all := ready(t, Calendar{Name: "c", File: name}).dates()
		for _, list := range lists {
			want := strings.Fields(list)
			got := slices.DeleteFunc(slices.Clone(all), func(d string) bool { return d[:4] != want[0][:4] })
			if !slices.Equal(got, want) {
				t.Errorf("%s of %s:\ngot  %v\nwant %v", name, want[0][:4], got, want)
			}
		}
		if end := all[len(all)-1]; end < "2099-12" {
			t.Errorf("%s ends on %s", name, end)
		}
	}
	if got := ShippedCalendars(); !slices.Equal(got, []string{"target2", "us-federal"}) {
		t.Errorf("shipped are %v", got)
	}
}

func TestACalendarThatCannotBeUsedIsRefused(t *testing.T) {
	all := []string{"--02-29"}
	for d := firstDay; d < firstDay+400; d++ {
		if each := d.String()[4:]; each != "-02-29" {
			all = append(all, "-"+each)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	half := func(string) ([]byte, error) {
		return []byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Half\nDTSTART:20261224T120000\nDTEND:20261225T000000\nEND:VEVENT\nEND:VCALENDAR\n"), nil
	}
	for _, test := range []struct {
		calendar     Calendar
		from         Files
		clause, says string
	}{
		{calendar: Calendar{Zone: "Europe/Berln"}, clause: ".zone", says: "no time zone"},
		{calendar: Calendar{Zone: "Local"}, clause: ".zone", says: "no time zone"},
		{calendar: Calendar{Hours: "9-17"}, clause: ".hours", says: "09:00"},
		{calendar: Calendar{Hours: "22:00-06:00"}, clause: ".hours", says: "same day"},
		{calendar: Calendar{Hours: "09:00"}, clause: ".hours", says: "09:00-17:00"},
		{calendar: Calendar{Days: []string{"monday"}}, clause: ".days", says: `"monday"`},
		{calendar: Calendar{Holidays: []string{"2026-02-30"}}, clause: ".holidays.2026-02-30", says: "no day"},
		{calendar: Calendar{Holidays: []string{"1926-02-20"}}, clause: ".holidays.1926-02-20", says: "1990"},
		{calendar: Calendar{Holidays: all}, clause: "", says: "nobody works"},
		{calendar: Calendar{File: "moon"}, clause: ".file", says: "no calendar"},
		{calendar: Calendar{File: "a/b.ics"}, clause: ".file", says: "beside"},
		{calendar: Calendar{File: "own.ics"}, clause: ".file", says: "no other file"},
		{calendar: Calendar{File: "own.ics"}, from: half, clause: ".file", says: "line 2"},
		{calendar: Calendar{Name: "elapsed"}, clause: ".name", says: "every minute"},
	} {
		w, faults := test.calendar.workTime(test.from)
		if w != nil || len(faults) != 1 || faults[0].clause != test.clause || !strings.Contains(faults[0].says, test.says) {
			t.Errorf("%+v: got %v, want a fault at %q that says %q", test.calendar, faults, test.clause, test.says)
		}
	}
	if w, faults := (&Calendar{Days: []string{"wed"}, Holidays: []string{"--02-29"}}).workTime(nil); w == nil {
		t.Errorf("one day a week is enough: %v", faults)
	}
}

// TestWorkingTimeIsReadAndWritten is about durations alone.
func TestWorkingTimeIsReadAndWritten(t *testing.T) {
	for text, words := range map[string]string{
		"3wd": "3 working days", "1wd": "1 working day", "4wh": "4 working hours", "1mo2wd3wh4d5h6m": "1 month 2 working days 3 working hours 4 days 5 hours 6 minutes",
		"2w": "14 days", "24h": "24 hours",
	} {
		d := length(t, text)
		if d.Words() != words {
			t.Errorf("%s is %q, want %q", text, d.Words(), words)
		}
		if again := length(t, d.String()); again != d {
			t.Errorf("%s is written as %s, which is %+v", text, d, again)
		}
	}
	if week := length(t, "1w").Approx(); length(t, "5wd").Approx() != week || length(t, "40wh").Approx() != week {
		t.Error("five working days are about a week")
	}
	for _, text := range []string{"121mo", "5000mo", "9999mo", "9999w", "2700wd", "600w2000d"} {
		if _, err := ParseDuration(text); err == nil || !strings.Contains(err.Error(), "ten years") {
			t.Errorf("%s was read: %v", text, err)
		}
	}
}

// TestAPromiseInWorkingDaysNeedsACalendar reads documents.
func TestAPromiseInWorkingDaysNeedsACalendar(t *testing.T) {
	const promise = "embargo: {offer: 30d, longest: 60d}"
	days := strings.Replace(harbour, promise, "embargo: {offer: 20wd, longest: 60d}", 1)
	if days == harbour {
		t.Fatal("the sample has no such promise any more")
	}
	_, err := Read("harbour.yaml", []byte(days))
	if err == nil || !strings.Contains(err.Error(), "embargo.offer: 20 working days is working time, and no calendar") {
		t.Errorf("got %v", err)
	}
	const calendars = "calendars:\n  - {name: office, zone: Europe/Berlin, hours: 09:00-17:00, file: target2, holidays: [2026-12-24, --12-31]}\n"
	_, err = Read("harbour.yaml", []byte(days+calendars))
	if err == nil || !strings.Contains(err.Error(), "(allowed: office)") {
		t.Errorf("the problem does not say which calendars there are: %v", err)
	}
	p, err := Read("harbour.yaml", []byte(days+calendars+"calendar: office\n"))
	if err != nil {
		t.Fatal(err)
	}
	if p.WorkTime("").Zone().String() != "Europe/Berlin" || p.WorkTime("office") == nil || p.WorkTime(elapsed) != nil {
		t.Error("the calendar is not found by its name")
	}
	if _, off := p.WorkTime("office").Holiday(on("2026-12-24 12:00")); !off {
		t.Error("a day without quotes is no holiday")
	}
}
