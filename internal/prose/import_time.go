package prose

import (
	"regexp"
	"slices"
	"strings"
)

// topic is a subject that times are promised for, with the words that speak of it.
type topic struct {
	clock string
	words *regexp.Regexp
}

// topics are in the order of the process; where several match, the one nearest to the time counts.
var topics = []topic{
	{"response", regexp.MustCompile(`respon[ds]|acknowledg|\breply|\breplied|\banswer|get back to|hear (?:back )?from|receipt|contact you|first word`)},
	{"triage", regexp.MustCompile(`triag|assess|decision|\bdecide|evaluat|validat|\bverif|confirm(?:ed|ation)? (?:the|of|or|whether|that)`)},
	{"analysis", regexp.MustCompile(`analys|investigat`)},
	{"update", regexp.MustCompile(`\bupdates?\b|status report|progress|informed|posted on`)},
	{"resolution", regexp.MustCompile(`resol(?:ve|ution)|remed|\bfix|\bpatch|mitigat|correct|address(?:ed)? |release with`)},
	{"publication", regexp.MustCompile(`disclos|publi(?:sh|c)|advisory`)},
	{"follow_up", regexp.MustCompile(`follow-up|monitor`)},
}

// clockOf is the name of the clock that a title speaks of.
func clockOf(title string) string {
	lower := strings.ToLower(title)
	if strings.Contains(lower, "post with") || strings.Contains(lower, "details") && !strings.Contains(lower, "analys") {
		return "details"
	}
	for _, t := range topics {
		if t.words.MatchString(lower) {
			return t.clock
		}
	}
	return ""
}

// nearest is the topic whose words stand nearest to a place in a text, those before it first.
func nearest(lower string, at, end int) string {
	best, where := "", -1
	for _, t := range topics {
		for _, m := range t.words.FindAllStringIndex(lower[:at], -1) {
			if m[0] > where {
				best, where = t.clock, m[0]
			}
		}
	}
	if best != "" {
		return best
	}
	where = len(lower)
	for _, t := range topics {
		if m := t.words.FindStringIndex(lower[end:]); m != nil && m[0] < where {
			best, where = t.clock, m[0]
		}
	}
	return best
}

// timed is one time of a sentence, with the words on both sides of it.
type timed struct {
	span
	sentence
	before, after string // lower case, up to the next time
}

// meaning is what a time is about where the words around it leave no doubt: all patterns that a row has must match.
type meaning struct {
	kind, clause           string
	sure                   Confidence
	in, not, before, after *regexp.Regexp // in the sentence, not in it, in the words before and after the time
	beside, label          *regexp.Regexp // in the words on either side; in the label of the line
}

// meanings are asked in this order.
var meanings = []meaning{
	{kind: "stalled", clause: "stalled", sure: High, in: re(`nothing has happened|no activity|inactiv|stale`)},
	{kind: "identifier", clause: "advisory.identifiers.patience", sure: Likely, in: re(`identifier|\bcve\b`), before: re(`\bwaits? `)},
	{kind: "identifier", clause: "advisory.identifiers.unused", sure: Likely, in: re(`(?:identifier|\bcve\b).* given back`)},
	{kind: "retention", clause: "retention", sure: Likely, in: re(`\b(?:erased?|deleted?|destroy|retain|kept for)`)},
	{kind: "bounty", clause: "bounty.within", sure: Likely, in: re(`bount|reward|\bpaid\b|pay ?out`)},
	{kind: "recurring", clause: "recurring", sure: Likely, before: re(`\bevery (?:other )?$|\beach $`), not: re(`update|inform`)},
	{kind: "reminder", clause: "clocks.nudge.reminder", sure: Likely,
		in: re(`\bremind|\bnudge|feel free to (?:tag|ping|contact|follow)|\bping\b|send (?:us )?(?:another|a follow)`)},
	{kind: "reminder", clause: "clocks.alarm.reminder", sure: Likely, in: re(`alarmed[^.]* again`)},
	{kind: "embargo", clause: "embargo.longest", sure: High, in: re(`embargo`), beside: re(`longer than|at most|no more than|maximum|longest|up to|not exceed|never`)},
	{kind: "embargo", clause: "embargo.offer", sure: Likely, in: re(`embargo`), not: re(`\bahead\b|in advance`)},
	{kind: "wait", clause: "steps.release.requires.wait", sure: High, after: re(`^\s*(?:following|after) (?:this|that|the|our|its) (?:\w+ )?(?:notif|announ|notice|deliver)`)},
	{kind: "wait", clause: "steps.release.requires.wait", sure: Likely, not: re(`\brespon|acknowledg|\bremind`),
		after: re(`^\s*(?:before|prior to|ahead\b|in advance|of advance|advance|notice before|preparation before)`)},
	{kind: "wait", clause: "steps.release.requires.wait", sure: Likely, label: re(`pre-?release|pre-?announce|advance notice|pre-?notif`)},
	{kind: "details", clause: "disclosure.details.after", sure: High, in: re(`post|detail|write-?up|explain|report`),
		after: re(`^\s*(?:after|following|later|from) ?(?:the |each |a )?(?:security )?(?:releas|fix|patch|publi|advisor|\s*$)`)},
	{kind: "disclosure", clause: "embargo.longest", sure: Likely, in: re(`disclos|go(?:es)? public|publi(?:sh|cly)`),
		beside: re(`deadline|regardless|whether or not|even if|coordinated disclosure|disclosure (?:period|policy|timeline|window)|^[\s-]*disclosure`)},
}

func (m meaning) of(t timed) bool {
	fits := func(r *regexp.Regexp, text string) bool { return r == nil || r.MatchString(text) }
	return fits(m.in, t.lower) && fits(m.before, t.before) && fits(m.after, t.after) && fits(m.beside, t.before+t.after) &&
		fits(m.label, strings.ToLower(t.label+" "+t.title)) && (m.not == nil || !m.not.MatchString(t.lower))
}

// findTimes finds promises, waits and offsets: every length of time that a sentence names, by the words around it.
func findTimes(r *reader, s sentence) {
	if s.kind == Heading && s.class != "" || r.listed(s) {
		return
	}
	if _, value, labelled := strings.Cut(s.text, ":"); labelled && s.label != "" && eventOf(value) != "" && clockOf(s.label) != "" {
		r.forClasses(Statement{Kind: "clock", Clause: "clocks." + clockOf(s.label) + ".within", Value: eventOf(value), Title: s.label, Line: s.line,
			Text: s.text, Confidence: High}, timed{sentence: s})
	}
	all := spans(s.text)
	all = all[:min(len(all), mostInSentence, mostTimes-r.times)]
	r.times += len(all)
	for i, one := range all {
		t := timed{span: one, sentence: s, before: s.lower[:one.at], after: s.lower[one.end:]}
		if i > 0 {
			t.before = s.lower[all[i-1].end:one.at]
		}
		if i+1 < len(all) {
			t.after = s.lower[one.end:all[i+1].at]
		}
		if one.value == "" {
			continue
		}
		r.time(t)
	}
}

func (r *reader) time(t timed) {
	st := Statement{Value: t.value, Line: t.line, Text: t.text}
	if r.ofListed(st, t) || r.wait(st, t) {
		return
	}
	for _, m := range meanings {
		if m.of(t) {
			st.Kind, st.Clause, st.Confidence = m.kind, m.clause, m.sure
			r.forClasses(st, t)
			return
		}
	}
	r.clock(st, t)
}

// clock is a time whose topic says which promise it is.
func (r *reader) clock(st Statement, t timed) {
	name, sure := clockOf(t.label), High
	if name == "" {
		name, sure = clockOf(t.title), Likely
	}
	if name == "" {
		name, sure = nearest(t.before+strings.Repeat(" ", t.end-t.at)+t.after, len(t.before), len(t.before)+t.end-t.at), Likely
	}
	if name == "" {
		name, sure = nearest(t.lower, t.at, t.end), Guess
	}
	for _, around := range append([]string{t.intro}, t.heads...) {
		if name == "" {
			name, sure = clockOf(around), Guess
		}
	}
	if name == "" || t.kind == Heading && t.least == "" {
		return
	}
	if t.vague {
		sure = Guess
	}
	st.Kind, st.Title, st.Confidence = "clock", name, sure
	st.Clause = "clocks." + name + ".within"
	if t.label != "" && sure == High {
		st.Title = t.label
	}
	if t.least != "" {
		low := st
		low.Value, low.Clause = t.least, "clocks."+name+".target"
		r.forClasses(low, t)
	}
	r.forClasses(st, t)
}

// forClasses adds a statement for the classes that its words or its place name, or for all.
func (r *reader) forClasses(st Statement, t timed) {
	if !strings.HasPrefix(st.Clause, "clocks.") && !strings.HasPrefix(st.Clause, "steps.") {
		r.add(st)
		return
	}
	r.forEach(st, classesIn(t))
}

// forEach adds a statement for each of some classes, or for all where none is named.
func (r *reader) forEach(st Statement, classes []string) {
	if len(classes) == 0 {
		r.add(st)
	}
	for _, class := range classes {
		one := st
		one.Clause += "." + class
		r.add(one)
	}
}

// classesIn are the classes that a time holds for: those named beside it, else the one that the place is about.
func classesIn(t timed) []string {
	var all []string
	beside := t.before
	if i := strings.LastIndexAny(beside, ";"); i >= 0 {
		beside = beside[i:]
	}
	if after, _, _ := strings.Cut(t.after, ","); strings.Contains(after, " for ") || strings.Contains(after, "before one that is") {
		beside += after
	}
	for _, m := range classIn.FindAllStringSubmatch(beside, -1) {
		name := classNames[m[1]]
		if m[1] == "none" || m[1] == "info" || m[1] == "important" && !strings.Contains(m[0], " ") || slices.Contains(all, name) {
			continue
		}
		all = append(all, name)
	}
	if len(all) == 0 && t.class != "" {
		all = []string{t.class}
	}
	return all
}
