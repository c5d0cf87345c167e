package app

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/policies"
)

// longestBeside is more than any document or calendar may have; what is longer is cut, and refused for it where it is read.
const longestBeside = 1 << 20

// Beside hands in what a policy document refers to: the files of its folder, and behind them the gallery that is part of the
// program. A document that comes from no file ("" or "-") finds the gallery alone.
func Beside(document string) policy.Files {
	if document == "" || document == "-" {
		return policies.Files.ReadFile
	}
	return func(name string) ([]byte, error) {
		f, err := os.Open(filepath.Join(filepath.Dir(document), name))
		if errors.Is(err, fs.ErrNotExist) {
			return policies.Files.ReadFile(name)
		} else if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }() // read only
		return io.ReadAll(io.LimitReader(f, longestBeside))
	}
}

// readPolicy reads a document that is to be in force.
func readPolicy(file string, text []byte) (*policy.Policy, error) {
	doc, err := policy.Read(file, text, Beside(file))
	if err == nil && doc.Overlay() {
		return nil, cvd.Errorf(cvd.Invalid, "%s is an overlay, and no policy by itself: name it in the overlays of one", file)
	}
	return doc, err
}
