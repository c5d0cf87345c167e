// Package policy reads a project's policy document and says what it asks for in a case.
//
// Begin with Document, which is the whole of what a policy can say, then Read, which makes a Policy of a text, and Weigh,
// which says what stands in the way of a step. Each concept that reasons has a file of its name.
// To add a concept, add its field to Document and to schema.json; a lint is a function in a file lint_THING.go and a line
// in all.go. A step of the process that policies may speak about is a line in all.go.
// This package never reads a clock or a file and knows no project: the instant and the text are handed in.
package policy

import (
	"cmp"
	"slices"
	"strings"

	"github.com/expr-lang/expr/vm"
)

// Policy is a document that was read: every name that it refers to is there. Read makes one; it is never changed afterwards.
type Policy struct {
	Document Document
	Version  int64 // as the installation counts the project's documents; the reader of a file leaves it 0

	raw *Document // with its placeholders, see words.go; nil if it has none

	file   string
	below  []string         // the documents that it stands on, by their files, see layers
	places map[string]place // where each clause stands
	flat   []byte           // the whole of it as one text

	predicates map[string]*vm.Program // by their text
	times      times                  // its calendars and schedule
}

// place is where something stands, from 1.
type place struct {
	line, column int
	file         string
}

// Has says whether the document has a clause: "clocks.response", "steps.release.requires.wait", "notices.coming",
// "severity.classes.critical". Items of a list are addressed by their name; requires[wait] is the same as requires.wait.
func (p *Policy) Has(clause string) bool {
	_, there := p.places[plain(clause)]
	return there
}

// Clauses are all clauses of the document in the order in which they stand there; those of files that it stands on follow.
func (p *Policy) Clauses() []string {
	all := make([]string, 0, len(p.places))
	for clause := range p.places {
		all = append(all, clause)
	}
	slices.SortFunc(all, func(a, b string) int {
		x, y := p.places[a], p.places[b]
		return cmp.Or(foreign(x.file, p.file)-foreign(y.file, p.file), strings.Compare(x.file, y.file),
			x.line-y.line, x.column-y.column, strings.Compare(a, b))
	})
	return all
}

// Line is where a clause stands in the document itself, from 1, or where the nearest one around it does; 0: in none of its lines.
func (p *Policy) Line(clause string) int {
	if at, there := p.nearest(clause); there && at.file == p.file {
		return at.line
	}
	return 0
}

// place is where a clause stands or, when it does not, where the nearest clause around it does.
func (p *Policy) place(clause string) place {
	at, _ := p.nearest(clause)
	return at
}

// nearest is the place of a clause, or of the nearest one around it that is there.
func (p *Policy) nearest(clause string) (at place, there bool) {
	for clause = plain(clause); clause != ""; {
		if at, there := p.places[clause]; there {
			return at, true
		}
		clause = clause[:max(strings.LastIndexByte(clause, '.'), 0)]
	}
	return place{1, 1, p.file}, false
}

// plain writes requires[wait] as requires.wait.
func plain(clause string) string {
	if !strings.ContainsRune(clause, '[') {
		return clause
	}
	return strings.NewReplacer("[", ".", "]", "").Replace(clause)
}
