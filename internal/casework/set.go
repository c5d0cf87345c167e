package casework

import (
	"iter"
	"math/bits"
	"slices"
)

// set is a set of small numbers: a sorted list while it is sparse, one bit for each number once that is smaller. Adding the
// highest number is cheap, as is adding any number to a dense set.
type set struct {
	few  []uint32 // while bits is nil
	bits []uint64
	n    int
}

// sparse is how many bits a number may cost before a set is kept as bits: those of an entry of the list.
const sparse = 32

func (s *set) has(n uint32) bool {
	if s.bits != nil {
		return int(n/64) < len(s.bits) && s.bits[n/64]&(1<<(n%64)) != 0
	}
	_, found := slices.BinarySearch(s.few, n)
	return found
}

func (s *set) add(n uint32) {
	if s.bits == nil {
		i, found := slices.BinarySearch(s.few, n)
		if found {
			return
		}
		s.few = slices.Insert(s.few, i, n)
		s.n++
		if s.n > 64 && s.n*sparse > int(s.few[len(s.few)-1]) {
			s.spread()
		}
		return
	}
	for int(n/64) >= len(s.bits) {
		s.bits = append(s.bits, 0)
	}
	if bit := uint64(1) << (n % 64); s.bits[n/64]&bit == 0 {
		s.bits[n/64] |= bit
		s.n++
	}
}

// spread turns the list into bits.
func (s *set) spread() {
	s.bits = make([]uint64, s.few[len(s.few)-1]/64+1)
	for _, n := range s.few {
		s.bits[n/64] |= 1 << (n % 64)
	}
	s.few = nil
}

func (s *set) remove(n uint32) {
	if s.bits == nil {
		if i, found := slices.BinarySearch(s.few, n); found {
			s.few = slices.Delete(s.few, i, i+1)
			s.n--
		}
		return
	}
	if s.has(n) {
		s.bits[n/64] &^= 1 << (n % 64)
		s.n--
	}
}

// from gives the numbers above after in ascending order.
func (s *set) from(after int64) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		if s.bits == nil {
			i, _ := slices.BinarySearchFunc(s.few, after, func(n uint32, after int64) int { return bound(int64(n) > after) })
			for _, n := range s.few[i:] {
				if !yield(n) {
					return
				}
			}
			return
		}
		first := after + 1
		for w := int(first / 64); w < len(s.bits); w++ {
			word := s.bits[w]
			if w == int(first/64) {
				word &= ^uint64(0) << (first % 64)
			}
			for ; word != 0; word &= word - 1 {
				if !yield(uint32(w*64 + bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}

// downFrom gives the numbers below before in descending order.
func (s *set) downFrom(before int64) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		if s.bits == nil {
			i, _ := slices.BinarySearchFunc(s.few, before, func(n uint32, before int64) int { return bound(int64(n) >= before) })
			for _, n := range slices.Backward(s.few[:i]) {
				if !yield(n) {
					return
				}
			}
			return
		}
		last := min(before, int64(len(s.bits))*64) - 1
		for w := last / 64; last >= 0 && w >= 0; w-- {
			word := s.bits[w]
			if w == last/64 && last%64 != 63 {
				word &= 1<<(last%64+1) - 1
			}
			for word != 0 {
				top := 63 - bits.LeadingZeros64(word)
				if !yield(uint32(int(w)*64 + top)) {
					return
				}
				word &^= 1 << top
			}
		}
	}
}

// bound makes a comparison for a binary search of the first element that reached says yes to.
func bound(reached bool) int {
	if reached {
		return 1
	}
	return -1
}

// both is what lies in all of the sets, of which there is at least one. With only one it is that set itself.
func both(sets ...*set) *set {
	if len(sets) == 1 {
		return sets[0]
	}
	sets = slices.Clone(sets)
	slices.SortFunc(sets, func(a, b *set) int { return a.n - b.n })
	out := &set{}
	if i := slices.IndexFunc(sets, func(s *set) bool { return s.bits == nil }); i >= 0 {
		sets[0], sets[i] = sets[i], sets[0]
		for _, n := range sets[0].few {
			if !slices.ContainsFunc(sets[1:], func(s *set) bool { return !s.has(n) }) {
				out.few = append(out.few, n)
			}
		}
		out.n = len(out.few)
		return out
	}
	out.bits = slices.Clone(sets[0].bits)
	for _, s := range sets[1:] {
		out.bits = out.bits[:min(len(out.bits), len(s.bits))]
		for i := range out.bits {
			out.bits[i] &= s.bits[i]
		}
	}
	for _, word := range out.bits {
		out.n += bits.OnesCount64(word)
	}
	return out
}
