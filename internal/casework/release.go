package casework

import (
	"context"
	"slices"
	"unicode/utf8"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/advisory"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// Release records the release that holds the fix of one line. Where the policy releases and discloses in one step, what is
// recorded before the disclosure is made ready and goes out with it.
func (w *Casework) Release(ctx context.Context, who cvd.Actor, about About, in cvd.Released) (cvd.View, error) {
	return w.record(ctx, who, about, "release", func(a *asking) (cvd.What, error) {
		r := in
		err := first(
			knownLine(a.p, r.Product, r.Line),
			require("/version", r.Version, "name the version that holds the fix"), shortName("/version", r.Version),
			ofLine(a.p, r),
			require("/tag", r.Tag, "name the tag"), shortName("/tag", r.Tag), commitName("/commit", r.Commit),
			webLink("/url", r.URL), sha256Hex("/sha256", r.SHA256), optionalLink("/signature", r.Signature), a.distribution(r))
		d := a.p.Document.Disclosure
		together := d.With == "release" && (len(d.Tracks) == 0 || slices.Contains(d.Tracks, a.c.Track))
		r.Staged = together && a.c.Disclosure.At.IsZero() && !a.c.Emergency()
		return cvd.What{Released: &r}, err
	})
}

// longestName is how many characters a version or a tag may have.
const longestName = 100

func shortName(field, text string) error {
	if utf8.RuneCountInString(text) > longestName {
		return cvd.Fieldf(field, "this has more than %d characters: give the version or the tag, and nothing besides", longestName)
	}
	return cvd.Shows(field, text)
}

// ofLine refuses a version that is of another release line, as far as the policy says which versions a line has.
func ofLine(p *policy.Policy, r cvd.Released) error {
	for _, product := range p.Document.Products {
		for _, l := range product.Lines {
			if product.Name != r.Product || l.Name != r.Line {
				continue
			}
			if in, known := advisory.Within(r.Version, l.Versions); known && !in {
				return cvd.Fieldf("/version", "%s is no version of the line %s, which has %s: name the version of this line that holds the fix, or the line that has it",
					r.Version, l.Name, l.Versions)
			}
		}
	}
	return nil
}

// distribution refuses a channel that the product does not have.
func (a *asking) distribution(r cvd.Released) error {
	return oneOf("/channel", r.Channel, a.p.Distribution(r.Product)...)
}
