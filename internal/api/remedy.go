package api

import (
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Line is what a case knows of one release line.
type Line struct {
	Product   string      `json:"product"`
	Name      string      `json:"line"`
	Status    string      `json:"status" enum:"unknown,affected,not_affected,patched,exempt,staged,released"`
	Affected  string      `json:"affected,omitempty" doc:"The versions affected: >= 1.2.0, < 1.4.3."`
	Patches   []cvd.Patch `json:"patches,omitempty"`
	Because   string      `json:"because,omitempty" doc:"Why it is exempt or not affected."`
	Version   string      `json:"version,omitempty" doc:"The release that holds the fix."`
	Tag       string      `json:"tag,omitempty"`
	Commit    string      `json:"commit,omitempty"`
	URL       string      `json:"url,omitempty"`
	SHA256    string      `json:"sha256,omitempty"`
	Release   time.Time   `json:"released_at,omitzero"`
	ChangedAt time.Time   `json:"changed_at,omitzero"`
}

// Check is the last result of one check of the fix.
type Check struct {
	Name     string      `json:"check"`
	At       time.Time   `json:"at"`
	By       cvd.ActorID `json:"by"`
	Result   string      `json:"result" enum:"passed,failed,waived"`
	Platform string      `json:"platform,omitempty"`
	Evidence string      `json:"evidence"`
}
