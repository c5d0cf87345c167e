package auth

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/seal"
	"github.com/tipstaff/tipstaff/internal/store"
)

// feedPrefix tells the secret of a calendar's address from every other: it opens a calendar and nothing else.
const feedPrefix = "tsc_"

// TakeFeed makes an address at which somebody's calendar can be followed; the one that they had leads nowhere from then on. It is
// shown once, and of it only a hash is kept. Code is the code of whoever is not on the roster; their
// case may have gone into another project than the one that they ask in.
func (a *Auth) TakeFeed(ctx context.Context, project cvd.ProjectID, who cvd.Actor, code string) (token string, err error) {
	f, err := a.feedOf(project, who, code)
	if err != nil {
		return "", err
	}
	secret, err := seal.NewToken(a.Rand)
	if err != nil {
		return "", fmt.Errorf("draw the address of a calendar: %w", err)
	}
	token = feedPrefix + strings.TrimPrefix(secret, "tst_")
	had, err := a.Store.FeedOf(ctx, f.Project, f.Owner)
	if err != nil && cvd.KindOf(err) != cvd.NotFound {
		return "", err
	}
	f.ID, f.Hash, f.Given = token[4:4+tokenName], seal.HashToken(token), had.Given
	return token, a.Store.PutFeed(ctx, f)
}

// HasFeed says whether somebody follows their calendar.
func (a *Auth) HasFeed(ctx context.Context, project cvd.ProjectID, who cvd.Actor, code string) (bool, error) {
	f, err := a.feedOf(project, who, code)
	if err != nil {
		return false, err
	}
	_, err = a.Store.FeedOf(ctx, f.Project, f.Owner)
	if cvd.KindOf(err) == cvd.NotFound {
		return false, nil
	}
	return err == nil, err
}

// EndFeed makes the address of somebody's calendar lead nowhere.
func (a *Auth) EndFeed(ctx context.Context, project cvd.ProjectID, who cvd.Actor, code string) error {
	f, err := a.feedOf(project, who, code)
	if err != nil {
		return err
	}
	return a.Store.RemoveFeed(ctx, f.Project, f.Owner)
}

// Feed is who follows the calendar at an address, as they stand now, and its public id. An address that never was, one that was given
// up, and one whose reader has left are the same answer.
func (a *Auth) Feed(ctx context.Context, project cvd.ProjectID, token string) (who cvd.Actor, id string, err error) {
	none := cvd.Errorf(cvd.NotFound, "there is no such page, or it is not open to you")
	if len(token) < 4+tokenName || !strings.HasPrefix(token, feedPrefix) {
		return who, "", none
	}
	f, err := a.Store.Feed(ctx, project, token[4:4+tokenName])
	if err != nil && cvd.KindOf(err) != cvd.NotFound {
		return who, "", err
	}
	if !seal.SameSecret(seal.HashToken(token), f.Hash) {
		return who, "", none
	}
	if f.Whose.Handle == "" {
		who, err = a.Held(ctx, project, f.Whose.Case, f.Whose.Code)
	} else {
		var p cvd.Person
		if p, _, err = a.Store.Person(ctx, project, f.Whose.Handle); err == nil && !p.Active {
			err = none
		}
		who = a.member(project, p)
	}
	if cvd.KindOf(err) == cvd.NotFound {
		err = none
	}
	return who, f.ID, err
}

// feedOf is whose calendar it is. Somebody who holds a code keeps it when their case goes into another one, as they keep the code.
func (a *Auth) feedOf(project cvd.ProjectID, who cvd.Actor, code string) (store.Feed, error) {
	switch who.Standing {
	case cvd.Member:
		return store.Feed{Project: project, Owner: "person " + string(who.ID), Whose: store.Whose{Handle: who.ID}}, nil
	case cvd.Finder, cvd.Guest:
		id, secret, err := splitCode(code)
		if err != nil {
			return store.Feed{}, err
		}
		hash := seal.HashSecret(string(project), string(id), secret)
		owner := "code " + hex.EncodeToString(seal.HashToken(string(hash)))
		return store.Feed{Project: project, Owner: owner, Whose: store.Whose{Case: id, Code: hash}}, nil
	}
	return store.Feed{}, cvd.Errorf(cvd.Refused, "a calendar is for who takes part")
}
