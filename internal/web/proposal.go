package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var proposalPage = page("proposal.html")

// proposalView is what proposal.html shows: what somebody wants to change, what others say, and the forms to decide about it.
type proposalView struct {
	frame
	Path     string // of the pages about the policy
	URL      string // of this one
	Done     string
	Problems *problems
	Number   int64
	Base     int64
	Name     string
	At       moment
	State    string
	Version  int64
	Because  string
	Changes  []policyChange
	Stale    bool
	Since    []policyChange
	Opinions []opinion
	Text     string
	Lines    []codeLine
	Mine     bool
	Forge    bool   // it came from a file at a forge
	Typed    string // what was written into a form that was refused

	Findings  []finding // of the linter, that somebody has to look at
	Explained []finding // that the document explains, or that are for information
}

type opinion struct {
	Name, Says, Text string
	At               moment
	Void             bool // it was about a text that was replaced since
}

// opined says what somebody did about a proposal.
var opined = map[string]string{"approve": "approves", "object": "objects", "comment": "says", "accept": "accepted it", "reject": "rejected it", "withdraw": "took it back",
	"renew": "put another text in its place"}

// proposalNumber is the proposal that an address names.
func proposalNumber(r *http.Request) (int64, error) {
	n, err := strconv.ParseInt(r.PathValue("number"), 10, 64)
	if err != nil || n < 1 {
		return 0, cvd.NotFound
	}
	return n, nil
}

// proposal shows one proposal.
func (s *server) proposal(w http.ResponseWriter, r *http.Request) error {
	return s.showProposal(w, r, nil, nil)
}

func (s *server) showProposal(w http.ResponseWriter, r *http.Request, typed url.Values, e *cvd.Error) error {
	who := actorOf(r)
	number, err := proposalNumber(r)
	if err != nil {
		return err
	}
	p, err := s.Casework.PolicyProposal(r.Context(), who, number)
	if err != nil {
		return err
	}
	f, z, err := s.atDesk(r, "policy", "Proposal "+strconv.FormatInt(number, 10))
	if err != nil {
		return err
	}
	base := s.clausesOf(who.Project, p.Base)
	v := proposalView{frame: f, Path: policyPath(who.Project), URL: proposalPath(who.Project, number), Done: policyDone[r.URL.Query().Get("done")], Number: number, Base: p.Base,
		Name: authorName(p.Author, p.Name), At: z.at(p.At), State: p.State, Version: p.Version, Because: p.Because, Changes: changesOf(p.Changes, base, ""), Stale: p.Stale,
		Since: changesOf(p.Since, base, s.clausesOf(who.Project, 0)), Text: string(p.Text), Lines: linesOf(string(p.Text)), Mine: p.Author == who.ID, Forge: p.Source == "forge"}
	if t := typed.Get("text"); typed.Has("renew") {
		v.Text = t
	} else {
		v.Typed = t + typed.Get("because")
	}
	for _, x := range p.Findings {
		into := &v.Findings
		if x.Waived != "" || x.Informs {
			into = &v.Explained
		}
		*into = append(*into, finding{Clause: clause{Name: x.Clause, URL: lineURL(x.Line)}, Says: upperFirst(x.Says), Why: upperFirst(x.Why), Fix: upperFirst(x.Fix), Waived: x.Waived, Informs: x.Informs})
	}
	v.Opinions = opinionsOf(p.Opinions, z)
	s.show(w, s.withProblems(w, &v.Problems, e), proposalPage, v)
	return nil
}

func opinionsOf(all []casework.Opinion, z zone) []opinion {
	var out []opinion
	for _, o := range all {
		void := o.Verdict == "approve" || o.Verdict == "object"
		out = append(out, opinion{Name: o.Name, Says: opined[o.Verdict], Text: o.Text, At: z.at(o.At), Void: void && o.Round < all[len(all)-1].Round})
	}
	return out
}

// onProposal does what a form of a proposal's page asks for.
func (s *server) onProposal(w http.ResponseWriter, r *http.Request, done string, do func(who cvd.Actor, number int64, in url.Values) error) error {
	number, err := proposalNumber(r)
	if err != nil {
		return err
	}
	again := func(in url.Values, e *cvd.Error) error { return s.showProposal(w, r, in, e) }
	return s.policyForm(w, r, again, func(who cvd.Actor, in url.Values) (string, error) {
		return proposalPath(who.Project, number) + "?done=" + done, do(who, number, in)
	})
}

// judgeProposal takes somebody's word on a proposal.
func (s *server) judgeProposal(w http.ResponseWriter, r *http.Request) error {
	return s.onProposal(w, r, "judged", func(who cvd.Actor, number int64, in url.Values) error {
		_, err := s.Casework.Judge(r.Context(), who, number, in.Get("verdict"), in.Get("text"))
		return err
	})
}

// renewProposal puts another text in the place of a proposed one.
func (s *server) renewProposal(w http.ResponseWriter, r *http.Request) error {
	return s.onProposal(w, r, "renewed", func(who cvd.Actor, number int64, in url.Values) error {
		_, err := s.Casework.RenewPolicy(r.Context(), who, number, []byte(in.Get("text")))
		return err
	})
}

// withdrawProposal takes a proposal back.
func (s *server) withdrawProposal(w http.ResponseWriter, r *http.Request) error {
	return s.onProposal(w, r, "withdrawn", func(who cvd.Actor, number int64, _ url.Values) error {
		_, err := s.Casework.WithdrawPolicy(r.Context(), who, number)
		return err
	})
}

// acceptProposal puts a proposal in force.
func (s *server) acceptProposal(w http.ResponseWriter, r *http.Request) error {
	return s.onProposal(w, r, "accepted", func(who cvd.Actor, number int64, in url.Values) error {
		_, err := s.Casework.AcceptPolicy(r.Context(), who, number, in.Get("because"))
		return err
	})
}

// rejectProposal ends a proposal.
func (s *server) rejectProposal(w http.ResponseWriter, r *http.Request) error {
	return s.onProposal(w, r, "rejected", func(who cvd.Actor, number int64, in url.Values) error {
		_, err := s.Casework.RejectPolicy(r.Context(), who, number, in.Get("because"))
		return err
	})
}
