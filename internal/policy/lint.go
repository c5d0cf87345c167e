package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Finding is a place where a document says something that its project may not mean: each is sound, and still a promise will
// be missed or a secret told.
type Finding struct {
	Code         string // the lint's name: "infeasible"
	File         string
	Line, Column int
	Clause       string
	Says         string // what was found
	Why          string // why it matters
	Fix          string // what can be done about it
	Informs      bool   // nothing is wrong: this is what happens where the document is silent
	Waived       string // the reason that the document itself gives for leaving it so; empty: none
}

// String is the finding as compilers write it.
func (f Finding) String() string {
	line := fmt.Sprintf("%s:%d:%d: %s: %s: %s", f.File, f.Line, f.Column, f.Code, f.Clause, f.Says)
	if f.Informs {
		line += " (for information)"
	}
	if f.Waived != "" {
		line += " (explained: " + strings.TrimSpace(f.Waived) + ")"
	}
	return line
}

// lint is one question asked of a document.
type lint struct {
	code    string
	informs bool
	why     string
	fix     string
	find    func(p *Policy, found func(clause, format string, args ...any))
}

// idle is what becomes of an explanation when there is nothing left to explain; it cannot be waived itself.
var idle = lint{
	code: "idle-waiver",
	why:  "a waiver that explains nothing hides the next finding of its kind",
	fix:  "remove the waiver",
}

// Lint asks everything of a policy. Findings that the document's waivers explain are in it too, with the reason; they come
// in the order of the document.
func Lint(p *Policy) []Finding {
	var all []Finding
	used := make([]bool, len(p.Document.Waivers))
	add := func(l lint, clause, says string) {
		if p.Overlay() && !p.Own(clause) {
			return // it lies over a document that is there to be laid over
		}
		at := p.place(clause)
		f := Finding{Code: l.code, File: at.file, Line: at.line, Column: at.column, Clause: clause, Says: says, Why: l.why, Fix: l.fix, Informs: l.informs}
		for i, w := range p.Document.Waivers {
			if w.Lint == l.code && (w.Clause == "" || within(clause, plain(w.Clause))) {
				f.Waived, used[i] = w.Because, true
				break
			}
		}
		all = append(all, f)
	}
	for _, l := range lints {
		l.find(p, func(clause, format string, args ...any) { add(l, clause, fmt.Sprintf(format, args...)) })
	}
	for i, w := range p.Document.Waivers {
		if !used[i] {
			add(idle, "waivers."+w.Lint, "nothing is found that "+w.Lint+" would have to be explained for")
		}
	}
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(foreign(a.File, p.file)-foreign(b.File, p.file), strings.Compare(a.File, b.File), a.Line-b.Line, a.Column-b.Column)
	})
	return all
}

// within says whether a clause is another one or lies in it.
func within(clause, outer string) bool {
	rest, ok := strings.CutPrefix(clause, outer)
	return ok && (rest == "" || rest[0] == '.')
}

// lintCodes are the names of all lints that a waiver may name.
func lintCodes() []string {
	codes := make([]string, len(lints))
	for i, l := range lints {
		codes[i] = l.code
	}
	return codes
}
