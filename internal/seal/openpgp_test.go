package seal_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/seal"
)

func signing(t *testing.T, name string) seal.Signing {
	t.Helper()
	s, err := seal.NewSigning(name, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const letter = "A release is coming on 2026-03-10 16:00 UTC.\n\n- Stop the node.\n-----BEGIN nothing\nDowntime: ten minutes\n"

func TestAClearSignedTextIsGenuineAlteredOrOfAnother(t *testing.T) {
	ours, other := signing(t, "Juno notices"), signing(t, "Somebody")
	at := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	signed, err := ours.Sign([]byte(letter), at)
	if err != nil {
		t.Fatal(err)
	}
	got, err := seal.OpenClearSigned(signed, []string{other.Public(), ours.Public()})
	if err != nil || strings.TrimRight(got.Text, "\n") != strings.TrimRight(letter, "\n") || got.Fingerprint != ours.Fingerprint() || !got.At.Equal(at) {
		t.Errorf("got %+v, %v", got, err)
	}
	for name, c := range map[string]struct {
		message string
		keys    []string
		want    error
	}{
		"a changed hour":       {strings.Replace(string(signed), "16:00", "18:00", 1), []string{ours.Public()}, seal.ErrAltered},
		"a line more":          {strings.Replace(string(signed), "Downtime", "Send coins\nDowntime", 1), []string{ours.Public()}, seal.ErrAltered},
		"signed by another":    {string(signed), []string{other.Public()}, seal.ErrForeign},
		"no keys at all":       {string(signed), nil, seal.ErrForeign},
		"a signature cut off":  {string(signed[:len(signed)-60]), []string{ours.Public()}, seal.ErrUnread},
		"a text without any":   {letter, []string{ours.Public()}, seal.ErrUnread},
		"the head of one only": {"-----BEGIN PGP SIGNED MESSAGE-----\n\nx", []string{ours.Public()}, seal.ErrUnread},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := seal.OpenClearSigned([]byte(c.message), c.keys); !errors.Is(err, c.want) {
				t.Errorf("got %+v, %v, want %v", got, err, c.want)
			}
		})
	}
}

func TestASigningKeyPrintsAsSealedAndTakesNoLetters(t *testing.T) {
	s := signing(t, "Juno notices")
	for _, text := range []string{fmt.Sprint(s), fmt.Sprintf("%#v", s), fmt.Sprintf("%+v", &s)} {
		if strings.Contains(text, "PRIVATE KEY") {
			t.Errorf("it prints its secret: %s", text)
		}
	}
	again, err := seal.OpenSigning(string(s.Private()))
	if err != nil || again.Fingerprint() != s.Fingerprint() || again.Public() != s.Public() {
		t.Errorf("read again: %v", err)
	}
}

// GnuPG imports the key and accepts the signature; it refuses to encrypt to the key.
func TestGnuPGReadsWhatWeSign(t *testing.T) {
	gpg := apptest.Need(t, "gpg")
	home, err := os.MkdirTemp("", "gpg") // a short name: the agent's socket lies in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	s := signing(t, "Juno notices, security.example.org/p/juno")
	signed, err := s.Sign([]byte(letter), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) string {
		file := filepath.Join(home, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	run := func(args ...string) (string, error) {
		out, err := exec.Command(gpg, append([]string{"--homedir", home, "--batch", "--trust-model", "always"}, args...)...).CombinedOutput()
		return string(out), err
	}
	if out, err := run("--import", write("key.asc", s.Public())); err != nil {
		t.Fatalf("gpg takes the key: %v\n%s", err, out)
	}
	if out, err := run("--verify", write("notice.asc", string(signed))); err != nil || !strings.Contains(out, "Good signature") {
		t.Errorf("gpg checks the notice: %v\n%s", err, out)
	}
	if out, err := run("--verify", write("altered.asc", strings.Replace(string(signed), "16:00", "18:00", 1))); err == nil {
		t.Errorf("gpg accepts an altered notice:\n%s", out)
	}
	if out, err := run("--encrypt", "--recipient", s.Fingerprint(), write("secret.txt", "x")); err == nil {
		t.Errorf("gpg encrypts to a key that nobody reads with:\n%s", out)
	}
}
