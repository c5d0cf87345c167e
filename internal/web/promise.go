package web

import (
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// promises are the clocks of a policy as a table: a row for each clock, a column for each class if one depends on it.
type promises struct {
	Classes []class
	Rows    []promise
}

type class struct{ Name, Title, Style string }

type promise struct {
	Title, Course, Only string
	Cells               []cell
	Clause              clause
}

// cell is for one class, or spans all of them.
type cell struct {
	Span  int
	Lines []string
}

// limit is one time of a clock in words: "within 24 hours", or what it is for each class.
type limit struct {
	all string
	by  map[string]string
}

// promises reads the clocks of a project's policy.
func (s *server) promises(id cvd.ProjectID) (promises, error) {
	p, err := s.Casework.PolicyOf(id)
	if err != nil {
		return promises{}, err
	}
	d := &p.Document
	var out promises
	var limits [][]limit
	notices, tracks, kinds := map[string]string{}, map[string]string{}, map[string]string{}
	for _, n := range d.Notices {
		notices[n.Name] = n.Title
	}
	for _, t := range d.Tracks {
		tracks[t.Name] = t.Title
	}
	for _, k := range d.Kinds {
		kinds[k.Name] = k.Title
	}
	for _, k := range d.Clocks {
		only := append(titled(k.Tracks, tracks), titled(k.Kinds, kinds)...)
		out.Rows = append(out.Rows, promise{Title: k.Title, Only: strings.Join(only, ", "),
			Course: "from " + markWords(k.From, notices) + " to " + markWords(k.Until, notices), Clause: s.clausesOf(id, 0).at("clocks." + k.Name)})
		var all []limit
		for i, w := range list(k.Target, k.Within, k.Reminder) {
			if w == nil {
				continue
			}
			word, l := [...]string{"aim: ", "within ", "reminder after "}[i], limit{by: map[string]string{}}
			if !w.All.Zero() {
				l.all = word + w.All.Words()
			}
			for name, each := range w.ByClass {
				l.by[name] = word + each.Words()
			}
			for name, event := range w.Event {
				l.by[name] = "with the " + words(event)
			}
			all = append(all, l)
		}
		if !k.AtLeast.Zero() {
			all = append(all, limit{all: "takes at least " + k.AtLeast.Words()})
		}
		limits = append(limits, all)
	}
	for _, c := range d.Severity.Classes {
		if slices.ContainsFunc(slices.Concat(limits...), func(l limit) bool { return l.by[c.Name] != "" }) {
			out.Classes = append(out.Classes, class{c.Name, c.Title, severityStyle(c.Name)})
		}
	}
	for i := range out.Rows {
		out.Rows[i].Cells = cells(limits[i], out.Classes)
	}
	return out, nil
}

// titled are the titles of what a part of the policy is for; none when it is for all.
func titled(names []string, titles map[string]string) []string {
	var out []string
	for _, name := range names {
		out = append(out, lowerFirst(titles[name]))
	}
	return out
}

// cells lays out what a clock says: one cell over all classes, or one for each.
func cells(limits []limit, classes []class) []cell {
	if !slices.ContainsFunc(limits, func(l limit) bool { return len(l.by) > 0 }) {
		one := cell{Span: max(len(classes), 1)}
		for _, l := range limits {
			one.Lines = append(one.Lines, l.all)
		}
		return []cell{one}
	}
	var out []cell
	for _, c := range classes {
		each := cell{Span: 1}
		for _, l := range limits {
			if says := l.by[c.Name]; says != "" {
				each.Lines = append(each.Lines, says)
			} else if l.all != "" {
				each.Lines = append(each.Lines, l.all)
			}
		}
		out = append(out, each)
	}
	return out
}
