package ledger

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

const (
	promiseFormat = "tipstaff-promise/v1"
	promiseTerms  = "The log named above takes this leaf into its tree not later than in this epoch,\n" +
		"and proves it from the instant due. If it cannot, this note proves that the promise was broken.\n"
	microseconds = "2006-01-02T15:04:05.000000Z"
)

// Promise is what a log says the moment it has taken an event: that the leaf will be in its
// tree by the end of the next epoch. It is signed, and complete without the receipt: whoever
// holds it, and is shown no proof after Due, can show to anybody that it was broken. It says
// nothing of the event.
type Promise struct {
	Origin string // the log
	Leaf   Hash
	At     time.Time // when the event was taken; whole microseconds, UTC
}

// Epoch is the last epoch in which the leaf may be.
func (p Promise) Epoch() int64 { return EpochOf(p.At) + 1 }

// Due is the instant from which the leaf's inclusion can be proved.
func (p Promise) Due() time.Time { return EpochEnd(p.Epoch()) }

// Sign returns the promise as a signed note. The origin is the name of the key. Ed25519 has no
// randomness: the same promise is the same text for ever, and need not be stored.
func (p Promise) Sign(signer note.Signer) (string, error) {
	if p.Origin != signer.Name() {
		return "", fmt.Errorf("sign a promise of %s with the key of %s", p.Origin, signer.Name())
	}
	return sign(p.text(), signer)
}

func (p Promise) text() string {
	b := make([]byte, 0, 512)
	b = append(b, promiseFormat+"\n"...)
	b = append(b, p.Origin...)
	b = append(b, "\nleaf "...)
	b = append(b, p.Leaf.String()...)
	b = append(b, "\nat "...)
	b = p.At.UTC().AppendFormat(b, microseconds)
	b = append(b, "\nepoch "...)
	b = strconv.AppendInt(b, p.Epoch(), 10)
	b = append(b, "\ndue "...)
	b = p.Due().AppendFormat(b, time.RFC3339)
	b = append(b, "\n"+promiseTerms...)
	return string(b)
}

// OpenPromise reads a signed promise and checks the signature by the verifier key, whose name
// must be its origin.
func OpenPromise(text, verifierKey string) (Promise, error) {
	n, err := open(text, verifierKey)
	if err != nil {
		return Promise{}, err
	}
	malformed := errors.New("the text is not that of a promise")
	lines := strings.SplitN(n.Text, "\n", 5)
	if len(lines) < 5 {
		return Promise{}, malformed
	}
	p := Promise{Origin: lines[1]}
	if p.Leaf, err = parseHash(strings.TrimPrefix(lines[2], "leaf ")); err != nil {
		return Promise{}, malformed
	}
	if p.At, err = time.Parse(microseconds, strings.TrimPrefix(lines[3], "at ")); err != nil {
		return Promise{}, malformed
	}
	if n.Text != p.text() { // the first line, the epoch, the instant due and the terms too
		return Promise{}, malformed
	}
	if len(n.Sigs)+len(n.UnverifiedSigs) != 1 || p.Origin != n.Sigs[0].Name {
		return Promise{}, fmt.Errorf("a promise of %s is signed by %s alone", p.Origin, p.Origin)
	}
	return p, nil
}
