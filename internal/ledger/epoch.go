package ledger

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// An epoch is an hour; its number counts hours since 1970. Every hour is one, also when nothing
// happened, and every one looks the same from outside.
const epochSeconds = 3600

// The width of an epoch's tree: 1,024 leaves, and four times as many as often as it must be.
const (
	epochWidth = 1024
	widenBy    = 4
)

// EpochOf is the number of the epoch that the instant is in.
func EpochOf(t time.Time) int64 {
	s := t.Unix()
	n := s / epochSeconds
	if s%epochSeconds < 0 {
		n-- // before 1970: division rounds towards zero
	}
	return n
}

// EpochEnd is the instant at which epoch n is over and n+1 begins.
func EpochEnd(n int64) time.Time { return time.Unix((n+1)*epochSeconds, 0).UTC() }

// Epoch is the tree of an hour's leaves, hidden among pads and sorted by value, so that neither
// its root nor a proof shows how many there were or in which order they came. The zero Epoch
// has no root.
type Epoch struct {
	nodes []Hash // a heap: 1 is the root, 2i and 2i+1 are below i, the leaves are the second half
}

// NewEpoch builds the tree of epoch n. The key (the project's, for this use alone) makes the
// pads, which only its holder can tell from leaves; the same key, number and leaves in any
// order give the same tree. It takes half a millisecond: keep the Epoch for many proofs.
func NewEpoch(key []byte, n int64, leaves []Hash) Epoch {
	width := epochWidth
	for width < len(leaves) {
		width *= widenBy
	}
	nodes := make([]Hash, 2*width)
	row := nodes[width:]
	copy(row, leaves)
	pad(key, n, row[len(leaves):])
	slices.SortFunc(row, compare)
	for i := width - 1; i > 0; i-- {
		nodes[i] = tlog.NodeHash(nodes[2*i], nodes[2*i+1])
	}
	return Epoch{nodes: nodes}
}

// EpochRoot is the root of epoch n; see NewEpoch. Most hours are idle, and nothing is ever proved to be in one: its root is the
// HMAC-SHA256 of its number under the key, which nobody without the key can tell from a tree's, and which costs a thousandth.
func EpochRoot(key []byte, n int64, leaves []Hash) Hash {
	if len(leaves) > 0 {
		return NewEpoch(key, n, leaves).Root()
	}
	h := hmac.New(sha256.New, key)
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(n)))
	return Hash(h.Sum(nil))
}

// pad fills row: the i-th pad is the HMAC-SHA256 of epoch and i under the key.
func pad(key []byte, n int64, row []Hash) {
	h := hmac.New(sha256.New, key)
	var of [16]byte
	binary.BigEndian.PutUint64(of[:8], uint64(n))
	for i := range row {
		binary.BigEndian.PutUint64(of[8:], uint64(i))
		h.Reset()
		h.Write(of[:])
		h.Sum(row[i][:0])
	}
}

func compare(a, b Hash) int { return bytes.Compare(a[:], b[:]) }

// Root is the RFC 6962 hash of the tree.
func (e Epoch) Root() Hash { return e.nodes[1] }

// EpochProof shows that a leaf is in an epoch's tree. Index says where the leaf sorts, not when
// it came.
type EpochProof struct {
	Index, Size int64
	Path        []Hash // from the leaf upwards
}

// Prove returns the proof for a leaf of the epoch; of a leaf that is not in it, an error.
func (e Epoch) Prove(leaf Hash) (EpochProof, error) {
	width := len(e.nodes) / 2
	i, found := slices.BinarySearchFunc(e.nodes[width:], leaf, compare)
	if !found {
		return EpochProof{}, fmt.Errorf("leaf %s is not in this epoch", leaf)
	}
	p := EpochProof{Index: int64(i), Size: int64(width)}
	for n := width + i; n > 1; n /= 2 {
		p.Path = append(p.Path, e.nodes[n^1])
	}
	return p, nil
}

// Check returns an error unless the proof leads from the leaf to the root.
func (p EpochProof) Check(root, leaf Hash) error {
	if !isWidth(p.Size) {
		return fmt.Errorf("an epoch has 1,024 leaves, or four times as many, not %d", p.Size)
	}
	if err := tlog.CheckRecord(p.Path, p.Size, root, p.Index, leaf); err != nil {
		return errors.New("the path does not lead from the leaf to the epoch's root")
	}
	return nil
}

func isWidth(n int64) bool {
	for n > epochWidth && n%widenBy == 0 {
		n /= widenBy
	}
	return n == epochWidth
}
