package policies_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/policies"
)

// allThatRun are all policies that run by themselves.
func allThatRun(t testing.TB) map[string]*policy.Policy {
	t.Helper()
	files, err := policies.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*policy.Policy{}
	for _, f := range files {
		text, err := policies.Files.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		p, err := policy.Read(f.Name(), text, policies.Files.ReadFile)
		if err != nil {
			t.Fatal(err)
		}
		if !p.Overlay() {
			all[f.Name()] = p
		}
	}
	return all
}

// scenarios are a case of every class on every track of a policy.
func scenarios(p *policy.Policy, at time.Time) []policy.Scenario {
	classes := []string{""}
	if p.Document.Severity.Scheme != "none" {
		classes = nil
		for _, c := range p.Document.Severity.Classes {
			classes = append(classes, c.Name)
		}
	}
	var all []policy.Scenario
	for _, track := range p.Document.Tracks {
		for _, class := range classes {
			all = append(all, policy.Scenario{At: at, Class: class, Track: track.Name})
		}
	}
	return all
}

// instants looks for lines of a timeline: "release steps.release" and when.
func instants(t *testing.T, file string, s policy.Scenario, want map[string]string) *policy.Timeline {
	t.Helper()
	tl, err := allThatRun(t)[file].Simulate(s)
	if err != nil {
		t.Fatal(err)
	}
	for line, when := range want {
		kind, clause, _ := strings.Cut(line, " ")
		m, there := tl.Find(kind, clause)
		switch {
		case !there:
			t.Errorf("%s: there is no %s", file, line)
		case when == "" && !m.At.IsZero(), when != "" && !m.At.Equal(on(when)):
			t.Errorf("%s: %s is at %s, want %s", file, line, m.At, when)
		}
	}
	return tl
}

// Private reporting and the table of severities, together: seven days for what is critical, and seven days of preparation. What
// is analysed for two days cannot be out before the ninth day.
func TestSoloCriticalInPrivateOverChristmas(t *testing.T) {
	tl := instants(t, "solo-miner-monitor.yaml", policy.Scenario{At: on("2026-12-21 09:00"), Class: "critical", Track: "private"}, map[string]string{
		"deadline clocks.response":           "2026-12-22 09:00", // 24 hours
		"deadline clocks.triage":             "2026-12-23 09:00", // 48 hours
		"step stages.fix":                    "2026-12-23 09:00", // two days of analysis
		"notice notices.pre_release":         "2026-12-23 09:00",
		"deadline clocks.resolution":         "2026-12-28 09:00", // 7 days; every day counts
		"wait steps.release.requires.wait":   "2026-12-30 09:00", // 7 days
		"release steps.release":              "2026-12-30 09:00",
		"disclosure steps.disclose":          "2026-12-30 09:00", // the same moment
		"embargo embargo.offer":              "2027-01-20 09:00", // 30 days
		"embargo embargo.longest":            "2027-03-21 09:00", // 90 days
		"recurring recurring.process_review": "2027-01-30 09:00",
	})
	if len(tl.Conflicts) != 1 || tl.Conflicts[0].Kind != "held" || tl.Conflicts[0].Clause != "clocks.resolution" || tl.Conflicts[0].By != 48*time.Hour {
		t.Errorf("conflicts: %+v", tl.Conflicts)
	}
	// Informational waits for the next major release, which nobody has dated.
	tl = instants(t, "solo-miner-monitor.yaml", policy.Scenario{At: on("2026-12-21 09:00"), Class: "informational", Track: "public"}, map[string]string{"deadline clocks.resolution": ""})
	if m, _ := tl.Find("deadline", "clocks.resolution"); m.Waits != "next_major_release" {
		t.Errorf("it waits for %q", m.Waits)
	}
}

// Process, third to last point: a day between the announcement and the releases, the post a week after them.
func TestJunoInPrivateOverANight(t *testing.T) {
	tl := instants(t, "juno.yaml", policy.Scenario{At: on("2026-03-28 09:00"), Set: map[string]time.Time{"fix_ready": on("2026-03-28 20:30")}}, map[string]string{
		"reminder clocks.alarm":            "2026-03-28 09:30", // half an hour
		"set stages.patches":               "2026-03-28 20:30",
		"notice notices.coming":            "2026-03-28 20:30",
		"wait steps.release.requires.wait": "2026-03-29 20:30", // 24 hours are 24 hours, although Berlin's clocks go on that night
		"release steps.release":            "2026-03-29 20:30",
		"notice notices.available":         "2026-03-29 20:30",
		"disclosure steps.disclose":        "2026-03-29 20:30",
		"details disclosure.details":       "2026-04-05 20:30",
	})
	if len(tl.Conflicts) != 0 {
		t.Errorf("conflicts: %+v", tl.Conflicts)
	}
	tl = instants(t, "juno.yaml", policy.Scenario{At: on("2026-03-28 09:00"), Set: map[string]time.Time{"released": on("2026-03-29 06:00")}}, map[string]string{
		"latest notices.coming": "2026-03-28 06:00",
		"latest stages.patches": "2026-03-28 06:00",
	})
	if len(tl.Conflicts) != 1 || tl.Conflicts[0].Clause != "steps.release.requires.wait" || !tl.Conflicts[0].Can.Equal(on("2026-03-29 09:00")) {
		t.Errorf("conflicts: %+v", tl.Conflicts)
	}
}

// Whatever the class and the track, each policy has a timeline that ends, with every clause in the document.
func TestEveryPolicyHasATimeline(t *testing.T) {
	for file, p := range allThatRun(t) {
		for _, s := range scenarios(p, on("2026-12-21 09:00")) {
			tl, err := p.Simulate(s)
			if err != nil {
				t.Fatalf("%s %s %s: %v", file, s.Class, s.Track, err)
			}
			for _, m := range tl.Entries {
				if step, is := strings.CutPrefix(m.Clause, "steps."); !p.Has(m.Clause) && !(is && slices.Contains(policy.Steps(), step)) {
					t.Errorf("%s: %q names a clause that is not in the document: %s", file, m.What, m.Clause)
				}
				if m.At.IsZero() && m.Waits == "" {
					t.Errorf("%s: %q has no date and waits for nothing", file, m.What)
				}
			}
		}
	}
}

func BenchmarkSimulate(b *testing.B) {
	all := allThatRun(b)
	for file, p := range all {
		b.Run(strings.TrimSuffix(file, ".yaml"), func(b *testing.B) {
			asked := scenarios(p, on("2026-12-21 09:00"))
			for i := range b.N {
				if _, err := p.Simulate(asked[i%len(asked)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
