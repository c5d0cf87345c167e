package severity

import (
	"fmt"
	"strings"
)

// grammar is what one version of CVSS lets a vector say: its name and its metrics.
type grammar struct {
	name    string
	metrics []metric // at most 32, in the order of the specification: that of canonical vectors
	base    int      // how many of them, the first ones, must be given
	ordered bool     // no other order is allowed
}

// metric is one metric that a vector may give, such as AV:N.
type metric struct {
	name   string
	title  string
	values []string // the first ones first where a scorer counts on it; X (not defined) is not among them
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
	rest, ok := strings.CutPrefix(vector, g.name)
	if ok {
		rest, ok = strings.CutPrefix(rest, "/")
	}
	if !ok || len(vector) > maxVector {
		return c, "", fmt.Errorf("the vector must begin with %s/ and have at most %d bytes", g.name, maxVector)
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
	if inOrder {
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
		if value == "X" && k >= g.base {
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
	b.WriteString(g.name)
	for k, m := range g.metrics {
		if c[k] == 0 {
			continue
		}
		b.WriteByte('/')
		b.WriteString(m.name)
		b.WriteByte(':')
		b.WriteString(m.values[c[k]-1])
	}
	return b.String()
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
		allowed += ", or X for not defined"
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
