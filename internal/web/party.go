package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var (
	invitedPage = page("invited.html")
	termsPage   = page("party.html")
)

// invitedView is what the link of a letter opens before anything is asked: the same for every link, right or wrong.
type invitedView struct {
	frame
	Link     string
	Problems *problems
}

// termsView is what somebody sees who was asked to take part and may not read the case: what they are asked, and what becomes of
// the embargo.
type termsView struct {
	frame
	Case     cvd.CaseID
	Name     string
	Kind     string
	State    string // of the party
	Because  string // why it is so, in words
	Code     string // one of the two stands in the hidden fields of the forms
	Link     string
	Fresh    string // the code that an answer by the link leads to, shown once
	AnswerBy moment
	Binds    bool
	Until    moment
	There    string // the end in the party's own zone
	Machine  string // of the end that is accepted
	Says     string // the words of the embargo
	Ended    moment
	Terms    []termChoice
	Dating   *dating
	Claiming *claiming
	Gone     bool // they left, or were removed
	Open     bool // whether the terms are to be answered
	Typed    string
	Done     string
	Problems *problems
	Feed     *feedPart // for who has a code
	Onward   *onward
	Over     bool // nobody waits for an answer any more: it goes on elsewhere
}

type termChoice struct {
	Name, Says string
	Chosen     bool
}

// partyPart is what a party finds on its page of the case besides the case.
type partyPart struct {
	Name, State string
	Closed      bool // nothing is taken from it any more
	Statuses    []choice
	Lines       []choice
	Threads     []partyTalk
	Others      []other
	Ready       string // how much of the whole is ready, where the policy shows it
	Target      *target
}

type other struct{ Name, Organisation, Kind, State string }

type partyTalk struct {
	Number   int
	Title    string
	Messages []message
}

// kinds are what parties are, in words.
var partyKinds = map[cvd.PartyKind]string{cvd.Vendor: "vendor", cvd.Downstream: "downstream project", cvd.Distributor: "distributor",
	cvd.Validator: "validator", cvd.Adviser: "expert", cvd.Coordinator: "coordinator", cvd.CSIRT: "CSIRT", cvd.OtherParty: "party"}

// askInvited opens the link of a letter. It asks nothing of the database and changes nothing, since programs open links too.
func (s *server) askInvited(w http.ResponseWriter, r *http.Request) error {
	f, _, err := s.within(projectOf(r), "status", "You are asked to take part")
	if err != nil {
		return err
	}
	s.show(w, http.StatusOK, invitedPage, invitedView{frame: f, Link: r.PathValue("link")})
	return nil
}

// invitee finds out who comes by the link of a letter. A link that does not fit is one answer, whatever is wrong with it.
func (s *server) invitee(w http.ResponseWriter, r *http.Request, serve func(held) error) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	who, err := s.Casework.Invitee(r.Context(), projectOf(r), in.values.Get("link"))
	if errors.Is(err, cvd.NotFound) {
		f, _, err := s.within(projectOf(r), "status", "You are asked to take part")
		if err != nil {
			return err
		}
		v := invitedView{frame: f, Problems: &problems{Heading: "This link does not fit any more",
			Lines: []problem{{Says: "An answer was given, a newer letter was sent, or the link is not whole. If you have a code, use it; else ask the project to invite you again."}}}}
		s.show(w, http.StatusNotFound, invitedPage, v)
		return nil
	}
	if err != nil {
		return err
	}
	return serve(held{who: who, sent: in})
}

// showInvited shows the terms to who came by a link, and notes that a person read them.
func (s *server) showInvited(w http.ResponseWriter, r *http.Request) error {
	return s.invitee(w, r, func(h held) error { return s.terms(w, r, h, nil) })
}

// answerInvited takes the answer of who came by a link.
func (s *server) answerInvited(w http.ResponseWriter, r *http.Request) error {
	return s.invitee(w, r, func(h held) error {
		if e := unsaid(h); e != nil {
			return s.terms(w, r, h, notAnswered(h, e))
		}
		_, code, err := s.Casework.AnswerByLink(r.Context(), h.who, answerOf(h))
		if e, ok := errors.AsType[*cvd.Error](err); ok {
			return s.terms(w, r, h, notAnswered(h, e))
		}
		if err != nil {
			return err
		}
		return s.terms(w, r, h, func(v *termsView) int {
			v.Fresh, v.Open, v.Link = code, false, ""
			v.Done = cmp.Or(map[bool]string{true: "You have accepted."}[code != ""], "You have declined. You hear what becomes of the embargo, and nothing else.")
			return http.StatusOK
		})
	})
}

// takeAnswer takes the answer of who holds a code.
func (s *server) takeAnswer(w http.ResponseWriter, r *http.Request) error {
	return s.held(w, r, func(h held) error {
		if e := unsaid(h); e != nil {
			return s.terms(w, r, h, notAnswered(h, e))
		}
		_, err := s.Casework.Answer(r.Context(), h.who, casework.About{Case: h.who.Case}, answerOf(h))
		if e, ok := errors.AsType[*cvd.Error](err); ok {
			return s.terms(w, r, h, notAnswered(h, e))
		}
		if err != nil {
			return err
		}
		return s.again(w, r, h, "Your answer is kept.")
	})
}

// again shows a party's page anew, as somebody whose rights may have changed with what was just done.
func (s *server) again(w http.ResponseWriter, r *http.Request, h held, says string) error {
	who, err := s.Auth.Code(r.Context(), projectOf(r), h.code)
	if err != nil {
		return err
	}
	h.who = who
	return s.status(w, r, h, done(says))
}

func notAnswered(h held, e *cvd.Error) func(*termsView) int {
	return func(v *termsView) int {
		v.Typed, v.Problems = h.sent.values.Get("because"), &problems{Heading: "Nothing was answered yet", Lines: []problem{{strings.TrimPrefix(e.Field, "/"), upperFirst(e.Says) + "."}}}
		for i := range v.Terms {
			v.Terms[i].Chosen = slices.Contains(h.sent.values["terms"], v.Terms[i].Name)
		}
		return statuses[e.Kind].code
	}
}

// unsaid refuses an answer that is neither yes nor no: whoever says nothing has not declined.
func unsaid(h held) *cvd.Error {
	if says := h.sent.values.Get("answer"); says != yes && says != "no" {
		return asError(cvd.Fieldf("/answer", "say whether you accept or decline"))
	}
	return nil
}

// answerOf reads an answer.
func answerOf(h held) cvd.Answered {
	in := h.sent.values
	x := cvd.Answered{Accept: in.Get("answer") == yes, Terms: in["terms"], Because: in.Get("because")}
	if in.Get("keep") == yes {
		x.Embargo, _ = time.Parse(time.RFC3339Nano, in.Get("embargo"))
	}
	return x
}

// terms shows what somebody is asked who may not read the case.
func (s *server) terms(w http.ResponseWriter, r *http.Request, h held, change func(*termsView) int) error {
	if err := s.Casework.Acquainted(r.Context(), h.who); err != nil {
		return err
	}
	view, err := s.Casework.Case(r.Context(), h.who, h.who.Case)
	if err != nil {
		return err
	}
	f, z, err := s.within(view.Project, "status", "Case "+string(view.ID))
	if err != nil {
		return err
	}
	z = zoneWith(r, h, view, &f, z)
	v := termsView{frame: f, Case: view.ID, Code: h.code, Link: h.sent.values.Get("link")}
	if h.code != "" {
		v.Link = ""
	}
	s.fillTerms(&v, h, view, z)
	if h.code != "" {
		if v.Feed, err = s.feedOf(r.Context(), projectOf(r), h.who, h.code); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if change != nil {
		status = change(&v)
	}
	s.show(w, status, termsPage, v)
	return nil
}

func (s *server) fillTerms(v *termsView, h held, view cvd.View, z zone) {
	now, joined := s.Now(), false
	v.Onward, v.Over = s.onwardOf(view, h.who, z), view.GoesOn.Gone()
	if len(view.Parties) > 0 {
		p := view.Parties[0]
		v.Name, v.Kind, v.State, v.AnswerBy = p.Name, partyKinds[p.Kind], string(p.State(now)), z.at(p.AnswerBy)
		joined = p.Joined() && p.Kind != "" && !p.Gone()
		v.Gone = p.Gone()
		v.Open = !p.Gone() && !p.Refused && !joined
		if v.Over {
			v.Open, joined = false, false
		}
		if v.Open && p.Silent(now) {
			v.Because = "The time for an answer is over. As long as the terms are those that you were asked to accept, you may still answer."
		}
		v.There = ownZone(view, h.who.ID, z).at(view.Embargo.Until).Local
	}
	e := view.Embargo
	if v.Binds = e.State.InForce(); v.Binds {
		v.Until, v.Machine, v.Says = z.at(e.Until), e.Until.UTC().Format(time.RFC3339Nano), e.Terms
	}
	v.Ended = z.at(e.Ended)
	if h.code != "" && joined { // who has not accepted the terms answers those first
		v.Dating = datingOf(h, view, v.Project.Root, z, true)
	}
	if h.code != "" {
		v.Claiming = claimingOf(view, v.Project.Root, h.code, z)
	}
	if p, err := s.Casework.PolicyOf(view.Project); err == nil {
		for _, t := range p.Document.Terms {
			v.Terms = append(v.Terms, termChoice{Name: t.Name, Says: t.Says})
		}
	}
}

// party lays out what a party finds on its page of the case.
func (s *server) party(view cvd.View, h held, z zone) *partyPart {
	now := s.Now()
	v := &partyPart{Target: targetOf(view.Countdown, now, z)}
	for i, p := range view.Parties {
		if p.ID != h.who.ID {
			v.Others = append(v.Others, other{p.Name, p.Organisation, partyKinds[p.Kind], string(p.State(now))})
			continue
		}
		v.Name, v.State = p.Name, string(view.Parties[i].State(now))
		for _, status := range cvd.PartyStatuses {
			v.Statuses = append(v.Statuses, choice{Value: string(status), Label: upperFirst(words(string(status))), Chosen: p.Whole() == status})
		}
	}
	for _, l := range view.Lines {
		if !slices.ContainsFunc(v.Lines, func(c choice) bool { return c.Value == l.Name }) {
			v.Lines = append(v.Lines, choice{Value: l.Name, Label: l.Product + " " + l.Name})
		}
	}
	v.Threads = talksOf(view, h.who.ID, z)
	return v
}

// talksOf lays out the threads that somebody takes part in.
func talksOf(view cvd.View, me cvd.ActorID, z zone) (all []partyTalk) {
	for _, t := range view.Threads {
		x := partyTalk{Number: t.Number, Title: t.Title}
		for _, m := range t.Messages {
			from := map[bool]string{true: "You", false: cmp.Or(m.Name, "The project")}[m.By == me]
			x.Messages = append(x.Messages, message{At: z.at(m.At), From: upperFirst(from), Mine: m.By == me, Text: m.Text})
		}
		all = append(all, x)
	}
	return all
}

// byParty takes a step of a party from its page.
func (s *server) byParty(w http.ResponseWriter, r *http.Request, says string, take func(context.Context, held, casework.About) error) error {
	return s.held(w, r, func(h held) error {
		err := take(r.Context(), h, casework.About{Case: h.who.Case})
		if e, ok := errors.AsType[*cvd.Error](err); ok {
			return s.status(w, r, h, func(v *statusView) int {
				v.Problems = &problems{Heading: "Nothing was done yet", Lines: []problem{{Says: upperFirst(e.Says) + clauseOf(e)}}}
				v.Text = h.sent.values.Get("text")
				return statuses[e.Kind].code
			})
		}
		if err != nil {
			return err
		}
		return s.again(w, r, h, says)
	})
}

func (s *server) standing(w http.ResponseWriter, r *http.Request) error {
	return s.byParty(w, r, "The project sees how far you are.", func(ctx context.Context, h held, about casework.About) error {
		in := h.sent.values
		_, err := s.Casework.Standing(ctx, h.who, about, cvd.Stood{Status: cvd.PartyStatus(in.Get("status")), Line: in.Get("line"), Says: in.Get("says")})
		return err
	})
}

func (s *server) leave(w http.ResponseWriter, r *http.Request) error {
	return s.byParty(w, r, "You have left the case.", func(ctx context.Context, h held, about casework.About) error {
		keeps := h.sent.values.Get("keeps")
		if keeps == "" {
			return cvd.Fieldf("/keeps", "say whether you keep the embargo")
		}
		_, err := s.Casework.Leave(ctx, h.who, about, cvd.Left{Keeps: keeps == yes, Says: h.sent.values.Get("says")})
		return err
	})
}

func (s *server) writeThread(w http.ResponseWriter, r *http.Request) error {
	return s.byParty(w, r, "Your message was sent.", func(ctx context.Context, h held, about casework.About) error {
		n, _ := strconv.Atoi(h.sent.values.Get("thread")) // none is no thread
		if n == 0 {
			n = -1
		}
		_, err := s.Casework.Message(ctx, h.who, about, cvd.Messaged{Thread: n, Text: h.sent.values.Get("text")})
		return err
	})
}

func (s *server) nominate(w http.ResponseWriter, r *http.Request) error {
	return s.byParty(w, r, "The project decides whether they are asked. They are told nothing yet.", func(ctx context.Context, h held, about casework.About) error {
		in := h.sent.values
		_, err := s.Casework.Nominate(ctx, h.who, about, cvd.Nominated{Name: in.Get("name"), Kind: cvd.PartyKind(in.Get("kind")),
			Address: in.Get("address"), Because: in.Get("because")})
		return err
	})
}

// fromStatus says on the page of the terms what was to be said on that of the case.
func fromStatus(change func(*statusView) int) func(*termsView) int {
	if change == nil {
		return nil
	}
	return func(v *termsView) int {
		was := statusView{Feed: v.Feed, Claiming: v.Claiming}
		status := change(&was)
		v.Done, v.Problems = was.Done, was.Problems
		return status
	}
}
