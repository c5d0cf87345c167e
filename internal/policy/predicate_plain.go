package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"
)

// What a predicate may be made of. The language it is written in can do more: ranges, loops, regular expressions, powers,
// growing texts; some of it is worked out while a predicate is compiled. None of that says anything about one case, so what
// is not in these lists is refused before the compiler sees it, and no predicate takes longer than it is to read.
var (
	binaries = []string{"==", "!=", "<", "<=", ">", ">=", "&&", "and", "||", "or", "in"}
	unaries  = []string{"!", "not", "-"}
)

// plainPredicate refuses a text that is more than comparisons, names, values and calls of functions of the environment.
func plainPredicate(text string) error {
	if len(text) > longestPredicate {
		return fmt.Errorf("a predicate has at most %d characters", longestPredicate)
	}
	config := conf.CreateNew()
	config.MaxNodes = mostNodes
	tree, err := parser.ParseWithConfig(text, config)
	if err != nil {
		return notPredicate(err)
	}
	v := plainness{}
	ast.Walk(&tree.Node, &v)
	return v.err
}

// notPredicate says what another library found, in its first line.
func notPredicate(err error) error {
	says, _, _ := strings.Cut(err.Error(), "\n")
	return fmt.Errorf("this is no predicate: %s; the names are %s", says, strings.Join(factNames(), ", "))
}

// plainness finds the first part of a predicate that it may not have.
type plainness struct{ err error }

// Visit is called by expr for each node, the inner ones first.
func (v *plainness) Visit(node *ast.Node) {
	if v.err != nil {
		return
	}
	switch x := (*node).(type) {
	case *ast.IdentifierNode, *ast.BoolNode, *ast.StringNode, *ast.IntegerNode, *ast.FloatNode:
	case *ast.ArrayNode:
		if !onlyWords(x.Nodes) {
			v.err = errors.New("this is no predicate: a list in it holds words in quotes and nothing else")
		}
	case *ast.UnaryNode:
		if !slices.Contains(unaries, x.Operator) {
			v.err = outOfPlace(x.Operator)
		}
	case *ast.BinaryNode:
		if !slices.Contains(binaries, x.Operator) {
			v.err = outOfPlace(x.Operator)
		} else if isFunction(x.Left) || isFunction(x.Right) {
			v.err = onlyCalls()
		}
	case *ast.CallNode:
		// The compiler looks no name up in here: at_least(hihg) would be an error of every case that comes.
		if !isFunction(x.Callee) || !onlyWords(x.Arguments) {
			v.err = onlyCalls()
		}
	case *ast.BuiltinNode: // all, filter, len, …
		v.err = onlyCalls()
	default: // a.b, a[0], a ? b : c, let, {…}, nil
		v.err = errors.New("this is no predicate: it compares facts with values and joins that with !, && and ||")
	}
}

func outOfPlace(operator string) error {
	return fmt.Errorf("this is no predicate: %s may not stand in it; these may: !, %s", operator, strings.Join(binaries, ", "))
}

func onlyCalls() error {
	return fmt.Errorf("this is no predicate: it may call %s only, with a word in quotes", strings.Join(factFunctions(), " and "))
}

func onlyWords(nodes []ast.Node) bool {
	return !slices.ContainsFunc(nodes, func(n ast.Node) bool {
		_, word := n.(*ast.StringNode)
		return !word
	})
}

func isFunction(n ast.Node) bool {
	id, ok := n.(*ast.IdentifierNode)
	return ok && slices.Contains(factFunctions(), id.Value)
}
