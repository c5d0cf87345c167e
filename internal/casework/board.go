package casework

import (
	"context"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// Board is a project's cases that are not closed, in columns by their state.
type Board struct {
	Columns   []Column
	Preparing bool // the program was started lately and still reads: there are no columns yet. It lasts seconds
}

// Column is the cases in one state, in the order in which they came.
type Column struct {
	State string // a headline: "fix ready"
	N     int    // how many there are
	Cards []Card // the first of them
}

// Card is one case on the board, with the steps that lead it on.
type Card struct {
	Row
	Moves []Move
}

// Move is a step that leads a case to another state, and what stands in its way.
type Move struct {
	cvd.Option
	To string // the headline that it leads to, where nothing else is missing; empty: the case stays in its column
}

// mostCards is how many cards a column has; more are found in the inbox.
const mostCards = 20

// road is the states of a case in the order of the process, each with the mark of a policy's stage that ends in it. Off the
// road lie the last two.
var road = []struct{ state, mark string }{
	{"received", "received"}, {"acknowledged", "acknowledged"}, {"validated", "validated"}, {"triaged", "triaged"}, {"fixing", "prioritised"},
	{"fix ready", cvd.MarkFixReady}, {"notified", cvd.MarkDelivered}, {"released", cvd.MarkReleased}, {"disclosed", "disclosed"},
	{"explained", cvd.MarkPosted}, {"deferred", "deferred"}, {"invalid", cvd.MarkInvalid},
}

// moves are the steps by which a case goes from one state to another.
var moves = []struct{ step, to string }{
	{"acknowledge", "acknowledged"}, {"validate", "validated"}, {"triage", "triaged"}, {"prioritise", "fixing"}, {"remedy", "fix ready"},
	{"notify", "notified"}, {"release", "released"}, {"disclose", "disclosed"}, {"explain", "explained"}, {"defer", "deferred"},
	{"invalidate", "invalid"}, {"close", "closed"},
}

// Board is the board of somebody on the project's roster: of all cases for those who may see them, of the public ones for the
// others. Its cost does not grow with the cases there are.
func (w *Casework) Board(ctx context.Context, who cvd.Actor) (Board, error) {
	p, err := w.project(who.Project)
	if err != nil {
		return Board{}, err
	}
	if err := onRoster(who); err != nil {
		return Board{}, err
	}
	ix, done, err := w.index(ctx, p)
	if err != nil {
		return Board{}, err
	}
	if ix == nil {
		return Board{Preparing: true}, nil
	}
	var out Board
	ids := make([][]cvd.CaseID, len(road))
	side := ix.side(who)
	for i, at := range road {
		found := side.of(facet{"state", at.state})
		for n := range found.from(-1) {
			if ids[i] = append(ids[i], ix.ids[n]); len(ids[i]) == mostCards {
				break
			}
		}
		out.Columns = append(out.Columns, Column{State: at.state, N: found.n})
	}
	done()
	for i := range out.Columns {
		if out.Columns[i].Cards, err = w.cards(ctx, p, who, ids[i]); err != nil {
			return Board{}, err
		}
	}
	out.Columns = slices.DeleteFunc(out.Columns, func(c Column) bool { return c.N == 0 && !p.leadsThrough(c.State) })
	return out, nil
}

// leadsThrough says whether the policy's stages lead a case through a state.
func (p *project) leadsThrough(state string) bool {
	stages := p.inForce().Document.Stages
	for _, at := range road {
		if at.state != state {
			continue
		}
		for _, s := range stages {
			if s.Done == "released" && state == "notified" {
				return false // what is announced behind the release leads to no state of its own
			}
			if strings.HasPrefix(s.Done, at.mark) || s.Done == cvd.MarkFixReady && state == "fixing" {
				return true
			}
		}
	}
	return state == "received"
}

// cards are cases as the board shows them.
func (w *Casework) cards(ctx context.Context, p *project, who cvd.Actor, ids []cvd.CaseID) ([]Card, error) {
	cases, err := w.store.Some(ctx, p.ID, ids)
	if err != nil {
		return nil, err
	}
	var out []Card
	now := w.Now()
	var wholes policy.Wholes // read once, for the first policy that asks for a quorum
	for _, c := range cases {
		v, ok := cvd.Look(c, who, now)
		if !ok {
			continue
		}
		a := &asking{who: who, c: c, project: p, now: now}
		if a.p, err = w.policy(ctx, p, c.Policy); err != nil {
			return nil, err
		}
		if wholes == nil {
			if wholes, err = w.wholes(ctx, p.ID, a.p); err != nil {
				return nil, err
			}
		}
		a.wholes = wholes
		card := Card{Row: row(a.p, c, v, now)}
		if v.Tier == cvd.ForPublic {
			a.c = c.Known()
		}
		card.Moves = a.moves(v.Headline, v.RM)
		out = append(out, card)
	}
	return out, nil
}

// moves are the steps of the asker's role that lead a case on from a state: those that may be taken now, and the next two on
// the road with what stands in their way. What was taken up again has to be looked at anew, though it stands further on: those
// steps lead to no other column. The case's own page has all steps.
func (a *asking) moves(from string, rm cvd.RM) []Move {
	here, off, blocked := place(from), place("deferred"), 0
	anew := rm == cvd.Arrived && here > place("acknowledged") || rm == cvd.Valid && here > place("triaged")
	var out []Move
	for _, m := range moves {
		to := place(m.to)
		back := to >= 0 && to <= here && here < off
		onward := to > here && to < off
		if m.to == from || back && !anew || onward && blocked == 2 {
			continue
		}
		for _, o := range a.p.Options(a.ask("", cvd.What{}), []string{m.step}) {
			move := Move{Option: o, To: m.to}
			if back {
				move.To = ""
			}
			switch {
			case len(o.Blocked) == 0:
				out = append(out, move)
			case onward:
				blocked++
				out = append(out, move)
			}
		}
	}
	return out
}

// place is where a state lies on the road, -1 for the states of closed cases.
func place(state string) int {
	return slices.IndexFunc(road, func(at struct{ state, mark string }) bool { return at.state == state })
}
