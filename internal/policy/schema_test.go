package policy

import (
	"bytes"
	"encoding/json"
	"testing"

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
