package policy

import (
	"cmp"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// promised are the instants of all clocks that run, with their warnings and the rungs of their ladders.
func (c *course) promised() []Moment {
	var all []Moment
	for i := range c.Document.Clocks {
		if k := &c.Document.Clocks[i]; c.runs(*k) {
			all = append(all, c.clockMoments(k)...)
		}
	}
	if b := c.Document.Bounty; b != nil && !b.Within.Zero() {
		x := c.counted(b.After, b.Within, "")
		x.Kind, x.What, x.Clause, x.rank, x.phase = isDeadline, "Bounty", "bounty.within", dueRank, aftercare
		x.Late = c.missed("rewarded", x.At)
		all = append(all, x)
	}
	return all
}

// clockMoments are the instants of one clock.
func (c *course) clockMoments(k *Clock) []Moment {
	var all []Moment
	ends := c.phaseOf(k.Until)
	add := func(x Moment, kind, what string, rank int) Moment {
		x.Kind, x.What, x.Clause, x.rank, x.phase = kind, what, "clocks."+k.Name, dueRank+rank, ends
		all = append(all, x)
		return x
	}
	title := k.Title
	if k.Law != "" {
		title += " (" + k.Law + ")"
	}
	if x, is := c.clockDue(k, k.Target); is {
		add(x, isTarget, title, 0)
	}
	if x, is := c.clockDue(k, k.Reminder); is {
		add(x, isReminder, title+": a reminder, if it is still open", 1)
	}
	for _, rung := range k.Escalate {
		x := c.counted(k.From, rung.After, k.Calendar)
		add(x, isEscalation, title+": "+c.rungTitle(rung.To)+c.Document.rungWays(rung)+", if it is still open", 4)
	}
	if k.Within == nil {
		return all
	}
	if early, _ := k.Within.of("", k.Unclassified != "none"); !early.Zero() && k.Within.byClass() && c.beforeTriage(k.From) {
		if length, event := k.Within.of(c.class, false); event != "" || length != early {
			x := c.counted(k.From, early, k.Calendar)
			x.Late = c.missed("triaged", x.At) && c.missed(k.Until, x.At)
			add(x, isDeadline, title+", until the severity is known", 3)
		}
	}
	due, is := c.clockDue(k, k.Within)
	if !is {
		return all
	}
	due.Late = c.missed(k.Until, due.At)
	due = add(due, isDeadline, title, 3)
	for _, warn := range k.Warn {
		if !due.At.IsZero() {
			add(Moment{At: c.earlier(due.At, warn, k.Calendar)}, isWarning, title+" is due in "+warn.Words(), 2)
		}
	}
	return all
}

// clockDue is when one side of a clock is due; is is false where nothing is promised for the class.
func (c *course) clockDue(k *Clock, w *Within) (x Moment, is bool) {
	if w == nil {
		return Moment{}, false
	}
	length, event := w.of(c.class, k.Unclassified != "none")
	switch {
	case event != "":
		if m := c.named[event]; m != nil && !m.at.IsZero() {
			return Moment{At: m.at}, true
		}
		return Moment{Waits: event}, true
	case length.Zero():
		return Moment{}, false
	}
	return c.counted(k.From, length, k.Calendar), true
}

// counted is the instant so much after a mark.
func (c *course) counted(from string, length Duration, calendar string) Moment {
	l := c.after(from, "", length, calendar)
	return Moment{At: l.at, Waits: l.waits, Because: l.because}
}

// beforeTriage says whether a mark is reached while nobody knows the severity.
func (c *course) beforeTriage(mark string) bool {
	triaged, m := c.named["triaged"], c.named[mark]
	return c.Document.Severity.Scheme != "none" && triaged != nil && m != nil && m.rank < triaged.rank
}

// missed says whether a mark is reached after an instant at which it was due.
func (c *course) missed(mark string, due time.Time) bool {
	m := c.named[mark]
	return m != nil && !due.IsZero() && m.at.After(due)
}

// rungTitle says who hears of it.
func (c *course) rungTitle(to string) string {
	switch to {
	case "alarm":
		return "everybody who is alarmed hears of it"
	case "nudge":
		return "those who may be nudged hear of it"
	}
	for _, r := range c.Document.Roles {
		if r.Name == to {
			return "the role " + r.Title + " hears of it"
		}
	}
	return to + " hears of it"
}

// rungWays says by what a rung calls, and that it does so again.
func (d *Document) rungWays(rung Escalation) string {
	words := ""
	if rung.By != "" {
		words = " by “" + d.titleOf("channel", rung.By) + "”"
	}
	return words + lasting(", and again every %s", rung.Every)
}

// afterwards are what follows from the publication, and how long the embargo and the silence last.
func (c *course) afterwards() []Moment {
	d := &c.Document
	var all []Moment
	add := func(kind, what, clause string, x Moment) {
		x.Kind, x.What, x.Clause, x.rank, x.phase = kind, what, clause, dueRank+5, aftercare
		all = append(all, x)
	}
	if concerns(d.Embargo.Tracks, c.track.Name) && !c.endsEmbargo() {
		if offer := d.Embargo.Offer; !offer.Zero() {
			add(isEmbargo, "An embargo of the usual length would end", "embargo.offer", c.embargoed(offer))
		}
		if least := d.Embargo.Least; !least.Zero() {
			add(isEmbargo, "No embargo that is proposed with the report ends sooner", "embargo.least", c.counted("received", least, ""))
		}
		if longest := d.Embargo.Longest; !longest.Zero() {
			add(isEmbargo, "No embargo lasts longer", "embargo.longest", c.embargoed(longest))
		}
	}
	if s := d.Silence; s.Says != "" && concerns(s.Tracks, c.track.Name) && s.Until != "" {
		add(isEmbargo, "Nobody is asked to keep silent any longer", "silence", c.counted(s.Until, Duration{}, ""))
	}
	if o := d.Disclosure.Reports; o != nil && o.Which != "none" && !d.Disclosure.Never {
		from := o.From
		if from == "" {
			from = "disclosed"
		}
		what := "The report is opened"
		if o.Consent {
			what += ", if the reporter agrees"
		}
		add(isStep, what, "disclosure.reports", c.counted(from, o.After, ""))
	}
	if x := c.counted("disclosed", Duration{}, ""); !x.At.IsZero() {
		for _, r := range d.Recurring {
			add(isRecurring, r.Title+" (the next one comes no later)", "recurring."+r.Name, c.counted("disclosed", r.Every, ""))
			all[len(all)-1].Checklist = r.Does
		}
	}
	if rule, kept := c.retainedFixed(); kept {
		add(isStep, "What was sent is erased", "retention."+rule.Name, c.counted("closed", rule.After, ""))
	}
	return all
}

// embargoed is when an embargo of a length ends.
func (c *course) embargoed(length Duration) Moment {
	return c.counted(cmp.Or(c.Document.Embargo.From, "received"), length, "")
}

// endsEmbargo says whether a fact of the scenario ends an embargo at once.
func (c *course) endsEmbargo() bool {
	ends := c.Document.Embargo.Ends
	if len(ends) == 0 {
		ends = []string{cvd.MarkPublic, cvd.MarkExploit}
	}
	is := map[string]bool{cvd.MarkPublic: c.facts.Public, cvd.MarkExploit: c.facts.ExploitPublic, cvd.MarkAttacks: c.facts.Attacks}
	for _, fact := range ends {
		if is[fact] {
			return true
		}
	}
	return false
}

// retainedFixed is the rule of retention for a case that ends well.
func (c *course) retainedFixed() (Retention, bool) {
	for _, r := range c.Document.Retention {
		if concerns(r.Outcomes, "fixed") && concerns(r.Tracks, c.track.Name) {
			return r, true
		}
	}
	return Retention{}, false
}
