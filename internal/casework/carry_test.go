package casework_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// talking is a sealed case with a guest, a thread with them, a claim by them, and a patch that mara and the guest may read.
func (d *desk) talking(word string, until time.Time) (id cvd.CaseID, guest string) {
	d.t.Helper()
	ctx := context.Background()
	id, _ = d.sealed(word, until)
	_, code, err := d.Invite(ctx, d.who("mara"), casework.About{Case: id}, cvd.Invitation{Name: "Guest " + word, Kind: cvd.Vendor, Roles: []string{"contributor"}})
	if err != nil {
		d.t.Fatal(err)
	}
	guest = strings.TrimPrefix(code, string(id)+"-")
	who := d.holder(id, guest)
	p, err := d.PolicyOf(solo)
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.Answer(ctx, who, casework.About{Case: id}, cvd.Answered{Accept: true, Terms: p.TermNames(), Embargo: until}); err != nil {
		d.t.Fatal(err)
	}
	take(d, d.Thread, "mara", id, cvd.Threaded{Title: "Window " + word, Parties: []cvd.ActorID{"guest:1"}})
	if _, err := d.Message(ctx, d.holder(id, guest), casework.About{Case: id}, cvd.Messaged{Thread: 1, Text: "Aside " + word}); err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.Claim(ctx, d.holder(id, guest), casework.About{Case: id}, cvd.Claimed{Fact: "public", Evidence: "Hearsay " + word}); err != nil {
		d.t.Fatal(err)
	}
	take(d, d.Validate, "mara", id, cvd.Validated{Evidence: "Seen."})
	take(d, d.Remedy, "mara", id, cvd.Remedied{Product: "monitor", Line: "0.1.x", Status: "affected", Affected: ">= 0.1.0"})
	_, err = d.AttachPatch(ctx, d.who("mara"), casework.About{Case: id}, casework.Patch{Product: "monitor", Line: "0.1.x", Readers: []cvd.ActorID{"guest:1"},
		File: casework.File{Name: word + ".patch", Body: patchOf(word)}})
	if err != nil {
		d.t.Fatal(err)
	}
	return id, guest
}

// patchOf is a patch with a word in it.
func patchOf(word string) []byte {
	return []byte("diff --git a/job.c b/job.c\n--- a/job.c\n+++ b/job.c\n@@ -1 +1 @@\n-x\n+" + word + "\n")
}

func (d *desk) holder(id cvd.CaseID, secret string) cvd.Actor {
	d.t.Helper()
	who, err := d.Holder(context.Background(), solo, id, secret)
	if err != nil {
		d.t.Fatal(err)
	}
	return who
}

// fetches says whether somebody gets the bytes of the patch with a word.
func (d *desk) fetches(who cvd.Actor, id cvd.CaseID, word string) bool {
	d.t.Helper()
	c, err := d.store.Case(context.Background(), solo, id)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, p := range c.PatchFiles {
		_, body, err := d.FetchPatch(context.Background(), who, id, p.ID)
		if err == nil && bytes.Equal(body, patchOf(word)) {
			return true
		}
	}
	return false
}

// Both guests were guest:1, and both threads were the first. Together, they are two, and each reads what was theirs.
func TestGuestsKeepTheirOwnThreadsAndPatchesWhenCasesBecomeOne(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		until := d.now.Add(30 * 24 * time.Hour)
		a, guestA := d.talking("AARDVARK", until)
		b, guestB := d.talking("BADGER", until)
		take(d, d.Combine, "mara", a, cvd.Combined{Into: b, Because: "One bug."})
		d.follow()
		for _, of := range []struct{ id, word, other, secret string }{{string(a), "AARDVARK", "BADGER", guestA}, {string(b), "BADGER", "AARDVARK", guestB}} {
			v, text := d.holds(cvd.CaseID(of.id), of.secret)
			if v.ID != b || !strings.Contains(text, "Aside "+of.word) || !strings.Contains(text, "Hearsay "+of.word) {
				t.Errorf("the guest of %s no longer reads their thread and claim: %s", of.word, text)
			}
			if strings.Contains(text, of.other) {
				t.Errorf("the guest of %s reads of %s: %s", of.word, of.other, text)
			}
			who := d.holder(cvd.CaseID(of.id), of.secret)
			if !d.fetches(who, b, of.word) || d.fetches(who, b, of.other) {
				t.Errorf("the guest of %s has that patch: %t, and the other: %t", of.word, d.fetches(who, b, of.word), d.fetches(who, b, of.other))
			}
		}
		if !d.fetches(d.who("mara"), b, "AARDVARK") || !d.fetches(d.who("mara"), b, "BADGER") {
			t.Error("a patch was lost on the way")
		}
		if err := d.store.VerifyCases(context.Background(), solo); err != nil {
			t.Error(err)
		}
	})
}

// Who left a case, or was removed from it, hears nothing of the one that it went into.
func TestWhoIsOutOfACaseComesIntoNoOther(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		until := d.now.Add(30 * 24 * time.Hour)
		a, guest := d.talking("AARDVARK", until)
		b, _ := d.sealed("BADGER", until.Add(-time.Hour))
		take(d, d.Remove, "mara", a, cvd.Removed{Party: "guest:1", Because: "It stood in their channel."})
		take(d, d.Combine, "mara", a, cvd.Combined{Into: b, Because: "One bug."})
		d.follow()
		v, text := d.holds(a, guest)
		for _, word := range []string{string(b), "BADGER", "Aside AARDVARK", until.Add(-time.Hour).Format(time.RFC3339)} {
			if v.ID != a || strings.Contains(text, word) {
				t.Errorf("who was removed from %s reads %q: %s", a, word, text)
			}
		}
		_, err := d.Propose(context.Background(), d.holder(a, guest), casework.About{Case: a}, cvd.Proposing{Until: d.now.Add(time.Hour)})
		if err == nil || strings.Contains(err.Error(), string(b)) {
			t.Errorf("who was removed proposes, or is told where it goes on: %v", err)
		}
	})
}

// Whoever is invited to a case that came from elsewhere is the first guest there, and not the first guest of where it came from.
func TestANewGuestIsNobodyWhoWasInvitedElsewhere(t *testing.T) {
	onBoth(t, func(t *testing.T, here *desk) {
		ctx := context.Background()
		there := newDesk(t, "")
		until := here.now.Add(30 * 24 * time.Hour)
		id, _ := here.talking("AARDVARK", until)
		copied, err := here.Export(ctx, here.who("mara"), id)
		if err != nil {
			t.Fatal(err)
		}
		unpatched(t, "an export", copied)
		bundle, _, err := here.HandOver(ctx, here.who("mara"), casework.About{Case: id}, cvd.HandedOver{To: there.Recipient(), Because: "Theirs."})
		if err != nil {
			t.Fatal(err)
		}
		taken, err := there.TakeOver(ctx, there.who("mara"), bundle, "")
		if err != nil {
			t.Fatal(err)
		}
		if !there.fetches(there.who("mara"), taken.Case, "AARDVARK") {
			t.Error("whoever took the case over cannot fetch its patch")
		}
		_, code, err := there.Invite(ctx, there.who("mara"), casework.About{Case: taken.Case}, cvd.Invitation{Name: "Newcomer", Kind: cvd.Vendor})
		if err != nil {
			t.Fatal(err)
		}
		newcomer := strings.TrimPrefix(code, string(taken.Case)+"-")
		p, err := there.PolicyOf(solo)
		if err != nil {
			t.Fatal(err)
		}
		v, _ := there.holds(taken.Case, newcomer)
		if _, err := there.Answer(ctx, there.holder(taken.Case, newcomer), casework.About{Case: taken.Case}, cvd.Answered{Accept: true, Terms: p.TermNames(), Embargo: v.Embargo.Until}); err != nil {
			t.Fatal(err)
		}
		_, text := there.holds(taken.Case, newcomer)
		for _, word := range []string{"Aside AARDVARK", "Window AARDVARK", "Hearsay AARDVARK"} {
			if strings.Contains(text, word) {
				t.Errorf("the new guest reads %q of the former one: %s", word, text)
			}
		}
		if there.fetches(there.holder(taken.Case, newcomer), taken.Case, "AARDVARK") {
			t.Error("the new guest has the patch of the former one")
		}
		got, err := there.Case(ctx, there.who("mara"), taken.Case)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(got.Messages, func(m cvd.Message) bool {
			return len(m.Attachments) > 0 && strings.HasSuffix(m.Attachments[0].Name, ".zip")
		})
		_, whole, err := there.Attachment(ctx, there.who("mara"), taken.Case, got.Messages[i].Attachments[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		unpatched(t, "what everybody on the team may open", whole)
	})
}

// unpatched says that an archive holds the case, and no patch.
func unpatched(t *testing.T, what string, archive []byte) {
	t.Helper()
	files := unzipped(t, archive)
	for name, body := range files {
		if bytes.Equal(body, patchOf("AARDVARK")) {
			t.Errorf("%s holds the patch, as %s", what, name)
		}
	}
	if len(files) < 10 {
		t.Errorf("%s has %d files", what, len(files))
	}
}

// What leaves with a release line takes the line's patches along, for the team, and a reporter who leaves leaves the talk.
func TestPatchesLeaveWithTheirLine(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ctx := context.Background()
		until := d.now.Add(30 * 24 * time.Hour)
		a, guest := d.talking("AARDVARK", until)
		b, codeB := d.sealed("BADGER", until)
		take(d, d.Combine, "mara", b, cvd.Combined{Into: a, Because: "One bug."})
		d.follow()
		take(d, d.Thread, "mara", a, cvd.Threaded{Title: "Both", Parties: []cvd.ActorID{"guest:1"}, Reports: []int{1, 2}})
		take(d, d.Message, "mara", a, cvd.Messaged{Thread: 2, Text: "To both of you, CAPYBARA."})
		take(d, d.Split, "mara", a, cvd.Split{Reports: []int{2}, Lines: []string{"monitor/0.1.x"}, Title: "Apart", Because: "Two bugs."})
		d.follow()
		parent, err := d.Case(ctx, d.who("mara"), a)
		if err != nil {
			t.Fatal(err)
		}
		child := parent.Branches[0].Case
		if !d.fetches(d.who("mara"), child, "AARDVARK") || len(parent.PatchFiles) > 0 {
			t.Errorf("the patch left: %t; what stays has %d", d.fetches(d.who("mara"), child, "AARDVARK"), len(parent.PatchFiles))
		}
		if d.fetches(d.holder(a, guest), a, "AARDVARK") {
			t.Error("a guest of what stays reads the patch of what left")
		}
		if _, text := d.holds(b, codeB); strings.Contains(text, "CAPYBARA") {
			t.Errorf("who left still reads the talk: %s", text)
		}
	})
}
