package cvd

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
)

// Each kind of string has its own type, so that two of them cannot change places.
type (
	ProjectID  string // "juno": lower-case letters, digits and dashes, chosen at init
	CaseID     string // "JUNO-7KQ4": short, unique, in no order
	EventID    string // 26 lower-case characters, random
	ActorID    string // "anna", "reporter:1", "guest:2", "system"
	AdvisoryID string // "JUNO-SA-2026-003": numbered when it is published, so there are no gaps
)

// Crockford is Douglas Crockford's base 32 alphabet: no I, L, O or U, so a code survives being read aloud.
const Crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// NewEventID makes an event's id from 130 random bits; r is crypto/rand.Reader outside of tests.
func NewEventID(r io.Reader) (EventID, error) {
	var b [26]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return "", fmt.Errorf("draw event id: %w", err)
	}
	for i := range b {
		b[i] = "0123456789abcdefghjkmnpqrstvwxyz"[b[i]&31]
	}
	return EventID(b[:]), nil
}

// NewCaseID turns the n-th case of a project into its public id: a keyed permutation, so that neighbours look unrelated
// and nobody can count cases. Four characters serve the first 2^20 cases, six the next 2^30.
func NewCaseID(prefix string, key []byte, n int64) CaseID {
	bits, chars := 20, 4
	if n >= 1<<20 {
		n, bits, chars = n-1<<20, 30, 6
	}
	v := permute(key, uint32(n), bits)
	code := make([]byte, chars)
	for i := chars - 1; i >= 0; i-- {
		code[i] = Crockford[v&31]
		v >>= 5
	}
	return CaseID(prefix + "-" + string(code))
}

// permute is a balanced Feistel network of eight rounds over an even number of bits (Luby and Rackoff 1988).
func permute(key []byte, v uint32, bits int) uint32 {
	half := bits / 2
	mask := uint32(1)<<half - 1
	left, right := v>>half&mask, v&mask
	mac := hmac.New(sha256.New, key)
	for round := range uint32(8) {
		var in [12]byte
		binary.BigEndian.PutUint32(in[0:], uint32(bits))
		binary.BigEndian.PutUint32(in[4:], round)
		binary.BigEndian.PutUint32(in[8:], right)
		mac.Reset()
		mac.Write(in[:])
		left, right = right, left^binary.BigEndian.Uint32(mac.Sum(nil))&mask
	}
	return left<<half | right
}

// ParseCaseID reads an id as people type it: lower case, and O, I and L for the digits they are mistaken for.
func ParseCaseID(text string) (CaseID, error) {
	text = strings.ToUpper(strings.TrimSpace(text))
	prefix, code, found := cutLast(text, "-")
	code = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(code)
	if !found || prefix == "" || len(code) < 4 || len(code) > 6 || strings.Trim(code, Crockford) != "" {
		return "", Errorf(NotFound, "there is no case %q: an id looks like JUNO-7KQ4", text)
	}
	return CaseID(prefix + "-" + code), nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// NewAdvisoryID is the n-th advisory that a project publishes in a year.
func NewAdvisoryID(prefix string, year, n int) AdvisoryID {
	return AdvisoryID(fmt.Sprintf("%s-SA-%d-%03d", prefix, year, n))
}
