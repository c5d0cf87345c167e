package publish

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// marshalled publications are kept for ever: a new form gets a new number, and the old ones are read.
const formV1 = 1

var errForm = errors.New("this is no publication")

// index is the first part of a marshalled publication; the compressed bodies follow it, in order and without a gap.
type index struct {
	Project   cvd.ProjectID `json:"project"`
	ID        string        `json:"id"`
	At        int64         `json:"at"` // microseconds
	Documents []indexed     `json:"documents,omitempty"`
	Gone      []string      `json:"gone,omitempty"`
}

type indexed struct {
	Path string `json:"path"`
	Type string `json:"type"`
	Hash string `json:"hash"`
	Size int    `json:"size"`
	Gzip int    `json:"gzip"` // length of the body
}

// Marshal writes the publication for whoever keeps it, who must seal it: it is not public yet.
func (p Publication) Marshal() ([]byte, error) {
	x := index{Project: p.Project, ID: p.ID, At: p.At.UnixMicro(), Gone: p.Gone}
	total := 0
	for _, d := range p.Documents {
		x.Documents = append(x.Documents, indexed{Path: d.Path, Type: d.Type, Hash: d.Hash, Size: d.Size, Gzip: len(d.Gzip)})
		total += len(d.Gzip)
	}
	head, err := json.Marshal(x)
	if err != nil {
		return nil, fmt.Errorf("marshal publication: %w", err)
	}
	b := make([]byte, 0, 1+binary.MaxVarintLen64+len(head)+total)
	b = append(b, formV1)
	b = binary.AppendUvarint(b, uint64(len(head)))
	b = append(b, head...)
	for _, d := range p.Documents {
		b = append(b, d.Gzip...)
	}
	return b, nil
}

// Unmarshal reads what Marshal wrote. The documents share the memory of b.
func Unmarshal(b []byte) (Publication, error) {
	if len(b) == 0 || b[0] != formV1 {
		return Publication{}, errForm
	}
	n, width := binary.Uvarint(b[1:])
	if width <= 0 || n > uint64(len(b)-1-width) {
		return Publication{}, errForm
	}
	bodies := b[1+width:]
	var x index
	if err := json.Unmarshal(bodies[:n], &x); err != nil {
		return Publication{}, fmt.Errorf("%w: %w", errForm, err)
	}
	bodies = bodies[n:]
	p := Publication{Project: x.Project, ID: x.ID, At: time.UnixMicro(x.At).UTC(), Gone: x.Gone}
	for _, d := range x.Documents {
		if d.Gzip < 0 || d.Gzip > len(bodies) || d.Size < 0 || len(d.Hash) != 64 {
			return Publication{}, errForm
		}
		p.Documents = append(p.Documents, Document{Path: d.Path, Type: d.Type, Hash: d.Hash, Size: d.Size, Gzip: bodies[:d.Gzip:d.Gzip]})
		bodies = bodies[d.Gzip:]
	}
	if len(bodies) != 0 {
		return Publication{}, errForm
	}
	return p, nil
}
