package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/store"
)

// taken says whether a step was taken before under the sender's key. It is asked before anything is weighed, since a step that
// was taken would now be refused.
func (w *Casework) taken(ctx context.Context, project cvd.ProjectID, about About) (bool, error) {
	if about.Once == nil || about.Once.Key == "" {
		return false, nil
	}
	var asked store.Change
	if _, err := about.Once.bind(project, &asked, answered{}); err != nil {
		return false, err
	}
	_, known, err := w.store.Answered(ctx, project, *asked.Key)
	return known, err
}

// again is the answer to a step that was taken before: the case as it is, cut for the asker as ever.
func (w *Casework) again(ctx context.Context, who cvd.Actor, about About, err error) (cvd.View, error) {
	if err != nil {
		return cvd.View{}, err
	}
	return w.Case(ctx, who, about.Case)
}
