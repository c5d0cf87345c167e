package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

var feedPage = page("feed.html")

// feedView is what feed.html shows somebody of the roster: the form for the address of their calendar.
type feedView struct {
	frame
	Feed *feedPart
	Done string
}

// feedPart is somebody's calendar on a page of theirs: whether it is followed, and its address when it was just made.
type feedPart struct {
	Action, Code string
	Has          bool
	Fresh        string // shown once
}

// calendar is the calendar at an address that was given to one person. It asks for no cookie and no code, since calendar programs know
// neither: the address is the secret, and what it opens is as little as a calendar may show.
func (s *server) calendar(w http.ResponseWriter, r *http.Request) error {
	who, id, err := s.Auth.Feed(r.Context(), projectOf(r), strings.TrimSuffix(r.PathValue("token"), ".ics"))
	if err != nil {
		return err
	}
	text, err := s.Casework.Feed(r.Context(), projectOf(r), id, who)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Content-Disposition", `inline; filename="tipstaff.ics"`)
	_, err = w.Write(text)
	return err
}

// deskCalendar shows the form to somebody of the roster.
func (s *server) deskCalendar(w http.ResponseWriter, r *http.Request) error {
	return s.showFeed(w, r, "", "")
}

// takeDeskCalendar makes an address, another one in its place, or none.
func (s *server) takeDeskCalendar(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	fresh, says, err := s.turnFeed(r.Context(), projectOf(r), actorOf(r), "", in.values.Get("do"))
	if err != nil {
		return err
	}
	return s.showFeed(w, r, fresh, says)
}

func (s *server) showFeed(w http.ResponseWriter, r *http.Request, fresh, says string) error {
	f, _, err := s.atDesk(r, "calendar", "Your calendar")
	if err != nil {
		return err
	}
	part, err := s.feedOf(r.Context(), projectOf(r), actorOf(r), "")
	if err != nil {
		return err
	}
	part.Fresh = fresh
	s.show(w, http.StatusOK, feedPage, feedView{frame: f, Feed: part, Done: says})
	return nil
}

// takeCalendar is takeDeskCalendar for whoever holds a code.
func (s *server) takeCalendar(w http.ResponseWriter, r *http.Request) error {
	return s.held(w, r, func(h held) error {
		fresh, says, err := s.turnFeed(r.Context(), projectOf(r), h.who, h.code, h.sent.values.Get("do"))
		if e, ok := errors.AsType[*cvd.Error](err); ok {
			return s.status(w, r, h, func(v *statusView) int {
				v.Problems = &problems{Heading: "Nothing was changed yet", Lines: []problem{{"calendar", upperFirst(e.Says)}}}
				return statuses[e.Kind].code
			})
		}
		if err != nil {
			return err
		}
		return s.status(w, r, h, func(v *statusView) int {
			v.Done, v.Feed.Fresh = says, fresh
			return http.StatusOK
		})
	})
}

// turnFeed does what a form of a calendar asks for.
func (s *server) turnFeed(ctx context.Context, project cvd.ProjectID, who cvd.Actor, code, do string) (fresh, says string, err error) {
	switch do {
	case "take":
		token, err := s.Auth.TakeFeed(ctx, project, who, code)
		if err != nil {
			return "", "", err
		}
		return s.Base + "/p/" + string(project) + "/calendar/" + token, "Your calendar has an address. It is shown once: copy it now.", nil
	case "end":
		return "", "The address leads nowhere from now on.", s.Auth.EndFeed(ctx, project, who, code)
	}
	return "", "", cvd.Fieldf("/do", "choose whether you take an address, or give up the one that you have")
}

// feedOf is the part of a page that is about the asker's calendar.
func (s *server) feedOf(ctx context.Context, project cvd.ProjectID, who cvd.Actor, code string) (*feedPart, error) {
	has, err := s.Auth.HasFeed(ctx, project, who, code)
	if err != nil {
		return nil, err
	}
	p := &feedPart{Action: deskOf(project) + "/calendar", Code: code, Has: has}
	if who.Standing != cvd.Member {
		p.Action = "/p/" + string(project) + "/status/calendar"
	}
	return p, nil
}
