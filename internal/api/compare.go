package api

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// Beside asks what an edition of an advisory tells beyond the patches.
type Beside struct {
	Edition int         `json:"edition,omitempty" doc:"The newest, if none is given."`
	Patches []PatchText `json:"patches,omitempty" doc:"To compare with besides those of the case that the asker may read; they are not kept."`
}

// PatchText is a patch that is compared with and not kept.
type PatchText struct {
	Name string `json:"name" doc:"Of the file."`
	Body string `json:"body" doc:"The bytes, in base64: a patch, a git bundle or a .tar.gz."`
}

// Comparison is what an edition of an advisory tells and no patch holds.
type Comparison struct {
	Edition  int           `json:"edition"`
	Patches  []string      `json:"patches" doc:"Names of the files that it was compared with; with none, nothing was compared."`
	Findings []cvd.Wording `json:"findings"`
}

// Compare asks what an edition of the advisory tells beyond the patches. Nothing is kept.
func (c *Client) Compare(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, in Beside) (Comparison, error) {
	var out Comparison
	return out, c.do(ctx, call{method: http.MethodPost, path: casePathOf(project, id) + "/compare", in: in}, &out)
}

func (s *server) compare(a *asked, in Beside) (Comparison, error) {
	id, err := a.caseID()
	if err != nil {
		return Comparison{}, err
	}
	var files []casework.File
	for n, p := range in.Patches {
		body, err := base64.StdEncoding.DecodeString(p.Body)
		if err != nil {
			return Comparison{}, cvd.Fieldf(fmt.Sprintf("/patches/%d/body", n), "this is no base64")
		}
		files = append(files, casework.File{Name: p.Name, Body: body})
	}
	out, err := s.Casework.Compare(a.Context(), a.who, id, in.Edition, files)
	return Comparison{Edition: out.Edition, Patches: some(out.Patches), Findings: some(out.Findings)}, err
}
