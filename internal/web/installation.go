package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/auth"
)

var installationPage = page("installation.html")

// Machine is what the page about the installation asks of the program around it.
type Machine struct {
	Checkup     func(context.Context, cvd.ProjectID) ([]Check, error)    // looks at the machine and at one project; nil: not done
	Unreachable func(project cvd.ProjectID, kind, channel string) string // why a letter would be held again; nil: not known
	Recovery    string                                                   // public half of the recovery key
}

// Check is one thing that was looked at: how it ended ("ok", "warning", "fault"), what was found, and the way out.
type Check struct{ Name, Grade, Says, Do string }

// installationView is what installation.html shows who may administer a project: whether all is well, what is held, who can
// come in, and with what it is sealed. It counts nothing of other projects.
type installationView struct {
	frame
	Path         string
	Done         string
	Problems     *problems
	Checks       []Check
	Faults       int
	Warnings     int
	Since, Kept  moment // when the project was restored and held, and the moment that the backup holds
	Letters      []heldLetter
	Count        int // of all letters
	Publications []heldPublication
	Policy       int64
	Findings     []finding
	People       []listedPerson
	Tokens       []token
	Keys         []sealedKey
	Verifier     string
	Head         []item // of the public log
}

type heldLetter struct {
	Job, Kind, Whom, Channel, Case, URL string
	Since                               moment
	Maybe                               bool
	Again                               string // why it would be held again
}

type heldPublication struct {
	ID, Case, URL string
	At            moment
	Past          bool
}

type finding struct {
	Says, Why, Fix, Waived string
	Clause                 clause
	Informs                bool
}

// listedPerson is one person of the roster.
type listedPerson struct {
	Handle, Name, Roles string
	Active              bool
	SignedIn            moment // when they signed in last, as far as a session that is kept tells
}

// token lets a program or a browser in.
type token struct {
	ID, Name       string
	Session, Ended bool
	Expires, Began moment
}

type sealedKey struct {
	Version    int64
	Recipients []item
}

// installation shows how the installation is, as far as it concerns one project.
func (s *server) installation(w http.ResponseWriter, r *http.Request) error {
	return s.showInstallation(w, r, nil)
}

func (s *server) showInstallation(w http.ResponseWriter, r *http.Request, e *cvd.Error) error {
	who := actorOf(r)
	f, z, err := s.atDesk(r, "installation", "Installation")
	if err != nil {
		return err
	}
	v := installationView{frame: f, Path: deskOf(who.Project) + "/installation", Done: happened[r.URL.Query().Get("done")]}
	for _, part := range []func(*server, *http.Request, cvd.Actor, zone) error{v.checks, v.held, v.policy, v.people, v.keys, v.ledger} {
		if err := part(s, r, who, z); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if e != nil {
		v.Problems, status = &problems{Heading: "Nothing was changed", Lines: []problem{{Says: upperFirst(e.Says)}}}, statuses[e.Kind].code
		retryAfter(w, e)
	}
	s.show(w, status, installationPage, v)
	return nil
}

// happened says what was done with a form of the page.
var happened = map[string]string{"released": "It was let go.", "all": "Everything was let go.", "dropped": "It was dropped, and never goes out.",
	"revoked": "It was revoked, and opens nothing any more."}

// decided does what a form of the page asks for, and shows the page again.
func (s *server) decided(w http.ResponseWriter, r *http.Request, done string, do func(cvd.Actor, url.Values) error) error {
	who := actorOf(r)
	in, err := read(r)
	if err != nil {
		return err
	}
	err = do(who, in.values)
	if e := asError(err); e != nil {
		return s.showInstallation(w, r, e)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, deskOf(who.Project)+"/installation?done="+done, http.StatusSeeOther)
	return nil
}

// letGo lets one thing go that is held.
func (s *server) letGo(w http.ResponseWriter, r *http.Request) error {
	return s.decided(w, r, "released", func(who cvd.Actor, in url.Values) error {
		return s.Casework.LetGo(r.Context(), who, in.Get("past") == yes, in.Get("name"))
	})
}

// letAllGo lets everything go that is held, and ends the hold.
func (s *server) letAllGo(w http.ResponseWriter, r *http.Request) error {
	return s.decided(w, r, "all", func(who cvd.Actor, _ url.Values) error {
		_, _, err := s.Casework.LetAllGo(r.Context(), who, false)
		return err
	})
}

// drop decides that something that is held never goes out.
func (s *server) drop(w http.ResponseWriter, r *http.Request) error {
	return s.decided(w, r, "dropped", func(who cvd.Actor, in url.Values) error {
		return s.Casework.Drop(r.Context(), who, in.Get("name"), in.Get("because"))
	})
}

// revoke makes a token or a session useless.
func (s *server) revoke(w http.ResponseWriter, r *http.Request) error {
	return s.decided(w, r, "revoked", func(who cvd.Actor, in url.Values) error {
		return s.Auth.Revoke(r.Context(), who, in.Get("token"))
	})
}

func (v *installationView) checks(s *server, r *http.Request, who cvd.Actor, _ zone) (err error) {
	if s.Machine.Checkup == nil {
		return nil
	}
	v.Checks, err = s.Machine.Checkup(r.Context(), who.Project)
	for i := range v.Checks {
		c := &v.Checks[i]
		c.Name, c.Says = upperFirst(c.Name), upperFirst(c.Says) // what to do may be a command, and stays as it is
		switch c.Grade {
		case "fault":
			v.Faults++
		case "warning":
			v.Warnings++
		}
	}
	worst := []string{"fault", "warning", "ok"}
	slices.SortStableFunc(v.Checks, func(a, b Check) int { return slices.Index(worst, a.Grade) - slices.Index(worst, b.Grade) })
	return err
}

func (v *installationView) held(s *server, r *http.Request, who cvd.Actor, z zone) error {
	h, err := s.Casework.Held(r.Context(), who)
	if err != nil {
		return err
	}
	v.Since, v.Kept, v.Count = z.at(h.Since), z.at(h.Kept), h.Count
	for _, l := range h.Letters {
		x := heldLetter{Job: l.Job, Kind: l.Kind, Whom: l.Whom, Channel: l.Channel, Case: string(l.Case), URL: casePath(who.Project, l.Case), Since: z.at(l.Since),
			Maybe: l.Maybe}
		if s.Machine.Unreachable != nil {
			x.Again = s.Machine.Unreachable(who.Project, l.Kind, l.Channel)
		}
		v.Letters = append(v.Letters, x)
	}
	for _, p := range h.Publications {
		v.Publications = append(v.Publications, heldPublication{ID: p.ID, Case: string(p.Case), URL: casePath(who.Project, p.Case), At: z.at(p.At), Past: p.Past})
	}
	return nil
}

func (v *installationView) policy(s *server, _ *http.Request, who cvd.Actor, _ zone) error {
	version, all, err := s.Casework.Findings(who)
	v.Policy = version
	for _, x := range all {
		v.Findings = append(v.Findings, finding{Clause: s.clausesOf(who.Project, version).at(x.Clause), Says: upperFirst(x.Says), Why: upperFirst(x.Why), Fix: upperFirst(x.Fix),
			Waived: strings.TrimSpace(x.Waived), Informs: x.Informs})
	}
	return err
}

func (v *installationView) people(s *server, r *http.Request, who cvd.Actor, z zone) error {
	all, err := s.Casework.People(r.Context(), who)
	if err != nil {
		return err
	}
	granted, err := s.Auth.Granted(r.Context(), who)
	if err != nil {
		return err
	}
	doc, err := s.Casework.PolicyOf(who.Project)
	if err != nil {
		return err
	}
	names, signedIn := map[cvd.ActorID]string{}, map[cvd.ActorID]time.Time{}
	for _, g := range granted {
		if g.Session && g.Began.After(signedIn[g.Handle]) {
			signedIn[g.Handle] = g.Began
		}
	}
	for _, p := range all {
		names[p.Handle] = p.Name
		v.People = append(v.People, listedPerson{Handle: string(p.Handle), Name: p.Name, Active: p.Active, Roles: roleTitles(doc, p.Roles), SignedIn: z.at(signedIn[p.Handle])})
	}
	v.tokens(granted, names, s.Now(), z)
	return nil
}

// tokens lists what lets a program or a browser in, programs first: their tokens last longer.
func (v *installationView) tokens(granted []auth.Granted, names map[cvd.ActorID]string, now time.Time, z zone) {
	for _, sessions := range []bool{false, true} {
		for _, g := range granted {
			if g.Session == sessions {
				v.Tokens = append(v.Tokens, token{ID: g.ID, Name: names[g.Handle], Session: g.Session, Expires: z.at(g.Expires), Began: z.at(g.Began),
					Ended: !g.Expires.IsZero() && !now.Before(g.Expires)})
			}
		}
	}
}

func (v *installationView) keys(s *server, r *http.Request, who cvd.Actor, _ zone) error {
	all, err := s.Casework.Keys(r.Context(), who)
	for _, k := range all {
		x := sealedKey{Version: k.Version}
		for _, to := range k.Recipients {
			label := "The installation"
			if to == s.Machine.Recovery {
				label = "The recovery key"
			}
			x.Recipients = append(x.Recipients, item{Label: label, Text: to})
		}
		v.Keys = append(v.Keys, x)
	}
	return err
}

func (v *installationView) ledger(s *server, r *http.Request, who cvd.Actor, _ zone) (err error) {
	if v.Verifier, err = s.Casework.Verifier(r.Context(), who.Project); err != nil {
		return err
	}
	head, err := s.Casework.Checkpoint(r.Context(), who.Project)
	if cvd.KindOf(err) == cvd.NotFound {
		return nil // no hour has ended yet
	}
	if lines := strings.Split(head, "\n"); err == nil && len(lines) > 2 {
		v.Head = []item{{Label: "Log", Text: lines[0]}, {Label: "Hours recorded", Text: lines[1]}, {Label: "Root", Text: lines[2]}}
	}
	return err
}
