package casework_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/seal"
	"github.com/tipstaff/tipstaff/internal/store"
	"github.com/tipstaff/tipstaff/policies"
)

// solo is a project with a public track and severities; its community sees what is public.
const solo cvd.ProjectID = "solo-miner-monitor"

// desk is casework on a database of its own, with the clock in the test's hand.
type desk struct {
	*casework.Casework
	t      testing.TB
	config store.Config
	store  *store.Store
	now    time.Time
	cases  []cvd.CaseID // in which things happen at random
}

// onBoth runs a story on SQLite and on PostgreSQL.
func onBoth(t *testing.T, story func(t *testing.T, d *desk)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { story(t, newDesk(t, "")) })
	t.Run("postgres", func(t *testing.T) { story(t, newDesk(t, apptest.Postgres(t))) })
}

func newDesk(t testing.TB, dsn string) *desk {
	t.Helper()
	identity, err := seal.GenerateIdentity()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	d.config = store.Config{DSN: dsn, Identity: identity, Recipients: seal.Recipients{identity.Recipient()}, Now: func() time.Time { return d.now }}
	if dsn == "" {
		d.config.File = filepath.Join(t.TempDir(), "tipstaff.db")
	}
	d.store = d.open()
	text, err := fs.ReadFile(policies.Files, string(solo)+".yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := policy.Read("solo.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	err = d.store.CreateProject(ctx, store.Project{ID: solo, Prefix: doc.Document.Prefix, Name: doc.Document.Title}, text)
	for handle, role := range map[cvd.ActorID]string{"mara": "maintainer", "milo": "maintainer", "vera": "validator"} {
		p := cvd.Person{Handle: handle, Name: string(handle), Roles: []string{role}, Active: true}
		err = errors.Join(err, d.store.PutPerson(ctx, solo, p, ""))
	}
	if err != nil {
		t.Fatal(err)
	}
	d.Casework = d.start(d.store)
	return d
}

// open opens the database, as another process would.
func (d *desk) open() *store.Store {
	d.t.Helper()
	s, err := store.Open(context.Background(), d.config)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = s.Close() })
	return s
}

// start is a program that was started just now, and has read nothing yet.
func (d *desk) start(s *store.Store) *casework.Casework {
	d.t.Helper()
	w, err := casework.New(context.Background(), casework.Config{Store: s, Now: func() time.Time { return d.now }, Base: "https://security.example.org"})
	if err != nil {
		d.t.Fatal(err)
	}
	return w
}

// who is somebody of the roster: mara and milo see all, vera what is public.
func (d *desk) who(handle cvd.ActorID) cvd.Actor {
	d.t.Helper()
	p, ok := d.Person(solo, handle)
	if !ok {
		d.t.Fatalf("there is no %s", handle)
	}
	return cvd.Actor{Project: solo, ID: handle, Name: p.Name, Standing: cvd.Member, Roles: p.Roles, Can: d.Can(solo, p.Roles)}
}

// report takes a report in, and moves the clock on by a minute.
func (d *desk) report(title, description string) cvd.CaseID {
	d.t.Helper()
	a, err := d.Receive(context.Background(), solo, "form", cvd.Report{Kind: "issue", Title: title, Description: description, Severity: "High"}, nil, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	d.now = d.now.Add(time.Minute)
	return a.Case
}

// take takes a step.
func take[T any](d *desk, step func(context.Context, cvd.Actor, casework.About, T) (cvd.View, error), who cvd.ActorID, id cvd.CaseID, in T) {
	d.t.Helper()
	if _, err := step(context.Background(), d.who(who), casework.About{Case: id}, in); err != nil {
		d.t.Fatalf("%s: %v", id, err)
	}
	d.now = d.now.Add(time.Minute)
}

// triage decides about a case; what is sensitive stays on the private track.
func (d *desk) triage(id cvd.CaseID, class string, sensitive bool) {
	d.t.Helper()
	v, err := d.Case(context.Background(), d.who("mara"), id)
	if err != nil {
		d.t.Fatal(err)
	}
	if v.Headline == "received" {
		take(d, d.Acknowledge, "mara", id, cvd.Acknowledged{})
	}
	take(d, d.Triage, "mara", id, cvd.Triaged{Sensitive: &sensitive, Class: class, Because: "As judged.", Impact: "Some."})
}

// inbox is the page for a query.
func (d *desk) inbox(who cvd.ActorID, q casework.Query) casework.Inbox {
	d.t.Helper()
	in, err := d.Inbox(context.Background(), d.who(who), q)
	if err != nil {
		d.t.Fatal(err)
	}
	return in
}

// wants says which cases a query must find, in order.
func (d *desk) wants(who cvd.ActorID, q casework.Query, want ...cvd.CaseID) {
	d.t.Helper()
	in := d.inbox(who, q)
	if got := idsOf(in.Rows); !slices.Equal(got, want) {
		d.t.Errorf("%s asks %+v: got %v, want %v", who, q, got, want)
	}
	if in.Found != len(want) {
		d.t.Errorf("%s asks %+v: says that %d were found, want %d", who, q, in.Found, len(want))
	}
}

func idsOf(rows []casework.Row) []cvd.CaseID {
	var ids []cvd.CaseID
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	return ids
}

// fill takes in many reports.
func (d *desk) fill(n int) []cvd.CaseID {
	d.t.Helper()
	var ids []cvd.CaseID
	for i := range n {
		ids = append(ids, d.report(fmt.Sprintf("Report %d", i), "The parser reads too far."))
	}
	return ids
}
