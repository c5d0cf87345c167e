package advisory

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// span is an interval of semantic versions, in the canonical form with a v: from the first affected one to the first sound
// one or, if closed, the last affected one.
type span struct {
	from   string // lowest where there is no beginning
	to     string // empty: without an end
	closed bool
}

// lowest is the first of all semantic versions.
const lowest = "v0.0.0-0"

// spansOf reads the affected versions of a line, none if they are no semantic versions or nobody stated them for programs.
func spansOf(l Line) []span {
	bounds, ok := l.bounds()
	if !ok {
		return nil
	}
	var all []span
	for i := 0; i < len(bounds); i++ {
		v := canonical(bounds[i].Version)
		if v == "" {
			return nil
		}
		switch op := bounds[i].Op; {
		case op == "=":
			all = append(all, span{v, v, true})
		case bounds[i].upper():
			all = append(all, span{lowest, v, op == "<="})
		default:
			s := span{from: v}
			if op == ">" {
				s.from = after(v)
			}
			if i+1 < len(bounds) {
				i++
				if s.to = canonical(bounds[i].Version); s.to == "" {
					return nil
				}
				s.closed = bounds[i].Op == "<="
			}
			all = append(all, s)
		}
	}
	return slices.DeleteFunc(all, func(s span) bool { return !s.closed && s.to != "" && semver.Compare(s.from, s.to) >= 0 })
}

// canonical is a version with a v and three numbers, empty if it is none.
func canonical(v string) string { return semver.Canonical("v" + strings.TrimPrefix(v, "v")) }

// after is the lowest version above one: nothing lies between 1.2.3 and 1.2.4-0, or 1.2.3-a and 1.2.3-a.0 (SemVer 2.0.0, 11).
func after(v string) string {
	if semver.Prerelease(v) != "" {
		return v + ".0"
	}
	head, patch := v[:strings.LastIndex(v, ".")+1], v[strings.LastIndex(v, ".")+1:]
	n, err := strconv.ParseUint(patch, 10, 63)
	if err != nil {
		return v + "-0" // a number nobody counts to: the version itself stays in
	}
	return head + strconv.FormatUint(n+1, 10) + "-0"
}

// osvSemantic writes spans as ranges that do not overlap (OSV, "affected[].ranges[].type"). A range has either versions that
// are sound or versions that are the last affected ones, so there are at most two.
func osvSemantic(spans []span) []osvRange {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(semver.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	var joined []span
	for _, s := range spans {
		if n := len(joined); n > 0 && joined[n-1].reaches(s.from) {
			joined[n-1] = joined[n-1].join(s)
			continue
		}
		joined = append(joined, s)
	}
	var open, closed osvRange
	for _, s := range joined {
		to := &open
		if s.closed {
			to = &closed
		}
		to.Type = "SEMVER"
		from := strings.TrimPrefix(s.from, "v")
		if s.from == lowest {
			from = "0"
		}
		to.Events = append(to.Events, osvEvent{Introduced: from})
		switch end := strings.TrimPrefix(s.to, "v"); {
		case s.closed:
			to.Events = append(to.Events, osvEvent{LastAffected: end})
		case end != "":
			to.Events = append(to.Events, osvEvent{Fixed: end})
		}
	}
	return slices.DeleteFunc([]osvRange{open, closed}, func(r osvRange) bool { return r.Type == "" })
}

// reaches says whether a span that begins at v goes on without a gap where this one ends, or before.
func (s span) reaches(v string) bool { return s.to == "" || semver.Compare(v, s.to) <= 0 }

// join is the span of both, of which the other begins later and within reach.
func (s span) join(other span) span {
	switch order := semver.Compare(other.to, s.to); {
	case s.to == "":
	case other.to == "" || order > 0:
		s.to, s.closed = other.to, other.closed
	case order == 0:
		s.closed = s.closed || other.closed
	}
	return s
}

// osvOrdered writes the affected versions of a package whose ecosystem has an order of its own. What lies above an
// excluded version it cannot say, since which version comes next is for the ecosystem to know.
func osvOrdered(lines []Line) (ranges []osvRange, versions []string) {
	for _, l := range lines {
		bounds, ok := l.bounds()
		if !ok || slices.ContainsFunc(bounds, func(b bound) bool { return b.Op == ">" }) {
			continue
		}
		for i := 0; i < len(bounds); i++ {
			v := nativeVersion(bounds[i].Version, "")
			if bounds[i].Op == "=" {
				if !slices.Contains(versions, v) {
					versions = append(versions, v)
				}
				continue
			}
			events := []osvEvent{{Introduced: "0"}}
			if bounds[i].lower() {
				events[0].Introduced = v
				if i++; i == len(bounds) {
					ranges = append(ranges, osvRange{Type: "ECOSYSTEM", Events: events})
					break
				}
				v = nativeVersion(bounds[i].Version, "")
			}
			end := osvEvent{Fixed: v}
			if bounds[i].Op == "<=" {
				end = osvEvent{LastAffected: v}
			}
			ranges = append(ranges, osvRange{Type: "ECOSYSTEM", Events: append(events, end)})
		}
	}
	return ranges, versions
}

// placed is a span of the versions of one module.
type placed struct {
	module string
	span
}

// manyMajors is for how many major versions a span is told module by module.
const manyMajors = 100

// goModules says which modules the versions of a span belong to: from the second major version on, the path of a module
// says which one (Go Modules Reference, "Major version suffixes"). The path as it is stands for the versions before that.
func goModules(path string, s span) []placed {
	asItIs := []placed{{path, s}}
	_, suffix, ok := module.SplitPathVersion(path)
	if !ok || suffix != "" || s.from == "" {
		return asItIs
	}
	first, last := major(s.from), major(s.from)
	if s.to != "" {
		last = major(s.to)
	}
	if first < 0 || last-first > manyMajors {
		return asItIs
	}
	var all []placed
	for m := last; m >= max(first, 2); m-- {
		part := s
		if m > first {
			part.from = lowest
		}
		switch begins := fmt.Sprintf("v%d.0.0", m); {
		case m < last:
			part.to, part.closed = "", false
		case s.to == begins && !s.closed:
			continue // it ends before this major version
		}
		all = append(all, placed{fmt.Sprintf("%s/v%d", path, m), part})
	}
	if first < 2 {
		all = append(all, asItIs...)
	}
	return all
}

// major is the major version, -1 if nobody counts so far.
func major(v string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(semver.Major(v), "v"))
	if err != nil {
		return -1
	}
	return n
}
