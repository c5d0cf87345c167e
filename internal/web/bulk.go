package web

import (
	"net/http"
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var bulkPage = page("bulk.html")

// bulkView is what bulk.html shows: what became of one step on several cases.
type bulkView struct {
	frame
	Verb    string
	Results []bulkResult
}

type bulkResult struct {
	Case, URL string
	Done      bool
	Says      string
}

// mostAtOnce is how many cases one request may be about: a page of the inbox, twice.
const mostAtOnce = 100

// bulkSteps are the steps that may be taken on several cases at once: those that decide nothing about any of them.
func bulkSteps(who cvd.Actor) map[string]any {
	return map[string]any{"acknowledge": cvd.Acknowledged{}, "assign": cvd.Assigned{Work: "lead", Person: who.ID}}
}

// bulk takes one step on each of the cases that were chosen. Each is weighed for itself: one that is refused stops no other.
func (s *server) bulk(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	who := actorOf(r)
	step, known := stepNamed(in.values.Get("step"))
	what, may := bulkSteps(who)[step.Name]
	ids := slices.Compact(slices.Sorted(slices.Values(in.values["case"])))
	switch {
	case !known || !may:
		return cvd.Errorf(cvd.Invalid, "choose what to do with the cases: to acknowledge them, or to take them")
	case len(ids) == 0:
		return cvd.Errorf(cvd.Invalid, "choose at least one case: the box in front of it, or the key x")
	case len(ids) > mostAtOnce:
		return cvd.Errorf(cvd.Invalid, "at most %d cases at once", mostAtOnce)
	}
	f, _, err := s.atDesk(r, "inbox", "Done with several cases")
	if err != nil {
		return err
	}
	v := bulkView{frame: f, Verb: map[string]string{"acknowledge": "Acknowledge", "assign": "Take as lead"}[step.Name]}
	for _, id := range ids {
		_, err := step.Run(r.Context(), s.Casework, who, casework.About{Case: cvd.CaseID(id)}, what)
		result := bulkResult{Case: id, URL: casePath(who.Project, cvd.CaseID(id)), Done: err == nil}
		if e := asError(err); e != nil {
			result.Says = upperFirst(e.Says)
		} else if err != nil {
			return err
		}
		v.Results = append(v.Results, result)
	}
	s.show(w, http.StatusOK, bulkPage, v)
	return nil
}
