package policy

import (
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

// inPublic is a case on the public track with its first comment by somebody still held.
func inPublic() cvd.Case {
	return cvd.Case{Project: "harbour", ID: "HRB-1", Rev: 3, Track: "open", Public: true, Reports: []cvd.Report{{RM: cvd.Valid}},
		Comments: []cvd.Comment{{Number: 1, By: "mia"}}}
}

func TestTheFirstCommentOfSomebodyWaits(t *testing.T) {
	p, c := sample(t), inPublic()
	mia, mod := cvd.Actor{ID: "mia", Standing: cvd.Member}, cvd.Actor{ID: "ann", Standing: cvd.Member, Can: []cvd.Capability{"moderate"}}
	at := on("2026-03-02 10:00")
	for _, row := range []struct {
		name  string
		hold  string
		who   cvd.Actor
		shown bool
		want  bool
	}{
		{"nothing of theirs has passed yet", "", mia, false, true},
		{"one of theirs has passed", "", mia, true, false},
		{"everything is held", "all", mia, true, true},
		{"nothing is held", "none", mia, false, false},
		{"who may let comments pass waits for nobody", "all", mod, false, false},
	} {
		p.Document.Tracks[1].Discussion = nil
		if row.hold != "" {
			p.Document.Tracks[1].Discussion = &Discussion{Hold: row.hold}
		}
		if c.Comments[0].ShownAt = at; !row.shown {
			c.Comments[0].ShownAt = c.OpenedAt
		}
		if got := p.Holds(c, row.who); got != row.want {
			t.Errorf("%s: held %v, want %v", row.name, got, row.want)
		}
	}
}

func TestOnlyWhatIsHandledInPublicIsDiscussed(t *testing.T) {
	p := sample(t)
	for name, row := range map[string]struct {
		change func(*cvd.Case)
		want   bool
	}{
		"in public":            {func(*cvd.Case) {}, true},
		"not public yet":       {func(c *cvd.Case) { c.Public = false }, false},
		"on a private track":   {func(c *cvd.Case) { c.Track = "shut" }, false},
		"closed":               {func(c *cvd.Case) { c.Reports[0].RM = cvd.Closed }, false},
		"published, sensitive": {func(c *cvd.Case) { c.Severity.Sensitive = true }, false},
		"taken up again, which the public does not know": {func(c *cvd.Case) {
			c.Shown = &cvd.Shown{Track: "open", RM: cvd.Valid, Reports: 1}
			c.Track, c.Severity.Sensitive = "shut", true
		}, true},
		"closed, and taken up again, which the public does not know": {func(c *cvd.Case) {
			c.Shown = &cvd.Shown{Track: "open", RM: cvd.Closed, Reports: 1}
		}, false},
	} {
		c := inPublic()
		row.change(&c)
		if got := p.Discusses(c); got != row.want {
			t.Errorf("%s: discussed %v, want %v", name, got, row.want)
		}
		who := cvd.Actor{Project: "harbour", ID: "mia", Standing: cvd.Member, Can: []cvd.Capability{"comment"}}
		if got := len(p.Weigh(Ask{Case: c, Who: who, Step: "comment"})) == 0; got != row.want {
			t.Errorf("%s: a comment passes %v, want %v", name, got, row.want)
		}
	}
}

func TestNobodyFillsADiscussionBeforeItWasRead(t *testing.T) {
	p, c := sample(t), inPublic()
	for len(c.Comments) < mostHeld {
		c.Comments = append(c.Comments, cvd.Comment{By: "mia"})
	}
	who := cvd.Actor{Project: "harbour", ID: "mia", Standing: cvd.Member, Can: []cvd.Capability{"comment"}}
	if len(p.Weigh(Ask{Case: c, Who: who, Step: "comment"})) == 0 {
		t.Errorf("a comment passes while %d wait", mostHeld)
	}
	who.ID = "max"
	if found := p.Weigh(Ask{Case: c, Who: who, Step: "comment"}); len(found) > 0 {
		t.Errorf("somebody else's comment is refused: %v", found)
	}
}

// J-25: the time until publication has an origin, and an instant that the project could never agree to is not proposed.
func TestTheTimeUntilPublicationSaysWhereItComesFrom(t *testing.T) {
	p := shippedPolicy(t, "juno.yaml")
	c := cvd.Case{Project: "juno", ID: "JUNO-1", Rev: 1, Track: "private", OpenedAt: on("2026-03-02 09:00"), Reports: []cvd.Report{{RM: cvd.Valid}},
		Marks: nil, Embargo: cvd.Embargo{State: cvd.NoEmbargo}}
	now := on("2026-03-03 09:00")
	want := func(until, origin string) {
		t.Helper()
		got := p.Window(c, now)
		if got.Origin != origin || until != "" && !got.Until.Equal(on(until)) {
			t.Errorf("got %s from %q, want %s from %q", got.Until, got.Origin, until, origin)
		}
	}
	want("2026-05-31 09:00", "policy")
	c.Embargo = cvd.Embargo{State: cvd.Active, Until: on("2026-04-01 16:00")}
	want("2026-04-01 16:00", "project")
	c.Embargo.Agreed = true
	want("2026-04-01 16:00", "agreed")
	c.Embargo.State = cvd.Exited
	want("", "")
	c.Embargo.State, c.CS.Public = cvd.NoEmbargo, true
	want("", "")
	c.CS.Public = false

	rita := cvd.Actor{Project: "juno", ID: "reporter:1", Standing: cvd.Finder, Case: "JUNO-1", Report: 1}
	weigh := func(who cvd.Actor, until string) int {
		return len(p.Weigh(Ask{Case: c, Who: who, Step: "propose", What: cvd.What{Proposing: &cvd.Proposing{Until: on(until)}}, Now: now}))
	}
	for until, passes := range map[string]bool{"2026-04-01 16:00": true, "2026-03-01 16:00": false, "2027-04-01 16:00": false} {
		if got := weigh(rita, until) == 0; got != passes {
			t.Errorf("%s: passes %v, want %v", until, got, passes)
		}
	}
	core := cvd.Actor{Project: "juno", ID: "jake", Standing: cvd.Member, Can: p.Can([]string{"core"})}
	if weigh(core, "2026-04-01 16:00") != 0 {
		t.Error("the team may not propose an instant")
	}
}
