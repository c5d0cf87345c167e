package policy

import (
	"reflect"
	"regexp"
	"testing"
)

// TestALiteralIsSoughtAsItsExpressionFindsIt: what is looked for first never hides what the expression would have found.
func TestALiteralIsSoughtAsItsExpressionFindsIt(t *testing.T) {
	texts := []string{"a Critical issue", "severity of critical", "SEVERITY: cRiTiCal", "Severity of CRITICAL", "severity critical",
		"severity of ris\u212a", "severity of RISK", "severity of ri\u017fk", "uncritical severity", "Critical", "ask jake-1 today", "ask jake-10 today", ""}
	for _, as := range []struct {
		words string
		finds func(string) *regexp.Regexp
		any   bool // in any case
	}{{"Critical", ofClass, true}, {"Risk", ofClass, true}, {"jake-1", wholeWord, false}} {
		l := literal{words: as.words, finds: as.finds}
		if as.any {
			l.folded = foldCase(as.words)
		}
		for _, text := range texts {
			if got, want := l.in(text, foldCase(text)), as.finds(as.words).MatchString(text); got != want {
				t.Errorf("%q in %q: got %v, want %v", as.words, text, got, want)
			}
		}
	}
}

// TestADocumentEmbedsNothing: whoever walks a document looks at each type's own fields only.
func TestADocumentEmbedsNothing(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(of reflect.Type) {
		for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice || of.Kind() == reflect.Map {
			of = of.Elem()
		}
		if of.Kind() != reflect.Struct || seen[of] {
			return
		}
		seen[of] = true
		for i := range of.NumField() {
			if f := of.Field(i); f.Anonymous {
				t.Errorf("%s embeds %s", of, f.Name)
			} else if key, _ := keyOf(f); key != "" {
				walk(f.Type)
			}
		}
	}
	walk(reflect.TypeFor[Document]())
}
