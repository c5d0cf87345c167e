package policy

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Flat is the document as one text that stands alone: what an installation keeps and enforces, so that nothing changes under
// a case when a document that this one extends does, or a calendar that is shipped. Read gives the same policy for it. A
// document that stands alone already is its own text, byte for byte.
func (p *Policy) Flat() []byte { return bytes.Clone(p.flat) }

// flatten writes the nodes of a document and of all that it stands on, which it may change.
func (p *Policy) flatten(root *yaml.Node) []byte {
	without(root, headKeys)
	inTheOrderOf(root, reflect.TypeFor[Document]())
	for _, c := range p.Document.Calendars {
		if n := find(root, "calendars."+c.Name); n != nil && c.File != "" {
			writeOut(n, p.WorkTime(c.Name))
		}
	}
	file := path.Base(p.file)
	var out bytes.Buffer
	fmt.Fprintf(&out, "# This is %s with all that it stands on (%s), as tipstaff read it. Change %s and not this text.\n",
		file, strings.Join(slices.Concat(p.below, p.calendarNames()), ", "), file)
	d, err := yaml.NewDumper(&out, yaml.WithLineWidth(-1))
	if err == nil {
		err = d.Dump(root)
	}
	if err == nil {
		err = d.Close()
	}
	if err != nil {
		panic("nodes that were read cannot be written: " + err.Error())
	}
	return out.Bytes()
}

// inTheOrderOf brings the keys of a mapping into the order of a type's fields: what a document has of its own comes first.
func inTheOrderOf(n *yaml.Node, t reflect.Type) {
	order, all := keysOf(t), [][2]*yaml.Node{}
	for key, value := range pairs(n) {
		all = append(all, [2]*yaml.Node{key, value})
	}
	slices.SortStableFunc(all, func(a, b [2]*yaml.Node) int {
		return cmp.Compare(slices.Index(order, a[0].Value), slices.Index(order, b[0].Value))
	})
	n.Content = n.Content[:0]
	for _, pair := range all {
		n.Content = append(n.Content, pair[0], pair[1])
	}
}

// writeOut puts the days of a calendar's file in the place of its name.
func writeOut(n *yaml.Node, c *WorkTime) {
	without(n, []string{"file", "holidays"})
	list := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, text := range c.dates() {
		list.Content = append(list.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text, Style: yaml.DoubleQuotedStyle})
	}
	if len(list.Content) > 0 {
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "holidays"}, list)
	}
}

// dependsOnCalendars says whether days come from files, beside the document or shipped.
func (p *Policy) dependsOnCalendars() bool { return len(p.calendarNames()) > 0 }

// calendarNames are the files of the calendars.
func (p *Policy) calendarNames() []string {
	var names []string
	for _, c := range p.Document.Calendars {
		if c.File != "" && !slices.Contains(names, c.File) {
			names = append(names, c.File)
		}
	}
	return names
}
