package severity

import "testing"

// CVSS 3.0, 8: what 3.1 takes for noise is a tenth here, and the noise of floating-point numbers is none.
func TestRoundup30LooksAtMoreDecimalsThanRoundup(t *testing.T) {
	for x, want := range map[float64]tenths{
		0: 0, 4: 40, 4.02: 41, 4.1: 41, 10: 100, 4.000004: 41, 4.0000001: 41, 0.30000000000000004: 3, 4.000000000000001: 40,
	} {
		if got := roundup30(x); got != want {
			t.Errorf("%v: got %d tenths, want %d", x, got, want)
		}
	}
}
