package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// A maintainer with one file asks for the dates that it implies, before there is any server.
func TestAPolicyIsSimulatedFromItsFile(t *testing.T) {
	ask := func(args ...string) string {
		t.Helper()
		return does(t, append([]string{"policy", "simulate", "../../policies/solo-miner-monitor.yaml", "--track", "private",
			"--severity", "critical", "--at", "2026-12-21T10:00+01:00"}, args...)...)
	}
	table := ask("--zone", "Europe/Berlin", "--zone", "UTC", "--zone", "America/New_York")
	for _, want := range []string{
		"UTC                   Europe/Berlin  America/New_York  Kind        What",
		"Wed 2026-12-30 09:00  10:00 CET      04:00 EST         release     Released",
		"CONFLICT clocks.resolution: “Resolution” is promised within 7 days",
	} {
		if !strings.Contains(table, want) {
			t.Errorf("the table does not say %q:\n%s", want, table)
		}
	}
	var list []struct{ At, Kind, What, Clause string }
	if err := json.Unmarshal([]byte(ask("--format", "json", "--set", "fix_ready=2026-12-24T10:00Z")), &list); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, m := range list {
		got[m.Kind+" "+m.Clause] = m.At
	}
	for line, want := range map[string]string{"set stages.fix": "2026-12-24T10:00:00Z", "release steps.release": "2026-12-31T10:00:00Z", "deadline clocks.resolution": "2026-12-28T09:00:00Z"} {
		if got[line] != want {
			t.Errorf("%s: got %s, want %s", line, got[line], want)
		}
	}
	if emergency := ask("--fact", "attacks", "--fact", "sensitive=yes"); !strings.Contains(emergency, "Wed 2026-12-23 09:00  release") {
		t.Errorf("an attack does not shorten the way:\n%s", emergency)
	}
	for format, want := range map[string]string{"svg": "<svg", "ics": "DTSTART:20261230T090000Z", "markdown": "- [ ] 2026-12-30 09:00 UTC (Wed) — Released — `steps.release`"} {
		if got := ask("--format", format); !strings.Contains(got, want) {
			t.Errorf("as %s it does not say %q:\n%s", format, want, got)
		}
	}
}

func TestAWrongSimulationSaysWhichFlag(t *testing.T) {
	for args, want := range map[string]string{
		"--at 2026-12-21T09:00":                    "--at: ",
		"--severity grave":                         "--severity: ",
		"":                                         "--severity: say the severity",
		"--severity low --fact rain":               "--fact: ",
		"--severity low --fact public=maybe":       "--fact public: ",
		"--severity low --set lunch":               "--set lunch: ",
		"--severity low --set fix_ready=yesterday": "--set fix_ready: ",
		"--severity low --zone Mars":               "--zone: ",
		"--severity low --zone Local":              "--zone: ",
	} {
		r := tipstaff(t, "", append([]string{"policy", "simulate", "../../policies/solo-miner-monitor.yaml"}, strings.Fields(args)...)...)
		if r.status != wrongUse || !strings.Contains(r.err, want) {
			t.Errorf("%s: status %d, said %q, want %q", args, r.status, r.err, want)
		}
	}
}
