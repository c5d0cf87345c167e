package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/advisory"
)

// Record is everything that an advisory's formats need, made from the case: the five dates come from events, and the
// release lines from what was recorded of them. At is the instant of publication.
func (w *Casework) Record(ctx context.Context, p *project, c cvd.Case, edition int, id cvd.AdvisoryID, at time.Time) (advisory.Record, error) {
	if edition < 1 || edition > len(c.Advisory.Editions) {
		return advisory.Record{}, fmt.Errorf("case %s has no edition %d", c.ID, edition)
	}
	doc, err := w.policy(ctx, p, c.Policy)
	if err != nil {
		return advisory.Record{}, err
	}
	first := c.Disclosure.At
	if first.IsZero() {
		first = at
	}
	released := c.Marked(cvd.MarkReleased)
	if released.IsZero() && slices.ContainsFunc(c.Lines, func(l cvd.Line) bool { return l.Status == "staged" }) {
		released = at // what is made ready goes out with the disclosure
	}
	r := advisory.Record{ID: id, Project: p.ID, ProjectTitle: doc.Document.Title, Publisher: w.publisher(p), Base: w.base,
		Text: c.Advisory.Editions[edition-1].Text, Severity: c.Severity, Language: doc.Document.Language, Banner: w.banner,
		Timeline: advisory.Timeline{Reported: c.Marked("received"), Confirmed: c.Marked("validated"), Fixed: c.Marked(cvd.MarkFixReady),
			Released: released, Disclosed: first}}
	r.Severity.By, r.Severity.Because, r.Severity.Track = "", "", "" // the team's own affair
	class, _ := doc.Class(c.Severity.Class)
	r.Class = class.Title
	for _, product := range doc.Document.Products {
		lines := linesOf(c, product.Name)
		if len(lines) > 0 {
			r.Products = append(r.Products, advisory.Product{Name: product.Name, Title: product.Title, PURL: product.PURL, Lines: lines})
		}
	}
	r.Credits = slices.DeleteFunc(slices.Clone(c.Credits), func(k cvd.Credit) bool { return !k.Consent })
	for i, past := range c.Disclosure.Past {
		r.Revisions = append(r.Revisions, advisory.Revision{Number: i + 1, At: past.At, Summary: changes(c, past.Edition, i)})
	}
	n := len(r.Revisions)
	r.Revisions = append(r.Revisions, advisory.Revision{Number: n + 1, At: at, Summary: changes(c, edition, n)})
	return r, nil
}

// changes says what an edition changed, for the revision history.
func changes(c cvd.Case, edition, n int) string {
	if text := c.Advisory.Editions[edition-1].Changes; text != "" && n > 0 {
		return text
	}
	if n == 0 {
		return "Published"
	}
	return "Revised"
}

// linesOf are a product's release lines as an advisory tells them.
func linesOf(c cvd.Case, product string) []advisory.Line {
	var out []advisory.Line
	for _, l := range c.Lines {
		if l.Product != product || l.Status == "unknown" {
			continue
		}
		a := advisory.Line{Name: l.Name, Status: l.Status, Affected: l.Affected, Fixed: l.Version, Tag: l.Tag, Commit: l.Commit,
			URL: l.URL, SHA256: l.SHA256}
		switch l.Status {
		case "released", "staged":
			a.Status = "fixed"
		case "unsupported":
			a.Status = "exempt"
		case "patched", "fix_in_progress", "incomplete":
			a.Status = "affected"
		}
		out = append(out, a)
	}
	return out
}

// publisher is the project as the publisher of its advisories.
func (w *Casework) publisher(p *project) advisory.Publisher {
	doc := p.inForce().Document
	namespace := doc.Website
	if namespace == "" {
		namespace = w.base + "/p/" + string(p.ID)
	}
	contact := doc.Contacts.Mail
	if contact == "" {
		contact = w.base + "/p/" + string(p.ID) + "/report"
	}
	return advisory.Publisher{Name: doc.Title, Namespace: namespace, Contact: contact, Category: "vendor"}
}

// complete refuses an advisory that lacks a part which the policy promises.
func complete(a *asking, r advisory.Record) error {
	var says []string
	for _, p := range advisory.Check(r) {
		if a.promised(p) {
			says = append(says, p.Says+": "+p.Fix)
		}
	}
	if len(says) == 0 {
		return nil
	}
	e := cvd.Errorf(cvd.Refused, "the advisory is not complete: %s", strings.Join(says, "; "))
	e.Clause = "advisory.parts"
	return e
}

// promised says whether a problem is of a part which the policy promises, or of an identifier that would lead nowhere.
func (a *asking) promised(p advisory.Problem) bool {
	parts := map[string]string{"description": "summary", "impact": "impact", "affected": "affected", "resolution": "resolution",
		"mitigation": "mitigation", "credit": "credit"}
	return strings.Contains(p.Field, "cve") || strings.Contains(p.Field, "cwe") ||
		slices.ContainsFunc(a.p.Document.Advisory.Parts, func(part string) bool {
			return strings.Contains(p.Field, parts[part]) && parts[part] != "" || part == "affected" && p.Field == "products"
		})
}
