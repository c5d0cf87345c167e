package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// said is one comment of the public discussion, as those who may let it pass see it.
type said struct {
	Number                int
	At                    moment
	Who, Text, Saw, State string
	Because               string
	ShowURL, HideURL      string
}

// issueDraft is the text of a public issue, ready for the project's tracker.
type issueDraft struct{ Title, Body, Tracker, New string }

// erased is what is left of a case whose content was destroyed.
type erased struct {
	At, Closed, Lingers moment
	By, Why             string
	Events, Files       int
}

// public lays out what a case says in the open: the discussion, held and hidden comments included where the asker sees them, and
// what reporters proposed for the date.
func (v *workView) public(s *server, view cvd.View, z zone) {
	for _, k := range view.Comments {
		x := said{Number: k.Number, At: z.at(k.At), Who: k.Name, Text: k.Text, Saw: sawIt(k), Because: k.Because}
		switch {
		case k.Held():
			x.State = "held: only the team and its author read it"
		case k.Hidden():
			x.State = "hidden"
		}
		if v.Can["moderate"] {
			to := v.Path + "/moderate?comment=" + strconv.Itoa(k.Number)
			if k.Held() || k.Hidden() {
				x.ShowURL = to + "&verdict=show"
			}
			if !k.Hidden() {
				x.HideURL = to + "&verdict=hide"
			}
		}
		v.Comments = append(v.Comments, x)
	}
	v.Spread = s.spread(view)
	for _, p := range view.Proposals {
		state := p.Answer
		if state == "" {
			state = "waits for an answer"
		}
		until := z.at(p.Until)
		v.Proposals = append(v.Proposals, row{Title: fmt.Sprintf("%d: %s", p.Number, join(until.Day+" "+until.Hour, until.Local)), By: s.name(view, p.By), At: z.at(p.At), State: state, Text: p.Because})
	}
}

// spread says in one sentence how far the ratings of members lie apart: the classes from the mildest to the gravest, and the
// scores. One rating lies nowhere apart from others.
func (s *server) spread(view cvd.View) string {
	p, err := s.Casework.PolicyOf(view.Project)
	if err != nil || len(view.Ratings) < 2 {
		return ""
	}
	var classes []string
	for _, k := range slices.Backward(p.Document.Severity.Classes) { // the policy names the worst first
		if slices.ContainsFunc(view.Ratings, func(r cvd.Rating) bool { return r.Class == k.Name }) {
			classes = append(classes, k.Title)
		}
	}
	var scores []float64
	for _, r := range view.Ratings {
		if r.Vector != "" {
			scores = append(scores, r.Score)
		}
	}
	says := []string{strconv.Itoa(len(view.Ratings)) + " ratings"}
	switch n := len(classes); {
	case n == 1:
		says = append(says, "all say "+classes[0])
	case n > 1:
		says = append(says, "from "+classes[0]+" to "+classes[n-1])
	}
	if len(scores) > 1 {
		says = append(says, fmt.Sprintf("scores from %.1f to %.1f", slices.Min(scores), slices.Max(scores)))
	}
	return strings.Join(says, ", ") + "."
}
