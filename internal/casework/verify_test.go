package casework

import (
	"crypto/rand"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/ledger"
	"github.com/tipstaff/tipstaff/internal/seal"
	"github.com/tipstaff/tipstaff/internal/store"
)

// keysOf draws the keys of a project.
func keysOf(t testing.TB, name string) (store.NoticeSigner, NoticeKey) {
	t.Helper()
	pgp, err := seal.NewSigning(name, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	skey, vkey, err := ledger.GenerateKey(rand.Reader, "security.example.org/p/"+name+"/notices")
	if err != nil {
		t.Fatal(err)
	}
	note, err := ledger.OpenSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	return store.NoticeSigner{PGP: pgp, Note: note}, NoticeKey{OpenPGP: pgp.Public(), Fingerprint: pgp.Fingerprint(), Verifier: vkey}
}

// asMail is a letter as a mail program saves it.
func asMail(l cvd.Letter) string {
	return "From: Juno <security@juno.example>\r\nTo: anna@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n" +
		strings.ReplaceAll(l.Signed, "\n", "\r\n") + "\r\n--b\r\nContent-Type: text/plain; name=notice-signed.txt\r\n" +
		"Content-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(l.Note)) + "\r\n--b--\r\n"
}

// Whoever is given a text learns whether it is as the project signed it, and nothing else.
func TestATextIsGenuineAlteredOfAnotherOrUnsigned(t *testing.T) {
	ours, key := keysOf(t, "juno")
	theirs, _ := keysOf(t, "mallory")
	const text = "A release is coming on Tue 2026-03-10 16:00 UTC.\n- Stop the node   \n\nFrom 16:00: ten minutes\n— a line with a dash\n"
	at := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	letter := cvd.Letter{Text: signable(text)}
	forged := cvd.Letter{Text: signable(text)}
	if err := sign(ours, &letter, at); err != nil {
		t.Fatal(err)
	}
	if err := sign(theirs, &forged, at); err != nil {
		t.Fatal(err)
	}
	late := func(s string) string { return strings.Replace(s, "16:00 UTC", "18:00 UTC", 1) }
	mixed := letter
	mixed.Signed = forged.Signed
	for name, c := range map[string]struct {
		given string
		want  Genuineness
		by    []string
	}{
		"clear-signed":                  {letter.Signed, Genuine, []string{"OpenPGP"}},
		"clear-signed, with CRLF":       {strings.ReplaceAll(letter.Signed, "\n", "\r\n"), Genuine, []string{"OpenPGP"}},
		"a signed note":                 {letter.Note, Genuine, []string{"signed note"}},
		"a note as a chat shows it":     {"juno-bot — today at 10:00\n" + letter.Note + "\n3 replies\n", Genuine, []string{"signed note"}},
		"a whole mail":                  {asMail(letter), Genuine, []string{"OpenPGP", "signed note"}},
		"another hour, clear-signed":    {late(letter.Signed), Altered, nil},
		"another hour in a note":        {late(letter.Note), Altered, nil},
		"a mail whose text was changed": {late(asMail(letter)), Altered, nil},
		"a mail with two senders":       {asMail(mixed), Altered, nil},
		"two signed texts":              {letter.Signed + "\n" + letter.Signed, Altered, nil},
		"a signature cut off":           {letter.Signed[:len(letter.Signed)-80], Altered, nil},
		"signed by another":             {forged.Signed, Foreign, nil},
		"a note of another":             {forged.Note, Foreign, nil},
		"another's key under our name":  {strings.ReplaceAll(forged.Note, "mallory", "juno"), Foreign, nil},
		"only the text":                 {letter.Text, Unsigned, nil},
		"nothing":                       {"", Unsigned, nil},
		"a mail without text":           {"From: x@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b--\r\n", Unsigned, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := CheckNotice([]byte(c.given), []NoticeKey{key})
			if got.Is != c.want {
				t.Fatalf("it is %s, want %s", got.Is, c.want)
			}
			if diff := cmp.Diff(c.by, got.By); diff != "" {
				t.Errorf("by (-want +got):\n%s", diff)
			}
			if got.Is == Genuine && (got.Text != letter.Text || got.Key.Fingerprint != key.Fingerprint) {
				t.Errorf("it says %q by %s", got.Text, got.Key.Fingerprint)
			}
			if got.Is != Genuine && got.Text != "" {
				t.Errorf("it shows a text that nobody signed: %q", got.Text)
			}
		})
	}
}

func TestPublishedKeysAreReadBack(t *testing.T) {
	_, now := keysOf(t, "juno")
	_, before := keysOf(t, "juno")
	now.From = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	before.From, before.Until = now.From.Add(-time.Hour), now.From
	file := WriteNoticeKeys("Juno", []NoticeKey{now, before})
	got, err := ReadNoticeKeys(strings.ReplaceAll(file, "\n", "\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || strings.TrimSpace(got[1].OpenPGP) != strings.TrimSpace(before.OpenPGP) {
		t.Fatalf("got %+v", got)
	}
	for i, want := range []NoticeKey{now, before} {
		if g := got[i]; g.Fingerprint != want.Fingerprint || g.Verifier != want.Verifier || !g.From.Equal(want.From) || !g.Until.Equal(want.Until) {
			t.Errorf("key %d: got %+v, want %+v", i, g, want)
		}
	}
	if _, err := ReadNoticeKeys("no key here"); err == nil {
		t.Error("a file without keys is read")
	}
}

// Whatever is given, the answer comes, and what is called genuine is a text that the key has signed.
func FuzzCheckNotice(f *testing.F) {
	ours, key := keysOf(f, "juno")
	letter := cvd.Letter{Text: "A release is coming.\n"}
	if err := sign(ours, &letter, time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)); err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{letter.Signed, letter.Note, asMail(letter), "", "— x y", clearBegin, clearBegin + "\n\n" + clearEnd} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, given string) {
		got := CheckNotice([]byte(given), []NoticeKey{key})
		if got.Is == Genuine && got.Text != letter.Text {
			t.Errorf("%q is genuine and says %q", given, got.Text)
		}
	})
}
