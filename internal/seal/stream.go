package seal

import (
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
)

// SealStream encrypts what is written to it so that each of the recipients opens it, and writes that to w: for what is too
// large to be held in memory. Close ends the stream; without it nobody takes it for whole. It does not close w.
func SealStream(to Recipients, w io.Writer) (io.WriteCloser, error) {
	recipients, err := to.parse()
	if err != nil {
		return nil, err
	}
	out, err := age.Encrypt(w, recipients...)
	if err != nil {
		return nil, fmt.Errorf("seal to %d recipients: %w", len(to), err)
	}
	return out, nil
}

// OpenStream decrypts what SealStream wrote to this identity. It returns ErrClosed for another identity, and reading returns
// ErrClosed at the first place where something was changed or is missing.
func (id Identity) OpenStream(r io.Reader) (io.Reader, error) {
	if id.get == nil {
		return nil, ErrClosed
	}
	plain, err := age.Decrypt(r, id.get())
	if err != nil {
		return nil, ErrClosed
	}
	return &stream{plain}, nil
}

// stream tells the end of what was sealed from its being cut off.
type stream struct{ plain io.Reader }

func (s *stream) Read(b []byte) (int, error) {
	n, err := s.plain.Read(b)
	if err != nil && !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = ErrClosed
	}
	return n, err
}
