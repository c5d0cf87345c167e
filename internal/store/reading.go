package store

import (
	"context"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Look is that somebody read a case within an hour.
type Look struct {
	Who  cvd.ActorID
	Hour time.Time
}

const (
	insertReading = `INSERT INTO readings (project, case_id, actor, hour) VALUES ($1, $2, $3, $4)
		ON CONFLICT (project, case_id, actor, hour) DO NOTHING`
	listReadings = `SELECT actor, hour FROM readings WHERE project = $1 AND case_id = $2 ORDER BY hour, actor`
)

// Looked records that somebody reads sealed content: one row for each person, case and hour. It is no event.
func (s *Store) Looked(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, who cvd.ActorID) error {
	hour := s.config.Now().UTC().Truncate(time.Hour).UnixMicro()
	_, err := s.writer.submit(ctx, &item{rows: []row{{insertReading, []any{string(project), string(id), string(who), hour}}}})
	return s.wrap(err, "record a reading of case %s", id)
}

// Looks lists who read a case, by hour.
func (s *Store) Looks(ctx context.Context, project cvd.ProjectID, id cvd.CaseID) ([]Look, error) {
	all, err := list(ctx, s.read, func(scan func(...any) error) (l Look, err error) {
		var hour int64
		err = scan(&l.Who, &hour)
		l.Hour = instant(hour)
		return l, err
	}, listReadings, string(project), string(id))
	return all, s.wrap(err, "list the readings of case %s", id)
}
