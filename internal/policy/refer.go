package policy

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// forms are words that declare something or stand for themselves: what they may look like, by the tag "is".
var forms = map[string]struct {
	matches *regexp.Regexp
	says    string
}{
	"id":           {regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`), "is no id of a project: it has lower-case letters, digits and dashes and begins with a letter, like juno"},
	"prefix":       {regexp.MustCompile(`^[A-Z][A-Z0-9]{0,11}$`), "is no prefix of ids: it has up to 12 capital letters and digits, like JUNO"},
	"name":         {regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`), "is no name: it has lower-case letters, digits, dashes and underscores and begins with a letter"},
	"distribution": {regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`), "is no name of a channel of distribution: it has lower-case letters, digits, dashes and underscores and begins with a letter"},
	"line":         {regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+-]{0,39}$`), "is no name of a release line: it looks like 28 or 0.15.x"},
	"language":     {regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`), "is no language tag (RFC 5646), like en"},
	"zone":         {regexp.MustCompile(`^[A-Z][A-Za-z_]*(/[A-Za-z0-9_+-]+)*$`), "is no name of a time zone, like Europe/Berlin or UTC"},
	"mail":         {regexp.MustCompile(`^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$`), "is no mail address"},
	"purl":         {regexp.MustCompile(`^pkg:[a-z][a-z0-9.+-]*/\S+$`), "is no package URL, like pkg:golang/example.org/m"},
	"handle":       {regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`), "is no handle of a person: it has letters, digits, dots and dashes, like the-frey"},
	"day":          {regexp.MustCompile(`^(\d{4}|-)-\d{2}-\d{2}$`), "is no day: write it as 2026-12-24, or as --12-24 for every year"},
	"url":          {regexp.MustCompile(`^https?://[^/\s]+\S*$`), "is no web address that begins with https://"},
}

// references are words that name something which must be there, by the tag "is": what is there, and what to say if it is not.
var references = map[string]struct {
	says  string
	there func(p *Policy) []string
}{
	"mark":       {"nothing reaches the mark %q", func(p *Policy) []string { return marks(&p.Document) }},
	"event":      {"no event of a project is called %q", func(p *Policy) []string { return p.Document.events() }},
	"calendar":   {"there is no calendar %q", func(p *Policy) []string { return append([]string{elapsed}, calendarNames(p)...) }},
	"rung":       {"nobody is called %q here: name alarm, nudge, a role or a contact", rungs},
	"step":       {"there is no step %q", func(*Policy) []string { return Steps() }},
	"capability": {"there is no capability %q", func(*Policy) []string { return capabilities() }},
	"section":    {"an analysis has no section %q", func(*Policy) []string { return cvd.AnalysisSections }},
	"lint":       {"there is no lint %q", func(*Policy) []string { return lintCodes() }},
	"role":       {"there is no role %q", named(func(d *Document) []Role { return d.Roles }, func(x Role) string { return x.Name })},
	"track":      {"there is no track %q", named(func(d *Document) []Track { return d.Tracks }, func(x Track) string { return x.Name })},
	"kind":       {"there is no kind %q", named(func(d *Document) []Kind { return d.Kinds }, func(x Kind) string { return x.Name })},
	"class":      {"there is no class %q", named(func(d *Document) []Class { return d.Severity.Classes }, func(x Class) string { return x.Name })},
	"clock":      {"there is no clock %q", named(func(d *Document) []Clock { return d.Clocks }, func(x Clock) string { return x.Name })},
	"check":      {"there is no check %q", named(func(d *Document) []Check { return d.Checks }, func(x Check) string { return x.Name })},
	"notice":     {"there is no notice %q", named(func(d *Document) []Notice { return d.Notices }, func(x Notice) string { return x.Name })},
	"channel":    {"there is no channel %q", named(func(d *Document) []Channel { return d.Channels }, func(x Channel) string { return x.Name })},
	"audience":   {"there is no audience %q", named(func(d *Document) []Audience { return d.Audiences }, func(x Audience) string { return x.Name })},
	"field":      {"the form has no field %q", named(func(d *Document) []Field { return d.Form.Fields }, func(x Field) string { return x.Name })},
}

// elapsed is the calendar in which every minute counts.
const elapsed = "elapsed"

var calendarNames = named(func(d *Document) []Calendar { return d.Calendars }, func(x Calendar) string { return x.Name })

// rungs are all who may stand on a ladder of escalation.
func rungs(p *Policy) []string {
	all := []string{"alarm", "nudge"}
	for _, r := range p.Document.Roles {
		all = append(all, r.Name)
	}
	for _, m := range p.Document.People {
		all = append(all, m.Name)
	}
	return append(append(all, p.Document.Contacts.Alarm...), p.Document.Contacts.Nudge...)
}

// named makes a list of items into the list of their names.
func named[T any](list func(*Document) []T, name func(T) string) func(*Policy) []string {
	return func(p *Policy) []string {
		var names []string
		for _, item := range list(&p.Document) {
			names = append(names, name(item))
		}
		return names
	}
}

// resolve looks up every word that the document holds.
func (r *reader) resolve() {
	known := map[string][]string{} // worked out once for each kind of word
	for _, w := range r.words {
		if form, ok := forms[w.is]; ok {
			if !form.matches.MatchString(w.text) || w.is == "url" && !parses(w.text) {
				r.problem(w.at, w.clause, fmt.Sprintf("%q %s", w.text, form.says), nil)
			}
			continue
		}
		switch w.is {
		case "predicate", "phrase": // see compile; a phrase is any text
		case "clause":
			if !r.policy.Has(w.text) {
				r.problem(w.at, w.clause, fmt.Sprintf("this document has no clause %q", w.text), nil)
			}
		default:
			there, listed := known[w.is]
			if !listed {
				there = references[w.is].there(r.policy)
				known[w.is] = there
			}
			if !slices.Contains(there, w.text) {
				r.problem(w.at, w.clause, fmt.Sprintf(references[w.is].says, w.text), there)
			}
		}
	}
}

func parses(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && !strings.Contains(u.Host, "@")
}

// compile prepares the predicates, which may name whatever the document declares.
func (r *reader) compile() {
	for _, w := range r.words {
		if w.is != "predicate" {
			continue
		}
		if err := r.policy.compile(w.text); err != nil {
			r.problem(w.at, w.clause, err.Error(), nil)
		}
	}
}
