package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

func goodReport() cvd.Report {
	return cvd.Report{Title: "A hole", Description: "Water comes in.", Severity: "high", Fields: map[string]string{"afloat": "yes"}}
}

func TestAllProblemsOfAReportAreNamedAtOnce(t *testing.T) {
	p := sample(t)
	r := goodReport()
	if err := p.CheckReport(&r); err != nil {
		t.Fatalf("a report in order is refused: %v", err)
	}
	bad := cvd.Report{Title: "two\nlines", Kind: "wreck", Severity: "grave", Impact: "far too long", Steps: []string{"ok", "\x00"},
		Contact: cvd.Contact{Email: "a@b@c"}, Accepted: []string{"care", "obey"}}
	var fields []string
	for _, e := range p.Problems(&bad) {
		fields = append(fields, e.Field)
		if e.Kind != cvd.Invalid || e.Says == "" {
			t.Errorf("%+v", e)
		}
	}
	want := []string{"/title", "/description", "/steps/1", "/contact/email", "/severity", "/fields/cargo", "/fields/afloat", "/impact", "/accepted/1"}
	if !slices.Equal(fields, want) {
		t.Errorf("got %v\nwant %v", fields, want)
	}
}

func TestLimitsOfAReportAreExact(t *testing.T) {
	p := sample(t)
	for name, row := range map[string]struct {
		change func(r *cvd.Report)
		field  string
	}{
		"a title of 300 letters of two bytes": {func(r *cvd.Report) { r.Title = strings.Repeat("ü", 300) }, ""},
		"a title of 301":                      {func(r *cvd.Report) { r.Title = strings.Repeat("ü", 301) }, "/title"},
		"a description of 64 KiB":             {func(r *cvd.Report) { r.Description = strings.Repeat("x", 64<<10) }, ""},
		"one byte more":                       {func(r *cvd.Report) { r.Description = strings.Repeat("x", 64<<10+1) }, "/description"},
		"text that is no UTF-8":               {func(r *cvd.Report) { r.Expected = "\xc3\x28" }, "/expected"},
		"NUL":                                 {func(r *cvd.Report) { r.Evidence = "a\x00b" }, "/evidence"},
		"an emoji and its joiners":            {func(r *cvd.Report) { r.Description = "👩‍🚒 🏴‍☠️" }, ""},
		"100 steps":                           {func(r *cvd.Report) { r.Steps = slices.Repeat([]string{"x"}, 100) }, ""},
		"101 steps":                           {func(r *cvd.Report) { r.Steps = slices.Repeat([]string{"x"}, 101) }, "/steps"},
		"an own field of ten characters":      {func(r *cvd.Report) { r.Impact = strings.Repeat("ü", 10) }, ""},
		"of eleven":                           {func(r *cvd.Report) { r.Impact = strings.Repeat("ü", 11) }, "/impact"},
		"a mail address":                      {func(r *cvd.Report) { r.Contact.Email = "rita+holes@example.org" }, ""},
		"two addresses":                       {func(r *cvd.Report) { r.Contact.Email = "a@example.org,b@example.org" }, "/contact/email"},
		"a header in an address":              {func(r *cvd.Report) { r.Contact.Email = "a@example.org\r\nBcc: b" }, "/contact/email"},
		"a field of another kind's":           {func(r *cvd.Report) { r.Fields["cargo"] = "rum" }, ""},
		"a field with a slash":                {func(r *cvd.Report) { r.Fields["a/b"] = "x" }, "/fields/a~1b"},
		"a standard field among the own":      {func(r *cvd.Report) { r.Fields["severity"] = "high" }, "/fields/severity"},
	} {
		r := goodReport()
		row.change(&r)
		field := ""
		if all := p.Problems(&r); len(all) > 0 {
			field = all[0].Field
		}
		if field != row.field {
			t.Errorf("%s: a problem at %q, want %q", name, field, row.field)
		}
	}
}

func TestWhatIsNoReportIsShownItsWay(t *testing.T) {
	p := sample(t)
	if k, err := p.Kind(""); err != nil || k.Name != "hole" {
		t.Errorf("the default kind: %s, %v", k.Name, err)
	}
	_, err := p.Kind("idea")
	if want := "Idea is not handled as a report: it belongs to the tracker at https://harbour.example/ideas. Say who would use it."; err == nil ||
		err.Error() != want || cvd.KindOf(err) != cvd.Refused {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := p.Kind("mermaid"); cvd.KindOf(err) != cvd.Invalid || !strings.Contains(err.Error(), "hole, wreck, idea") {
		t.Errorf("got %v, want the kinds that there are", err)
	}
}

func TestWhereACaseBegins(t *testing.T) {
	p := sample(t)
	for _, row := range []struct{ kind, track, wish, want string }{
		{"hole", "open", "", "open"}, {"hole", "open", "now", "open"}, {"hole", "open", "later", "shut"}, {"hole", "open", "shut", "shut"},
		{"wreck", "shut", "now", "shut"}, {"wreck", "shut", "open", "shut"}, {"any", "", "", "open"}, {"any", "", "open", "open"},
	} {
		if got := p.Begin(Kind{Name: row.kind, Track: row.track}, row.wish).Name; got != row.want {
			t.Errorf("%s with the wish %q begins on %s, want %s", row.kind, row.wish, got, row.want)
		}
	}
}
