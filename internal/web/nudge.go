package web

import (
	"errors"
	"net/http"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// nudge is the button with which a reporter reminds the team, or when there will be one.
type nudge struct {
	Open       bool
	From, Last moment
}

// nudgeOf lays out whether the team may be reminded; nil where nothing waits of which it could be.
func nudgeOf(v cvd.View, z zone) *nudge {
	if v.Nudge.From.IsZero() {
		return nil
	}
	return &nudge{v.Nudge.Open, z.at(v.Nudge.From), z.at(v.Nudge.Last)}
}

// remind takes a reporter's word that the report waits.
func (s *server) remind(w http.ResponseWriter, r *http.Request) error {
	return s.held(w, r, func(h held) error {
		_, err := s.Casework.Nudge(r.Context(), h.who, casework.About{Case: h.who.Case}, cvd.Nudged{})
		if e, ok := errors.AsType[*cvd.Error](err); ok {
			return s.status(w, r, h, func(v *statusView) int {
				v.Problems = &problems{Heading: "Nobody was reminded", Lines: []problem{{Says: upperFirst(e.Says) + clauseOf(e)}}}
				return statuses[e.Kind].code
			})
		}
		if err != nil {
			return err
		}
		return s.status(w, r, h, done("The people whom the policy names for it are reminded. What they answer stands on this page."))
	})
}

// clauseOf names the clause that a refusal follows.
func clauseOf(e *cvd.Error) string {
	if e.Clause == "" {
		return "."
	}
	return " (" + e.Clause + ")."
}
