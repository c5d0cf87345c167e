package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/tipstaff/tipstaff/cvd"
)

// askable is an audience whose members can be asked to take part, all in one act.
type askable struct {
	Name, Title string
	Left        int
	Says        string // how many of them were asked already
}

// askables are the audiences that the people of a case may ask from its board.
func (s *server) askables(r *http.Request, id cvd.CaseID) (out []askable, err error) {
	all, err := s.Casework.AudiencesOn(r.Context(), actorOf(r), id)
	for _, x := range all {
		a := askable{Name: x.Name, Title: x.Title, Left: x.Left}
		if x.Here > 0 {
			a.Says = counted(x.Here, "member was", "members were") + " asked already"
		}
		out = append(out, a)
	}
	return out, err
}

// inviteAudience asks everybody of an audience who was not asked yet.
func (s *server) inviteAudience(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	who, id := actorOf(r), cvd.CaseID(r.PathValue("case"))
	n, err := s.Casework.InviteAudience(r.Context(), who, id, in.values.Get("audience"))
	if err != nil {
		return err
	}
	http.Redirect(w, r, casePath(who.Project, id)+"/readiness?"+url.Values{"invited": {strconv.Itoa(n)}}.Encode(), http.StatusSeeOther)
	return nil
}
