package policy

import (
	"slices"
	"testing"
)

func TestPeriodsEndWithTheCalendarOrCountFromTheBeginning(t *testing.T) {
	for name, row := range map[string]struct {
		every, began, now string
		want              []string
	}{
		"months":                {"1mo", "2026-01-20 10:00", "2026-03-31 23:59", []string{"2026-01-01 00:00", "2026-02-01 00:00"}},
		"the first instant":     {"1mo", "2026-01-20 10:00", "2026-02-01 00:00", []string{"2026-01-01 00:00"}},
		"just before it":        {"1mo", "2026-01-20 10:00", "2026-01-31 23:59", nil},
		"quarters":              {"3mo", "2025-11-05 00:00", "2026-07-02 00:00", []string{"2025-10-01 00:00", "2026-01-01 00:00", "2026-04-01 00:00"}},
		"years":                 {"12mo", "2024-02-29 00:00", "2026-01-01 00:00", []string{"2024-01-01 00:00", "2025-01-01 00:00"}},
		"weeks from the start":  {"2w", "2026-03-02 09:00", "2026-03-30 09:00", []string{"2026-03-02 09:00", "2026-03-16 09:00"}},
		"too short for a pack":  {"1h", "2026-03-02 09:00", "2026-03-30 09:00", nil},
		"nothing has ended yet": {"2w", "2026-03-02 09:00", "2026-03-16 08:59", nil},
	} {
		every, err := ParseDuration(row.every)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		all := Recurring{Every: every}.Periods(on(row.began), on(row.now))
		for i, s := range all {
			got = append(got, s.From.Format("2006-01-02 15:04"))
			if i > 0 && !all[i-1].Until.Equal(s.From) {
				t.Errorf("%s: there is a gap before %s", name, s.From)
			}
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: got %v, want %v", name, got, row.want)
		}
	}
}
