package casework_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/ledger"
	"github.com/tipstaff/tipstaff/internal/seal"
	"github.com/tipstaff/tipstaff/internal/store"
)

func TestACaseGoesToAnotherInstallationWithItsProofs(t *testing.T) {
	onBoth(t, func(t *testing.T, here *desk) {
		ctx := context.Background()
		there := newDesk(t, "")
		until := here.now.Add(30 * 24 * time.Hour)
		id, code := here.sealed("AARDVARK", until)
		_, guest, err := here.Invite(ctx, here.who("mara"), casework.About{Case: id}, cvd.Invitation{Name: "Gwen", Roles: []string{"contributor"}})
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = here.HandOver(ctx, here.who("mara"), casework.About{Case: id}, cvd.HandedOver{To: "age1nobody", Because: "Theirs."})
		refused(t, err, cvd.Invalid, "no key")
		_, _, err = here.HandOver(ctx, here.who("vera"), casework.About{Case: id}, cvd.HandedOver{To: there.Recipient(), Because: "Theirs."})
		refused(t, err, cvd.NotFound, "no such case")
		bundle, v, err := here.HandOver(ctx, here.who("mara"), casework.About{Case: id}, cvd.HandedOver{To: there.Recipient(), Because: "Theirs."})
		if err != nil || v.Headline != "closed" || bytes.Contains(bundle, []byte("AARDVARK")) {
			t.Fatalf("%s, %v", v.Headline, err)
		}
		if again, _, err := here.HandOver(ctx, here.who("mara"), casework.About{Case: id}, cvd.HandedOver{To: there.Recipient(), Because: "Theirs."}); err != nil || len(again) == 0 {
			t.Errorf("asked again: %v", err)
		}

		_, err = here.TakeOver(ctx, here.who("mara"), bundle, "")
		refused(t, err, cvd.Invalid, "not sealed to the key of this installation")
		_, err = there.TakeOver(ctx, there.who("vera"), bundle, "")
		refused(t, err, cvd.Refused, "roles")
		_, err = there.TakeOver(ctx, there.who("mara"), bundle, "other.example+00000000+AAAA")
		refused(t, err, cvd.Invalid, "signed with the key")
		key, err := here.Verifier(ctx, solo)
		if err != nil {
			t.Fatal(err)
		}
		taken, err := there.TakeOver(ctx, there.who("mara"), bundle, key)
		if err != nil || len(taken.Codes) != 1 {
			t.Fatalf("%+v, %v", taken, err)
		}
		if again, err := there.TakeOver(ctx, there.who("mara"), bundle, key); err != nil || again.Case != taken.Case || len(again.Codes) != 0 {
			t.Errorf("taken over twice: %+v, %v", again, err)
		}
		got, err := there.Case(ctx, there.who("mara"), taken.Case)
		if err != nil {
			t.Fatal(err)
		}
		text := said(t, got)
		for _, word := range []string{"Details AARDVARK", "Note of AARDVARK", "In " + string(id)} {
			if !strings.Contains(text, word) {
				t.Errorf("%q did not arrive: %s", word, text)
			}
		}
		if got.Origin.Case != id || !got.Embargo.Until.Equal(until) || !got.Embargo.State.InForce() || len(got.Parties) != 0 {
			t.Errorf("it came from %+v with the embargo %+v and %d parties", got.Origin, got.Embargo, len(got.Parties))
		}
		for name, old := range map[string]string{"the reporter's": code, "the guest's": strings.TrimPrefix(guest, string(id)+"-")} {
			if _, err := there.Holder(ctx, solo, taken.Case, old); cvd.KindOf(err) != cvd.NotFound {
				t.Errorf("%s old code opens the case there: %v", name, err)
			}
		}
		vr, _ := there.holds(taken.Case, strings.TrimPrefix(taken.Codes[1], string(taken.Case)+"-"))
		who, err := there.Holder(ctx, solo, taken.Case, strings.TrimPrefix(taken.Codes[1], string(taken.Case)+"-"))
		if err != nil {
			t.Fatal(err)
		}
		if _, body, err := there.Attachment(ctx, who, taken.Case, vr.Reports[0].Attachments[0].ID); err != nil || string(body) != "File AARDVARK" {
			t.Errorf("the file is %q, %v", body, err)
		}
		receipt, err := there.ReceiptOf(ctx, who, taken.Case)
		if err != nil || receipt.Case != string(id) {
			t.Fatalf("the receipt is of case %s, %v", receipt.Case, err)
		}
		if _, err := receipt.Verify(key); err != nil {
			t.Error(err)
		}
		last := got.Messages[len(got.Messages)-1]
		_, whole, err := there.Attachment(ctx, there.who("mara"), taken.Case, last.Attachments[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		proven := 0
		for name, body := range unzipped(t, whole) {
			if strings.HasPrefix(name, "receipts/") {
				r, err := ledger.ParseReceipt(body)
				if err == nil {
					_, err = r.Verify(key)
				}
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
				proven++
			}
		}
		if proven < 5 {
			t.Errorf("%d events are proven", proven)
		}
		for _, d := range []*desk{here, there} {
			if err := d.store.VerifyCases(ctx, solo); err != nil {
				t.Error(err)
			}
			if _, err := d.store.VerifyLedger(ctx, solo); err != nil {
				t.Error(err)
			}
		}
	})
}

func unzipped(t testing.TB, archive []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if out[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		_ = r.Close() // read-only
	}
	return out
}

func TestATamperedBundleIsRefusedByName(t *testing.T) {
	ctx := context.Background()
	here, there := newDesk(t, ""), newDesk(t, "")
	id, _ := here.sealed("AARDVARK", here.now.Add(30*24*time.Hour))
	archive, err := here.Export(ctx, here.who("mara"), id)
	if err != nil {
		t.Fatal(err)
	}
	_, err = here.Export(ctx, here.who("vera"), id)
	refused(t, err, cvd.NotFound, "no such case")
	for says, change := range map[string]func(map[string][]byte){
		"events/0002.json is not what was packed": func(f map[string][]byte) {
			f["events/0002.json"] = bytes.Replace(f["events/0002.json"], []byte("mara"), []byte("milo"), 1)
		},
		"policy.yaml is missing":          func(f map[string][]byte) { delete(f, "policy.yaml") },
		"surprise is not in the manifest": func(f map[string][]byte) { f["surprise"] = []byte("!") },
		"the manifest is not the one that was signed": func(f map[string][]byte) {
			f["manifest.json"] = bytes.Replace(f["manifest.json"], []byte(id), []byte("BSMM-0000"), 1)
		},
		"it has no manifest": func(f map[string][]byte) { delete(f, "manifest.json") },
		"its version is 2": func(f map[string][]byte) {
			f["manifest.json"] = bytes.Replace(f["manifest.json"], []byte(`"version": 1`), []byte(`"version": 2`), 1)
		},
	} {
		files := unzipped(t, archive)
		change(files)
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		for name, body := range files {
			w, err := z.Create(name)
			if err == nil {
				_, err = w.Write(body)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		sealed, err := seal.SealTo(seal.Recipients{there.Recipient()}, out.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		_, err = there.TakeOver(ctx, there.who("mara"), sealed, "")
		refused(t, err, cvd.Invalid, says)
	}
	sealed, err := seal.SealTo(seal.Recipients{there.Recipient()}, archive)
	if err != nil {
		t.Fatal(err)
	}
	sealed[len(sealed)/2] ^= 1
	_, err = there.TakeOver(ctx, there.who("mara"), sealed, "")
	refused(t, err, cvd.Invalid, "changed on its way")
}

// What was handed over is closed to everybody: each door says where it goes on, and takes nothing.
func TestWhatWasHandedOverTakesNothingMore(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ctx, there := context.Background(), newDesk(t, "")
		id, guest := d.talking("AARDVARK", d.now.Add(30*24*time.Hour))
		asked := d.asks(id, "Una")
		removed := d.asks(id, "Rem")
		take(d, d.Remove, "mara", id, cvd.Removed{Party: "guest:3", Because: "It stood in their channel."})
		theirs := there.Recipient()
		_, _, err := d.HandOver(ctx, d.who("mara"), casework.About{Case: id}, cvd.HandedOver{To: d.Recipient(), Because: "Theirs."})
		refused(t, err, cvd.Invalid, "this is the key of this installation")
		_, _, err = d.HandOver(ctx, d.who("mara"), casework.About{Case: id}, cvd.HandedOver{To: theirs, Because: "Theirs.", URL: "javascript:alert(1)"})
		refused(t, err, cvd.Invalid, "a full web address")
		_, _, err = d.HandOver(ctx, d.who("mara"), casework.About{Case: id, Rev: 1}, cvd.HandedOver{To: theirs, Because: "Theirs."})
		refused(t, err, cvd.Conflict, "revision 1")
		if _, _, err := d.HandOver(ctx, d.who("mara"), casework.About{Case: id}, cvd.HandedOver{To: theirs, Because: "Their SECRET code.", URL: "https://there.example/p/miner"}); err != nil {
			t.Fatal(err)
		}
		at := d.now
		d.now = d.now.Add(time.Hour)
		rita := cvd.Actor{Project: solo, ID: "reporter:1", Standing: cvd.Finder, Case: id, Report: 1, Can: []cvd.Capability{"message", "propose", "claim", "credit", "agree"}}
		gwen, una := d.holder(id, guest), d.holder(id, asked)
		about := casework.About{Case: id}
		says := "went to another installation at " + cvd.Instant(at) + ", and nothing is taken here any more: it goes on at https://there.example/p/miner"
		for name, do := range map[string]func() error{
			"the reporter writes": func() error { _, err := d.Message(ctx, rita, about, cvd.Messaged{Text: "Hello?"}); return err },
			"the reporter comes back": func() error {
				_, _, err := d.Reopen(ctx, rita, about, cvd.Report{Title: "Again", Description: "Again."}, nil)
				return err
			},
			"the reporter wishes": func() error {
				_, err := d.Propose(ctx, rita, about, cvd.Proposing{Until: d.now.Add(time.Hour)})
				return err
			},
			"the reporter says": func() error {
				_, err := d.Claim(ctx, rita, about, cvd.Claimed{Fact: "public", Evidence: "Seen."})
				return err
			},
			"the guest talks": func() error {
				_, err := d.Message(ctx, gwen, about, cvd.Messaged{Thread: 1, Text: "Hello?"})
				return err
			},
			"the guest is ready":    func() error { _, err := d.Standing(ctx, gwen, about, cvd.Stood{Status: "ready"}); return err },
			"the guest leaves":      func() error { _, err := d.Leave(ctx, gwen, about, cvd.Left{Keeps: true}); return err },
			"who was asked answers": func() error { _, err := d.Answer(ctx, una, about, cvd.Answered{Accept: true}); return err },
			"the team writes":       func() error { _, err := d.Message(ctx, d.who("mara"), about, cvd.Messaged{Text: "Hello?"}); return err },
			"the team invites": func() error {
				_, _, err := d.Invite(ctx, d.who("mara"), about, cvd.Invitation{Name: "Late"})
				return err
			},
			"the team comes back": func() error {
				_, _, err := d.Reopen(ctx, d.who("mara"), about, cvd.Report{Title: "Again", Description: "Again."}, nil)
				return err
			},
		} {
			t.Run(name, func(t *testing.T) { refused(t, do(), cvd.Refused, says) })
		}
		for name, who := range map[string]cvd.Actor{"the reporter": rita, "the guest": gwen, "who was asked": una, "the team": d.who("milo")} {
			v, err := d.Case(ctx, who, id)
			if err != nil || v.GoesOn != (cvd.Passage{At: at, URL: "https://there.example/p/miner"}) {
				t.Errorf("%s reads that it goes on at %+v, %v", name, v.GoesOn, err)
			}
			if said(t, v) != "" && name != "the team" && strings.Contains(said(t, v), "SECRET") {
				t.Errorf("%s reads why", name)
			}
			for _, o := range v.Steps {
				if o.Step != "erase" {
					t.Errorf("%s is offered the step %s", name, o.Step)
				}
			}
		}
		if v, err := d.Case(ctx, d.holder(id, removed), id); err != nil || v.GoesOn.Gone() {
			t.Errorf("who was removed hears of it: %+v, %v", v.GoesOn, err)
		}
		_, err = d.Answer(ctx, d.holder(id, removed), about, cvd.Answered{})
		refused(t, err, cvd.Refused, "you take part in it no more")
		if err := d.store.VerifyCases(ctx, solo); err != nil {
			t.Error(err)
		}
	})
}

// asks asks somebody to take part, who does not answer; the secret of the code.
func (d *desk) asks(id cvd.CaseID, name string) (secret string) {
	d.t.Helper()
	_, code, err := d.Invite(context.Background(), d.who("mara"), casework.About{Case: id}, cvd.Invitation{Name: name, Kind: cvd.Vendor})
	if err != nil {
		d.t.Fatal(err)
	}
	return strings.TrimPrefix(code, string(id)+"-")
}

// A case that was sealed to a wrong key is handed over again, as it was worked on here: the wrong file opens nothing of ours.
func TestACaseThatWasSealedToAWrongKeyIsHandedOverAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, here *desk) {
		ctx, wrong, there := context.Background(), newDesk(t, ""), newDesk(t, "")
		id, _ := here.sealed("AARDVARK", here.now.Add(30*24*time.Hour))
		for _, to := range []string{wrong.Recipient(), there.Recipient()} {
			bundle, _, err := here.HandOver(ctx, here.who("mara"), casework.About{Case: id}, cvd.HandedOver{To: to, Because: "Theirs."})
			if err != nil {
				t.Fatal(err)
			}
			if to != there.Recipient() {
				continue
			}
			taken, err := there.TakeOver(ctx, there.who("mara"), bundle, "")
			if err != nil {
				t.Fatal(err)
			}
			v, err := there.Case(ctx, there.who("mara"), taken.Case)
			if err != nil || v.RM == cvd.Closed || !v.Embargo.State.InForce() || v.GoesOn.Gone() || v.Outcome != "" {
				t.Errorf("it arrived %s, %q, with the embargo %+v, going on at %+v: %v", v.RM, v.Outcome, v.Embargo, v.GoesOn, err)
			}
		}
		if err := here.store.VerifyCases(ctx, solo); err != nil {
			t.Error(err)
		}
	})
}

// other is a second project of the installation, with the same policy.
const other cvd.ProjectID = "other"

func TestACaseThatMovesIsGoneWhereItWasAndItsCodeLeadsOn(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ctx := context.Background()
		if err := d.store.CreateProject(ctx, store.Project{ID: other, Prefix: "OTH", Name: "Other"}, document(t)); err != nil {
			t.Fatal(err)
		}
		for handle, role := range map[cvd.ActorID]string{"mara": "maintainer", "olga": "maintainer"} {
			if err := d.store.PutPerson(ctx, other, cvd.Person{Handle: handle, Name: string(handle), Roles: []string{role}, Active: true}, ""); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		id, code := d.sealed("AARDVARK", d.now.Add(30*24*time.Hour))
		_, guest, err := d.Invite(ctx, d.who("mara"), casework.About{Case: id}, cvd.Invitation{Name: "Gwen", Roles: []string{"contributor"}})
		if err != nil {
			t.Fatal(err)
		}
		declined := d.asks(id, "Una")
		if _, err := d.Answer(ctx, d.holder(id, declined), casework.About{Case: id}, cvd.Answered{}); err != nil {
			t.Fatal(err)
		}
		_, err = d.Move(ctx, d.who("milo"), casework.About{Case: id}, cvd.Moved{To: other, Because: "Theirs.", Confirm: true})
		refused(t, err, cvd.Invalid, "another project in which you may take reports in")
		_, err = d.Move(ctx, d.who("mara"), casework.About{Case: id}, cvd.Moved{To: other, Because: "Theirs."})
		refused(t, err, cvd.Invalid, "confirm")
		take(d, d.Move, "mara", id, cvd.Moved{To: other, Because: "Theirs.", Confirm: true})
		again := d.start(d.open())
		for range 3 {
			if _, err := again.Follow(ctx); err != nil {
				t.Fatal(err)
			}
		}
		left, err := d.Case(ctx, d.who("milo"), id)
		if err != nil || left.Erased == nil || left.Combined.Project != other || strings.Contains(said(t, left), "AARDVARK") {
			t.Fatalf("what is left is %+v, %v", left, err)
		}
		_, err = d.Holder(ctx, solo, id, strings.TrimPrefix(guest, string(id)+"-"))
		refused(t, err, cvd.Refused, "went to the project")
		if _, err := d.Holder(ctx, solo, id, declined); cvd.KindOf(err) != cvd.NotFound {
			t.Errorf("who declined hears where it went: %v", err)
		}
		who, err := d.Holder(ctx, solo, id, code)
		if err != nil || who.Project != other {
			t.Fatalf("the code leads to %+v, %v", who, err)
		}
		v, err := d.Case(ctx, who, id)
		if v.CameBy.Project != solo || v.CameBy.Case != id || v.CameBy.At.IsZero() {
			t.Errorf("the reporter is led by %+v", v.CameBy)
		}
		if err != nil || v.Project != other || v.ID != left.Combined.Case || !strings.Contains(said(t, v), "Details AARDVARK") {
			t.Errorf("the reporter reads %+v, %v", v, err)
		}
		receipt, err := d.ReceiptOf(ctx, who, id)
		if err != nil || receipt.Case != string(id) || receipt.Project != string(solo) {
			t.Fatalf("the receipt is of %s in %s, %v", receipt.Case, receipt.Project, err)
		}
		if _, err := receipt.Verify(receipt.Key); err != nil {
			t.Error(err)
		}
		olga := cvd.Actor{Project: other, ID: "olga", Standing: cvd.Member, Roles: []string{"contributor"}, Can: d.Can(other, []string{"maintainer"})}
		if v, err := d.Case(ctx, olga, left.Combined.Case); err != nil || len(v.Parties) != 0 || !v.Embargo.State.InForce() || v.Origin.Case != id {
			t.Errorf("there it is %+v, %v", v, err)
		}
		for _, project := range []cvd.ProjectID{solo, other} {
			if err := d.store.VerifyCases(ctx, project); err != nil {
				t.Error(err)
			}
			if _, err := d.store.VerifyLedger(ctx, project); err != nil {
				t.Error(err)
			}
		}
	})
}
