package advisory

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Problem is something that an advisory lacks, or two things in it that cannot both be true.
type Problem struct {
	Field string // a JSON pointer into the text ("/summary"), or a part of the record: "products", "credits", "timeline"
	Says  string // what is wrong
	Fix   string // what to do
}

// Check looks for whatever would make the published advisory incomplete, contradictory or unreadable for programs. None
// of the formats needs a record without problems: a draft can be seen at any time.
func Check(r Record) []Problem {
	clean := r.clean()
	return slices.Concat(checkText(r), checkIdentifiers(clean), checkVersions(clean), checkTimeline(clean), checkCredits(r), checkPublisher(clean))
}

// checkText wants each of the texts that an advisory is made of, as text.
func checkText(r Record) []Problem {
	var all []Problem
	for _, t := range []struct {
		field, text, fix string
		long             bool
	}{
		{"/title", r.Text.Title, "name the component and what goes wrong, in one line", false},
		{"/summary", r.Text.Summary, "say in a few sentences what the vulnerability is", true},
		{"/impact", r.Text.Impact, "say what an attacker can do, and to whom", true},
		{"/resolution", r.Text.Resolution, "say how the vulnerability was removed, and what to update to", true},
		{"/mitigation", r.Text.Mitigation, "say what helps until the update is done, or that nothing does", true},
	} {
		name := t.field[1:]
		if strings.TrimSpace(t.text) == "" {
			all = append(all, Problem{t.field, "the " + name + " is empty", t.fix})
			continue
		}
		if strings.ContainsFunc(t.text, hidden) {
			all = append(all, Problem{t.field, "the " + name + " holds invisible characters, which are left out when it is published",
				"type the place again instead of pasting it"})
		}
		if clean := manyLines(t.text); t.long && prose(clean) != clean {
			all = append(all, Problem{t.field, "the " + name + " holds HTML, a heading above ###, or a block without an end, which are published changed",
				"use Markdown, with ### for headings, and close each ``` block"})
		}
	}
	return all
}

// checkIdentifiers wants identifiers and links that the catalogues know.
func checkIdentifiers(r Record) []Problem {
	var all []Problem
	if r.Text.CVE != "" && !cveID.MatchString(r.Text.CVE) {
		all = append(all, Problem{"/cve", fmt.Sprintf("%q is no CVE id", r.Text.CVE), "write it as CVE-2026-12345"})
	}
	if _, known := weaknessOf(r.Text.CWE); r.Text.CWE != "" && !known {
		all = append(all, Problem{"/cwe", fmt.Sprintf("%q is no weakness of the CWE catalogue", r.Text.CWE), "write its id as CWE-79"})
	}
	for i, l := range r.Text.References {
		if _, ok := web(l.URL); !ok {
			all = append(all, Problem{fmt.Sprintf("/references/%d/url", i), fmt.Sprintf("%q is no address of the web", l.URL),
				"write the whole address, beginning with https://"})
		}
	}
	if r.Class == "" && !r.Severity.Scored {
		all = append(all, Problem{"severity", "the severity is not assessed", "triage the case"})
	}
	return all
}

// checkVersions wants specific versions that agree with the releases.
func checkVersions(r Record) []Problem {
	var all []Problem
	hurt := false
	for _, p := range r.Products {
		for _, l := range p.Lines {
			hurt = hurt || l.hurt()
			for _, problem := range checkLine(p, l) {
				problem.Says = strings.TrimSpace(p.title()+" "+l.Name) + ": " + problem.Says
				all = append(all, problem)
			}
		}
	}
	if !hurt && len(r.statements()) == 0 {
		all = append(all, Problem{"/affected", "no affected version is named", "state the affected versions of each release line"})
	}
	for i, s := range r.Text.Affected {
		if s != "" && !hasDigit.MatchString(s) {
			all = append(all, Problem{fmt.Sprintf("/affected/%d", i), fmt.Sprintf("%q names no version", s), "name the first and the last version"})
		}
	}
	return all
}

var hasDigit = regexp.MustCompile(`[0-9]`)

func checkLine(p Product, l Line) []Problem {
	var all []Problem
	switch {
	case !l.hurt():
		return nil
	case strings.TrimSpace(l.Affected) == "":
		return []Problem{{"/affected", "the affected versions are not stated", `state them as ">= 1.2.0, < 1.4.3"`}}
	}
	bounds, ok := parseRange(l.Affected)
	if !ok {
		all = append(all, Problem{"products", fmt.Sprintf("%q is no range of versions that programs read", l.Affected), `state it as ">= 1.2.0, < 1.4.3"`})
	}
	if l.Status != "fixed" {
		return all
	}
	if l.Fixed == "" || l.Tag == "" && l.Commit == "" && l.URL == "" {
		all = append(all, Problem{"products", "the release with the fix is not recorded", "record its version, tag, commit and address"})
	}
	if in, known := holds(bounds, l.Fixed); known && in && len(bounds) > 0 {
		all = append(all, Problem{"products", l.Fixed + " is said to hold the fix and lies among the affected versions", "correct one of the two"})
	}
	if len(bounds) == 0 || l.Fixed == "" {
		return all
	}
	if end := bounds[len(bounds)-1]; end.Op == "<" && !isRelease(p, end.Version) {
		all = append(all, Problem{"products", "the affected versions end before " + end.Version + ", which is no release with the fix",
			"end the range before " + l.Fixed + ", or record the release"})
	}
	return all
}

// isRelease says whether a version is one of the product's releases with the fix.
func isRelease(p Product, v string) bool {
	return slices.ContainsFunc(p.Lines, func(l Line) bool {
		order, known := compareVersions(l.Fixed, v)
		return known && order == 0 || l.Fixed == v
	})
}

// checkTimeline wants the dates that the events of a case must have given by now, in their order.
func checkTimeline(r Record) []Problem {
	var all []Problem
	fixed := slices.ContainsFunc(r.Products, func(p Product) bool {
		return slices.ContainsFunc(p.Lines, func(l Line) bool { return l.Status == "fixed" })
	})
	var before moment
	for _, m := range r.Timeline.moments() {
		field := "timeline." + strings.ToLower(m.What)
		late := m.What == "Fixed" || m.What == "Released" // a case may end without a fix
		switch {
		case m.At.IsZero() && m.What != "Disclosed" && (fixed || !late):
			all = append(all, Problem{field, "the timeline has no date for " + strings.ToLower(m.What), "take the step in the case; dates are not typed"})
		case !m.At.IsZero() && m.At.Before(before.At) && m.What != "Disclosed": // somebody else may have spoken first
			all = append(all, Problem{field, fmt.Sprintf("the timeline says %s on %s, before %s on %s", strings.ToLower(m.What), m.Says(),
				strings.ToLower(before.What), before.Says()), "look at the events of the case"})
		}
		if !m.At.IsZero() {
			before = m
		}
	}
	return all
}

// checkCredits wants those who helped to be named if they agreed, and nobody else.
func checkCredits(r Record) []Problem {
	var all []Problem
	named := 0
	for _, c := range r.Credits {
		switch {
		case !c.Consent:
			all = append(all, Problem{"credits", "somebody is to be named who has not agreed", "ask them, or take the credit out"})
		case strings.TrimSpace(c.Name) != "":
			named++
		}
	}
	if named == 0 {
		all = append(all, Problem{"credits", "nobody is credited", `credit the reporter and those who helped; "Anonymous" if they want no name`})
	}
	return all
}

// checkPublisher wants what machine-readable formats are refused without.
func checkPublisher(r Record) []Problem {
	var all []Problem
	if strings.TrimSpace(r.Publisher.Name) == "" {
		all = append(all, Problem{"publisher", "the publisher has no name", "name the project in its policy"})
	}
	if _, ok := web(r.Publisher.Namespace); !ok {
		all = append(all, Problem{"publisher", "the publisher has no namespace", "give the project's own address in its policy"})
	}
	return all
}
