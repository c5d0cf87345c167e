package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// weights reads one weight per line: its name, and a whole number.
func weights(field, text string) (map[string]int64, error) {
	all := map[string]int64{}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		n, err := strconv.ParseInt(words[len(words)-1], 10, 64)
		if err != nil || len(words) != 2 {
			return nil, cvd.Fieldf(field, "write one per line, its name and a whole number: voting_power 120")
		}
		all[words[0]] = n
	}
	return all, nil
}

// weightsText is the opposite of weights.
func weightsText(all map[string]int64) string {
	var out []string
	for name, n := range all {
		out = append(out, fmt.Sprintf("%s %d", name, n))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// handles reads one handle per line: the service, the handle, and the day on which it was last seen to answer.
func handles(field, text string) ([]cvd.Handle, error) {
	var all []cvd.Handle
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if len(words) < 2 || len(words) > 3 {
			return nil, cvd.Fieldf(field, "write one per line, the service, the handle and the day on which it last answered: matrix @olga:example.org 2026-03-02")
		}
		h := cvd.Handle{Service: strings.ToLower(words[0]), Is: words[1]}
		if len(words) == 3 {
			var err error
			if h.Verified, err = time.Parse(time.DateOnly, words[2]); err != nil {
				return nil, cvd.Fieldf(field, "%q is no day: write it as 2026-03-02", words[2])
			}
		}
		all = append(all, h)
	}
	return all, nil
}

// handlesText is the opposite of handles.
func handlesText(all []cvd.Handle) string {
	var out []string
	for _, h := range all {
		line := h.Service + " " + h.Is
		if !h.Verified.IsZero() {
			line += " " + h.Verified.UTC().Format(time.DateOnly)
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// numbers reads whole numbers that somebody chose.
func numbers(typed []string) []int {
	var all []int
	for _, text := range typed {
		if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil {
			all = append(all, n)
		}
	}
	return all
}

// parties are those of the case.
func (s *stepForm) parties() (out []choice) {
	for _, p := range s.view.Parties {
		out = append(out, choice{Value: string(p.ID), Label: p.Name + " (" + string(p.State(s.at)) + ")"})
	}
	return out
}

// joined are the parties that take part.
func (s *stepForm) joined() (out []choice) {
	for _, p := range s.view.Parties {
		if p.Joined() && !p.Gone() {
			out = append(out, choice{Value: string(p.ID), Label: p.Name})
		}
	}
	return out
}

func (s *stepForm) threads() (out []choice) {
	for _, t := range s.view.Threads {
		out = append(out, choice{Value: strconv.Itoa(t.Number), Label: t.Title})
	}
	return out
}

func (s *stepForm) audiences() (out []choice) {
	for _, a := range s.policy.Document.Audiences {
		out = append(out, choice{Value: a.Name, Label: a.Title})
	}
	return out
}
