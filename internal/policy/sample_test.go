package policy

import (
	"fmt"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// harbour is a small policy with one of everything that reasons.
const harbour = `
policy: harbour
title: Harbour
prefix: HRB
summary: A lighthouse.
roles:
  - {name: keeper, title: Keeper, can: [all]}
  - {name: mate, title: Mate, can: [see, review, note, expert]}
  - {name: guest, title: Guest, can: [note]}
  - {name: owner, title: Owner, can: [administer]}
contacts: {alarm: [ann, ben]}
products:
  - name: lamp
    title: Lamp
    lines:
      - {name: "1", versions: ">= 1.0, < 2.0", eligible: true}
      - {name: "2", versions: ">= 2.0", eligible: true}
      - {name: "0", versions: "< 1.0", eligible: false}
    platforms: [brass, steel]
kinds:
  - {name: hole, title: Hole, goes: case, track: open, default: true}
  - {name: wreck, title: Wreck, goes: case, track: shut, needs: [cargo]}
  - {name: idea, title: Idea, goes: tracker, url: "https://harbour.example/ideas", says: Say who would use it.}
tracks:
  - {name: shut, title: Shut, public: false, when: sensitive, criteria: The details help somebody.}
  - {name: open, title: Open, public: true, default: true, when: "!sensitive"}
form:
  fields:
    - {name: severity, title: Severity, type: choice, choices: [high, low]}
    - {name: cargo, title: Cargo, kinds: [wreck]}
    - {name: afloat, title: Afloat, type: yes_no, required: true}
    - {name: impact, title: Impact, type: text, longest: 10}
    - {name: disclosure_preference, title: When, type: choice, choices: [now, later]}
silence: {says: Please keep quiet., because: Pirates listen., until: fix_ready, tracks: [shut]}
terms:
  - {name: care, says: Take care.}
severity:
  scheme: cvss
  systems: ["CVSS:3.1"]
  classes:
    - {name: high, title: High, from: 7.0, to: 10.0, categories: [{name: sinking, title: Sinking}]}
    - {name: low, title: Low, from: 0.1, to: 5.9, categories: [{name: rust, title: Rust}]}
    - {name: none, title: None}
clocks:
  - {name: answer, title: Answer, from: received, until: acknowledged, within: {high: 1d, low: 2d, none: 4d}}
  - {name: fix, title: Fix, from: received, until: fix_ready, target: 3d, within: {high: 5d, low: 10d, none: {event: next_release}}, unclassified: none}
  - {name: watch, title: Watch, from: received, until: fix_ready, within: {high: 6h, low: 1w}, rebase: from_change, unclassified: none, tracks: [shut]}
  - {name: study, title: Study, from: triaged, until: analysed, at_least: 2d, within: 1w}
  - {name: story, title: Story, from: released, until: explained, within: 7d}
stages:
  - {name: answer, title: Answered, done: acknowledged, step: acknowledge, clock: answer, says: We answer.}
  - {name: study, title: Studied, done: analysed, step: analyse, clock: study, says: We study.}
  - {name: fix, title: Fixed, done: fix_ready, step: remedy, clock: fix, says: We fix.}
  - {name: horn, title: Horn blown, done: "delivered:horn", step: deliver, says: We warn., tracks: [shut]}
  - {name: release, title: Released, done: released, step: release, says: We release.}
  - {name: advisory, title: Told, done: disclosed, step: disclose, says: We tell.}
steps:
  - {step: review, guests: [mate]}
  - step: release
    requires:
      - {name: lines, says: all lines need their fix, lines: settled}
      - {name: wait, says: two days after the horn, when: track == "shut", unless: emergency, wait: {after: "delivered:horn", for: 48h}}
      - {name: grave, says: a high one needs its cause, when: at_least("high"), sections: [root_cause]}
  - step: disclose
    requires:
      - {name: quiet, says: no embargo may hold, embargo: over}
      - {name: facts, says: facts and approval, reviews: {of: advisory, parts: [technical, final]}}
      - {name: law, says: the law, when: category == "sinking", reviews: {of: advisory, parts: [legal, final]}}
notices:
  - name: horn
    title: A release is coming
    before_release: true
    audiences: [fleet]
    channels: [radio, mail]
    fields:
      - {name: at, title: Instant, type: instant, required: true}
      - {name: lines, title: Lines, type: lines}
      - {name: class, title: Severity, type: class}
      - {name: do, title: What to do}
    subject: A release of Harbour is coming
    text: |
      A release is coming on {{at}}.
      Lines: {{lines}}
      Severity: {{class}}
      What to do: {{do}}
    tracks: [shut]
  - name: bell
    title: It is out
    audiences: [fleet]
    channels: [radio]
    fields: [{name: versions, title: Versions, required: true}]
    subject: "{{versions}} is out"
    text: |
      {{versions}} is out. {{advisory}}
      {{url}}
    requires:
      - {name: released, says: it must be out, mark: released}
      - {name: same, says: the same ears, channels: horn}
channels:
  - {name: radio, title: Radio, kind: webhook}
  - {name: mail, title: Mail, kind: mail}
audiences: [{name: fleet, title: The fleet}]
embargo: {offer: 30d, longest: 60d}
advisory: {parts: [description]}
disclosure:
  exploit: with_details
  details: {from: released, after: 7d, sections: [vulnerability, response]}
bounty: {after: "delivered:bell"}
retention:
  - {name: noise, after: 30d, outcomes: [spam, invalid]}
  - {name: shut, after: 12mo, tracks: [shut]}
alone: {wait: 24h}
`

func sample(t testing.TB) *Policy {
	t.Helper()
	p, err := Read("harbour.yaml", []byte(harbour))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// on is an instant of UTC: "2026-03-02 09:00".
func on(text string) time.Time {
	at, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return at
}

// tale tells a case from what happened, event by event.
type tale struct {
	p *Policy
	c cvd.Case
}

func (s *tale) then(at string, who cvd.ActorID, what cvd.What) []cvd.Clock {
	e := cvd.Event{ID: cvd.EventID(fmt.Sprint(s.c.Rev)), Project: "harbour", Case: "HRB-1", Rev: s.c.Rev + 1, At: on(at), Who: who, What: what}
	e.Clocks = s.p.Clocks(s.c, cvd.Fold(s.c, e), e)
	s.c = cvd.Fold(s.c, e)
	return e.Clocks
}

func (s *tale) clock(key string) cvd.Clock {
	for _, k := range s.c.Clocks {
		if k.Key() == key {
			return k
		}
	}
	return cvd.Clock{}
}

// told begins a tale with a report on Monday 2 March 2026.
func told(t testing.TB) *tale {
	s := &tale{p: sample(t)}
	s.then("2026-03-02 09:00", "stranger", received("A hole below the waterline"))
	return s
}

func received(title string) cvd.What {
	return cvd.What{Received: &cvd.Received{Kind: "hole", Track: "open", Report: cvd.Report{Title: title,
		Description: "Water comes in when the pump of the engine runs backwards.", Component: "bilge"}}}
}

func triaged(class, track string) cvd.What {
	sensitive := track == "shut"
	return cvd.What{Triaged: &cvd.Triaged{Class: class, Track: track, Sensitive: &sensitive}}
}

func keeper(id cvd.ActorID) cvd.Actor {
	return cvd.Actor{Project: "harbour", ID: id, Standing: cvd.Member, Roles: []string{"keeper"}, Can: []cvd.Capability{"see", "release", "disclose",
		"review", "approve", "waive", "notify", "embargo", "close", "reward", "explain", "validate", "prioritise", "invalidate", "acknowledge", "disarm"}}
}
