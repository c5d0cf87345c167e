package advisory_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/advisory"
)

// FuzzFormats puts foreign text into every field: nothing panics, no page gets a script, and CSAF keeps to the strict schema.
func FuzzFormats(f *testing.F) {
	for _, s := range stories(f) {
		r := s.record
		f.Add(r.Text.Title, r.Text.Summary, r.Products[0].PURL, r.Products[0].Lines[0].Affected, r.Severity.Vector, r.Publisher.Namespace, r.Text.CWE, int64(0))
	}
	address := judge(f)
	f.Fuzz(func(t *testing.T, line, text, purl, versions, vector, address2, identifier string, at int64) {
		r := recordOf(line, text, purl, versions, vector, address2, identifier, at)
		advisory.Check(r)
		for _, format := range advisory.All {
			b, err := format.Write(r)
			switch {
			case errors.Is(err, cvd.Invalid):
				continue
			case err != nil:
				t.Fatalf("%s: %v", format.Name, err)
			case !utf8.Valid(b):
				t.Fatalf("the %s is no UTF-8", format.Name)
			}
			switch format.Name {
			case "csaf":
				if valid, all := findings(t, address, string(b), "strict"); !valid {
					t.Errorf("%q\n%s", all, b)
				}
			case "html":
				for tag := range tags(string(b)) {
					if tag.Data == "script" || tag.Data == "img" || tag.Data == "iframe" || tag.Data == "style" {
						t.Errorf("the page holds %s", tag)
					}
				}
			}
		}
		b, err := advisory.Feed(info(r), []advisory.Record{r})
		if err != nil {
			t.Fatal(err)
		}
		if err := xml.Unmarshal(b, new(feed)); err != nil {
			t.Errorf("the feed is no XML: %v\n%s", err, b)
		}
	})
}

func recordOf(line, text, purl, versions, vector, address, identifier string, at int64) advisory.Record {
	instant := time.UnixMicro(at).UTC()
	return advisory.Record{
		ID: cvd.AdvisoryID(line), Project: cvd.ProjectID(line), ProjectTitle: line, Class: line, Language: identifier,
		Publisher: advisory.Publisher{Name: line, Namespace: address, Contact: line, Category: identifier},
		Base:      address,
		Text: cvd.AdvisoryText{Title: line, Summary: text, Impact: text, Affected: []string{line, versions}, Resolution: text, Mitigation: text,
			CVE: identifier, CWE: identifier, References: []cvd.Link{{URL: address, Says: line}, {URL: address}}},
		Severity: cvd.Assessment{Vector: vector, Score: 5, Scored: vector != "", System: identifier, Class: line},
		Products: []advisory.Product{{Name: line, Title: line, PURL: purl, Lines: []advisory.Line{
			{Name: line, Status: "fixed", Affected: versions, Fixed: versions, Tag: line, Commit: line, URL: address, SHA256: identifier},
			{Name: versions, Status: "exempt"}, {Name: versions, Status: "not_affected", Affected: versions}, {Status: identifier}}}},
		Timeline:  advisory.Timeline{Reported: instant, Disclosed: instant},
		Credits:   []cvd.Credit{{Name: line, Role: identifier, Consent: true}, {Name: line, Role: identifier, Consent: true}, {Name: text, Consent: true}},
		Revisions: []advisory.Revision{{Number: 1, At: instant, Summary: line}, {Number: 2, At: instant.Add(time.Second), Summary: text}},
	}
}

// Vectors of all groups go through the judge, which computes each score again (CSAF 2.0, 6.1.8 to 6.1.10).
func TestScoresAreWhatOthersCompute(t *testing.T) {
	address := judge(t)
	r := storyOf(t, "solo").record
	for _, vector := range []string{
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H",
		"CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N",
		"CVSS:3.1/AV:L/AC:L/PR:L/UI:R/S:C/C:L/I:N/A:L/E:U/RL:O/RC:U",
		"CVSS:3.1/AV:A/AC:H/PR:L/UI:N/S:U/C:H/I:L/A:N/E:F/RL:T/RC:R/CR:H/IR:M/AR:L/MAV:N/MAC:L/MPR:N/MUI:R/MS:C/MC:L/MI:H/MA:N",
		"CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H/CR:L/MPR:H/MS:U",
		"CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N/E:P/RL:W/RC:C",
		"AV:N/AC:L/Au:N/C:P/I:P/A:P",
		"AV:L/AC:H/Au:M/C:N/I:C/A:N/E:POC/RL:OF/RC:C/CDP:LM/TD:M/CR:H/IR:M/AR:ND",
	} {
		r.Severity.Vector = vector
		document := write(t, "csaf", r)
		valid, all := findings(t, address, document, "extended")
		if strings.HasPrefix(vector, "AV:") { // 6.2.3 wants a score of version 3 beside the one of version 2
			all = slices.DeleteFunc(all, func(f string) bool { return strings.HasPrefix(f, "optionalTest_6_2_3 ") })
		}
		if !valid || len(all) > 0 {
			t.Errorf("%s: %q", vector, all)
		}
		if !strings.Contains(document, `"vectorString": "`+vector+`"`) {
			t.Errorf("%s is not in the document", vector)
		}
	}
}

func TestWeaknessesAreNamedAsInTheCatalogue(t *testing.T) {
	address := judge(t)
	r := storyOf(t, "solo").record
	for _, id := range []string{"CWE-5", "CWE-79", "CWE-119", "CWE-1004", "CWE-1039", "CWE-1431"} {
		r.Text.CWE = id
		document := write(t, "csaf", r)
		var d struct {
			Vulnerabilities []struct{ CWE struct{ ID, Name string } }
		}
		if err := json.Unmarshal([]byte(document), &d); err != nil || d.Vulnerabilities[0].CWE.ID != id {
			t.Errorf("%s is not in the document", id)
		}
		if valid, all := findings(t, address, document, "extended"); !valid {
			t.Errorf("%s: %q", id, all)
		}
	}
	r.Text.CWE = "CWE-1000000"
	document := write(t, "csaf", r)
	if strings.Contains(document, `"cwe"`) || !strings.Contains(document, "CWE-1000000") {
		t.Error("a weakness that the catalogue does not know is not said as a note")
	}
}
