package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// Where an audience has a list of its members, a channel of mail to it brings each of them a letter of their own instead of one
// to its own address. Who gets one is fixed when the notice is ordered.

// What letters to members are.
const (
	byMember = "member" // EVENT.member.ID: a member's own copy of a notice
	toOptIn  = "accept" // EVENT.accept.ID: something waits for the member's word that they keep to the embargo of the case
)

// copies are the copies of a notice: one for each member of the audiences of its channels, the first channel counting.
func (w *Casework) copies(ctx context.Context, a *asking, notice string, channels []string) ([]cvd.Copy, error) {
	var out []cvd.Copy
	known := map[string]bool{}
	for _, name := range channels {
		ch, ok := a.channel(name)
		if !ok || ch.Kind != "mail" || ch.Audience == "" {
			continue
		}
		members, err := w.Members(ctx, a.c.Project, ch.Audience, a.c.ID)
		if err != nil {
			return nil, fmt.Errorf("read the members of %s: %w", ch.Audience, err)
		}
		weight := a.p.WeighedBy(ch.Audience)
		for _, m := range members {
			if to := strings.ToLower(m.Mail()); to == "" || known[to] {
				continue // nobody gets a letter twice because they are in two lists
			} else {
				known[to] = true
			}
			out = append(out, cvd.Copy{Member: m.ID, Channel: name, Weight: m.Weights[weight], Accepts: a.mustAccept(notice, ch.Audience)})
		}
	}
	return out, nil
}

// mustAccept says whether a member has to accept the embargo of the case before they get the notice: it tells more than that a
// release is coming, and the audience is asked each time.
func (a *asking) mustAccept(notice, audience string) bool {
	rule, _ := a.notice(notice)
	i := slices.IndexFunc(a.p.Document.Audiences, func(x policy.Audience) bool { return x.Name == audience })
	return rule.Before && (rule.Detail == "advisory" || rule.Detail == "patch") && i >= 0 && a.p.Document.Audiences[i].Accepts == "each_case"
}

// fanOut are the letters of a notice that was ordered, or of its correction.
func (a *asking) fanOut(channels []string, copies []cvd.Copy, add func(what, whom, channel string, state cvd.DeliveryState)) {
	for _, name := range channels {
		if slices.ContainsFunc(copies, func(k cvd.Copy) bool { return k.Channel == name }) {
			continue
		}
		state := cvd.Waiting
		if a.channelKind(name) == "person" {
			state = cvd.ByPerson
		}
		add(byChannel, name, name, state)
	}
	for _, k := range copies {
		state := cvd.Waiting
		if k.Accepts {
			state = cvd.Unaccepted
			add(toOptIn, k.Member, k.Channel, cvd.Waiting)
		}
		add(byMember, k.Member, k.Channel, state)
	}
}

// byMember writes a member's copy of a notice. Whoever has left meanwhile gets none, unless it corrects what they have: as long as
// their address is kept they hear that it was wrong.
func (w *Casework) byMember(ctx context.Context, a *asking, out *Outgoing, member string) error {
	n, ok := a.ordered(out.Delivery.Event)
	if !ok {
		return fmt.Errorf("letter %s: no such notice was ordered", out.Letter.Job)
	}
	out.Notice, out.Kind, out.Member = true, a.channelKind(out.Delivery.Channel), member
	m, err := w.addressee(ctx, a.c.Project, member)
	if err != nil && cvd.KindOf(err) != cvd.NotFound {
		return err
	}
	reached := m.Told() || a.corrects(n) && m.reachable()
	if err != nil || !reached || m.Mail() == "" {
		out.Gone = true
		return nil
	}
	if out.Letter.To = m.Mail(); m.Told() {
		out.Letter.Leave = w.LeaveLink(a.c.Project, m.Addressee)
	}
	return w.signed(ctx, a, n, member, &out.Letter)
}

// corrects says whether a notice says anew what another one said, and goes to those who have that.
func (a *asking) corrects(n cvd.Notice) bool {
	rule, _ := a.notice(n.Name)
	return n.Corrects != "" || rule.Corrects != ""
}

// reachable says whether a letter finds somebody who may be on the list no more: their address is kept, and is not dead.
func (m addressee) reachable() bool { return m.State != cvd.MemberBounced && m.Mail() != "" }

// toOptIn asks a member whether they keep to the embargo of a case. It says nothing of what the notice says.
func (w *Casework) toOptIn(ctx context.Context, a *asking, out *Outgoing, member string) error {
	m, err := w.addressee(ctx, a.c.Project, member)
	if cvd.KindOf(err) == cvd.NotFound {
		return nil
	}
	if err != nil || !m.Told() {
		return err
	}
	title := a.p.Document.Title
	out.Letter.To, out.Letter.Leave = m.Mail(), w.LeaveLink(a.c.Project, m.Addressee)
	out.Letter.Subject = "[" + string(a.c.ID) + "] " + title + " asks for your word"
	out.Letter.Text = "There is something under embargo for the members of “" + audienceTitle(a.project, m.Audience) + "”, case " + string(a.c.ID) + " of " + title +
		". You get it once you have accepted the embargo of this case, or nothing if you would rather not know:\n" +
		w.ChoiceLink(a.c.Project, m.Addressee, a.c.ID) + "\n"
	return nil
}

// AdmitCopies lets the copies go of those who have accepted the embargo of their case.
func (w *Casework) AdmitCopies(ctx context.Context) error {
	var errs []error
	for _, project := range w.Projects() {
		letters, err := w.store.Unaccepted(ctx, project)
		errs = append(errs, err)
		choices := map[cvd.CaseID]map[string]string{}
		for _, d := range letters {
			if choices[d.Case] == nil {
				if choices[d.Case], err = w.choices(ctx, project, d.Case); err != nil {
					return errors.Join(append(errs, err)...)
				}
			}
			if member, _ := memberOf(d); choices[d.Case][member] == "yes" {
				errs = append(errs, w.store.AdmitDelivery(ctx, d))
			}
		}
	}
	return errors.Join(errs...)
}

// ordered is the notice that an event ordered, also if it was ordered again since.
func (a *asking) ordered(event cvd.EventID) (cvd.Notice, bool) {
	all := slices.Concat(a.c.Notices, a.c.OldOrders)
	i := slices.IndexFunc(all, func(n cvd.Notice) bool { return n.Event == event })
	if i < 0 {
		return cvd.Notice{}, false
	}
	return all[i], true
}

// earlier is the event of an order if the notice was ordered again since; empty for the last one.
func (a *asking) earlier(n cvd.Notice) cvd.EventID {
	if slices.ContainsFunc(a.c.OldOrders, func(o cvd.Notice) bool { return o.Event == n.Event }) {
		return n.Event
	}
	return ""
}

// tally is how far the copies of a notice by one channel have come.
type tally struct {
	of, reached, failed, open int
	weight, weighed           int64
	repeated                  bool
}

// share is the share of the members' weight that was reached, in millionths, rounded down.
func (t tally) share() int64 {
	if t.weight == 0 {
		return 0
	}
	return int64(float64(t.weighed) / float64(t.weight) * 1_000_000)
}

// tallied counts the copies of a notice by one channel. Those that wait for a word of their member count only once it came.
func tallied(n cvd.Notice, channel string, letters []cvd.Delivery) (t tally) {
	states := map[string]cvd.Delivery{}
	for _, d := range letters {
		if member, is := memberOf(d); is {
			states[member] = d
		}
	}
	for _, k := range n.CopiesBy(channel) {
		d, weight := states[k.Member], max(k.Weight, 1)
		if d.State == cvd.Unaccepted {
			continue
		}
		t.of, t.weight, t.repeated = t.of+1, t.weight+weight, t.repeated || d.Repeated
		switch d.State {
		case cvd.Sent:
			t.reached, t.weighed = t.reached+1, t.weighed+weight
		case cvd.GaveUp, cvd.Dropped, cvd.DroppedErased:
			t.failed++
		default:
			t.open++
		}
	}
	return t
}

// memberOf is whose copy a letter is.
func memberOf(d cvd.Delivery) (member string, is bool) {
	parts := strings.SplitN(d.Job, ".", 3)
	if len(parts) != 3 || parts[1] != byMember {
		return "", false
	}
	return parts[2], true
}

// copied tells the case how far the copies of a notice have come by a channel, where that is worth an event: the first, a share that the policy
// counts from, and the end.
func (w *Casework) copied(ctx context.Context, d cvd.Delivery) error {
	letters, err := w.store.Deliveries(ctx, d.Project, d.Case, d.Event)
	if err != nil {
		return err
	}
	return w.notice(ctx, d.Project, d.Case, func(a *asking) (cvd.What, bool) {
		n, ok := a.ordered(d.Event)
		if !ok || !n.Delivered[d.Channel].IsZero() {
			return cvd.What{}, false
		}
		t := tallied(n, d.Channel, letters)
		x := &cvd.Delivered{Notice: n.Name, Order: a.earlier(n), Channel: d.Channel, At: d.At, Reached: t.reached, Of: t.of, Share: t.share(), Repeated: t.repeated}
		switch {
		case t.open == 0 && t.failed > 0:
			x.Failed = "the channel did not take the copies of the others"
			return cvd.What{Delivered: x}, n.Failed[d.Channel] == ""
		case t.open == 0 && t.reached > 0:
			return cvd.What{Delivered: x}, true
		case t.reached == 0:
			return cvd.What{}, false
		}
		return cvd.What{Delivered: x}, a.worthTelling(n, d.Channel, x)
	}, nil)
}

// worthTelling says whether an arrival on the way to the last is the first, or completes a share that the policy counts from.
func (a *asking) worthTelling(n cvd.Notice, channel string, x *cvd.Delivered) bool {
	before := n.Arrivals[channel]
	if len(before) == 0 {
		return true
	}
	last := before[len(before)-1].Share
	return slices.ContainsFunc(a.p.Shares(n.Name), func(per100 int) bool {
		after := cvd.Fold(a.c, cvd.Event{Project: a.c.Project, Case: a.c.ID, Rev: a.c.Rev + 1, At: a.now, What: cvd.What{Delivered: x}})
		return last < x.Share && !a.p.Reaches(&a.c, n.Name, per100) && a.p.Reaches(&after, n.Name, per100)
	})
}
