package ledger

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Checkpoint is the head of a log: C2SP tlog-checkpoint. As a text it is a signed note of the
// origin, the size and the root, to which witnesses may add their signatures.
type Checkpoint struct {
	Origin string
	Size   int64
	Root   Hash
}

// Sign returns the checkpoint as a signed note. The origin is the name of the key: a log has
// one name, whoever asks.
func (c Checkpoint) Sign(signer note.Signer) (string, error) {
	if c.Origin != signer.Name() {
		return "", fmt.Errorf("sign the checkpoint of %s with the key of %s", c.Origin, signer.Name())
	}
	return sign(c.text(), signer)
}

func (c Checkpoint) text() string {
	return c.Origin + "\n" + strconv.FormatInt(c.Size, 10) + "\n" + c.Root.String() + "\n"
}

// OpenCheckpoint reads a signed checkpoint and checks the signature by the verifier key, whose
// name must be its origin. Signatures of others, witnesses for example, are left alone, and so
// are extension lines.
func OpenCheckpoint(text, verifierKey string) (Checkpoint, error) {
	n, err := open(text, verifierKey)
	if err != nil {
		return Checkpoint{}, err
	}
	lines := strings.SplitN(n.Text, "\n", 4)
	if len(lines) < 4 {
		return Checkpoint{}, errors.New("a checkpoint has an origin, a size and a root")
	}
	c := Checkpoint{Origin: lines[0]}
	c.Size, err = strconv.ParseInt(lines[1], 10, 64)
	if err != nil || c.Size < 0 {
		return Checkpoint{}, errors.New("the second line of a checkpoint is a size")
	}
	if c.Root, err = parseHash(lines[2]); err != nil {
		return Checkpoint{}, errors.New("the third line of a checkpoint is a hash")
	}
	if !strings.HasPrefix(n.Text, c.text()) {
		return Checkpoint{}, errors.New("the size of a checkpoint has one spelling")
	}
	if c.Origin != n.Sigs[0].Name {
		return Checkpoint{}, fmt.Errorf("a checkpoint of %s signed by %s", c.Origin, n.Sigs[0].Name)
	}
	return c, nil
}

// sign returns the text as a note signed by the key.
func sign(text string, signer note.Signer) (string, error) {
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return "", fmt.Errorf("sign a note as %s: %w", signer.Name(), err)
	}
	return string(signed), nil
}

// open reads a note that the key has signed.
func open(text, verifierKey string) (*note.Note, error) {
	v, err := note.NewVerifier(verifierKey)
	if err != nil {
		return nil, fmt.Errorf("read the verifier key: %w", err)
	}
	n, err := note.Open([]byte(text), note.VerifierList(v))
	if err != nil {
		return nil, err
	}
	// A signature has one spelling: base64 without stray bits behind the last byte.
	if _, err := base64.StdEncoding.Strict().DecodeString(n.Sigs[0].Base64); err != nil {
		return nil, errors.New("malformed signature")
	}
	return n, nil
}

func parseHash(text string) (Hash, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != len(Hash{}) {
		return Hash{}, errors.New("malformed hash")
	}
	return Hash(b), nil
}
