package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/internal/app"
)

// A project whose document stands on its foundation's, which stands on the gallery's: what is in force stays when the
// foundation's file changes or goes, and becomes another version only when somebody puts it.
func TestWhatADocumentStandsOnIsKeptWithIt(t *testing.T) {
	for name, postgres := range map[string]bool{"SQLite": false, "PostgreSQL": true} {
		t.Run(name, func(t *testing.T) { keptWithIt(t, postgres) })
	}
}

const (
	foundationText = "policy: foundation\nextends: default\nclocks: [{name: response, within: 24h}]\ninherit: [{clause: clocks.response, may: lower}]\n"
	lanternText    = `policy: lantern
title: Lantern
prefix: LAN
summary: Tell us first.
extends: foundation
contacts: {alarm: [ada]}
products: [{name: lantern, title: Lantern, lines: [{name: "1", versions: ">= 1.0", eligible: true}]}]
`
)

func keptWithIt(t *testing.T, postgres bool) {
	dir := t.TempDir()
	document, foundation := filepath.Join(dir, "lantern.yaml"), filepath.Join(dir, "foundation.yaml")
	if err := os.WriteFile(foundation, []byte(foundationText), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := elsewhere(t, postgres)
	if _, err := app.Init(t.Context(), cfg, app.InitOptions{Policy: []byte(lanternText), File: document, Admin: "ada", Name: "Ada"}); err != nil {
		t.Fatal(err)
	}
	put := func(text string) (app.PolicySet, error) {
		return app.SetPolicy(t.Context(), cfg, document, []byte(text))
	}
	if set, err := put(lanternText); err != nil || !set.Same {
		t.Errorf("the same document: got %+v %v, want that it is the one in force", set, err)
	}

	_, err := put(lanternText + "clocks: [{name: response, within: 72h}]\n")
	if err == nil || !strings.Contains(err.Error(), "lantern.yaml:8:35: clocks.response.within: this is raised from 24h to 72h, and foundation.yaml:4 ") {
		t.Errorf("a project that loosens what its foundation fixed: got %v", err)
	}
	_, err = app.SetPolicy(t.Context(), cfg, filepath.Join(dir, "law.yaml"), []byte("overlay: law\nstalled: 3d\n"))
	if err == nil || !strings.Contains(err.Error(), "is an overlay") {
		t.Errorf("an overlay alone: got %v", err)
	}

	if err := os.WriteFile(foundation, []byte(strings.Replace(foundationText, "24h", "12h", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := promised(t, cfg); got != "24 hours" {
		t.Errorf("the foundation changed its file, and %q is in force, want 24 hours", got)
	}
	if set, err := put(lanternText); err != nil || set.Same || set.Version != 2 {
		t.Errorf("the document over the foundation as it is now: got %+v %v, want version 2", set, err)
	}
	if err := os.Remove(foundation); err != nil {
		t.Fatal(err)
	}
	if got := promised(t, cfg); got != "12 hours" {
		t.Errorf("the foundation's file is gone, and %q is in force, want 12 hours", got)
	}
}

// promised is within what time the policy in force answers.
func promised(t *testing.T, cfg app.Config) string {
	t.Helper()
	a := reopen(t, cfg, app.NewClock(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)), nil)
	defer func() { _ = a.Close(t.Context()) }() // nothing was written
	p, err := a.Casework.PolicyOf("lantern")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range p.Document.Clocks {
		if c.Name == "response" {
			return c.Within.All.Words()
		}
	}
	return ""
}

// Documents beside come before the gallery's, and what comes from no file finds the gallery alone.
func TestDocumentsBesideComeBeforeTheGallerys(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "default.yaml"), []byte("ours"), 0o600); err != nil {
		t.Fatal(err)
	}
	beside := app.Beside(filepath.Join(dir, "lantern.yaml"))
	if text, err := beside("default.yaml"); err != nil || string(text) != "ours" {
		t.Errorf("got %q %v, want the file of the folder", text, err)
	}
	gallery, _ := app.Template("juno")
	for name, files := range map[string]func(string) ([]byte, error){"beside": beside, "from no file": app.Beside("-")} {
		text, err := files("juno.yaml")
		if diff := cmp.Diff(string(gallery), string(text)); err != nil || diff != "" {
			t.Errorf("%s: got %v, and another text than the gallery's:\n%s", name, err, diff)
		}
		if _, err := files("nothing.yaml"); err == nil {
			t.Errorf("%s: there is a file nothing.yaml", name)
		}
	}
}
