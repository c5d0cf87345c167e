package casework

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/url"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// Remedy says what a release line needs, or which patches it has: links with the hash of what lies there.
func (w *Casework) Remedy(ctx context.Context, who cvd.Actor, about About, in cvd.Remedied) (cvd.View, error) {
	return w.record(ctx, who, about, "remedy", func(a *asking) (cvd.What, error) {
		err := first(
			knownLine(a.p, in.Product, in.Line),
			oneOf("/status", in.Status, "affected", "not_affected", "patched", "exempt"),
			readable("/affected", in.Affected), readable("/because", in.Because))
		if err != nil {
			return cvd.What{}, err
		}
		switch {
		case in.Status == "patched" && len(in.Patches) == 0:
			return cvd.What{}, cvd.Fieldf("/patches", "a patched line names its patches by link and SHA-256")
		case (in.Status == "exempt" || in.Status == "not_affected") && in.Because == "":
			return cvd.What{}, cvd.Fieldf("/because", "say why this line gets no patch")
		}
		for i, p := range in.Patches {
			at := fmt.Sprintf("/patches/%d", i)
			if err := first(webLink(at+"/url", p.URL), sha256Hex(at+"/sha256", p.SHA256)); err != nil {
				return cvd.What{}, err
			}
		}
		return cvd.What{Remedied: &in}, nil
	})
}

// knownLine refuses a release line that the policy does not know.
func knownLine(p *policy.Policy, product, line string) error {
	var products, lines []string
	for _, x := range p.Document.Products {
		products = append(products, x.Name)
		if x.Name != product {
			continue
		}
		for _, l := range x.Lines {
			lines = append(lines, l.Name)
		}
	}
	return first(oneOf("/product", product, products...), oneOf("/line", line, lines...))
}

func webLink(field, text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return cvd.Fieldf(field, "write a full web address, beginning with https://")
	}
	return readable(field, text)
}

func sha256Hex(field, text string) error {
	if b, err := hex.DecodeString(text); err != nil || len(b) != 32 {
		return cvd.Fieldf(field, "write the SHA-256 as 64 hexadecimal digits")
	}
	return nil
}
