package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// B-113 to B-117: what a policy names of resources has a page, and where it names none there is none.
func TestResourcesHaveAPageWhereThePolicyNamesSome(t *testing.T) {
	b := open(t)
	b.get("/p/solo-miner-monitor/resources").says(t, "Resources of Bitcoin Solo Miner Monitor", "Guidelines", "OWASP cheat sheets", "Training", "Databases", "Community")
	if a := b.get("/p/solo-miner-monitor/policy"); !strings.Contains(a.body, `href="/p/solo-miner-monitor/resources"`) {
		t.Error("the policy does not lead to the resources")
	}
	if a := b.get("/p/juno/resources"); a.status != http.StatusNotFound || a.body != b.get("/p/nowhere/resources").body {
		t.Errorf("a policy without resources: got %d", a.status)
	}
	if a := b.get("/p/juno/policy"); strings.Contains(a.body, "/resources") {
		t.Error("a policy without resources leads to a page of them")
	}
}
