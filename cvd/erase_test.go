package cvd

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is left of an erased case follows from the one event: a fold over the events as they were, and over the ids that are
// left of them, give the same, and it holds nothing of what was said.
func TestTheErasureAloneMakesTheErasedCase(t *testing.T) {
	events := sample()
	before, last := fold(events), events[len(events)-1]
	erasure := Erase(before, "request")
	last.What, last.Rev = What{Erased: &erasure}, before.Rev+1
	var hollow Case
	for _, e := range events {
		hollow = Fold(hollow, Event{ID: e.ID, Project: e.Project, Case: e.Case})
	}
	was, is := Fold(before, last), Fold(hollow, last)
	if diff := cmp.Diff(was, is); diff != "" {
		t.Errorf("the fold depends on what is gone (-from all +from what is left):\n%s", diff)
	}
	b, err := json.Marshal(is)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"Overflow", "EXPLOIT", "TEAM ONLY", "rita", "Gwen", "private", "response"} {
		if strings.Contains(string(b), word) {
			t.Errorf("an erased case still says %q", word)
		}
	}
	if is.Headline() != "erased" || is.RM() != Closed || is.Public || is.OpenedAt != before.OpenedAt || is.Rev != before.Rev+1 ||
		is.Erased.Events != before.Rev || is.Erased.Closed != before.Marked("closed") {
		t.Errorf("what is left is %+v, %+v", is, is.Erased)
	}
	team := Actor{Project: "p", ID: "anna", Standing: Member, Can: []Capability{See}}
	for name, who := range map[string]Actor{"a stranger": Nobody("p"), "its reporter": {Project: "p", Standing: Finder, Case: "P-0001", Report: 1},
		"a guest": {Project: "p", ID: "guest:1", Standing: Guest, Case: "P-0001"}, "a member who may not see cases": {Project: "p", Standing: Member}} {
		if _, ok := Look(is, who, last.At); ok {
			t.Errorf("%s sees that there was a case", name)
		}
	}
	v, ok := Look(is, team, last.At)
	want := View{Project: "p", ID: "P-0001", Rev: is.Rev, Tier: ForTeam, Policy: is.Policy, OpenedAt: is.OpenedAt, Changed: last.At,
		Title: "Erased", Headline: "erased", RM: Closed, Erased: is.Erased}
	if diff := cmp.Diff(want, v); !ok || diff != "" {
		t.Errorf("the team's line (-want +got):\n%s", diff)
	}
}
