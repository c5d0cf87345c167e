package policies_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/policies"
)

// walk takes one case through a policy on instants typed by hand: each step is weighed and folded as the program does it.
type walk struct {
	*testing.T
	p      *policy.Policy
	c      cvd.Case
	roster int // active people of the project
}

func begin(t *testing.T, file string) *walk {
	t.Helper()
	text, err := policies.Files.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Read(file, text, policies.Files.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	return &walk{T: t, p: p, roster: 4}
}

// on is an instant of UTC: "2026-03-02 09:00".
func on(text string) time.Time {
	at, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return at
}

// person is somebody on the roster in roles of the policy.
func (w *walk) person(id cvd.ActorID, roles ...string) cvd.Actor {
	return cvd.Actor{Project: "p", ID: id, Standing: cvd.Member, Roles: roles, Can: w.p.Can(roles)}
}

var stepOf = map[string]string{"received": "receive", "acknowledged": "acknowledge", "validated": "validate", "invalidated": "invalidate",
	"triaged": "triage", "prioritised": "prioritise", "deferred": "defer", "embargoed": "embargo", "analysed_section": "analyse",
	"remedied": "remedy", "checked": "check", "drafted": "draft", "reviewed": "review", "approved": "approve", "notified": "notify",
	"delivered": "deliver", "released_line": "release", "armed": "disclose", "disclosed": "disclose", "observed": "observe",
	"rewarded": "reward", "bounty_proposed": "bounty_propose", "bounty_approved": "bounty_approve", "bounty_paid": "bounty_pay", "explained": "explain", "credited": "credit", "watched": "monitor", "waived": "waive", "dated": "date",
	"closed": "close", "messaged": "message", "reproduced": "reproduce"}

// weigh asks whether somebody may do something at an instant.
func (w *walk) weigh(who cvd.Actor, at string, what cvd.What) []cvd.Objection {
	w.Helper()
	step := stepOf[what.Kind()]
	if step == "" {
		w.Fatalf("no step makes %q", what.Kind())
	}
	return w.p.Weigh(policy.Ask{Case: w.c, Who: who, Step: step, What: what, Now: on(at), Roster: w.roster})
}

// does lets somebody do something that the policy must allow.
func (w *walk) does(who cvd.Actor, at string, what cvd.What) {
	w.Helper()
	w.complete(who, at, &what)
	if objections := w.weigh(who, at, what); len(objections) > 0 {
		w.Fatalf("%s: %s may not be %s by %s: %s", at, w.c.ID, what.Kind(), who.ID, list(objections))
	}
	w.happens(who, at, what)
}

// complete fills in what the program knows and a person does not write.
func (w *walk) complete(who cvd.Actor, at string, what *cvd.What) {
	w.Helper()
	ask := policy.Ask{Case: w.c, Who: who, What: *what, Now: on(at), Roster: w.roster}
	latest := w.c.Advisory.Latest()
	switch {
	case what.Received != nil:
		if err := w.p.CheckReport(&what.Received.Report); err != nil {
			w.Fatal(err)
		}
		kind, err := w.p.Kind(what.Received.Report.Kind)
		if err != nil {
			w.Fatal(err)
		}
		what.Received.Kind, what.Received.Track = kind.Name, w.p.Begin(kind, what.Received.Report.Disclosure).Name
	case what.Notified != nil:
		if _, err := w.p.Compose(what.Notified, w.c, policy.Release{URL: "https://example.org/p"}); err != nil {
			w.Fatal(err)
		}
	case what.Reviewed != nil:
		what.Reviewed.Expert, what.Reviewed.Alone = who.May(cvd.Expert), w.p.SecondLook(ask)
		if latest != nil && what.Reviewed.Of == "advisory" {
			what.Reviewed.Hash, what.Reviewed.Edition = latest.Text.Hash(), latest.Number
		}
	case what.Approved != nil && latest != nil:
		what.Approved.Hash, what.Approved.Edition, what.Approved.Alone = latest.Text.Hash(), latest.Number, w.p.SecondLook(ask)
	}
}

// happens records something without asking, such as a fact about the world.
func (w *walk) happens(who cvd.Actor, at string, what cvd.What) {
	w.Helper()
	e := cvd.Event{ID: cvd.EventID(fmt.Sprint(w.c.Rev + 1)), Project: "p", Case: "P-1", Rev: w.c.Rev + 1, At: on(at), Who: who.ID, What: what}
	e.Clocks = w.p.Clocks(w.c, cvd.Fold(w.c, e), e)
	w.c = cvd.Fold(w.c, e)
}

// refuses wants exactly one objection, with this clause and, if only time is missing, this instant.
func (w *walk) refuses(who cvd.Actor, at string, what cvd.What, clause, earliest string) {
	w.Helper()
	w.complete(who, at, &what)
	objections := w.weigh(who, at, what)
	if len(objections) != 1 || objections[0].Clause != clause || !objections[0].Earliest.Equal(maybe(earliest)) {
		w.Errorf("%s: %s by %s\ngot  %s\nwant %s, earliest %s", at, what.Kind(), who.ID, list(objections), clause, cvd.Instant(maybe(earliest)))
	}
}

// objects wants an objection with this clause among others, and gives what it says.
func (w *walk) objects(who cvd.Actor, at string, what cvd.What, clause string) string {
	w.Helper()
	w.complete(who, at, &what)
	objections := w.weigh(who, at, what)
	for _, o := range objections {
		if o.Clause == clause {
			return o.Says
		}
	}
	w.Errorf("%s: %s by %s\ngot  %s\nwant %s among them", at, what.Kind(), who.ID, list(objections), clause)
	return ""
}

func maybe(at string) time.Time {
	if at == "" {
		return time.Time{}
	}
	return on(at)
}

func list(objections []cvd.Objection) string {
	if len(objections) == 0 {
		return "nothing in the way"
	}
	var lines []string
	for _, o := range objections {
		lines = append(lines, fmt.Sprintf("%s: %s (earliest %s)", o.Clause, o.Says, cvd.Instant(o.Earliest)))
	}
	return strings.Join(lines, "\n     ")
}

// clock wants a clock of the case to be due at an instant, or "" for one that waits without a date, and gives it.
func (w *walk) clock(key, due string) cvd.Clock {
	w.Helper()
	for _, k := range w.c.Clocks {
		if k.Key() != key {
			continue
		}
		if !k.Due.Equal(maybe(due)) {
			w.Errorf("clock %s is due %s, want %s", key, cvd.Instant(k.Due), cvd.Instant(maybe(due)))
		}
		return k
	}
	w.Errorf("there is no clock %s; there are %v", key, w.c.Clocks)
	return cvd.Clock{}
}

// earliest is what the plan says of a stage.
func (w *walk) earliest(at, stage string) time.Time {
	w.Helper()
	for _, s := range w.p.Plan(w.c, on(at)) {
		if s.Clause == "stages."+stage {
			return s.At
		}
	}
	w.Errorf("the plan of %s has no stage %s", at, stage)
	return time.Time{}
}

func claim(is bool) *bool { return &is }

func report(title string) cvd.What {
	return cvd.What{Received: &cvd.Received{Report: cvd.Report{Title: title, Description: "It happens when the wasm module reads a message twice."}}}
}

func patched(product, line string) cvd.What {
	return cvd.What{Remedied: &cvd.Remedied{Product: product, Line: line, Status: "patched", Affected: "all of " + line,
		Patches: []cvd.Patch{{URL: "https://git.example.org/private/" + line, SHA256: strings.Repeat("ab", 32), Private: true}}}}
}

func released(product, line string) cvd.What {
	return cvd.What{Released: &cvd.Released{Product: product, Line: line, Version: line + ".1", Tag: "v" + line, Commit: "c0ffee",
		URL: "https://example.org/" + line, SHA256: strings.Repeat("cd", 32)}}
}

// seen is that the program saw a release where it was recorded, or what was wrong with it there.
func seen(product, line, failed string) cvd.What {
	return cvd.What{Looked: &cvd.Looked{Product: product, Line: line, URL: "https://example.org/" + line, Saw: cvd.Sight{Status: 200, Failed: failed}}}
}

func arrived(notice, channel string) cvd.What {
	return cvd.What{Delivered: &cvd.Delivered{Notice: notice, Channel: channel}}
}

func reviewed(of, part, verdict string) cvd.What {
	return cvd.What{Reviewed: &cvd.Reviewed{Of: of, Part: part, Verdict: verdict}}
}

func edition(summary string) cvd.What {
	return cvd.What{Drafted: &cvd.Drafted{Text: cvd.AdvisoryText{Title: "A message could be counted twice", Summary: summary,
		Impact: "Funds could be moved.", Affected: []string{"all releases before the fix"}, Resolution: "Update.", Mitigation: "None."}}}
}

var (
	approval   = cvd.What{Approved: &cvd.Approved{}}
	disclosure = cvd.What{Disclosed: &cvd.Disclosed{Advisory: "P-SA-2026-001"}}
)
