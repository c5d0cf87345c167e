package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// odd are the keys of lists whose items are not called by the key without its s.
var odd = map[string]string{"requires": "requirement", "people": "person", "classes": "class", "says": "sentence", "impact": "impact"}

// singular is what one item of a list is called.
func singular(key string) string {
	word := strings.ReplaceAll(key, "_", " ")
	switch {
	case odd[key] != "":
		return odd[key]
	case strings.HasSuffix(word, "ies"):
		return strings.TrimSuffix(word, "ies") + "y"
	case strings.HasSuffix(word, "ss"):
		return word
	}
	return strings.TrimSuffix(word, "s")
}

// upper writes the first letter large.
func upper(text string) string {
	if text == "" {
		return ""
	}
	r, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[n:]
}

// wordsFor is a value for people; empty if it is not there.
func wordsFor(v reflect.Value) string {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return ""
		}
		v = v.Elem()
	}
	switch x := v.Interface().(type) {
	case Duration:
		if x.Zero() {
			return ""
		}
		return x.Words()
	case fmt.Stringer:
		return x.String()
	}
	switch v.Kind() {
	case reflect.String:
		return strings.Join(strings.Fields(v.String()), " ")
	case reflect.Bool:
		if v.Bool() {
			return "yes"
		}
		return "no"
	case reflect.Int, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'f', -1, 64)
	}
	return ""
}

// size is a value as a number, so that one can say whether it grew.
func size(v reflect.Value) float64 {
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			return 1
		}
	case reflect.Int, reflect.Int64:
		return float64(v.Int())
	}
	return 0
}

// isProse says whether a text is a sentence rather than a word.
func isProse(text string) bool { return strings.Count(text, " ") >= 3 }

// texts are the items of a list of words.
func texts(list reflect.Value) []string {
	var all []string
	for i := range list.Len() {
		all = append(all, wordsFor(list.Index(i)))
	}
	return all
}

// longestBrief is how many characters are told of something that came or went.
const longestBrief = 160

// brief says the most important of something that came or went: its short values, without its name.
func brief(v reflect.Value) string {
	var parts []string
	for _, f := range reflect.VisibleFields(v.Type()) {
		key, _ := keyOf(f)
		at := v.FieldByIndex(f.Index)
		if key == "" || slices.Contains([]string{"name", "title", "step"}, key) || at.IsZero() {
			continue
		}
		text := wordsFor(at)
		if w, ok := at.Interface().(*Within); ok && !w.byClass() {
			text = w.All.Words()
		}
		if at.Kind() == reflect.Slice && at.Len() > 0 && at.Index(0).Kind() == reflect.String {
			text = strings.Join(texts(at), ", ")
		}
		if text == "" || at.Kind() == reflect.Bool && text == "no" {
			continue
		}
		if text == "yes" {
			text = ""
		}
		parts = append(parts, strings.TrimSpace(strings.ReplaceAll(key, "_", " ")+" "+text))
	}
	return shortened(strings.Join(parts, "; "), longestBrief)
}

// shortened ends a text at a word, with an ellipsis, if it is longer than so many characters.
func shortened(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	cut := string([]rune(text)[:most])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, ",; ") + " …"
}

// around is how many words that did not change are shown on either side of those that did.
const around = 4

// wordsChanged shows which words of a sentence were replaced: "… within [-two-] {+three+} days after …".
func wordsChanged(was, now string) string {
	a, b := strings.Fields(was), strings.Fields(now)
	before := 0
	for before < min(len(a), len(b)) && a[before] == b[before] {
		before++
	}
	after := 0
	for after < min(len(a), len(b))-before && a[len(a)-1-after] == b[len(b)-1-after] {
		after++
	}
	var out []string
	if before > around {
		out = append(out, "…")
	}
	out = append(out, a[max(0, before-around):before]...)
	if gone := a[before : len(a)-after]; len(gone) > 0 {
		out = append(out, "[-"+strings.Join(gone, " ")+"-]")
	}
	if come := b[before : len(b)-after]; len(come) > 0 {
		out = append(out, "{+"+strings.Join(come, " ")+"+}")
	}
	tail := a[len(a)-after:]
	out = append(out, tail[:min(around, len(tail))]...)
	if len(tail) > around {
		out = append(out, "…")
	}
	return strings.Join(out, " ")
}
