package advisory

import (
	"bytes"
	"cmp"
	_ "embed"
	"strings"
	"text/template"
)

//go:embed markdown.tmpl
var markdownText string

var markdownPage = template.Must(template.New("markdown.tmpl").Parse(markdownText))

var markdown = Format{
	Name:  "markdown",
	Title: "Markdown",
	Doc:   "Markdown for a repository, a forge or a mail: the sections that projects agreed on, in their order.",
	Type:  "text/markdown; charset=utf-8",
	Path:  func(r Record) string { return "advisories/" + r.fileName() + ".md" },
	write: writeMarkdown,
}

// markdownDocument is what markdown.tmpl shows; each string is Markdown already.
type markdownDocument struct {
	ID, Published, Severity, Score, Title   string
	Summary, Impact, Resolution, Mitigation string
	Affected, Releases, Credits, References []string
	Timeline                                []moment
}

func writeMarkdown(r Record, _ []Format) ([]byte, error) {
	d := markdownDocument{
		ID:         literal(string(r.ID)),
		Published:  moment{At: r.published()}.Says(),
		Severity:   literal(r.severity()),
		Score:      literal(score(r.Severity)),
		Title:      literal(r.Text.Title),
		Summary:    orNothing(prose(r.Text.Summary)),
		Impact:     orNothing(prose(r.Text.Impact)),
		Resolution: orNothing(prose(r.Text.Resolution)),
		Mitigation: orNothing(prose(r.Text.Mitigation)),
		Timeline:   r.Timeline.moments(),
	}
	for _, p := range r.Products {
		for _, l := range p.Lines {
			d.Affected = append(d.Affected, literal(strings.TrimSpace(p.title()+" "+l.versions())+": "+l.state()))
			if l.Status == "fixed" {
				d.Releases = append(d.Releases, link(release(p, l), l.URL))
			}
		}
	}
	for _, s := range r.statements() {
		d.Affected = append(d.Affected, literal(s))
	}
	for _, c := range r.Credits {
		d.Credits = append(d.Credits, literal(creditLine(c.Name, c.Role)))
	}
	for _, l := range r.links() {
		d.References = append(d.References, link(l.Says, l.URL))
	}
	d.Affected, d.Credits, d.References = orNone(d.Affected), orNone(d.Credits), orNone(d.References)
	var b bytes.Buffer
	if err := markdownPage.Execute(&b, d); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// release says all that identifies the release with the fix.
func release(p Product, l Line) string {
	var about []string
	if l.Tag != "" && l.Tag != l.Fixed {
		about = append(about, "tag "+l.Tag)
	}
	if l.Commit != "" {
		about = append(about, "commit "+l.Commit)
	}
	if l.SHA256 != "" {
		about = append(about, "SHA-256 "+l.SHA256)
	}
	s := strings.TrimSpace(p.title() + " " + l.Fixed)
	if len(about) > 0 {
		s += " (" + strings.Join(about, ", ") + ")"
	}
	return s
}

// creditLine is a name with what its bearer did.
func creditLine(name, role string) string {
	if role == "" {
		return name
	}
	return name + " (" + strings.ReplaceAll(role, "_", " ") + ")"
}

func orNothing(s string) string { return cmp.Or(s, "Nothing is stated.") }

func orNone(all []string) []string {
	if len(all) == 0 {
		return []string{"None"}
	}
	return all
}
