package policy

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/policies"
)

func shippedPolicy(t testing.TB, name string) *Policy {
	t.Helper()
	text, err := policies.Files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Read(name, text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// wrecked is a filled-in copy of the monitor's template, as somebody pastes it who changed a thing or two.
const wrecked = `Hello, I found this:

## Security Issue Report

**Severity:** high
**Component:** pool settings
**Version:** 0.1.3
**Browser:** Firefox 140

### Description
The name of a pool is shown as it is.
**Version:** is not asked here

### Impact Assessment
[Potential impact and risk evaluation]

### Reproduction Steps
1. Open the settings
2. Paste the name
   with a quote
3. [Step 3]

### Expected Behavior
It is escaped.

### Environment
- **OS:** Debian 12
- **Version:** 0.1.3
- **Configuration:** behind nginx
also with Caddy

### Screenshots
none yet

### Additional Information
log line one
`

// B-12: what is pasted becomes the fields, what has no place is kept, and the template's own hints are nobody's words.
func TestAFilledInTemplateBecomesTheFields(t *testing.T) {
	got := shippedPolicy(t, "solo-miner-monitor.yaml").ReadTemplate(strings.ReplaceAll(wrecked, "\n", "\r\n"))
	want := Reading{
		Report: cvd.Report{Severity: "High", Component: "pool settings", Version: "0.1.3",
			Description: "The name of a pool is shown as it is.\n**Version:** is not asked here",
			Steps:       []string{"Open the settings", "Paste the name\n   with a quote"}, Expected: "It is escaped.",
			Environment: cvd.Environment{OS: "Debian 12", Version: "0.1.3", Configuration: "also with Caddy\nbehind nginx"}, Evidence: "log line one"},
		Parts: []string{"Description", "Severity", "Component", "Version", "Reproduction Steps", "Expected Behavior", "Environment",
			"Additional Information", "OS", "Configuration"},
		Rest: "Hello, I found this:\n\n\n**Browser:** Firefox 140\n\n### Screenshots\nnone yet",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAReportWrittenIntoTheTemplateReadsBack(t *testing.T) {
	p := shippedPolicy(t, "solo-miner-monitor.yaml")
	r := cvd.Report{Severity: "Low", Component: "web", Version: "0.1.2", Description: "One.\n\nTwo.", Impact: "Little.",
		Steps: []string{"Start", "Look"}, Expected: "Nothing."}
	text := p.Filled(&r)
	got := p.ReadTemplate(text)
	if diff := cmp.Diff(r, got.Report); diff != "" || got.Rest != "" {
		t.Errorf("%s\nrest %q (-want +got):\n%s", text, got.Rest, diff)
	}
	r.Environment, r.Evidence, r.Contact = cvd.Environment{OS: "HOST"}, "TOKEN", cvd.Contact{Email: "rita@example.org"}
	if out := p.Filled(&r); out != text {
		t.Errorf("what nobody would publish is in the issue:\n%s", out)
	}
	if empty := p.ReadTemplate(p.ReportTemplate()); len(empty.Parts) > 0 || empty.Rest != "" {
		t.Errorf("an empty template says %v and %q", empty.Parts, empty.Rest)
	}
}

func TestAnIssueForTheTrackerIsPrepared(t *testing.T) {
	c := cvd.Case{Kind: "issue", Title: "Pool names & scripts", Reports: []cvd.Report{{Title: "x", Description: "It is shown.", Evidence: "TOKEN"}}}
	d := shippedPolicy(t, "solo-miner-monitor.yaml").IssueDraft(&c, "https://example.org/c")
	if want := "https://github.com/smokeysrh/bitcoin-solo-miner-monitor/issues/new?"; !strings.HasPrefix(d.New, want) {
		t.Errorf("got %s, want %s…", d.New, want)
	}
	for _, want := range []string{"It is shown.", "Followed at https://example.org/c"} {
		if !strings.Contains(d.Body, want) {
			t.Errorf("the issue does not say %q:\n%s", want, d.Body)
		}
	}
	if strings.Contains(d.Body+d.New, "TOKEN") {
		t.Errorf("the issue holds the evidence:\n%s", d.Body)
	}
	c.Reports[0].Description = strings.Repeat("long ", 2000)
	if d := shippedPolicy(t, "solo-miner-monitor.yaml").IssueDraft(&c, ""); len(d.New) > longestQuery {
		t.Errorf("an address of %d bytes", len(d.New))
	}
}

func FuzzReadTemplate(f *testing.F) {
	p := shippedPolicy(f, "solo-miner-monitor.yaml")
	f.Add(wrecked)
	f.Add("### Severity\nCritical\nand more\n### Environment\n**OS:** x\n# [OS]")
	f.Fuzz(func(t *testing.T, text string) {
		got := p.ReadTemplate(text)
		r := got.Report
		all := strings.Join(append(append(r.Steps, r.Told...), r.Title, r.Description, r.Severity, r.Component, r.Version, r.Impact, r.Expected,
			r.Evidence, r.Credit, r.Disclosure, r.Contact.Name, r.Contact.Email, r.AI.How, r.Environment.OS, r.Environment.Version,
			r.Environment.Configuration, got.Rest), "\n")
		for _, v := range r.Fields {
			all += "\n" + v
		}
		for line := range strings.Lines(strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), "\uFFFD")) {
			line = strings.TrimSpace(numeral.ReplaceAllString(strings.TrimSpace(line), ""))
			if m := labelled.FindStringSubmatch(line); m != nil {
				line = strings.TrimSpace(m[2])
			}
			if headed.MatchString(line) || strings.HasPrefix(line, "[") || strings.HasPrefix(line, "mailto:") {
				continue
			}
			if !strings.Contains(strings.ToLower(all), strings.ToLower(line)) {
				t.Errorf("%q is lost; kept is\n%s", line, all)
			}
		}
	})
}

// B-15: what helps to understand a matter is counted, and nobody is refused.
func TestWhatAReportLacksIsNamed(t *testing.T) {
	p := shippedPolicy(t, "solo-miner-monitor.yaml")
	bare := cvd.Report{Kind: "issue", Title: "x", Description: "short"}
	got := p.Complete(&bare)
	want := []string{"A description that says what is wrong and what it lets somebody do", "Severity", "Component", "Version",
		"Impact Assessment", "Reproduction Steps", "Expected Behavior", "Environment", "Additional Information"}
	if diff := cmp.Diff(want, got.Missing); diff != "" || got.Percent() != 0 {
		t.Errorf("%d percent; missing (-want +got):\n%s", got.Percent(), diff)
	}
	whole := cvd.Report{Kind: "issue", Description: strings.Repeat("words ", 20), Severity: "High", Component: "web", Version: "1", Impact: "i",
		Steps: []string{"s"}, Expected: "e", Environment: cvd.Environment{OS: "Linux"}, Attachments: []cvd.Attachment{{Name: "log"}}}
	if got := p.Complete(&whole); got.Percent() != 100 || len(got.Missing) > 0 {
		t.Errorf("a whole report has %d percent, lacking %v", got.Percent(), got.Missing)
	}
}
