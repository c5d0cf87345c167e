package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// weigh refuses a difference if the rule of any document below forbids it.
func (h *heeding) weigh(d difference) {
	for _, a := range h.allowed {
		rule, at, ok := a.rule(d.clause)
		if !ok || rule.May == maySet {
			continue
		}
		says, allowed := "this differs", []string(nil)
		if rule.May != "nothing" {
			if says, allowed = h.oneWay(d, rule.May); says == "" {
				continue
			}
		}
		h.forbid(d, fmt.Sprintf("%s, and %s:%d lets others %s", says, a.file, at.line, rule.permits()), allowed)
		return
	}
}

// forbid notes a difference where the document says it: what was taken away, at the line that drops it.
func (h *heeding) forbid(d difference, says string, allowed []string) {
	at, file := place{line: d.at.Line, column: d.at.Column}, h.fileOf(d.at)
	if d.is == nil {
		for _, t := range h.taken {
			if within(d.clause, t.clause) {
				at, file = t.at, t.file
			}
		}
	}
	h.problem(file, at, d.clause, says, allowed...)
}

// gone refuses that a clause which a rule names is no longer there because something around it was dropped or written anew.
func (h *heeding) gone(was, is *yaml.Node) {
	for _, a := range h.allowed {
		for i, rule := range a.rules {
			if rule.May == maySet || find(was, rule.Clause) == nil || find(is, rule.Clause) != nil {
				continue
			}
			told := slices.ContainsFunc(h.problems, func(p Problem) bool { return within(rule.Clause, p.Clause) })
			if !told {
				h.forbid(difference{clause: rule.Clause, at: is},
					fmt.Sprintf("this is no longer there, and %s:%d lets others %s", a.file, a.at[i].line, rule.permits()), nil)
			}
		}
	}
}

// oneWay says what is wrong with a difference where values may only go down, or only up; nothing, if they do.
func (h *heeding) oneWay(d difference, may string) (says string, allowed []string) {
	switch {
	case d.words:
		return "", nil
	case d.is == nil:
		return "this is taken away", nil
	case d.was == nil:
		if slices.Contains(givesWay, d.clause[strings.LastIndexByte(d.clause, '.')+1:]) {
			return "this was not there and lets what holds give way", nil
		}
		if d.item || d.is.Kind == yaml.MappingNode || isNamed(d.is) {
			return "", nil // something more is asked for
		}
		if _, _, ok := measured(d.is); ok {
			return "", nil
		}
		return "this was not there and changes where the rest holds", nil
	}
	for _, pair := range h.measures(d.was, d.is) {
		was, unit, a := measured(pair[0])
		is, other, b := measured(pair[1])
		switch {
		case !a && !b:
			return "this differs", nil
		case !a || !b || unit != other:
			return fmt.Sprintf("%s stands here in the place of %s", what(pair[1]), what(pair[0])), nil
		case may == mayLower && is > was:
			return fmt.Sprintf("this is raised from %s to %s", pair[0].Value, pair[1].Value), []string{pair[0].Value + " or less"}
		case may == mayRaise && is < was:
			return fmt.Sprintf("this is lowered from %s to %s", pair[0].Value, pair[1].Value), []string{pair[0].Value + " or more"}
		}
	}
	if missing := h.unnamed(d); missing != "" {
		return "there is no longer a time for " + missing, nil
	}
	return "", nil
}

// givesWay are the keys that make what holds hold less: a requirement that is also met otherwise, a promise that may be moved.
var givesWay = []string{"or", "extend"}

// lifted refuses a contingency that lifts what a rule below protects.
func (h *heeding) lifted(was, is *yaml.Node) {
	before := map[string]bool{}
	for clause := range lifts(was) {
		before[clause] = true
	}
	for clause, at := range lifts(is) {
		if before[clause] {
			continue
		}
		for _, a := range h.allowed {
			for i, rule := range a.rules {
				if rule.May != maySet && (within(rule.Clause, clause) || within(clause, rule.Clause)) {
					h.forbid(difference{clause: "contingencies", at: at, is: at},
						fmt.Sprintf("this lifts %s, and %s:%d lets others %s", clause, a.file, a.at[i].line, rule.permits()), nil)
				}
			}
		}
	}
}

// lifts are the clauses that the contingencies of a document lift, with where they say so.
func lifts(n *yaml.Node) func(yield func(clause string, at *yaml.Node) bool) {
	return func(yield func(string, *yaml.Node) bool) {
		all := find(n, "contingencies")
		if all == nil {
			return
		}
		for _, item := range all.Content {
			if i := indexOf(behind(item), "lifts"); i >= 0 {
				for _, clause := range behind(item).Content[i].Content {
					if !yield(plain(clause.Value), clause) {
						return
					}
				}
			}
		}
	}
}

// measures pairs each value that was with each that took its place: one time may have become one for each class, and
// the other way round.
func (h *heeding) measures(was, is *yaml.Node) [][2]*yaml.Node {
	each := func(n *yaml.Node) []*yaml.Node {
		if n.Kind != yaml.MappingNode {
			return []*yaml.Node{n}
		}
		var values []*yaml.Node
		for _, value := range pairs(n) {
			values = append(values, value)
		}
		return values
	}
	var all [][2]*yaml.Node
	for _, a := range each(was) {
		for _, b := range each(is) {
			all = append(all, [2]*yaml.Node{a, b})
		}
	}
	return all
}

// unnamed are the classes that had a time, because all had the same, and have none now.
func (h *heeding) unnamed(d difference) string {
	if d.was.Kind != yaml.ScalarNode || d.is.Kind != yaml.MappingNode {
		return ""
	}
	var missing []string
	for _, class := range h.classes {
		if indexOf(d.is, class) < 0 {
			missing = append(missing, class)
		}
	}
	return strings.Join(missing, ", ")
}

// measured is a duration in seconds, or a number.
func measured(n *yaml.Node) (value float64, unit string, ok bool) {
	if n.Kind != yaml.ScalarNode {
		return 0, "", false
	}
	if d, err := ParseDuration(n.Value); err == nil {
		return d.Approx().Seconds(), "time", true
	}
	if tag := n.ShortTag(); tag == "!!int" || tag == "!!float" {
		if f, err := strconv.ParseFloat(n.Value, 64); err == nil {
			return f, "number", true
		}
	}
	return 0, "", false
}
