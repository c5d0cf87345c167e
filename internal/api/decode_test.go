package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
)

func TestADocumentIsReadAsItWasSent(t *testing.T) {
	var r Report
	body := `{"title":"Überlauf 😀","description":"a\nb","steps":["one","two"],"environment":{"os":"Linux"},
		"contact":{"email":"rita@example.org"},"ai_use":{"used":true,"how":"to find it"},"fields":{"a/b":"c"},"told":null}`
	if err := decode([]byte(body), shapeOf(reflect.TypeFor[Report]()), reflect.ValueOf(&r).Elem()); err != nil {
		t.Fatal(err)
	}
	want := Report{Title: "Überlauf 😀", Description: "a\nb", Steps: []string{"one", "two"}, Environment: cvd.Environment{OS: "Linux"},
		Contact: cvd.Contact{Email: "rita@example.org"}, AI: cvd.AIUse{Used: true, How: "to find it"}, Fields: map[string]string{"a/b": "c"}}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("decode (-want +got):\n%s", diff)
	}
}

// An object that may be left out is read where it is there, and its mistakes are named by their place.
func TestAnObjectThatMayBeLeftOutIsRead(t *testing.T) {
	read := func(body string) (in Emergency, err error) {
		return in, decode([]byte(body), shapeOf(reflect.TypeFor[Emergency]()), reflect.ValueOf(&in).Elem())
	}
	in, err := read(`{"fact":"leaked","claim":2,"slip":{"to":"2026-12-01T16:00:00Z","says":{"line":"28"}}}`)
	if err != nil || in.Slip == nil || in.Slip.To.Hour() != 16 || in.Slip.Says["line"] != "28" || in.Claim != 2 {
		t.Errorf("got %+v %+v, %v", in, in.Slip, err)
	}
	for _, without := range []string{`{"fact":"leaked"}`, `{"fact":"leaked","slip":null}`} {
		if in, err := read(without); err != nil || in.Slip != nil {
			t.Errorf("%s: got %+v, %v", without, in.Slip, err)
		}
	}
	for bad, want := range map[string]faults{`{"slip":7}`: {{"/slip", "expected an object"}}, `{"slip":{"when":"now"}}`: {{"/slip/when", `there is no field "when" here`}}} {
		if _, err := read(bad); !reflect.DeepEqual(err, error(want)) {
			t.Errorf("%s: got %v, want %v", bad, err, want)
		}
	}
}

// Bytes are read as they are written: as a text in Base64, and as no list.
func TestBytesAreReadAsBase64(t *testing.T) {
	var b Bundle
	if err := decode([]byte(`{"bundle":"c2VhbGVk","key":"k"}`), shapeOf(reflect.TypeFor[Bundle]()), reflect.ValueOf(&b).Elem()); err != nil || string(b.Bundle) != "sealed" {
		t.Errorf("got %q, %v", b.Bundle, err)
	}
	for _, bad := range []string{`{"bundle":"%%"}`, `{"bundle":7}`} {
		err := decode([]byte(bad), shapeOf(reflect.TypeFor[Bundle]()), reflect.ValueOf(new(Bundle)).Elem())
		if want := (faults{{"/bundle", "expected bytes in Base64"}}); !reflect.DeepEqual(err, error(want)) {
			t.Errorf("%s: got %v, want %v", bad, err, want)
		}
	}
}

// What would decide by being left out must be written: an answer that says neither yes nor no is none, and who leaves says whether they
// keep the embargo.
func TestWhatDecidesMustBeWritten(t *testing.T) {
	for name, of := range map[string]struct {
		in    any
		field string
	}{"an answer": {cvd.Answered{}, "accept"}, "a leave": {cvd.Left{}, "keeps"}, "an application": {Judgement{}, "accept"}, "a name": {cvd.Credited{}, "consent"},
		"a part of a bounty": {cvd.BountyJudged{}, "eligible"}, "where it is sent": {cvd.PayoutNamed{}, "address"}, "a move": {cvd.Moved{}, "confirm"}} {
		for _, body := range []string{`{}`, `{"` + of.field + `":null}`, `{"` + of.field + `": null }`} {
			in := reflect.New(reflect.TypeOf(of.in)).Elem()
			f, ok := errors.AsType[faults](decode([]byte(body), shapeOf(in.Type()), in))
			if !ok || len(f) != 1 || f[0].Pointer != "/"+of.field {
				t.Errorf("%s, %s: got %v, want what is wrong with /%s", name, body, f, of.field)
			}
		}
		said := map[bool]string{true: `""`, false: `false`}[of.field == "address"]
		in := reflect.New(reflect.TypeOf(of.in)).Elem()
		if err := decode([]byte(`{"`+of.field+`":`+said+`}`), shapeOf(in.Type()), in); err != nil {
			t.Errorf("%s, said: %v", name, err)
		}
	}
}

func TestEveryMistakeIsNamedByItsPlace(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       []Fault
	}{
		{"a field that nobody knows", `{"titel":"x"}`, []Fault{{"/titel", `there is no field "titel" here`}}},
		{"the name in other letters", `{"Title":"x"}`, []Fault{{"/Title", `there is no field "Title" here`}}},
		{"a field twice", `{"title":"x","title":"y"}`, []Fault{{"/title", `the field "title" is given twice`}}},
		{"a field deep inside", `{"environment":{"shell":"zsh"}}`, []Fault{{"/environment/shell", `there is no field "shell" here`}}},
		{"what the program fills in", `{"number":7,"door":"form","report_management":"C"}`, []Fault{
			{"/number", `there is no field "number" here`}, {"/door", `there is no field "door" here`},
			{"/report_management", `there is no field "report_management" here`}}},
		{"a number for a text, in a list", `{"steps":["one",2]}`, []Fault{{"/steps/1", "expected a text"}}},
		{"a text for a list", `{"steps":"one"}`, []Fault{{"/steps", "expected a list"}}},
		{"a list for an object, and reading goes on", `{"contact":[[1],{}],"titel":""}`, []Fault{
			{"/contact", "expected an object"}, {"/titel", `there is no field "titel" here`}}},
		{"a text for yes or no", `{"ai_use":{"used":"yes"}}`, []Fault{{"/ai_use/used", "expected true or false"}}},
		{"a name with a slash and a tilde", `{"a/b~c":1}`, []Fault{{"/a~1b~0c", `there is no field "a/b~c" here`}}},
		{"bytes that are no UTF-8", "{\"title\":\"a\xff\"}", []Fault{{"/title", "the text is not valid UTF-8"}}},
		{"NUL", `{"fields":{"x":"a\u0000b"}}`, []Fault{{"/fields/x", "the text holds the character NUL"}}},
		{"half of a surrogate pair", `{"title":"\ud83d"}`, []Fault{{"/title", "the text holds half of a surrogate pair"}}},
		{"no JSON", `{"title":`, []Fault{{"", "this is no JSON document: from byte 9 on it cannot be read"}}},
		{"two documents", `{} {}`, []Fault{{"", "something follows the document"}}},
		{"another document", `[1]`, []Fault{{"", "expected an object"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r Report
			err := decode([]byte(c.body), shapeOf(reflect.TypeFor[Report]()), reflect.ValueOf(&r).Elem())
			if !errors.Is(err, cvd.Invalid) {
				t.Fatalf("decode(%s) = %v, want an Invalid error", c.body, err)
			}
			if diff := cmp.Diff(c.want, []Fault(err.(faults))); diff != "" {
				t.Errorf("decode(%s) (-want +got):\n%s", c.body, diff)
			}
		})
	}
}

func TestAReplacementCharacterThatWasSentStays(t *testing.T) {
	for _, body := range []string{`{"title":"a\ufffd"}`, `{"title":"a\uFFFD"}`, "{\"title\":\"a\uFFFD\"}"} {
		var r Report
		if err := decode([]byte(body), shapeOf(reflect.TypeFor[Report]()), reflect.ValueOf(&r).Elem()); err != nil || r.Title != "a\uFFFD" {
			t.Errorf("decode(%s) = %q, %v", body, r.Title, err)
		}
	}
}

func TestAHostileDocumentBuysNoLongAnswer(t *testing.T) {
	for name, body := range map[string]string{
		"many fields": "{" + strings.Repeat(`"x":1,`, 100_000) + `"x":1}`,
		"deep":        `{"x":` + strings.Repeat("[", 500_000),
		"deep list":   `{"title":` + strings.Repeat("[", 500_000),
		"wide":        `{"steps":[` + strings.Repeat("1,", 300_000) + `1]}`,
	} {
		var r Report
		err := decode([]byte(body), shapeOf(reflect.TypeFor[Report]()), reflect.ValueOf(&r).Elem())
		if !errors.Is(err, cvd.Invalid) || len(err.(faults)) > mostFaults {
			t.Errorf("%s: %v, want at most %d faults", name, err, mostFaults)
		}
	}
}

// FuzzDecode compares with encoding/json: whatever decode takes, encoding/json takes too, and reads the same.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{}`, `null`, `{"title":"x","steps":["a"],"environment":{"os":"b"},"fields":{"c":"d"},"ai_use":{"used":true}}`,
		`{"title":"\ud83d\ude00"}`, `{"steps":[null]}`, `{"fields":null}`, `{"title":"a` + "\xff" + `"}`} {
		f.Add([]byte(seed))
	}
	s := shapeOf(reflect.TypeFor[Report]())
	f.Fuzz(func(t *testing.T, body []byte) {
		var got, want Report
		if decode(body, s, reflect.ValueOf(&got).Elem()) != nil {
			return
		}
		d := json.NewDecoder(bytes.NewReader(body))
		d.DisallowUnknownFields()
		if err := d.Decode(&want); err != nil {
			t.Fatalf("decode takes %q, encoding/json does not: %v", body, err)
		}
		for _, r := range []*Report{&got, &want} { // an empty list or map and none are the same here
			if len(r.Steps) == 0 {
				r.Steps = nil
			}
			if len(r.Told) == 0 {
				r.Told = nil
			}
			if len(r.Accepted) == 0 {
				r.Accepted = nil
			}
			if len(r.Fields) == 0 {
				r.Fields = nil
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-encoding/json +decode):\n%s", body, diff)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	body, err := json.Marshal(Report{Title: "Overflow in the parser", Description: strings.Repeat("word and word ", 90), Component: "rpc",
		Version: "0.14.2", Steps: []string{"start it", "send it", "see it"}})
	if err != nil {
		b.Fatal(err)
	}
	s := shapeOf(reflect.TypeFor[Report]())
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var r Report
			if err := decode(body, s, reflect.ValueOf(&r).Elem()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var r Report
			d := json.NewDecoder(bytes.NewReader(body))
			d.DisallowUnknownFields()
			if err := d.Decode(&r); err != nil {
				b.Fatal(err)
			}
		}
	})
}
