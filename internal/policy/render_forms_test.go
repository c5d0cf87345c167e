package policy

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"
)

// manned is harbour with people, of whom one has left, named in every place where a document can name somebody.
func manned(t *testing.T) *Policy {
	t.Helper()
	text := strings.NewReplacer(
		"summary: A lighthouse.", `summary: "A lighthouse that {{people.ann}} and {{people.ben}} keep."`,
		"contacts: {alarm: [ann, ben]}", `
people:
  - {name: ann, title: Ann, roles: [keeper], areas: [lamps], mentor: true, away: in August, reach: [{service: mail, is: ann@harbour.example, verified: 2026-03-01, key: 0123 4567}, {service: discord, is: ann|keeper}]}
  - {name: ben, title: Benedikt, roles: [mate], areas: [fog], mentor: true, reach: [{service: phone, is: "+49 30 1"}]}
  - {name: old, title: Oldtimer, roles: [keeper], areas: [oil], mentor: true, left: 2025-01-01}
contacts: {alarm: [ann, ben, old], nudge: [ben, old], mail: security@harbour.example, hide: true}
team: {name: Watch, constituency: Ships, since: 2020-02-02}
resources: [{title: Charts, url: "https://harbour.example/charts", topic: database}]`,
		"within: {high: 1d, low: 2d, none: 4d}}", "within: {high: 1d, low: 2d, none: 4d}, escalate: [{after: 12h, to: ben}, {after: 20h, to: old}]}",
	).Replace(harbour)
	p, err := Read("harbour.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// everyForm is all forms of a policy, one after the other.
func everyForm(t *testing.T, p *Policy, c Copy) string {
	t.Helper()
	var all strings.Builder
	for _, o := range Outputs() {
		out, err := p.Render(o.Name, c)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(out)
	}
	return all.String()
}

// TestWhoeverLeftIsInNoWrittenForm: neither who left by the document, nor who is not on the roster that is handed in.
func TestWhoeverLeftIsInNoWrittenForm(t *testing.T) {
	p := manned(t)
	for _, c := range []struct {
		name        string
		people      map[string]string
		there, gone []string
	}{
		{"by the document", nil, []string{"Ann", "Benedikt", "+49 30 1"}, []string{"Oldtimer", "oil"}},
		{"by the roster", map[string]string{"ann": "Ann of the Rock"}, []string{"Ann of the Rock"}, []string{"Oldtimer", "oil", "Benedikt", "+49", "fog", "ben<"}},
		{"by an empty roster", map[string]string{}, nil, []string{"Oldtimer", "Benedikt", "Ann", "ann|keeper", "lamps", "ann[at]"}},
		{"who came back", map[string]string{"old": ""}, []string{"Oldtimer", "oil"}, []string{"Benedikt"}},
	} {
		text := everyForm(t, p, Copy{People: c.people, Base: "https://x.example", Expires: time.Unix(0, 0)})
		for _, name := range c.there {
			if !strings.Contains(text, name) {
				t.Errorf("%s: %q is missing", c.name, name)
			}
		}
		for _, name := range c.gone {
			if i := strings.Index(text, name); i >= 0 {
				t.Errorf("%s: %q is still named: …%s", c.name, name, text[max(0, i-60):min(len(text), i+60)])
			}
		}
	}
	if got := p.Handles(); !slices.Equal(got, []string{"ann", "ben", "old"}) {
		t.Errorf("the document names %v", got)
	}
}

// TestContactsAreATableInTwoLists: whoever is alarmed and whoever may be reminded stay apart, with all that one needs to write to
// them, and harvesters find no address.
func TestContactsAreATableInTwoLists(t *testing.T) {
	page := string(manned(t).SecurityMD(nil, "https://x.example"))
	for _, want := range []string{
		"reach these people at once:\n\n| Name | Mail | Discord | Phone | OpenPGP key | Last seen to answer |\n| --- | --- | --- | --- | --- | --- |\n" +
			"| Ann | ann[at]harbour[dot]example | `ann\\|keeper` |  | `0123 4567` | 2026-03-01 on Mail |\n| Benedikt |  |  | `+49 30 1` |  |  |\n",
		"you may remind:\n\n| Name | Phone |\n| --- | --- |\n| Benedikt | `+49 30 1` |\n",
		"write to security[at]harbour[dot]example, which",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in:\n%s", want, page)
		}
	}
	if all := everyForm(t, manned(t), Copy{Base: "https://x.example", Expires: time.Unix(0, 0)}); regexp.MustCompile(`\w@harbour`).MatchString(all) {
		t.Error("an address can be harvested")
	}
}

// TestTheDocumentationSiteHoldsSecurityMDUnchanged, and a reader meets the request for silence first.
func TestTheDocumentationSiteHoldsSecurityMDUnchanged(t *testing.T) {
	p := manned(t)
	c := Copy{Base: "https://x.example"}
	security, _ := p.Render("security.md", c)
	page, _ := p.Render("gitbook", c)
	before, rest, whole := bytes.Cut(page, security)
	if !whole || len(rest) > 0 {
		t.Fatalf("the page is no introduction and then SECURITY.md:\n%s", page)
	}
	if !regexp.MustCompile(`(?s)\A---\ndescription: >-\n.*\n---\n\n# .*\{% hint style="danger" %\}\nPlease keep quiet.*\n\{% endhint %\}\n`).Match(before) {
		t.Errorf("it begins with:\n%s", before)
	}
}

// TestSecurityTxtIsWhatTheStandardWants checks each line against RFC 9116, 2.4 and 2.5, with and without an installation.
func TestSecurityTxtIsWhatTheStandardWants(t *testing.T) {
	p := manned(t)
	expires := time.Date(2026, 7, 1, 2, 0, 0, 0, time.FixedZone("", 2*60*60))
	for base, want := range map[string]string{
		"https://x.example": "Contact: https://x.example/p/harbour/report\nExpires: 2026-07-01T00:00:00Z\n",
		"":                  "Contact: mailto:security@harbour.example\nExpires: 2026-07-01T00:00:00Z\n",
	} {
		text := string(p.SecurityTxt(base, expires, "https://x.example/p/harbour/csaf/provider-metadata.json"))
		if !strings.HasPrefix(text, want) {
			t.Errorf("with base %q it does not begin with\n%s\nbut is\n%s", base, want, text)
		}
		count := map[string]int{}
		for line := range strings.Lines(text) {
			field, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
			switch {
			case strings.HasPrefix(line, "#"):
				continue
			case !ok || !strings.HasSuffix(line, "\n"):
				t.Errorf("no field: %q", line)
			case slices.Contains([]string{"Contact", "Canonical", "Policy", "Acknowledgments", "Encryption", "CSAF"}, field):
				if !regexp.MustCompile(`^(https://|mailto:)[\x21-\x7e]+$`).MatchString(value) {
					t.Errorf("%s is no URI that a program may use: %q", field, value)
				}
			case field == "Preferred-Languages":
				if !regexp.MustCompile(`^[a-z]{2,3}(, [a-z]{2,3})*$`).MatchString(value) {
					t.Errorf("languages: %q", value)
				}
			case field != "Expires":
				t.Errorf("the field %q is not registered", field)
			}
			count[field]++
		}
		if count["Contact"] < 1 || count["Expires"] != 1 || count["Preferred-Languages"] > 1 {
			t.Errorf("with base %q: %v", base, count)
		}
	}
	if text := sample(t).SecurityTxt("", expires, ""); text != nil {
		t.Errorf("nobody can be reached, and yet there is:\n%s", text)
	}
}

// TestEveryClauseHasItsAnchor: whatever has a name in the document can be linked to in the process document, once.
func TestEveryClauseHasItsAnchor(t *testing.T) {
	p := manned(t)
	out, _ := p.Render("process", Copy{})
	seen := map[string]int{}
	for _, m := range regexp.MustCompile(`<a id="([^"]+)"></a>`).FindAllSubmatch(out, -1) {
		seen[string(m[1])]++
	}
	for clause, n := range seen {
		if n > 1 {
			t.Errorf("the anchor %s is there %d times", clause, n)
		}
	}
	named := regexp.MustCompile(`^(clocks|stages|steps|notices|channels|audiences|kinds|tracks|roles|checks|terms|retention)\.[^.]+$|^(steps|notices)\.[^.]+\.requires\.[^.]+$|^severity\.classes\.[^.]+$|^form\.fields\.[^.]+$`)
	for _, clause := range p.Clauses() {
		if named.MatchString(clause) && seen[clause] == 0 {
			t.Errorf("%s has no anchor", clause)
		}
	}
}

// TestIssueFormsAreWhatForgesRead: the one for GitHub and the one for Gitea differ by the word for what they are about.
func TestIssueFormsAreWhatForgesRead(t *testing.T) {
	p := manned(t)
	for name, about := range map[string]string{"github-issue": "description", "gitea-issue": "about"} {
		out, _ := p.Render(name, Copy{Base: "https://x.example"})
		var form struct {
			Name, Description, About string
			Body                     []struct {
				Type, ID    string
				Attributes  map[string]any
				Validations map[string]any
			}
		}
		if err := yaml.Unmarshal(out, &form); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		if (about == "description") != (form.Description != "") || (about == "about") != (form.About != "") {
			t.Errorf("%s has the description %q and the about %q", name, form.Description, form.About)
		}
		ids := map[string]bool{}
		for _, f := range form.Body {
			label, _ := f.Attributes["label"].(string)
			if f.Type != "markdown" && (f.ID == "" || ids[f.ID] || label == "") {
				t.Errorf("%s: the field %q (%s) has no id or label of its own", name, f.ID, f.Type)
			}
			ids[f.ID] = true
		}
		if !ids["severity"] || ids["cargo"] {
			t.Errorf("%s asks %v; it must ask what belongs to what may be public, and nothing else", name, ids)
		}
	}
	links, _ := p.Render("github-config", Copy{Base: "https://x.example"})
	if want := "url: https://x.example/p/harbour/report\n"; !bytes.Contains(links, []byte(want)) {
		t.Errorf("nobody is shown the private way:\n%s", links)
	}
}

// TestAFormThatHasNothingToSayIsNotWritten: a small policy renders small.
func TestAFormThatHasNothingToSayIsNotWritten(t *testing.T) {
	p := sample(t)
	for _, name := range []string{"security.txt", "rfc2350", "resources", "github-config"} {
		if out, err := p.Render(name, Copy{}); err != nil || len(out) > 0 && name != "github-config" {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
	if _, err := p.Render("poem", Copy{}); err == nil {
		t.Error("there is a form that nobody wrote")
	}
}

// TestCopiesCanBeToldApart: by the version that an installation counts, and in files by what the document says.
func TestCopiesCanBeToldApart(t *testing.T) {
	p, other := manned(t), sample(t)
	first, _ := p.Render("security.md", Copy{})
	again, _ := manned(t).Render("security.md", Copy{})
	second, _ := other.Render("security.md", Copy{})
	stamp := regexp.MustCompile(`This is the policy harbour, SHA-256 [0-9a-f]{16}, printed`)
	if !bytes.Equal(first, again) || stamp.FindString(string(first)) == "" || stamp.FindString(string(first)) == stamp.FindString(string(second)) {
		t.Errorf("got %q and %q", stamp.FindString(string(first)), stamp.FindString(string(second)))
	}
	p.Version = 3
	for _, o := range Outputs() {
		out, _ := p.Render(o.Name, Copy{Base: "https://x.example"})
		if !Stamped(out) || !bytes.Contains(out, []byte("policy harbour, version 3")) {
			t.Errorf("%s does not say which version it is:\n%s", o.Name, out)
		}
	}
}
