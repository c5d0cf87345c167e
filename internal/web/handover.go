package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// onward says to who takes part where the case went that their code names.
type onward struct {
	At        moment
	Elsewhere bool       // at another installation: nothing is taken here any more
	URL       string     // there, if somebody said where
	Report    bool       // whether they reported it, and need a new code there
	From      cvd.CaseID // their code's, if it led them to the case that they read here
	Case      cvd.CaseID
	Project   string // title of the project that it went to, if it is another one
}

// onwardOf lays out where a case went; nil if it is where it was.
func (s *server) onwardOf(v cvd.View, who cvd.Actor, z zone) *onward {
	switch {
	case v.GoesOn.Gone():
		return &onward{At: z.at(v.GoesOn.At), Elsewhere: true, URL: v.GoesOn.URL, Report: who.Standing == cvd.Finder}
	case v.CameBy.Gone():
		x := &onward{At: z.at(v.CameBy.At), From: v.CameBy.Case, Case: v.ID}
		if v.CameBy.Project != "" {
			x.Project = s.titleOf(v.Project)
		}
		return x
	}
	return nil
}

// titleOf is what a project is called.
func (s *server) titleOf(id cvd.ProjectID) string {
	p, err := s.Casework.PolicyOf(id)
	if err != nil {
		return string(id)
	}
	return p.Document.Title
}

// readOnly takes from a page what is asked of who takes part, of a case in which nothing happens here any more.
func (v *statusView) readOnly() {
	v.Naming, v.Nudge, v.Bargain, v.Advice = nil, nil, nil, nil
	if v.Dating != nil {
		v.Dating.Asked, v.Dating.May = false, false
		for i := range v.Dating.Wishes {
			v.Dating.Wishes[i].Open = false
		}
	}
	if v.Bounty != nil {
		v.Bounty.Asks = false
	}
	if v.Party != nil {
		v.Party.State, v.Party.Closed = "", true
	}
}

var handoverPage = page("handover.html")

// handoverView is what handover.html shows: the form, what would follow from what it says, or that it is done.
type handoverView struct {
	frame
	Case      cvd.CaseID
	Matter    string
	CasePath  string
	Path      string
	Rev       int64
	Questions []question
	Foreseen  []casework.Foreseen // what would follow, before it is confirmed
	To        string              // of what is confirmed
	Because   string
	URL       string
	Gone      *onward // once it is done: the sealed file is given out here
	Key       string  // that it was sealed to
	Again     bool    // whether the form is to make a wrong key good
	Problems  *problems
}

// askHandover shows the form, or for a case that was handed over the sealed file.
func (s *server) askHandover(w http.ResponseWriter, r *http.Request) error {
	v, err := s.handover(r, url.Values{})
	if err != nil {
		return err
	}
	s.show(w, http.StatusOK, handoverPage, v)
	return nil
}

// handover is the page for a case that somebody may take away whole; for anybody else it does not exist.
func (s *server) handover(r *http.Request, typed url.Values) (handoverView, error) {
	who := actorOf(r)
	view, err := s.Casework.Case(r.Context(), who, cvd.CaseID(r.PathValue("case")))
	if err != nil {
		return handoverView{}, err
	}
	if view.Tier != cvd.ForTeam || view.Erased != nil || !handsOver(who) {
		return handoverView{}, cvd.NotFound
	}
	f, z, err := s.atDesk(r, "inbox", "Hand over · "+string(view.ID))
	if err != nil {
		return handoverView{}, err
	}
	v := handoverView{frame: f, Case: view.ID, Matter: view.Title, CasePath: casePath(who.Project, view.ID), Rev: view.Rev,
		Again: typed.Get("again") == yes || r.URL.Query().Get("again") == yes}
	v.Path = v.CasePath + "/handover"
	if view.GoesOn.Gone() && view.Combined.Site != "" {
		v.Gone, v.Key = s.onwardOf(view, who, z), view.Combined.Site
	}
	v.Questions = questionsOf(typed,
		input{Name: "to", Label: "The key of the other installation", Help: "It begins with age1. They find it on their page Take a case over, or by tipstaff key show; compare it with them by another way. Or choose its file below", Rows: 2, pointer: "/to"},
		input{Name: "because", Label: "Why it goes on there", Help: "The people there read it, and the team here", Rows: 3, Required: true, pointer: "/because"},
		input{Name: "url", Label: "Where people go on there", Help: "Such as the page of their project: reporters and parties read it here", Type: "url", pointer: "/url"})
	return v, nil
}

// handsOver says whether somebody's roles allow them to take all of a case away.
func handsOver(who cvd.Actor) bool { return who.May("hand_over") && who.May(cvd.SeeExploit) }

// takeHandover shows what would follow, or does it.
func (s *server) takeHandover(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	if len(in.files) > 0 && strings.TrimSpace(in.values.Get("to")) == "" {
		in.values.Set("to", string(in.files[0].Body[:min(len(in.files[0].Body), longestKey)]))
	}
	v, err := s.handover(r, in.values)
	if err != nil {
		return err
	}
	x := cvd.HandedOver{To: strings.TrimSpace(in.values.Get("to")), Because: in.values.Get("because"), URL: strings.TrimSpace(in.values.Get("url"))}
	about := casework.About{Case: v.Case}
	if wrong := in.problem(); wrong != nil {
		return s.notHandedOver(w, v, asError(wrong))
	}
	if in.values.Get("do") == yes {
		about.Rev = number(in.values.Get("rev"))
		if _, _, err = s.Casework.HandOver(r.Context(), actorOf(r), about, x); err == nil {
			http.Redirect(w, r, v.Path, http.StatusSeeOther)
			return nil
		}
	} else {
		v.Foreseen, err = s.Casework.ForeseeHandOver(r.Context(), actorOf(r), about, x)
		v.To, v.Because, v.URL = x.To, x.Because, x.URL
	}
	if e := asError(err); e != nil {
		return s.notHandedOver(w, v, e)
	}
	if err != nil {
		return err
	}
	s.show(w, http.StatusOK, handoverPage, v)
	return nil
}

// longestKey is how many bytes of a file may be a key.
const longestKey = 4096

// notHandedOver shows the form again, with what stands in the way.
func (s *server) notHandedOver(w http.ResponseWriter, v handoverView, e *cvd.Error) error {
	v.Foreseen, v.Again = nil, v.Gone != nil
	v.Problems = mark(v.Questions, []*cvd.Error{e})
	v.Problems.Heading, v.Title = "Nothing was done yet", "Not done yet: "+v.Title
	s.show(w, statuses[e.Kind].code, handoverPage, v)
	return nil
}

// sendBundle gives out the sealed file of a case that was handed over.
func (s *server) sendBundle(w http.ResponseWriter, r *http.Request) error {
	id := cvd.CaseID(r.PathValue("case"))
	sealed, err := s.Casework.Bundle(r.Context(), actorOf(r), id)
	if err != nil {
		return err
	}
	save(w, "application/octet-stream", string(id)+".sealed", sealed)
	return nil
}
