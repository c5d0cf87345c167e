package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// Case is one case as the asker may see it. What is empty, or not for the asker, is not there.
type Case struct {
	Project   cvd.ProjectID `json:"project"`
	Case      cvd.CaseID    `json:"case" doc:"JUNO-7KQ4"`
	Rev       int64         `json:"rev,omitempty" doc:"The revision; as ETag it goes into If-Match."`
	Policy    int64         `json:"policy,omitempty" doc:"The version of the policy that binds the case."`
	OpenedAt  time.Time     `json:"opened_at,omitzero" doc:"Absent for who was invited and may not read the case."`
	ChangedAt time.Time     `json:"changed_at,omitzero" doc:"When the part that the asker sees changed last."`
	Title     string        `json:"title"`
	Kind      string        `json:"kind,omitempty"`
	Track     string        `json:"track,omitempty"`
	Public    bool          `json:"public" doc:"Whether strangers may see the case."`
	Sensitive *bool         `json:"sensitive,omitempty" doc:"The decision on sensitivity; absent until triage made it."`
	State     string        `json:"state" doc:"The one word for where the case is: received, triaged, fixing …"`
	Reports   []Report      `json:"reports,omitempty"`

	Management cvd.RM `json:"report_management,omitempty" doc:"State of the current report (CERT/CC Vultron): S R I V A D C."`
	CaseState  string `json:"case_state,omitempty" doc:"Six facts (CERT/CC Vultron), upper case where true: vfdpxa. Absent for who was invited and may not read the case."`

	Embargo    *Embargo     `json:"embargo,omitempty"`
	Severity   *Assessment  `json:"severity,omitempty"`
	Assessed   []Assessment `json:"assessments,omitempty"`
	Ratings    []Rating     `json:"ratings,omitempty"`
	Attempts   []Attempt    `json:"attempts,omitempty"`
	Impact     string       `json:"impact,omitempty"`
	Priority   string       `json:"priority,omitempty"`
	Because    string       `json:"because,omitempty" doc:"Why that priority."`
	Assigned   []Assignment `json:"assigned,omitempty"`
	Analysis   []Section    `json:"analysis,omitempty"`
	Lines      []Line       `json:"lines,omitempty"`
	PatchFiles []PatchFile  `json:"patch_files,omitempty" doc:"Fixes that are attached as files."`
	Checks     []Check      `json:"checks,omitempty"`
	Advisory   *Advisory    `json:"advisory,omitempty"`
	Reviews    []Review     `json:"reviews,omitempty"`
	Notices    []Notice     `json:"notices,omitempty"`
	Disclosure *Disclosure  `json:"disclosure,omitempty"`
	Rewards    []Reward     `json:"rewards,omitempty"`
	Credits    []Credit     `json:"credits,omitempty"`
	Messages   []Message    `json:"messages,omitempty"`
	Threads    []Thread     `json:"threads,omitempty" doc:"Those that the asker takes part in."`
	Countdown  *Countdown   `json:"countdown,omitempty"`
	Comments   []Comment    `json:"comments,omitempty"`
	Bounty     *Bounty      `json:"bounty,omitempty" doc:"To the reporter their own part."`
	Ahead      *Ahead       `json:"planned_publication,omitempty" doc:"When a private matter is to be published, or why not; for the team."`
	Agreements []Agreement  `json:"agreements,omitempty" doc:"What reporters said to the terms, oldest first."`
	Breaches   []TermBreach `json:"breaches,omitempty" doc:"Terms that somebody did not keep, as the team recorded them."`
	Proposals  []Proposal   `json:"proposals,omitempty" doc:"For the end of the embargo: of all who take part, or the asker's and the project's."`
	Consent    cvd.PEC      `json:"consent,omitempty" doc:"The asker's own consent to the embargo (CERT/CC Vultron)."`
	Claims     []Claim      `json:"claims,omitempty" doc:"Facts about the world as others than the team reported them."`
	Window     *Window      `json:"window,omitempty" doc:"The time until the matter becomes public, and where it comes from."`
	Nudge      *Nudge       `json:"nudge,omitempty" doc:"Whether the reporter may remind the team, or from when on."`
	Waivers    []Waiver     `json:"waivers,omitempty"`
	Parties    []Party      `json:"parties,omitempty"`
	Clocks     []cvd.Clock  `json:"clocks,omitempty"`
	OldClocks  []cvd.Clock  `json:"replaced_clocks,omitempty"`
	OldOrders  []Notice     `json:"earlier_orders,omitempty" doc:"Of notices that were ordered again since, oldest first."`
	Exposed    []Exposure   `json:"exposed,omitempty" doc:"When strangers saw the case, which was found sensitive afterwards, and what they saw."`
	Outcome    string       `json:"outcome,omitempty" doc:"Why it was closed."`
	Elsewhere  *Elsewhere   `json:"elsewhere,omitempty" doc:"Where it goes on, if it was closed because of that."`
	Train      *Train       `json:"train,omitempty" doc:"The release train: slips, checklists, how the fix spreads."`
	Timeline   []Entry      `json:"timeline,omitempty"`
	Steps      []Option     `json:"steps,omitempty" doc:"The steps that the asker's role allows, and what stands in their way."`
	Next       *Next        `json:"next,omitempty" doc:"Who acts next, and by when."`
	Plan       []Planned    `json:"plan,omitempty" doc:"The remaining steps with their instants."`
	Notice     string       `json:"notice,omitempty" doc:"The request not to speak in public, while it holds."`
	SeenBy     []string     `json:"seen_by,omitempty" doc:"Who may read a message to the reporter."`
	Combined   *cvd.Pointer `json:"combined_into,omitempty" doc:"The case that it went into."`
	Joined     []Joined     `json:"joined,omitempty" doc:"Cases that came into it."`
	Branches   []Branch     `json:"branches,omitempty" doc:"Cases that were split off."`
	Parent     *cvd.Pointer `json:"parent,omitempty" doc:"The case that it was split from."`
	Origin     *cvd.Pointer `json:"origin,omitempty" doc:"Where it was before it was taken over."`
	GoesOn     *Passage     `json:"goes_on,omitempty" doc:"Where the case went: nothing is taken here any more. For those who take part."`
	CameBy     *Passage     `json:"came_by,omitempty" doc:"The case that the asker's code names, and since when it leads here."`
	Erased     *Erasure     `json:"erased,omitempty" doc:"That the content was destroyed; all else but the case's line is gone then."`
}

// caseOf writes a view.
func caseOf(v cvd.View) Case {
	c := Case{Project: v.Project, Case: v.ID, Rev: v.Rev, Policy: v.Policy, OpenedAt: v.OpenedAt, ChangedAt: v.Changed,
		Title: v.Title, Kind: v.Kind, Track: v.Track, Public: v.Public, Sensitive: v.Sensitive, State: v.Headline,
		Management: v.RM, Impact: v.Impact, Priority: v.Priority, Because: v.Because,
		Clocks: v.Clocks, OldClocks: v.OldClocks, Outcome: v.Outcome, Notice: v.Notice, SeenBy: v.SeenBy}
	if v.Tier != cvd.ForInvited {
		c.CaseState = v.CS.String()
	}
	c.Reports = each(v.Reports, func(x cvd.Report) Report { return Report(x) })
	c.Assessed = each(v.Assessed, func(x cvd.Assessment) Assessment { return Assessment(x) })
	c.Ratings = each(v.Ratings, func(x cvd.Rating) Rating { return Rating(x) })
	c.Attempts = each(v.Attempts, func(x cvd.Attempt) Attempt { return Attempt(x) })
	c.Assigned = each(v.Assigned, func(x cvd.Assignment) Assignment { return Assignment(x) })
	c.Analysis = each(v.Sections, func(x cvd.Section) Section { return Section(x) })
	c.Lines = each(v.Lines, lineOf)
	c.PatchFiles = each(v.PatchFiles, patchOf)
	c.Checks = each(v.Checks, func(x cvd.Check) Check { return Check(x) })
	c.Reviews = each(v.Reviews, func(x cvd.Review) Review { return Review(x) })
	c.Notices = each(v.Notices, func(x cvd.Notice) Notice { return Notice(x) })
	c.OldOrders = each(v.OldOrders, func(x cvd.Notice) Notice { return Notice(x) })
	c.Rewards = each(v.Rewards, func(x cvd.Reward) Reward { return Reward(x) })
	c.Credits = each(v.Credits, func(x cvd.Credit) Credit { return Credit(x) })
	c.Messages = each(v.Messages, messageOf)
	c.Threads, c.Countdown = each(v.Threads, threadOf), countdownOf(v.Countdown)
	c.Comments = each(v.Comments, func(x cvd.Comment) Comment { return Comment(x) })
	c.Bounty = bountyOf(v.Bounty)
	if !v.Ahead.SaidAt.IsZero() {
		c.Ahead = new(Ahead(v.Ahead))
	}
	c.Agreements = each(v.Agreements, func(x cvd.Agreement) Agreement { return Agreement(x) })
	c.Breaches = each(v.TermBreaches, func(x cvd.TermBreach) TermBreach { return TermBreach(x) })
	c.Proposals = each(v.Proposals, proposalOf)
	c.Claims = each(v.Claims, func(x cvd.Claim) Claim { return Claim(x) })
	c.Consent = v.Consent
	if v.Window != (cvd.Window{}) {
		c.Window = new(Window(v.Window))
	}
	if !v.Nudge.From.IsZero() {
		c.Nudge = new(Nudge(v.Nudge))
	}
	c.Waivers = each(v.Waivers, func(x cvd.Waiver) Waiver { return Waiver(x) })
	c.Parties = each(v.Parties, partyOf)
	c.Exposed, c.Train = each(v.Exposed, exposureOf), trainOf(v)
	c.Timeline = each(v.Timeline, func(x cvd.Entry) Entry { return Entry(x) })
	c.Plan = each(v.Plan, func(x cvd.Planned) Planned { return Planned(x) })
	c.Steps = each(v.Steps, optionOf)
	c.Advisory, c.Disclosure = advisoryOf(v.Advisory), disclosureOf(v.Disclosure)
	if v.Embargo.State != "" && v.Embargo.State != cvd.NoEmbargo {
		c.Embargo = new(Embargo(v.Embargo))
	}
	if len(v.Assessed) > 0 || v.Severity.Class != "" || v.Severity.Scored {
		c.Severity = new(Assessment(v.Severity))
	}
	c.elsewhere(v)
	c.Erased = erasureOf(v.Erased, v.Lingers)
	if v.Next != (cvd.Next{}) {
		c.Next = new(Next(v.Next))
	}
	return c
}

// Summary is one case in a list.
type Summary struct {
	Project   cvd.ProjectID `json:"project"`
	Case      cvd.CaseID    `json:"case"`
	Title     string        `json:"title"`
	State     string        `json:"state"`
	Kind      string        `json:"kind,omitempty"`
	Track     string        `json:"track,omitempty"`
	Class     string        `json:"class,omitempty" doc:"The severity as a class of the policy."`
	Public    bool          `json:"public"`
	OpenedAt  time.Time     `json:"opened_at"`
	ChangedAt time.Time     `json:"changed_at,omitzero" doc:"For those who see all of the case."`
	Due       time.Time     `json:"due,omitzero" doc:"The nearest promise that is not met yet."`
	Clock     string        `json:"clock,omitempty" doc:"The clock of that promise."`
}

func summaryOf(v cvd.View) Summary {
	s := Summary{Project: v.Project, Case: v.ID, Title: v.Title, State: v.Headline, Kind: v.Kind, Track: v.Track,
		Class: v.Severity.Class, Public: v.Public, OpenedAt: v.OpenedAt, ChangedAt: v.Changed}
	for _, k := range v.Clocks {
		if k.Open() && !k.Due.IsZero() && (s.Due.IsZero() || k.Due.Before(s.Due)) {
			s.Due, s.Clock = k.Due, k.Key()
		}
	}
	return s
}

// Case reads one case.
func (c *Client) Case(ctx context.Context, project cvd.ProjectID, id cvd.CaseID) (Case, error) {
	var out Case
	return out, c.do(ctx, call{method: http.MethodGet, path: casePathOf(project, id)}, &out)
}

func (s *server) showCase(a *asked, _ nothing) (Case, error) {
	id, err := a.caseID()
	if err != nil {
		return Case{}, err
	}
	v, err := s.Casework.Case(a.Context(), a.who, id)
	if err != nil {
		return Case{}, err
	}
	a.tag(v)
	return caseOf(v), nil
}

// Step takes a step on a case. In is its event, or anything that marshals to the same JSON; rev, if not 0, is the revision
// that the case must still have.
func (c *Client) Step(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, step string, rev int64, in any) (Case, error) {
	var out Case
	return out, c.do(ctx, call{method: http.MethodPost, path: casePathOf(project, id) + "/" + url.PathEscape(step), rev: rev, in: in}, &out)
}

// Step is one step of the process, for programs that offer all of them.
type Step struct {
	Name string
	Doc  string
	In   any // the zero value of what it takes
}

// Steps are all steps, in the order of the process.
func Steps() []Step {
	return each(casework.Steps, func(s casework.Step) Step { return Step{s.Name, s.Doc, s.In} })
}

// Guest is an invitation as it is asked for.
type Guest struct {
	Party        cvd.ActorID      `json:"party,omitempty" doc:"A candidate of the case, or somebody who is asked again; without it somebody new."`
	Name         string           `json:"name,omitempty" doc:"Who is invited."`
	Kind         cvd.PartyKind    `json:"kind,omitempty" enum:"vendor,downstream,distributor,validator,expert,coordinator,csirt,other"`
	Organisation string           `json:"organisation,omitempty"`
	Address      string           `json:"address,omitempty" doc:"Where the letter with the link to the terms goes."`
	Contacts     []cvd.Handle     `json:"contacts,omitempty"`
	Zone         string           `json:"zone,omitempty" doc:"IANA name of the party's zone."`
	Component    string           `json:"component,omitempty"`
	Audience     string           `json:"audience,omitempty" doc:"Of the policy, that the party belongs to."`
	Weights      map[string]int64 `json:"weights,omitempty" doc:"By name: voting_power, market_share, installations."`
	Roles        []string         `json:"roles,omitempty" doc:"Roles of the policy that give a guest something, for this case only; none: they read and coordinate."`
	AnswerBy     time.Time        `json:"answer_by,omitzero" doc:"Until when an answer is waited for; a shorter time than the least is made longer."`
	Until        time.Time        `json:"until,omitzero" doc:"When the invitation ends; without it, with the case."`
}

// Invited is what an invitation leads to.
type Invited struct {
	Code string `json:"code" doc:"What the guest shows to see the case. It is shown once and kept nowhere."`
	Case Case   `json:"case"`
}

// Invite asks somebody to join a case.
func (c *Client) Invite(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, rev int64, guest Guest) (Invited, error) {
	var out Invited
	return out, c.do(ctx, call{method: http.MethodPost, path: casePathOf(project, id) + "/invite", rev: rev, in: guest}, &out)
}

func (s *server) invite(a *asked, in Guest) (out Invited, err error) {
	out.Case, err = a.changed(func(about casework.About) (v cvd.View, err error) {
		v, out.Code, err = s.Casework.Invite(a.Context(), a.who, about, cvd.Invitation{Party: in.Party, Name: in.Name, Kind: in.Kind,
			Organisation: in.Organisation, Address: in.Address, Contacts: in.Contacts, Zone: in.Zone, Component: in.Component, Audience: in.Audience,
			Weights: in.Weights, Roles: in.Roles, AnswerBy: in.AnswerBy, Until: in.Until})
		return v, err
	})
	return out, err
}

func casePathOf(project cvd.ProjectID, id cvd.CaseID) string {
	return projectPathOf(project) + "/cases/" + url.PathEscape(string(id))
}

func projectPathOf(project cvd.ProjectID) string {
	return "/projects/" + url.PathEscape(string(project))
}

// Attachment reads a file that the case names.
func (c *Client) Attachment(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, attachment string) ([]byte, error) {
	var out []byte
	return out, c.do(ctx, call{method: http.MethodGet, path: casePathOf(project, id) + "/attachments/" + url.PathEscape(attachment)}, &out)
}

func (s *server) attachment(a *asked, _ nothing) (file, error) {
	id, err := a.caseID()
	if err != nil {
		return file{}, err
	}
	f, body, err := s.Casework.Attachment(a.Context(), a.who, id, a.PathValue("attachment"))
	if err != nil {
		return file{}, err
	}
	a.head.Set("Content-Length", strconv.Itoa(len(body)))
	return file{Name: f.Name, Type: "application/octet-stream", Body: body}, nil
}
