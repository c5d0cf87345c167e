package casework

import (
	"slices"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Revisions are answered from the earliest on, and the longer ones fall with the first refusal; what somebody only asked for waits.
func TestARequestDoesNotFallWithARevision(t *testing.T) {
	at := func(n int) time.Time { return time.Date(2026, 3, n, 12, 0, 0, 0, time.UTC) }
	c := cvd.Case{Proposals: []cvd.Proposal{{Number: 1, Until: at(10)}, {Number: 2, Until: at(5)}, {Number: 3, Until: at(20)}, {Number: 4, Until: at(20), Asks: true}}}
	if got := longer(c, &c.Proposals[0]); !slices.Equal(got, []int{3}) {
		t.Errorf("with proposal 1 fall %v, want 3 alone", got)
	}
}
