package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"math"
	"slices"

	"github.com/riverqueue/river/rivermigrate"
)

//go:embed schema/*.sql
var schema embed.FS

// migrate brings our tables and River's up to date, one process at a time, and refuses those of a newer program: what it
// would write there might not mean what it thinks.
func (s *Store) migrate(ctx context.Context) error { return s.migrateTo(ctx, newestSchema) }

// newestSchema stands for the newest schema that the program knows.
const newestSchema = math.MaxInt64

// migrateTo is migrate up to an older schema: that of a backup which is to be restored.
func (s *Store) migrateTo(ctx context.Context, upto int64) error {
	err := s.engine.alone(ctx, func() error {
		if err := s.migrateOurs(ctx, upto); err != nil {
			return err
		}
		return s.migrateRiver(ctx)
	})
	if err != nil {
		return fmt.Errorf("bring the database up to date: %w", err)
	}
	return nil
}

// schemaFiles are the migrations.
func schemaFiles() (fs.FS, error) { return fs.Sub(schema, "schema") }

func (s *Store) migrateOurs(ctx context.Context, upto int64) error {
	provider, err := s.provider()
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
	if upto == newestSchema {
		_, err = provider.Up(ctx)
	} else if knows < upto {
		err = newer(upto, knows)
	} else {
		_, err = provider.UpTo(ctx, upto)
	}
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
