package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

// graded is the harbour with a matrix instead of scores, and what else is put otherwise.
func graded(t testing.TB, more ...string) *tale {
	return varied(t, append([]string{`  scheme: cvss
  systems: ["CVSS:3.1"]
`, `  scheme: matrix
  matrix:
    likelihood: [likely, unlikely]
    impact:
      - {name: severe, classes: [high, low]}
      - {name: slight, classes: [low, none]}
  floors:
    - {name: attacked, class: high, when: attacks, says: Attacks were seen.}
`, "from: 7.0, to: 10.0, ", "", "from: 0.1, to: 5.9, ", ""}, more...)...)
}

func TestAMatrixMakesTheClass(t *testing.T) {
	s, yes := graded(t), true
	for name, row := range map[string]struct {
		in           cvd.Triaged
		class, field string
	}{
		"severe and likely":       {cvd.Triaged{ImpactLevel: "severe", Likelihood: "likely"}, "high", ""},
		"slight and unlikely":     {cvd.Triaged{ImpactLevel: "slight", Likelihood: "unlikely"}, "none", ""},
		"the category is graver":  {cvd.Triaged{ImpactLevel: "slight", Likelihood: "unlikely", Category: "sinking"}, "high", ""},
		"half of it":              {cvd.Triaged{ImpactLevel: "severe"}, "", "/likelihood"},
		"another word":            {cvd.Triaged{ImpactLevel: "dreadful", Likelihood: "likely"}, "", "/impact_level"},
		"a class that disagrees":  {cvd.Triaged{ImpactLevel: "severe", Likelihood: "likely", Class: "low"}, "", "/because"},
		"a class with its reason": {cvd.Triaged{ImpactLevel: "severe", Likelihood: "likely", Class: "low", Because: "in port"}, "low", ""},
		"nothing":                 {cvd.Triaged{}, "", "/impact_level"},
	} {
		in := row.in
		in.Sensitive = &yes
		err := s.p.Classify(s.c, &in, 0, false)
		if field := fieldOf1(err); field != row.field || err == nil && in.Class != row.class {
			t.Errorf("%s: class %q, error %v; want %q, %q", name, in.Class, err, row.class, row.field)
		}
	}
}

func fieldOf1(err error) string {
	if e, ok := err.(*cvd.Error); ok {
		return e.Field
	}
	return ""
}

func TestAFloorRaisesWhatIsLessGrave(t *testing.T) {
	s, yes := graded(t), true
	s.then("2026-03-02 12:00", "ann", triaged("low", "shut"))
	if _, due := s.p.Raise(s.c, on("2026-03-02 13:00")); due {
		t.Error("nobody attacks, and it is raised")
	}
	fix := s.clock("fix.limit").Due
	s.then("2026-03-03 09:00", "ann", cvd.What{Observed: &cvd.Observed{Fact: "attacks"}})
	x, due := s.p.Raise(s.c, on("2026-03-03 09:00"))
	if want := (cvd.Raised{Class: "high", Clause: "severity.floors.attacked", Because: "Attacks were seen."}); !due || x != want {
		t.Fatalf("got %+v, %v, want %+v", x, due, want)
	}
	s.then("2026-03-03 09:00", "system", cvd.What{Raised: &x})
	if k := s.clock("fix.limit"); !k.Due.Equal(on("2026-03-07 09:00")) || fix.Equal(k.Due) || !strings.Contains(k.Because, "from low to high") {
		t.Errorf("the fix of a high one is due in five days: %+v", k)
	}
	if _, again := s.p.Raise(s.c, on("2026-03-03 10:00")); again || len(s.c.Assessed) != 2 || s.c.Severity.Track != "shut" {
		t.Errorf("it is raised once, and nothing else changes: %+v", s.c.Assessed)
	}
	in := cvd.Triaged{Class: "low", Because: "it is only rust", Sensitive: &yes}
	if err := s.p.Classify(s.c, &in, 0, false); err != nil || in.Class != "high" || !strings.Contains(in.Because, "severity.floors.attacked") {
		t.Errorf("triage goes below the floor: %+v, %v", in, err)
	}
	for i, by := range []cvd.ActorID{"ann", "ben"} {
		s.then([]string{"2026-03-04 09:00", "2026-03-04 10:00"}[i], by, cvd.What{Waiving: &cvd.Waiving{Clause: "severity.floors.attacked", Because: "a drill"}})
	}
	in = cvd.Triaged{Class: "low", Because: "a drill", Sensitive: &yes}
	if err := s.p.Classify(s.c, &in, 0, false); err != nil || in.Class != "low" {
		t.Errorf("two people waived the floor: %+v, %v", in, err)
	}
}

func TestOnlyThoseWhomThePolicyNamesDecideTheSeverity(t *testing.T) {
	s := graded(t, "  matrix:\n", "  decides: [mate]\n  matrix:\n")
	ask := func(role, class string) []string {
		who := cvd.Actor{Project: "harbour", ID: "x", Standing: cvd.Member, Roles: []string{role}, Can: []cvd.Capability{"triage", "see"}}
		return clauses(s.p.Weigh(Ask{Case: s.c, Who: who, Step: "triage", What: triaged(class, "shut"), Now: on("2026-03-03 09:00"), Roster: 2}))
	}
	if got := ask("keeper", "high"); !slices.Equal(got, []string{"severity.decides"}) {
		t.Errorf("the keeper decides: %v", got)
	}
	if got := ask("mate", "high"); len(got) > 0 {
		t.Errorf("the mate may not: %v", got)
	}
	s.then("2026-03-03 10:00", "ann", triaged("high", "shut"))
	if got := ask("keeper", "high"); len(got) > 0 {
		t.Errorf("the keeper leaves the class as it is, and may not: %v", got)
	}
}

func TestTheDoorIsShutToStrangersUntilItsDay(t *testing.T) {
	door := func(text string) *Policy {
		return varied(t, "stages:\n", "zone: Europe/Berlin\ndoor: "+text+"\nstages:\n").p
	}
	for name, row := range map[string]struct {
		door, at string
		shut     bool
	}{
		"open":                   {"{state: open}", "2026-07-01 09:00", false},
		"slow":                   {"{state: throttled, says: It takes a month.}", "2026-07-01 09:00", false},
		"closed":                 {"{state: closed, says: Write to the coordinator.}", "2026-07-01 09:00", true},
		"closed before its day":  {"{state: closed, until: 2026-08-01}", "2026-07-31 21:59", true},
		"open from its midnight": {"{state: closed, until: 2026-08-01}", "2026-07-31 22:00", false},
		"by invitation":          {"{state: invite_only}", "2026-07-01 09:00", true},
	} {
		p := door(row.door)
		if says, _ := p.Shut(on(row.at)); (says != "") != row.shut {
			t.Errorf("%s: %q", name, says)
		}
	}
	if says, _ := door("{state: closed, says: Write to the coordinator.}").Shut(on("2026-07-01 09:00")); !strings.Contains(says, "Write to the coordinator.") {
		t.Errorf("the project's own words are missing: %q", says)
	}
	if door("{state: throttled, says: It takes a month.}").Slow() == "" {
		t.Error("a slow door says nothing")
	}
}

func TestRolesAreForAsManyAndForWhom(t *testing.T) {
	p := varied(t, "{name: mate, title: Mate, ", "{name: mate, title: Mate, most: 1, apart: [keeper], ", "{name: guest, title: Guest, ", "{name: guest, title: Guest, until: released, ").p
	roster := []cvd.Person{{Handle: "ann", Roles: []string{"mate"}, Active: true}, {Handle: "old", Roles: []string{"mate"}}}
	for name, row := range map[string]struct {
		who  cvd.Person
		want []string
	}{
		"a second mate":       {cvd.Person{Handle: "ben", Roles: []string{"mate"}, Active: true}, []string{"roles.mate.most"}},
		"the same mate":       {cvd.Person{Handle: "ann", Roles: []string{"mate"}, Active: true}, nil},
		"a mate and a keeper": {cvd.Person{Handle: "ann", Roles: []string{"keeper", "mate"}, Active: true}, []string{"roles.mate.apart"}},
		"a keeper":            {cvd.Person{Handle: "ben", Roles: []string{"keeper"}, Active: true}, nil},
		"somebody who left":   {cvd.Person{Handle: "ben", Roles: []string{"mate"}}, nil},
	} {
		if got := clauses(p.Grants(row.who, roster)); !slices.Equal(got, row.want) {
			t.Errorf("%s: %v, want %v", name, got, row.want)
		}
	}
	if got := p.GuestEnds([]string{"guest"}); !slices.Equal(got, []string{"released"}) {
		t.Errorf("a guest's access ends with %v", got)
	}
	if got := p.GuestEnds([]string{"guest", "mate"}); got != nil {
		t.Errorf("a mate's has no end, got %v", got)
	}
}

func TestWhatEndsAnEmbargoIsThePolicys(t *testing.T) {
	for name, row := range map[string]struct {
		ends, fact string
		holds      bool
	}{
		"public, by default":      {"", "public", false},
		"attacks, by default":     {"", "attacks", true},
		"attacks, if listed":      {", ends: [attacks]", "attacks", false},
		"public, if not listed":   {", ends: [exploit_public]", "public", true},
		"a fix that was deployed": {", ends: [attacks]", "fix_deployed", true},
	} {
		s := varied(t, "embargo: {offer: 30d, longest: 60d}", "embargo: {offer: 30d, longest: 60d"+row.ends+"}")
		s.then("2026-03-02 13:00", "ann", cvd.What{Embargoed: &cvd.Embargoed{Until: on("2026-03-20 00:00")}})
		s.then("2026-03-03 09:00", "ann", cvd.What{Observed: &cvd.Observed{Fact: row.fact, Embargo: s.p.EmbargoAfter(row.fact)}})
		if s.c.Embargo.State.InForce() != row.holds {
			t.Errorf("%s: %+v", name, s.c.Embargo)
		}
	}
}
