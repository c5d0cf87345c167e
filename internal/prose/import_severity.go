package prose

import (
	"regexp"
	"slices"
	"strings"
)

// classNames are the words for severities, each with the name that a policy gives it.
var classNames = map[string]string{"critical": "critical", "high": "high", "important": "high", "medium": "medium", "moderate": "medium",
	"low": "low", "informational": "informational", "info": "informational", "none": "informational"}

const classWord = `critical|high|important|medium|moderate|low|informational|info|none`

var (
	classTitle = regexp.MustCompile(`(?i)^\W*(?:severity:?\s*|(?:p|sev|level)\s?-?[0-5]\s*[-:–(]*\s*)?(` + classWord + `)(?:[ -](?:severity|risk|impact|priority|vulnerabilit\w+|issues?|bugs?))?\)?\s*(?:[(:,–—-].*|cvss.*|[0-9≥>].*)?$`)
	classIn    = regexp.MustCompile(`(?i)\b(` + classWord + `)(?:[ -](?:severity|risk|impact|priority))?\b`)
	band       = regexp.MustCompile(`(?i)(?:^|[^\d.])(10(?:\.0)?|\d\.\d|\d)\s?(?:-|–|—|to|through|bis)\s?(10(?:\.0)?|\d\.\d|\d)(?:$|[^\d.%])`)
	bandFrom   = regexp.MustCompile(`(?i)(?:≥|>=|at least|from)\s?(10(?:\.0)?|\d\.\d)|(10(?:\.0)?|\d\.\d)\s?(?:\+|or (?:higher|more|above|greater)|and (?:up|above|higher))`)
	bandOne    = regexp.MustCompile(`(?i)cvss[^\d]{0,12}(10\.0|\d\.\d)(?:$|[^\d.])`)
)

// classOf is the class that a title names, and the word for it; empty if it names none.
func classOf(title string) (name, word string) {
	m := classTitle.FindStringSubmatch(title)
	if m == nil {
		return "", ""
	}
	return classNames[strings.ToLower(m[1])], m[1]
}

// classOf is the class that a title names: by one of the usual words, or by one that a table of severities has.
func (r *reader) classOf(title string) (name, word string) {
	if name, word = classOf(title); name != "" {
		return name, word
	}
	begin, _, _ := strings.Cut(title, "(")
	begin, _, _ = strings.Cut(begin, ":")
	begin = strings.TrimSpace(begin)
	return r.own[strings.ToLower(begin)], begin
}

// bandOf is a range of scores, "9.0-10.0".
func bandOf(text string) string {
	if m := band.FindStringSubmatch(text); m != nil && (strings.Contains(m[1]+m[2], ".") || strings.Contains(strings.ToLower(text), "cvss")) {
		return score(m[1]) + "-" + score(m[2])
	}
	if m := bandFrom.FindStringSubmatch(text); m != nil {
		return score(m[1]+m[2]) + "-10.0"
	}
	if m := bandOne.FindStringSubmatch(text); m != nil {
		return m[1] + "-" + m[1]
	}
	return ""
}

func score(s string) string {
	if !strings.Contains(s, ".") {
		return s + ".0"
	}
	return s
}

// classAbove is the class that the nearest heading names.
func (r *reader) classAbove() string {
	if n := len(r.heads); n > 0 {
		name, _ := r.classOf(r.heads[n-1].Text)
		return name
	}
	return ""
}

// findClass finds severities: in headings, and in items that begin with one.
func findClass(r *reader, s sentence) {
	name, word := r.classOf(s.text)
	if s.kind == Paragraph && s.title == "" || name == "" {
		r.category(s)
		return
	}
	if s.kind == Item && s.title == "" && s.label == "" && len(strings.Fields(s.text)) > 6 {
		return
	}
	value, sure := bandOf(s.text), High
	if value == "" {
		sure = Likely
		if !speaksOfSeverity(s) && !r.knowsClasses() {
			return
		}
	}
	r.class(name, word, value, s.line, s.text, sure)
	if _, list, found := strings.Cut(s.text, ":"); found && s.kind == Item && len(spans(list)) == 0 {
		for one := range strings.SplitSeq(strings.TrimSuffix(list, "."), ",") {
			r.addCategory(name, strings.TrimSpace(one), s)
		}
	}
}

// category finds the kinds of weakness that are listed under a class.
func (r *reader) category(s sentence) {
	if s.class == "" || s.kind != Item || s.title == "" && len(strings.Fields(s.text)) > 8 {
		return
	}
	title := s.title
	if title == "" {
		title = strings.TrimSuffix(s.text, ".")
	}
	if len(spans(s.text)) == 0 {
		r.addCategory(s.class, title, s)
	}
}

func (r *reader) addCategory(class, title string, s sentence) {
	if words := len(strings.Fields(title)); words == 0 || words > 10 || slug(title) == "" {
		return
	}
	r.add(Statement{Kind: "category", Clause: "severity.classes." + class + ".categories." + slug(title), Value: title, Title: title,
		Line: s.line, Text: s.text, Confidence: Likely})
}

// class keeps a class; the word that the text uses is its title.
func (r *reader) class(name, word, band string, line int, text string, sure Confidence) {
	title := word
	if classNames[strings.ToLower(word)] != "" {
		title = strings.ToUpper(word[:1]) + strings.ToLower(word[1:])
	}
	if band == "" && r.hasClass(name) {
		return
	}
	r.add(Statement{Kind: "class", Clause: "severity.classes." + name, Value: band, Title: title, Line: line, Text: text, Confidence: sure})
}

func (r *reader) hasClass(name string) bool { return len(r.classes(name)) > 0 }

func (r *reader) knowsClasses() bool { return len(r.classes("")) > 0 }

func (r *reader) classes(name string) []Statement {
	var all []Statement
	for _, s := range r.draft.Statements {
		if s.Kind == "class" && (name == "" || s.Clause == "severity.classes."+name) {
			all = append(all, s)
		}
	}
	return all
}

func speaksOfSeverity(s sentence) bool {
	for _, around := range append([]string{s.lower, s.intro}, s.heads...) {
		if strings.Contains(around, "severit") || strings.Contains(around, "classif") || strings.Contains(around, "cvss") || strings.Contains(around, "how grave") {
			return true
		}
	}
	return false
}

// settleClasses leaves out where a class is only named, if its band stands elsewhere.
func (r *reader) settleClasses() {
	banded := map[string]bool{}
	for _, s := range r.draft.Statements {
		banded[s.Clause] = banded[s.Clause] || s.Kind == "class" && s.Value != ""
	}
	r.draft.Statements = slices.DeleteFunc(r.draft.Statements, func(s Statement) bool {
		return s.Kind == "class" && s.Value == "" && banded[s.Clause]
	})
}
