package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/store"
)

// ProcessReview is the pack of one period for something that the policy says is done again and again, such as the monthly look
// at the process itself, and what was decided on it.
type ProcessReview struct {
	Name        string // of the recurring item
	From, Until time.Time
	At          time.Time // when it was made
	Closed      time.Time // zero: the review is not over
	ReviewPack
}

// ReviewPack is what a review begins with, as it was when its period had ended, and the decisions. Of cases it holds ids and
// clauses alone: what was said in a case stays in it, and is erased with it.
type ReviewPack struct {
	Title      string         `json:"title"`
	Does       []string       `json:"does,omitempty"` // what the policy says is done
	Policy     int64          `json:"policy"`         // version in force when the period had ended
	Measures   []PackMeasure  `json:"measures,omitempty"`
	Breaches   []PackCase     `json:"breaches,omitempty"`   // promises missed in the period
	Deviations []PackCase     `json:"deviations,omitempty"` // clauses that a case passed by a waiver
	Feedback   []PackCase     `json:"feedback,omitempty"`   // what the community said: comments, ratings
	Questions  []PackCase     `json:"questions,omitempty"`  // what still waits for somebody's word
	Findings   []PackFinding  `json:"findings,omitempty"`   // of the linter, about the policy in force
	Decisions  []PackDecision `json:"decisions,omitempty"`
}

// PackMeasure is one measure over the cases that came in the period.
type PackMeasure struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Figures []Number `json:"figures"`
}

// PackCase is a case that a review should look at, and why.
type PackCase struct {
	Case   cvd.CaseID `json:"case,omitempty"` // empty: it is about no case
	At     time.Time  `json:"at,omitzero"`
	Clause string     `json:"clause,omitempty"`
	Says   string     `json:"says"`
}

// PackFinding is what the linter says of the policy.
type PackFinding struct {
	Code   string `json:"code"`
	Clause string `json:"clause"`
	Says   string `json:"says"`
	Waived string `json:"waived,omitempty"`
}

// PackDecision is what a review decided, and the version of the policy that followed.
type PackDecision struct {
	At      time.Time   `json:"at"`
	By      cvd.ActorID `json:"by"`
	Name    string      `json:"name"`
	Text    string      `json:"text"`
	Version int64       `json:"version,omitempty"` // 0: none followed, or not yet
}

// Key names a review in an address: "monthly_review.2026-03-01".
func (r ProcessReview) Key() string { return r.Name + "." + r.From.Format(time.DateOnly) }

// ProcessReviews lists the reviews of a project, the newest first, for its members who may see cases.
func (w *Casework) ProcessReviews(ctx context.Context, who cvd.Actor) ([]ProcessReview, error) {
	if err := seesCases(who); err != nil {
		return nil, err
	}
	all, err := w.store.ProcessReviews(ctx, who.Project, "", 200)
	if err != nil {
		return nil, err
	}
	var out []ProcessReview
	for _, kept := range all {
		r, err := openReview(kept)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func openReview(kept store.ProcessReview) (ProcessReview, error) {
	r := ProcessReview{Name: kept.Name, From: kept.From, Until: kept.Until, At: kept.At, Closed: kept.Closed}
	if err := json.Unmarshal(kept.Body, &r.ReviewPack); err != nil {
		return r, fmt.Errorf("open the review %s: %w", r.Key(), err)
	}
	return r, nil
}

// seesCases refuses whoever may not see the cases of the project: a pack tells of all of them.
func seesCases(who cvd.Actor) error {
	if err := onRoster(who); err != nil {
		return err
	}
	if !who.May(cvd.See) {
		return cvd.Errorf(cvd.NotFound, "there is no such review, or it is not open to you")
	}
	return nil
}

// ProcessReview is one review by its key, for members who may see cases.
func (w *Casework) ProcessReview(ctx context.Context, who cvd.Actor, key string) (ProcessReview, error) {
	kept, err := w.keptReview(ctx, who, key)
	if err != nil {
		return ProcessReview{}, err
	}
	return openReview(kept)
}

func (w *Casework) keptReview(ctx context.Context, who cvd.Actor, key string) (store.ProcessReview, error) {
	if err := seesCases(who); err != nil {
		return store.ProcessReview{}, err
	}
	name, _, _ := strings.Cut(key, ".")
	all, err := w.store.ProcessReviews(ctx, who.Project, name, 500)
	if err != nil {
		return store.ProcessReview{}, err
	}
	i := slices.IndexFunc(all, func(r store.ProcessReview) bool { return ProcessReview{Name: r.Name, From: r.From}.Key() == key })
	if i < 0 {
		return store.ProcessReview{}, cvd.Errorf(cvd.NotFound, "there is no such review, or it is not open to you")
	}
	return all[i], nil
}

// Decide records what a review decided, by somebody who may see cases; version is that of the policy which followed, if one did.
// The record grows, and nothing in it is changed.
func (w *Casework) Decide(ctx context.Context, who cvd.Actor, key, text string, version int64) (ProcessReview, error) {
	if err := require("/text", text, "say what was decided"); err != nil {
		return ProcessReview{}, err
	}
	return w.onReview(ctx, who, key, func(p *project, r *store.ProcessReview, pack *ReviewPack) error {
		if version < 0 || version > p.Policy {
			return cvd.Fieldf("/version", "there is no version %d of the policy: leave it out as long as none has followed", version)
		}
		pack.Decisions = append(pack.Decisions, PackDecision{At: w.Now(), By: who.ID, Name: who.Name, Text: trimmed(text), Version: version})
		return nil
	})
}

// CloseReview says that a review is over, by somebody who may administer.
func (w *Casework) CloseReview(ctx context.Context, who cvd.Actor, key string) (ProcessReview, error) {
	if err := administers(who); err != nil {
		return ProcessReview{}, err
	}
	return w.onReview(ctx, who, key, func(_ *project, r *store.ProcessReview, pack *ReviewPack) error {
		if len(pack.Decisions) == 0 {
			return cvd.Errorf(cvd.Refused, "record first what was decided, and be it that nothing changes")
		}
		r.Closed = w.Now()
		return nil
	})
}

func (w *Casework) onReview(ctx context.Context, who cvd.Actor, key string, change func(*project, *store.ProcessReview, *ReviewPack) error) (ProcessReview, error) {
	p, err := w.freshProject(ctx, who.Project)
	if err != nil {
		return ProcessReview{}, err
	}
	for try := 1; ; try++ {
		kept, err := w.keptReview(ctx, who, key)
		if err != nil {
			return ProcessReview{}, err
		}
		if !kept.Closed.IsZero() {
			return ProcessReview{}, cvd.Errorf(cvd.Refused, "the review was closed at %s: record it in the next one", cvd.Instant(kept.Closed))
		}
		r, err := openReview(kept)
		if err != nil {
			return r, err
		}
		if err := change(p, &kept, &r.ReviewPack); err != nil {
			return r, err
		}
		if kept.Body, err = json.Marshal(r.ReviewPack); err != nil {
			return r, err
		}
		err = w.store.WriteProcessReview(ctx, kept)
		if cvd.KindOf(err) == cvd.Conflict && try < 3 {
			continue
		}
		r.Closed = kept.Closed
		return r, err
	}
}

// mostMissed is how many periods that ended while the program was not running get their pack afterwards: the latest ones.
const mostMissed = 12

// PrepareReviews makes the pack of each period that has ended and has none yet, for everything that the policies in force say is
// done again and again. Each missed period gets its own, since its figures are as good afterwards; at most the last twelve.
func (w *Casework) PrepareReviews(ctx context.Context) error {
	var errs []error
	for _, id := range w.Projects() {
		p, err := w.project(id)
		for i := 0; err == nil && i < len(p.inForce().Document.Recurring); i++ {
			err = w.prepareReviews(ctx, p, p.inForce().Document.Recurring[i])
		}
		if cvd.KindOf(err) != cvd.Unavailable { // the index is being read: in a second, then
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func (w *Casework) prepareReviews(ctx context.Context, p *project, item policy.Recurring) error {
	now := w.Now()
	due := item.Periods(p.Created, now)
	due = due[max(0, len(due)-mostMissed):]
	if len(due) == 0 {
		return nil
	}
	last := due[len(due)-1]
	if known, _ := w.reviews.Load(prepared{p.ID, item.Name}); known == last.From {
		return nil
	}
	there, err := w.store.ProcessReviews(ctx, p.ID, item.Name, mostMissed+1)
	if err != nil {
		return err
	}
	if len(there) == 0 { // it is new in the policy: what ended before that is nobody's duty
		versions, err := w.store.Policies(ctx, p.ID)
		if err != nil {
			return err
		}
		since := versions[len(versions)-1].At
		due = slices.DeleteFunc(due, func(d policy.Span) bool { return !d.Until.After(since) })
	}
	for _, d := range due {
		if slices.ContainsFunc(there, func(r store.ProcessReview) bool { return r.From.Equal(d.From) }) {
			continue
		}
		pack, err := w.pack(ctx, p, item, Period{From: d.From, To: d.Until})
		if err != nil {
			return err
		}
		body, err := json.Marshal(pack)
		if err != nil {
			return err
		}
		if err := w.store.AddProcessReview(ctx, store.ProcessReview{Project: p.ID, Name: item.Name, From: d.From, Until: d.Until, Body: body}); err != nil {
			return err
		}
	}
	w.reviews.Store(prepared{p.ID, item.Name}, last.From)
	return nil
}

// prepared is a recurring item of a project, of which the last pack is there.
type prepared struct {
	project cvd.ProjectID
	name    string
}
