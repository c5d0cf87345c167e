package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Finding is a place where a document says something that its project may not mean: each is sound, and still a promise will
// be missed or a secret told.
type Finding struct {
	Code         string   // the lint's name: "infeasible"
	Rules        []string // numbers that the lint answers in catalogues: L1, F6
	File         string
	Line, Column int
	Clause       string
	Says         string   // what was found
	Why          string   // why it matters
	Fix          string   // what can be done about it
	Conflicts    []string // other clauses that have a part in it, in the order in which they come into play
	Ways         []string // ways out of exactly this conflict, each with its figures
	Informs      bool     // nothing is wrong: this is what happens where the document is silent
	Waived       string   // the reason that the document itself gives for leaving it so; empty: none
}

// Open says whether the finding still asks for something: it is neither explained nor there for information only.
func (f Finding) Open() bool { return f.Waived == "" && !f.Informs }

// String is the finding as compilers write it.
func (f Finding) String() string {
	line := fmt.Sprintf("%s:%d:%d: %s: %s: %s", f.File, f.Line, f.Column, f.Code, f.Clause, f.Says)
	if f.Informs {
		line += " (for information)"
	}
	if f.Waived != "" {
		line += " (explained: " + prose(f.Waived) + ")"
	}
	return line
}

// Around is what Lint may know besides the document. The zero value is nothing.
type Around struct {
	Now    time.Time    // for what grows old; zero: nothing does
	People []cvd.Person // the real roster, which then counts instead of the document's people
}

// lint is one question asked of a document.
type lint struct {
	code    string
	rules   []string
	informs bool
	why     string
	fix     string
	find    func(x *inquiry)
}

// inquiry is one lint at work on a policy.
type inquiry struct {
	*Policy
	around Around
	found  func(clause, format string, args ...any) *Finding
	*survey
}

// idle is what becomes of an explanation when there is nothing left to explain; it cannot be waived itself.
var idle = lint{
	code: "idle-waiver",
	why:  "a waiver that explains nothing hides the next finding of its kind",
	fix:  "remove the waiver",
}

// Lint asks everything of a policy. Findings that the document's waivers explain are in it too, with the reason; they come
// in the order of the document.
func Lint(p *Policy) []Finding { return LintAround(p, Around{}) }

// LintAround is Lint with more to go by: what the day is, and who is there.
func LintAround(p *Policy, around Around) []Finding {
	var all []*Finding
	used := make([]bool, len(p.Document.Waivers))
	add := func(l lint, clause, says string) *Finding {
		if p.Overlay() && !p.Own(clause) {
			return &Finding{} // it lies over a document that is there to be laid over
		}
		at := p.place(clause)
		f := &Finding{Code: l.code, Rules: l.rules, File: at.file, Line: at.line, Column: at.column, Clause: clause, Says: says,
			Why: l.why, Fix: l.fix, Informs: l.informs}
		for i, w := range p.Document.Waivers {
			if w.Lint == l.code && (w.Clause == "" || within(clause, plain(w.Clause))) {
				f.Waived, used[i] = w.Because, true
				break
			}
		}
		all = append(all, f)
		return f
	}
	x := inquiry{Policy: p, around: around, survey: p.survey(around)}
	for _, l := range lints {
		x.found = func(clause, format string, args ...any) *Finding { return add(l, clause, fmt.Sprintf(format, args...)) }
		l.find(&x)
	}
	for i, w := range p.Document.Waivers {
		if !used[i] {
			add(idle, "waivers."+w.Lint, "nothing is found that "+w.Lint+" would have to be explained for")
		}
	}
	slices.SortStableFunc(all, func(a, b *Finding) int {
		return cmp.Or(foreign(a.File, p.file)-foreign(b.File, p.file), strings.Compare(a.File, b.File), a.Line-b.Line, a.Column-b.Column)
	})
	return each(all, func(f *Finding) Finding { return *f })
}

// within says whether a clause is another one or lies in it.
func within(clause, outer string) bool {
	rest, ok := strings.CutPrefix(clause, outer)
	return ok && (rest == "" || rest[0] == '.')
}

// lintCodes are the names of all lints that a waiver may name.
func lintCodes() []string { return each(lints, func(l lint) string { return l.code }) }

// Question is one thing that Lint asks of a document.
type Question struct {
	Code    string
	Rules   []string // numbers that it answers in catalogues: L1, F6
	Why     string   // why a finding matters
	Fix     string   // how it is mended
	Informs bool     // what it finds is no fault
}

// Questions are all that Lint asks, in the order of the process. Codes are never renamed: waivers and scripts name them.
func Questions() []Question {
	return each(append(slices.Clone(lints), idle), func(l lint) Question {
		return Question{l.code, l.rules, l.why, l.fix, l.informs}
	})
}
