package policy

import "slices"

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
