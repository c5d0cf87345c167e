package casework

import (
	"context"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Query asks for a page of the inbox. The zero Query is its first page: whatever is not closed, in the order of arrival.
// Nothing leaves that list but by being closed or erased, which takes a step and its outcome.
type Query struct {
	Words     string      // only those that hold all these words
	Show      string      // "" or "open": not closed; "closed", "all"
	State     string      // only those with this headline: "received", "fix ready" …
	Class     string      // only those of this severity class of the policy; "none": not decided
	Track     string      // only those on this track of the policy
	Kind      string      // only those of this kind of the policy
	Assigned  cvd.ActorID // only those that somebody works on; "me", "nobody"
	Waits     string      // only those that wait on "the project", "the reporter", "nobody"
	Late      bool        // only those with a promise or target whose instant has passed
	Untriaged bool        // only those that nobody has decided about
	Newest    bool        // the newest first
	After     string      // where the page before ended: its Next
	Limit     int         // 50 if not between 1 and 100
}

// filtered says whether the query asks for more than the list in order.
func (q Query) filtered() bool {
	q.Newest, q.After, q.Limit = false, "", 0
	return q != Query{} && q != Query{Show: "open"}
}

// Inbox is a page of the cases that an actor may see, with what waits in all of them.
type Inbox struct {
	Rows   []Row
	Next   string // the cursor of the next page; empty on the last
	Found  int    // how many cases the filters leave; -1 while that is being prepared
	Counts Counts // over all cases that the actor may see, whatever the filters
	// Preparing says that the program was started lately and still reads: the counters are not there, and the page is that
	// of the unfiltered list, whatever was asked. It lasts seconds.
	Preparing bool
}

// Counts are what waits. Somebody who may see only the public cases gets counts of those, without what is the team's own.
type Counts struct {
	All        int
	Open       int            // not closed
	Untriaged  int            // nobody has decided what they are
	Late       int            // open, and a promise or target has passed
	Unassigned int            // open, and nobody works on them; the team's own
	Waiting    int            // on the reporter
	Held       int            // letters that a person must release; the team's own
	States     map[string]int // by headline, those that are not closed first
	Classes    map[string]int // of the open ones, by severity class; "none": not decided
	Assigned   map[string]int // of the open ones, by handle; the team's own
	Team       bool           // whether the team's own are there
}

// Row is one case in the inbox, cut for the actor.
type Row struct {
	ID        cvd.CaseID
	Title     string
	Kind      string // a name of the policy, KindTitle in its words
	KindTitle string
	Track     string
	Headline  string
	Class     string // severity class of the policy; empty: not decided
	Severity  string // in the policy's words
	Rank      int    // of the class, from 1 for the worst; 0: not decided
	Score     float64
	Scored    bool
	Priority  string
	OpenedAt  time.Time
	Age       time.Duration // since it was opened
	ChangedAt time.Time
	Clock     *Promise // the open promise or target that is nearest, or longest overdue; nil: none runs
	Next      cvd.Next // who acts next, what they do, by when
	Assigned  []cvd.Assignment
	Public    bool // strangers see the case
	Reports   int
	Emergency bool // quiet is over while the case is open
	Unplanned bool // the matter is private, and nobody said when it becomes public, or why not; the team's own
	Tier      cvd.Tier
	Policy    int64 // the version that binds it
}

// Promise is a running clock as a list shows it.
type Promise struct {
	Name, Title string
	Kind        cvd.ClockKind // limit or target
	Due         time.Time
	Late        bool
}

// mostRows is how many rows a page has unless it is said.
const mostRows = 50

// Inbox is a page of the inbox of somebody on the project's roster: all cases for those who may see them, the public ones
// for the others, and nothing for anybody else.
func (w *Casework) Inbox(ctx context.Context, who cvd.Actor, q Query) (Inbox, error) {
	p, err := w.project(who.Project)
	if err != nil {
		return Inbox{}, err
	}
	if err := onRoster(who); err != nil {
		return Inbox{}, err
	}
	if q.Limit < 1 || q.Limit > 100 {
		q.Limit = mostRows
	}
	if !who.May(cvd.See) && q.Assigned != "" {
		return Inbox{}, cvd.Fieldf("/assigned", "who works on a case is the team's own affair: leave this filter out")
	}
	after, err := readCursor(q.After)
	if err != nil {
		return Inbox{}, err
	}
	in, filtered, err := w.look(ctx, p, who, q, after)
	if err != nil {
		return Inbox{}, err
	}
	var cases []cvd.Case
	if filtered != nil {
		cases, err = w.store.Some(ctx, p.ID, filtered)
	} else {
		var last store.Cursor
		if cases, last, err = w.store.Arrivals(ctx, p.ID, q.Newest, !who.May(cvd.See), after, q.Limit); last != (store.Cursor{}) {
			in.Next = writeCursor(last)
		}
	}
	if err != nil {
		return Inbox{}, err
	}
	if in.Rows, err = w.rows(ctx, p, who, cases); err != nil {
		return Inbox{}, err
	}
	if filtered != nil && len(filtered) == q.Limit && len(cases) > 0 {
		last := cases[len(cases)-1]
		in.Next = writeCursor(store.Cursor{Opened: last.OpenedAt, Case: last.ID})
	}
	in.Counts.Held, err = w.held(ctx, p, in.Counts.Team)
	return in, err
}

// look asks the index: for the counts, and for the cases of the page if the query filters; else they are nil.
func (w *Casework) look(ctx context.Context, p *project, who cvd.Actor, q Query, after store.Cursor) (Inbox, []cvd.CaseID, error) {
	in := Inbox{Found: -1, Counts: Counts{Team: who.May(cvd.See)}}
	ix, done, err := w.index(ctx, p)
	if err != nil {
		return Inbox{}, nil, err
	}
	if ix == nil {
		in.Preparing = true
		return in, nil, nil
	}
	defer done()
	s := ix.side(who)
	in.Counts = s.counts(in.Counts.Team)
	if !q.filtered() {
		in.Found = in.Counts.Open
		return in, nil, nil
	}
	found := s.find(q, who, w.indexes)
	in.Found = found.n
	ids, err := ix.page(found, q, after)
	return in, ids, err
}

// page is the cases of a page, in order.
func (ix *index) page(found *set, q Query, after store.Cursor) ([]cvd.CaseID, error) {
	numbers := found.from(-1)
	if q.Newest {
		numbers = found.downFrom(int64(len(ix.ids)))
	}
	if after != (store.Cursor{}) {
		n, known := ix.number[after.Case]
		if !known {
			return nil, cvd.Fieldf("/cursor", "this is no cursor that a page before gave")
		}
		if numbers = found.from(int64(n)); q.Newest {
			numbers = found.downFrom(int64(n))
		}
	}
	ids := []cvd.CaseID{}
	for n := range numbers {
		if ids = append(ids, ix.ids[n]); len(ids) == q.Limit {
			break
		}
	}
	return ids, nil
}

// rows are cases as an actor sees them in the list.
func (w *Casework) rows(ctx context.Context, p *project, who cvd.Actor, cases []cvd.Case) ([]Row, error) {
	now, rows := w.Now(), make([]Row, 0, len(cases))
	for _, c := range cases {
		v, ok := cvd.Look(c, who, now)
		if !ok {
			continue
		}
		doc, err := w.policy(ctx, p, c.Policy)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row(doc, c, v, now))
	}
	return rows, nil
}

func row(doc *policy.Policy, c cvd.Case, v cvd.View, now time.Time) Row {
	r := Row{ID: v.ID, Title: v.Title, Kind: v.Kind, KindTitle: v.Kind, Track: v.Track, Headline: v.Headline, Class: v.Severity.Class,
		Severity: v.Severity.Class, Score: v.Severity.Score, Scored: v.Severity.Scored, Priority: v.Priority, OpenedAt: v.OpenedAt,
		Age: now.Sub(v.OpenedAt), ChangedAt: v.Changed, Next: nextFor(doc, c, v, now), Assigned: v.Assigned, Public: v.Public,
		Reports: len(v.Reports), Emergency: !v.CS.Quiet() && v.Disclosure.At.IsZero() && v.RM != cvd.Closed, Tier: v.Tier, Policy: v.Policy,
		Unplanned: v.Tier == cvd.ForTeam && c.Unplanned()}
	if kind, err := doc.Kind(v.Kind); err == nil {
		r.KindTitle = kind.Title
	}
	if class, rank := doc.Class(v.Severity.Class); rank > 0 {
		r.Severity, r.Rank = class.Title, rank
	}
	if k := nearest(v.Clocks); k != nil {
		r.Clock = &Promise{Name: k.Name, Title: k.Name, Kind: k.Kind, Due: k.Due, Late: k.Late(now)}
		for _, named := range doc.Document.Clocks {
			if named.Name == k.Name {
				r.Clock.Title = named.Title
			}
		}
	}
	return r
}

// held is how many letters wait for a person's release.
func (w *Casework) held(ctx context.Context, p *project, team bool) (int, error) {
	if !team {
		return 0, nil
	}
	return w.store.CountHeld(ctx, p.ID)
}

// onRoster lets in who is on the project's roster, and the program itself.
func onRoster(who cvd.Actor) error {
	switch who.Standing {
	case cvd.Member, cvd.System:
		return nil
	case cvd.Stranger:
		return cvd.Errorf(cvd.Anonymous, "this is for people on the project's roster: sign in")
	}
	return cvd.Errorf(cvd.Refused, "this is for people on the project's roster")
}
