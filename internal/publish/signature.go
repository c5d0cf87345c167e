package publish

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/ProtonMail/gopenpgp/v3/crypto"
)

// signed says which of the keys made a detached signature: OpenPGP, armoured or not, or minisign's.
func (l Looker) signed(ctx context.Context, w Wanted, signature, hash []byte) (key string, err error) {
	if len(w.Keys) == 0 {
		return "", errors.New("the policy names no key that signs releases")
	}
	if bytes.HasPrefix(signature, []byte("untrusted comment:")) {
		return minisigned(w.Keys, signature, hash)
	}
	ring, err := crypto.NewKeyRing(nil)
	if err != nil {
		return "", errors.New("no keys can be held")
	}
	for _, text := range w.Keys {
		if k, err := crypto.NewKeyFromArmored(text); err == nil && !k.IsPrivate() {
			_ = ring.AddKey(k) // what cannot verify is no key for it
		}
	}
	verifier, err := crypto.PGP().Verify().VerificationKeys(ring).New()
	if err != nil {
		return "", errors.New("the policy names no OpenPGP key that signs releases")
	}
	// The artefact is read once more: it is longer than what is kept in memory, and an OpenPGP signature names its own hash.
	body, _, err := l.open(ctx, w.URL)
	if err != nil {
		return "", err
	}
	defer func() { _ = body.Close() }() // read only
	reader, err := verifier.VerifyingReader(io.LimitReader(body, l.Most), bytes.NewReader(signature), crypto.Auto)
	if err != nil {
		return "", errors.New("it is no OpenPGP signature")
	}
	result, err := reader.DiscardAllAndVerifySignature()
	if err != nil || result.SignatureError() != nil {
		return "", errors.New("none of the policy's keys made it over this")
	}
	return hex.EncodeToString(result.SignedByFingerprint()), nil
}

// minisigned verifies a signature of minisign over the hash of what it signs: "ED", which is what it makes since 2021.
func minisigned(keys []string, signature, hash []byte) (key string, err error) {
	lines := strings.Split(strings.ReplaceAll(string(signature), "\r", ""), "\n")
	if len(lines) < 4 || !strings.HasPrefix(lines[2], "trusted comment: ") {
		return "", errors.New("it is no signature of minisign")
	}
	raw, err := base64.StdEncoding.DecodeString(lines[1])
	global, err2 := base64.StdEncoding.DecodeString(lines[3])
	if err != nil || err2 != nil || len(raw) != 74 || len(global) != ed25519.SignatureSize {
		return "", errors.New("it is no signature of minisign")
	}
	if string(raw[:2]) != "ED" {
		return "", errors.New("it was made by a minisign of before 2021, over the whole file: sign it anew")
	}
	for _, text := range keys {
		public, id := minisignKey(text)
		if public == nil || !bytes.Equal(id, raw[2:10]) {
			continue
		}
		trusted := slices.Concat(raw[10:], []byte(strings.TrimPrefix(lines[2], "trusted comment: ")))
		if ed25519.Verify(public, hash, raw[10:]) && ed25519.Verify(public, trusted, global) {
			return hex.EncodeToString(id), nil
		}
	}
	return "", errors.New("none of the policy's keys made it over this")
}

// minisignKey reads a public key as minisign writes it: the line in base64, perhaps below its comment.
func minisignKey(text string) (public ed25519.PublicKey, id []byte) {
	lines := strings.Fields(text)
	if len(lines) == 0 {
		return nil, nil
	}
	raw, err := base64.StdEncoding.DecodeString(lines[len(lines)-1])
	if err != nil || len(raw) != 42 || string(raw[:2]) != "Ed" {
		return nil, nil
	}
	return raw[10:], raw[2:10]
}
