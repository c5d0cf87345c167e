package casework

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
)

// A matter that goes from one case to another is written down twice, since each change is of one case: first the case that it
// leaves says where it goes, and then the program lets it arrive. The second part is done by whoever follows that event, as
// often as it takes; the event's id makes it happen once.

// bring lets arrive what an event says has left.
func (w *Casework) bring(ctx context.Context, e cvd.Event) error {
	var err error
	switch what := e.What; {
	case what.Combined != nil:
		err = w.join(ctx, e)
	case what.Split != nil:
		err = w.separate(ctx, e)
	case what.Moved != nil:
		err = w.moveOn(ctx, e)
	default:
		return nil
	}
	if err != nil {
		return fmt.Errorf("bring on what left %s by event %s: %w", e.Case, e.ID, err)
	}
	return nil
}

// join brings a case into the one that it was combined into, or into the one that that one was combined into meanwhile.
func (w *Casework) join(ctx context.Context, e cvd.Event) error {
	a, err := w.store.Case(ctx, e.Project, e.Case)
	if err != nil || a.Erased != nil {
		return err
	}
	into, err := w.survivor(ctx, e.Project, e.What.Combined.Into)
	if err != nil || into.Erased != nil || brought(into, e.ID) {
		return err
	}
	a, past, err := w.leaving(ctx, e)
	if err != nil {
		return err
	}
	load, err := w.carry(ctx, a.Load(), spot{e.Project, e.Case}, spot{e.Project, into.ID})
	if err != nil {
		return err
	}
	return w.notice(ctx, e.Project, into.ID, func(b *asking) (cvd.What, bool) {
		if brought(b.c, e.ID) || b.c.Erased != nil {
			return cvd.What{}, false
		}
		return cvd.What{Joined: b.joining(load, e.ID, e.Who, e.What.Combined.Because, past)}, true
	}, nil)
}

// joining is what happens to a case into which another one comes.
func (a *asking) joining(from cvd.Case, event cvd.EventID, by cvd.ActorID, because string, past []cvd.Past) *cvd.Joined {
	return &cvd.Joined{From: cvd.Pointer{Case: from.ID, Event: event}, By: by, Because: because, Brought: from.Load(), Past: past,
		Higher: a.graver(from.Severity)}
}

// graver says whether an assessment is graver than the one in force.
func (a *asking) graver(other cvd.Assessment) bool {
	_, mine := a.p.Class(a.c.Severity.Class)
	_, theirs := a.p.Class(other.Class)
	switch {
	case theirs == 0:
		return mine == 0 && other.Scored && (!a.c.Severity.Scored || other.Score > a.c.Severity.Score)
	case mine == 0 || theirs < mine:
		return true
	}
	return theirs == mine && other.Score > a.c.Severity.Score
}

// brought says whether a case holds what an event of another one sent.
func brought(c cvd.Case, event cvd.EventID) bool {
	return slices.ContainsFunc(c.Joined, func(j cvd.JoinedCase) bool { return j.From.Event == event })
}

// survivor follows cases that were combined to the one in which they go on. A circle cannot be: no case is combined into one
// that goes on elsewhere.
func (w *Casework) survivor(ctx context.Context, project cvd.ProjectID, id cvd.CaseID) (cvd.Case, error) {
	for {
		c, err := w.store.Case(ctx, project, id)
		if err != nil || c.Combined.Case == "" || c.Combined.Project != "" {
			return c, err
		}
		id = c.Combined.Case
	}
}

// leaving is a case as it was before the event by which it left, and its past up to that event.
func (w *Casework) leaving(ctx context.Context, e cvd.Event) (c cvd.Case, past []cvd.Past, err error) {
	events, err := w.events(ctx, e.Project, e.Case)
	if err != nil {
		return c, nil, err
	}
	if int64(len(events)) < e.Rev {
		return c, nil, fmt.Errorf("case %s has %d events and left by number %d", e.Case, len(events), e.Rev)
	}
	for _, before := range events[:e.Rev-1] {
		c = cvd.Fold(c, before)
	}
	return c, cvd.Remember(events[:e.Rev]), nil
}

// spot is where a file lies.
type spot struct {
	project cvd.ProjectID
	id      cvd.CaseID
}

// carry seals the files of a case anew under the key of another one, and lets the case name those. What was sealed for an
// arrival that did not come is named by nothing, and is purged.
func (w *Casework) carry(ctx context.Context, c cvd.Case, from, to spot) (cvd.Case, error) {
	var errs []error
	c.EachFile(func(a *cvd.Attachment) {
		body, err := w.store.Attachment(ctx, from.project, from.id, *a)
		if err != nil {
			errs = append(errs, err)
			return
		}
		errs = append(errs, w.seal(ctx, to, a, body))
	})
	return c, errors.Join(errs...)
}

// seal keeps a file for a case under a new name.
func (w *Casework) seal(ctx context.Context, to spot, a *cvd.Attachment, body []byte) error {
	id, err := cvd.NewEventID(w.rand)
	if err != nil {
		return err
	}
	a.ID, a.Hash = string(id), bytes.Clone(a.Hash)
	return w.store.PutAttachment(ctx, to.project, to.id, *a, body)
}
