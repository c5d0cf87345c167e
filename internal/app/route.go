package app

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/importer"
	"github.com/tipstaff/tipstaff/internal/prose"
)

// lists are the kinds of lists of others, as casework takes them.
func lists() []casework.ListReader {
	var all []casework.ListReader
	for _, s := range importer.All() {
		all = append(all, casework.ListReader(s))
	}
	return all
}

// policyPlaces are where a repository keeps its security policy, the most usual first.
var policyPlaces = []string{"SECURITY.md", ".github/SECURITY.md", "docs/SECURITY.md"}

// FindRoute looks for where a project takes reports of vulnerabilities: in the security policy of its repository, then in the
// security.txt of its website. What is not found is said in Trouble.
func (p Pages) FindRoute(ctx context.Context, repository, website string, now time.Time) cvd.Route {
	var trouble string
	if repository != "" {
		trouble = "there is no SECURITY.md in the repository"
	}
	places := policyFiles(repository)
	failed := repository != "" && len(places) == 0
	if failed {
		trouble = "its address names no repository: give the one that ends in OWNER/NAME"
	}
	for _, at := range places {
		text, err := p.Read(ctx, at)
		if err == nil {
			return routeIn(text, at, repository)
		}
		if failed = !errors.Is(err, errNoPage); failed {
			trouble = "the repository could not be read: " + err.Error()
			break
		}
	}
	if u, err := url.Parse(website); err == nil && u.Host != "" {
		at := u.Scheme + "://" + u.Host + "/.well-known/security.txt"
		text, err := p.Read(ctx, at)
		if err == nil {
			var r cvd.Route
			if r, err = importer.SecurityTxt(text, now); err == nil {
				r.Found = at
				return r
			}
		}
		if trouble = strings.TrimPrefix(trouble+"; "+err.Error(), "; "); !errors.Is(err, errNoPage) {
			failed = failed || text == nil
		}
	}
	return cvd.Route{Trouble: trouble, Failed: failed}
}

// policyFiles are the addresses at which the security policy of a repository may lie, as the forges write them.
func policyFiles(repository string) (all []string) {
	u, err := url.Parse(strings.TrimSuffix(strings.TrimSuffix(repository, "/"), ".git"))
	if err != nil || u.Host == "" {
		return nil
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) < 2 {
		return nil
	}
	for _, place := range policyPlaces {
		switch {
		case u.Host == "github.com":
			all = append(all, "https://raw.githubusercontent.com/"+parts[0]+"/"+parts[1]+"/HEAD/"+place)
		case strings.Contains(u.Host, "gitlab"):
			all = append(all, u.Scheme+"://"+u.Host+"/"+strings.Join(parts, "/")+"/-/raw/HEAD/"+place)
		default: // Gitea and Forgejo; the default branch has most often this name
			all = append(all, u.Scheme+"://"+u.Host+"/"+parts[0]+"/"+parts[1]+"/raw/branch/main/"+place)
		}
	}
	return all
}

// routeIn reads where reports go out of a security policy: its first mail address, else its first page for reports, else itself.
func routeIn(text []byte, at, repository string) cvd.Route {
	r := cvd.Route{Source: "SECURITY.md", Found: at, Is: strings.TrimSuffix(repository, "/") + "/security/policy"}
	page := ""
	for _, h := range prose.Handles(text) {
		switch {
		case h.Wrong != "":
		case h.Service == "mail":
			r.Is = h.Name
			return r
		case h.Service == "web" && page == "" && reports(h.Name):
			page = h.Name
		}
	}
	if page != "" {
		r.Is = page
	}
	return r
}

// reports says whether a page is one on which vulnerabilities are reported, by its address.
func reports(address string) bool {
	for _, word := range []string{"security/advisories", "hackerone", "bugcrowd", "immunefi", "intigriti", "report", "vulnerab"} {
		if strings.Contains(strings.ToLower(address), word) {
			return strings.HasPrefix(address, "https://")
		}
	}
	return false
}

// others reads the pages of others for the register; a demonstration asks nobody.
func (w World) others(cfg Config) (casework.RoutesFinder, func(context.Context, string) ([]byte, error)) {
	if w.Demo {
		return nil, nil
	}
	pages := NewPages(cfg.HookHosts...)
	return func(ctx context.Context, repository, website string) cvd.Route {
		return pages.FindRoute(ctx, repository, website, w.Now())
	}, pages.Read
}
