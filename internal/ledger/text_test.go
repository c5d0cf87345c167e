package ledger

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"
)

func TestASignedTextIsGenuineAlteredOrOfAnother(t *testing.T) {
	key := func(name string) (Signer, string) {
		skey, vkey, err := GenerateKey(rand.Reader, name)
		if err != nil {
			t.Fatal(err)
		}
		s, err := OpenSigner(skey)
		if err != nil {
			t.Fatal(err)
		}
		return s, vkey
	}
	ours, vkey := key("example.org/p/juno/notices")
	_, other := key("example.org/p/juno/notices")
	const text = "A release is coming.\n\nStop the node.\n"
	signed, err := SignText(text, ours)
	if err != nil {
		t.Fatal(err)
	}
	if got, by, err := OpenText(signed, []string{other, vkey}); err != nil || got != text || by != vkey {
		t.Errorf("got %q by %s, %v", got, by, err)
	}
	for name, c := range map[string]struct {
		signed, key string
		want        error
	}{
		"a changed word": {strings.Replace(signed, "Stop", "Keep", 1), vkey, ErrAltered},
		"another key":    {signed, other, ErrForeign},
	} {
		if _, _, err := OpenText(c.signed, []string{c.key}); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	if _, _, err := OpenText(text, []string{vkey}); err == nil || errors.Is(err, ErrAltered) || errors.Is(err, ErrForeign) {
		t.Errorf("a text without signature: %v", err)
	}
}
