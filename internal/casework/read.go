package casework

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Case is one case as an actor may see it.
func (w *Casework) Case(ctx context.Context, who cvd.Actor, id cvd.CaseID) (cvd.View, error) {
	a, err := w.open(ctx, who, About{Case: id})
	if err != nil {
		return cvd.View{}, err
	}
	return w.finish(ctx, a)
}

// Page asks for a page of cases.
type Page struct {
	After string // where the page before ended, as it said; empty: the newest
	Limit int    // 50 if not between 1 and 100
	State string // only those with this headline
	Open  bool   // only those that are not closed
}

func writeCursor(c store.Cursor) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %s", c.Opened.UnixMicro(), c.Case))
}

func readCursor(text string) (store.Cursor, error) {
	if text == "" {
		return store.Cursor{}, nil
	}
	var micro int64
	var id string
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		_, err = fmt.Sscanf(string(b), "%d %s", &micro, &id)
	}
	if err != nil {
		return store.Cursor{}, cvd.Fieldf("/cursor", "this is no cursor that a page before gave")
	}
	return store.Cursor{Opened: time.UnixMicro(micro).UTC(), Case: cvd.CaseID(id)}, nil
}

// Cases is a page of a project's cases, newest first, as an actor may see them: members with the right to see all of them,
// everybody else the public ones. Next is empty on the last page.
func (w *Casework) Cases(ctx context.Context, who cvd.Actor, page Page) (views []cvd.View, next string, err error) {
	if _, err := w.project(who.Project); err != nil {
		return nil, "", err
	}
	ask := store.Page{Limit: page.Limit, State: page.State, Open: page.Open, Public: who.Standing != cvd.Member || !who.May(cvd.See)}
	if ask.Limit <= 0 || ask.Limit > 100 {
		ask.Limit = 50
	}
	if ask.After, err = readCursor(page.After); err != nil {
		return nil, "", err
	}
	cases, last, err := w.store.Cases(ctx, who.Project, ask)
	if err != nil {
		return nil, "", err
	}
	if last != (store.Cursor{}) {
		next = writeCursor(last)
	}
	now := w.Now()
	for _, c := range cases {
		if v, ok := cvd.Look(c, who, now); ok {
			views = append(views, v)
		}
	}
	return views, next, nil
}

// Attachment is the bytes of a file that the actor's view names.
func (w *Casework) Attachment(ctx context.Context, who cvd.Actor, id cvd.CaseID, file string) (cvd.Attachment, []byte, error) {
	a, err := w.open(ctx, who, About{Case: id})
	if err != nil {
		return cvd.Attachment{}, nil, err
	}
	v, _ := cvd.Look(a.c, who, a.now)
	var all []cvd.Attachment
	for _, r := range v.Reports {
		all = append(all, r.Attachments...)
	}
	for _, m := range v.Messages {
		all = append(all, m.Attachments...)
	}
	for _, t := range v.Threads {
		for _, m := range t.Messages {
			all = append(all, m.Attachments...)
		}
	}
	i := slices.IndexFunc(all, func(x cvd.Attachment) bool { return x.ID == file })
	if i < 0 || v.Tier < cvd.ForReporter {
		return cvd.Attachment{}, nil, absent(cvd.NotFound)
	}
	body, err := w.store.Attachment(ctx, who.Project, a.c.ID, all[i])
	return all[i], body, err
}
