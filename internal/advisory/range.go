package advisory

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/semver"
)

// bound is one condition on a version: ">=" "1.2.0". A range is a list of them, as vers understands it: ascending, each
// lower bound closed by the upper one that follows, if one does.
type bound struct{ Op, Version string }

func (b bound) lower() bool { return b.Op == ">" || b.Op == ">=" }
func (b bound) upper() bool { return b.Op == "<" || b.Op == "<=" }

var (
	condition = regexp.MustCompile(`^(>=|<=|>|<|=|==)?\s*(v?[0-9][0-9A-Za-z._~+-]*)$`)
	wildcard  = regexp.MustCompile(`^v?((?:[0-9]{1,9}\.)*)([0-9]{1,9})\.[xX]$`)
	version   = regexp.MustCompile(`^v?[0-9][0-9A-Za-z._~+-]*$`)
)

// parseRange reads versions as people state them: ">= 1.2.0, < 1.4.3", "1.4.x", "1.2.0, 1.2.1", "< 1.0 || 2.x". It gives
// up on whatever it would have to guess.
func parseRange(s string) ([]bound, bool) {
	var all []bound
	for either := range strings.SplitSeq(s, "||") {
		bounds, ok := parseConditions(either)
		if !ok || len(all) > 0 && all[len(all)-1].lower() { // nothing follows a range without an end
			return nil, false
		}
		all = append(all, bounds...)
	}
	if !ascending(all) {
		return nil, false
	}
	return all, true
}

// parseConditions reads what stands between two "||": a list of versions, or bounds that hold together.
func parseConditions(s string) ([]bound, bool) {
	var bounds []bound
	exact := 0
	parts := strings.Split(s, ",")
	for _, part := range parts {
		part = strings.TrimSpace(part)
		if m := wildcard.FindStringSubmatch(part); m != nil && len(parts) == 1 {
			last, err := strconv.Atoi(m[2])
			if err != nil {
				return nil, false
			}
			return []bound{{">=", m[1] + m[2]}, {"<", m[1] + strconv.Itoa(last+1)}}, true
		}
		m := condition.FindStringSubmatch(part)
		if m == nil || slices.Contains(strings.Split(strings.ToLower(m[2]), "."), "x") {
			return nil, false
		}
		b := bound{Op: strings.Replace(m[1], "==", "=", 1), Version: m[2]}
		b.Op = cmp.Or(b.Op, "=")
		if b.Op == "=" {
			exact++
		}
		bounds = append(bounds, b)
	}
	ok := exact == len(bounds) || len(bounds) == 1 || len(bounds) == 2 && bounds[0].lower() && bounds[1].upper()
	return bounds, ok
}

// ascending says whether the bounds mean one thing only. Two bounds of one pair may be of an unknown order of versions:
// a person wrote them in theirs.
func ascending(all []bound) bool {
	for i := 1; i < len(all); i++ {
		before, b := all[i-1], all[i]
		pair := before.lower() && b.upper()
		if before.lower() != b.upper() { // each lower bound is closed, and nothing else is
			return false
		}
		order, known := compareVersions(before.Version, b.Version)
		if known && order >= 0 || !known && !(pair && len(all) == 2) {
			return false
		}
	}
	return true
}

// compareVersions orders two versions if both are of semantic versioning.
func compareVersions(a, b string) (order int, known bool) {
	a, b = "v"+strings.TrimPrefix(a, "v"), "v"+strings.TrimPrefix(b, "v")
	if !semver.IsValid(a) || !semver.IsValid(b) {
		return 0, false
	}
	return semver.Compare(a, b), true
}

// holds says whether a version lies in the range; known is false where the order of versions is not.
func holds(all []bound, v string) (in, known bool) {
	for i, b := range all {
		order, ok := compareVersions(v, b.Version)
		if !ok {
			return false, false
		}
		switch {
		case b.Op == "=":
			in = in || order == 0
		case b.lower():
			above := order > 0 || order == 0 && b.Op == ">="
			open := i == len(all)-1
			in = in || above && (open || below(all[i+1], v))
		case i == 0 || !all[i-1].lower():
			in = in || below(b, v)
		}
	}
	return in, true
}

func below(b bound, v string) bool {
	order, known := compareVersions(v, b.Version)
	return known && (order < 0 || order == 0 && b.Op == "<=")
}

// bounds are the versions of the line that its status is about. The name of a line stands for its series where nobody
// stated versions: "28" is 28.x, up to the fix if there is one.
func (l Line) bounds() ([]bound, bool) {
	if l.Affected != "" {
		return parseRange(l.Affected)
	}
	series, ok := parseRange(strings.TrimSuffix(l.Name, ".x") + ".x")
	if !ok || l.Status != "fixed" || !version.MatchString(l.Fixed) {
		return series, ok
	}
	series[1] = bound{"<", l.Fixed}
	return series, ascending(series)
}

// vers writes a range in the notation that CSAF 2.0 (3.1.2.3.1) wants: "vers:npm/>=1.2.0|<1.4.3".
func vers(all []bound, packageType string) string {
	scheme := packageType
	if scheme == "" {
		scheme = "semver"
		if slices.ContainsFunc(all, func(b bound) bool { _, known := compareVersions(b.Version, b.Version); return !known }) {
			scheme = "generic"
		}
	}
	var parts []string
	for _, b := range all {
		parts = append(parts, strings.TrimPrefix(b.Op, "=")+url.QueryEscape(nativeVersion(b.Version, packageType)))
	}
	return "vers:" + scheme + "/" + strings.Join(parts, "|")
}

// nativeVersion writes a version as its packages do: modules of Go begin with a v, the others do not (CSAF 2.0, 6.3.11).
func nativeVersion(v, packageType string) string {
	bare := v
	if len(v) > 1 && v[0] == 'v' && v[1] >= '0' && v[1] <= '9' {
		bare = v[1:]
	}
	if packageType == "golang" && semver.IsValid("v"+bare) {
		return "v" + bare
	}
	return bare
}

// Within says whether a version lies in a range as people state it; known is false where one of them does not say.
func Within(version, ranges string) (in, known bool) {
	all, ok := parseRange(ranges)
	if !ok {
		return false, false
	}
	return holds(all, version)
}
