package severity

import "math"

var cvss30 = System{
	Name:   "CVSS:3.0",
	Doc:    "Common Vulnerability Scoring System 3.0 (FIRST, 2015): base, temporal and environmental metrics, in any order.",
	Prefix: "CVSS:3.0/",
	Parse:  parse30,
}

// Version 3.0 has the metrics, values and weights of 3.1.
var metrics30 = grammar{
	name:      "CVSS:3.0",
	prefix:    "CVSS:3.0/",
	undefined: "X",
	base:      temporal31,
	metrics:   metrics31.metrics,
}

// A changed scope has one equation in 3.0, modified or not. CVSS 3.0, 8.3.
var equations30 = equations3{
	grammar: &metrics30,
	roundup: roundup30,
	changed: func(miss float64) float64 { return 7.52*(miss-0.029) - 3.25*power(miss-0.02, 15) },
}

func parse30(vector string) (Score, error) { return equations30.score(vector) }

// roundup30 is the smallest number with one decimal that is not less than x. CVSS 3.0, 8, means the exact x, where 3.1
// looks at five decimals only. No exact score that is not itself a tenth lies within a billionth above one, and the noise of
// floating-point numbers is far smaller than that.
func roundup30(x float64) tenths {
	n := int(math.Round(x * 10_000_000_000))
	return tenths((n + 999_999_999) / 1_000_000_000)
}
