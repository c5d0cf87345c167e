package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"

	"github.com/tipstaff/tipstaff/cvd"
)

// facts are what a predicate may ask of a case. The tag is the name that a policy uses.
type facts struct {
	Class         string  `expr:"class"`          // the severity in force, "" before it is decided
	Score         float64 `expr:"score"`          // only says something where scored
	Scored        bool    `expr:"scored"`         // whether a vector was scored
	Category      string  `expr:"category"`       // the kind of weakness, as triage named it
	Sensitive     bool    `expr:"sensitive"`      // whether the details would help an attacker
	Decided       bool    `expr:"decided"`        // whether that was decided
	Track         string  `expr:"track"`          // how the case is handled
	Kind          string  `expr:"kind"`           // what the reporter came with
	Impact        string  `expr:"impact"`         // the impact analysis
	Priority      string  `expr:"priority"`       // as the team accepted the work
	Notice        string  `expr:"notice"`         // the notice in question, in requirements of notices
	Reports       int     `expr:"reports"`        // how many reports the case bundles
	Public        bool    `expr:"public"`         // the matter is publicly known
	ExploitPublic bool    `expr:"exploit_public"` // so is a way to exploit it
	Attacks       bool    `expr:"attacks"`        // attacks were seen
	Emergency     bool    `expr:"emergency"`      // any of these three before the project published
	FixReady      bool    `expr:"fix_ready"`      // every affected line has its patch or an exemption
	Disclosed     bool    `expr:"disclosed"`      // the advisory is published

	AtLeast func(class string) bool `expr:"at_least"` // the severity is that class or worse; before it is decided: no
	Marked  func(mark string) bool  `expr:"marked"`   // the mark was reached
}

// factNames are the names that a predicate may use, in the order of facts.
func factNames() []string {
	var names []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[facts]()) {
		names = append(names, f.Tag.Get("expr"))
	}
	return names
}

// factFunctions are those of the names that are called.
func factFunctions() []string {
	var names []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[facts]()) {
		if f.Type.Kind() == reflect.Func {
			names = append(names, f.Tag.Get("expr"))
		}
	}
	return names
}

// factsOf are the facts of a case at an instant.
func (p *Policy) factsOf(c cvd.Case, now time.Time) facts {
	return facts{
		Class: c.Severity.Class, Score: c.Severity.Score, Scored: c.Severity.Scored, Category: c.Severity.Category,
		Sensitive: c.Sensitive != nil && *c.Sensitive, Decided: c.Sensitive != nil, Track: c.Track, Kind: c.Kind,
		Impact: c.Impact, Priority: c.Priority, Reports: len(c.Reports), Public: c.CS.Public, ExploitPublic: c.CS.ExploitKnown,
		Attacks: c.CS.Attacks, Emergency: c.Emergency(), FixReady: c.CS.FixReady, Disclosed: !c.Disclosure.At.IsZero(),
		AtLeast: func(class string) bool { return p.atLeast(c.Severity.Class, class) },
		Marked:  func(mark string) bool { return reached(c, mark, now) },
	}
}

// A predicate longer than this, in bytes or in nodes, is a program.
const (
	longestPredicate = 500
	mostNodes        = 100
)

// compile prepares a predicate of the document, which must have been read. The error says what is allowed.
func (p *Policy) compile(text string) error {
	if _, done := p.predicates[text]; done {
		return nil
	}
	if err := plainPredicate(text); err != nil {
		return err
	}
	names := &nameCheck{known: map[string][]string{
		"class": p.classNames(), "at_least": p.classNames(), "category": p.categoryNames(), "marked": marks(&p.Document),
		"track":  named(func(d *Document) []Track { return d.Tracks }, func(x Track) string { return x.Name })(p),
		"kind":   named(func(d *Document) []Kind { return d.Kinds }, func(x Kind) string { return x.Name })(p),
		"notice": named(func(d *Document) []Notice { return d.Notices }, func(x Notice) string { return x.Name })(p),
	}}
	program, err := expr.Compile(text, expr.Env(facts{}), expr.AsBool(), expr.MaxNodes(mostNodes), expr.DisableAllBuiltins(),
		expr.Patch(names))
	if err != nil {
		return notPredicate(err)
	}
	if names.err != nil {
		return names.err
	}
	if p.predicates == nil {
		p.predicates = map[string]*vm.Program{}
	}
	p.predicates[text] = program
	return nil
}

// holds says whether a predicate is true; the empty one is. One that cannot be worked out gives the cautious answer.
func (p *Policy) holds(text string, f *facts, cautious bool) bool {
	if text == "" {
		return true
	}
	program := p.predicates[text]
	if program == nil {
		return cautious
	}
	value, err := expr.Run(program, *f)
	holds, ok := value.(bool)
	if err != nil || !ok {
		return cautious
	}
	return holds
}

// nameCheck finds a class, track or mark in a predicate that the policy does not have: it would be false for ever.
type nameCheck struct {
	known map[string][]string // what a fact is compared with, or a function called with
	err   error
}

// Visit is called by expr for each node of a predicate.
func (n *nameCheck) Visit(node *ast.Node) {
	switch x := (*node).(type) {
	case *ast.BinaryNode:
		n.compared(x.Left, x.Right)
		n.compared(x.Right, x.Left)
	case *ast.CallNode:
		for _, argument := range x.Arguments {
			n.compared(x.Callee, argument)
		}
	}
}

func (n *nameCheck) compared(fact, with ast.Node) {
	id, ok := fact.(*ast.IdentifierNode)
	if !ok {
		return
	}
	known, ok := n.known[id.Value]
	if !ok {
		return
	}
	values := []ast.Node{with}
	if list, ok := with.(*ast.ArrayNode); ok {
		values = list.Nodes
	}
	for _, v := range values {
		if text, ok := v.(*ast.StringNode); ok && text.Value != "" && !slices.Contains(known, text.Value) && n.err == nil {
			n.err = fmt.Errorf("%s is never %q here; it may be %s", id.Value, text.Value, strings.Join(known, ", "))
		}
	}
}
