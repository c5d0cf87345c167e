package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// Emergency is one act by which a case learns that quiet is over: the fact, how it is known, since when the project knows, and the
// notices that go out because of it. All of it is one event, so that nothing of it can happen without the rest.
type Emergency struct {
	Fact    string // one of Facts
	Because string
	Party   cvd.ActorID    // of a leak: who of the case let it out, where that is known
	Aware   []cvd.Dated    // milestones that a law counts from
	Notices []cvd.Notified // of the policy, with what they say
}

// Facts are what an emergency can be about, in the order in which a page offers them.
var Facts = []string{"public", "leaked", "attacks", "exploit_public"}

// factLetters are the letters of the case's state that a fact sets.
var factLetters = map[string]byte{"public": 'P', "leaked": 'P', "exploit_public": 'X', "attacks": 'A'}

// Emergency records the act. The notices are weighed and composed for the case as it is afterwards; follow sends them on.
func (w *Casework) Emergency(ctx context.Context, who cvd.Actor, about About, in Emergency) (cvd.View, error) {
	return w.record(ctx, who, about, "observe", func(a *asking) (cvd.What, error) {
		o, err := a.observation(in)
		if err != nil {
			return cvd.What{}, err
		}
		then := a.after(cvd.What{Observed: &o})
		for i, n := range in.Notices {
			n, err := w.composed(ctx, then, n)
			if e, ok := errors.AsType[*cvd.Error](err); ok && e.Field != "" {
				return cvd.What{}, cvd.Fieldf(fmt.Sprintf("/notices/%d%s", i, e.Field), "%s", e.Says)
			}
			if err != nil {
				return cvd.What{}, err
			}
			o.Then = append(o.Then, n)
			then = then.after(cvd.What{Notified: &n})
		}
		return cvd.What{Observed: &o}, nil
	})
}

// observation is what an emergency observes, without its notices.
func (a *asking) observation(in Emergency) (cvd.Observed, error) {
	o := cvd.Observed{Fact: in.Fact, Evidence: in.Because, Dates: in.Aware}
	if err := first(oneOf("/fact", in.Fact, Facts...), require("/because", in.Because, "say how it is known")); err != nil {
		return o, err
	}
	if in.Fact == "leaked" {
		o.Fact, o.Cause, o.Party = "public", "leak", in.Party
	}
	switch known := slices.ContainsFunc(a.c.Parties, func(p cvd.Party) bool { return p.ID == in.Party }); {
	case in.Party != "" && in.Fact != "leaked":
		return o, cvd.Fieldf("/party", "only a leak has somebody who let it out")
	case in.Party != "" && !known:
		return o, cvd.Fieldf("/party", "nobody of this case has that name")
	}
	if _, ok := a.c.CS.Next(factLetters[in.Fact]); !ok {
		return o, cvd.Errorf(cvd.Refused, "the case knows this already: its state is %s", a.c.CS)
	}
	for i, d := range in.Aware {
		at := fmt.Sprintf("/aware/%d", i)
		if !slices.ContainsFunc(a.p.Awareness(), func(m policy.Milestone) bool { return m.Name == d.Event }) {
			return o, cvd.Fieldf(at+"/event", "the policy has no such moment of becoming aware")
		}
		if d.On.IsZero() || d.On.After(a.now) {
			return o, cvd.Fieldf(at+"/on", "nobody becomes aware of what lies ahead: say when somebody first had evidence")
		}
		if err := a.weigh("date", cvd.What{Dated: &in.Aware[i]}); err != nil {
			return o, err
		}
	}
	o.Embargo, o.DecideBy = a.p.EmbargoAfter(o.Fact), a.p.DecideBy(a.c, o.Fact, a.now)
	return o, nil
}

// after is what would be asked of the case once something has happened to it. Nothing happens by it.
func (a *asking) after(what cvd.What) *asking {
	e := cvd.Event{ID: "foreseen", Project: a.c.Project, Case: a.c.ID, Rev: a.c.Rev + 1, At: a.now, Who: a.who.ID, Name: a.who.Name, Policy: a.p.Version, What: what}
	e.Clocks = a.p.Clocks(a.c, cvd.Fold(a.c, e), e)
	then := *a
	then.c = cvd.Fold(a.c, e)
	return &then
}

// composed is a notice as it would go out, if nothing stands in its way.
func (w *Casework) composed(ctx context.Context, a *asking, in cvd.Notified) (cvd.Notified, error) {
	n := in
	if err := first(again(a.c, in), w.composeTo(ctx, a, &n)); err != nil {
		return n, err
	}
	return n, a.weigh("notify", cvd.What{Notified: &n})
}

// order orders the notices of an emergency, each once, as whoever recorded it. They were weighed then.
func (w *Casework) order(ctx context.Context, e cvd.Event) error {
	for i := range e.What.Observed.Then {
		if err := w.orderOne(ctx, e, &e.What.Observed.Then[i]); err != nil {
			return err
		}
	}
	return nil
}

func (w *Casework) orderOne(ctx context.Context, e cvd.Event, n *cvd.Notified) error {
	for try := 1; ; try++ {
		a, err := w.open(ctx, cvd.Tipstaff(e.Project), About{Case: e.Case})
		if err != nil {
			return err
		}
		ordered := slices.ContainsFunc(a.c.Notices, func(x cvd.Notice) bool { return x.Name == n.Notice && !x.At.Before(e.At) })
		if ordered || a.c.Erased != nil {
			return nil
		}
		a.who.ID, a.who.Name = e.Who, e.Name
		change, err := w.change(a, "notify", cvd.What{Notified: n}, a.now)
		if err != nil {
			return err
		}
		if _, err = w.store.Append(ctx, change); !errors.Is(err, cvd.Conflict) || try == mostTries {
			return err
		}
	}
}

// Outlook is what an emergency would bring, worked out without keeping anything.
type Outlook struct {
	Fact    string
	Known   bool // the case knows the fact already: nothing would change
	Then    []string
	Clocks  []Starting
	Come    []policy.Contingency
	Aware   []policy.Milestone // that people date in the same act, because a law counts from them
	Notices []Ready
	Before  []cvd.Planned
	After   []cvd.Planned
	Letters []string // who gets a letter, in words
}

// Contingency is what a policy says for what was not planned.
type Contingency = policy.Contingency

// Starting is a promise that would begin.
type Starting struct {
	Title, Clause, Law string
	Due                time.Time
}

// Ready is a notice that could go out then, with what the case already says for its fields.
type Ready struct {
	policy.Notice
	Says    map[string]string
	Text    string // as it would go out; with the names of the fields where something is still to be written
	Subject string
	Again   bool // it went out before
	Opened  bool // it could not have gone out before
}

// Outlook works out what would follow from an emergency, for the team.
func (w *Casework) Outlook(ctx context.Context, who cvd.Actor, id cvd.CaseID, in Emergency) (Outlook, error) {
	a, err := w.open(ctx, who, About{Case: id})
	if err != nil {
		return Outlook{}, err
	}
	if tier, _ := cvd.TierOf(a.c, who, a.now); tier != cvd.ForTeam {
		return Outlook{}, absent(cvd.NotFound)
	}
	if err := first(a.gone(), oneOf("/fact", in.Fact, Facts...)); err != nil {
		return Outlook{}, err
	}
	out := Outlook{Fact: in.Fact, Before: a.p.Plan(a.c, a.now), Aware: a.p.Awareness()}
	if _, ok := a.c.CS.Next(factLetters[in.Fact]); !ok {
		out.Known, out.After = true, out.Before
		return out, nil
	}
	if in.Because == "" {
		in.Because = "foreseen"
	}
	o, err := a.observation(in)
	if err != nil {
		return Outlook{}, err
	}
	what := cvd.What{Observed: &o}
	then := a.after(what)
	out.Then, out.After = a.p.Effects(a.ask("observe", what)), then.p.Plan(then.c, a.now)
	for _, x := range then.p.Come(then.c, a.now) {
		if !slices.ContainsFunc(a.p.Come(a.c, a.now), func(y policy.Contingency) bool { return y.Name == x.Name }) {
			out.Come = append(out.Come, x)
		}
	}
	out.starting(a, then)
	out.ready(w, a, then)
	out.letters(then, what)
	return out, nil
}

// starting are the promises that begin.
func (out *Outlook) starting(a, then *asking) {
	for _, k := range then.c.Clocks {
		ran := slices.ContainsFunc(a.c.Clocks, func(old cvd.Clock) bool { return old.Key() == k.Key() && old.Open() })
		if k.Kind.Promise() && k.Open() && !ran {
			out.Clocks = append(out.Clocks, Starting{Title: a.p.ClockTitle(k), Clause: k.Clause, Law: a.p.Law(k), Due: k.Due})
		}
	}
}

// ready are the notices that nothing would stand in the way of.
func (out *Outlook) ready(w *Casework, a, then *asking) {
	for _, n := range then.p.Fitting(then.c) {
		what := cvd.What{Notified: &cvd.Notified{Notice: n.Name, Channels: n.Channels, Audiences: n.Audiences, Pre: n.Before}}
		if then.weigh("notify", what) != nil {
			continue
		}
		r := Ready{Notice: n, Says: then.known(n), Text: n.Text, Subject: n.Subject, Opened: a.weigh("notify", what) != nil,
			Again: slices.ContainsFunc(then.c.Notices, func(x cvd.Notice) bool { return x.Name == n.Name })}
		draft := cvd.Notified{Notice: n.Name, Says: r.Says}
		if w.compose(then, &draft) == nil {
			r.Text, r.Subject = draft.Text, draft.Subject
		}
		out.Notices = append(out.Notices, r)
	}
}

// known is what a case already says for the fields of a notice: what was said under the same name last, and its lines.
func (a *asking) known(n policy.Notice) map[string]string {
	says := map[string]string{}
	for _, f := range n.Fields {
		for _, x := range a.c.Notices {
			if said := x.Says[f.Name]; said != "" && f.Type != "instant" {
				says[f.Name] = said
			}
		}
		if f.Type == "lines" && says[f.Name] == "" {
			says[f.Name] = strings.Join(a.hurt(), ", ")
		}
	}
	return says
}

// hurt are the lines that are affected, as a notice names them.
func (a *asking) hurt() (names []string) {
	for _, l := range a.c.Lines {
		if l.Status != "not_affected" && l.Status != "unknown" && l.Status != "unsupported" {
			names = append(names, l.Name)
		}
	}
	return names
}

// letters are those who would hear of it by a letter of their own.
func (out *Outlook) letters(then *asking, what cvd.What) {
	for _, d := range then.letters(cvd.Event{ID: "foreseen", Project: then.c.Project, Case: then.c.ID, At: then.now, Who: then.who.ID, What: what}) {
		parts := strings.SplitN(d.Job, ".", 3)
		switch {
		case parts[1] == toReporter:
			out.Letters = append(out.Letters, "the reporter of report "+parts[2])
		case parts[1] == toAlarmed:
			out.Letters = append(out.Letters, then.project.nameOf(cvd.ActorID(parts[2])))
		case parts[1] == toParty:
			out.Letters = append(out.Letters, then.c.Party(cvd.ActorID(parts[2])).Name)
		}
	}
}

// nameOf is the name of somebody on the roster, or the handle.
func (p *project) nameOf(handle cvd.ActorID) string {
	if i := slices.IndexFunc(p.people, func(x cvd.Person) bool { return x.Handle == handle }); i >= 0 && p.people[i].Name != "" {
		return p.people[i].Name
	}
	return string(handle)
}
