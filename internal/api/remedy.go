package api

import (
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Line is what a case knows of one release line.
type Line struct {
	Product   string      `json:"product"`
	Name      string      `json:"line"`
	Status    string      `json:"status" enum:"unknown,affected,not_affected,unsupported,fix_in_progress,patched,exempt,staged,released,incomplete" doc:"What was said of it last."`
	Stands    string      `json:"stands" enum:"unknown,affected,not_affected,unsupported,fix_in_progress,reviewed,merged,shipped,incomplete" doc:"Where it stands, by all that happened to it."`
	Affected  string      `json:"affected,omitempty" doc:"The versions affected: >= 1.2.0, < 1.4.3."`
	Patches   []cvd.Patch `json:"patches,omitempty"`
	Because   string      `json:"because,omitempty" doc:"Why it is exempt or not affected."`
	Version   string      `json:"version,omitempty" doc:"The release that holds the fix."`
	Tag       string      `json:"tag,omitempty"`
	Commit    string      `json:"commit,omitempty"`
	URL       string      `json:"url,omitempty"`
	SHA256    string      `json:"sha256,omitempty"`
	Artefacts []Artefact  `json:"artefacts,omitempty" doc:"What the channels of distribution give out of the release."`
	Release   time.Time   `json:"released_at,omitzero"`
	ChangedAt time.Time   `json:"changed_at,omitzero"`
	Moves     []LineMove  `json:"moves,omitempty" doc:"Where it stood before, oldest first."`

	Merged       time.Time `json:"merged_at,omitzero" doc:"When the fix was applied in public."`
	MergedCommit string    `json:"merged_commit,omitempty"`
	MergedURL    string    `json:"merged_url,omitempty"`
}

// LineMove is one change of where a line stands.
type LineMove struct {
	Stands  string      `json:"stands"`
	At      time.Time   `json:"at"`
	By      cvd.ActorID `json:"by,omitempty"`
	Name    string      `json:"name,omitempty"`
	Because string      `json:"because,omitempty"`
}

func lineOf(l cvd.Line) Line {
	return Line{Product: l.Product, Name: l.Name, Status: l.Status, Stands: l.Stands(), Affected: l.Affected, Patches: l.Patches, Because: l.Because, Version: l.Version,
		Tag: l.Tag, Commit: l.Commit, URL: l.URL, SHA256: l.SHA256, Release: l.Release, ChangedAt: l.ChangedAt,
		Artefacts: each(l.Artefacts, func(a cvd.Artefact) Artefact { return Artefact(a) }),
		Merged:    l.Merged, MergedCommit: l.MergedCommit, MergedURL: l.MergedURL,
		Moves: each(l.Moves, func(m cvd.LineMove) LineMove { return LineMove(m) })}
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
