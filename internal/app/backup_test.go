package app_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/channel"
	"github.com/tipstaff/tipstaff/internal/seal"
)

// recoverable makes a program whose recovery key the test has, with the project of these tests; no channel takes a letter.
func recoverable(t *testing.T, postgres bool) (p *apptest.Program, recovery string) {
	t.Helper()
	text, err := os.ReadFile("testdata/fault/policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p = apptest.New(t, apptest.Options{Postgres: postgres, Policies: map[string]string{"fault": string(text)},
		People: map[cvd.ProjectID][]cvd.Person{"fault": {{Handle: "ada", Name: "Ada", Roles: []string{"maintainer"}}}}})
	id, err := seal.GenerateIdentity()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.Data, "recovery.pub"), []byte(id.Recipient()), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(context.Background()); err != nil { // a rotation wants the directory for itself
		t.Fatal(err)
	}
	if err := app.RotateKey(t.Context(), p.Config); err != nil {
		t.Fatal(err)
	}
	p.App = reopen(t, p.Config, p.Clock, nil)
	p.Journey.App = p.App
	return p, file(t, id.Text())
}

func file(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// reopen opens a program on a data directory; what it sends is given to sent. Without that, no channel takes a letter for now.
func reopen(t *testing.T, cfg app.Config, clock *app.Clock, sent func(cvd.Letter)) *app.App {
	t.Helper()
	world := app.World{Now: clock.Now, Log: app.LogTo(io.Discard), Quiet: true, Poll: 20 * time.Millisecond}
	for _, c := range channel.All() {
		world.Channels = append(world.Channels, channel.Channel{Name: c.Name, Send: func(_ context.Context, out channel.Out, l cvd.Letter) (channel.Receipt, error) {
			if sent == nil {
				return channel.Receipt{}, errors.New("come back later")
			}
			sent(l)
			return channel.Receipt{At: out.Now()}, nil
		}})
	}
	a, err := app.Open(context.Background(), cfg, world)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return a
}

// elsewhere is where a backup is restored to.
func elsewhere(t *testing.T, postgres bool) app.Config {
	t.Helper()
	cfg := app.Config{Data: filepath.Join(t.TempDir(), "data"), Listen: "localhost:0", URL: "https://security.example.org"}
	if postgres {
		cfg.DatabaseFile = file(t, apptest.Postgres(t))
	}
	return cfg
}

// onAll tells a story for each way from an engine to an engine.
func onAll(t *testing.T, story func(t *testing.T, from, to bool)) {
	names := map[bool]string{false: "SQLite", true: "PostgreSQL"}
	for _, from := range []bool{false, true} {
		for _, to := range []bool{false, true} {
			t.Run(names[from]+" to "+names[to], func(t *testing.T) { story(t, from, to) })
		}
	}
}

const secretWord = "XYLOPHONE-CANARY"

// armed plays a case with a secret up to a publication that is set for the next day, and a notice to sixteen channels.
const armed = `rita reports {kind: vulnerability, title: "XYLOPHONE-CANARY overflow", description: "XYLOPHONE-CANARY", contact: {email: rita@example.org}}
ada acknowledge {}
ada validate {evidence: "It does."}
ada remedy {product: fault, line: "1", status: affected, affected: ">= 1.0.0, < 1.0.1"}
ada draft {text: {title: "Overflow", summary: "It wrote behind the end."}}
ada notify {notice: news, says: {what: "Wait for it."}}
ada disclose {due: $now+24h}`

// Restored, an installation says nothing to the world: its letters wait, and a publication whose instant comes does not become
// public, until a person lets them go.
func TestNothingGoesOutOfARestoreUntilAPersonLetsIt(t *testing.T) {
	onAll(t, func(t *testing.T, from, to bool) {
		p, recovery := recoverable(t, from)
		p.Play("fault", "overflow", armed)
		id := p.Journey.Cases["overflow"]
		backup := filepath.Join(t.TempDir(), "backup.age")
		if _, err := app.Backup(t.Context(), p.Config, backup, false); err != nil {
			t.Fatal(err)
		}
		cfg := elsewhere(t, to)
		if _, err := app.Restore(t.Context(), cfg, backup, recovery); err != nil {
			t.Fatal(err)
		}
		if err := p.Close(t.Context()); err != nil {
			t.Fatal(err)
		}

		clock := app.NewClock(p.Clock.Now())
		var mu sync.Mutex
		var sent []string
		a := reopen(t, cfg, clock, func(l cvd.Letter) {
			mu.Lock()
			defer mu.Unlock()
			sent = append(sent, l.Job)
		})
		public := func() bool {
			t.Helper()
			settle(t, a)
			w := httptest.NewRecorder()
			a.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/p/fault/advisories/index.json", nil))
			c, err := a.Store.Case(t.Context(), "fault", id)
			if err != nil || w.Code != http.StatusOK {
				t.Fatal(w.Code, err)
			}
			if shown := strings.Contains(w.Body.String(), "FLT-SA"); shown != !c.Disclosure.At.IsZero() {
				t.Errorf("the public reads it: %v, and its case says: %v", shown, c.Disclosure.At)
			}
			return !c.Disclosure.At.IsZero()
		}
		due := clock.Now().Add(24 * time.Hour)
		for _, at := range []time.Time{clock.Now(), due, due.Add(72 * time.Hour)} { // and every promise is missed by then
			clock.Set(at)
			if public() || len(sent) > 0 {
				t.Fatalf("at %s it is public, or letters went out: %v", at, sent)
			}
		}
		all, err := app.ListHeld(t.Context(), cfg)
		if err != nil || len(all) != 1 || all[0].Since.IsZero() || all[0].Count < 17 || len(all[0].Publications) != 1 {
			t.Fatalf("held are %+v, %v; want 17 letters and a publication at least", all, err)
		}
		before := all[0].Count
		news := all[0].Letters[0]
		for _, l := range all[0].Letters {
			if l.Kind == "notice" && l.Whom == "c01" {
				news = l
			}
		}
		if !news.Maybe {
			t.Errorf("nobody says that %s may have gone out already", news.Job)
		}
		if err := app.DropHeld(t.Context(), cfg, "", news.Job, "the world has it"); err != nil {
			t.Fatal(err)
		}
		if c, err := a.Store.Case(t.Context(), "fault", id); err != nil || !strings.Contains(c.Notices[0].Failed["c01"], "the world has it") {
			t.Errorf("the case says of the dropped notice: %v, %v", c.Notices[0].Failed, err)
		}
		if _, _, err := app.ReleaseHeld(t.Context(), cfg, app.LetGo{Names: []string{news.Job}}); !errors.Is(err, cvd.NotFound) {
			t.Errorf("what was dropped is let go: %v", err)
		}

		letters, publications, err := app.ReleaseHeld(t.Context(), cfg, app.LetGo{})
		if err != nil || letters != before-1 {
			t.Fatalf("%d letters and %d publications were let go, %v; want %d letters", letters, publications, err, before-1)
		}
		settle(t, a)
		if seen := map[string]bool{}; true {
			for _, job := range sent {
				if seen[job] {
					t.Errorf("%s went out twice", job)
				}
				seen[job] = true
			}
			if len(seen) < letters || seen[news.Job] {
				t.Errorf("%d letters went out of %d, the dropped one among them: %v", len(seen), letters, seen[news.Job])
			}
		}
		if d, err := a.Store.Delivery(t.Context(), "fault", strings.Replace(news.Job, "c01", "c02", 1)); err != nil || d.State != cvd.Sent || !d.Repeated {
			t.Errorf("the letter that may have come twice is %+v, %v", d, err)
		}
	})
}

// A publication whose instant passed while it was held is let go only by who says that it was public since.
func TestPublicationWhoseInstantPassedWhileItWasHeld(t *testing.T) {
	apptest.Long(t) // it closes the hours of half a year
	p, recovery := recoverable(t, false)
	p.Clock.Set(time.Now().UTC().Add(-48 * time.Hour)) // the commands know the real time only
	for _, name := range []string{"one", "two", "three"} {
		p.Play("fault", name, armed)
	}
	backup := filepath.Join(t.TempDir(), "backup.age")
	_, err := app.Backup(t.Context(), p.Config, backup, false)
	cfg := elsewhere(t, false)
	if err == nil {
		_, err = app.Restore(t.Context(), cfg, backup, recovery)
	}
	if err != nil {
		t.Fatal(err)
	}
	clock := app.NewClock(time.Now())
	a := reopen(t, cfg, clock, nil)
	held := func() []string {
		t.Helper()
		settle(t, a)
		all, err := app.ListHeld(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, b := range all[0].Publications {
			if !b.Past {
				t.Errorf("%s is not past", b.ID)
			}
			names = append(names, b.ID)
		}
		return names
	}
	if _, n, err := app.ReleaseHeld(t.Context(), cfg, app.LetGo{}); err != nil || n != 0 {
		t.Errorf("%d publications of the past were let go unasked, %v", n, err)
	}
	names := held()
	if len(names) != 3 {
		t.Fatalf("held are %v", names)
	}
	if _, _, err := app.ReleaseHeld(t.Context(), cfg, app.LetGo{Names: names[1:2], Past: true}); err != nil {
		t.Fatal(err)
	}
	settle(t, a)
	disclosed := func() (n int) {
		for _, name := range []string{"one", "two", "three"} {
			c, err := a.Store.Case(t.Context(), "fault", p.Journey.Cases[name])
			if err != nil {
				t.Fatal(err)
			}
			if !c.Disclosure.At.IsZero() && c.Disclosure.At.After(time.Now().Add(-23*time.Hour)) {
				t.Errorf("%s was public at its instant, and is written down at %s", name, c.Disclosure.At)
			}
			if !c.Disclosure.At.IsZero() {
				n++
			}
		}
		return n
	}
	if n := disclosed(); n != 0 {
		t.Errorf("%d are public: the lists of the second name the first, which is held", n)
	}
	if err := app.DropHeld(t.Context(), cfg, "", names[2], "set it anew"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := app.ReleaseHeld(t.Context(), cfg, app.LetGo{Names: names[:1], Past: true}); err != nil {
		t.Fatal(err)
	}
	settle(t, a)
	if n := disclosed(); n != 2 || len(held()) != 0 {
		t.Errorf("%d are public and %v held; want two and none", n, held())
	}
}

func settle(t *testing.T, a *app.App) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := a.Jobs.Settle(ctx); err != nil {
		t.Fatal(err)
	}
}

// Nothing of a backup can be read without the recovery key, and what is not whole is refused and leaves nothing behind.
func TestBackupIsSealedAndWholeOrRefused(t *testing.T) {
	p, recovery := recoverable(t, false)
	p.Play("fault", "overflow", armed)
	name := filepath.Join(t.TempDir(), "backup.age")
	if _, err := app.Backup(t.Context(), p.Config, name, false); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{secretWord, string(p.Journey.Cases["overflow"]), "projects", "maintainer", "rita@example.org"} {
		for how, form := range apptest.Encodings(word) {
			if bytes.Contains(whole, form) {
				t.Errorf("the backup shows %q as %s", word, how)
			}
		}
	}
	if is, err := os.Stat(name); err != nil || is.Mode().Perm() != 0o600 {
		t.Errorf("the backup has the mode %v, %v", is.Mode(), err)
	}
	if _, err := app.Backup(t.Context(), p.Config, name, false); !errors.Is(err, cvd.Conflict) {
		t.Errorf("a backup over another, unasked: %v", err)
	}
	if _, err := app.Backup(t.Context(), p.Config, name, true); err != nil {
		t.Errorf("a backup over another, asked for: %v", err)
	}
	other, err := seal.GenerateIdentity()
	if err != nil {
		t.Fatal(err)
	}
	flip := func(at int) []byte {
		b := bytes.Clone(whole)
		b[at] ^= 1
		return b
	}
	for _, c := range []struct {
		name, want, key string
		backup          []byte
	}{
		{"another recovery key", "does not open", file(t, other.Text()), whole},
		{"no key", "key file", file(t, "hello"), whole},
		{"cut off in the middle", "cut off", recovery, whole[:len(whole)/2]},
		{"cut off before its end", "cut off", recovery, whole[:len(whole)-1]},
		{"a bit flipped at the beginning", "does not open", recovery, flip(30)},
		{"a bit flipped in the middle", "damaged", recovery, flip(len(whole) / 2)},
		{"a bit flipped at the end", "damaged", recovery, flip(len(whole) - 1)},
		{"something else", "does not open", recovery, []byte("PK\x03\x04")},
	} {
		cfg := elsewhere(t, false)
		_, err := app.Restore(t.Context(), cfg, file(t, string(c.backup)), c.key)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want it to say %q", c.name, err, c.want)
		}
		if _, err := os.Stat(cfg.Data); err == nil {
			t.Errorf("%s: it left a data directory behind", c.name)
		}
	}
	if _, err := app.Restore(t.Context(), p.Config, name, recovery); !errors.Is(err, cvd.Conflict) {
		t.Errorf("a restore over what is there: %v", err)
	}
}

// A restore that was ended in the middle leaves a directory that no server takes for whole, and is begun again.
func TestRestoreThatWasEndedIsBegunAgain(t *testing.T) {
	p, recovery := recoverable(t, false)
	name := filepath.Join(t.TempDir(), "backup.age")
	if _, err := app.Backup(t.Context(), p.Config, name, false); err != nil {
		t.Fatal(err)
	}
	cfg := elsewhere(t, false)
	if _, err := app.Restore(t.Context(), cfg, name, recovery); err != nil {
		t.Fatal(err)
	}
	mark := filepath.Join(cfg.Data, "restoring")
	if err := os.WriteFile(mark, []byte(filepath.Join(cfg.Data, "key")), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Open(t.Context(), cfg, app.World{}); err == nil || !strings.Contains(err.Error(), "did not end") {
		t.Errorf("it is served: %v", err)
	}
	another := cfg
	another.Key = file(t, "somebody's key")
	if _, err := app.Restore(t.Context(), another, name, recovery); !errors.Is(err, cvd.Conflict) {
		t.Errorf("over another key: %v", err)
	}
	if text, err := os.ReadFile(another.Key); err != nil || string(text) != "somebody's key" {
		t.Errorf("the other key is %q, %v", text, err)
	}
	if _, err := app.Restore(t.Context(), cfg, name, recovery); err != nil {
		t.Fatal(err)
	}
	if reports, err := app.VerifyLedger(t.Context(), cfg); err != nil || len(reports) != 1 || reports[0].Err != nil {
		t.Errorf("%+v, %v", reports, err)
	}
}

// Killed at any moment, a backup leaves the file that was there, or a whole new one, and nothing that the next does not clear.
func TestKilledBackupLeavesTheOldFileOrAWholeOne(t *testing.T) {
	apptest.Long(t)
	p, recovery := recoverable(t, false)
	for range 3 {
		p.Play("fault", "overflow", armed)
	}
	dir, program := t.TempDir(), build(t, nil)
	name := filepath.Join(dir, "backup.age")
	made := func(kill time.Duration) {
		cmd := exec.Command(program, "backup", "--force", "--data", p.Data, name)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if kill > 0 {
			pass(t, kill)
			_ = cmd.Process.Kill() // it may have ended
			_ = cmd.Wait()         // killed, or not
		} else if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	made(0)
	whole, rounds := time.Since(began), times(25, 200)
	for round := range rounds { // from its beginning to its end
		made(whole * time.Duration(round+1) / time.Duration(rounds))
		if _, err := app.Restore(t.Context(), elsewhere(t, false), name, recovery); err != nil {
			t.Fatalf("after a kill: %v", err)
		}
	}
	made(0)
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("beside the backup lie %v, %v", left, err)
	}
}
