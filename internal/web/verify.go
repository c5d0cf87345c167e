package web

import (
	"io"
	"net/http"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var (
	verifyPage = page("verify.html")
	keysPage   = page("keys.html")
)

// verifyView is what verify.html shows: a box for a text, and what is so of the text that was sent.
type verifyView struct {
	frame
	Keys     []noticeKey
	Text     string
	Answer   *verified
	Problems *problems
}

// verified is the answer about a text.
type verified struct {
	Style, Word, Says string
	Signed            string // the text that was signed
	By                string
	At                moment
	Print             string // fingerprint
	Around            bool
	Old               bool // signed by a key that another has replaced
}

// noticeKey is a key as the pages show it.
type noticeKey struct {
	From, Until moment
	Print, Note string
	OpenPGP     string
}

func (s *server) noticeKeys(r *http.Request, id cvd.ProjectID, z zone) (out []noticeKey, all []casework.NoticeKey, err error) {
	all, err = s.Casework.NoticeKeys(r.Context(), id)
	for _, k := range all {
		out = append(out, noticeKey{From: z.at(k.From), Until: z.at(k.Until), Print: spaced(k.Fingerprint), Note: k.Verifier, OpenPGP: strings.TrimSpace(k.OpenPGP)})
	}
	return out, all, err
}

// spaced is a fingerprint as people compare it, in groups of four.
func spaced(print string) string {
	var groups []string
	for ; len(print) > 4; print = print[4:] {
		groups = append(groups, print[:4])
	}
	return strings.Join(append(groups, print), " ")
}

// askVerify shows the box.
func (s *server) askVerify(w http.ResponseWriter, r *http.Request) error {
	v, _, _, err := s.verifyView(r)
	if err != nil {
		return err
	}
	s.show(w, http.StatusOK, verifyPage, v)
	return nil
}

func (s *server) verifyView(r *http.Request) (v verifyView, z zone, all []casework.NoticeKey, err error) {
	if v.frame, z, err = s.within(projectOf(r), "keys", "Check a notice"); err != nil {
		return v, z, nil, err
	}
	v.Keys, all, err = s.noticeKeys(r, projectOf(r), z)
	return v, z, all, err
}

// verify says what is so of a text. It looks at the text and the published keys, and at nothing else.
func (s *server) verify(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	v, z, keys, err := s.verifyView(r)
	if err != nil {
		return err
	}
	if v.Text = in.values.Get("text"); strings.TrimSpace(v.Text) == "" {
		v.Problems = &problems{Heading: "There is nothing to check yet", Lines: []problem{{Field: "text", Says: "Paste the whole notice, from its first line to the end of its signature."}}}
		s.show(w, statuses[cvd.Invalid].code, verifyPage, v)
		return nil
	}
	v.Answer = verdictOf(casework.CheckNotice([]byte(v.Text), keys), v.Project.Title, z)
	s.show(w, http.StatusOK, verifyPage, v)
	return nil
}

// verdictOf is what people read of an answer.
func verdictOf(c casework.Checked, project string, z zone) *verified {
	switch c.Is {
	case casework.Genuine:
		return &verified{Style: "done", Word: "Genuine", Says: project + " signed this text, and nothing of it was changed.", Signed: c.Text,
			By: strings.Join(c.By, " and "), At: z.at(c.At), Print: spaced(c.Key.Fingerprint), Around: c.Around, Old: !c.Key.Until.IsZero()}
	case casework.Altered:
		return &verified{Style: "problems", Word: "Altered", Says: "This is not what was signed: something was changed, added or cut off. Do not act on it. " +
			"If you copied it by hand, copy the message again as a whole, or save it as a file."}
	case casework.Foreign:
		return &verified{Style: "problems", Word: "Not ours", Says: "It is signed, and by none of the keys of " + project + ". Do not act on it."}
	}
	return &verified{Style: "problems", Word: "Not signed", Says: "There is no signature in it that could be read, so nobody can say whose text this is. " +
		"Take the whole message, from its first line to the end of its signature."}
}

// showKeys shows the keys with which a project signs its notices, those before too.
func (s *server) showKeys(w http.ResponseWriter, r *http.Request) error {
	v, _, _, err := s.verifyView(r)
	if err != nil {
		return err
	}
	v.Title = "Keys"
	s.show(w, http.StatusOK, keysPage, v)
	return nil
}

// keysFile sends them as a file that GnuPG imports.
func (s *server) keysFile(w http.ResponseWriter, r *http.Request) error {
	f, _, err := s.within(projectOf(r), "keys", "Keys")
	if err != nil {
		return err
	}
	all, err := s.Casework.NoticeKeys(r.Context(), projectOf(r))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, casework.WriteNoticeKeys(f.Project.Title, all)) // a reader who went away
	return nil
}
