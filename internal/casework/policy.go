package casework

import (
	"bytes"
	"cmp"
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

// PolicyChange is one difference in meaning between two versions of a policy.
type PolicyChange = policy.Change

// PolicyProposal is a change of the policy that somebody proposed, and what became of it.
type PolicyProposal struct {
	Number   int64
	Rev      int64
	Base     int64 // version that it changes
	At       time.Time
	Author   cvd.ActorID
	Name     string // of the author, as known then
	Source   string // editor, forge
	State    string // open, accepted, rejected, withdrawn
	Version  int64  // that it became; 0: none
	Because  string
	Text     []byte
	Findings []Finding
	Opinions []Opinion

	Changes []PolicyChange // what it changes in its base
	Stale   bool           // another version than its base is in force
	Since   []PolicyChange // what changed since its base, if it is stale
}

// Opinion is what somebody said about a proposal.
type Opinion struct {
	At      time.Time   `json:"at"`
	By      cvd.ActorID `json:"by"`
	Name    string      `json:"name"`
	Verdict string      `json:"verdict"` // approve, object, comment, accept, reject, withdraw, renew
	Text    string      `json:"text,omitempty"`
	Round   int         `json:"round"` // of the text that it is about
}

// proposalBody is what is sealed of a proposal.
type proposalBody struct {
	Name     string    `json:"name"`
	Because  string    `json:"because"`
	Text     string    `json:"text"`           // as it was written
	Flat     string    `json:"flat,omitempty"` // with all that it stands on, if that is another text
	Round    int       `json:"round"`          // how often the text was renewed
	Findings []Finding `json:"findings,omitempty"`
	Opinions []Opinion `json:"opinions,omitempty"`
}

// draft is a proposal as it is kept, opened.
type draft struct {
	store.PolicyProposal
	body proposalBody
}

func (d *draft) seal() (err error) {
	d.Body, err = json.Marshal(d.body)
	return err
}

// read takes another text in.
func (d *draft) read(text []byte, doc *policy.Policy) {
	d.body.Text, d.body.Flat, d.body.Findings = string(text), "", policy.Lint(doc)
	if flat := doc.Flat(); !bytes.Equal(flat, text) {
		d.body.Flat = string(flat)
	}
	d.body.Round++
}

// flat is what would be in force: nothing changes in it when a document that it stands on does.
func (d *draft) flat() []byte { return []byte(cmp.Or(d.body.Flat, d.body.Text)) }

func openDraft(x store.PolicyProposal) (draft, error) {
	d := draft{PolicyProposal: x}
	err := json.Unmarshal(x.Body, &d.body)
	if err != nil {
		err = fmt.Errorf("open proposal %d: %w", x.Number, err)
	}
	return d, err
}

// ProposePolicy keeps a document that somebody wants to be the project's policy, for others to look at. A document that is no
// policy is refused with its lines; what the linter finds is kept with it, and left to those who decide.
func (w *Casework) ProposePolicy(ctx context.Context, who cvd.Actor, text []byte, because string) (PolicyProposal, error) {
	if err := first(onRoster(who), w.editable(who.Project), require("/because", because, "say why the policy should change")); err != nil {
		return PolicyProposal{}, err
	}
	return w.proposePolicy(ctx, who, store.PolicyProposal{Source: "editor"}, text, because)
}

func (w *Casework) proposePolicy(ctx context.Context, who cvd.Actor, x store.PolicyProposal, text []byte, because string) (PolicyProposal, error) {
	p, err := w.freshProject(ctx, who.Project)
	if err != nil {
		return PolicyProposal{}, err
	}
	doc, err := w.fit(ctx, p, text)
	if err != nil {
		return PolicyProposal{}, err
	}
	now, err := w.store.Policy(ctx, p.ID, p.Policy)
	if err != nil {
		return PolicyProposal{}, err
	}
	if bytes.Equal(now, doc.Flat()) {
		return PolicyProposal{}, cvd.Fieldf("/text", "this is the policy in force, to the byte: there is nothing to propose")
	}
	x.Project, x.Base, x.Author, x.State = p.ID, p.Policy, who.ID, "open"
	d := draft{x, proposalBody{Name: who.Name, Because: trimmed(because)}}
	d.read(text, doc)
	if err := d.seal(); err != nil {
		return PolicyProposal{}, err
	}
	number, err := w.store.AddProposal(ctx, d.PolicyProposal)
	if err != nil {
		return PolicyProposal{}, err
	}
	return w.policyProposal(ctx, p, number)
}

// freshProject is a project with the version that is in force at this moment, whichever process put it there.
func (w *Casework) freshProject(ctx context.Context, id cvd.ProjectID) (*project, error) {
	p, err := w.project(id)
	if err != nil {
		return nil, err
	}
	now, err := w.store.Project(ctx, id)
	if err != nil || now.Policy == p.Policy {
		return p, err
	}
	if err := w.Refresh(ctx); err != nil {
		return nil, err
	}
	return w.project(id)
}

// fit reads a document that is to become a project's policy, and refuses one that the project could not live with.
func (w *Casework) fit(ctx context.Context, p *project, text []byte) (*policy.Policy, error) {
	doc, err := policy.Read("policy.yaml", text, w.bases)
	if problems, ok := errors.AsType[policy.Problems](err); ok {
		return nil, cvd.Fieldf("/text", "this is no policy yet:\n%s", problems.Error())
	}
	if err != nil {
		return nil, err
	}
	switch {
	case doc.Overlay():
		return nil, cvd.Fieldf("/text", "this is an overlay, and no policy by itself: name it in the overlays of one")
	case cvd.ProjectID(doc.Document.Policy) != p.ID:
		return nil, cvd.Fieldf("/text", "this is the policy of %s, not of %s", doc.Document.Policy, p.ID)
	case doc.Document.Prefix != p.Prefix:
		return nil, cvd.Fieldf("/text", "the prefix is %s and stays so: the cases bear it", p.Prefix)
	}
	people, err := w.store.People(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	if len(administrators(people, doc)) == 0 && len(administrators(people, p.inForce())) > 0 {
		return nil, cvd.Fieldf("/text", "under this nobody on the roster could administer the project")
	}
	return doc, nil
}

// administrators are the people who may administer under a policy.
func administrators(people []cvd.Person, doc *policy.Policy) []cvd.ActorID {
	var all []cvd.ActorID
	for _, x := range people {
		if x.Active && slices.Contains(doc.Can(x.Roles), cvd.Administer) {
			all = append(all, x.Handle)
		}
	}
	return all
}

// PolicyProposals lists the newest proposals of the asker's project, without what they change, for its members.
func (w *Casework) PolicyProposals(ctx context.Context, who cvd.Actor) ([]PolicyProposal, error) {
	if err := onRoster(who); err != nil {
		return nil, err
	}
	p, err := w.freshProject(ctx, who.Project)
	if err != nil {
		return nil, err
	}
	all, err := w.store.Proposals(ctx, p.ID, 0, 100)
	if err != nil {
		return nil, err
	}
	var out []PolicyProposal
	for _, x := range all {
		d, err := openDraft(x)
		if err != nil {
			return nil, err
		}
		out = append(out, d.shown(p))
	}
	return out, nil
}

// PolicyProposal is one proposal with all that it changes, for the project's members.
func (w *Casework) PolicyProposal(ctx context.Context, who cvd.Actor, number int64) (PolicyProposal, error) {
	if err := onRoster(who); err != nil {
		return PolicyProposal{}, err
	}
	p, err := w.freshProject(ctx, who.Project)
	if err != nil {
		return PolicyProposal{}, err
	}
	return w.policyProposal(ctx, p, number)
}

func (w *Casework) policyProposal(ctx context.Context, p *project, number int64) (PolicyProposal, error) {
	kept, err := w.store.Proposal(ctx, p.ID, number)
	if err != nil {
		return PolicyProposal{}, err
	}
	d, err := openDraft(kept)
	if err != nil {
		return PolicyProposal{}, err
	}
	out := d.shown(p)
	base, err := w.policy(ctx, p, d.Base)
	if err != nil {
		return out, err
	}
	if next, err := policy.Read("policy.yaml", d.flat()); err == nil { // an older program may have read it otherwise
		out.Changes = policy.Diff(base, next)
	}
	if out.Stale {
		out.Since = policy.Diff(base, p.inForce())
	}
	return out, nil
}

func (d *draft) shown(p *project) PolicyProposal {
	return PolicyProposal{Number: d.Number, Rev: d.Rev, Base: d.Base, At: d.At, Author: d.Author, Name: d.body.Name, Source: d.Source, State: d.State,
		Version: d.Version, Because: d.body.Because, Text: []byte(d.body.Text), Findings: d.body.Findings, Opinions: d.body.Opinions,
		Stale: d.State == "open" && d.Base != p.Policy}
}

// PolicyVersion is one version of a project's policy: who put it in force, when, why, and how it differs from the one before.
type PolicyVersion struct {
	Version  int64
	At       time.Time
	Author   cvd.ActorID
	Name     string // of the author, if the proposal knows it
	Proposal int64
	Because  string
	Changes  []PolicyChange
}

// PolicyHistory lists the versions of the policy of the asker's project, the newest first, for its members.
func (w *Casework) PolicyHistory(ctx context.Context, who cvd.Actor) ([]PolicyVersion, error) {
	if err := onRoster(who); err != nil {
		return nil, err
	}
	p, err := w.freshProject(ctx, who.Project)
	if err != nil {
		return nil, err
	}
	all, err := w.store.Policies(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	var out []PolicyVersion
	var before *policy.Policy
	for _, v := range all {
		x := PolicyVersion{Version: v.Version, At: v.At, Author: v.Author, Proposal: v.Proposal}
		doc, err := w.policy(ctx, p, v.Version)
		if err != nil {
			return nil, err
		}
		if before != nil {
			x.Changes = policy.Diff(before, doc)
		}
		before = doc
		if v.Proposal > 0 {
			if err := w.fillFrom(ctx, p.ID, &x); err != nil {
				return nil, err
			}
		}
		out = append(out, x)
	}
	slices.Reverse(out)
	return out, nil
}

// fillFrom takes from the proposal what it says about the version that it became.
func (w *Casework) fillFrom(ctx context.Context, id cvd.ProjectID, v *PolicyVersion) error {
	kept, err := w.store.Proposal(ctx, id, v.Proposal)
	if err != nil {
		return err
	}
	d, err := openDraft(kept)
	v.Because = d.body.Because
	for _, o := range d.body.Opinions {
		if o.Verdict == "accept" {
			v.Name = o.Name
		}
	}
	return err
}

// PolicyDiff is how the meaning of the policy changed from one version to another, for the project's members.
func (w *Casework) PolicyDiff(ctx context.Context, who cvd.Actor, from, to int64) ([]PolicyChange, error) {
	if err := onRoster(who); err != nil {
		return nil, err
	}
	p, err := w.freshProject(ctx, who.Project)
	if err != nil {
		return nil, err
	}
	var docs [2]*policy.Policy
	for i, version := range []int64{from, to} {
		if docs[i], err = w.policy(ctx, p, version); err != nil {
			return nil, err
		}
	}
	return policy.Diff(docs[0], docs[1]), nil
}

// PolicyVersionText is one version of the policy document, byte for byte, for the project's members.
func (w *Casework) PolicyVersionText(ctx context.Context, who cvd.Actor, version int64) ([]byte, error) {
	if err := onRoster(who); err != nil {
		return nil, err
	}
	return w.store.Policy(ctx, who.Project, version)
}

// trimmed is a reason without the spaces around it.
func trimmed(text string) string { return strings.TrimSpace(text) }
