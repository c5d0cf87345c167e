package severity

import "testing"

// CVSS 3.1, appendix A.
func TestRoundupIsNotMisledByNoise(t *testing.T) {
	for x, want := range map[float64]tenths{
		0: 0, 4: 40, 4.00001: 41, 4.02: 41, 4.1: 41, 10: 100,
		0.30000000000000004: 3, 4.000000000000001: 40, 4.000004: 40,
	} {
		if got := roundup(x); got != want {
			t.Errorf("%v: got %d tenths, want %d", x, got, want)
		}
	}
}
