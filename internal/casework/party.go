package casework

import (
	"cmp"
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/seal"
)

// described checks what is said of a party, whoever says it.
func described(a *asking, p cvd.Nominated) error {
	var audiences []string
	for _, x := range a.p.Document.Audiences {
		audiences = append(audiences, x.Name)
	}
	err := first(require("/name", p.Name, "name the party"), shortLine("/name", p.Name),
		shortLine("/organisation", p.Organisation), shortLine("/component", p.Component), readable("/because", p.Because))
	switch {
	case err != nil:
		return err
	case !slices.Contains(cvd.PartyKinds, p.Kind):
		return cvd.Fieldf("/kind", "%q is no kind of party: vendor, downstream, distributor, validator, expert, coordinator, csirt or other", p.Kind)
	case p.Address != "" && !mailable(p.Address):
		return cvd.Fieldf("/address", "this is no mail address: leave it out if there is none")
	case p.Audience != "" && !slices.Contains(audiences, p.Audience):
		return cvd.Fieldf("/audience", "the policy has no audience %q", p.Audience)
	}
	if _, err := Zone("/zone", p.Zone); err != nil {
		return err
	}
	for name, n := range p.Weights {
		if n < 0 || n > 1<<50 {
			return cvd.Fieldf("/weights", "%s is a whole number from 0 to 2^50", name)
		}
		if err := name1("/weights", name); err != nil {
			return err
		}
	}
	for i, h := range p.Contacts {
		field := fmt.Sprintf("/contacts/%d", i)
		if err := first(require(field, h.Is, "write the handle"), shortLine(field, h.Is), name1(field, h.Service)); err != nil {
			return err
		}
	}
	return nil
}

// name1 refuses what is not a word of the process, such as the name of a weight.
func name1(field, word string) error { return name(field, word, "write its name as voting_power") }

// mailable says whether a letter can go to an address.
func mailable(address string) bool {
	local, domain, ok := strings.Cut(address, "@")
	return ok && local != "" && strings.Contains(domain, ".") && len(address) <= 254 && !strings.ContainsAny(local+domain, " \t\r\n<>,;@\"")
}

// onCase finds a party of the case that is the one described: of the same address, else of the same name.
func onCase(c *cvd.Case, name, address string) *cvd.Party {
	for i := range c.Parties {
		p := &c.Parties[i]
		if sameParty(p.Name, p.Address, name, address) {
			return p
		}
	}
	return nil
}

// sameParty says whether two are one party: by their addresses, or, where one has none, by their names.
func sameParty(name, address, otherName, otherAddress string) bool {
	if address == "" || otherAddress == "" {
		return strings.EqualFold(name, otherName)
	}
	return strings.EqualFold(address, otherAddress)
}

// nextParty is the id of the party that is added next.
func nextParty(c *cvd.Case) cvd.ActorID {
	return cvd.ActorID("guest:" + strconv.Itoa(len(c.Parties)+1))
}

// sensible gives what is said of a party the form in which it is kept.
func sensible(p cvd.Nominated) cvd.Nominated {
	p.Name, p.Address, p.Zone = strings.TrimSpace(p.Name), strings.TrimSpace(p.Address), strings.TrimSpace(p.Zone)
	p.Kind = cmp.Or(p.Kind, cvd.OtherParty)
	for i := range p.Contacts {
		p.Contacts[i].Verified = p.Contacts[i].Verified.UTC().Truncate(time.Microsecond)
	}
	return p
}

// linkLetters is how the secret part of an invitation's link is written: 160 bits.
var linkLetters = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// link is the address in the letter of an invitation. It leads to the terms, and once somebody answered, to nothing: it opens
// no case. It is worked out anew whenever it is needed and kept nowhere.
func (w *Casework) link(ctx context.Context, c *cvd.Case, p *cvd.Party) (string, error) {
	mac, err := w.store.MAC(ctx, c.Project, "invitation", string(c.ID), string(p.ID), string(p.Salt))
	if err != nil {
		return "", err
	}
	return string(c.ID) + "." + strings.TrimPrefix(string(p.ID), "guest:") + "." + linkLetters.EncodeToString(mac[:20]), nil
}

// Invitee is who was asked to take part and comes by the link of the letter: somebody who may read the terms and answer. A link
// that is wrong, old or used is the same answer.
func (w *Casework) Invitee(ctx context.Context, project cvd.ProjectID, link string) (cvd.Actor, error) {
	nobody := cvd.Errorf(cvd.NotFound, "this link does not fit any more: an answer was given, or a newer letter was sent")
	parts := strings.Split(strings.TrimSpace(link), ".")
	if len(parts) != 3 {
		return cvd.Actor{}, nobody
	}
	id := cvd.CaseID(parts[0])
	if _, err := w.project(project); err != nil {
		return cvd.Actor{}, nobody
	}
	c, err := w.store.Case(ctx, project, id)
	if err != nil && !errors.Is(err, cvd.NotFound) {
		return cvd.Actor{}, err
	}
	p := c.Party(cvd.ActorID("guest:" + parts[1]))
	if p == nil {
		p = &cvd.Party{} // the same work for what is not there
	}
	want, err := w.link(ctx, &cvd.Case{Project: project, ID: id}, &cvd.Party{ID: cvd.ActorID("guest:" + parts[1]), Salt: p.Salt})
	if err != nil {
		return cvd.Actor{}, err
	}
	fits := seal.SameSecret(seal.HashToken(want), seal.HashToken(strings.TrimSpace(link)))
	if !fits || len(p.Salt) == 0 || p.Joined() || p.Refused || p.Gone() || !c.Admits(*p, w.Now()) {
		return cvd.Actor{}, nobody
	}
	return cvd.Actor{Project: project, ID: p.ID, Name: p.Name, Standing: cvd.Guest, Case: id, Can: []cvd.Capability{"answer"}}, nil
}
