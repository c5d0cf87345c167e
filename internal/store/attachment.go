package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/seal"
)

// partSize is how much of a file one transaction writes, so that a large one does not hold up the writer.
const partSize = 256 << 10

const (
	insertAttachment = `INSERT INTO attachments (project, case_id, id, size, at, named, pending) VALUES ($1, $2, $3, $4, $5, FALSE, $6)`
	insertPart       = `INSERT INTO attachment_parts (project, case_id, id, part, sealed) VALUES ($1, $2, $3, $4, $5)`
	nameAttachment   = `UPDATE attachments SET named = TRUE, pending = NULL WHERE project = $1 AND case_id = $2 AND id = $3`
	readPending      = `SELECT pending FROM attachments WHERE project = $1 AND case_id = $2 AND pending IS NOT NULL ORDER BY at, id LIMIT 1`
)

// PutAttachment seals a file and keeps it, before the event that names it. The case need not exist yet. A file that no
// event has named after a day is removed by Purge.
func (s *Store) PutAttachment(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, a cvd.Attachment, content []byte) error {
	p, err := s.open(ctx, project)
	if err != nil {
		return err
	}
	box, err := s.putFile(ctx, p, id, a.ID, len(content))
	if err != nil {
		return s.wrap(err, "keep a file of case %s", id)
	}
	part := 0
	for piece := range slices.Chunk(content, partSize) {
		sealed := box.Seal(piece, partOf(project, id, a.ID, part)...)
		if _, err := s.write.ExecContext(ctx, insertPart, string(project), string(id), a.ID, part, sealed); err != nil {
			return s.wrap(err, "keep a file of case %s", id)
		}
		part++
	}
	return nil
}

func partOf(project cvd.ProjectID, id cvd.CaseID, attachment string, part int) []string {
	return []string{string(project), string(id), "file", attachment, strconv.Itoa(part)}
}

// putFile keeps the row of a file, one at a time: of two first files for a case, the second must find the key of the first.
func (s *Store) putFile(ctx context.Context, p *project, id cvd.CaseID, file string, size int) (seal.Box, error) {
	s.filing.Lock()
	defer s.filing.Unlock()
	box, pending, err := s.keyForFile(ctx, p, id)
	if err != nil {
		return box, err
	}
	_, err = s.write.ExecContext(ctx, insertAttachment, string(p.ID), string(id), file, size, s.now(), pending)
	return box, err
}

// keyForFile is the key of the case, or that of a case which the file comes before: then pending is its wrapped form.
func (s *Store) keyForFile(ctx context.Context, p *project, id cvd.CaseID) (box seal.Box, pending []byte, err error) {
	box, err = s.key(ctx, p, id)
	if err == nil || !errors.Is(err, cvd.NotFound) {
		return box, nil, err
	}
	key, found, err := s.pendingKey(ctx, p, id)
	if err == nil && !found {
		key, err = seal.NewKey(rand.Reader)
	}
	if err != nil {
		return seal.Box{}, nil, err
	}
	return key.Box(), p.pending.WrapKey(key, string(p.ID), string(id)), nil
}

// pendingKey finds the key that was drawn for a case when the first file for it came.
func (s *Store) pendingKey(ctx context.Context, p *project, id cvd.CaseID) (key seal.Key, found bool, err error) {
	var pending []byte
	err = s.read.QueryRowContext(ctx, readPending, string(p.ID), string(id)).Scan(&pending)
	if errors.Is(err, sql.ErrNoRows) {
		return seal.Key{}, false, nil
	}
	if err != nil {
		return seal.Key{}, false, s.wrap(err, "read the key of the files of case %s", id)
	}
	key, err = p.pending.UnwrapKey(pending, string(p.ID), string(id))
	return key, true, s.wrap(err, "open the key of the files of case %s", id)
}

// attachmentsOf are the files that an event names.
func attachmentsOf(w cvd.What) []cvd.Attachment {
	switch {
	case w.Received != nil:
		return w.Received.Report.Attachments
	case w.Messaged != nil:
		return w.Messaged.Attachments
	case w.PatchAttached != nil:
		return []cvd.Attachment{w.PatchAttached.File}
	}
	return w.BroughtFiles()
}

// attachments marks the files that an event names as belonging to the case for good.
func (at *place) attachments(tx transaction, p *prepared) {
	for _, a := range attachmentsOf(p.Event.What) {
		tx.exec(nameAttachment, string(at.project.ID), string(p.Event.Case), a.ID)
	}
}

const readParts = `SELECT p.part, p.sealed FROM attachment_parts p
	JOIN attachments a ON a.project = p.project AND a.case_id = p.case_id AND a.id = p.id
	WHERE p.project = $1 AND p.case_id = $2 AND p.id = $3 AND a.named ORDER BY p.part`

// Attachment opens a file that an event of the case names, and checks that it is the one that was sent.
func (s *Store) Attachment(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, a cvd.Attachment) ([]byte, error) {
	p, err := s.open(ctx, project)
	if err != nil {
		return nil, err
	}
	box, err := s.key(ctx, p, id)
	if err != nil {
		return nil, err
	}
	content := make([]byte, 0, a.Size)
	parts, err := list(ctx, s.read, func(scan func(...any) error) ([]byte, error) {
		var part int
		var sealed []byte
		if err := scan(&part, &sealed); err != nil {
			return nil, err
		}
		return box.Open(sealed, partOf(project, id, a.ID, part)...)
	}, readParts, string(project), string(id), a.ID)
	if err != nil {
		return nil, s.wrap(err, "read a file of case %s", id)
	}
	for _, part := range parts {
		content = append(content, part...)
	}
	if sum := sha256.Sum256(content); !bytes.Equal(sum[:], a.Hash) {
		if len(parts) == 0 {
			return nil, cvd.Errorf(cvd.NotFound, "there is no such file")
		}
		return nil, fmt.Errorf("read a file of case %s: its content does not have the hash that its event names", id)
	}
	return content, nil
}
