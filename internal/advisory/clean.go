package advisory

import (
	"slices"
	"strings"
	"unicode"

	"github.com/tipstaff/tipstaff/cvd"
)

// clean returns a copy in which every text is valid UTF-8 without characters that nobody sees: no format has to think of
// NUL, of what XML forbids, or of bidirectional controls that make text read otherwise than it is (CVE-2021-42574).
func (r Record) clean() Record {
	lines := []*string{(*string)(&r.ID), (*string)(&r.Project), &r.ProjectTitle, &r.Base, &r.Class, &r.Language, &r.Publisher.Name,
		&r.Publisher.Namespace, &r.Publisher.Contact, &r.Publisher.Category, &r.Text.Title, &r.Text.CVE, &r.Text.CWE,
		&r.Severity.Vector, &r.Severity.System, &r.Severity.Class}
	r.Text.Affected = slices.Clone(r.Text.Affected)
	for i := range r.Text.Affected {
		lines = append(lines, &r.Text.Affected[i])
	}
	r.Text.References = slices.Clone(r.Text.References)
	for i := range r.Text.References {
		lines = append(lines, &r.Text.References[i].URL, &r.Text.References[i].Says)
	}
	r.Products = slices.Clone(r.Products)
	for i := range r.Products {
		p := &r.Products[i]
		lines = append(lines, &p.Name, &p.Title, &p.PURL)
		p.Lines = slices.Clone(p.Lines)
		for j := range p.Lines {
			l := &p.Lines[j]
			lines = append(lines, &l.Name, &l.Status, &l.Affected, &l.Fixed, &l.Tag, &l.Commit, &l.URL, &l.SHA256)
		}
	}
	// Whoever did not agree is named nowhere: casework holds the other lock.
	r.Credits = slices.DeleteFunc(slices.Clone(r.Credits), func(c cvd.Credit) bool { return !c.Consent || oneLine(c.Name) == "" })
	for i := range r.Credits {
		lines = append(lines, &r.Credits[i].Name, &r.Credits[i].Role)
	}
	r.Revisions = slices.Clone(r.Revisions)
	for i := range r.Revisions {
		lines = append(lines, &r.Revisions[i].Summary)
	}
	for _, s := range lines {
		*s = oneLine(*s)
	}
	for _, s := range []*string{&r.Text.Summary, &r.Text.Impact, &r.Text.Resolution, &r.Text.Mitigation} {
		*s = manyLines(*s)
	}
	return r
}

// oneLine makes one line of a text.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(seen, strings.ToValidUTF8(s, "\uFFFD"))), " ")
}

// manyLines keeps the lines of a text and the spaces at their beginnings.
func manyLines(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	all := strings.Split(strings.Map(seen, s), "\n")
	for i := range all {
		all[i] = strings.TrimRightFunc(all[i], unicode.IsSpace)
	}
	return strings.Trim(strings.Join(all, "\n"), "\n")
}

// seen drops (as strings.Map does for a negative rune) what is hidden.
func seen(r rune) rune {
	if hidden(r) {
		return -1
	}
	return r
}

// hidden says whether a character shows nothing by itself. Two of them stay, the joiners, without which Persian, Hindi
// and family emoji are misspelt.
func hidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t' || r == '\r' || r == '\u200C' || r == '\u200D':
		return false
	case unicode.IsControl(r) || unicode.Is(unicode.Noncharacter_Code_Point, r):
		return true
	}
	return unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}
