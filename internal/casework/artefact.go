package casework

import (
	"context"
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
)

// Artefact says what a further channel of distribution gives out of a release. The program looks whether it does.
func (w *Casework) Artefact(ctx context.Context, who cvd.Actor, about About, in cvd.Distributed) (cvd.View, error) {
	return w.record(ctx, who, about, "artefact", func(a *asking) (cvd.What, error) {
		return cvd.What{Distributed: &in}, first(
			a.releasedLine(in.Product, in.Line),
			oneOf("/channel", in.Channel, a.p.Distribution(in.Product)...),
			webLink("/url", in.URL), sha256Hex("/sha256", in.SHA256), optionalLink("/signature", in.Signature))
	})
}

// Exempt says why a channel gives nothing out of a release, or why the program cannot look at it.
func (w *Casework) Exempt(ctx context.Context, who cvd.Actor, about About, in cvd.Exempted) (cvd.View, error) {
	return w.record(ctx, who, about, "exempt", func(a *asking) (cvd.What, error) {
		return cvd.What{Exempted: &in}, first(
			a.releasedLine(in.Product, in.Line),
			oneOf("/channel", in.Channel, a.p.Distribution(in.Product)...),
			require("/because", in.Because, "say why nobody has to look there"))
	})
}

// releasedLine refuses a line that has no release yet.
func (a *asking) releasedLine(product, line string) error {
	if err := knownLine(a.p, product, line); err != nil {
		return err
	}
	i := slices.IndexFunc(a.c.Lines, func(l cvd.Line) bool { return l.Product == product && l.Name == line })
	if i < 0 || a.c.Lines[i].Status != "released" && a.c.Lines[i].Status != "staged" {
		return cvd.Errorf(cvd.Refused, "%s %s has no release yet: record that first", product, line)
	}
	return nil
}

// optionalLink refuses what is no web address, where there is something.
func optionalLink(field, text string) error {
	if text == "" {
		return nil
	}
	return webLink(field, text)
}
