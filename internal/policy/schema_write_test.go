package policy

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// TestSchemaIsThatOfTheTypes: the schema is written from Document, its tags and its comments, and never by hand.
func TestSchemaIsThatOfTheTypes(t *testing.T) {
	w := &schemaWriter{t: t, comments: fieldComments(t), old: descriptions(t), defs: map[string]any{}}
	root := w.object(reflect.TypeFor[Document]())
	required := root["required"]
	delete(root, "required")
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = "https://github.com/tipstaff/tipstaff/policy.schema.json"
	root["title"] = "Policy"
	root["description"] = "A policy document of Tipstaff: how a project handles vulnerabilities, as text that is read by people and carried out by the program."
	root["anyOf"] = []any{
		map[string]any{"required": required},
		map[string]any{"required": []string{"policy", "extends"}},
		map[string]any{"required": []string{"overlay"}},
	}
	root["$defs"] = w.defs
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(root); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("schema.json", text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(text.Bytes(), Schema()) {
		t.Error("schema.json is not that of the types: run go test ./internal/policy -run SchemaIsThat -update")
	}
}

type schemaWriter struct {
	t        *testing.T
	comments map[string]string // Type.Field, and Type for the type itself
	old      map[string]string // def.key, of the schema as it is
	defs     map[string]any
}

// object is the schema of a struct. What is missing is asked for by the reader and not here: with extends an item may be partial.
func (w *schemaWriter) object(of reflect.Type) map[string]any {
	properties := map[string]any{}
	var required []string
	for _, f := range reflect.VisibleFields(of) {
		key, optional := keyOf(f)
		if key == "" || key == "-" {
			continue
		}
		if naming := slices.Contains([]string{"name", "step", "lint"}, key); !optional && (naming || of == reflect.TypeFor[Document]()) {
			required = append(required, key)
		}
		one := w.value(f.Type, f.Tag)
		one["description"] = w.describe(of, f, key)
		properties[key] = one
	}
	got := map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		got["required"] = required
	}
	return got
}

// usual is what the keys say that mean the same wherever they stand.
var usual = map[string]string{"name": "Its name.", "title": "Its name for people.", "says": "In words, for people.", "when": "A predicate.",
	"class": "A class of the severity.", "classes": "Classes of the severity, from the worst.", "roles": "Roles of the policy.", "calendar": "A calendar, or elapsed.", "clause": "A place in the document: clocks.response.within.", "because": "The reason, in words.", "may": "What a project may do to it: lower, raise, set, nothing."}

// describe says what a field is: by its comment, by the schema as it is, by the comment of its type, or by what its key always says.
func (w *schemaWriter) describe(of reflect.Type, f reflect.StructField, key string) string {
	def, inner := w.def(of), f.Type
	if of == reflect.TypeFor[Document]() {
		def = ""
	}
	for inner.Kind() == reflect.Slice || inner.Kind() == reflect.Pointer {
		inner = inner.Elem()
	}
	for _, says := range []string{w.comments[of.Name()+"."+f.Name], w.old[def+"."+key], w.comments[inner.Name()], usual[key]} {
		if says != "" {
			return says
		}
	}
	w.t.Errorf("%s.%s has no comment to describe it with", of.Name(), f.Name)
	return ""
}

// value is the schema of a field's value.
func (w *schemaWriter) value(of reflect.Type, tag reflect.StructTag) map[string]any {
	switch {
	case of == reflect.TypeFor[Duration](), of == reflect.TypeFor[Within](), of == reflect.TypeFor[Route](), of.Kind() == reflect.Struct:
		return map[string]any{"$ref": "#/$defs/" + w.ref(of)}
	case of.Kind() == reflect.Pointer:
		if of.Elem().Kind() == reflect.Float64 {
			return map[string]any{"type": "number"}
		}
		return w.value(of.Elem(), tag)
	case of.Kind() == reflect.Slice:
		return map[string]any{"type": "array", "minItems": 1, "items": w.value(of.Elem(), tag)}
	case of.Kind() == reflect.Bool:
		return map[string]any{"type": "boolean"}
	case of.Kind() == reflect.Int:
		return map[string]any{"type": "integer", "minimum": 0}
	}
	if enum := tag.Get("enum"); enum != "" {
		return map[string]any{"enum": strings.Split(enum, ",")}
	}
	if form, ok := forms[tag.Get("is")]; ok {
		return map[string]any{"type": "string", "pattern": form.matches.String()}
	}
	return map[string]any{"type": "string", "minLength": 1}
}

// ref defines a type, once.
func (w *schemaWriter) ref(of reflect.Type) string {
	name := w.def(of)
	if _, done := w.defs[name]; done {
		return name
	}
	w.defs[name] = nil // a type that holds itself ends here
	var got map[string]any
	switch of {
	case reflect.TypeFor[Duration]():
		got = map[string]any{"type": "string", "pattern": `^([0-9]{1,4}(mo|w|d|h|m|wd|wh))+$`}
	case reflect.TypeFor[Within]():
		duration := map[string]any{"$ref": "#/$defs/" + w.ref(reflect.TypeFor[Duration]())}
		event := map[string]any{"type": "object", "additionalProperties": false, "required": []string{"event"},
			"properties": map[string]any{"event": map[string]any{"type": "string", "description": "What is waited for: " + strings.Join(events, ", ") + ", or a milestone of the document."}}}
		got = map[string]any{"oneOf": []any{duration, map[string]any{"type": "object", "minProperties": 1,
			"additionalProperties": map[string]any{"oneOf": []any{duration, event}}}}}
	case reflect.TypeFor[Route]():
		got = map[string]any{"oneOf": []any{map[string]any{"type": "string", "minLength": 1}, w.object(of)}}
	default:
		got = w.object(of)
	}
	got["description"] = w.comments[of.Name()]
	if of == reflect.TypeFor[Requirement]() {
		var one []any
		for _, condition := range allConditions {
			one = append(one, map[string]any{"required": []string{condition}})
		}
		got["oneOf"] = append(one, map[string]any{"not": map[string]any{"anyOf": slices.Clone(one)}}) // partial, with extends
	}
	w.defs[name] = got
	return name
}

func (w *schemaWriter) def(of reflect.Type) string {
	var b strings.Builder
	for i, r := range of.Name() {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// descriptions are those of the schema as it is: what the types do not say is kept.
func descriptions(t *testing.T) map[string]string {
	t.Helper()
	var root map[string]any
	if err := json.Unmarshal(Schema(), &root); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	take := func(def string, of any) {
		object, _ := of.(map[string]any)
		properties, _ := object["properties"].(map[string]any)
		for key, p := range properties {
			if says, _ := p.(map[string]any)["description"].(string); says != "" {
				all[def+"."+key] = says
			}
		}
	}
	take("", root)
	defs, _ := root["$defs"].(map[string]any)
	for def, of := range defs {
		take(def, of)
	}
	return all
}

// fieldComments are the comments of all types of this package and of their fields.
func fieldComments(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, file := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range tree.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.TYPE {
				continue
			}
			for _, spec := range g.Specs {
				ts := spec.(*ast.TypeSpec)
				all[ts.Name.Name] = sentence(g.Doc.Text())
				st, ok := ts.Type.(*ast.StructType)
				if !ok {
					continue
				}
				for _, f := range st.Fields.List {
					for _, name := range f.Names {
						all[ts.Name.Name+"."+name.Name] = sentence(f.Doc.Text() + f.Comment.Text())
					}
				}
			}
		}
	}
	return all
}

// sentence is a comment as one sentence.
func sentence(comment string) string {
	text := strings.Join(strings.Fields(comment), " ")
	if text == "" {
		return ""
	}
	if !strings.HasSuffix(text, ".") {
		text += "."
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
