package cvd

import (
	"testing"
	"time"
)

// shipped is a case of one line, released, and closed if asked.
func shipped(closed bool) []Event {
	whats := []What{
		{Received: &Received{Report: Report{Title: "Overflow"}, Kind: "security", Track: "private"}},
		{Validated: &Validated{Evidence: "seen"}},
		{Prioritised: &Prioritised{Priority: "1", Because: "grave"}},
		{Remedied: &Remedied{Product: "a", Line: "1", Status: "patched", Patches: []Patch{{URL: "https://example.org/p", Private: true, Commits: []string{"c0ffee"}}}}},
		{Applied: &Applied{Product: "a", Line: "1", Commit: "c0ffee", URL: "https://example.org/c"}},
		{Released: &Released{Product: "a", Line: "1", Version: "1.3", URL: "https://example.org/r", SHA256: "ab"}},
		{Looked: &Looked{Product: "a", Line: "1", URL: "https://example.org/r", Saw: Sight{Status: 200, SHA256: "ab"}}},
	}
	if closed {
		whats = append(whats, What{Ended: &Ended{Outcome: "fixed"}})
	}
	var events []Event
	for i, w := range whats {
		events = append(events, Event{Project: "p", Case: "P-0001", Rev: int64(i + 1), At: t0.Add(time.Duration(i) * time.Hour), What: w})
	}
	return events
}

// B-63: what is not resolved after the release is taken up again: a closed case by a report that continues the last one, an open one
// by its lines, which are incomplete.
func TestWhatIsNotResolvedIsTakenUpAgain(t *testing.T) {
	failed := Event{Project: "p", Case: "P-0001", Rev: 9, At: t0.Add(99 * time.Hour), What: What{Monitored: &Monitored{Outcome: "not_resolved", Evidence: "it crashes", Reopens: true}}}
	c := fold(append(shipped(true), failed))
	if n := len(c.Reports); n != 2 || c.Reports[1].Continues != 1 || c.RM() != Arrived || c.Round[MarkReopened].IsZero() {
		t.Errorf("the closed case has %d reports, is %s and reopened at %s", n, c.RM(), c.Round[MarkReopened])
	}
	if len(c.Lines[0].Artefacts) > 0 || !c.Lines[0].Merged.IsZero() {
		t.Errorf("the line still holds what was released before: %+v", c.Lines[0])
	}
	c = fold(append(shipped(false), failed))
	if c.Lines[0].Stands() != StandsIncomplete || !c.Round[MarkReleased].IsZero() || len(c.Reports) != 1 {
		t.Errorf("the open case has a line that is %s, released at %s", c.Lines[0].Stands(), c.Round[MarkReleased])
	}
}

// What was seen of one version says nothing of the next, and a look at an address that was replaced meanwhile says nothing at all.
func TestALookIsOfOneArtefact(t *testing.T) {
	at := func(rev int64, w What) Event {
		return Event{Project: "p", Case: "P-0001", Rev: rev, At: t0.Add(time.Duration(rev) * time.Hour), What: w}
	}
	c := fold(append(shipped(false), at(8, What{Released: &Released{Product: "a", Line: "1", Version: "1.4", URL: "https://example.org/4"}}),
		at(9, What{Looked: &Looked{Product: "a", Line: "1", URL: "https://example.org/r", Saw: Sight{Status: 200}}})))
	if a, ok := c.Lines[0].ArtefactOf(""); !ok || a.URL != "https://example.org/4" || a.Saw.Good() {
		t.Errorf("the new release is %+v", a)
	}
}

// A commit is looked for while its fix is private: not once it was applied on purpose, nor when the matter is public.
func TestACommitIsHiddenUntilItsFixIsApplied(t *testing.T) {
	all := shipped(false)
	if got := fold(all[:4]).Hidden(); len(got) != 1 || got[0].Commit != "c0ffee" {
		t.Errorf("hidden before the merge: %v", got)
	}
	if got := fold(all[:5]).Hidden(); len(got) != 0 {
		t.Errorf("hidden after the merge: %v", got)
	}
	leaked := append(all[:4:4], Event{Rev: 5, At: t0.Add(9 * time.Hour), What: What{Observed: &Observed{Fact: "public"}}})
	if got := fold(leaked).Hidden(); len(got) != 0 {
		t.Errorf("hidden although public: %v", got)
	}
	found := append(all[:4:4], Event{Rev: 5, At: t0.Add(9 * time.Hour), What: What{Surfaced: &Surfaced{Product: "a", Line: "1", Commit: "c0ffee"}}})
	if got := fold(found).Hidden(); len(got) != 0 {
		t.Errorf("hidden although found: %v", got)
	}
}
