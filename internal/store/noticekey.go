package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/ledger"
	"github.com/tipstaff/tipstaff/internal/seal"
)

// NoticeKey is a pair of keys that a project signs notices with: one for OpenPGP, one for signed notes. The log has its own, so
// that no notice can be read as a head of the log.
type NoticeKey struct {
	Number   int64
	At       time.Time // since when it signs
	OpenPGP  string    // public half, armored
	Verifier string    // public half of the key for signed notes
}

// NoticeSigner signs notices with the newest key of a project.
type NoticeSigner struct {
	Key  NoticeKey
	PGP  seal.Signing
	Note ledger.Signer
}

// noticeSecrets are the secret halves, as they are sealed.
type noticeSecrets struct {
	PGP  []byte `json:"pgp"`
	Note string `json:"note"`
}

func noticeKeyOf(project cvd.ProjectID, number int64) []string {
	return []string{string(project), "notice key", strconv.FormatInt(number, 10)}
}

const (
	listNoticeKeys  = `SELECT number, at, openpgp, verifier, sealed FROM notice_keys WHERE project = $1 ORDER BY number`
	insertNoticeKey = `INSERT INTO notice_keys (project, number, at, openpgp, verifier, sealed) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (project, number) DO NOTHING`
)

// NoticeKeys lists the keys that a project has signed notices with, oldest first. A project without one is given its first.
func (s *Store) NoticeKeys(ctx context.Context, id cvd.ProjectID) ([]NoticeKey, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return nil, err
	}
	all, err := s.noticeKeys(ctx, p)
	var keys []NoticeKey
	for _, k := range all {
		keys = append(keys, k.NoticeKey)
	}
	return keys, err
}

// NoticeSigner is the newest key, to sign with.
func (s *Store) NoticeSigner(ctx context.Context, id cvd.ProjectID) (NoticeSigner, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return NoticeSigner{}, err
	}
	all, err := s.noticeKeys(ctx, p)
	if err != nil {
		return NoticeSigner{}, err
	}
	signer, err := all[len(all)-1].open(p)
	return signer, s.wrap(err, "open the key of %s for notices", id)
}

// RenewNoticeKey draws a new key. Those before stay published; which of two askers is first does not matter, since both meant one.
func (s *Store) RenewNoticeKey(ctx context.Context, id cvd.ProjectID) (NoticeKey, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return NoticeKey{}, err
	}
	all, err := s.noticeKeys(ctx, p)
	if err == nil {
		all, err = s.drawNoticeKey(ctx, p, all[len(all)-1].Number+1)
	}
	if err != nil {
		return NoticeKey{}, err
	}
	return all[len(all)-1].NoticeKey, nil
}

// sealedNoticeKey is a row.
type sealedNoticeKey struct {
	NoticeKey
	sealed []byte
}

func (k sealedNoticeKey) open(p *project) (NoticeSigner, error) {
	plain, err := p.content.Open(k.sealed, noticeKeyOf(p.ID, k.Number)...)
	if err != nil {
		return NoticeSigner{}, err
	}
	var secrets noticeSecrets
	if err := json.Unmarshal(plain, &secrets); err != nil {
		return NoticeSigner{}, fmt.Errorf("read what was sealed: it has another form")
	}
	out := NoticeSigner{Key: k.NoticeKey}
	if out.PGP, err = seal.OpenSigning(string(secrets.PGP)); err != nil {
		return NoticeSigner{}, err
	}
	out.Note, err = ledger.OpenSigner(secrets.Note)
	return out, err
}

// noticeKeys are the rows of a project, never none.
func (s *Store) noticeKeys(ctx context.Context, p *project) ([]sealedNoticeKey, error) {
	all, err := s.listNoticeKeys(ctx, p.ID)
	if err == nil && len(all) == 0 {
		return s.drawNoticeKey(ctx, p, 1)
	}
	return all, err
}

func (s *Store) listNoticeKeys(ctx context.Context, id cvd.ProjectID) ([]sealedNoticeKey, error) {
	all, err := list(ctx, s.write, func(scan func(...any) error) (k sealedNoticeKey, err error) {
		var at int64
		err = scan(&k.Number, &at, &k.OpenPGP, &k.Verifier, &k.sealed)
		k.At = instant(at)
		return k, err
	}, listNoticeKeys, string(id))
	return all, s.wrap(err, "list the keys of %s for notices", id)
}

// drawNoticeKey keeps a key under a number, unless another process was first, and gives all there are.
func (s *Store) drawNoticeKey(ctx context.Context, p *project, number int64) ([]sealedNoticeKey, error) {
	at := instant(s.now())
	pgp, err := seal.NewSigning(userID(p.Name+" notices, "+p.origin), at)
	if err != nil {
		return nil, fmt.Errorf("draw a key of %s for notices: %w", p.ID, err)
	}
	skey, vkey, err := ledger.GenerateKey(rand.Reader, p.origin+"/notices")
	if err != nil {
		return nil, fmt.Errorf("draw a key of %s for notices: %w", p.ID, err)
	}
	plain, err := json.Marshal(noticeSecrets{PGP: pgp.Private(), Note: skey})
	if err != nil {
		return nil, fmt.Errorf("write a key of %s for notices: %w", p.ID, err)
	}
	_, err = s.writer.submit(ctx, &item{rows: []row{{insertNoticeKey, []any{string(p.ID), number, at.UnixMicro(), pgp.Public(), vkey,
		p.content.Seal(plain, noticeKeyOf(p.ID, number)...)}}}})
	if err != nil {
		return nil, s.wrap(err, "keep a key of %s for notices", p.ID)
	}
	all, err := s.listNoticeKeys(ctx, p.ID)
	if err == nil && !slices.ContainsFunc(all, func(k sealedNoticeKey) bool { return k.Number == number }) {
		err = fmt.Errorf("the key %d of %s for notices was not kept", number, p.ID)
	}
	return all, err
}

// userID is a name as OpenPGP lets one be written: these characters would begin a comment or an address.
func userID(name string) string { return strings.Map(plainName, name) }

func plainName(r rune) rune {
	if unicode.IsControl(r) || strings.ContainsRune("()<>", r) {
		return -1
	}
	return r
}
