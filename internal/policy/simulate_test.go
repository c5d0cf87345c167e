package policy

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// mill is a policy with one of everything that has an instant.
const mill = `
policy: mill
title: Mill
prefix: MIL
zone: Europe/Berlin
summary: A mill.
calendar: office
calendars:
  - {name: office, zone: Europe/Berlin, hours: "09:00-17:00", holidays: ["--12-24", "--12-25", "--12-26", "--12-31", "--01-01"]}
schedule:
  zone: Europe/Berlin
  at: "16:00"
  days: [mon, tue, wed, thu]
  blackouts:
    - {name: winter, title: the winter holidays, from: "--12-22", to: "--01-03"}
roles:
  - {name: miller, title: Miller, can: [all]}
contacts: {alarm: [ann]}
products: [{name: mill, title: Mill, lines: [{name: main, versions: "*", eligible: true}]}]
kinds: [{name: hole, title: Hole, goes: case, default: true}, {name: idea, title: Idea, goes: tracker, url: "https://mill.example/"}]
tracks:
  - {name: public, title: Public, public: true, when: "!sensitive"}
  - {name: private, title: Private, public: false, default: true, when: sensitive}
form: {fields: [{name: impact, title: Impact}]}
silence: {says: Please keep quiet., because: Rats listen., until: disclosed, tracks: [private]}
severity:
  scheme: judgement
  classes: [{name: bad, title: Bad}, {name: small, title: Small, categories: [{name: dust, title: Dust}]}]
  floors: [{name: seen, class: bad, when: attacks, says: whoever is attacked cannot wait}]
milestones:
  - {name: lab, title: The laboratory has looked}
clocks:
  - name: answer
    title: Answer
    from: received
    until: acknowledged
    within: {bad: 1wd, small: 3wd}
    warn: [2wh]
    escalate: [{after: 4wh, to: alarm}, {after: 1wd, to: miller}]
  - {name: fix, title: Fix, from: received, until: released, target: 4d, within: {bad: 6d, small: {event: end_of_life}}, unclassified: none}
  - {name: lab, title: Laboratory, from: lab, until: released, within: 10d}
  - {name: study, title: Study, from: triaged, until: analysed, at_least: 2d}
  - {name: follow_up, title: Follow-up, from: released, until: monitored, reminder: 30d}
stages:
  - {name: answer, title: Answered, done: acknowledged, step: acknowledge, clock: answer, says: We answer.}
  - {name: decision, title: Decided, done: triaged, step: triage, says: We decide.}
  - {name: study, title: Studied, done: analysed, step: analyse, says: We study.}
  - {name: fix, title: Fix ready, done: fix_ready, step: remedy, says: We fix.}
  - {name: coming, title: Announced, done: "delivered:coming", step: deliver, tracks: [private], says: We announce.}
  - {name: release, title: Released, done: released, step: release, says: We release.}
  - {name: advisory, title: Told, done: disclosed, step: disclose, says: We tell.}
  - {name: details, title: Explained, done: explained, step: explain, tracks: [private], says: We explain.}
steps:
  - step: triage
    checklist: ["Is it *bad*?", "Has @ann seen #1?"]
  - step: release
    requires:
      - {name: wait, says: a week must pass, when: track == "private", unless: emergency, wait: {notice: coming, for: 7d, tolerance: 2d}}
  - step: disclose
    requires:
      - {name: released, says: it must be out, mark: released}
      - {name: lab, says: the laboratory must have looked, when: class == "bad", mark: lab, or: {after: released, for: 30d}}
  - {step: explain, requires: [{name: told, says: it must be told, mark: disclosed}]}
notices:
  - name: coming
    title: A release is coming
    before_release: true
    audiences: [guild]
    channels: [mail]
    fields: [{name: says, title: What it says}]
    subject: A release is coming
    text: A release is coming.
    requires: [{name: ready, says: the fix must be ready, mark: fix_ready}]
    tracks: [private]
  - name: moved
    title: It has moved
    before_release: true
    audiences: [guild]
    channels: [mail]
    fields: [{name: says, title: What it says}]
    subject: It has moved
    text: It has moved.
    requires: [{name: announced, says: it must have been announced, mark: "notified:coming"}]
    tracks: [private]
channels: [{name: mail, title: Mail, kind: mail}]
audiences: [{name: guild, title: The guild, longest: 14d}]
embargo: {offer: 30d, longest: 60d, tracks: [private]}
advisory: {parts: [description]}
disclosure:
  exploit: with_details
  details: {from: disclosed, after: 7d, sections: [vulnerability]}
  reports: {which: all, after: 1mo, consent: true}
contingencies:
  - {name: known, title: It is known, when: public, lifts: ["steps.disclose.requires.lab"], says: We tell at once.}
bounty: {after: disclosed, within: 14d}
recurring: [{name: review, title: Review, every: 1mo, does: [Look back]}]
retention: [{name: noise, after: 30d, outcomes: [spam]}, {name: all, after: 12mo}]
`

func millOf(t testing.TB, replace ...string) *Policy {
	t.Helper()
	p, err := Read("mill.yaml", []byte(strings.NewReplacer(replace...).Replace(mill)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func simulated(t testing.TB, p *Policy, s Scenario) *Timeline {
	t.Helper()
	tl, err := p.Simulate(s)
	if err != nil {
		t.Fatal(err)
	}
	return tl
}

// wants looks for lines: "kind clause 2026-03-02 09:00", with "-" for what has no date and "none" for what is not there.
func wants(t *testing.T, tl *Timeline, lines ...string) {
	t.Helper()
	for _, line := range lines {
		words := strings.SplitN(line, " ", 3)
		got := "none"
		for _, m := range tl.Entries {
			if m.Kind != words[0] || m.Clause != words[1] {
				continue
			}
			if got = m.At.Format("2006-01-02 15:04"); m.At.IsZero() {
				got = "-"
			}
			if got == words[2] {
				break
			}
		}
		if got != words[2] {
			var b bytes.Buffer
			_ = tl.Table(&b) // into memory
			t.Errorf("%s %s: got %s, want %s in\n%s", words[0], words[1], got, words[2], &b)
		}
	}
}

// In March nothing is in the way but the weekend, the schedule, and on the last Sunday the clocks of Berlin.
func TestEveryLineHasItsInstantOverTheSpringChange(t *testing.T) {
	// Friday 20 March 2026, 10:00 in Berlin.
	tl := simulated(t, millOf(t), Scenario{At: on("2026-03-20 09:00"), Class: "bad"})
	wants(t, tl,
		"arrival kinds.hole 2026-03-20 09:00",
		"step stages.answer 2026-03-20 09:00",
		"deadline clocks.answer 2026-03-23 09:00",   // one working day later, Monday 10:00
		"warning clocks.answer 2026-03-20 15:00",    // two working hours before: one on Monday, one on Friday from 16:00
		"escalation clocks.answer 2026-03-20 13:00", // four working hours
		"escalation clocks.answer 2026-03-23 09:00",
		"wait clocks.study.at_least 2026-03-22 09:00",
		"step stages.study 2026-03-22 09:00",
		"step stages.fix 2026-03-22 09:00",
		"notice notices.coming 2026-03-22 09:00",
		"notice notices.moved none",                         // only a release that slips has it
		"wait steps.release.requires.wait 2026-03-29 09:00", // the Sunday on which the clocks go on: 11:00 in Berlin
		"release steps.release 2026-03-30 14:00",            // the next day it publishes is Monday, 16:00 in Berlin, summer time
		"deadline steps.release.requires.wait.wait.tolerance 2026-03-31 09:00",
		"target clocks.fix 2026-03-24 09:00",
		"deadline clocks.fix 2026-03-26 09:00",
		"wait steps.disclose.requires.lab.or 2026-04-29 14:00", // nobody dates the laboratory, so thirty days after the release
		"disclosure steps.disclose 2026-04-29 14:00",           // a Wednesday, 16:00
		"details disclosure.details 2026-05-06 14:00",
		"embargo silence 2026-04-29 14:00",
		"embargo embargo.offer 2026-04-19 09:00",
		"embargo embargo.longest 2026-05-19 09:00",
		"deadline clocks.lab -",
		"reminder clocks.follow_up 2026-04-29 14:00",
		"deadline bounty.within 2026-05-13 14:00",
		"step disclosure.reports 2026-05-29 14:00",
		"recurring recurring.review 2026-05-29 14:00",
		"step steps.close 2026-05-06 14:00",
		"step retention.all 2027-05-06 14:00",
	)
	if m, _ := tl.Find("release", "steps.release"); strings.Join(m.Because, " ") != "schedule.at schedule.days" && strings.Join(m.Because, " ") != "schedule.at" {
		t.Errorf("the release says it was moved by %v", m.Because)
	}
	if m, _ := tl.Find("deadline", "clocks.fix"); !m.Late {
		t.Error("the missed promise is not marked")
	}
	if m, _ := tl.Find("deadline", "clocks.lab"); m.Waits != "lab" {
		t.Errorf("the clock of the laboratory waits for %q", m.Waits)
	}
}

// Late is said with what takes the time, and with ways out that name the clauses.
func TestAMissedPromiseSaysWhatTakesTheTime(t *testing.T) {
	tl := simulated(t, millOf(t), Scenario{At: on("2026-03-20 09:00"), Class: "bad"})
	var c Conflict
	for _, x := range tl.Conflicts {
		if x.Clause == "clocks.fix" {
			c = x
		}
	}
	if c.Kind != "late" || !c.Due.Equal(on("2026-03-26 09:00")) || !c.Can.Equal(on("2026-03-30 14:00")) || c.By != 4*24*time.Hour+5*time.Hour {
		t.Fatalf("got %+v", c)
	}
	var road []string
	for _, leg := range c.Road {
		clause, _, _ := strings.Cut(leg.Clause, " + ")
		road = append(road, clause)
	}
	if got := strings.Join(road, " "); got != "clocks.study.at_least steps.release.requires.wait" {
		t.Errorf("on the road: %s", got)
	}
	says := c.words("")
	for _, want := range []string{"4 days 5 hours missing", "shorten steps.release.requires.wait by 4 days 5 hours", "in an emergency", "more than 6 days in clocks.fix.within"} {
		if !strings.Contains(says, want) {
			t.Errorf("the conflict does not say %q:\n%s", want, says)
		}
	}
}

func TestOverTheYearsEndNothingIsPublishedAndWorkingTimeStands(t *testing.T) {
	// Monday 14 December 2026, 16:30 in Berlin.
	tl := simulated(t, millOf(t), Scenario{At: on("2026-12-14 15:30"), Class: "small"})
	wants(t, tl,
		"deadline clocks.answer 2026-12-15 15:30", // until somebody knows that it is small
		"deadline clocks.answer 2026-12-17 15:30", // three working days
		"deadline clocks.fix -",                   // at the end of life, which has no date
		"notice notices.coming 2026-12-21 15:00",  // ready on the 16th, but the guild may hear of it for two weeks only
		"wait steps.release.requires.wait 2026-12-28 15:00",
		"release steps.release 2027-01-04 15:00", // the first day behind the holidays is a Monday: 16:00 in winter
		"disclosure steps.disclose 2027-01-04 15:00",
	)
	m, _ := tl.Find("release", "steps.release")
	if !strings.Contains(strings.Join(m.Because, " "), "schedule.blackouts.winter") {
		t.Errorf("the release does not say that the holidays moved it: %v", m.Because)
	}
	if m, _ := tl.Find("deadline", "steps.release.requires.wait.wait.tolerance"); !m.Late {
		t.Error("the release lies behind the tolerance of the wait, and the line does not say so")
	}
	// 23 December is the last working day before three days off and a weekend.
	tl = simulated(t, millOf(t), Scenario{At: on("2026-12-23 09:00"), Class: "bad"})
	wants(t, tl, "deadline clocks.answer 2026-12-28 09:00", "warning clocks.answer 2026-12-23 15:00")
}

func TestTheAutumnChangeAndTheOtherSideOfTheOcean(t *testing.T) {
	// The clocks of Berlin go back on 25 October 2026, those of New York on 1 November.
	wants(t, simulated(t, millOf(t), Scenario{At: on("2026-10-14 09:00"), Class: "small"}), "release steps.release 2026-10-26 15:00")
	newYork := millOf(t, "schedule:\n  zone: Europe/Berlin", "schedule:\n  zone: America/New_York")
	for at, want := range map[string]string{
		"2026-10-17 09:00": "2026-10-26 20:00", // 16:00 EDT
		"2026-10-24 09:00": "2026-11-02 21:00", // 16:00 EST
		"2026-02-26 09:00": "2026-03-09 20:00", // the day after the clocks went on
	} {
		wants(t, simulated(t, newYork, Scenario{At: on(at), Class: "small"}), "release steps.release "+want)
	}
}

func TestALeapDayIsADay(t *testing.T) {
	p := millOf(t, "after: 12mo", "after: 1mo", "every: 1mo", "every: 12mo")
	tl := simulated(t, p, Scenario{At: on("2028-02-20 09:00"), Class: "small"}) // a Sunday
	wants(t, tl,
		"wait steps.release.requires.wait 2028-02-29 09:00",
		"release steps.release 2028-02-29 15:00", // a Tuesday
		"details disclosure.details 2028-03-07 15:00",
		"recurring recurring.review 2029-02-28 15:00", // there is no 29 February a year later
	)
}

func TestWhatIsSetIsTakenAsItIs(t *testing.T) {
	p := millOf(t)
	tl := simulated(t, p, Scenario{At: on("2026-03-20 09:00"), Class: "bad", Set: map[string]time.Time{
		"fix_ready": on("2026-03-24 10:00"), "lab": on("2026-03-25 10:00"), "released": on("2026-03-26 10:00")}})
	wants(t, tl,
		"set stages.fix 2026-03-24 10:00",
		"set milestones.lab 2026-03-25 10:00",
		"notice notices.coming 2026-03-24 10:00",
		"release steps.release 2026-03-26 10:00",
		"latest notices.coming 2026-03-19 10:00", // a week before
		"deadline clocks.lab 2026-04-04 10:00",
		"disclosure steps.disclose 2026-03-26 15:00",
	)
	if len(tl.Conflicts) != 2 || tl.Conflicts[0].Clause != "clocks.fix" || tl.Conflicts[1].Kind != "early" || tl.Conflicts[1].Clause != "steps.release.requires.wait" ||
		!tl.Conflicts[1].Can.Equal(on("2026-03-31 14:00")) {
		t.Errorf("conflicts: %+v", tl.Conflicts)
	}
	// The day of the year's end is one on which it does not publish, however long it waited.
	tl = simulated(t, p, Scenario{At: on("2026-12-01 09:00"), Class: "small", Set: map[string]time.Time{"released": on("2026-12-24 15:00")}})
	if len(tl.Conflicts) != 2 || tl.Conflicts[1].Clause != "audiences.guild.longest" || tl.Conflicts[0].Clause != "schedule.blackouts.winter" || !tl.Conflicts[0].Can.Equal(on("2027-01-04 15:00")) {
		t.Errorf("conflicts: %+v", tl.Conflicts)
	}
	// The guild may hear of it for two weeks: the notice waits.
	tl = simulated(t, p, Scenario{At: on("2026-11-02 09:00"), Class: "small", Set: map[string]time.Time{"released": on("2026-12-21 15:00")}})
	wants(t, tl, "notice notices.coming 2026-12-07 15:00", "latest notices.coming 2026-12-14 15:00", "disclosure steps.disclose 2026-12-21 15:00")
	if len(tl.Conflicts) != 0 {
		t.Errorf("conflicts: %+v", tl.Conflicts)
	}
}

func TestAnEventGetsItsDateOrIsWaitedFor(t *testing.T) {
	p := millOf(t)
	s := Scenario{At: on("2026-03-20 09:00"), Class: "small"}
	if m, ok := simulated(t, p, s).Find("deadline", "clocks.fix"); !ok || m.Waits == "" && !m.At.IsZero() {
		wants(t, simulated(t, p, s), "deadline clocks.fix -")
	}
	last := simulated(t, p, s).Entries
	if m := last[len(last)-1]; !m.At.IsZero() {
		t.Errorf("what has no date does not stand last: %+v", m)
	}
	s.Set = map[string]time.Time{"end_of_life": on("2026-03-25 00:00")}
	tl := simulated(t, p, s)
	wants(t, tl, "set steps.date 2026-03-25 00:00", "deadline clocks.fix 2026-03-25 00:00")
	if m, _ := tl.Find("deadline", "clocks.fix"); !m.Late {
		t.Error("a release behind the end of life is not late")
	}
}

func TestWhatIsKnownIsToldAtOnce(t *testing.T) {
	tl := simulated(t, millOf(t), Scenario{At: on("2026-12-23 09:00"), Class: "small", Facts: map[string]bool{"attacks": true, "public": true}})
	wants(t, tl,
		"set severity.floors.seen 2026-12-23 09:00",
		"set contingencies.known 2026-12-23 09:00",
		"wait steps.release.requires.wait none",
		"release steps.release 2026-12-25 09:00", // on Christmas, at any hour: the study takes two days, the holidays do not count
		"disclosure steps.disclose 2026-12-25 09:00",
		"embargo embargo.offer none",
		"deadline clocks.fix 2026-12-29 09:00",
	)
	if tl.Class != "bad" {
		t.Errorf("the class is %s, but attacks make it bad", tl.Class)
	}
}

func TestAPublicCaseGoesAnotherWay(t *testing.T) {
	tl := simulated(t, millOf(t), Scenario{At: on("2026-03-20 09:00"), Category: "dust", Facts: map[string]bool{"sensitive": false}})
	wants(t, tl, "notice notices.coming none", "release steps.release 2026-03-23 15:00", "embargo silence none", "step stages.details none")
	if tl.Track != "public" || tl.Class != "small" {
		t.Errorf("track %s, class %s", tl.Track, tl.Class)
	}
}

func TestAWrongScenarioSaysWhatIsAllowed(t *testing.T) {
	at := on("2026-03-20 09:00")
	none := millOf(t, "scheme: judgement", "scheme: none", "  classes: [{name: bad, title: Bad}, {name: small, title: Small, categories: [{name: dust, title: Dust}]}]\n", "",
		"  floors: [{name: seen, class: bad, when: attacks, says: whoever is attacked cannot wait}]\n", "", "{bad: 1wd, small: 3wd}", "1wd",
		"{bad: 6d, small: {event: end_of_life}}", "6d", `when: class == "bad", `, "")
	for name, x := range map[string]struct {
		s           Scenario
		field, says string
	}{
		"no severity":           {Scenario{At: at}, "/severity", "bad, small"},
		"an unknown severity":   {Scenario{At: at, Class: "worse"}, "/severity", "bad, small"},
		"an unknown category":   {Scenario{At: at, Category: "rust"}, "/category", "dust"},
		"an unknown track":      {Scenario{At: at, Class: "bad", Track: "x"}, "/track", "public, private"},
		"an unknown kind":       {Scenario{At: at, Class: "bad", Kind: "x"}, "/kind", "hole"},
		"a kind without a case": {Scenario{At: at, Class: "bad", Kind: "idea"}, "/kind", "tracker"},
		"an unknown fact":       {Scenario{At: at, Class: "bad", Facts: map[string]bool{"rain": true}}, "/fact", "attacks, exploit_public, public, sensitive"},
		"an unknown mark":       {Scenario{At: at, Class: "bad", Set: map[string]time.Time{"lunch": at}}, "/set", "fix_ready"},
		"the arrival again":     {Scenario{At: at, Class: "bad", Set: map[string]time.Time{"received": at}}, "/set", "arrives"},
		"before the arrival":    {Scenario{At: at, Class: "bad", Set: map[string]time.Time{"released": on("2026-03-20 08:59")}}, "/set", "before"},
		"a mark too late":       {Scenario{At: at, Class: "bad", Set: map[string]time.Time{"released": time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)}}, "/set", "2100"},
		"the year 1970":         {Scenario{At: time.Unix(0, 0), Class: "bad"}, "/at", "1990"},
		"the year 9999":         {Scenario{At: time.Date(9999, 12, 31, 23, 0, 0, 0, time.UTC), Class: "bad"}, "/at", "2100"},
		"no instant":            {Scenario{Class: "bad"}, "/at", "1990"},
	} {
		_, err := millOf(t).Simulate(x.s)
		wrong, ok := errors.AsType[*cvd.Error](err)
		if !ok || wrong.Field != x.field || !strings.Contains(wrong.Says, x.says) {
			t.Errorf("%s: got %v, want an error of %s that says %q", name, err, x.field, x.says)
		}
	}
	if _, err := none.Simulate(Scenario{At: at, Class: "bad"}); err == nil || !strings.Contains(err.Error(), "does not class") {
		t.Errorf("a severity where there is none: %v", err)
	}
	wants(t, simulated(t, none, Scenario{At: at}), "deadline clocks.fix 2026-03-26 09:00")
}

// Whatever marks are set, to whatever instants, there is an answer, and the same one each time.
func TestEveryMarkMaySet(t *testing.T) {
	p := millOf(t)
	all := map[string]time.Time{}
	for i, mark := range marks(&p.Document) {
		if mark != "received" {
			all[mark] = on("2026-03-20 09:00").Add(time.Duration(i*7919%(90*24)) * time.Hour)
		}
	}
	for _, set := range []map[string]time.Time{all, {"disclosed": on("2099-12-31 23:59")}, {"released": on("2100-12-31 23:59")}, {"notified:coming": on("2026-03-20 09:00")}} {
		s := Scenario{At: on("2026-03-20 09:00"), Class: "bad", Set: set}
		var first, second bytes.Buffer
		for _, w := range []io.Writer{&first, &second} {
			tl := simulated(t, p, s)
			if err := errors.Join(tl.Table(w, time.UTC), tl.JSON(w), tl.Markdown(w), tl.SVG(w, nil), tl.ICS(w, on("2026-03-01 00:00"))); err != nil {
				t.Fatal(err)
			}
		}
		if first.String() != second.String() {
			t.Error("two runs of one scenario differ")
		}
	}
	for _, m := range simulated(t, p, Scenario{At: on("2026-03-20 09:00"), Class: "bad", Set: all}).Entries {
		if want, set := all[m.Mark]; set && m.Kind != "latest" && m.Mark != "released" && !m.At.Equal(want) {
			t.Errorf("%s is set for %s and stands at %s", m.Mark, want, m.At)
		}
	}
}

// No word of a document is markup where the timeline is written, and nothing of it leaves its line.
func TestATimelineIsInertInEveryFormat(t *testing.T) {
	evil := "X\u202e</text><script>alert(1)</script> ](http://evil.example) @ann #1 <img> `x` ]]> &amp; | *b*"
	p := millOf(t)
	p.Document.Title, p.Document.Stages[0].Title = evil, evil // a reader refuses some of it
	tl := simulated(t, p, Scenario{At: on("2026-03-20 09:00"), Class: "bad"})
	var svg, file, md, list, ics, table bytes.Buffer
	if err := errors.Join(tl.SVG(&svg, nil), tl.SVGFile(&file, nil), tl.Markdown(&md), tl.JSON(&list), tl.ICS(&ics, on("2026-03-01 00:00")), tl.Table(&table)); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"svg": svg.String(), "file": file.String(), "markdown": md.String(), "ics": ics.String(), "table": table.String()} {
		if strings.ContainsRune(text, '\u202e') {
			t.Errorf("%s turns the direction of writing", name)
		}
	}
	for _, never := range []string{"<script", "<img"} {
		if strings.Contains(svg.String(), never) {
			t.Errorf("the drawing holds %s", never)
		}
	}
	for _, never := range []string{" <script", "@ann", " #1", "](http", "http://", " `x`", " *b*", "|"} {
		if strings.Contains(strings.NewReplacer(`\|`, "", `\]`, "").Replace(md.String()), never) {
			t.Errorf("the checklist holds %q:\n%s", never, md.String())
		}
	}
	for _, text := range []string{svg.String(), file.String()} {
		for d := xml.NewDecoder(strings.NewReader(text)); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("the drawing is no XML: %v", err)
			}
		}
	}
	if !strings.Contains(md.String(), "  - [ ] Is it \\*bad\\*?\n") {
		t.Errorf("the checklist of a step is not below it:\n%s", md.String())
	}
	var objects []map[string]any
	if err := json.Unmarshal(list.Bytes(), &objects); err != nil || objects[0]["at"] != "2026-03-20T09:00:00Z" || objects[0]["kind"] != "arrival" {
		t.Errorf("the list begins with %v (%v)", objects[0], err)
	}
	undated := false
	for _, o := range objects {
		at, there := o["at"]
		undated = undated || there && at == nil
	}
	if !undated {
		t.Error("no object says null for what has no date")
	}
	entries, err := ReadICS(ics.Bytes(), time.UTC)
	if err != nil || len(entries) < 20 || !entries[0].Start.Equal(on("2026-03-20 09:00")) {
		t.Errorf("the calendar reads back as %d events (%v)", len(entries), err)
	}
}

func TestAnInstantSaysItsZone(t *testing.T) {
	for text, want := range map[string]string{"2026-12-21T09:00Z": "2026-12-21 09:00", "2026-12-21T09:00:00Z": "2026-12-21 09:00",
		"2026-12-21T09:00+01:00": "2026-12-21 08:00", "2026-12-21T00:30:00+05:45": "2026-12-20 18:45"} {
		if at, err := ReadInstant(text); err != nil || !at.Equal(on(want)) {
			t.Errorf("%s: got %s (%v), want %s", text, at, err, want)
		}
	}
	for _, text := range []string{"2026-12-21T09:00", "2026-12-21 09:00Z", "2026-12-21", "2026-13-21T09:00Z", "21.12.2026", "", "now"} {
		if _, err := ReadInstant(text); err == nil || !strings.Contains(err.Error(), "2026-12-21T09:00Z") {
			t.Errorf("%q: got %v, want the way to write it", text, err)
		}
	}
}
