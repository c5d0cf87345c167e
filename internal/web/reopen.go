package web

import (
	"errors"
	"net/http"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// reopen takes a closed matter up again by a report that continues the first; it has a return code of its own.
func (s *server) reopen(w http.ResponseWriter, r *http.Request) error {
	return s.held(w, r, func(h held) error {
		report := cvd.Report{Door: "form", Title: h.sent.values.Get("title"), Description: h.sent.values.Get("description")}
		if len(h.sent.problems) > 0 {
			return s.notReopened(w, r, h, h.sent.problems[0])
		}
		view, code, err := s.Casework.Reopen(r.Context(), h.who, casework.About{Case: h.who.Case}, report, h.sent.files)
		if e, ok := errors.AsType[*cvd.Error](err); ok {
			return s.notReopened(w, r, h, e)
		}
		if err != nil {
			return err
		}
		f, z, err := s.within(projectOf(r), "status", "Your report is in")
		if err != nil {
			return err
		}
		v := acceptedView{frame: f, Case: view.ID, Code: code, At: z.at(view.Changed)}
		v.fill(s.sheet(projectOf(r), view, z))
		s.show(w, http.StatusOK, acceptedPage, v)
		return nil
	})
}

func (s *server) notReopened(w http.ResponseWriter, r *http.Request, h held, e *cvd.Error) error {
	return s.status(w, r, h, func(v *statusView) int {
		v.Problems = mark(v.Questions, []*cvd.Error{e})
		if len(h.sent.problems) > 0 {
			v.Files.Error = upperFirst(e.Says)
		}
		return statuses[e.Kind].code
	})
}
