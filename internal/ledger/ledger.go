// Package ledger chains events and proves the past: that an event was taken at an instant, that
// it has not been edited since, and that none before it was removed, moved or added.
//
// Begin reading here, at Leaf and Link. An hour's leaves make an epoch (epoch.go), epochs make
// the public log of a project (log.go), whose head is signed (checkpoint.go) and whose hashes
// are served as tiles (tile.go). A reporter leaves with a receipt (receipt.go) around a promise
// (promise.go), which anybody can check years later (verdict.go). chain.go audits a whole
// ledger and names the first event that is not as it was.
//
// To add to what a receipt says, add a field and raise ReceiptVersion; readers of every version
// ever written stay. Formats that are signed are never changed: a new one has a new first line.
//
// It never reads a clock, a file or a database, holds no state, and never puts an event, a
// count, an order or an instant of restricted work into what is public.
package ledger

import (
	"crypto/sha256"

	"golang.org/x/mod/sumdb/tlog"
)

// Hash is a SHA-256 hash. In JSON and in texts it is standard base64.
type Hash = tlog.Hash

// Salt makes the leaf of an event impossible to guess from the event.
type Salt = [16]byte

// The first byte of what is hashed says what it is. 0 and 1 are RFC 6962, 2.1: leaf and node.
const (
	leafPrefix = 0
	linkPrefix = 2
)

// Leaf is the commitment to an event: SHA-256 of 0, the salt, and the event's canonical bytes.
// Whoever has only the leaf learns nothing of the event. It is the RFC 6962 leaf hash of salt
// and event, so that any implementation of Merkle trees can check it.
func Leaf(salt Salt, event []byte) Hash {
	h := sha256.New()
	h.Write([]byte{leafPrefix})
	h.Write(salt[:])
	h.Write(event)
	return Hash(h.Sum(nil))
}

// Link is the head of the chain after leaf, where prev was the head before it; the first prev of
// a project is the zero Hash. The event's row keeps it: so no row can be removed, moved or added
// without changing every head that follows.
func Link(prev, leaf Hash) Hash {
	var b [1 + 2*tlog.HashSize]byte
	b[0] = linkPrefix
	copy(b[1:], prev[:])
	copy(b[1+tlog.HashSize:], leaf[:])
	return sha256.Sum256(b[:])
}
