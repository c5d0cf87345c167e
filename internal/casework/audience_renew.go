package casework

import (
	"context"
	"errors"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

const (
	renewAhead  = 14 * 24 * time.Hour // before a membership ends its member is asked whether it goes on …
	renewWait   = 14 * 24 * time.Hour // … and this long they have at least to answer
	proveWithin = 7 * 24 * time.Hour  // an application whose address nobody proves is forgotten after it
	renewEvery  = time.Hour           // how often it is looked after
)

// RenewMembers asks members whose membership ends to confirm it, ends those of which nobody answered, and forgets applications
// whose address was never proved. It looks once an hour; two installations that look at once do it once.
func (w *Casework) RenewMembers(ctx context.Context) error {
	var errs []error
	for _, id := range w.Projects() {
		now := w.Now()
		if last, known := w.renewed.Load(id); known && now.Sub(last.(time.Time)) < renewEvery && !now.Before(last.(time.Time)) {
			continue
		}
		errs = append(errs, w.renewMembers(ctx, id))
		w.renewed.Store(id, now)
	}
	return errors.Join(errs...)
}

func (w *Casework) renewMembers(ctx context.Context, id cvd.ProjectID) error {
	all, err := w.addressees(ctx, id, "")
	if err != nil {
		return err
	}
	var errs []error
	for _, m := range all {
		if err := w.renewMember(ctx, id, m); cvd.KindOf(err) != cvd.NotFound { // forgotten meanwhile
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func (w *Casework) renewMember(ctx context.Context, id cvd.ProjectID, m addressee) error {
	now, who := w.Now(), cvd.Tipstaff(id)
	if m.State == cvd.MemberApplied && m.ProvedAt.IsZero() && now.Sub(m.AppliedAt) > proveWithin {
		return w.store.ForgetRecord(ctx, id, memberRecord, m.ID)
	}
	a, err := w.audience(id, m.Audience)
	if err != nil || m.State != cvd.MemberActive { // the policy has it no more, so nobody writes to it either
		return nil
	}
	ends := endsAt(a, m.Addressee)
	asked := m.AskedAt.After(m.RenewedAt)
	switch {
	case ends.IsZero() || now.Before(ends.Add(-renewAhead)):
		return nil
	case !asked && m.Mail() != "":
		return w.changeMember(ctx, who, m.ID, func(x *cvd.Addressee) error { x.AskedAt = now; return nil }, w.memberLetter(id, m.Addressee, askedToRenew, ends.Unix()))
	case now.After(ends) && (!asked || now.Sub(m.AskedAt) > renewWait):
		return w.changeMember(ctx, who, m.ID, func(x *cvd.Addressee) error {
			if x.State == cvd.MemberActive && !x.RenewedAt.After(m.RenewedAt) {
				x.State = cvd.MemberLapsed
			}
			return nil
		})
	}
	return nil
}

// Stale is what is wrong with the addresses of a project's lists, for doctor and the desk: it counts, and names nobody.
type Stale struct {
	Members   int // who are active
	Unseen    int // of them, whose addresses nobody saw working for a year
	Bounced   int
	Overdue   int // whose membership should have been confirmed
	Undecided int // applications that wait longer than the policy says
	Routes    int // of projects downstream, not looked at for a year
}

// StaleContacts counts what is wrong with the addresses in a project's register.
func (w *Casework) StaleContacts(ctx context.Context, project cvd.ProjectID) (s Stale, err error) {
	all, err := w.addressees(ctx, project, "")
	if err != nil {
		return s, err
	}
	now := w.Now()
	for _, m := range all {
		a, _ := w.audience(project, m.Audience) // one that is gone from the policy has no terms
		switch {
		case m.State == cvd.MemberBounced:
			s.Bounced++
		case (m.State == cvd.MemberApplied || m.State == cvd.MemberVouched) && !m.ProvedAt.IsZero() && overdue(a, m.Addressee, now):
			s.Undecided++
		case m.State == cvd.MemberActive:
			s.Members++
			if m.Mail() == "" || m.Handles[0].StaleSince(m.SinceAt, now) {
				s.Unseen++
			}
			if ends := endsAt(a, m.Addressee); !ends.IsZero() && now.After(ends) {
				s.Overdue++
			}
		}
	}
	routes, err := w.dependents(ctx, project)
	for _, d := range routes {
		if d.Route.Stale(now) {
			s.Routes++
		}
	}
	return s, err
}

// overdue says whether an application waits longer than the policy promises.
func overdue(a Audience, m cvd.Addressee, now time.Time) bool {
	return a.Answer.Approx() > 0 && now.Sub(m.ProvedAt) > a.Answer.Approx()
}
