package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Checkpoint is the signed head of a project's public log, as C2SP tlog-tiles serves it. One record an hour is all it shows.
func (w *Casework) Checkpoint(ctx context.Context, project cvd.ProjectID) (string, error) {
	if _, err := w.project(project); err != nil {
		return "", err
	}
	return w.store.Checkpoint(ctx, project)
}

// Tile is a tile of a project's public log, by its path: "tile/0/000", "tile/entries/000".
func (w *Casework) Tile(ctx context.Context, project cvd.ProjectID, path string) ([]byte, error) {
	if _, err := w.project(project); err != nil {
		return nil, err
	}
	return w.store.Tile(ctx, project, path)
}

// Verifier is the key that a project's receipts and checkpoints are checked with.
func (w *Casework) Verifier(ctx context.Context, project cvd.ProjectID) (string, error) {
	if _, err := w.project(project); err != nil {
		return "", err
	}
	return w.store.Verifier(ctx, project)
}
