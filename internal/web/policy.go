package web

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

var policyPage = page("policy.html")

// policyView is what policy.html shows: the policy in words, made of the document that is enforced, and the whole process with
// an anchor for each clause.
type policyView struct {
	frame
	Body    template.HTML // of our own Markdown, strained
	Process template.HTML
	Former  int64 // the version that is shown, if it is not the one in force
	InForce int64

	Resources bool // whether the policy names any
}

// policy shows the policy in force. Links from a page to a clause lead here.
func (s *server) policy(w http.ResponseWriter, r *http.Request) error {
	return s.showPolicy(w, r, 0)
}

// formerPolicy shows a version that is or was in force: older cases are bound by it, and it was open to everybody then.
func (s *server) formerPolicy(w http.ResponseWriter, r *http.Request) error {
	version, err := strconv.ParseInt(r.PathValue("version"), 10, 64)
	if err != nil || version < 1 {
		return cvd.NotFound
	}
	return s.showPolicy(w, r, version)
}

func (s *server) showPolicy(w http.ResponseWriter, r *http.Request, version int64) error {
	id := projectOf(r)
	now, err := s.Casework.PolicyOf(id)
	if err != nil {
		return err
	}
	v, title := policyView{InForce: now.Version}, "Security policy"
	if version > 0 && version != now.Version {
		v.Former, title = version, fmt.Sprintf("Security policy, version %d", version)
	}
	if v.frame, _, err = s.within(id, "policy", title); err != nil {
		return err
	}
	p, err := s.Casework.PolicyAt(r.Context(), id, version)
	if err != nil {
		return err
	}
	words, err := s.Casework.WrittenForm(r.Context(), id, version, "security.md")
	if err != nil {
		return err
	}
	if v.Body, err = document(words); err != nil {
		return err
	}
	process, err := s.Casework.WrittenForm(r.Context(), id, version, "process")
	if err != nil {
		return err
	}
	v.Body = apart(v.Body, p.Clauses())
	if v.Process, err = anchored(beneath(process), p.Clauses()); err != nil {
		return err
	}
	resources, err := s.Casework.WrittenForm(r.Context(), id, 0, "resources")
	if err != nil {
		return err
	}
	v.Resources = len(resources) > 0
	s.show(w, http.StatusOK, policyPage, v)
	return nil
}

// beneath makes a text part of a page that has a title: its own is left out, and its headings are one smaller.
func beneath(markdown []byte) []byte {
	_, rest, _ := bytes.Cut(markdown, []byte("\n"))
	return headingLine.ReplaceAll(rest, []byte("#$0"))
}

var headingLine = regexp.MustCompile(`(?m)^#{2,3} `)

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
