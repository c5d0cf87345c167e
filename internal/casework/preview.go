package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/advisory"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Preview is an edition of an advisory as it would be published.
type Preview struct {
	ID      cvd.AdvisoryID // the one it has; before it is armed, the one it would get if it were the next
	At      time.Time      // the instant that its dates were made with
	Formats []Rendering    // in the order in which a page offers them
	Missing []Missing      // what is incomplete or contradicts itself
	Beside  Compared       // what it tells and no patch holds, of those that the asker may read
}

// Rendering is the advisory in one format.
type Rendering struct {
	cvd.Document
	Name, Title string // "csaf", "CSAF 2.0"
	Lacks       string // why there is no document, empty if there is
}

// Missing is something that an advisory still lacks.
type Missing struct {
	Field, Says, Fix string // as advisory.Problem has them
	Needed           bool   // the policy refuses publication without it
}

// Preview writes an edition in every format without keeping anything: edition 0 is the newest. A text is shown as if it were
// kept as the next edition. It is for those who work on the case.
func (w *Casework) Preview(ctx context.Context, who cvd.Actor, id cvd.CaseID, edition int, text *cvd.AdvisoryText) (Preview, error) {
	a, _, err := w.openForWork(ctx, who, id)
	if err != nil {
		return Preview{}, err
	}
	c := a.c
	if text != nil {
		next := cvd.Edition{Number: len(c.Advisory.Editions) + 1, At: a.now, By: who.ID, Text: *text}
		c.Advisory.Editions = append(slices.Clone(c.Advisory.Editions), next)
		edition = next.Number
	}
	if edition == 0 {
		edition = len(c.Advisory.Editions)
	}
	if edition < 1 || edition > len(c.Advisory.Editions) {
		return Preview{}, cvd.Errorf(cvd.NotFound, "the advisory has no such edition")
	}
	at := a.now
	c, at = asPublished(c, edition, at)
	out := Preview{At: at}
	if out.ID, err = w.advisoryID(ctx, a, c, at); err != nil {
		return Preview{}, err
	}
	r, err := w.Record(ctx, a.project, c, edition, out.ID, at)
	if err != nil {
		return Preview{}, err
	}
	for _, p := range advisory.Check(r) {
		out.Missing = append(out.Missing, Missing{Field: p.Field, Says: p.Says, Fix: p.Fix, Needed: a.promised(p)})
	}
	if out.Beside, err = w.compare(ctx, a, c.Advisory.Editions[edition-1], nil); err != nil {
		return Preview{}, err
	}
	out.Formats, err = renderings(r)
	return out, err
}

// asPublished is the case and the instant that an edition is written with: of one that is armed or was published last, those
// of its publication.
func asPublished(c cvd.Case, edition int, now time.Time) (cvd.Case, time.Time) {
	past := c.Disclosure.Past
	switch n := len(past) - 1; {
	case c.Disclosure.Armed() && c.Disclosure.Edition == edition:
		return c, c.Disclosure.Due
	case n >= 0 && past[n].Edition == edition:
		c.Disclosure.Past = past[:n]
		return c, past[n].At
	}
	return c, now
}

// advisoryID is the number of a case's advisory, or the one that it would get at an instant if no other comes before it.
func (w *Casework) advisoryID(ctx context.Context, a *asking, c cvd.Case, at time.Time) (cvd.AdvisoryID, error) {
	if c.Advisory.ID != "" {
		return c.Advisory.ID, nil
	}
	known, err := w.store.Publications(ctx, a.who.Project)
	if err != nil {
		return "", fmt.Errorf("read publications of %s: %w", a.who.Project, err)
	}
	for _, b := range known {
		if b.Case == c.ID && b.State == store.Armed {
			id, _, _ := strings.Cut(b.ID, ".")
			return cvd.AdvisoryID(id), nil
		}
	}
	listed, err := w.published(ctx, known)
	if err != nil {
		return "", err
	}
	return cvd.NewAdvisoryID(a.p.Document.Prefix, at.Year(), next(listed.entries, at.Year())), nil
}

// renderings are a record in every format; what a format refuses to be written without is said in its place.
func renderings(r advisory.Record) ([]Rendering, error) {
	var all []Rendering
	for _, f := range advisory.All {
		one := Rendering{Name: f.Name, Title: f.Title, Document: cvd.Document{Path: "/p/" + string(r.Project) + "/" + f.Path(r), Type: f.Type}}
		body, err := f.Write(r)
		switch kind := cvd.KindOf(err); {
		case err == nil:
			one.Body = body
		case kind == cvd.Invalid:
			one.Lacks = err.Error()
		default:
			return nil, fmt.Errorf("write a preview as %s: %w", f.Name, err)
		}
		all = append(all, one)
	}
	return all, nil
}
