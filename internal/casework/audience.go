package casework

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/store"
)

// The kinds of records in a project's register.
const (
	memberRecord = "member" // of an audience
	choiceRecord = "choice" // of a member about one case: CASE.MEMBER
)

// addressee is a member with the revision at which they were read.
type addressee struct {
	cvd.Addressee
	rev int64
}

func openAddressee(r store.Record) (m addressee, err error) {
	if err := json.Unmarshal(r.Body, &m.Addressee); err != nil {
		return m, fmt.Errorf("open the entry %s of the register: %w", r.ID, err)
	}
	m.ID, m.rev = r.ID, r.Rev
	return m, nil
}

// addressees are the members of an audience, or of all of them, in whatever state they are, by their names.
func (w *Casework) addressees(ctx context.Context, project cvd.ProjectID, audience string) ([]addressee, error) {
	all, err := w.store.Records(ctx, project, memberRecord)
	if err != nil {
		return nil, err
	}
	var out []addressee
	for _, r := range all {
		m, err := openAddressee(r)
		if err != nil {
			return nil, err
		}
		if audience == "" || m.Audience == audience {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b addressee) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return out, nil
}

// Members are those of an audience who are written to about a case: active, having agreed, reachable, and not having said no to this
// case. Choice tells who said yes to it. With no case nobody's choice counts. It is for the program itself: who asks is nobody's.
func (w *Casework) Members(ctx context.Context, project cvd.ProjectID, audience string, about cvd.CaseID) ([]cvd.Addressee, error) {
	all, err := w.addressees(ctx, project, audience)
	if err != nil {
		return nil, err
	}
	choices, err := w.choices(ctx, project, about)
	if err != nil {
		return nil, err
	}
	var out []cvd.Addressee
	for _, m := range all {
		m.Choice = choices[m.ID]
		if m.Told() && m.Choice != "no" {
			out = append(out, m.Addressee)
		}
	}
	return out, nil
}

// choice is what a member said about one case.
type choice struct {
	Says string // yes, no
}

// choices are what members said about a case, by their ids.
func (w *Casework) choices(ctx context.Context, project cvd.ProjectID, about cvd.CaseID) (map[string]string, error) {
	if about == "" {
		return nil, nil
	}
	all, err := w.store.Records(ctx, project, choiceRecord)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, r := range all {
		member, of := strings.CutPrefix(r.ID, string(about)+".")
		if !of {
			continue
		}
		var c choice
		if err := json.Unmarshal(r.Body, &c); err != nil {
			return nil, fmt.Errorf("open the entry %s of the register: %w", r.ID, err)
		}
		out[member] = c.Says
	}
	return out, nil
}

// addressee is one member, whatever state they are in.
func (w *Casework) addressee(ctx context.Context, project cvd.ProjectID, id string) (addressee, error) {
	r, err := w.store.Record(ctx, project, memberRecord, id)
	if err != nil {
		return addressee{}, err
	}
	return openAddressee(r)
}

// Bounced notes that letters to a member come back: their address is dead, and nothing more is sent to it.
func (w *Casework) Bounced(ctx context.Context, project cvd.ProjectID, id string) error {
	return w.changeMember(ctx, cvd.Tipstaff(project), id, func(m *cvd.Addressee) error {
		if m.State == cvd.MemberActive {
			m.State, m.BouncedAt = cvd.MemberBounced, w.Now()
		}
		return nil
	})
}

// changeMember keeps a change of one member. If somebody else was faster it begins again with what they wrote.
func (w *Casework) changeMember(ctx context.Context, who cvd.Actor, id string, change func(*cvd.Addressee) error, letters ...cvd.Delivery) error {
	for try := 1; ; try++ {
		m, err := w.addressee(ctx, who.Project, id)
		if err != nil {
			return err
		}
		if err := change(&m.Addressee); err != nil {
			return err
		}
		r, err := m.record(who.ID)
		if err != nil {
			return err
		}
		err = w.store.PutRecords(ctx, who.Project, []store.Record{r}, letters...)
		if cvd.KindOf(err) == cvd.Conflict && try < 3 {
			continue
		}
		return err
	}
}

// record is the next writing of a member.
func (m addressee) record(by cvd.ActorID) (store.Record, error) {
	m.Choice = ""
	body, err := json.Marshal(m.Addressee)
	if err != nil {
		return store.Record{}, fmt.Errorf("write the entry %s of the register: %w", m.ID, err)
	}
	return store.Record{Kind: memberRecord, ID: m.ID, Rev: m.rev, By: by, Body: body}, nil
}
