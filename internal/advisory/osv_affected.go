package advisory

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/package-url/packageurl-go"
)

type (
	osvAffected struct {
		Package          *osvPackage     `json:"package,omitempty"`
		Ranges           []osvRange      `json:"ranges,omitempty"`
		Versions         []string        `json:"versions,omitempty"`
		DatabaseSpecific osvMoreOnRanges `json:"database_specific"`
	}
	osvPackage struct {
		Ecosystem string `json:"ecosystem"`
		Name      string `json:"name"`
		PURL      string `json:"purl,omitempty"`
	}
	osvRange struct {
		Type   string     `json:"type"`
		Repo   string     `json:"repo,omitempty"`
		Events []osvEvent `json:"events"`
	}
	osvEvent struct {
		Introduced   string `json:"introduced,omitempty"`
		Fixed        string `json:"fixed,omitempty"`
		LastAffected string `json:"last_affected,omitempty"`
	}
	// osvMoreOnRanges says in the project's own words what the ranges say in those of a package system.
	osvMoreOnRanges struct {
		Product string    `json:"product"`
		Lines   []osvLine `json:"lines"`
	}
	osvLine struct {
		Name     string `json:"name"`
		Affected string `json:"affected"`
		Fixed    string `json:"fixed,omitempty"`
	}
)

// ecosystem is what OSV calls the packages of one type of package URL, and how it orders their versions.
type ecosystem struct {
	name   string
	semver bool                // the ecosystem enforces semantic versioning
	called func(string) string // the name of a package; nil: as the package URL has it
}

var ecosystems = map[string]ecosystem{
	"cargo":    {name: "crates.io", semver: true},
	"composer": {name: "Packagist"},
	"conan":    {name: "ConanCenter"},
	"cran":     {name: "CRAN"},
	"gem":      {name: "RubyGems"},
	"golang":   {name: "Go", semver: true},
	"hackage":  {name: "Hackage"},
	"hex":      {name: "Hex", semver: true},
	"julia":    {name: "Julia"},
	"maven":    {name: "Maven", called: func(name string) string { return strings.Replace(name, "/", ":", 1) }},
	"npm":      {name: "npm", semver: true},
	"nuget":    {name: "NuGet"},
	"opam":     {name: "opam"},
	"pub":      {name: "Pub"},
	"pypi":     {name: "PyPI", called: func(name string) string { return strings.ToLower(pypiDash.ReplaceAllString(name, "-")) }},
	"swift":    {name: "SwiftURL", semver: true, called: func(name string) string { return "https://" + name }},
}

var pypiDash = regexp.MustCompile(`[-_.]+`) // PEP 503

// forges are the types of package URLs that name a repository and no package.
var forges = map[string]string{
	"bitbucket": "https://bitbucket.org/",
	"github":    "https://github.com/",
	"gitlab":    "https://gitlab.com/",
}

// osvAffectedOf says for each product which versions are affected, for whatever of its name and versions OSV has words for.
func osvAffectedOf(r Record) []osvAffected {
	all := []osvAffected{}
	for _, p := range r.Products {
		var hurt []Line
		for _, l := range p.Lines {
			if l.hurt() {
				hurt = append(hurt, l)
			}
		}
		if len(hurt) == 0 {
			continue
		}
		kind, name := purlName(p.PURL)
		eco, packaged := ecosystems[kind]
		forge, hosted := forges[kind]
		switch {
		case packaged:
			all = append(all, osvPackaged(p, kind, name, eco, hurt)...)
		case hosted:
			all = append(all, osvAffected{Ranges: osvCommits(forge+name, hurt), DatabaseSpecific: osvMore(p, hurt)})
		default:
			all = append(all, osvAffected{DatabaseSpecific: osvMore(p, hurt)})
		}
	}
	return all
}

// purlName takes a package URL apart: its type, and namespace and name as they are written there. Names of modules depend
// on capital letters, which the canonical form of some types takes away.
func purlName(purl string) (kind, name string) {
	m := plainPURL.FindStringSubmatch(purl)
	if m == nil {
		return "", ""
	}
	if _, err := packageurl.FromString(purl); err != nil {
		return "", ""
	}
	_, name, _ = strings.Cut(purl, "/")
	name, err := url.PathUnescape(name)
	if err != nil {
		return "", ""
	}
	return m[1], name
}

// osvPackaged is a package of an ecosystem; of Go it may be several, since each major version is a module of its own.
func osvPackaged(p Product, kind, name string, eco ecosystem, lines []Line) []osvAffected {
	if eco.called != nil {
		name = eco.called(name)
	}
	if !eco.semver {
		a := osvAffected{Package: &osvPackage{eco.name, name, p.PURL}, DatabaseSpecific: osvMore(p, lines)}
		a.Ranges, a.Versions = osvOrdered(lines)
		return []osvAffected{a}
	}
	var names []string
	spans, of := map[string][]span{}, map[string][]Line{}
	for _, l := range lines {
		for _, at := range placesOf(l, kind, name) {
			if _, known := of[at.module]; !known {
				names = append(names, at.module)
			}
			if n := len(of[at.module]); n == 0 || of[at.module][n-1] != l {
				of[at.module] = append(of[at.module], l)
			}
			if at.from != "" {
				spans[at.module] = append(spans[at.module], at.span)
			}
		}
	}
	var all []osvAffected
	for _, module := range names {
		pkg := &osvPackage{eco.name, module, p.PURL + strings.TrimPrefix(module, name)}
		all = append(all, osvAffected{Package: pkg, Ranges: osvSemantic(spans[module]), DatabaseSpecific: osvMore(p, of[module])})
	}
	return all
}

// placesOf says of which packages which versions of a line are. Where programs could not read the versions it is the package
// without any, so that the line is said.
func placesOf(l Line, kind, name string) []placed {
	var all []placed
	for _, s := range spansOf(l) {
		if kind == "golang" {
			all = append(all, goModules(name, s)...)
		} else {
			all = append(all, placed{name, s})
		}
	}
	if len(all) == 0 {
		return []placed{{module: name}}
	}
	return all
}

// osvCommits is the range of a repository. The commit that brought the vulnerability in is not recorded, so the range
// begins with the first one, and whoever compares commits may be warned of one that is too old; the stated versions stand
// beside it. It has the fixes of all release lines at once: a commit with one of them is sound. Where one of them is not
// known by its whole hash, a range would call its release affected, so there is none.
func osvCommits(repo string, lines []Line) []osvRange {
	events := []osvEvent{{Introduced: "0"}}
	for _, l := range lines {
		commit := strings.ToLower(l.Commit)
		switch {
		case l.Status != "fixed":
		case !wholeHash.MatchString(commit):
			return nil
		default:
			events = append(events, osvEvent{Fixed: commit})
		}
	}
	return []osvRange{{Type: "GIT", Repo: repo, Events: events}}
}

var wholeHash = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)

func osvMore(p Product, lines []Line) osvMoreOnRanges {
	more := osvMoreOnRanges{Product: p.title(), Lines: []osvLine{}}
	for _, l := range lines {
		line := osvLine{Name: l.Name, Affected: l.versions()}
		if l.Status == "fixed" {
			line.Fixed = l.Fixed
		}
		more.Lines = append(more.Lines, line)
	}
	return more
}
