package casework

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/store"
)

// A calendar shows what is over for so long, and is read anew after so many hours.
const (
	feedKeeps = 30 * 24 * time.Hour
	feedHours = 1
)

// Feed is the calendar of somebody: the instants that they may know, as they stand now, compared with what the feed of that id gave
// last. Calendars hang in offices and on telephones: a title says of which kind an instant is and the number of the case, and nothing
// of the case. What its reader may no longer read is not in it, and what no longer holds is struck out.
func (w *Casework) Feed(ctx context.Context, project cvd.ProjectID, id string, who cvd.Actor) ([]byte, error) {
	f, err := w.store.Feed(ctx, project, id)
	if err != nil {
		return nil, err
	}
	now := w.Now()
	near, said, err := w.instants(ctx, who, f.Given, now)
	if err != nil {
		return nil, err
	}
	given, changed, err := compared(w.rand, f.Given, said, near, now)
	if err != nil {
		return nil, err
	}
	if changed {
		f.Given = given
		if err := w.store.KeepFeed(ctx, f); err != nil {
			return nil, err
		}
	}
	var entries []policy.Entry
	for _, g := range given {
		entries = append(entries, policy.Entry{UID: g.UID + "@tipstaff", Summary: "Tipstaff: " + g.Says + " (" + string(g.Case) + ")", Start: g.At, End: g.At,
			Sequence: g.Sequence, Changed: g.Changed, Cancelled: g.Cancelled, Private: true})
	}
	return policy.WriteFeed("Tipstaff", feedHours, entries), nil
}

// instants are what a calendar says now of all cases that somebody may know, and how near they stand to each: of the open ones, and of
// those that the calendar told of before. The cost is that of the list of open cases.
func (w *Casework) instants(ctx context.Context, who cvd.Actor, before []store.Given, now time.Time) (near map[cvd.CaseID]cvd.Tier, said []store.Given, err error) {
	near = map[cvd.CaseID]cvd.Tier{}
	p, err := w.project(who.Project)
	if err != nil {
		return nil, nil, err
	}
	look := func(cases []cvd.Case) error {
		for _, c := range cases {
			v, ok := cvd.Look(c, who, now)
			if _, known := near[c.ID]; known || !ok || v.Erased != nil || v.Tier == cvd.ForPublic {
				continue
			}
			a := &asking{who: who, c: c.At(now), project: p, now: now}
			if a.p, err = w.policy(ctx, p, c.Policy); err != nil {
				return err
			}
			near[c.ID] = v.Tier
			said = append(said, a.instants(v)...)
		}
		return nil
	}
	if who.Standing != cvd.Member {
		c, err := w.store.Case(ctx, who.Project, who.Case)
		if err != nil {
			return nil, nil, absent(err)
		}
		return near, said, look([]cvd.Case{c})
	}
	for after, more := (store.Cursor{}), who.May(cvd.See); more; more = after != (store.Cursor{}) {
		cases, next, err := w.store.Cases(ctx, p.ID, store.Page{After: after, Limit: 100, Open: true})
		if err != nil {
			return nil, nil, fmt.Errorf("read cases of %s: %w", p.ID, err)
		}
		if err := look(cases); err != nil {
			return nil, nil, err
		}
		after = next
	}
	var told []cvd.CaseID
	for _, g := range before {
		if _, known := near[g.Case]; !known && !slices.Contains(told, g.Case) {
			told = append(told, g.Case)
		}
	}
	cases, err := w.store.Some(ctx, p.ID, told)
	if err != nil {
		return nil, nil, err
	}
	return near, said, look(cases)
}

// instants are what a calendar says of one case, as its reader may know it.
func (a *asking) instants(v cvd.View) (all []store.Given) {
	add := func(key, says string, at time.Time) {
		if !at.IsZero() {
			all = append(all, store.Given{Case: v.ID, Key: key, Says: says, At: at.UTC().Truncate(time.Second), Tier: v.Tier})
		}
	}
	if v.Embargo.State.InForce() {
		add("embargo", "embargo ends", v.Embargo.Until)
	}
	add("answer", "answer is due", a.ownAnswerBy())
	for _, p := range v.Proposals {
		if p.Open() && p.By != a.who.ID {
			add(fmt.Sprintf("proposal %d", p.Number), "answer to a proposal is due", p.AnswerBy)
		}
	}
	if v.Disclosure.Armed() {
		add("publication", "publication", v.Disclosure.Due)
	}
	if v.Disclosure.At.IsZero() {
		add("planned", "planned publication", v.Ahead.At)
		release, _ := v.Countdown.Due()
		if v.Countdown.At.IsZero() && v.Countdown.Height == 0 {
			release = time.Time{}
		}
		add("release", "release", release)
	}
	for _, k := range v.Clocks {
		if k.Open() && k.Kind.Promise() {
			add("promise "+k.Key(), "promise is due", k.Due)
		}
	}
	if v.Tier < cvd.ForReporter { // nothing is worked out from what they may not read
		return all
	}
	a.foresees(&v)
	for i, x := range v.Plan {
		switch x.Kind {
		case "deadline":
			add(fmt.Sprintf("deadline %d", x.Report), "deadline", x.At)
		case "set":
			if x.Clause != "embargo" && x.Clause != "steps.disclose" {
				add(cmp.Or("date "+x.Clause, fmt.Sprint(i)), "planned date", x.At)
			}
		}
	}
	return all
}

// ownAnswerBy is until when the asker's own word to the embargo, or to an invitation, is waited for.
func (a *asking) ownAnswerBy() time.Time {
	if a.who.Standing == cvd.Finder && a.who.Report >= 1 && a.who.Report <= len(a.c.Reports) {
		if r := a.c.Reports[a.who.Report-1]; r.Consent == cvd.Invited {
			return r.AnswerBy
		}
	}
	if p := a.c.Party(a.who.ID); p != nil && a.who.Standing == cvd.Guest && !p.Refused && !p.Gone() && (p.Consent == cvd.Invited || !p.Joined()) {
		return p.AnswerBy
	}
	return time.Time{}
}

// compared is what a calendar gives after what it gave before. What moved is the same event in a later edition; what no longer holds
// is struck out, unless it came to pass; what its reader stands too far from now is gone without a word.
func compared(rand io.Reader, before, said []store.Given, near map[cvd.CaseID]cvd.Tier, now time.Time) (given []store.Given, changed bool, err error) {
	same := func(x store.Given) func(store.Given) bool {
		return func(y store.Given) bool { return x.Case == y.Case && x.Key == y.Key }
	}
	for _, g := range before {
		tier, reads := near[g.Case]
		i := slices.IndexFunc(said, same(g))
		switch {
		case i >= 0:
			if x := said[i]; !g.At.Equal(x.At) || g.Cancelled || g.Says != x.Says {
				g.At, g.Says, g.Cancelled, g.Sequence, g.Changed, changed = x.At, x.Says, false, g.Sequence+1, now, true
			}
			g.Tier = said[i].Tier
		case !reads || tier < g.Tier:
			changed = true
			continue
		case !g.Cancelled && g.At.After(now):
			g.Cancelled, g.Sequence, g.Changed, changed = true, g.Sequence+1, now, true
		}
		if i < 0 && g.At.Add(feedKeeps).Before(now) && g.Changed.Add(feedKeeps).Before(now) {
			changed = true
			continue
		}
		given = append(given, g)
	}
	for _, x := range said {
		if slices.ContainsFunc(before, same(x)) || x.At.Add(feedKeeps).Before(now) {
			continue
		}
		uid := make([]byte, 16)
		if _, err := io.ReadFull(rand, uid); err != nil {
			return nil, false, fmt.Errorf("draw the name of an event: %w", err)
		}
		x.UID, x.Changed, changed = hex.EncodeToString(uid), now, true
		given = append(given, x)
	}
	slices.SortStableFunc(given, func(x, y store.Given) int {
		return cmp.Or(x.At.Compare(y.At), cmp.Compare(x.UID, y.UID))
	})
	return given, changed, nil
}
