package cvd

import "time"

// Product is something that the project releases. It is stated in the policy document.
type Product struct {
	Name      string
	Title     string
	PURL      string // package URL without a version, if it has one
	Lines     []ReleaseLine
	Platforms []string
}

// ReleaseLine is a series of releases that gets fixes together: "28", "0.15.x".
type ReleaseLine struct {
	Name     string
	Eligible bool // whether the policy promises it security fixes
	Versions string
}

// LineName names a release line.
type LineName struct {
	Product string `json:"product"`
	Line    string `json:"line"`
}

// Line is what a case knows of one release line.
type Line struct {
	Product   string
	Name      string
	Status    string // unknown, affected, not_affected, unsupported, fix_in_progress, patched, exempt, staged, released, incomplete
	Affected  string // versions affected, as a person states them: ">= 1.2.0, < 1.4.3"
	Patches   []Patch
	Because   string // of an exemption, or of not being affected
	Version   string // the release that holds the fix
	Tag       string
	Commit    string
	URL       string
	SHA256    string
	Artefacts []Artefact // what the channels of distribution give out of the release, the release itself first
	Release   time.Time
	ChangedAt time.Time
	FixedAt   time.Time  // when its patches changed last
	Moves     []LineMove // where it stood, oldest first; the last is where it stands

	Merged       time.Time // when the fix was applied in public, which is not yet a release
	MergedCommit string
	MergedURL    string
}

// Settled says whether nothing is left to develop for the line.
func (l Line) Settled() bool {
	switch l.Status {
	case "patched", "exempt", "not_affected", "unsupported", "staged", "released":
		return true
	}
	return false
}

// Patch is where a fix lies, bound by its hash.
type Patch struct {
	URL     string  `json:"url"`
	SHA256  string  `json:"sha256"`
	Private bool    `json:"private,omitempty"` // whether the place is private
	By      ActorID `json:"by,omitempty" readOnly:"true"`

	Seen   string    `json:"seen,omitempty" readOnly:"true"` // what the last look at the place showed: private, public, unknown; empty: nobody looked
	SeenAt time.Time `json:"seen_at,omitzero" readOnly:"true"`
	How    string    `json:"how,omitempty" readOnly:"true"` // what answered

	Commits []string `json:"commits,omitempty"` // of the private branch: the program alarms if they are found in public before their time
}
