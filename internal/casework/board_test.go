package casework_test

import (
	"context"
	"slices"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// column is one column of somebody's board.
func (d *desk) column(who cvd.ActorID, state string) casework.Column {
	d.t.Helper()
	b, err := d.Board(d.t.Context(), d.who(who))
	if err != nil || b.Preparing {
		d.t.Fatalf("the board is not there: preparing %v, %v", b.Preparing, err)
	}
	i := slices.IndexFunc(b.Columns, func(c casework.Column) bool { return c.State == state })
	if i < 0 {
		return casework.Column{State: state}
	}
	return b.Columns[i]
}

func TestAColumnCountsAllAndShowsTheFirstTwenty(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ids := d.fill(23)
		got := d.column("mara", "received")
		var shown []cvd.CaseID
		for _, c := range got.Cards {
			shown = append(shown, c.ID)
		}
		if got.N != 23 || !slices.Equal(shown, ids[:20]) {
			t.Errorf("the column has %d cases and shows %v, want 23 and the first 20 of %v", got.N, shown, ids)
		}
		if public := d.column("vera", "received"); public.N != 0 || len(public.Cards) != 0 {
			t.Errorf("somebody who sees what is public has %d cases on the board", public.N)
		}
	})
}

// The steps on a card are those that lead on: none leads back, and at most two of those on the road wait for something.
func TestACardHasTheStepsThatLeadOn(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		id := d.report("Overflow", "It overflows.")
		take(d, d.Acknowledge, "mara", id, cvd.Acknowledged{})
		take(d, d.Validate, "mara", id, cvd.Validated{Evidence: "It happens here too."})
		card := d.column("mara", "validated").Cards[0]
		waiting := 0
		for _, m := range card.Moves {
			if slices.Contains([]string{"received", "acknowledged", "validated"}, m.To) {
				t.Errorf("%s leads a validated case to %s", m.Step, m.To)
			}
			if len(m.Blocked) > 0 {
				waiting++
			}
		}
		if !slices.ContainsFunc(card.Moves, func(m casework.Move) bool { return m.Step == "triage" && len(m.Blocked) == 0 }) || waiting > 2 {
			t.Errorf("the card has %+v, want triage and no more than two that wait", card.Moves)
		}
		if card := d.column("mara", "validated").Cards[0]; card.Next.Who != "the project" {
			t.Errorf("the card says that %q acts next", card.Next.Who)
		}
	})
}

// The other lock: whoever comes past the routes still has to be an administrator.
func TestKeysAndFindingsAreForAdministrators(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		admin := d.who("mara")
		admin.Can = append(slices.Clone(admin.Can), cvd.Administer)
		keys, err := d.Keys(t.Context(), admin)
		if err != nil || len(keys) != 1 || keys[0].Version != 1 || !slices.Equal(keys[0].Recipients, []string{d.config.Identity.Recipient()}) {
			t.Errorf("the keys are %+v, %v; want one version, opened by the installation", keys, err)
		}
		if version, _, err := d.Findings(admin); err != nil || version != 1 {
			t.Errorf("findings of version %d, %v", version, err)
		}
		for name, who := range map[string]cvd.Actor{"a member": d.who("vera"), "a stranger": cvd.Nobody(solo)} {
			_, noKeys := d.Keys(t.Context(), who)
			_, _, noFindings := d.Findings(who)
			if cvd.KindOf(noKeys) != cvd.Refused || cvd.KindOf(noFindings) != cvd.Refused {
				t.Errorf("%s: keys %v, findings %v; want both refused", name, noKeys, noFindings)
			}
		}
	})
}

func BenchmarkBoard(b *testing.B) {
	d := newDesk(b, "")
	d.crowded(*crowd)
	if err := d.Index(context.Background()); err != nil {
		b.Fatal(err)
	}
	d.timed(b, func() {
		if _, err := d.Board(context.Background(), d.who("mara")); err != nil {
			b.Fatal(err)
		}
	})
}
