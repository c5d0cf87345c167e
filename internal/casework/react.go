package casework

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/store"
)

// What strangers may write about one fix: so many words in a day, so long each. What is beyond that fills nobody's case.
const (
	mostReactions  = 20
	longestReacted = 4000
)

// Published is the title of an advisory that everybody may read, and its case; NotFound for any other name.
func (w *Casework) Published(ctx context.Context, project cvd.ProjectID, advisory cvd.AdvisoryID) (title string, id cvd.CaseID, err error) {
	if _, err := w.project(project); err != nil {
		return "", "", err
	}
	known, err := w.store.Publications(ctx, project)
	if err != nil {
		return "", "", fmt.Errorf("read publications of %s: %w", project, err)
	}
	for _, b := range known {
		name, _, _ := strings.Cut(b.ID, ".")
		if cvd.AdvisoryID(name) != advisory || b.State != store.Done {
			continue
		}
		c, err := w.store.Case(ctx, project, b.Case)
		if err != nil {
			return "", "", fmt.Errorf("read case %s: %w", b.Case, err)
		}
		if n := c.Disclosure.Edition; c.Erased == nil && n >= 1 && n <= len(c.Advisory.Editions) {
			return c.Advisory.Editions[n-1].Text.Title, c.ID, nil
		}
	}
	return "", "", cvd.Errorf(cvd.NotFound, "there is no such advisory")
}

// React takes a word about a fix from somebody who read its advisory. It opens no case and answers nobody: the team reads it.
func (w *Casework) React(ctx context.Context, project cvd.ProjectID, advisory cvd.AdvisoryID, in cvd.Reacted) error {
	_, id, err := w.Published(ctx, project, advisory)
	if err != nil {
		return err
	}
	err = first(oneOf("/works", in.Works, "yes", "no", "unsure"), require("/text", in.Text, "say what you saw"), shortLine("/from", in.From))
	if err != nil {
		return err
	}
	if utf8.RuneCountInString(in.Text) > longestReacted {
		return cvd.Fieldf("/text", "this is longer than %d characters", longestReacted)
	}
	var full error
	err = w.notice(ctx, project, id, func(a *asking) (cvd.What, bool) {
		lately := 0
		for _, x := range a.c.Reactions {
			if a.now.Sub(x.At) < 24*time.Hour {
				lately++
			}
		}
		if full = nil; lately >= mostReactions {
			full = cvd.Errorf(cvd.TooMany, "much was written about this fix today: write again tomorrow, or report what you found")
			return cvd.What{}, false
		}
		return cvd.What{Reacted: &in}, a.gone() == nil
	}, nil)
	if full != nil {
		return full
	}
	return err
}
