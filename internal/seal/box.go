package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
)

// ErrClosed is returned for whatever does not open: it was changed, it belongs to another
// place, or the key is another. Which of these cannot be known, and is not told.
var ErrClosed = errors.New("sealed content does not open: it was changed, moved, or sealed under another key")

// The first byte of what is sealed says what it is and how it was sealed. It is authenticated
// together with the bound strings, so that content never opens as a key.
const (
	contentV1 = 1 // AES-256-GCM: 1, nonce (12), ciphertext, tag (16)
	keyV1     = 2 // the same around the 32 bytes of a key
)

// Overhead is how much longer sealed content is than the content.
const Overhead = 1 + 12 + 16

// Box seals and opens under one key, whose schedule it has prepared: keep the Box, not the key,
// where many things are opened. It may be used by many goroutines at once.
// One key should seal fewer than 2³² things (NIST SP 800-38D, 8.3), which no case comes near.
type Box struct{ hidden[cipher.AEAD] }

// Box prepares the key for sealing and opening.
func (k Key) Box() Box {
	block, err := aes.NewCipher(k.bytes())
	if err != nil {
		panic(err) // only for lengths that are not 16, 24 or 32
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // only for ciphers that are not crypto/aes
	}
	return Box{hide(aead)}
}

// Seal is [Box.Seal] for a key that seals one thing only.
func (k Key) Seal(plain []byte, bound ...string) []byte { return k.Box().Seal(plain, bound...) }

// Open is [Box.Open] for a key that opens one thing only.
func (k Key) Open(sealed []byte, bound ...string) ([]byte, error) {
	return k.Box().Open(sealed, bound...)
}

// Seal encrypts plain and binds it to the strings (project, case and event id, say): it opens
// only with the same strings in the same order. They are not stored.
func (b Box) Seal(plain []byte, bound ...string) []byte { return b.seal(contentV1, plain, bound) }

// Open returns what Seal was given, or ErrClosed.
func (b Box) Open(sealed []byte, bound ...string) ([]byte, error) {
	return b.open(contentV1, sealed, bound)
}

// WrapKey seals a key, that of a case under the project's, bound to the strings as Seal does.
func (b Box) WrapKey(inner Key, bound ...string) []byte {
	return b.seal(keyV1, inner.bytes(), bound)
}

// UnwrapKey returns the key that WrapKey was given, or ErrClosed.
func (b Box) UnwrapKey(wrapped []byte, bound ...string) (Key, error) {
	plain, err := b.open(keyV1, wrapped, bound)
	if err != nil || len(plain) != KeySize {
		return Key{}, ErrClosed
	}
	return Key{hide((*[KeySize]byte)(plain))}, nil
}

func (b Box) seal(kind byte, plain []byte, bound []string) []byte {
	out := make([]byte, 1, Overhead+len(plain))
	out[0] = kind
	return b.get().Seal(out, nil, plain, additional(kind, bound))
}

func (b Box) open(kind byte, sealed []byte, bound []string) ([]byte, error) {
	if len(sealed) < Overhead || sealed[0] != kind {
		return nil, ErrClosed
	}
	plain, err := b.get().Open(nil, nil, sealed[1:], additional(kind, bound))
	if err != nil {
		return nil, ErrClosed
	}
	return plain, nil
}

func additional(kind byte, bound []string) []byte {
	return join(append(make([]byte, 0, 128), kind), bound)
}
