package metrics_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/metrics"
)

// march is the first instant of the scenario, on which no case came.
var march = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// now is when the scenario is looked at: the first of May.
var now = march.AddDate(0, 2, 0)

// day is an instant of the scenario, counted in days.
func day(n float64) time.Time { return march.Add(time.Duration(n * 24 * float64(time.Hour))) }

// told is one event of a case: on which day, by whom, what.
type told struct {
	day  float64
	who  cvd.ActorID
	what cvd.What
}

func received(kind string) cvd.What {
	return cvd.What{Received: &cvd.Received{Kind: kind, Track: "private"}}
}
func acknowledged() cvd.What { return cvd.What{Acknowledged: &cvd.Acknowledged{}} }
func validated() cvd.What    { return cvd.What{Validated: &cvd.Validated{Evidence: "x"}} }
func invalidated() cvd.What  { return cvd.What{Invalidated: &cvd.Invalidated{Reason: "out_of_scope"}} }
func triaged(class string) cvd.What {
	return cvd.What{Triaged: &cvd.Triaged{Class: class}}
}
func accepted() cvd.What { return cvd.What{Prioritised: &cvd.Prioritised{Priority: "soon"}} }
func deferred() cvd.What { return cvd.What{Postponed: &cvd.Postponed{Because: "x"}} }
func patched() cvd.What {
	return cvd.What{Remedied: &cvd.Remedied{Product: "p", Line: "1", Status: "patched"}}
}
func released() cvd.What  { return cvd.What{Released: &cvd.Released{Product: "p", Line: "1"}} }
func disclosed() cvd.What { return cvd.What{Disclosed: &cvd.Disclosed{Advisory: "A-1"}} }
func closed(outcome string) cvd.What {
	return cvd.What{Ended: &cvd.Ended{Outcome: outcome}}
}
func looked(outcome string) cvd.What {
	return cvd.What{Monitored: &cvd.Monitored{Outcome: outcome}}
}
func missed(clock string) cvd.What {
	return cvd.What{Breached: &cvd.Breached{Clock: clock, Kind: cvd.Limit}}
}

// scenario is a dozen cases of March and April, by the day of each event.
var scenario = map[cvd.CaseID][]told{
	// Released on day 11, ten days after it came; answered after one day.
	"P-A": {{1, "reporter:1", received("security")}, {2, "anna", acknowledged()}, {2, "anna", validated()}, {3, "anna", triaged("high")},
		{3, "anna", accepted()}, {7, "bert", patched()}, {11, "bert", released()}, {12, "system", disclosed()}, {40, "anna", closed("fixed")}},
	// Released after twenty days; the fix was not complete.
	"P-B": {{2, "reporter:1", received("security")}, {5, "anna", validated()}, {6, "anna", triaged("high")}, {6, "anna", accepted()},
		{20, "bert", patched()}, {22, "bert", released()}, {30, "carl", looked("not_resolved")}},
	// Released after four days, closed, and taken up again: it came back.
	"P-C": {{4, "reporter:1", received("security")}, {6, "anna", validated()}, {6, "anna", triaged("low")}, {6, "anna", accepted()},
		{7, "bert", patched()}, {8, "bert", released()}, {9, "anna", closed("fixed")}, {45, "reporter:2", received("security")}},
	// Found not valid after four days, and closed.
	"P-D": {{6, "reporter:1", received("bug")}, {10, "anna", invalidated()}, {11, "anna", closed("invalid")}},
	// Valid, accepted, closed without a fix.
	"P-E": {{8, "reporter:1", received("bug")}, {13, "anna", validated()}, {14, "anna", triaged("low")}, {14, "anna", accepted()}, {28, "anna", closed("not_fixed")}},
	// Worked on, and quiet since day 12.
	"P-F": {{9, "reporter:1", received("security")}, {10, "anna", acknowledged()}, {11, "anna", validated()}, {12, "anna", triaged("critical")},
		{26, "system", missed("analysis")}},
	// Deferred.
	"P-G": {{10, "reporter:1", received("bug")}, {16, "bert", validated()}, {17, "bert", deferred()}},
	// Of April: released after six days.
	"P-H": {{33, "reporter:1", received("security")}, {33.5, "anna", validated()}, {34, "anna", triaged("critical")}, {34, "anna", accepted()},
		{36, "bert", patched()}, {39, "bert", released()}},
	// Nobody answered.
	"P-I": {{40, "reporter:1", received("security")}, {42, "system", missed("response")}},
	"P-J": {{60, "reporter:1", received("security")}},
	// Taken up again without ever having had a fix: it had been found invalid.
	"P-K": {{41, "reporter:1", received("bug")}, {42, "anna", invalidated()}, {50, "reporter:2", received("bug")}, {52, "anna", validated()}, {60, "anna", accepted()}},
	// Disclosed without a release.
	"P-L": {{44, "reporter:1", received("security")}, {46, "anna", validated()}, {46, "anna", accepted()}, {49, "system", disclosed()}, {52, "anna", closed("fixed")}},
}

// clocks are promises of some of the cases, on the event that comes at an index.
var clocks = map[cvd.CaseID][]cvd.Clock{
	"P-A": {{Name: "response", Kind: cvd.Limit, Due: day(3), Met: day(2)}, {Name: "fix", Kind: cvd.Target, Due: day(5), Met: day(7)}},
	"P-B": {{Name: "response", Kind: cvd.Limit, Due: day(4), Met: day(5)}},                                                      // met late
	"P-F": {{Name: "response", Kind: cvd.Limit, Due: day(11), Met: day(10)}, {Name: "analysis", Kind: cvd.Limit, Due: day(26)}}, // one kept, one missed
	"P-I": {{Name: "response", Kind: cvd.Limit, Due: day(42)}},                                                                  // not met
	"P-J": {{Name: "response", Kind: cvd.Limit, Due: day(62)}},                                                                  // still runs
	"P-K": {{Name: "response", Kind: cvd.Limit, Due: day(43), Met: day(42)}, {Name: "fix", Kind: cvd.Limit, Due: day(45), Replaced: day(42)},
		{Name: "nudge", Kind: cvd.Reminder, Due: day(42)}},
}

func facts(t *testing.T) []*metrics.Facts {
	t.Helper()
	var all []*metrics.Facts
	for id, events := range scenario {
		var c cvd.Case
		var trail metrics.Trail
		for i, x := range events {
			e := cvd.Event{Project: "p", Case: id, Rev: int64(i + 1), At: day(x.day), Who: x.who, What: x.what}
			if i == len(events)-1 {
				e.Clocks = clocks[id]
			}
			c, trail = cvd.Fold(c, e), trail.And(e.What.Kind(), e)
		}
		f := metrics.Of(c, trail)
		all = append(all, &f)
	}
	return all
}

func measured(t *testing.T, ask metrics.Ask) map[string]metrics.Result {
	t.Helper()
	if ask.Now.IsZero() {
		ask.Now = now
	}
	out := map[string]metrics.Result{}
	for _, r := range metrics.Compute(facts(t), ask) {
		out[r.Name] = r
	}
	return out
}

// say is a result as it was worked out by hand: "name value (number of cases)".
func say(numbers []metrics.Number) []string {
	var out []string
	for _, n := range numbers {
		if n.None {
			out = append(out, n.Name+" none")
			continue
		}
		out = append(out, fmt.Sprintf("%s %.4g (%d)", n.Name, n.Value, n.Count()))
	}
	return out
}

// Each figure was worked out by hand from the days above.
func TestADozenCasesGiveTheFiguresWorkedOutByHand(t *testing.T) {
	results := measured(t, metrics.Ask{})
	for name, want := range map[string]struct{ numbers, months, spread []string }{
		// Answers after 1, 3, 2, 4, 5, 1, 6, 0.5, 1, 2 days; I and J wait, since day 40 and 60 of 61.
		"response": {[]string{"median 2 (10)", "p90 5 (10)", "done 10 (10)", "open 2 (2)", "longest 21 (2)"},
			[]string{"2026-03 3 (7)", "2026-04 1 (3)"},
			[]string{"critical 0.75 (2)", "high 2 (2)", "low 3.5 (2)", "none 3 (4)"}},
		// A 10, B 20, C 4, E 20 (closed), H 6, L 5 (disclosed). D is not valid. F, G, I, J, K are open.
		"resolution": {[]string{"median 8 (6)", "p90 20 (6)", "done 6 (6)", "open 5 (5)", "longest 52 (5)"},
			[]string{"2026-03 15 (4)", "2026-04 5.5 (2)"},
			[]string{"critical 6 (1)", "high 15 (2)", "low 12 (2)", "none 5 (1)"}},
		// A 3, B 4, C 4 (two reporters), D 2, E 2, F 2, G 2, H 3, I 1, J 1, K 3, L 2.
		"people": {[]string{"median 2 (12)", "p90 4 (12)", "most 4 (12)"}, []string{"2026-03 2 (7)", "2026-04 2 (5)"}, nil},
		// Released: A, B, C, H. B was not complete, C came back.
		"quality": {[]string{"sound 0.5 (4)", "incomplete 1 (1)", "back 1 (1)", "reopened 1 (1)"}, []string{"2026-03 0.3333 (3)", "2026-04 1 (1)"}, nil},
		"volume": {[]string{"cases 12 (12)", "reports 14 (12)"}, []string{"2026-03 7 (7)", "2026-04 5 (5)"},
			[]string{"bug 4 (4)", "security 8 (8)"}},
		// C keeps the severity that was decided before it came back; D is not valid.
		"severity": {[]string{"decided 6 (6)", "undecided 5 (5)"}, []string{"2026-03 5 (5)", "2026-04 1 (1)"},
			[]string{"critical 2 (2)", "high 2 (2)", "low 2 (2)", "none 5 (5)"}},
		// With a fix: A, B, C, H, L. Without: E, G. Open: F, I, J, K.
		"success": {[]string{"rate 0.7143 (7)", "fixed 5 (5)", "unfixed 2 (2)", "open 4 (4)"}, []string{"2026-03 0.6 (5)", "2026-04 1 (2)"}, nil},
		// B, C, F, H, I, J and K are worked on; J moved a day ago, K on day 60, and C came again on day 45.
		"stalled": {[]string{"stalled 5 (5)", "longest 49 (5)", "working 7 (7)"}, []string{"2026-03 3 (3)", "2026-04 2 (2)"}, nil},
		"promise": {[]string{"rate 0.4 (5)", "kept 2 (2)", "missed 3 (3)", "running 1 (1)"}, []string{"2026-03 0.3333 (3)", "2026-04 0.5 (2)"},
			[]string{"analysis.limit 0 (1)", "analysis.limit.missed 1 (1)", "fix.target 0 (1)", "fix.target.missed 1 (1)",
				"response.limit 0.6 (5)", "response.limit.missed 2 (2)"}},
		// Closed for the first time: A 39 days, C 5, D 5, E 20, L 8.
		"phase": {[]string{"median 8 (5)", "open 7 (7)"}, []string{"2026-03 12.5 (4)", "2026-04 8 (1)"},
			[]string{"answer 2 (10)", "validation 0 (9)", "triage 1 (6)", "fix 3 (4)", "release 2.5 (4)", "disclosure 1 (1)", "close 15.5 (2)"}},
	} {
		r := results[name]
		if diff := cmp.Diff(want.numbers, say(r.Numbers)); diff != "" {
			t.Errorf("%s (-by hand +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(want.months, say(r.Months)); diff != "" {
			t.Errorf("%s by month (-by hand +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(want.spread, say(r.Spread)); diff != "" {
			t.Errorf("%s, spread (-by hand +got):\n%s", name, diff)
		}
	}
	if len(results) != len(metrics.All) || len(results) != 10 {
		t.Errorf("there are %d measures, and figures by hand for 10", len(results))
	}
}

// A period is about the cases that came within it, its first instant included and its end not.
func TestAPeriodIsAboutTheCasesThatCameWithinIt(t *testing.T) {
	april := metrics.Period{From: march.AddDate(0, 1, 0), To: march.AddDate(0, 2, 0)}
	if got := say(measured(t, metrics.Ask{Period: april})["volume"].Numbers); !slices.Equal(got, []string{"cases 5 (5)", "reports 6 (5)"}) {
		t.Errorf("April has %v, want five cases with six reports", got)
	}
	exact := metrics.Period{From: day(33), To: day(40)}
	if got := measured(t, metrics.Ask{Period: exact})["volume"].Numbers[0].Cases(); !slices.Equal(got, []cvd.CaseID{"P-H"}) {
		t.Errorf("from the instant of H to that of I there came %v, want H alone", got)
	}
}

// Where there is nothing to tell, no figure is made up.
func TestWithoutCasesThereIsNoFigure(t *testing.T) {
	for name, r := range measured(t, metrics.Ask{Period: metrics.Period{From: now}}) {
		if !r.None() || len(r.Months)+len(r.Spread) > 0 {
			t.Errorf("%s tells %v of no cases", name, r.Numbers)
		}
	}
	for _, r := range measured(t, metrics.Ask{Period: metrics.Period{From: day(60)}}) { // one case that nobody answered
		for _, n := range slices.Concat(r.Numbers, r.Months, r.Spread) {
			if math.IsNaN(n.Value) || math.IsInf(n.Value, 0) || n.None != (n.Count() == 0 && n.Unit != metrics.Cases && n.Unit != metrics.Count) {
				t.Errorf("%s: %s is %v with %d cases, and says none: %v", r.Name, n.Name, n.Value, n.Count(), n.None)
			}
		}
	}
}

// How long a case has to stand still is asked.
func TestAStandstillIsAsLongAsIsAsked(t *testing.T) {
	r := measured(t, metrics.Ask{Idle: 40 * 24 * time.Hour})["stalled"]
	if got := r.Numbers[0].Cases(); !slices.Equal(got, []cvd.CaseID{"P-F"}) {
		t.Errorf("for forty days %v stand still, want F alone: its missed promise is no movement", got)
	}
}

// same compares figures by what stands behind them.
var same = cmp.Transformer("number", func(n metrics.Number) any {
	return []any{n.Name, n.Title, n.Unit, n.Value, n.None, n.Cases()}
})

// Facts come in any order, and so do the events of a case as far as the trail goes.
func TestTheOrderInWhichFactsComeDoesNotMatter(t *testing.T) {
	want := metrics.Compute(facts(t), metrics.Ask{Now: now})
	r := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		all := facts(t)
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		if diff := cmp.Diff(want, metrics.Compute(all, metrics.Ask{Now: now}), same); diff != "" {
			t.Fatalf("the same cases in another order (-want +got):\n%s", diff)
		}
		for id, events := range scenario {
			var there, back metrics.Trail
			order := r.Perm(len(events))
			for i, x := range events {
				y := events[order[i]]
				there = there.And(x.what.Kind(), cvd.Event{Project: "p", Case: id, At: day(x.day), Who: x.who, What: x.what})
				back = back.And(y.what.Kind(), cvd.Event{Project: "p", Case: id, At: day(y.day), Who: y.who, What: y.what})
			}
			if diff := cmp.Diff(there, back); diff != "" {
				t.Fatalf("the trail of %s in another order:\n%s", id, diff)
			}
		}
	}
}

// Whoever opens a number finds as many cases behind it as it says, each once.
func TestBehindEachNumberStandItsCases(t *testing.T) {
	for _, r := range metrics.Compute(facts(t), metrics.Ask{Now: now}) {
		for _, n := range slices.Concat(r.Numbers, r.Months, r.Spread) {
			if n.Unit == metrics.Cases && n.Value != float64(n.Count()) {
				t.Errorf("%s, %s: says %v, and %d cases stand behind it", r.Name, n.Name, n.Value, n.Count())
			}
			if ids := n.Cases(); len(slices.Compact(slices.Sorted(slices.Values(ids)))) != n.Count() {
				t.Errorf("%s, %s: a case stands behind it twice: %v", r.Name, n.Name, n.Cases())
			}
			if n.Unit == metrics.Share && !n.None && (n.Value < 0 || n.Value > 1) {
				t.Errorf("%s, %s: %v is no share", r.Name, n.Name, n.Value)
			}
		}
		if r.Title == "" || len(r.Doc) < 80 || r.Doc[len(r.Doc)-1] != '.' {
			t.Errorf("%s does not say what it measures: %q", r.Name, r.Doc)
		}
	}
}

// The figure at a rank is found without sorting; it must be the one that sorting would give.
func TestMediansOfManyAreThoseOfTheSortedList(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for n := 1; n < 300; n++ {
		var all []*metrics.Facts
		var waits []float64
		for i := range n {
			wait := float64(r.IntN(n)) // many are equal
			waits = append(waits, wait)
			all = append(all, &metrics.Facts{Case: cvd.CaseID(fmt.Sprintf("P-%04d", i)), Received: day(0).UnixMicro(),
				Trail: metrics.Trail{Answered: day(wait).UnixMicro()}})
		}
		slices.Sort(waits)
		median := waits[n/2]
		if n%2 == 0 {
			median = (waits[n/2-1] + waits[n/2]) / 2
		}
		p90 := waits[(n*9+9)/10-1]
		got := metrics.Compute(all, metrics.Ask{Now: now})[0].Numbers
		if got[0].Value != median || got[1].Value != p90 {
			t.Fatalf("of %d waits the median is %v and nine of ten %v, want %v and %v", n, got[0].Value, got[1].Value, median, p90)
		}
	}
}

// BenchmarkCompute asks all measures over a hundred thousand cases of eight years.
func BenchmarkCompute(b *testing.B) {
	all := make([]*metrics.Facts, 100_000)
	people := []cvd.ActorID{"anna", "bert", "reporter:1"}
	for i := range all {
		at := march.Add(-time.Duration(len(all)-i) * 40 * time.Minute).UnixMicro()
		f := &metrics.Facts{Case: cvd.CaseID(fmt.Sprintf("P-%06d", i)), Kind: "security", Class: []string{"low", "high", ""}[i%3], RM: cvd.Closed,
			Outcome: []string{"fixed", "invalid"}[i%2], Reports: 1, Received: at, Validated: at + 1e9*int64(i%97), Closed: at + 1e12,
			Trail: metrics.Trail{People: people[:1+i%3], Answered: at + 1e9*int64(i%89), Moved: at + 1e12}}
		for _, clock := range []string{"response", "triage", "analysis"} {
			f.Promises = append(f.Promises, metrics.Promise{Clock: clock, Kind: cvd.Limit, Due: at + 5e10, Met: at + 1e9*int64(i%89)})
		}
		all[i] = f
	}
	for b.Loop() {
		metrics.Compute(all, metrics.Ask{Now: now})
	}
}
