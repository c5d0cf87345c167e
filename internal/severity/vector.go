package severity

import (
	"fmt"
	"strings"
)

// grammar is what one version of CVSS lets a vector say: its name and its metrics.
type grammar struct {
	name      string
	prefix    string   // how a vector begins before its first metric: "CVSS:3.1/"
	undefined string   // the value that says "not defined": "X"
	metrics   []metric // at most 32, in the order of the specification: that of canonical vectors
	base      int      // how many of them, the first ones, must be given
	ordered   bool     // no other order is allowed
	groups    []int    // where groups begin that are written whole or not at all, and where the last one ends
}

// metric is one metric that a vector may give, such as AV:N.
type metric struct {
	name   string
	title  string
	values []string // the first ones first where a scorer counts on it; "not defined" is not among them
}

// choices holds the value given for each metric of a grammar: the number of the value, from 1, or 0 for "not defined".
type choices [32]uint8

// defined reports whether one of the metrics from first up to, but not including, end has a value.
func (c *choices) defined(first, end int) bool {
	for _, v := range c[first:end] {
		if v != 0 {
			return true
		}
	}
	return false
}

// modified is the value of a modified metric or, where that is not defined, of its base metric.
func (c *choices) modified(metric, base int) uint8 {
	if c[metric] != 0 {
		return c[metric]
	}
	return c[base]
}

// read takes a vector apart and returns the values given and the canonical vector, which is the vector itself if it
// already is canonical.
func (g *grammar) read(vector string) (c choices, canonical string, err error) {
	rest, ok := strings.CutPrefix(vector, g.prefix)
	if !ok || len(vector) > maxVector {
		return c, "", fmt.Errorf("the vector must begin with %s and have at most %d bytes", g.prefix, maxVector)
	}
	var seen uint32
	inOrder, next := true, 0
	for more := true; more; {
		var item string
		item, rest, more = strings.Cut(rest, "/")
		k, v, err := g.item(item, next)
		if err != nil {
			return c, "", err
		}
		if seen&(1<<k) != 0 {
			return c, "", fmt.Errorf("%s is given twice", g.metrics[k].name)
		}
		if k < next {
			if g.ordered {
				return c, "", g.outOfOrder(k, next-1)
			}
			inOrder = false
		}
		inOrder = inOrder && v != 0
		seen |= 1 << k
		c[k], next = v, k+1
	}
	for k, m := range g.metrics[:g.base] {
		if c[k] == 0 {
			return c, "", fmt.Errorf("%s (%s) is missing; it is %s", m.name, m.title, either(m.values))
		}
	}
	if inOrder && (g.groups == nil || next <= g.base) {
		return c, vector, nil
	}
	return c, g.write(&c, len(vector)), nil
}

// item reads one "name:value" and returns the places of the metric and of its value. Vectors are mostly in order: the
// search begins at the metric expected next.
func (g *grammar) item(item string, next int) (k int, v uint8, err error) {
	name, value, ok := strings.Cut(item, ":")
	if !ok {
		return 0, 0, fmt.Errorf("%.20q is no metric; write a name, a colon and a value, as in AV:N", item)
	}
	for i := range g.metrics {
		if k = next + i; k >= len(g.metrics) {
			k -= len(g.metrics)
		}
		m := &g.metrics[k]
		if m.name != name {
			continue
		}
		for v := range m.values {
			if m.values[v] == value {
				return k, uint8(v + 1), nil
			}
		}
		if value == g.undefined && k >= g.base {
			return k, 0, nil
		}
		return 0, 0, g.noValue(k, value)
	}
	return 0, 0, g.noMetric(name)
}

// write makes the canonical vector.
func (g *grammar) write(c *choices, size int) string {
	var b strings.Builder
	b.Grow(size)
	b.WriteString(g.prefix)
	for k, m := range g.metrics {
		value := g.undefined
		switch {
		case c[k] != 0:
			value = m.values[c[k]-1]
		case !g.whole(c, k):
			continue
		}
		if k > 0 {
			b.WriteByte('/')
		}
		b.WriteString(m.name)
		b.WriteByte(':')
		b.WriteString(value)
	}
	return b.String()
}

// whole reports whether metric k belongs to a group that is written whole because one metric of it is defined.
func (g *grammar) whole(c *choices, k int) bool {
	for i, end := range g.groups {
		if k < end {
			return i > 0 && c.defined(g.groups[i-1], end)
		}
	}
	return false
}

func (g *grammar) noMetric(name string) error {
	all := make([]string, len(g.metrics))
	for k, m := range g.metrics {
		if strings.EqualFold(m.name, name) {
			return fmt.Errorf("metric %q is written %s", name, m.name)
		}
		all[k] = m.name
	}
	return fmt.Errorf("%s has no metric %.20q; it has %s", g.name, name, strings.Join(all, " "))
}

func (g *grammar) noValue(k int, value string) error {
	m := g.metrics[k]
	allowed := either(m.values)
	if k >= g.base {
		allowed += ", or " + g.undefined + " for not defined"
	}
	return fmt.Errorf("%s (%s) cannot be %.20q; it is %s", m.name, m.title, value, allowed)
}

// outOfOrder says that metric k comes too late, after a metric that it has to precede.
func (g *grammar) outOfOrder(k, after int) error {
	all := make([]string, len(g.metrics))
	for i, m := range g.metrics {
		all[i] = m.name
	}
	return fmt.Errorf("%s comes after %s; %s fixes the order %s",
		g.metrics[k].name, g.metrics[after].name, g.name, strings.Join(all, " "))
}
