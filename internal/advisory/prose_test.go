package advisory

import (
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

func TestProseLeavesGoodMarkdownAlone(t *testing.T) {
	for _, s := range []string{
		"", "One sentence.", "**a** `<b>` [c](https://d.example) and 1 < 2 & 3 > 2", "- a\n- b\n\n1. c\n\n> d",
		"```go\n# no heading\n<script>\n```\n\nafter", "    ## code\n", "### Third\ntext\n\n#### Fourth", "| a | b |\n|---|---|\n| 1 | 2 |", "<https://ok.example>",
	} {
		if got := prose(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
}

func TestProseStaysInItsSection(t *testing.T) {
	for s, want := range map[string]string{
		"# a":                    "### a",
		"a\n\n## b ##\nc":        "a\n\n#### b ##\nc",
		"a\n===\nb":              "a\n\\===\nb",
		"a\nb\n---":              "a\nb\n\\---",
		"- # a":                  "- ### a",
		"> ## a":                 "> #### a",
		"#":                      "###",
		"a <b>c</b>":             "a \\<b>c\\</b>",
		"<!-- a\n## b":           "\\<!-- a\n#### b",
		"<div>\n\n# a\n\n</div>": "\\<div>\n\n### a\n\n\\</div>",
		"```\na":                 "\\`\\`\\`\na",
		strings.Repeat("> ", 33): strings.TrimSpace(`\` + strings.Repeat("> ", 33)),
		"~~~~\na\n~~~":           "\\~\\~\\~\\~\na\n\\~\\~\\~",
	} {
		if got := prose(s); got != want {
			t.Errorf("%q became %q, want %q", s, got, want)
		}
	}
}

func TestALineIsShownLetterByLetter(t *testing.T) {
	for _, s := range []string{"a_b*c`d`", "[x](https://e.example)", "- a", "+ a", "# a", "12. a", "12) a", "> a", "<b>&amp;", "---", "===", "~~a~~", `\*`, "{{.x}}", "7.1 (CVSS:3.1/AV:N)", ":--|--"} {
		source := []byte(literal(s))
		doc := commonMark.Parser().Parse(text.NewReader(source))
		var got strings.Builder
		_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if !entering {
				return ast.WalkContinue, nil
			}
			switch n := n.(type) {
			case *ast.Document, *ast.Paragraph:
			case *ast.Text:
				got.Write(n.Segment.Value(source))
			case *ast.AutoLink: // an address may be one: it leads where it says
				got.Write(n.Label(source))
				return ast.WalkSkipChildren, nil
			default:
				t.Errorf("%q has a %s as %q", s, n.Kind(), source)
			}
			return ast.WalkContinue, nil
		})
		if strings.ReplaceAll(got.String(), `\`, "") != strings.ReplaceAll(s, `\`, "") {
			t.Errorf("%q is shown as %q", s, got.String())
		}
	}
}

func FuzzProse(f *testing.F) {
	for _, s := range []string{"# a", "a\n===", "<!--", "```\na", "- ~~~\n  <b", "a <b\nc='\n## d'>", "<pre>\n\n# x\n</pre>\n<?", "[a]: <b\n# c>", "\t# a", "> <div>\n# a\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = manyLines(s)
		got := prose(s)
		if _, sound := mend(got); !sound {
			t.Errorf("%q became %q, which leaves its section", s, got)
		}
		if again := prose(got); again != got {
			t.Errorf("%q became %q and then %q", s, got, again)
		}
		if html := strings.ToLower(string(rendered(s))); strings.Contains(html, "<script") || strings.Contains(html, "<h1") || strings.Contains(html, "<h2") {
			t.Errorf("%q is rendered as %q", s, html)
		}
	})
}

func FuzzWebAddress(f *testing.F) {
	for _, s := range []string{"https://ok.example/a?b=c#d", "javascript:alert(1)", "https://a:b@c", "http://[::1]:80/%zz", "https://ok.example/\"><script>", "//x", "https://ok.example/(a)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := web(s)
		if !ok {
			return
		}
		if !strings.HasPrefix(got, "http://") && !strings.HasPrefix(got, "https://") || strings.ContainsAny(got, "\"'<>()\\^`{|} ") || strings.IndexFunc(got, unicode.IsControl) >= 0 {
			t.Errorf("%q is taken for %q", s, got)
		}
		if again, ok := web(got); !ok || again != got {
			t.Errorf("%q becomes %q becomes %q", s, got, again)
		}
	})
}
