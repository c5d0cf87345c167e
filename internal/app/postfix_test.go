package app_test

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/channel"
)

// awkward are lines that mail systems like to change: they hide a first dot, escape a first From, cut blanks at the end, break
// what is long, and send other letters than ASCII in another form.
const awkward = ".\n..\nFrom Monday on: nothing.\n- a dash\n-----\nblanks at the end:   \n\tGrüße — 16:00 in 東京\n"

// Whoever saves a notice as a mail server delivered it finds it genuine: with the program's own command's check of the whole
// file, and with GnuPG of the text that a mail program shows. One letter changed and neither does.
func TestASignedNoticeIsStillGenuineBehindARealMailServer(t *testing.T) {
	server := apptest.Postfix(t)
	text, err := os.ReadFile("testdata/fanout/policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	says := fmt.Sprintf("%q", awkward+strings.Repeat("a long line ", 120)+"\nIt is released on {{release_at}}.")
	policy := strings.Replace(string(text), `"A release is coming on {{release_at}}."`, says, 1)
	l := &lists{t: t, members: map[string]string{}, ada: cvd.Actor{Project: "fan", ID: "ada", Name: "Ada", Standing: cvd.Member, Roles: []string{"maintainer"}}}
	l.Program = apptest.New(t, apptest.Options{Policies: map[string]string{"fan": policy}, Channels: channel.All(),
		People:   map[cvd.ProjectID][]cvd.Person{"fan": {{Handle: "ada", Name: "Ada", Roles: []string{"maintainer"}}}},
		Settings: func(c *app.Config) { c.SMTP, c.MailFrom = server.Address, "Fän security <security@fan.example>" }})
	l.ada.Can = l.Casework.Can("fan", l.ada.Roles)
	for _, name := range []string{"Alpha", "Beta"} {
		if _, err := l.Casework.PutMember(t.Context(), l.ada, cvd.Addressee{Audience: "operators", Kind: "organisation", Name: name,
			Handles: []cvd.Handle{{Service: "mail", Is: strings.ToLower(name) + "@example.org"}}, Consent: cvd.Consent{How: "by letter"}}); err != nil {
			t.Fatal(err)
		}
	}
	l.play(reported + `ada notify {notice: coming, says: {release_at: "2026-04-10T16:00:00Z"}}`)
	keys, err := l.Casework.NoticeKeys(t.Context(), "fan")
	if err != nil {
		t.Fatal(err)
	}
	ring := importedTo(t, keys[0].OpenPGP)
	for _, file := range server.Await(t, 2) {
		saved, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(saved, []byte("by mx.example.org (Postfix)")) {
			t.Fatal("the mail did not come through the server")
		}
		got := app.CheckNotice(saved, keys)
		if got.Is != app.Genuine || len(got.By) != 2 || !strings.Contains(got.Text, "東京") || !strings.Contains(got.Text, "From Monday on") {
			t.Errorf("the saved mail is %s by %v and says %q", got.Is, got.By, got.Text)
		}
		shown := shownText(t, saved)
		if out, err := ring(shown); err != nil {
			t.Errorf("GnuPG: %v\n%s\n%s", err, out, shown)
		}
		if out, err := ring(bytes.Replace(shown, []byte("Monday"), []byte("Friday"), 1)); err == nil {
			t.Errorf("GnuPG takes a text that was changed:\n%s", out)
		}
		if is := app.CheckNotice(bytes.Replace(saved, []byte("Monday"), []byte("Friday"), 1), keys).Is; is != casework.Altered {
			t.Errorf("a mail that was changed is %s", is)
		}
	}
}

// importedTo gives GnuPG a key, and returns what checks a text with it.
func importedTo(t *testing.T, armored string) func(text []byte) ([]byte, error) {
	t.Helper()
	program, home := apptest.Need(t, "gpg"), t.TempDir()
	key := filepath.Join(home, "key.asc")
	if err := os.WriteFile(key, []byte(armored), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(program, "--homedir", home, "--batch", "--import", key).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return func(text []byte) ([]byte, error) {
		file := filepath.Join(home, "text")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			return nil, err
		}
		return exec.Command(program, "--homedir", home, "--batch", "--verify", file).CombinedOutput()
	}
}

// shownText is the text of a mail as a mail program shows it.
func shownText(t *testing.T, saved []byte) []byte {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(saved))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	part, err := multipart.NewReader(m.Body, params["boundary"]).NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	if how := part.Header.Get("Content-Transfer-Encoding"); how != "quoted-printable" {
		t.Fatalf("the text came as %s", how)
	}
	text, err := io.ReadAll(quotedprintable.NewReader(part))
	if err != nil {
		t.Fatal(err)
	}
	return text
}
