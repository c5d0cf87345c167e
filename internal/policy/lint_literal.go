package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// proseLiteral: what is written into a sentence stays there when the field changes.
var proseLiteral = lint{
	code:  "prose-literal",
	rules: []string{"L10"},
	why:   "when the field changes the sentence goes on saying what was so before",
	fix:   "write the clause in double braces where the sentence says it: {{clocks.response.within}}",
	find: func(x *inquiry) {
		holds := x.literals()
		for _, s := range x.sentences() {
			text, told := filling.ReplaceAllString(prose(s.is), ""), map[string]bool{}
			tell := func(words, clause string) {
				if clause != "" && !told[words] && !x.wrong[[2]string{s.clause, words}] {
					told[words] = true
					x.found(s.clause, "%q stands there in words, and %s holds it", words, clause).Conflicts = []string{clause}
				}
			}
			for _, said := range saidTimes(text) {
				tell(said.words, x.holding(s.clause, said))
			}
			folded := foldCase(text)
			for i := range holds {
				l := &holds[i]
				if owner, _, _ := cutLast(l.clause); !within(s.clause, owner) && l.in(text, folded) {
					tell(l.words, l.clause)
				}
			}
		}
	},
}

// holding is the clause of a time that a sentence repeats: the nearest to the sentence, if several are the same. "One day" may
// be any day, so that it counts only where the sentence stands beside the time.
func (x *inquiry) holding(clause string, said saidTime) (nearest string) {
	closest, near := -1, x.near(clause)
	if anyDay.MatchString(said.words) {
		closest = 1
	}
	for _, d := range x.allDurations() {
		if d.is.Approx() != said.length || within(d.clause, "alone") {
			continue
		}
		for _, to := range near {
			if n := shared(to, d.clause); n > closest {
				nearest, closest = d.clause, n
			}
		}
	}
	return nearest
}

var anyDay = regexp.MustCompile(`(?i)^(an?|one)\b`)

// near are the clauses that a sentence is about, from the nearest: its own, and of a stage its clock and the waits before it.
func (x *inquiry) near(clause string) []string {
	near := []string{clause}
	for _, s := range x.Document.Stages {
		if !within(clause, "stages."+s.Name) {
			continue
		}
		if s.Clock != "" {
			near = append(near, "clocks."+s.Clock)
		}
		_, notice, _ := strings.Cut(s.Done, ":")
		x.eachRequirement(func(here string, q Requirement) {
			if q.Wait != nil && (within(here, "steps."+s.Step) || q.Wait.Mark() == s.Done || notice != "" && q.Wait.Notice == notice) {
				near = append(near, here)
			}
		})
	}
	return near
}

// shared is how many names two clauses have in common from the beginning.
func shared(a, b string) int {
	these, those := strings.Split(a, "."), strings.Split(b, ".")
	n := 0
	for n < len(these) && n < len(those) && these[n] == those[n] {
		n++
	}
	return n
}

// literal is a name that a field holds and that a sentence should take from there.
type literal struct {
	words, clause string
	folded        string // the words in one case, if only some sentences write them as they are
	finds         func(words string) *regexp.Regexp
	made          *regexp.Regexp
}

// in says whether a sentence, which comes with its folded form, has the literal. Most have not: the expression is made for the
// first sentence that has its letters.
func (l *literal) in(text, folded string) bool {
	if l.folded == "" && !strings.Contains(text, l.words) || l.folded != "" && !strings.Contains(folded, l.folded) {
		return false
	}
	if l.made == nil {
		l.made = l.finds(l.words)
	}
	return l.made.MatchString(text)
}

// foldCase writes a text in one case, as a regular expression that heeds none takes letters for the same: the Kelvin sign is a k.
func foldCase(text string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r + 'A' - 'a'
		}
		least := r
		if r > unicode.MaxASCII {
			for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
				least = min(least, next)
			}
		}
		return least
	}, text)
}

// properName is a name whose words are all written as names are.
var properName = regexp.MustCompile(`^\p{Lu}\S*( [\p{Lu}(]\S*)*$`)

// literals are the people, channels, addresses and classes of the document that nobody takes for ordinary words.
func (x *inquiry) literals() (all []literal) {
	d := &x.Document
	whole := func(words, clause string) {
		if len(words) >= 3 {
			all = append(all, literal{words: words, clause: clause, finds: wholeWord})
		}
	}
	for _, m := range d.People {
		if strings.ContainsAny(m.Name, "0123456789-_.") { // a name of one word may be any word
			whole(m.Name, "people."+m.Name)
		}
		if properName.MatchString(m.Title) && !slices.ContainsFunc(d.Roles, func(r Role) bool { return strings.EqualFold(r.Title, m.Title) }) {
			whole(m.Title, "people."+m.Name+".title")
		}
		for i, h := range m.Reach {
			whole(h.Is, fmt.Sprintf("people.%s.reach.%d.is", m.Name, i+1))
		}
	}
	whole(d.Contacts.Mail, "contacts.mail")
	for _, t := range d.Tracks {
		for i, r := range t.Routes {
			whole(r.Channel, nth("tracks."+t.Name+".routes", i)+".channel")
		}
	}
	for _, c := range d.Channels {
		if strings.ContainsAny(c.Title, " #@") {
			whole(c.Title, "channels."+c.Name+".title")
		}
	}
	for _, c := range d.Severity.Classes {
		all = append(all, literal{words: c.Title, clause: "severity.classes." + c.Name + ".title", folded: foldCase(c.Title), finds: ofClass})
	}
	return all
}
