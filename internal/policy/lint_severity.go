package policy

import (
	"math"
	"slices"
	"strings"
)

// bandsDoNotFit: every score belongs to exactly one class.
var bandsDoNotFit = lint{
	code: "bands",
	why:  "a vulnerability with such a score has no promise, or two",
	fix:  "let each band begin one tenth above the one below it, from 0.0 to 10.0",
	find: func(p *Policy, found func(string, string, ...any)) {
		if p.Document.Severity.Scheme != "cvss" {
			return
		}
		from, classes := 0, ""
		report := func(to int, owners string) {
			switch {
			case owners == "":
				found("severity.classes", "scores from %.1f to %.1f belong to no class", float64(from)/10, float64(to)/10)
			case strings.Contains(owners, " and "):
				found("severity.classes", "scores from %.1f to %.1f belong to %s", float64(from)/10, float64(to)/10, owners)
			}
		}
		for tenths := range 101 {
			owners := p.owners(tenths)
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
	find: func(p *Policy, found func(string, string, ...any)) {
		type seen struct {
			class, title string
			words        []string
		}
		var before []seen
		for _, class := range p.Document.Severity.Classes {
			for _, k := range class.Categories {
				words := tellingWords(k.Title)
				for _, b := range before {
					if b.class != class.Name && (subset(b.words, words) || subset(words, b.words)) {
						found("severity.classes."+class.Name+".categories."+k.Name, "%q can be taken for %q of the class %s", k.Title, b.title, b.class)
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
