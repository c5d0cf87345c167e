package policy

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// A document beyond one of these is no policy, whatever it says. They bound what reading costs, before anything is made of
// the text: YAML lets a few bytes stand for very much.
const (
	longestDocument = 256 << 10 // bytes
	densest         = 50_000    // lines, and signs that begin a value
	deepest         = 40        // values in values
	mostValues      = 20_000    // with what aliases repeat, in a document and all that it stands on
	longestText     = 20_000    // bytes of one value
	longestKey      = 60        // bytes
	mostItems       = 2_000     // of one list or mapping
	largestNumber   = 1_000_000
)

// parse makes a text into nodes, which know their lines, and refuses what a policy never needs and YAML allows. The size is
// that of all its values.
func parse(name string, text []byte) (root *yaml.Node, size int, problems Problems) {
	refuse := func(line, column int, says string) (*yaml.Node, int, Problems) {
		return nil, 0, Problems{{File: name, Line: max(line, 1), Column: max(column, 1), Says: says}}
	}
	if line, column, says := unfit(text); says != "" {
		return refuse(line, column, says)
	}
	var node yaml.Node
	err := yaml.Load(text, &node, yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthFunc(notTooDeep))))
	if at, ok := errors.AsType[*yaml.LoadError](err); ok {
		return refuse(at.Mark.Line, at.Mark.Column, "this is no YAML: "+at.Message)
	} else if err != nil {
		return refuse(1, 1, "this is no YAML: "+strings.TrimPrefix(err.Error(), "yaml: "))
	}
	root = &node
	if node.Kind == yaml.DocumentNode && len(node.Content) == 1 {
		root = node.Content[0]
	}
	s := strict{file: name, sizes: map[*yaml.Node]int{}}
	s.value(root, "")
	return root, s.size, s.problems
}

// notTooDeep is asked before the parser goes deeper, which it does by calling itself.
func notTooDeep(depth int, _ *loaderlimits.DepthContext) error {
	if depth > deepest {
		return fmt.Errorf("values stand in values more than %d deep", deepest)
	}
	return nil
}

// unfit finds what is wrong with a text before it is looked at as YAML.
func unfit(text []byte) (line, column int, says string) {
	if len(text) > longestDocument {
		return 1, 1, fmt.Sprintf("the document has %d bytes; a policy has at most %d", len(text), longestDocument)
	}
	at := func(offset int) (int, int) {
		before := text[:offset]
		return 1 + bytes.Count(before, []byte("\n")), offset - bytes.LastIndexByte(before, '\n')
	}
	dense, begun := 0, false
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			says = "this is no UTF-8: save the file as UTF-8"
		case hidden(r) && r != '\r' && (r != '\ufeff' || i > 0): // a mark at the very beginning says that it is UTF-8
			says = fmt.Sprintf("the character %U stands here, which nobody sees; take it out", r)
		case r == '\n' || r == ',' || r == '[' || r == '{' || r == ':' || r == '&' || r == '*':
			if dense++; dense > densest {
				says = fmt.Sprintf("the document has more than %d lines and values; a policy has fewer", densest)
			}
		}
		if i == 0 || text[i-1] == '\n' {
			mark := bytes.HasPrefix(text[i:], []byte("---"))
			if mark && begun {
				says = "a second document begins here; a file holds one"
			}
			begun = begun || r != '#' && r != '\n' && r != '\r' && r != '%' && r != '\ufeff'
		}
		if says != "" {
			line, column = at(i)
			return line, column, says
		}
		i += n
	}
	return 0, 0, ""
}

// hidden says whether a character shows nothing and changes how others are read or shown: control characters, and those
// that reorder a line, by which a text looks other than it is.
func hidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < 0x20 || r >= 0x7f && r < 0xa0: // with NEL, at which YAML of old broke lines
		return true
	}
	return r == '\u2028' || r == '\u2029' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\ufeff'
}

// strict walks the nodes of a document once.
type strict struct {
	file     string
	sizes    map[*yaml.Node]int // of what has an anchor, once it is known
	walked   int                // nodes
	size     int                // of what was walked, each alias with all that it stands for
	full     bool               // it is too large, and the rest is not worth a look
	problems Problems
}

func (s *strict) refuse(at *yaml.Node, clause, says string) {
	if len(s.problems) < mostProblems {
		s.problems = append(s.problems, Problem{File: s.file, Line: max(at.Line, 1), Column: max(at.Column, 1), Clause: clause, Says: says})
	}
}

// value checks a node and all in it, and counts its values.
func (s *strict) value(n *yaml.Node, clause string) {
	if s.full {
		return
	}
	s.walked++
	if n.Kind == yaml.AliasNode {
		s.alias(n, clause)
		return
	}
	before := s.size
	s.count(n, clause, 1)
	if n.Style&yaml.TaggedStyle != 0 {
		s.refuse(n, clause, fmt.Sprintf("the tag %.60s stands here; values need none", n.Tag))
	}
	switch n.Kind {
	case yaml.ScalarNode:
		s.text(n, clause)
	case yaml.MappingNode:
		s.mapping(n, clause)
	default:
		s.items(n, clause, len(n.Content))
		for _, item := range n.Content {
			s.value(item, clause)
		}
	}
	if n.Anchor != "" {
		s.sizes[n] = s.size - before
	}
}

// alias counts what it stands for. One that stands for something around itself would never end.
func (s *strict) alias(n *yaml.Node, clause string) {
	size, known := s.sizes[n.Alias]
	if !known {
		s.refuse(n, clause, fmt.Sprintf("the alias *%.60s stands for a value that it is a part of", n.Value))
	}
	s.count(n, clause, size)
}

// count stops the walk at the value with which the document is too large.
func (s *strict) count(at *yaml.Node, clause string, more int) {
	if s.size += more; s.size <= mostValues || s.full {
		return
	}
	s.full = true
	says := fmt.Sprintf("the document has more than %d values; a policy has fewer", mostValues)
	if s.walked < s.size/2 {
		says = fmt.Sprintf("the document has more than %d values; its aliases repeat too much", mostValues)
	}
	s.refuse(at, clause, says)
}

func (s *strict) mapping(n *yaml.Node, clause string) {
	s.items(n, clause, len(n.Content)/2)
	seen := make(map[string]bool, len(n.Content)/2)
	for key, value := range pairs(n) {
		switch {
		case s.full:
			return
		case key.Kind != yaml.ScalarNode || key.Anchor != "" || key.Style&yaml.TaggedStyle != 0:
			s.refuse(key, clause, "a key is a word; "+what(key)+" stands here")
		case key.ShortTag() == "!!merge":
			s.refuse(key, clause, "keys are not merged with <<; write an alias for a whole value")
		case key.ShortTag() == "!!null" || len(key.Value) > longestKey:
			s.refuse(key, clause, fmt.Sprintf("a key is a word of at most %d characters", longestKey))
		case seen[key.Value]:
			s.refuse(key, join(clause, key.Value), fmt.Sprintf("the key %q is here twice", key.Value))
		default:
			seen[key.Value] = true
			s.text(key, clause)
			s.count(key, clause, 1)
			s.value(value, join(clause, key.Value))
		}
	}
}

func (s *strict) items(n *yaml.Node, clause string, count int) {
	if count > mostItems && !s.full {
		s.refuse(n, clause, fmt.Sprintf("%d items stand here; at most %d may", count, mostItems))
		s.full = true
	}
}

func (s *strict) text(n *yaml.Node, clause string) {
	if len(n.Value) > longestText {
		s.refuse(n, clause, fmt.Sprintf("the text has %d bytes; at most %d may stand here", len(n.Value), longestText))
	}
	for _, r := range n.Value { // an escape says what the text itself may not hold
		if hidden(r) {
			s.refuse(n, clause, fmt.Sprintf("the character %U stands here, which nobody sees; take it out", r))
			return
		}
	}
}
