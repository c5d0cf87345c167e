package main

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"regexp"

	"github.com/tipstaff/tipstaff/bench/load"
)

// Everybody reads an advisory in the minute in which it is published: the page, and the feed that says what is new.

// readers is how many ask at once.
const readers = 64

var advisoryLink = regexp.MustCompile(`"/p/juno/advisories/[^"/]+\.html"|"[^"/]+\.html"`)

func (b *bench) pages() (err error) {
	address, err := free()
	if err != nil {
		return err
	}
	const list = "/p/juno/advisories/index.html"
	ours, err := start(address, list, b.program, "demo", "--listen", address, "--data", filepath.Join(b.dir, "demo"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ours.stop()) }()
	text, _, err := read("http://" + address + list)
	if err != nil {
		return err
	}
	link := advisoryLink.Find(text)
	if link == nil {
		return errors.New("the demonstration has published nothing")
	}
	page := string(link[1 : len(link)-1])
	if page[0] != '/' {
		page = path.Join(path.Dir(list), page)
	}
	for _, at := range []string{page, "/p/juno/advisories/feed.atom"} {
		if err := b.page(ours, at); err != nil {
			return err
		}
	}
	return nil
}

// page compares one document of the site with the same bytes from memory, and both again for readers who have it already.
func (b *bench) page(ours *server, path string) (err error) {
	text, tag, err := read("http://" + ours.address + path)
	if err != nil {
		return err
	}
	file := filepath.Join(b.dir, "page")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return err
	}
	theirs, err := b.plain("page-reference", nil, "--page", file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, theirs.stop()) }()
	_, theirTag, err := read("http://" + theirs.address + "/page")
	if err != nil {
		return err
	}
	for _, c := range []struct {
		what        string
		status      int
		tag, theirs string
	}{{path, http.StatusOK, "", ""}, {"  not modified", http.StatusNotModified, tag, theirTag}} {
		p, err := b.turns(ours, theirs, b.rounds, func(s *server) load.Result {
			if s == ours {
				return load.Run(s.address, readers, b.window, c.status, load.Page(path, c.tag))
			}
			return load.Run(s.address, readers, b.window, c.status, load.Page("/page", c.theirs))
		})
		if err != nil {
			return err
		}
		b.row(fmt.Sprintf("%s, %d clients [1/s]", c.what, readers), rate(p.ours), rate(p.theirs), p.ratios(load.Result.Rate), goal{least: 0.70})
	}
	return nil
}

// read gets a document as it was before it was compressed, and its tag.
func read(url string) ([]byte, string, error) {
	q, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return nil, "", err
	}
	q.Header.Set("Accept-Encoding", "gzip")
	res, err := http.DefaultClient.Do(q)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = res.Body.Close() }() // read only
	var body io.Reader = res.Body
	if res.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gzip.NewReader(body); err != nil {
			return nil, "", err
		}
	}
	text, err := io.ReadAll(body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("read %s: %s", url, res.Status)
	}
	return text, res.Header.Get("ETag"), err
}
