package casework

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// A set is what a plain map and a sorted list say, sparse or dense, from both ends, whatever is added and taken out.
func TestASetIsWhatAPlainMapSays(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, highest := range []uint32{1, 63, 64, 65, 400, 20_000} {
		var sets []*set
		var plain []map[uint32]bool
		for _, many := range []int{0, 3, 70, 300, 3000} {
			s, m := &set{}, map[uint32]bool{}
			for range many {
				n := r.Uint32N(highest + 1)
				s.add(n)
				m[n] = true
				if gone := r.Uint32N(highest + 1); r.IntN(3) == 0 {
					s.remove(gone)
					delete(m, gone)
				}
			}
			sets, plain = append(sets, s), append(plain, m)
		}
		for i, s := range sets {
			same(t, s, plain[i])
			for j := range sets {
				k := (i + j) % len(sets)
				all := map[uint32]bool{}
				for n := range plain[i] {
					all[n] = plain[j][n] && plain[k][n]
				}
				same(t, both(s, sets[j], sets[k]), all)
			}
			for range 20 {
				after := int64(r.Uint32N(highest+3)) - 1
				var up, down []uint32
				for n := range plain[i] {
					if int64(n) > after {
						up = append(up, n)
					}
					if int64(n) < after {
						down = append(down, n)
					}
				}
				slices.Sort(up)
				slices.Sort(down)
				slices.Reverse(down)
				if got := slices.Collect(s.from(after)); !slices.Equal(got, up) {
					t.Fatalf("of %d numbers up to %d those above %d are %v, want %v", s.n, highest, after, got, up)
				}
				if got := slices.Collect(s.downFrom(after)); !slices.Equal(got, down) {
					t.Fatalf("of %d numbers up to %d those below %d are %v, want %v", s.n, highest, after, got, down)
				}
			}
		}
	}
}

func same(t *testing.T, s *set, want map[uint32]bool) {
	t.Helper()
	var numbers []uint32
	for n, in := range want {
		if in {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	got := slices.Collect(s.from(-1))
	if !slices.Equal(got, numbers) || s.n != len(numbers) {
		t.Fatalf("the set of %d is %v, want the %d: %v", s.n, got, len(numbers), numbers)
	}
	for _, n := range numbers {
		if !s.has(n) {
			t.Fatalf("%d is not in the set of %v", n, numbers)
		}
	}
}
