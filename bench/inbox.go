package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// pagesOf are the benchmarks of the inbox with the most that their median may take in milliseconds.
var pagesOf = []struct {
	name, what string
	most       float64
}{
	{"first", "the inbox", 5}, {"newest", "the newest first", 5}, {"next", "the next page", 5}, {"state", "by state and late", 5},
	{"class", "by class and person", 5}, {"words", "by words", 5}, {"community", "what is public", 5}, {"metrics", "all measures, from the facts", 50},
}

// inbox asks for pages of 50 in a small crowd and in one that is ten times, or with -million a hundred times, as large: it must
// not matter. The program asks itself, without a network in between; the crowd is made of copies of real cases.
func (b *bench) inbox() error {
	small, err := crowd(10_000)
	if err != nil {
		return err
	}
	many := 100_000
	if b.million {
		many = 1_000_000
	}
	large, err := crowd(many)
	if err != nil {
		return err
	}
	for _, p := range pagesOf {
		few, lots := small[p.name]/1000, large[p.name]/1000
		b.row(fmt.Sprintf("%s, of %d cases [ms]", p.what, many), fmt.Sprintf("%.2f", lots), "", []float64{lots}, goal{most: p.most})
		if p.name != "metrics" { // which look at every case
			b.row(fmt.Sprintf("  times that of 10000 (%.2f)", few), "", "", []float64{lots / few}, goal{most: 2})
		}
	}
	return nil
}

// crowd runs the benchmarks of the inbox with so many cases, and returns the medians in microseconds. What it says of the time
// that reading takes, and of the memory, is printed as it is.
func crowd(cases int) (map[string]float64, error) {
	cmd := exec.Command("go", "test", "-run", "^$", "-bench", "^BenchmarkInbox$", "-benchtime", "300x", "-timeout", "2h", "-v",
		"./internal/casework", "-cases", strconv.Itoa(cases))
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", cmd, err, out)
	}
	medians := map[string]float64{}
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		words := strings.Fields(lines.Text())
		if _, says, told := strings.Cut(lines.Text(), "crowd_test.go:"); told {
			_, says, _ = strings.Cut(says, ": ")
			fmt.Printf("%d cases: %s\n", cases, says)
		}
		if len(words) < 2 || words[len(words)-1] != "p50-µs" {
			continue
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(words[0], "BenchmarkInbox/"), "-")
		if medians[name], err = strconv.ParseFloat(words[len(words)-2], 64); err != nil {
			return nil, fmt.Errorf("read %q: %w", lines.Text(), err)
		}
	}
	if len(medians) != len(pagesOf) {
		return nil, fmt.Errorf("the benchmarks of the inbox say %d figures, want %d:\n%s", len(medians), len(pagesOf), out)
	}
	return medians, nil
}
