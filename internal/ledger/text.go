package ledger

import (
	"encoding/base64"
	"errors"

	"golang.org/x/mod/sumdb/note"
)

// ErrAltered says that a signed note bears the name and number of a known key, and that its text or signature was changed.
var ErrAltered = errors.New("the text is not the one that was signed")

// ErrForeign says that no known key has signed a note.
var ErrForeign = errors.New("it was signed by another key")

// SignText returns a text as a signed note (C2SP signed-note) under the name of the key. A key for texts signs no checkpoint: of
// two documents with one form a reader could take one for the other.
func SignText(text string, s Signer) (string, error) { return sign(text, s) }

// OpenText is the text of a signed note and the name of the key among verifierKeys that signed it. The error is ErrAltered or
// ErrForeign if it is a note at all.
func OpenText(signed string, verifierKeys []string) (text, verifierKey string, err error) {
	var known []note.Verifier
	for _, key := range verifierKeys {
		v, err := note.NewVerifier(key)
		if err != nil {
			return "", "", err
		}
		known = append(known, v)
	}
	n, err := note.Open([]byte(signed), note.VerifierList(known...))
	if _, invalid := errors.AsType[*note.InvalidSignatureError](err); invalid {
		return "", "", ErrAltered
	}
	if _, unknown := errors.AsType[*note.UnverifiedNoteError](err); unknown {
		return "", "", ErrForeign
	}
	if err != nil {
		return "", "", err
	}
	for i, v := range known {
		if v.Name() == n.Sigs[0].Name && v.KeyHash() == n.Sigs[0].Hash {
			_, err = base64.StdEncoding.Strict().DecodeString(n.Sigs[0].Base64)
			return n.Text, verifierKeys[i], err
		}
	}
	return "", "", ErrForeign
}
