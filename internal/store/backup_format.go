package store

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	digest "hash"
	"io"
	"time"
)

// A backup is a line that says what it is, and pieces: the length of each as a varint, its mark, and its content. The head
// comes first; each table is followed by its rows; the end counts them, and repeats the SHA-256 of all that stands before it.
// Numbers and lengths are varints, as package encoding/binary writes them; heads and ends are JSON.
const (
	backupMagic  = "tipstaff backup\n"
	backupFormat = 1
	pieceMax     = 1 << 28 // bytes; a row of the largest publication is far below

	markHead  = 'h'
	markTable = 't'
	markRow   = 'r'
	markEnd   = 'e'
)

// The kinds of columns.
const (
	kindText   = "text"
	kindNumber = "number"
	kindBytes  = "bytes"
	kindTruth  = "truth"
)

type backupHead struct {
	Format int       `json:"format"`
	Schema int64     `json:"schema"`
	At     time.Time `json:"at"`
}

type backupTable struct {
	Name    string         `json:"name"`
	Columns []backupColumn `json:"columns"`
}

type backupColumn struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

type backupEnd struct {
	Rows   map[string]int64 `json:"rows"`
	SHA256 string           `json:"sha256"`
}

// cell is one value of a row, or nothing.
type cell struct {
	kind   string
	text   sql.Null[string]
	number sql.Null[int64]
	bytes  sql.Null[[]byte]
	truth  sql.Null[bool]
}

// cells are the places for a row of the table, and pointers to scan one into them.
func (t *backupTable) cells() (values []cell, into []any) {
	values, into = make([]cell, len(t.Columns)), make([]any, len(t.Columns))
	for i, c := range t.Columns {
		values[i].kind = c.Kind
		switch c.Kind {
		case kindText:
			into[i] = &values[i].text
		case kindNumber:
			into[i] = &values[i].number
		case kindBytes:
			into[i] = &values[i].bytes
		default:
			into[i] = &values[i].truth
		}
	}
	return values, into
}

// The marks of a value: nothing, a truth, or something with a content.
const (
	valueNone = iota
	valueFalse
	valueTrue
	valueSome
)

func (c *cell) append(b []byte) []byte {
	switch {
	case c.kind == kindText && c.text.Valid:
		b = binary.AppendUvarint(append(b, valueSome), uint64(len(c.text.V)))
		return append(b, c.text.V...)
	case c.kind == kindBytes && c.bytes.Valid:
		b = binary.AppendUvarint(append(b, valueSome), uint64(len(c.bytes.V)))
		return append(b, c.bytes.V...)
	case c.kind == kindNumber && c.number.Valid:
		return binary.AppendVarint(append(b, valueSome), c.number.V)
	case c.kind == kindTruth && c.truth.Valid && c.truth.V:
		return append(b, valueTrue)
	case c.kind == kindTruth && c.truth.Valid:
		return append(b, valueFalse)
	}
	return append(b, valueNone)
}

// backupWriter writes the pieces of a backup.
type backupWriter struct {
	to    *bufio.Writer
	sum   digest.Hash
	rows  map[string]int64
	name  string // of the table whose rows come
	piece []byte
}

func newBackupWriter(w io.Writer) *backupWriter {
	return &backupWriter{to: bufio.NewWriterSize(w, 1<<16), sum: sha256.New(), rows: map[string]int64{}}
}

func (w *backupWriter) write(b []byte) error {
	_, _ = w.sum.Write(b) // never fails
	_, err := w.to.Write(b)
	return err
}

func (w *backupWriter) put(mark byte, content []byte) error {
	var frame [binary.MaxVarintLen64 + 1]byte
	n := binary.PutUvarint(frame[:], uint64(len(content)+1))
	frame[n] = mark
	if err := w.write(frame[:n+1]); err != nil {
		return err
	}
	return w.write(content)
}

func (w *backupWriter) putJSON(mark byte, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return w.put(mark, text)
}

func (w *backupWriter) head(h backupHead) error {
	if err := w.write([]byte(backupMagic)); err != nil {
		return err
	}
	return w.putJSON(markHead, h)
}

func (w *backupWriter) table(t backupTable) error {
	w.name, w.rows[t.Name] = t.Name, 0
	return w.putJSON(markTable, t)
}

func (w *backupWriter) row(values []cell) error {
	w.piece = w.piece[:0]
	for i := range values {
		w.piece = values[i].append(w.piece)
	}
	w.rows[w.name]++
	return w.put(markRow, w.piece)
}

func (w *backupWriter) end() error {
	sum := hex.EncodeToString(w.sum.Sum(nil))
	if err := w.putJSON(markEnd, backupEnd{Rows: w.rows, SHA256: sum}); err != nil {
		return err
	}
	return w.to.Flush()
}

// ErrBackup says that something is no whole backup.
var ErrBackup = errors.New("this is no whole backup")

// backupReader reads the pieces of a backup.
type backupReader struct {
	from  *bufio.Reader
	sum   digest.Hash
	piece []byte
}

// backupSink takes what a backup holds.
type backupSink interface {
	head(backupHead) error
	table(backupTable) error
	row(values []any) error
}

// readBackup hands everything to sink, and says at the end whether it was whole.
func readBackup(r io.Reader, sink backupSink) (Backed, error) {
	in := &backupReader{from: bufio.NewReaderSize(r, 1<<16), sum: sha256.New()}
	magic := make([]byte, len(backupMagic))
	if _, err := io.ReadFull(in.from, magic); err != nil || string(magic) != backupMagic {
		return Backed{}, errors.Join(ErrBackup, err)
	}
	_, _ = in.sum.Write(magic) // never fails
	back := Backed{Rows: map[string]int64{}}
	var t backupTable
	for began := false; ; began = true {
		mark, content, err := in.next()
		if err != nil {
			return back, err
		}
		if mark != markEnd {
			in.count()
		}
		switch {
		case began != (mark != markHead):
			err = fmt.Errorf("%w: its head is not at the beginning", ErrBackup)
		case mark == markHead:
			err = back.begin(content, sink)
		case mark == markTable:
			t = backupTable{}
			if err = json.Unmarshal(content, &t); err == nil {
				back.Rows[t.Name] = 0
				err = sink.table(t)
			}
		case mark == markRow:
			var values []any
			if values, err = t.parse(content); err == nil {
				back.Rows[t.Name]++
				err = sink.row(values)
			}
		case mark == markEnd:
			back.Projects = back.Rows["projects"]
			return back, in.finish(content, back)
		default:
			err = fmt.Errorf("%w: it has a piece %q", ErrBackup, mark)
		}
		if err != nil {
			return back, err
		}
	}
}

func (b *Backed) begin(content []byte, sink backupSink) error {
	var h backupHead
	if err := json.Unmarshal(content, &h); err != nil {
		return fmt.Errorf("%w: %w", ErrBackup, err)
	}
	if h.Format != backupFormat {
		return fmt.Errorf("the backup has the format %d, this program reads %d: use the program that wrote it", h.Format, backupFormat)
	}
	b.At, b.Schema = h.At, h.Schema
	return sink.head(h)
}

// finish compares what was read with what the end says was written.
func (in *backupReader) finish(content []byte, back Backed) error {
	var end backupEnd
	if err := json.Unmarshal(content, &end); err != nil {
		return fmt.Errorf("%w: %w", ErrBackup, err)
	}
	if end.SHA256 != hex.EncodeToString(in.sum.Sum(nil)) || len(end.Rows) != len(back.Rows) {
		return fmt.Errorf("%w: its digest is another", ErrBackup)
	}
	for name, n := range end.Rows {
		if back.Rows[name] != n {
			return fmt.Errorf("%w: of %d rows of %s it holds %d", ErrBackup, n, name, back.Rows[name])
		}
	}
	if _, err := in.from.ReadByte(); !errors.Is(err, io.EOF) {
		return errors.Join(fmt.Errorf("%w: something follows its end", ErrBackup), err)
	}
	return nil
}

// next reads a piece. Its content is good until the next one.
func (in *backupReader) next() (mark byte, content []byte, err error) {
	length, err := binary.ReadUvarint(in.from)
	if err != nil || length < 1 || length > pieceMax {
		return 0, nil, errors.Join(ErrBackup, err)
	}
	if uint64(cap(in.piece)) < length {
		in.piece = make([]byte, length)
	}
	in.piece = in.piece[:length]
	if _, err := io.ReadFull(in.from, in.piece); err != nil {
		return 0, nil, errors.Join(ErrBackup, err)
	}
	return in.piece[0], in.piece[1:], nil
}

// count takes the piece into the digest.
func (in *backupReader) count() {
	var length [binary.MaxVarintLen64]byte
	_, _ = in.sum.Write(length[:binary.PutUvarint(length[:], uint64(len(in.piece)))]) // never fails
	_, _ = in.sum.Write(in.piece)
}

// parse reads a row of the table: a copy, which outlives the piece.
func (t *backupTable) parse(content []byte) ([]any, error) {
	broken := fmt.Errorf("%w: a row of %s does not fit its columns", ErrBackup, t.Name)
	values, b := make([]any, len(t.Columns)), bytes.Clone(content)
	for i, c := range t.Columns {
		if len(b) == 0 {
			return nil, broken
		}
		mark := b[0]
		b = b[1:]
		if mark != valueSome {
			if mark != valueNone {
				values[i] = mark == valueTrue
			}
			continue
		}
		if c.Kind == kindNumber {
			v, n := binary.Varint(b)
			if n <= 0 {
				return nil, broken
			}
			values[i], b = v, b[n:]
			continue
		}
		length, n := binary.Uvarint(b)
		if n <= 0 || length > uint64(len(b)-n) {
			return nil, broken
		}
		some := b[n : n+int(length) : n+int(length)]
		if b = b[n+int(length):]; c.Kind == kindText {
			values[i] = string(some)
		} else {
			values[i] = some
		}
	}
	if len(b) != 0 {
		return nil, broken
	}
	return values, nil
}
