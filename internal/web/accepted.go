package web

import (
	"context"
	"net/http"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var acceptedPage = page("accepted.html")

// acceptedView is what accepted.html shows, once: the return code, and what happens next.
type acceptedView struct {
	frame
	Case    cvd.CaseID
	Code    string
	At      moment
	Silence *silence
	Next    next
	Plan    []planned
	Clocks  []clock
	Advice  *advice
}

// showAccepted answers a report with its return code. From here on the report is durable: whatever else fails, the code is
// shown.
func (s *server) showAccepted(w http.ResponseWriter, r *http.Request, id cvd.ProjectID, a casework.Acceptance) error {
	f, z, err := s.within(id, "report", "Your report is in")
	if err != nil {
		return err
	}
	v := acceptedView{frame: f, Case: a.Case, Code: a.Code, At: z.at(a.Receipt.At)}
	view, err := s.caseOf(context.WithoutCancel(r.Context()), id, a.Code)
	if err != nil {
		s.Log.ErrorContext(r.Context(), "show a report that was just taken", "request", requestOf(r.Context()), "err", err)
	}
	v.fill(s.sheet(id, view, z))
	if n := len(view.Reports); n > 0 {
		v.Advice = s.adviceOn(id, view.Reports[n-1])
	}
	s.show(w, http.StatusOK, acceptedPage, v)
	return nil
}

func (v *acceptedView) fill(all sheet) {
	v.Silence, v.Next, v.Plan, v.Clocks = all.Silence, all.Next, all.Plan, all.Clocks
}

// caseOf is the case of a code, as its holder may see it.
func (s *server) caseOf(ctx context.Context, id cvd.ProjectID, code string) (cvd.View, error) {
	who, err := s.Auth.Code(ctx, id, code)
	if err != nil {
		return cvd.View{}, err
	}
	return s.Casework.Case(ctx, who, who.Case)
}
