package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Feed is a calendar that somebody follows with a calendar program: by whom, and what it gave last, so that the next reading can say
// what moved and what no longer holds.
type Feed struct {
	Project cvd.ProjectID
	ID      string // public; how it is found
	Owner   string // whose it is: one each
	Hash    []byte // of the secret in its address
	Rev     int64
	Whose   Whose
	Given   []Given
}

// Whose says who reads a feed: somebody of the roster, or whoever holds a code of a case.
type Whose struct {
	Handle cvd.ActorID `json:"handle,omitempty"`
	Case   cvd.CaseID  `json:"case,omitempty"` // as the code names it
	Code   []byte      `json:"code,omitempty"` // hash of the code's secret
}

// Given is one event of a feed as it was given last.
type Given struct {
	UID       string     `json:"uid"`
	Case      cvd.CaseID `json:"case"`
	Key       string     `json:"key"` // what it is within the case
	Says      string     `json:"says"`
	At        time.Time  `json:"at"`
	Changed   time.Time  `json:"changed"`
	Sequence  int        `json:"sequence"`
	Cancelled bool       `json:"cancelled,omitempty"`
	Tier      cvd.Tier   `json:"tier"` // how near its reader stood
}

// kept is what is sealed of a feed.
type kept struct {
	Whose Whose   `json:"whose"`
	Given []Given `json:"given,omitempty"`
}

func (p *project) sealFeed(f Feed) ([]byte, error) {
	plain, err := json.Marshal(kept{f.Whose, f.Given})
	if err != nil {
		return nil, err
	}
	return p.content.Seal(plain, string(f.Project), "feed", f.ID), nil
}

const putFeed = `INSERT INTO feeds (project, owner, id, hash, rev, sealed) VALUES ($1, $2, $3, $4, 1, $5)
	ON CONFLICT (project, owner) DO UPDATE SET id = excluded.id, hash = excluded.hash, rev = feeds.rev + 1, sealed = excluded.sealed`

// PutFeed keeps somebody's feed in place of the one that they had, whose address leads nowhere from then on.
func (s *Store) PutFeed(ctx context.Context, f Feed) error {
	p, err := s.open(ctx, f.Project)
	if err != nil {
		return err
	}
	sealed, err := p.sealFeed(f)
	if err == nil {
		_, err = s.write.ExecContext(ctx, putFeed, string(f.Project), f.Owner, f.ID, f.Hash, sealed)
	}
	return s.wrap(err, "keep a calendar of project %s", f.Project)
}

const keepFeed = `UPDATE feeds SET rev = rev + 1, sealed = $4 WHERE project = $1 AND id = $2 AND rev = $3`

// KeepFeed keeps what a feed gave, unless somebody was faster or it is gone: then the next reading tells.
func (s *Store) KeepFeed(ctx context.Context, f Feed) error {
	p, err := s.open(ctx, f.Project)
	if err != nil {
		return err
	}
	sealed, err := p.sealFeed(f)
	if err == nil {
		_, err = s.write.ExecContext(ctx, keepFeed, string(f.Project), f.ID, f.Rev, sealed)
	}
	return s.wrap(err, "keep a calendar of project %s", f.Project)
}

const (
	feedColumns = `SELECT project, owner, id, hash, rev, sealed FROM feeds WHERE project = $1`
	readFeed    = feedColumns + ` AND id = $2`
	ownFeed     = feedColumns + ` AND owner = $2`
)

func (p *project) scanFeed(scan func(...any) error) (f Feed, err error) {
	var sealed []byte
	if err := scan(&f.Project, &f.Owner, &f.ID, &f.Hash, &f.Rev, &sealed); err != nil {
		return f, err
	}
	plain, err := p.content.Open(sealed, string(f.Project), "feed", f.ID)
	if err != nil {
		return f, err
	}
	var k kept
	err = json.Unmarshal(plain, &k)
	f.Whose, f.Given = k.Whose, k.Given
	return f, err
}

// Feed finds a feed by its public id. Whether the secret fits, auth decides.
func (s *Store) Feed(ctx context.Context, id cvd.ProjectID, feed string) (Feed, error) {
	return s.feed(ctx, readFeed, id, feed)
}

// FeedOf finds somebody's feed.
func (s *Store) FeedOf(ctx context.Context, id cvd.ProjectID, owner string) (Feed, error) {
	return s.feed(ctx, ownFeed, id, owner)
}

func (s *Store) feed(ctx context.Context, statement string, id cvd.ProjectID, by string) (Feed, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return Feed{}, err
	}
	f, err := p.scanFeed(s.read.QueryRowContext(ctx, statement, string(id), by).Scan)
	return f, s.wrap(exists(err, "there is no such calendar"), "find a calendar of project %s", id)
}

const removeFeed = `DELETE FROM feeds WHERE project = $1 AND owner = $2`

// RemoveFeed makes the address of somebody's feed lead nowhere. That there was none is no error.
func (s *Store) RemoveFeed(ctx context.Context, id cvd.ProjectID, owner string) error {
	_, err := s.write.ExecContext(ctx, removeFeed, string(id), owner)
	return s.wrap(err, "remove a calendar of project %s", id)
}
