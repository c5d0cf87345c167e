package casework

import (
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

func TestEachRowOfTheMatrixIsAboutItsOwnLine(t *testing.T) {
	var p policy.Policy
	p.Document.Products = []policy.Product{{Name: "node", Title: "Node", Lines: []policy.Line{{Name: "3", Eligible: true}, {Name: "2", Eligible: true}, {Name: "1"}}}}
	for _, known := range [][]cvd.Line{
		{{Product: "node", Name: "3", Status: "patched"}, {Product: "node", Name: "2", Status: "affected"}, {Product: "node", Name: "0", Status: "exempt"}},
		{{Product: "node", Name: "0", Status: "exempt"}, {Product: "node", Name: "2", Status: "affected"}, {Product: "node", Name: "3", Status: "patched"}},
	} {
		rows := linesWith(&p, known)
		if len(rows) != 4 {
			t.Fatalf("%d rows; want the three lines of the policy and the one that it no longer knows", len(rows))
		}
		for i, want := range []string{"3 patched", "2 affected", "1 unknown", "0 exempt"} {
			if got := rows[i].Name + " " + rows[i].Status; got != want {
				t.Errorf("row %d is %q; want %q", i+1, got, want)
			}
		}
	}
}
