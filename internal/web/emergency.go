package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var emergencyPage = page("emergency.html")

// emergencyView is what emergency.html shows: what would follow if the matter were public, leaked or used, with the texts ready to
// send, and the button that does it.
type emergencyView struct {
	frame
	Case, CasePath string
	Facts          []factLink
	Fact, Says     string // the one that was chosen
	Known          bool
	Then, Letters  []string
	Clocks         []startingClock
	Later          []laterClock
	Claims         []claimRow // of others than the team, that wait for an answer
	MayDismiss     bool
	Confirms       *claimRow // the one that the act confirms
	Release        *releaseMoves
	Come           []comeContingency
	Before, After  []planned
	Questions      []question
	Notices        []readyNotice
	Once           string // drawn for each page that is shown: who sends it twice does it once
	Blocked        []objection
	Problems       *problems
	view           cvd.View
	outlook        casework.Outlook
	in             clauses
	z              zone
}

// releaseMoves is the announced release, and where it moves to in the same act.
type releaseMoves struct {
	Announced, Earliest moment
	May                 bool
	Questions           []question
	Subject, Text       string   // of what tells people of it, as far as it is written
	Slip                slipView // what was looked at
}

// laterClock is a promise of a law that has not begun.
type laterClock struct {
	Title, Law, From, Within string
	Clause                   clause
}

// factLink is one thing that may have happened.
type factLink struct {
	URL, Label, Says string
	Here             bool
}

type startingClock struct {
	Title, Law string
	Clause     clause
	Due        moment
}

type comeContingency struct {
	Title, Says string
	Lifts       []clause
}

// readyNotice is a notice that could go out in the same act.
type readyNotice struct {
	Name, Title, Subject, Text, To string
	Ticked, Again, Opened          bool
	Questions                      []question
}

// facts are what may have happened, as people say it.
var facts = map[string][2]string{
	"public":         {"It is public", "The matter stands where anybody can read it."},
	"leaked":         {"It leaked", "Somebody who knew of it let it out."},
	"attacks":        {"It is exploited", "There is evidence that somebody uses it against others."},
	"exploit_public": {"An exploit is public", "Anybody can get what uses it."},
}

// emergency shows what would follow.
func (s *server) emergency(w http.ResponseWriter, r *http.Request) error {
	v, err := s.emergencyOf(r, r.URL.Query().Get("fact"), r.URL.Query().Get("claim"), url.Values{})
	if err != nil {
		return err
	}
	s.show(w, http.StatusOK, emergencyPage, v)
	return nil
}

// takeEmergency does it: the fact, the dates, the move of the release and the ticked notices are one event. Asked only to look, it
// shows what would follow from what was typed.
func (s *server) takeEmergency(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	v, err := s.emergencyOf(r, in.values.Get("fact"), in.values.Get("claim"), in.values)
	if err != nil {
		return err
	}
	act, wrong := v.act(in.values)
	if in.values.Get("look") != "" {
		return s.lookAhead(w, r, v, act, wrong)
	}
	about := casework.About{Case: v.view.ID, Once: &casework.Once{Key: in.values.Get("once"), Body: []byte(in.values.Encode())}}
	if wrong == nil {
		_, err = s.Casework.Emergency(r.Context(), actorOf(r), about, act)
		wrong = asError(err)
	}
	if wrong == nil && err == nil {
		http.Redirect(w, r, v.CasePath+"?done=observe", http.StatusSeeOther)
		return nil
	}
	if wrong == nil {
		return err
	}
	v.mark(wrong)
	v.Problems.Heading, v.Title = "Nothing was done yet", "Not done yet: "+v.Title
	if wrong.Kind == cvd.Refused && len(wrong.All) > 0 {
		v.Blocked = objections(s.clausesOf(v.view.Project, v.view.Policy), wrong.All, utc)
	}
	if errors.Is(wrong, cvd.Conflict) {
		v.Once = rand.Text() // the key was used for another text
	}
	s.show(w, statuses[wrong.Kind].code, emergencyPage, v)
	return nil
}

// lookAhead shows what would follow from what was typed. Nothing is done by it, and what was typed stays.
func (s *server) lookAhead(w http.ResponseWriter, r *http.Request, v emergencyView, act casework.Emergency, wrong *cvd.Error) error {
	if act.Notices = nil; wrong == nil {
		o, err := s.Casework.Outlook(r.Context(), actorOf(r), v.view.ID, act)
		if wrong = asError(err); err != nil && wrong == nil {
			return err
		}
		if err == nil {
			o.Notices = v.outlook.Notices
			v.outlook = o
			v.lay()
		}
	}
	status := http.StatusOK
	if wrong != nil {
		v.mark(wrong)
		v.Problems.Heading, status = "Nothing was looked at yet", statuses[wrong.Kind].code
	}
	s.show(w, status, emergencyPage, v)
	return nil
}

// mark says what is wrong where it stands.
func (v *emergencyView) mark(wrong *cvd.Error) {
	all := slices.Clone(v.Questions)
	for i := range v.Notices {
		all = append(all, v.Notices[i].Questions...)
	}
	if v.Release != nil {
		all = append(all, v.Release.Questions...)
	}
	v.Problems = mark(all, []*cvd.Error{wrong})
}

// emergencyOf is the page for one fact; without one it asks which.
func (s *server) emergencyOf(r *http.Request, fact, claim string, typed url.Values) (emergencyView, error) {
	who, id := actorOf(r), cvd.CaseID(r.PathValue("case"))
	view, err := s.Casework.Case(r.Context(), who, id)
	if err != nil {
		return emergencyView{}, err
	}
	if view.Tier != cvd.ForTeam {
		return emergencyView{}, cvd.NotFound
	}
	f, z, err := s.atDesk(r, "inbox", "Emergency · "+string(view.ID))
	if err != nil {
		return emergencyView{}, err
	}
	v := emergencyView{frame: f, Case: string(view.ID), CasePath: casePath(who.Project, view.ID), view: view, Once: typed.Get("once"), in: s.clausesOf(who.Project, view.Policy), z: z}
	if v.Once == "" {
		v.Once = rand.Text()
	}
	s.claimed(&v, fact, claim)
	for _, name := range casework.Facts {
		to := v.CasePath + "/emergency?fact=" + name
		if k := v.Confirms; k != nil && k.fact == claimOf(name) {
			to += "&claim=" + strconv.Itoa(k.Number)
		}
		v.Facts = append(v.Facts, factLink{URL: to, Label: facts[name][0], Says: facts[name][1], Here: name == fact})
	}
	if facts[fact][0] == "" {
		return v, nil
	}
	v.Fact, v.Says = fact, facts[fact][0]
	ask := casework.Emergency{Fact: fact}
	if v.Confirms != nil {
		ask.Claim = v.Confirms.Number
	}
	if v.outlook, err = s.Casework.Outlook(r.Context(), who, id, ask); err != nil {
		return v, err
	}
	v.ask(typed)
	v.lay()
	return v, nil
}

// claimOf is what an outsider claims where the team says the fact: that it leaked is for the team to know.
func claimOf(fact string) string {
	if fact == "leaked" {
		return "public"
	}
	return fact
}

// claimed lists the claims that wait for an answer, and finds the one that the act confirms.
func (s *server) claimed(v *emergencyView, fact, claim string) {
	v.MayDismiss = offered(v.view, "dismiss")
	v.Claims = s.openClaims(v.view, v.CasePath, v.z)
	for i := range v.Claims {
		if k := &v.Claims[i]; k.Confirm != "" && claim == strconv.Itoa(k.Number) && (fact == "" || claimOf(fact) == k.fact) {
			v.Confirms = k
		}
	}
}

// knownFacts are the facts that a case knows.
func knownFacts(view cvd.View) map[string]bool {
	return map[string]bool{"public": view.CS.Public, "leaked": view.CS.Public, "attacks": view.CS.Attacks, "exploit_public": view.CS.ExploitKnown}
}

// openClaims are the claims that wait for an answer, with the way to confirm each for who may: once what it says is known nobody needs to.
func (s *server) openClaims(view cvd.View, casePath string, z zone) (all []claimRow) {
	known, may := knownFacts(view), offered(view, "observe")
	for _, k := range view.Claims {
		if k.Answer != "" {
			continue
		}
		row := claimRow{Number: k.Number, By: s.name(view, k.By), Fact: claimSays[k.Fact], Evidence: k.Evidence, At: z.at(k.At), fact: k.Fact}
		if may && !known[k.Fact] {
			row.Confirm = casePath + "/emergency?" + url.Values{"fact": {k.Fact}, "claim": {strconv.Itoa(k.Number)}}.Encode()
		}
		all = append(all, row)
	}
	return all
}

// claimSays are the facts of claims, as the end of a sentence.
var claimSays = map[string]string{"public": "it is public", "exploit_public": "code that exploits it is public", "attacks": "it is being attacked"}

// lay lays out what would follow.
func (v *emergencyView) lay() {
	o, in, z := v.outlook, v.in, v.z
	v.Known, v.Then, v.Letters, v.Clocks, v.Later, v.Come = o.Known, o.Then, o.Letters, nil, nil, nil
	for _, k := range o.Clocks {
		v.Clocks = append(v.Clocks, startingClock{Title: k.Title, Law: k.Law, Clause: in.at(k.Clause), Due: z.at(k.Due)})
	}
	for _, k := range o.Later {
		v.Later = append(v.Later, laterClock{Title: k.Title, Law: k.Law, From: k.From, Within: k.Within, Clause: in.at(k.Clause)})
	}
	for _, c := range o.Come {
		x := comeContingency{Title: c.Title, Says: c.Says}
		for _, l := range c.Lifts {
			x.Lifts = append(x.Lifts, in.at(l))
		}
		v.Come = append(v.Come, x)
	}
	v.Before, v.After = plannedOf(o.Before, in, z), plannedOf(o.After, in, z)
	if m := v.Release; m != nil {
		m.Announced, m.Earliest = z.at(o.Announced), z.at(o.Earliest)
		if o.Correct != nil {
			m.Subject, m.Text = o.Correct.Subject, o.Correct.Text
		}
		if o.Slip != nil {
			m.Slip.follows(*o.Slip, in, z)
		}
	}
}

// crises are the ways to the page, from the case: one click to what would follow, one to do it.
func (v *workView) crises(s *server, view cvd.View) {
	if view.Tier != cvd.ForTeam || view.Erased != nil || !offered(view, "observe") {
		return
	}
	for _, k := range s.openClaims(view, v.Path, utc) {
		if k.Confirm != "" {
			v.Crises = append(v.Crises, factLink{URL: k.Confirm, Label: upperFirst(k.By) + " says that " + k.Fact + ": look and confirm"})
		}
	}
	known := knownFacts(view)
	for _, name := range casework.Facts {
		if !known[name] {
			v.Crises = append(v.Crises, factLink{URL: v.Path + "/emergency?fact=" + name, Label: facts[name][0]})
		}
	}
}
