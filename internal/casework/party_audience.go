package casework

import (
	"context"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// AudienceOnCase is an audience of the policy, as a case could ask its members to take part.
type AudienceOnCase struct {
	Name, Title string
	Left        int // members whom nobody asked yet
	Here        int // those who were asked already
}

// AudiencesOn are the audiences that have members, for who may invite and keeps the register; nobody else learns their sizes.
func (w *Casework) AudiencesOn(ctx context.Context, who cvd.Actor, id cvd.CaseID) (all []AudienceOnCase, err error) {
	if !KeepsRegister(who) {
		return nil, nil
	}
	a, err := w.open(ctx, who, About{Case: id})
	if err != nil {
		return nil, err
	}
	for _, x := range a.p.Document.Audiences {
		members, err := w.Members(ctx, who.Project, x.Name, id)
		if err != nil {
			return nil, err
		}
		left := notAsked(&a.c, members)
		if len(members) > 0 {
			all = append(all, AudienceOnCase{Name: x.Name, Title: x.Title, Left: len(left), Here: len(members) - len(left)})
		}
	}
	return all, nil
}

// InviteAudience invites each member of an audience whom nobody asked yet, by the same step as one alone, and says how many that
// were. Who is not told anything, or said no to this case, is left out.
func (w *Casework) InviteAudience(ctx context.Context, who cvd.Actor, id cvd.CaseID, audience string) (int, error) {
	if err := keepsRegister(who); err != nil {
		return 0, err
	}
	a, err := w.open(ctx, who, About{Case: id})
	if err != nil {
		return 0, err
	}
	var names []string
	for _, x := range a.p.Document.Audiences {
		names = append(names, x.Name)
	}
	if err := oneOf("/audience", audience, names...); err != nil {
		return 0, err
	}
	members, err := w.Members(ctx, who.Project, audience, id)
	if err != nil {
		return 0, err
	}
	var list []PartyLine
	for i, m := range notAsked(&a.c, members) {
		list = append(list, PartyLine{Line: i + 1, Party: partyOf(m)})
	}
	list, err = w.ImportParties(ctx, who, id, list, true, true)
	for _, x := range list {
		if err == nil && x.Wrong != "" {
			err = cvd.Fieldf("/audience", "nobody was invited, because of %s: %s", x.Party.Name, x.Wrong)
		}
	}
	return len(list), err
}

// notAsked are the members of an audience whom a case has not asked, each address once.
func notAsked(c *cvd.Case, members []cvd.Addressee) (left []cvd.Addressee) {
	for _, m := range members {
		p := onCase(c, m.Name, m.Mail())
		twice := slices.ContainsFunc(left, func(x cvd.Addressee) bool { return strings.EqualFold(x.Mail(), m.Mail()) })
		if (p == nil || p.InvitedAt.IsZero()) && !twice {
			left = append(left, m)
		}
	}
	return left
}

// partyOf is a member of an audience as a party of a case.
func partyOf(m cvd.Addressee) cvd.Nominated {
	n := cvd.Nominated{Name: m.Name, Kind: m.AsParty(), Address: m.Mail(), Zone: m.Zone, Audience: m.Audience, Weights: m.Weights}
	for _, h := range m.Handles {
		if h.Is != n.Address {
			n.Contacts = append(n.Contacts, h)
		}
	}
	return n
}
