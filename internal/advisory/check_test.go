package advisory_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/advisory"
)

func TestACompleteAdvisoryHasNoProblems(t *testing.T) {
	for _, name := range []string{"juno", "solo"} {
		if all := advisory.Check(storyOf(t, name).record); len(all) > 0 {
			t.Errorf("%s: %v", name, all)
		}
	}
}

func TestCheckFinds(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(*advisory.Record)
		field string
		says  string
	}{
		"no title":                     {func(r *advisory.Record) { r.Text.Title = "" }, "/title", "is empty"},
		"no description":               {func(r *advisory.Record) { r.Text.Summary = " \n" }, "/summary", "is empty"},
		"no impact":                    {func(r *advisory.Record) { r.Text.Impact = "" }, "/impact", "is empty"},
		"no resolution":                {func(r *advisory.Record) { r.Text.Resolution = "" }, "/resolution", "is empty"},
		"no mitigation":                {func(r *advisory.Record) { r.Text.Mitigation = "" }, "/mitigation", "is empty"},
		"no credit":                    {func(r *advisory.Record) { r.Credits = nil }, "credits", "nobody is credited"},
		"no affected version":          {func(r *advisory.Record) { r.Products = nil }, "/affected", "no affected version"},
		"only unaffected lines":        {func(r *advisory.Record) { r.Products[0].Lines = r.Products[0].Lines[2:] }, "/affected", "no affected version"},
		"no severity":                  {func(r *advisory.Record) { r.Class, r.Severity = "", cvd.Assessment{} }, "severity", "not assessed"},
		"a heading of the template":    {func(r *advisory.Record) { r.Text.Impact = "a\n\n## Mitigation\nb" }, "/impact", "heading above ###"},
		"an open fence":                {func(r *advisory.Record) { r.Text.Impact = "```\na" }, "/impact", "without an end"},
		"HTML":                         {func(r *advisory.Record) { r.Text.Impact = "a <b>c</b>" }, "/impact", "HTML"},
		"text that reads backwards":    {func(r *advisory.Record) { r.Text.Title = "a \u202egnp.exe" }, "/title", "invisible"},
		"a CVE id with three digits":   {func(r *advisory.Record) { r.Text.CVE = "CVE-2026-123" }, "/cve", "no CVE id"},
		"a CWE id without its number":  {func(r *advisory.Record) { r.Text.CWE = "CWE-XSS" }, "/cwe", "no weakness"},
		"a CWE id of a category":       {func(r *advisory.Record) { r.Text.CWE = "CWE-1000000" }, "/cwe", "no weakness"},
		"a link that runs":             {func(r *advisory.Record) { r.Text.References[1].URL = "javascript:alert(1)" }, "/references/1/url", "no address of the web"},
		"a vague statement":            {func(r *advisory.Record) { r.Text.Affected = []string{"older versions"} }, "/affected/0", "names no version"},
		"a range nobody stated":        {func(r *advisory.Record) { r.Products[0].Lines[0].Affected = "" }, "/affected", "Juno 28: the affected versions are not stated"},
		"a range in prose":             {func(r *advisory.Record) { r.Products[0].Lines[0].Affected = "28.0.0 and later" }, "products", "no range"},
		"a fix without a release":      {func(r *advisory.Record) { r.Products[0].Lines[0].Fixed = "" }, "products", "not recorded"},
		"a fix that is affected":       {func(r *advisory.Record) { r.Products[0].Lines[0].Affected = ">= 28.0.0" }, "products", "lies among the affected versions"},
		"an end that is no release":    {func(r *advisory.Record) { r.Products[0].Lines[0].Affected = ">= 28.0.0, < 28.0.2" }, "products", "before 28.0.2, which is no release"},
		"a date that nothing gave":     {func(r *advisory.Record) { r.Timeline.Confirmed = time.Time{} }, "timeline.confirmed", "no date"},
		"a release before its fix":     {func(r *advisory.Record) { r.Timeline.Released = r.Timeline.Reported }, "timeline.released", "before fixed"},
		"a publisher without a name":   {func(r *advisory.Record) { r.Publisher.Name = "" }, "publisher", "no name"},
		"a publisher without a URL":    {func(r *advisory.Record) { r.Publisher.Namespace = "juno" }, "publisher", "no namespace"},
		"a credit that nobody allowed": {func(r *advisory.Record) { r.Credits[0].Consent = false }, "credits", "has not agreed"},
	} {
		t.Run(name, func(t *testing.T) {
			r := storyOf(t, "juno").record
			test.spoil(&r)
			all := advisory.Check(r)
			for _, p := range all {
				if p.Field == test.field && strings.Contains(p.Says, test.says) && p.Fix != "" {
					return
				}
			}
			t.Errorf("want a problem of %s that says %q, got %q", test.field, test.says, all)
		})
	}
}

func TestCheckLetsPass(t *testing.T) {
	for name, change := range map[string]func(*advisory.Record){
		"a draft that is not disclosed yet": func(r *advisory.Record) { r.Timeline.Disclosed, r.Revisions = time.Time{}, nil },
		"a disclosure by somebody else, before the fix": func(r *advisory.Record) {
			r.Timeline.Disclosed = r.Timeline.Reported.Add(time.Hour)
		},
		"a case without a fix": func(r *advisory.Record) {
			r.Products[0].Lines[0].Status, r.Products[0].Lines[1].Status = "exempt", "exempt"
			r.Timeline.Fixed, r.Timeline.Released = time.Time{}, time.Time{}
		},
		"a reporter who wants no name": func(r *advisory.Record) {
			r.Credits = []cvd.Credit{{Name: "Anonymous", Role: "finder", Consent: true}}
		},
		"headings below those of the template": func(r *advisory.Record) { r.Text.Impact = "### Validators\nstop" },
		"a family of emoji and a word of Persian": func(r *advisory.Record) {
			r.Text.Summary = "\U0001F468\u200d\U0001F469 \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
		},
	} {
		r := storyOf(t, "juno").record
		change(&r)
		if all := advisory.Check(r); len(all) > 0 {
			t.Errorf("%s: %q", name, all)
		}
	}
}

// A project without classes of severity still tells the number that it gave.
func TestAScoreWithoutAClassIsAnAssessment(t *testing.T) {
	r := storyOf(t, "juno").record
	r.Class, r.Severity = "", cvd.Assessment{Scored: true, Score: 9.8, System: "CVSS:3.1", Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}
	for _, f := range advisory.All {
		text, err := f.Write(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "not assessed") {
			t.Errorf("%s calls a score of 9.8 not assessed", f.Name)
		}
		if (f.Name == "html" || f.Name == "markdown") && !strings.Contains(string(text), "CVSS 9.8") {
			t.Errorf("%s does not say CVSS 9.8 as the severity", f.Name)
		}
	}
	list, err := advisory.List(info(r), []advisory.Record{r})
	if err != nil || !strings.Contains(string(list), "CVSS 9.8") {
		t.Errorf("the list does not say CVSS 9.8 (%v)", err)
	}
}
