package casework

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/seal"
)

// Invite asks somebody to take part in one case: a candidate, somebody who was asked before, or somebody new. They read the
// terms and answer before they learn a word of what it is about. The code is shown once and kept nowhere; who has an address
// gets a letter with a link besides, and with their answer a code of their own.
func (w *Casework) Invite(ctx context.Context, who cvd.Actor, about About, in cvd.Invitation) (v cvd.View, code string, err error) {
	var secret string
	v, err = w.record(ctx, who, about, "invite", func(a *asking) (cvd.What, error) {
		i, drawn, err := w.invitation(a, in)
		secret = drawn
		return cvd.What{Invitation: &i}, err
	})
	return v, string(about.Case) + "-" + secret, err
}

// invitation completes what is asked of a party.
func (w *Casework) invitation(a *asking, in cvd.Invitation) (i cvd.Invitation, secret string, err error) {
	if i = in; in.Party != "" {
		p := a.c.Party(in.Party)
		if p == nil {
			return i, "", cvd.Fieldf("/party", "the case has no party %s", in.Party)
		}
		i = a.filled(in, p)
	} else if p := onCase(&a.c, in.Name, in.Address); p != nil && in.Address != "" {
		return i, "", cvd.Fieldf("/address", "this is the address of %s, who is on the case already: ask them again as party %s", p.Name, p.ID)
	}
	said := sensible(cvd.Nominated{Name: i.Name, Kind: i.Kind, Organisation: i.Organisation, Address: i.Address, Contacts: i.Contacts,
		Zone: i.Zone, Component: i.Component, Audience: i.Audience, Weights: i.Weights})
	if err := described(a, said); err != nil {
		return i, "", err
	}
	i.Name, i.Kind, i.Address, i.Zone, i.Contacts = said.Name, said.Kind, said.Address, said.Zone, said.Contacts
	if err := a.forGuests(i.Roles); err != nil {
		return i, "", err
	}
	switch {
	case !i.Until.IsZero() && !i.Until.After(a.now):
		return i, "", cvd.Fieldf("/until", "%s is past", cvd.Instant(i.Until))
	case !in.AnswerBy.IsZero() && !in.AnswerBy.After(a.now):
		return i, "", cvd.Fieldf("/answer_by", "%s is past", cvd.Instant(in.AnswerBy))
	}
	if secret, err = seal.NewSecret(w.rand); err != nil {
		return i, "", fmt.Errorf("draw invitation code: %w", err)
	}
	i.Salt = make([]byte, 16)
	if _, err := w.rand.Read(i.Salt); err != nil {
		return i, "", fmt.Errorf("draw invitation link: %w", err)
	}
	i.ID = cmp.Or(in.Party, nextParty(&a.c))
	i.Ends = a.p.GuestEnds(i.Roles)
	i.Code = seal.HashSecret(string(a.who.Project), string(a.c.ID), secret)
	i.Until, i.AnswerBy = i.Until.UTC().Truncate(time.Microsecond), a.answerBy(in.AnswerBy)
	i.Embargo = a.offered()
	return i, secret, nil
}

// forGuests refuses a role that gives a guest nothing.
func (a *asking) forGuests(roles []string) error {
	may := a.p.GuestRoles()
	for n, r := range roles {
		field := fmt.Sprintf("/roles/%d", n)
		known := slices.ContainsFunc(a.p.Document.Roles, func(x policy.Role) bool { return x.Name == r })
		switch {
		case slices.Contains(may, r):
		case len(may) == 0:
			return cvd.Fieldf(field, "the policy has no role for guests: leave this out, and they read and coordinate like every party")
		case known:
			return cvd.Fieldf(field, "the role %s gives a guest nothing: for guests the policy has %s. Without one they read and coordinate", r, strings.Join(may, ", "))
		default:
			return oneOf(field, r, may...)
		}
	}
	return nil
}

// filled is an invitation with what is known of its party where it says nothing else.
func (a *asking) filled(in cvd.Invitation, p *cvd.Party) cvd.Invitation {
	in.Name, in.Kind = cmp.Or(in.Name, p.Name), cmp.Or(in.Kind, p.Kind)
	in.Organisation, in.Address, in.Zone = cmp.Or(in.Organisation, p.Organisation), cmp.Or(in.Address, p.Address), cmp.Or(in.Zone, p.Zone)
	in.Component, in.Audience = cmp.Or(in.Component, p.Component), cmp.Or(in.Audience, p.Audience)
	if in.Contacts == nil {
		in.Contacts = p.Contacts
	}
	if in.Weights == nil {
		in.Weights = p.Weights
	}
	if in.Roles == nil { // of old invitations, those that gave nothing are left out
		in.Roles = slices.DeleteFunc(slices.Clone(p.Roles), func(r string) bool { return !slices.Contains(a.p.GuestRoles(), r) })
	}
	if in.Until.IsZero() {
		in.Until = p.Until
	}
	return in
}

// answerBy is until when the answer to an invitation is waited for. In an emergency there is no least.
func (a *asking) answerBy(asked time.Time) time.Time {
	return a.p.AnswerBy(a.c, asked, a.now).UTC().Truncate(time.Microsecond)
}
