package web

import (
	"bytes"
	"html/template"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
)

// marks are the marks of a policy as people say them.
var marks = map[string]string{
	"received": "the report", "acknowledged": "the first answer by a person", "validated": "the report being confirmed",
	"invalidated": "the report being found not valid", "triaged": "triage", "analysed": "the written analysis",
	"fix_ready": "the fix being ready", "released": "the release", "disclosed": "publication", "public": "the matter being public",
	"explained": "the post with the details", "rewarded": "the decision about the bounty", "closed": "the end of the case",
}

// markWords says a mark; those of a notice name it by its title.
func markWords(mark string, notices map[string]string) string {
	if says, ok := marks[mark]; ok {
		return says
	}
	if kind, notice, ok := strings.Cut(mark, ":"); ok {
		title := notices[notice]
		if title == "" {
			title = words(notice)
		}
		return "“" + title + "” being " + words(kind)
	}
	return words(mark)
}

// words makes a name of the policy readable: "fix_ready" is "fix ready".
func words(name string) string { return strings.NewReplacer("_", " ", "-", " ").Replace(name) }

// lowerFirst lets a title stand inside a sentence, unless it begins with an abbreviation.
func lowerFirst(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	if second, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsUpper(second) {
		return s
	}
	return string(unicode.ToLower(first)) + s[n:]
}

// upperFirst lets a sentence stand by itself.
func upperFirst(s string) string {
	if s == "" {
		return s
	}
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[n:]
}

// severityStyle names the class of the stylesheet for a severity, as the advisory pages do.
func severityStyle(name string) string {
	if name = strings.Trim(notInClasses.ReplaceAllString(strings.ToLower(name), "-"), "-"); name == "" {
		return "severity"
	}
	return "severity severity-" + name
}

var notInClasses = regexp.MustCompile(`[^a-z0-9]+`)

// linked is a sentence of the policy in which addresses can be followed.
type linked []struct{ Text, URL string }

var address = regexp.MustCompile(`https?://[^\s<>"]*[^\s<>".,;:!?)\]']`)

// linkify finds the addresses in a sentence.
func linkify(s string) linked {
	var out linked
	from := 0
	for _, at := range address.FindAllStringIndex(s, -1) {
		out = append(out, struct{ Text, URL string }{Text: s[from:at[0]]}, struct{ Text, URL string }{s[at[0]:at[1]], s[at[0]:at[1]]})
		from = at[1]
	}
	return append(out, struct{ Text, URL string }{Text: s[from:]})
}

// The policy in words is Markdown of ours around sentences of the project's: both pass the same strainer.
var (
	commonMark = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Linkify), goldmark.WithParserOptions(parser.WithAutoHeadingID()))
	harmless   = func() *bluemonday.Policy {
		p := bluemonday.NewPolicy()
		p.AllowElements("p", "br", "hr", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "h1", "h2", "h3", "h4",
			"table", "thead", "tbody", "tr", "th", "td")
		p.AllowAttrs("href").OnElements("a")
		p.AllowAttrs("id").Matching(regexp.MustCompile(`^[a-z0-9-]+$`)).OnElements("h2", "h3", "h4")
		p.AllowURLSchemes("http", "https", "mailto")
		p.AllowRelativeURLs(true)
		p.RequireParseableURLs(true)
		p.RequireNoFollowOnLinks(false)
		return p
	}()
)

// document makes HTML of a Markdown document: no image, no script, no style, no raw HTML.
func document(markdown []byte) (template.HTML, error) {
	var b bytes.Buffer
	if err := commonMark.Convert(markdown, &b); err != nil {
		return "", err
	}
	return template.HTML(widely.Replace(string(harmless.SanitizeBytes(b.Bytes())))), nil
}

// widely lets tables scroll in a box of their own, which takes the focus so that the keys scroll it too (WCAG 2.2, 2.1.1).
var widely = strings.NewReplacer("<table>", `<div class="scroll" role="group" aria-label="Table" tabindex="0"><table>`, "</table>", "</table></div>")

// list makes a slice of its arguments: the types of a policy need not be named here.
func list[T any](all ...T) []T { return all }
