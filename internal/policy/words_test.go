package policy

import (
	"strings"
	"testing"
)

// reading reads harbour with something in it changed.
func reading(t *testing.T, old, now string) (*Policy, error) {
	t.Helper()
	text := strings.Replace(harbour, old, now, 1)
	if text == harbour {
		t.Fatalf("harbour has no %q", old)
	}
	return Read("harbour.yaml", []byte(text))
}

// TestASentenceTakesItsTimesFromTheFields: what a sentence says of a time, a person or a channel stands in one place.
func TestASentenceTakesItsTimesFromTheFields(t *testing.T) {
	for written, want := range map[string]string{
		"An answer within {{clocks.answer.within.low}}.":          "An answer within 48 hours.",
		"Without haste: {{ clocks.fix.within.none }}.":            "Without haste: the next release.",
		"Supported: {{products.lamp.lines.2.versions}}.":          "Supported: >= 2.0.",
		"{{clocks.answer.within}}":                                "24 hours (High), 48 hours (Low), 4 days (None)",
		"{{title}} asks {{roles.keeper.title}}.":                  "Harbour asks Keeper.",
		"Nothing under {{severity.classes.high.from}}.":           "Nothing under 7.0.",
		"Reports reach {{contacts.alarm}}.":                       "Reports reach ann and ben.",
		"Wait {{steps.release.requires.wait.for}}, then publish.": "Wait 48 hours, then publish.",
		"{{notices.horn}} is what we send by {{channels.radio}}.": "A release is coming is what we send by Radio.",
	} {
		p, err := reading(t, "summary: A lighthouse.", "summary: "+inQuotes(written))
		if err != nil {
			t.Errorf("%s: %v", written, err)
			continue
		}
		if p.Document.Summary != want {
			t.Errorf("%s: got %q, want %q", written, p.Document.Summary, want)
		}
		raw := ""
		p.EachProse(func(clause, text string) {
			if clause == "summary" {
				raw = text
			}
		})
		if raw != written {
			t.Errorf("as it was written: got %q, want %q", raw, written)
		}
	}
}

// TestAPlaceholderThatNamesNothingIsAProblem, and the problem says what might stand there.
func TestAPlaceholderThatNamesNothingIsAProblem(t *testing.T) {
	for written, allowed := range map[string]string{
		"{{clocks.anwser.within}}":        "answer",
		"{{clocks.answer.within.higher}}": "high",
		"{{peple.ann}}":                   "people",
		"{{release_at}}":                  "contacts", // a field of a notice is none of the document
		"{{summary}}":                     "",         // a sentence within itself would not end
	} {
		_, err := reading(t, "summary: A lighthouse.", "summary: "+inQuotes(written))
		if err == nil || !strings.Contains(err.Error(), "harbour.yaml:5:") || !strings.Contains(err.Error(), "summary: nothing is called") || !strings.Contains(err.Error(), allowed) {
			t.Errorf("%s: got %v, want a problem that allows %q", written, err, allowed)
		}
	}
}

// TestOneChangedTimeIsOneChange: the sentences that take it from its field do not count as changed too.
func TestOneChangedTimeIsOneChange(t *testing.T) {
	const summary = "summary: A lighthouse."
	says := summary[:9] + inQuotes("We answer within {{clocks.answer.within.low}}.")
	old, err := Read("old.yaml", []byte(strings.Replace(harbour, summary, says, 1)))
	if err != nil {
		t.Fatal(err)
	}
	now, err := Read("now.yaml", []byte(strings.NewReplacer(summary, says, "low: 2d, none: 4d", "low: 3d, none: 4d").Replace(harbour)))
	if err != nil {
		t.Fatal(err)
	}
	if changes := Diff(old, now); len(changes) != 1 || changes[0].Clause != "clocks.answer.within.low" {
		t.Errorf("got %v, want the one promise", changes)
	}
	if want := "We answer within 3 days."; now.Document.Summary != want {
		t.Errorf("got %q, want %q", now.Document.Summary, want)
	}
}

func inQuotes(s string) string { return `"` + s + `"` }
