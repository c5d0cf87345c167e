package publish

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// Place is a file in a branch of a repository at a forge.
type Place struct {
	Host string // "git.example.org"
	Repo string // OWNER/NAME
	Base string // the branch
	Path string // of the file, from the root of the repository
	api  string // address of the forge's API, without a slash at its end
	kind dialect
}

var (
	// What stands before a Gitea repository may be the path below which the forge is installed.
	giteaPage  = regexp.MustCompile(`^(https?://[^/]+(?:/[\w.-]+)*?)/([\w.-]+/[\w.-]+)/src/branch/([^/]+)/(.+)$`)
	githubPage = regexp.MustCompile(`^(https?://[^/]+)/([\w.-]+/[\w.-]+)/blob/([^/]+)/(.+)$`)
)

// ParsePlace reads the address at which a browser shows a file of a forge: https://github.com/OWNER/NAME/blob/BRANCH/PATH, or
// https://HOST/OWNER/NAME/src/branch/BRANCH/PATH of Gitea and Forgejo. The name of the branch has no slash.
func ParsePlace(address string) (Place, error) {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())) {
		return Place{}, cvd.Errorf(cvd.Invalid, "write the https:// address of the file as a browser shows it at the forge, with nothing behind it")
	}
	bare := u.Scheme + "://" + u.Host + u.Path
	for segment := range strings.SplitSeq(strings.TrimPrefix(u.Path, "/"), "/") {
		if segment == "" || segment == "." || segment == ".." {
			return Place{}, cvd.Errorf(cvd.Invalid, "the address of the file has an empty part, or one of dots alone")
		}
	}
	if m := giteaPage.FindStringSubmatch(bare); m != nil {
		return Place{Host: u.Host, Repo: m[2], Base: m[3], Path: m[4], api: m[1] + "/api/v1", kind: gitea{}}, nil
	}
	if m := githubPage.FindStringSubmatch(bare); m != nil {
		api := m[1] + "/api/v3" // GitHub Enterprise Server
		if u.Host == "github.com" {
			api = "https://api.github.com"
		}
		return Place{Host: u.Host, Repo: m[2], Base: m[3], Path: m[4], api: api, kind: github{}}, nil
	}
	return Place{}, cvd.Errorf(cvd.Invalid, "the address is no file of a forge that is known: write https://github.com/OWNER/NAME/blob/BRANCH/PATH, or https://HOST/OWNER/NAME/src/branch/BRANCH/PATH of Gitea and Forgejo")
}

// Kind is which forge it is: "github" or "gitea".
func (p Place) Kind() string { return p.kind.name() }

func loopback(host string) bool {
	at, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && at.IsLoopback()
}

// under is an address of the API below the repository, each part escaped.
func (p Place) under(parts ...string) string {
	var b strings.Builder
	b.WriteString(p.api + "/repos/" + p.Repo)
	for _, part := range parts {
		for segment := range strings.SplitSeq(part, "/") {
			b.WriteString("/" + url.PathEscape(segment))
		}
	}
	return b.String()
}
