package casework

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/store"
)

// The policy of a project comes from the program's editor, or from a file at a forge, never from both. What is merged there
// arrives here as a proposal of nobody, about which people decide like about any other.

const (
	atForge        = "forge" // the author of what comes from there, and its source
	betweenReads   = 5 * time.Minute
	supersededText = "the file at the forge has changed since"
)

// SourceFile is what a file at a forge said when it was read.
type SourceFile struct {
	Text    []byte
	Hash    string // the forge's name for this text
	Tag     string // by which the forge says next time that nothing changed
	Same    bool   // nothing changed since the tag that was asked with: there is no text
	Trouble string // why it could not be read
}

// sourceBody is what is kept of the last reading.
type sourceBody struct {
	Address string    `json:"address"`
	Hash    string    `json:"hash,omitempty"`
	Tag     string    `json:"tag,omitempty"`
	Version int64     `json:"version"` // in force when it was read
	Trouble string    `json:"trouble,omitempty"`
	Since   time.Time `json:"since,omitzero"` // of the trouble
}

// Source is the address of the file at a forge that a project's policy comes from; empty: it comes from the editor.
func (w *Casework) Source(id cvd.ProjectID) string { return w.sources[id] }

// editable refuses a text from anywhere but the forge, if that is where the policy comes from.
func (w *Casework) editable(id cvd.ProjectID) error {
	if address := w.sources[id]; address != "" {
		return cvd.Errorf(cvd.Refused, "the policy comes from %s: change it there, and what is merged arrives here as a proposal", address)
	}
	return nil
}

// BeginReading says whether the file of a project should be read now, by the caller and by nobody else, and with what tag.
func (w *Casework) BeginReading(ctx context.Context, id cvd.ProjectID) (tag string, due bool, err error) {
	p, err := w.freshProject(ctx, id)
	if err != nil {
		return "", false, err
	}
	last, err := w.store.PolicySource(ctx, id)
	if err != nil || w.sources[id] == "" || w.Now().Sub(last.At) < betweenReads {
		return "", false, err
	}
	if due, err = w.store.ClaimSource(ctx, id, last.At); err != nil || !due {
		return "", false, err
	}
	was, err := openSource(last)
	if was.Address != w.sources[id] || was.Version != p.Policy { // against another version the same file may be a proposal
		return "", true, err
	}
	return was.Tag, true, err
}

func openSource(x store.PolicySource) (b sourceBody, err error) {
	if x.Body == nil {
		return b, nil
	}
	if err = json.Unmarshal(x.Body, &b); err != nil {
		err = fmt.Errorf("open the reading of a file: %w", err)
	}
	return b, err
}

// EndReading takes in what the file said: a text that is not in force becomes one proposal, in the place of an older one that
// is open; what is no policy is kept as trouble. News says that the trouble is another than before. It may be repeated at any
// point: the reading is kept last.
func (w *Casework) EndReading(ctx context.Context, id cvd.ProjectID, file SourceFile) (now SourceState, news bool, err error) {
	last, err := w.store.PolicySource(ctx, id)
	if err != nil {
		return now, false, err
	}
	was, err := openSource(last)
	if err != nil {
		return now, false, err
	}
	next := sourceBody{Address: w.sources[id], Hash: file.Hash, Tag: file.Tag, Trouble: file.Trouble}
	switch {
	case file.Same:
		next = was
	case file.Trouble == "":
		next.Version, err = w.proposeFile(ctx, id, file)
		if cvd.KindOf(err) == cvd.Invalid {
			next.Trouble, err = err.Error(), nil
		}
	}
	if err != nil {
		return now, false, err
	}
	if next.Trouble == was.Trouble && next.Address == was.Address {
		next.Since = was.Since
	} else {
		next.Since, news = w.Now(), next.Trouble != "" || was.Trouble != ""
	}
	body, err := json.Marshal(next)
	if err != nil {
		return now, false, fmt.Errorf("keep the reading of a file: %w", err)
	}
	return SourceState{Address: next.Address, ReadAt: last.At, Trouble: next.Trouble, Since: next.Since}, news, w.store.PutSource(ctx, id, body)
}

// proposeFile makes a proposal of a file, unless it is in force or became one already, and closes those of older files. It
// returns the version against which it looked.
func (w *Casework) proposeFile(ctx context.Context, id cvd.ProjectID, file SourceFile) (version int64, err error) {
	p, err := w.freshProject(ctx, id)
	if err != nil {
		return 0, err
	}
	doc, unfit := w.fit(ctx, p, file.Text)
	if unfit != nil && cvd.KindOf(unfit) != cvd.Invalid {
		return 0, unfit
	}
	var origin string // of the proposal that stays open: none of what is no policy, and none of what is in force
	if unfit == nil {
		force, err := w.store.Policy(ctx, id, p.Policy)
		if err != nil {
			return 0, err
		}
		if !bytes.Equal(force, doc.Flat()) {
			if origin, err = w.proposeOnce(ctx, p, file); err != nil {
				return 0, err
			}
		}
	}
	if err := w.supersede(ctx, id, origin); err != nil {
		return 0, err
	}
	return p.Policy, unfit
}

// proposeOnce makes a proposal of a file, unless there is one of it against the version in force that is open or was decided. A
// file that came back after another had taken its place is proposed once more.
func (w *Casework) proposeOnce(ctx context.Context, p *project, file SourceFile) (origin string, err error) {
	for n := 1; ; n++ {
		origin = fmt.Sprintf("%s/%d/%d", file.Hash, p.Policy, n)
		number, err := w.store.Proposed(ctx, p.ID, origin)
		if err != nil {
			return "", err
		}
		if number == 0 {
			break
		}
		x, err := w.store.Proposal(ctx, p.ID, number)
		if err != nil || x.State != "withdrawn" {
			return origin, err
		}
	}
	_, err = w.proposePolicy(ctx, theFile(p.ID), store.PolicyProposal{Source: atForge, Origin: origin}, file.Text, "Merged at the forge: "+w.sources[p.ID])
	return origin, err
}

// theFile is who proposes what comes from a forge.
func theFile(id cvd.ProjectID) cvd.Actor {
	return cvd.Actor{Project: id, ID: atForge, Name: "The file at the forge"}
}

// supersede closes the open proposals of files other than the one of origin.
func (w *Casework) supersede(ctx context.Context, id cvd.ProjectID, origin string) error {
	all, err := w.store.Proposals(ctx, id, 0, 100)
	if err != nil {
		return err
	}
	who := theFile(id)
	for _, x := range all {
		if x.Source != atForge || x.State != "open" || x.Origin == origin {
			continue
		}
		_, err := w.onProposal(ctx, who, x.Number, func(_ *project, d *draft) error {
			d.State = "withdrawn"
			d.say(w, who, "withdraw", supersededText)
			return nil
		})
		if err != nil && cvd.KindOf(err) != cvd.Refused { // somebody decided about it meanwhile
			return err
		}
	}
	return nil
}

// SourceState is how it stands with the file at a forge that a policy comes from, and with what goes back there.
type SourceState struct {
	Address string    // empty: the policy comes from the editor
	ReadAt  time.Time // zero: not yet
	Trouble string    // why what was read is no proposal
	Since   time.Time
	Pulls   []PolicyPull
}

// PolicySource is how it stands with the source of the policy, for the project's members.
func (w *Casework) PolicySource(ctx context.Context, who cvd.Actor) (SourceState, error) {
	if err := onRoster(who); err != nil {
		return SourceState{}, err
	}
	return SourceOf(ctx, w.store, who.Project, w.sources[who.Project])
}

// SourceOf is how it stands with the file of a project at an address, as the program itself asks.
func SourceOf(ctx context.Context, s *store.Store, id cvd.ProjectID, address string) (SourceState, error) {
	out := SourceState{Address: address}
	if address == "" {
		return out, nil
	}
	last, err := s.PolicySource(ctx, id)
	if err != nil {
		return out, err
	}
	b, err := openSource(last)
	if err != nil {
		return out, err
	}
	if b.Address == address {
		out.ReadAt, out.Trouble, out.Since = last.At, b.Trouble, b.Since
	}
	all, err := policyPulls(ctx, s, id)
	for _, x := range all {
		if x.State == "done" || x.Version == all[0].Version { // of a version that never arrived, a later one says it all
			out.Pulls = append(out.Pulls, x)
		}
	}
	return out, err
}
