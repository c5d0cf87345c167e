package policy

import (
	"fmt"
	"slices"
	"strings"
)

// promisedTwice: of one promise that stands in two places, one is wrong.
var promisedTwice = lint{
	code:  "promised-twice",
	rules: []string{"L20"},
	why:   "people hold the project to the shorter time, and the program warns of the longer one",
	fix:   "write the time once, or the same time in both places",
	find: func(x *inquiry) {
		all := x.promised()
		for i, later := range all {
			for _, first := range all[:i] {
				if !first.alike(later) {
					continue
				}
				if words := x.disagree(later.within, first.within); words != "" {
					x.found(later.clause, "from %s until %s it promises %s by %s", later.from, later.until, words, first.clause).Conflicts = []string{first.clause}
				}
			}
		}
	},
}

// promise is a time that the document gives for something, wherever it does.
type promise struct {
	clause        string
	from, until   string
	tracks, kinds []string
	when          string
	within        *Within
}

// promised are all such times.
func (x *inquiry) promised() (all []promise) {
	d := &x.Document
	for _, c := range d.Clocks {
		if c.Within != nil {
			all = append(all, promise{limitClause(c), c.From, c.Until, c.Tracks, c.Kinds, c.When, c.Within})
		}
	}
	if post := d.Disclosure.Details; post != nil {
		all = append(all, promise{"disclosure.details.after", post.From, "explained", nil, nil, "", &Within{All: post.After}})
	}
	if d.Bounty != nil && !d.Bounty.Within.Zero() {
		all = append(all, promise{"bounty.within", d.Bounty.After, "rewarded", nil, nil, "", &Within{All: d.Bounty.Within}})
	}
	return all
}

// alike says whether two promises are about the same, for some case at least.
func (a promise) alike(b promise) bool {
	meet := func(a, b []string) bool {
		return len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
	}
	return a.from == b.from && a.until == b.until && a.when == b.when && meet(a.tracks, b.tracks) && meet(a.kinds, b.kinds)
}

// noBountyDate: money that is promised for some day is waited for every day.
var noBountyDate = lint{
	code:  "no-bounty-date",
	rules: []string{"F4"},
	why:   "who waits for money without a date asks every week, and in public in the end",
	fix:   "write bounty.within",
	find: func(x *inquiry) {
		if b := x.Document.Bounty; b != nil && b.Within.Zero() {
			x.found("bounty", "bounties are paid after %s, and nothing says by when", markWords(b.After))
		}
	},
}

// proseLiteral: what is written into a sentence stays there when the field changes.
var proseLiteral = lint{
	code: "prose-literal",
	why:  "when the field changes the sentence goes on saying what was so before",
	fix:  "write the clause in double braces where the sentence says it: {{clocks.response.within}}",
	find: func(x *inquiry) {
		holds := x.literals()
		for _, s := range x.sentences() {
			text := placeholder.ReplaceAllString(prose(s.is), "")
			for _, said := range saidTimes(text) {
				if clause := x.holding(s.clause, said); clause != "" {
					x.found(s.clause, "%q stands there in words, and %s holds it", said.words, clause).Conflicts = []string{clause}
				}
			}
			for _, l := range holds {
				if l.in(text) {
					x.found(s.clause, "%q stands there in words, and %s holds it", l.words, l.clause).Conflicts = []string{l.clause}
				}
			}
		}
	},
}

// holding is the clause of a time that a sentence repeats: the nearest to the sentence, if several are the same.
func (x *inquiry) holding(clause string, said saidTime) (nearest string) {
	closest := -1
	for _, d := range x.allDurations() {
		if d.is.Approx() != said.length {
			continue
		}
		if near := shared(clause, d.clause); near > closest {
			nearest, closest = d.clause, near
		}
	}
	return nearest
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
	in            func(text string) bool
}

// literals are the handles, channels, addresses and classes of the document that nobody takes for ordinary words.
func (x *inquiry) literals() (all []literal) {
	d := &x.Document
	whole := func(words, clause string) {
		if len(words) >= 3 {
			find := wholeWord(words)
			all = append(all, literal{words, clause, find.MatchString})
		}
	}
	for _, m := range d.People {
		whole(m.Name, "people."+m.Name)
		if m.Title != m.Name {
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
		if strings.ContainsAny(c.Title, " #@") { // a name of one word may be any word
			whole(c.Title, "channels."+c.Name+".title")
		}
	}
	for _, c := range d.Severity.Classes {
		find := ofClass(c.Title)
		all = append(all, literal{c.Title, "severity.classes." + c.Name + ".title", find.MatchString})
	}
	return all
}
