package cvd

import (
	"strings"
	"testing"
	"time"
)

// told is where a line stood, one place after the other.
func told(c Case, i int) string {
	var all []string
	for _, m := range c.Lines[i].Moves {
		all = append(all, m.Stands)
	}
	return strings.Join(all, " ")
}

func fix(status string) What {
	x := &Remedied{Product: "a", Line: "1", Status: status, Because: "why"}
	if status == "patched" {
		x.Patches = []Patch{{URL: "https://git.example.org/1", SHA256: "00"}}
	}
	return What{Remedied: x}
}

// J-31: where a line stands follows from what happened to it, and says who, when and why.
func TestALineStandsWhereItsEventsBroughtIt(t *testing.T) {
	events := story(
		What{Received: &Received{Report: Report{Title: "Overflow"}}},
		What{Validated: &Validated{Lines: []LineName{{"a", "1"}}}},
		fix("affected"), fix("fix_in_progress"), fix("patched"),
		What{Reviewed: &Reviewed{Of: "fix", Verdict: "approve"}},
		What{Reviewed: &Reviewed{Of: "fix", Verdict: "object", Says: "no"}},
		What{Reviewed: &Reviewed{Of: "fix", Verdict: "approve"}},
		What{Released: &Released{Product: "a", Line: "1", Version: "1.3"}},
		fix("incomplete"),
	)
	for i := range events {
		events[i].Name = "Anna"
		if events[i].What.Reviewed != nil {
			events[i].Who, events[i].Name = "ben", "Ben"
		}
	}
	c := fold(events)
	if got, want := told(c, 0), "affected fix_in_progress fix_in_progress reviewed fix_in_progress reviewed shipped incomplete"; got != want {
		t.Errorf("the line stood\n%s\nwant\n%s", got, want)
	}
	last := c.Lines[0].Moves[7]
	if last.Name != "Anna" || last.Because != "why" || !last.At.Equal(events[9].At) {
		t.Errorf("the last move is %+v", last)
	}
	if review := c.Lines[0].Moves[3]; review.Name != "Ben" {
		t.Errorf("the review was %+v", review)
	}
}

func TestNobodysWordOnTheirOwnFixIsAReview(t *testing.T) {
	c := fold(story(What{Received: &Received{Report: Report{Title: "x"}}}, fix("patched"), What{Reviewed: &Reviewed{Of: "fix", Verdict: "approve"}}))
	if got := c.Lines[0].Stands(); got != StandsInProgress {
		t.Errorf("reviewed by its author, the line is %s", got)
	}
}

// A fix that is not the whole of it opens its line again, and with it what waits for all lines.
func TestAnIncompleteFixOpensItsLineAgain(t *testing.T) {
	release := What{Released: &Released{Product: "a", Line: "1", Version: "1.3"}}
	events := story(What{Received: &Received{Report: Report{Title: "x"}}}, fix("patched"), release, fix("incomplete"))
	c := fold(events)
	for _, mark := range []string{MarkFixReady, MarkReleased} {
		if !c.Round[mark].IsZero() {
			t.Errorf("%s still counts as reached", mark)
		}
		if c.Marks[mark].IsZero() {
			t.Errorf("that %s was reached once is forgotten", mark)
		}
	}
	if !c.CS.FixReady {
		t.Error("a fact that was true is not true any more")
	}
	again := fold(story(What{Received: &Received{Report: Report{Title: "x"}}}, fix("patched"), release, fix("incomplete"), fix("patched"), release))
	if got, want := again.Round[MarkReleased], t0.Add(5*time.Hour); !got.Equal(want) {
		t.Errorf("released again at %s, want %s", got, want)
	}
}

func TestALineWithoutSupportHoldsNothingUp(t *testing.T) {
	old := What{Remedied: &Remedied{Product: "a", Line: "0", Status: "unsupported", Because: "ended in May"}}
	c := fold(story(What{Received: &Received{Report: Report{Title: "x"}}}, old, fix("patched"), What{Released: &Released{Product: "a", Line: "1", Version: "1.3"}}))
	if c.Round[MarkReleased].IsZero() || c.Lines[0].Stands() != StandsUnsupported {
		t.Errorf("released %v, the old line is %s", c.Round[MarkReleased], c.Lines[0].Stands())
	}
}
