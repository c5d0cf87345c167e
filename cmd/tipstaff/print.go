package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// plain makes a text safe for a terminal: a title may hold sequences that move the cursor, hide what follows, or turn the
// direction of writing.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < 0x20 || r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e || r == 0x200f:
			return '\uFFFD'
		}
		return r
	}, text)
}

// say prints a line for people.
func (d *desk) say(format string, args ...any) {
	fmt.Fprintln(d.out, plain(fmt.Sprintf(format, args...)))
}

// json prints a value for programs.
func (d *desk) json(v any) error {
	e := json.NewEncoder(d.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// read reads a file, or standard input for "-".
func (d *desk) read(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(d.in)
	}
	return os.ReadFile(name)
}

// text is what was written on the command line, or what a file holds that is named after an @; @@ is an @.
func (d *desk) text(written string) (string, error) {
	name, is := strings.CutPrefix(written, "@")
	if !is || strings.HasPrefix(name, "@") {
		return name, nil
	}
	b, err := d.read(name)
	return string(bytes.TrimSuffix(b, []byte("\n"))), err
}
