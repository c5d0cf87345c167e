package casework_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// sealed is a private case under an embargo, and the secret of its reporter's code.
func (d *desk) sealed(word string, until time.Time) (cvd.CaseID, string) {
	d.t.Helper()
	a, err := d.Receive(context.Background(), solo, "form", cvd.Report{Kind: "sensitive", Title: "Title " + word, Description: "Details " + word, Credit: "Name " + word},
		[]casework.File{{Name: word + ".txt", Body: []byte("File " + word)}}, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	d.now = d.now.Add(time.Minute)
	d.triage(a.Case, "high", true)
	take(d, d.Embargo, "mara", a.Case, cvd.Embargoed{Until: until})
	take(d, d.Message, "mara", a.Case, cvd.Messaged{Text: "Word to the reporter of " + word})
	take(d, d.Note, "mara", a.Case, cvd.Noted{Text: "Note of " + word})
	return a.Case, strings.TrimPrefix(a.Code, string(a.Case)+"-")
}

// holds is what the holder of a code reads, as JSON.
func (d *desk) holds(id cvd.CaseID, secret string) (cvd.View, string) {
	d.t.Helper()
	ctx := context.Background()
	who, err := d.Holder(ctx, solo, id, secret)
	if err != nil {
		d.t.Fatalf("the code of %s: %v", id, err)
	}
	v, err := d.Case(ctx, who, id)
	if err != nil {
		d.t.Fatalf("%s by its code: %v", id, err)
	}
	return v, said(d.t, v)
}

func said(t testing.TB, v cvd.View) string {
	t.Helper()
	v.Steps = nil
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// follow follows all events, as the program does on its own.
func (d *desk) follow() {
	d.t.Helper()
	for more := true; more; {
		var err error
		if more, err = d.Follow(context.Background()); err != nil {
			d.t.Fatal(err)
		}
	}
}

func TestTwoEmbargoedCasesBecomeOneWithTheEarlierEnd(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ctx := context.Background()
		early, late := d.now.Add(20*24*time.Hour), d.now.Add(40*24*time.Hour)
		a, codeA := d.sealed("AARDVARK", early)
		b, codeB := d.sealed("BADGER", late)
		_, guest, err := d.Invite(ctx, d.who("mara"), casework.About{Case: b}, cvd.Invitation{Name: "Gwen", Roles: []string{"contributor"}})
		if err != nil {
			t.Fatal(err)
		}
		guest = strings.TrimPrefix(guest, string(b)+"-")
		d.now = d.now.Add(time.Minute)
		policy, err := d.PolicyOf(solo)
		if err != nil {
			t.Fatal(err)
		}
		signs := func(until time.Time) {
			t.Helper()
			who, err := d.Holder(ctx, solo, b, guest)
			if err == nil {
				_, err = d.Answer(ctx, who, casework.About{Case: b}, cvd.Answered{Accept: true, Terms: policy.TermNames(), Embargo: until})
			}
			if err != nil {
				t.Fatal(err)
			}
			d.now = d.now.Add(time.Minute)
		}
		signs(late)

		foreseen, err := d.Consequences(ctx, d.who("mara"), a, b)
		if err != nil || !strings.Contains(strings.Join(foreseen, "\n"), cvd.Instant(early)+", which is the earlier") {
			t.Errorf("foreseen: %q, %v", foreseen, err)
		}
		_, err = d.Combine(ctx, d.who("mara"), casework.About{Case: a}, cvd.Combined{Into: a, Because: "One bug."})
		refused(t, err, cvd.Invalid, "the case itself")
		_, err = d.Combine(ctx, d.who("mara"), casework.About{Case: a}, cvd.Combined{Into: "SMM-0000", Because: "One bug."})
		refused(t, err, cvd.Invalid, "no such case")
		take(d, d.Combine, "mara", a, cvd.Combined{Into: b, Because: "One bug."})

		// Between the two acts the program ends: another process finds the intent and brings it on, once.
		if v, _ := d.holds(a, codeA); v.ID != a {
			t.Errorf("before it arrived, the code of %s shows %s", a, v.ID)
		}
		again := d.start(d.open())
		for range 2 {
			if _, err := again.Follow(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.Bring(ctx, solo, a); err != nil { // and the first one wakes up late
			t.Fatal(err)
		}
		v, err := d.Case(ctx, d.who("mara"), b)
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Joined) != 1 || v.Joined[0].From.Case != a || v.Joined[0].By != "mara" {
			t.Fatalf("%d cases joined: %+v", len(v.Joined), v.Joined)
		}
		if !v.Embargo.Until.Equal(early) || !v.Embargo.State.InForce() {
			t.Errorf("the embargo is %+v, want one until %s", v.Embargo, cvd.Instant(early))
		}
		if len(v.Reports) != 2 || v.Reports[1].Came[0].Case != a {
			t.Errorf("the reports are %+v", v.Reports)
		}
		was, err := d.Case(ctx, d.who("mara"), a)
		if err != nil || was.Combined.Case != b || was.Headline != "closed" {
			t.Errorf("%s is %s and goes on in %q, %v", a, was.Headline, was.Combined.Case, err)
		}
		_, err = d.Message(ctx, d.who("mara"), casework.About{Case: a}, cvd.Messaged{Text: "Hello?"})
		refused(t, err, cvd.Refused, "goes on in "+string(b))

		// Each reporter is led to the one case, and reads their own part of it.
		take(d, d.Message, "mara", b, cvd.Messaged{Report: 2, Text: "After CARIBOU"})
		va, textA := d.holds(a, codeA)
		if va.ID != b || len(va.Reports) != 1 {
			t.Errorf("the code of %s shows %s with %d reports", a, va.ID, len(va.Reports))
		}
		_, textB := d.holds(b, codeB)
		if _, text := d.holds(b, guest); strings.Contains(text, "Details BADGER") {
			t.Error("the guest signed another end, and reads on without having signed this one")
		}
		signs(early)
		_, textG := d.holds(b, guest)
		for who, c := range map[string]struct {
			text        string
			must, never []string
		}{
			"the reporter of what came":    {textA, []string{"Details AARDVARK", "Word to the reporter of AARDVARK", "CARIBOU"}, []string{"BADGER", "Note of"}},
			"the reporter who was there":   {textB, []string{"Details BADGER"}, []string{"AARDVARK", "CARIBOU", string(a), "Note of"}},
			"the guest who was there":      {textG, []string{"Details BADGER"}, []string{"AARDVARK", "CARIBOU", string(a), "Note of"}},
			"the team reads all that came": {said(t, v), []string{"AARDVARK", "BADGER", "Note of AARDVARK", "In " + string(a)}, nil},
		} {
			for _, word := range c.must {
				if !strings.Contains(c.text, word) {
					t.Errorf("%s: %q is not there", who, word)
				}
			}
			for _, word := range c.never {
				if strings.Contains(c.text, word) {
					t.Errorf("%s: %q is there:\n%s", who, word, c.text)
				}
			}
		}
		who, err := d.Holder(ctx, solo, a, codeA)
		if err != nil {
			t.Fatal(err)
		}
		_, body, err := d.Attachment(ctx, who, a, va.Reports[0].Attachments[0].ID)
		if err != nil || string(body) != "File AARDVARK" {
			t.Errorf("the file that came is %q, %v", body, err)
		}
		receipt, err := d.ReceiptOf(ctx, who, a)
		if err != nil || receipt.Case != string(a) {
			t.Errorf("the receipt is of case %s, %v", receipt.Case, err)
		}
		if _, err := receipt.Verify(receipt.Key); err != nil {
			t.Error(err)
		}
		if err := d.store.VerifyCases(ctx, solo); err != nil {
			t.Error(err)
		}
		if _, err := d.store.VerifyLedger(ctx, solo); err != nil {
			t.Error(err)
		}
	})
}

func TestCasesAreNotCombinedInACircle(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ctx := context.Background()
		a, _ := d.sealed("AARDVARK", d.now.Add(20*24*time.Hour))
		b, _ := d.sealed("BADGER", d.now.Add(20*24*time.Hour))
		c, _ := d.sealed("CARIBOU", d.now.Add(20*24*time.Hour))
		take(d, d.Combine, "mara", a, cvd.Combined{Into: b, Because: "One bug."})
		_, err := d.Combine(ctx, d.who("mara"), casework.About{Case: b}, cvd.Combined{Into: a, Because: "One bug."})
		refused(t, err, cvd.Refused, "goes on in another case itself")
		take(d, d.Combine, "mara", b, cvd.Combined{Into: c, Because: "One bug."}) // before the first one has arrived
		d.follow()
		v, err := d.Case(ctx, d.who("mara"), c)
		if err != nil || len(v.Reports) != 3 {
			t.Fatalf("%d reports are in the last case, %v", len(v.Reports), err)
		}
		if err := d.store.VerifyCases(ctx, solo); err != nil {
			t.Error(err)
		}
	})
}

func TestStrangersReadTheSameOfAPublicCaseIntoWhichASecretOneWent(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ctx := context.Background()
		open := d.report("A public matter", "It blinks.")
		d.triage(open, "medium", false)
		secret, _ := d.sealed("AARDVARK", d.now.Add(20*24*time.Hour))
		seen := func() string {
			v, err := d.Case(ctx, cvd.Nobody(solo), open)
			if err != nil {
				t.Fatal(err)
			}
			list, _, err := d.Cases(ctx, cvd.Nobody(solo), casework.Page{})
			if err != nil {
				t.Fatal(err)
			}
			b, err := json.Marshal([]any{v, list})
			if err != nil {
				t.Fatal(err)
			}
			return string(b)
		}
		before := seen()
		_, err := d.Combine(ctx, d.who("mara"), casework.About{Case: open}, cvd.Combined{Into: secret, Because: "One bug."})
		refused(t, err, cvd.Refused, "is public")
		take(d, d.Combine, "mara", secret, cvd.Combined{Into: open, Because: "One bug."})
		d.follow()
		if after := seen(); after != before {
			t.Errorf("a stranger read\n%s\nand reads\n%s", before, after)
		}
		v, err := d.Case(ctx, d.who("mara"), open)
		if err != nil || len(v.Reports) != 2 || !v.Frozen {
			t.Errorf("the team reads %d reports, frozen: %v, %v", len(v.Reports), v.Frozen, err)
		}
	})
}

func TestASplitCaseInheritsTheEmbargoAndNobodyIsInvitedAlong(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ctx := context.Background()
		until := d.now.Add(30 * 24 * time.Hour)
		a, codeA := d.sealed("AARDVARK", until)
		b, codeB := d.sealed("BADGER", until)
		take(d, d.Combine, "mara", a, cvd.Combined{Into: b, Because: "One bug."})
		d.follow()
		_, guest, err := d.Invite(ctx, d.who("mara"), casework.About{Case: b}, cvd.Invitation{Name: "Gwen", Roles: []string{"contributor"}})
		if err != nil {
			t.Fatal(err)
		}
		guest = strings.TrimPrefix(guest, string(b)+"-")
		d.now = d.now.Add(time.Minute)
		split := cvd.Split{Reports: []int{2}, Title: "A matter of its own", Because: "Two bugs after all."}
		for _, wrong := range []struct {
			with  func(*cvd.Split)
			kind  cvd.Kind
			names string
		}{
			{func(s *cvd.Split) { s.Reports = []int{1, 2} }, cvd.Invalid, "one report has to stay"},
			{func(s *cvd.Split) { s.Reports = []int{7} }, cvd.Invalid, "has 2 reports"},
			{func(s *cvd.Split) { s.Lines = []string{"monitor/9"} }, cvd.Invalid, "no release line"},
			{func(s *cvd.Split) { s.Until = until.Add(-time.Hour) }, cvd.Invalid, "what its end reveals"},
			{func(s *cvd.Split) { s.Because = "" }, cvd.Invalid, "why"},
		} {
			in := split
			wrong.with(&in)
			_, err := d.Split(ctx, d.who("mara"), casework.About{Case: b}, in)
			refused(t, err, wrong.kind, wrong.names)
		}
		take(d, d.Split, "mara", b, split)
		again := d.start(d.open())
		for range 2 {
			if _, err := again.Follow(ctx); err != nil {
				t.Fatal(err)
			}
		}
		parent, err := d.Case(ctx, d.who("mara"), b)
		if err != nil || len(parent.Branches) != 1 {
			t.Fatalf("%+v, %v", parent.Branches, err)
		}
		child := parent.Branches[0].Case
		v, err := d.Case(ctx, d.who("mara"), child)
		if err != nil {
			t.Fatal(err)
		}
		if !v.Embargo.Until.Equal(until) || !v.Embargo.State.InForce() || len(v.Parties) != 0 || v.Parent.Case != b || len(v.Reports) != 1 {
			t.Errorf("the child is %+v with %d parties and %d reports", v.Embargo, len(v.Parties), len(v.Reports))
		}
		if text := said(t, parent); strings.Contains(text, "Details AARDVARK") || strings.Contains(text, "reporter of AARDVARK") {
			t.Errorf("what left is still in %s: %s", b, text)
		}
		va, textA := d.holds(a, codeA)
		if va.ID != child || !strings.Contains(textA, "Details AARDVARK") || strings.Contains(textA, "BADGER") {
			t.Errorf("the code of what left shows %s: %s", va.ID, textA)
		}
		if vb, text := d.holds(b, codeB); vb.ID != b || strings.Contains(text, "AARDVARK") || strings.Contains(text, string(child)) {
			t.Errorf("the code of what stays shows %s: %s", vb.ID, text)
		}
		if vg, text := d.holds(b, guest); vg.ID != b || strings.Contains(text, string(child)) {
			t.Errorf("the guest is shown %s: %s", vg.ID, text)
		}
		who, err := d.Holder(ctx, solo, a, codeA)
		if err != nil {
			t.Fatal(err)
		}
		if _, body, err := d.Attachment(ctx, who, a, va.Reports[0].Attachments[0].ID); err != nil || string(body) != "File AARDVARK" {
			t.Errorf("the file that left is %q, %v", body, err)
		}
		if err := d.store.VerifyCases(ctx, solo); err != nil {
			t.Error(err)
		}
	})
}

// TestNothingIsLostOrDoubledBetweenCases combines and splits at random, and counts what there is in all open cases together.
func TestNothingIsLostOrDoubledBetweenCases(t *testing.T) {
	d := newDesk(t, "")
	ctx := context.Background()
	type held struct {
		id   cvd.CaseID
		code string
		word string
	}
	var all []held
	open := map[cvd.CaseID]bool{}
	for i := range 6 {
		word := fmt.Sprintf("WORD%dX", i)
		id, code := d.sealed(word, d.now.Add(time.Duration(20+i)*24*time.Hour))
		take(d, d.Validate, "mara", id, cvd.Validated{Evidence: "Seen."})
		take(d, d.Credit, "mara", id, cvd.Credited{Name: "Name " + word, Role: "finder", Consent: i%2 == 0, Report: 1})
		all, open[id] = append(all, held{id, code, word}), true
	}
	next := uint64(7)
	random := func(n int) int { // xorshift64: the same story every time
		next ^= next << 13
		next ^= next >> 7
		next ^= next << 17
		return int(next % uint64(n))
	}
	for range 14 {
		ids := make([]cvd.CaseID, 0, len(open))
		for id := range open {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		one := ids[random(len(ids))]
		v, err := d.Case(ctx, d.who("mara"), one)
		if err != nil {
			t.Fatal(err)
		}
		var here []int
		for _, r := range v.Reports {
			if r.Left.Case == "" {
				here = append(here, r.Number)
			}
		}
		if len(here) > 1 && random(3) > 0 {
			take(d, d.Split, "mara", one, cvd.Split{Reports: []int{here[random(len(here))]}, Title: "Apart", Because: "Two."})
			v, err = d.Case(ctx, d.who("mara"), one)
			if err != nil {
				t.Fatal(err)
			}
			open[v.Branches[len(v.Branches)-1].Case] = true
		} else if other := ids[random(len(ids))]; other != one {
			take(d, d.Combine, "mara", one, cvd.Combined{Into: other, Because: "One."})
			delete(open, one)
		}
		d.follow()
		var team strings.Builder
		reports := 0
		for id := range open {
			v, err := d.Case(ctx, d.who("mara"), id)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range v.Reports {
				if r.Left.Case == "" {
					reports++
				}
			}
			fmt.Fprintf(&team, "%+v %+v", v.Messages, v.Credits)
		}
		if reports != len(all) {
			t.Fatalf("%d reports are in the open cases, want %d", reports, len(all))
		}
		for _, h := range all {
			if n := strings.Count(team.String(), "Word to the reporter of "+h.word); n != 1 {
				t.Errorf("the message to the reporter of %s is there %d times", h.word, n)
			}
			if n := strings.Count(team.String(), "Name "+h.word); n != 1 {
				t.Errorf("the credit of %s is there %d times", h.word, n)
			}
			_, text := d.holds(h.id, h.code)
			if !strings.Contains(text, "Details "+h.word) || !strings.Contains(text, "Word to the reporter of "+h.word) {
				t.Errorf("the reporter of %s reads %s", h.word, text)
			}
			for _, other := range all {
				if other != h && strings.Contains(text, other.word) {
					t.Errorf("the reporter of %s reads of %s: %s", h.word, other.word, text)
				}
			}
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	if err := d.store.VerifyCases(ctx, solo); err != nil {
		t.Error(err)
	}
}
