package cvd

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestViewsHoldOnlyWhatTheActorMaySee(t *testing.T) {
	events := sample()
	c := fold(events[:19]) // embargoed, nothing published
	now := t0.Add(20 * time.Hour)
	team := Actor{Project: "p", ID: "anna", Standing: Member, Can: []Capability{See, SeeExploit}}
	narrow := Actor{Project: "p", ID: "ben", Standing: Member, Can: []Capability{See}}
	reporter := Actor{Project: "p", ID: "reporter:1", Standing: Finder, Case: "P-0001", Report: 1}
	words := func(v View) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for name, x := range map[string]struct {
		who        Actor
		sees       bool
		must, none []string
	}{
		"team":               {team, true, []string{"EXPLOIT", "rita@example.org", "Overflow"}, []string{"aGFzaA=="}},
		"narrow":             {narrow, true, []string{"ROOT"}, []string{"EXPLOIT", "aGFzaA=="}},
		"reporter":           {reporter, true, []string{"Overflow", "seen"}, []string{"EXPLOIT", "ROOT", "TEAM ONLY", "ben", "aGFzaA=="}},
		"reporter elsewhere": {Actor{Project: "p", Standing: Finder, Case: "P-0002", Report: 1}, false, nil, nil},
		"other reporter":     {Actor{Project: "p", Standing: Finder, Case: "P-0001", Report: 2}, true, nil, []string{"Overflow", "details", "rita@"}},
		"stranger":           {Nobody("p"), false, nil, nil},
		"member without":     {Actor{Project: "p", Standing: Member}, false, nil, nil},
		"other project":      {Actor{Project: "q", Standing: Member, Can: []Capability{See}}, false, nil, nil},
		"guest not invited":  {Actor{Project: "p", ID: "guest:7", Standing: Guest, Case: "P-0001"}, false, nil, nil},
	} {
		v, ok := Look(c, x.who, now)
		if ok != x.sees {
			t.Errorf("%s: sees the case: %v, want %v", name, ok, x.sees)
			continue
		}
		for _, w := range x.must {
			if !strings.Contains(words(v), w) {
				t.Errorf("%s: does not see %q", name, w)
			}
		}
		for _, w := range x.none {
			if strings.Contains(words(v), w) {
				t.Errorf("%s: sees %q in\n%s", name, w, words(v))
			}
		}
	}
}

func TestGuestSeesUntilTheInvitationEnds(t *testing.T) {
	events := sample()[:3]
	events = append(events, Event{Project: "p", Case: "P-0001", Rev: 4, At: t0, What: What{Invitation: &Invitation{
		Name: "Gwen", ID: "guest:1", Roles: []string{"expert"}, Until: t0.Add(48 * time.Hour)}}})
	c := fold(events)
	gwen := Actor{Project: "p", ID: "guest:1", Standing: Guest, Case: "P-0001"}
	if _, ok := Look(c, gwen, t0.Add(47*time.Hour)); !ok {
		t.Error("the guest does not see the case while invited")
	}
	if _, ok := Look(c, gwen, t0.Add(48*time.Hour)); ok {
		t.Error("the guest sees the case after the invitation ended")
	}
}

// TestAGuestReadsOfTheProjectAndOfNobodyInIt in whatever the team wrote, while what the guest and others from outside did is theirs.
func TestAGuestReadsOfTheProjectAndOfNobodyInIt(t *testing.T) {
	c := fold(append(sample()[:3], Event{Project: "p", Case: "P-0001", Rev: 4, At: t0, Who: "anna", Name: "Anna A.", What: What{Invitation: &Invitation{
		Name: "Gwen", ID: "guest:1", Roles: []string{"expert"}, Until: t0.Add(48 * time.Hour)}}}))
	c.Sections = []Section{{Name: "scope", By: "anna", Text: "x"}, {Name: "root_cause", By: "guest:1", Text: "y"}}
	c.Lines = []Line{{Product: "juno", Name: "28", Patches: []Patch{{URL: "https://git.example/1", By: "anna"}}}}
	c.Ratings = []Rating{{By: "anna"}}
	c.Attempts = []Attempt{{By: "anna", Name: "Anna A."}, {By: "guest:1", Name: "Gwen"}}
	c.Assigned = []Assignment{{Work: "fix", Person: "anna"}}
	v, ok := Look(c, Actor{Project: "p", ID: "guest:1", Standing: Guest, Case: "P-0001"}, t0)
	if !ok || v.Tier != ForGuest {
		t.Fatalf("she reads %v as %v", ok, v.Tier)
	}
	if all := strings.ToLower(fmt.Sprintf("%+v", v)); strings.Contains(all, "anna") {
		t.Errorf("she reads of anna: %s", all)
	}
	if v.Sections[0].By != theProject || v.Sections[1].By != "guest:1" || v.Sections[0].Text != "x" {
		t.Errorf("the analysis: %+v", v.Sections)
	}
	if c.Sections[0].By != "anna" || c.Attempts[0].Name != "Anna A." {
		t.Error("looking changed the case")
	}
}

func TestTimelineOfAStrangerNamesNobody(t *testing.T) {
	for _, e := range History(sample(), ForReporter) {
		if e.Who != "" || e.Name == "anna" {
			t.Errorf("the reporter's timeline names %q %q", e.Who, e.Name)
		}
		if slices.Contains([]string{"noted", "rated", "analysed_section", "checked"}, e.Kind) {
			t.Errorf("the reporter's timeline has %q", e.Says)
		}
	}
}

func TestCaseIDsAreAPermutationThatHidesTheOrder(t *testing.T) {
	key := []byte("0123456789abcdef0123456789abcdef")
	seen := map[CaseID]bool{}
	ascending := 0
	last := CaseID("")
	for n := range int64(20000) {
		id := NewCaseID("JUNO", key, n)
		if seen[id] || len(id) != len("JUNO-7KQ4") {
			t.Fatalf("case %d has id %s, which is taken or of another length", n, id)
		}
		if back, err := ParseCaseID(strings.ToLower(string(id))); err != nil || back != id {
			t.Fatalf("%s read back as %s, %v", id, back, err)
		}
		if id > last {
			ascending++
		}
		seen[id], last = true, id
	}
	if ascending < 9500 || ascending > 10500 {
		t.Errorf("%d of 20000 ids are greater than the one before; half would tell nothing", ascending)
	}
	if a, b := NewCaseID("J", key, 1<<20), NewCaseID("J", key, 1<<20-1); len(a) != 8 || len(b) != 6 {
		t.Errorf("ids around 2^20 are %s and %s", b, a)
	}
}

func TestStrangersLearnNothingOfAPublicMatterThatIsTakenUpAgain(t *testing.T) {
	yes, no := true, false
	for name, triaged := range map[string]*Triaged{
		"published as an advisory": {Class: "high", Sensitive: &yes, Track: "private"},
		"public from triage on":    {Class: "low", Sensitive: &no, Track: "public", Public: true},
	} {
		events := story(
			What{Received: &Received{Report: Report{Title: "First", Description: "d"}, Track: "private", Kind: "security"}},
			What{Validated: &Validated{Evidence: "x"}}, What{Triaged: triaged}, What{Prioritised: &Prioritised{}},
			What{Drafted: &Drafted{}}, What{Disclosed: &Disclosed{Advisory: "P-SA-2026-001", Edition: 1}}, What{Ended: &Ended{Outcome: "fixed"}})
		before := fold(events)
		was, ok := Look(before, Nobody("p"), t0)
		if !ok {
			t.Fatalf("%s: strangers do not see the case", name)
		}
		again := story(
			What{Received: &Received{Report: Report{Title: "SECOND WAY", Continues: 1}}}, What{Validated: &Validated{Evidence: "x"}},
			What{Triaged: &Triaged{Class: "critical", Sensitive: &yes, Track: "private", Title: "SECOND TITLE"}}, What{Messaged: &Messaged{Text: "x"}})
		all, c := events, before
		for i, e := range again {
			e.Rev, e.At = int64(8+i), t0.Add(time.Duration(20+i)*time.Hour)
			all, c = append(all, e), Fold(c, e)
			is, ok := Look(c, Nobody("p"), t0)
			if diff := cmp.Diff(was, is); !ok || diff != "" {
				t.Errorf("%s, then %s: what strangers see changed:\n%s", name, e.What.Kind(), diff)
			}
			if diff := cmp.Diff(PublicHistory(before, events), PublicHistory(c, all)); diff != "" {
				t.Errorf("%s, then %s: the public history changed:\n%s", name, e.What.Kind(), diff)
			}
		}
		if c.Headline() != "triaged" || c.Title != "SECOND TITLE" {
			t.Errorf("%s: the team sees %q, %q", name, c.Headline(), c.Title)
		}
	}
}

// The public reads what was let pass, a trace of what was hidden, and nothing of what waits or came since the matter was taken
// up again by a report that is not for the public.
func TestThePublicReadsTheDiscussionAsItMay(t *testing.T) {
	no := false
	events := story(
		What{Received: &Received{Report: Report{Title: "First", Description: "d"}, Track: "public", Kind: "issue"}},
		What{Validated: &Validated{Evidence: "x"}},
		What{Triaged: &Triaged{Class: "low", Sensitive: &no, Track: "public", Public: true}},
		What{Reproduced: &Reproduced{Environment: "HOST", Version: "1.2", Outcome: "reproduced", Evidence: "LOG"}},
		What{Commented: &Commented{Text: "PASSED"}},
		What{Commented: &Commented{Text: "WAITING", Held: true}},
		What{Commented: &Commented{Text: "RUDE"}},
		What{Moderated: &Moderated{Comment: 3, Verdict: "hide", Because: "an insult"}})
	for i := range events {
		events[i].Name = "Anna"
	}
	read := func(c Case, who Actor) string {
		v, ok := Look(c, who, t0)
		if !ok {
			t.Fatal("the case is not to be seen")
		}
		b, err := json.Marshal([]any{v.Comments, v.Attempts})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	must := func(name, text string, words, never []string) {
		t.Helper()
		for _, w := range words {
			if !strings.Contains(text, w) {
				t.Errorf("%s: does not read %q in %s", name, w, text)
			}
		}
		for _, w := range never {
			if strings.Contains(text, w) {
				t.Errorf("%s: reads %q in %s", name, w, text)
			}
		}
	}
	c := fold(events)
	stranger := read(c, Nobody("p"))
	must("a stranger", stranger, []string{"PASSED", "Anna", "an insult", "1.2"}, []string{"WAITING", "RUDE", "HOST", "LOG", "anna"})
	must("its author", read(c, Actor{Project: "p", ID: "anna", Standing: Member}), []string{"WAITING"}, []string{"RUDE"})
	must("the team", read(c, Actor{Project: "p", ID: "ben", Standing: Member, Can: []Capability{See}}), []string{"WAITING", "RUDE", "HOST"}, nil)
	for i, w := range []What{
		{Received: &Received{Report: Report{Title: "Second"}}}, {Commented: &Commented{Text: "LATER"}}, {Moderated: &Moderated{Comment: 2, Verdict: "show"}},
		{Reproduced: &Reproduced{Version: "9.9", Outcome: "reproduced"}}} {
		c = Fold(c, Event{ID: "e", Project: "p", Case: "P-0001", Rev: int64(20 + i), At: t0.Add(time.Duration(20+i) * time.Hour), Who: "anna", Name: "Anna", What: w})
	}
	if again := read(c, Nobody("p")); again != stranger {
		t.Errorf("what a stranger reads changed by a report that is not for the public:\n%s\n%s", stranger, again)
	}
	c = Fold(c, Event{ID: "e", Project: "p", Case: "P-0001", Rev: 30, At: t0.Add(30 * time.Hour), What: What{Moderated: &Moderated{Comment: 1, Verdict: "hide", Because: "spam"}}})
	must("a stranger after all", read(c, Nobody("p")), nil, []string{"PASSED"})
}

func TestAReporterIsNamedAsTheySaidLast(t *testing.T) {
	events := story(
		What{Received: &Received{Report: Report{Title: "First", Credit: "Rita Riva"}, Track: "private", Kind: "security"}},
		What{Credited: &Credited{Name: "Rita Riva", Role: "finder", Consent: true}},
		What{Credited: &Credited{Name: "Tess", Role: "tester", Consent: true}},
		What{Credited: &Credited{Name: "rr", Role: "finder", Consent: true, Report: 1}})
	c := fold(events)
	names := func(c Case) (all []string) {
		for _, k := range c.Credits {
			if k.Consent {
				all = append(all, k.Name)
			}
		}
		return all
	}
	if got := names(c); !slices.Equal(got, []string{"Tess", "rr"}) {
		t.Errorf("renamed: %v", got)
	}
	c = Fold(c, Event{Project: "p", Case: "P-0001", Rev: 5, At: t0.Add(9 * time.Hour), What: What{Credited: &Credited{Role: "finder", Report: 1}}})
	if got := names(c); !slices.Equal(got, []string{"Tess"}) {
		t.Errorf("taken back: %v", got)
	}
	if k, ok := c.CreditOf(1); !ok || k.Consent {
		t.Errorf("that the name was taken back is not known: %+v %v", k, ok)
	}
}

func TestAnEmbargoAnswersTheProposals(t *testing.T) {
	at := t0.Add(500 * time.Hour)
	events := story(
		What{Received: &Received{Report: Report{Title: "First"}, Track: "private", Kind: "security"}},
		What{Proposing: &Proposing{Until: at.Add(time.Hour), Report: 1}},
		What{Proposing: &Proposing{Until: at, Report: 1}})
	c := fold(events)
	if p := c.Proposal(); p == nil || !p.Until.Equal(at) || c.Proposals[0].Answer != "replaced" {
		t.Fatalf("the open proposal is %+v of %+v", p, c.Proposals)
	}
	agreed := Fold(c, Event{Project: "p", Case: "P-0001", Rev: 4, At: t0, What: What{Embargoed: &Embargoed{Until: at}}})
	other := Fold(c, Event{Project: "p", Case: "P-0001", Rev: 4, At: t0, What: What{Embargoed: &Embargoed{Until: at.Add(time.Minute)}}})
	if !agreed.Embargo.Agreed || agreed.Proposals[1].Answer != "agreed" || agreed.Proposal() != nil {
		t.Errorf("agreed: %+v %+v", agreed.Embargo, agreed.Proposals)
	}
	if other.Embargo.Agreed || other.Proposals[1].Answer != "another instant" {
		t.Errorf("another instant: %+v %+v", other.Embargo, other.Proposals)
	}
}

// A number of revisions, and the instant of the last, would tell those who see only a part how busy the team is with the rest.
func TestOnlyWhoSeesTheCaseCountsItsEvents(t *testing.T) {
	c := Case{Project: "juno", ID: "JUNO-7KQ4", Rev: 40, Public: true, ChangedAt: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
		Marks: map[string]time.Time{}, Round: map[string]time.Time{}, Reports: []Report{{Number: 1}}}
	for name, who := range map[string]Actor{"a stranger": Nobody("juno"), "its reporter": {Project: "juno", Standing: Finder, Case: c.ID, Report: 1},
		"another's reporter": {Project: "juno", Standing: Finder, Case: "JUNO-0000", Report: 1}} {
		if v, ok := Look(c, who, c.ChangedAt); !ok || v.Rev != 0 || !v.Changed.IsZero() {
			t.Errorf("%s sees revision %d, changed at %v", name, v.Rev, v.Changed)
		}
	}
	team := Actor{Project: "juno", Standing: Member, Can: []Capability{See}}
	if v, ok := Look(c, team, c.ChangedAt); !ok || v.Rev != 40 || v.Changed.IsZero() {
		t.Errorf("the team sees revision %d, changed at %v", v.Rev, v.Changed)
	}
}
