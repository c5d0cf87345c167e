package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var boardPage = page("board.html")

// boardView is what board.html shows: the open cases in columns by their state.
type boardView struct {
	frame
	Columns   []boardColumn
	Preparing bool
	Empty     bool
}

type boardColumn struct {
	State, Title, ID string
	N, More          int
	URL              string // of the inbox, with all of them
	Cards            []boardCard
}

// boardCard is one case with the steps that lead it on: a move is a step, and goes through the step's form.
type boardCard struct {
	inboxRow
	Ready, Waiting []move
}

// move leads to the form of a step.
type move struct {
	stepLink
	To string // the state behind it
}

// board shows the open cases in columns.
func (s *server) board(w http.ResponseWriter, r *http.Request) error {
	who := actorOf(r)
	f, z, err := s.atDesk(r, "board", "Board")
	if err != nil {
		return err
	}
	b, err := s.Casework.Board(r.Context(), who)
	if err != nil {
		return err
	}
	v := boardView{frame: f, Preparing: b.Preparing, Empty: !b.Preparing}
	for _, c := range b.Columns {
		column := boardColumn{State: c.State, Title: upperFirst(c.State), ID: "state-" + strings.ReplaceAll(c.State, " ", "-"), N: c.N, More: c.N - len(c.Cards),
			URL: deskOf(who.Project) + "?" + url.Values{"state": {c.State}}.Encode()}
		for _, card := range c.Cards {
			row := s.inboxRow(who.Project, card.Row, z)
			column.Cards = append(column.Cards, boardCard{inboxRow: row})
			column.Cards[len(column.Cards)-1].moves(who.Project, card.Moves, s.clausesOf(who.Project, card.Policy), z)
		}
		v.Columns = append(v.Columns, column)
		v.Empty = v.Empty && c.N == 0
	}
	s.show(w, http.StatusOK, boardPage, v)
	return nil
}

// moves parts the steps that may be taken now from those that something stands in the way of.
func (c *boardCard) moves(project cvd.ProjectID, all []casework.Move, in clauses, z zone) {
	for _, m := range all {
		x := move{stepLink: stepTo(project, cvd.CaseID(c.Case), m.Step, m.Blocked, in, z), To: m.To}
		if len(m.Blocked) == 0 {
			c.Ready = append(c.Ready, x)
		} else {
			c.Waiting = append(c.Waiting, x)
		}
	}
}
