package casework

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// quiet is a case under embargo of which a vendor heard, as the team asks about it.
func quiet() (*asking, time.Time) {
	now := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	p := &policy.Policy{Version: 1, Document: policy.Document{Title: "Juno", Embargo: policy.Embargo{Ends: []string{"public"}}}}
	c := cvd.Case{Project: "juno", ID: "JUNO-1", Rev: 1, Policy: 1, CS: cvd.CS{VendorAware: true}, Marks: map[string]time.Time{}, Round: map[string]time.Time{},
		Embargo: cvd.Embargo{State: cvd.Active, Until: now.Add(240 * time.Hour)},
		Parties: []cvd.Party{{ID: "guest:1", Name: "Boris", Kind: "vendor", Address: "boris@example.org", InvitedAt: now.Add(-time.Hour), AnsweredAt: now.Add(-time.Minute), Consent: cvd.Signatory}}}
	return &asking{c: c, p: p, project: &project{}, now: now, who: cvd.Actor{Project: "juno", ID: "jake", Standing: cvd.Member}}, now
}

// Attacks that an emergency records ask for a word about the embargo just as attacks that were observed do, and it is said before.
func TestAnEmergencyAsksWhetherAttacksEndTheEmbargo(t *testing.T) {
	a, now := quiet()
	o, err := a.observation(Emergency{Fact: "attacks", Because: "Two accounts were emptied."})
	if err != nil {
		t.Fatal(err)
	}
	then := a.after(cvd.What{Observed: &o})
	if got, want := then.c.Embargo.DecideBy, now.Add(24*time.Hour); !got.Equal(want) || !then.c.Embargo.Binds(now) {
		t.Errorf("it is said by %s, want %s; the embargo is %s", got, want, then.c.Embargo.State)
	}
	const said = "The embargo holds until Fri 2026-03-13 12:00 UTC. Whether it is kept or ended because of this must be said by Wed 2026-03-04 12:00 UTC."
	if got := a.p.Effects(a.ask("observe", cvd.What{Observed: &o})); !slices.Contains(got, said) {
		t.Errorf("before, it is said: %q", got)
	}
}

// Whoever is bound by an embargo hears that it ended with a leak, and the team reads that before.
func TestWhoIsBoundHearsThatALeakEndedTheEmbargo(t *testing.T) {
	for fact, want := range map[string][]string{"leaked": {"Boris"}, "attacks": nil} {
		a, _ := quiet()
		o, err := a.observation(Emergency{Fact: fact, Because: "A post."})
		if err != nil {
			t.Fatal(err)
		}
		out, what := Outlook{}, cvd.What{Observed: &o}
		if out.letters(a.after(what), what); strings.Join(out.Letters, ", ") != strings.Join(want, ", ") {
			t.Errorf("%s: letters to %q, want %q", fact, out.Letters, want)
		}
	}
}
