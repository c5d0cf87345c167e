package store

import (
	"context"
	"time"
)

const (
	purgeOnce        = `DELETE FROM once WHERE project = $1 AND at <= $2`
	purgeAttachments = `DELETE FROM attachments WHERE project = $1 AND at <= $2 AND NOT named`
)

// Purge removes what is of no use any more a day later: the answers to repeated requests, and files that no event names.
func (s *Store) Purge(ctx context.Context, now time.Time) error {
	all, err := s.Projects(ctx)
	if err != nil {
		return err
	}
	before := now.Add(-onceKept).UnixMicro()
	for _, p := range all {
		for _, statement := range []string{purgeOnce, purgeAttachments} {
			if _, err := s.write.ExecContext(ctx, statement, string(p.ID), before); err != nil {
				return s.wrap(err, "purge project %s", p.ID)
			}
		}
	}
	return nil
}
