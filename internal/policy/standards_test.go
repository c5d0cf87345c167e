package policy

import (
	"reflect"
	"slices"
	"testing"

	"github.com/tipstaff/tipstaff/policies"
)

// TestAPolicyIsMappedToTheStandards: every part of a document that a standard speaks about is found there, by its section.
func TestAPolicyIsMappedToTheStandards(t *testing.T) {
	for name, text := range shipped(t) {
		p, err := Read(name, text, policies.Files.ReadFile)
		if err != nil || p.Overlay() {
			continue // an overlay has a document below it
		}
		all := p.Standards()
		has := func(clause, standard, section string) bool {
			return slices.ContainsFunc(all, func(m Mapped) bool {
				return m.Clause == clause && slices.ContainsFunc(m.Standards, func(s Standard) bool { return s.Name == standard && s.Section == section })
			})
		}
		if !has("policy", iso29147, "9") || !has("policy", cra, "Annex I, Part II (5)") || !has("contacts", iso29147, "9.2.2") {
			t.Errorf("%s: the policy itself and its contacts are not mapped: %v", name, all)
		}
		if p.Has("steps.release") && !has("steps.release", iso30111, "7.1.6") {
			t.Errorf("%s: the release is not mapped", name)
		}
		for _, m := range all {
			if !p.Has(m.Clause) || len(m.Standards) == 0 {
				t.Errorf("%s: %v is no clause with a place in a standard", name, m)
			}
		}
	}
}

// TestEveryPartOfADocumentIsMappedOrIsNone: a new part of the language gets its place, or is named here as having none.
func TestEveryPartOfADocumentIsMappedOrIsNone(t *testing.T) {
	none := []string{"overlay", "extends", "overlays", "drop", "inherit", "title", "prefix", "language", "zone", "website", "summary", "sources",
		"calendar", "steps", "alone", "waivers"}
	for _, f := range keysOf(reflect.TypeFor[Document]()) {
		if _, mapped := standards[f]; mapped == slices.Contains(none, f) {
			t.Errorf("%s: mapped is %v; give it a place in standards, or name it as having none", f, mapped)
		}
	}
}
