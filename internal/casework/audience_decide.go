package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/store"
)

// keepsRegister refuses whoever does not keep the register: those who may order notices, and those who administer. For everybody
// else it is not there.
func keepsRegister(who cvd.Actor) error {
	if who.Standing == cvd.System || who.Standing == cvd.Member && (who.May("notify") || who.May(cvd.Administer)) {
		return nil
	}
	return cvd.Errorf(cvd.NotFound, "there is no such page, or it is not open to you")
}

// KeepsRegister says whether somebody may look into the register.
func KeepsRegister(who cvd.Actor) bool { return keepsRegister(who) == nil }

// ListMembers are the members of an audience, or of all, for who keeps the register: those in a state, if one is named.
func (w *Casework) ListMembers(ctx context.Context, who cvd.Actor, audience string, state cvd.Membership) ([]cvd.Addressee, error) {
	if err := keepsRegister(who); err != nil {
		return nil, err
	}
	all, err := w.addressees(ctx, who.Project, audience)
	if err != nil {
		return nil, err
	}
	var out []cvd.Addressee
	for _, m := range all {
		if state == "" || m.State == state {
			out = append(out, m.Addressee)
		}
	}
	return out, nil
}

// Member is one entry, for who keeps the register.
func (w *Casework) Member(ctx context.Context, who cvd.Actor, id string) (cvd.Addressee, error) {
	if err := keepsRegister(who); err != nil {
		return cvd.Addressee{}, err
	}
	m, err := w.addressee(ctx, who.Project, id)
	return m.Addressee, err
}

// AudiencesOf are the audiences of the policy in force, for who keeps the register.
func (w *Casework) AudiencesOf(who cvd.Actor) ([]Audience, error) {
	if err := keepsRegister(who); err != nil {
		return nil, err
	}
	p, err := w.project(who.Project)
	if err != nil {
		return nil, err
	}
	return slices.Clone(p.inForce().Document.Audiences), nil
}

// Judgement is what somebody decides about an application.
type Judgement struct {
	Accept  bool
	Because string
	Meets   []int  // the criteria that are met, as the one who decides sees it
	Vouched string // who gave their word, where the policy asks
}

// DecideMember accepts an application or turns it down, as the policy's criteria say.
func (w *Casework) DecideMember(ctx context.Context, who cvd.Actor, id string, in Judgement) (cvd.Addressee, error) {
	if err := first(keepsRegister(who), require("/because", in.Because, "give the reason: the applicant reads it if the answer is no")); err != nil {
		return cvd.Addressee{}, err
	}
	was, err := w.addressee(ctx, who.Project, id)
	if err != nil {
		return cvd.Addressee{}, err
	}
	a, err := w.audience(who.Project, was.Audience)
	if err != nil {
		return cvd.Addressee{}, err
	}
	now, letter := w.Now(), saidDeclined
	if in.Accept {
		letter = saidWelcome
	}
	var after cvd.Addressee
	err = w.changeMember(ctx, who, id, func(m *cvd.Addressee) error {
		if m.State != cvd.MemberApplied && m.State != cvd.MemberVouched {
			return cvd.Errorf(cvd.Refused, "nothing waits to be decided about %s", m.Name)
		}
		if v := trimmed(in.Vouched); v != "" {
			m.Voucher.Name, m.Voucher.At, m.Voucher.By = v, now, who.ID
		}
		m.Decided = cvd.Decision{At: now, By: who.ID, Because: trimmed(in.Because)}
		m.State = cvd.MemberDeclined
		if in.Accept {
			if err := meets(a, *m, in); err != nil {
				return err
			}
			m.State, m.SinceAt, m.RenewedAt = cvd.MemberActive, now, now
		}
		after = *m
		return nil
	}, w.memberLetter(who.Project, was.Addressee, letter, was.AppliedAt.Unix()))
	return after, err
}

// meets refuses what the policy does not let into an audience.
func meets(a Audience, m cvd.Addressee, in Judgement) error {
	refused := func(clause, format string, args ...any) error {
		e := cvd.Errorf(cvd.Refused, format, args...)
		e.Clause = "audiences." + a.Name + "." + clause
		return e
	}
	if m.ProvedAt.IsZero() {
		return cvd.Errorf(cvd.Refused, "the address is not proved yet: who applied has to follow the link in the letter first")
	}
	for i, c := range a.Criteria {
		if !slices.Contains(in.Meets, i) {
			return refused("criteria", "the policy asks for more than is said to be so: %s", c)
		}
	}
	if a.Voucher && m.Voucher.At.IsZero() {
		return refused("voucher", "somebody who is in it has to vouch: record who gave their word")
	}
	return nil
}

// audience is one of the policy in force.
func (w *Casework) audience(project cvd.ProjectID, name string) (Audience, error) {
	p, err := w.project(project)
	if err != nil {
		return Audience{}, err
	}
	var names []string
	for _, a := range p.inForce().Document.Audiences {
		if a.Name == name {
			return a, nil
		}
		names = append(names, a.Name)
	}
	return Audience{}, oneOf("/audience", name, names...)
}

// PutMember adds a member by hand, or changes one (with its id). How they agreed to it must be said, or nobody writes to them.
func (w *Casework) PutMember(ctx context.Context, who cvd.Actor, in cvd.Addressee) (cvd.Addressee, error) {
	if err := keepsRegister(who); err != nil {
		return cvd.Addressee{}, err
	}
	if _, err := w.audience(who.Project, in.Audience); err != nil {
		return cvd.Addressee{}, err
	}
	in.Name = trimmed(in.Name)
	if err := first(fitsMember(&in), shortLine("/consent", in.Consent.How)); err != nil {
		return cvd.Addressee{}, err
	}
	p, err := w.project(who.Project)
	if err != nil {
		return cvd.Addressee{}, err
	}
	if err := w.alone(ctx, who.Project, in); err != nil {
		return cvd.Addressee{}, err
	}
	if in.ID != "" {
		var after cvd.Addressee
		err := w.changeMember(ctx, who, in.ID, func(m *cvd.Addressee) error {
			merge(m, in, w.Now(), p.Policy)
			after = *m
			return nil
		})
		return after, err
	}
	x, err := w.newMember(in)
	if err != nil {
		return cvd.Addressee{}, err
	}
	enrol(&x.Addressee, w.Now(), p.Policy)
	r, err := x.record(who.ID)
	if err != nil {
		return cvd.Addressee{}, err
	}
	return x.Addressee, w.store.PutRecords(ctx, who.Project, []store.Record{r})
}

// alone refuses an address that somebody else in the audience has: they would be one member who counts twice, and of two copies of a
// notice one would bear the other's mark. A list that is read in is compared the same way.
func (w *Casework) alone(ctx context.Context, project cvd.ProjectID, in cvd.Addressee) error {
	all, err := w.addressees(ctx, project, in.Audience)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.ID != in.ID && m.State != cvd.MemberLeft && m.State != cvd.MemberDeclined && sameMail(m.Addressee, in) {
			return cvd.Fieldf("/handles/0", "%s has this address in the list already", m.Name)
		}
	}
	return nil
}

// enrol makes a new entry of the team's a member.
func enrol(m *cvd.Addressee, now time.Time, version int64) {
	m.State, m.SinceAt, m.RenewedAt = cvd.MemberActive, now, now
	if m.Source == "" {
		m.Source = "hand"
	}
	m.Consent = cvd.Consent{How: trimmed(m.Consent.How), Policy: version}
	if m.Consent.How != "" {
		m.Consent.At = now
	}
}

// merge puts what the team says now over what is kept; addresses that stay keep when they were seen working.
func merge(m *cvd.Addressee, in cvd.Addressee, now time.Time, version int64) {
	for i, h := range in.Handles {
		j := slices.IndexFunc(m.Handles, func(x cvd.Handle) bool { return x.Service == h.Service && x.Is == h.Is })
		if j >= 0 && h.Verified.IsZero() {
			in.Handles[i].Verified = m.Handles[j].Verified
		}
	}
	if m.State == cvd.MemberBounced && !strings.EqualFold(m.Mail(), in.Mail()) {
		m.State, m.BouncedAt = cvd.MemberActive, time.Time{}
	}
	m.Kind, m.Name, m.Handles, m.Zone, m.Audience = in.Kind, in.Name, in.Handles, in.Zone, in.Audience
	m.Key, m.Fingerprint, m.Tier, m.TLP, m.Weights = in.Key, in.Fingerprint, in.Tier, in.TLP, in.Weights
	if how := trimmed(in.Consent.How); how != "" && how != m.Consent.How {
		m.Consent = cvd.Consent{At: now, How: how, Policy: version}
	}
}

// RemoveMember ends a membership: left, bounced, or forgotten with all that was ever kept of it.
func (w *Casework) RemoveMember(ctx context.Context, who cvd.Actor, id, as string) error {
	if err := first(keepsRegister(who), oneOf("/as", as, "left", "bounced", "forgotten")); err != nil {
		return err
	}
	if as == "forgotten" {
		return w.store.ForgetRecord(ctx, who.Project, memberRecord, id)
	}
	return w.changeMember(ctx, who, id, func(m *cvd.Addressee) error {
		switch as {
		case "left":
			m.State, m.LeftAt = cvd.MemberLeft, w.Now()
		case "bounced":
			m.State, m.BouncedAt = cvd.MemberBounced, w.Now()
		}
		return nil
	})
}

// VerifyMember notes that somebody saw a member's addresses working; a bounced one is active again.
func (w *Casework) VerifyMember(ctx context.Context, who cvd.Actor, id string) error {
	if err := keepsRegister(who); err != nil {
		return err
	}
	return w.changeMember(ctx, who, id, func(m *cvd.Addressee) error {
		m.Handles = slices.Clone(m.Handles)
		for i := range m.Handles {
			m.Handles[i].Verified = w.Now()
		}
		if m.State == cvd.MemberBounced {
			m.State, m.BouncedAt = cvd.MemberActive, time.Time{}
		}
		return nil
	})
}

// ChooseFor records what a member said about being told of a case, as they told the team.
func (w *Casework) ChooseFor(ctx context.Context, who cvd.Actor, id string, about cvd.CaseID, says string) error {
	if err := keepsRegister(who); err != nil {
		return err
	}
	if _, err := w.open(ctx, who, About{Case: about}); err != nil {
		return err
	}
	if _, err := w.addressee(ctx, who.Project, id); err != nil {
		return err
	}
	return w.choose(ctx, who.Project, id, about, says)
}

// endsAt is the instant at which a membership is to be confirmed anew; zero: never.
func endsAt(a Audience, m cvd.Addressee) time.Time {
	if a.Renew == (policy.Duration{}) {
		return time.Time{}
	}
	last := m.RenewedAt
	if last.IsZero() {
		last = m.SinceAt
	}
	return last.AddDate(0, a.Renew.Months, 0).Add(a.Renew.Exact)
}
