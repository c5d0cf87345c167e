package main

import (
	"bufio"

	"github.com/tipstaff/tipstaff/internal/severity"
)

type cvssCommand struct {
	Vectors []string `arg:"" name:"vector" help:"The vectors, of CVSS 2.0, 3.0, 3.1 or 4.0; - reads them from standard input, one a line."`
}

// Run prints a line for each vector: the vector, what its number is called, the number, the rating; or the error.
func (c *cvssCommand) Run(d *desk) error {
	out := bufio.NewWriter(d.out)
	bad := false
	score := func(vector string) error {
		line, ok := severity.Line(vector)
		bad = bad || !ok
		_, err := out.WriteString(line + "\n")
		return err
	}
	for _, v := range c.Vectors {
		if v != "-" {
			if err := score(v); err != nil {
				return err
			}
			continue
		}
		lines := bufio.NewScanner(d.in)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if err := score(lines.Text()); err != nil {
				return err
			}
		}
		if err := lines.Err(); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if bad {
		return errNo
	}
	return nil
}
