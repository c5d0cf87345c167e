package policy

import (
	"fmt"
	"strings"
)

// clocksPart has every clock with all that holds of it.
func (s *sheet) clocksPart(w *page) {
	d := s.d
	w.table(d.promiseTable())
	for _, c := range d.Clocks {
		w.item("clocks."+c.Name, s.promiseLine(c, true))
		at := func(key string) string { return "clocks." + c.Name + "." + key }
		w.inner(at("until"), "It ends with "+d.mark(c.Until)+" ("+verbatim(c.Until)+").")
		for _, t := range []struct {
			key, words string
			time       *Within
		}{{"target", "Hoped for", c.Target}, {"within", "Promised", c.Within}, {"reminder", "A reminder", c.Reminder}} {
			if t.time != nil {
				w.inner(at(t.key), t.words+": "+d.byClassWords(t.time)+".")
			}
		}
		w.inner(at("at_least"), lasting("It takes at least %s.", c.AtLeast))
		w.inner(at("unclassified"), map[string]string{"shortest": "Before the severity is known, the shortest of its times holds.", "none": "It does not run before the severity is known."}[c.Unclassified])
		w.inner(at("rebase"), map[string]string{"from_anchor": "When the severity changes, the new time counts from the same instant.", "from_change": "When the severity changes, the new time counts from the change."}[c.Rebase])
		w.inner(at("when"), when(c.When != "", "It runs only while "+verbatim(c.When)+"."))
		w.inner(at("calendar"), when(c.Calendar != "", "Calendar: "+d.titleOf("calendar", c.Calendar)+"."))
		w.inner(at("warn"), when(len(c.Warn) > 0, "The team is reminded before its end: "+list(each(c.Warn, Duration.Words))+"."))
		for i, e := range c.Escalate {
			w.inner(when(i == 0, at("escalate")), "While it is open, "+s.rung(e.To)+" hears of it after "+e.After.Words()+s.d.rungWays(e)+".")
		}
		w.inner(at("expires"), map[string]string{"breach": "When its time is over, the promise is broken.", "remind": "When its time is over, the team is reminded.",
			"publish": "When its time is over, the matter is published."}[c.Expires], when(c.Armed, "A person has to arm that before."))
		w.inner(at("owner"), when(c.Owner != "", "The role that answers for it: "+d.titleOf("role", c.Owner)+"."))
	}
	if says := d.stallWords(); says != "" {
		w.item("stalled", says)
	}
}

func (s *sheet) stagesPart(w *page) {
	for i, stage := range s.d.Stages {
		only := when(s.d.only(stage.Tracks) != "", " ("+s.d.only(stage.Tracks)+")")
		w.item("stages."+stage.Name, fmt.Sprintf("%d. **%s**%s.", i+1, prose(stage.Title), only), dot(prose(stage.Says)),
			"Done with "+s.d.mark(stage.Done)+" ("+verbatim(stage.Done)+")"+when(stage.Step != "", ", by the step "+verbatim(stage.Step))+
				when(stage.Clock != "", ", limited by “"+s.d.titleOf("clock", stage.Clock)+"”")+".")
	}
}

// stepsPart is who may take each step as a guest, what must be so before, and what is looked at.
func (s *sheet) stepsPart(w *page) {
	for _, step := range s.d.Steps {
		known, _ := stepNamed(step.Step)
		clause := "steps." + step.Step
		w.part(3, clause, upper(spaced(step.Step)), func(w *page) {
			w.say("", dot(upper(known.says)))
			if len(step.Guests) > 0 {
				w.item(clause+".guests", "Guests who may take it: "+list(each(step.Guests, func(r string) string { return s.d.titleOf("role", r) }))+".")
			}
			s.requirements(w, clause, step.Requires)
			for _, c := range step.Checklist {
				w.item("", "☐ "+prose(c))
			}
		})
	}
}

// requirements are what stands in the way of a step or a notice until it is so.
func (s *sheet) requirements(w *page, owner string, requires []Requirement) {
	for _, q := range requires {
		w.item(owner+".requires."+q.Name, "**"+upper(dot(prose(q.Says)))+"**", dot(upper(s.condition(q))),
			when(q.When != "", "Only when "+verbatim(q.When)+"."), when(q.Unless != "", "Not when "+verbatim(q.Unless)+"."))
	}
}

// condition is what a requirement demands, in words.
func (s *sheet) condition(q Requirement) string {
	d := s.d
	parts := said(
		when(q.Mark != "", "it needs "+d.mark(q.Mark)+" ("+verbatim(q.Mark)+")"),
		when(q.Expr != "", "it needs "+verbatim(q.Expr)),
		map[string]string{"settled": "every eligible release line that is affected has its fix or an exemption with a reason",
			"staged": "the release of every eligible line is made ready", "released": "every eligible line that is affected is released",
			"applied": "the fix of every eligible line that is affected is applied in public", "verified": "the program has seen the release of every eligible line that is affected, by every channel of distribution"}[q.Lines],
		when(q.Patches != "", "every patch lies in a private place"),
		when(len(q.Checks) > 0, "each of these has passed or was waived with a reason: "+list(each(q.Checks, func(c string) string { return lower(d.titleOf("check", c)) }))),
		when(len(q.Sections) > 0, "the analysis has written: "+list(each(q.Sections, spaced))),
		when(q.Embargo != "", "no embargo binds"),
		when(q.Channels != "", "it goes by every channel that “"+d.titleOf("notice", q.Channels)+"” went by"),
	)
	if q.Wait != nil {
		parts = append(parts, s.waitWords(q.Wait))
	}
	if q.Reviews != nil {
		parts = append(parts, q.Reviews.words())
	}
	if q.Quorum != nil {
		parts = append(parts, q.Quorum.words(d))
	}
	if q.Or != nil {
		parts = append(parts, "or, without it, "+s.waitWords(q.Or))
	}
	return strings.Join(parts, "; ")
}

// words is a chain of reviews.
func (v Reviews) words() string {
	return "reviews of the " + v.Of + ": " + strings.Join(said(
		when(len(v.Parts) > 0, "in this order "+list(v.Parts)),
		amount("by %d people besides the author", v.Count), amount("%d of them with the mark of an expert", v.Experts),
		when(v.Objections == "none", "no objection stands"), when(v.Link, "each where everybody can read it"), lasting("nobody objects for %s", v.Settle)), ", ")
}

// words is a share of an audience that must be ready.
func (x Quorum) words(d *Document) string {
	by := "by heads"
	if x.Weight != "" {
		by = "by " + spaced(x.Weight)
	}
	shown := when(len(x.Marks) > 0, ", shown at "+list(each(x.Marks, func(n int) string { return fmt.Sprintf("%d", n) })))
	return fmt.Sprintf("at least %d per cent of %s, %s, are ready%s; %s says that they were counted", x.AtLeast, lower(d.titleOf("audience", x.Audience)), by, shown, d.mark(x.Mark))
}

func (s *sheet) checksPart(w *page) {
	for _, c := range s.d.Checks {
		w.item("checks."+c.Name, dot(prose(c.Title)), when(c.Platforms, "One answer for each platform."))
	}
}

// noticesPart is each notice with what it may say, its text and what it waits for.
func (s *sheet) noticesPart(w *page) {
	for _, n := range s.d.Notices {
		clause := "notices." + n.Name
		w.part(3, clause, n.Title, func(w *page) {
			w.say("", s.noticeRow(n))
			for _, f := range n.Fields {
				kind := map[string]string{"": "one line", "line": "one line", "instant": "an instant", "class": "a severity", "lines": "release lines"}[f.Type]
				w.item(clause+".fields."+f.Name, "It says: "+prose(f.Title)+" ("+kind+when(f.Required, ", required")+").")
			}
			s.requirements(w, clause, n.Requires)
			w.say(clause+".text", "Subject: "+verbatim(n.Subject))
			w.block(n.Text)
		})
	}
}

func (s *sheet) channelsPart(w *page) {
	for _, c := range s.d.Channels {
		kind := map[string]string{"mail": "mail", "discord": "a channel on Discord", "webhook": "a message to a program", "person": "a person does it and says so"}[c.Kind]
		w.item("channels."+c.Name, "**"+prose(c.Title)+"** ("+kind+")"+when(c.Audience != "", ", to "+lower(s.d.titleOf("audience", c.Audience)))+".",
			amount("It reaches %d.", c.Reach))
	}
}

func (s *sheet) audiencesPart(w *page) {
	for _, a := range s.d.Audiences {
		clause := "audiences." + a.Name
		w.item(clause, "**"+prose(a.Title)+"**.", dot(prose(a.Says)), amount("It hears in tier %d.", a.Tier), tlpWords(a.TLP),
			map[string]string{"each_case": "Its members accept the embargo of each case before they are told.", "once": "Its members accepted the embargo once for all cases."}[a.Accepts],
			lasting("It hears at most %s ahead of the publication.", a.Longest))
		for _, c := range a.Criteria {
			w.inner("", "Who may join: "+dot(prose(c)))
		}
		for _, o := range a.Owes {
			w.inner("", "What its members give back: "+dot(prose(o)))
		}
		w.inner("", when(a.Open, "Whoever proves their address may join."), when(a.Voucher, "Somebody who is in it has to vouch."), when(a.Generic, "It takes addresses of teams only."),
			lasting("An application is decided within %s.", a.Answer), lasting("A membership is confirmed anew every %s.", a.Renew),
			when(a.Deploys, "Its members may run the fix before the publication."))
	}
}

// publicationPart is what is published, when and how much.
func (s *sheet) publicationPart(w *page) {
	for _, t := range s.published() {
		s.lines(w, t.clause, t.lines)
	}
}

func (s *sheet) contingenciesPart(w *page) {
	for _, c := range s.d.Contingencies {
		w.item("contingencies."+c.Name, "**"+prose(c.Title)+"**:", dot(prose(c.Says)), when(c.When != "", "It holds when "+verbatim(c.When)+"."),
			when(len(c.Lifts) > 0, "It lifts: "+strings.Join(each(c.Lifts, verbatim), ", ")+"."))
	}
}

func (s *sheet) thanksPart(w *page) {
	if s.d.Recognition != nil {
		s.lines(w, "", s.d.thanks())
	}
	if s.d.Bounty != nil {
		w.item("bounty", s.d.Bounty.words(s.d))
	}
}

func (s *sheet) recurringPart(w *page) {
	for _, r := range s.d.Recurring {
		w.item("recurring."+r.Name, recurringWords(r))
	}
	for i, line := range s.d.retentionRows() {
		name := ""
		if i < len(s.d.Retention) {
			name = "retention." + s.d.Retention[i].Name
		}
		w.item(name, line)
	}
}

func (s *sheet) waiversPart(w *page) {
	for _, x := range s.d.Waivers {
		w.item("", verbatim(x.Lint)+when(x.Clause != "", " of "+verbatim(x.Clause))+":", x.Because)
	}
}
