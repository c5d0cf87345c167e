package policy

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/policies"
)

// hostile is a text that tries to cost more than it is worth, or to say other than it seems to.
type hostile struct {
	name, text string
	line       int
	says       string
}

// hostiles are texts that no policy looks like.
func hostiles(t testing.TB) []hostile {
	small := small(t)
	full := func(piece string) string { return strings.Repeat(piece, longestDocument/len(piece)) }
	lines := strings.Count(small, "\n")
	with := func(more string) string { return small + more }
	requires := func(n int, item string) string {
		return "policy: a\nsteps:\n  - step: triage\n    requires:\n" + strings.Repeat("      - "+item+"\n", n)
	}
	all := []hostile{
		{"too long", "policy: " + full("x"), 1, "at most 262144"},
		{"sequences in sequences", full("[")[:49_000], 1, "more than 40 deep"},
		{"mappings in mappings", full("{a: ")[:90_000], 1, "more than 40 deep"},
		{"very many sequences in sequences", full("["), 1, "more than 50000"},
		{"items in items", full("- "), 1, "more than 40 deep"},
		{"keys in keys", full("? "), 1, "more than 40 deep"},
		{"ever further to the right", stairs(200), 41, "more than 40 deep"},
		{"a laugh a billion times", laughs(12), 6, "its aliases repeat too much"},
		{"many aliases of one", "policy: a\nsteps: &s [1, 2, 3, 4, 5, 6, 7, 8, 9]\nroles:\n" + strings.Repeat("  - *s\n", 1990) + "x: [*s, *s, *s, *s, *s, *s, *s, *s, *s]\n", 1994, "its aliases repeat too much"},
		{"an anchor of itself", "policy: a\nsteps: &s\n  - *s\n", 3, "a part of"},
		{"two anchors of each other", "policy: a\nsteps: &a [&b [*a], *b]\n", 2, "a part of"},
		{"too many items", requires(2001, "x"), 5, "at most 2000"},
		{"too many keys", "policy: a\nform:\n" + numbered(3000, "  k%d: 1\n"), 3, "at most 2000"},
		{"too many values", "policy: a\nx:\n" + strings.Repeat("  - ["+strings.Repeat("1, ", 30)+"1]\n", 1000), 627, "more than 20000 values"},
		{"nothing but commas", "{" + full(",")[1:], 1, "more than 50000"},
		{"nothing but colons", "[" + full(":,")[1:], 1, "more than 50000"},
		{"nothing but items", full("-\n"), 50001, "more than 50000"},
		{"nothing but comments", full("- #\n"), 50001, "more than 50000"},
		{"a key twice", with("title: Other\n"), lines + 1, `the key "title" is here twice`},
		{"a key twice, far inside", with("recurring: [{name: a, title: A, every: 1mo, every: 2mo, does: [x]}]\n"), lines + 1, `the key "every" is here twice`},
		{"a class twice", strings.Replace(small, "{high: 24h, low: 7d}", "{high: 24h, high: 7d}", 1), 30, `the key "high" is here twice`},
		{"a merged key", with("bounty:\n  <<: {after: released}\n"), lines + 2, "not merged"},
		{"a key that is a list", with("? [a, b]\n: c\n"), lines + 1, "a key is a word"},
		{"a key that is an alias", with("sources: &s x\n*s : c\n"), lines + 2, "a key is a word"},
		{"a key that is nothing", with("~: c\n"), lines + 1, "a key is a word"},
		{"a very long key", with(full("k")[:1000] + ": c\n"), lines + 1, "at most 60"},
		{"a tag of Python's", with("alone: !!python/object/apply:os.system [\"true\"]\n"), lines + 1, "the tag !!python/object/apply:os.system"},
		{"a tag of its own", with("alone: !x {wait: 1d}\n"), lines + 1, "the tag !x"},
		{"bytes", with("stalled: !!binary aGVsbG8=\n"), lines + 1, "the tag"},
		{"a number of a million digits", with("stalled: " + full("9")[:15000] + "d\n"), lines + 1, "is no duration"},
		{"a duration of ages", with("stalled: 9999w9999w\n"), lines + 1, "longer than ten years"},
		{"a number that no count reaches", strings.Replace(small, "count: 1}", "count: 9999999999999999999999}", 1), 37, "at most 1000000"},
		{"a number without end", strings.Replace(small, "to: 10.0", "to: .inf", 1), 23, "a number belongs"},
		{"a number that is none", strings.Replace(small, "to: 10.0", "to: .nan", 1), 23, "a number belongs"},
		{"a very long text", with("sources: [{title: " + full("x")[:30000] + ", url: \"https://x.example\"}]\n"), lines + 1, "at most 20000"},
		{"a NUL", with("stalled: 1\x00d\n"), lines + 1, "U+0000"},
		{"a NUL that is escaped", with("stalled: \"1\\0d\"\n"), lines + 1, "U+0000"},
		{"an escape of a terminal's", with("website: \"https://x.example/\\e[2J\"\n"), lines + 1, "U+001B"},
		{"a line that is turned around", with("website: https://x.example/\u202ex\n"), lines + 1, "U+202E"},
		{"a mark in the middle", with("website: https://x.example/\ufeffx\n"), lines + 1, "U+FEFF"},
		{"Latin 1", with("website: https://x.example/\xe9\n"), lines + 1, "no UTF-8"},
		{"UTF-16", "\xff\xfep\x00o\x00", 1, "no UTF-8"},
		{"two documents", with("---\npolicy: other\n"), lines + 1, "a second document"},
		{"nothing", "", 1, "no documents"},
		{"only a word", "juno", 1, "begins with the line policy"},
		{"only a list", "[juno]", 1, "begins with the line policy"},
	}
	for i, predicate := range hostilePredicates() {
		all = append(all, hostile{fmt.Sprintf("predicate %d", i), strings.Replace(small, "when: sensitive", "when: '"+strings.ReplaceAll(predicate, "'", "''")+"'", 1), 13, "predicate"})
	}
	return all
}

// hostilePredicates are predicates that would run long, allocate much, or ask what no predicate may.
func hostilePredicates() []string {
	return []string{
		strings.Repeat("sensitive && ", 1000) + "sensitive",
		strings.Repeat("(", 400) + "sensitive" + strings.Repeat(")", 400) + "!",
		strings.Repeat("!", 400) + "sensitive",
		`1 in 1..1000000000`,
		`reports in 1..1000000`,
		`all(1..1000000, all(1..1000000, true))`,
		`len(1..100000) > 1`,
		`("x" + class + "x") matches "(a*)*b"`,
		`class matches "((a{1000}){1000}){1000}"`,
		`class startsWith "x"`,
		`class contains "x"`,
		`score ** 999999 > 1`,
		`2 ** 2 ** 2 ** 2 ** 2 > 1`,
		`class * 1000000 == "x"`,
		`class + class + class == "x"`,
		`repeat("x", 1000000000) == "x"`,
		`{"a": 1}.a == 1`,
		`[1, 2, 3][0] == 1`,
		`[[["x"]]] == [[["x"]]]`,
		`let x = class; x == "high"`,
		`class == "high" ? sensitive : public`,
		`class?.x == nil`,
		`$env.class == "high"`,
		`at_least(class + "x")`,
		`filter([1], # > 0) == [1]`,
		`now() > date("2020-01-01")`,
		`true; true`,
		`class | trim() == "high"`,
		`class ?? "x" == "x"`,
		`reports % 2 == 1`,
		`class[0:1000] == "x"`,
	}
}

func stairs(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

// laughs doubles itself tenfold on each line.
func laughs(lines int) string {
	text := "policy: lol\na0: &a0 [lol, lol]\n"
	for i := range lines {
		text += fmt.Sprintf("a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 10), ", "))
	}
	return text
}

func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// TestHostileTextIsRefusedAtItsLineInLittleTimeAndMemory measures each: 50 ms and 64 MiB are far more than any of them takes.
func TestHostileTextIsRefusedAtItsLineInLittleTimeAndMemory(t *testing.T) {
	for _, h := range hostiles(t) {
		t.Run(h.name, func(t *testing.T) {
			var err error
			quickest, allocated := time.Hour, uint64(0)
			for range 20 { // the machine may be busy with something else; it is enough to be quick once
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				began := time.Now()
				_, err = Read("x.yaml", []byte(h.text))
				quickest = min(quickest, time.Since(began))
				runtime.ReadMemStats(&after)
				allocated = after.TotalAlloc - before.TotalAlloc
				if quickest < 50*time.Millisecond {
					break
				}
			}
			problems, _ := errors.AsType[Problems](err)
			if len(problems) == 0 || len(problems) > mostProblems {
				t.Fatalf("got %d problems, want from 1 to %d: %.200v", len(problems), mostProblems, err)
			}
			if p := problems[0]; p.Line != h.line || !strings.Contains(p.String(), h.says) {
				t.Errorf("got %.300s, want line %d with %q", p, h.line, h.says)
			}
			if len(err.Error()) > 1<<20 {
				t.Errorf("the problems are %d bytes long", len(err.Error()))
			}
			if quickest > 50*time.Millisecond || allocated > 64<<20 {
				t.Errorf("that took %v and %d MiB", quickest, allocated>>20)
			}
		})
	}
}

// TestWhatEditorsLeaveInAFileDoesNoHarm: a mark at its beginning, and lines that end as on Windows.
func TestWhatEditorsLeaveInAFileDoesNoHarm(t *testing.T) {
	text := small(t)
	for name, text := range map[string]string{
		"a mark":           "\ufeff" + text,
		"lines of Windows": strings.ReplaceAll(text, "\n", "\r\n"),
		"a first line":     "---\n" + text,
		"accents":          strings.Replace(text, "title: Small", "title: \"Petit é \\u00e9 🦙 שלום\"", 1),
	} {
		p, err := Read("x.yaml", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if string(p.Flat()) != text {
			t.Errorf("%s: a document that stands alone is kept byte for byte", name)
		}
	}
}

// TestGalleryIsReadQuickly: an editor reads a document at every pause of a keyboard.
func TestGalleryIsReadQuickly(t *testing.T) {
	shortest, err := os.ReadFile("../../policies/testdata/shortest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	texts := shipped(t)
	texts["shortest.yaml"] = shortest
	for name, text := range texts {
		quickest := time.Hour
		for range 20 {
			began := time.Now()
			if _, err := Read(name, text, policies.Files.ReadFile); err != nil {
				t.Fatal(err)
			}
			if quickest = min(quickest, time.Since(began)); quickest < 50*time.Millisecond {
				break
			}
		}
		if quickest > 50*time.Millisecond {
			t.Errorf("%s takes %v", name, quickest)
		}
	}
}
