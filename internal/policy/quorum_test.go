package policy

import (
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// J-39, B-19: who is ready is measured by all of the audience, and not by those of it that somebody thought to invite.
func TestAQuorumIsAPartOfItsWholeAudience(t *testing.T) {
	q := &Quorum{Audience: "validators", Weight: "voting_power", AtLeast: 67}
	wholes := Wholes{"validators": {"voting_power": 683, "": 4}}
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	party := func(power int64, said cvd.PartyStatus, invited bool) cvd.Party {
		p := cvd.Party{Kind: cvd.Validator, Audience: "validators", Weights: map[string]int64{"voting_power": power}, Status: said}
		if invited {
			p.InvitedAt, p.AnsweredAt = at, at
		}
		return p
	}
	for name, row := range map[string]struct {
		parties                 []cvd.Party
		ready, total, uninvited int64
		met                     bool
	}{
		"nobody":                            {nil, 0, 683, 683, false},
		"one with next to no power":         {[]cvd.Party{party(1, cvd.Ready, true)}, 1, 683, 682, false},
		"a unit below":                      {[]cvd.Party{party(457, cvd.Ready, true)}, 457, 683, 226, false},
		"67 per cent to the unit":           {[]cvd.Party{party(458, cvd.Ready, true)}, 458, 683, 225, true},
		"candidates are not invited":        {[]cvd.Party{party(400, cvd.Ready, true), party(283, "", false)}, 400, 683, 283, false},
		"more than the register has":        {[]cvd.Party{party(600, cvd.Ready, true), party(400, cvd.Affected, true)}, 600, 1000, 0, false},
		"who is not affected is in neither": {[]cvd.Party{party(300, cvd.Ready, true), party(300, cvd.NotAffected, true)}, 300, 383, 83, true},
	} {
		c := cvd.Case{Parties: row.parties}
		is := q.Counted(&c, wholes)
		if is.Ready != row.ready || is.Total != row.total || is.Uninvited != row.uninvited || is.Percent(q.AtLeast) != row.met {
			t.Errorf("%s: %d of %d ready, %d not invited, met %v; want %d of %d, %d, %v", name, is.Ready, is.Total, is.Uninvited, is.Percent(q.AtLeast),
				row.ready, row.total, row.uninvited, row.met)
		}
	}
}

// The requirement says the same figure to the team, and no figure to a guest.
func TestAQuorumSaysItsFiguresToTheTeamOnly(t *testing.T) {
	q := &Quorum{Audience: "validators", Weight: "voting_power", AtLeast: 67, Mark: "validators_ready"}
	for standing, want := range map[cvd.Standing]bool{cvd.Member: true, cvd.Guest: false} {
		w := weighing{Ask: &Ask{Who: cvd.Actor{Standing: standing}, Wholes: Wholes{"validators": {"voting_power": 683}}}, policy: &Policy{}}
		says := w.quorum(q)
		if got := strings.Contains(says, "0 of 683 are ready, as the parties say; 683 of them were not invited"); got != want || !strings.Contains(says, "67 %") {
			t.Errorf("standing %v reads %q", standing, says)
		}
	}
}
