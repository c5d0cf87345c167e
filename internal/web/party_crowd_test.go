package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// partyCrowd is a case with many parties, each of whom has accepted, and said how far it is.
type partyCrowd struct {
	*apptest.Program
	t    testing.TB
	path string // of its page
	who  *http.Cookie
}

func newPartyCrowd(t testing.TB, postgres bool, n int) partyCrowd {
	t.Helper()
	c := partyCrowd{Program: apptest.New(t, apptest.Options{Postgres: postgres, Projects: []string{"juno"}}), t: t}
	var script strings.Builder
	script.WriteString(`rita reports {kind: security, title: "Quetzal in the counter", description: "A message is counted twice.", contact: {email: rita@example.org}}
jake validate {evidence: "Seen."}
jake triage {sensitive: true, impact: "Funds."}
jake prioritise {priority: at once, because: "Funds."}
jake embargo {until: 2026-04-01T12:00:00Z, terms: "Nothing outside of the case."}
`)
	for i := range n {
		fmt.Fprintf(&script, "dimi asks p%d {name: Validator %d, kind: validator, organisation: House %d, address: security@v%d.example, weights: {voting_power: %d}}\n", i, i, i, i, 1000+i)
		fmt.Fprintf(&script, "p%d joins\n", i)
		fmt.Fprintf(&script, "p%d standing {status: %s, line: \"28\"}\n", i, []string{"ready", "fix_in_progress", "affected", "investigating"}[i%4])
	}
	c.Play("juno", "crowd", script.String())
	c.path = "/desk/juno/cases/" + string(c.Journey.Cases["crowd"])
	passwords(t, c.Program)
	c.who = &http.Cookie{Name: "tipstaff", Value: sessionOf(t, c.Program, "juno", "jake")}
	return c
}

// shows asks for a page in the server, without a network in between, and says how long that took.
func (c partyCrowd) shows(page string) time.Duration {
	c.t.Helper()
	r := httptest.NewRequest(http.MethodGet, c.URL+c.path+page, nil)
	r.AddCookie(c.who)
	w := httptest.NewRecorder()
	began := time.Now()
	c.Handler.ServeHTTP(w, r)
	took := time.Since(began)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Validator 1") {
		c.t.Fatalf("%s: %d\n%.500s", page, w.Code, w.Body)
	}
	return took
}

// costs is how much a page allocates, in objects: the same on a busy machine, and more with each statement and each look at a party.
func (c partyCrowd) costs(page string) float64 {
	c.shows(page)
	return testing.AllocsPerRun(3, func() { c.shows(page) })
}

var crowdPages = []string{"", "/readiness"}

// eachEngine tells a story on both databases.
func eachEngine(t *testing.T, story func(t *testing.T, postgres bool)) {
	t.Run("sqlite", func(t *testing.T) { story(t, false) })
	t.Run("postgres", func(t *testing.T) {
		apptest.Need(t, "postgres")
		story(t, true)
	})
}

// The page and the board of a case with 150 parties cost as much for each party as those of a case with 50, and come before anybody
// waits.
func TestACaseOf150PartiesIsNoSlowerForEach(t *testing.T) {
	apptest.Long(t)
	eachEngine(t, func(t *testing.T, postgres bool) {
		few, many := newPartyCrowd(t, postgres, 50), newPartyCrowd(t, postgres, 150)
		for _, page := range crowdPages {
			few, many := few.costs(page), many.costs(page)
			t.Logf("the page %q allocates %.0f objects with 50 parties, %.0f with 150", page, few, many)
			if many > 3.3*few {
				t.Errorf("the page %q allocates %.0f objects with 150 parties, more than three times the %.0f with 50", page, many, few)
			}
		}
		for _, page := range crowdPages {
			least := time.Hour
			for range 20 {
				least = min(least, many.shows(page))
			}
			if least > 100*time.Millisecond {
				t.Errorf("the page %q takes %s at best with 150 parties, want less than 100 ms", page, least)
			}
		}
	})
}

// A list of 150 parties is taken in one request, and a second time it invites nobody.
func TestAListOf150PartiesIsInvitedAtOnce(t *testing.T) {
	apptest.Long(t)
	eachEngine(t, func(t *testing.T, postgres bool) {
		c := newPartyCrowd(t, postgres, 2)
		took, does := c.invite(150)
		t.Logf("150 invitations took %s", took)
		if again, twice := c.invite(150); len(does) != 1 || does["invited"] != 150 || len(twice) != 1 || twice["unchanged"] != 150 {
			t.Errorf("the list did %v, a second time %v in %s; want 150 invited, and unchanged", does, twice, again)
		}
		v, err := c.Casework.Case(context.Background(), c.Actor("juno", "jake"), c.Journey.Cases["crowd"])
		if err != nil || len(v.Parties) != 152 {
			t.Errorf("the case has %d parties, %v; want 152", len(v.Parties), err)
		}
	})
}

// TestAListNamesEachColumnOnce also where one name is another's: of two that say the same nobody knows which counts.
func TestAListNamesEachColumnOnce(t *testing.T) {
	for head, want := range map[string]string{
		"name,kind,Name":                                "line 1, column 3",
		"name,voting_power,weight:voting_power":         "line 1, column 3",
		"name,mail,matrix,mail":                         "line 1, column 4",
		"name,voting_power,weight:installations,matrix": "",
	} {
		_, err := casework.ReadParties(strings.NewReader(head + "\n"))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", head, err, want)
		}
	}
}

// invite takes a list of parties, and says how long that took and what it did.
func (c partyCrowd) invite(n int) (time.Duration, map[string]int) {
	c.t.Helper()
	text := "name,kind,address,voting_power\n"
	for i := range n {
		text += fmt.Sprintf("Listed %d,validator,listed@l%d.example,%d\n", i, i, 100+i)
	}
	list, err := casework.ReadParties(strings.NewReader(text))
	began := time.Now()
	if err == nil {
		list, err = c.Casework.ImportParties(context.Background(), c.Actor("juno", "jake"), c.Journey.Cases["crowd"], list, true, true)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	took, does := time.Since(began), map[string]int{}
	for _, x := range list {
		does[x.Does]++
	}
	return took, does
}

// BenchmarkACaseOf150Parties shows its page and its board on both databases, and says the median and the 99th percentile.
func BenchmarkACaseOf150Parties(b *testing.B) {
	for engine, postgres := range map[string]bool{"sqlite": false, "postgres": true} {
		b.Run(engine, func(b *testing.B) {
			c := newPartyCrowd(b, postgres, 150)
			for name, page := range map[string]string{"case": "", "readiness": "/readiness"} {
				b.Run(name, func(b *testing.B) {
					var all []time.Duration
					for b.Loop() {
						all = append(all, c.shows(page))
					}
					slices.Sort(all)
					b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "ms-median")
					b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "ms-p99")
				})
			}
			took, _ := c.invite(150)
			b.Logf("150 more are invited in %s", took)
		})
	}
}
