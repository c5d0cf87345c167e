package policy

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"github.com/tipstaff/tipstaff/policies"
)

// TestThePublishedSchemaAcceptsEveryShippedPolicy uses another program's judgement: the documents are valid, and break when
// a key is misspelt.
func TestThePublishedSchemaAcceptsEveryShippedPolicy(t *testing.T) {
	schema := compiledSchema(t)
	for name, text := range shipped(t) {
		var document any
		if err := yaml.Load(text, &document); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(asJSON(t, document)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		document.(map[string]any)["tracs"] = true
		if schema.Validate(asJSON(t, document)) == nil {
			t.Errorf("%s: the schema accepts the unknown key tracs", name)
		}
	}
}

// TestSchemaAndDocumentAreTheSame compares the schema with the types: keys, what must be there, and which words are allowed.
func TestSchemaAndDocumentAreTheSame(t *testing.T) {
	var root map[string]any
	if err := json.Unmarshal(Schema(), &root); err != nil {
		t.Fatal(err)
	}
	defs := root["$defs"].(map[string]any)
	seen := map[reflect.Type]bool{}
	var same func(name string, got map[string]any, of reflect.Type)
	same = func(name string, got map[string]any, of reflect.Type) {
		if seen[of] {
			return
		}
		seen[of] = true
		if got["additionalProperties"] != false {
			t.Errorf("%s: the schema lets other keys in", name)
		}
		properties, required := got["properties"].(map[string]any), wordsIn(got["required"])
		for _, f := range reflect.VisibleFields(of) {
			key, optional := keyOf(f)
			property, there := properties[key].(map[string]any)
			if !there {
				t.Errorf("%s.%s is in the document and not in the schema", name, key)
				continue
			}
			if property["description"] == nil {
				t.Errorf("%s.%s has no description", name, key)
			}
			if optional == slices.Contains(required, key) {
				t.Errorf("%s.%s: optional is %v in the document only", name, key, optional)
			}
			inner, one := f.Type, property
			for inner.Kind() == reflect.Slice || inner.Kind() == reflect.Pointer {
				if inner.Kind() == reflect.Slice {
					one = property["items"].(map[string]any)
				}
				inner = inner.Elem()
			}
			if enum := f.Tag.Get("enum"); enum != strings.Join(wordsIn(one["enum"]), ",") {
				t.Errorf("%s.%s: the document allows %q, the schema %v", name, key, enum, one["enum"])
			}
			if inner.Kind() != reflect.Struct {
				continue
			}
			ref, _ := one["$ref"].(string)
			def, there := defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
			if !there {
				t.Errorf("%s.%s refers to %q, which the schema does not define", name, key, ref)
			} else if inner != reflect.TypeFor[Duration]() && inner != reflect.TypeFor[Within]() {
				same(key, def, inner)
			}
		}
		for key := range properties {
			if _, there := fieldOf(of, key); !there {
				t.Errorf("%s.%s is in the schema and not in the document", name, key)
			}
		}
	}
	same("policy", root, reflect.TypeFor[Document]())

	within := defs["within"].(map[string]any)
	text, err := json.Marshal(within)
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range events {
		if !bytes.Contains(text, []byte(`"`+event+`"`)) {
			t.Errorf("the schema does not know the event %s", event)
		}
	}
	if got, want := len(defs), len(seen)+1; got != want { // duration and within, and not the document itself
		t.Errorf("the schema defines %d things, the document has %d", got, want)
	}
}

func TestSchemaAndReaderKnowTheSameConditions(t *testing.T) {
	var root struct {
		Defs map[string]struct {
			OneOf []struct{ Required []string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(Schema(), &root); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, one := range root.Defs["requirement"].OneOf {
		got = append(got, one.Required...)
	}
	if diff := cmp.Diff(allConditions, got); diff != "" {
		t.Errorf("conditions of a requirement (-read +schema):\n%s", diff)
	}
}

// TestNobodyCanChangeTheSchemaForOthers: what is handed out is a copy.
func TestNobodyCanChangeTheSchemaForOthers(t *testing.T) {
	Schema()[0] = 'x'
	if Schema()[0] != '{' {
		t.Error("a caller changed the schema that the next one gets")
	}
}

func compiledSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	root, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("policy.json", root); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("policy.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asJSON is a document as a JSON tool sees it.
func asJSON(t *testing.T, document any) any {
	t.Helper()
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func wordsIn(list any) []string {
	items, _ := list.([]any)
	words := make([]string, len(items))
	for i, item := range items {
		words[i], _ = item.(string)
	}
	return words
}

// shipped are the texts of all policies of the gallery, by file name.
func shipped(t testing.TB) map[string][]byte {
	t.Helper()
	entries, err := policies.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string][]byte{}
	for _, e := range entries {
		text, err := policies.Files.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		texts[e.Name()] = text
	}
	if len(texts) == 0 {
		t.Fatal("the gallery is empty")
	}
	return texts
}
