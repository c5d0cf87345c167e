package web

import (
	"net/http"

	"github.com/tipstaff/tipstaff/cvd"
)

var casePage = page("case.html")

// caseView is what case.html shows a stranger of a public case.
type caseView struct {
	frame
	sheet
	Matter  string // the title of the case; the case is public
	Reports []reportSheet
	Talk    *talk
}

// publicCase shows a case that strangers may see. What they may not see is not found, as what does not exist.
func (s *server) publicCase(w http.ResponseWriter, r *http.Request) error {
	id := projectOf(r)
	number, err := cvd.ParseCaseID(r.PathValue("case"))
	if err != nil {
		return err
	}
	view, err := s.Casework.Case(r.Context(), cvd.Nobody(id), number)
	if err != nil {
		return err
	}
	f, z, err := s.within(id, "cases", "Case "+string(number))
	if err != nil {
		return err
	}
	titles, err := s.fieldTitles(id)
	if err != nil {
		return err
	}
	v := caseView{frame: f, sheet: s.sheet(id, view, z), Matter: view.Title,
		Talk: talkOf(view, casePath(id, number), z)}
	for _, x := range view.Reports {
		v.Reports = append(v.Reports, reportSheet{Number: x.Number, At: z.at(x.At), Items: reported(x, titles)})
	}
	s.show(w, http.StatusOK, casePage, v)
	return nil
}
