package web

import (
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strings"
	"time"
)

var policyPage = page("policy.html")

// policyView is what policy.html shows: the policy in words, made of the document that is enforced.
type policyView struct {
	frame
	Body template.HTML // of our own Markdown, strained
}

func (s *server) policy(w http.ResponseWriter, r *http.Request) error {
	f, _, err := s.within(projectOf(r), "policy", "Security policy")
	if err != nil {
		return err
	}
	text, err := s.Casework.Written(projectOf(r))
	if err != nil {
		return err
	}
	body, err := document(text)
	if err != nil {
		return err
	}
	s.show(w, http.StatusOK, policyPage, policyView{f, body})
	return nil
}

// securityMD sends the policy as the file that projects keep beside their code.
func (s *server) securityMD(w http.ResponseWriter, r *http.Request) error {
	text, err := s.Casework.Written(projectOf(r))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
	_, _ = w.Write(text) // a reader who went away
	return nil
}

// expires is how long a security.txt holds: RFC 9116, 2.5.5 recommends less than a year. It is begun anew each day, so
// that the file is the same all day.
const expires = 180 * 24 * time.Hour

// securityTxt sends the project's security.txt (RFC 9116).
func (s *server) securityTxt(w http.ResponseWriter, r *http.Request) error {
	p, err := s.Casework.PolicyOf(projectOf(r))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	csaf := ""
	for _, d := range s.served(r, s.Base+root(projectOf(r))) {
		if d.ID == "csaf" {
			csaf = d.URL
		}
	}
	_, _ = w.Write(p.SecurityTxt(s.Base, s.Now().UTC().Truncate(24*time.Hour).Add(expires), csaf)) // a reader who went away
	return nil
}

// wellKnown sends the installation's security.txt: whom to write to about each of its projects.
func (s *server) wellKnown(w http.ResponseWriter, _ *http.Request) error {
	until := s.Now().UTC().Truncate(24 * time.Hour).Add(expires)
	var b strings.Builder
	for _, id := range s.Casework.Projects() {
		p, err := s.Casework.PolicyOf(id)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "# %s\n", p.Document.Title)
		for line := range strings.Lines(string(p.SecurityTxt(s.Base, until, ""))) {
			if strings.HasPrefix(line, "Contact:") || strings.HasPrefix(line, "Policy:") {
				b.WriteString(line)
			}
		}
	}
	fmt.Fprintf(&b, "Expires: %s\nCanonical: %s/.well-known/security.txt\n", until.Format(time.RFC3339), s.Base)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, b.String()) // a reader who went away
	return nil
}
