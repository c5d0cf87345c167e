package ledger

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Signer signs for the log of one project. Its name is the log's origin ("example.org/p/juno"):
// the log's address without scheme, as C2SP tlog-tiles recommends.
type Signer struct {
	note.Signer
	verifierKey string
}

// GenerateKey makes a key pair for the log with the origin. skey is secret and is what
// OpenSigner reads; vkey is published, so that whoever asks can pin it. Both are the text of
// C2SP signed-note. r is crypto/rand.Reader except in tests.
func GenerateKey(r io.Reader, origin string) (skey, vkey string, err error) {
	skey, vkey, err = note.GenerateKey(r, origin)
	if err != nil {
		return "", "", fmt.Errorf("generate the key of %q: %w", origin, err)
	}
	if _, err := note.NewVerifier(vkey); err != nil {
		return "", "", fmt.Errorf("the name of a log has no spaces and no plus: %q", origin)
	}
	return skey, vkey, nil
}

// OpenSigner reads a secret key. Its errors do not repeat it.
func OpenSigner(skey string) (Signer, error) {
	s, err := note.NewSigner(skey)
	if err != nil {
		return Signer{}, fmt.Errorf("read the signing key: %w", err)
	}
	// NewSigner has checked the form: PRIVATE+KEY+name+hash+base64(1, seed).
	secret, err := base64.StdEncoding.DecodeString(strings.SplitN(skey, "+", 5)[4])
	if err != nil || len(secret) != 1+ed25519.SeedSize {
		return Signer{}, errors.New("read the signing key: expected an Ed25519 key")
	}
	public := ed25519.NewKeyFromSeed(secret[1:]).Public().(ed25519.PublicKey)
	vkey, err := note.NewEd25519VerifierKey(s.Name(), public)
	if err != nil {
		return Signer{}, fmt.Errorf("read the signing key: %w", err)
	}
	return Signer{Signer: s, verifierKey: vkey}, nil
}

// VerifierKey is the public half of the key.
func (s Signer) VerifierKey() string { return s.verifierKey }
