package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// claiming is where a reporter or a party says that the matter is public, exploited or attacked, with what became of it before.
type claiming struct {
	Root, Code string // of the form
	Open       bool   // whether they may say so now
	Facts      []choice
	Evidence   string // what was typed and not taken
	Field      string // that is wrong: fact, evidence
	Error      string
	Said       []claimSheet
}

type claimSheet struct {
	At                       moment
	Fact, Evidence, Is, Says string
}

// claimable are the facts that may be claimed, in words.
var claimable = []choice{
	{Value: "public", Label: "It is public, or it leaked"},
	{Value: "exploit_public", Label: "Code that exploits it is public"},
	{Value: "attacks", Label: "It is being attacked"},
}

// claimingOf lays out the claims of one who takes part; nil if they made none and may make none.
func claimingOf(view cvd.View, root, code string, z zone) *claiming {
	v := &claiming{Root: root, Code: code, Open: offered(view, "claim"), Facts: slices.Clone(claimable)}
	if view.Tier == cvd.ForInvited && len(view.Parties) > 0 { // who was in knows the matter, whether or not they signed today's terms
		p := view.Parties[0]
		v.Open = p.Joined() && p.Kind != "" && !p.Gone()
	}
	for _, k := range view.Claims {
		x := claimSheet{At: z.at(k.At), Evidence: k.Evidence, Is: "waits for the project's answer", Says: k.Because}
		if k.Answer != "" {
			x.Is = k.Answer
		}
		for _, f := range claimable {
			if f.Value == k.Fact {
				x.Fact = f.Label
			}
		}
		v.Said = append(v.Said, x)
	}
	if !v.Open && len(v.Said) == 0 {
		return nil
	}
	return v
}

// claim takes the word of one who takes part that the matter is public, exploited or attacked.
func (s *server) claim(w http.ResponseWriter, r *http.Request) error {
	return s.held(w, r, func(h held) error {
		in := cvd.Claimed{Fact: h.sent.values.Get("fact"), Evidence: h.sent.values.Get("evidence")}
		_, err := s.Casework.Claim(r.Context(), h.who, casework.About{Case: h.who.Case}, in)
		if e, ok := errors.AsType[*cvd.Error](err); ok {
			return s.status(w, r, h, func(v *statusView) int { return v.notClaimed(in, e) })
		}
		if err != nil {
			return err
		}
		return s.again(w, r, h, "The project was told. It looks at it and answers here.")
	})
}

// notClaimed shows what is wrong with a claim, and keeps what was typed.
func (v *statusView) notClaimed(in cvd.Claimed, e *cvd.Error) int {
	field := strings.TrimPrefix(e.Field, "/")
	v.Problems = &problems{Heading: "Nothing was said yet", Lines: []problem{{field, upperFirst(e.Says) + clauseOf(e)}}}
	if c := v.Claiming; c != nil {
		c.Evidence, c.Field, c.Error = in.Evidence, field, upperFirst(e.Says)
		for i := range c.Facts {
			c.Facts[i].Chosen = c.Facts[i].Value == in.Fact
		}
	}
	return statuses[e.Kind].code
}
