package advisory

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/package-url/packageurl-go"
)

type (
	csafTree struct {
		Branches []csafBranch `json:"branches"`
	}
	csafBranch struct {
		Branches []csafBranch `json:"branches,omitempty"`
		Category string       `json:"category"`
		Name     string       `json:"name"`
		Product  *csafProduct `json:"product,omitempty"`
	}
	csafProduct struct {
		Name   string      `json:"name"`
		ID     string      `json:"product_id"`
		Helper *csafHelper `json:"product_identification_helper,omitempty"`
	}
	csafHelper struct {
		Hashes       []csafHash `json:"hashes,omitempty"`
		PURL         string     `json:"purl,omitempty"`
		XGenericURIs []csafURI  `json:"x_generic_uris,omitempty"`
	}
	csafHash struct {
		FileHashes []csafFileHash `json:"file_hashes"`
		Filename   string         `json:"filename"`
	}
	csafFileHash struct {
		Algorithm string `json:"algorithm"`
		Value     string `json:"value"`
	}
	csafURI struct {
		Namespace string `json:"namespace"`
		URI       string `json:"uri"`
	}
)

// What a member of the tree is to the vulnerability.
const (
	csafAffected = iota
	csafNotAffected
	csafFixed
)

// csafMember is a leaf of the tree: some versions of one release line.
type csafMember struct {
	id      string
	status  int
	product Product
	line    Line
}

// csafProducts makes the tree: the publisher, its products, the versions of each. Affected versions are ranges; a release
// with the fix is a product of its own.
func csafProducts(r Record) (csafTree, []csafMember) {
	var members []csafMember
	vendor := csafBranch{Category: "vendor", Name: csafPublisherOf(r).Name}
	for _, p := range r.Products {
		if len(p.Lines) == 0 {
			continue
		}
		name := cmp.Or(p.title(), "unnamed product")
		b := csafBranch{Category: "product_name", Name: name}
		add := func(l Line, status int, category, version, says, purlVersion string) {
			m := csafMember{id: fmt.Sprintf("CSAFPID-%04d", len(members)+1), status: status, product: p, line: l}
			members = append(members, m)
			helper := csafHelperOf(r, p, purlVersion)
			if status == csafFixed {
				helper = helper.withHash(l)
			}
			b.Branches = append(b.Branches, csafBranch{Category: category, Name: version,
				Product: &csafProduct{Name: name + " " + says, ID: m.id, Helper: helper}})
		}
		for _, l := range p.Lines {
			says := cmp.Or(l.versions(), "unnamed versions")
			name := says
			if bounds, ok := l.bounds(); ok {
				name = vers(bounds, packageType(p.PURL))
			}
			status := csafAffected
			if !l.hurt() {
				status = csafNotAffected
			}
			add(l, status, "product_version_range", name, says, "")
			if l.Status == "fixed" && l.Fixed != "" {
				v := nativeVersion(l.Fixed, packageType(p.PURL))
				add(l, csafFixed, csafVersionCategory(l.Fixed), strings.TrimPrefix(v, "v"), l.Fixed, v)
			}
		}
		vendor.Branches = append(vendor.Branches, b)
	}
	return csafTree{Branches: []csafBranch{vendor}}, members
}

// csafVersionCategory calls a version only what cannot be read as a range (CSAF 2.0, 6.1.31).
func csafVersionCategory(v string) string {
	if version.MatchString(v) {
		return "product_version"
	}
	return "patch_level"
}

// csafHelperOf identifies the product for programs: by its package URL, or else by a name in the publisher's namespace.
func csafHelperOf(r Record, p Product, version string) *csafHelper {
	if u, err := packageurl.FromString(p.PURL); err == nil && plainPURL.MatchString(p.PURL) {
		u.Version = version
		return &csafHelper{PURL: u.ToString()}
	}
	namespace := csafPublisherOf(r).Namespace
	name := "#" + url.PathEscape(cmp.Or(p.Name, p.Title))
	if version != "" {
		name += "@" + url.PathEscape(version)
	}
	address, _, _ := strings.Cut(namespace, "#")
	return &csafHelper{XGenericURIs: []csafURI{{Namespace: namespace, URI: address + name}}}
}

// withHash adds the checksum of the release's file.
func (h *csafHelper) withHash(l Line) *csafHelper {
	to, ok := web(l.URL)
	if !ok || !sha256Hex.MatchString(l.SHA256) {
		return h
	}
	u, err := url.Parse(to)
	if err != nil {
		return h
	}
	if file := u.Path[strings.LastIndex(u.Path, "/")+1:]; file != "" {
		h.Hashes = []csafHash{{FileHashes: []csafFileHash{{Algorithm: "sha256", Value: strings.ToLower(l.SHA256)}}, Filename: file}}
	}
	return h
}

// packageType is the type of a package URL: "golang".
func packageType(purl string) string {
	if m := plainPURL.FindStringSubmatch(purl); m != nil {
		return m[1]
	}
	return ""
}

var (
	plainPURL = regexp.MustCompile(`^pkg:([a-z][a-z0-9.+-]*)/[A-Za-z0-9._~%/+-]+$`)
	sha256Hex = regexp.MustCompile(`^[0-9A-Fa-f]{64}$`)
)
