package importer

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
)

// told is what a source makes of a list, one line for each entry.
func told(t *testing.T, s Source, text string) []string {
	t.Helper()
	all, err := s.Read([]byte(text))
	if err != nil {
		return []string{"error: " + err.Error()}
	}
	var out []string
	for _, e := range all {
		line := fmt.Sprintf("%d", e.Line)
		switch {
		case e.Wrong != "":
			line += " wrong: " + e.Wrong
		case e.Member != nil:
			var handles []string
			for _, h := range e.Member.Handles {
				handles = append(handles, h.Service+" "+h.Is)
			}
			line += fmt.Sprintf(" %s [%s] %v", e.Member.Name, strings.Join(handles, ", "), e.Member.Weights)
		default:
			line += fmt.Sprintf(" %s %s %s", e.Other.Name, e.Other.Version, e.Other.Repository)
		}
		out = append(out, line)
	}
	return out
}

// What the lists of others look like, with what is left out of them and why.
func TestListsOfOthersAreRead(t *testing.T) {
	for name, row := range map[string]struct {
		source Source
		text   string
		want   []string
	}{
		"validators": {validators, `{"validators":[
			{"operator_address":"v1","status":"BOND_STATUS_BONDED","tokens":"7000000","description":{"moniker":" Harbour ","website":"https://harbour.example","security_contact":"security@harbour.example"}},
			{"operator_address":"v2","status":"BOND_STATUS_BONDED","tokens":"5999999","description":{"moniker":"Quay","security_contact":"ask on Discord"}},
			{"operator_address":"v3","status":"BOND_STATUS_BONDED","tokens":"1000000","description":{"moniker":"Mole"}},
			{"operator_address":"v4","status":"BOND_STATUS_BONDED","jailed":true,"tokens":"1000000","description":{"moniker":"Pier","security_contact":"p@example.org"}}]}`,
			[]string{"1 Harbour [mail security@harbour.example, web https://harbour.example] map[voting_power:7]", `2 wrong: its security contact "ask on Discord" is neither a mail address nor a page at https://`,
				"3 wrong: it names no security contact", "4 wrong: it takes no part in the chain at the moment"}},
		"a chain of eighteen decimals": {validators, `{"validators":[{"status":"BOND_STATUS_BONDED","tokens":"70000000000000000000000000","description":{"moniker":"A","security_contact":"a@example.org"}}]}`,
			[]string{"1 A [mail a@example.org] map[voting_power:70000000]"}},
		"the first of several pages": {validators, `{"validators":[{"tokens":"1"}],"pagination":{"next_key":"FGQ=","total":"0"}}`,
			[]string{"error: this is one page of several, and says itself that there is another one: ask for all at once, with pagination.limit=500 or more"}},
		"the last of several pages": {validators, `{"validators":[{"tokens":"1"}],"pagination":{"next_key":null,"total":"180"}}`,
			[]string{"error: this is one page of several, 1 of 180 entries: ask for all at once, with pagination.limit=500 or more"}},
		"all on one page": {validators, `{"validators":[{"status":"BOND_STATUS_BONDED","tokens":"2000000","description":{"moniker":"A","security_contact":"a@example.org"}}],"pagination":{"next_key":null,"total":"1"}}`,
			[]string{"1 A [mail a@example.org] map[voting_power:2]"}},
		"a page of a node": {cometbft, `{"result":{"validators":[{"address":"AB","voting_power":"12"}],"count":"1","total":"150"}}`,
			[]string{"error: this is one page of several, 1 of 150 entries: ask for all at once, or put the pages' validators into one list"}},
		"no number": {validators, `{"validators":[{"tokens":"many"}]}`, []string{`error: entry 1 has the tokens "many", and no number`}},
		"a node":    {cometbft, `{"jsonrpc":"2.0","result":{"block_height":"1","validators":[{"address":"AB","voting_power":"12"}]}}`, []string{"1 AB [] map[voting_power:12]"}},
		"one chain": {chainRegistry, `{"chain_name":"harbour","pretty_name":"Harbour","status":"live","bech32_prefix":"hbr","website":"http://x","codebase":{"git_repo":"https://github.com/harbour/harbour.git","recommended_version":"v3.1.0"}}`,
			[]string{"1 harbour v3.1.0 https://github.com/harbour/harbour"}},
		"by what they run": {chainRegistryWasm, `[{"chain_name":"a","codebase":{"cosmwasm_version":"v0.45.0"}},{"chain_name":"b","codebase":{}},{"chain_name":"c","status":"killed","codebase":{"cosmwasm":{"version":"v0.50.0","enabled":true}}},{"chain_name":"d","codebase":{"cosmwasm":{"version":"v0.50.0","enabled":false}}}]`,
			[]string{"1 a v0.45.0 ", "3 wrong: the chain has ended"}},
		"a table": {members, "\ufeffName,mail,discord,weight:voting_power\nHarbour,a@example.org; b@example.org,'@harbour,12\nQuay,q@example.org,,-1\nMole,m@example.org\n",
			[]string{"2 Harbour [mail a@example.org, mail b@example.org, discord @harbour] map[voting_power:12]", `3 wrong: weight:voting_power is "-1", and no whole number from 0`, "4 wrong: it has 2 cells, and the header 4"}},
		"a table with a column of its own": {members, "name,password\nx,y\n", []string{`error: the column "password" is not known: the header names some of id, name, kind, zone, tier, tlp, state, consent, since, renewed, fingerprint, source, mail, discord, telegram, matrix, signal, phone, web, weight:NAME`}},
		"a table with a column twice":      {members, "name,mail,Name\nx,a@example.org,y\n", []string{`error: the column "name" is there twice; leave one of them out`}},
		"a table of projects":              {downstream, "name,version,repository\nharbour,1.2.0,https://example.org/h\n", []string{"2 harbour 1.2.0 https://example.org/h"}},
		"no JSON":                          {chainRegistry, "{", []string{"error: this is not a chain.json: unexpected end of JSON input"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, told(t, row.source, row.text)); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
		})
	}
}

// RFC 9116: the first contact counts (2.5.3), an end is needed (2.5.5), and a signature is no contact.
func TestASecurityTxtNamesOneRouteOrNone(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"Contact: mailto:security@example.org\nContact: https://example.org/report\nExpires: 2027-01-01T00:00:00Z\n":                                                                 "security@example.org",
		"# Contact: mailto:old@example.org\nCONTACT: https://example.org/report\nexpires: 2027-01-01T00:00:00z\n":                                                                    "https://example.org/report",
		"Contact: tel:+1-201-555-0123\nContact: mailto:a@example.org\nExpires: 2027-01-01T00:00:00Z":                                                                                 "a@example.org",
		"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nContact: mailto:a@example.org\nExpires: 2027-01-01T00:00:00Z\n-----BEGIN PGP SIGNATURE-----\nContact: mailto:b@x.org\n": "a@example.org",
		"Contact: mailto:a@example.org\n":                                 "error: the security.txt does not say until when it holds",
		"Contact: mailto:a@example.org\nExpires: 2025-01-01T00:00:00Z\n":  "error: the security.txt ended at Wed 2025-01-01 00:00 UTC",
		"Expires: 2027-01-01T00:00:00Z\n":                                 "error: the security.txt names no contact that can be used",
		"Contact: mailto:a@example.org\nExpires: next year\n":             "error: the security.txt does not say once, as an instant, until when it holds",
		"<!doctype html><title>Not found</title>Contact: a@example.org\n": "error: the security.txt names no contact that can be used",
	} {
		r, err := SecurityTxt([]byte(text), now)
		got := r.Is
		if err != nil {
			got = "error: " + err.Error()
		}
		if got != want {
			t.Errorf("%q\ngot  %s\nwant %s", text, got, want)
		}
	}
}

// What others wrote may be anything: each reader answers, and what it takes can be kept.
func FuzzReaders(f *testing.F) {
	for _, name := range []string{"testdata/validators.json", "testdata/chain.json"} {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte("name,mail\na,b@example.org\n"))
	f.Add([]byte("Contact: a@example.org\nExpires: 2027-01-01T00:00:00Z\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, s := range All() {
			all, err := s.Read(text)
			for _, e := range all {
				if err == nil && (e.Member == nil) == (e.Other == nil) {
					t.Fatalf("%s gives an entry that is neither a member nor a project: %+v", s.Name, e)
				}
			}
		}
		if r, err := SecurityTxt(text, time.Unix(0, 0)); err == nil {
			if a, b := (cvd.Handle{Service: "mail", Is: r.Is}).Wrong(), (cvd.Handle{Service: "web", Is: r.Is}).Wrong(); a != "" && b != "" {
				t.Fatalf("a route that leads nowhere: %q", r.Is)
			}
		}
	})
}
