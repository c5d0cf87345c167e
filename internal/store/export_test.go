package store

import (
	"context"
	"fmt"

	"github.com/tipstaff/tipstaff/internal/seal"
)

// BeginRotation is what RotateKeys does in its first transaction.
func (s *Store) BeginRotation(ctx context.Context, recipients seal.Recipients) error {
	all, err := s.Projects(ctx)
	if err != nil {
		return err
	}
	return s.newProjectKeys(ctx, all, recipients)
}

// LimitPages lets the SQLite database grow by so many pages and no further, as a full disk does.
func (s *Store) LimitPages(ctx context.Context, more int) error {
	var pages int
	if err := s.write.QueryRowContext(ctx, "PRAGMA page_count").Scan(&pages); err != nil {
		return err
	}
	_, err := s.write.ExecContext(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", pages+more))
	return err
}

// BackedUp and LeftOut are the tables as a backup sees them.
var (
	BackedUp = backedUp
	LeftOut  = leftOut
)
