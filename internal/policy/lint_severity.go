package policy

import (
	"math"
	"slices"
	"strings"
)

// noSeverity: where everything is equally urgent nothing is.
var noSeverity = lint{
	code:  "no-severity-scheme",
	rules: []string{"F4"},
	why:   "nobody can tell which report is urgent, and no promise can depend on it",
	fix:   "choose a scheme: judgement or cvss with classes; or explain why the project has none",
	find: func(x *inquiry) {
		if x.Document.Severity.Scheme == "none" {
			x.found("severity.scheme", "there are no severities")
		}
	},
}

// precedenceUndefined: a category and a score may disagree, and then the document must say which counts.
var precedenceUndefined = lint{
	code:  "precedence-undefined",
	rules: []string{"F11"},
	why:   "two people rate one report differently, and both keep to the document",
	fix:   "write severity.precedence: max for the graver of the two, or score, or category",
	find: func(x *inquiry) {
		s := x.Document.Severity
		bands := slices.ContainsFunc(s.Classes, func(c Class) bool { return c.From != nil })
		i := slices.IndexFunc(s.Classes, func(c Class) bool { return len(c.Categories) > 0 })
		if s.Precedence == "" && bands && i >= 0 {
			k := s.Classes[i].Categories[0]
			x.found("severity", "the category and the score may give different classes, as %q with another score than %s has, and nothing says which counts",
				k.Title, s.Classes[i].Title)
		}
	},
}

// bandsDoNotFit: every score belongs to exactly one class.
var bandsDoNotFit = lint{
	code:  "bands",
	rules: []string{"L6", "F12"},
	why:   "a vulnerability with such a score has no promise, or two",
	fix:   "let each band begin one tenth above the one below it, from 0.0 to 10.0",
	find: func(x *inquiry) {
		if x.Document.Severity.Scheme != "cvss" {
			return
		}
		from, classes := 0, ""
		report := func(to int, owners string) {
			switch {
			case owners == "":
				x.found("severity.classes", "scores from %.1f to %.1f belong to no class", float64(from)/10, float64(to)/10)
			case strings.Contains(owners, " and "):
				x.found("severity.classes", "scores from %.1f to %.1f belong to %s", float64(from)/10, float64(to)/10, owners)
			}
		}
		for tenths := range 101 {
			owners := x.owners(tenths)
			if tenths > 0 && owners != classes {
				report(tenths-1, classes)
				from = tenths
			}
			classes = owners
		}
		report(100, classes)
	},
}

// owners are the classes whose band holds a score, given in tenths so that no boundary is lost to rounding.
func (p *Policy) owners(tenths int) string {
	var names []string
	for _, c := range p.Document.Severity.Classes {
		if c.From != nil && tenths >= inTenths(*c.From) && tenths <= inTenths(*c.To) {
			names = append(names, c.Name)
		}
	}
	return strings.Join(names, " and ")
}

func inTenths(score float64) int { return int(math.Round(score * 10)) }

// sameTitle: whoever chooses a category by its title must not find it in two classes.
var sameTitle = lint{
	code: "same-title",
	why:  "whoever chooses by the title decides the severity by chance",
	fix:  "let the titles tell the difference, or explain it where the category is chosen",
	find: func(x *inquiry) {
		type seen struct {
			class, title string
			words        []string
		}
		var before []seen
		for _, class := range x.Document.Severity.Classes {
			for _, k := range class.Categories {
				words := tellingWords(k.Title)
				for _, b := range before {
					if b.class != class.Name && (subset(b.words, words) || subset(words, b.words)) {
						x.found("severity.classes."+class.Name+".categories."+k.Name, "%q can be taken for %q of the class %s", k.Title, b.title, b.class)
					}
				}
				before = append(before, seen{class.Name, k.Title, words})
			}
		}
	},
}

// vague words stand in the title of any category.
var vague = []string{"issue", "issues", "weakness", "weaknesses", "gap", "gaps", "problem", "problems", "flaw", "flaws", "concern",
	"concerns", "improvement", "improvements", "recommendation", "recommendations", "minor", "major", "of", "the", "and", "in", "a"}

// tellingWords are the words of a title that tell it from others.
func tellingWords(title string) []string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return r == ' ' || r == '(' || r == ')' || r == ',' || r == '/' })
	return slices.DeleteFunc(words, func(w string) bool { return slices.Contains(vague, w) })
}

func subset(few, many []string) bool {
	return len(few) > 0 && !slices.ContainsFunc(few, func(w string) bool { return !slices.Contains(many, w) })
}
