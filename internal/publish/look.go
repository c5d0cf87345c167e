package publish

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/crypto/blake2b"
)

// Looker looks whether a release is where people are told that it is. It reads, and tells nobody what for.
type Looker struct {
	HTTP *http.Client // that keeps away from private networks
	Most int64        // bytes of an artefact that it reads; what is longer it does not verify
}

// Wanted is what should lie at an address.
type Wanted struct {
	URL       string
	SHA256    string   // in hexadecimal digits
	Signature string   // address of a detached signature, if there is one
	Keys      []string // that may have made it
}

// Found is what lies there.
type Found struct {
	Status    int
	SHA256    string
	Size      int64
	Signature string // good, bad; "" where none was given
	Key       string // that made it
	Failed    string // what is not as it should be, "" if nothing
}

// The most redirects that are followed, and the most bytes of a signature.
const (
	mostHops      = 5
	mostSignature = 64 << 10
	lookPatience  = 50 * time.Second
)

// Look looks once. What is not there, or is something else, is no error: it is what was found.
func (l Looker) Look(ctx context.Context, w Wanted) Found {
	ctx, cancel := context.WithTimeout(ctx, lookPatience)
	defer cancel()
	sum, long := sha256.New(), newBLAKE2b()
	var f Found
	var err error
	if f.Status, f.Size, err = l.read(ctx, w.URL, l.Most, io.MultiWriter(sum, long)); err != nil {
		f.Failed = err.Error()
		return f
	}
	f.SHA256 = hex.EncodeToString(sum.Sum(nil))
	if !strings.EqualFold(f.SHA256, w.SHA256) {
		f.Failed = "it answers with something else: its SHA-256 is " + f.SHA256
		return f
	}
	if w.Signature == "" {
		return f
	}
	var signature bytes.Buffer
	if _, _, err := l.read(ctx, w.Signature, mostSignature, &signature); err != nil {
		f.Failed = "its signature: " + err.Error()
		return f
	}
	f.Key, err = l.signed(ctx, w, signature.Bytes(), long.Sum(nil))
	if f.Signature = "good"; err != nil {
		f.Signature, f.Failed = "bad", "its signature: "+err.Error()
	}
	return f
}

// read copies what an address gives out.
func (l Looker) read(ctx context.Context, address string, most int64, into io.Writer) (status int, size int64, err error) {
	body, status, err := l.open(ctx, address)
	if err != nil {
		return status, 0, err
	}
	defer func() { _ = body.Close() }() // read only
	size, err = io.Copy(into, io.LimitReader(body, most+1))
	switch {
	case err != nil:
		return status, size, errors.New("the answer broke off, or took longer than a minute")
	case size > most:
		return status, size, fmt.Errorf("it is longer than %d MiB, the most that is read here", most>>20)
	}
	return status, size, nil
}

// open asks an address; what it gives out has to be closed. The status is 0 if it could not be reached.
func (l Looker) open(ctx context.Context, address string) (body io.ReadCloser, status int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, 0, errors.New("its address is none that can be asked")
	}
	r.Header.Set("User-Agent", "tipstaff")
	client := *l.HTTP
	client.Timeout, client.CheckRedirect = 0, hop
	res, err := client.Do(r)
	if err != nil {
		return nil, 0, unreached(err, r.URL.Host)
	}
	if res.StatusCode != http.StatusOK {
		_ = res.Body.Close() // read only
		return nil, res.StatusCode, fmt.Errorf("it answers with %d", res.StatusCode)
	}
	return res.Body, res.StatusCode, nil
}

// hop follows a redirect, a few, and never away from TLS. The client refuses private addresses at each of them.
func hop(r *http.Request, via []*http.Request) error {
	switch {
	case len(via) > mostHops:
		return errors.New("it redirects too often")
	case via[0].URL.Scheme == "https" && r.URL.Scheme != "https":
		return errors.New("it redirects away from TLS")
	}
	return nil
}

// Seen says whether everybody can read a commit in a repository as a browser shows it: by GitHub, Gitea, Forgejo and GitLab.
func (l Looker) Seen(ctx context.Context, repository, commit string) (address string, seen bool, err error) {
	u, err := url.Parse(repository)
	if err != nil {
		return "", false, fmt.Errorf("read the address of a repository: %w", err)
	}
	for _, below := range []string{"commit", "-/commit"} {
		at := u.JoinPath(below, commit).String()
		status, _, err := l.read(ctx, at, l.Most, io.Discard)
		switch {
		case status == http.StatusOK:
			return at, true, nil
		case status == 0:
			return "", false, err
		}
	}
	return "", false, nil
}

// newBLAKE2b is the hash that minisign signs.
func newBLAKE2b() interface {
	io.Writer
	Sum([]byte) []byte
} {
	h, err := blake2b.New512(nil)
	if err != nil {
		panic(err) // only a key can be wrong, and there is none
	}
	return h
}
