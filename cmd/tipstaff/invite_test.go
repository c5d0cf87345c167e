package main

import (
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/internal/apptest"
)

// A single vendor is invited from a terminal as from the page: as what they are, by a letter, with what they count for.
func TestAVendorIsInvitedFromTheCommandLine(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	t.Setenv("TIPSTAFF_SERVER", p.URL)
	p.Play("juno", "it", `rita reports {kind: security, title: "Quetzal", description: "It is counted twice."}
jake validate {evidence: "Seen."}`)
	id, token := string(p.Journey.Cases["it"]), keep(t, p.Token("juno", "jake"))
	said := tipstaff(t, "", "case", "invite", id, "--name", "Orchid", "--kind", "vendor", "--address", "psirt@orchid.example", "--organisation", "Orchid GmbH",
		"--zone", "Europe/Berlin", "--audience", "validators", "--weight", "voting_power=12", "--token-file", token)
	if said.status != done || !strings.Contains(said.out+said.err, "This code opens the terms to Orchid, and the case once they have accepted them") ||
		!strings.Contains(said.out+said.err, "A letter with a link to the terms goes to psirt@orchid.example.") {
		t.Fatalf("status %d:\n%s%s", said.status, said.out, said.err)
	}
	shown := does(t, "case", "show", id, "--json", "--token-file", token)
	for _, want := range []string{`"kind": "vendor"`, `"organisation": "Orchid GmbH"`, `"address": "psirt@orchid.example"`, `"zone": "Europe/Berlin"`, `"voting_power": 12`} {
		if !strings.Contains(shown, want) {
			t.Errorf("the case has no %s:\n%s", want, shown)
		}
	}
	if wrong := tipstaff(t, "", "case", "invite", id, "--name", "Vole", "--kind", "wizard", "--token-file", token); wrong.status != no || !strings.Contains(wrong.err, "vendor, downstream") {
		t.Errorf("status %d, and it does not say which kinds there are:\n%s", wrong.status, wrong.err)
	}
}
