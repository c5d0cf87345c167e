package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
)

func newKey(t testing.TB) Key {
	t.Helper()
	k, err := NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestSealedContentOpensWhereItBelongs(t *testing.T) {
	k := newKey(t)
	for name, plain := range map[string][]byte{
		"a report":     []byte("heap overflow in the parser"),
		"nothing":      {},
		"many bytes":   bytes.Repeat([]byte("x"), 1<<20),
		"binary bytes": {0, 1, 2, 0xff, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := k.Seal(plain, "juno", "c1", "e1")
			if got, want := len(s), len(plain)+Overhead; got != want {
				t.Errorf("sealed length is %d, want %d", got, want)
			}
			got, err := k.Box().Open(s, "juno", "c1", "e1")
			if err != nil || !bytes.Equal(got, plain) {
				t.Errorf("opened %d bytes, %v; want the %d sealed ones", len(got), err, len(plain))
			}
		})
	}
}

func TestSealedContentNeverLooksTheSameTwice(t *testing.T) {
	k := newKey(t)
	if bytes.Equal(k.Seal([]byte("same"), "c1"), k.Seal([]byte("same"), "c1")) {
		t.Error("two sealings of one text are equal: a reader of the database learns that they are")
	}
}

func TestSealedContentOpensNowhereElse(t *testing.T) {
	k := newKey(t)
	s := k.Seal([]byte("SECRET"), "juno", "c1", "e1")
	for name, bound := range map[string][]string{
		"another case":       {"juno", "c2", "e1"},
		"another project":    {"luna", "c1", "e1"},
		"other order":        {"juno", "e1", "c1"},
		"letters moved":      {"junoc", "1", "e1"},
		"parts glued":        {"junoc1e1"},
		"one part less":      {"juno", "c1"},
		"one empty part too": {"juno", "c1", "e1", ""},
		"nothing":            nil,
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := k.Open(s, bound...); !errors.Is(err, ErrClosed) || got != nil {
				t.Errorf("opened as %q, %v; want ErrClosed", got, err)
			}
		})
	}
	if _, err := newKey(t).Open(s, "juno", "c1", "e1"); !errors.Is(err, ErrClosed) {
		t.Errorf("under another key: %v, want ErrClosed", err)
	}
}

func TestEveryChangedByteIsNoticed(t *testing.T) {
	b := newKey(t).Box()
	s := b.Seal([]byte("SECRET"), "c1")
	for i := range s {
		for bit := range 8 {
			changed := slices.Clone(s)
			changed[i] ^= 1 << bit
			if got, err := b.Open(changed, "c1"); err == nil {
				t.Fatalf("byte %d bit %d changed, yet it opens as %q", i, bit, got)
			}
		}
	}
	for n := range s {
		if _, err := b.Open(s[:n], "c1"); err == nil {
			t.Fatalf("cut to %d of %d bytes, yet it opens", n, len(s))
		}
	}
	if _, err := b.Open(append(slices.Clone(s), 0), "c1"); err == nil {
		t.Fatal("one byte longer, yet it opens")
	}
}

func TestCaseKeyIsWrappedUnderTheProjectKey(t *testing.T) {
	project, inner := newKey(t).Box(), newKey(t)
	w := project.WrapKey(inner, "juno", "c1")
	got, err := project.UnwrapKey(w, "juno", "c1")
	if err != nil || !got.Same(inner) {
		t.Fatalf("the unwrapped key is another one (%v)", err)
	}
	if _, err := got.Open(inner.Seal([]byte("x"))); err != nil {
		t.Errorf("the unwrapped key does not open what the wrapped one sealed: %v", err)
	}
	if _, err := project.UnwrapKey(w, "juno", "c2"); !errors.Is(err, ErrClosed) {
		t.Errorf("unwrapped for another case: %v, want ErrClosed", err)
	}
}

// Whoever can have 32 bytes of content sealed must not be able to pass them off as a key, and
// a wrapped key must not come out as content.
func TestKeysAndContentAreTwoThings(t *testing.T) {
	b := newKey(t).Box()
	content := b.Seal(bytes.Repeat([]byte{7}, KeySize), "c1")
	if _, err := b.UnwrapKey(content, "c1"); err == nil {
		t.Error("content was unwrapped as a key")
	}
	content[0] = keyV1
	if _, err := b.UnwrapKey(content, "c1"); err == nil {
		t.Error("content with the first byte of a key was unwrapped as a key")
	}
	if _, err := b.Open(b.WrapKey(newKey(t), "c1"), "c1"); err == nil {
		t.Error("a wrapped key was opened as content")
	}
}

func TestDerivedKeysDiffer(t *testing.T) {
	k := newKey(t)
	if !k.Derive("words").Same(k.Derive("words")) {
		t.Error("one label gives two keys")
	}
	for _, other := range []Key{k, k.Derive("ledger"), k.Derive(""), newKey(t).Derive("words")} {
		if k.Derive("words").Same(other) {
			t.Error("two labels, or two keys, derive the same key")
		}
	}
}

func TestPartsOfAMACStayApart(t *testing.T) {
	k := newKey(t)
	seen := map[string][]string{}
	for _, parts := range [][]string{
		nil, {""}, {"", ""}, {"abc"}, {"ab", "c"}, {"a", "bc"}, {"abc", ""}, {"", "abc"},
		{"a", "b", "c"}, {"\x01a"}, {strings.Repeat("a", 200)}, {strings.Repeat("a", 128), strings.Repeat("a", 72)},
	} {
		m := string(k.MAC(parts...))
		if before, ok := seen[m]; ok {
			t.Errorf("%q and %q have one MAC", before, parts)
		}
		seen[m] = parts
	}
	if !bytes.Equal(k.MAC("a", "b"), k.MAC("a", "b")) || bytes.Equal(k.MAC("a"), newKey(t).MAC("a")) {
		t.Error("a MAC must follow from key and parts, and from nothing else")
	}
}

// Whatever stands in the parts, lengths and separators too: all lists of up to three short parts.
func TestNoTwoListsOfPartsJoinAlike(t *testing.T) {
	words := []string{""}
	for _, a := range "\x00\x01\x02\x07a" {
		words = append(words, string(a))
		for _, b := range "\x00\x01\x02\x07a" {
			words = append(words, string(a)+string(b))
		}
	}
	seen := map[string][]string{"": nil}
	add := func(parts ...string) {
		j := string(join(nil, parts))
		if before, ok := seen[j]; ok {
			t.Fatalf("%q and %q join alike: %q", before, parts, j)
		}
		seen[j] = parts
	}
	for _, a := range words {
		add(a)
		for _, b := range words {
			add(a, b)
			for _, c := range words {
				add(a, b, c)
			}
		}
	}
}

// The bytes of a key must not be found in anything that can be printed of it, alone or inside
// another value, exported or not, by value or by address.
func TestNothingPrintsASecret(t *testing.T) {
	k, err := NewKey(bytes.NewReader(bytes.Repeat([]byte("K"), KeySize)))
	if err != nil {
		t.Fatal(err)
	}
	id, err := GenerateIdentity()
	if err != nil {
		t.Fatal(err)
	}
	type holder struct {
		Shown  any
		Key    Key
		hidden Key
		box    Box
		id     Identity
		many   []Key
	}
	h := holder{Shown: k, Key: k, hidden: k, box: k.Box(), id: id, many: []Key{k}}
	var printed strings.Builder
	for _, v := range []any{k, &k, k.Box(), id, &id, h, &h, []Key{k}, map[string]Key{"k": k}, []holder{h}} {
		for _, verb := range strings.Fields("%v %+v %#v %s %q %x %X %d %o %b %c %U %t %e %p %T %20s %-20.3x %z") {
			fmt.Fprintf(&printed, verb+"\n", v)
		}
		js, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		printed.Write(js)
		slog.New(slog.NewTextHandler(&printed, nil)).Info("text", "v", v)
		slog.New(slog.NewJSONHandler(&printed, nil)).Info("json", "v", v)
	}
	got := printed.String()
	secret := []byte(id.get().String())
	for name, never := range map[string]string{
		"letters":      "KKKK",
		"hexadecimal":  hex.EncodeToString([]byte("KKKK")),
		"decimal":      "75 75 75",
		"go syntax":    "0x4b, 0x4b",
		"binary":       "1001011 1001011",
		"octal":        "113 113 113",
		"base64":       "S0tLS0tL",
		"words":        "1263225675", // the first four of an expanded AES key are the key
		"the identity": string(secret[len("AGE-SECRET-KEY-1"):]),
		"its prefix":   "AGE-SECRET",
	} {
		if strings.Contains(strings.ToUpper(got), strings.ToUpper(never)) {
			t.Errorf("the secret shows as %s (%q) when printed", name, never)
		}
	}
	for _, s := range []fmt.Stringer{k, k.Box(), id} {
		if s.String() != "sealed" {
			t.Errorf("String is %q", s.String())
		}
	}
}

func TestKeyFileIsAnAgeFile(t *testing.T) {
	id, err := GenerateIdentity()
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := age.ParseIdentities(strings.NewReader(id.Text()))
	if err != nil || len(theirs) != 1 {
		t.Fatalf("age reads %d identities from the key file: %v", len(theirs), err)
	}
	s, err := SealTo(Recipients{id.Recipient()}, []byte("project key"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := age.Decrypt(bytes.NewReader(s), theirs...)
	if err != nil {
		t.Fatalf("age does not open what was sealed to the installation: %v", err)
	}
	var plain bytes.Buffer
	if _, err := plain.ReadFrom(r); err != nil || plain.String() != "project key" {
		t.Errorf("age reads %q, %v", plain.String(), err)
	}
	again, err := ParseIdentity(id.Text())
	if err != nil || again.Recipient() != id.Recipient() {
		t.Errorf("the key file is read as another identity (%v)", err)
	}
}

func TestRecoveryKeyOpensWhatTheInstallationOpens(t *testing.T) {
	installation, recovery, stranger := identity(t), identity(t), identity(t)
	to := Recipients{installation.Recipient(), recovery.Recipient()}
	k := newKey(t)
	s, err := k.SealTo(to, "juno")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []Identity{installation, recovery} {
		if got, err := id.OpenKey(s, "juno"); err != nil || !got.Same(k) {
			t.Errorf("the project's key does not open: %v", err)
		}
		if _, err := id.OpenKey(s, "luna"); !errors.Is(err, ErrClosed) {
			t.Errorf("one project's key opened as another's: %v", err)
		}
		if _, err := id.OpenKey(s); !errors.Is(err, ErrClosed) {
			t.Errorf("a project's key opened as nobody's: %v", err)
		}
	}
	for _, id := range []Identity{stranger, {}} {
		if _, err := id.OpenKey(s, "juno"); !errors.Is(err, ErrClosed) {
			t.Errorf("a stranger opens the project's key: %v", err)
		}
	}
	for i := range s {
		changed := slices.Clone(s)
		changed[i] ^= 1
		if got, err := installation.OpenKey(changed, "juno"); err == nil && !got.Same(k) {
			t.Fatalf("byte %d changed, and another key opened", i)
		}
	}
}

func TestKeyFileErrorsDoNotRepeatTheKey(t *testing.T) {
	id := identity(t)
	secret := id.get().String()
	for name, text := range map[string]string{
		"empty":          "",
		"two identities": secret + "\n" + identity(t).get().String(),
		"cut":            secret[:40],
		"changed":        secret[:30] + "Q" + secret[31:] + "Q",
		"indented":       " " + secret,
		"public half":    id.Recipient(),
	} {
		_, err := ParseIdentity(text)
		if err == nil {
			t.Errorf("%s: read without an error", name)
			continue
		}
		if strings.Contains(err.Error(), secret[20:30]) {
			t.Errorf("%s: the error repeats the key: %v", name, err)
		}
	}
	_, err := SealTo(Recipients{id.Recipient(), secret}, []byte("x"))
	if err == nil || strings.Contains(err.Error(), secret[20:30]) {
		t.Errorf("a secret half among the recipients: %v", err)
	}
	if _, err := SealTo(nil, []byte("x")); err == nil {
		t.Error("sealed to nobody: what nobody can open is lost")
	}
}

func identity(t testing.TB) Identity {
	t.Helper()
	id, err := GenerateIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestShortRandomnessIsAnError(t *testing.T) {
	short := func() *bytes.Reader { return bytes.NewReader(make([]byte, 3)) }
	_, errKey := NewKey(short())
	_, errSecret := NewSecret(short())
	_, errToken := NewToken(short())
	for name, err := range map[string]error{"key": errKey, "secret": errSecret, "token": errToken} {
		if err == nil {
			t.Errorf("%s made of three random bytes", name)
		}
	}
}

func BenchmarkOpenReport(b *testing.B) {
	box := newKey(b).Box()
	s := box.Seal(make([]byte, 1400), "project", "case", "event")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := box.Open(s, "project", "case", "event"); err != nil {
			b.Fatal(err)
		}
	}
}
