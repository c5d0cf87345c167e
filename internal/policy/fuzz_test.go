package policy

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/policies"
)

// FuzzRead: whatever text comes, it is a policy whose lints and pages can be made and whose flat text is the same policy, or
// a list of problems with their places.
func FuzzRead(f *testing.F) {
	f.Add([]byte(small(f)))
	f.Add([]byte("steps: [{step: x, requires: [{wait: {for: 99999999999d}}]}]"))
	f.Add([]byte("policy: x\nextends: default\ndrop: [clocks.response, notices.coming]\noverlays: [default]\ninherit: [{clause: clocks, may: lower}]\n"))
	f.Add([]byte("overlay: x\nclocks: [{name: response, within: 3d}]\n"))
	for _, text := range shipped(f) {
		f.Add(text)
	}
	for _, h := range hostiles(f) {
		f.Add([]byte(h.text))
	}
	files := func(name string) ([]byte, error) {
		if name == smallestFile {
			return smallest, nil
		}
		return policies.Files.ReadFile(name)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := Read("fuzz.yaml", text, files)
		if err == nil {
			Lint(p)
			p.ReportTemplate()
			p.SecurityMD(nil, "https://x.example")
			if again, err := Read("flat.yaml", p.Flat()); err != nil && !p.Overlay() {
				t.Fatalf("the flat text is no policy: %v\n%s", err, p.Flat())
			} else if err == nil && len(again.Document.Clocks) != len(p.Document.Clocks) {
				t.Fatal("the flat text is another policy")
			}
			return
		}
		problems, ok := errors.AsType[Problems](err)
		if !ok || len(problems) == 0 {
			t.Fatalf("an error that names no problem: %v", err)
		}
		for _, p := range problems {
			if p.Line < 1 || p.Column < 1 || p.Says == "" || p.File == "" {
				t.Errorf("a problem without a place: %+v", p)
			}
			if p.File == "fuzz.yaml" && p.Line > bytes.Count(text, []byte("\n"))+bytes.Count(text, []byte("\r"))+2 {
				t.Errorf("a problem behind the end: %+v", p)
			}
		}
	})
}

// FuzzPredicate: whatever is compiled is answered at once, of any case, and a question that cannot be is an error.
func FuzzPredicate(f *testing.F) {
	for _, text := range hostilePredicates() {
		f.Add(text)
	}
	f.Add(`class == "high" && at_least("low") || marked("released") and not (score >= -1.5e3)`)
	f.Add(`category in ["rust", "sinking"]`)
	p, err := Read("harbour.yaml", []byte(harbour))
	if err != nil {
		f.Fatal(err)
	}
	facts := p.factsOf(cvd.Case{}, time.Time{})
	f.Fuzz(func(t *testing.T, text string) {
		if err := p.compile(text); err != nil {
			if says := err.Error(); says == "" || strings.Contains(says, "\n") {
				t.Errorf("an error of %d lines: %s", strings.Count(says, "\n"), says)
			}
			return
		}
		// No list, text or number is made while it runs, so nothing but the answer comes out.
		if text != "" && p.holds(text, &facts, true) != p.holds(text, &facts, false) {
			t.Errorf("%q cannot be worked out of a case that is new", text)
		}
	})
}
