package app_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// forgeOf answers for addresses as a test says, and counts how often each was asked.
type forgeOf struct {
	mu    sync.Mutex
	seen  map[string]string
	asked map[string]int
}

func (f *forgeOf) look(_ context.Context, address string) (seen, how string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked[address]++
	return f.seen[address], "404"
}

func (f *forgeOf) becomes(address, seen string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen[address] = seen
}

func (f *forgeOf) times(address string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked[address]
}

const patchPlace = "https://git.example.org/private/28"

const upToPatches = `
jake acknowledge {}
jake validate {evidence: "seen"}
jake triage {sensitive: true, impact: "Funds."}
jake prioritise {priority: at once, because: "Funds."}
jake remedy {product: juno, line: "27", status: not_affected, because: "It has no such counter."}
jake remedy {product: juno, line: "28", status: patched, affected: ">= 28.0.0, < 28.0.1", patches: [{url: "` + patchPlace + `", sha256: abababababababababababababababababababababababababababababababab, private: true}]}
`

// J-32: that a place is private is looked up and not believed: at once, every day, and each time a publication is set. One that is
// public raises the alarm once, and nothing is released while it is.
func TestThePlaceOfAPrivatePatchIsLookedAt(t *testing.T) {
	forge := &forgeOf{seen: map[string]string{patchPlace: cvd.SeenPrivate}, asked: map[string]int{}}
	post := &letterbox{}
	p := apptest.New(t, apptest.Options{Places: forge.look, Post: post.take})
	p.Play("juno", "x", `rita reports {kind: security, title: "Counter", description: "Counted twice."}`)
	p.Play("juno", "x", upToPatches)
	p.Settle()
	place := func() cvd.Patch {
		t.Helper()
		v, err := p.Casework.Case(t.Context(), jakeOf(t, p), p.Journey.Cases["x"])
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range v.Lines {
			if len(l.Patches) > 0 {
				return l.Patches[0]
			}
		}
		return cvd.Patch{}
	}
	if got := place(); got.Seen != cvd.SeenPrivate || got.SeenAt.IsZero() || forge.times(patchPlace) != 1 {
		t.Fatalf("after the patch was named: %+v, asked %d times", got, forge.times(patchPlace))
	}
	p.Wait(25 * time.Hour)
	if got := forge.times(patchPlace); got != 2 {
		t.Errorf("after a day it was asked for %d times, want 2", got)
	}
	forge.becomes(patchPlace, cvd.SeenPublic)
	before := post.count("cannot wait")
	p.Wait(24 * time.Hour)
	if got := place(); got.Seen != cvd.SeenPublic || got.Hidden() {
		t.Fatalf("what became public is seen as %+v", got)
	}
	alarms := post.count("cannot wait") - before
	p.Wait(3 * time.Hour)
	if again := post.count("cannot wait") - before; alarms == 0 || again != alarms {
		t.Errorf("%d letters of alarm, and %d after it was seen again; want some, once", alarms, again)
	}
	v, err := p.Casework.Case(t.Context(), jakeOf(t, p), p.Journey.Cases["x"])
	if err != nil {
		t.Fatal(err)
	}
	refused := false
	for _, o := range v.Steps {
		for _, x := range o.Blocked {
			refused = refused || o.Step == "release" && strings.Contains(x.Says, "lies in public")
		}
	}
	if !refused {
		t.Errorf("a release is not refused while a patch lies in public: %+v", v.Steps)
	}
	forge.becomes(patchPlace, cvd.SeenUnknown)
	p.Wait(2 * time.Hour)
	if got := place(); got.Seen != cvd.SeenUnknown {
		t.Errorf("what does not answer is seen as %q, want unknown", got.Seen)
	}
}

func jakeOf(t *testing.T, p *apptest.Program) cvd.Actor {
	t.Helper()
	jake, ok := p.Casework.Person("juno", "jake")
	if !ok {
		t.Fatal("there is no jake")
	}
	return cvd.Actor{Project: "juno", ID: "jake", Name: jake.Name, Standing: cvd.Member, Roles: jake.Roles, Can: p.Casework.Can("juno", jake.Roles)}
}

// J-32: a patch is read by those whom it names and by nobody else, whatever their role, and each reading is kept.
func TestAPatchIsReadByThoseWhomItNames(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	p.Play("juno", "x", `rita reports {kind: security, title: "Counter", description: "The quokka is counted twice."}`)
	p.Play("juno", "x", upToPatches)
	id, jake := p.Journey.Cases["x"], jakeOf(t, p)
	dimi := jake
	dimi.ID, dimi.Name = "dimi", "Dimi"
	text := []byte("From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001\nFrom: Jake <jake@example.org>\nSubject: [PATCH] Do not count the quokka twice\n\nIt was exploitable.\n---\ndiff --git a/x.go b/x.go\n+1\n")
	v, err := p.Casework.AttachPatch(t.Context(), jake, casework.About{Case: id}, casework.Patch{Product: "juno", Line: "28", File: casework.File{Name: "fix.patch", Body: text}})
	if err != nil {
		t.Fatal(err)
	}
	patch := v.PatchFiles[0]
	var words []string
	for _, f := range patch.Findings {
		words = append(words, f.Field+" "+f.Word)
	}
	if got := strings.Join(words, ", "); !strings.Contains(got, "title quokka") || !strings.Contains(got, "message exploitable") {
		t.Errorf("the wording check found %q", got)
	}
	if _, _, err := p.Casework.FetchPatch(t.Context(), dimi, id, patch.ID); cvd.KindOf(err) != cvd.NotFound {
		t.Errorf("who is not named fetched it: %v", err)
	}
	if _, _, err := p.Casework.Attachment(t.Context(), dimi, id, patch.ID); cvd.KindOf(err) != cvd.NotFound {
		t.Errorf("who is not named fetched it by the way of attachments: %v", err)
	}
	if _, err := p.Casework.Grant(t.Context(), dimi, casework.About{Case: id}, cvd.PatchGranted{Patch: patch.ID, To: "dimi", Because: "I want to"}); cvd.KindOf(err) != cvd.Refused {
		t.Errorf("who is not named let themselves in: %v", err)
	}
	if _, err := p.Casework.Grant(t.Context(), jake, casework.About{Case: id}, cvd.PatchGranted{Patch: patch.ID, To: "dimi", Because: "review"}); err != nil {
		t.Fatal(err)
	}
	if _, body, err := p.Casework.FetchPatch(t.Context(), dimi, id, patch.ID); err != nil || string(body) != string(text) {
		t.Errorf("who is named got %q, %v", body, err)
	}
	if v, err = p.Casework.Revoke(t.Context(), jake, casework.About{Case: id}, cvd.PatchRevoked{Patch: patch.ID, From: "dimi", Because: "done"}); err != nil {
		t.Fatal(err)
	}
	if reads := v.PatchFiles[0].Reads; len(reads) != 1 || reads[0].By != "dimi" {
		t.Errorf("the readings kept are %+v, want the one of dimi", reads)
	}
	if _, _, err := p.Casework.FetchPatch(t.Context(), dimi, id, patch.ID); cvd.KindOf(err) != cvd.NotFound {
		t.Errorf("whose reading was ended fetched it again: %v", err)
	}
	if _, err := p.Casework.Revoke(t.Context(), jake, casework.About{Case: id}, cvd.PatchRevoked{Patch: patch.ID, From: "jake", Because: "x"}); cvd.KindOf(err) != cvd.Invalid {
		t.Errorf("the last reader was taken away: %v", err)
	}
}

// count is how many letters have a subject that says so.
func (p *letterbox) count(subject string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.letters {
		if strings.Contains(l.Subject, subject) {
			n++
		}
	}
	return n
}
