package policies_test

import (
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// The figures are those of Regulation (EU) 2024/2847, Article 14: https://eur-lex.europa.eu/eli/reg/2024/2847/oj/eng.
var craDates = course{
	at: "2026-10-19 09:00", // a Monday
	set: map[string]string{
		"awareness":                   "2026-10-23 20:00", // Friday evening, before the clocks go back in Europe
		"measure_available":           "2026-11-02 09:00",
		"severe_incident":             "2027-01-29 10:00", // Friday
		"filed_incident_notification": "2027-01-31 09:00", // Sunday
	},
	want: []string{
		"deadline clocks.cra_early_warning 2026-10-24 20:00",         // 14(2)(a): 24 hours, on a Saturday
		"escalation clocks.cra_early_warning 2026-10-24 08:00",       // half of it
		"warning clocks.cra_early_warning 2026-10-24 14:00",          // six hours before
		"deadline clocks.cra_notification 2026-10-26 20:00",          // 14(2)(b): 72 hours, over the change to winter time
		"target clocks.cra_users 2026-10-26 20:00",                   // 14(8)
		"deadline clocks.cra_final 2026-11-16 09:00",                 // 14(2)(c): 14 days after the measure, not after the awareness
		"deadline clocks.cra_incident_warning 2027-01-30 10:00",      // 14(4)(a): 24 hours
		"deadline clocks.cra_incident_notification 2027-02-01 10:00", // 14(4)(b): 72 hours
		"deadline clocks.cra_incident_final 2027-02-28 09:00",        // 14(4)(c): a month after the notification; February ends on the 28th
	},
}

// Laid over any process the law's times are the same, whatever working days it has, and nothing of the process is lost.
func TestCRALiesOverEveryDocument(t *testing.T) {
	for file, bare := range allThatRun(t) {
		t.Run(strings.TrimSuffix(file, ".yaml"), func(t *testing.T) {
			p := document(t, file, "eu-cra")
			x := craDates
			x.name = "its dates"
			if classes := p.Document.Severity.Classes; p.Document.Severity.Scheme != "none" {
				x.class = classes[0].Name
			}
			follow(t, p, []course{x})

			before := open(bare)
			for finding := range open(p) {
				if !before[finding] {
					t.Errorf("under the law the linter finds: %s", finding)
				}
			}
			for _, clause := range []string{"contacts", "silence", "severity", "tracks", "clocks.response", "disclosure"} {
				if bare.Has(clause) != p.Has(clause) {
					t.Errorf("%s: in the document %v, under the law %v", clause, bare.Has(clause), p.Has(clause))
				}
			}
		})
	}
}

// open are the findings of the linter that ask for something, by code and clause.
func open(p *policy.Policy) map[string]bool {
	found := map[string]bool{}
	for _, f := range policy.Lint(p) {
		if f.Open() {
			found[f.Code+" "+f.Clause] = true
		}
	}
	return found
}

// By itself the overlay is read and has nothing that asks for mending, and it is no policy that could be in force.
func TestCRAByItself(t *testing.T) {
	p := document(t, "eu-cra.yaml")
	if found := open(p); len(found) > 0 {
		t.Errorf("the linter finds %v", found)
	}
	if _, err := p.Simulate(policy.Scenario{At: on("2026-10-19 09:00")}); cvd.KindOf(err) != cvd.Invalid {
		t.Errorf("an overlay has a course of its own: %v", err)
	}
	// Each report of the law has its clock: its kind, who answers for it, and that every hour counts.
	want := map[string]string{"14(2)(a)": "early_warning", "14(2)(b)": "notification", "14(2)(c)": "final",
		"14(4)(a)": "early_warning", "14(4)(b)": "notification", "14(4)(c)": "final", "14(8)": "users"}
	for _, c := range p.Document.Clocks {
		if c.Law == "" {
			continue
		}
		paragraph := strings.Fields(c.Law)[1]
		if want[paragraph] != c.Report || c.Calendar != "elapsed" || c.Owner != "liaison" {
			t.Errorf("%s: %s is the report %q, counts %q, and %q answers for it", c.Name, c.Law, c.Report, c.Calendar, c.Owner)
		}
		delete(want, paragraph)
	}
	if len(want) > 0 {
		t.Errorf("no clock for %v", want)
	}
}

// A case of which the manufacturer became aware that it is exploited is not closed before the final report is filed.
func TestCRAHoldsACaseOpenUntilItsReportsAreFiled(t *testing.T) {
	w := &walk{T: t, p: document(t, "juno.yaml", "eu-cra"), roster: 4}
	jake, lea := w.person("jake", "core"), w.person("lea", "liaison")
	w.does(cvd.Nobody("p"), "2026-10-19 09:00", report("Overflow"))
	w.does(jake, "2026-10-19 10:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	date := func(event, at string) { w.does(lea, at, cvd.What{Dated: &cvd.Dated{Event: event, On: on(at)}}) }
	date("awareness", "2026-10-23 20:00")
	w.clock("cra_early_warning.limit", "2026-10-24 20:00")
	w.clock("cra_notification.limit", "2026-10-26 20:00")
	date("filed_early_warning", "2026-10-24 19:00")
	if k := w.clock("cra_early_warning.limit", "2026-10-24 20:00"); k.Open() || k.Late(on("2026-11-01 00:00")) {
		t.Errorf("the early warning was filed in time, and its clock says %+v", k)
	}
	date("filed_notification", "2026-10-27 09:00") // Monday night was its end
	if k := w.clock("cra_notification.limit", "2026-10-26 20:00"); !k.Late(on("2026-10-27 09:00")) {
		t.Error("the notification was filed too late, and nothing says so")
	}
	ended := cvd.What{Ended: &cvd.Ended{Outcome: "fixed"}}
	for _, clause := range []string{"steps.close.requires.cra_filed", "steps.close.requires.cra_told"} {
		w.objects(jake, "2026-10-28 09:00", ended, clause)
	}
	date("measure_available", "2026-11-02 09:00")
	w.clock("cra_final.limit", "2026-11-16 09:00")
	date("users_informed", "2026-11-02 10:00")
	date("filed_final", "2026-11-10 09:00")
	for _, o := range w.weigh(jake, "2026-11-11 09:00", ended) {
		if strings.HasPrefix(o.Clause, "steps.close.requires.cra") {
			t.Errorf("all reports are filed, and still: %s", o.Says)
		}
	}
}
