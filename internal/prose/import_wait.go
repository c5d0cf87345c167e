package prose

import (
	"slices"
	"strings"
)

var (
	noSooner = re(`\b(?:no|not) (?:sooner|earlier) than $`)
	waitsFor = re(`^\s*(?:after|from|following) (?:the |a |an |our |this |that )?([^,.;]*)`)
	isOut    = re(`^(?:release|fix|patch|end of (?:life|support))\b`)
	orGraver = re(`\bfor what is ([^,.;]{1,60}?) or (?:graver|higher|worse|above|more severe)\b`)
	lesser   = re(`\bfor what is less (?:grave|severe) than ([^,.;]{1,60}?)(?: and | or |[,.;]|$)`)
	gradedAs = re(`\bfor what is ([^,.;]{1,60}?)(?: and | or |[,.;]|$)`)
)

// wait reads "no sooner than 24 hours after the delivery of …": what has to pass before a release, or before the publication
// where that is what the text is about or the release is what it waits for.
func (r *reader) wait(st Statement, t timed) bool {
	m := waitsFor.FindStringSubmatch(t.after)
	if m == nil || !noSooner.MatchString(t.before) {
		return false
	}
	step := "release"
	if isOut.MatchString(m[1]) || clockOf(t.title) == "publication" {
		step = "disclose"
	}
	st.Kind, st.Title, st.Confidence, st.Clause = "wait", t.title, High, "steps."+step+".requires.wait"
	r.forEach(st, r.graded(t.after))
	return true
}

// graded are the classes that words like "for what is high or graver" speak of, by the order that the text has them in.
func (r *reader) graded(words string) []string {
	var names []string
	for _, s := range r.classes("") {
		if name := strings.TrimPrefix(s.Clause, "severity.classes."); !slices.Contains(names, name) { // a table and a list have each
			names = append(names, name)
		}
	}
	at := func(title string) int {
		name, _ := r.classOf(title)
		return slices.Index(names, name)
	}
	if m := orGraver.FindStringSubmatch(words); m != nil {
		return names[:at(m[1])+1]
	}
	if m := lesser.FindStringSubmatch(words); m != nil {
		if i := at(m[1]); i >= 0 {
			return names[i+1:]
		}
		return nil
	}
	if m := gradedAs.FindStringSubmatch(words); m != nil {
		if i := at(m[1]); i >= 0 {
			return names[i : i+1]
		}
	}
	return nil
}
