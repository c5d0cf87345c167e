package app_test

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/policies"
)

// keeping is a policy that erases what was found to be nothing after 30 days.
func keeping(t *testing.T) map[string]string {
	t.Helper()
	juno, err := fs.ReadFile(policies.Files, "juno.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"juno": string(juno) + "\nretention:\n  - {name: noise, after: 30d, outcomes: [invalid]}\n"}
}

// The policy says for how long a case is kept. When the time is over the team is reminded, a person erases it, and what is
// left is one line for the team and nothing for everybody else.
func TestACaseIsErasedWhenItsTimeIsOver(t *testing.T) {
	for engine, opts := range map[string]apptest.Options{"SQLite": {}, "PostgreSQL": {Postgres: true}} {
		t.Run(engine, func(t *testing.T) {
			opts.Policies = keeping(t)
			p := apptest.New(t, opts)
			ctx := t.Context()
			gone := submit(t, p, "The okapi report", casework.File{Name: "poc.txt", Body: []byte("okapi in a file")})
			stays := submit(t, p, "The quagga report")
			p.Settle()
			receipt, err := p.Casework.ReceiptOf(ctx, holder(t, p, gone), gone.Case)
			if err != nil {
				t.Fatal(err)
			}
			jake := api.Client{Server: p.URL, Token: p.Token("juno", "jake")}
			step := func(step string, in any) error {
				_, err := jake.Step(ctx, "juno", gone.Case, step, 0, in)
				return err
			}
			for _, err := range []error{step("acknowledge", cvd.Acknowledged{}), step("invalidate", cvd.Invalidated{Reason: "out_of_scope", Evidence: "No okapi here."}),
				step("close", cvd.Ended{Outcome: "invalid"})} {
				if err != nil {
					t.Fatal(err)
				}
			}
			p.Wait(29 * 24 * time.Hour)
			if err := step("erase", cvd.Erased{Why: "retention"}); err == nil || !strings.Contains(err.Error(), "the case is kept for 30 days after its close, until Wed 2026-04-01 09:00 UTC") {
				t.Errorf("a day early: %v", err)
			}
			p.Wait(25 * time.Hour)
			if n := reminders(t, p, gone.Case); n != 1 {
				t.Errorf("the team was reminded %d times of the erasure, want once", n)
			}
			if found := search(t, p, "okapi"); len(found) != 1 {
				t.Fatalf("before, a search for okapi finds %v", found)
			}
			if err := step("erase", cvd.Erased{Why: "retention"}); err != nil {
				t.Fatal(err)
			}
			p.Settle()

			left, err := jake.Case(ctx, "juno", gone.Case)
			if err != nil {
				t.Fatal(err)
			}
			want := api.Erasure{At: p.Clock.Now(), By: "jake", Name: left.Erased.Name, Why: "retention", ClosedAt: apptest.Start, Events: 5, Files: 1}
			if diff := cmp.Diff(want, *left.Erased); diff != "" {
				t.Errorf("%s (-want +got):\n%s", "what is left", diff)
			}
			rest := left
			rest.Erased, rest.OpenedAt, rest.ChangedAt = nil, time.Time{}, time.Time{}
			if diff := cmp.Diff(api.Case{Project: "juno", Case: gone.Case, Rev: 6, Policy: 1, Title: "Erased", State: "erased", Management: cvd.Closed, CaseState: "vfdpxa"}, rest); diff != "" {
				t.Errorf("%s (-want +got):\n%s", "all else", diff)
			}
			if found := search(t, p, "okapi"); len(found) != 0 {
				t.Errorf("a search for okapi finds %v", found)
			}
			if found := search(t, p, "quagga"); len(found) != 1 || found[0] != stays.Case {
				t.Errorf("a search for quagga finds %v, want %s", found, stays.Case)
			}
			unread(t, p, gone, "JUNO-0000")
			if _, err := receipt.Verify(""); err != nil {
				t.Errorf("the receipt that was taken away: %v", err)
			}
			replay(t, p.App, "juno")
			if err := p.Store.VerifyCases(ctx, "juno"); err != nil {
				t.Error(err)
			}
			if strings.Contains(p.Log.String(), "okapi") {
				t.Error("the log says okapi")
			}
		})
	}
}

// unread asks that an erased case and one that never was give the same answer to whoever is not of the team.
func unread(t *testing.T, p *apptest.Program, gone casework.Acceptance, never cvd.CaseID) {
	t.Helper()
	code := strings.TrimPrefix(gone.Code, string(gone.Case))
	for name, credential := range map[string]func(cvd.CaseID) string{
		"a stranger": func(cvd.CaseID) string { return "" }, "its reporter": func(id cvd.CaseID) string { return string(id) + code },
		"somebody of another project": func(cvd.CaseID) string { return p.Token("juno", "jake") + "x" },
	} {
		for _, path := range []string{"/api/v1/projects/juno/cases/%", "/api/v1/projects/juno/cases/%/receipt", "/p/juno/cases/%"} {
			read := func(id cvd.CaseID) string {
				r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL+strings.ReplaceAll(path, "%", string(id)), nil)
				if err != nil {
					t.Fatal(err)
				}
				if bearer := credential(id); bearer != "" {
					r.Header.Set("Authorization", "Bearer "+bearer)
				}
				return strings.ReplaceAll(fetchAs(t, r), string(id), "ID")
			}
			if got, want := read(gone.Case), read(never); got != want {
				t.Errorf("%s, %s: an erased case answers\n%s\nand an absent one\n%s", name, path, got, want)
			}
		}
	}
}

// fetchAs is an answer with its status and headers but for the instant.
func fetchAs(t *testing.T, r *http.Request) string {
	t.Helper()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	res.Header.Del("Date")
	var b strings.Builder
	if err := res.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func submit(t *testing.T, p *apptest.Program, title string, files ...casework.File) casework.Acceptance {
	t.Helper()
	a, err := p.Casework.Receive(t.Context(), "juno", "form", cvd.Report{Kind: "security", Title: title, Description: title + " in words."}, files, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func holder(t *testing.T, p *apptest.Program, a casework.Acceptance) cvd.Actor {
	t.Helper()
	who, err := p.Auth.Code(t.Context(), "juno", a.Code)
	if err != nil {
		t.Fatal(err)
	}
	return who
}

func search(t *testing.T, p *apptest.Program, word string) []cvd.CaseID {
	t.Helper()
	found, err := p.Casework.Search(t.Context(), p.Actor("juno", "jake"), word, 10)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// reminders counts how often a case's clock of erasure rang.
func reminders(t *testing.T, p *apptest.Program, id cvd.CaseID) int {
	t.Helper()
	events, err := p.Store.Events(t.Context(), "juno", id)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range events {
		if b := e.What.Breached; b != nil && b.Clock == "erase" {
			n++
		}
	}
	return n
}

// Whoever holds the disk and the installation's key afterwards finds no more: no word in any file, and no key.
func TestTheDiskHoldsNothingOfAnErasedCase(t *testing.T) {
	p := apptest.New(t, apptest.Options{Policies: keeping(t)})
	a := submit(t, p, "The okapi report", casework.File{Name: "poc.txt", Body: []byte(strings.Repeat("okapi in a file ", 1000))})
	p.Play("juno", "other", `rita reports {kind: security, title: "Another", description: "Nothing of it."}`)
	jake := p.Actor("juno", "jake")
	about := casework.About{Case: a.Case}
	if _, err := p.Casework.Invalidate(t.Context(), jake, about, cvd.Invalidated{Reason: "out_of_scope", Evidence: "No."}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Casework.Close(t.Context(), jake, about, cvd.Ended{Outcome: "invalid"}); err != nil {
		t.Fatal(err)
	}
	key, err := wrapped(t, p, a.Case)
	if err != nil || len(key) < 32 {
		t.Fatalf("the key of the case has %d bytes, %v", len(key), err)
	}
	if _, err := p.Casework.Erase(t.Context(), jake, about, cvd.Erased{Why: "request"}); err != nil {
		t.Fatal(err)
	}
	p.Settle()
	err = filepath.WalkDir(p.Data, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		if strings.Contains(string(text), string(key)) {
			t.Errorf("%s holds the key of the case", d.Name())
		}
		for form, word := range apptest.Encodings("okapi in a file") {
			if strings.Contains(string(text), string(word)) {
				t.Errorf("%s holds the word as %s", d.Name(), form)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	reports, err := app.VerifyLedger(t.Context(), p.Config)
	if err != nil || len(reports) != 1 || reports[0].Err != nil || reports[0].Erased != 3 {
		t.Errorf("the ledger: %+v, %v; want 3 events of erased cases", reports, err)
	}
}

// wrapped is the key of a case as the database holds it.
func wrapped(t *testing.T, p *apptest.Program, id cvd.CaseID) (key []byte, err error) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(p.Data, "tipstaff.db"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return key, db.QueryRowContext(t.Context(), `SELECT wrapped FROM cases WHERE id = $1`, string(id)).Scan(&key)
}
