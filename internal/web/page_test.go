package web_test

import (
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/web"
)

// everyPage visits each page that there is to see, with some life in it.
func everyPage(b browser, secret, public string) map[string]answer {
	b.t.Helper()
	wrong := aReport()
	wrong.Del("description")
	solo := "/p/solo-miner-monitor"
	return map[string]answer{
		"home": b.get("/"), "project": b.get("/p/juno"), "project with classes": b.get(solo), "policy": b.get("/p/juno/policy"),
		"kinds": b.get("/p/juno/report"), "elsewhere": b.get("/p/juno/report?kind=feature"), "form": b.get("/p/juno/report?kind=security"),
		"form again": b.upload("/p/juno/report", wrong, nil), "long form": b.get(solo + "/report?kind=issue"),
		"accepted": b.upload("/p/juno/report", url.Values{"kind": {"security"}, "title": {"x"}, "description": {"y"}}, nil),
		"code":     b.get("/p/juno/status"), "wrong code": b.post("/p/juno/status", code("x")), "status": b.post("/p/juno/status", code(secret)),
		"message": b.post("/p/juno/status/message", url.Values{"code": {secret}, "text": {""}}),
		"follow":  b.get(solo + "/follow"), "thanks": b.get(solo + "/thanks"),
		"which kind": b.upload("/p/juno/report", url.Values{"title": {"x"}}, nil),
		"pasted":     b.upload(solo+"/report", url.Values{"kind": {"issue"}, "template": {"**Severity:** low\nmore"}}, nil),
		"no instant": b.post("/p/juno/status/propose", url.Values{"code": {secret}, "until": {"2026-06-01"}, "zone": {"UTC"}}),
		"no name":    b.post("/p/juno/status/credit", url.Values{"code": {secret}, "as": {"name"}}),
		"cases":      b.get(solo + "/cases"), "case": b.get(solo + "/cases/" + string(of(public))), "not found": b.get("/nothing"),
	}
}

// A page that a screen reader can follow: one heading above all, ids that are one of a kind, labels and descriptions that
// lead somewhere, a name for every field.
func TestPagesAreSound(t *testing.T) {
	b := open(t)
	secret := b.upload("/p/juno/report", aReport(), map[string]string{"proof.txt": "x"}).field(t, "code")
	step(b, (*casework.Casework).Message, "juno", "dimi", secret, cvd.Messaged{Text: "hello"})
	for name, a := range everyPage(b, secret, aPublicCase(b, "In the open")) {
		ids, refs, headings, labelled := map[string]int{}, []string{}, []int{}, map[string]bool{}
		for _, n := range a.elements(t) {
			if id := attr(n, "id"); id != "" {
				ids[id]++
			}
			for _, ref := range []string{"for", "aria-labelledby", "aria-describedby"} {
				refs = append(refs, strings.Fields(attr(n, ref))...)
			}
			if n.Data == "label" {
				labelled[attr(n, "for")] = true
			}
			if href := attr(n, "href"); strings.HasPrefix(href, "#") {
				refs = append(refs, href[1:])
			}
			if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
				headings = append(headings, int(n.Data[1]-'0'))
			}
		}
		for id, n := range ids {
			if n > 1 {
				t.Errorf("%s: the id %s is there %d times", name, id, n)
			}
		}
		for _, ref := range refs {
			if ids[ref] == 0 {
				t.Errorf("%s: something refers to %q, which is not there", name, ref)
			}
		}
		level := 0
		for _, h := range headings {
			if h > level+1 && !(level == 0 && h == 1) {
				t.Errorf("%s: a heading of level %d follows one of level %d", name, h, level)
			}
			level = h
		}
		if len(headings) == 0 || headings[0] != 1 || slices.Index(headings[1:], 1) >= 0 {
			t.Errorf("%s: the headings are %v, want one of level 1, first", name, headings)
		}
		for _, n := range a.elements(t) {
			field := n.Data == "textarea" || n.Data == "select" || n.Data == "input" && !slices.Contains([]string{"hidden", "radio", "checkbox"}, attr(n, "type"))
			if field && !labelled[attr(n, "id")] {
				t.Errorf("%s: the field %s has no label", name, attr(n, "name"))
			}
		}
		for _, want := range []string{`<html lang="en">`, `name="viewport"`, `name="color-scheme"`, `<main id="main">`} {
			if !strings.Contains(a.body, want) {
				t.Errorf("%s has no %s", name, want)
			}
		}
	}
}

// hostile is what people type who try a form.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'; alert(1) //`, `javascript:alert(1)`, `{{.Code}}`, `<!--`, `]]>`,
	`</textarea><script>alert(1)</script>`, `</title><svg onload=alert(1)>`, "\u202egpj.exe", `&lt;b&gt;`, `<a href="javascript:alert(1)">x</a>`,
	`+ADw-script+AD4-`, "line\u2028end", `<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>`,
}

func TestHostileTextIsInertInEveryField(t *testing.T) {
	b := open(t)
	for i, payload := range hostile {
		form := url.Values{"kind": {"issue"}, "once": {fmt.Sprint("once", i)}, "contact.email": {""}}
		for _, n := range b.get("/p/solo-miner-monitor/report?kind=issue").elements(t) {
			name := attr(n, "name")
			if name != "template" && (n.Data == "textarea" || n.Data == "input" && attr(n, "type") == "text") {
				form.Set(name, payload+" "+name)
			}
		}
		secret := b.upload("/p/solo-miner-monitor/report", form, map[string]string{"x" + payload: "x"}).field(t, "code")
		b.post("/p/solo-miner-monitor/status/message", url.Values{"code": {secret}, "text": {payload}})
		wrong := url.Values{}
		for name, v := range form {
			wrong[name] = v
		}
		wrong.Set("severity", payload)
		noKind, paste := url.Values{"description": {payload}}, url.Values{"kind": {"issue"}, "template": {"**" + payload + ":** " + payload + "\n### " + payload}}
		no := false
		step(b, (*casework.Casework).Validate, "solo-miner-monitor", "maintainer-1", secret, cvd.Validated{Evidence: payload})
		title := strings.NewReplacer("\u202e", "", "\u2028", "").Replace(payload) // what no title may hold
		step(b, (*casework.Casework).Triage, "solo-miner-monitor", "maintainer-1", secret,
			cvd.Triaged{Title: title, Vector: "CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N", Sensitive: &no, Track: "public"})
		for name, a := range map[string]answer{
			"the reporter's page": b.post("/p/solo-miner-monitor/status", code(secret)),
			"the form again":      b.upload("/p/solo-miner-monitor/report", wrong, nil),
			"the public case":     b.get("/p/solo-miner-monitor/cases/" + string(of(secret))),
			"the list":            b.get("/p/solo-miner-monitor/cases"),
			"which kind":          b.upload("/p/solo-miner-monitor/report", noKind, nil),
			"a template":          b.upload("/p/solo-miner-monitor/report", paste, nil),
			"a kind":              b.get("/p/solo-miner-monitor/report?kind=" + url.QueryEscape(payload)),
			"a wrong code":        b.post("/p/solo-miner-monitor/status", code(payload)),
			"a case":              b.get("/p/solo-miner-monitor/cases/" + url.PathEscape(payload)),
			"a project":           b.get("/p/" + url.PathEscape(payload)),
		} {
			harmless(t, name+" with "+payload, a)
			shown := strings.Join(strings.Fields(strings.ReplaceAll(payload, "\u202e", "U+202E")+" description"), " ") // what nobody sees is written out
			if strings.HasPrefix(name, "the reporter's") && !strings.Contains(a.words(t), shown) {
				t.Errorf("%s does not show %q as it was typed", name, payload)
			}
		}
	}
}

// harmless says that nothing in a page runs, loads or leads anywhere but what the page itself put there.
func harmless(t *testing.T, name string, a answer) {
	t.Helper()
	for _, n := range a.elements(t) {
		if slices.Contains([]string{"script", "style", "img", "svg", "iframe", "object", "embed", "base", "math", "b"}, n.Data) {
			t.Errorf("%s: the page has an element %s", name, n.Data)
		}
		for _, at := range n.Attr {
			if strings.HasPrefix(at.Key, "on") || at.Key == "style" || at.Key == "srcdoc" {
				t.Errorf("%s: the element %s has %s=%q", name, n.Data, at.Key, at.Val)
			}
			if (at.Key == "href" || at.Key == "action") && strings.HasPrefix(strings.ToLower(strings.TrimSpace(at.Val)), "javascript:") {
				t.Errorf("%s: something leads to %q", name, at.Val)
			}
		}
	}
}

var custom = regexp.MustCompile(`--([a-z-]+): light-dark\(#([0-9a-f]{6}), #([0-9a-f]{6})\)`)

// WCAG 2.2, 1.4.3 and 1.4.11: 4.5 to 1 for text, 3 to 1 for what frames a field or the focus.
func TestColoursHaveContrast(t *testing.T) {
	css, err := os.ReadFile("static/tipstaff.css")
	if err != nil {
		t.Fatal(err)
	}
	colours := map[string][2]float64{}
	for _, m := range custom.FindAllStringSubmatch(string(css), -1) {
		colours[m[1]] = [2]float64{luminance(t, m[2]), luminance(t, m[3])}
	}
	for _, row := range []struct {
		text, on string
		least    float64
	}{
		{"ink", "paper sheet late-wash sealed-wash public-wash", 4.5}, {"quiet", "paper sheet", 4.5}, {"accent", "paper sheet", 4.5},
		{"on-accent", "accent", 4.5}, {"late", "paper sheet late-wash", 4.5}, {"sealed", "sealed-wash", 4.5}, {"public", "public-wash paper", 4.5},
		{"demo", "demo-wash", 4.5}, {"critical", "paper sheet", 4.5}, {"high", "paper sheet", 4.5}, {"medium", "paper sheet", 4.5},
		{"low", "paper sheet", 4.5}, {"informational", "paper sheet", 4.5}, {"field", "paper sheet", 3}, {"focus", "paper sheet", 3},
	} {
		for on := range strings.FieldsSeq(row.on) {
			a, b := colours[row.text], colours[on]
			for i, scheme := range []string{"light", "dark"} {
				got := (max(a[i], b[i]) + 0.05) / (min(a[i], b[i]) + 0.05)
				if got < row.least {
					t.Errorf("%s on %s, %s: contrast %.2f, want %.1f", row.text, on, scheme, got, row.least)
				}
			}
		}
	}
}

// luminance is that of WCAG 2.2 for a colour in hexadecimal.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	out := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			out += weight * c / 12.92
		} else {
			out += weight * math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return out
}

// A page is read when it is first shown: what is wrong in one is seen here, and not by who comes first.
func TestEveryPageCanBeRead(t *testing.T) {
	names, err := filepath.Glob("*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if got := web.ReadPage(name); got == "" {
			t.Errorf("%s is no page", name)
		}
	}
}
