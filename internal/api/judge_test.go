package api_test

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/tipstaff/tipstaff/internal/api"
)

// judge holds every answer against the OpenAPI document that the same server gives.
type judge struct{ t *testing.T }

func (j judge) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if media := resp.Header.Get("Content-Type"); strings.HasSuffix(media, "json") {
		if err := j.check(r, resp.StatusCode, media, body); err != nil {
			j.t.Errorf("%s %s: %s is not as described: %v\n%s", r.Method, r.URL.Path, resp.Status, err, body)
		}
	}
	return resp, nil
}

// schemas are those of answers, by their place in the document; the document is the same for every program.
var schemas = map[string]*jsonschema.Schema{}

func (j judge) check(r *http.Request, status int, media string, body []byte) error {
	answer := strconv.Itoa(status)
	if status >= 400 {
		answer = "default"
	}
	key := strings.Join([]string{r.Method, r.URL.Path, answer, media}, " ")
	if schemas[key] == nil {
		var err error
		if schemas[key], err = schemaOf(r, answer, media); err != nil {
			return err
		}
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	return schemas[key].Validate(document)
}

// schemaOf finds the schema of an answer in the document that the server gives.
func schemaOf(r *http.Request, answer, media string) (*jsonschema.Schema, error) {
	resp, err := http.Get(r.URL.Scheme + "://" + r.URL.Host + api.Prefix + "/openapi.json")
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	described, err := jsonschema.UnmarshalJSON(resp.Body)
	if err != nil {
		return nil, err
	}
	path := ""
	for template := range described.(map[string]any)["paths"].(map[string]any) {
		pattern := regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(regexp.QuoteMeta(template), `[^/]+`)
		if regexp.MustCompile("^" + api.Prefix + pattern + "$").MatchString(r.URL.Path) {
			path = template
		}
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("openapi.json", described); err != nil {
		return nil, err
	}
	escape := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace
	return c.Compile("openapi.json#/paths/" + escape(path) + "/" + strings.ToLower(r.Method) + "/responses/" + answer + "/content/" + escape(media) + "/schema")
}
