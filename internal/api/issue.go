package api

import (
	"context"
	"net/http"

	"github.com/tipstaff/tipstaff/cvd"
)

// Issue is the text of something that goes to the project's public tracker, ready to be opened there.
type Issue struct {
	Title   string `json:"title"`
	Body    string `json:"body" doc:"Markdown."`
	Tracker string `json:"tracker,omitempty" doc:"Where issues are."`
	New     string `json:"new,omitempty" doc:"The address at which the tracker opens with the text filled in, where it has such."`
}

// Issue prepares an issue of a kind that goes to the tracker. It becomes no case.
func (c *Client) Issue(ctx context.Context, project cvd.ProjectID, r Report) (Issue, error) {
	var out Issue
	return out, c.do(ctx, call{method: http.MethodPost, path: projectPathOf(project) + "/issues", in: r}, &out)
}

func (s *server) issue(a *asked, in Report) (Issue, error) {
	p, err := s.Casework.PolicyOf(a.project())
	if err != nil {
		return Issue{}, err
	}
	d, errs := p.Wish(new(cvd.Report(in)))
	if len(errs) > 0 {
		return Issue{}, errs[0]
	}
	return Issue(d), nil
}
