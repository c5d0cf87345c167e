package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/seal"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Audience is a group of people who are told, as the policy has it.
type Audience = policy.Audience

// Application is what somebody sends who wants to be in an audience.
type Application struct {
	Kind    string // person, organisation
	Name    string
	Handles []cvd.Handle // the first one is the mail address
	Zone    string
	Key     string // armored OpenPGP key
	Meets   []int  // the criteria that they say they meet, from 0
	Agrees  bool   // to be written to, and to their address being kept
	Accepts bool   // the embargo of all cases, where the audience accepts once
	Voucher cvd.Voucher
	Says    string
}

// mostApplications is how many applications of an hour may wait for the proof of their address: more is an attack on the addresses.
const mostApplications = 60

// JoinableAudiences are those of the policy in force that one may ask to be in.
func (w *Casework) JoinableAudiences(project cvd.ProjectID) ([]Audience, error) {
	p, err := w.project(project)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(p.inForce().Document.Audiences), func(a Audience) bool { return !joinable(a) }), nil
}

// joinable says whether an audience takes applications: the policy says who may join, or that everybody may.
func joinable(a Audience) bool {
	return a.Open || len(a.Criteria) > 0 || a.Voucher || a.Answer != (policy.Duration{})
}

// JoinableAudience is one that takes applications.
func (w *Casework) JoinableAudience(project cvd.ProjectID, name string) (Audience, error) {
	all, err := w.JoinableAudiences(project)
	if err != nil {
		return Audience{}, err
	}
	i := slices.IndexFunc(all, func(a Audience) bool { return a.Name == name })
	if i < 0 {
		return Audience{}, cvd.Errorf(cvd.NotFound, "there is no such list to join")
	}
	return all[i], nil
}

// Join asks that somebody becomes a member. The answer is the same whether the address is known or not: what it means stands in
// the letter to it, which proves the address too.
func (w *Casework) Join(ctx context.Context, project cvd.ProjectID, name string, in Application) error {
	a, err := w.JoinableAudience(project, name)
	if err != nil {
		return err
	}
	p, err := w.project(project)
	if err != nil {
		return err
	}
	m := in.Member(a)
	if errs := in.Problems(a, &m); len(errs) > 0 {
		return errs[0]
	}
	m.AppliedAt = w.Now()
	m.Consent = cvd.Consent{How: "form", Policy: p.Policy} // its instant is that of the proof: until then somebody else may have typed it
	all, err := w.addressees(ctx, project, "")
	if err != nil {
		return err
	}
	if waitsForProof(all, w.Now()) >= mostApplications {
		e := cvd.Errorf(cvd.TooMany, "too many applications come in at the moment: try again in an hour")
		e.After = time.Hour
		return e
	}
	who := cvd.Nobody(project)
	i := slices.IndexFunc(all, func(x addressee) bool { return x.Audience == name && strings.EqualFold(x.Mail(), m.Mail()) })
	if i < 0 {
		return w.addMember(ctx, who, m, askedToProve)
	}
	return w.applyAgain(ctx, who, all[i], m)
}

func waitsForProof(all []addressee, now time.Time) (n int) {
	for _, m := range all {
		if m.State == cvd.MemberApplied && m.ProvedAt.IsZero() && now.Sub(m.AppliedAt) < time.Hour {
			n++
		}
	}
	return n
}

// Member is what an application makes of somebody.
func (in Application) Member(a Audience) cvd.Addressee {
	return cvd.Addressee{Audience: a.Name, Kind: in.Kind, Name: trimmed(in.Name), Handles: in.Handles, Zone: in.Zone, Key: strings.TrimSpace(in.Key), State: cvd.MemberApplied, Source: "form",
		Says: trimmed(in.Says), Meets: in.Meets, Embargo: in.Accepts, Voucher: cvd.Voucher{Name: trimmed(in.Voucher.Name), Mail: trimmed(in.Voucher.Mail)}}
}

// Problems is everything that is wrong with an application to an audience; what follows from it is completed in m.
func (in Application) Problems(a Audience, m *cvd.Addressee) (all []*cvd.Error) {
	add := func(field, format string, args ...any) { all = append(all, cvd.Fieldf(field, format, args...)) }
	if e := asProblem(fitsMember(m)); e != nil {
		all = append(all, e)
	}
	if m.Mail() == "" && !slices.ContainsFunc(all, func(e *cvd.Error) bool { return strings.HasPrefix(e.Field, "/handles") }) {
		add("/handles/0", "give the mail address that letters go to")
	}
	for i, c := range a.Criteria {
		if !slices.Contains(in.Meets, i) {
			add("/meets", "say that this is so, or do not apply: %s", c)
			break
		}
	}
	if a.Voucher && m.Voucher.Name == "" {
		add("/voucher/name", "name somebody who is in it already and stands for you")
	}
	if v := (cvd.Handle{Service: "mail", Is: m.Voucher.Mail}); m.Voucher.Mail != "" && v.Wrong() != "" {
		add("/voucher/mail", "%s", v.Wrong())
	}
	if a.Accepts == "once" && !in.Accepts {
		add("/accepts", "who is in this list accepts to keep what it is told until it is public")
	}
	if !in.Agrees {
		add("/agrees", "without your consent we may not keep your address or write to it")
	}
	return all
}

// asProblem is an error about a field, or nil.
func asProblem(err error) *cvd.Error {
	if err == nil {
		return nil
	}
	return err.(*cvd.Error)
}

// fitsMember refuses what cannot be kept of a member, and completes the rest.
func fitsMember(m *cvd.Addressee) error {
	if m.Kind == "" {
		m.Kind = "organisation"
	}
	if err := first(oneOf("/kind", m.Kind, "person", "organisation"), require("/name", m.Name, "give a name"), shortLine("/name", m.Name),
		readable("/says", m.Says), shortLine("/voucher/name", m.Voucher.Name)); err != nil {
		return err
	}
	if len(m.Handles) == 0 || len(m.Handles) > 12 {
		return cvd.Fieldf("/handles/0", "give one address at least, and twelve at most")
	}
	for i, h := range m.Handles {
		if wrong := h.Wrong(); wrong != "" {
			return cvd.Fieldf(fmt.Sprintf("/handles/%d", i), "%s", wrong)
		}
	}
	if _, err := Zone("/zone", m.Zone); err != nil {
		return err
	}
	if m.TLP != "" {
		if err := oneOf("/tlp", m.TLP, "red", "amber", "amber+strict", "green", "clear"); err != nil {
			return err
		}
	}
	for name, n := range m.Weights {
		if err := nameOfWeight(name); err != nil {
			return err
		}
		if n < 0 {
			return cvd.Fieldf("/weights/"+name, "a weight is a whole number from 0")
		}
	}
	if m.Key == "" {
		return nil
	}
	if err := readable("/key", m.Key); err != nil {
		return err
	}
	print, err := seal.Fingerprint(m.Key)
	if err != nil {
		return cvd.Fieldf("/key", "%v", err)
	}
	m.Fingerprint = print
	return nil
}

// nameOfWeight refuses what is no name of something that is weighed.
func nameOfWeight(word string) error {
	if word == "" || len(word) > 40 || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return cvd.Fieldf("/weights", "what is weighed has a name in lower-case letters, such as voting_power")
	}
	return nil
}

// addMember keeps a new entry, with a letter to it if one is named.
func (w *Casework) addMember(ctx context.Context, who cvd.Actor, m cvd.Addressee, letter string) error {
	x, err := w.newMember(m)
	if err != nil {
		return err
	}
	r, err := x.record(who.ID)
	if err != nil {
		return err
	}
	var letters []cvd.Delivery
	if letter != "" {
		letters = append(letters, w.memberLetter(who.Project, x.Addressee, letter, m.AppliedAt.Unix()))
	}
	return w.store.PutRecords(ctx, who.Project, []store.Record{r}, letters...)
}

// newMember gives a member an id and what the links of their letters are made with.
func (w *Casework) newMember(m cvd.Addressee) (addressee, error) {
	id, err := cvd.NewEventID(w.rand)
	if err != nil {
		return addressee{}, err
	}
	m.ID, m.Secret = string(id), make([]byte, 32)
	if _, err := w.rand.Read(m.Secret); err != nil {
		return addressee{}, fmt.Errorf("draw a secret: %w", err)
	}
	return addressee{Addressee: m}, nil
}

// applyAgain is an application of somebody whose address is in the register. Whoever types it may be somebody else: of a member
// nothing changes before the letter is answered. One letter goes a day.
func (w *Casework) applyAgain(ctx context.Context, who cvd.Actor, was addressee, m cvd.Addressee) error {
	day := w.Now().Truncate(24 * time.Hour).Unix()
	switch was.State {
	case cvd.MemberActive:
		return w.store.PutRecords(ctx, who.Project, nil, w.memberLetter(who.Project, was.Addressee, saidKnown, day))
	case cvd.MemberLapsed, cvd.MemberBounced:
		return w.store.PutRecords(ctx, who.Project, nil, w.memberLetter(who.Project, was.Addressee, askedToRenew, day))
	case cvd.MemberLeft, cvd.MemberDeclined:
		m.ID, m.Secret = was.ID, was.Secret
		return w.changeMember(ctx, who, was.ID, func(x *cvd.Addressee) error { *x = m; return nil }, w.memberLetter(who.Project, m, askedToProve, m.AppliedAt.Unix()))
	}
	if !was.ProvedAt.IsZero() { // it waits for a decision
		return w.store.PutRecords(ctx, who.Project, nil, w.memberLetter(who.Project, was.Addressee, saidKnown, day))
	}
	return w.store.PutRecords(ctx, who.Project, nil, w.memberLetter(who.Project, was.Addressee, askedToProve, day))
}
