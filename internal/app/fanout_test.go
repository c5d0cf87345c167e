package app_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// lists is a project whose notices go to the members of two lists, and every letter that went out.
type lists struct {
	*apptest.Program
	t       *testing.T
	ada     cvd.Actor
	mu      sync.Mutex
	letters []cvd.Letter
	members map[string]string // name → id
}

func newLists(t *testing.T, postgres bool) *lists {
	t.Helper()
	text, err := os.ReadFile("testdata/fanout/policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	l := &lists{t: t, members: map[string]string{}, ada: cvd.Actor{Project: "fan", ID: "ada", Name: "Ada", Standing: cvd.Member, Roles: []string{"maintainer"}}}
	l.Program = apptest.New(t, apptest.Options{Postgres: postgres, Policies: map[string]string{"fan": string(text)},
		People: map[cvd.ProjectID][]cvd.Person{"fan": {{Handle: "ada", Name: "Ada", Roles: []string{"maintainer"}}}},
		Post: func(one cvd.Letter) {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.letters = append(l.letters, one)
		}})
	l.ada.Can = l.Casework.Can("fan", l.ada.Roles)
	return l
}

func (l *lists) join(audience string, names ...string) {
	l.t.Helper()
	for _, name := range names {
		m, err := l.Casework.PutMember(l.t.Context(), l.ada, cvd.Addressee{Audience: audience, Kind: "organisation", Name: name,
			Handles: []cvd.Handle{{Service: "mail", Is: "security@" + strings.ToLower(name) + ".example"}}, Consent: cvd.Consent{How: "by letter"}})
		if err != nil {
			l.t.Fatal(err)
		}
		l.members[name] = m.ID
	}
}

// play takes steps and lets all that follows from them happen.
func (l *lists) play(text string) cvd.CaseID {
	l.t.Helper()
	err := l.Journey.Play(l.t.Context(), app.Script{Name: "overflow", Project: "fan", Text: text})
	if err != nil {
		l.t.Fatal(err)
	}
	l.Settle()
	return l.Journey.Cases["overflow"]
}

// to are the names of those who got a letter of a kind, of an event.
func (l *lists) to(what string, event cvd.EventID) (names []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, one := range l.letters {
		for name, id := range l.members {
			if one.Job == string(event)+"."+what+"."+id {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

func (l *lists) letter(event cvd.EventID, name string) cvd.Letter {
	l.t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.letters, func(one cvd.Letter) bool { return one.Job == string(event)+".member."+l.members[name] })
	if i < 0 {
		l.t.Fatalf("no copy of %s for %s", event, name)
	}
	return l.letters[i]
}

func (l *lists) notice(id cvd.CaseID, name string) cvd.Notice {
	l.t.Helper()
	v, err := l.Casework.Case(l.t.Context(), l.ada, id)
	if err != nil {
		l.t.Fatal(err)
	}
	i := slices.IndexFunc(v.Notices, func(n cvd.Notice) bool { return n.Name == name })
	if i < 0 {
		l.t.Fatalf("there is no notice %s", name)
	}
	return v.Notices[i]
}

// withdrawnForThoseWhoWent withdraws a notice after one member left, one was forgotten and one's address died: who left hears that what
// they have was taken back, and of the two whom no letter can find the receipt says so.
func withdrawnForThoseWhoWent(t *testing.T, l *lists, id cvd.CaseID) {
	t.Helper()
	for name, as := range map[string]string{"Alpha": "forgotten", "Beta": "bounced", "Gamma": "left"} {
		if err := l.Casework.RemoveMember(t.Context(), l.ada, l.members[name], as); err != nil {
			t.Fatal(err)
		}
	}
	l.play(`ada correct {notice: coming, withdraws: true, because: "it is off"}`)
	last := l.notice(id, "coming/correction-2")
	if got := l.to("member", last.Event); !slices.Equal(got, []string{"Gamma"}) {
		t.Errorf("the withdrawal went to %v, want the one who left", got)
	}
	if one := l.letter(last.Event, "Gamma"); one.Leave != "" || !strings.Contains(one.Subject, "Withdrawn") {
		t.Errorf("who left is asked to leave at %q; the subject is %q", one.Leave, one.Subject)
	}
	fan, err := l.Casework.FanOuts(t.Context(), l.ada, id)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(fan, func(f casework.FanOut) bool { return f.Notice.Name == "coming/correction-2" })
	became := map[string]cvd.DeliveryState{}
	for _, c := range fan[i].Letters {
		became[c.Name] = c.State
	}
	if want := map[string]cvd.DeliveryState{"": cvd.GaveUp, "Beta": cvd.GaveUp, "Gamma": cvd.Sent}; !maps.Equal(became, want) {
		t.Errorf("the receipts say %v, want %v", became, want)
	}
}

// Whoever is in an audience is not put there again under another name: by hand as by a list.
func TestAnAddressIsInAnAudienceOnce(t *testing.T) {
	l := newLists(t, false)
	l.join("operators", "Alpha", "Beta")
	put := func(id, name, mail string) error {
		_, err := l.Casework.PutMember(t.Context(), l.ada, cvd.Addressee{ID: id, Audience: "operators", Name: name,
			Handles: []cvd.Handle{{Service: "mail", Is: mail}}, Consent: cvd.Consent{How: "by letter"}})
		return err
	}
	if stale, err := l.Casework.StaleContacts(t.Context(), "fan"); err != nil || stale.Members != 2 || stale.Unseen != 0 {
		t.Errorf("two who were put there just now: %+v, %v", stale, err)
	}
	for _, id := range []string{"", l.members["Beta"]} {
		e, ok := errors.AsType[*cvd.Error](put(id, "Again", "Security@ALPHA.example"))
		if !ok || e.Field != "/handles/0" || !strings.Contains(e.Says, "Alpha") {
			t.Errorf("to put the address of Alpha there once more is answered %v", e)
		}
	}
	if err := put(l.members["Alpha"], "Alpha GmbH", "SECURITY@alpha.example"); err != nil {
		t.Errorf("Alpha itself may be written anew: %v", err)
	}
	if err := l.Casework.RemoveMember(t.Context(), l.ada, l.members["Alpha"], "left"); err != nil {
		t.Fatal(err)
	}
	if err := put("", "Alpha anew", "security@alpha.example"); err != nil {
		t.Errorf("who left may come back: %v", err)
	}
}

const reported = `rita reports {kind: vulnerability, title: "Overflow", description: "It overflows."}
ada acknowledge {}
ada validate {evidence: "It does."}
`

// Each member gets a copy of their own, signed by itself, and its mark names them. Who joins later gets neither the notice nor its
// correction, which goes to exactly those who got it.
func TestEachMemberGetsTheirOwnCopyAndItsCorrection(t *testing.T) {
	for _, postgres := range []bool{false, true} {
		t.Run(map[bool]string{false: "SQLite", true: "PostgreSQL"}[postgres], func(t *testing.T) {
			if postgres {
				apptest.Need(t, "postgres")
			}
			l := newLists(t, postgres)
			l.join("operators", "Alpha", "Beta", "Gamma")
			id := l.play(reported + `ada notify {notice: coming, says: {release_at: "2026-04-10T16:00:00Z"}}`)
			first := l.notice(id, "coming")
			if got := l.to("member", first.Event); !slices.Equal(got, []string{"Alpha", "Beta", "Gamma"}) {
				t.Fatalf("the notice went to %v", got)
			}
			// The first and the end, which are one where all copies had gone before anybody counted; never each copy by itself.
			said := first.Arrivals["operators"]
			if at := first.Delivered["operators"]; at.IsZero() || len(said) < 1 || len(said) > 2 || said[len(said)-1].Reached != 3 {
				t.Errorf("the case says %+v of %d copies, want the first one and the end", first.Arrivals, len(first.Copies))
			}
			keys, err := l.Casework.NoticeKeys(t.Context(), "fan")
			if err != nil {
				t.Fatal(err)
			}
			texts := map[string]bool{}
			for _, name := range []string{"Alpha", "Beta", "Gamma"} {
				one := l.letter(first.Event, name)
				texts[one.Text] = true
				for form, text := range map[string]string{"clear-signed": one.Signed, "note": one.Note} {
					if got := casework.CheckNotice([]byte(text), keys); got.Is != casework.Genuine || got.Text != one.Text {
						t.Errorf("the %s copy of %s is %s", form, name, got.Is)
					}
				}
				got, err := l.Casework.Trace(t.Context(), l.ada, id, "> "+strings.ReplaceAll(one.Text, "\n", "\n> "))
				if err != nil || got.Name != name || got.Event != first.Event {
					t.Errorf("the copy of %s is traced to %+v, %v", name, got, err)
				}
				mark := got.Marks[0]
				for _, quoted := range []string{strings.ReplaceAll(one.Text, mark, strings.ReplaceAll(mark, "-", "")), strings.ToLower("ABCD-EFGH, " + strings.Replace(mark, "-", " \n> ", 1))} {
					if got, err := l.Casework.Trace(t.Context(), l.ada, id, quoted); err != nil || got.Name != name || got.Marks[0] != mark {
						t.Errorf("the copy of %s, quoted without its hyphen, is traced to %+v, %v", name, got, err)
					}
				}
				if !strings.Contains(one.Text, "TLP:AMBER") || strings.Contains(one.Text, "Overflow") {
					t.Errorf("the copy says\n%s", one.Text)
				}
			}
			if len(texts) != 3 {
				t.Error("two copies are the same")
			}
			if got, err := l.Casework.Trace(t.Context(), l.ada, id, "A release is coming"); err != nil || got.Member != "" || len(got.Marks) != 0 {
				t.Errorf("a text without its mark is traced to %+v, %v", got, err)
			}

			l.join("operators", "Late")
			l.play(`ada correct {notice: coming, says: {release_at: "2026-04-12T16:00:00Z"}, because: "the release slipped"}`)
			second := l.notice(id, "coming/correction-1")
			if got := l.to("member", second.Event); !slices.Equal(got, []string{"Alpha", "Beta", "Gamma"}) {
				t.Errorf("the correction went to %v", got)
			}
			for _, refused := range []cvd.Corrected{
				{Notice: "coming", Says: map[string]string{"release_at": "2026-04-12T16:00:00Z", "cause": "Overflow"}, Because: "x"},
				{Notice: "coming", With: "out", Says: map[string]string{"what": "Overflow in 1.0"}, Because: "x"},
				{Notice: "patch", Withdraws: true, Because: "x"},
				{Notice: "coming", Withdraws: true},
			} {
				if _, err := l.Casework.Correct(t.Context(), l.ada, casework.About{Case: id}, refused); cvd.KindOf(err) != cvd.Invalid {
					t.Errorf("the correction %+v is answered %v", refused, err)
				}
			}
			one := l.letter(second.Event, "Beta")
			for _, want := range []string{string(first.Event), "2026-04-12 16:00", "Correction: "} {
				if !strings.Contains(one.Subject+"\n"+one.Text, want) {
					t.Errorf("the correction does not say %q:\n%s\n%s", want, one.Subject, one.Text)
				}
			}
			if strings.Contains(one.Text, "slipped") {
				t.Errorf("the correction says what is for the team:\n%s", one.Text)
			}
			fan, err := l.Casework.FanOuts(t.Context(), l.ada, id)
			if err != nil || len(fan) != 2 || fan[1].Reached != 3 || fan[1].Of != 3 {
				t.Errorf("who was reached: %+v, %v", fan, err)
			}
			withdrawnForThoseWhoWent(t, l, id)
			stranger := cvd.Actor{Project: "fan"}
			if _, err := l.Casework.FanOuts(t.Context(), stranger, id); cvd.KindOf(err) != cvd.NotFound {
				t.Errorf("a stranger asks who was reached: %v", err)
			}
			if _, err := l.Casework.Trace(t.Context(), stranger, id, one.Text); cvd.KindOf(err) != cvd.NotFound {
				t.Errorf("a stranger traces a copy: %v", err)
			}
		})
	}
}

// A notice under embargo reaches a member only after they accepted the embargo of that case, however late.
func TestACopyWaitsForTheWordOfItsMember(t *testing.T) {
	l := newLists(t, false)
	l.join("vendors", "Yes", "No", "Silent")
	id := l.play(reported + `ada notify {notice: patch, says: {release_at: "2026-04-10T16:00:00Z"}}`)
	n := l.notice(id, "patch")
	if got := l.to("accept", n.Event); !slices.Equal(got, []string{"No", "Silent", "Yes"}) {
		t.Errorf("asked were %v", got)
	}
	if got := l.to("member", n.Event); len(got) != 0 {
		t.Fatalf("%v got it before they accepted", got)
	}
	for name, says := range map[string]string{"Yes": "yes", "No": "no"} {
		if err := l.Casework.ChooseFor(t.Context(), l.ada, l.members[name], id, says); err != nil {
			t.Fatal(err)
		}
	}
	l.Settle()
	if got := l.to("member", n.Event); !slices.Equal(got, []string{"Yes"}) {
		t.Errorf("%v got it", got)
	}
	apptest.Eventually(t, time.Minute, "the arrival in the case", func() error {
		if l.notice(id, "patch").Delivered["vendors"].IsZero() {
			return fmt.Errorf("all who may have it have it, and the case does not say so")
		}
		return nil
	})
}
