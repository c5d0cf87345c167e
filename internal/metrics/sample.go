package metrics

import (
	"math"
	"slices"
	"time"
)

// values are figures of cases, side by side, in order of arrival.
type values struct {
	of  []float64
	at  []int32
	all []*Facts
}

// values makes room for a figure of each case.
func (s Sample) values() *values {
	return &values{of: make([]float64, 0, len(s.Facts)), at: make([]int32, 0, len(s.Facts)), all: s.Facts}
}

func (v *values) add(at int32, value float64) { v.of, v.at = longer(v.of, value), longer(v.at, at) }

// longer is append that doubles: the lists are long, and growing by a quarter writes each of them five times.
func longer[T any](list []T, one T) []T {
	if len(list) == cap(list) {
		list = slices.Grow(list, max(len(list), 64))
	}
	return append(list, one)
}

// quantile is the figure below or at which the share q of the cases lies: for the median of an even number the mean of the
// two in the middle, else by nearest rank. It leaves the figures in another order, and the
// cases in theirs: what else is asked of single cases is asked before.
func (v *values) quantile(name, title string, unit Unit, q float64) Number {
	n := Number{Name: name, Title: title, Unit: unit, None: len(v.of) == 0, behind: v.all, at: v.at}
	if n.None {
		return n
	}
	if q == 0.5 && len(v.of)%2 == 0 {
		upper := nth(v.of, len(v.of)/2)
		n.Value = (slices.Max(v.of[:len(v.of)/2]) + upper) / 2
		return n
	}
	n.Value = nth(v.of, max(int(math.Ceil(q*float64(len(v.of)))), 1)-1)
	return n
}

// months are the medians of the cases of each month.
func (v *values) months(s Sample, unit Unit) []Number {
	return s.months(func(from, to int) Number {
		part := within(v.at, from, to)
		first, _ := slices.BinarySearch(v.at, int32(from))
		month := values{of: slices.Clone(v.of[first : first+len(part)]), at: part, all: v.all} // the figures of all stay in their order
		return month.quantile("", "", unit, 0.5)
	})
}

// nth is the element that would stand at k if the list were sorted; what is before it is not greater, what is behind not
// smaller (Hoare's selection: the whole order of 100,000 cases is not needed for one figure).
func nth(of []float64, k int) float64 {
	for lo, hi := 0, len(of)-1; lo < hi; {
		pivot := middle(of[lo], of[lo+(hi-lo)/2], of[hi])
		i, j := lo, hi
		for i <= j {
			for of[i] < pivot {
				i++
			}
			for of[j] > pivot {
				j--
			}
			if i <= j {
				of[i], of[j] = of[j], of[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return of[k]
		}
	}
	return of[k]
}

func middle(a, b, c float64) float64 { return max(min(a, b), min(max(a, b), c)) }

// counted is a number of cases, those at the places.
func (s Sample) counted(name, title string, at []int32) Number {
	return Number{Name: name, Title: title, Unit: Cases, Value: float64(len(at)), behind: s.Facts, at: at}
}

// share is how many of the cases at the places are hits.
func (s Sample) share(name, title string, hits int, of []int32) Number {
	n := s.counted(name, title, of)
	n.Unit, n.None, n.Value = Share, len(of) == 0, 0
	if !n.None {
		n.Value = float64(hits) / float64(len(of))
	}
	return n
}

// sort puts the places of the cases into as many lists as are asked for; which list or lists a case belongs into is said by
// the bits of a number, the lowest being the first list's; there are at most eight.
func (s Sample) sort(lists int, into func(*Facts) uint) [][]int32 {
	which, lengths := make([]uint8, len(s.Facts)), make([]int, lists) // counted first, so that each list is as long as it must be
	for i, f := range s.Facts {
		which[i] = uint8(into(f))
		for l := range lengths {
			lengths[l] += int(which[i] >> l & 1)
		}
	}
	out := make([][]int32, lists)
	for l := range out {
		out[l] = make([]int32, 0, lengths[l])
	}
	for i, bits := range which {
		for l := 0; bits != 0; bits, l = bits>>1, l+1 {
			if bits&1 != 0 {
				out[l] = append(out[l], int32(i))
			}
		}
	}
	return out
}

// bit is 1<<n where a claim is true.
func bit(n int, claim bool) uint {
	if claim {
		return 1 << n
	}
	return 0
}

// within are those of the places that lie from one to before another.
func within(at []int32, from, to int) []int32 {
	i, _ := slices.BinarySearch(at, int32(from))
	j, _ := slices.BinarySearch(at, int32(to))
	return at[i:j]
}

// months makes a figure for each month in which a case came, of the places from and before to.
func (s Sample) months(of func(from, to int) Number) []Number {
	out := make([]Number, len(s.turns))
	for i, from := range s.turns {
		to := len(s.Facts)
		if i+1 < len(s.turns) {
			to = s.turns[i+1]
		}
		at := time.UnixMicro(s.Facts[from].Received).UTC()
		out[i] = of(from, to)
		out[i].Name, out[i].Title = at.Format("2006-01"), at.Format("January 2006")
	}
	return out
}

// countedMonths counts cases by month.
func (s Sample) countedMonths(at []int32) []Number {
	return s.months(func(from, to int) Number { return s.counted("", "", within(at, from, to)) })
}

// sharedMonths are the shares of the hits by month.
func (s Sample) sharedMonths(hits, of []int32) []Number {
	return s.months(func(from, to int) Number { return s.share("", "", len(within(hits, from, to)), within(of, from, to)) })
}

// turn finds the places at which another month begins.
func (s *Sample) turn() {
	next := int64(math.MinInt64)
	for i, f := range s.Facts {
		if f.Received >= next {
			at := time.UnixMicro(f.Received).UTC()
			next = time.Date(at.Year(), at.Month()+1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
			s.turns = append(s.turns, i)
		}
	}
}

// days is a span in days.
func days(from, to int64) float64 { return float64(to-from) / float64(24*time.Hour/time.Microsecond) }

// span is what a measure of time takes from a case: when it began, when it ended (zero: not yet), and whether the case
// counts at all.
type span func(*Facts) (from, to int64, counts bool)

// spans measures how long something took. What has not ended is counted as open and never as quick.
func (s Sample) spans(r *Result, of span, done, open string) {
	ended, running := s.values(), s.values()
	class := map[string]*values{}
	for i, f := range s.Facts {
		from, to, counts := of(f)
		switch at := int32(i); {
		case !counts:
		case to == 0:
			running.add(at, days(from, s.Now))
		default:
			took := max(days(from, to), 0)
			ended.add(at, took)
			name := named(f.Class)
			if class[name] == nil {
				class[name] = &values{all: s.Facts}
			}
			class[name].add(at, took)
		}
	}
	if len(ended.of)+len(running.of) == 0 {
		return
	}
	r.Months = ended.months(s, Days)
	r.Numbers = []Number{
		ended.quantile("median", "Half of them within", Days, 0.5),
		ended.quantile("p90", "Nine of ten within", Days, 0.9),
		s.counted("done", done, ended.at),
		s.counted("open", open, running.at),
		running.quantile("longest", "Open for, at most", Days, 1),
	}
	for _, name := range sorted(class) {
		r.Spread = append(r.Spread, class[name].quantile(name, name, Days, 0.5))
	}
}

// Undecided stands for the severity of a case that has none yet.
const Undecided = "none"

func named(class string) string {
	if class == "" {
		return Undecided
	}
	return class
}

func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// spread counts cases by a word of theirs, leaving out those that do not count.
func (s Sample) spread(of func(*Facts) (word string, counts bool)) []Number {
	by := map[string][]int32{}
	for i, f := range s.Facts {
		if word, counts := of(f); counts {
			by[word] = longer(by[word], int32(i))
		}
	}
	var out []Number
	for _, name := range sorted(by) {
		out = append(out, s.counted(name, name, by[name]))
	}
	return out
}
