package web

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// marked writes a comparison as an editor of proofs would: [-gone-] and {+new+}.
func marked(all []piece) string {
	var b strings.Builder
	for _, p := range all {
		switch {
		case p.Gone:
			b.WriteString("[-" + p.Text + "-]")
		case p.Inserted:
			b.WriteString("{+" + p.Text + "+}")
		default:
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestAComparisonShowsWordsAndNotWholeTexts(t *testing.T) {
	for name, c := range map[string]struct{ old, now, want string }{
		"the same":                     {"a b c", "a b c", "a b c"},
		"a word replaced":              {"Update to 1.2.3 today.", "Update to 1.2.4 today.", "Update to 1.2.[-3-]{+4+} today."},
		"a word added in the middle":   {"anybody can send it", "anybody online can send it", "anybody{+ online+} can send it"},
		"a sentence added at the end":  {"First.", "First. Second.", "First.{+ Second.+}"},
		"written for the first time":   {"", "New text", "{+New text+}"},
		"taken out":                    {"Old text", "", "[-Old text-]"},
		"a line between two that stay": {"one\nthree\n", "one\ntwo\nthree\n", "one\n{+two\n+}three\n"},
		"one line of three changes":    {"a\nb c d\ne\n", "a\nb x d\ne\n", "a\nb[- c-]{+ x+} d\ne\n"},
		"in another script":            {"日本 語", "日本 国", "日本[- 語-]{+ 国+}"},
	} {
		if got := marked(compare(c.old, c.now)); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// Whatever is compared: what stays and what is gone is the old text, what stays and what is new the new one.
func TestAComparisonLosesNothing(t *testing.T) {
	seed := rand.New(rand.NewPCG(1, 2))
	some := func() string {
		var b strings.Builder
		for range seed.IntN(40) {
			b.WriteString([]string{"a", "b", "attack", ".", " ", "\n", "ü", ", "}[seed.IntN(8)])
		}
		return b.String()
	}
	for range 2000 {
		old, now := some(), some()
		var before, after strings.Builder
		for _, p := range compare(old, now) {
			if !p.Inserted {
				before.WriteString(p.Text)
			}
			if !p.Gone {
				after.WriteString(p.Text)
			}
		}
		if before.String() != old || after.String() != now {
			t.Fatalf("compare(%q, %q) has %q before and %q after", old, now, before.String(), after.String())
		}
	}
}

// Two texts of 64 KiB that have nothing in common are shown as replaced, and not compared for minutes.
func TestTextsWithoutAnythingInCommonAreShownAsReplaced(t *testing.T) {
	old, now := strings.Repeat("old ", 16<<10)+"end", strings.Repeat("new ", 16<<10)+"stop"
	got := compare(old, now)
	if len(got) != 2 || !got[0].Gone || !got[1].Inserted || got[0].Text != old || got[1].Text != now {
		t.Errorf("got %d pieces, want the old text and the new one", len(got))
	}
}
