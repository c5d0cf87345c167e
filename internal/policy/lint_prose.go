package policy

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// proseTime: the words that people read promise one time, and what the program keeps is another.
var proseTime = lint{
	code:  "prose-time",
	rules: []string{"L10", "L20"},
	why:   "people read the words, and the program keeps the time",
	fix:   "write the same time in both, or none in the words",
	find: func(x *inquiry) {
		compare := func(clause, text string, kept []Duration) {
			if len(kept) == 0 {
				return
			}
			for _, said := range saidTimes(text) {
				if !slices.ContainsFunc(kept, func(d Duration) bool { return d.Approx() == said.length }) {
					x.found(clause, "it says %q, and what is kept is %s", said.words, either(each(kept, Duration.Words)))
				}
			}
		}
		for _, c := range x.Document.Clocks {
			compare("clocks."+c.Name+".says", c.Says, c.times())
		}
		for _, s := range x.Document.Stages {
			compare("stages."+s.Name+".says", s.Says, x.stageTimes(s))
		}
		x.eachRequirement(func(clause string, q Requirement) {
			if q.Wait != nil {
				compare(clause+".says", q.Says, []Duration{q.Wait.For})
			}
		})
	},
}

// times are all times of a clock.
func (c Clock) times() []Duration {
	var all []Duration
	for _, w := range []*Within{c.Target, c.Within, c.Reminder} {
		if w == nil {
			continue
		}
		for _, class := range sortedClasses(w.ByClass) {
			all = append(all, w.ByClass[class])
		}
		all = append(all, w.All)
	}
	all = append(all, c.AtLeast)
	return slices.DeleteFunc(all, Duration.Zero)
}

func sortedClasses(times map[string]Duration) []string {
	var classes []string
	for class := range times {
		classes = append(classes, class)
	}
	slices.Sort(classes)
	return classes
}

// stageTimes are the times that the words of a stage may speak of: of its clock, of the waits before its step, and of those
// that are counted from what it reaches.
func (p *Policy) stageTimes(s Stage) []Duration {
	var all []Duration
	for _, c := range p.Document.Clocks {
		if c.Name == s.Clock {
			all = append(all, c.times()...)
		}
	}
	_, notice, _ := strings.Cut(s.Done, ":")
	p.eachRequirement(func(clause string, q Requirement) {
		if q.Wait == nil {
			return
		}
		before := within(clause, "steps."+s.Step) || notice != "" && within(clause, "notices."+notice)
		if _, from, _ := strings.Cut(q.Wait.Mark(), ":"); before || q.Wait.Mark() == s.Done || notice != "" && from == notice {
			all = append(all, q.Wait.For)
		}
	})
	return all
}

// eachRequirement visits the requirements of all steps and notices.
func (p *Policy) eachRequirement(visit func(clause string, q Requirement)) {
	for _, s := range p.Document.Steps {
		for _, q := range s.Requires {
			visit("steps."+s.Step+".requires."+q.Name, q)
		}
	}
	for _, n := range p.Document.Notices {
		for _, q := range n.Requires {
			visit("notices."+n.Name+".requires."+q.Name, q)
		}
	}
}

// saidTime is a time as somebody wrote it.
type saidTime struct {
	words  string
	length time.Duration
}

var (
	timeWords = regexp.MustCompile(`(?i)\b(half an?|an?|\d{1,4}|` + strings.Join(numbers, "|") + `|twenty|thirty|forty|sixty|ninety)[ -](minute|hour|day|week|month)s?\b`)
	numbers   = []string{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen"}
	tens      = map[string]int{"twenty": 20, "thirty": 30, "forty": 40, "sixty": 60, "ninety": 90}
	units     = map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour,
		"month": Duration{Months: 1}.Approx()}
)

// saidTimes are the times that a text speaks of.
func saidTimes(text string) []saidTime {
	var all []saidTime
	for _, m := range timeWords.FindAllStringSubmatch(prose(text), -1) {
		count, unit := strings.ToLower(m[1]), units[strings.ToLower(m[2])]
		length := unit
		switch n, err := strconv.Atoi(count); {
		case err == nil:
			length = time.Duration(n) * unit
		case strings.HasPrefix(count, "half"):
			length = unit / 2
		case tens[count] > 0:
			length = time.Duration(tens[count]) * unit
		case slices.Contains(numbers, count):
			length = time.Duration(slices.Index(numbers, count)+1) * unit
		}
		all = append(all, saidTime{m[0], length})
	}
	return all
}

// wholeWord finds some words as they are written, not as a part of longer ones.
func wholeWord(words string) *regexp.Regexp {
	return regexp.MustCompile(`(^|[^\pL\pN_])` + regexp.QuoteMeta(words) + `($|[^\pL\pN_])`)
}

// ofClass finds the title of a class where it says how grave something is, written as a title: many are words of every day.
func ofClass(title string) *regexp.Regexp {
	t := regexp.QuoteMeta(title)
	return regexp.MustCompile(`\b(` + t + `(\s+(and|or)\s+\pL+)?[\s-]+(severity|severities|issues?|vulnerabilit(y|ies)|ones|cases?|findings?)|(?i:severity\s+(of\s+)?` + t + `))\b`)
}
