package severity

import "math"

var cvss31 = System{
	Name:   "CVSS:3.1",
	Doc:    "Common Vulnerability Scoring System 3.1 (FIRST, 2019): base, temporal and environmental metrics, in any order.",
	Prefix: "CVSS:3.1/",
	Parse:  parse31,
}

// The metrics of CVSS 3.1 as numbers of choices, in the order of metrics31.
const (
	av31 = iota
	ac31
	pr31
	ui31
	s31
	c31
	i31
	a31
	e31
	rl31
	rc31
	cr31
	ir31
	ar31
	mav31
	mac31
	mpr31
	mui31
	ms31
	mc31
	mi31
	ma31
	end31

	temporal31      = e31
	environmental31 = cr31
)

// CVSS 3.1, table 15. A modified metric has its values in the order of its base metric.
var metrics31 = grammar{
	name:      "CVSS:3.1",
	prefix:    "CVSS:3.1/",
	undefined: "X",
	base:      temporal31,
	metrics: []metric{
		av31:  {"AV", "Attack Vector", []string{"N", "A", "L", "P"}},
		ac31:  {"AC", "Attack Complexity", []string{"L", "H"}},
		pr31:  {"PR", "Privileges Required", []string{"N", "L", "H"}},
		ui31:  {"UI", "User Interaction", []string{"N", "R"}},
		s31:   {"S", "Scope", []string{"U", "C"}},
		c31:   {"C", "Confidentiality", []string{"H", "L", "N"}},
		i31:   {"I", "Integrity", []string{"H", "L", "N"}},
		a31:   {"A", "Availability", []string{"H", "L", "N"}},
		e31:   {"E", "Exploit Code Maturity", []string{"H", "F", "P", "U"}},
		rl31:  {"RL", "Remediation Level", []string{"U", "W", "T", "O"}},
		rc31:  {"RC", "Report Confidence", []string{"C", "R", "U"}},
		cr31:  {"CR", "Confidentiality Requirement", []string{"H", "M", "L"}},
		ir31:  {"IR", "Integrity Requirement", []string{"H", "M", "L"}},
		ar31:  {"AR", "Availability Requirement", []string{"H", "M", "L"}},
		mav31: {"MAV", "Modified Attack Vector", []string{"N", "A", "L", "P"}},
		mac31: {"MAC", "Modified Attack Complexity", []string{"L", "H"}},
		mpr31: {"MPR", "Modified Privileges Required", []string{"N", "L", "H"}},
		mui31: {"MUI", "Modified User Interaction", []string{"N", "R"}},
		ms31:  {"MS", "Modified Scope", []string{"U", "C"}},
		mc31:  {"MC", "Modified Confidentiality", []string{"H", "L", "N"}},
		mi31:  {"MI", "Modified Integrity", []string{"H", "L", "N"}},
		ma31:  {"MA", "Modified Availability", []string{"H", "L", "N"}},
	},
}

// CVSS 3.1, table 16: the weight of each value by its number in choices; where 0, not defined, can occur, it weighs as
// the specification says.
var (
	weightAV  = [...]float64{0, 0.85, 0.62, 0.55, 0.2}
	weightAC  = [...]float64{0, 0.77, 0.44}
	weightPR  = [...]float64{0, 0.85, 0.62, 0.27}
	weightPRC = [...]float64{0, 0.85, 0.68, 0.5} // the scope is changed
	weightUI  = [...]float64{0, 0.85, 0.62}
	weightCIA = [...]float64{0, 0.56, 0.22, 0}
	weightE   = [...]float64{1, 1, 0.97, 0.94, 0.91}
	weightRL  = [...]float64{1, 1, 0.97, 0.96, 0.95}
	weightRC  = [...]float64{1, 1, 0.96, 0.92}
	weightReq = [...]float64{1, 1.5, 1, 0.5}
)

// scopeChanged is the number of S:C and MS:C.
const scopeChanged = 2

// equations3 are what versions 3.0 and 3.1 compute differently; the rest, with all metrics and weights, is the same.
type equations3 struct {
	grammar *grammar
	roundup func(float64) tenths
	changed func(miss float64) float64 // the modified impact where the modified scope is changed
}

var equations31 = equations3{
	grammar: &metrics31,
	roundup: roundup,
	changed: func(miss float64) float64 { return 7.52*(miss-0.029) - 3.25*power(miss*0.9731-0.02, 13) },
}

func parse31(vector string) (Score, error) { return equations31.score(vector) }

// score scores with every group of metrics that is given: the environmental score if one environmental metric is
// defined, else the temporal score if one temporal metric is, else the base score.
func (q *equations3) score(vector string) (Score, error) {
	c, canonical, err := q.grammar.read(vector)
	if err != nil {
		return Score{}, err
	}
	base := q.base(&c)
	value := base
	switch {
	case c.defined(environmental31, end31):
		value = q.environmental(&c)
	case c.defined(temporal31, environmental31):
		value = q.temporal(&c, base)
	}
	return Score{
		Vector:       canonical,
		System:       q.grammar.name,
		Nomenclature: q.grammar.name,
		Value:        value.value(),
		Base:         base.value(),
		Rating:       value.rating(),
	}, nil
}

// base is the base score. CVSS 3.1, 7.1; CVSS 3.0, 8.1.
func (q *equations3) base(c *choices) tenths {
	iss := 1 - (1-weightCIA[c[c31]])*(1-weightCIA[c[i31]])*(1-weightCIA[c[a31]])
	changed := c[s31] == scopeChanged
	impact := 6.42 * iss
	if changed {
		impact = 7.52*(iss-0.029) - 3.25*power(iss-0.02, 15)
	}
	return q.total(impact, exploitability31(c[av31], c[ac31], c[pr31], c[ui31], changed), changed)
}

// temporal is what time makes of a score. CVSS 3.1, 7.2; CVSS 3.0, 8.2.
func (q *equations3) temporal(c *choices, score tenths) tenths {
	return q.roundup(score.value() * weightE[c[e31]] * weightRL[c[rl31]] * weightRC[c[rc31]])
}

// environmental is the environmental score. CVSS 3.1, 7.3; CVSS 3.0, 8.3.
func (q *equations3) environmental(c *choices) tenths {
	miss := min(0.915, 1-
		(1-weightReq[c[cr31]]*weightCIA[c.modified(mc31, c31)])*
			(1-weightReq[c[ir31]]*weightCIA[c.modified(mi31, i31)])*
			(1-weightReq[c[ar31]]*weightCIA[c.modified(ma31, a31)]))
	changed := c.modified(ms31, s31) == scopeChanged
	impact := 6.42 * miss
	if changed {
		impact = q.changed(miss)
	}
	exploitability := exploitability31(c.modified(mav31, av31), c.modified(mac31, ac31),
		c.modified(mpr31, pr31), c.modified(mui31, ui31), changed)
	return q.temporal(c, q.total(impact, exploitability, changed))
}

func (q *equations3) total(impact, exploitability float64, changed bool) tenths {
	if impact <= 0 {
		return 0
	}
	sum := impact + exploitability
	if changed {
		sum *= 1.08
	}
	return q.roundup(min(sum, 10))
}

func exploitability31(av, ac, pr, ui uint8, changed bool) float64 {
	weight := weightPR[pr]
	if changed {
		weight = weightPRC[pr]
	}
	return 8.22 * weightAV[av] * weightAC[ac] * weight * weightUI[ui]
}

// roundup is the smallest number with one decimal that is not less than x, counted on integers so that the noise of
// floating-point numbers adds no tenth. CVSS 3.1, appendix A.
func roundup(x float64) tenths {
	n := int(math.Round(x * 100_000))
	return tenths((n + 9_999) / 10_000)
}

// power is x to the n-th. math.Pow, which serves any exponent, takes longer than all the rest of a score.
func power(x float64, n int) float64 {
	y := 1.0
	for ; n > 0; n >>= 1 {
		if n&1 != 0 {
			y *= x
		}
		x *= x
	}
	return y
}
