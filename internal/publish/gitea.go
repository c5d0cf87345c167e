package publish

import (
	"context"
	"net/http"
)

// gitea is what the API of Gitea and Forgejo says in its own way (version 1).
type gitea struct{}

func (gitea) name() string { return "gitea" }

func (gitea) header(token string) http.Header {
	h := http.Header{"Accept": {"application/json"}}
	if token != "" {
		h.Set("Authorization", "token "+token)
	}
	return h
}

// branch names what it begins at twice: before 1.19 a branch could not begin at anything but a branch.
func (gitea) branch(ctx context.Context, s speaker, name string) error {
	in := map[string]string{"new_branch_name": name, "old_branch_name": s.Base, "old_ref_name": s.Base}
	_, err := s.ask(ctx, http.MethodPost, s.under("branches"), nil, in, nil)
	return about(err, "make branch %s of %s", name, s.Repo)
}

// put makes a file by POST and changes one by PUT.
func (gitea) put(ctx context.Context, s speaker, path, was string, body map[string]string) error {
	method := http.MethodPost
	if was != "" {
		method, body["sha"] = http.MethodPut, was
	}
	_, err := s.ask(ctx, method, s.under("contents", path), nil, body, nil)
	return about(err, "write %s of %s", path, s.Repo)
}

func (gitea) find(ctx context.Context, s speaker, branch string) (found pullAnswer, err error) {
	_, err = s.ask(ctx, http.MethodGet, s.under("pulls", s.Base, branch), nil, nil, &found)
	return found, about(err, "the pull request of %s of %s at %s", branch, s.Repo, s.Host)
}
