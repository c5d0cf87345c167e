package publish_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/internal/publish"
)

func itoa(n int) string { return strconv.Itoa(n) }

// BenchmarkPage compares the site with the least that net/http needs for the same bytes, over real connections:
// the site should reach seven tenths of it.
func BenchmarkPage(b *testing.B) {
	text := strings.Repeat("<p>An advisory of some length, as they are.</p>\n", 50<<10/48) + string(bytes.ToValidUTF8(noise(8000, 1), nil))
	d := publish.Prepare("/a", "text/html; charset=utf-8", []byte(text))
	plain := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", d.Type)
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Length", itoa(len(d.Gzip)))
		_, _ = w.Write(d.Gzip)
	})
	s := newShelf(noon)
	s.publish(b, "a", noon, map[string]string{"/a": text})
	s.arm(b, "b", noon.Add(30*time.Second), map[string]string{"/a": "later"})
	site := publish.New(publish.Config{Now: time.Now, Load: s.load, Fetch: s.fetch})
	refresh(b, site)
	s.disarm("b")
	refresh(b, site)
	for _, pair := range []struct {
		name    string
		handler http.Handler
	}{{"plain", plain}, {"site", site}} {
		b.Run(pair.name, func(b *testing.B) { load(b, pair.handler) })
	}
}

// load asks over kept connections with a client that does next to nothing, so that the server is what is measured.
func load(b *testing.B, h http.Handler) {
	server := httptest.NewServer(h)
	defer server.Close()
	request := []byte("GET /a HTTP/1.1\r\nHost: example.org\r\nAccept-Encoding: gzip\r\n\r\n")
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			b.Error(err)
			return
		}
		defer func() { _ = conn.Close() }() // nothing is left to be said
		_, _ = conn.Write(request)
		var first bytes.Buffer
		res, err := http.ReadResponse(bufio.NewReader(io.TeeReader(conn, &first)), nil)
		if err != nil {
			b.Error(err)
			return
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != http.StatusOK {
			b.Errorf("got %d, %v", res.StatusCode, err)
			return
		}
		answer := make([]byte, first.Len()) // every other one is as long
		for pb.Next() {
			if _, err := conn.Write(request); err != nil {
				b.Error(err)
				return
			}
			if _, err := io.ReadFull(conn, answer); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
