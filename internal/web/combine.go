package web

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// relation is another case that this one is tied to: a sentence with the link in its midst.
type relation struct{ Before, Case, URL, After string }

// relations says where a case goes on, and what came into it or left it.
func relations(v cvd.View) (out []relation) {
	add := func(before string, p cvd.Pointer, after string) {
		r := relation{Before: before, Case: string(p.Case), After: after}
		if p.Project == "" && p.Site == "" {
			r.URL = casePath(v.Project, p.Case)
		}
		if p.Case != "" {
			out = append(out, r)
		}
	}
	after := "."
	if v.Combined.Project != "" {
		after = " in the project " + string(v.Combined.Project) + "."
	}
	add("It goes on in", v.Combined, after)
	add("It was split from", v.Parent, ".")
	switch from := v.Origin; {
	case from.Site != "":
		add("It was taken over from", from, " of "+from.Site+".")
	case from.Case != "":
		add("It came from the project "+string(from.Project)+", where it was", from, ".")
	}
	for _, j := range v.Joined {
		add("It was combined with", j.From, fmt.Sprintf(": %s %d of its notices had gone out.", j.Because, len(j.Notices)))
	}
	for _, b := range v.Branches {
		add("From it was split", cvd.Pointer{Case: b.Case}, ": "+b.Because)
	}
	return out
}

// foresee shows what would follow from a step that reaches far, the first time that it is asked for so: from combining cases, and
// from moving an announced release. It says whether it did; what stands in the way the step itself says.
func (s *server) foresee(r *http.Request, v *stepForm, what any, in sent) bool {
	seen := in.values.Get("foreseen")
	switch x := what.(type) {
	case cvd.Combined:
		if seen == string(x.Into) {
			return false
		}
		then, err := s.Casework.Consequences(r.Context(), actorOf(r), v.Case, x.Into)
		if err != nil {
			return false
		}
		v.Foreseen = []casework.Foreseen{{If: "If " + string(v.Case) + " goes into " + string(x.Into), Then: then}}
		v.Preview, v.Verb = string(x.Into), "Combine them"
		return true
	case cvd.Slipped:
		return s.foreseeSlip(r, v, x, seen)
	}
	return false
}

// exportCase gives the whole case as an archive to whoever may take it away.
func (s *server) exportCase(w http.ResponseWriter, r *http.Request) error {
	id := cvd.CaseID(r.PathValue("case"))
	archive, err := s.Casework.Export(r.Context(), actorOf(r), id)
	if err != nil {
		return err
	}
	save(w, "application/zip", string(id)+".zip", archive)
	return nil
}

// reportsHere are the reports that the case still has, to choose from.
func (s *stepForm) reportsHere() (out []choice) {
	for _, r := range s.view.Reports {
		if r.Left.Case == "" {
			out = append(out, choice{Value: strconv.Itoa(r.Number), Label: strconv.Itoa(r.Number) + ": " + r.Title})
		}
	}
	return out
}

// linesOfCase are the release lines of the case, to choose from.
func (s *stepForm) linesOfCase() (out []choice) {
	for _, l := range s.view.Lines {
		out = append(out, choice{Value: l.Product + "/" + l.Name, Label: l.Product + " " + l.Name})
	}
	return out
}
