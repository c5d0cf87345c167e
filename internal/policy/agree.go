package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// agree finds what is wrong between parts of a document that are each right by themselves.
func (r *reader) agree() {
	r.fill()
	d := &r.policy.Document
	r.agreeDefaults(d)
	r.agreeSeverity(d.Severity)
	for _, c := range d.Clocks {
		if c.Name == cvd.StallClock {
			r.at("clocks."+c.Name, "the clock "+cvd.StallClock+" is the one of a case in which nothing happens; give this one another name")
		}
		if c.Name == bountyClock && d.Bounty != nil && !d.Bounty.Within.Zero() {
			r.at("clocks."+c.Name, "the clock "+bountyClock+" is the one of bounty.within; give this one another name")
		}
		if c.Name == eraseClock {
			r.at("clocks."+c.Name, "the clock "+eraseClock+" is the one of retention; give this one another name")
		}
		if c.Target == nil && c.Within == nil && c.Reminder == nil && c.AtLeast.Zero() {
			r.at("clocks."+c.Name, "a clock without a time", "target", "within", "reminder", "at_least")
		}
		r.agreeLadder(d, &c)
		if c.From == c.Until {
			r.at("clocks."+c.Name+".until", "the clock ends where it begins")
		}
	}
	for _, s := range d.Stages {
		if known, ok := stepNamed(s.Step); ok && !slices.Contains(marksOf(known, d), s.Done) {
			r.at("stages."+s.Name+".step", fmt.Sprintf("the step %s never reaches the mark %q", s.Step, s.Done), marksOf(known, d)...)
		}
	}
	for _, s := range d.Steps {
		r.agreeRequirements("steps."+s.Step, s.Requires)
	}
	for _, n := range d.Notices {
		r.agreeNotice(n)
		r.agreeRequirements("notices."+n.Name, n.Requires)
	}
	r.agreeForm(d.Form)
	r.agreeEmbargo(d.Embargo)
	r.agreeAnswer(d.Embargo)
	if b := d.Bounty; b != nil && b.Currency != nil && (b.Currency.Decimals < 0 || b.Currency.Decimals > 24) {
		r.at("bounty.currency.decimals", "a currency has from 0 to 24 decimals")
	}
	if d.Disclosure.Exploit == "with_details" && d.Disclosure.Details == nil {
		r.at("disclosure.exploit", "exploit detail waits for details, and there are none: write disclosure.details")
	}
}

// agreeEmbargo wants a least embargo that leaves room for what is offered and borne.
func (r *reader) agreeEmbargo(e Embargo) {
	for _, x := range []placed[Duration]{{"offer", e.Offer}, {"longest", e.Longest}} {
		if !x.is.Zero() && e.Least.Approx() > x.is.Approx() {
			r.at("embargo.least", "the least embargo is longer than embargo."+x.clause+", so that none could be agreed on")
		}
	}
}

// agreeAnswer wants of the waits for an answer that the usual one lies between the least and the most.
func (r *reader) agreeAnswer(e Embargo) {
	most := e.AnswerMost.Approx()
	if most > 0 && (most < e.Answer.Approx() || e.Answer.Zero() && most < answerUsual) {
		r.at("embargo.answer_most", "an answer is usually waited for longer than this: write a shorter embargo.answer")
	}
	if most > 0 && (most < e.AnswerLeast.Approx() || e.AnswerLeast.Zero() && most < answerLeast) {
		r.at("embargo.answer_most", "nobody is asked to answer so soon: write a shorter embargo.answer_least")
	}
}

// at notes a problem at a clause.
func (r *reader) at(clause, says string, allowed ...string) {
	at := r.policy.place(clause)
	r.add(Problem{File: at.file, Line: at.line, Column: at.column, Clause: clause, Says: says, Allowed: allowed})
}

// agreeDefaults wants exactly one kind and one track for whoever names none.
func (r *reader) agreeDefaults(d *Document) {
	kinds, tracks := 0, 0
	for _, k := range d.Kinds {
		if k.Default {
			kinds++
			if k.Goes != "case" {
				r.at("kinds."+k.Name+".default", "a report that names no kind opens a case; this kind goes to a "+k.Goes)
			}
		}
		if k.Goes != "case" && k.URL == "" {
			r.at("kinds."+k.Name, "this kind opens no case, so it needs a url where people go with it")
		}
		if k.Goes != "case" && k.Track != "" {
			r.at("kinds."+k.Name+".track", "this kind opens no case, so it has no track")
		}
	}
	for _, t := range d.Tracks {
		if t.Default {
			tracks++
		}
	}
	if kinds != 1 {
		r.at("kinds", fmt.Sprintf("%d kinds have default: true; exactly one must", kinds))
	}
	if tracks != 1 {
		r.at("tracks", fmt.Sprintf("%d tracks have default: true; exactly one must", tracks))
	}
}

// agreeSeverity wants of a scheme what it needs and nothing that it cannot use.
func (r *reader) agreeSeverity(s Severity) {
	switch {
	case s.Scheme == "none" && len(s.Classes) > 0:
		r.at("severity.classes", "the scheme none has no classes", "judgement", "cvss")
	case s.Scheme != "none" && len(s.Classes) == 0:
		r.at("severity", "the scheme "+s.Scheme+" needs classes")
	case s.Scheme == "cvss" && len(s.Systems) == 0:
		r.at("severity", "the scheme cvss needs systems: the versions of CVSS that are accepted", "CVSS:4.0", "CVSS:3.1", "CVSS:3.0", "CVSS:2.0")
	case s.Scheme != "cvss" && len(s.Systems) > 0:
		r.at("severity.systems", "only the scheme cvss has systems")
	}
	r.agreeMatrix(s)
	categories := map[string]string{}
	for _, c := range s.Classes {
		clause := "severity.classes." + c.Name
		switch {
		case (c.From == nil) != (c.To == nil):
			r.at(clause, "a band has both ends, from and to")
		case c.From != nil && s.Scheme != "cvss":
			r.at(clause+".from", "only the scheme cvss has bands")
		case c.From != nil && (*c.From > *c.To || *c.From < 0 || *c.To > 10):
			r.at(clause+".from", "a band goes from the lower to the higher score, between 0.0 and 10.0")
		}
		for _, k := range c.Categories {
			if other := categories[k.Name]; other != "" {
				r.at(clause+".categories."+k.Name, fmt.Sprintf("the category %q is also in the class %s", k.Name, other))
			}
			categories[k.Name] = c.Name
		}
	}
}

// agreeRequirements wants of each requirement exactly one condition.
func (r *reader) agreeRequirements(clause string, requires []Requirement) {
	for _, q := range requires {
		clause := clause + ".requires." + q.Name
		conditions := q.conditions()
		switch {
		case len(conditions) == 0:
			r.at(clause, "the requirement has no condition", allConditions...)
		case len(conditions) > 1:
			r.at(clause, "the requirement has several conditions ("+strings.Join(conditions, ", ")+"): make it several")
		}
		if v := q.Reviews; v != nil && len(v.Parts) == 0 && v.Count == 0 && v.Experts == 0 && v.Objections == "" && v.Settle.Zero() {
			r.at(clause+".reviews", "the reviews ask for nothing", "parts", "count", "experts", "objections", "settle")
		}
		r.agreeWait(clause+".wait", q.Wait)
		r.agreeWait(clause+".or", q.Or)
		if q.Channels != "" && !strings.HasPrefix(clause, "notices.") {
			r.at(clause+".channels", "channels are compared with those of another notice, so this belongs to a notice's requires")
		}
	}
}

var allConditions = []string{"mark", "wait", "expr", "lines", "patches", "checks", "sections", "reviews", "channels", "embargo", "quorum"}

// conditions are the keys of the conditions that a requirement sets.
func (q Requirement) conditions() []string {
	var set []string
	for i, is := range []bool{q.Mark != "", q.Wait != nil, q.Expr != "", q.Lines != "", q.Patches != "", len(q.Checks) > 0,
		len(q.Sections) > 0, q.Reviews != nil, q.Channels != "", q.Embargo != "", q.Quorum != nil} {
		if is {
			set = append(set, allConditions[i])
		}
	}
	return set
}

var placeholder = regexp.MustCompile(`{{\s*([^}]*?)\s*}}`)

// agreeNotice wants of a notice's words that they use only what the notice may say.
func (r *reader) agreeNotice(n Notice) {
	may := []string{"advisory", "url"}
	for _, f := range n.Fields {
		may = append(may, f.Name)
	}
	if n.Before {
		may = may[2:] // there is no advisory to speak of yet
	}
	may = append(may, "project")
	for part, text := range map[string]string{"subject": n.Subject, "text": n.Text} {
		for _, found := range placeholder.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(may, found[1]) {
				r.at("notices."+n.Name+"."+part, fmt.Sprintf("the notice has no field %q to fill in", found[1]), may...)
			}
		}
	}
	if strings.Contains(n.Subject, "\n") {
		r.at("notices."+n.Name+".subject", "a subject is one line")
	}
}

// agreeForm wants choices where one chooses, and only there.
func (r *reader) agreeForm(f Form) {
	for i, field := range f.Fields {
		clause := "form.fields." + field.Name
		if field.Name == "title" || field.Name == "description" {
			r.at(clause, "every form asks for "+field.Name+" by itself; number "+strconv.Itoa(i+1)+" of the fields can go")
		}
		if choice := field.Type == "choice"; choice != (len(field.Choices) > 0) {
			r.at(clause, "choices belong to the type choice, and that needs them")
		}
	}
}
