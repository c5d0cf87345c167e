package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// beginning are the promises that an emergency would begin, each with its clause, its law and its end.
func beginning(o casework.Outlook) (all []string) {
	for _, k := range o.Clocks {
		if k.Law != "" {
			all = append(all, fmt.Sprintf("%s %s until %s", k.Clause, k.Law, cvd.Instant(k.Due)))
		}
	}
	return all
}

// Attacks begin what the law asks for from the hour of their awareness: the preview says which promise begins by which clause and law,
// and which waits for its beginning; the act begins the same.
func TestAttacksBeginWhatTheLawAsksForAsThePreviewSays(t *testing.T) {
	j := readJourney(t, "testdata/journey/emergency-cra.txtar")
	before, _, _ := strings.Cut(j.before, "jake emergency")
	p := apptest.New(t, apptest.Options{People: j.people, Policies: map[string]string{"harbour": j.policy}})
	p.Play(j.project, j.name, before)
	id, jake := p.Journey.Cases[j.name], p.Actor("harbour", "jake")
	look := func(in casework.Emergency) casework.Outlook {
		t.Helper()
		o, err := p.Casework.Outlook(t.Context(), jake, id, in)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	law := func(letter string) string { return "Article 14(2)(" + letter + ") of Regulation (EU) 2024/2847" }
	from := func(at string) []string {
		on, err := time.Parse("2006-01-02 15:04", at)
		if err != nil {
			t.Fatal(err)
		}
		until := func(h int) string { return " until " + cvd.Instant(on.Add(time.Duration(h)*time.Hour)) }
		return []string{"clocks.cra_early_warning " + law("a") + until(24), "clocks.cra_notification " + law("b") + until(72),
			"clocks.cra_users Article 14(8) of Regulation (EU) 2024/2847" + until(72)}
	}
	if got, want := beginning(look(casework.Emergency{Fact: "attacks"})), from("2026-03-02 12:00"); !slices.Equal(got, want) {
		t.Errorf("as if somebody had become aware now\ngot  %q\nwant %q", got, want)
	}
	aware := []cvd.Dated{{Event: "awareness", On: time.Date(2026, 3, 2, 11, 30, 0, 0, time.UTC)}}
	foreseen := look(casework.Emergency{Fact: "attacks", Aware: aware})
	if got, want := beginning(foreseen), from("2026-03-02 11:30"); !slices.Equal(got, want) {
		t.Errorf("with its date\ngot  %q\nwant %q", got, want)
	}
	final := policy.Later{Title: "Final report on an exploited vulnerability", Clause: "clocks.cra_final", Law: law("c"), From: "A measure is available", Within: "14 days"}
	if !slices.Contains(foreseen.Later, final) {
		t.Errorf("the final report waits for its beginning: %+v", foreseen.Later)
	}
	if got := beginning(look(casework.Emergency{Fact: "public"})); len(got) != 0 {
		t.Errorf("what is public begins %q", got)
	}
	if _, err := p.Casework.Emergency(t.Context(), jake, casework.About{Case: id}, casework.Emergency{Fact: "attacks", Because: "Two accounts were emptied.", Aware: aware}); err != nil {
		t.Fatal(err)
	}
	p.Play(j.project, j.name, "jake date {event: measure_available, on: 2026-03-02T12:00:00Z}")
	c, err := p.Store.Case(t.Context(), "harbour", id)
	if err != nil {
		t.Fatal(err)
	}
	for name, due := range map[string]string{"cra_early_warning": "2026-03-03 11:30", "cra_notification": "2026-03-05 11:30", "cra_final": "2026-03-16 12:00"} {
		i := slices.IndexFunc(c.Clocks, func(k cvd.Clock) bool { return k.Name == name && k.Kind == cvd.Limit })
		if i < 0 || !c.Clocks[i].Open() || c.Clocks[i].Due.Format("2006-01-02 15:04") != due || c.Clocks[i].Clause != "clocks."+name {
			t.Errorf("%s is to run until %s: %+v", name, due, c.Clocks)
		}
	}
}

// In an emergency nobody waits for an answer to an embargo longer than they ask to; before it, what is too short is raised to the least
// of the policy.
func TestAnEmergencyWaitsForNoAnswerLongerThanAsked(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	p.Play("juno", "train", toRelease+`
jake embargo {until: 2026-03-20T12:00:00Z, because: "Others patch too."}
jake asks anneke {name: Anneke, kind: vendor, answer_by: $now+1h}
`)
	id, jake, now := p.Journey.Cases["train"], p.Actor("juno", "jake"), p.Clock.Now()
	answer := func(name string) time.Duration {
		t.Helper()
		v, err := p.Casework.Case(t.Context(), jake, id)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(v.Parties, func(x cvd.Party) bool { return x.Name == name })
		return v.Parties[i].AnswerBy.Sub(now).Round(time.Minute)
	}
	if got := answer("Anneke"); got != 72*time.Hour {
		t.Errorf("before the emergency Anneke has %s, want the least of the policy", got)
	}
	o, err := p.Casework.Outlook(t.Context(), jake, id, casework.Emergency{Fact: "attacks"})
	if said := strings.Join(o.Then, " "); err != nil || !strings.Contains(said, "may be given any time to answer") {
		t.Errorf("the preview does not say it: %q, %v", said, err)
	}
	p.Play("juno", "train", `
jake emergency {fact: attacks, because: "Two accounts were emptied."}
jake asks boris {name: Boris, kind: vendor, answer_by: $now+1h}
`)
	if got := answer("Boris"); got != time.Hour {
		t.Errorf("in the emergency Boris has %s, want the hour that he was given", got)
	}
}

// The announced release moves with the emergency in one event: before, the preview says what follows and writes the word that goes out;
// afterwards train, countdown, calendar and letters agree on the new instant, and the word went to those who heard of the first.
func TestAReleaseMovesWithAnEmergency(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	p.Play("juno", "train", toRelease)
	p.Settle()
	id, jake := p.Journey.Cases["train"], p.Actor("juno", "jake")
	train := func() casework.Train {
		t.Helper()
		x, err := p.Casework.Train(t.Context(), jake, id)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	first := train().Announced.At
	p.Play("juno", "train", fmt.Sprintf(`jake countdown {at: %s}`, first.Format(time.RFC3339)))
	to := p.Clock.Now().Add(2 * time.Hour).Truncate(time.Minute)
	before, err := p.Casework.Outlook(t.Context(), jake, id, casework.Emergency{Fact: "attacks", Slip: &cvd.Slipped{To: to}})
	if err != nil || before.Slip == nil || before.Slip.Sends == nil {
		t.Fatalf("the preview: %+v, %v", before, err)
	}
	if !before.Announced.Equal(first) || !before.Earliest.IsZero() || len(before.Slip.Objections) > 0 || len(before.Slip.Moves) != 2 || !strings.Contains(before.Slip.Sends.Text, cvd.Instant(to)) {
		t.Errorf("the preview says %+v", before.Slip)
	}
	if slices.ContainsFunc(before.Notices, func(n casework.Ready) bool { return n.Name == "moved" }) {
		t.Error("the word about the move is offered a second time, by itself")
	}
	revision := func() int64 {
		v, err := p.Casework.Case(t.Context(), jake, id)
		if err != nil {
			t.Fatal(err)
		}
		return v.Rev
	}
	was := revision()
	if _, err := p.Casework.Emergency(t.Context(), jake, casework.About{Case: id}, casework.Emergency{Fact: "attacks", Because: "Two accounts were emptied.", Slip: &cvd.Slipped{To: to}}); err != nil {
		t.Fatal(err)
	}
	if got := revision(); got != was+1 {
		t.Errorf("it is %d events, want one", got-was)
	}
	if got := train().Announced.At; !got.Equal(to) {
		t.Errorf("the train says %s, want %s", got, to)
	}
	v, err := p.Casework.Case(t.Context(), jake, id)
	if err != nil || !v.Countdown.At.Equal(to) || len(v.Slips) != 1 || v.Slips[0].Because != "Two accounts were emptied." {
		t.Errorf("the countdown is to %s; slips %+v; %v", v.Countdown.At, v.Slips, err)
	}
	p.Settle()
	v, err = p.Casework.Case(t.Context(), jake, id)
	i := slices.IndexFunc(v.Notices, func(n cvd.Notice) bool { return n.Name == "moved" })
	if err != nil || i < 0 || v.Notices[i].Delivered["discord"].IsZero() {
		t.Fatalf("the word did not go out: %+v, %v", v.Notices, err)
	}
	letters, err := p.Store.Deliveries(t.Context(), "juno", id, v.Notices[i].Event)
	if err != nil {
		t.Fatal(err)
	}
	alarmed := 0
	for _, l := range letters {
		if strings.Contains(l.Job, ".alarm.") {
			alarmed++
		}
	}
	if alarmed == 0 {
		t.Errorf("nobody is alarmed: %+v", letters)
	}
	if got := states(t, p, "juno", "jake", id); !strings.Contains(got, "wait ") {
		t.Errorf("the train: %s", got)
	}
}
