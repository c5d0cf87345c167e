package prose

import "strings"

var (
	secrecy   = re(`(?:do not|don't|don’t|never|not to|refrain from|avoid)[^.]{0,80}(?:publi|disclos|speak|share|discuss|post|tell)|\bkeep [^.]{0,80}(?:private|confidential|secret|between us)|before (?:any )?(?:public )?disclos`)
	untilFix  = re(`until [^.]{0,60}(?:patch|fix|correction|remed)[^.]{0,30}(?:developed|ready|written|available|found)?`)
	untilOut  = re(`(?:until|before|prior to) [^.]{0,60}(?:releas|disclos|publi|announce|coordinat|resolved|fixed|notif|agree)`)
	asking    = re(`we (?:\w+ )?ask (?:\w+ )?(?:that|you|security|researchers|of you|reporters)|what we ask|please (?:follow|observe|adhere)|(?:rules|guidelines|ground rules|expectations) (?:of|for|we)|you (?:must|should|agree)|what we expect|in good faith|for researchers|rules of engagement`)
	expecting = re(`please include|include (?:the following|as much)|(?:following|this) information|should (?:include|contain)|what to include|in your report|report should|helps? us`)
)

// findSilence finds the request not to speak in public, and what ends it.
func findSilence(r *reader, s sentence) {
	if s.kind == Heading || !secrecy.MatchString(s.lower) {
		return
	}
	st := Statement{Kind: "silence", Line: s.line, Text: s.text}
	r.add(Statement{Kind: "silence", Clause: "silence.says", Value: s.text, Line: s.line, Text: s.text, Confidence: Likely})
	switch {
	case strings.Contains(s.lower, "issue") && !strings.Contains(s.lower, "until") && !strings.Contains(s.lower, "before"):
		return // where to report, not for how long to be silent
	case untilFix.MatchString(s.lower) && !strings.Contains(s.lower, "releas"):
		st.Value = "fix_ready"
	case untilOut.MatchString(s.lower):
		st.Value = "disclosed"
	default:
		return
	}
	st.Clause, st.Confidence = "silence.until", Likely
	r.add(st)
}

// findTerms finds what is asked of reporters, and what a report should hold: the lists that such a sentence introduces.
func findTerms(r *reader, s sentence) {
	if s.kind != Item || len(spans(s.text)) > 0 && s.label != "" {
		return
	}
	head := ""
	if len(s.heads) > 0 {
		head = s.heads[0]
	}
	switch {
	case expecting.MatchString(s.intro), s.intro == "" && expecting.MatchString(head):
		r.add(Statement{Kind: "field", Clause: "form.fields." + slug(firstWords(s.text, 4)), Value: s.text, Line: s.line, Text: s.text, Confidence: Guess})
	case asking.MatchString(s.intro), s.intro == "" && asking.MatchString(head):
		r.add(Statement{Kind: "term", Clause: "terms." + slug(firstWords(s.text, 4)), Value: s.text, Line: s.line, Text: s.text, Confidence: Likely})
	}
}

func firstWords(text string, n int) string {
	words := strings.Fields(text)
	return strings.Join(words[:min(n, len(words))], " ")
}

var (
	paying   = re(`bount(?:y|ies)|monetary reward|paid out`)
	refusing = re(`\b(?:no|not|cannot|don't|don’t|unable)\b[^.]{0,60}(?:bount|reward|pay)`)
	afterAll = re(`(?:once|after|when)[^.]{0,60}(?:notif|announc|releas|public|told|disclos)`)
)

// findBounty finds whether money is paid, and when.
func findBounty(r *reader, s sentence) {
	if !paying.MatchString(s.lower) || s.kind == Heading {
		return
	}
	st := Statement{Kind: "bounty", Clause: "bounty.says", Value: s.text, Line: s.line, Text: s.text, Confidence: Likely}
	if refusing.MatchString(s.lower) {
		st.Clause, st.Value = "bounty", "none"
	}
	r.add(st)
	if afterAll.MatchString(s.lower) {
		st.Clause, st.Value = "bounty.after", "delivered:available"
		r.add(st)
	}
}

var (
	publicText = re(`advisor|publi|cve|patch|post`)
	cve        = re(`\bcve\b|\bcna\b|ghsa`)
	credited   = re(`\bcredit|acknowledg\w* (?:the )?(?:reporter|researcher|finder)|hall of fame|\bthanked|recogni[sz]e? `)
	exploit    = re(`(?:do(?:es)? not|not|neither|no|without|nor)[^.]{0,120}exploit|exploit[^.]{0,60}(?:no sooner|never|later)`)
)

// findPublication finds where identifiers come from, what is told of exploitation, and how people are thanked.
func findPublication(r *reader, s sentence) {
	if s.kind == Heading {
		return
	}
	st := Statement{Value: s.text, Line: s.line, Text: s.text, Confidence: Likely}
	if cve.MatchString(s.lower) {
		st.Kind, st.Clause = "identifier", "advisory.cve"
		r.add(st)
	}
	if exploit.MatchString(s.lower) && publicText.MatchString(s.lower) {
		st.Kind, st.Clause, st.Confidence = "disclosure", "disclosure.says", Guess
		r.add(st)
	}
	if credited.MatchString(s.lower) && s.kind != Row {
		st.Kind, st.Clause, st.Confidence = "thanks", "recognition.says", Likely
		r.add(st)
	}
}
