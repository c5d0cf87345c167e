package policy

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// SecurityTxt is the project's security.txt (RFC 9116), to be served until it expires. csaf is where the metadata of its
// advisories are, empty as long as there are none.
func (p *Policy) SecurityTxt(base string, expires time.Time, csaf string) []byte {
	return securityTXT(p.sheet(Copy{Base: base, Expires: expires, CSAF: csaf}))
}

// securityTXT writes nothing where nobody can be reached by an address that a program understands: RFC 9116, 2.5.3 wants one.
func securityTXT(s *sheet) []byte {
	contacts := s.contactURIs()
	if len(contacts) == 0 {
		return nil
	}
	d := s.d
	var b strings.Builder
	line := func(field, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", field, value)
		}
	}
	for _, c := range contacts {
		line("Contact", c)
	}
	line("Expires", s.Expires.UTC().Format(time.RFC3339))
	line("Encryption", d.Contacts.Key)
	line("Preferred-Languages", cmp.Or(d.Language, "en"))
	if s.Base != "" {
		line("Canonical", s.place()+"/.well-known/security.txt")
		line("Policy", s.place()+"/policy")
		line("Acknowledgments", when(d.Recognition != nil && d.Recognition.HallOfFame, s.place()+"/thanks"))
	} else {
		line("Policy", d.publishedAt())
	}
	line("CSAF", s.CSAF)
	fmt.Fprintf(&b, "# %s\n", s.stamp())
	return []byte(b.String())
}

var address = regexp.MustCompile(`https://[^\s)>\]]+[^\s)>\].,;:]`)

// contactURIs are the ways to report that a program can follow, the preferred one first. A hidden mail address is among them
// only if there is no other.
func (s *sheet) contactURIs() []string {
	uris := said(s.formURL())
	if mail := s.d.Contacts.Mail; mail != "" && (!s.d.Contacts.Hide || len(uris) == 0) {
		uris = append(uris, "mailto:"+mail)
	}
	if len(uris) == 0 {
		uris = said(s.privateURL())
	}
	return uris
}

// privateURL is a web address of the private ways to report, if one has any.
func (s *sheet) privateURL() string {
	if s.Base != "" {
		return s.formURL()
	}
	for _, t := range s.d.Tracks {
		for _, r := range t.Routes {
			if found := address.FindString(r.Channel + " " + r.Says); found != "" && !t.Public && !r.Public {
				return found
			}
		}
	}
	return ""
}

// publishedAt is where the project publishes this process, as far as the document knows.
func (d *Document) publishedAt() string {
	for _, l := range d.Sources {
		if l.Copy == "security.md" || l.Copy == "gitbook" || l.Copy == "" {
			return when(strings.HasPrefix(l.URL, "https://"), l.URL)
		}
	}
	return ""
}
