package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Post is the draft of the post that tells the vulnerability and the response to it, made of nothing but what may be public: the
// advisory that was published, the releases, and the instants of the process. A person edits it and records where it stands.
type Post struct {
	Title         string
	Vulnerability string // in Markdown
	Response      string // in Markdown, with the timeline
	Due           time.Time
	Late          bool // it is due, and nobody has recorded where it stands
	Poster        Poster
}

// Markdown is the whole post.
func (p Post) Markdown() string {
	return "# " + p.Title + "\n\n## The vulnerability\n\n" + p.Vulnerability + "\n\n## Our response\n\n" + p.Response + "\n"
}

// DraftPost drafts the post of a case whose advisory is published. It is for the team.
func (w *Casework) DraftPost(ctx context.Context, who cvd.Actor, id cvd.CaseID) (Post, error) {
	a, err := w.ofTeam(ctx, who, id)
	if err != nil {
		return Post{}, err
	}
	text, err := a.published()
	if err != nil {
		return Post{}, err
	}
	events, err := w.events(ctx, who.Project, id)
	if err != nil {
		return Post{}, err
	}
	p := Post{Title: text.Title, Vulnerability: vulnerabilityText(a.c, text)}
	_, p.Due = a.p.Details(a.c)
	p.Late = !p.Due.IsZero() && a.now.After(p.Due) && a.c.Marked(cvd.MarkPosted).IsZero()
	p.Poster = a.poster()
	zone, err := time.LoadLocation(a.p.Document.Zone) // "" is UTC
	if err != nil {
		zone = time.UTC // the machine knows fewer zones than the one that read the policy
	}
	p.Response = responseText(a.c, events, zone)
	return p, nil
}

// published is the text of the advisory as strangers read it.
func (a *asking) published() (cvd.AdvisoryText, error) {
	past := a.c.Disclosure.Past
	if len(past) == 0 {
		return cvd.AdvisoryText{}, cvd.Errorf(cvd.Refused, "the advisory is not published yet: until then nothing may be told")
	}
	n := past[len(past)-1].Edition
	if n < 1 || n > len(a.c.Advisory.Editions) {
		return cvd.AdvisoryText{}, fmt.Errorf("case %s has no edition %d", a.c.ID, n)
	}
	return a.c.Advisory.Editions[n-1].Text, nil
}

// vulnerabilityText is the first section.
func vulnerabilityText(c cvd.Case, t cvd.AdvisoryText) string {
	var b strings.Builder
	para := func(text string) {
		if text = strings.TrimSpace(text); text != "" {
			b.WriteString(text + "\n\n")
		}
	}
	para(t.Summary)
	para(t.Impact)
	for _, l := range c.Lines {
		if l.Affected != "" {
			fmt.Fprintf(&b, "- %s %s: versions %s\n", l.Product, l.Name, l.Affected)
		}
	}
	b.WriteString("\n")
	name := string(c.Advisory.ID)
	if t.CVE != "" {
		name += " (" + t.CVE + ")"
	}
	para("The advisory is " + name + ".")
	return strings.TrimSpace(b.String())
}

// responseText is the second section: what was done, the timeline, the releases, who helped.
func responseText(c cvd.Case, events []cvd.Event, zone *time.Location) string {
	var b strings.Builder
	if c.Advisory.Latest() != nil {
		fmt.Fprintf(&b, "%s\n\n", strings.TrimSpace(c.Advisory.Editions[c.Disclosure.Past[len(c.Disclosure.Past)-1].Edition-1].Text.Resolution))
	}
	b.WriteString("### Timeline\n\n")
	for _, x := range publicTimeline(c, events) {
		at := cvd.Instant(x.At)
		if zone != time.UTC {
			at += " (" + x.At.In(zone).Format("15:04 MST") + ")"
		}
		fmt.Fprintf(&b, "- %s: %s\n", at, x.Says)
	}
	var fixed []string
	for _, l := range c.Lines {
		if l.Status == "released" {
			fixed = append(fixed, fmt.Sprintf("- %s %s: <%s>, SHA-256 `%s`\n", l.Product, l.Version, l.URL, l.SHA256))
		}
	}
	if len(fixed) > 0 {
		b.WriteString("\n### Releases\n\n" + strings.Join(fixed, ""))
	}
	var names []string
	for _, k := range c.Credits {
		if k.Consent && k.Name != "" {
			names = append(names, k.Name)
		}
	}
	if len(names) > 0 {
		b.WriteString("\nWe thank " + strings.Join(names, ", ") + ".\n")
	}
	return strings.TrimSpace(b.String())
}

// publicTimeline are the instants of the process that a post may tell: what happened, and nothing that people wrote.
func publicTimeline(c cvd.Case, events []cvd.Event) (all []cvd.Entry) {
	marks := []struct{ mark, says string }{
		{"received", "The report arrived."}, {"acknowledged", "A person answered it."}, {"validated", "It was confirmed."},
		{cvd.MarkFixReady, "The fix was ready."}, {cvd.MarkApplied, "The fix was applied in public."}, {cvd.MarkReleased, "The last release with the fix was out."},
		{"disclosed", "The advisory was published."},
	}
	for _, m := range marks {
		if at := c.Marked(m.mark); !at.IsZero() {
			all = append(all, cvd.Entry{At: at, Says: m.says})
		}
	}
	for _, n := range c.Notices {
		at, everywhere := n.Everywhere()
		if everywhere {
			all = append(all, cvd.Entry{At: at, Says: "Everybody whom the notice “" + strings.ReplaceAll(n.Name, "_", " ") + "” is for had it."})
		}
	}
	for _, e := range events {
		if x := e.What.Slipping(); x != nil {
			all = append(all, cvd.Entry{At: e.At, Says: "The release was moved to " + cvd.Instant(x.To) + "."})
		}
		if e.What.Observed != nil && e.What.Observed.Fact != "fix_deployed" {
			all = append(all, cvd.Entry{At: e.At, Says: map[string]string{"public": "The matter was known in public.", "exploit_public": "An exploit was public.",
				"attacks": "Attacks were seen."}[e.What.Observed.Fact]})
		}
	}
	slices.SortStableFunc(all, func(x, y cvd.Entry) int { return x.At.Compare(y.At) })
	return all
}

// ReleaseNotes are the security part of the notes of a release, in Markdown: before the publication from the newest edition, for the
// team alone, and from then on from what was published.
func (w *Casework) ReleaseNotes(ctx context.Context, who cvd.Actor, id cvd.CaseID) (string, error) {
	a, err := w.ofTeam(ctx, who, id)
	if err != nil {
		return "", err
	}
	text, err := a.published()
	public := err == nil
	if !public {
		e := a.c.Advisory.Latest()
		if e == nil {
			return "", cvd.Errorf(cvd.Refused, "there is no edition of the advisory yet: release notes are made from it")
		}
		text = e.Text
	}
	var b strings.Builder
	if !public {
		b.WriteString("<!-- Not public before the advisory is: edition " + fmt.Sprint(len(a.c.Advisory.Editions)) + " -->\n\n")
	}
	b.WriteString("## Security fixes\n\n")
	name := text.Title
	for _, x := range []string{string(a.c.Advisory.ID), text.CVE} {
		if x != "" {
			name += ", " + x
		}
	}
	fmt.Fprintf(&b, "### %s\n\n%s\n\n%s\n\n%s\n", name, strings.TrimSpace(text.Summary), strings.TrimSpace(text.Impact), strings.TrimSpace(text.Resolution))
	if m := strings.TrimSpace(text.Mitigation); m != "" {
		b.WriteString("\nUntil you update: " + m + "\n")
	}
	b.WriteString("\n| Line | Affected | Fixed in | SHA-256 |\n| --- | --- | --- | --- |\n")
	for _, l := range a.c.Lines {
		fmt.Fprintf(&b, "| %s %s | %s | %s | %s |\n", l.Product, l.Name, strings.ReplaceAll(l.Affected, "|", "\\|"), l.Version, l.SHA256)
	}
	return b.String(), nil
}
