package prose

import (
	"encoding/json"
	"fmt"
	"strings"
)

// JSON is everything that was found as a list of objects of one shape: the statements, then with kinds of their own the
// contradictions, the questions and the damage.
func (d Draft) JSON() ([]byte, error) {
	all := append([]Statement{}, d.Statements...)
	for _, c := range d.Contradictions() {
		first := c.Statements[0]
		all = append(all, Statement{File: first.File, Line: first.Line, Kind: "contradiction", Clause: c.Clause, Value: first.Value, Confidence: first.Confidence, Text: c.Says})
	}
	for _, q := range d.Questions {
		all = append(all, Statement{File: q.File, Kind: "question", Clause: q.Clause, Confidence: High, Text: q.Asks + " " + q.Why})
	}
	for _, x := range d.Damage {
		all = append(all, Statement{File: d.File, Line: x.Line, Kind: "damage", Value: x.Is, Confidence: High, Text: x.Was})
	}
	out, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write statements: %w", err)
	}
	return append(out, '\n'), nil
}

// Words is everything that was found for people, one line for each.
func (d Draft) Words() []byte {
	var b strings.Builder
	for _, s := range d.Statements {
		fmt.Fprintf(&b, "%s:%d: %s = %s (%s)\n", s.File, s.Line, s.Clause, value(s), s.Confidence)
	}
	section := func(title string, lines []string) {
		if len(lines) > 0 {
			fmt.Fprintf(&b, "\n%s\n  %s\n", title, strings.Join(lines, "\n  "))
		}
	}
	var differently, unsaid, damaged []string
	for _, c := range d.Contradictions() {
		differently = append(differently, c.Clause+": "+c.Says)
	}
	for _, q := range d.Questions {
		unsaid = append(unsaid, q.Clause+": "+q.Asks+" "+q.Why)
	}
	for _, x := range d.Damage {
		damaged = append(damaged, x.String())
	}
	section("Said differently in different places:", differently)
	section("Not said:", unsaid)
	section("Damaged characters:", damaged)
	return []byte(b.String())
}

// value is what a statement says, with the name of whom or what it is about.
func value(s Statement) string {
	switch {
	case s.Kind == "class" && s.Value == "":
		return s.Title
	case s.Kind == "contact" && s.Title != "" && !strings.Contains(s.Value, s.Title):
		return s.Title + ", " + s.Value
	}
	return short(s.Value)
}

// String says where the run is, and what it was meant to be.
func (d Damage) String() string {
	return fmt.Sprintf("line %d, column %d: %q is %s, read as %s", d.Line, d.Column, d.Was, d.Is, d.Encoding)
}
