package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// Third is the mark of exactly one third, which no number of per cent is.
const Third = -3

// usualMarks are the marks of a board where the policy's quorums name none.
var usualMarks = []int{Third, 67}

// PartyBoard is who takes part in a case, how far each is, and how much of the whole is ready.
type PartyBoard struct {
	View    cvd.View
	Parties []PartyOnBoard
	Weights []string // the names of the weights that the parties have; "" is their number
	Lines   []string // release lines that somebody spoke of, and those of the case
	Sums    []cvd.Readiness
	Marks   []int // per cent, or Third
	Quorums []QuorumOnBoard
}

// PartyOnBoard is a party, and what became of the last letter to it.
type PartyOnBoard struct {
	cvd.Party
	Letter string // that a channel took it does not say that a person read it
	Failed bool
}

// QuorumOnBoard is a quorum of the policy, as the parties of the case meet it.
type QuorumOnBoard struct {
	Clause  string
	AtLeast int
	Is      cvd.Readiness
	Met     bool
}

// Readiness is the board of a case, for the team.
func (w *Casework) Readiness(ctx context.Context, who cvd.Actor, id cvd.CaseID) (PartyBoard, error) {
	a, err := w.open(ctx, who, About{Case: id})
	if err != nil {
		return PartyBoard{}, err
	}
	v, ok := cvd.Look(a.c, who, a.now)
	if !ok || v.Tier != cvd.ForTeam || v.Erased != nil {
		return PartyBoard{}, absent(cvd.NotFound)
	}
	v.Steps = a.p.Options(a.ask("", cvd.What{}), []string{"invite", "nominate", "standing", "remove", "thread", "countdown", "message"})
	letters, err := w.letters(ctx, a)
	if err != nil {
		return PartyBoard{}, err
	}
	b := PartyBoard{View: v, Weights: a.c.WeightNames(), Marks: usualMarks}
	for _, p := range v.Parties {
		x := PartyOnBoard{Party: p}
		if d, sent := letters[p.ID]; sent {
			x.Letter, x.Failed = letterWords(d), d.State == cvd.GaveUp
		}
		b.Parties = append(b.Parties, x)
	}
	b.Lines = spokenOf(&a.c)
	clauses, quorums := a.p.Quorums()
	for _, weight := range append([]string{""}, b.Weights...) {
		for _, line := range append([]string{""}, b.Lines...) {
			is := a.c.Readiness(weight, line, nil)
			if i := slices.IndexFunc(quorums, func(q *policy.Quorum) bool { return q.Weight == weight }); i >= 0 { // what the policy asks for and what is shown is one figure
				is = quorums[i].On(&a.c, line, a.wholes)
			}
			b.Sums = append(b.Sums, is)
		}
	}
	for i, q := range quorums {
		is := q.Counted(&a.c, a.wholes)
		b.Quorums = append(b.Quorums, QuorumOnBoard{Clause: clauses[i], AtLeast: q.AtLeast, Is: is, Met: is.Percent(q.AtLeast)})
		if i == 0 {
			b.Marks = append(append([]int{}, q.Marks...), q.AtLeast)
		}
	}
	return b, nil
}

// spokenOf are the release lines that a case has, or that a party spoke of.
func spokenOf(c *cvd.Case) (all []string) {
	seen := map[string]bool{}
	add := func(line string) {
		if !seen[line] {
			seen[line], all = true, append(all, line)
		}
	}
	spoken := map[string]bool{}
	for _, p := range c.Parties {
		for line := range p.Lines {
			spoken[line] = true
		}
	}
	for _, l := range c.Lines {
		if spoken[l.Name] || l.Status != "unknown" && l.Status != "not_affected" {
			add(l.Name)
		}
	}
	return all
}

// letters are the last letters to the parties of a case.
func (w *Casework) letters(ctx context.Context, a *asking) (map[cvd.ActorID]cvd.Delivery, error) {
	all, err := w.store.Deliveries(ctx, a.who.Project, a.c.ID, "")
	if err != nil {
		return nil, fmt.Errorf("read the letters to the parties of %s: %w", a.c.ID, err)
	}
	last := map[cvd.ActorID]cvd.Delivery{}
	for _, d := range all {
		parts := strings.SplitN(d.Job, ".", 3)
		if len(parts) != 3 || parts[1] != toParty && parts[1] != toBound {
			continue
		}
		if id := cvd.ActorID(parts[2]); !last[id].At.After(d.At) {
			last[id] = d
		}
	}
	return last, nil
}

func letterWords(d cvd.Delivery) string {
	switch d.State {
	case cvd.Sent:
		return "delivered " + cvd.Instant(d.At)
	case cvd.GaveUp:
		return "could not be delivered"
	case cvd.Held:
		return "held, until a person lets it go"
	}
	return "on its way"
}

// QuorumWords say how much of a quorum's whole is ready, and how much of it nobody asked.
func QuorumWords(is cvd.Readiness) string { return policy.QuorumWords(is) }

// Doubt says what speaks against reaching somebody by a handle, "" where nothing does.
func Doubt(h cvd.Handle, now time.Time) string { return policy.Doubt(h, now) }
