package tipstaff_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCommandsInTheDocsExist holds each command in a block of the paper to the program: the command is there, and takes the
// flags that the paper gives it.
func TestCommandsInTheDocsExist(t *testing.T) {
	papers, err := filepath.Glob("docs/guide/*.md")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, paper := range append(papers, "README.md", "CONTRIBUTING.md") {
		text, err := os.ReadFile(paper)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range commandsIn(string(text)) {
			found++
			words, flags := partsOf(line)
			out, err := helpOf(words...)
			for err != nil && len(words) > 1 { // the last word may be what the command takes
				words = words[:len(words)-1]
				out, err = helpOf(words...)
			}
			if err != nil {
				t.Errorf("%s: %s: %v", paper, line, err)
			}
			for _, flag := range flags {
				if !strings.Contains(out, flag+"=") && !strings.Contains(out, flag+" ") && !strings.Contains(out, flag+"\n") {
					t.Errorf("%s: %s: the command takes no %s", paper, line, flag)
				}
			}
		}
	}
	if found < 15 {
		t.Errorf("only %d commands were found: are the blocks still read?", found)
	}
}

// commandsIn are the lines of the blocks of a paper that run the program.
func commandsIn(text string) (lines []string) {
	block := false
	for line := range strings.Lines(text) {
		switch line = strings.TrimSpace(line); {
		case strings.HasPrefix(line, "```"):
			block = !block
		case block && strings.HasPrefix(line, "tipstaff "):
			lines = append(lines, strings.TrimPrefix(line, "tipstaff "))
		}
	}
	return lines
}

// partsOf are the words before the first flag or value, and the flags.
func partsOf(line string) (words, flags []string) {
	for _, w := range strings.Fields(line) {
		switch {
		case strings.HasPrefix(w, "--"):
			flags = append(flags, strings.SplitN(w, "=", 2)[0])
		case len(flags) == 0 && !strings.ContainsAny(w, "=./…\"") && w == strings.ToLower(w):
			words = append(words, w)
		}
	}
	return words, flags
}
