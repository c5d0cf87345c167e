package app_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// Who took part in a case that goes on elsewhere hears of it by mail: until when they are bound by what they signed, and where they may
// be asked anew. Who was asked and did not answer learns no more than that nobody waits; who said no hears nothing.
func TestWhoTookPartHearsThatTheCaseGoesOnElsewhere(t *testing.T) {
	for _, postgres := range []bool{false, true} {
		if postgres {
			apptest.Need(t, "postgres")
		}
		var mu sync.Mutex
		letters := map[string][]cvd.Letter{}
		mara := cvd.Person{Handle: "mara", Name: "Mara", Roles: []string{"core"}, Active: true}
		keeper := cvd.Person{Handle: "mara", Name: "Mara", Roles: []string{"maintainer"}, Active: true}
		p := apptest.New(t, apptest.Options{Postgres: postgres, Projects: []string{"juno", "solo-miner-monitor"},
			People: map[cvd.ProjectID][]cvd.Person{"juno": {mara}, "solo-miner-monitor": {keeper}},
			Post: func(l cvd.Letter) {
				mu.Lock()
				defer mu.Unlock()
				whom := l.Job[strings.LastIndexByte(l.Job, '.')+1:]
				letters[whom] = append(letters[whom], l)
			}})
		const asked = `
rita reports {kind: security, title: "Quetzal overflow", description: "An ocelot message is counted twice."}
mara validate {evidence: "seen"}
mara embargo {until: 2026-03-20T16:00:00Z}
mara asks harbour {name: Harbour, kind: vendor, address: harbour@example.org, zone: Europe/Berlin}
harbour joins
mara asks quay {name: Quay, kind: vendor, address: quay@example.org}
mara asks pier {name: Pier, kind: vendor, address: pier@example.org}
pier answer {accept: false}
`
		last := func(to string) cvd.Letter {
			t.Helper()
			mu.Lock()
			defer mu.Unlock()
			if len(letters[to]) == 0 {
				return cvd.Letter{}
			}
			return letters[to][len(letters[to])-1]
		}
		told := func(how, where string) {
			t.Helper()
			p.Settle()
			signed := last("guest:1")
			for _, want := range []string{"goes on elsewhere", "went to " + where, "you keep the embargo until Fri 2026-03-20 16:00 UTC", "ask you anew"} {
				if !strings.Contains(signed.Subject+"\n"+signed.Text, want) {
					t.Errorf("%s: the letter to who signed does not say %q:\n%s\n%s", how, want, signed.Subject, signed.Text)
				}
			}
			if silent := last("guest:2"); !strings.Contains(silent.Subject, "No answer is needed") || strings.Contains(silent.Text, "Monitor") || strings.Contains(silent.Text, "embargo until") {
				t.Errorf("%s: the letter to who did not answer is\n%s\n%s", how, silent.Subject, silent.Text)
			}
			if refused := last("guest:3"); strings.Contains(refused.Text, "went to") {
				t.Errorf("%s: who declined hears:\n%s", how, refused.Text)
			}
			for to, all := range letters {
				for _, l := range all {
					if text := strings.ToLower(l.Subject + l.Text); strings.Contains(text, "quetzal") || strings.Contains(text, "theirs by rights") || strings.Contains(text, "..") {
						t.Errorf("%s: a letter to %s says\n%s\n%s", how, to, l.Subject, l.Text)
					}
				}
			}
		}
		p.Play("juno", "moved", asked+`mara move {to: solo-miner-monitor, because: "Theirs by rights.", confirm: true}`)
		told("moved", "the project "+title(t, p, "solo-miner-monitor"))
		letters = map[string][]cvd.Letter{}
		p.Play("juno", "handed", asked)
		id := p.Journey.Cases["handed"]
		_, _, err := p.Casework.HandOver(t.Context(), p.Actor("juno", "mara"), casework.About{Case: id},
			cvd.HandedOver{To: apptest.New(t, apptest.Options{}).Casework.Recipient(), Because: "Theirs by rights."})
		if err != nil {
			t.Fatal(err)
		}
		told("handed over", "another installation")
	}
}

func title(t *testing.T, p *apptest.Program, project cvd.ProjectID) string {
	t.Helper()
	doc, err := p.Casework.PolicyOf(project)
	if err != nil {
		t.Fatal(err)
	}
	return doc.Document.Title
}
