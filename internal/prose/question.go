package prose

import "slices"

type need struct{ clause, asks, why string }

// needs are what a process must say somewhere, with the question where a text does not.
var needs = []need{
	{"contacts.mail", "Which address do several people read?", "An address of one person is silent when that person is away."},
	{"clocks.response", "Within which time does a person answer a report?", "Who hears nothing does not know whether the report arrived, and publishes sooner."},
	{"severity.classes", "Which severities are there, and from which score does each begin?", "Without them nothing says what is urgent, and no time can depend on it."},
	{"clocks.resolution", "Within which time is there a fix, for each severity?", "A reporter who agrees to be silent must know for how long."},
	{"embargo.longest", "After which time is a vulnerability published whatever happens?", "An agreement without an end is ended by whoever loses patience."},
	{"silence.until", "Until when are reporters asked to be silent?", "Without an end the request is refused by many who report."},
	{"products.lines", "Which release lines get security fixes?", "Reporters test what is supported, and users update to it."},
	{"steps.release.requires.wait", "How long before a security release are users told that it is coming?", "Those who run it need time to prepare, and every further hour tells attackers to look."},
	{"advisory.cve", "Where do identifiers such as CVE come from?", "Without one, scanners and distributions do not hear of the vulnerability."},
	{"disclosure", "When are details told, and when how to exploit it?", "Reporters and users plan by it."},
}

// ask makes questions of what the text does not say.
func (r *reader) ask() {
	for _, n := range needs {
		if len(r.draft.Of(n.clause)) == 0 {
			r.question(n.clause, n.asks, n.why)
		}
	}
	for _, s := range r.draft.Statements {
		if s.Kind == "clock" && s.Confidence == Guess {
			r.question(s.Clause, "Is "+s.Value+" what was meant?", "The text says it without naming the promise, or without a number that holds: "+s.Text)
		}
	}
	if slices.ContainsFunc(r.draft.Of("clocks"), works) {
		r.question("calendars", "Which days and hours are worked, in which zone, and which holidays are there?", "The text counts working days, and two people count them differently.")
	}
	if len(r.draft.Of("bounty.says")) > 0 && len(r.draft.Of("bounty.within")) == 0 {
		r.question("bounty.within", "Within which time are bounties paid?", "The text says that they are paid, and not when.")
	}
}

func (r *reader) question(clause, asks, why string) {
	if len(r.draft.Questions) < 100 {
		r.draft.Questions = append(r.draft.Questions, Question{File: r.draft.File, Clause: clause, Asks: asks, Why: why})
	}
}
