package prose

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

func imported(t *testing.T, file string, text []byte) Draft {
	t.Helper()
	d, err := Import(file, text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// found are the statements of a draft in one line each.
func found(d Draft) []string {
	var all []string
	for _, s := range d.Statements {
		all = append(all, s.Clause+" = "+s.Value)
	}
	return all
}

func TestASentenceSaysWhatItPromises(t *testing.T) {
	for sentence, want := range map[string]string{
		"You will receive a response from us within 48 hours.":                                                             "clocks.response.within = 48h",
		"We acknowledge every report within 3 working days.":                                                               "clocks.response.within = 3wd",
		"We acknowledge reports within 24 hours and release a fix within two weeks.":                                       "clocks.response.within = 24h; clocks.resolution.within = 2w",
		"Critical vulnerabilities are fixed within 7 days, low ones within 60 days.":                                       "clocks.resolution.within.critical = 7d; clocks.resolution.within.low = 60d",
		"- **First answer** (24 hours as a goal), counted from your report.":                                               "clocks.response.target = 24h",
		"- **Fix** (7 days, at most 14 days), counted from the triage.":                                                    "clocks.resolution.target = 7d; clocks.resolution.within = 14d",
		"- **Fix**, counted from the triage. It may be extended once by at most 7 days.":                                   "clocks.resolution.extend.by = 7d",
		"1. **Released**. No sooner than 24 hours after the delivery of “Soon”.":                                           "steps.release.requires.wait = 24h",
		"1. **Told**. No sooner than 14 days after the release.":                                                           "steps.disclose.requires.wait = 14d",
		"A publication waits at most 7 days for an identifier.":                                                            "advisory.identifiers.patience = 7d",
		"Write to <harbour@lighthouse.example>, which several people read.":                                                "contacts.mail = harbour@lighthouse.example",
		"The core engineers are these people:\n\n- Team <security@harbour.example>":                                        "contacts.alarm = security@harbour.example",
		"| Severity | Fix | Fix in old lines |\n| --- | --- | --- |\n| Low | 7 days as a goal | with the end of support |": "clocks.resolution.target.low = 7d; clocks.fix_in_old_lines.within.low = end_of_life",
		"The triage takes 24-48 hours.":                                                                                    "clocks.triage.target = 24h; clocks.triage.within = 48h",
		"After one month of embargo at most, we publish.":                                                                  "embargo.longest = 1mo",
		"48 hours after this announcement the releases are issued.":                                                        "steps.release.requires.wait = 48h",
		"Operators hear of it seven days before the release.":                                                              "steps.release.requires.wait = 7d",
		"One week after the release we publish a post with the details.":                                                   "disclosure.details.after = 1w",
		"We follow a 90-day disclosure deadline.":                                                                          "embargo.longest = 90d",
		"If nobody answers in a couple of days, feel free to ping us.":                                                     "clocks.nudge.reminder = 2d",
		"Bounties are paid within 30 days, once the release is announced.":                                                 "bounty.within = 30d",
		"Please do not disclose it until the release is out.":                                                              "silence.until = disclosed",
		"We ask that you keep it confidential until a patch has been developed.":                                           "silence.until = fix_ready",
		"We cannot offer bounties.":                                                                                        "bounty = none",
		"Write to security [at] harbour [dot] example.":                                                                    "contacts.mail = security@harbour.example",
		"Ask for a CVE where one is warranted.":                                                                            "advisory.cve = Ask for a CVE where one is warranted.",
		"The lighthouse was built 90 years ago and is 24 hours by boat from here.":                                         "",
		"Key: 0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567 encrypts mail to our team.":                                "contacts.key = 0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567",
		"Please report a vulnerability at https://github.com/a/b/security/advisories/new now":                              "tracks.routes.advisories = https://github.com/a/b/security/advisories/new",
	} {
		t.Run(sentence, func(t *testing.T) {
			got := found(imported(t, "x.md", []byte(sentence)))
			for one := range strings.SplitSeq(want, "; ") {
				if one != "" && !strings.Contains("; "+strings.Join(got, "; ")+";", "; "+one+";") {
					t.Errorf("got %q, want %q among them", got, one)
				}
			}
			if want == "" && len(got) > 0 {
				t.Errorf("got %q, want nothing", got)
			}
		})
	}
}

func TestAPageIsReadWithItsTablesAndHeadings(t *testing.T) {
	d := imported(t, "lighthouse.md", fixture(t, "lighthouse.md"))
	want := []string{
		"contacts.mail = security@lighthouse.example",
		"products.lines.2_x = 2.x: yes", "products.lines.1_9 = < 1.9: no",
		"severity.classes.critical = 9.0-10.0", "clocks.response.within.critical = 24h", "clocks.resolution.within.critical = 7d",
		"severity.classes.medium = 4.0-8.9", "clocks.response.within.medium = 3wd", "clocks.resolution.within.medium = next_release",
		"contacts.alarm = mira#4711", "contacts.alarm = @jo:lighthouse.example",
		"contacts.nudge = ada@lighthouse.example", "contacts.nudge = Ada ✨#0042", "contacts.key = 0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567",
		"terms.do_not_read_other = Do not read other people's data.",
		"steps.release.requires.wait = 48h", "disclosure.details.after = 1w", "embargo.longest = 90d",
	}
	got := found(d)
	for _, one := range want {
		if !strings.Contains("\n"+strings.Join(got, "\n")+"\n", "\n"+one+"\n") {
			t.Errorf("%q is not found in\n%s", one, strings.Join(got, "\n"))
		}
	}
	for _, s := range d.Statements {
		if s.Value == "mira#4711" && (s.Line != 34 || s.Title != "Mira" || s.File != "lighthouse.md") {
			t.Errorf("Mira is %+v, want her name and line 34", s)
		}
	}
}

func TestWhatATextDoesNotSayIsAsked(t *testing.T) {
	asked := func(text string) string {
		var all []string
		for _, q := range imported(t, "x.md", []byte(text)).Questions {
			all = append(all, q.Clause)
		}
		return strings.Join(all, " ")
	}
	if got := asked("# Security\n\nWrite to security@harbour.example. We answer within 24 hours.\n"); strings.Contains(got, "contacts.mail") || strings.Contains(got, "clocks.response") {
		t.Errorf("what is said is asked: %s", got)
	}
	for _, clause := range []string{"contacts.mail", "clocks.response", "severity.classes", "embargo.longest", "silence.until", "products.lines"} {
		if got := asked("# Security\n\nWe care.\n"); !strings.Contains(got, clause) {
			t.Errorf("%s is not asked: %s", clause, got)
		}
	}
	if got := asked("Alert the core team:\n\n* Mira `mira#4711`\n"); !strings.Contains(got, "contacts.alarm") {
		t.Errorf("nobody asks how to reach a name that Discord retired: %s", got)
	}
}

func TestAWaitIsOfTheClassesThatItNames(t *testing.T) {
	classes := "| Severity | Fix |\n| --- | --- |\n| Critical | 7 days |\n| High | 9 days |\n| Low | 90 days |\n\n## Severity\n\n- **Critical** (CVSS 9.0 to 10.0)\n- **High** (CVSS 7.0 to 8.9)\n- **Low** (CVSS 0.1 to 6.9)\n\n## Stages\n\n"
	for words, want := range map[string]string{"high or graver": "critical high", "less grave than critical": "high low", "low": "low", "odd or graver": "", "less grave than odd": ""} {
		var got []string
		d := imported(t, "x.md", []byte(classes+"1. **Released**. No sooner than 24 hours after the notice, for what is "+words+".\n"))
		for _, s := range d.Of("steps.release.requires.wait") {
			if class := strings.TrimPrefix(s.Clause, "steps.release.requires.wait."); s.Value == "24h" && class != s.Clause {
				got = append(got, class)
			}
		}
		if all := strings.Join(got, " "); all != want {
			t.Errorf("for what is %s: got %q, want %q", words, all, want)
		}
	}
}

func TestTextsThatContradictEachOtherAreTold(t *testing.T) {
	process := imported(t, "process.md", []byte("## Low (CVSS 0.1-3.9)\n\n**Response time:** 2 weeks\n\n## Contact\n\nReport to security@harbour.example.\n\n* Mira: `mira-hl#1234`\n"))
	template := imported(t, "template.md", []byte("We acknowledge reports within 24 hours.\n\nReport vulnerabilities to security@harbour-lights.example.\n\nAlert the team:\n\n* Mira: `mira-hl#1234`\n* Jo: `jo-hl#1234`\n"))
	var got []string
	for _, c := range Merge(process, template).Contradictions() {
		got = append(got, c.Clause+": "+c.Says)
	}
	want := []string{
		"clocks.response.within: template.md:1 says 24h whatever the severity; process.md:3 says 2w for low",
		"contacts.mail: process.md:7 names an address that template.md does not: security@harbour.example",
		"contacts.mail: template.md:3 names an address that process.md does not: security@harbour-lights.example",
		"contacts.alarm: template.md:8 names a contact that process.md does not: jo-hl#1234",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if all := imported(t, "one.md", []byte("We answer within 2 days. We answer within 48 hours.")).Contradictions(); len(all) > 0 {
		t.Errorf("two days and 48 hours are the same: %v", all)
	}
}

func TestADraftOfDamagedTextSaysSo(t *testing.T) {
	d := imported(t, "harbour.md", fixture(t, "harbour-macroman.md"))
	if len(d.Damage) != 7 || !bytes.Contains(d.YAML(), []byte("7 runs of characters are damaged")) {
		t.Errorf("the draft tells of %d damaged runs", len(d.Damage))
	}
}

func TestADraftIsOneListOfObjects(t *testing.T) {
	out, err := imported(t, "lighthouse.md", fixture(t, "lighthouse.md")).JSON()
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]any
	if err := json.Unmarshal(out, &all); err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		for _, key := range []string{"file", "line", "kind", "clause", "value", "confidence", "text"} {
			if _, ok := one[key]; !ok {
				t.Fatalf("%v has no %s", one, key)
			}
		}
	}
}

func TestWhatIsNoTextIsRefusedWithItsLine(t *testing.T) {
	for name, c := range map[string]struct {
		text []byte
		want error
		says string
	}{
		"binary":           {[]byte("ab\nc\x00"), ErrBinary, "line 2"},
		"another encoding": {[]byte("one\ntwo\nGr\xfc\xdfe"), ErrCharset, "line 3"},
		"UTF-16":           {[]byte("\xff\xfea\x00"), ErrCharset, "UTF-16"},
		"ten megabytes":    {bytes.Repeat([]byte("a "), 5<<20), ErrTooLong, "10485760 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Import("x.md", c.text)
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %v with %q", err, c.want, c.says)
			}
		})
	}
}

func TestLineEndingsAndMarksOfOrderDoNotMatter(t *testing.T) {
	text := string(fixture(t, "lighthouse.md"))
	want := found(imported(t, "x.md", []byte(text)))
	for name, other := range map[string]string{"Windows": strings.ReplaceAll(text, "\n", "\r\n"), "old Macs": strings.ReplaceAll(text, "\n", "\r"), "a mark": "\ufeff" + text} {
		if diff := cmp.Diff(want, found(imported(t, "x.md", []byte(other)))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func FuzzImportIsBoundedAndItsDraftIsOneDocument(f *testing.F) {
	f.Add([]byte("# A\n\nWe answer within 24 hours: security@a.example\n"))
	f.Add([]byte("* x `a\u2028b: c#1234`\n"))
	f.Add(bytes.Repeat([]byte("24 hours "), 200))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := Import("x.md", text)
		if err != nil {
			return
		}
		if len(d.Statements) > mostStatements {
			t.Fatalf("%d statements", len(d.Statements))
		}
		var document map[string]any
		if err := yaml.Unmarshal(d.YAML(), &document); err != nil || document["extends"] != "default" {
			t.Fatalf("the draft is no document: %v\n%s", err, d.YAML())
		}
	})
}

func TestHostileTextsAreReadSoon(t *testing.T) {
	for name, piece := range map[string]string{"times": "24 hours. ", "times in a row": "24 hours ", "mails": "a@b.c", "dots": "a.b.", "tags": "a b#1234 ", "sentences": "A b. ",
		"lines": "a\n", "items": "- a@b.example\n", "headings": "# a\n", "cells": "| 24 hours ", "classes": "critical, ", "at": "@a [at] ", "hex": "0123 "} {
		t.Run(name, func(t *testing.T) {
			d, err := Import("x.md", bytes.Repeat([]byte(piece), Longest/8/len(piece)))
			if err != nil || len(d.Statements) > mostStatements {
				t.Errorf("got %d statements, %v", len(d.Statements), err)
			}
			d.YAML()
		})
	}
}
