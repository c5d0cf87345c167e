package casework

import (
	"context"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// Credit names somebody who helped. Without consent the name stays inside. A reporter says how they want to be named
// themselves, for their own report, and may say otherwise at any time.
func (w *Casework) Credit(ctx context.Context, who cvd.Actor, about About, in cvd.Credited) (cvd.View, error) {
	return w.record(ctx, who, about, "credit", func(a *asking) (cvd.What, error) {
		k := in
		if who.Standing == cvd.Finder {
			k = ownCredit(a.c, who.Report, in)
		}
		if k.Report < 0 || k.Report > len(a.c.Reports) {
			return cvd.What{}, cvd.Fieldf("/report", "the case has %d reports", len(a.c.Reports))
		}
		if takenBack(a.c, k, who) {
			return cvd.What{}, cvd.Errorf(cvd.Refused, "who bears this name has said not to be named: ask them on the report's page")
		}
		if k.Consent || who.Standing != cvd.Finder {
			if err := require("/name", k.Name, "write the name as the person wishes it"); err != nil {
				return cvd.What{}, err
			}
		}
		return cvd.What{Credited: &k}, first(shortLine("/name", k.Name),
			require("/role", k.Role, "name the role: finder, reporter, remediation_developer, tester"))
	})
}

// takenBack says whether a name is to be written that its reporter took back.
func takenBack(c cvd.Case, k cvd.Credited, who cvd.Actor) bool {
	if who.Standing == cvd.Finder || !k.Consent {
		return false
	}
	return slices.ContainsFunc(c.Credits, func(was cvd.Credit) bool {
		return was.Report > 0 && was.Report <= len(c.Reports) && !was.Consent && was.Name == "" &&
			(k.Report == was.Report || k.Name == c.Reports[was.Report-1].Credit)
	})
}

// ownCredit is what a reporter says of their own name. Who takes it back need not repeat it.
func ownCredit(c cvd.Case, report int, in cvd.Credited) cvd.Credited {
	k := cvd.Credited{Name: strings.TrimSpace(in.Name), Role: "finder", Consent: in.Consent, Report: report}
	if was, ok := c.CreditOf(report); ok {
		k.Role = was.Role
	}
	if !k.Consent {
		k.Name = "" // what is not to be known is not written down again
	}
	return k
}
