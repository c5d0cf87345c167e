package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// Distribution is the channels by which a line's release has to be there: the release itself, and those of its product.
func (p *Policy) Distribution(product string) []string {
	all := []string{""}
	for _, x := range p.Document.Products {
		if x.Name == product {
			all = append(all, x.Channels...)
		}
	}
	return all
}

// ReleaseKeys are the public keys that sign a product's releases.
func (p *Policy) ReleaseKeys(product string) []string {
	for _, x := range p.Document.Products {
		if x.Name == product {
			return x.Keys
		}
	}
	return nil
}

// Unverified says for each channel of a line what is missing before its release counts as seen by the program. The release
// itself may be recorded as one of the channels; then nothing else is asked of it.
func (p *Policy) Unverified(c cvd.Case, product, line string) (open []string) {
	i := slices.IndexFunc(c.Lines, func(l cvd.Line) bool { return l.Product == product && l.Name == line })
	if i < 0 || c.Lines[i].Status != "released" {
		return nil // it has no release
	}
	l := c.Lines[i]
	for _, channel := range p.Distribution(product) {
		name := product + " " + line
		if channel != "" {
			name += " by " + channel
		}
		a, there := l.ArtefactOf(channel)
		switch {
		case !there && channel == "" && slices.ContainsFunc(l.Artefacts, func(a cvd.Artefact) bool { return a.URL == l.URL }):
		case !there:
			open = append(open, name+" (not recorded)")
		case a.Exempt != "":
		case a.Saw.At.IsZero():
			open = append(open, name+" (not looked at yet)")
		case !a.Saw.Good():
			open = append(open, fmt.Sprintf("%s (%s)", name, strings.TrimSuffix(a.Saw.Failed, ".")))
		}
	}
	return open
}

// Repository is where everybody reads the code of a product, "" where the policy does not say.
func (p *Policy) Repository(product string) string {
	for _, x := range p.Document.Products {
		if x.Name == product {
			return x.Repository
		}
	}
	return ""
}
