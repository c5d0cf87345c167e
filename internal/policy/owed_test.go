package policy

import (
	"slices"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

// B-76: what is grave enough for an advisory is not closed without one, once its fix is out.
func TestAGraveMatterIsNotClosedWithoutItsAdvisory(t *testing.T) {
	for name, x := range map[string]struct {
		class, from         string
		released, disclosed bool
		want                bool
	}{
		"grave, and its fix is out":   {"high", "high", true, false, true},
		"graver than it asks":         {"high", "low", true, false, true},
		"lighter than it asks":        {"low", "high", true, false, false},
		"published":                   {"high", "high", true, true, false},
		"nothing was released":        {"high", "high", false, false, false},
		"a policy that asks for none": {"high", "", true, false, false},
	} {
		from := "advisory: {parts: [description]}"
		to := from
		if x.from != "" {
			to = "advisory: {parts: [description], from: " + x.from + "}"
		}
		s := varied(t, from, to)
		s.then("2026-03-02 12:00", "ann", cvd.What{Triaged: &cvd.Triaged{Class: x.class, Track: "open", Sensitive: new(bool), Public: true}})
		if x.released {
			s.then("2026-03-03 09:00", "ann", cvd.What{Released: &cvd.Released{Product: "lamp", Line: "1"}})
		}
		if x.disclosed {
			s.then("2026-03-04 09:00", "system", cvd.What{Disclosed: &cvd.Disclosed{}})
		}
		got := slices.ContainsFunc(s.weigh("2026-03-05 10:00", "ann", "close", cvd.What{}), func(o cvd.Objection) bool { return o.Clause == "advisory.from" })
		if got != x.want {
			t.Errorf("%s: asked for %v, want %v", name, got, x.want)
		}
	}
}
