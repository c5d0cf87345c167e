package cvd

import (
	"strings"
	"testing"
	"time"
)

// What somebody wished for the embargo, and why the project would not, is read by them and by the team. Those who take part beside
// them learn of it when it became the terms.
func TestWhatOneWishesIsNotForTheOthers(t *testing.T) {
	var events []Event
	does := func(who ActorID, w What) {
		events = append(events, Event{Project: "p", Case: "P-0001", Rev: int64(len(events) + 1), At: t0, Who: who, What: w}) // all at one instant
	}
	does("reporter:1", What{Received: &Received{Report: Report{Title: "Overflow"}, Track: "private", Kind: "security"}})
	does("anna", What{Invitation: &Invitation{ID: "guest:1", Name: "Ada"}})
	does("anna", What{Invitation: &Invitation{ID: "guest:2", Name: "Bert"}})
	does("reporter:1", What{Proposing: &Proposing{Until: day(10), Because: "a talk", Report: 1}})
	does("anna", What{Rejecting: &Rejecting{Proposal: 1, Because: "the reporter's talk is too soon", Decides: true, Until: day(10)}})
	does("guest:1", What{Proposing: &Proposing{Until: day(20), Because: "our release", Party: "guest:1"}})
	does("anna", What{Rejecting: &Rejecting{Proposal: 2, Because: "the vendor is too slow", Decides: true, Until: day(20)}})
	does("anna", What{Proposing: &Proposing{Until: day(30)}})
	c := fold(events)
	for _, x := range []struct {
		who  Actor
		want string
	}{
		{Actor{Project: "p", ID: "reporter:1", Standing: Finder, Case: "P-0001", Report: 1}, "day 10, talk is too soon, day 30"},
		{Actor{Project: "p", ID: "guest:1", Standing: Guest, Case: "P-0001"}, "vendor is too slow, day 30"},
		{Actor{Project: "p", ID: "guest:2", Standing: Guest, Case: "P-0001"}, "day 30"},
	} {
		who, want := x.who, x.want
		tier := ForGuest
		if who.Standing == Finder {
			tier = ForReporter
		}
		var all strings.Builder
		for _, n := range HistoryOf(c, events, who, tier) {
			all.WriteString(n.Says + "\n")
		}
		for name, word := range map[string]string{"day 10": "Proposed " + Instant(day(10)), "day 20": "Proposed " + Instant(day(20)), "talk is too soon": "talk is too soon",
			"vendor is too slow": "vendor is too slow", "day 30": "Proposed " + Instant(day(30))} {
			if reads := strings.Contains(all.String(), word); reads != strings.Contains(want, name) {
				t.Errorf("%s reads %q: %v\n%s", who.ID, word, reads, all.String())
			}
		}
	}
	does("anna", What{Invitation: &Invitation{ID: "guest:3", Name: "Carla", Kind: Vendor, AnswerBy: t0.Add(72 * time.Hour)}})
	if v, ok := Look(fold(events), Actor{Project: "p", ID: "guest:3", Standing: Guest, Case: "P-0001"}, t0); !ok || v.Tier != ForInvited || len(v.Proposals) != 1 || !v.Proposals[0].Until.Equal(day(30)) {
		t.Errorf("who was only asked sees the wishes of others: %+v", v.Proposals)
	}
}

// Why a proposal was refused is read by who could see it: it is not said of the longer ones that fall with it.
func TestTheReasonOfARefusalStaysWithWhatWasNamed(t *testing.T) {
	b := negotiating(t, "guest:1", "guest:2").proposes("guest:1", 20).proposes("guest:2", 40)
	b.does("anna", What{Rejecting: &Rejecting{Proposal: 1, Dropped: []int{2}, Because: "the talk of guest 1", Decides: true, Until: day(20)}})
	if one, two := b.c.ProposalOf(1), b.c.ProposalOf(2); one.Why != "the talk of guest 1" || two.Answer != "rejected" || two.Why != "" {
		t.Errorf("refused %+v and with it %+v", one, two)
	}
}
