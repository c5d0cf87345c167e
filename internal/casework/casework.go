// Package casework decides: every change of a case goes through one of its steps, is weighed against the project's policy,
// and is kept as one event.
//
// Begin with record, which every step ends in, and with the table in steps.go. To add a step, write a file named after it,
// its event in package cvd, and its line in that table. Casework never speaks to anybody outside: what has to go out is
// worked out in follow.go from the event that is already kept, and done by jobs.
package casework

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Casework takes steps. It holds no case: each step reads, decides and hands the store one value.
type Casework struct {
	store       *store.Store
	now         func() time.Time
	rand        io.Reader
	base        string
	state       atomic.Pointer[state]
	older       sync.Map // edition → *policy.Policy: those before the one in force, which bind older cases and never change
	indexes     *indexes
	names       []string // of the steps
	reviews     sync.Map // prepared → the beginning of the last period that has its pack
	routes      RoutesFinder
	listReaders []ListReader
	fetch       func(context.Context, string) ([]byte, error)
	renewed     sync.Map // project → when its memberships were looked after last
	packing     Packing
	bases       policy.Files
	sources     map[cvd.ProjectID]string // the files at forges that policies come from
	banner      string
	backups     time.Duration
	looks       bool
}

// Config is what a Casework needs.
type Config struct {
	Store   *store.Store
	Now     func() time.Time
	Base    string    // public address of the installation, without a slash at the end
	Rand    io.Reader // of codes; crypto/rand.Reader if nil
	Packing Packing
	Bases   policy.Files                                              // what a proposed policy may stand on: the gallery; nil: it stands alone
	Sources map[cvd.ProjectID]string                                  // addresses of files at forges that policies come from; every other comes from the editor
	Backups time.Duration                                             // how long backups are kept; zero: nobody said
	Routes  RoutesFinder                                              // how the route to report of another project is looked for; nil: it is not
	Lists   []ListReader                                              // what lists of members and of projects downstream may look like
	Fetch   func(ctx context.Context, address string) ([]byte, error) // reads a list on the web; nil: lists come as files
	Looks   bool                                                      // whether the places of private patches are looked at
	Banner  string                                                    // at the top of each published page, such as that this is a demonstration
}

// New makes a Casework and reads the projects and their policies.
func New(ctx context.Context, cfg Config) (*Casework, error) {
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	w := &Casework{store: cfg.Store, now: cfg.Now, rand: cfg.Rand, base: strings.TrimRight(cfg.Base, "/"), indexes: newIndexes(), names: names(), packing: cfg.Packing, banner: cfg.Banner,
		routes: cfg.Routes, listReaders: cfg.Lists, fetch: cfg.Fetch, backups: cfg.Backups, bases: cfg.Bases, sources: cfg.Sources}
	w.looks = cfg.Looks
	w.state.Store(&state{})
	return w, w.Refresh(ctx)
}

// About names the case that a step is about, and the revision that the asker read; 0 asks for no revision.
type About struct {
	Case cvd.CaseID
	Rev  int64
	Once *Once // makes a step that is sent twice one step; nil: each counts
}

// asking is one attempt at a step: who asks, the case as it is, the policy that binds it, the instant.
type asking struct {
	who     cvd.Actor
	c       cvd.Case
	p       *policy.Policy
	project *project
	now     time.Time
	still   *store.Still // another case that the decision rests on
	wholes  policy.Wholes
}

// Now is the instant, in the precision that is kept.
func (w *Casework) Now() time.Time { return w.now().UTC().Truncate(time.Microsecond) }

// open reads a case for an actor. Withheld and absent are the same answer.
func (w *Casework) open(ctx context.Context, who cvd.Actor, about About) (*asking, error) {
	a := &asking{who: who, now: w.Now()}
	var err error
	if a.project, err = w.project(who.Project); err != nil {
		return nil, err
	}
	if about.Case == who.Came && who.Came != "" { // their code names the case that theirs came from
		about.Case = who.Case
	}
	read := w.store.Case
	if !who.Near(about.Case) {
		read = w.store.PublicCase
	}
	if a.c, err = read(ctx, who.Project, about.Case); err != nil {
		return nil, absent(err)
	}
	tier, ok := cvd.TierOf(a.c, who, a.now)
	switch {
	case !ok:
		return nil, absent(cvd.NotFound)
	case about.Rev != 0 && tier < cvd.ForGuest: // the number would tell them how much the team does among itself
		return nil, cvd.Errorf(cvd.Conflict, "to you the case has no revision: leave it out")
	}
	if about.Rev != 0 && about.Rev != a.c.Rev {
		return nil, cvd.Errorf(cvd.Conflict, "the case has changed since you read it (revision %d, now %d): read it again", about.Rev, a.c.Rev)
	}
	if a.p, err = w.policy(ctx, a.project, a.c.Policy); err != nil {
		return nil, err
	}
	if who.Standing != cvd.System { // which takes no step that is weighed, and opens a case for each event and each letter
		a.wholes, err = w.wholes(ctx, a.project.ID, a.p)
	}
	return a, err
}

// absent gives the one answer for what is not there and for what is not theirs.
func absent(err error) error {
	if errors.Is(err, cvd.NotFound) {
		return cvd.Errorf(cvd.NotFound, "there is no such case, or it is not open to you")
	}
	return err
}

// record is the one way in which a case changes: it opens the case, lets the step decide what happened, weighs that against
// the policy, folds it in and keeps it. If somebody else was faster it begins again, unless the asker named a revision.
func (w *Casework) record(ctx context.Context, who cvd.Actor, about About, step string, decide func(*asking) (cvd.What, error)) (cvd.View, error) {
	if taken, err := w.taken(ctx, who.Project, about); err != nil || taken {
		return w.again(ctx, who, about, err)
	}
	for try := 1; ; try++ {
		a, err := w.open(ctx, who, about)
		if err != nil {
			return cvd.View{}, err
		}
		if err := first(a.gone(), w.goneOn(ctx, a, step)); err != nil {
			return cvd.View{}, err
		}
		what, err := decide(a)
		if err != nil {
			return cvd.View{}, err
		}
		if step != "" { // what is no step of the policy was weighed by who decided
			if err := a.weigh(step, what); err != nil {
				return cvd.View{}, err
			}
		}
		change, err := w.change(a, step, what, a.now)
		if err != nil {
			return cvd.View{}, err
		}
		change.Still = a.still
		if what.Arming() != nil || what.Disarmed != nil {
			if err := w.prepare(ctx, a, &change); err != nil {
				return cvd.View{}, err
			}
		}
		if _, err := about.Once.bind(who.Project, &change, answered{Case: a.c.ID, Event: change.Event.ID}); err != nil {
			return cvd.View{}, err
		}
		kept, err := w.store.Append(ctx, change)
		if errors.Is(err, cvd.Conflict) && about.Rev == 0 && try < 3 {
			continue
		}
		if err != nil || kept.Repeated {
			return w.again(ctx, who, about, err)
		}
		a.c = change.Case
		return w.finish(ctx, a)
	}
}

// weigh asks the policy about a step; its objections become one refusal that names clauses and the earliest instant.
func (a *asking) weigh(step string, what cvd.What) error {
	return refusal(a.p.Weigh(a.ask(step, what)))
}

func (a *asking) ask(step string, what cvd.What) policy.Ask {
	return policy.Ask{Case: a.c.At(a.now), Who: a.who, Step: step, What: what, Now: a.now, Roster: a.project.roster, Wholes: a.wholes}
}

func refusal(objections []cvd.Objection) error {
	if len(objections) == 0 {
		return nil
	}
	var says []string
	for _, o := range objections {
		says = append(says, o.Says)
	}
	e := cvd.Errorf(cvd.Refused, "%s", strings.Join(says, "; "))
	e.Earliest, e.All = policy.Earliest(objections), objections
	for _, o := range slices.Backward(objections) {
		if o.Clause != "" { // a state machine says no without a clause
			e.Clause = o.Clause
		}
	}
	return e
}

// change is the value for the store: the event, the fold after it, the clocks as they are afterwards.
func (w *Casework) change(a *asking, step string, what cvd.What, at time.Time) (store.Change, error) {
	id, err := cvd.NewEventID(w.rand)
	if err != nil {
		return store.Change{}, err
	}
	e := cvd.Event{ID: id, Project: a.who.Project, Case: a.c.ID, Rev: a.c.Rev + 1, At: at, Who: a.who.ID,
		Name: a.who.Name, Policy: a.p.Version, What: what}
	if what.Erased != nil { // it says nothing of what the case was
		return store.Change{Project: a.who.Project, Event: e, Case: cvd.Fold(a.c, e)}, nil
	}
	if step != "" {
		e.Waived, e.Passed = a.p.Passed(a.ask(step, what)), a.p.Skipped(a.ask(step, what))
	}
	e.Clocks = a.p.Clocks(a.c, cvd.Fold(a.c, e), e)
	after := cvd.Fold(a.c, e)
	return store.Change{Project: a.who.Project, Event: e, Case: after, Clocks: open(after.Clocks)}, nil
}

func open(clocks []cvd.Clock) []cvd.Clock {
	return slices.DeleteFunc(slices.Clone(clocks), func(k cvd.Clock) bool { return !k.Open() || !k.Breached.IsZero() })
}

// openForWork opens a case for who works on it: for the team, and for who was invited to it. To everybody else it is not there.
func (w *Casework) openForWork(ctx context.Context, who cvd.Actor, id cvd.CaseID) (*asking, cvd.View, error) {
	a, err := w.open(ctx, who, About{Case: id})
	if err != nil {
		return nil, cvd.View{}, err
	}
	v, _ := cvd.Look(a.c, who, a.now)
	if v.Tier < cvd.ForGuest {
		return nil, cvd.View{}, absent(cvd.NotFound)
	}
	return a, v, a.gone()
}

// events are all that happened to a case, oldest first.
func (w *Casework) events(ctx context.Context, project cvd.ProjectID, id cvd.CaseID) ([]cvd.Event, error) {
	events, err := w.store.Events(ctx, project, id)
	if err != nil {
		return nil, fmt.Errorf("read the events of %s: %w", id, err)
	}
	return events, nil
}

// finish is the answer to a step: the case as the asker now sees it.
func (w *Casework) finish(ctx context.Context, a *asking) (cvd.View, error) {
	v, ok := cvd.Look(a.c, a.who, a.now)
	if !ok {
		return cvd.View{}, absent(cvd.NotFound)
	}
	if v.Erased != nil {
		v.Lingers = w.lingers(v.Erased)
		return v, nil
	}
	if v.Tier == cvd.ForInvited { // nothing is worked out from what they may not read
		v.Steps = a.p.Options(a.ask("", cvd.What{}), w.names)
		a.opens(&v)
		return v, w.passes(ctx, a, &v)
	}
	if v.Tier < cvd.ForTeam && a.p.Document.Embargo.Participants == "shown" && v.Tier >= cvd.ForReporter {
		v.Parties = append(v.Parties, a.c.Others(a.who.ID, a.now)...)
	}
	events, err := w.events(ctx, a.who.Project, a.c.ID)
	if err != nil {
		return cvd.View{}, err
	}
	if v.Timeline = cvd.HistoryOf(a.c, events, a.who, v.Tier); v.Tier == cvd.ForPublic {
		v.Timeline = cvd.PublicHistory(a.c, events)
	}
	if n := len(v.Timeline); v.Changed.IsZero() && n > 0 {
		v.Changed = v.Timeline[n-1].At
	}
	if a.p.Document.Severity.Hint == "ignored" && v.Tier != cvd.ForReporter { // nobody decides by what the reporter thinks of it
		for i := range v.Reports {
			v.Reports[i].Severity = ""
		}
	}
	v.Notice, v.Discuss = a.silence(), a.p.Discusses(a.c)
	known := a.c
	if v.Tier == cvd.ForPublic {
		known = a.c.Known()
	}
	known.Proposals, known.Claims = v.Proposals, v.Claims // what others wish, or say, is not theirs to answer
	v.Next = a.p.Next(known, a.now)
	if v.Tier >= cvd.ForReporter {
		a.foresees(&v)
	}
	if a.who.Standing == cvd.Finder {
		v.Nudge = a.p.Nudge(a.c, a.now)
	}
	if v.Tier >= cvd.ForGuest || a.who.Standing == cvd.Member { // of a public case the community takes part without seeing more
		ask := a.ask("", cvd.What{})
		ask.Case = known
		v.Steps = a.p.Options(ask, w.names)
	}
	if v.Tier == cvd.ForTeam {
		v.SeenBy = a.project.readers(a.c)
		v.Seen = len(v.SeenBy)
	}
	return v, w.passes(ctx, a, &v)
}
