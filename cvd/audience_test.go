package cvd

import "testing"

// A validator whose votes round to nothing is still one: what it weighs says nothing of what it is.
func TestAValidatorOfNoWeightIsAValidator(t *testing.T) {
	for name, x := range map[string]struct {
		weights map[string]int64
		want    PartyKind
	}{
		"with votes":              {map[string]int64{"voting_power": 12}, Validator},
		"with less than one vote": {map[string]int64{"voting_power": 0}, Validator},
		"weighed by its users":    {map[string]int64{"installations": 3}, OtherParty},
		"not weighed":             {nil, OtherParty},
	} {
		if got := (Addressee{Weights: x.weights}).AsParty(); got != x.want {
			t.Errorf("%s: got %q, want %q", name, got, x.want)
		}
	}
}
