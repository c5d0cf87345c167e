package severity_test

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/internal/severity"
)

// The equations of CVSS 2.0 (3.2) and 3.0 (8), written down once more as fractions: nothing is lost, so a tie is a tie. This
// is the judge of both versions, since the implementations by others are not: they stumble over floating-point numbers.

// ratio reads a decimal exactly.
func ratio(decimal string) *big.Rat {
	r, ok := new(big.Rat).SetString(decimal)
	if !ok {
		panic(decimal)
	}
	return r
}

func times(all ...*big.Rat) *big.Rat {
	product := big.NewRat(1, 1)
	for _, r := range all {
		product.Mul(product, r)
	}
	return product
}

func plus(a, b *big.Rat) *big.Rat  { return new(big.Rat).Add(a, b) }
func minus(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }

func smaller(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) < 0 {
		return a
	}
	return b
}

func raised(r *big.Rat, n int) *big.Rat { return times(slices.Repeat([]*big.Rat{r}, n)...) }

// floor10 is the largest number of tenths that is not above r.
func floor10(r *big.Rat) *big.Int {
	scaled := times(r, ratio("10"))
	return new(big.Int).Div(scaled.Num(), scaled.Denom()) // Euclidean: downwards for a positive denominator
}

// nearest rounds to one decimal, a half upwards, and never below 0.
func nearest(r *big.Rat) *big.Rat {
	if r.Sign() < 0 {
		return ratio("0")
	}
	return big.NewRat(floor10(plus(r, ratio("0.05"))).Int64(), 10)
}

// upwards is the smallest number with one decimal that is not below r.
func upwards(r *big.Rat) *big.Rat {
	down := big.NewRat(floor10(r).Int64(), 10)
	if down.Cmp(r) == 0 {
		return down
	}
	return plus(down, ratio("0.1"))
}

// weights are the numbers of a specification's table of values: "AV:N=0.85,A=0.62".
func weights(table string) map[string]*big.Rat {
	all := map[string]*big.Rat{}
	for _, metric := range strings.Fields(table) {
		name, values, _ := strings.Cut(metric, ":")
		for value := range strings.SplitSeq(values, ",") {
			word, number, _ := strings.Cut(value, "=")
			all[name+":"+word] = ratio(number)
		}
	}
	return all
}

var (
	weights2 = weights("AV:L=0.395,A=0.646,N=1 AC:H=0.35,M=0.61,L=0.71 Au:M=0.45,S=0.56,N=0.704 " +
		"C:N=0,P=0.275,C=0.66 I:N=0,P=0.275,C=0.66 A:N=0,P=0.275,C=0.66 " +
		"E:U=0.85,POC=0.9,F=0.95,H=1,ND=1 RL:OF=0.87,TF=0.9,W=0.95,U=1,ND=1 RC:UC=0.9,UR=0.95,C=1,ND=1 " +
		"CDP:N=0,L=0.1,LM=0.3,MH=0.4,H=0.5,ND=0 TD:N=0,L=0.25,M=0.75,H=1,ND=1 " +
		"CR:L=0.5,M=1,H=1.51,ND=1 IR:L=0.5,M=1,H=1.51,ND=1 AR:L=0.5,M=1,H=1.51,ND=1")
	weights3 = weights("AV:N=0.85,A=0.62,L=0.55,P=0.2 AC:L=0.77,H=0.44 PR:N=0.85,L=0.62,H=0.27 changed:N=0.85,L=0.68,H=0.5 " +
		"UI:N=0.85,R=0.62 C:H=0.56,L=0.22,N=0 I:H=0.56,L=0.22,N=0 A:H=0.56,L=0.22,N=0 " +
		"E:X=1,H=1,F=0.97,P=0.94,U=0.91 RL:X=1,U=1,W=0.97,T=0.96,O=0.95 RC:X=1,C=1,R=0.96,U=0.92 " +
		"CR:X=1,H=1.5,M=1,L=0.5 IR:X=1,H=1.5,M=1,L=0.5 AR:X=1,H=1.5,M=1,L=0.5")
)

// said are the metrics that a vector gives.
func said(vector string) map[string]string {
	all := map[string]string{}
	for item := range strings.SplitSeq(vector, "/") {
		name, value, _ := strings.Cut(item, ":")
		all[name] = value
	}
	return all
}

// exact2 is the score of a vector of 2.0 by its guide.
func exact2(vector string) (value, base *big.Rat) {
	v := said(vector)
	w := func(name string) *big.Rat {
		value, ok := v[name]
		if !ok {
			value = "ND"
		}
		return weights2[name+":"+value]
	}
	unharmed := func(impact, requirement *big.Rat) *big.Rat { return minus(ratio("1"), times(impact, requirement)) }
	impact := func(cr, ir, ar *big.Rat) *big.Rat {
		return times(ratio("10.41"), minus(ratio("1"), times(unharmed(w("C"), cr), unharmed(w("I"), ir), unharmed(w("A"), ar))))
	}
	exploitability := times(ratio("20"), w("AC"), w("Au"), w("AV"))
	total := func(impact *big.Rat) *big.Rat {
		if impact.Sign() == 0 {
			return ratio("0")
		}
		sum := plus(times(ratio("0.6"), impact), times(ratio("0.4"), exploitability))
		return nearest(times(minus(sum, ratio("1.5")), ratio("1.176")))
	}
	temporal := func(score *big.Rat) *big.Rat { return nearest(times(score, w("E"), w("RL"), w("RC"))) }
	one := ratio("1")
	base = total(impact(one, one, one))
	value = base
	switch {
	case given(v, "ND", "CDP", "TD", "CR", "IR", "AR"):
		adjusted := temporal(total(smaller(ratio("10"), impact(w("CR"), w("IR"), w("AR")))))
		value = nearest(times(plus(adjusted, times(minus(ratio("10"), adjusted), w("CDP"))), w("TD")))
	case given(v, "ND", "E", "RL", "RC"):
		value = temporal(base)
	}
	return value, base
}

func given(v map[string]string, undefined string, metrics ...string) bool {
	return slices.ContainsFunc(metrics, func(name string) bool { return v[name] != "" && v[name] != undefined })
}

// exact30 is the score of a vector of 3.0 by its specification.
func exact30(vector string) (value, base *big.Rat) {
	v := said(vector)
	base = total30(v, ratio("1"), ratio("1"), ratio("1"))
	temporal := func(score *big.Rat) *big.Rat {
		for _, name := range []string{"E", "RL", "RC"} {
			if word, ok := v[name]; ok {
				score = times(score, weights3[name+":"+word])
			}
		}
		return upwards(score)
	}
	value = base
	switch {
	case given(v, "X", "CR", "IR", "AR", "MAV", "MAC", "MPR", "MUI", "MS", "MC", "MI", "MA"):
		modified := maps.Clone(v)
		for name, word := range v {
			if original, ok := strings.CutPrefix(name, "M"); ok && word != "X" {
				modified[original] = word
			}
		}
		require := func(name string) *big.Rat {
			if word, ok := v[name]; ok {
				return weights3[name+":"+word]
			}
			return ratio("1")
		}
		value = temporal(total30(modified, require("CR"), require("IR"), require("AR")))
	case given(v, "X", "E", "RL", "RC"):
		value = temporal(base)
	}
	return value, base
}

var (
	impacts30   = map[string]*big.Rat{} // by what they are made of: the powers take long
	one, most30 = ratio("1"), ratio("0.915")
)

// total30 is the base equation; with requirements that are not 1, the modified one, which differs by its ceiling alone.
func total30(v map[string]string, cr, ir, ar *big.Rat) *big.Rat {
	key := fmt.Sprint(v["S"], v["C"], v["I"], v["A"], cr, ir, ar)
	impact := impacts30[key]
	if impact == nil {
		unharmed := times(minus(one, times(weights3["C:"+v["C"]], cr)), minus(one, times(weights3["I:"+v["I"]], ir)),
			minus(one, times(weights3["A:"+v["A"]], ar)))
		iss := smaller(minus(one, unharmed), most30)
		impact = times(ratio("6.42"), iss)
		if v["S"] == "C" {
			impact = minus(times(ratio("7.52"), minus(iss, ratio("0.029"))), times(ratio("3.25"), raised(minus(iss, ratio("0.02")), 15)))
		}
		impacts30[key] = impact
	}
	if impact.Sign() <= 0 {
		return ratio("0")
	}
	privileges, factor := "PR:", one
	if v["S"] == "C" {
		privileges, factor = "changed:", ratio("1.08")
	}
	exploitability := times(ratio("8.22"), weights3["AV:"+v["AV"]], weights3["AC:"+v["AC"]], weights3[privileges+v["PR"]], weights3["UI:"+v["UI"]])
	return upwards(smaller(times(factor, plus(impact, exploitability)), ratio("10")))
}

// Every base vector of 2.0 and 3.0 there is, and 5,000 of each with other metrics, have the score that the equations give
// when nothing is lost.
func TestScoresOfOlderVersionsAreExact(t *testing.T) {
	for name, exact := range map[string]func(string) (value, base *big.Rat){"CVSS:2.0": exact2, "CVSS:3.0": exact30} {
		s := systems[name]
		for _, vector := range append(s.everyBase(), s.random(5_000)...) {
			compareExact(t, vector, exact)
		}
	}
}

// Every environment of 2.0 that changes the impact, for every way in: the only scores of 2.0 that are not made of tenths, and
// the only ones whose equation can be negative.
func TestEveryAdjustedImpactIsExact(t *testing.T) {
	for _, base := range systems["CVSS:2.0"].everyBase() {
		for _, environment := range (system{base: "CDP:ND,LM TD:ND CR:H,M,L IR:H,M,L AR:H,M,L"}).everyBase() {
			compareExact(t, base+"/"+environment, exact2)
		}
	}
}

// Every tenth through every combination of the temporal metrics and of the first environmental ones: there are the ties.
func TestEveryTieIsRoundedUp(t *testing.T) {
	bases := map[string]string{} // one vector for each score
	for _, base := range systems["CVSS:2.0"].everyBase() {
		score, _ := exact2(base)
		bases[score.RatString()] = base
	}
	for _, base := range bases {
		for _, temporal := range (system{base: "E:H,F,POC,U RL:U,W,TF,OF RC:C,UR,UC"}).everyBase() {
			compareExact(t, base+"/"+temporal, exact2)
			compareExact(t, base+"/"+temporal+"/CDP:LM/TD:M", exact2)
			compareExact(t, base+"/"+temporal+"/CDP:L/TD:L", exact2)
		}
	}
}

func compareExact(t *testing.T, vector string, exact func(string) (value, base *big.Rat)) {
	t.Helper()
	value, base := exact(strings.TrimPrefix(vector, "CVSS:3.0/"))
	got, err := severity.Parse(vector)
	if err != nil || fmt.Sprintf("%.1f", got.Value) != value.FloatString(1) || fmt.Sprintf("%.1f", got.Base) != base.FloatString(1) {
		t.Errorf("%s: got %.1f, base %.1f, %v; want %s, base %s", vector, got.Value, got.Base, err, value.FloatString(1), base.FloatString(1))
	}
}

// The two versions differ: what changed from 3.0 to 3.1 is how a score is rounded and how a changed scope is modified.
func TestCVSS30IsNotScoredAsCVSS31(t *testing.T) {
	s, differ := systems["CVSS:3.0"], 0
	for _, vector := range s.random(5_000) {
		older, err := severity.Parse(vector)
		if err != nil {
			t.Fatal(err)
		}
		newer, err := severity.Parse(strings.Replace(vector, "3.0", "3.1", 1))
		if err != nil {
			t.Fatal(err)
		}
		if older.Base != newer.Base {
			t.Errorf("%s: got the base score %v, in 3.1 %v", vector, older.Base, newer.Base)
		}
		if older.Value != newer.Value {
			differ++
		}
	}
	if differ == 0 {
		t.Error("no environment is scored otherwise than in 3.1")
	}
}
