package policy

import (
	"bytes"
	"cmp"
	_ "embed" // for the template
	"fmt"
	"slices"
	"strings"
	"text/template"
	"time"
)

//go:embed security.md.tmpl
var securityText string

var securityTemplate = template.Must(template.New("security.md").Parse(securityText))

// SecurityMD is the policy as people read it, in the order of the process. People are those of the roster whose contact may
// be shown, by handle; base is the address of the installation, without a slash at its end.
func (p *Policy) SecurityMD(people map[string]string, base string) []byte {
	d := &p.Document
	table, promises := p.promises()
	page := securityPage{
		Title: d.Title, Summary: prose(d.Summary), Form: p.formURL(base), Intro: prose(d.Form.Intro), Mail: d.Contacts.Mail,
		Tracks: d.orderedTracks(), Kinds: d.Kinds, Alarm: shown(d.Contacts.Alarm, people), Nudge: shown(d.Contacts.Nudge, people),
		Silence: "> " + p.silenceWords(), Terms: each(d.Terms, func(t Term) string { return prose(t.Says) }),
		Table: table, Promises: promises, Classes: d.Severity.rows(), Stages: d.stageRows(),
		Notices: each(d.Notices, d.noticeRow), Publication: d.publication(),
		Recurring: each(d.Recurring, func(r Recurring) string {
			return fmt.Sprintf("**%s**, every %s: %s.", r.Title, strings.TrimPrefix(r.Every.Words(), "1 "), strings.Join(each(r.Does, lower), "; "))
		}),
		Roles: each(slices.DeleteFunc(slices.Clone(d.Roles), func(r Role) bool { return r.Says == "" }),
			func(r Role) string { return "**" + r.Title + "**: " + prose(r.Says) }),
		Lines: d.lineRows(), Notes: each(d.Waivers, func(w LintWaiver) string { return prose(w.Because) }),
		Kept:  d.retentionRows(),
		Stamp: p.stamp(),
	}
	if d.Bounty != nil {
		page.Bounty = prose(d.Bounty.Says)
	}
	if d.Recognition != nil {
		page.Thanks = each(d.Recognition.Says, prose)
	}
	var out bytes.Buffer
	if err := securityTemplate.Execute(&out, page); err != nil {
		panic(err) // the page has every field that the template names, and a buffer takes every byte
	}
	return out.Bytes()
}

// SecurityTxt is the project's security.txt (RFC 9116), to be served until it expires.
func (p *Policy) SecurityTxt(base string, expires time.Time) []byte {
	d, place := &p.Document, base+"/p/"+p.Document.Policy
	var b strings.Builder
	fmt.Fprintf(&b, "Contact: %s\n", p.formURL(base))
	if d.Contacts.Mail != "" {
		fmt.Fprintf(&b, "Contact: mailto:%s\n", d.Contacts.Mail)
	}
	fmt.Fprintf(&b, "Expires: %s\n", expires.UTC().Format(time.RFC3339))
	fmt.Fprintf(&b, "Preferred-Languages: %s\n", cmp.Or(d.Language, "en"))
	fmt.Fprintf(&b, "Canonical: %s/.well-known/security.txt\n", place)
	fmt.Fprintf(&b, "Policy: %s/policy\n", place)
	return []byte(b.String())
}

func (p *Policy) formURL(base string) string { return base + "/p/" + p.Document.Policy + "/report" }

// stamp names the policy and its version, so that two copies can be told apart.
func (p *Policy) stamp() string {
	version := ""
	if p.Version > 0 {
		version = fmt.Sprintf(", version %d", p.Version)
	}
	return fmt.Sprintf("This page is the policy %s%s, printed from the document that the project's cases are bound by.", p.Document.Policy, version)
}

// securityPage is all that the template needs; it computes nothing.
type securityPage struct {
	Title, Summary, Form, Intro string
	Mail                        string
	Tracks                      []Track
	Alarm, Nudge                []string
	Kinds                       []Kind
	Silence                     string
	Terms                       []string
	Table, Promises             []string
	Classes                     []classRow
	Stages                      []stageRow
	Notices                     []string
	Publication                 []string
	Bounty                      string
	Thanks, Roles, Lines, Notes []string
	Recurring                   []string
	Kept                        []string
	Stamp                       string
}

type classRow struct{ Title, Band, Categories string }

type stageRow struct {
	Number            int
	Title, Only, Says string
}

// usualTrack is that of a case for which nothing was decided.
func (d *Document) usualTrack() Track {
	return d.Tracks[slices.IndexFunc(d.Tracks, func(t Track) bool { return t.Default })]
}

// orderedTracks are the tracks with the usual one first, as reporters read them.
func (d *Document) orderedTracks() []Track {
	usual := d.usualTrack()
	others := slices.DeleteFunc(slices.Clone(d.Tracks), func(t Track) bool { return t.Name == usual.Name })
	return append([]Track{usual}, others...)
}

func (p *Policy) silenceWords() string {
	s := p.Document.Silence
	if only := p.Document.only(s.Tracks); only != "" && p.Document.usualTrack().Public {
		s.Also = strings.TrimSpace(s.Also + " This is asked for what is handled " + strings.TrimPrefix(only, "only ") + ".")
	}
	return strings.TrimSpace(strings.Join([]string{prose(s.Says), prose(s.Because), prose(s.Also)}, " "))
}

func (s Severity) rows() []classRow {
	var rows []classRow
	for _, c := range s.Classes {
		row := classRow{Title: c.Title}
		if c.From != nil {
			row.Band = fmt.Sprintf("CVSS %.1f to %.1f", *c.From, *c.To)
			if *c.From == *c.To {
				row.Band = fmt.Sprintf("CVSS %.1f", *c.From)
			}
		}
		row.Categories = strings.Join(each(c.Categories, func(k Category) string { return lower(k.Title) }), ", ")
		rows = append(rows, row)
	}
	return rows
}

func (d *Document) stageRows() []stageRow {
	var rows []stageRow
	for i, s := range d.Stages {
		rows = append(rows, stageRow{Number: i + 1, Title: s.Title, Only: d.only(s.Tracks), Says: prose(s.Says)})
	}
	return rows
}

// only says that something belongs to some tracks and not to others; empty where it belongs to all.
func (d *Document) only(tracks []string) string {
	if len(tracks) == 0 || len(tracks) == len(d.Tracks) {
		return ""
	}
	titles := each(d.Tracks, func(t Track) string {
		if slices.Contains(tracks, t.Name) {
			return lower(t.Title)
		}
		return ""
	})
	return "only " + list(slices.DeleteFunc(titles, func(s string) bool { return s == "" }))
}

func (d *Document) noticeRow(n Notice) string {
	audiences := each(n.Audiences, func(name string) string {
		i := slices.IndexFunc(d.Audiences, func(a Audience) bool { return a.Name == name })
		return lower(d.Audiences[i].Title)
	})
	channels := each(n.Channels, func(name string) string {
		i := slices.IndexFunc(d.Channels, func(c Channel) bool { return c.Name == name })
		return lower(d.Channels[i].Title)
	})
	when := ""
	if n.Before {
		when = " Sent before the release, and without any detail."
	}
	return fmt.Sprintf("**%s**: to %s, by %s.%s", n.Title, list(audiences), list(channels), when)
}

// publication puts the clauses about publishing into sentences.
func (d *Document) publication() []string {
	parts := []string{prose(d.Disclosure.Says)}
	parts = append(parts, "An advisory says: "+list(each(d.Advisory.Parts, func(part string) string {
		if part == "affected" {
			return "affected versions"
		}
		return part
	}))+".")
	if len(d.Advisory.Targets) > 0 {
		parts = append(parts, "It is published, in this order, at: "+list(d.Advisory.Targets)+".")
	}
	parts = append(parts, prose(d.Advisory.CVE))
	if k := d.Disclosure.Details; k != nil {
		parts = append(parts, fmt.Sprintf("A post with the details follows %s after the release and covers %s.", k.After.Words(), list(k.Sections)))
	}
	if e := d.Embargo; !e.Offer.Zero() {
		parts = append(parts, fmt.Sprintf("We offer to agree on an embargo of %s; you may propose another.", e.Offer.Words()))
	}
	if e := d.Embargo; !e.Longest.Zero() {
		parts = append(parts, fmt.Sprintf("No embargo is longer than %s.", e.Longest.Words()))
	}
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

func (d *Document) lineRows() []string {
	var rows []string
	for _, product := range d.Products {
		for _, l := range product.Lines {
			fixes := "no"
			if l.Eligible {
				fixes = "yes"
			}
			rows = append(rows, row(product.Title, l.Name, l.Versions, fixes))
		}
	}
	return rows
}

// shown are the contacts of those handles that may be shown, in the order of the document.
func shown(handles []string, people map[string]string) []string {
	var contacts []string
	for _, h := range handles {
		if people[h] != "" {
			contacts = append(contacts, prose(people[h]))
		}
	}
	return contacts
}
