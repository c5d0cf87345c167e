package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Judge adds somebody's word to a proposal: approve, object, or comment. Their last word counts, for the text as it is now.
func (w *Casework) Judge(ctx context.Context, who cvd.Actor, number int64, verdict, text string) (PolicyProposal, error) {
	if err := first(onRoster(who), oneOf("/verdict", verdict, "approve", "object", "comment"), readable("/text", text)); err != nil {
		return PolicyProposal{}, err
	}
	if verdict != "approve" && trimmed(text) == "" {
		return PolicyProposal{}, cvd.Fieldf("/text", "say what you think")
	}
	return w.onProposal(ctx, who, number, func(_ *project, d *draft) error {
		if verdict == "approve" && who.ID == d.Author {
			return cvd.Errorf(cvd.Refused, "this is your own proposal: somebody else approves it")
		}
		d.say(w, who, verdict, text)
		return nil
	})
}

// RenewPolicy puts another text in the place of a proposed one, against the version that is in force now: after an objection,
// or since another version came into force. What was said about the former text stays and no longer counts.
func (w *Casework) RenewPolicy(ctx context.Context, who cvd.Actor, number int64, text []byte) (PolicyProposal, error) {
	if err := first(onRoster(who), w.editable(who.Project)); err != nil {
		return PolicyProposal{}, err
	}
	return w.onProposal(ctx, who, number, func(p *project, d *draft) error {
		if who.ID != d.Author {
			return cvd.Errorf(cvd.Refused, "only who made the proposal gives it another text: make one of your own")
		}
		doc, err := w.fit(ctx, p, text)
		if err != nil {
			return err
		}
		d.Base = p.Policy
		d.read(text, doc)
		d.say(w, who, "renew", "")
		return nil
	})
}

// RejectPolicy ends a proposal, with a reason for who made it.
func (w *Casework) RejectPolicy(ctx context.Context, who cvd.Actor, number int64, because string) (PolicyProposal, error) {
	if err := first(administers(who), require("/because", because, "say why not, for who proposed it")); err != nil {
		return PolicyProposal{}, err
	}
	return w.onProposal(ctx, who, number, func(_ *project, d *draft) error {
		d.State = "rejected"
		d.say(w, who, "reject", because)
		return nil
	})
}

// WithdrawPolicy takes a proposal back, for who made it.
func (w *Casework) WithdrawPolicy(ctx context.Context, who cvd.Actor, number int64) (PolicyProposal, error) {
	if err := onRoster(who); err != nil {
		return PolicyProposal{}, err
	}
	return w.onProposal(ctx, who, number, func(_ *project, d *draft) error {
		if who.ID != d.Author {
			return cvd.Errorf(cvd.Refused, "only who made the proposal takes it back")
		}
		d.State = "withdrawn"
		d.say(w, who, "withdraw", "")
		return nil
	})
}

// AcceptPolicy puts a proposed policy in force for the cases that come from now on; open cases keep theirs. It takes another
// administrator than who proposed it, where there is one, and an answer to objections that stand.
func (w *Casework) AcceptPolicy(ctx context.Context, who cvd.Actor, number int64, because string) (PolicyProposal, error) {
	if err := first(administers(who), readable("/because", because)); err != nil {
		return PolicyProposal{}, err
	}
	p, d, err := w.openProposal(ctx, who, number)
	if err != nil {
		return PolicyProposal{}, err
	}
	if d.Source != atForge { // it was proposed before the policy came from there
		if err := w.editable(p.ID); err != nil {
			return PolicyProposal{}, err
		}
	}
	if d.Base != p.Policy {
		return PolicyProposal{}, w.stale(ctx, p, d)
	}
	if _, err := w.fit(ctx, p, d.flat()); err != nil { // the roster may have changed since
		return PolicyProposal{}, err
	}
	if err := w.secondLook(ctx, who, p, d); err != nil {
		return PolicyProposal{}, err
	}
	if names := d.objecting(); len(names) > 0 && trimmed(because) == "" {
		return PolicyProposal{}, cvd.Fieldf("/because", "%s objected and did not take it back: say why it is accepted all the same", strings.Join(names, " and "))
	}
	d.say(w, who, "accept", because)
	if err := d.seal(); err != nil {
		return PolicyProposal{}, err
	}
	if _, err := w.store.AcceptProposal(ctx, d.PolicyProposal, d.flat(), who.ID); err != nil {
		return PolicyProposal{}, err
	}
	if err := w.Refresh(ctx); err != nil {
		return PolicyProposal{}, err
	}
	return w.PolicyProposal(ctx, who, number)
}

// stale refuses a proposal that was written against another version than the one in force, with what both changed.
func (w *Casework) stale(ctx context.Context, p *project, d *draft) error {
	both, err := w.policyProposal(ctx, p, d.Number)
	if err != nil {
		return err
	}
	lines := func(all []PolicyChange) string {
		var out []string
		for _, c := range all[:min(len(all), 10)] {
			out = append(out, c.String())
		}
		if len(all) > 10 {
			out = append(out, "and more")
		}
		return strings.Join(out, "; ")
	}
	return cvd.Errorf(cvd.Conflict, "version %d came into force since this was proposed against version %d: renew it. Since then: %s. This proposal: %s",
		p.Policy, d.Base, lines(both.Since), lines(both.Changes))
}

// secondLook refuses somebody's word on their own proposal, unless nobody else administers the project, the policy lets a team
// of one look again, and its wait is over.
func (w *Casework) secondLook(ctx context.Context, who cvd.Actor, p *project, d *draft) error {
	if who.ID != d.Author {
		return nil
	}
	people, err := w.store.People(ctx, p.ID)
	if err != nil {
		return err
	}
	alone := p.inForce().Document.Alone
	switch others := administrators(people, p.inForce()); {
	case len(others) > 1:
		return cvd.Errorf(cvd.Refused, "this is your own proposal: another administrator accepts it")
	case alone == nil:
		return cvd.Errorf(cvd.Refused, "this is your own proposal, and the policy does not let one person decide alone: give somebody else the role first, or let a member propose it")
	default:
		earliest := alone.Wait.Add(d.since())
		if w.Now().Before(earliest) {
			e := cvd.Errorf(cvd.Refused, "this is your own proposal: look at it again after %s, from %s", alone.Wait.Words(), cvd.Instant(earliest))
			e.Clause, e.Earliest = "alone.wait", earliest
			return e
		}
	}
	return nil
}

// openProposal reads a proposal about which nobody has decided.
func (w *Casework) openProposal(ctx context.Context, who cvd.Actor, number int64) (*project, *draft, error) {
	p, err := w.freshProject(ctx, who.Project)
	if err != nil {
		return nil, nil, err
	}
	kept, err := w.store.Proposal(ctx, p.ID, number)
	if err != nil {
		return nil, nil, err
	}
	if kept.State != "open" {
		return nil, nil, cvd.Errorf(cvd.Refused, "proposal %d was %s: make a new one", number, kept.State)
	}
	d, err := openDraft(kept)
	return p, &d, err
}

// onProposal changes an open proposal, and begins again if somebody else was faster.
func (w *Casework) onProposal(ctx context.Context, who cvd.Actor, number int64, change func(*project, *draft) error) (PolicyProposal, error) {
	for try := 1; ; try++ {
		p, d, err := w.openProposal(ctx, who, number)
		if err != nil {
			return PolicyProposal{}, err
		}
		if err := change(p, d); err != nil {
			return PolicyProposal{}, err
		}
		if err := d.seal(); err != nil {
			return PolicyProposal{}, err
		}
		err = w.store.WriteProposal(ctx, d.PolicyProposal)
		if cvd.KindOf(err) == cvd.Conflict && try < 3 {
			continue
		}
		if err != nil {
			return PolicyProposal{}, err
		}
		return w.policyProposal(ctx, p, number)
	}
}

func (d *draft) say(w *Casework, who cvd.Actor, verdict, text string) {
	d.body.Opinions = append(d.body.Opinions, Opinion{At: w.Now(), By: who.ID, Name: who.Name, Verdict: verdict, Text: trimmed(text), Round: d.body.Round})
}

// since is when the text came that is proposed now.
func (d *draft) since() (at time.Time) {
	at = d.At
	for _, o := range d.body.Opinions {
		if o.Verdict == "renew" {
			at = o.At
		}
	}
	return at
}

// objecting are the names of those whose last word on the text as it is now is an objection.
func (d *draft) objecting() []string {
	last := map[cvd.ActorID]Opinion{}
	var order []cvd.ActorID
	for _, o := range d.body.Opinions {
		if o.Round != d.body.Round || o.Verdict != "approve" && o.Verdict != "object" {
			continue
		}
		if !slices.Contains(order, o.By) {
			order = append(order, o.By)
		}
		last[o.By] = o
	}
	var names []string
	for _, by := range order {
		if last[by].Verdict == "object" {
			names = append(names, last[by].Name)
		}
	}
	return names
}
