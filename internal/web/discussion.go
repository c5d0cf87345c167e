package web

import (
	"fmt"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// talk is the discussion of a public case, with who could reproduce it.
type talk struct {
	Open     bool // to whoever signs in and may comment
	Join     string
	Tried    string // in one sentence, how the attempts ended
	Attempts []attempt
	Comments []comment
}

type attempt struct {
	At                    moment
	Who, Version, Outcome string
}

// comment is one word of the discussion, or the trace of one that was hidden.
type comment struct {
	ID       string
	At       moment
	Who      string
	Text     string
	Saw      string // whether they saw it happen, in words
	Hidden   bool
	Because  string
	HiddenAt moment
}

// outcomes are how an attempt ends, in words.
var outcomes = map[string]string{"reproduced": "reproduced it", "partly": "reproduced it in part", "not_reproduced": "did not reproduce it"}

// talkOf lays out the discussion of a view.
func talkOf(v cvd.View, join string, z zone) *talk {
	if !v.Discuss && len(v.Comments) == 0 && len(v.Attempts) == 0 {
		return nil
	}
	out := &talk{Open: v.Discuss, Join: join}
	count := map[string]int{}
	for _, a := range v.Attempts {
		count[a.Outcome]++
		out.Attempts = append(out.Attempts, attempt{z.at(a.At), a.Name, a.Version, outcomes[a.Outcome]})
	}
	for _, k := range v.Comments {
		c := comment{ID: fmt.Sprint("comment-", k.Number), At: z.at(k.At), Who: k.Name, Text: k.Text, Hidden: k.Hidden(), Because: k.Because, HiddenAt: z.at(k.HiddenAt)}
		c.Saw = sawIt(k)
		switch k.Reproduced {
		case "yes":
			count["reproduced"]++
		case "no":
			count["not_reproduced"]++
		}
		out.Comments = append(out.Comments, c)
	}
	out.Tried = tried(count)
	return out
}

// sawIt says whether the author of a comment could reproduce the matter, "" where that is not said.
func sawIt(k cvd.Comment) string {
	says := map[string]string{"yes": "could reproduce it", "no": "could not reproduce it"}[k.Reproduced]
	if says != "" && k.Version != "" {
		says += " with " + k.Version
	}
	return says
}

// tried counts attempts in a sentence.
func tried(count map[string]int) string {
	var parts []string
	for _, outcome := range []string{"reproduced", "partly", "not_reproduced"} {
		if n := count[outcome]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", people(n), outcomes[outcome]))
		}
	}
	switch n := len(parts); n {
	case 0:
		return ""
	case 1:
		return upperFirst(parts[0]) + "."
	default:
		return upperFirst(strings.Join(parts[:n-1], ", ")) + " and " + parts[n-1] + "."
	}
}

// people counts them: whoever tried twice counts twice.
func people(n int) string {
	if n == 1 {
		return "one attempt"
	}
	return fmt.Sprintf("%d attempts", n)
}
