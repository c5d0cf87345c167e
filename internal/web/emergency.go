package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

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
	Come           []comeContingency
	Before, After  []planned
	Questions      []question
	Notices        []readyNotice
	Once           string // drawn for each page that is shown: who sends it twice does it once
	Blocked        []objection
	Problems       *problems
	view           cvd.View
	outlook        casework.Outlook
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
	v, err := s.emergencyOf(r, r.URL.Query().Get("fact"), url.Values{})
	if err != nil {
		return err
	}
	s.show(w, http.StatusOK, emergencyPage, v)
	return nil
}

// takeEmergency does it: the fact, the dates and the ticked notices are one event.
func (s *server) takeEmergency(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	v, err := s.emergencyOf(r, in.values.Get("fact"), in.values)
	if err != nil {
		return err
	}
	act, wrong := v.act(in.values)
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
	all := slices.Clone(v.Questions)
	for i := range v.Notices {
		all = append(all, v.Notices[i].Questions...)
	}
	v.Problems = mark(all, []*cvd.Error{wrong})
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

// emergencyOf is the page for one fact; without one it asks which.
func (s *server) emergencyOf(r *http.Request, fact string, typed url.Values) (emergencyView, error) {
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
	v := emergencyView{frame: f, Case: string(view.ID), CasePath: casePath(who.Project, view.ID), view: view, Once: typed.Get("once")}
	if v.Once == "" {
		v.Once = rand.Text()
	}
	for _, name := range casework.Facts {
		v.Facts = append(v.Facts, factLink{URL: v.CasePath + "/emergency?fact=" + name, Label: facts[name][0], Says: facts[name][1], Here: name == fact})
	}
	if facts[fact][0] == "" {
		return v, nil
	}
	v.Fact, v.Says = fact, facts[fact][0]
	if v.outlook, err = s.Casework.Outlook(r.Context(), who, id, casework.Emergency{Fact: fact}); err != nil {
		return v, err
	}
	v.lay(s.clausesOf(who.Project, view.Policy), z)
	v.ask(typed, s.Casework.Now())
	return v, nil
}

// lay lays out what would follow.
func (v *emergencyView) lay(in clauses, z zone) {
	o := v.outlook
	v.Known, v.Then, v.Letters = o.Known, o.Then, o.Letters
	for _, k := range o.Clocks {
		v.Clocks = append(v.Clocks, startingClock{Title: k.Title, Law: k.Law, Clause: in.at(k.Clause), Due: z.at(k.Due)})
	}
	for _, c := range o.Come {
		x := comeContingency{Title: c.Title, Says: c.Says}
		for _, l := range c.Lifts {
			x.Lifts = append(x.Lifts, in.at(l))
		}
		v.Come = append(v.Come, x)
	}
	v.Before, v.After = plannedOf(o.Before, in, z), plannedOf(o.After, in, z)
}

// ask makes the questions: why, whose leak, since when the project is aware, and what the notices say.
func (v *emergencyView) ask(typed url.Values, now time.Time) {
	if len(typed) == 0 {
		typed = v.proposed(now)
	}
	add := func(in input) { v.Questions = append(v.Questions, question{Inputs: []input{in.filled(typed)}}) }
	add(input{Name: "because", pointer: "/because", Label: "How it is known", Help: "A link, a log, who said it: enough for somebody else to judge", Rows: 3, Required: true})
	if v.Fact == "leaked" && len(v.view.Parties) > 0 {
		in := input{Name: "party", pointer: "/party", Label: "Who let it out", Help: "Only if it is known"}
		for _, p := range v.view.Parties {
			in.Choices = append(in.Choices, choice{Value: string(p.ID), Label: p.Name})
		}
		add(in)
	}
	for i, m := range v.outlook.Aware {
		add(input{Name: "aware." + m.Name, pointer: "/aware/" + strconv.Itoa(i) + "/on", Label: m.Title + ", in UTC", Help: m.Says, Type: "datetime-local"})
	}
	for _, n := range v.outlook.Notices {
		x := readyNotice{Name: n.Name, Title: n.Title, Subject: n.Subject, Text: n.Text, Again: n.Again, Opened: n.Opened, Ticked: typed.Get("send."+n.Name) != "",
			To: strings.Join(n.Audiences, ", ") + " by " + strings.Join(n.Channels, ", ")}
		for _, f := range n.Fields {
			in := input{Name: "says." + n.Name + "." + f.Name, pointer: "/" + n.Name + "/says/" + f.Name, Label: f.Title}
			if f.Type == "instant" {
				in.Type, in.Label = "datetime-local", f.Title+", in UTC"
			}
			x.Questions = append(x.Questions, question{Inputs: []input{in.filled(typed)}})
		}
		v.Notices = append(v.Notices, x)
	}
}

// proposed is what the form begins with: what the case already says, and now for what a law counts from when attacks are seen.
func (v *emergencyView) proposed(now time.Time) url.Values {
	typed := url.Values{}
	for _, n := range v.outlook.Notices {
		for name, said := range n.Says {
			typed.Set("says."+n.Name+"."+name, said)
		}
	}
	if len(v.outlook.Aware) > 0 && v.Fact == "attacks" {
		typed.Set("aware."+v.outlook.Aware[0].Name, now.UTC().Format(localLayout))
	}
	return typed
}

// localLayout is how a browser writes an instant without a zone.
const localLayout = "2006-01-02T15:04"

// act is what was sent in, and what of it is no instant.
func (v *emergencyView) act(typed url.Values) (casework.Emergency, *cvd.Error) {
	act := casework.Emergency{Fact: v.Fact, Because: typed.Get("because"), Party: cvd.ActorID(typed.Get("party"))}
	for i, m := range v.outlook.Aware {
		text := typed.Get("aware." + m.Name)
		if text == "" {
			continue
		}
		on, err := time.Parse(localLayout, text)
		if err != nil {
			return act, asError(cvd.Fieldf("/aware/"+strconv.Itoa(i)+"/on", "write the day and the time, such as 2026-03-02T16:30"))
		}
		v.aim("/aware/"+strconv.Itoa(i), "/aware/"+strconv.Itoa(len(act.Aware)))
		act.Aware = append(act.Aware, cvd.Dated{Event: m.Name, On: on.UTC()})
	}
	for i, n := range v.outlook.Notices {
		if typed.Get("send."+n.Name) == "" {
			continue
		}
		x := cvd.Notified{Notice: n.Name, Says: map[string]string{}}
		if n.Again {
			x.Again = act.Because
		}
		for _, f := range n.Fields {
			said := strings.TrimSpace(typed.Get("says." + n.Name + "." + f.Name))
			if on, err := time.Parse(localLayout, said); err == nil && f.Type == "instant" {
				said = on.UTC().Format(time.RFC3339)
			}
			if said != "" {
				x.Says[f.Name] = said
			}
		}
		for j := range v.Notices[i].Questions {
			in := &v.Notices[i].Questions[j].Inputs[0]
			in.pointer = strings.Replace(in.pointer, "/"+n.Name, "/notices/"+strconv.Itoa(len(act.Notices)), 1)
		}
		act.Notices = append(act.Notices, x)
	}
	return act, nil
}

// aim lets an error about the sent list stand at the field that it came from.
func (v *emergencyView) aim(from, to string) {
	for i := range v.Questions {
		in := &v.Questions[i].Inputs[0]
		if rest, ok := strings.CutPrefix(in.pointer, from+"/"); ok {
			in.pointer = to + "/" + rest
		}
	}
}

// crises are the ways to the page, from the case: one click to what would follow, one to do it.
func (v *workView) crises(view cvd.View) {
	known := map[string]bool{"public": view.CS.Public, "leaked": view.CS.Public, "attacks": view.CS.Attacks, "exploit_public": view.CS.ExploitKnown}
	for _, name := range casework.Facts {
		if view.Tier == cvd.ForTeam && view.Erased == nil && slices.ContainsFunc(view.Steps, func(o cvd.Option) bool { return o.Step == "observe" }) && !known[name] {
			v.Crises = append(v.Crises, factLink{URL: v.Path + "/emergency?fact=" + name, Label: facts[name][0]})
		}
	}
}
