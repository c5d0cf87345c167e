package main

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
)

func literal(s string) (string, error) { return s, nil }

// filled makes pairs into a value of T by way of their JSON, as the server reads it.
func filled[T any](t *testing.T, pairs ...string) (T, error) {
	t.Helper()
	var out T
	v, err := fill(reflect.TypeFor[T](), pairs, literal)
	if err != nil {
		return out, err
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&out); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	return out, nil
}

func TestPairsBecomeTheStepThatTheySay(t *testing.T) {
	yes := true
	triaged, err := filled[cvd.Triaged](t, "sensitive=true", "vector=CVSS:3.1/AV:N", "title=a=b")
	if want := (cvd.Triaged{Sensitive: &yes, Vector: "CVSS:3.1/AV:N", Title: "a=b"}); err != nil || !cmp.Equal(want, triaged) {
		t.Errorf("triage: %v\n%s", err, cmp.Diff(want, triaged))
	}
	remedied, err := filled[cvd.Remedied](t, "product=juno", "patches.0.url=https://a.example", "patches.1.url=https://b.example", "patches.1.private=true")
	if want := (cvd.Remedied{Product: "juno", Patches: []cvd.Patch{{URL: "https://a.example"}, {URL: "https://b.example", Private: true}}}); err != nil || !cmp.Equal(want, remedied) {
		t.Errorf("remedy: %v\n%s", err, cmp.Diff(want, remedied))
	}
	drafted, err := filled[cvd.Drafted](t, "text.title=T", "text.affected=one, two", "text.affected=three", "text.references.0.url=https://a.example")
	want := cvd.Drafted{Text: cvd.AdvisoryText{Title: "T", Affected: []string{"one", "two", "three"}, References: []cvd.Link{{URL: "https://a.example"}}}}
	if err != nil || !cmp.Equal(want, drafted) {
		t.Errorf("draft: %v\n%s", err, cmp.Diff(want, drafted))
	}
	notified, err := filled[cvd.Notified](t, "notice=coming", "says.line=28, 27")
	if want := (cvd.Notified{Notice: "coming", Says: map[string]string{"line": "28, 27"}}); err != nil || !cmp.Equal(want, notified) {
		t.Errorf("notify: %v\n%s", err, cmp.Diff(want, notified))
	}
	armed, err := filled[cvd.Armed](t, "due=2026-12-01T16:00:00+01:00")
	if err != nil || !armed.Due.Equal(time.Date(2026, 12, 1, 15, 0, 0, 0, time.UTC)) {
		t.Errorf("disclose: %v, %v", armed, err)
	}
}

func TestAWrongPairIsNamed(t *testing.T) {
	for _, c := range []struct {
		in    any
		pairs []string
		want  string
	}{
		{cvd.Triaged{}, []string{"sensitive"}, "no FIELD=VALUE"},
		{cvd.Triaged{}, []string{"sensitive=maybe"}, "sensitive=maybe: expected true or false"},
		{cvd.Triaged{}, []string{"colour=red"}, "there is no field colour; there are title, vector"},
		{cvd.Triaged{}, []string{"score=9.8"}, "there is no field score"}, // filled in by the program
		{cvd.Triaged{}, []string{"title=a", "title=b"}, "title is given twice"},
		{cvd.Triaged{}, []string{"title.de=a"}, "title has no parts"},
		{cvd.Armed{}, []string{"due=tomorrow"}, "expected an instant with its zone"},
		{cvd.Drafted{}, []string{"text=a"}, "text has parts"},
		{cvd.Drafted{}, []string{"text.references.1.url=a"}, "numbered from 0"},
		{cvd.Rewarded{}, []string{"report=first"}, "report=first: expected a whole number"},
	} {
		_, err := fill(reflect.TypeOf(c.in), c.pairs, literal)
		if err == nil || !strings.Contains(err.Error(), c.want) || statusOf(err) != wrongUse {
			t.Errorf("%v: %v, want %q and status %d", c.pairs, err, c.want, wrongUse)
		}
	}
}

// TestEveryStepListsItsFields: a step that nobody can fill in from the help alone is a step that nobody takes.
func TestEveryStepListsItsFields(t *testing.T) {
	for _, s := range api.Steps() {
		help := tipstaff(t, "", "case", s.Name, "--help")
		if help.status != done || !strings.Contains(strings.Join(strings.Fields(help.out), " "), s.Doc) {
			t.Errorf("case %s --help: status %d\n%s", s.Name, help.status, help.out)
		}
		for _, f := range fieldsOf(reflect.TypeOf(s.In)) {
			if !strings.Contains(help.out, jsonName(f)+": ") {
				t.Errorf("case %s --help does not name %s:\n%s", s.Name, jsonName(f), help.out)
			}
		}
	}
}
