package seal

import (
	"bytes"
	"crypto/rand"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestReturnCodeIsWrittenToBeTyped(t *testing.T) {
	form := regexp.MustCompile(`^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){6}$`)
	seen := map[string]bool{}
	for range 200 {
		s, err := NewSecret(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if !form.MatchString(s) {
			t.Fatalf("%q is not seven groups of four letters", s)
		}
		if seen[s] {
			t.Fatalf("%q was made twice", s)
		}
		seen[s] = true
	}
}

func TestEveryLetterOfACodeIsAsLikely(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	letters, err := draw(bytes.NewReader(all), 256)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []byte(crockford) {
		if n := bytes.Count(letters, []byte{c}); n != 8 {
			t.Errorf("%q comes %d times of 256, want 8", c, n)
		}
	}
}

func TestReturnCodeIsFoundHoweverItIsTyped(t *testing.T) {
	const code = "7k30-0d9m-1abc-xyzz-1111-0000-tvwq"
	want := HashSecret("juno", "c1", code)
	for name, typed := range map[string]string{
		"as given":            code,
		"upper case":          strings.ToUpper(code),
		"without dashes":      strings.ReplaceAll(code, "-", ""),
		"spaces for dashes":   " " + strings.ReplaceAll(code, "-", " ") + "\n",
		"o for 0":             strings.ReplaceAll(code, "0", "o"),
		"O for 0":             strings.ReplaceAll(code, "0", "O"),
		"l for 1":             strings.ReplaceAll(code, "1", "l"),
		"I for 1":             strings.ReplaceAll(code, "1", "I"),
		"from a letter":       strings.ReplaceAll(code, "-", "\u2011"),
		"from a word file":    strings.ReplaceAll(code, "-", " \u2013\u00a0"),
		"with a minus sign":   strings.ReplaceAll(code, "-", "\u2212"),
		"with a soft hyphen":  strings.ReplaceAll(code, "-", "\u00ad"),
		"broken over lines":   strings.ReplaceAll(code, "-", "-\r\n"),
		"invisible character": "\ufeff" + code + "\u200b",
	} {
		if !SameSecret(HashSecret("juno", "c1", typed), want) {
			t.Errorf("%s: %q is another code (%q)", name, typed, NormalSecret(typed))
		}
	}
}

func TestReturnCodeOpensOneCaseOnly(t *testing.T) {
	want := HashSecret("juno", "c1", "7k30-0d9m")
	for name, got := range map[string][]byte{
		"another case":    HashSecret("juno", "c2", "7k30-0d9m"),
		"another project": HashSecret("luna", "c1", "7k30-0d9m"),
		"letters moved":   HashSecret("junoc", "1", "7k30-0d9m"),
		"another secret":  HashSecret("juno", "c1", "7k30-0d9n"),
		"a token's hash":  HashToken("7k300d9m"),
		"nothing":         nil,
		"a prefix":        want[:31],
	} {
		if SameSecret(got, want) {
			t.Errorf("%s is taken for the code", name)
		}
	}
}

// A case without a code has no hash. Nobody may enter by presenting none.
func TestNoHashIsNoSecret(t *testing.T) {
	if SameSecret(nil, nil) || SameSecret([]byte{}, nil) {
		t.Error("no secret opens a case that has none")
	}
}

func TestTokenIsForMachines(t *testing.T) {
	a, err := NewToken(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^tst_[0-9a-hjkmnp-tv-z]{32}$`).MatchString(a) {
		t.Errorf("%q is not tst_ and 32 letters", a)
	}
	b, err := NewToken(rand.Reader)
	if err != nil || a == b {
		t.Errorf("the same token twice (%v)", err)
	}
	if !bytes.Equal(HashToken(a), HashToken(a)) || bytes.Equal(HashToken(a), HashToken(b)) {
		t.Error("a hash must follow from its token")
	}
	if len(HashToken(a)) != 32 || slices.Equal(HashToken(a), HashToken(strings.ToUpper(a))) {
		t.Error("a token has one spelling")
	}
}

func FuzzNormalSecret(f *testing.F) {
	f.Add("7K3Q-0d9m")
	f.Add("\u2013OIL\u00a0")
	f.Add("\xff\xfe")
	f.Fuzz(func(t *testing.T, typed string) {
		once := NormalSecret(typed)
		if twice := NormalSecret(once); twice != once {
			t.Errorf("%q becomes %q, then %q", typed, once, twice)
		}
	})
}
