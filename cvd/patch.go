package cvd

import (
	"slices"
	"time"
)

// PatchFile is a fix as a file: sealed like any attachment, and read by those whom it names and by nobody else.
type PatchFile struct {
	ID       string // of the attachment
	File     Attachment
	Form     string // patch, bundle, archive
	Product  string
	Line     string
	At       time.Time
	By       ActorID
	Name     string      // of who attached it, as known then
	Readers  []ActorID   // handles of the roster, and parties of the case; whoever attached it is one
	Reads    []PatchRead // each time that somebody fetched it, oldest first
	Findings []Wording   // words in it that tell of the case
}

// Wording is a word that would tell of a case where strangers may read it.
type Wording struct {
	Field string `json:"field"` // branch, message, title, ci, file, log; a field of the advisory
	Word  string `json:"word"`
	Why   string `json:"why"`
	Way   string `json:"way"` // the way out
}

// PatchRead is one time that somebody fetched a patch.
type PatchRead struct {
	At   time.Time
	By   ActorID
	Name string
}

// PatchAttached is a fix that was attached to a line as a file.
type PatchAttached struct {
	Product  string     `json:"product"`
	Line     string     `json:"line"`
	Form     string     `json:"form"` // patch, bundle, archive
	File     Attachment `json:"file"`
	Readers  []ActorID  `json:"readers"`
	Findings []Wording  `json:"findings,omitempty"`
}

func (x *PatchAttached) kind() string { return "patch_attached" }
func (x *PatchAttached) apply(c *Case, e *Event) {
	c.PatchFiles = append(c.PatchFiles, PatchFile{ID: x.File.ID, File: x.File, Form: x.Form, Product: x.Product, Line: x.Line, At: e.At, By: e.Who, Name: e.Name,
		Readers: x.Readers, Findings: x.Findings})
}
func (x *PatchAttached) says() (string, Tier) {
	return "Attached a " + x.Form + " for " + x.Product + " " + x.Line, ForTeam
}

// PatchGranted lets somebody read a patch from now on.
type PatchGranted struct {
	Patch   string  `json:"patch"`
	To      ActorID `json:"to"`
	Because string  `json:"because"`
}

func (x *PatchGranted) kind() string { return "patch_granted" }
func (x *PatchGranted) apply(c *Case, _ *Event) {
	c.patchFile(x.Patch, func(p *PatchFile) { p.Readers = append(slices.Clone(p.Readers), x.To) })
}
func (x *PatchGranted) says() (string, Tier) {
	return "Let " + string(x.To) + " read a patch", ForTeam
}

// PatchRevoked ends that somebody may read a patch. What they fetched before, they have.
type PatchRevoked struct {
	Patch   string  `json:"patch"`
	From    ActorID `json:"from"`
	Because string  `json:"because"`
}

func (x *PatchRevoked) kind() string { return "patch_revoked" }
func (x *PatchRevoked) apply(c *Case, _ *Event) {
	c.patchFile(x.Patch, func(p *PatchFile) {
		p.Readers = slices.DeleteFunc(slices.Clone(p.Readers), func(id ActorID) bool { return id == x.From })
	})
}
func (x *PatchRevoked) says() (string, Tier) {
	return "Ended that " + string(x.From) + " may read a patch", ForTeam
}

// PatchFetched is that somebody fetched a patch to read it.
type PatchFetched struct {
	Patch string `json:"patch"`
}

func (x *PatchFetched) kind() string { return "patch_fetched" }
func (x *PatchFetched) apply(c *Case, e *Event) {
	c.patchFile(x.Patch, func(p *PatchFile) {
		p.Reads = append(slices.Clip(p.Reads), PatchRead{At: e.At, By: e.Who, Name: e.Name})
	})
}
func (x *PatchFetched) says() (string, Tier) { return "Fetched a patch", ForTeam }

// patchFile changes a patch of the case. The list was copied by the fold.
func (c *Case) patchFile(id string, change func(*PatchFile)) {
	if i := slices.IndexFunc(c.PatchFiles, func(p PatchFile) bool { return p.ID == id }); i >= 0 {
		change(&c.PatchFiles[i])
	}
}

// patchesFor are the patches that one actor may know of: the team of all, a guest of those that name them. Whoever is not named
// may not fetch one, whatever their role.
func (c Case) patchesFor(who Actor, t Tier) (out []PatchFile) {
	for _, p := range c.PatchFiles {
		switch {
		case t == ForTeam:
			out = append(out, p)
		case slices.Contains(p.Readers, who.ID): // without who else reads it
			p.By, p.Name, p.Readers, p.Reads, p.Findings = "", standingName(p.By), []ActorID{who.ID}, nil, nil
			out = append(out, p)
		}
	}
	return out
}
