package web_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// browser is somebody at the pages of a program.
type browser struct {
	*apptest.Program
	t *testing.T
}

func open(t *testing.T) browser {
	t.Helper()
	return browser{apptest.New(t, apptest.Options{}), t}
}

// answer is what a page answered.
type answer struct {
	status int
	header http.Header
	body   string
}

func (b browser) do(r *http.Request) answer {
	b.t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }() // read to its end below
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(body)}
}

func (b browser) request(method, path, ctype string, body io.Reader) *http.Request {
	b.t.Helper()
	r, err := http.NewRequest(method, b.URL+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	if ctype != "" {
		r.Header.Set("Content-Type", ctype)
	}
	return r
}

func (b browser) get(path string) answer { return b.do(b.request("GET", path, "", nil)) }

func (b browser) post(path string, form url.Values) answer {
	return b.do(b.request("POST", path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode())))
}

// upload posts a form with files, as a browser does.
func (b browser) upload(path string, form url.Values, files map[string]string) answer {
	b.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name, values := range form {
		for _, v := range values {
			if err := m.WriteField(name, v); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	for name, text := range files {
		w, err := m.CreateFormFile("files", name)
		if err != nil {
			b.t.Fatal(err)
		}
		_, _ = io.WriteString(w, text) // a bytes.Buffer takes everything
	}
	if err := m.Close(); err != nil {
		b.t.Fatal(err)
	}
	return b.do(b.request("POST", path, m.FormDataContentType(), &body))
}

func code(code string) url.Values { return url.Values{"code": {code}} }

// aReport is what somebody types who reports something grave.
func aReport() url.Values {
	return url.Values{"kind": {"security"}, "once": {"a key of the form"}, "title": {"Panic in the query handler"},
		"description": {"A query with an empty height halts the node.\nAnybody can send it."}, "component": {"x/wasm"},
		"steps": {"1. start a node\n2. send the query"}, "environment.os": {"Debian 12"}, "other_chains": {""},
		"contact.email": {"rita@example.org"}, "credit": {"Rita"}, "accepted": {"time", "good_faith"}}
}

// report reports and returns the return code.
func (b browser) report(project string, form url.Values) string {
	b.t.Helper()
	a := b.upload("/p/"+project+"/report", form, nil)
	if a.status != http.StatusOK {
		b.t.Fatalf("reporting: got %d, want 200\n%s", a.status, a.body)
	}
	return a.field(b.t, "code")
}

// of is the case of a return code.
func of(code string) cvd.CaseID {
	parts := strings.SplitN(code, "-", 3)
	return cvd.CaseID(parts[0] + "-" + parts[1])
}

// step lets somebody of the roster take a step.
func step[T any](b browser, take func(*casework.Casework, context.Context, cvd.Actor, casework.About, T) (cvd.View, error),
	project, handle, code string, in T) {
	b.t.Helper()
	if _, err := take(b.Casework, context.Background(), b.Actor(cvd.ProjectID(project), cvd.ActorID(handle)), casework.About{Case: of(code)}, in); err != nil {
		b.t.Fatal(err)
	}
}

// tree is the page as a browser parses it.
func (a answer) tree(t *testing.T) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// elements are all elements of a page in order.
func (a answer) elements(t *testing.T) []*html.Node {
	t.Helper()
	var out []*html.Node
	for n := range a.tree(t).Descendants() {
		if n.Type == html.ElementNode {
			out = append(out, n)
		}
	}
	return out
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// text is what a reader reads in a node.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		} else if slices.Contains([]string{"p", "li", "dt", "dd", "td", "th", "h1", "h2", "h3", "label", "legend", "option", "main", "section"}, d.Data) {
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// words is what a reader reads on the whole page.
func (a answer) words(t *testing.T) string {
	t.Helper()
	return text(a.tree(t))
}

// field is the value of the first field of that name.
func (a answer) field(t *testing.T, name string) string {
	t.Helper()
	for _, n := range a.elements(t) {
		if attr(n, "name") != name {
			continue
		}
		if n.Data == "textarea" {
			return textOf(n)
		}
		return attr(n, "value")
	}
	t.Fatalf("the page has no field %q:\n%s", name, a.body)
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		b.WriteString(d.Data)
	}
	return b.String()
}

func (a answer) says(t *testing.T, want ...string) {
	t.Helper()
	words := a.words(t)
	for _, w := range want {
		if !strings.Contains(words, w) {
			t.Errorf("the page does not say %q; it says:\n%s", w, words)
		}
	}
}
