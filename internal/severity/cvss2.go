package severity

import (
	"errors"
	"math"
	"strings"
)

var cvss2 = System{
	Name:   "CVSS:2.0",
	Doc:    "Common Vulnerability Scoring System 2.0 (FIRST, 2007): base, temporal and environmental metrics, in this order; no prefix, but perhaps in parentheses.",
	Prefix: "AV:",
	Parse:  parse2,
}

// The metrics of CVSS 2.0 as numbers of choices, in the order of metrics2.
const (
	av2 = iota
	ac2
	au2
	c2
	i2
	a2
	e2
	rl2
	rc2
	cdp2
	td2
	cr2
	ir2
	ar2
	end2

	temporal2      = e2
	environmental2 = cdp2
)

// CVSS 2.0, 2.1 to 2.4. A group whose metrics are not used is left out or, each of them, ND; a metric left out of a group
// that is used counts as ND.
var metrics2 = grammar{
	name:      "CVSS:2.0",
	undefined: "ND",
	base:      temporal2,
	ordered:   true,
	groups:    []int{temporal2, environmental2, end2},
	metrics: []metric{
		av2:  {"AV", "Access Vector", []string{"N", "A", "L"}},
		ac2:  {"AC", "Access Complexity", []string{"L", "M", "H"}},
		au2:  {"Au", "Authentication", []string{"N", "S", "M"}},
		c2:   {"C", "Confidentiality Impact", []string{"C", "P", "N"}},
		i2:   {"I", "Integrity Impact", []string{"C", "P", "N"}},
		a2:   {"A", "Availability Impact", []string{"C", "P", "N"}},
		e2:   {"E", "Exploitability", []string{"H", "F", "POC", "U"}},
		rl2:  {"RL", "Remediation Level", []string{"U", "W", "TF", "OF"}},
		rc2:  {"RC", "Report Confidence", []string{"C", "UR", "UC"}},
		cdp2: {"CDP", "Collateral Damage Potential", []string{"H", "MH", "LM", "L", "N"}},
		td2:  {"TD", "Target Distribution", []string{"H", "M", "L", "N"}},
		cr2:  {"CR", "Confidentiality Requirement", []string{"H", "M", "L"}},
		ir2:  {"IR", "Integrity Requirement", []string{"H", "M", "L"}},
		ar2:  {"AR", "Availability Requirement", []string{"H", "M", "L"}},
	},
}

// CVSS 2.0, 3.2: the weight of each value by its number in choices. Those of the temporal and of the first environmental
// metrics are hundredths, since what they make lies on ties that only whole numbers can tell.
var (
	weightAV2  = [...]float64{0, 1, 0.646, 0.395}
	weightAC2  = [...]float64{0, 0.71, 0.61, 0.35}
	weightAu2  = [...]float64{0, 0.704, 0.56, 0.45}
	weightCIA2 = [...]float64{0, 0.66, 0.275, 0}
	weightReq2 = [...]float64{1, 1.51, 1, 0.5}
	weightE2   = [...]int{100, 100, 95, 90, 85}
	weightRL2  = [...]int{100, 100, 95, 90, 87}
	weightRC2  = [...]int{100, 100, 95, 90}
	weightCDP2 = [...]int{0, 50, 40, 30, 10, 0}
	weightTD2  = [...]int{100, 100, 75, 25, 0}
)

// parse2 scores with every group of metrics that is given, as version 3 does.
func parse2(vector string) (Score, error) {
	if inner, ok := strings.CutPrefix(vector, "("); ok {
		if vector, ok = strings.CutSuffix(inner, ")"); !ok {
			return Score{}, errors.New("the parenthesis before the vector is not closed behind it")
		}
	}
	c, canonical, err := metrics2.read(vector)
	if err != nil {
		return Score{}, err
	}
	base := c.total2(c.impact2(false))
	value := base
	switch {
	case c.defined(environmental2, end2):
		value = c.environmental2()
	case c.defined(temporal2, environmental2):
		value = c.temporal2(base)
	}
	return Score{
		Vector:       canonical,
		System:       metrics2.name,
		Nomenclature: metrics2.name,
		Value:        value.value(),
		Base:         base.value(),
		Rating:       rating2(value),
	}, nil
}

// impact2 is the impact sub-score, or the adjusted one, which weighs what must be secure. CVSS 2.0, 3.2.1 and 3.2.3.
func (c *choices) impact2(adjusted bool) float64 {
	unharmed := 1.0
	for i, metric := range [...]int{c2, i2, a2} {
		weight := weightCIA2[c[metric]]
		if adjusted {
			weight *= weightReq2[c[cr2+i]]
		}
		unharmed *= 1 - weight
	}
	return 10.41 * (1 - unharmed)
}

// total2 is the base equation with a given impact. CVSS 2.0, 3.2.1. An adjusted impact can make the equation negative,
// where the score is 0, as all scores lie between 0 and 10.
func (c *choices) total2(impact float64) tenths {
	if impact == 0 {
		return 0
	}
	exploitability := 20 * weightAV2[c[av2]] * weightAC2[c[ac2]] * weightAu2[c[au2]]
	return tenths(max(0, math.Round((0.6*impact+0.4*exploitability-1.5)*1.176*10)))
}

// temporal2 is what time makes of a score. CVSS 2.0, 3.2.2.
func (c *choices) temporal2(score tenths) tenths {
	return half(int(score)*weightE2[c[e2]]*weightRL2[c[rl2]]*weightRC2[c[rc2]], 1_000_000)
}

// environmental2 is the environmental score. CVSS 2.0, 3.2.3.
func (c *choices) environmental2() tenths {
	adjusted := int(c.temporal2(c.total2(min(10, c.impact2(true)))))
	return half((adjusted*100+(100-adjusted)*weightCDP2[c[cdp2]])*weightTD2[c[td2]], 10_000)
}

// half divides and rounds to the nearest, a half upwards.
func half(n, by int) tenths { return tenths((2*n + by) / (2 * by)) }

// rating2 is the severity that NIST's National Vulnerability Database gives to scores of 2.0, which has no scale of its own.
func rating2(t tenths) string {
	switch {
	case t < 40:
		return "Low"
	case t < 70:
		return "Medium"
	}
	return "High"
}
