// Package publish hands documents to the public: everything that strangers may read is prepared ahead, to the byte,
// and becomes readable in one step at an exact instant.
//
// Begin reading with Publication, which says what changes for the public at one instant, then Site, which answers
// every request by comparing the clock with that instant.
//
// To add a destination (a registry, a provider's directory), add a file with its name beside site.go; it takes the same
// Documents.
//
// It never starts a timer or a goroutine, and it never writes to disk: nothing has to run at the instant, and what is
// not public yet is in memory only during the last minute before it is.
package publish

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Document is what one path says, ready to be sent.
type Document struct {
	Path string // from the root of the site, with its slash: "/p/juno/feed.atom"
	Type string // media type: "application/atom+xml"
	Hash string // SHA-256 of the plain bytes, in hex
	Size int    // of the plain bytes
	Gzip []byte // the bytes, compressed; nil where only the index is kept
}

// Publication is what changes for the public at one instant: from At on, these paths have these contents and those in
// Gone have none. Its contents never change once it is done; whatever is to change is another publication.
//
// Of several publications that name a path the last one counts, by instant and then by ID. A document that lists
// others (a feed, a sitemap) must therefore be prepared again whenever an earlier publication is armed, moved or
// taken back.
type Publication struct {
	Project   cvd.ProjectID
	ID        string
	At        time.Time
	Documents []Document
	Gone      []string
}

// Prepare makes the document that path is going to show. The same bytes always make the same document.
func Prepare(path, ctype string, plain []byte) Document {
	sum := sha256.Sum256(plain)
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err) // only for levels that do not exist
	}
	// The header stays empty: a name or an instant in it would tell when the document was prepared.
	_, _ = z.Write(plain) // a bytes.Buffer takes everything
	_ = z.Close()
	return Document{Path: path, Type: ctype, Hash: hex.EncodeToString(sum[:]), Size: len(plain), Gzip: bytes.Clone(b.Bytes())}
}

// Plain returns the bytes that Prepare was given.
func (d Document) Plain() ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(d.Gzip))
	if err != nil {
		return nil, fmt.Errorf("unpack document: %w", err)
	}
	plain, err := io.ReadAll(io.LimitReader(z, int64(d.Size)+1))
	if err != nil {
		return nil, fmt.Errorf("unpack document: %w", err)
	}
	if sum := sha256.Sum256(plain); hex.EncodeToString(sum[:]) != d.Hash {
		return nil, fmt.Errorf("unpack document: its %d bytes are not those that were prepared", len(plain))
	}
	return plain, nil
}

// ETag names the compressed bytes (RFC 9110, 8.8.3). The plain ones are another representation of the same content
// and go by the weak form of it.
func (d Document) ETag() string { return etag(d.Hash) }

func etag(hash string) string { return `"` + hash[:32] + `"` }
