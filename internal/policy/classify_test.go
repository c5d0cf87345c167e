package policy

import (
	"errors"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

func TestClassesByEachPrecedence(t *testing.T) {
	for _, row := range []struct {
		precedence, category string
		score                float64
		want                 string
	}{
		{"max", "sinking", 2.0, "high"}, {"max", "rust", 9.0, "high"}, {"", "sinking", 2.0, "high"},
		{"score", "sinking", 2.0, "low"}, {"category", "rust", 9.0, "low"},
	} {
		p := sample(t)
		p.Document.Severity.Precedence = row.precedence
		d := cvd.Triaged{Sensitive: new(false), Category: row.category}
		if err := p.Classify(cvd.Case{}, &d, row.score, true); err != nil || d.Class != row.want {
			t.Errorf("%q, %s at %.1f: %q, %v; want %s", row.precedence, row.category, row.score, d.Class, err, row.want)
		}
	}
}

func TestWhatTriageIsRefusedFor(t *testing.T) {
	p := sample(t)
	for name, row := range map[string]struct {
		d      cvd.Triaged
		score  float64
		scored bool
		field  string // "" where it passes
	}{
		"a score in a gap of the bands":             {cvd.Triaged{}, 6.5, true, "/vector"},
		"the same, stated":                          {cvd.Triaged{Class: "high"}, 6.5, true, "/because"},
		"the same, stated with a reason":            {cvd.Triaged{Class: "high", Because: "near enough"}, 6.5, true, ""},
		"nothing at all":                            {cvd.Triaged{}, 0, false, "/class"},
		"a banded class that rests on nothing":      {cvd.Triaged{Class: "high"}, 0, false, "/because"},
		"a class without a band needs no score":     {cvd.Triaged{Class: "none"}, 0, false, ""},
		"a vector of a system that is not named":    {cvd.Triaged{Vector: "CVSS:4.0/AV:N"}, 9, true, "/vector"},
		"a track of nobody":                         {cvd.Triaged{Class: "none", Track: "ajar"}, 0, false, "/track"},
		"a track whose criteria are not met":        {cvd.Triaged{Class: "none", Track: "shut"}, 0, false, "/because"},
		"the same with a reason":                    {cvd.Triaged{Class: "none", Track: "shut", Because: "a court asked"}, 0, false, ""},
		"a kind that is no case":                    {cvd.Triaged{Class: "none", Kind: "idea"}, 0, false, "/kind"},
		"rounded to the decimal that scores have":   {cvd.Triaged{}, 6.96, true, ""},
		"zero without a band is the unbanded class": {cvd.Triaged{Class: "none"}, 0, true, ""},
	} {
		row.d.Sensitive = new(false)
		err := p.Classify(cvd.Case{}, &row.d, row.score, row.scored)
		field := ""
		if e, ok := errors.AsType[*cvd.Error](err); ok {
			field = e.Field
		}
		if field != row.field || (err == nil) != (row.field == "") {
			t.Errorf("%s: got %v at %q, want it at %q", name, err, field, row.field)
		}
	}
}

func TestAVectorIsOfTheSystemThatItNames(t *testing.T) {
	const v2, v30, v31 = "AV:N/AC:L/Au:N/C:C/I:C/A:C", "CVSS:3.0/AV:N", "CVSS:3.1/AV:N"
	for system, accepted := range map[string]string{"CVSS:2.0": v2, "CVSS:3.0": v30, "CVSS:3.1": v31} {
		p := sample(t)
		p.Document.Severity.Systems = []string{system}
		for _, vector := range []string{v2, v30, v31} {
			d := cvd.Triaged{Sensitive: new(false), Vector: vector}
			if err := p.Classify(cvd.Case{}, &d, 9, true); (err == nil) != (vector == accepted) {
				t.Errorf("a policy that takes %s says of %s: %v", system, vector, err)
			}
		}
	}
}

func TestACaseIsSeenOnlyWhenItsTrackIsPublicAndNothingIsSensitive(t *testing.T) {
	p := sample(t)
	for name, row := range map[string]struct {
		c         cvd.Case
		track     string
		sensitive bool
		public    bool
	}{
		"not sensitive":                      {cvd.Case{}, "", false, true},
		"sensitive":                          {cvd.Case{}, "", true, false},
		"sensitive on a public track":        {cvd.Case{}, "open", true, false},
		"not sensitive, kept shut":           {cvd.Case{}, "shut", false, false},
		"sensitive, but the advisory is out": {cvd.Case{Disclosure: cvd.Disclosure{At: on("2026-03-01 00:00")}}, "", true, true},
	} {
		d := cvd.Triaged{Class: "none", Sensitive: &row.sensitive, Track: row.track, Because: "so it is"}
		if err := p.Classify(row.c, &d, 0, false); err != nil || d.Public != row.public {
			t.Errorf("%s: public %v, %v", name, d.Public, err)
		}
	}
}
