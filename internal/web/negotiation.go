package web

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var negotiationPage = page("negotiation.html")

// negotiationView is what negotiation.html shows the team: where the embargo of a case stands, and the ways to move it.
type negotiationView struct {
	frame
	Case      cvd.CaseID
	Path      string
	Rev       int64
	State     string
	Until     moment
	Since     moment
	Left      string
	Terms     string
	By        string
	Ended     moment
	Why       string
	DecideBy  moment
	Rules     []ruled
	Signers   []signerRow
	Proposals []openProposal
	Past      []pastProposal
	Claims    []claimRow
	Can       map[string]bool
	Ask       proposing
	Problems  *problems
}

// ruled is a rule of the negotiation with its clause.
type ruled struct {
	Says   string
	Clause clause
}

type signerRow struct {
	Name, Consent, There string
	AnswerBy             moment
	Late                 bool
}

// openProposal is a proposal that waits, with what would follow from each answer, and from none.
type openProposal struct {
	Number             int
	By, Because, Terms string
	At, Until          moment
	AnswerBy           moment
	Asks               bool
	There              []string // the instant where each party is
	Said               []string
	Accept, Reject     *outcome
	Silence            string
}

// outcome is what would follow from a step, in words.
type outcome struct {
	Blocked []objection
	Lines   []string
}

type pastProposal struct {
	Number     int
	By, Answer string
	Until, At  moment
}

type claimRow struct {
	Number             int
	By, Fact, Evidence string
	At                 moment
	Confirm            string // where it is confirmed; empty: nobody here may, or it is known
	fact               string
}

// proposing is the form for an instant, as it was typed, and what would follow from it.
type proposing struct {
	As, Until, Zone, AnswerBy string
	At                        moment // the instant that was meant
	There                     []string
	Then                      *outcome
	Step, Verb, Machine, By   string
	Zones                     []string
}

// embargoStates say where an embargo stands.
var embargoStates = map[cvd.EM]string{cvd.NoEmbargo: "none is proposed", cvd.Proposed: "proposed, and binds nobody yet", cvd.Active: "in force",
	cvd.Revise: "in force, and under revision", cvd.Exited: "over"}

// consentWords say what somebody said to an embargo.
var consentWords = map[cvd.PEC]string{cvd.NoConsentAsked: "not asked yet", cvd.Invited: "asked, no answer yet", cvd.Signatory: "agreed",
	cvd.Lapsed: "agreed before, and is asked anew when the revision is decided", cvd.Declined: "declined, or let the time pass"}

// negotiation shows it. An instant in the address is looked at, and nothing is done by it.
func (s *server) negotiation(w http.ResponseWriter, r *http.Request) error {
	who, id := actorOf(r), cvd.CaseID(r.PathValue("case"))
	n, err := s.Casework.Negotiation(r.Context(), who, id)
	if err != nil {
		return err
	}
	f, z, err := s.atDesk(r, "inbox", "Embargo · "+string(n.View.ID))
	if err != nil {
		return err
	}
	v := negotiationView{frame: f, Case: n.View.ID, Path: casePath(who.Project, n.View.ID), Rev: n.View.Rev, Can: map[string]bool{}}
	for _, o := range n.View.Steps {
		v.Can[o.Step] = len(o.Blocked) == 0
	}
	s.fillNegotiation(&v, n, z)
	status := http.StatusOK
	if q := r.URL.Query(); q.Has("until") {
		status, err = s.foreseeInstant(&v, r, n, z)
	}
	if err != nil {
		return err
	}
	s.show(w, status, negotiationPage, v)
	return nil
}

func (s *server) fillNegotiation(v *negotiationView, n casework.Negotiation, z zone) {
	e, now := n.View.Embargo, s.Now()
	v.State, v.Terms, v.Ended, v.Why, v.DecideBy = embargoStates[e.State], e.Terms, z.at(e.Ended), words(e.Why), z.at(e.DecideBy)
	if e.State.InForce() {
		v.Until, v.Since, v.Left, v.By = z.at(e.Until), z.at(e.Since), leftWords(e.Until.Sub(now)), s.name(n.View, e.By)
	}
	in := s.clausesOf(n.View.Project, n.View.Policy)
	v.Rules = []ruled{{"Of several proposals the earliest end is answered first.", in.at("embargo.shortest_wins")}}
	if !n.Shortest {
		v.Rules[0].Says = "The project chooses among several proposals."
	}
	v.Rules = append(v.Rules, ruled{map[bool]string{true: "Who takes part may ask for another end; what holds goes on, and nobody is asked anew, until the team takes it up.",
		false: "Whoever proposes another end brings the embargo under revision, and everybody is asked anew."}[n.Asks], in.at("embargo.revise")})
	if at := z.at(n.Latest); at.Machine != "" {
		v.Rules = append(v.Rules, ruled{"The last instant that can be agreed on: " + at.Day + " " + at.Hour + ".", in.at("embargo.longest")})
	}
	if at := z.at(n.First); at.Machine != "" {
		v.Rules = append(v.Rules, ruled{"The first instant that can be agreed on, if it is proposed now: " + at.Day + " " + at.Hour + ".", in.at("embargo.least")})
	}
	for _, x := range n.Signers {
		row := signerRow{Name: s.name(n.View, x.ID), Consent: consentWords[x.Consent], AnswerBy: z.at(x.AnswerBy), Late: x.Consent == cvd.Declined}
		if there := zoneOf(x.Zone); there.place != nil && e.State.InForce() {
			row.There = there.at(e.Until).Local
		}
		v.Signers = append(v.Signers, row)
	}
	for _, p := range n.Proposals {
		v.Proposals = append(v.Proposals, s.openProposal(n, p, in, z))
	}
	for _, p := range n.View.Proposals {
		if !p.Open() {
			v.Past = append(v.Past, pastProposal{p.Number, s.proposer(n.View, p.By), join(p.Answer, p.Why), z.at(p.Until), z.at(p.AnsweredAt)})
		}
	}
	v.Claims = s.openClaims(n.View, v.Path, z)
	v.Ask = proposing{Zone: cmp.Or(z.name, "UTC"), Zones: zonesOf(n, z)}
}

func (s *server) openProposal(n casework.Negotiation, p casework.ProposalThen, in clauses, z zone) openProposal {
	x := openProposal{Number: p.Number, By: s.proposer(n.View, p.By), Because: p.Because, Terms: p.Terms, At: z.at(p.At), Until: z.at(p.Until), AnswerBy: z.at(p.AnswerBy),
		Asks: p.Asks, There: s.there(n, p.Until.UTC().Format(time.RFC3339)), Accept: s.outcome(n, p.Accept, in, z), Reject: s.outcome(n, p.Reject, in, z)}
	for _, a := range p.Answers {
		says := " agrees"
		if !a.Agrees {
			says = " does not agree: " + a.Because
		}
		x.Said = append(x.Said, s.name(n.View, a.By)+says)
	}
	switch {
	case n.View.Embargo.State.InForce():
		x.Silence = "If nobody answers by then, it is refused: what holds goes on until its end."
	default:
		x.Silence = "If nobody answers by then, it is refused and no embargo begins: silence agrees to nothing."
	}
	return x
}

// proposer is who proposed an instant; what the policy offers to every report is nobody's own.
func (s *server) proposer(view cvd.View, id cvd.ActorID) string {
	if id == cvd.Tipstaff(view.Project).ID {
		return "the project, as its policy offers"
	}
	return s.name(view, id)
}

// outcome says what would follow.
func (s *server) outcome(n casework.Negotiation, t casework.Then, in clauses, z zone) *outcome {
	o := &outcome{Blocked: objections(in, t.Blocked, z)}
	if len(o.Blocked) > 0 {
		return o
	}
	switch e := t.Embargo; {
	case e.State.InForce():
		at := z.at(e.Until)
		o.Lines = append(o.Lines, "The embargo ends "+join(at.Day+" "+at.Hour, at.Local)+map[bool]string{true: ", and is under revision.", false: "."}[e.State == cvd.Revise])
	default:
		o.Lines = append(o.Lines, "No embargo is in force.")
	}
	names := func(ids []cvd.ActorID) string {
		var all []string
		for _, id := range ids {
			all = append(all, s.name(n.View, id))
		}
		return strings.Join(all, ", ")
	}
	if len(t.Bound) > 0 {
		o.Lines = append(o.Lines, "Bound, and reading on: "+names(t.Bound)+".")
	}
	if len(t.Asked) > 0 {
		line := "Asked anew, and of the parties none reads the case before they agree: " + names(t.Asked)
		if by := z.at(t.By); by.Machine != "" {
			line += ", until " + by.Day + " " + by.Hour + "; silence is a no"
		}
		o.Lines = append(o.Lines, line+".")
	}
	if len(t.Open) > 0 {
		o.Lines = append(o.Lines, "Still open: "+strings.Trim(strings.ReplaceAll(fmt.Sprint(t.Open), " ", ", "), "[]")+".")
	}
	return o
}

// foreseeInstant reads the instant that somebody typed, and says what would follow from it.
func (s *server) foreseeInstant(v *negotiationView, r *http.Request, n casework.Negotiation, z zone) (int, error) {
	q := r.URL.Query()
	a := &v.Ask
	a.As, a.Until, a.AnswerBy = q.Get("as"), q.Get("until"), q.Get("answer_by")
	if q.Has("zone") { // an empty one is no zone
		a.Zone = q.Get("zone")
	}
	a.Step, a.Verb = "propose", "Propose it"
	if a.As == "embargo" {
		a.Step, a.Verb = "embargo", "Set it"
	}
	wish := cvd.Proposing{Because: "said with the act"} // and never in an address, which browsers and proxies keep
	var err error
	if wish.Until, err = instantOf("/until", a.Until, a.Zone); err == nil && strings.TrimSpace(a.AnswerBy) != "" {
		wish.AnswerBy, err = instantOf("/answer_by", a.AnswerBy, a.Zone)
	}
	if e := asError(err); e != nil {
		v.Problems = &problems{Heading: "Nothing was looked at yet", Lines: []problem{{strings.TrimPrefix(e.Field, "/"), upperFirst(e.Says)}}}
		return http.StatusUnprocessableEntity, nil
	}
	then, err := s.Casework.ForeseeEmbargo(r.Context(), actorOf(r), v.Case, a.Step, wish)
	if err != nil {
		return 0, err
	}
	a.At, a.Machine = z.at(wish.Until), wish.Until.UTC().Format(time.RFC3339)
	if !wish.AnswerBy.IsZero() {
		a.By = wish.AnswerBy.UTC().Format(time.RFC3339)
	}
	a.There = s.there(n, a.Machine)
	a.Then = s.outcome(n, then, s.clausesOf(n.View.Project, n.View.Policy), z)
	return http.StatusOK, nil
}

// there is an instant where each party is that gave its zone.
func (s *server) there(n casework.Negotiation, machine string) (all []string) {
	at, err := instantOf("", machine, "UTC")
	if err != nil {
		return nil
	}
	for _, x := range n.Signers {
		if z := zoneOf(x.Zone); z.place != nil {
			all = append(all, s.name(n.View, x.ID)+": "+z.at(at).Local)
		}
	}
	return all
}

// zonesOf are the zones that somebody of the case is in, proposed for an instant.
func zonesOf(n casework.Negotiation, z zone) []string {
	all := []string{"UTC"}
	seen := map[string]bool{"UTC": true, "": true}
	for _, name := range append([]string{z.name}, func() (names []string) {
		for _, x := range n.Signers {
			names = append(names, x.Zone)
		}
		return names
	}()...) {
		if !seen[name] {
			seen[name], all = true, append(all, name)
		}
	}
	return all
}
