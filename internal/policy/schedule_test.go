package policy

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func table(t testing.TB, s Schedule, calendars ...Calendar) *Timetable {
	t.Helper()
	known := map[string]*WorkTime{}
	for _, c := range calendars {
		known[c.Name] = ready(t, c)
	}
	table, faults := s.timetable(known)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return table
}

// reasons writes what moved a publication: "days>2026-03-09 15:00".
func reasons(shifts []Shift) string {
	var words []string
	for _, s := range shifts {
		words = append(words, strings.TrimPrefix(s.Clause, "schedule.")+">"+s.To.Format("2006-01-02 15:04"))
	}
	return strings.Join(words, ", ")
}

var (
	afternoons = Schedule{Zone: "Europe/Berlin", At: "16:00", Days: []string{"mon", "tue", "wed", "thu"},
		Blackouts: []Blackout{{Name: "winter", Title: "the winter holidays", From: "--12-20", To: "--01-02"}}}
	secondTuesday = Schedule{Zone: "America/Los_Angeles", At: "10:00", Train: &Train{Every: "month", On: "second tuesday"}}
	quarterly     = Schedule{Zone: "America/Los_Angeles", At: "13:00", Train: &Train{Every: "quarter", On: "third tuesday"},
		Blackouts: []Blackout{{Name: "move", From: "2026-10-19", To: "2026-10-21"}}}
	fourWeeks = Schedule{Zone: "UTC", Train: &Train{Every: "4w", From: "2026-01-13"}}
	noWeekend = Schedule{Zone: "UTC", Blackouts: []Blackout{{Name: "weekend", Days: []string{"fri", "sat", "sun"}}}}
	factory   = Schedule{Zone: "America/New_York", At: "09:30", Blackouts: []Blackout{{Name: "office", Calendar: "us"}}}
	us        = Calendar{Name: "us", Zone: "America/New_York", File: "us-federal"}
)

// TestPublicationsWaitForTheSchedule has instants that were found by hand on a calendar of paper, each in its zone.
func TestPublicationsWaitForTheSchedule(t *testing.T) {
	for _, test := range []struct {
		name     string
		schedule Schedule
		from     string
		want     string
		moved    string
	}{
		{"in the morning it waits for the afternoon", afternoons, "2026-03-10 08:00", "2026-03-10 15:00", "at>2026-03-10 15:00"},
		{"at the very time it waits for nothing", afternoons, "2026-03-10 15:00", "2026-03-10 15:00", ""},
		{"in the evening it waits for the next day", afternoons, "2026-03-10 20:00", "2026-03-11 15:00", "at>2026-03-11 15:00"},
		{"on Friday it waits for Monday", afternoons, "2026-03-06 08:00", "2026-03-09 15:00", "at>2026-03-06 15:00, days>2026-03-09 15:00"},
		{"16:00 stays 16:00 when the clocks go forward", afternoons, "2026-03-26 20:00", "2026-03-30 14:00", "at>2026-03-27 15:00, days>2026-03-30 14:00"},
		{"over the winter", afternoons, "2026-12-18 08:00", "2027-01-04 15:00",
			"at>2026-12-18 15:00, days>2026-12-21 15:00, blackouts.winter>2027-01-03 15:00, days>2027-01-04 15:00"},
		{"the second Tuesday", secondTuesday, "2026-12-01 00:00", "2026-12-08 18:00", "train>2026-12-08 18:00"},
		{"after it the one of next month", secondTuesday, "2026-12-08 18:01", "2027-01-12 18:00", "train>2027-01-12 18:00"},
		{"on the day of the train", secondTuesday, "2026-12-08 12:00", "2026-12-08 18:00", "at>2026-12-08 18:00"},
		{"the train of a quarter", quarterly, "2026-05-01 00:00", "2026-07-21 20:00", "train>2026-07-21 20:00"},
		{"a train that may not leave is put off", quarterly, "2026-10-01 00:00", "2026-10-22 20:00", "train>2026-10-20 20:00, blackouts.move>2026-10-22 20:00"},
		{"also for who asks on the day between", quarterly, "2026-10-21 12:00", "2026-10-22 20:00", "train>2026-10-20 20:00, blackouts.move>2026-10-22 20:00"},
		{"every four weeks, over the end of the year", fourWeeks, "2026-12-16 00:00", "2027-01-12 00:00", "train>2027-01-12 00:00"},
		{"any time of the train's day", fourWeeks, "2027-01-12 11:00", "2027-01-12 11:00", ""},
		{"Thursday is free", noWeekend, "2026-03-05 23:59", "2026-03-05 23:59", ""},
		{"Friday is not", noWeekend, "2026-03-06 00:00", "2026-03-09 00:00", "blackouts.weekend>2026-03-09 00:00"},
		{"days off of a calendar", factory, "2026-11-25 20:00", "2026-11-27 14:30", "at>2026-11-26 14:30, blackouts.office>2026-11-27 14:30"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, shifts := table(t, test.schedule, us).Next(on(test.from))
			if want := on(test.want); !got.Equal(want) || reasons(shifts) != test.moved {
				t.Errorf("\ngot  %s by %s\nwant %s by %s", got.Format("Mon 2006-01-02 15:04"), reasons(shifts), want.Format("Mon 2006-01-02 15:04"), test.moved)
			}
		})
	}
}

// TestAScheduleSaysWhy reads the words that people see.
func TestAScheduleSaysWhy(t *testing.T) {
	_, shifts := table(t, afternoons).Next(on("2026-12-18 20:00"))
	want := []string{"it publishes at 16:00 Europe/Berlin", "it publishes on mon, tue, wed, thu only", "nothing is published during the winter holidays",
		"it publishes on mon, tue, wed, thu only"}
	for i, s := range shifts {
		if i >= len(want) || s.Says != want[i] {
			t.Errorf("shift %d says %q", i+1, s.Says)
		}
	}
	for want, train := range map[string]Train{
		"releases leave every month on the second Tuesday":                   {Every: "month", On: "second tuesday"},
		"releases leave every month on day 15":                               {Every: "month", On: "day 15"},
		"releases leave every quarter on the last day in jan, apr, jul, oct": {Every: "quarter", On: "last day"},
		"releases leave every year on the last Thursday in nov":              {Every: "year", On: "last thursday", In: []string{"nov"}},
		"releases leave every week on Tuesday":                               {Every: "week", On: "tuesday"},
		"releases leave every 4 weeks on Tuesday, counted from 2026-01-13":   {Every: "4w", From: "2026-01-13"},
	} {
		d, faults := train.departures()
		if len(faults) > 0 || d.says != want {
			t.Errorf("%+v: got %v, want %q", train, d, want)
		}
	}
}

// TestClocksThatSkipOrRepeatAnHour has the four Sundays of 2026 in Berlin and New York.
func TestClocksThatSkipOrRepeatAnHour(t *testing.T) {
	for _, test := range []struct{ zone, at, from, want string }{
		{"Europe/Berlin", "02:30", "2026-03-28 12:00", "2026-03-29 01:30"},       // 02:30 is skipped: 03:30
		{"America/New_York", "02:30", "2026-03-07 12:00", "2026-03-08 07:30"},    // 02:30 is skipped: 03:30
		{"Europe/Berlin", "02:30", "2026-10-24 12:00", "2026-10-25 00:30"},       // the first, in summer time
		{"America/New_York", "01:30", "2026-10-31 12:00", "2026-11-01 05:30"},    // the first, in summer time
		{"Australia/Lord_Howe", "02:15", "2026-10-03 00:00", "2026-10-03 15:45"}, // half an hour is skipped
		{"Africa/Cairo", "00:30", "2026-04-23 12:00", "2026-04-23 22:30"},        // midnight itself is skipped: 01:30
		{"Pacific/Apia", "12:00", "2011-12-30 00:00", "2011-12-30 22:00"},        // a whole day is skipped
	} {
		got, _ := table(t, Schedule{Zone: test.zone, At: test.at}).Next(on(test.from))
		if want := on(test.want); !got.Equal(want) {
			t.Errorf("%s in %s: got %s, want %s", test.at, test.zone, got, want)
		}
	}
}

// TestPlanningBackwardsKeepsTheSchedule finds the last publication before a deadline.
func TestPlanningBackwardsKeepsTheSchedule(t *testing.T) {
	for _, test := range []struct {
		schedule   Schedule
		from, want string
		moved      string
	}{
		{afternoons, "2026-03-10 08:00", "2026-03-09 15:00", "at>2026-03-09 15:00"},
		{afternoons, "2026-03-08 08:00", "2026-03-05 15:00", "at>2026-03-07 15:00, days>2026-03-05 15:00"},
		{afternoons, "2027-01-03 20:00", "2026-12-17 15:00", "at>2027-01-03 15:00, days>2026-12-31 15:00, blackouts.winter>2026-12-19 15:00, days>2026-12-17 15:00"},
		{secondTuesday, "2026-12-08 12:00", "2026-11-10 18:00", "train>2026-11-10 18:00"},
		{quarterly, "2026-10-22 12:00", "2026-07-21 20:00", "train>2026-07-21 20:00"},
		{quarterly, "2026-11-01 00:00", "2026-10-22 20:00", "train>2026-10-20 20:00, blackouts.move>2026-10-22 20:00"},
		{noWeekend, "2026-03-08 12:00", "2026-03-05 23:59", "blackouts.weekend>2026-03-05 23:59"},
		{noWeekend, "2026-03-05 12:00", "2026-03-05 12:00", ""},
		{fourWeeks, "2027-01-13 12:00", "2027-01-12 23:59", "train>2027-01-12 23:59"},
	} {
		got, shifts := table(t, test.schedule).Prev(on(test.from))
		if want := on(test.want); !got.Equal(want) || reasons(shifts) != test.moved {
			t.Errorf("before %s\ngot  %s by %s\nwant %s by %s", test.from, got.Format("Mon 2006-01-02 15:04"), reasons(shifts), want.Format("Mon 2006-01-02 15:04"), test.moved)
		}
	}
}

// TestABlackoutBlocks asks as the step does that would publish now.
func TestABlackoutBlocks(t *testing.T) {
	for _, test := range []struct {
		schedule         Schedule
		at, clause, says string
		until            string
	}{
		{afternoons, "2026-12-24 15:00", "schedule.blackouts.winter", "nothing is published during the winter holidays", "2027-01-03 23:00"},
		{afternoons, "2026-03-06 08:00", "schedule.days", "it publishes on mon, tue, wed, thu only", "2026-03-08 23:00"},
		{noWeekend, "2026-03-07 08:00", "schedule.blackouts.weekend", "nothing is published during weekend", "2026-03-09 00:00"},
		{factory, "2026-11-26 15:00", "schedule.blackouts.office", "nothing is published during office", "2026-11-27 05:00"},
		{afternoons, "2026-12-19 23:30", "schedule.blackouts.winter", "nothing is published during the winter holidays", "2027-01-03 23:00"}, // already the 20th in Berlin
	} {
		clause, says, until := table(t, test.schedule, us).Blocks(on(test.at))
		if clause != test.clause || says != test.says || !until.Equal(on(test.until)) {
			t.Errorf("%s: got %s, %q until %s", test.at, clause, says, until)
		}
	}
	for _, free := range []Schedule{afternoons, secondTuesday, noWeekend} {
		if clause, says, until := table(t, free).Blocks(on("2026-03-05 03:00")); clause != "" || says != "" || !until.IsZero() {
			t.Errorf("a Thursday night is blocked by %s until %s", clause, until)
		}
	}
	var none *Timetable
	if clause, _, _ := none.Blocks(on("2026-12-24 15:00")); clause != "" {
		t.Error("no schedule blocks")
	}
	if at, shifts := none.Next(on("2026-12-24 15:00")); !at.Equal(on("2026-12-24 15:00")) || shifts != nil {
		t.Error("no schedule moves")
	}
}

// TestEveryScheduleKeepsItsWord tries schedules and instants at random.
func TestEveryScheduleKeepsItsWord(t *testing.T) {
	schedules := []*Timetable{table(t, afternoons), table(t, secondTuesday), table(t, quarterly), table(t, fourWeeks), table(t, noWeekend), table(t, factory, us),
		table(t, Schedule{Zone: "Europe/Berlin", At: "02:30"}),
		table(t, Schedule{Zone: "America/New_York", Train: &Train{Every: "year", On: "last day", In: []string{"feb", "jun"}}, Days: []string{"wed"}})}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(schedules).Draw(t, "schedule")
		from := on("2026-01-01 00:00").Add(time.Duration(rapid.IntRange(0, 800*24*60).Draw(t, "minutes")) * time.Minute)
		next, _ := s.Next(from)
		prev, _ := s.Prev(from)
		switch again, shifts := s.Next(next); {
		case next.Before(from) || prev.After(from):
			t.Fatalf("from %s the next is %s and the last %s", from, next, prev)
		case !again.Equal(next) || len(shifts) > 0:
			t.Fatalf("%s is moved again, to %s by %s", next, again, reasons(shifts))
		}
		if back, _ := s.Prev(next); !back.Equal(next) {
			t.Fatalf("the last before %s is %s", next, back)
		}
		if clause, _, _ := s.Blocks(next); clause != "" {
			t.Fatalf("at %s %s blocks", next, clause)
		}
		if there, _ := s.Next(prev); s.clock != anytime && !there.Equal(prev) {
			t.Fatalf("the last before %s is %s, and from there the next is %s", from, prev, there)
		}
	})
}

func TestAScheduleThatCannotBeKeptIsRefused(t *testing.T) {
	train := func(x Train) Schedule { return Schedule{Train: &x} }
	black := func(b Blackout) Schedule { b.Name = "b"; return Schedule{Blackouts: []Blackout{b}} }
	for _, test := range []struct {
		schedule     Schedule
		clause, says string
	}{
		{Schedule{}, "", "says nothing"},
		{Schedule{Zone: "Europe/Berln", At: "16:00"}, ".zone", "no time zone"},
		{Schedule{At: "25:00"}, ".at", "no time of day"},
		{Schedule{At: "4pm"}, ".at", "no time of day"},
		{Schedule{At: "24:00"}, ".at", "write 00:00"},
		{Schedule{Days: []string{"tuesday"}}, ".days", "no day of the week"},
		{train(Train{Every: "fortnight", On: "tuesday"}), ".train.every", "how often"},
		{train(Train{Every: "0w", From: "2026-01-13"}), ".train.every", "how often"},
		{train(Train{Every: "2w", On: "tuesday"}), ".train", "write from"},
		{train(Train{Every: "2w", On: "tuesday", From: "2026-01-14"}), ".train.from", "is a Wednesday"},
		{train(Train{Every: "2w", From: "--01-14"}), ".train.from", "with its year"},
		{train(Train{Every: "week"}), ".train", "write on"},
		{train(Train{Every: "week", On: "tuesday", In: []string{"jan"}}), ".train.in", "no months"},
		{train(Train{Every: "month"}), ".train.on", "not said"},
		{train(Train{Every: "month", On: "fifth tuesday"}), ".train.on", "every month has"},
		{train(Train{Every: "month", On: "day 31"}), ".train.on", "every month has"},
		{train(Train{Every: "month", On: "tuesday"}), ".train.on", "every month has"},
		{train(Train{Every: "month", On: "day 1", In: []string{"jan"}}), ".train.in", "all of them"},
		{train(Train{Every: "month", On: "day 1", From: "2026-01-01"}), ".train.from", "so many weeks"},
		{train(Train{Every: "quarter", On: "day 1", In: []string{"jan"}}), ".train.in", "4 months, not in 1"},
		{train(Train{Every: "year", On: "day 1", In: []string{"january"}}), ".train.in", "no month"},
		{black(Blackout{}), ".blackouts.b", "write one of from, days and calendar"},
		{black(Blackout{From: "2026-01-01", Days: []string{"fri"}}), ".blackouts.b", "write one of"},
		{black(Blackout{Days: []string{"fri"}, To: "2026-01-01"}), ".blackouts.b", "write from"},
		{black(Blackout{From: "2026-01-01", To: "--01-02"}), ".blackouts.b", "both"},
		{black(Blackout{From: "2026-01-02", To: "2026-01-01"}), ".blackouts.b", "before it begins"},
		{black(Blackout{From: "2026-02-29"}), ".blackouts.b", "no day"},
		{black(Blackout{Calendar: "elapsed"}), ".blackouts.b", "leaves out none"},
		{black(Blackout{From: "--01-01", To: "--12-31"}), "", "nothing could be published"},
		{black(Blackout{From: "2026-01-01", To: "2028-12-31"}), "", "from 2026-01-01"},
		{black(Blackout{Days: []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}}), "", "nothing could be published"},
		{Schedule{Days: []string{"sat"}, Blackouts: []Blackout{{Name: "b", Days: []string{"sat", "sun"}}}}, "", "nothing could be published"},
		{Schedule{Days: []string{"sat"}, Blackouts: []Blackout{{Name: "b", Calendar: "us"}}}, "", "nothing could be published"},
	} {
		table, faults := test.schedule.timetable(map[string]*WorkTime{"us": ready(t, us)})
		if table != nil || len(faults) != 1 || faults[0].clause != test.clause || !strings.Contains(faults[0].says, test.says) {
			t.Errorf("%+v %+v: got %v, want a fault at %q that says %q", test.schedule, test.schedule.Train, faults, test.clause, test.says)
		}
	}
}

// TestADocumentsScheduleIsReadAndRefused reads documents.
func TestADocumentsScheduleIsReadAndRefused(t *testing.T) {
	const good = `
calendars:
  - {name: office, zone: Europe/Berlin}
schedule:
  zone: Europe/Berlin
  at: 16:00
  days: [mon, tue, wed, thu]
  train: {every: month, on: second tuesday}
  blackouts:
    - {name: winter, title: the winter holidays, from: --12-20, to: --01-02}
    - {name: move, from: 2026-11-10}
    - {name: off, calendar: office}
`
	p, err := Read("harbour.yaml", []byte(harbour+good))
	if err != nil {
		t.Fatal(err)
	}
	if at, shifts := p.Timetable().Next(on("2026-11-01 00:00")); !at.Equal(on("2026-11-11 15:00")) || len(shifts) != 2 {
		t.Errorf("the train of November leaves at %s by %s", at, reasons(shifts))
	}
	for _, s := range []string{"schedule.blackouts.winter", "schedule.train.on", "schedule.days", "schedule.at", "calendars.office.zone"} {
		if !p.Has(s) {
			t.Errorf("%s is no clause that a refusal could name", s)
		}
	}
	bad := strings.NewReplacer("at: 16:00", "at: 26:00", "second tuesday", "day 31").Replace(good)
	_, err = Read("harbour.yaml", []byte(harbour+bad))
	line := strings.Count(harbour, "\n") + 6
	for _, want := range []string{fmt.Sprintf("harbour.yaml:%d:3: schedule.at: \"26:00\" is no time of day", line), "schedule.train.on: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in\n%v", want, err)
		}
	}
	if p := sample(t); p.Timetable() != nil {
		t.Error("a document without a schedule has one")
	}
}
