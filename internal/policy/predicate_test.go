package policy

import (
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

func TestPredicatesSayWhatTheyKnow(t *testing.T) {
	s := told(t)
	s.then("2026-03-02 12:00", "ann", cvd.What{Triaged: &cvd.Triaged{Class: "low", Track: "shut", Category: "rust", Score: 2.5, Scored: true,
		Sensitive: new(true), Impact: "wet feet"}})
	s.then("2026-03-03 12:00", "ann", cvd.What{Observed: &cvd.Observed{Fact: "attacks"}})
	s.then("2026-03-03 13:00", "ann", cvd.What{Dated: &cvd.Dated{Event: "next_release", On: on("2026-04-01 00:00")}})
	f := s.p.factsOf(s.c, on("2026-03-04 00:00"))
	for text, want := range map[string]bool{
		`class == "low" && at_least("low") && !at_least("high")`:        true,
		`scored && score > 2.4 && score < 2.6`:                          true,
		`category in ["sinking", "rust"]`:                               true,
		`sensitive && decided && track == "shut" && kind == "hole"`:     true,
		`attacks && emergency && !public && !exploit_public`:            true,
		`impact != "" && priority == ""`:                                true,
		`reports == 1 && !fix_ready && !disclosed`:                      true,
		`marked("triaged") && marked("attacks") && !marked("released")`: true,
		`marked("next_release")`:                                        false, // it is dated, and has not come
		`notice == "horn"`:                                              false,
	} {
		if err := s.p.compile(text); err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := s.p.holds(text, &f, !want); got != want {
			t.Errorf("%s is %v, want %v", text, got, want)
		}
	}
}

func TestAPredicateThatCannotBeIsNamed(t *testing.T) {
	p := sample(t)
	for text, says := range map[string]string{
		`colour == "red"`:                      "the names are class, score, scored, category",
		`class == "severe"`:                    `class is never "severe" here; it may be high, low, none`,
		`"severe" == class`:                    `class is never "severe"`,
		`category in ["rust", "moss"]`:         `category is never "moss"`,
		`at_least("severe")`:                   `at_least is never "severe"`,
		`marked("sunk")`:                       `marked is never "sunk"`,
		`track != "secret"`:                    `track is never "secret"`,
		`score`:                                "expected bool",
		`class ==`:                             "this is no predicate",
		`at_least(hihg)`:                       "may call at_least and marked only, with a word in quotes",
		`class == "high" && marked(kind)`:      "with a word in quotes",
		`at_least == marked`:                   "with a word in quotes",
		`all(1..100000, # > 0)`:                "this is no predicate",
		`len(class) > 1`:                       "this is no predicate",
		strings.Repeat("true && ", 100):        "at most 500 characters",
		strings.Repeat("!", 300) + "sensitive": "this is no predicate",
	} {
		if err := p.compile(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.40s: got %v, want %q", text, err, says)
		}
	}
}

func TestWhatCannotBeWorkedOutIsAnsweredWithCaution(t *testing.T) {
	p := sample(t)
	w := weighing{Ask: &Ask{Case: cvd.Case{}}, policy: p}
	if !w.applies(&Requirement{When: "never compiled"}) || !w.applies(&Requirement{Unless: "never compiled"}) {
		t.Error("a requirement whose condition cannot be worked out is asked for")
	}
	if missing, _ := w.missing(&Requirement{Expr: "never compiled"}); missing == "" {
		t.Error("a requirement that cannot be worked out is not met")
	}
}
