package casework

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/ledger"
	"github.com/tipstaff/tipstaff/internal/seal"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Taken is what a case that was taken over leads to. The codes are shown once and kept nowhere: those of the other installation
// open nothing here.
type Taken struct {
	Case  cvd.CaseID
	Codes map[int]string // the new return code of each report, by number; none if it was taken over before
}

// Arrival is what a sealed case says of itself, once all of it was checked.
type Arrival struct {
	Manifest Manifest
	Known    bool // whether its key is the one that was expected; else the bundle is taken at its word
	Title    string
	Reports  int
	Files    int
	Until    time.Time  // of the embargo that comes with it; zero: none is in force
	Before   cvd.CaseID // the case that it became, if it was taken over before
}

// MayTakeOver refuses who may take no cases over.
func MayTakeOver(who cvd.Actor) error {
	if who.Standing != cvd.Member || !who.May(cvd.See) || !who.May("take_over") {
		return cvd.Errorf(cvd.Refused, "your roles do not allow you to take cases over")
	}
	return nil
}

// Inspect checks everything in a sealed case, and says where it comes from. Nothing is kept.
func (w *Casework) Inspect(ctx context.Context, who cvd.Actor, sealed []byte, key string) (Arrival, error) {
	p, events, _, err := w.unseal(who, sealed, key)
	if err != nil {
		return Arrival{}, err
	}
	c := folded(events)
	x := Arrival{Manifest: p.Manifest, Known: key != "", Title: c.Title, Reports: len(c.Reports)}
	c.EachFile(func(f *cvd.Attachment) {
		if _, missing := p.attached(*f); missing != nil {
			err = missing
		}
		x.Files++
	})
	if err != nil {
		return Arrival{}, err
	}
	if c.Embargo.State.InForce() {
		x.Until = c.Embargo.Until
	}
	x.Before, err = w.takenBefore(ctx, who.Project, p.Manifest)
	return x, err
}

// unseal opens a sealed case for somebody who may take cases over, and checks each file, event and receipt.
func (w *Casework) unseal(who cvd.Actor, sealed []byte, key string) (p *Packed, events []cvd.Event, receipts []ledger.Receipt, err error) {
	if err := MayTakeOver(who); err != nil {
		return nil, nil, nil, err
	}
	archive, err := w.store.Unseal(sealed)
	if err != nil {
		return nil, nil, nil, cvd.Fieldf("/bundle", "this is not sealed to the key of this installation, or it was changed on its way")
	}
	if p, err = unpack(archive, strings.TrimSpace(key)); err != nil {
		return nil, nil, nil, err
	}
	events, receipts, err = p.events()
	return p, events, receipts, err
}

// folded is the case that events make.
func folded(events []cvd.Event) (c cvd.Case) {
	for _, e := range events {
		c = cvd.Fold(c, e)
	}
	return c
}

// TakeOver opens a case that another installation sealed to the key of this one. Everything in it is checked before; key, if
// given, is what the other project's log must have signed with. What is sent twice is one case.
func (w *Casework) TakeOver(ctx context.Context, who cvd.Actor, sealed []byte, key string) (Taken, error) {
	p, events, receipts, err := w.unseal(who, sealed, key)
	if err != nil {
		return Taken{}, err
	}
	if before, err := w.takenBefore(ctx, who.Project, p.Manifest); err != nil || before != "" {
		return Taken{Case: before}, err
	}
	a := &asking{who: who, now: w.Now()}
	if a.project, err = w.project(who.Project); err != nil {
		return Taken{}, err
	}
	a.p = a.project.inForce()
	if a.c.ID, err = w.store.NewCaseID(ctx, who.Project); err != nil {
		return Taken{}, fmt.Errorf("number a case of %s: %w", who.Project, err)
	}
	a.c.Project = who.Project
	c := folded(events)
	what := &cvd.TakenOver{From: cvd.Pointer{Site: p.Site, Project: p.Project, Case: p.Case, Event: events[len(events)-1].ID},
		Brought: a.settle(c.Load()), Past: cvd.Remember(events), SHA256: p.Hash, Proofs: proofsOf(events, receipts)}
	if err := w.unpackFiles(ctx, a, p, &what.Brought); err != nil {
		return Taken{}, err
	}
	out := Taken{Case: a.c.ID, Codes: map[int]string{}}
	for i := range what.Brought.Reports {
		r := &what.Brought.Reports[i]
		if r.Left.Case != "" {
			continue
		}
		secret, err := seal.NewSecret(w.rand)
		if err != nil {
			return Taken{}, fmt.Errorf("draw return code: %w", err)
		}
		r.Code, r.Came = seal.HashSecret(string(who.Project), string(a.c.ID), secret), nil
		out.Codes[r.Number] = string(a.c.ID) + "-" + secret
	}
	return out, w.begin(ctx, a, cvd.What{TakenOver: what})
}

// takenBefore finds the case that was opened with the same case of the other installation.
func (w *Casework) takenBefore(ctx context.Context, project cvd.ProjectID, m Manifest) (cvd.CaseID, error) {
	for page := (store.Page{}); ; {
		cases, next, err := w.store.Cases(ctx, project, page)
		if err != nil {
			return "", err
		}
		for _, c := range cases {
			if c.Origin.Site == m.Site && c.Origin.Project == m.Project && c.Origin.Case == m.Case && c.Handed != "" {
				return c.ID, nil
			}
		}
		if next == (store.Cursor{}) {
			return "", nil
		}
		page.After = next
	}
}

// unpackFiles seals the files of an archive under the key of the new case, and the archive itself beside them: it holds the
// proofs. The patches are not in it: everybody on the team may open it.
func (w *Casework) unpackFiles(ctx context.Context, a *asking, p *Packed, c *cvd.Case) (err error) {
	here := spot{a.who.Project, a.c.ID}
	var patches []string
	for _, patch := range c.PatchFiles {
		patches = append(patches, patch.ID)
	}
	archive, err := p.without(patches)
	if err != nil {
		return err
	}
	c.EachFile(func(f *cvd.Attachment) {
		if err != nil {
			return
		}
		var body []byte
		if body, err = p.attached(*f); err == nil {
			err = w.seal(ctx, here, f, body)
		}
	})
	if err != nil {
		return err
	}
	sum := sha256.Sum256(archive)
	whole := cvd.Attachment{Name: string(p.Case) + ".zip", Type: "application/zip", Size: int64(len(archive)), Hash: sum[:]}
	if err := w.seal(ctx, here, &whole, archive); err != nil {
		return err
	}
	c.Messages = append(c.Messages, cvd.Message{At: a.now, By: a.who.ID, To: "team",
		Text: "The case as it was handed over, with the receipts of all its events.", Attachments: []cvd.Attachment{whole}})
	return nil
}

// settle fits a case to the policy of the project that takes it: what that does not know is as it is for a new report, and the
// severity is to be decided anew.
func (a *asking) settle(c cvd.Case) cvd.Case {
	kind, err := a.p.Kind(c.Kind)
	if err != nil {
		if kind, err = a.p.Kind(""); err != nil && len(a.p.Document.Kinds) > 0 {
			kind = a.p.Document.Kinds[0]
		}
	}
	c.Kind, c.Track = kind.Name, a.p.Begin(kind, "").Name
	if _, rank := a.p.Class(c.Severity.Class); rank == 0 {
		sensitive := c.Severity.Sensitive
		c.Severity = cvd.Assessment{Sensitive: sensitive}
		delete(c.Marks, "triaged")
		delete(c.Round, "triaged")
	}
	return c
}

// proofsOf are the receipts of the reports, by number.
func proofsOf(events []cvd.Event, receipts []ledger.Receipt) map[int][]byte {
	out := map[int][]byte{}
	for n := 1; n <= len(events)*2; n++ {
		id := cvd.ReceivedAs(events, n)
		if i := slices.IndexFunc(events, func(e cvd.Event) bool { return e.ID == id }); i >= 0 {
			if text, err := json.Marshal(receipts[i]); err == nil {
				out[n] = text
			}
		}
	}
	return out
}
