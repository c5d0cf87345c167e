package casework

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// Outlook is what an emergency would bring, worked out without keeping anything.
type Outlook struct {
	Fact    string
	Known   bool // the case knows the fact already: nothing would change
	Then    []string
	Clocks  []Starting
	Later   []Later // promises of a law whose beginning has no date
	Come    []policy.Contingency
	Aware   []policy.Milestone // that people date in the same act, because a law counts from them
	Dates   []cvd.Dated        // with which it was worked out: as asked, or for attacks as if somebody had become aware now
	Notices []Ready

	Announced time.Time    // the instant of the release as people outside know it; zero: they know none, or it is out
	Correct   *Ready       // what tells them of another one, where it may move in the same act
	Earliest  time.Time    // before which nothing may be released then; zero: nothing holds it
	Slip      *SlipPreview // what follows from the move that was asked for
	Before    []cvd.Planned
	After     []cvd.Planned
	Letters   []string // who gets a letter, in words
}

// Contingency is what a policy says for what was not planned.
type Contingency = policy.Contingency

// Later is a promise of a law that has not begun.
type Later = policy.Later

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
	if !a.learns(in.Fact) {
		out.Known, out.After = true, out.Before
		return out, nil
	}
	if in.Because == "" && in.Claim == 0 {
		in.Because = "foreseen"
	}
	if in.Aware == nil {
		in.Aware = a.awareNow(in.Fact)
	}
	o, err := a.observation(in)
	if err != nil {
		return Outlook{}, err
	}
	what := cvd.What{Observed: &o}
	then := a.after(what)
	out.Then, out.Dates, out.Later = a.p.Effects(a.ask("observe", what)), in.Aware, then.p.Later(then.c)
	out.starting(a, then)
	out.moving(ctx, w, then, in.Slip, o.Evidence)
	if out.Slip != nil && out.Slip.moves != nil {
		o.Slip = out.Slip.moves
		then = a.after(what)
	}
	out.After = then.p.Plan(then.c, a.now)
	for _, x := range then.p.Come(then.c, a.now) {
		if !slices.ContainsFunc(a.p.Come(a.c, a.now), func(y policy.Contingency) bool { return y.Name == x.Name }) {
			out.Come = append(out.Come, x)
		}
	}
	out.ready(w, a, then)
	out.letters(then, what)
	return out, nil
}

// awareNow is that somebody became aware of attacks now, where a law counts from that and nobody gave it a date before.
func (a *asking) awareNow(fact string) []cvd.Dated {
	aware := a.p.Awareness()
	if fact != "attacks" || len(aware) == 0 || !a.c.Marked(aware[0].Name).IsZero() {
		return nil
	}
	d := cvd.Dated{Event: aware[0].Name, On: a.now}
	if a.weigh("date", cvd.What{Dated: &d}) != nil {
		return nil
	}
	return []cvd.Dated{d}
}

// moving is where the announced release could move to, and what would follow if it did.
func (out *Outlook) moving(ctx context.Context, w *Casework, then *asking, slip *cvd.Slipped, because string) {
	at, notice := then.p.Announced(then.c)
	if notice == "" || !then.c.Marked(cvd.MarkReleased).IsZero() {
		return
	}
	out.Announced = at
	if then.weigh("slip", cvd.What{}) != nil {
		return
	}
	in := cvd.Slipped{Because: because}
	if slip != nil {
		in = *slip
	}
	p := w.previewSlip(ctx, then, in)
	out.Correct, out.Earliest = &Ready{}, p.Earliest
	if rule, ok := then.notice(p.Correct); ok {
		says := then.known(rule)
		maps.Copy(says, in.Says)
		out.Correct = &Ready{Notice: rule, Says: says, Subject: rule.Subject, Text: rule.Text}
	}
	if slip == nil {
		return
	}
	if out.Slip = &p; p.Sends != nil {
		out.Correct.Subject, out.Correct.Text = p.Sends.Subject, p.Sends.Text
	}
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
	_, announced := then.p.Announced(then.c)
	for _, n := range then.p.Fitting(then.c) {
		if announced != "" && n.Corrects == announced { // it goes out with the move itself
			continue
		}
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
		case parts[1] == toParty, parts[1] == toBound:
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
