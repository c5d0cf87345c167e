package main

import (
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/internal/apptest"
)

// A list that has one wrong line is not taken, and says line and column of each; a list that is sent twice invites nobody twice.
func TestAListOfPartiesIsTakenWholeOrNotAtAllAndOnce(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	t.Setenv("TIPSTAFF_SERVER", p.URL)
	p.Play("juno", "it", `rita reports {kind: security, title: "Quetzal", description: "It is counted twice."}
jake validate {evidence: "Seen."}`)
	id := string(p.Journey.Cases["it"])
	take := func(list string, more ...string) ran {
		return tipstaff(t, "", append([]string{"case", "parties", "import", id, keep(t, list), "--token-file", keep(t, p.Token("juno", "jake"))}, more...)...)
	}
	const good = "name,kind,organisation,address,component,voting_power\nOrchid,validator,Orchid GmbH,security@orchid.example,,120000\nVole,downstream,,,x/wasm,\n"
	wrong := take(good+"Bad,wizard,,,,\nWorse,vendor,,nowhere,,\nWorst,vendor,,a@b.example,,much\nOrchid again,vendor,,SECURITY@orchid.example,,\n", "--invite", "--yes")
	for _, want := range []string{"line 4, column 2 (kind)", "line 5, column 4 (address)", "line 6, column 6 (voting_power)", "line 7, column 1 (name): this is the party of line 2", "4 of 6 lines are wrong"} {
		if wrong.status != no || !strings.Contains(wrong.err, want) {
			t.Errorf("status %d, and it does not say %q:\n%s", wrong.status, want, wrong.err)
		}
	}
	team := take("name,kind,roles\nOrchid,validator,chain\nVole,downstream,chain core\n", "--yes")
	if want := "line 3, column 3 (roles): the role core gives a guest nothing: for guests the policy has chain"; team.status != no || !strings.Contains(team.err, want) {
		t.Errorf("status %d, and it does not say %q:\n%s", team.status, want, team.err)
	}
	for name, list := range map[string]string{"line 1, column 2: there is no column \"colour\"": "name,colour\nOrchid,red\n", "line 3, column 7: this is no CSV": "name\nOrchid\n\"Vole\n",
		"the list is empty": "", "no column name": "kind\nvendor\n"} {
		if got := take(list, "--yes"); got.status != no || !strings.Contains(got.err, name) {
			t.Errorf("status %d, and it does not say %q:\n%s", got.status, name, got.err)
		}
	}
	for _, x := range []struct {
		more []string
		want string
	}{
		{[]string{"--invite"}, "2 invited, 0 named, 0 on the case already\nNothing was changed"},
		{[]string{"--yes"}, "0 invited, 2 named, 0 on"},
		{[]string{"--yes", "--invite"}, "2 invited, 0 named, 0 on"},
		{[]string{"--yes", "--invite"}, "0 invited, 0 named, 2 on the case already"},
	} {
		if got := take(good, x.more...); got.status != done || !strings.Contains(got.out, x.want) {
			t.Errorf("%v: status %d, want %q:\n%s%s", x.more, got.status, x.want, got.out, got.err)
		}
	}
	if out := does(t, "case", "show", id, "--json", "--token-file", keep(t, p.Token("juno", "jake"))); strings.Count(out, `"invited_at"`) != 2 || !strings.Contains(out, `"voting_power": 120000`) {
		t.Errorf("the case has\n%s", out)
	}
}
