package web

import (
	"fmt"
	"strings"
)

// codeLine is one line of a document, by its number from 1, with what is said of it.
type codeLine struct {
	Number int
	Text   string
	Notes  []lineNote
}

// lineNote is one thing that is wrong with a line, or could be.
type lineNote struct {
	Grade          string // wrong, open, explained, told
	Clause         clause
	Says, Why, Fix string
	Ways           []string
	Line           int
}

// linesOf numbers the lines of a document.
func linesOf(text string, notes ...lineNote) []codeLine {
	var out []codeLine
	for line := range strings.Lines(text) {
		out = append(out, codeLine{Number: len(out) + 1, Text: strings.TrimRight(line, "\r\n")})
	}
	for _, n := range notes {
		if len(out) > 0 {
			at := &out[min(max(n.Line, 1), len(out))-1]
			at.Notes = append(at.Notes, n)
		}
	}
	return out
}

// lineURL leads to a line on the page that shows the document.
func lineURL(line int) string {
	if line < 1 {
		return ""
	}
	return fmt.Sprintf("#L%d", line)
}
