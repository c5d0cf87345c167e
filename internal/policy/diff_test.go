package policy

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// amended is the sample after some replacements in its text.
func amended(t *testing.T, pairs ...string) *Policy {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(harbour, pairs[i]) {
			t.Fatalf("the sample does not say %q", pairs[i])
		}
	}
	p, err := Read("harbour.yaml", []byte(strings.NewReplacer(pairs...).Replace(harbour)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAChangeIsToldInTheWordsOfTheDocument(t *testing.T) {
	for name, row := range map[string]struct {
		pairs  []string
		want   []string
		effect Effect
	}{
		"a promise of one severity": {[]string{"within: {high: 1d, low: 2d, none: 4d}", "within: {high: 72h, low: 2d, none: 4d}"},
			[]string{"Answer, High: 24 hours → 3 days"}, Looser},
		"a promise that is shorter": {[]string{"within: 7d}\nstages", "within: 5d}\nstages"}, []string{"Story: 7 days → 5 days"}, Tighter},
		"one time instead of a table": {[]string{"within: {high: 6h, low: 1w}", "within: 6h"},
			[]string{"Watch, Low: 7 days → 6 hours", "Watch, None: added: 6 hours"}, Tighter},
		"an event instead of a time": {[]string{"none: {event: next_release}", "none: 20d"},
			[]string{"Fix, None: until next release → 20 days"}, Other},
		"a wait before the release": {[]string{`for: 48h`, `for: 72h`}, []string{"Step release, requirement wait, wait, for: 48 hours → 3 days"}, Tighter},
		"a gate that is gone": {[]string{"      - {name: grave, says: a high one needs its cause, when: at_least(\"high\"), sections: [root_cause]}\n", ""},
			[]string{`Step release, requirement grave: removed: says a high one needs its cause; when at_least("high"); sections root_cause`}, Looser},
		"a notice that is new": {[]string{"channels:\n  - {name: radio", "  - {name: flag, title: The flag is up, audiences: [fleet], channels: [radio], fields: [{name: why, title: Why}], subject: Up, text: \"{{why}}\"}\n" +
			"channels:\n  - {name: radio"},
			[]string{"Notice “The flag is up”: added: audiences fleet; channels radio; subject Up; text {{why}}"}, Tighter},
		"a right that a role gets": {[]string{"can: [see, review, note, expert]", "can: [see, review, note, expert, disclose]"},
			[]string{"Mate, can: added: disclose"}, Looser},
		"a sentence": {[]string{"says: Take care.", "says: Take very good care of the lamp and of the people who live from it."},
			[]string{"Term care, says: Take [-care.-] {+very good care of the lamp and of the people who live from it.+}"}, Other},
		"parts in another order": {[]string{"parts: [technical, final]", "parts: [final, technical]"},
			[]string{"Step disclose, requirement facts, reviews, parts: in another order: technical, final → final, technical"}, Other},
		"a longer embargo":              {[]string{"longest: 60d", "longest: 90d"}, []string{"Embargo, longest: 60 days → 90 days"}, Looser},
		"nobody may decide alone":       {[]string{"alone: {wait: 24h}\n", ""}, []string{"Alone: removed: wait 24 hours"}, Tighter},
		"somebody else is alarmed":      {[]string{"alarm: [ann, ben]", "alarm: [ann, cleo]"}, []string{"Contacts, alarm: removed: ben", "Contacts, alarm: added: cleo"}, Other},
		"a release line is over":        {[]string{`versions: ">= 1.0, < 2.0", eligible: true`, `versions: ">= 1.0, < 2.0", eligible: false`}, []string{"Lamp, line 1, eligible: yes → no"}, Looser},
		"a class has another band":      {[]string{"from: 7.0, to: 10.0", "from: 8.5, to: 10.0"}, []string{"Severity, High, from: 7 → 8.5"}, Other},
		"classes change their places":   {[]string{"    - {name: none, title: None}\n", "", "  classes:\n", "  classes:\n    - {name: none, title: None}\n"}, []string{"Severity, classes: in another order: high, low, none → none, high, low"}, Other},
		"a clock that is counted anew":  {[]string{"from: triaged, until: analysed", "from: received, until: analysed"}, []string{"Study, from: triaged → received"}, Other},
		"the place of a thing is right": {[]string{"offer: 30d", "offer: 20d"}, []string{"Embargo, offer: 30 days → 20 days"}, Tighter},
	} {
		t.Run(name, func(t *testing.T) {
			now := amended(t, row.pairs...)
			all := Diff(sample(t), now)
			var got []string
			for _, c := range all {
				got = append(got, c.String())
			}
			if !slices.Equal(got, row.want) {
				t.Fatalf("got  %q\nwant %q", got, row.want)
			}
			if all[0].Effect != row.effect {
				t.Errorf("%s is %s, want %s", all[0].Clause, all[0].Effect, row.effect)
			}
			for _, c := range all {
				if c.Kind != Removed && !now.Has(c.Clause) && c.Kind != Added {
					t.Errorf("the document has no clause %s", c.Clause)
				}
			}
		})
	}
}

func TestWhatOnlyLooksDifferentIsNoChange(t *testing.T) {
	now := amended(t, "title: Harbour\nprefix: HRB\n", "# a comment\nprefix: \"HRB\"\n\ntitle:   Harbour\n", "summary: A lighthouse.", "summary: >-\n  A\n  lighthouse.", "within: 7d", "within: 1w")
	if got := Diff(sample(t), now); len(got) > 0 {
		t.Errorf("got %v", got)
	}
}

// There and back again: what one way adds the other removes, and what is looser one way is tighter the other.
func TestADiffBackwardsSaysTheOpposite(t *testing.T) {
	old, now := sample(t), amended(t, "for: 48h", "for: 72h", "longest: 60d", "longest: 90d", "can: [see, review, note, expert]", "can: [see, review, note, expert, disclose]")
	there, back := Diff(old, now), Diff(now, old)
	if len(there) != 3 || len(back) != 3 {
		t.Fatalf("%v\n%v", there, back)
	}
	for i := range there {
		if there[i].Clause != back[i].Clause || there[i].Was != back[i].Now || there[i].Effect.opposite() != back[i].Effect {
			t.Errorf("%+v\n%+v", there[i], back[i])
		}
	}
}

// A field that somebody adds to the language later is compared without a line of code: each one here is changed once.
func TestEveryFieldOfADocumentIsCompared(t *testing.T) {
	var all func(v reflect.Value, path string, change func(path string))
	all = func(v reflect.Value, path string, change func(string)) {
		switch x := v.Addr().Interface().(type) {
		case *Duration:
			x.Exact += 60_000_000_000
			change(path)
			x.Exact -= 60_000_000_000
			return
		case *Within:
			return
		}
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				all(v.Field(i), path+"."+v.Type().Field(i).Name, change)
			}
		case reflect.Pointer:
			old := v.Interface()
			v.Set(reflect.New(v.Type().Elem()))
			change(path)
			v.Set(reflect.ValueOf(old))
		case reflect.Slice:
			old := reflect.ValueOf(v.Interface())
			v.Set(reflect.Append(old, reflect.New(v.Type().Elem()).Elem()))
			if at := v.Index(v.Len() - 1); at.Kind() == reflect.String {
				at.SetString("another")
			}
			change(path)
			v.Set(old)
			if old.Len() > 0 && old.Index(0).Kind() == reflect.Struct {
				all(v.Index(0), path+"[0]", change)
			}
		case reflect.String:
			old := v.String()
			v.SetString(old + "x")
			change(path)
			v.SetString(old)
		case reflect.Bool:
			v.SetBool(!v.Bool())
			change(path)
			v.SetBool(!v.Bool())
		case reflect.Int:
			v.SetInt(v.Int() + 1)
			change(path)
			v.SetInt(v.Int() - 1)
		case reflect.Float64:
			v.SetFloat(v.Float() + 1)
			change(path)
			v.SetFloat(v.Float() - 1)
		}
	}
	old, now := sample(t), sample(t)
	seen := 0
	all(reflect.ValueOf(&now.Document).Elem(), "", func(path string) {
		seen++
		if len(Diff(old, now)) == 0 {
			t.Errorf("a change of %s is not seen", path)
		}
	})
	if seen < 100 {
		t.Errorf("only %d fields were tried", seen)
	}
}
