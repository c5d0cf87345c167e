package casework

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// Correct orders the correction of a notice to go out: to exactly those who got it, or may have, by the same channels. Whoever joined an
// audience since gets none, and who never got the notice is not told that it was wrong.
func (w *Casework) Correct(ctx context.Context, who cvd.Actor, about About, in cvd.Corrected) (cvd.View, error) {
	return w.record(ctx, who, about, "correct", func(a *asking) (cvd.What, error) {
		x, err := w.correction(ctx, a, in)
		return cvd.What{Corrected: &x}, err
	})
}

// correction composes a correction as it would go out now.
func (w *Casework) correction(ctx context.Context, a *asking, in cvd.Corrected) (cvd.Corrected, error) {
	x := in
	first, ok := a.c.Ordered(in.Notice)
	if !ok || first.Corrects != "" {
		return x, cvd.Fieldf("/notice", "the notice %q was not ordered; only what went out is corrected", in.Notice)
	}
	if strings.TrimSpace(in.Because) == "" {
		return x, cvd.Fieldf("/because", "say for the team why it is corrected")
	}
	if err := readable("/because", in.Because); err != nil {
		return x, err
	}
	if rule, ok := a.notice(in.With); in.With != "" && (!ok || first.Pre && !rule.Before) {
		return x, cvd.Fieldf("/with", "the words come from a notice of the policy that may go out before the release, as the first one did")
	}
	n := cvd.Notified{Notice: first.Name, Says: in.Says}
	if in.With != "" {
		n.Notice = in.With
	}
	switch {
	case in.Withdraws && len(in.Says) > 0:
		return x, cvd.Fieldf("/says", "what is withdrawn says nothing else; leave the fields empty")
	case !in.Withdraws:
		if err := w.compose(a, &n); err != nil {
			return x, err
		}
	}
	x.Event, x.Name, x.Pre, x.Audiences = first.Event, a.c.CorrectionName(first.Name), first.Pre, first.Audiences
	head := "This corrects the notice of " + cvd.Instant(first.At) + " (" + string(first.Event) + "). What holds now:\n\n"
	x.Subject, x.Text = "Correction: "+n.Subject, head+n.Text
	if in.Withdraws {
		x.Subject = "Withdrawn: " + first.Subject
		x.Text = "This withdraws the notice of " + cvd.Instant(first.At) + " (" + string(first.Event) + "). What it announced does not come as it said.\n"
	}
	var err error
	if x.Channels, x.Copies, err = w.gotIt(ctx, a, first); err == nil && len(x.Channels) == 0 {
		err = cvd.Fieldf("/notice", "nobody has got the notice %q, so there is nobody to tell", in.Notice)
	}
	return x, err
}

// gotIt are the channels and members that got a notice, or may have: also by its orders before the last, and those to whom it is under
// way now. Who was held back, left out or given up without a doubt did not get it.
func (w *Casework) gotIt(ctx context.Context, a *asking, n cvd.Notice) (channels []string, copies []cvd.Copy, err error) {
	var got []cvd.Delivery
	for _, event := range append(slices.Clone(n.Earlier), n.Event) {
		letters, err := w.store.Deliveries(ctx, a.c.Project, a.c.ID, event)
		if err != nil {
			return nil, nil, err
		}
		got = append(got, slices.DeleteFunc(letters, func(d cvd.Delivery) bool { return !mayHave(d) })...)
	}
	weights := map[string]int64{}
	for _, k := range n.Copies {
		weights[k.Member] = k.Weight
	}
	for _, d := range got {
		if member, is := memberOf(d); is && !slices.ContainsFunc(copies, func(k cvd.Copy) bool { return k.Member == member }) {
			copies = append(copies, cvd.Copy{Member: member, Channel: d.Channel, Weight: weights[member]})
		}
		channels = append(channels, d.Channel)
	}
	for _, o := range a.c.Orders() {
		if o.Name == n.Name {
			channels = slices.AppendSeq(channels, maps.Keys(o.Delivered)) // what a person posted has no letter
		}
	}
	slices.Sort(channels)
	return slices.Compact(channels), copies, nil
}

// toThose makes a notice that corrects another go to exactly those who got that one, if anybody did.
func (w *Casework) toThose(ctx context.Context, a *asking, n *cvd.Notified, corrected string) (anybody bool, err error) {
	first, ok := a.c.Ordered(corrected)
	if !ok {
		return false, nil
	}
	channels, copies, err := w.gotIt(ctx, a, first)
	if err != nil || len(channels) == 0 {
		return false, err
	}
	n.Channels, n.Copies = channels, copies
	return true, nil
}

// mayHave says whether the recipient of a letter has it, may have it, or is getting it.
func mayHave(d cvd.Delivery) bool {
	switch d.State {
	case cvd.Sent, cvd.Sending, cvd.Waiting:
		return true
	}
	return d.Repeated // given up or held, after a try whose end is unknown
}
