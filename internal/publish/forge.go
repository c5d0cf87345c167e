package publish

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Forge reads files of repositories and proposes changes to them. What it does may be repeated at any point: it looks at what
// is there and does what is left.
type Forge struct {
	HTTP  *http.Client                  // that keeps away from private networks
	Token func(Place) (string, error)   // what opens a repository; nothing where it is open to all
	Log   func(method string, code int) // hears of each answer; may be nil
}

// dialect is what the APIs of forges say differently.
type dialect interface {
	name() string
	header(token string) http.Header
	branch(ctx context.Context, s speaker, name string) error // Conflict if it is there
	put(ctx context.Context, s speaker, path, was string, body map[string]string) error
	find(ctx context.Context, s speaker, branch string) (pullAnswer, error) // NotFound if there is none
}

// FileAtForge is what a forge says about a file.
type FileAtForge struct {
	Text []byte
	Hash string // of the forge's own, by which a file is known
	ETag string // by which it is asked for again; empty where the forge has none
	Same bool   // it is as it was when the tag was given: there is no text
}

// Change is texts for a repository, and how they are proposed.
type Change struct {
	Branch      string // made for it: "tipstaff/policy-3"
	Title, Body string
	Files       []ChangedFile
}

// ChangedFile is a text for a path.
type ChangedFile struct {
	Path  string
	Text  []byte
	Yield func(there []byte) bool // leave what somebody else wrote; nil: never
}

// Pull is a proposed change at a forge; its zero value says that there was nothing to change.
type Pull struct {
	URL    string
	Closed bool // it was merged or turned down
}

const (
	mostSaid    = 4 << 20 // bytes of an answer that are read; a file of a mebibyte in base64 fits
	longestWait = 24 * time.Hour
)

// Read reads the file of a place. With the tag of an earlier reading it may say only that the file is the same.
func (f Forge) Read(ctx context.Context, p Place, tag string) (FileAtForge, error) {
	s, err := f.speak(p)
	if err != nil {
		return FileAtForge{}, err
	}
	return s.read(ctx, p.Path, p.Base, tag)
}

// Propose proposes texts as one pull request against the branch of the place. Nothing is written where the branch says the same.
func (f Forge) Propose(ctx context.Context, p Place, c Change) (Pull, error) {
	s, err := f.speak(p)
	if err != nil {
		return Pull{}, err
	}
	left, err := s.differing(ctx, p.Base, c.Files)
	if err != nil || len(left) == 0 {
		return Pull{}, err
	}
	if s.header.Get("Authorization") == "" {
		return Pull{}, cvd.Errorf(cvd.Refused, "there is no token that may write to %s at %s: put one into the file of tokens", p.Repo, p.Host)
	}
	there, err := p.kind.find(ctx, s, c.Branch)
	if err == nil && there.State != "open" { // somebody decided about it: it is not proposed twice
		return there.pull(p), nil
	}
	if err != nil && cvd.KindOf(err) != cvd.NotFound {
		return Pull{}, err
	}
	found := err == nil
	if err := p.kind.branch(ctx, s, c.Branch); err != nil && cvd.KindOf(err) != cvd.Conflict { // an earlier try may have made it
		return Pull{}, err
	}
	if err := s.write(ctx, c, left); err != nil {
		return Pull{}, err
	}
	if found {
		return there.pull(p), nil
	}
	var made pullAnswer
	_, err = s.ask(ctx, http.MethodPost, p.under("pulls"), nil, map[string]string{"title": c.Title, "head": c.Branch, "base": p.Base, "body": c.Body}, &made)
	if cvd.KindOf(err) == cvd.Conflict { // another try was faster
		made, err = p.kind.find(ctx, s, c.Branch)
	}
	return made.pull(p), err
}

// write brings the files of a change onto its branch, those that an earlier try did not.
func (s speaker) write(ctx context.Context, c Change, files []ChangedFile) error {
	for _, file := range files {
		there, err := s.read(ctx, file.Path, c.Branch, "")
		if err != nil && cvd.KindOf(err) != cvd.NotFound {
			return err
		}
		if err == nil && bytes.Equal(there.Text, file.Text) {
			continue
		}
		body := map[string]string{"message": c.Title, "content": base64.StdEncoding.EncodeToString(file.Text), "branch": c.Branch}
		if err := s.kind.put(ctx, s, file.Path, there.Hash, body); err != nil {
			return err
		}
	}
	return nil
}

// differing are the files that a branch has otherwise or not at all.
func (s speaker) differing(ctx context.Context, branch string, files []ChangedFile) ([]ChangedFile, error) {
	var left []ChangedFile
	for _, file := range files {
		there, err := s.read(ctx, file.Path, branch, "")
		if err != nil && cvd.KindOf(err) != cvd.NotFound {
			return nil, err
		}
		if err == nil && (bytes.Equal(there.Text, file.Text) || file.Yield != nil && file.Yield(there.Text)) {
			continue
		}
		left = append(left, file)
	}
	return left, nil
}

// speaker speaks with the forge of one place.
type speaker struct {
	Place
	http   *http.Client
	header http.Header
	log    func(string, int)
}

func (f Forge) speak(p Place) (speaker, error) {
	token, err := f.Token(p)
	if err != nil {
		return speaker{}, err
	}
	client := *f.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // a token goes to nobody else
	return speaker{p, &client, p.kind.header(token), f.Log}, nil
}

// contents is a file in the answers of both APIs.
type contents struct {
	Type     string `json:"type"`
	Encoding string `json:"encoding"`
	Content  string `json:"content"`
	SHA      string `json:"sha"`
}

var objectName = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)

func (s speaker) read(ctx context.Context, path, branch, tag string) (FileAtForge, error) {
	var c contents
	said, err := s.ask(ctx, http.MethodGet, s.under("contents", path)+"?ref="+url.QueryEscape(branch), http.Header{"If-None-Match": {tag}}, nil, &c)
	switch {
	case err != nil:
		return FileAtForge{}, about(err, "%s in branch %s of %s at %s", path, branch, s.Repo, s.Host)
	case said.code == http.StatusNotModified && tag != "":
		return FileAtForge{Same: true, ETag: tag}, nil
	case c.Type != "file":
		return FileAtForge{}, cvd.Errorf(cvd.Invalid, "%s of %s is no file", path, s.Repo)
	case c.Encoding != "base64" || !objectName.MatchString(c.SHA):
		return FileAtForge{}, cvd.Errorf(cvd.TooLarge, "the forge does not give the text of %s of %s: it may be longer than a mebibyte", path, s.Repo)
	}
	text, err := base64.StdEncoding.DecodeString(c.Content) // which skips the ends of lines
	if err != nil {
		return FileAtForge{}, cvd.Errorf(cvd.Unavailable, "the forge's answer about %s of %s cannot be read", path, s.Repo)
	}
	return FileAtForge{Text: text, Hash: c.SHA, ETag: said.header.Get("ETag")}, nil
}

// pullAnswer is a pull request in the answers of both APIs.
type pullAnswer struct {
	URL   string `json:"html_url"`
	State string `json:"state"` // open, closed
}

// pull trusts the forge to name its own pages, and no others.
func (a pullAnswer) pull(p Place) Pull {
	u, err := url.Parse(a.URL)
	if err != nil || u.Host != p.Host || u.Scheme != "https" && u.Scheme != "http" {
		a.URL = ""
	}
	return Pull{URL: a.URL, Closed: a.State == "closed"}
}

// heard is the head of an answer.
type heard struct {
	code   int
	header http.Header
}

// ask sends a request and reads the answer into out. Nothing of what the forge says stands in an error.
func (s speaker) ask(ctx context.Context, method, address string, more http.Header, in, out any) (heard, error) {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return heard{}, fmt.Errorf("write to the forge: %w", err)
		}
		body = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return heard{}, cvd.Errorf(cvd.Invalid, "the forge's address is none that a request can be sent to")
	}
	r.Header = s.header.Clone()
	for name, values := range more {
		if values[0] != "" {
			r.Header[name] = values
		}
	}
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("User-Agent", "tipstaff")
	res, err := s.http.Do(r)
	if err != nil {
		return heard{}, unreached(err, s.Host)
	}
	defer func() { _ = res.Body.Close() }() // read only
	if s.log != nil {
		s.log(method, res.StatusCode)
	}
	said := heard{res.StatusCode, res.Header}
	if err := said.judge(s.Host); err != nil || res.StatusCode == http.StatusNotModified {
		return said, err
	}
	text, err := io.ReadAll(io.LimitReader(res.Body, mostSaid+1))
	switch {
	case err != nil:
		return said, cvd.Errorf(cvd.Unavailable, "the answer of %s broke off", s.Host)
	case len(text) > mostSaid:
		return said, cvd.Errorf(cvd.TooLarge, "the answer of %s is longer than %d MiB", s.Host, mostSaid>>20)
	case out == nil:
		return said, nil
	case json.Unmarshal(text, out) != nil: // such as the list of a folder, where a file should be
		return said, cvd.Errorf(cvd.Invalid, "the answer of %s is not what its API promises, or the path is a folder", s.Host)
	}
	return said, nil
}

// judge says what a status means.
func (h heard) judge(host string) error {
	limited := h.header.Get("X-RateLimit-Remaining") == "0" || h.header.Get("Retry-After") != ""
	switch {
	case h.code >= 200 && h.code <= 299 || h.code == http.StatusNotModified:
		return nil
	case h.code == http.StatusTooManyRequests || h.code == http.StatusForbidden && limited:
		return &cvd.Error{Kind: cvd.TooMany, Says: fmt.Sprintf("%s asks for patience (%d)", host, h.code), After: h.after()}
	case h.code == http.StatusUnauthorized:
		return cvd.Errorf(cvd.Refused, "%s does not know the token (401): put a valid one into the file of tokens", host)
	case h.code == http.StatusForbidden:
		return cvd.Errorf(cvd.Refused, "%s does not let the token do this (403): it needs to read and write contents and pull requests", host)
	case h.code == http.StatusNotFound:
		return cvd.Errorf(cvd.NotFound, "not found, or the token may not see it (404)")
	case h.code == http.StatusConflict || h.code == http.StatusUnprocessableEntity:
		return cvd.Errorf(cvd.Conflict, "%s finds that it conflicts with what is there (%d)", host, h.code)
	case h.code >= 300 && h.code <= 399:
		return cvd.Errorf(cvd.Refused, "%s redirects (%d), which is not followed: if the repository moved, write its new address", host, h.code)
	case h.code >= 500:
		return &cvd.Error{Kind: cvd.Unavailable, Says: fmt.Sprintf("%s is in trouble (%d)", host, h.code), After: h.after()}
	}
	return cvd.Errorf(cvd.Refused, "%s refuses (%d)", host, h.code)
}

// after is how long the forge asks to stay away, by the header that it may send in seconds.
func (h heard) after() time.Duration {
	seconds, err := strconv.Atoi(h.header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, longestWait)
}

// unreached names the host and the reason, not the request.
func unreached(err error, host string) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return cvd.Errorf(cvd.Unavailable, "%s cannot be reached: %s", host, strings.ReplaceAll(err.Error(), "\n", " "))
}

// about puts what was asked for before an error that does not say it.
func about(err error, format string, args ...any) error {
	e, ok := errors.AsType[*cvd.Error](err)
	if !ok {
		return err
	}
	return &cvd.Error{Kind: e.Kind, Says: fmt.Sprintf(format, args...) + ": " + e.Says, After: e.After}
}
