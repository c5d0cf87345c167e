package app

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/seal"
	"github.com/tipstaff/tipstaff/internal/store"
)

// NoticeKey is a key that a project signs its notices with, as it is published.
type NoticeKey = casework.NoticeKey

// CheckedNotice is what can be said of a text that claims to be a notice.
type CheckedNotice = casework.Checked

// Genuineness is the answer in one word.
type Genuineness = casework.Genuineness

// What a text is.
const (
	Genuine  = casework.Genuine
	Altered  = casework.Altered
	Foreign  = casework.Foreign
	Unsigned = casework.Unsigned
)

// CheckNotice says whether a text was signed by one of the keys, from these alone.
func CheckNotice(given []byte, keys []NoticeKey) CheckedNotice {
	return casework.CheckNotice(given, keys)
}

// ReadNoticeKeys reads the file of keys that a project publishes.
func ReadNoticeKeys(text string) ([]NoticeKey, error) { return casework.ReadNoticeKeys(text) }

// RenewNoticeKey gives a project a new key for its notices, beside a server that may run, and says its fingerprint.
func RenewNoticeKey(ctx context.Context, cfg Config, project string) (fingerprint string, err error) {
	err = offline(ctx, cfg, func(s *store.Store) error {
		key, err := s.RenewNoticeKey(ctx, cvd.ProjectID(project))
		if err != nil {
			return err
		}
		fingerprint, err = seal.Fingerprint(key.OpenPGP)
		return err
	})
	return fingerprint, err
}
