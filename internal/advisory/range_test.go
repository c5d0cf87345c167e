package advisory

import "testing"

func TestVersionsAsPeopleStateThem(t *testing.T) {
	for says, want := range map[string]string{
		">= 1.2.0, < 1.4.3":             "vers:semver/>=1.2.0|<1.4.3",
		">=1.2.0,<1.4.3":                "vers:semver/>=1.2.0|<1.4.3",
		"> v1.2, <= v1.4":               "vers:semver/>1.2|<=1.4",
		"< 1.4.3":                       "vers:semver/<1.4.3",
		">= 2.0.0-rc.1":                 "vers:semver/>=2.0.0-rc.1",
		"1.4.3":                         "vers:semver/1.4.3",
		"= 1.4.3":                       "vers:semver/1.4.3",
		"1.4.2, 1.4.3":                  "vers:semver/1.4.2|1.4.3",
		"1.4.x":                         "vers:semver/>=1.4|<1.5",
		"28.x":                          "vers:semver/>=28|<29",
		"< 1.0 || 2.x":                  "vers:semver/<1.0|>=2|<3",
		"1.x || >= 2.1":                 "vers:semver/>=1|<2|>=2.1",
		"1.0+a":                         "vers:generic/1.0%2Ba",
		"< 2024.01.15":                  "vers:generic/<2024.01.15",
		">= 2024.01.15, < 2024.03.02":   "vers:generic/>=2024.01.15|<2024.03.02",
		"":                              "",
		"all":                           "",
		"1.4.3 and earlier":             "",
		">= 1.4.3, < 1.2.0":             "", // an empty range
		"> 1, > 2":                      "",
		"< 1, > 2":                      "",
		"2.x || 1.x":                    "", // in no order
		">= 1 || < 3":                   "", // everything, or nothing
		"1.0 || < 3":                    "",
		"2024.01.15, 2024.03.02":        "", // nobody knows how these are ordered
		"1.x.2":                         "",
		"1.x, < 1.4":                    "",
		">= 1.2.0|<1.4.3":               "",
		"99999999999999999999.x":        "",
		">= 1.2.0, < 1.4.3, != 1.3.0":   "",
		">= 1.2.0, < 1.4.3 || 1.4.x ||": "",
	} {
		got := ""
		if bounds, ok := parseRange(says); ok {
			got = vers(bounds, "")
		}
		if got != want {
			t.Errorf("%q is %q, want %q", says, got, want)
		}
	}
}

func TestModulesOfGoAreVersionedWithAV(t *testing.T) {
	bounds, _ := parseRange(">= 1.2.0, < v1.4.3")
	for packageType, want := range map[string]string{"golang": "vers:golang/>=v1.2.0|<v1.4.3", "npm": "vers:npm/>=1.2.0|<1.4.3"} {
		if got := vers(bounds, packageType); got != want {
			t.Errorf("%s: %q, want %q", packageType, got, want)
		}
	}
}

func TestALineWithoutStatedVersionsIsItsSeries(t *testing.T) {
	for name, test := range map[string]struct {
		line Line
		want string
	}{
		"a number":              {Line{Name: "28", Status: "not_affected"}, "vers:semver/>=28|<29"},
		"a number with an x":    {Line{Name: "0.15.x", Status: "exempt"}, "vers:semver/>=0.15|<0.16"},
		"up to the fix":         {Line{Name: "0.15.x", Status: "fixed", Fixed: "0.15.7"}, "vers:semver/>=0.15|<0.15.7"},
		"stated versions":       {Line{Name: "28", Status: "fixed", Affected: "28.1.0", Fixed: "28.1.1"}, "vers:semver/28.1.0"},
		"a word":                {Line{Name: "stable", Status: "affected"}, ""},
		"a fix before its line": {Line{Name: "3", Status: "fixed", Fixed: "2.9"}, ""},
	} {
		got := ""
		if bounds, ok := test.line.bounds(); ok {
			got = vers(bounds, "")
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestWhetherAVersionLiesInARange(t *testing.T) {
	for _, test := range []struct {
		says, version string
		in, known     bool
	}{
		{">= 1.2.0, < 1.4.3", "1.4.3", false, true},
		{">= 1.2.0, < 1.4.3", "1.4.2", true, true},
		{">= 1.2.0, < 1.4.3", "1.2.0", true, true},
		{"> 1.2.0, <= 1.4.3", "1.2.0", false, true},
		{"> 1.2.0, <= 1.4.3", "1.4.3", true, true},
		{"< 1.0 || 2.x", "1.5", false, true},
		{"< 1.0 || 2.x", "2.0.1", true, true},
		{"< 1.0 || 2.x", "0.9", true, true},
		{">= 2", "3.0", true, true},
		{"1.0, 1.1", "1.1", true, true},
		{"1.0, 1.1", "1.2", false, true},
		{"< 1.0.0", "1.0.0-rc.1", true, true},
		{"< 2024.01.15", "2023.12.01", false, false},
	} {
		bounds, ok := parseRange(test.says)
		if !ok {
			t.Fatalf("%q is no range", test.says)
		}
		if in, known := holds(bounds, test.version); in != test.in || known != test.known {
			t.Errorf("%s in %q: %v, %v; want %v, %v", test.version, test.says, in, known, test.in, test.known)
		}
	}
}
