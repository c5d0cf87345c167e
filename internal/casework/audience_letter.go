package casework

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/store"
)

// What a letter to a member of an audience is, the middle part of its job's name: MEMBER.WHAT.STAMP.
const (
	askedToProve = "prove"    // the address is theirs, and they want to be written to
	askedToRenew = "renew"    // they still want it
	saidKnown    = "known"    // somebody applied with their address, which is known already
	saidWelcome  = "welcome"  // they are in
	saidDeclined = "declined" // they are not
)

// What a link in a letter does, its first part.
const (
	linkProve = "prove"
	linkRenew = "renew"
	linkLeave = "leave"
	linkCase  = "case" // answers whether to be told of one case
)

// memberLetter is a letter to a member, which waits. Its stamp keeps two that are meant apart, and folds two that are one.
func (w *Casework) memberLetter(project cvd.ProjectID, m cvd.Addressee, what string, stamp int64) cvd.Delivery {
	return cvd.Delivery{Project: project, Job: m.ID + "." + what + "." + strconv.FormatInt(stamp, 10), Event: cvd.EventID(m.ID), Channel: "mail", State: cvd.Waiting, At: w.Now()}
}

// memberLink is the address that does something for one member and no other: whoever has it holds their letter.
func (w *Casework) memberLink(project cvd.ProjectID, m cvd.Addressee, does, about string) string {
	return w.base + "/p/" + string(project) + "/list/" + does + "." + m.ID + "." + about + "." + linkMAC(project, m, does, about)
}

func linkMAC(project cvd.ProjectID, m cvd.Addressee, does, about string) string {
	mac := hmac.New(sha256.New, m.Secret)
	fmt.Fprintf(mac, "%s\n%s\n%s\n%s", project, m.ID, does, about)
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)[:20]))
}

// LeaveLink is where a member takes themselves off the list.
func (w *Casework) LeaveLink(project cvd.ProjectID, m cvd.Addressee) string {
	return w.memberLink(project, m, linkLeave, "0")
}

// ChoiceLink is where a member says whether they want to be told of a case.
func (w *Casework) ChoiceLink(project cvd.ProjectID, m cvd.Addressee, about cvd.CaseID) string {
	return w.memberLink(project, m, linkCase, string(about))
}

// toAddressee writes a letter of the register. Whoever was forgotten meanwhile has no address any more.
func (w *Casework) toAddressee(ctx context.Context, out *Outgoing) error {
	d := out.Delivery
	parts := strings.SplitN(d.Job, ".", 3)
	m, err := w.addressee(ctx, d.Project, parts[0])
	if cvd.KindOf(err) == cvd.NotFound {
		return nil
	}
	p, ofProject := w.project(d.Project)
	if err := first(err, ofProject); err != nil {
		return err
	}
	title := p.inForce().Document.Title
	list := audienceTitle(p, m.Audience)
	l := &out.Letter
	l.To = m.Mail()
	switch what, stamp := parts[1], parts[2]; what {
	case askedToProve:
		l.Subject = "Please confirm your address to " + title
		l.Text = "Somebody, probably you, asked " + title + " to write to this address as a member of the list “" + list + "”.\n\n" +
			"If it was you, confirm it here within a week:\n" + w.memberLink(d.Project, m.Addressee, linkProve, stamp) + "\n\n" +
			"If it was not, do nothing: nobody writes to you again, and your address is forgotten.\n"
	case askedToRenew:
		l.Leave = w.LeaveLink(d.Project, m.Addressee)
		l.Subject = "Do you still want to hear from " + title + "?"
		l.Text = "You are on the list “" + list + "” of " + title + ". Its members say from time to time that the address is still right.\n\n" +
			"Stay on it with one click:\n" + w.memberLink(d.Project, m.Addressee, linkRenew, stamp) + "\n\nWithout an answer you are told nothing any more. Leave it now:\n" + l.Leave + "\n"
	case saidKnown:
		l.Leave = w.LeaveLink(d.Project, m.Addressee)
		l.Subject = "Your address and " + title
		l.Text = "Somebody asked " + title + " to add this address to the list “" + list + "”. It is known there already, so nothing has changed.\n\nLeave it:\n" + l.Leave + "\n"
	case saidWelcome:
		l.Leave = w.LeaveLink(d.Project, m.Addressee)
		l.Subject = "You are on a list of " + title
		l.Text = "You are on the list “" + list + "” of " + title + " now, and are told what goes to it.\n\nLeave it at any time:\n" + l.Leave + "\n"
	case saidDeclined:
		l.Subject = "Your application to " + title
		l.Text = "Your application for the list “" + list + "” of " + title + " was not accepted.\n\nWhy: " + m.Decided.Because + "\n"
	default:
		return fmt.Errorf("letter %s is of no known kind", d.Job)
	}
	return nil
}

// audienceTitle is what people call an audience.
func audienceTitle(p *project, name string) string {
	for _, a := range p.inForce().Document.Audiences {
		if a.Name == name {
			return a.Title
		}
	}
	return name
}

// Link is what the link of a letter does, and for whom.
type Link struct {
	Does     string // prove, renew, leave, case
	Member   cvd.Addressee
	Audience string // its title
	Case     cvd.CaseID
	stamp    string
}

// Link reads the link of a letter. Whatever is wrong with it, the answer is the same.
func (w *Casework) Link(ctx context.Context, project cvd.ProjectID, token string) (Link, error) {
	nothing := cvd.Errorf(cvd.NotFound, "this link leads nowhere: it may be older than what it was about, or cut off at its end")
	p, err := w.project(project)
	if err != nil {
		return Link{}, err
	}
	parts := strings.Split(token, ".")
	if len(parts) != 4 || !slices.Contains([]string{linkProve, linkRenew, linkLeave, linkCase}, parts[0]) {
		return Link{}, nothing
	}
	m, err := w.addressee(ctx, project, parts[1])
	if err != nil && cvd.KindOf(err) != cvd.NotFound {
		return Link{}, err
	}
	if err != nil || !hmac.Equal([]byte(linkMAC(project, m.Addressee, parts[0], parts[2])), []byte(parts[3])) {
		return Link{}, nothing
	}
	l := Link{Does: parts[0], Member: m.Addressee, Audience: audienceTitle(p, m.Audience), stamp: parts[2]}
	if l.Does == linkCase {
		l.Case = cvd.CaseID(parts[2])
	}
	if !l.serves() {
		return Link{}, nothing
	}
	return l, nil
}

// serves says whether the link still means something: a proof is asked for once, and who left is gone.
func (l Link) serves() bool {
	switch s := l.Member.State; l.Does {
	case linkProve:
		return s == cvd.MemberApplied || s == cvd.MemberVouched || s == cvd.MemberActive
	case linkRenew:
		return s == cvd.MemberActive || s == cvd.MemberLapsed || s == cvd.MemberBounced
	case linkCase:
		return s == cvd.MemberActive
	}
	return true
}

// FollowLink does what a link of a letter is for; says is yes or no where it asks. To do it twice is to do it once.
func (w *Casework) FollowLink(ctx context.Context, project cvd.ProjectID, token, says string) (Link, error) {
	l, err := w.Link(ctx, project, token)
	if err != nil {
		return Link{}, err
	}
	if l.Does == linkCase {
		return l, w.choose(ctx, project, l.Member.ID, l.Case, says)
	}
	p, err := w.project(project)
	if err != nil {
		return Link{}, err
	}
	now, letters := w.Now(), []cvd.Delivery(nil)
	open := slices.ContainsFunc(p.inForce().Document.Audiences, func(a Audience) bool { return a.Name == l.Member.Audience && a.Open })
	if l.Does == linkProve && open && l.Member.State == cvd.MemberApplied {
		letters = append(letters, w.memberLetter(project, l.Member, saidWelcome, l.Member.AppliedAt.Unix()))
	}
	who := cvd.Actor{Project: project, ID: "member"}
	err = w.changeMember(ctx, who, l.Member.ID, func(m *cvd.Addressee) error {
		switch l.Does {
		case linkProve:
			if !m.ProvedAt.IsZero() {
				return nil
			}
			m.ProvedAt, m.Consent.At = now, now
			m.Works(now)
			if open && m.State == cvd.MemberApplied {
				m.State, m.SinceAt, m.RenewedAt = cvd.MemberActive, now, now
			}
		case linkRenew:
			m.State, m.RenewedAt, m.BouncedAt = cvd.MemberActive, now, time.Time{}
			if m.Consent.At.IsZero() {
				m.Consent = cvd.Consent{At: now, How: "letter", Policy: p.Policy}
			}
			m.Works(now)
		case linkLeave:
			if m.State != cvd.MemberLeft {
				m.State, m.LeftAt = cvd.MemberLeft, now
			}
		}
		l.Member = *m
		return nil
	}, letters...)
	return l, err
}

// choose keeps whether a member wants to be told of a case.
func (w *Casework) choose(ctx context.Context, project cvd.ProjectID, member string, about cvd.CaseID, says string) error {
	if err := oneOf("/says", says, "yes", "no"); err != nil {
		return err
	}
	id := string(about) + "." + member
	r, err := w.store.Record(ctx, project, choiceRecord, id)
	if err != nil && cvd.KindOf(err) != cvd.NotFound {
		return err
	}
	return w.store.PutRecords(ctx, project, []store.Record{{Kind: choiceRecord, ID: id, Rev: r.Rev, By: "member", Body: fmt.Appendf(nil, `{"Says":%q}`, says)}})
}
