// Package seal encrypts, signs and unseals: keys, content under keys, keys under keys, the
// installation's key file, and the secrets that people and programs present.
//
// Begin reading here, at Key. box.go seals content, identity.go opens the key file of the
// installation, secret.go makes return codes and API tokens;
// hidden.go is why nothing of it can be printed.
//
// To add a use of a key, derive a key for it with a label of its own (Key.Derive), or bind the
// place to which the content belongs; never use one key for two things.
//
// It never reads a file, keeps a key, or shows one: each type that holds a secret prints as
// "sealed", whatever the verb, and its bytes leave it only sealed again (Identity.Text, which
// writes the key file, is the one exception).
package seal

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"
)

// KeySize is the length of a key in bytes: AES-256.
const KeySize = 32

// Key is a secret of 32 bytes from which everything of a project, or of a case, is sealed.
// The zero Key is no key: using it panics.
type Key struct{ hidden[*[KeySize]byte] }

// NewKey reads a new key from r, which is crypto/rand.Reader except in tests.
func NewKey(r io.Reader) (Key, error) {
	secret := new([KeySize]byte)
	if _, err := io.ReadFull(r, secret[:]); err != nil {
		return Key{}, fmt.Errorf("read randomness for a key: %w", err)
	}
	return Key{hide(secret)}, nil
}

// Derive makes the key for the use that label names: HKDF-SHA256 (RFC 5869) of this key.
// The same label always gives the same key; nothing about this key follows from that one.
func (k Key) Derive(label string) Key {
	// The salt keeps the extracted key apart from every other use of this key.
	b, err := hkdf.Key(sha256.New, k.bytes(), []byte("tipstaff/derive/v1"), label, KeySize)
	if err != nil {
		panic(err) // only for lengths that are not 32
	}
	return Key{hide((*[KeySize]byte)(b))}
}

// MAC is the HMAC-SHA256 of the parts under this key: a name for a value (an address, an hour)
// that only the holder of the key can compute. Parts are kept apart: ("ab", "c") is not ("a", "bc").
func (k Key) MAC(parts ...string) []byte {
	h := hmac.New(sha256.New, k.bytes())
	h.Write(join(make([]byte, 0, 128), parts))
	return h.Sum(nil)
}

// Same reports in constant time whether both are the same key.
func (k Key) Same(other Key) bool {
	return subtle.ConstantTimeCompare(k.bytes(), other.bytes()) == 1
}

func (k Key) bytes() []byte { return k.get()[:] }
