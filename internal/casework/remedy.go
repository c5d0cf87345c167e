package casework

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// Remedy says what a release line needs, or which patches it has: links with the hash of what lies there.
func (w *Casework) Remedy(ctx context.Context, who cvd.Actor, about About, in cvd.Remedied) (cvd.View, error) {
	return w.record(ctx, who, about, "remedy", func(a *asking) (cvd.What, error) {
		err := first(
			knownLine(a.p, in.Product, in.Line),
			oneOf("/status", in.Status, "affected", "not_affected", "unsupported", "fix_in_progress", "patched", "exempt", "incomplete"),
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
		if err := a.standing(in); err != nil {
			return cvd.What{}, err
		}
		for i, p := range in.Patches {
			at := fmt.Sprintf("/patches/%d", i)
			if err := first(webLink(at+"/url", p.URL), sha256Hex(at+"/sha256", p.SHA256)); err != nil {
				return cvd.What{}, err
			}
			for j, commit := range p.Commits {
				if err := commitName(fmt.Sprintf("%s/commits/%d", at, j), commit); err != nil {
					return cvd.What{}, err
				}
			}
		}
		return cvd.What{Remedied: &in}, nil
	})
}

// standing refuses what cannot be so of a line: no support where the policy promises it, and a fix that is not the whole of it
// where none was shipped.
func (a *asking) standing(in cvd.Remedied) error {
	switch in.Status {
	case "unsupported":
		if rule, _ := a.p.LineOf(in.Product, in.Line); rule.Eligible {
			return cvd.Fieldf("/status", "the policy promises this line fixes: exempt it, with the reason")
		}
		return require("/because", in.Because, "say since when, or where it is said, that this line gets no fixes")
	case "incomplete":
		if !slices.ContainsFunc(a.c.Lines, func(l cvd.Line) bool {
			return l.Product == in.Product && l.Name == in.Line && (l.Status == "released" || l.Status == "incomplete")
		}) {
			return cvd.Fieldf("/status", "only a fix that was released can turn out not to be the whole of it")
		}
		return require("/because", in.Because, "say what the fix leaves open")
	}
	return nil
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
