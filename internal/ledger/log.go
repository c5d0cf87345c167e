package ledger

import (
	"errors"
	"fmt"
	"strconv"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// HashReader reads stored hashes of a log by their place: what [Log.Grow] returned, in order.
type HashReader = tlog.HashReader

// recordFormat is the first line of a leaf of the public log.
const recordFormat = "tipstaff-epoch/v1"

// EpochRecord is what is kept of a closed epoch. The events of an epoch are consecutive: First
// to Last by sequence, and the next epoch goes on behind them; an idle one has Last = First-1.
//
// Close epoch n with the events up to, not including, the first that was taken at or after
// EpochEnd(n). Then each event is in the epoch of its instant, or, when it waited behind a
// later one, in the next: what a Promise says.
type EpochRecord struct {
	Number      int64
	First, Last int64
	Root        Hash
}

// Record is the leaf of the public log for this epoch: one an hour, whatever happened. It shows
// the number and the root, never First and Last.
func (e EpochRecord) Record(origin string) []byte {
	b := make([]byte, 0, 128)
	b = append(b, recordFormat+"\n"...)
	b = append(b, origin...)
	b = append(b, '\n')
	b = strconv.AppendInt(b, e.Number, 10)
	b = append(b, '\n')
	b = append(b, e.Root.String()...)
	return append(b, '\n')
}

// Log is the public log of a project: an RFC 6962 tree of as many records as Size says, whose
// hashes are read as they are needed.
type Log struct {
	Size   int64
	Hashes HashReader
}

// Grow returns the hashes to store when the record is appended. They go behind those stored
// before: the first of them has the place [Log.Stored]. Size is then one more.
func (l Log) Grow(record []byte) ([]Hash, error) {
	hashes, err := tlog.StoredHashes(l.Size, record, l.Hashes)
	if err != nil {
		return nil, fmt.Errorf("append record %d to the log: %w", l.Size, err)
	}
	return hashes, nil
}

// Stored is how many hashes a log of this size has stored.
func (l Log) Stored() int64 { return tlog.StoredHashCount(l.Size) }

// Root is the RFC 6962 hash of the log.
func (l Log) Root() (Hash, error) {
	root, err := tlog.TreeHash(l.Size, l.Hashes)
	if err != nil {
		return Hash{}, fmt.Errorf("hash the log at size %d: %w", l.Size, err)
	}
	return root, nil
}

// LogProof shows that a record is in the log that a checkpoint of the same size signs.
type LogProof struct {
	Index, Size int64
	Path        []Hash // from the record upwards
}

// Prove returns the proof for the record with the index, from 0.
func (l Log) Prove(index int64) (LogProof, error) {
	path, err := tlog.ProveRecord(l.Size, index, l.Hashes)
	if err != nil {
		return LogProof{}, fmt.Errorf("prove record %d of %d: %w", index, l.Size, err)
	}
	return LogProof{Index: index, Size: l.Size, Path: path}, nil
}

// maxLog is the size of the longest log that is believed: a record an hour for ever. From 2⁶²
// on, tlog's arithmetic would not end, and sizes come from receipts that anybody writes.
const maxLog = 1 << 40

// Check returns an error unless the proof leads from the record to the root.
func (p LogProof) Check(root Hash, record []byte) error {
	if p.Size > maxLog {
		return fmt.Errorf("no log has %d records", p.Size)
	}
	if err := tlog.CheckRecord(p.Path, p.Size, root, p.Index, tlog.RecordHash(record)); err != nil {
		return errors.New("the path does not lead from the epoch's record to the log's root")
	}
	return nil
}

// Checkpoint signs the log as it is: the document that a log serves as "checkpoint".
func (l Log) Checkpoint(signer note.Signer) (string, error) {
	root, err := l.Root()
	if err != nil {
		return "", err
	}
	return Checkpoint{Origin: signer.Name(), Size: l.Size, Root: root}.Sign(signer)
}
