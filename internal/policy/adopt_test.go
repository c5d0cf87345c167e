package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

// move brings the case of a tale under another version.
func (s *tale) move(at string, to *Policy) {
	to.Version = s.p.Version + 1
	what := cvd.What{Adopted: &cvd.Adopted{From: s.p.Version, To: to.Version, Because: "We learnt."}}
	s.p = to
	s.then(at, "owner", what)
}

func TestACaseThatMovesBearsThePromisesOfTheNewVersion(t *testing.T) {
	s := told(t)
	s.then("2026-03-02 12:00", "ann", triaged("high", "shut"))
	s.move("2026-03-03 08:00", amended(t, "within: {high: 1d, low: 2d, none: 4d}", "within: {high: 3d, low: 4d, none: 5d}", "target: 3d, ", "",
		"  - {name: study, title: Study, from: triaged, until: analysed, at_least: 2d, within: 1w}\n", "  - {name: study, title: Study, from: received, until: analysed, within: 1w}\n",
		"  - {name: watch, title: Watch, from: received, until: fix_ready, within: {high: 6h, low: 1w}, rebase: from_change, unclassified: none, tracks: [shut]}\n", "",
		"  - {name: story,", "  - {name: word, title: Word, from: triaged, until: explained, within: 2d}\n  - {name: story,"))
	if s.c.Policy != s.p.Version {
		t.Errorf("the case is bound to version %d", s.c.Policy)
	}
	for key, want := range map[string]string{"answer.limit": "2026-03-05 09:00", "study.limit": "2026-03-09 09:00", "word.limit": "2026-03-04 12:00", "fix.limit": "2026-03-07 09:00"} {
		if k := s.clock(key); !k.Open() || !k.Due.Equal(on(want)) {
			t.Errorf("%s is %+v, want it open until %s", key, k, want)
		}
	}
	for _, key := range []string{"fix.target", "watch.limit"} {
		if k := s.clock(key); k.Open() || !strings.Contains(k.Because, "does not promise it") {
			t.Errorf("%s goes on under a version without it: %+v", key, k)
		}
	}
	if !slices.ContainsFunc(s.c.OldClocks, func(k cvd.Clock) bool { return k.Key() == "answer.limit" && k.Due.Equal(on("2026-03-03 09:00")) }) {
		t.Errorf("what was promised before is not in the history: %+v", s.c.OldClocks)
	}
	before := len(s.c.OldClocks)
	s.move("2026-03-03 09:00", amended(t, "within: {high: 1d, low: 2d, none: 4d}", "within: {high: 3d, low: 4d, none: 5d}"))
	if k := s.clock("watch.limit"); !k.Open() || !strings.Contains(k.Because, "promises it again") || !k.Due.Equal(on("2026-03-02 15:00")) {
		t.Errorf("a version that promises it again: %+v", k)
	}
	if len(s.c.OldClocks) <= before {
		t.Error("the second move left no history")
	}
}

func TestWhatWasMetStaysMetWhenACaseMoves(t *testing.T) {
	s := told(t)
	s.then("2026-03-02 12:00", "ann", cvd.What{Acknowledged: &cvd.Acknowledged{}})
	was := s.clock("answer.limit")
	s.move("2026-03-03 08:00", amended(t, "within: {high: 1d, low: 2d, none: 4d}", "within: {high: 1h, low: 1h, none: 1h}"))
	if now := s.clock("answer.limit"); now != was || now.Met.IsZero() {
		t.Errorf("a promise that was kept is judged by another one: %+v", now)
	}
}

func TestACaseDoesNotMoveWhereItsWordsAreUnknown(t *testing.T) {
	s := told(t)
	s.then("2026-03-02 12:00", "ann", triaged("high", "shut"))
	if got := sample(t).Misfits(s.c); len(got) > 0 {
		t.Errorf("it does not fit where it came from: %v", got)
	}
	other := sample(t)
	other.Document.Severity.Classes = other.Document.Severity.Classes[1:]
	other.Document.Tracks = other.Document.Tracks[1:]
	if got := other.Misfits(s.c); !slices.Equal(got, []string{"there is no track shut in it", "there is no severity high in it"}) {
		t.Errorf("got %q", got)
	}
}
