package policy

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// Classify completes a triage decision about a case by the policy: the class from score and category, the track by the
// tracks' own criteria, and whether the case itself may be seen from now on. The score is that of t.Vector; scored says
// whether there is one. What a person stated stands, if it agrees with the policy or says why not.
func (p *Policy) Classify(c cvd.Case, t *cvd.Triaged, score float64, scored bool) error {
	t.Score, t.Scored = score, scored
	if t.Sensitive == nil {
		return cvd.Fieldf("/sensitive", "decide whether the details would help an attacker")
	}
	if t.Kind != "" {
		if _, err := p.Kind(t.Kind); err != nil {
			return err
		}
	}
	if err := p.chooseClass(t); err != nil {
		return err
	}
	f := p.decided(c, t)
	p.raise(&c, t, &f)
	track, err := p.chooseTrack(c, t)
	if err != nil {
		return err
	}
	t.Track = track.Name
	t.Public = track.Public && !*t.Sensitive || !c.Disclosure.At.IsZero() // what was published stays so
	return nil
}

// chooseClass fills in the class, or checks the one that was stated.
func (p *Policy) chooseClass(t *cvd.Triaged) error {
	s := p.Document.Severity
	if s.Scheme == "none" {
		switch {
		case t.Class != "":
			return cvd.Fieldf("/class", "this policy does not class severities; leave it out")
		case t.Category != "":
			return cvd.Fieldf("/category", "this policy has no categories; leave it out")
		case t.ImpactLevel != "" || t.Likelihood != "":
			return cvd.Fieldf("/impact_level", "this policy has no matrix of impact and likelihood; leave both out")
		}
		return nil
	}
	if t.Class != "" && !slices.Contains(p.classNames(), t.Class) {
		return cvd.Fieldf("/class", "there is no class %q here; choose one of %s", t.Class, strings.Join(p.classNames(), ", "))
	}
	if t.Category != "" && !slices.Contains(p.categoryNames(), t.Category) {
		return cvd.Fieldf("/category", "there is no category %q here; choose one of %s", t.Category, strings.Join(p.categoryNames(), ", "))
	}
	if len(s.Systems) > 0 && t.Vector != "" && !slices.ContainsFunc(s.Systems, func(system string) bool {
		return system == systemOf(t.Vector)
	}) {
		return cvd.Fieldf("/vector", "this is a vector of %s; this policy takes those of %s", systemOf(t.Vector), strings.Join(s.Systems, ", "))
	}
	due, from := p.dueClass(t)
	if cell, err := p.classOfMatrix(t); err != nil {
		return err
	} else if cell != "" && (due == "" || s.Precedence != "category" && p.atLeast(cell, due)) {
		due, from = cell, "the matrix"
	}
	switch {
	case t.Class == "" && due == "" && t.Scored:
		return cvd.Fieldf("/vector", "the score %.1f lies in no band of this policy; state the class", t.Score)
	case t.Class == "" && due == "" && s.Matrix != nil:
		return cvd.Fieldf("/impact_level", "give impact_level and likelihood, a category or a class: one of %s", strings.Join(p.classNames(), ", "))
	case t.Class == "" && due == "":
		return cvd.Fieldf("/class", "give a vector, a category or a class: one of %s", strings.Join(p.classNames(), ", "))
	case t.Class == "":
		t.Class = due
	case t.Class == due || strings.TrimSpace(t.Because) != "":
	case due != "":
		return cvd.Fieldf("/because", "%s makes it %s, not %s: say why you decided otherwise", from, due, t.Class)
	case s.Scheme == "cvss" && p.band(t.Class):
		return cvd.Fieldf("/because", "a severity of %s rests on a vector or a category here: give one, or say why", t.Class)
	}
	return nil
}

// systemOf is the system that a vector is of. Those of CVSS 2.0 do not say so.
func systemOf(vector string) string {
	if head, _, _ := strings.Cut(vector, "/"); strings.HasPrefix(head, "CVSS:") {
		return head
	}
	return "CVSS:2.0"
}

// dueClass is the class that score and category make by the policy's precedence, with what decided.
func (p *Policy) dueClass(t *cvd.Triaged) (class, from string) {
	scored, floor := "", p.classOfCategory(t.Category)
	if t.Scored && p.Document.Severity.Scheme == "cvss" {
		scored = p.classOfScore(t.Score)
	}
	byCategory := false
	switch p.Document.Severity.Precedence {
	case "category":
		byCategory = floor != ""
	case "score":
		byCategory = scored == ""
	default: // max: the worse of the two; then the category is the reason, and no other is asked for
		byCategory = scored == "" || floor != "" && p.atLeast(floor, scored)
	}
	if byCategory {
		return floor, "the category"
	}
	return scored, "the score"
}

// classOfScore is the class in whose band a score lies, to the one decimal that scores have. A class without a band is for
// what has no score, so it takes 0.0 if no band does.
func (p *Policy) classOfScore(score float64) string {
	tenths := math.Round(score * 10)
	for _, k := range p.Document.Severity.Classes {
		if k.From != nil && k.To != nil && math.Round(*k.From*10) <= tenths && tenths <= math.Round(*k.To*10) {
			return k.Name
		}
	}
	if tenths == 0 {
		for _, k := range p.Document.Severity.Classes {
			if k.From == nil {
				return k.Name
			}
		}
	}
	return ""
}

func (p *Policy) classOfCategory(category string) string {
	for _, k := range p.Document.Severity.Classes {
		if slices.ContainsFunc(k.Categories, func(c Category) bool { return category != "" && c.Name == category }) {
			return k.Name
		}
	}
	return ""
}

// Class finds a severity class by its name, and its rank: 1 for the worst. An unknown name has rank 0.
func (p *Policy) Class(name string) (k Class, rank int) {
	i := slices.IndexFunc(p.Document.Severity.Classes, func(k Class) bool { return k.Name == name })
	if i < 0 {
		return Class{}, 0
	}
	return p.Document.Severity.Classes[i], i + 1
}

// band says whether a class has a band of scores.
func (p *Policy) band(class string) bool {
	return slices.ContainsFunc(p.Document.Severity.Classes, func(k Class) bool { return k.Name == class && k.From != nil })
}

// atLeast says whether a class is another or worse; nothing is at least as bad as no class.
func (p *Policy) atLeast(class, other string) bool {
	rank := func(name string) int {
		return slices.IndexFunc(p.Document.Severity.Classes, func(k Class) bool { return k.Name == name })
	}
	a, b := rank(class), rank(other)
	return a >= 0 && b >= 0 && a <= b
}

// chooseTrack is the first track whose criteria the decision meets, or the stated one, which must meet its own or be explained.
func (p *Policy) chooseTrack(c cvd.Case, t *cvd.Triaged) (Track, error) {
	decided := p.decided(c, t)
	if t.Track != "" {
		stated, ok := p.TrackOf(t.Track)
		if !ok {
			return Track{}, cvd.Fieldf("/track", "there is no track %q here; choose one of %s", t.Track, strings.Join(p.trackNames(), ", "))
		}
		if !p.holds(stated.When, &decided, false) && strings.TrimSpace(t.Because) == "" {
			return Track{}, &cvd.Error{Kind: cvd.Invalid, Field: "/because", Clause: "tracks." + stated.Name,
				Says: "the " + stated.Name + " track is for other cases (" + cmp.Or(stated.Criteria, stated.When) + "): say why you chose it"}
		}
		return stated, nil
	}
	for _, track := range p.Document.Tracks {
		if p.holds(track.When, &decided, false) {
			return track, nil
		}
	}
	return p.defaultTrack(), nil
}

// decided are the facts of a case as a triage decision makes them.
func (p *Policy) decided(c cvd.Case, t *cvd.Triaged) facts {
	decided := p.factsOf(c, c.ChangedAt)
	decided.Class, decided.Score, decided.Scored, decided.Category = t.Class, t.Score, t.Scored, t.Category
	decided.Sensitive, decided.Decided = *t.Sensitive, true
	decided.AtLeast = func(class string) bool { return p.atLeast(t.Class, class) }
	if t.Kind != "" {
		decided.Kind = t.Kind
	}
	if t.Impact != "" {
		decided.Impact = t.Impact
	}
	return decided
}

func (p *Policy) classNames() []string {
	var names []string
	for _, k := range p.Document.Severity.Classes {
		names = append(names, k.Name)
	}
	return names
}

func (p *Policy) categoryNames() []string {
	var names []string
	for _, k := range p.Document.Severity.Classes {
		for _, c := range k.Categories {
			names = append(names, c.Name)
		}
	}
	return names
}

func (p *Policy) trackNames() []string {
	var names []string
	for _, t := range p.Document.Tracks {
		names = append(names, t.Name)
	}
	return names
}
