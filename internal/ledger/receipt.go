package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// ReceiptVersion is the version of the receipts written now.
const ReceiptVersion = 1

// maxReceipt is the length of the longest document that is read as a receipt.
const maxReceipt = 4 << 20

// Receipt is what somebody takes away who did something in a case: proof, to anybody and for
// ever, that the project's log took this event at this instant. At first it holds a promise;
// from the next epoch on the proof too. It is checked offline ([Receipt.Verify]).
//
// It contains the event: whoever shows it shows what was reported.
type Receipt struct {
	// Version is 1.
	Version int `json:"version"`
	// Origin is the name of the project's log, and of the key that signed.
	Origin string `json:"origin"`
	// Project, Case and EventID are what the event calls itself.
	Project string `json:"project"`
	Case    string `json:"case"`
	EventID string `json:"event_id"`
	// Event is the event's canonical bytes: a JSON document. Base64.
	Event []byte `json:"event"`
	// Salt is 16 random bytes without which nobody can tell the event from the leaf. Base64.
	Salt []byte `json:"salt"`
	// Leaf is SHA-256 of a zero byte, the salt and the event. Base64.
	Leaf Hash `json:"leaf"`
	// At is the instant at which the log took the event: RFC 3339, UTC, whole microseconds.
	At time.Time `json:"at"`
	// Promise is a signed note (C2SP signed-note): the leaf, the instant, and the epoch by which
	// the leaf is in the log.
	Promise string `json:"promise"`
	// Key is the verifier key of the log. A receipt cannot vouch for it: compare it with the
	// key that the project publishes.
	Key string `json:"key"`

	*Proof // nil as long as there is only the promise
}

// Proof is the second half of a receipt. Its fields stand in the JSON beside those of the first.
type Proof struct {
	// Epoch is the number of the hour whose tree holds the leaf, counted from 1970.
	Epoch int64 `json:"epoch"`
	// Index and Size are the place of the leaf in that tree (sorted by value) and its width.
	Index int64 `json:"index"`
	Size  int64 `json:"size"`
	// EpochProof leads from the leaf to EpochRoot: RFC 6962, 2.1.1, the lowest hash first.
	EpochProof []Hash `json:"epoch_proof"`
	EpochRoot  Hash   `json:"epoch_root"`
	// LogIndex and LogSize are the place of the epoch's record in the public log, and the size
	// of the log at the checkpoint. The record is the text of four lines "tipstaff-epoch/v1",
	// origin, epoch, epoch root; its hash is SHA-256 of a zero byte and the text.
	LogIndex int64 `json:"log_index"`
	LogSize  int64 `json:"log_size"`
	// LogProof leads from the record to the root in the checkpoint, as EpochProof does.
	LogProof []Hash `json:"log_proof"`
	// Checkpoint is a signed note (C2SP tlog-checkpoint), by Key and perhaps by witnesses.
	Checkpoint string `json:"checkpoint"`
}

// Fact is what a receipt is about: an event that the log has taken.
type Fact struct {
	Project, Case, EventID string
	Event                  []byte // canonical bytes: a JSON document with "id", "project" and "case"
	Salt                   Salt
	At                     time.Time // when the log took it, by the clock of the writer
}

// NewReceipt promises the inclusion of the event. One signature, some 30 µs; the same fact and
// key give the same receipt, whenever it is asked for.
func NewReceipt(signer Signer, f Fact) (Receipt, error) {
	p := Promise{Origin: signer.Name(), Leaf: Leaf(f.Salt, f.Event), At: f.At.UTC().Truncate(time.Microsecond)}
	promise, err := p.Sign(signer)
	if err != nil {
		return Receipt{}, err
	}
	return Receipt{
		Version: ReceiptVersion,
		Origin:  p.Origin,
		Project: f.Project,
		Case:    f.Case,
		EventID: f.EventID,
		Event:   f.Event,
		Salt:    f.Salt[:],
		Leaf:    p.Leaf,
		At:      p.At,
		Promise: promise,
		Key:     signer.VerifierKey(),
	}, nil
}

// Complete adds the proof: that the leaf is in the epoch, that the epoch's record is in the
// log, and the log's signed head of that size.
func (r Receipt) Complete(e EpochRecord, inEpoch EpochProof, inLog LogProof, checkpoint string) Receipt {
	r.Proof = &Proof{
		Epoch:      e.Number,
		Index:      inEpoch.Index,
		Size:       inEpoch.Size,
		EpochProof: inEpoch.Path,
		EpochRoot:  e.Root,
		LogIndex:   inLog.Index,
		LogSize:    inLog.Size,
		LogProof:   inLog.Path,
		Checkpoint: checkpoint,
	}
	return r
}

// ParseReceipt reads a receipt. It refuses unknown and repeated fields: what this version
// cannot check, it does not read past. Whether the receipt is true, Verify says.
func ParseReceipt(data []byte) (Receipt, error) {
	if len(data) > maxReceipt {
		return Receipt{}, fmt.Errorf("a receipt has at most %d bytes, this has %d", maxReceipt, len(data))
	}
	if err := checkFields(data); err != nil {
		return Receipt{}, fmt.Errorf("read the receipt: %w", err)
	}
	var r Receipt
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return Receipt{}, fmt.Errorf("read the receipt: %w", err)
	}
	return r, nil
}

// checkFields refuses what encoding/json would let pass: a field given twice, a field in other
// letters, something behind the document. Two readers must not see two receipts.
func checkFields(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.New("expected a JSON object")
	}
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := t.(string)
		if name != strings.ToLower(name) {
			return fmt.Errorf("unknown field %q", name)
		}
		if seen[name] {
			return fmt.Errorf("field %q is given twice", name)
		}
		seen[name] = true
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil { // the closing brace
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the document")
	}
	return nil
}

// verifierName checks the spelling of a verifier key and returns its name and "name+hash".
func verifierName(key string) (name, id string, err error) {
	v, err := note.NewVerifier(key)
	if err != nil {
		return "", "", err
	}
	id = fmt.Sprintf("%s+%08x", v.Name(), v.KeyHash())
	if !strings.HasPrefix(key, id+"+") {
		return "", "", errors.New("malformed verifier id")
	}
	return v.Name(), id, nil
}
