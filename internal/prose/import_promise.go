package prose

import (
	"cmp"
	"strings"
)

// Tables and lists of promises say in few words what a sentence says in many: "24 hours, at most 48 hours", "7 days as a
// goal", "with the next major release".

var (
	eventWords  = re(`^(?:with |in |by |at )?(?:the |our )?(?:next ([a-z]+ )?release|(end of (?:life|support|maintenance)))$`)
	goalWords   = re(`\s*(?:\(goal\)|\(target\)|as a (?:goal|target)|\bgoal\b|\btarget\b)\s*`)
	limitWords  = re(`\bat most\b|\bup to\b|\bno (?:longer|more|later) than\b`)
	leastWords  = re(`\bat least\b|\bno (?:less|sooner) than\b`)
	countedOf   = re(`^\s*\(([^()]{1,200})\), counted from `)
	classBehind = re(`^\s*\(([^()]{1,60})\)`)
	extended    = re(`^it may be extended `)
	reminded    = re(`^a reminder is due after `)
)

// eventOf is the event of the project that a promise waits for: next_major_release.
func eventOf(text string) string {
	m := eventWords.FindStringSubmatch(strings.ToLower(strings.TrimSpace(text)))
	switch {
	case m == nil:
		return ""
	case m[2] != "":
		return "end_of_life"
	case m[1] == "major ":
		return "next_major_release"
	}
	return "next_release"
}

// promise is one time or event of a cell, with the field of a clock that it fills.
type promise struct{ field, value string }

// promisesIn are those of a cell. What comes before a limit is a goal.
func promisesIn(cell string) []promise {
	var all []promise
	for piece := range strings.SplitSeq(strings.ToLower(cell), ",") {
		field := "within"
		if goalWords.MatchString(piece) {
			field, piece = "target", goalWords.ReplaceAllString(piece, " ")
		}
		if leastWords.MatchString(piece) {
			field = "at_least"
		}
		event := eventOf(piece)
		for i := range all {
			if all[i].field == "within" && (event != "" || limitWords.MatchString(piece)) {
				all[i].field = "target"
			}
		}
		if event != "" {
			all = append(all, promise{field, event})
			continue
		}
		for _, s := range spans(piece) {
			if s.value != "" {
				all = append(all, promise{field, s.value})
			}
		}
	}
	return all
}

// promises keeps those of a cell for a class, or for all where it is empty.
func (r *reader) promises(s Statement, class, cell string) {
	clock := r.named(s.Title)
	for _, p := range promisesIn(cell) {
		one := s
		one.Clause, one.Value = "clocks."+clock+"."+p.field, p.value
		if class != "" && p.field != "at_least" {
			one.Clause += "." + class
		}
		r.add(one)
	}
}

// listed reads a promise of a list: Title (7 days), counted from the release.
func (r *reader) listed(s sentence) bool {
	if s.title == "" || !strings.HasPrefix(s.text, s.title) {
		return false
	}
	m := countedOf.FindStringSubmatch(s.text[len(s.title):])
	if m == nil {
		return false
	}
	r.promises(Statement{Kind: "clock", Title: s.title, Line: s.line, Text: s.text, Confidence: High}, "", m[1])
	return true
}

// ofListed reads what a list says of a promise besides its times: when it is reminded of, by how much it may be extended.
func (r *reader) ofListed(st Statement, t timed) bool {
	field := ""
	switch {
	case t.title == "":
	case reminded.MatchString(t.lower):
		st.Kind, field = "reminder", "reminder"
	case extended.MatchString(t.lower):
		st.Kind, field = "extension", "extend.by"
	}
	if field == "" {
		return false
	}
	st.Title, st.Confidence = t.title, High
	st.Clause = "clocks." + r.named(t.title) + "." + field
	if m := classBehind.FindStringSubmatch(t.after); m != nil {
		if class, _ := r.classOf(m[1]); class != "" {
			st.Clause += "." + class
		}
	}
	r.add(st)
	return true
}

// named is the name of a clock by its title. Of two titles that speak of the same thing, the second has a name of its own.
func (r *reader) named(title string) string {
	key := strings.ToLower(title)
	for _, name := range []string{clockOf(title), slug(title)} {
		if name != "" && cmp.Or(r.titles[name], key) == key {
			r.titles[name] = key
			return name
		}
	}
	return slug(title)
}
