package policy

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// parley is a case at a table: what its state is, and how the policy weighs a step of the negotiation at noon of 3 March.
type parley struct {
	*testing.T
	p   *Policy
	c   cvd.Case
	now time.Time
}

func atTable(t *testing.T, rm cvd.RM) *parley {
	p := &Policy{Version: 1, Document: Document{Embargo: Embargo{Offer: dayLong(30), Longest: dayLong(90)}}}
	return &parley{T: t, p: p, now: on("2026-03-03 12:00"), c: cvd.Case{Project: "p", ID: "P-0001", Rev: 1, Policy: 1, OpenedAt: on("2026-03-02 09:00"),
		Reports: []cvd.Report{{Number: 1, RM: rm}}, Embargo: cvd.Embargo{State: cvd.NoEmbargo}, CS: cvd.CS{VendorAware: true}, Marks: map[string]time.Time{}, Round: map[string]time.Time{}}}
}

func dayLong(n int) Duration { return Duration{Exact: time.Duration(n) * 24 * time.Hour} }

// says is why a step may not be taken; empty if it may.
func (x *parley) says(step string, what cvd.What) string {
	who := cvd.Actor{Project: "p", ID: "anna", Standing: cvd.Member, Can: []cvd.Capability{cvd.See, cvd.Capability(step)}}
	var all []string
	for _, o := range x.p.Weigh(Ask{Case: x.c, Who: who, Step: step, What: what, Now: x.now, Roster: 2}) {
		all = append(all, strings.TrimSpace(o.Clause+" "+o.Says))
	}
	return strings.Join(all, "; ")
}

func (x *parley) passes(step string, what cvd.What, want bool) {
	x.Helper()
	if says := x.says(step, what); (says == "") != want {
		x.Errorf("%s of %s in %s, %s: got %q, passes %v wanted", step, x.c.RM(), x.c.Embargo.State, x.c.CS, says, want)
	}
}

func (x *parley) open(until ...string) *parley {
	for i, at := range until {
		x.c.Proposals = append(x.c.Proposals, cvd.Proposal{Number: i + 1, Report: 1, Until: on(at)})
	}
	if x.c.Embargo.State == cvd.NoEmbargo {
		x.c.Embargo.State = cvd.Proposed
	}
	return x
}

func (x *parley) active(state cvd.EM) *parley {
	x.c.Embargo = cvd.Embargo{State: state, Until: on("2026-04-01 12:00"), Number: 1}
	return x
}

func set(until string) cvd.What { return cvd.What{Embargoed: &cvd.Embargoed{Until: on(until)}} }
func wish(until string) cvd.What {
	return cvd.What{Proposing: &cvd.Proposing{Until: on(until)}}
}
func take(n int) cvd.What {
	return cvd.What{Accepting: &cvd.Accepting{Proposal: n, Decides: true}}
}

func TestEmbargoRule2NoEmbargoIsWithoutAnInstantOrWithoutAnEnd(t *testing.T) {
	x := atTable(t, cvd.Valid)
	x.passes("embargo", cvd.What{Embargoed: &cvd.Embargoed{}}, false)
	x.passes("embargo", set("2026-03-03 11:59"), false)
	x.passes("embargo", set("2026-06-01 12:00"), true)
	x.passes("embargo", set("2026-06-01 12:01"), false) // ninety days
	x.active(cvd.Active).c.Marks["embargoed"] = on("2026-03-02 12:00")
	x.passes("embargo", set("2026-06-01 12:00"), false) // extensions count from the first
}

func TestEmbargoRule6NothingIsProposedOrAcceptedOverWhatIsKnown(t *testing.T) {
	for _, cs := range []cvd.CS{{Public: true, VendorAware: true}, {Public: true, ExploitKnown: true, VendorAware: true}, {Attacks: true, VendorAware: true}} {
		for _, em := range []cvd.EM{cvd.NoEmbargo, cvd.Active, cvd.Revise} {
			x := atTable(t, cvd.Valid)
			if em != cvd.NoEmbargo {
				x.active(em)
			}
			x.open("2026-03-20 12:00")
			x.c.CS = cs
			x.passes("propose", wish("2026-03-20 12:00"), false)
			x.passes("embargo", set("2026-03-20 12:00"), false)
			x.passes("accept", take(1), false)
			x.passes("reject", cvd.What{Rejecting: &cvd.Rejecting{Proposal: 1, Because: "known"}}, true)
			x.passes("lift", cvd.What{Lifted: &cvd.Lifted{Why: "public"}}, em != cvd.NoEmbargo)
		}
	}
}

func TestEmbargoRule7AnAnswerIsWaitedForNoLongerThanThePolicySays(t *testing.T) {
	x := atTable(t, cvd.Valid)
	hours := func(n int) time.Time { return x.now.Add(time.Duration(n) * time.Hour) }
	check := func(name string, asked, want time.Time) {
		t.Helper()
		if got := x.p.AnswerBy(x.c, asked, x.now); !got.Equal(want) {
			t.Errorf("%s: got %s, want %s", name, cvd.Instant(got), cvd.Instant(want))
		}
	}
	check("nobody asked", time.Time{}, hours(7*24))
	check("asked for ten days", hours(240), hours(240))
	check("a deadline that is too short is raised", hours(2), hours(72))
	check("one that is too long is shortened", on("9999-12-31 12:00"), hours(30*24))
	x.c.CS.Attacks = true
	check("but not in an emergency", hours(2), hours(2))
	x.c.CS.Attacks = false
	x.p.Document.Embargo.Answer, x.p.Document.Embargo.AnswerLeast = dayLong(3), dayLong(1)
	check("the policy says three days", time.Time{}, hours(72))
	check("and at least one", hours(2), hours(24))
	x.p.Document.Embargo.AnswerMost = dayLong(5)
	check("and at most five", hours(121), hours(120))
	x.p.Document.Embargo.Answer, x.p.Document.Embargo.AnswerMost = dayLong(60), Duration{}
	check("what is usual is never too long", time.Time{}, hours(60*24))
	for line, want := range map[string]string{
		"answer: 3d, answer_least: 1d, answer_most: 3d": "",
		"answer: 4d, answer_least: 1d, answer_most: 3d": "shorter embargo.answer",
		"answer_most: 6d":             "shorter embargo.answer",
		"answer: 1d, answer_most: 2d": "shorter embargo.answer_least", // without a word it is three days
	} {
		_, err := Read("harbour.yaml", []byte(strings.Replace(harbour, "embargo: {", "embargo: {"+line+", ", 1)))
		if said := fmt.Sprint(err); want == "" && err != nil || !strings.Contains(said, want) {
			t.Errorf("%s: got %v, want %q", line, err, want)
		}
	}
}

func TestEmbargoRule8And9NoNewEmbargoOverAFix(t *testing.T) {
	x := atTable(t, cvd.Accepted)
	x.c.CS.FixReady = true
	x.passes("embargo", set("2026-03-20 12:00"), false)
	why := set("2026-03-20 12:00")
	why.Embargoed.Because = "two vendors are not ready"
	x.passes("embargo", why, true)
	x.passes("propose", wish("2026-03-20 12:00"), false)
	x.c.CS.FixDeployed = true
	x.passes("embargo", why, false)
	x.active(cvd.Active) // one that holds may go on for those who trail
	x.c.CS.FixDeployed = false
	x.passes("embargo", set("2026-04-10 12:00"), true)
}

func TestEmbargoRule10ReportsThatAreInvalidOrOverBeginNoEmbargo(t *testing.T) {
	for _, rm := range []cvd.RM{cvd.Arrived, cvd.NotValid, cvd.Valid, cvd.Accepted, cvd.Deferred, cvd.Closed} {
		in := func(all string) bool { return strings.Contains(all, string(rm)) }
		atTable(t, rm).passes("propose", wish("2026-03-20 12:00"), in("RVA"))
		atTable(t, rm).open("2026-03-20 12:00").passes("accept", take(1), in("RVAD"))
		atTable(t, rm).active(cvd.Active).passes("propose", wish("2026-03-20 12:00"), in("VAD"))
		atTable(t, rm).active(cvd.Revise).open("2026-03-20 12:00").passes("accept", take(1), in("VAD"))
		atTable(t, rm).open("2026-03-20 12:00").passes("reject", cvd.What{Rejecting: &cvd.Rejecting{Proposal: 1, Because: "no"}}, rm != cvd.Closed)
	}
}

func TestEmbargoRule15TheShortestIsAnsweredFirstUnlessThePolicySaysOtherwise(t *testing.T) {
	x := atTable(t, cvd.Valid).open("2026-03-30 12:00", "2026-03-20 12:00", "2026-03-25 12:00")
	x.passes("accept", take(2), true)
	x.passes("accept", take(3), false)
	if says := x.says("embargo", set("2026-03-24 12:00")); !strings.HasPrefix(says, "embargo.shortest_wins proposal 2 ends earlier") {
		t.Errorf("the project sets a later end over an earlier proposal: %q", says)
	}
	x.passes("embargo", set("2026-03-20 12:00"), true)
	x.passes("embargo", set("2026-03-10 12:00"), true)
	x.p.Document.Embargo.ShortestWins = new(false)
	x.passes("accept", take(3), true)
	x.passes("embargo", set("2026-03-24 12:00"), true)
}

func TestOnlyThePolicyLetsThoseWhoTakePartBeginARevision(t *testing.T) {
	x := atTable(t, cvd.Valid)
	for revise, want := range map[string]bool{"": false, "team": false, "participants": true} {
		x.p.Document.Embargo.Revise = revise
		if x.p.ParticipantsRevise() != want {
			t.Errorf("revise %q lets them: %v", revise, !want)
		}
	}
}

// What a reporter who agreed to the terms begins with: the policy's offer against their own deadline.
func TestTheOfferAndTheReportersDeadlineMakeTheFirstEmbargo(t *testing.T) {
	x := atTable(t, cvd.Arrived)
	offer, soon, late := on("2026-04-01 09:00"), on("2026-03-20 12:00"), on("2026-05-20 12:00")
	for name, row := range map[string]struct {
		deadline time.Time
		want     cvd.Beginning
	}{
		"no deadline":                    {time.Time{}, cvd.Beginning{Until: offer}},
		"a sooner one":                   {soon, cvd.Beginning{Until: soon, Pending: offer, Sent: true}},
		"a later one":                    {late, cvd.Beginning{Until: offer, Pending: late}},
		"one that is past":               {on("2026-03-01 12:00"), cvd.Beginning{Until: offer}},
		"one later than is ever borne":   {on("2027-03-01 12:00"), cvd.Beginning{Until: offer}},
		"exactly what the policy offers": {offer, cvd.Beginning{Until: offer, Sent: true}},
	} {
		if got := x.p.Offered(x.c, row.deadline, x.now); got != row.want {
			t.Errorf("%s: got %+v, want %+v", name, got, row.want)
		}
	}
	x.c.CS.Attacks = true
	if got := x.p.Offered(x.c, soon, x.now); got != (cvd.Beginning{}) {
		t.Errorf("over attacks an embargo begins: %+v", got)
	}
}

// Vultron, embargo rule 5: what ends sooner than the policy's least is not agreed on, whoever proposes it; the silent policy knows none.
func TestEmbargoRule5NothingShorterThanTheLeastIsAgreedOn(t *testing.T) {
	x := atTable(t, cvd.Valid) // on 2026-03-03 at 12:00
	short := cvd.What{Proposing: &cvd.Proposing{Until: on("2026-03-10 11:59")}}
	x.passes("propose", short, true)
	x.p.Document.Embargo.Least = Duration{Exact: 7 * 24 * time.Hour}
	for name, row := range map[string]struct {
		step string
		what cvd.What
		ok   bool
	}{
		"a proposal":                    {"propose", short, false},
		"one of exactly the least":      {"propose", cvd.What{Proposing: &cvd.Proposing{Until: on("2026-03-10 12:00")}}, true},
		"what the project sets":         {"embargo", set("2026-03-10 11:59"), false},
		"what the project sets in time": {"embargo", set("2026-03-10 12:00"), true},
	} {
		t.Run(name, func(t *testing.T) { x.passes(row.step, row.what, row.ok) })
	}
	if says := x.says("propose", short); !strings.HasPrefix(says, "embargo.least ") || !strings.Contains(says, "from Tue 2026-03-10 12:00 UTC") {
		t.Errorf("the refusal names no clause or no first instant: %q", says)
	}
	y := atTable(t, cvd.Valid).open("2026-03-05 12:00", "2026-03-20 12:00")
	y.c.Proposals[0].At = on("2026-03-02 12:00")
	y.passes("accept", take(1), true)
	y.p.Document.Embargo.Least = Duration{Exact: 7 * 24 * time.Hour}
	y.passes("accept", take(1), false) // it was proposed under a policy without a least
}

// A reporter's deadline that is too near begins no embargo: the offer does, and the deadline stays what the reporter wished.
func TestADeadlineSoonerThanTheLeastBeginsNothing(t *testing.T) {
	x := atTable(t, cvd.Arrived)
	x.p.Document.Embargo.Least = Duration{Exact: 7 * 24 * time.Hour}
	offer, soon := on("2026-04-01 09:00"), on("2026-03-09 11:59")
	if got := x.p.Offered(x.c, soon, x.now); got != (cvd.Beginning{Until: offer}) {
		t.Errorf("got %+v, want the offer alone", got)
	}
	x.c.Reports[0].At, x.c.Reports[0].Deadline = on("2026-03-02 09:00"), soon
	if got := x.p.Offered(x.c, soon, x.now); got != (cvd.Beginning{Until: soon, Pending: offer, Sent: true}) {
		t.Errorf("it was long enough when it was said, got %+v", got)
	}
}

func TestTheLeastEmbargoLeavesRoomForWhatIsOffered(t *testing.T) {
	for line, want := range map[string]string{
		"embargo: {offer: 30d, longest: 60d, least: 30d}": "",
		"embargo: {offer: 30d, longest: 60d, least: 31d}": "longer than embargo.offer",
		"embargo: {longest: 60d, least: 61d}":             "longer than embargo.longest",
	} {
		_, err := Read("harbour.yaml", []byte(strings.Replace(harbour, "embargo: {offer: 30d, longest: 60d}", line, 1)))
		if said := fmt.Sprint(err); want == "" && err != nil || !strings.Contains(said, want) {
			t.Errorf("%s: got %v, want %q", line, err, want)
		}
	}
}

// The end of an embargo rings once, at its instant, and whether attacks end it is asked within a day.
func TestTheEndOfAnEmbargoIsAClock(t *testing.T) {
	x := atTable(t, cvd.Valid)
	e := cvd.Event{Project: "p", Case: "P-0001", Rev: 2, At: x.now, Who: "anna", What: set("2026-03-20 12:00")}
	moved := x.p.Clocks(x.c, cvd.Fold(x.c, e), e)
	i := slices.IndexFunc(moved, func(k cvd.Clock) bool { return k.Name == cvd.EmbargoClock })
	if i < 0 || !moved[i].Due.Equal(on("2026-03-20 12:00")) || moved[i].Kind != cvd.Agreed {
		t.Fatalf("clocks %+v", moved)
	}
	e.Clocks = moved
	c := cvd.Fold(x.c, e)
	e = cvd.Event{Project: "p", Case: "P-0001", Rev: 3, At: x.now.Add(time.Hour), Who: "anna",
		What: cvd.What{Observed: &cvd.Observed{Fact: "attacks", Evidence: "seen", Embargo: "holds", DecideBy: x.p.DecideBy(c, "attacks", x.now)}}}
	moved = x.p.Clocks(c, cvd.Fold(c, e), e)
	if i = slices.IndexFunc(moved, func(k cvd.Clock) bool { return k.Name == attacksClock }); i < 0 || !moved[i].Due.Equal(x.now.Add(24*time.Hour)) {
		t.Fatalf("clocks %+v", moved)
	}
	e.Clocks = moved
	c = cvd.Fold(c, e)
	e = cvd.Event{Project: "p", Case: "P-0001", Rev: 4, At: x.now.Add(2 * time.Hour), Who: "anna", What: cvd.What{Lifted: &cvd.Lifted{Why: "attacks"}}}
	moved = x.p.Clocks(c, cvd.Fold(c, e), e)
	for _, name := range []string{cvd.EmbargoClock, attacksClock} {
		if !slices.ContainsFunc(moved, func(k cvd.Clock) bool { return k.Name == name && !k.Met.IsZero() }) {
			t.Errorf("the clock %s still runs: %+v", name, moved)
		}
	}
}
