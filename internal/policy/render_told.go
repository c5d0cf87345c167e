package policy

import (
	"fmt"
	"slices"
	"strings"
)

// noticeRow is a notice for those who read who hears of a case.
func (s *sheet) noticeRow(n Notice) string {
	d := s.d
	audiences := each(n.Audiences, func(name string) string { return lower(d.titleOf("audience", name)) })
	channels := each(n.Channels, func(name string) string { return lower(d.titleOf("channel", name)) })
	detail := when(n.Before, "Sent before the release, and without any detail.")
	if n.Detail != "" {
		detail = when(n.Before, "Sent before the release. ") + "It tells " + detailWords[n.Detail] + "."
	}
	return joined(fmt.Sprintf("**%s**: to %s, by %s.", n.Title, list(audiences), list(channels)), upper(when(d.only(n.Tracks) != "", d.only(n.Tracks)+".")),
		detail, when(n.Tag != "", "Its subject begins with "+verbatim(n.Tag)+"."), tlpWords(n.TLP),
		when(n.Corrects != "", "It goes out when the release moves that “"+d.titleOf("notice", n.Corrects)+"” announced."),
		when(n.Marked, "Each member's copy bears a code that names its recipient, and says so: a copy that is passed on tells whose it was."))
}

var detailWords = map[string]string{"date": "only that and when a release is coming", "advisory": "what the advisory says", "patch": "what the advisory says and how it is fixed"}

func tlpWords(tlp string) string {
	return when(tlp != "", "It may be passed on as TLP:"+strings.ToUpper(tlp)+" allows.")
}

// published is what one clause says of publication.
type published struct {
	clause string
	lines  []string
}

// publication puts the clauses about publishing into sentences.
func (s *sheet) publication() []string {
	var all []string
	for _, t := range s.published() {
		all = append(all, t.lines...)
	}
	return all
}

func (s *sheet) published() []published {
	d := s.d
	advisory := []string{"An advisory says: " + list(each(d.Advisory.Parts, partWords)) + "."}
	if d.Advisory.From != "" {
		advisory = append(advisory, "What is "+lower(d.titleOf("class", d.Advisory.From))+" or graver gets one.")
	}
	if len(d.Advisory.Targets) > 0 {
		advisory = append(advisory, "It is published, in this order, at: "+list(d.Advisory.Targets)+".")
	}
	all := []published{{"disclosure", said(prose(d.Disclosure.Says), d.withWords())}, {"advisory.parts", said(append(advisory, prose(d.Advisory.CVE))...)},
		{"advisory.identifiers", d.identifierLines()}, {"disclosure.exploit", said(exploitWords[d.Disclosure.Exploit])},
		{"disclosure.details", d.detailLines()}, {"schedule", d.scheduleLines()}}
	if d.Schedule != nil {
		for _, b := range d.Schedule.Blackouts {
			all = append(all, published{"schedule.blackouts." + b.Name, []string{b.words(d)}})
		}
	}
	all = append(all, published{"embargo.offer", d.embargoLines()})
	for _, r := range d.ReadIn {
		all = append(all, published{"read_in." + r.Name, []string{r.words(d)}})
	}
	return append(all, published{"disclosure.reports", d.openingLines()}, published{"content", d.contentLines()})
}

// detailLines are about the post that explains what was fixed.
func (d *Document) detailLines() []string {
	k := d.Disclosure.Details
	if k == nil {
		return nil
	}
	return []string{fmt.Sprintf("A post with the details follows %s after %s and covers %s.", k.After.Words(), d.mark(k.From), list(k.Sections)) +
		when(k.Where != "", " It appears at: "+dot(prose(k.Where)))}
}

var exploitWords = map[string]string{
	"with_disclosure": "How a vulnerability can be exploited may be told with the publication.",
	"with_details":    "How a vulnerability can be exploited is told no sooner than in the post with the details.",
	"never":           "We never tell how a vulnerability can be exploited.",
}

func partWords(part string) string {
	if part == "affected" {
		return "affected versions"
	}
	return part
}

// withWords says that release and publication are one step, if so.
func (d *Document) withWords() string {
	if d.Disclosure.With == "" {
		return ""
	}
	return joined("Release and publication are one step" + when(d.only(d.Disclosure.Tracks) != "", ", "+d.only(d.Disclosure.Tracks)) + ".")
}

func (d *Document) identifierLines() []string {
	x := d.Advisory.Identifiers
	if x == nil {
		return nil
	}
	source := map[string]string{"cna": "We assign CVE identifiers ourselves.", "forge": "CVE identifiers come from the forge that hosts the code.",
		"mitre": "CVE identifiers are requested from MITRE.", "root": "CVE identifiers come from the organisation above us.",
		"own": "We use identifiers of our own.", "none": "We use no identifiers."}[x.Source]
	return said(source, when(x.Pattern != "", "Our own identifiers look like "+verbatim(x.Pattern)+"."),
		lasting("A publication waits at most %s for an identifier.", x.Patience), lasting("Identifiers that are not used are given back after %s.", x.Unused),
		when(x.Reserved != "", "One is reserved with "+d.mark(x.Reserved)+"."), dot(prose(x.Says)))
}

func (d *Document) embargoLines() []string {
	e := d.Embargo
	only := when(d.only(e.Tracks) != "", ", "+d.only(e.Tracks))
	ends := ""
	if len(e.Ends) > 0 {
		ends = "An embargo ends at once when " + either(each(e.Ends, func(x string) string {
			return map[string]string{"public": "the matter is public", "exploit_public": "a way to exploit it is public", "attacks": "there are attacks"}[x]
		})) + "."
	}
	from := when(e.From != "", "Both are counted from "+d.mark(e.From)+".")
	if e.Offer.Zero() || e.Longest.Zero() {
		from = when(e.From != "", "It is counted from "+d.mark(e.From)+".")
	}
	return said(lasting("We offer to agree on an embargo of %s"+only+"; you may propose another.", e.Offer), lasting("No embargo is longer than %s"+when(e.Offer.Zero(), only)+".", e.Longest), from,
		lasting("We agree to no end that is less than %s away when it is proposed, unless it is an emergency.", e.Least), ends,
		lasting("We wait %s for an answer to an embargo that we propose; silence counts as a no.", e.Answer),
		lasting("Nobody is asked to answer within less than %s, unless it is an emergency.", e.AnswerLeast),
		lasting("No answer is waited for longer than %s.", e.AnswerMost),
		when(e.ShortestWins != nil && *e.ShortestWins, "If several ends are proposed, the earliest holds and the others are looked at after it."),
		when(e.ShortestWins != nil && !*e.ShortestWins, "If several ends are proposed, we choose which one holds."),
		when(e.Revise == "team", "While an embargo holds, whoever takes part may ask for another end; nobody is asked anew before we take that up."),
		when(e.Revise == "participants", "While an embargo holds, whoever takes part may propose another end, and everybody is asked anew."),
		when(e.Participants == "shown", "Those who take part in a case, the reporter too, see who else does."),
		when(e.Participants == "hidden", "Those who take part in a case do not see who else does."))
}

// words say who hears of each case of a kind.
func (r ReadIn) words(d *Document) string {
	of := said(when(r.Component != "", "concerns the component "+verbatim(r.Component)), when(r.Product != "", "concerns "+d.titleOf("product", r.Product)),
		when(r.Class != "", "is "+lower(d.titleOf("class", r.Class))+" or graver"))
	who := each(r.Add, func(j Joined) string {
		return prose(j.Title) + when(j.Kind != "", ", "+j.Kind) + when(j.Organisation != "", " of "+prose(j.Organisation)) +
			when(j.Component != "", " for "+verbatim(j.Component)) + when(j.Address != "", " ("+verbatim(j.Address)+")")
	})
	if r.Audience != "" {
		who = append(who, lower(d.titleOf("audience", r.Audience)))
	}
	does := when(r.Invite, " is asked to take part at once: ") + when(!r.Invite, " is proposed to a person of the team, who may ask them to take part: ")
	return "Of each case that " + strings.Join(of, " and ") + " somebody" + does + strings.Join(who, "; ") + "."
}

// openingLines say what becomes of the reports themselves.
func (d *Document) openingLines() []string {
	if d.Disclosure.Never {
		return []string{"Nothing is ever said in public about how a report was handled."}
	}
	x := d.Disclosure.Reports
	if x == nil {
		return nil
	}
	which := map[string]string{"all": "Every report is published", "accepted": "Reports that we accepted are published", "none": "Reports are not published"}[x.Which]
	if !x.After.Zero() {
		which += " " + x.After.Words() + " after "
		if x.From == "" {
			which += "the publication"
		}
	} else if x.From != "" {
		which += " after "
	}
	if x.From != "" {
		which += d.mark(x.From)
	}
	return said(which+when(x.Consent, ", if the reporter agrees")+".", dot(prose(x.Says)))
}

// contentLines say what is not said before the publication.
func (d *Document) contentLines() []string {
	c := d.Content
	if c == nil {
		return nil
	}
	return said(when(c.Silent, "A fix is committed and released without a word that it is one."),
		when(len(c.Forbidden) > 0, "Before the release no branch, commit, request or notice holds: "+strings.Join(each(c.Forbidden, verbatim), ", ")+"."),
		map[string]string{"warn": "What the branches, messages and titles of a fix would tell is shown to whoever attaches it.", "refuse": "A fix whose branches, messages or titles would tell of the matter is not taken."}[c.Check],
		when(c.Trailer != "", "Commits of a fix end with "+verbatim(c.Trailer)+"."), when(c.Banner != "", "Text under embargo begins with: "+dot(prose(c.Banner))))
}

// severityLines say how grave what is.
func (d *Document) severityLines() []string {
	v := d.Severity
	if v.Scheme == "none" && v.Says == "" {
		return nil
	}
	var lines []string
	for _, c := range v.Classes {
		line := "**" + c.Title + "**" + c.band()
		if kinds := strings.Join(each(c.Categories, func(k Category) string { return lower(k.Title) }), ", "); kinds != "" {
			line += ": " + kinds
		}
		lines = append(lines, line)
	}
	lines = append(lines, d.severityRules()...)
	return said(lines...)
}

// band is the scores of a class, if it has any.
func (c Class) band() string {
	switch {
	case c.From == nil:
		return ""
	case *c.From == *c.To:
		return fmt.Sprintf(" (CVSS %.1f)", *c.From)
	}
	return fmt.Sprintf(" (CVSS %.1f to %.1f)", *c.From, *c.To)
}

// severityRules are how a class is found.
func (d *Document) severityRules() []string {
	v := d.Severity
	scheme := map[string]string{"none": "We give no severities.", "judgement": "The severity is a judgement; no score decides it.", "cvss": "The severity is found with a CVSS score.",
		"matrix": "The severity follows from the impact and the likelihood."}[v.Scheme]
	systems := ""
	if len(v.Systems) > 0 {
		systems = "Scores are of " + either(each(v.Systems, func(s string) string { return strings.Replace(s, ":", " ", 1) })) + "."
	}
	rules := []string{scheme, systems, map[string]string{"max": "Where score and category disagree, the graver counts.", "score": "Where score and category disagree, the score counts.",
		"category": "Where score and category disagree, the category counts."}[v.Precedence]}
	if m := v.Matrix; m != nil {
		for _, r := range m.Impact {
			for i, class := range r.Classes {
				if i < len(m.Likelihood) {
					rules = append(rules, fmt.Sprintf("Impact %s, likelihood %s: **%s**.", spaced(r.Name), spaced(m.Likelihood[i]), d.titleOf("class", class)))
				}
			}
		}
	}
	for _, f := range v.Floors {
		rules = append(rules, "At least **"+d.titleOf("class", f.Class)+"**: "+dot(prose(f.Says)))
	}
	if len(v.Decides) > 0 {
		rules = append(rules, "Besides whoever triages, it is decided by: "+list(each(v.Decides, func(r string) string { return lower(d.titleOf("role", r)) }))+".")
	}
	rules = append(rules, map[string]string{"welcome": "Your own score is welcome as a hint.", "ignored": "We do not look at a reporter's own score."}[v.Hint])
	return said(append(rules, dot(prose(v.Says)))...)
}

var dayTitles = map[string]string{"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday", "sun": "Sunday"}

func dayWords(days []string) string {
	return list(each(days, func(d string) string { return dayTitles[d] }))
}

// calendarLines say how time is counted, where not every minute counts.
func (d *Document) calendarLines() []string {
	var lines []string
	if d.Calendar != "" && d.Calendar != elapsed {
		lines = append(lines, "Where nothing else is said, time is counted by the calendar “"+d.titleOf("calendar", d.Calendar)+"”.")
	}
	for _, c := range d.Calendars {
		lines = append(lines, c.words())
	}
	return lines
}

// words are the working time of a calendar.
func (c Calendar) words() string {
	title, days := c.Title, "Monday to Friday"
	if title == "" {
		title = c.Name
	}
	if len(c.Days) > 0 {
		days = dayWords(c.Days)
	}
	holidays := append(slices.Clone(c.Holidays), said(when(c.File != "", "the days of "+verbatim(c.File)))...)
	zone := c.Zone
	if zone == "" {
		zone = "UTC"
	}
	return joined("Working time of the calendar “" + title + "”: " + days + when(c.Hours != "", ", "+c.Hours) + " (" + zone + ")" +
		when(len(holidays) > 0, ", without "+strings.Join(each(holidays, holidayWords), ", ")) + ".")
}

// holidayWords writes the day of every year as people do.
func holidayWords(day string) string {
	if rest, yearly := strings.CutPrefix(day, "--"); yearly {
		return rest + " of every year"
	}
	return day
}

// scheduleLines say when is published.
func (d *Document) scheduleLines() []string {
	t := d.Schedule
	if t == nil {
		return nil
	}
	zone := t.Zone
	if zone == "" {
		zone = "UTC"
	}
	var lines []string
	switch {
	case t.At != "" && len(t.Days) > 0:
		lines = append(lines, fmt.Sprintf("We publish at %s (%s), on %s.", t.At, zone, dayWords(t.Days)))
	case t.At != "":
		lines = append(lines, fmt.Sprintf("We publish at %s (%s).", t.At, zone))
	case len(t.Days) > 0:
		lines = append(lines, fmt.Sprintf("We publish on %s (%s).", dayWords(t.Days), zone))
	case t.Zone != "":
		lines = append(lines, "The days on which we publish are those of "+zone+".")
	}
	if r := t.Train; r != nil {
		lines = append(lines, "Fixes leave with our regular releases: every "+spaced(r.Every)+when(r.On != "", ", on "+r.On)+
			when(len(r.In) > 0, ", in "+list(each(r.In, upper)))+when(r.From != "", ", counted from "+r.From)+".")
	}
	return lines
}

// words is when nothing is published.
func (b Blackout) words(d *Document) string {
	title := b.Title
	if title == "" {
		title = spaced(b.Name)
	}
	days := strings.Join(said(when(b.From != "", "from "+holidayWords(b.From)), when(b.To != "", "to "+holidayWords(b.To))), " ")
	during := strings.Join(said(days, when(len(b.Days) > 0, "on "+dayWords(b.Days)),
		when(b.Calendar != "", "on days off of the calendar “"+d.titleOf("calendar", b.Calendar)+"”")), ", ")
	return "Nothing is published during “" + title + "”: " + during + "."
}
