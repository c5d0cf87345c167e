package cvd

import (
	"slices"
	"time"
)

// Moved says that the case goes on in another project of this installation. Its content is destroyed here once it is there.
type Moved struct {
	To      ProjectID `json:"to"`
	Because string    `json:"because"`
	Confirm bool      `json:"confirm"` // that everybody there who may see cases will see it
	Case    CaseID    `json:"case,omitempty" readOnly:"true"`
}

func (x *Moved) kind() string { return "moved" }
func (x *Moved) apply(c *Case, e *Event) {
	c.Combined = Pointer{Project: x.To, Case: x.Case, Event: e.ID}
	c.closeAll()
	c.Outcome = "moved"
	c.mark("closed", e.At)
}
func (x *Moved) says() (string, Tier) { return "Moved to the project " + string(x.To), ForReporter }

// TakenOver begins a case with all that another one was: of another project, or of another installation. Nobody is invited
// along, and strangers do not see it.
type TakenOver struct {
	From    Pointer        `json:"from"`
	Because string         `json:"because,omitempty"`
	Brought Case           `json:"brought"`
	Past    []Past         `json:"past,omitempty"`
	SHA256  string         `json:"sha256,omitempty"` // of the manifest, if it was handed over
	Proofs  map[int][]byte `json:"proofs,omitempty"` // by number, the receipts of the reports as the log of their origin signed them
}

func (x *TakenOver) kind() string { return "taken_over" }
func (x *TakenOver) apply(c *Case, e *Event) {
	b := x.Brought.renamed(formerly(x.From.Case))
	b.Project, b.ID, b.Rev, b.Policy, b.OpenedAt = c.Project, c.ID, c.Rev, c.Policy, c.OpenedAt
	b.Origin, b.Public, b.Shown, b.Handed = x.From, false, nil, x.SHA256
	b.OpenSince, b.Combined, b.Parent, b.Branches, b.Scopes = time.Time{}, Pointer{}, Pointer{}, nil, nil
	b.Parties, b.Clocks, b.OldClocks, b.Waivers, b.Assigned = nil, nil, nil, nil, nil
	b.Proposals = slices.Clone(b.Proposals)
	for i := range b.Proposals { // nobody is here who would stand by what a party proposed
		if p := &b.Proposals[i]; p.Open() && p.Party != "" {
			p.Answer, p.AnsweredAt = "over", e.At
		}
	}
	b.settle()
	b.Disclosure.Due, b.Disclosure.ArmedBy = time.Time{}, ""
	if b.Marks == nil {
		b.Marks, b.Round = map[string]time.Time{}, map[string]time.Time{}
	}
	for i := range b.PatchFiles {
		if x.From.Site != "" { // a handle of that installation is somebody else's here
			b.PatchFiles[i].Readers = []ActorID{e.Who}
		}
	}
	*c = b
}
func (x *TakenOver) says() (string, Tier) {
	if x.From.Site != "" {
		return "Taken over from another installation", ForReporter
	}
	return "Taken over from the project " + string(x.From.Project), ForReporter
}
