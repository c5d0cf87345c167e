package advisory

import (
	"strings"

	gocvss20 "github.com/pandatix/go-cvss/20"
	gocvss30 "github.com/pandatix/go-cvss/30"
	gocvss31 "github.com/pandatix/go-cvss/31"
)

// csafScored is a vector as CSAF 2.0 has a place for it; ok is false for other systems, CVSS 4.0 among them.
func csafScored(vector string) (s csafScore, ok bool) {
	if s.CVSSv2, ok = cvssV2(vector); !ok {
		s.CVSSv3, ok = cvssV3(vector)
	}
	return s, ok
}

// cvssV2 writes a vector as the schema of FIRST for CVSS 2.0 wants it. What time and environment make of the score stands in
// the vector alone.
func cvssV2(vector string) (map[string]any, bool) {
	if !strings.HasPrefix(vector, "AV:") {
		return nil, false
	}
	v, err := gocvss20.ParseVector(vector)
	if err != nil {
		return nil, false
	}
	object := map[string]any{"version": "2.0", "vectorString": v.Vector(), "baseScore": v.BaseScore()}
	for _, m := range metricsV2 {
		if value, err := v.Get(m.key); err == nil {
			object[m.name] = m.values[value]
		}
	}
	return object, true
}

// vectorV3 is a parsed vector of CVSS 3.0 or 3.1.
type vectorV3 interface {
	Get(metric string) (string, error)
	BaseScore() float64
	TemporalScore() float64
	EnvironmentalScore() float64
	Vector() string
}

// cvssV3 writes a vector as the schema of FIRST for CVSS 3.x wants it.
func cvssV3(vector string) (map[string]any, bool) {
	var v vectorV3
	var err error
	version, _, _ := strings.Cut(strings.TrimPrefix(vector, "CVSS:"), "/")
	switch version {
	case "3.0":
		v, err = gocvss30.ParseVector(vector)
	case "3.1":
		v, err = gocvss31.ParseVector(vector)
	default:
		return nil, false
	}
	if err != nil {
		return nil, false
	}
	base := v.BaseScore()
	object := map[string]any{"version": version, "vectorString": v.Vector(), "baseScore": base, "baseSeverity": ratingV3(base)}
	groups := map[string]bool{}
	for _, m := range metricsV3 {
		value, err := v.Get(m.key)
		if err != nil || value == "X" {
			continue
		}
		groups[m.group] = true
		object[m.name] = m.values[value]
	}
	if groups["temporal"] {
		object["temporalScore"], object["temporalSeverity"] = v.TemporalScore(), ratingV3(v.TemporalScore())
	}
	if groups["environmental"] {
		object["environmentalScore"], object["environmentalSeverity"] = v.EnvironmentalScore(), ratingV3(v.EnvironmentalScore())
	}
	return object, true
}

// ratingV3 is the qualitative rating of CVSS 3.1, section 5.
func ratingV3(score float64) string {
	switch {
	case score >= 9:
		return "CRITICAL"
	case score >= 7:
		return "HIGH"
	case score >= 4:
		return "MEDIUM"
	case score > 0:
		return "LOW"
	}
	return "NONE"
}

type cvssMetric struct {
	group, key, name string
	values           map[string]string
}

var (
	attackVectors = map[string]string{"N": "NETWORK", "A": "ADJACENT_NETWORK", "L": "LOCAL", "P": "PHYSICAL"}
	levels        = map[string]string{"N": "NONE", "L": "LOW", "M": "MEDIUM", "H": "HIGH"}
	interactions  = map[string]string{"N": "NONE", "R": "REQUIRED"}
	scopes        = map[string]string{"U": "UNCHANGED", "C": "CHANGED"}
)

var impacts = map[string]string{"N": "NONE", "P": "PARTIAL", "C": "COMPLETE"}

// metricsV2 are the base metrics of CVSS 2.0 with their names in the schema of FIRST.
var metricsV2 = []cvssMetric{
	{"base", "AV", "accessVector", attackVectors},
	{"base", "AC", "accessComplexity", levels},
	{"base", "Au", "authentication", map[string]string{"N": "NONE", "S": "SINGLE", "M": "MULTIPLE"}},
	{"base", "C", "confidentialityImpact", impacts},
	{"base", "I", "integrityImpact", impacts},
	{"base", "A", "availabilityImpact", impacts},
}

// metricsV3 are the metrics of CVSS 3.x with their names in the schema of FIRST.
var metricsV3 = []cvssMetric{
	{"base", "AV", "attackVector", attackVectors},
	{"base", "AC", "attackComplexity", levels},
	{"base", "PR", "privilegesRequired", levels},
	{"base", "UI", "userInteraction", interactions},
	{"base", "S", "scope", scopes},
	{"base", "C", "confidentialityImpact", levels},
	{"base", "I", "integrityImpact", levels},
	{"base", "A", "availabilityImpact", levels},
	{"temporal", "E", "exploitCodeMaturity", map[string]string{"U": "UNPROVEN", "P": "PROOF_OF_CONCEPT", "F": "FUNCTIONAL", "H": "HIGH"}},
	{"temporal", "RL", "remediationLevel", map[string]string{"O": "OFFICIAL_FIX", "T": "TEMPORARY_FIX", "W": "WORKAROUND", "U": "UNAVAILABLE"}},
	{"temporal", "RC", "reportConfidence", map[string]string{"U": "UNKNOWN", "R": "REASONABLE", "C": "CONFIRMED"}},
	{"environmental", "CR", "confidentialityRequirement", levels},
	{"environmental", "IR", "integrityRequirement", levels},
	{"environmental", "AR", "availabilityRequirement", levels},
	{"environmental", "MAV", "modifiedAttackVector", attackVectors},
	{"environmental", "MAC", "modifiedAttackComplexity", levels},
	{"environmental", "MPR", "modifiedPrivilegesRequired", levels},
	{"environmental", "MUI", "modifiedUserInteraction", interactions},
	{"environmental", "MS", "modifiedScope", scopes},
	{"environmental", "MC", "modifiedConfidentialityImpact", levels},
	{"environmental", "MI", "modifiedIntegrityImpact", levels},
	{"environmental", "MA", "modifiedAvailabilityImpact", levels},
}
