package prose

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Merge is what several texts say about the same project. A question that one of them answers is none.
func Merge(drafts ...Draft) Draft {
	var all Draft
	var names []string
	for _, d := range drafts {
		names = append(names, d.File)
		all.Title = cmp.Or(all.Title, d.Title)
		all.Statements = append(all.Statements, d.Statements...)
		all.Damage = append(all.Damage, d.Damage...)
		all.Sections = append(all.Sections, d.Sections...)
	}
	all.File = strings.Join(names, ", ")
	asked := map[string]bool{}
	for _, d := range drafts {
		for _, q := range d.Questions {
			key := q.Clause + q.Asks
			if asked[key] || slices.ContainsFunc(needs, func(n need) bool { return n.asks == q.Asks }) && len(all.Of(q.Clause)) > 0 {
				continue
			}
			asked[key] = true
			all.Questions = append(all.Questions, q)
		}
	}
	return all
}

// Contradiction is a clause of which texts, or two places of one text, say different things.
type Contradiction struct {
	Clause     string
	Says       string // in one sentence
	Statements []Statement
}

// Contradictions are what the statements of a draft say differently.
func (d Draft) Contradictions() []Contradiction {
	all := append(d.unlikeValues(), d.unlikeClasses()...)
	return append(all, d.unlikeContacts()...)
}

// single are the clauses that have one value.
var single = []string{"clocks.", "severity.classes.", "embargo.", "disclosure.details.", "steps.release.requires.wait", "silence.until", "bounty.within", "products.lines."}

// unlikeValues are clauses with several values.
func (d Draft) unlikeValues() []Contradiction {
	by := map[string][]Statement{}
	for _, s := range d.Statements {
		one := slices.ContainsFunc(single, func(p string) bool { return strings.HasPrefix(s.Clause, p) })
		if s.Kind == "wait" && slices.ContainsFunc(by[s.Clause], func(o Statement) bool { return o.File == s.File }) {
			continue // one step may wait for several things
		}
		if one && s.Kind != "category" && s.Value != "" && s.Confidence != Guess {
			by[s.Clause] = append(by[s.Clause], s)
		}
	}
	var all []Contradiction
	for _, clause := range slices.Sorted(maps.Keys(by)) {
		if distinct := differing(by[clause]); len(distinct) > 1 {
			all = append(all, Contradiction{clause, said(distinct), distinct})
		}
	}
	return all
}

// differing are statements of which no two say the same, a time in days and the same time in hours being the same.
func differing(all []Statement) []Statement {
	var distinct []Statement
	for _, s := range all {
		if !slices.ContainsFunc(distinct, func(o Statement) bool { return same(o.Value, s.Value) }) {
			distinct = append(distinct, s)
		}
	}
	return distinct
}

func same(a, b string) bool {
	x, timed := length(a)
	y, both := length(b)
	return a == b || timed && both && x == y
}

func said(all []Statement) string {
	var parts []string
	for _, s := range all {
		parts = append(parts, fmt.Sprintf("%s:%d says %s", s.File, s.Line, s.Value))
	}
	return strings.Join(parts, "; ")
}

// unlikeClasses are promises that one place makes for every report and another one differently for a class.
func (d Draft) unlikeClasses() []Contradiction {
	var all []Contradiction
	for _, general := range d.Statements {
		if !strings.HasPrefix(general.Clause, "clocks.") || !strings.HasSuffix(general.Clause, ".within") || general.Confidence == Guess {
			continue
		}
		unlike := []Statement{general}
		for _, s := range d.Of(general.Clause) {
			if s.Clause != general.Clause && s.Confidence != Guess && !same(s.Value, general.Value) {
				unlike = append(unlike, s)
			}
		}
		if len(unlike) > 1 {
			says := fmt.Sprintf("%s:%d says %s whatever the severity", general.File, general.Line, general.Value)
			for _, s := range unlike[1:] {
				says += fmt.Sprintf("; %s:%d says %s for %s", s.File, s.Line, s.Value, s.Clause[strings.LastIndexByte(s.Clause, '.')+1:])
			}
			all = append(all, Contradiction{general.Clause, says, unlike})
		}
	}
	return all
}

// unlikeContacts are people and ways that one file names and another does not, where both name some.
func (d Draft) unlikeContacts() []Contradiction {
	var all []Contradiction
	for _, of := range []struct{ clause, what string }{{"contacts.mail", "an address"}, {"contacts.alarm", "a contact"}, {"contacts.nudge", "somebody to remind"}, {"tracks.routes", "a way to report"}} {
		by := map[string][]Statement{}
		for _, s := range d.Of(of.clause) {
			by[s.File] = append(by[s.File], s)
		}
		files := slices.Sorted(maps.Keys(by))
		for _, file := range files {
			for _, s := range by[file] {
				for _, other := range files {
					if other != file && !slices.ContainsFunc(by[other], func(o Statement) bool { return strings.EqualFold(o.Value, s.Value) }) {
						all = append(all, Contradiction{s.Clause, fmt.Sprintf("%s:%d names %s that %s does not: %s", s.File, s.Line, of.what, other, s.Value), []Statement{s}})
					}
				}
			}
		}
	}
	return all
}
