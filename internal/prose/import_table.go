package prose

import (
	"regexp"
	"strings"
)

// row reads a row of a table: of severities with their bands and times, or of versions with their support.
func (r *reader) row(b Block) {
	if len(b.Cells) < 2 {
		return
	}
	name, word := r.classOf(b.Cells[0])
	if name == "" && severityHead.MatchString(r.column(0)) && len(r.own) < 20 {
		name, word = slug(b.Cells[0]), b.Cells[0]
		r.own[strings.ToLower(word)] = name
	}
	if name == "" {
		r.contactRow(b)
		r.version(b)
		return
	}
	value := ""
	for i, cell := range b.Cells {
		head := strings.ToLower(r.column(i))
		if i == 0 || strings.Contains(head, "cvss") || strings.Contains(head, "score") || head == "" || len(spans(cell)) == 0 {
			if found := bandOf(cell); found != "" && value == "" {
				value = found
			}
		}
	}
	r.class(name, word, value, b.Line, b.Text, High)
	for i, cell := range b.Cells[1:] {
		if head := r.column(i + 1); head != "" {
			r.cell(head, name, cell, b)
		}
	}
}

var severityHead = regexp.MustCompile(`(?i)^(?:severity|class|priority|rating|risk|impact)(?: level| class| rating)?$`)

func (r *reader) column(i int) string {
	if i < len(r.table) {
		return r.table[i]
	}
	return ""
}

// cell is what a table promises for a class.
func (r *reader) cell(title, class, cell string, b Block) {
	r.promises(Statement{Kind: "clock", Title: title, Line: b.Line, Text: b.Text, Confidence: High}, class, cell)
}

var (
	yes = regexp.MustCompile(`(?i)^\W*(?:yes|✅|✔|✓|:white_check_mark:|:heavy_check_mark:|supported|active|maintained|true|lts|security fixes.*|current|stable)`)
	not = regexp.MustCompile(`(?i)^\W*(?:no\b|not |❌|✖|✗|:x:|:negative_squared_cross_mark:|unsupported|eol|end[ -]of[ -]life|false|deprecated)`)
)

// version reads a row of the table of supported versions.
func (r *reader) version(b Block) {
	at, support := -1, -1
	for i, head := range r.table {
		switch h := strings.ToLower(head); {
		case strings.HasPrefix(h, "version"), at < 0 && (strings.Contains(h, "version") || strings.Contains(h, "release") || h == "branch"):
			at = i
		case strings.Contains(h, "support"), strings.Contains(h, "security fix"), strings.Contains(h, "status"), strings.Contains(h, "maintained"):
			support = i
		}
	}
	if at < 0 || at >= len(b.Cells) || b.Cells[at] == "" {
		return
	}
	value, sure := b.Cells[at], High
	switch {
	case support < 0 || support >= len(b.Cells):
		sure = Guess
	case not.MatchString(b.Cells[support]):
		value += ": no"
	case yes.MatchString(b.Cells[support]):
		value += ": yes"
	default:
		value, sure = value+": "+b.Cells[support], Guess
	}
	title := b.Cells[at]
	if at > 0 && len(spans(b.Cells[at-1])) == 0 {
		title = b.Cells[at-1]
	}
	r.add(Statement{Kind: "line", Clause: "products.lines." + strings.ReplaceAll(lineName(title), ".", "_"), Value: value, Title: title, Line: b.Line, Text: b.Text, Confidence: sure})
}
