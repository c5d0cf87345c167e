package app_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// J-17: an alarm that nobody answers goes to the next channel and to the next people, and again, until the first answer. Each
// time is an event of its own, and each letter a job of its own with its receipt.
func TestTheAlarmRepeatsAndWidensUntilSomebodyAnswers(t *testing.T) {
	for engine, postgres := range map[string]bool{"SQLite": false, "PostgreSQL": true} {
		t.Run(engine, func(t *testing.T) {
			var mu sync.Mutex
			var sent []cvd.Letter
			p := apptest.New(t, apptest.Options{Postgres: postgres, Projects: []string{"juno"}, Post: func(l cvd.Letter) {
				mu.Lock()
				defer mu.Unlock()
				sent = append(sent, l)
			}})
			p.Play("juno", "critical", `rita reports {kind: critical_bug, title: "Quetzal halts the chain", description: "ocelot"}`)
			p.Settle()
			p.Wait(155 * time.Minute) // until 11:35
			p.Settle()
			p.Play("juno", "critical", `jake acknowledge {}`)
			p.Wait(12 * time.Hour)
			p.Settle()

			all := "alarm.alex sent, alarm.dimi sent, alarm.jacob sent, alarm.jake sent"
			want := []string{
				"09:00 received: " + all,
				"09:30 reminder: " + all,
				"09:30 rung-1: call.engineers sent",
				"10:00 rung-1: call.engineers sent",
				"10:00 rung-2: " + all,
				"10:30 rung-1: call.engineers sent",
				"11:00 rung-1: call.engineers sent",
				"11:00 rung-2: " + all,
				"11:00 rung-3: alarm.rosa sent",
				"11:30 rung-1: call.engineers sent",
				"11:35 acknowledged: ",
			}
			if diff := cmp.Diff(want, rung(t, p)); diff != "" {
				t.Errorf("who hears of the case, and when (-want +got):\n%s", diff)
			}
			mu.Lock()
			defer mu.Unlock()
			names := map[string]bool{}
			for _, l := range sent {
				if names[l.Job] {
					t.Errorf("two letters bear the name %s", l.Job)
				}
				names[l.Job] = true
				if text := strings.ToLower(l.Subject + l.Text); strings.Contains(text, "quetzal") || strings.Contains(text, "ocelot") {
					t.Errorf("the alarm says what it is about: %s", text)
				}
			}
			replay(t, p.App, "juno")
		})
	}
}

// rung are the events of the case, each with its letters and what became of them.
func rung(t *testing.T, p *apptest.Program) (all []string) {
	t.Helper()
	events, err := p.Store.Events(t.Context(), "juno", p.Journey.Cases["critical"])
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		what := e.What.Kind()
		if e.What.Breached != nil {
			what = string(e.What.Breached.Kind)
		}
		all = append(all, e.At.Format("15:04 ")+what+": "+sentFor(t, p, e))
	}
	return all
}

// sentFor are the letters of an event, each with its state.
func sentFor(t *testing.T, p *apptest.Program, e cvd.Event) string {
	t.Helper()
	letters, err := p.Store.Deliveries(t.Context(), e.Project, e.Case, e.ID)
	if err != nil {
		t.Fatal(err)
	}
	var to []string
	for _, d := range letters {
		to = append(to, strings.TrimPrefix(d.Job, string(e.ID)+".")+" "+string(d.State))
	}
	slices.Sort(to)
	return strings.Join(to, ", ")
}
