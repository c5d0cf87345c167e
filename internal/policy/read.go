package policy

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// A document longer than this, or with more values than this once its aliases are followed, is no policy.
const (
	longestDocument = 256 << 10
	mostValues      = 20_000
)

// Problem is one thing that keeps a document from being a policy.
type Problem struct {
	File         string
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

// Problems are all that is wrong with a document, in the order of its lines.
type Problems []Problem

// Error writes one problem on each line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Read makes a policy of a document's text. The name is that of its file and only appears in problems.
// The error is of type Problems and holds all of them, unless the text is no YAML at all: then it holds the first.
func Read(name string, text []byte) (*Policy, error) {
	root, problem := parse(name, text)
	if problem != nil {
		return nil, Problems{*problem}
	}
	p := &Policy{file: name, places: map[string]place{}}
	r := reader{policy: p}
	r.document(root)
	if len(r.problems) == 0 { // only then are the names in it worth looking up
		r.resolve()
		r.agree()
	}
	if len(r.problems) == 0 {
		r.compile()
	}
	if len(r.problems) > 0 {
		return nil, r.sorted()
	}
	return p, nil
}

// parse makes the text into nodes, which know their lines.
func parse(name string, text []byte) (*yaml.Node, *Problem) {
	if len(text) > longestDocument {
		return nil, &Problem{File: name, Line: 1, Column: 1,
			Says: fmt.Sprintf("the document has %d bytes; a policy has at most %d", len(text), longestDocument)}
	}
	var node yaml.Node
	if err := yaml.Load(text, &node); err != nil {
		problem := &Problem{File: name, Line: 1, Column: 1, Says: "this is no YAML: " + strings.TrimPrefix(err.Error(), "yaml: ")}
		var at *yaml.LoadError
		if errors.As(err, &at) {
			problem.Line, problem.Column = max(at.Mark.Line, 1), max(at.Mark.Column, 1)
			problem.Says = "this is no YAML: " + at.Message
		}
		return nil, problem
	}
	if node.Kind == yaml.DocumentNode && len(node.Content) == 1 {
		return node.Content[0], nil
	}
	return &node, nil
}
