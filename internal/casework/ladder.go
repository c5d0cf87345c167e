package casework

import (
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
)

// A clock that rang tells somebody, and its ladder tells others, by mail to each or in a channel that the team reads, until
// what it waits for has happened.

// climbed tells everybody whom the policy names for a clock that rang.
func (a *asking) climbed(b *cvd.Breached, tell func(what string, handles []string)) {
	what := toNudged
	if a.alarms(b) {
		what = toAlarmed
	}
	for _, whom := range append(a.answers(b), a.p.Tells(b)...) {
		switch whom {
		case "alarm":
			tell(toAlarmed, a.p.Document.Contacts.Alarm)
		case "nudge":
			tell(what, a.p.Document.Contacts.Nudge)
		default:
			tell(what, a.members(whom))
		}
	}
}

// answers are the people who were named for the work that would meet a promise: they hear first that it was missed.
func (a *asking) answers(b *cvd.Breached) (handles []string) {
	for _, k := range a.c.Clocks {
		if k.Name != b.Clock || k.Kind != b.Kind {
			continue
		}
		for _, x := range a.c.Assigned {
			if step := a.p.StepReaching(k.Until); step != "" && x.Work == step {
				handles = append(handles, string(x.Person))
			}
		}
	}
	return handles
}

// members are the active people in a role of the policy, or the one of that handle.
func (a *asking) members(name string) (handles []string) {
	for _, p := range a.project.people {
		if p.Active && (string(p.Handle) == name || slices.Contains(p.Roles, name)) {
			handles = append(handles, string(p.Handle))
		}
	}
	return handles
}

// unanswered says whether a clock that rang waits for the first answer to something that could not wait.
func (a *asking) unanswered(b *cvd.Breached) bool {
	own := b.Kind.Promise() || b.Kind == cvd.Reminder // a warning or a rung says by itself who hears of it
	return own && a.alarms(b)
}

// alarms says whether a clock runs until somebody answers what could not wait.
func (a *asking) alarms(b *cvd.Breached) bool {
	kind, err := a.p.Kind(a.c.Kind)
	return err == nil && kind.Alarm && slices.ContainsFunc(a.c.Clocks, func(k cvd.Clock) bool {
		return k.Name == b.Clock && k.Kind == b.Kind && k.Until == "acknowledged"
	})
}

// needed says that a case needs somebody, and nothing of what it is about.
func (w *Casework) needed(a *asking) string {
	return "Case " + string(a.c.ID) + " of " + a.p.Document.Title + " needs somebody.\n\n" + nextLine(a.p.Next(a.c, a.now)) +
		w.base + "/api/v1/projects/" + string(a.c.Project) + "/cases/" + string(a.c.ID) + "\n"
}

// toChannel calls the team in a channel of its own. What was answered while the call waited for the channel is not called.
func (w *Casework) toChannel(a *asking, out *Outgoing, channel string) {
	out.Kind, out.Setting = a.channelKind(channel), string(a.c.Project)+"/"+channel
	out.Gone = !slices.ContainsFunc(a.c.Clocks, func(k cvd.Clock) bool {
		return k.Open() && a.p.Calls(&cvd.Breached{Clock: k.Name, Kind: k.Kind}) == channel
	})
	out.Letter.Subject, out.Letter.Text = "["+string(a.c.ID)+"] A case that cannot wait", w.needed(a)
}
