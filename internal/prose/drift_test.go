package prose

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// told are differences in a form that a test can show: what, where, and what is wanted or what changed.
func told(all []Difference) []string {
	var lines []string
	for _, d := range all {
		words := d.Words
		if words == "" {
			words = d.Want + d.Published
		}
		lines = append(lines, fmt.Sprintf("%s %d %s", d.Change, d.Line, words))
	}
	return lines
}

func TestACopyThatOnlyLooksDifferentSaysTheSame(t *testing.T) {
	want := string(fixture(t, "policy.md"))
	for name, published := range map[string]string{
		"itself":                     want,
		"lines of Windows":           strings.ReplaceAll(want, "\n", "\r\n"),
		"with a byte order mark":     "\ufeff" + want,
		"other marks of items":       strings.ReplaceAll(want, "\n- ", "\n   *   "),
		"headings one rank lower":    strings.ReplaceAll(want, "\n## ", "\n### "),
		"no emphasis":                strings.ReplaceAll(want, "**", ""),
		"slanted instead of bold":    strings.ReplaceAll(want, "**", "_"),
		"another version's stamp":    strings.Replace(want, "version 4", "version 5", 1),
		"without the stamp":          want[:strings.Index(want, "\n---\n\nThis page")],
		"in front of front matter":   "---\ntitle: Security\n---\n\n" + want,
		"with a comment in it":       strings.Replace(want, "\n## ", "\n<!-- printed,\ndo not edit -->\n\n## ", 1),
		"curled quotation marks":     strings.ReplaceAll(want, "'", "’"),
		"a hint of GitBook":          strings.Replace(want, "> Please do", "{% hint style=\"danger\" %}\nPlease do", 1),
		"lines broken anew":          reflowed(want, 40),
		"all on long lines":          reflowed(want, 10_000),
		"paragraphs of a mail":       string(fixture(t, "policy-mail.txt")),
		"within a longer page":       "# Handbook\n\nOur pages.\n\n" + want + "\n\n## Elsewhere\n\nSee [the chat](https://example.org/chat).\n",
		"as a page of a static site": string(fixture(t, "policy.html")),
	} {
		t.Run(name, func(t *testing.T) {
			if got := told(Drift([]byte(want), []byte(published))); len(got) > 0 {
				t.Errorf("got\n%s\nwant no difference", strings.Join(got, "\n"))
			}
		})
	}
}

// reflowed breaks the lines of paragraphs and items anew.
func reflowed(text string, width int) string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "|") || strings.HasPrefix(line, "#") {
			out = append(out, line)
			continue
		}
		for len(line) > width {
			at := strings.LastIndexByte(line[:width], ' ')
			if at <= 2 || strings.HasPrefix(line[at+1:], "-") || line[at+1] >= '0' && line[at+1] <= '9' {
				break
			}
			out = append(out, line[:at])
			line = "  " + line[at+1:]
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func TestDriftNamesTheParagraphThatSaysSomethingElse(t *testing.T) {
	want := string(fixture(t, "policy.md"))
	for name, c := range map[string]struct {
		published string
		told      []string
	}{
		"one word": {
			strings.Replace(want, "longer than 90 days", "longer than 120 days", 1),
			[]string{"changed 31 No embargo is longer than [-90-] {+120+} days."},
		},
		"a cell of a table": {
			strings.Replace(want, "| High | 48 hours", "| High | 72 hours", 1),
			[]string{"changed 22 High | [-48-] {+72+} hours | 14 days"},
		},
		"the address behind a word": {
			strings.Replace(want, "(https://chat.harbour.example/)", "(https://chat.harbor.example/)", 1),
			[]string{"changed 5 Write to security@harbour.example. Anything else goes to our chat [-(https://chat.harbour.example/).-] {+(https://chat.harbor.example/).+}"},
		},
		"an item that was left out": {
			strings.Replace(want, "- Do not touch other people's data.\n", "", 1),
			[]string{"missing 13 Do not touch other people's data."},
		},
		"a paragraph slipped in": {
			strings.Replace(want, "## What we promise\n", "## What we promise\n\nNothing of this is binding.\n", 1),
			[]string{"added 19 Nothing of this is binding."},
		},
		"a paragraph in another place": {
			strings.Replace(strings.Replace(want, "- Give us time.\n", "", 1), "- Do not touch other people's data.\n", "- Do not touch other people's data.\n- Give us time.\n", 1),
			[]string{"moved 14 Give us time.Give us time."},
		},
		"a longer page with one word": {
			"# Handbook\n\nOur pages.\n\n" + strings.Replace(want, "within 24 hours of", "within 36 hours of", 1) + "\n\n# Menu\n\n## Reporting\n",
			[]string{"changed 7 We keep lamps burning. A person answers within [-24-] {+36+} hours of your mail."},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if strings.Contains(c.published, want) { // the change above found nothing to change
				t.Fatal("the copy is the text itself")
			}
			if diff := cmp.Diff(c.told, told(Drift([]byte(want), []byte(c.published)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAPageWithoutACopyIsToldOnce(t *testing.T) {
	want := fixture(t, "policy.md")
	for name, published := range map[string]string{
		"about something else": "# Recipes\n\nTake two eggs and a person of good faith.\n\n## What we promise\n\nIt tastes well.\n",
		"empty":                "",
		"a page of an error":   "<!doctype html><title>404</title><h1>Not found</h1>",
	} {
		t.Run(name, func(t *testing.T) {
			got := Drift(want, []byte(published))
			if len(got) != 1 || got[0].Change != NoCopy {
				t.Errorf("got %v, want one answer, %s", told(got), NoCopy)
			}
		})
	}
}

func TestAHostilePageIsAnsweredSoonAndShort(t *testing.T) {
	want := fixture(t, "policy.md")
	lots := func(s string) []byte { return []byte(strings.Repeat(s, Longest/4/len(s))) }
	for name, published := range map[string][]byte{
		"too long":                bytes.Repeat([]byte("a\n\n"), Longest),
		"binary":                  []byte("\x7fELF\x00\x00"),
		"another encoding":        []byte("Gr\xfc\xdfe"),
		"many paragraphs":         lots("Give us time.\n\n"),
		"many words":              lots("time "),
		"many brackets":           lots("[![<"),
		"many links in a line":    append([]byte("<html>"), lots(`<a href="https://a.example">b</a>`)...),
		"many quotes":             lots("> "),
		"many stars":              lots("*_`"),
		"many cells":              lots("| a "),
		"our page over and over":  bytes.Repeat(want, Longest/4/len(want)),
		"open elements":           append([]byte("<html>"), lots("<nav>")...),
		"one paragraph very long": append(append([]byte{}, want...), lots("Give us time, ")...),
	} {
		t.Run(name, func(t *testing.T) {
			got := Drift(want, published)
			if len(got) > mostDifferences+2 {
				t.Errorf("got %d differences", len(got))
			}
		})
	}
}

func FuzzDrift(f *testing.F) {
	f.Add([]byte("# A\n\nb\n"), []byte("<html><p>b</p>"))
	f.Add([]byte("- a\n- b\n"), []byte("- a - b"))
	f.Fuzz(func(t *testing.T, want, published []byte) {
		if got := Drift(want, want); Text(want) == nil && len(got) > 0 && got[0].Change != NoCopy {
			t.Fatalf("a text differs from itself: %v", told(got))
		}
		Drift(want, published)
	})
}
