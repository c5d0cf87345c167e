package cvd

import (
	"slices"
	"strings"
	"testing"
	"time"

	"encoding/json"
)

// asked is a case with a party that was asked to take part, after the events given.
func asked(more ...What) Case {
	whats := []What{
		{Received: &Received{Report: Report{Title: "SECRET title", Description: "SECRET"}, Track: "private"}},
		{Invitation: &Invitation{Name: "Olga", Kind: Vendor, ID: "guest:1", Address: "psirt@vendor.example", Code: []byte("hash"), Salt: []byte("salt"), AnswerBy: t0.Add(100 * time.Hour)}},
	}
	return fold(story(append(whats, more...)...))
}

var (
	olga    = Actor{Project: "p", ID: "guest:1", Standing: Guest, Case: "P-0001"}
	accepts = What{Answered: &Answered{Accept: true, Party: "guest:1"}}
	until   = t0.Add(500 * time.Hour)
	embargo = What{Embargoed: &Embargoed{Until: until}}
	signs   = What{Answered: &Answered{Accept: true, Party: "guest:1", Embargo: until}}
)

// Before acceptance, and after it ended, a party sees the embargo and not a word of the case (Vultron, content gate).
func TestOnlyWhoJoinedAndSignedReadsTheCase(t *testing.T) {
	for name, x := range map[string]struct {
		more  []What
		reads bool
		state PartyState
	}{
		"asked":                            {nil, false, WasInvited},
		"accepted, no embargo":             {[]What{accepts}, true, HasAccepted},
		"declined":                         {[]What{{Answered: &Answered{Party: "guest:1"}}}, false, HasDeclined},
		"asked under an embargo":           {[]What{embargo}, false, WasInvited},
		"signed the embargo":               {[]What{embargo, signs}, true, HasAccepted},
		"accepted before there was one":    {[]What{accepts, embargo}, false, HasAccepted},
		"and signed it then":               {[]What{accepts, embargo, signs}, true, HasAccepted},
		"left":                             {[]What{embargo, signs, {Left: &Left{Party: "guest:1", Keeps: true}}}, false, HasLeft},
		"removed":                          {[]What{embargo, signs, {Removed: &Removed{Party: "guest:1", Because: "a leak"}}}, false, RemovedParty},
		"removed and invited anew":         {[]What{embargo, signs, {Removed: &Removed{Party: "guest:1"}}, {Invitation: &Invitation{Name: "Olga", Kind: Vendor, ID: "guest:1", Code: []byte("x"), Salt: []byte("y")}}}, false, WasInvited},
		"says how far it is":               {[]What{accepts, {Stood: &Stood{Party: "guest:1", Status: FixInProgress}}}, true, "fix in progress"},
		"the embargo that it signed ended": {[]What{embargo, signs, {Lifted: &Lifted{Why: "agreed"}}}, true, HasAccepted},
	} {
		c := asked(x.more...)
		if got := c.Party("guest:1").State(t0.Add(50 * time.Hour)); got != x.state {
			t.Errorf("%s: the state is %q, want %q", name, got, x.state)
		}
		v, ok := Look(c, olga, t0.Add(50*time.Hour))
		if !ok {
			t.Errorf("%s: the party is not heard at all", name)
		}
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if reads := strings.Contains(string(b), "SECRET"); reads != x.reads {
			t.Errorf("%s: reads %v, want %v", name, reads, x.reads)
		}
		if !x.reads && (v.Tier != ForInvited || v.Rev != 0 || v.Title != "" || len(v.Parties) != 1 || v.Parties[0].Code != nil || v.Parties[0].Salt != nil) {
			t.Errorf("%s: sees more than what it is asked: %+v", name, v)
		}
	}
}

// An invited party is bound by its answer, which accepts the terms, and by no other word to the embargo before it.
func TestNobodySignsBeforeTheyAnsweredTheInvitation(t *testing.T) {
	answerBy := t0.Add(100 * time.Hour)
	proposes := What{Proposing: &Proposing{Until: until, Party: "guest:1"}}
	for name, more := range map[string][]What{
		"agrees to what holds":      {embargo, {Accepting: &Accepting{Proposal: 1, Joins: true}}},
		"its own wish is taken up":  {proposes, {Accepting: &Accepting{Proposal: 1, Decides: true, AnswerBy: answerBy}}},
		"says yes to what is taken": {{Proposing: &Proposing{Until: until}}, {Accepting: &Accepting{Proposal: 1}}, {Accepting: &Accepting{Proposal: 1, Decides: true, AnswerBy: answerBy}}},
	} {
		var events []Event
		for i, e := range story(append([]What{
			{Received: &Received{Report: Report{Title: "x"}, Track: "private"}},
			{Invitation: &Invitation{Name: "Olga", Kind: Vendor, ID: "guest:1", AnswerBy: answerBy}}}, more...)...) {
			if e.Who = "guest:1"; i > 1 && (e.What.Embargoed != nil || e.What.Accepting != nil && e.What.Accepting.Decides) {
				e.Who = "anna"
			}
			events = append(events, e)
		}
		c := fold(events)
		if p := c.Party("guest:1"); p.Consent != Invited {
			t.Errorf("%s: the consent is %s, want %s", name, p.Consent, Invited)
		}
		c = Fold(c, Event{Project: "p", Case: "P-0001", Rev: c.Rev + 1, At: t0.Add(50 * time.Hour), Who: "guest:1", What: signs})
		if p := c.Party("guest:1"); p.Consent != Signatory {
			t.Errorf("%s: after the answer the consent is %s", name, p.Consent)
		}
	}
}

// What a party said is ready or deployed is a fact that does not go back, and its closed work says nothing more.
func TestWhatIsReadyIsNotUnready(t *testing.T) {
	for name, x := range map[string]struct {
		of   Party
		says Stood
		ok   bool
	}{
		"nothing was said":               {Party{}, Stood{Status: Deployed}, true},
		"another finding":                {Party{Status: Affected}, Stood{Status: NotAffected}, true},
		"on":                             {Party{Status: Ready}, Stood{Status: Deployed}, true},
		"again":                          {Party{Status: Deployed}, Stood{Status: Deployed}, true},
		"back":                           {Party{Status: Deployed}, Stood{Status: Ready}, false},
		"not affected after all":         {Party{Status: Ready}, Stood{Status: NotAffected}, false},
		"of a line":                      {Party{Lines: map[string]PartyStatus{"27": Ready}}, Stood{Status: Affected, Line: "27"}, false},
		"of another line":                {Party{Lines: map[string]PartyStatus{"27": Ready}}, Stood{Status: Affected, Line: "28"}, true},
		"of a line of the whole":         {Party{Status: Deployed}, Stood{Status: Affected, Line: "28"}, false},
		"of the whole, with a line":      {Party{Lines: map[string]PartyStatus{"27": Ready}}, Stood{Status: Affected}, false},
		"closed":                         {Party{RM: Closed, Status: Affected}, Stood{Status: Ready}, false},
		"closed, and the machine's move": {Party{RM: Closed}, Stood{Move: "accept"}, false},
		"closed, and where they are":     {Party{RM: Closed}, Stood{Zone: "Asia/Tokyo"}, true},
	} {
		if says := x.of.Bars(x.says); (says == "") != x.ok {
			t.Errorf("%s: %q", name, says)
		}
	}
}

// Where a party is says nothing of how far it is.
func TestAPartyMovesToAnotherZone(t *testing.T) {
	far := asked(accepts, What{Stood: &Stood{Party: "guest:1", Status: Ready}})
	was := *far.Party("guest:1")
	at := t0.Add(400 * time.Hour)
	moved := Event{Project: "p", Case: "P-0001", Rev: far.Rev + 1, At: at, Who: "guest:1", What: What{Stood: &Stood{Party: "guest:1", Zone: "Asia/Tokyo"}}}
	there := Fold(far, moved)
	is := *there.Party("guest:1")
	if is.Zone != "Asia/Tokyo" {
		t.Errorf("it is in %q", is.Zone)
	}
	if is.Zone = was.Zone; is.Status != was.Status || is.RM != was.RM || is.VFD != was.VFD || !is.StatusAt.Equal(was.StatusAt) {
		t.Errorf("it stands at %+v, and stood at %+v", is, was)
	}
	later := Event{Project: "p", Case: "P-0001", Rev: far.Rev + 2, At: at, Who: "guest:1", What: What{Stood: &Stood{Party: "guest:1", Status: Deployed}}}
	there = Fold(there, later)
	if got := there.Party("guest:1"); got.Zone != "Asia/Tokyo" || got.Status != Deployed {
		t.Errorf("after its next word it is %s in %q", got.Status, got.Zone)
	}
	if says, tier := moved.What.Stood.says(); tier != ForTeam || says != "Said in which zone they are: Asia/Tokyo" {
		t.Errorf("the timeline says %q, to tier %v", says, tier)
	}
}

// Silence past the deadline is a refusal, and needs nobody to run for it (pocket veto).
func TestSilenceIsAnAnswerOnceTheTimeIsOver(t *testing.T) {
	c := asked()
	p := c.Party("guest:1")
	if got := p.State(t0.Add(99 * time.Hour)); got != WasInvited {
		t.Errorf("before the deadline: %q", got)
	}
	if got := p.State(t0.Add(100 * time.Hour)); got != HasDeclined {
		t.Errorf("at the deadline: %q", got)
	}
}

// Halfway a party is reminded, at the end the team is told; whoever answered and reads is left in peace.
func TestWhoDoesNotAnswerIsRemindedOnceAndThenTheTeamIsTold(t *testing.T) {
	c := asked()
	invited := c.Party("guest:1").InvitedAt
	window := t0.Add(100 * time.Hour).Sub(invited)
	rings := func(at time.Time) {
		c = Fold(c, Event{Project: "p", Case: "P-0001", Rev: c.Rev + 1, At: at, Who: "system", What: What{Breached: &Breached{Clock: AnswersClock, Kind: Warning}}})
	}
	if got := c.Chase(); !got.Equal(invited.Add(window / 2)) {
		t.Errorf("first at %s", got)
	}
	rings(c.Chase().Add(time.Second))
	if p := c.Party("guest:1"); p.RemindedAt.IsZero() || !p.ToldAt.IsZero() || !c.Chase().Equal(invited.Add(window)) {
		t.Errorf("after half of the time: %+v, next %s", p, c.Chase())
	}
	rings(c.Chase().Add(time.Second))
	if p := c.Party("guest:1"); p.ToldAt.IsZero() || !c.Chase().IsZero() {
		t.Errorf("at the end: %+v, next %s", p, c.Chase())
	}
	c = asked(accepts)
	if c.Chase().IsZero() {
		t.Error("nobody is reminded that it was accepted and never read")
	}
	if c = asked(accepts, What{Acquainted: &Acquainted{Party: "guest:1", Case: true}}); !c.Chase().IsZero() {
		t.Error("who accepted and read is still waited for")
	}
}

// A party's own words move its own work and its own way to a fix, and nobody else's; to accept an invitation is to receive the
// report, not to find it valid.
func TestWhatAPartySaysMovesItsOwnMachines(t *testing.T) {
	says := func(status PartyStatus) What { return What{Stood: &Stood{Party: "guest:1", Status: status}} }
	for name, x := range map[string]struct {
		more []What
		rm   RM
		vfd  VFD
	}{
		"asked":                   {nil, Start, "vfd"},
		"accepted":                {[]What{accepts}, Arrived, "Vfd"},
		"investigating":           {[]What{accepts, says(Investigating)}, Arrived, "Vfd"},
		"affected":                {[]What{accepts, says(Affected)}, Valid, "Vfd"},
		"not affected":            {[]What{accepts, says(NotAffected)}, NotValid, "Vfd"},
		"affected, then not":      {[]What{accepts, says(Affected), says(NotAffected)}, Deferred, "Vfd"},
		"not, then affected":      {[]What{accepts, says(NotAffected), says(Affected)}, Valid, "Vfd"},
		"fix in progress":         {[]What{accepts, says(FixInProgress)}, Accepted, "Vfd"},
		"affected, then fixing":   {[]What{accepts, says(Affected), says(FixInProgress), says(Investigating)}, Accepted, "Vfd"},
		"ready":                   {[]What{accepts, says(Ready)}, Accepted, "VFd"},
		"deployed":                {[]What{accepts, says(Deployed)}, Accepted, "VFD"},
		"ready on one line alone": {[]What{accepts, {Stood: &Stood{Party: "guest:1", Status: Ready, Line: "28"}}}, Accepted, "Vfd"},
		"defers":                  {[]What{accepts, says(Affected), {Stood: &Stood{Party: "guest:1", Move: "defer"}}}, Deferred, "Vfd"},
	} {
		c := asked(x.more...)
		p := c.Party("guest:1")
		if p.RM != x.rm || p.VFD != x.vfd {
			t.Errorf("%s: %s %s, want %s %s", name, p.RM, p.VFD, x.rm, x.vfd)
		}
		if c.Current().RM != Arrived {
			t.Errorf("%s: the project's own work moved to %s", name, c.Current().RM)
		}
	}
}

// The sums are exact: one less than a third is less than a third, and 67 per cent are 67.
func TestReadinessIsExactAtItsMarks(t *testing.T) {
	party := func(w int64, s PartyStatus, joined bool) Party {
		p := Party{Kind: Validator, Weights: map[string]int64{"voting_power": w}, Status: s, InvitedAt: t0}
		if joined {
			p.AnsweredAt = t0
		}
		return p
	}
	big := int64(1) << 60
	for name, x := range map[string]struct {
		parties      []Party
		ready, total int64
		third, most  bool
	}{
		"nobody":                          {nil, 0, 0, false, false},
		"a third to the unit":             {[]Party{party(1, Ready, true), party(2, "", true)}, 1, 3, true, false},
		"one unit less than a third":      {[]Party{party(big-1, Ready, true), party(2*big+1, "", true)}, big - 1, 3 * big, false, false},
		"67 of 100":                       {[]Party{party(66, Deployed, true), party(1, Ready, true), party(33, "", false)}, 67, 100, true, true},
		"66 of 100":                       {[]Party{party(66, Deployed, true), party(34, "", true)}, 66, 100, true, false},
		"who has not joined is not ready": {[]Party{party(67, Ready, false), party(33, "", true)}, 0, 100, false, false},
		"who is not affected is out":      {[]Party{party(60, NotAffected, true), party(40, Ready, true)}, 40, 40, true, true},
	} {
		c := Case{Parties: x.parties}
		r := c.Readiness("voting_power", "", nil)
		if r.Ready != x.ready || r.Total != x.total || r.Third() != x.third || r.Percent(67) != x.most {
			t.Errorf("%s: %+v, a third %v, 67 %% %v", name, r, r.Third(), r.Percent(67))
		}
	}
}

// A thread is there for those who are in it; a member of the team has no name to the others.
func TestAThreadIsSeenByThoseInIt(t *testing.T) {
	c := asked(What{Threaded: &Threaded{Title: "THREAD", Parties: []ActorID{"guest:1"}}}, What{Messaged: &Messaged{Thread: 1, Text: "WORD"}}, accepts)
	sees := func(who Actor) string {
		v, _ := Look(c, who, t0.Add(time.Hour))
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if got := sees(olga); !strings.Contains(got, "THREAD") || !strings.Contains(got, "WORD") || strings.Contains(got, "anna") {
		t.Errorf("who is in it sees %s", got)
	}
	rita := Actor{Project: "p", ID: "reporter:1", Standing: Finder, Case: "P-0001", Report: 1}
	if got := sees(rita); strings.Contains(got, "THREAD") || strings.Contains(got, "WORD") || strings.Contains(got, "Olga") {
		t.Errorf("the reporter, who is not in it, sees %s", got)
	}
	if e := PublicHistory(c, sample()); slices.ContainsFunc(e, func(e Entry) bool { return strings.Contains(e.Says, "thread") }) {
		t.Error("strangers read of a thread")
	}
}

// The instant of a height is an estimate from the height of then and the time between blocks.
func TestAHeightHasAnEstimatedInstant(t *testing.T) {
	c := asked(What{Timed: &Timed{Height: 1100, Current: 1000, Block: "6"}})
	if at, estimate := c.Countdown.Due(); !estimate || !at.Equal(t0.Add(2*time.Hour+10*time.Minute)) {
		t.Errorf("got %s, an estimate %v", at, estimate)
	}
}

// Who left or was removed negotiates no more: what they proposed is taken back, they read no new proposal, and once the embargo is
// over they are bound no longer.
func TestWhoIsGoneNegotiatesNoMore(t *testing.T) {
	for name, goes := range map[string]What{
		"left":    {Left: &Left{Party: "guest:1", Keeps: true}},
		"removed": {Removed: &Removed{Party: "guest:1", Because: "a leak"}},
	} {
		asks := What{Proposing: &Proposing{Until: until.Add(-time.Hour), Party: "guest:1", Asks: true}}
		c := asked(embargo, signs, asks, goes, What{Proposing: &Proposing{Until: until.Add(time.Hour)}})
		if p := c.ProposalOf(2); p.Answer != "withdrawn" {
			t.Errorf("%s: the own proposal is %q", name, p.Answer)
		}
		if first, ok := c.Shortest(t0); !ok || first.Number != 3 {
			t.Errorf("%s: what is answered first is %+v", name, first)
		}
		v, _ := Look(c, olga, t0.Add(50*time.Hour))
		if slices.ContainsFunc(v.Proposals, func(p Proposal) bool { return p.Until.After(until) }) {
			t.Errorf("%s: reads what is negotiated without them: %+v", name, v.Proposals)
		}
		if v.Consent != Signatory || v.Parties[0].Consent != Signatory {
			t.Errorf("%s: the consent is %q at the top and %q in the entry", name, v.Consent, v.Parties[0].Consent)
		}
		c = Fold(c, Event{Project: "p", Case: "P-0001", Rev: c.Rev + 1, At: t0.Add(time.Hour), Who: "anna", What: What{Lifted: &Lifted{Why: "public"}}})
		if got := c.Party("guest:1").Consent; got != NoConsentAsked {
			t.Errorf("%s: still bound by an embargo that is over: %q", name, got)
		}
	}
}

// What somebody proposed who has declined since stands in nobody's way, unlike what somebody proposed who has not answered yet.
func TestADeclinedPartysProposalBlocksNobody(t *testing.T) {
	asks := What{Proposing: &Proposing{Until: until.Add(-time.Hour), Party: "guest:1", Asks: true}}
	embargo := What{Embargoed: &Embargoed{Until: until, AnswerBy: t0.Add(100 * time.Hour)}}
	if _, ok := asked(embargo, asks).Shortest(t0.Add(50 * time.Hour)); !ok {
		t.Error("who was only asked is not heard")
	}
	if p, ok := asked(embargo, asks).Shortest(t0.Add(100 * time.Hour)); ok {
		t.Errorf("silence is heard: %+v", p)
	}
	if p, ok := asked(embargo, asks, What{Answered: &Answered{Party: "guest:1"}}).Shortest(t0.Add(50 * time.Hour)); ok {
		t.Errorf("a refusal is heard: %+v", p)
	}
}
