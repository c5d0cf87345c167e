package api

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// document is the OpenAPI description of the table of routes. Schemas come from the types that the handlers take and answer,
// so the description cannot promise another shape; requests are read by decode, which knows the place of every mistake.
type document struct{ *huma.OpenAPI }

// describe makes the document.
func describe(base, version string) document {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	d := document{&huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{Title: "Tipstaff", Version: version, License: &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
			Description: "Coordinated vulnerability disclosure as a project's policy says. Errors are problem documents (RFC 9457). " +
				"What is withheld and what is absent is the same answer."},
		Servers: []*huma.Server{{URL: base + Prefix}},
		Components: &huma.Components{Schemas: registry, SecuritySchemes: map[string]*huma.SecurityScheme{
			"bearer": {Type: "http", Scheme: "bearer", Description: "A token (tst_…) of somebody on the roster, or the return code of a report or an invitation."},
		}},
	}}
	for _, op := range operations {
		d.AddOperation(op.describe(registry))
	}
	for _, s := range registry.Map() {
		tidy(s)
	}
	return d
}

func (op operation) describe(registry huma.Registry) *huma.Operation {
	o := &huma.Operation{OperationID: op.id, Method: op.method, Path: op.path, Summary: op.summary,
		Description: "Who may come: " + map[door]string{
			strangers:      "anybody.",
			reporters:      "whoever holds a return code, an invitation or a token; the policy decides what they may do.",
			guests:         "invited guests and people of the roster; the policy decides what they may do.",
			members:        "people of the roster.",
			administrators: "people of the roster whose role may administer the project.",
		}[op.who],
		Responses: map[string]*huma.Response{
			strconv.Itoa(op.status): op.response(registry),
			"default": {Description: "A problem.", Content: map[string]*huma.MediaType{
				"application/problem+json": {Schema: registry.Schema(reflect.TypeFor[Problem](), true, "")}}},
		},
		Security: []map[string][]string{{"bearer": {}}},
	}
	if op.who == strangers {
		o.Security = append(o.Security, map[string][]string{}) // or none
	}
	for _, part := range strings.Split(op.path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			o.Parameters = append(o.Parameters, &huma.Param{Name: strings.TrimSuffix(name, "}"), In: "path", Required: true,
				Schema: &huma.Schema{Type: huma.TypeString}})
		}
	}
	for _, name := range op.headers {
		o.Parameters = append(o.Parameters, &huma.Param{Name: name, In: "header", Description: heeded[name], Schema: &huma.Schema{Type: huma.TypeString}})
	}
	schema := registry.Schema(op.in, true, "")
	switch {
	case op.method == http.MethodGet:
		o.Parameters = append(o.Parameters, queryOf(registry, op.in)...)
	default:
		o.RequestBody = &huma.RequestBody{Required: len(registry.SchemaFromRef(schema.Ref).Required) > 0,
			Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}
	}
	return o
}

// heeded says what the headers of a request do.
var heeded = map[string]string{
	"Idempotency-Key": "Chosen by the sender. The same key with the same request does nothing again for 24 hours: a report gets its first answer, a step the case as it is. With another request the key is refused.",
	"If-Match":        "The ETag of the case as it was read: the step is taken only if nothing has happened since.",
	"If-None-Match":   "The ETag of the case as it was read: 304 if nothing has happened since.",
}

func (op operation) response(registry huma.Registry) *huma.Response {
	r := &huma.Response{Description: http.StatusText(op.status), Content: map[string]*huma.MediaType{}}
	switch op.out {
	case reflect.TypeFor[file]():
		r.Content["*/*"] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	default:
		r.Content["application/json"] = &huma.MediaType{Schema: registry.Schema(op.out, true, "")}
	}
	if slices.Contains(op.headers, "If-Match") || slices.Contains(op.headers, "If-None-Match") {
		r.Headers = map[string]*huma.Param{"ETag": {Description: "The revision of the case.", Schema: &huma.Schema{Type: huma.TypeString}}}
	}
	return r
}

// queryOf are the parameters of a query: the fields of the type that it is read into.
func queryOf(registry huma.Registry, t reflect.Type) []*huma.Param {
	var out []*huma.Param
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, optional := strings.Cut(f.Tag.Get("json"), ",")
		out = append(out, &huma.Param{Name: name, In: "query", Required: !optional, Description: f.Tag.Get("doc"),
			Schema: huma.SchemaFromField(registry, f, "")})
	}
	return out
}

// tidy makes a schema say what is so: lists are never null, and what is read-only cannot be asked of a sender.
func tidy(s *huma.Schema) {
	s.Nullable = false
	for name, p := range s.Properties {
		tidy(p)
		if p.ReadOnly {
			s.Required = slices.DeleteFunc(s.Required, func(r string) bool { return r == name })
		}
	}
	if s.Items != nil {
		tidy(s.Items)
	}
}

// written answers with what does not change while the program runs: it is written when somebody first asks.
func written(media string, write func() ([]byte, error)) http.Handler {
	once := sync.OnceValues(write)
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		b, err := once()
		if err != nil {
			panic(err) // a description of our own types always marshals
		}
		w.Header().Set("Cache-Control", "public, max-age=3600")
		w.Header().Set("Content-Type", media)
		_, _ = w.Write(b) // the asker may be gone
	})
}
