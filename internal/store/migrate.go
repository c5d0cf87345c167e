package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"slices"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed schema/*.sql
var schema embed.FS

// migrate brings our tables and River's up to date, one process at a time, and refuses those of a newer program: what it
// would write there might not mean what it thinks.
func (s *Store) migrate(ctx context.Context) error {
	err := s.engine.alone(ctx, func() error {
		if err := s.migrateOurs(ctx); err != nil {
			return err
		}
		return s.migrateRiver(ctx)
	})
	if err != nil {
		return fmt.Errorf("bring the database up to date: %w", err)
	}
	return nil
}

func (s *Store) migrateOurs(ctx context.Context) error {
	files, err := fs.Sub(schema, "schema")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(s.engine.dialect(), s.write, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	has, knows, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if has > knows {
		return newer(has, knows)
	}
	_, err = provider.Up(ctx)
	return err
}

func (s *Store) migrateRiver(ctx context.Context) error {
	m, err := s.engine.migrator()
	if err != nil {
		return err
	}
	byVersion := func(a, b rivermigrate.Migration) int { return a.Version - b.Version }
	knows := slices.MaxFunc(m.AllVersions(), byVersion).Version
	existing, err := m.ExistingVersions(ctx)
	if err != nil {
		return err
	}
	if len(existing) > 0 {
		if has := slices.MaxFunc(existing, byVersion).Version; has > knows {
			return newer(int64(has), int64(knows))
		}
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

func newer(has, knows int64) error {
	return fmt.Errorf("the database has schema %d, this program knows up to %d: start the newer program", has, knows)
}
