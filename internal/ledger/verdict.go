package ledger

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Verdict is what a receipt that fits together proves.
type Verdict struct {
	Proven bool      // the event is in the log; otherwise the log has only promised to take it
	Late   bool      // it is in the log, but in a later epoch than was promised
	Signer string    // name and hash of the key that signed: "example.org/p/juno+1a2b3c4d"
	Pinned bool      // the asker named the key; otherwise it is only what the receipt itself says
	At     time.Time // when the log took the event
	Due    time.Time // from when on the log must be able to prove it
}

// Overdue reports whether, at the instant now, the log owes a proof that this receipt does not
// hold: ask for the completed one; a log that cannot give it has broken its promise.
func (v Verdict) Overdue(now time.Time) bool { return !v.Proven && !now.Before(v.Due) }

// String is the verdict in a sentence.
func (v Verdict) String() string {
	var b strings.Builder
	switch {
	case v.Proven && v.Late:
		b.WriteString("proven, later than promised")
	case v.Proven:
		b.WriteString("proven")
	default:
		b.WriteString("promised, proof due " + v.Due.Format(time.RFC3339))
	}
	fmt.Fprintf(&b, ": taken at %s by the log of %s", v.At.Format(microseconds), v.Signer)
	if !v.Pinned {
		b.WriteString(" (a key that only the receipt itself names: compare it with the published one)")
	}
	return b.String()
}

// Misfit is the error of a receipt that does not fit together.
type Misfit struct {
	Part string // the field, as the JSON names it
	Says string // what does not fit
}

// Error names the part and what does not fit.
func (m *Misfit) Error() string { return "receipt: " + m.Part + ": " + m.Says }

// Verify checks a receipt with nothing but itself and, if given, the verifier key that the
// asker got from elsewhere. An error is a *[Misfit].
func (r Receipt) Verify(pinned string) (Verdict, error) {
	if r.Version != ReceiptVersion {
		return Verdict{}, &Misfit{"version", fmt.Sprintf("this program reads version %d, not %d", ReceiptVersion, r.Version)}
	}
	name, id, err := verifierName(r.Key)
	if err != nil {
		return Verdict{}, &Misfit{"key", err.Error()}
	}
	pinned = strings.TrimSpace(pinned)
	if pinned != "" && pinned != r.Key {
		return Verdict{}, &Misfit{"key", "it is not the one that you named"}
	}
	if r.Origin != name {
		return Verdict{}, &Misfit{"origin", "the key is that of " + name}
	}
	p, err := OpenPromise(r.Promise, r.Key)
	if err != nil {
		return Verdict{}, &Misfit{"promise", err.Error()}
	}
	if err := r.fitsPromise(p); err != nil {
		return Verdict{}, err
	}
	v := Verdict{Signer: id, Pinned: pinned != "", At: p.At, Due: p.Due()}
	if r.Proof == nil {
		return v, nil
	}
	if err := r.fitsProof(p); err != nil {
		return Verdict{}, err
	}
	v.Proven, v.Late = true, r.Epoch > p.Epoch()
	return v, nil
}

// fitsPromise checks that the promise is about this event.
func (r Receipt) fitsPromise(p Promise) error {
	if r.Leaf != p.Leaf {
		return &Misfit{"leaf", "the promise is about another one"}
	}
	if !r.At.Equal(p.At) {
		return &Misfit{"at", "the promise says " + p.At.Format(microseconds)}
	}
	if len(r.Salt) != len(Salt{}) {
		return &Misfit{"salt", fmt.Sprintf("it has %d bytes, not %d", len(r.Salt), len(Salt{}))}
	}
	if Leaf(Salt(r.Salt), r.Event) != r.Leaf {
		return &Misfit{"event", "event and salt do not make the leaf: one of the two was changed"}
	}
	var named struct {
		ID      string `json:"id"`
		Project string `json:"project"`
		Case    string `json:"case"`
	}
	if err := json.Unmarshal(r.Event, &named); err != nil {
		return &Misfit{"event", "it is not a JSON document with an id, a project and a case"}
	}
	for _, field := range []struct{ name, says, event string }{
		{"event_id", r.EventID, named.ID},
		{"project", r.Project, named.Project},
		{"case", r.Case, named.Case},
	} {
		if field.says != field.event {
			return &Misfit{field.name, fmt.Sprintf("the event itself says %q", field.event)}
		}
	}
	return nil
}

// fitsProof checks the way from the leaf to the signed head of the log.
func (r Receipt) fitsProof(p Promise) error {
	if r.Epoch < EpochOf(p.At) {
		return &Misfit{"epoch", "it ended before the event was taken"}
	}
	inEpoch := EpochProof{Index: r.Index, Size: r.Size, Path: r.EpochProof}
	if err := inEpoch.Check(r.EpochRoot, r.Leaf); err != nil {
		return &Misfit{"epoch_proof", err.Error()}
	}
	c, err := OpenCheckpoint(r.Checkpoint, r.Key)
	if err != nil {
		return &Misfit{"checkpoint", err.Error()}
	}
	if c.Size != r.LogSize {
		return &Misfit{"log_size", fmt.Sprintf("the checkpoint says %d", c.Size)}
	}
	record := EpochRecord{Number: r.Epoch, Root: r.EpochRoot}.Record(r.Origin)
	inLog := LogProof{Index: r.LogIndex, Size: r.LogSize, Path: r.LogProof}
	if err := inLog.Check(c.Root, record); err != nil {
		return &Misfit{"log_proof", err.Error()}
	}
	return nil
}
