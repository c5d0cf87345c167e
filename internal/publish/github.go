package publish

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// github is what GitHub's REST API says in its own way (version 2022-11-28).
type github struct{}

func (github) name() string { return "github" }

func (github) header(token string) http.Header {
	h := http.Header{"Accept": {"application/vnd.github+json"}, "X-Github-Api-Version": {"2022-11-28"}}
	if token != "" {
		h.Set("Authorization", "Bearer "+token)
	}
	return h
}

func (github) branch(ctx context.Context, s speaker, name string) error {
	var base struct {
		Object struct {
			SHA string `json:"sha"`
		} `json:"object"`
	}
	if _, err := s.ask(ctx, http.MethodGet, s.under("git/ref/heads", s.Base), nil, nil, &base); err != nil {
		return about(err, "branch %s of %s at %s", s.Base, s.Repo, s.Host)
	}
	_, err := s.ask(ctx, http.MethodPost, s.under("git/refs"), nil, map[string]string{"ref": "refs/heads/" + name, "sha": base.Object.SHA}, nil)
	return about(err, "make branch %s of %s", name, s.Repo)
}

func (github) put(ctx context.Context, s speaker, path, was string, body map[string]string) error {
	if was != "" {
		body["sha"] = was
	}
	_, err := s.ask(ctx, http.MethodPut, s.under("contents", path), nil, body, nil)
	return about(err, "write %s of %s", path, s.Repo)
}

func (github) find(ctx context.Context, s speaker, branch string) (pullAnswer, error) {
	owner, _, _ := strings.Cut(s.Repo, "/")
	query := url.Values{"head": {owner + ":" + branch}, "base": {s.Base}, "state": {"all"}, "per_page": {"1"}}
	var all []pullAnswer
	if _, err := s.ask(ctx, http.MethodGet, s.under("pulls")+"?"+query.Encode(), nil, nil, &all); err != nil {
		return pullAnswer{}, about(err, "the pull requests of %s at %s", s.Repo, s.Host)
	}
	if len(all) == 0 {
		return pullAnswer{}, cvd.Errorf(cvd.NotFound, "there is no pull request of %s", branch)
	}
	return all[0], nil
}
