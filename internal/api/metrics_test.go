package api_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// The measures come with their definitions, and the cases behind one figure when they are asked for.
func TestMeasuresComeWithTheirDefinitionAndTheirCases(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	got, err := asJuno(t, p, "").Report(t.Context(), "juno", overflow, "")
	if err != nil {
		t.Fatal(err)
	}
	jake := asJuno(t, p, p.Token("juno", "jake"))
	all, err := jake.Metrics(t.Context(), "juno", api.MetricsQuery{From: "2026-03-01", To: "2026-04-01", Cases: "volume/by-security"})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all.Metrics, func(m api.Metric) bool { return m.Name == "volume" })
	if i < 0 || all.Metrics[i].Doc == "" || len(all.Metrics[i].Spread) != 1 || !slices.Equal(all.Metrics[i].Spread[0].Cases, []cvd.CaseID{got.Case}) {
		t.Errorf("the volume is %+v, want one security report, %s", all.Metrics[max(i, 0)], got.Case)
	}
	if all.Metrics[0].Name != "response" || all.Metrics[0].Figures[0].Value != nil || len(all.Metrics[0].Figures[0].Cases) > 0 {
		t.Errorf("nobody answered, and the response is %+v", all.Metrics[0].Figures)
	}
	if all, err = jake.Metrics(t.Context(), "juno", api.MetricsQuery{To: "2026-03-01"}); err != nil || len(all.Metrics[0].Figures) > 0 {
		t.Errorf("of no cases there are the figures %+v, %v", all.Metrics[0].Figures, err)
	}
	for name, q := range map[string]api.MetricsQuery{"no day": {From: "spring"}, "no figure": {Cases: "volume/quokka"}, "backwards": {From: "2026-04-01", To: "2026-03-01"}} {
		if _, err := jake.Metrics(t.Context(), "juno", q); !errors.Is(err, cvd.Invalid) {
			t.Errorf("%s: got %v, want it named as invalid", name, err)
		}
	}
	for name, token := range map[string]string{"a stranger": "", "a reporter": got.Code} {
		if _, err := (&api.Client{Server: p.URL, Token: token}).Metrics(t.Context(), "juno", api.MetricsQuery{}); err == nil {
			t.Errorf("%s reads the measures", name)
		}
	}
}
