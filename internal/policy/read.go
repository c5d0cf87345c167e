package policy

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that keeps a document from being a policy.
type Problem struct {
	File         string // the document itself, or one that it stands on
	Line, Column int    // from 1
	Clause       string // where in the document: "clocks.response.until"
	Says         string
	Allowed      []string // what might stand there instead, if that is a list
}

// String is the problem as compilers write it: "juno.yaml:12:9: clocks.response.until: there is no mark … (allowed: …)".
func (p Problem) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: ", p.File, p.Line, p.Column)
	if p.Clause != "" {
		b.WriteString(p.Clause + ": ")
	}
	b.WriteString(p.Says)
	if len(p.Allowed) > 0 {
		b.WriteString(" (allowed: " + strings.Join(p.Allowed, ", ") + ")")
	}
	return b.String()
}

// Problems are what is wrong with a document, in the order of its lines; those of documents that it stands on come after its
// own. Of very many, the first hundred.
type Problems []Problem

// Error writes one problem on each line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// sorted brings problems into the order of a document and those that it stands on.
func (ps Problems) sorted(own string) Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		if a.File != b.File {
			return cmp.Or(foreign(a.File, own)-foreign(b.File, own), strings.Compare(a.File, b.File))
		}
		return cmp.Or(a.Line-b.Line, a.Column-b.Column)
	})
	return ps
}

// foreign is 1 for a file that is not the document's own.
func foreign(file, own string) int {
	if file == own {
		return 0
	}
	return 1
}

// Files hands in what a document refers to: the document that it extends and its overlays ("default.yaml"), and calendars
// beside it ("holidays.ics"). It is asked for names without a folder only.
type Files func(name string) ([]byte, error)

// Read makes a policy of a document's text. The name is that of its file and only appears in problems. Without Files a
// document must stand alone.
// The error is of type Problems and holds all of them, unless the text is no YAML at all: then it holds the first.
func Read(name string, text []byte, from ...Files) (*Policy, error) {
	if len(from) == 0 {
		return ReadWith(name, text, nil)
	}
	return ReadWith(name, text, from[0])
}

// ReadWith reads a document and lays more overlays over it than it names.
func ReadWith(name string, text []byte, from Files, overlays ...string) (*Policy, error) {
	l := layers{own: name, from: from}
	root := l.whole(text, overlays)
	if len(l.problems) > 0 {
		return nil, l.problems.sorted(name)
	}
	p := &Policy{file: name, below: l.below, places: map[string]place{}, flat: bytes.Clone(text)}
	r := reader{policy: p, files: l.files}
	r.document(root)
	if len(r.problems) == 0 { // only then are the names in it worth looking up
		r.resolve()
		r.agree()
		r.readTimes(from)
	}
	if len(r.problems) == 0 {
		r.compile()
	}
	if len(r.problems) > 0 {
		return nil, l.explain(&r).sorted(name)
	}
	if len(l.below) > 0 || p.dependsOnCalendars() {
		p.flat = p.flatten(l.copied(root, ""))
	}
	return p, nil
}
