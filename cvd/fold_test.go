package cvd

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var t0 = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// story is a short case, each event an hour after the one before.
func story(whats ...What) []Event {
	var out []Event
	for i, w := range whats {
		out = append(out, Event{ID: "e", Project: "p", Case: "P-0001", Rev: int64(i + 1), At: t0.Add(time.Duration(i) * time.Hour), Who: "anna", What: w})
	}
	return out
}

func fold(events []Event) Case {
	var c Case
	for _, e := range events {
		c = Fold(c, e)
	}
	return c
}

// sample has one event of every kind there is.
func sample() []Event {
	yes := true
	base := story(
		What{Received: &Received{Report: Report{Title: "Overflow", Description: "details", Code: []byte("hash"), Contact: Contact{Email: "rita@example.org"}}, Track: "private", Kind: "security"}},
		What{Acknowledged: &Acknowledged{Message: "seen"}},
		What{Validated: &Validated{Evidence: "reproduced"}},
		What{Rated: &Rated{Class: "high"}},
		What{Reproduced: &Reproduced{Environment: "linux", Version: "1.2", Outcome: "reproduced"}},
		What{Triaged: &Triaged{Class: "high", Sensitive: &yes, Track: "private"}},
		What{Prioritised: &Prioritised{Priority: "1", Because: "impact"}},
		What{Assigned: &Assigned{Work: "fix", Person: "ben"}},
		What{Embargoed: &Embargoed{Until: t0.Add(240 * time.Hour)}},
		What{Analysed: &Analysed{Section: "root_cause", Text: "ROOT"}},
		What{Analysed: &Analysed{Section: "scope", Text: "scope"}},
		What{Analysed: &Analysed{Section: "exploit", Text: "EXPLOIT"}},
		What{Analysed: &Analysed{Section: "mitigation", Text: "mitigation"}},
		What{Remedied: &Remedied{Product: "a", Line: "1", Status: "patched", Patches: []Patch{{URL: "https://example.org/1", SHA256: "00", Private: true}}}},
		What{Located: &Located{Product: "a", Line: "1", URL: "https://example.org/1", Seen: "private", How: "404"}},
		What{PatchAttached: &PatchAttached{Product: "a", Line: "1", Form: "patch", File: Attachment{ID: "f1", Name: "fix.patch"}, Readers: []ActorID{"anna"}}},
		What{PatchGranted: &PatchGranted{Patch: "f1", To: "ben", Because: "review"}},
		What{PatchFetched: &PatchFetched{Patch: "f1"}},
		What{PatchRevoked: &PatchRevoked{Patch: "f1", From: "ben", Because: "done"}},
		What{Checked: &Checked{Check: "security", Result: "passed", Evidence: "log"}},
		What{Drafted: &Drafted{Text: AdvisoryText{Title: "T"}}},
		What{Reviewed: &Reviewed{Of: "advisory", Part: "technical", Edition: 1, Verdict: "approve"}},
		What{Approved: &Approved{Edition: 1}},
		What{Notified: &Notified{Notice: "coming", Channels: []string{"mail", "chat"}, Pre: true}},
		What{Delivered: &Delivered{Notice: "coming", Channel: "mail"}},
		What{Delivered: &Delivered{Notice: "coming", Channel: "chat"}},
		What{Armed: &Armed{Due: t0.Add(100 * time.Hour), Edition: 1}},
		What{Disarmed: &Disarmed{Because: "slipped"}},
		What{Invitation: &Invitation{Name: "Gwen", Roles: []string{"expert"}, ID: "guest:1", Code: []byte("hash")}},
		What{Invitation: &Invitation{Name: "Olga", Kind: Validator, Address: "security@validator.example", Contacts: []Handle{{Service: "matrix", Is: "@olga:validator.example", Verified: t0}},
			Weights: map[string]int64{"voting_power": 40}, ID: "guest:2", Code: []byte("hash"), Salt: []byte("salt"), AnswerBy: t0.Add(200 * time.Hour), Embargo: t0.Add(240 * time.Hour)}},
		What{Acquainted: &Acquainted{Party: "guest:2"}},
		What{Answered: &Answered{Accept: true, Terms: []string{"time"}, Asked: []string{"time"}, Embargo: t0.Add(240 * time.Hour), Party: "guest:2"}},
		What{Threaded: &Threaded{Title: "THREAD", Parties: []ActorID{"guest:2"}}},
		What{Stood: &Stood{Status: Ready, Party: "guest:2"}},
		What{Nominated: &Nominated{Name: "Pavel", Kind: Downstream, ID: "guest:3"}},
		What{Invitation: &Invitation{Party: "guest:3", Name: "Pavel", Kind: Downstream, ID: "guest:3", Code: []byte("hash"), Salt: []byte("salt")}},
		What{Left: &Left{Keeps: true, Party: "guest:2"}},
		What{Removed: &Removed{Party: "guest:3", Because: "it was on a list"}},
		What{Timed: &Timed{Height: 1100, Current: 1000, Block: "6"}},
		What{Waiving: &Waiving{Clause: "steps.release.requires.wait", Because: "attacked"}},
		What{Dated: &Dated{Event: MarkRelease, On: t0.Add(1000 * time.Hour)}},
		What{Breached: &Breached{Clock: "response", Kind: Limit, Due: t0}},
		What{Observed: &Observed{Fact: "attacks", Evidence: "seen"}},
		What{Released: &Released{Product: "a", Line: "1", Version: "1.3"}},
		What{Distributed: &Distributed{Product: "a", Line: "1", Channel: "docker", URL: "https://example.org/d", SHA256: "ab"}},
		What{Looked: &Looked{Product: "a", Line: "1", Channel: "docker", URL: "https://example.org/d", Saw: Sight{Status: 200, SHA256: "ab", Size: 3}}},
		What{Exempted: &Exempted{Product: "a", Line: "1", Because: "built by hand"}},
		What{Applied: &Applied{Product: "a", Line: "1", Commit: "c0ffee", URL: "https://example.org/c"}},
		What{Surfaced: &Surfaced{Product: "a", Line: "1", Commit: "c0ffee", URL: "https://example.org/c"}},
		What{Slipped: &Slipped{From: t0, To: t0.Add(time.Hour), Because: "a test failed", Sends: &Notified{Notice: "moved", Channels: []string{"mail"}},
			Arms: &Armed{Due: t0.Add(time.Hour), Edition: 1}, Counts: true}},
		What{Ticked: &Ticked{Step: "release", Item: "binaries are built"}},
		What{Disclosed: &Disclosed{Advisory: "P-SA-2026-001", Edition: 1}},
		What{Lifted: &Lifted{Why: "agreed"}},
		What{Rewarded: &Rewarded{Report: 1, Paid: true, Amount: "1"}},
		What{Explained: &Explained{URL: "https://example.org/post"}},
		What{Credited: &Credited{Name: "Rita", Role: "finder", Consent: true}},
		What{Relayed: &Relayed{Downstream: "d1", Name: "Harbour", Status: RelayTold, Pull: "https://example.org/pull/7"}},
		What{Monitored: &Monitored{Outcome: "resolved"}},
		What{Counted: &Counted{What: "nodes", Fixed: 3, Of: 4, Source: "a crawl"}},
		What{Evaluated: &Evaluated{Outcome: "partly", Says: "slow"}},
		What{Reacted: &Reacted{Works: "no", Text: "it still crashes"}},
		What{Messaged: &Messaged{Text: "hello"}},
		What{Noted: &Noted{Text: "TEAM ONLY"}},
		What{Postponed: &Postponed{Because: "later"}},
		What{Invalidated: &Invalidated{Reason: "out_of_scope", Evidence: "x"}},
		What{Ended: &Ended{Outcome: "fixed"}},
		What{Commented: &Commented{Text: "It happens here too", Reproduced: "yes", Version: "1.2", Held: true}},
		What{Moderated: &Moderated{Comment: 1, Verdict: "show"}},
		What{Proposing: &Proposing{Until: t0.Add(300 * time.Hour), Because: "a talk", Report: 1}},
		What{Accepting: &Accepting{Proposal: 2, Decides: true, Until: t0.Add(300 * time.Hour)}},
		What{Rejecting: &Rejecting{Proposal: 2, Because: "too long", Decides: true}},
		What{Upheld: &Upheld{Because: "the attacks are few"}},
		What{Claimed: &Claimed{Fact: "attacks", Evidence: "a log", Report: 1}},
		What{Dismissed: &Dismissed{Claim: 1, Because: "our own scan"}},
		What{Adopted: &Adopted{From: 1, To: 2, Because: "a shorter embargo"}},
		What{Extended: &Extended{Clock: "fix", Until: t0.Add(99 * time.Hour), Because: "hard"}},
		What{Raised: &Raised{Class: "high", Clause: "severity.floors.attacks", Because: "attacks"}},
		What{Nudged: &Nudged{Report: 1}},
		What{Corrected: &Corrected{Notice: "coming", Name: "coming/correction-1", Event: "e", Channels: []string{"mail"}, Because: "slipped",
			Copies: []Copy{{Member: "m1", Channel: "mail"}, {Member: "m2", Channel: "mail", Weight: 3}}, Pre: true}},
		What{Delivered: &Delivered{Notice: "coming/correction-1", Channel: "mail", Reached: 1, Of: 2, Share: 250_000}},
		What{BountyJudged: &BountyJudged{Report: 1, Eligible: true, Because: "new"}},
		What{BountyProposed: &BountyProposed{Amount: "10.00 USD", Split: "equal", Total: Money{"1000", "USD", 2}, Parts: []Share{{1, Money{"1000", "USD", 2}}}}},
		What{BountyApproved: &BountyApproved{Total: Money{"1000", "USD", 2}}},
		What{BountyPaid: &BountyPaid{Report: 1, Reference: "tx", At: t0, Amount: Money{"1000", "USD", 2}}},
		What{PayoutNamed: &PayoutNamed{Address: "juno1", Report: 1}},
		What{PlannedFor: &PlannedFor{At: t0.Add(500 * time.Hour)}},
		What{AgreedTerms: &AgreedTerms{Accepted: []string{"time"}, Refused: []string{"confidential"}, Report: 1, Bargain: TermsRefused}},
		What{TermBreached: &TermBreached{Report: 1, Term: "confidential", Evidence: "a post"}},
	)
	return append(base, toAndFro(base)...)
}

// toAndFro has the events that bring a case into another one, each with a whole case in it.
func toAndFro(before []Event) []Event {
	brought := fold(before[:10]) // of a few, so that a new kind changes nothing of what is kept here
	out := story(
		What{Joined: &Joined{From: Pointer{Case: "P-0002", Event: "intent"}, Because: "one matter", Brought: brought.Load(), Past: Remember(before[:3]), Higher: true}},
		What{Split: &Split{Reports: []int{2}, Lines: []string{"a/1"}, Title: "Another", Because: "two matters", Until: t0.Add(9 * time.Hour), Assessment: "nothing", Child: "P-0003"}},
		What{Combined: &Combined{Into: "P-0004", Because: "one matter"}},
		What{Moved: &Moved{To: "q", Because: "theirs", Confirm: true, Case: "Q-0001"}},
		What{HandedOver: &HandedOver{To: "age1", Because: "theirs", SHA256: "00"}},
		What{SplitFrom: &SplitFrom{From: Pointer{Case: "P-0001", Event: "intent"}, Because: "two matters", Part: brought.Part(Split{Reports: []int{1}, Lines: []string{"a/1"}, Title: "Another"})}},
		What{TakenOver: &TakenOver{From: Pointer{Site: "https://example.org", Project: "q", Case: "Q-0001"}, Brought: brought.Load(), Past: Remember(before[:3]), Proofs: map[int][]byte{1: []byte("{}")}}},
	)
	for i := range out {
		out[i].Rev += int64(len(before))
		out[i].At = out[i].At.Add(time.Duration(len(before)) * time.Hour)
	}
	return out
}

func TestEveryKindOfEventCanHappenAndBeReadBack(t *testing.T) {
	events := sample()
	last := events[len(events)-1] // an erasure ends every story, and leaves nothing for the other tests to look at
	last.Rev, last.What = last.Rev+1, What{Erased: &Erased{Why: "request", Opened: t0, Closed: t0.Add(time.Hour), Events: last.Rev, Files: 1}}
	events = append(events, last)
	kinds := map[string]bool{}
	for _, e := range events {
		b, err := e.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		back, err := ReadEvent(b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(e, back); diff != "" {
			t.Errorf("%s read back (-want +got):\n%s", e.What.Kind(), diff)
		}
		if says, _ := e.What.happening().says(); says == "" {
			t.Errorf("%s says nothing", e.What.Kind())
		}
		kinds[reflect.TypeOf(e.What.happening()).Elem().Name()] = true
	}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[What]()) {
		if !kinds[f.Name] {
			t.Errorf("no event of the sample has What.%s, or happening does not know it", f.Name)
		}
	}
}

// TestEventsOfOldShapesAreStillRead keeps a fixture of every shape ever written: lines are only added to the file.
func TestEventsOfOldShapesAreStillRead(t *testing.T) {
	const file = "testdata/events-v1.jsonl"
	if os.Getenv("UPDATE") != "" {
		var lines []string
		for _, e := range sample() {
			b, err := e.Canonical()
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, string(b))
		}
		if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var events []Event
	for line := range strings.Lines(string(b)) {
		e, err := ReadEvent([]byte(line))
		if err != nil {
			t.Fatalf("%v\n%s", err, line)
		}
		events = append(events, e)
	}
	if diff := cmp.Diff(fold(sample()), fold(events)); diff != "" {
		t.Errorf("the fold of the kept events (-want +got):\n%s", diff)
	}
}

func TestFoldLeavesTheCaseBeforeAsItWas(t *testing.T) {
	var c Case
	for _, e := range sample() {
		before, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		one, two := Fold(c, e), Fold(c, e)
		if diff := cmp.Diff(one, two); diff != "" {
			t.Errorf("%s folded twice differs:\n%s", e.What.Kind(), diff)
		}
		after, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if string(before) != string(after) {
			t.Errorf("%s changed the case before it", e.What.Kind())
		}
		c = one
	}
}

func TestReclassificationKeepsTheOldTarget(t *testing.T) {
	clock := Clock{Name: "response", Kind: Limit, Due: t0.Add(24 * time.Hour), From: t0}
	moved := clock
	moved.Due, moved.Class = t0.Add(7*24*time.Hour), "medium"
	events := sample()[:2]
	events[0].Clocks, events[1].Clocks = []Clock{clock}, []Clock{moved}
	c := fold(events)
	if len(c.Clocks) != 1 || !c.Clocks[0].Due.Equal(moved.Due) {
		t.Errorf("clocks are %+v, want only the new target", c.Clocks)
	}
	if len(c.OldClocks) != 1 || !c.OldClocks[0].Due.Equal(clock.Due) || !c.OldClocks[0].Replaced.Equal(events[1].At) {
		t.Errorf("old clocks are %+v, want the old target with the instant of the change", c.OldClocks)
	}
}

func TestReopenedMatterIsASuccessorReportInTheSameCase(t *testing.T) {
	events := sample()[:7]
	events = append(events, Event{Project: "p", Case: "P-0001", Rev: 8, At: t0.Add(8 * time.Hour), What: What{Ended: &Ended{Outcome: "fixed"}}},
		Event{Project: "p", Case: "P-0001", Rev: 9, At: t0.Add(9 * time.Hour), What: What{Received: &Received{Report: Report{Title: "Again", Continues: 1}}}})
	c := fold(events)
	if len(c.Reports) != 2 || c.Reports[0].RM != Closed || c.Reports[1].RM != Arrived || c.Reports[1].Continues != 1 {
		t.Errorf("reports are %+v", c.Reports)
	}
	if c.Headline() != "acknowledged" && c.RM() != Arrived {
		t.Errorf("headline %q, management %s", c.Headline(), c.RM())
	}
}
