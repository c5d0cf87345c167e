package app

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/prose"
)

// Finding is one thing that is wrong with what a project has published: a copy says something else, names somebody who
// left, or sends people where nobody is.
type Finding struct {
	Copy string `json:"copy"` // the file or page; empty for what is wrong with the policy itself
	Kind string `json:"kind"` // a change of package prose, or handle, left, link
	prose.Difference
}

// String is the finding for people: where, what, and what changed.
func (f Finding) String() string {
	var b strings.Builder
	b.WriteString(cmp.Or(f.Copy, "the policy"))
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d", f.Line)
	}
	b.WriteString(": " + f.Says)
	switch {
	case f.Words != "":
		b.WriteString("\n    " + f.Words)
	case f.Want != "" && f.Published == "":
		b.WriteString("\n    - " + f.Want)
	case f.Published != "":
		b.WriteString("\n    + " + f.Published)
	}
	return b.String()
}

// Compare says how a published copy differs from the text that it should be, which addresses in it reach nobody, and whom it
// names of those who left.
func Compare(want []byte, place string, page []byte, left []string) []Finding {
	var all []Finding
	for _, d := range prose.Drift(want, page) {
		all = append(all, Finding{Copy: place, Kind: string(d.Change), Difference: d})
	}
	if prose.Text(page) != nil { // said already
		return all
	}
	for _, h := range prose.Handles(page) {
		if h.Wrong != "" {
			all = append(all, Finding{Copy: place, Kind: "handle", Difference: prose.Difference{Line: h.Line, Published: h.Name, Says: "nobody is reached there: " + h.Wrong}})
		}
	}
	for _, m := range prose.Names(page, left) {
		all = append(all, Finding{Copy: place, Kind: "left", Difference: prose.Difference{Line: m.Line, Published: m.Text, Says: m.Name + " left and is still named"}})
	}
	return all
}

// Leavers are the people that the document says left, by every name and address it has of them.
func Leavers(p *policy.Policy) []string {
	var all []string
	for _, m := range p.Document.People {
		if m.Left == "" {
			continue
		}
		all = append(all, m.Name)
		if m.Title != "" {
			all = append(all, m.Title)
		}
		for _, h := range m.Reach {
			all = append(all, h.Is)
		}
	}
	return all
}

// mostLinks is how many links of a policy are tried.
const mostLinks = 50

// DeadLinks are the links and invites of a rendered policy that lead nowhere; those into the installation itself are not asked.
func DeadLinks(ctx context.Context, text []byte, base string) []Finding {
	return NewPages().dead(ctx, text, base)
}

func (p Pages) dead(ctx context.Context, text []byte, base string) []Finding {
	var all []Finding
	links := prose.Links(text)
	for _, l := range links[:min(len(links), mostLinks)] {
		if u, err := url.Parse(l.Name); err != nil || base != "" && strings.HasPrefix(l.Name, base+"/") || strings.HasSuffix(u.Hostname(), "example.org") {
			continue
		}
		if why := p.Dead(ctx, l.Name); why != "" {
			all = append(all, Finding{Kind: "link", Difference: prose.Difference{Line: l.Line, Published: l.Name, Says: "the link is dead: " + why}})
		}
	}
	return all
}
