package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
)

var followPage = page("follow.html")

// followView is what follow.html shows: the addresses at which people and programs hear of what is published.
type followView struct {
	frame
	Ways []following
}

// following is one address with what it is for; Open is where a person sees something of it.
type following struct{ ID, Title, Says, URL, Open string }

// follow says how to hear of advisories without asking again and again.
func (s *server) follow(w http.ResponseWriter, r *http.Request) error {
	id := projectOf(r)
	f, _, err := s.within(id, "follow", "Follow")
	if err != nil {
		return err
	}
	at := s.Base + root(id)
	v := followView{frame: f, Ways: []following{
		{ID: "atom", Title: "Atom feed", Says: "For a feed reader. It has each advisory and each new edition of one; most readers find it by the address of any page here.", URL: at + "/advisories/feed.atom"},
		{ID: "index", Title: "Index for programs", Says: "All advisories with their severity, CVE and dates, as one JSON document.", URL: at + "/advisories/index.json"},
	}}
	v.Ways = append(v.Ways, s.served(r, at)...)
	v.Ways = append(v.Ways,
		following{ID: "security-txt", Title: "security.txt", Says: "Where to report, as programs look for it (RFC 9116).", URL: at + "/security.txt"},
		following{ID: "security-md", Title: "SECURITY.md", Says: "The policy as a file to keep beside the code. It changes when the policy does.", URL: at + "/SECURITY.md"},
		following{ID: "log", Title: "Ledger", Says: "The signed head of the log in which every report is proven to stand, for witnesses (C2SP tlog-tiles).", URL: at + "/checkpoint"},
	)
	for i := range v.Ways {
		v.Ways[i].Open = cmp.Or(v.Ways[i].Open, v.Ways[i].URL)
	}
	s.show(w, http.StatusOK, followPage, v)
	return nil
}

// documents are what may be published for programs besides the feed: only what is there now is shown.
var documents = []following{
	{ID: "osv", Title: "OSV database", Says: "All advisories as OSV records in one archive, for scanners of dependencies.", URL: "/osv/all.zip"},
	{ID: "go", Title: "Go vulnerability database", Says: "For govulncheck: run it with -db and this address.", URL: "/osv/index/db.json"},
	{ID: "csaf", Title: "CSAF provider", Says: "For programs that collect CSAF 2.0 documents.", URL: "/csaf/provider-metadata.json"},
}

// served are those of the documents that are published now.
func (s *server) served(r *http.Request, at string) []following {
	if s.Site == nil {
		return nil
	}
	var out []following
	for _, d := range documents {
		q := r.Clone(r.Context())
		q.Method, q.URL = http.MethodHead, &url.URL{Path: root(projectOf(r)) + d.URL}
		var answer probe
		if s.Site.ServeHTTP(&answer, q); answer.status != 0 && answer.status != http.StatusOK {
			continue
		}
		d.Open, d.URL = at+d.URL, at+strings.TrimSuffix(d.URL, "/index/db.json")
		out = append(out, d)
	}
	return out
}

// probe is an answer of which only the status counts.
type probe struct {
	header http.Header
	status int
}

// Header is thrown away.
func (p *probe) Header() http.Header {
	if p.header == nil {
		p.header = http.Header{}
	}
	return p.header
}

// Write throws the body away.
func (p *probe) Write(b []byte) (int, error) { return len(b), nil }

// WriteHeader notes the status.
func (p *probe) WriteHeader(status int) { p.status = status }
