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
	"github.com/tipstaff/tipstaff/internal/store"
)

// What a letter is, the middle part of its job's name: EVENT.WHAT.WHOM. The name is its idempotency key; nothing else of the
// letter is kept: it is written again from the case whenever it goes out.
const (
	toReporter = "reporter" // EVENT.reporter.1: there is news on the reporter's page
	toAlarmed  = "alarm"    // EVENT.alarm.HANDLE: something came in that cannot wait
	toNudged   = "nudge"    // EVENT.nudge.HANDLE: a promise runs out, or was missed
	toCalled   = "call"     // EVENT.call.CHANNEL: the same in a channel that the team reads
	toAsked    = "asked"    // EVENT.asked.HANDLE: a reporter reminds the team
	toParty    = "party"    // EVENT.party.ID: somebody is asked to take part, or reminded, or there is news for them
	toBound    = "bound"    // EVENT.bound.ID: a party hears that the embargo has another end
	toLook     = "look"     // EVENT.look.0-0: not a letter, but a look whether the release is there
	toPlace    = "place"    // EVENT.place.LINE-PATCH: whether a private patch answers strangers
	byChannel  = "notice"   // EVENT.notice.CHANNEL: a notice of the policy
)

// told are the kinds of event that the reporter hears of by mail, if they left an address.
var told = []string{"received", "acknowledged", "validated", "invalidated", "deferred", "messaged", "embargoed", "embargo_ended",
	"armed", "disclosed", "explained", "rewarded", "bounty_paid", "closed", "joined", "split_from", "taken_over", "handed_over"}

// mostFollowed is how many events are followed at a time.
const mostFollowed = 100

// Follow works out which letters the newest events lead to and keeps them with a job for each, together with the mark that
// says how far it came. It says whether there is more to do.
func (w *Casework) Follow(ctx context.Context) (more bool, err error) {
	projects, err := w.store.Unfollowed(ctx)
	if err != nil {
		return false, err
	}
	var errs []error
	for _, u := range projects { // what is wrong with one project does not hold up the others
		n, err := w.follow(ctx, u)
		more, errs = more || n == mostFollowed, append(errs, err)
	}
	return more, errors.Join(errs...)
}

// follow follows some events of one project, and says how many.
func (w *Casework) follow(ctx context.Context, u store.Unfollowed) (int, error) {
	events, err := w.store.Reading(ctx, u.Project, u.After, mostFollowed)
	if err != nil || len(events) == 0 {
		return 0, err
	}
	var letters []cvd.Delivery
	for _, e := range events {
		a, err := w.open(ctx, cvd.Tipstaff(u.Project), About{Case: e.Event.Case})
		if err != nil {
			return 0, fmt.Errorf("follow an event of %s: %w", e.Event.Case, err)
		}
		if err := w.bring(ctx, e.Event); err != nil {
			return 0, err
		}
		letters = append(letters, a.letters(e.Event)...)
		if w.looks {
			letters = append(letters, a.lookouts(e.Event)...)
		}
		if x := e.Event.What.Observed; x != nil && len(x.Then) > 0 {
			if err := w.order(ctx, e.Event); err != nil {
				return 0, fmt.Errorf("order the notices of an emergency in %s: %w", e.Event.Case, err)
			}
		}
		if err := w.raise(ctx, a); err != nil {
			return 0, err
		}
		if e.Event.What.Triaged != nil || e.Event.What.Remedied != nil || e.Event.What.Raised != nil {
			if err := w.readIn(ctx, a); err != nil {
				return 0, err
			}
		}
	}
	return len(events), w.store.Followed(ctx, u, events[len(events)-1].Seq, letters)
}

// letters are the letters that an event leads to.
func (a *asking) letters(e cvd.Event) []cvd.Delivery {
	var out []cvd.Delivery
	add := func(what, whom, channel string, state cvd.DeliveryState) {
		out = append(out, cvd.Delivery{Project: e.Project, Case: e.Case, Job: string(e.ID) + "." + what + "." + whom, Event: e.ID,
			Channel: channel, State: state, At: a.now})
	}
	for _, r := range a.reportersOf(e) {
		if r.Contact.Email != "" {
			add(toReporter, fmt.Sprint(r.Number), "mail", cvd.Waiting)
		}
	}
	for _, p := range a.partiesOf(e) {
		add(partyLetter(e), string(p), "mail", cvd.Waiting)
	}
	for _, p := range ledOn(e) {
		add(toOnward, string(p.ID), "mail", cvd.Waiting)
	}
	contacts := a.p.Document.Contacts
	a.looks(e, add)
	tell := func(what string, handles []string) {
		for _, handle := range handles {
			if a.reaches(cvd.ActorID(handle)) {
				add(what, handle, "mail", cvd.Waiting)
			}
		}
	}
	switch {
	case e.What.Received != nil:
		if kind, err := a.p.Kind(e.What.Received.Kind); err == nil && kind.Alarm {
			tell(toAlarmed, contacts.Alarm)
		}
	case e.What.Breached != nil && e.What.Breached.Clock == cvd.AnswersClock:
		if slices.ContainsFunc(a.c.Parties, func(p cvd.Party) bool { return p.ToldAt.Equal(e.At) }) {
			tell(toNudged, contacts.Nudge)
		}
	case e.What.Breached != nil && a.unanswered(e.What.Breached):
		tell(toAlarmed, contacts.Alarm)
	case e.What.Breached != nil && e.What.Breached.Kind != cvd.Arrival && e.What.Breached.Kind != cvd.Lookout:
		if channel := a.p.Calls(e.What.Breached); channel != "" {
			add(toCalled, channel, channel, cvd.Waiting)
			break
		}
		a.climbed(e.What.Breached, tell)
	case e.What.Observed != nil && e.What.Observed.Fact != "fix_deployed":
		tell(toAlarmed, slices.DeleteFunc(slices.Clone(contacts.Alarm), func(handle string) bool { return handle == string(e.Who) }))
	case e.What.Surfaced != nil, e.What.Claimed != nil, exposed(e):
		tell(toAlarmed, contacts.Alarm)
	case e.What.Nudged != nil:
		tell(toAsked, contacts.Nudge)
	case e.What.Corrected != nil:
		a.fanOut(e.What.Corrected.Channels, e.What.Corrected.Copies, add)
	}
	if n := e.What.Ordering(); n != nil { // also in an emergency, which has letters of its own
		a.fanOut(n.Channels, n.Copies, add)
	}
	return out
}

// reaches says whether somebody is on the roster with an address to write to.
func (a *asking) reaches(handle cvd.ActorID) bool {
	return slices.ContainsFunc(a.project.people, func(p cvd.Person) bool { return p.Handle == handle && p.Active && p.Address != "" })
}

// reportersOf are the reports whose reporters hear of an event: those that the case was about then.
func (a *asking) reportersOf(e cvd.Event) (out []cvd.Report) {
	ended := e.What.Observed != nil && a.c.Embargo.Ended.Equal(e.At) // they are bound to nothing any more
	if !ended && !decided(e.What) && !slices.Contains(told, e.What.Kind()) || strings.HasPrefix(string(e.Who), "reporter:") && e.What.Received == nil {
		return nil
	}
	then := a.c
	n := 0
	for n < len(a.c.Reports) && !here(a.c.Reports[n]).After(e.At) { // those that were there then
		n++
	}
	then.Reports = a.c.Reports[:n]
	numbers := then.Heads()
	if m := e.What.Messaged; m != nil && m.Report != 0 {
		numbers = []int{m.Report}
	}
	if x := e.What.Rejecting; x != nil && !a.c.Embargo.State.InForce() { // a wish that nobody else was told of
		p := a.c.ProposalOf(x.Proposal)
		numbers = slices.DeleteFunc(numbers, func(n int) bool { return p == nil || (p.Report > 0 || p.Party != "") && p.Report != n })
	}
	if j := e.What.Joined; j != nil { // of the others nothing changed
		numbers = slices.DeleteFunc(numbers, func(n int) bool { return n <= len(a.c.Reports) && !here(a.c.Reports[n-1]).Equal(e.At) })
	}
	for _, n := range numbers {
		if n >= 1 && n <= len(a.c.Reports) {
			out = append(out, a.c.Reports[n-1])
		}
	}
	return out
}

// decided says whether an event is a word of the project about the embargo: it asks everybody, agrees for all, or refuses.
func decided(x cvd.What) bool {
	return x.Proposing != nil && x.Proposing.Report == 0 && x.Proposing.Party == "" || x.Accepting != nil && x.Accepting.Decides || x.Rejecting != nil && x.Rejecting.Decides
}

// here is when a report came into its case.
func here(r cvd.Report) time.Time {
	if n := len(r.Came); n > 0 {
		return r.Came[n-1].Until
	}
	return r.At
}

func (a *asking) channelKind(name string) string {
	ch, _ := a.channel(name)
	return ch.Kind
}

// channel is a channel of the policy.
func (a *asking) channel(name string) (policy.Channel, bool) {
	i := slices.IndexFunc(a.p.Document.Channels, func(x policy.Channel) bool { return x.Name == name })
	if i < 0 {
		return policy.Channel{}, false
	}
	return a.p.Document.Channels[i], true
}

// notice is a notice of the policy, or the one that a correction corrects.
func (a *asking) notice(name string) (policy.Notice, bool) {
	name, _, _ = cvd.Corrects(name)
	i := slices.IndexFunc(a.p.Document.Notices, func(x policy.Notice) bool { return x.Name == name })
	if i < 0 {
		return policy.Notice{}, false
	}
	return a.p.Document.Notices[i], true
}

// marked says whether the copies of a notice name their recipients.
func (a *asking) marked(name string) bool {
	rule, _ := a.notice(name)
	return rule.Marked
}

// Outgoing is a letter about to go out: by which kind of channel, and to whom.
type Outgoing struct {
	Delivery cvd.Delivery
	Kind     string // of channel: mail, discord, webhook
	Setting  string // PROJECT/CHANNEL, whose address is a setting of the installation; empty where Letter.To is known
	Notice   bool   // it is a notice of the policy, of which the case tells what became
	Member   string // whose copy it is; empty: it is nobody's own
	Gone     bool   // the member has left since it was ordered
	Letter   cvd.Letter
	Place    string // of a look: which patch
}

// Outgoing writes the letter of a job.
func (w *Casework) Outgoing(ctx context.Context, project cvd.ProjectID, job string) (Outgoing, error) {
	d, err := w.store.Delivery(ctx, project, job)
	if err != nil {
		return Outgoing{}, err
	}
	if d.Case == "" {
		out := Outgoing{Delivery: d, Kind: "mail", Letter: cvd.Letter{Job: job}}
		return out, w.toAddressee(ctx, &out)
	}
	a, err := w.open(ctx, cvd.Tipstaff(project), About{Case: d.Case})
	if err != nil {
		return Outgoing{}, err
	}
	out := Outgoing{Delivery: d, Kind: "mail", Letter: cvd.Letter{Job: job}}
	if a.c.Erased != nil { // whom it was for is gone
		return out, nil
	}
	parts := strings.SplitN(job, ".", 3)
	if len(parts) != 3 {
		return Outgoing{}, fmt.Errorf("letter %s has no such name", job)
	}
	switch what, whom := parts[1], parts[2]; what {
	case toPlace:
		out.Kind, out.Place = toPlace, whom
		if _, p, ok := a.place(whom); ok {
			out.Letter.To = p.URL
		}
	case toReporter:
		w.toReporter(a, &out, whom)
	case toOnward:
		err = w.toOnward(ctx, a, &out, cvd.ActorID(whom))
	case toParty, toBound:
		err = w.toParty(ctx, a, &out, what, cvd.ActorID(whom))
	case toAlarmed, toNudged, toAsked:
		w.toMember(a, &out, what, cvd.ActorID(whom))
	case toCalled:
		w.toChannel(a, &out, whom)
	case toLook: // nobody is written to
	case byChannel:
		err = w.byChannel(ctx, a, &out, whom)
	case byMember:
		err = w.byMember(ctx, a, &out, whom)
	case toOptIn:
		err = w.toOptIn(ctx, a, &out, whom)
	default:
		err = fmt.Errorf("letter %s is of no known kind", job)
	}
	return out, err
}

// toReporter writes that there is news. Nothing of the case stands in it but its id.
func (w *Casework) toReporter(a *asking, out *Outgoing, number string) {
	var n int
	if _, err := fmt.Sscan(number, &n); err != nil || n < 1 || n > len(a.c.Reports) {
		return
	}
	r := a.c.Reports[n-1]
	out.Letter.To = r.Contact.Email
	page := w.base + "/p/" + string(a.c.Project) + "/status"
	title, named := a.p.Document.Title, string(a.c.Named(r)) // as their return code calls it
	if a.c.Marked("acknowledged").IsZero() && a.c.Rev <= 2 {
		out.Letter.Subject = "[" + named + "] " + title + " has your report"
		out.Letter.Text = "Your report is case " + named + ". It was received by our program; a person has not read it yet.\n\n" +
			a.nextFor(n) + a.silence() + "\n\nRead and write with your return code: " + page + "\n"
		return
	}
	out.Letter.Subject = "[" + named + "] News from " + title
	out.Letter.Text = "There is news on your report " + named + ".\n\n" + a.nextFor(n) +
		"Read it with your return code: " + page + "\n"
}

// nextFor is who acts next, as a reporter may know it.
func (a *asking) nextFor(report int) string {
	if a.c.Combined.Site != "" {
		return "It went to another installation: the page says where it goes on.\n\n"
	}
	known := a.c
	known.Proposals, known.Claims = a.c.Negotiation(cvd.Actor{ID: cvd.ReporterID(report)}), nil
	return nextLine(a.p.Next(known, a.now))
}

func nextLine(next cvd.Next) string {
	if next.What == "" {
		return ""
	}
	line := "Next: " + next.Who + " – " + strings.TrimSuffix(next.What, ".")
	if !next.By.IsZero() {
		line += ", by " + cvd.Instant(next.By)
	}
	return line + ".\n\n"
}

// toMember writes to somebody of the roster that something waits; what it is stands on the case's page.
func (w *Casework) toMember(a *asking, out *Outgoing, what string, handle cvd.ActorID) {
	for _, p := range a.project.people {
		if p.Handle == handle && p.Active {
			out.Letter.To = p.Address
		}
	}
	out.Letter.Subject = "[" + string(a.c.ID) + "] A report that cannot wait"
	switch what {
	case toNudged:
		out.Letter.Subject = "[" + string(a.c.ID) + "] A promise of the policy is due"
	case toAsked:
		out.Letter.Subject = "[" + string(a.c.ID) + "] The reporter reminds you"
	}
	out.Letter.Text = w.needed(a)
}

// byChannel writes a notice for one channel, as it was composed when it was ordered.
func (w *Casework) byChannel(ctx context.Context, a *asking, out *Outgoing, channel string) error {
	n, ok := a.ordered(out.Delivery.Event)
	if !ok {
		return fmt.Errorf("letter %s: no such notice was ordered", out.Letter.Job)
	}
	out.Notice, out.Kind, out.Setting = true, a.channelKind(channel), string(a.c.Project)+"/"+channel
	return w.signed(ctx, a, n, "", &out.Letter)
}
