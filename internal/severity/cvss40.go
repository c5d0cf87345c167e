package severity

var cvss40 = System{
	Name:   "CVSS:4.0",
	Doc:    "Common Vulnerability Scoring System 4.0 (FIRST, 2023): base, threat, environmental and supplemental metrics, in this order.",
	Prefix: "CVSS:4.0/",
	Parse:  parse40,
}

// The metrics of CVSS 4.0 as numbers of choices, in the order of metrics40.
const (
	av40 = iota
	ac40
	at40
	pr40
	ui40
	vc40
	vi40
	va40
	sc40
	si40
	sa40
	e40
	cr40
	ir40
	ar40
	mav40
	mac40
	mat40
	mpr40
	mui40
	mvc40
	mvi40
	mva40
	msc40
	msi40
	msa40
	s40
	au40
	r40
	v40
	re40
	u40

	threat40        = e40
	environmental40 = cr40
	supplemental40  = s40
)

// CVSS 4.0, table 23. The values of what counts for the score stand from the worst to the mildest, and those of a
// modified metric in the order of its base metric; S (safety), worse than any value of SI and SA, is MSI's and MSA's first.
var metrics40 = grammar{
	name:      "CVSS:4.0",
	prefix:    "CVSS:4.0/",
	undefined: "X",
	base:      threat40,
	ordered:   true,
	metrics: []metric{
		av40:  {"AV", "Attack Vector", []string{"N", "A", "L", "P"}},
		ac40:  {"AC", "Attack Complexity", []string{"L", "H"}},
		at40:  {"AT", "Attack Requirements", []string{"N", "P"}},
		pr40:  {"PR", "Privileges Required", []string{"N", "L", "H"}},
		ui40:  {"UI", "User Interaction", []string{"N", "P", "A"}},
		vc40:  {"VC", "Vulnerable System Confidentiality", []string{"H", "L", "N"}},
		vi40:  {"VI", "Vulnerable System Integrity", []string{"H", "L", "N"}},
		va40:  {"VA", "Vulnerable System Availability", []string{"H", "L", "N"}},
		sc40:  {"SC", "Subsequent System Confidentiality", []string{"H", "L", "N"}},
		si40:  {"SI", "Subsequent System Integrity", []string{"H", "L", "N"}},
		sa40:  {"SA", "Subsequent System Availability", []string{"H", "L", "N"}},
		e40:   {"E", "Exploit Maturity", []string{"A", "P", "U"}},
		cr40:  {"CR", "Confidentiality Requirement", []string{"H", "M", "L"}},
		ir40:  {"IR", "Integrity Requirement", []string{"H", "M", "L"}},
		ar40:  {"AR", "Availability Requirement", []string{"H", "M", "L"}},
		mav40: {"MAV", "Modified Attack Vector", []string{"N", "A", "L", "P"}},
		mac40: {"MAC", "Modified Attack Complexity", []string{"L", "H"}},
		mat40: {"MAT", "Modified Attack Requirements", []string{"N", "P"}},
		mpr40: {"MPR", "Modified Privileges Required", []string{"N", "L", "H"}},
		mui40: {"MUI", "Modified User Interaction", []string{"N", "P", "A"}},
		mvc40: {"MVC", "Modified Vulnerable System Confidentiality", []string{"H", "L", "N"}},
		mvi40: {"MVI", "Modified Vulnerable System Integrity", []string{"H", "L", "N"}},
		mva40: {"MVA", "Modified Vulnerable System Availability", []string{"H", "L", "N"}},
		msc40: {"MSC", "Modified Subsequent System Confidentiality", []string{"H", "L", "N"}},
		msi40: {"MSI", "Modified Subsequent System Integrity", []string{"S", "H", "L", "N"}},
		msa40: {"MSA", "Modified Subsequent System Availability", []string{"S", "H", "L", "N"}},
		s40:   {"S", "Safety", []string{"N", "P"}},
		au40:  {"AU", "Automatable", []string{"N", "Y"}},
		r40:   {"R", "Recovery", []string{"A", "U", "I"}},
		v40:   {"V", "Value Density", []string{"D", "C"}},
		re40:  {"RE", "Vulnerability Response Effort", []string{"L", "M", "H"}},
		u40:   {"U", "Provider Urgency", []string{"Clear", "Green", "Amber", "Red"}},
	},
}

// parse40 scores with every metric that is given; what is not defined counts as its worst value.
func parse40(vector string) (Score, error) {
	c, canonical, err := metrics40.read(vector)
	if err != nil {
		return Score{}, err
	}
	value := c.score40()
	base, nomenclature := value, "CVSS-B"
	if threat, environmental := c[e40] != 0, c.defined(environmental40, supplemental40); threat || environmental {
		nomenclature = nomenclature40(threat, environmental)
		clear(c[threat40:])
		base = c.score40()
	}
	return Score{
		Vector:       canonical,
		System:       metrics40.name,
		Nomenclature: nomenclature,
		Value:        value.value(),
		Base:         base.value(),
		Rating:       value.rating(),
	}, nil
}

// nomenclature40 says which groups of metrics made the number. CVSS 4.0, 1.3.
func nomenclature40(threat, environmental bool) string {
	switch {
	case threat && environmental:
		return "CVSS-BTE"
	case threat:
		return "CVSS-BT"
	}
	return "CVSS-BE"
}

// levels is a MacroVector: a level, from 0, the most severe, in each of the five sets of metrics that do not depend on
// each other.
type levels [5]int

// The sets of metrics. The levels of EQ3 with EQ6 are 00, 01, 10, 11 and 21.
const (
	eq1 = iota
	eq2
	eq3eq6
	eq4
	eq5
)

// parts of a tenth are what falls are counted in: a multiple of every depth.
const parts = 840

// score40 interpolates between the score of the vector's MacroVector and those of the next lower ones. CVSS 4.0, 8.2.
//
// In each set, the vector falls towards the next lower MacroVector in proportion to its distance from the most severe
// vectors of its own; the mean of the falls comes off the score. All of it is counted on integers, in parts of a tenth,
// so that a tie is a tie and is rounded up, as FIRST's calculator does since it adds 0.000001 before it rounds.
func (c *choices) score40() tenths {
	if c.harmless40() {
		return 0
	}
	at, steps := c.levels40()
	score, falls, lower := at.score(), 0, 0
	for eq := range at {
		next, ok := at.below(eq)
		if !ok {
			continue
		}
		distance := steps[eq] - top40[eq][at[eq]]
		falls += (score - next) * distance * (parts / depth40[eq][at[eq]])
		lower++
	}
	if lower == 0 {
		return tenths(score)
	}
	whole := parts * lower
	return tenths((2*(score*whole-falls) + whole) / (2 * whole))
}

// harmless40 reports whether no system is affected, which scores zero whatever the MacroVector.
func (c *choices) harmless40() bool {
	const none = 3
	return c.modified(mvc40, vc40) == none && c.modified(mvi40, vi40) == none && c.modified(mva40, va40) == none &&
		c.modified(msc40, sc40) == none && c.subsequent40(msi40, si40) == none && c.subsequent40(msa40, sa40) == none
}

// levels40 returns the MacroVector and, for each set, the steps that its metrics stand below their worst values, added
// up. CVSS 4.0, tables 24 to 30.
func (c *choices) levels40() (at, steps levels) {
	av, pr, ui := c.step(mav40, av40), c.step(mpr40, pr40), c.step(mui40, ui40)
	steps[eq1] = av + pr + ui
	const physical = 3
	switch {
	case steps[eq1] == 0:
	case av == physical || av != 0 && pr != 0 && ui != 0:
		at[eq1] = 2
	default:
		at[eq1] = 1
	}

	steps[eq2] = c.step(mac40, ac40) + c.step(mat40, at40)
	at[eq2] = min(steps[eq2], 1)

	at[eq3eq6], steps[eq3eq6] = c.impact40()

	sc, si, sa := int(c.modified(msc40, sc40)), c.subsequent40(msi40, si40), c.subsequent40(msa40, sa40)
	steps[eq4] = sc + si + sa
	at[eq4] = min(sc, si, sa, 2) // 0 is safety, 1 high

	at[eq5] = c.step(e40, e40)
	steps[eq5] = at[eq5]
	return at, steps
}

// impact40 is the set of EQ3 with EQ6: the harm to the vulnerable system, and whether the harmed security matters.
func (c *choices) impact40() (level, steps int) {
	vc, vi, va := c.step(mvc40, vc40), c.step(mvi40, vi40), c.step(mva40, va40)
	cr, ir, ar := c.step(cr40, cr40), c.step(ir40, ir40), c.step(ar40, ar40)
	steps = vc + vi + va + cr + ir + ar
	switch {
	case vc == 0 && vi == 0:
		level = 0
	case vc == 0 || vi == 0 || va == 0:
		level = 2
	default:
		return 4, steps
	}
	if vc+cr != 0 && vi+ir != 0 && va+ar != 0 {
		level++ // EQ6: nothing is highly harmed where that matters highly
	}
	return level, steps
}

// step is how many values a metric, modified or not, stands below its worst one, which "not defined" counts as.
func (c *choices) step(modified, base int) int {
	return max(int(c.modified(modified, base)), 1) - 1
}

// subsequent40 is the value of SI or SA, modified or not: 0 is safety, which only the modified metrics have, 1 high, 2 low,
// 3 none.
func (c *choices) subsequent40(modified, base int) int {
	if c[modified] != 0 {
		return int(c[modified]) - 1
	}
	return int(c[base])
}

func (at levels) score() int {
	return int(macroScores[at[eq1]][at[eq2]][at[eq3eq6]][at[eq4]][at[eq5]])
}

// below is the score of the next lower MacroVector in one set; ok is false if there is none. Below 00 of EQ3 with EQ6 are
// both 10 and 01, of which the more severe counts; below either of them is 11.
func (at levels) below(eq int) (score int, ok bool) {
	if at[eq] == lowest40[eq] {
		return 0, false
	}
	at[eq]++
	if eq != eq3eq6 {
		return at.score(), true
	}
	switch at[eq] {
	case 1: // from 00 to 01
		other := at
		other[eq] = 2
		return max(at.score(), other.score()), true
	case 2: // from 01, but not to 10
		at[eq] = 3
	}
	return at.score(), true
}
