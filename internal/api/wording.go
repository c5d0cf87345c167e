package api

import (
	"context"
	"net/http"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// Change is what a change says where strangers may read it once it is pushed.
type Change struct {
	Branches []string `json:"branches,omitempty"`
	Titles   []string `json:"titles,omitempty" doc:"Of requests."`
	Messages []string `json:"messages,omitempty" doc:"Of commits."`
	CI       []string `json:"ci,omitempty" doc:"Addresses of builds."`
	Files    []string `json:"files,omitempty" doc:"Names of files that it adds."`
	Logs     []string `json:"logs,omitempty" doc:"What builds print where others read it."`
}

// Wordings is which words of it would tell of the case.
type Wordings struct {
	Findings []cvd.Wording `json:"findings"`
}

// Wording asks which words of a change would tell. Nothing is kept.
func (c *Client) Wording(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, in Change) (Wordings, error) {
	var out Wordings
	return out, c.do(ctx, call{method: http.MethodPost, path: casePathOf(project, id) + "/wording", in: in}, &out)
}

// ReadChange reads what a patch, a git bundle or a .tar.gz says, into what it adds to. It asks nobody.
func ReadChange(body []byte, in *Change) error {
	_, said, err := casework.ReadPatch(body)
	for _, x := range said {
		switch x.Field {
		case "branch":
			in.Branches = append(in.Branches, x.Text)
		case "title":
			in.Titles = append(in.Titles, x.Text)
		case "message":
			in.Messages = append(in.Messages, x.Text)
		case "file":
			in.Files = append(in.Files, x.Text)
		}
	}
	return err
}

func (s *server) wording(a *asked, in Change) (Wordings, error) {
	id, err := a.caseID()
	if err != nil {
		return Wordings{}, err
	}
	var said []casework.Said
	for _, f := range []struct {
		name  string
		texts []string
	}{{"branch", in.Branches}, {"title", in.Titles}, {"message", in.Messages}, {"ci", in.CI}, {"file", in.Files}, {"log", in.Logs}} {
		for _, text := range f.texts {
			said = append(said, casework.Said{Field: f.name, Text: text})
		}
	}
	if len(said) == 0 {
		return Wordings{}, cvd.Fieldf("/branches", "give what is to be checked: branches, titles, messages, ci, files or logs")
	}
	found, err := s.Casework.Wording(a.Context(), a.who, id, said)
	return Wordings{Findings: some(found)}, err
}
