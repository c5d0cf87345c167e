package app_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// counts are how many entries of a list became what.
func counts(changes []casework.ListChange) map[string]int {
	out := map[string]int{}
	for _, c := range changes {
		out[c.What]++
	}
	return out
}

// Nobody types 150 addresses: a list is looked at, taken in as one act, and taken in again without a change.
func TestAListOfValidatorsIsTakenInAsOneAct(t *testing.T) {
	onBothTold(t, func(t *testing.T, x *told) {
		ctx, who := t.Context(), x.who("dimi")
		text, err := os.ReadFile("../importer/testdata/validators.json")
		if err != nil {
			t.Fatal(err)
		}
		in := casework.Listing{Reader: "validators", Text: text, Audience: "validators", Consent: "published as a security contact on the chain"}
		look := func(only bool, added, changed, unchanged int) {
			t.Helper()
			began := time.Now()
			taking, err := x.Casework.ImportList(ctx, who, in, only)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d entries took %v", len(taking.Changes), time.Since(began))
			n := counts(taking.Changes)
			if n["added"] != added || n["changed"] != changed || n["unchanged"] != unchanged || n["invalid"] != 5 {
				t.Errorf("the list becomes %v; want %d added, %d changed, %d unchanged and 5 without a contact", n, added, changed, unchanged)
			}
		}
		look(true, 145, 0, 0)
		if n := x.told("validators"); n != 0 {
			t.Fatalf("a look added %d", n)
		}
		look(false, 145, 0, 0)
		if n := x.told("validators"); n != 145 {
			t.Fatalf("%d are told; want 145", n)
		}
		all, err := x.Casework.WeighedAudiences(ctx, who)
		if err != nil || len(all) != 1 || all[0].Told == 0 || all[0].Whole() <= all[0].Told {
			t.Errorf("the audience counts %+v, %v; want more in all than is written to: five who have power name no contact", all, err)
		}
		look(false, 0, 0, 145)
		in.Text = []byte(strings.Replace(string(text), `"tokens": "151000000"`, `"tokens": "999000000"`, 1))
		look(false, 0, 1, 144)
		if m := x.member("security@node000.example"); m.Weights["voting_power"] != 999 || m.Source != "validators" {
			t.Errorf("the first validator is %+v", m)
		}
		rows, err := x.Casework.ExportMembers(ctx, who, "validators")
		if err != nil || len(rows) != 146 {
			t.Errorf("%d rows are exported, %v; want the header and 145", len(rows), err)
		}
		in.Consent, in.Audience = "", "watchers"
		if _, err := x.Casework.ImportList(ctx, who, in, false); err != nil || x.told("watchers") != 0 {
			t.Errorf("%d are told although nobody said that they agreed, %v", x.told("watchers"), err)
		}
		if _, err := x.Casework.ImportList(ctx, x.who("chad"), in, true); cvd.KindOf(err) != cvd.NotFound {
			t.Errorf("somebody who does not keep the register may look what a list would change: %v", err)
		}
	})
}

// J-53, J-54: the register says which projects run what a case is about; under an embargo nobody is told who has not agreed to it.
func TestACaseShowsWhichProjectsDownstreamItConcerns(t *testing.T) {
	onBothTold(t, func(t *testing.T, x *told) {
		ctx, who := t.Context(), x.who("dimi")
		ids := map[string]string{}
		for name, version := range map[string]string{"harbour": "v28.0.1", "quay": "28.0.3", "mole": "27.3.0", "pier": "", "dock": "26.1.0"} {
			d, err := x.Casework.PutDownstream(ctx, who, cvd.Dependent{Name: name, Version: version, Weights: map[string]int64{"installations": 10}})
			if err != nil {
				t.Fatal(err)
			}
			ids[name] = d.ID
			if name == "harbour" && (d.Line != "28" || !d.Eligible || !d.Stale) {
				t.Errorf("%s is on the line %q, %+v", name, d.Line, d)
			}
		}
		product := "juno"
		if d, _ := x.Casework.Downstream(ctx, who, ids["quay"]); d.Product != "" {
			product = d.Product
		}
		x.Play("juno", "one", `rita reports {title: Overflow, kind: security, description: long enough}
dimi acknowledge {}
dimi validate {evidence: seen}
dimi triage {sensitive: true, impact: much}
dimi prioritise {priority: high, because: money}
dimi remedy {product: `+product+`, line: "28", status: affected, affected: ">= 28.0.0, < 28.0.2"}
dimi remedy {product: `+product+`, line: "27", status: not_affected, because: "the module came later"}`)
		id := x.Journey.Cases["one"]
		stands := func() map[string]string {
			t.Helper()
			all, err := x.Casework.Exposure(ctx, who, id)
			if err != nil {
				t.Fatal(err)
			}
			out := map[string]string{}
			for _, e := range all.All {
				out[e.Name] = e.State
			}
			if all.Total != 50 || all.All[0].State != "affected" || all.Weights["affected"] != 10 {
				t.Errorf("of %d, %d is affected, first %s", all.Total, all.Weights["affected"], all.All[0].Name)
			}
			return out
		}
		for name, want := range map[string]string{"harbour": "affected", "quay": "not_affected", "mole": "not_affected", "pier": "unknown", "dock": "unknown"} {
			if got := stands()[name]; got != want {
				t.Errorf("%s stands %s; want %s", name, got, want)
			}
		}
		relay := func(status, pull string) error {
			_, err := x.Casework.Relay(ctx, who, casework.About{Case: id}, cvd.Relayed{Downstream: ids["harbour"], Status: status, Pull: pull})
			return err
		}
		if _, err := x.Casework.Embargo(ctx, who, casework.About{Case: id}, cvd.Embargoed{Until: x.Clock.Now().Add(20 * 24 * time.Hour)}); err != nil {
			t.Fatal(err)
		}
		if err := relay("told", ""); cvd.KindOf(err) != cvd.Refused || !strings.Contains(err.Error(), "invite it") {
			t.Errorf("under the embargo: %v", err)
		}
		if _, err := x.Casework.Lift(ctx, who, casework.About{Case: id}, cvd.Lifted{Why: "agreed"}); err != nil {
			t.Fatal(err)
		}
		if err := relay("told", "javascript:alert(1)"); cvd.KindOf(err) != cvd.Invalid {
			t.Errorf("a change that is no page: %v", err)
		}
		if err := relay("acknowledged", "https://github.com/harbour/harbour/pull/7"); err != nil {
			t.Fatal(err)
		}
		v, err := x.Casework.Case(ctx, who, id)
		if err != nil || len(v.Relays) != 1 || v.Relays[0].Pull == "" || v.Relays[0].ToldAt.IsZero() {
			t.Errorf("the case has %+v, %v", v.Relays, err)
		}
		reporter, err := x.Auth.Code(ctx, "juno", x.Journey.Codes["one/rita"])
		if err != nil {
			t.Fatal(err)
		}
		if v, err := x.Casework.Case(ctx, reporter, id); err != nil || len(v.Relays) != 0 {
			t.Errorf("the reporter sees who was told: %+v, %v", v.Relays, err)
		}
	})
}

// J-4: a route is read where projects publish it, and says where that was.
func TestARouteIsFoundWhereProjectsPublishIt(t *testing.T) {
	published := map[string]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, ok := published[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(text)) // a reader who went away
	}))
	defer server.Close()
	pages := app.NewPages("127.0.0.1")
	find := func() cvd.Route {
		return pages.FindRoute(t.Context(), server.URL+"/harbour/harbour", server.URL+"/about", apptest.Start)
	}
	if r := find(); r.Is != "" || !strings.Contains(r.Trouble, "no SECURITY.md") || !strings.Contains(r.Trouble, "404") {
		t.Errorf("where nothing is published: %+v", r)
	}
	published["/.well-known/security.txt"] = "Contact: mailto:psirt@harbour.example\nExpires: 2027-01-01T00:00:00Z\n"
	if r := find(); r.Is != "psirt@harbour.example" || r.Source != "security.txt" || r.Found != server.URL+"/.well-known/security.txt" || r.ExpiresAt.Year() != 2027 {
		t.Errorf("from a security.txt: %+v", r)
	}
	published["/harbour/harbour/raw/branch/main/.github/SECURITY.md"] = "# Security\n\nPlease write to security [at] harbour [dot] example or use https://github.com/harbour/harbour/security/advisories/new.\n"
	if r := find(); r.Is != "security@harbour.example" || r.Source != "SECURITY.md" {
		t.Errorf("from a SECURITY.md: %+v", r)
	}
	published["/harbour/harbour/raw/branch/main/.github/SECURITY.md"] = "Report at https://github.com/harbour/harbour/security/advisories/new\n"
	if r := find(); r.Is != "https://github.com/harbour/harbour/security/advisories/new" {
		t.Errorf("from one with a page: %+v", r)
	}
}

// J-4: what nobody could read was not found missing: the failed look is kept as one, and so is what was known before.
func TestARouteThatCannotBeLookedForStaysKnown(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	gone := server.URL
	server.Close()
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }))
	defer refusing.Close()
	pages := app.NewPages("127.0.0.1")
	for name, row := range map[string]struct{ repository, website string }{
		"no server": {gone + "/harbour/harbour", ""}, "an answer of another kind": {refusing.URL + "/harbour/harbour", ""},
		"no repository": {gone + "/x", ""}, "the website alone": {"", gone},
	} {
		if r := pages.FindRoute(t.Context(), row.repository, row.website, apptest.Start); !r.Failed || r.Is != "" || strings.Contains(r.Trouble, "there is no SECURITY.md") {
			t.Errorf("%s: %+v; want a look that failed", name, r)
		}
	}
}

// A list that does not say which product it is about is taken in for the one that is named, and nobody has to guess that there are several.
func TestAListOfChainsIsOfTheProductThatIsNamed(t *testing.T) {
	text := "policy: lamp\ntitle: Lamp\nprefix: LAMP\nsummary: A lamp.\ncontacts: {alarm: [ann], nudge: [ann]}\nextends: juno\n" +
		"products: [{name: bulb, title: Bulb, lines: [{name: \"1\", versions: \"< 2.0.0\", eligible: true}]}, {name: wire, title: Wire, lines: [{name: \"1\", versions: \"< 2.0.0\", eligible: true}]}]\n"
	p := apptest.New(t, apptest.Options{Policies: map[string]string{"lamp": text},
		People: map[cvd.ProjectID][]cvd.Person{"lamp": {{Handle: "ann", Name: "Ann", Roles: []string{"core"}}}}})
	in := casework.Listing{Reader: "chain-registry", Text: []byte(`[{"chain_name":"harbour","codebase":{"recommended_version":"v1.0.0"}}]`)}
	who := p.Actor("lamp", "ann")
	for product, says := range map[string]string{"": "bulb, wire", "lens": "bulb, wire"} {
		in.Product = product
		_, err := p.Casework.ImportList(t.Context(), who, in, false)
		if e, ok := errors.AsType[*cvd.Error](err); !ok || e.Field != "/product" || !strings.Contains(e.Says, says) {
			t.Errorf("for the product %q: %v; want the field and the products", product, err)
		}
	}
	in.Product = "wire"
	if _, err := p.Casework.ImportList(t.Context(), who, in, false); err != nil {
		t.Fatal(err)
	}
	if all, err := p.Casework.Downstreams(t.Context(), who); err != nil || len(all) != 1 || all[0].Product != "wire" {
		t.Errorf("the register has %+v, %v", all, err)
	}
}
