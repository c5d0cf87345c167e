package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/channel"
	"github.com/tipstaff/tipstaff/internal/web"
)

func TestTheInstallationTellsWhoAdministersWhatIsTheMatter(t *testing.T) {
	b := open(t)
	b.Token("juno", "dimi")
	a := b.see("/desk/juno/installation", b.enter("juno", "jake"))
	if a.status != http.StatusOK {
		t.Fatalf("got %d\n%s", a.status, a.body)
	}
	a.says(t, "Key file", "lies beside the database", "Backup warning None was ever made", "SQLite", "Version 1 is in force", "The recovery key", "age1",
		"Jake", "Core engineer, Administrator", "token of a program", "Verifier")
	for _, never := range []string{"AGE-SECRET-KEY", "tst_", "solo-miner-monitor", "Solo Miner"} {
		if strings.Contains(a.body, never) {
			t.Errorf("the page says %q", never)
		}
	}
}

// For a member who may not administer, the page and each of its forms are what is not there, to the byte.
func TestTheInstallationDoesNotExistForOtherMembers(t *testing.T) {
	b := open(t)
	c := b.enter("juno", "dimi")
	absent := b.see("/desk/juno/no/such/page", c)
	for pattern := range web.Patterns() {
		method, path := concrete(pattern)
		if !strings.Contains(path, "/installation") {
			continue
		}
		a := b.see(path, c)
		if method == "POST" {
			a = b.send(path, url.Values{"name": {"x"}, "token": {"x"}, "because": {"x"}}, c)
		}
		if a.status != http.StatusNotFound || a.body != absent.body {
			t.Errorf("%s: got %d and another page than for what is not there", pattern, a.status)
		}
		for name := range a.header {
			if name != "Date" && a.header.Get(name) != absent.header.Get(name) {
				t.Errorf("%s: the header %s is %q, and %q of a page that is not there", pattern, name, a.header.Get(name), absent.header.Get(name))
			}
		}
	}
	if a := b.see("/desk/juno", c); strings.Contains(a.body, "/installation") {
		t.Error("the navigation leads to a page that does not exist for them")
	}
}

func TestARevokedTokenOpensNothingAndAnotherProjectsCannotBeRevoked(t *testing.T) {
	b := open(t)
	c := b.enter("juno", "jake")
	ours, theirs := b.Token("juno", "dimi"), b.Token("solo-miner-monitor", "vera")
	for token, want := range map[string]int{ours: http.StatusSeeOther, theirs: http.StatusNotFound} {
		if a := b.send("/desk/juno/installation/revoke", url.Values{"token": {token[4:12]}}, c); a.status != want {
			t.Errorf("revoke: got %d, want %d\n%s", a.status, want, a.words(t))
		}
	}
	if _, err := b.Auth.Token(t.Context(), "juno", ours); cvd.KindOf(err) == "" {
		t.Error("the token still opens the project")
	}
	if _, err := b.Auth.Token(t.Context(), "solo-miner-monitor", theirs); err != nil {
		t.Errorf("the token of another project does not: %v", err)
	}
}

// held are the names of the letters that the page shows as held.
func (a answer) held(t *testing.T) (names []string) {
	t.Helper()
	for _, n := range a.elements(t) {
		if n.Data == "input" && attr(n, "name") == "name" && !slices.Contains(names, attr(n, "value")) {
			names = append(names, attr(n, "value"))
		}
	}
	return names
}

// Without a mail server letters are held. One that is let go tries its way again, and one that is dropped never does.
func TestAHeldLetterIsLetGoOrDropped(t *testing.T) {
	b := browser{apptest.New(t, apptest.Options{Channels: channel.All()}), t}
	c := b.enter("juno", "jake")
	secret := b.report("juno", aReport())
	b.Settle()
	a := b.see("/desk/juno/installation", c)
	a.says(t, "alarm to", string(of(secret)), "Let go now it would be held again: no mail server: --smtp", "since Mon 2026-03-02 09:00 UTC")
	letters := a.held(t)
	if len(letters) < 2 {
		t.Fatalf("the page names %v, want the letters to those who are alarmed", letters)
	}
	if a := b.send("/desk/juno/installation/drop", url.Values{"name": {letters[0]}}, c); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.words(t), "Say why it does not go out") {
		t.Errorf("dropped without a reason: got %d\n%s", a.status, a.words(t))
	}
	b.Clock.Set(b.Clock.Now().Add(5 * time.Minute))
	for path, job := range map[string]string{"drop": letters[0], "release": letters[1]} {
		if a := b.send("/desk/juno/installation/"+path, url.Values{"name": {job}, "because": {"it is old"}}, c); a.status != http.StatusSeeOther {
			t.Errorf("%s: got %d\n%s", path, a.status, a.words(t))
		}
	}
	b.Settle()
	after := b.see("/desk/juno/installation", c)
	after.says(t, "since Mon 2026-03-02 09:05 UTC") // it was tried again, and there is still no mail server
	if left := after.held(t); slices.Contains(left, letters[0]) || len(left) != len(letters)-1 {
		t.Errorf("held are now %v, want those of before without the one that was dropped: %v", left, letters)
	}
}
