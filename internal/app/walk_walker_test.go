package app_test

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/internal/apptest"
)

// walker is one visitor on their way.
type walker struct {
	*scene
	t      *testing.T
	who    visitor
	steps  []string
	turn   int               // which step is asked next of a case that is asked for one only
	met    map[string]bool   // planted words that they read
	public map[string]answer // what a stranger got
}

// place is where a visitor asks: below which project, about which case, with which file and step.
type place struct {
	project, step, file string
	of                  object
}

// fill makes an address of a row, or what is sent there. Whoever has no link of their own tries one that is wrong in its last letter.
func (w *walker) fill(text string, at place) string {
	return strings.NewReplacer("$project", at.project, "$case", string(at.of.id), "$file", at.file, "$patch", cmp.Or(at.of.patch, "nothing"), "$step", at.step, "$code", w.who.code,
		"$link", cmp.Or(w.who.link, w.wrong.link), "$token", cmp.Or(w.who.letter, w.wrong.letter),
		"$member", w.register.member, "$applicant", w.register.applicant, "$entry", w.register.entry).Replace(text)
}

// send asks as the visitor, with every credential that they have.
func (w *walker) send(method, path, form string, api bool) answer {
	w.t.Helper()
	r, err := http.NewRequest(method, w.URL+path, strings.NewReader(form))
	if err != nil {
		w.t.Fatal(err)
	}
	if method != "GET" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if w.who.cookie != nil {
		r.AddCookie(w.who.cookie)
	}
	if bearer := w.who.token + w.who.code; bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	if api && method != "GET" {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("If-Match", `"1"`)
	}
	res, err := roundTrip.RoundTrip(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }() // read to its end below
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	h := res.Header.Clone()
	h.Del("Date")
	a := answer{res.StatusCode, h, drawn.ReplaceAllString(string(body), "")}
	w.inspect(method+" "+path, a)
	return a
}

// drawn is the key of a form, which is another one each time.
var drawn = regexp.MustCompile(`name="once" value="[A-Z0-9]+"`)

var roundTrip = &http.Transport{DisableCompression: true}

// inspect looks for planted words in all of an answer: body, title, headers, cookies, where it leads.
func (w *walker) inspect(what string, a answer) {
	w.t.Helper()
	all := a.Body
	if a.Header.Get("Content-Type") == "application/zip" {
		all = w.unpacked(a.Body)
	}
	for name, values := range a.Header {
		all += "\n" + name + ": " + strings.Join(values, "\n")
		if planted.MatchString(strings.Join(values, " ")) && name != "Content-Disposition" {
			w.t.Errorf("%s: the header %s is %q", what, name, values)
		}
	}
	if a.Status >= 500 {
		w.t.Errorf("%s: got %d: %s", what, a.Status, says(a))
	}
	for _, m := range planted.FindAllStringSubmatch(all, -1) {
		w.met[m[1]+" "+m[2]] = true
		if !w.who.may(m[1], m[2]) && !(m[1] == "open" && slices.Contains(strings.Fields(ofPublic), m[2])) {
			w.t.Errorf("%s: %s reads %s, the %s of the case %q\n%s", what, w.who.name, m[0], m[2], m[1], around(all, m[0]))
		}
	}
	for figure, category := range figures {
		if strings.Contains(all, figure) {
			w.met["sealed "+category] = true
			if !w.who.may("sealed", category) {
				w.t.Errorf("%s: %s reads %s, the %s of the case \"sealed\"\n%s", what, w.who.name, figure, category, around(all, figure))
			}
		}
	}
	if title, _, ok := strings.Cut(a.Body, "</title>"); ok && strings.HasPrefix(what, "GET /desk") && planted.MatchString(title) {
		w.t.Errorf("%s: the window's title tells %q", what, planted.FindString(title))
	}
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") && (a.Header.Get("Referrer-Policy") != "no-referrer" || otherHosts.MatchString(a.Body)) {
		w.t.Errorf("%s makes a browser ask another host, or tell it where it was: %q, %q", what, a.Header.Get("Referrer-Policy"), otherHosts.FindString(a.Body))
	}
	if len(w.who.reads) == 0 || w.who.out {
		for _, hidden := range encodedMark {
			if strings.Contains(all, hidden) {
				w.t.Errorf("%s holds a planted word, encoded", what)
			}
		}
	}
}

// unpacked is what lies in an archive, one after the other.
func (w *walker) unpacked(body string) string {
	w.t.Helper()
	r, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		w.t.Fatalf("an archive cannot be read: %v", err)
	}
	var all bytes.Buffer
	for _, f := range r.File {
		in, err := f.Open()
		if err == nil {
			_, err = io.Copy(&all, in)
		}
		if err != nil {
			w.t.Fatalf("%s of an archive cannot be read: %v", f.Name, err)
		}
	}
	return all.String()
}

// otherHosts is what makes a browser, or a program that shows links, ask another host by itself.
var otherHosts = regexp.MustCompile(`(?i)<(script|img|iframe|link|form|source|video|audio|object|embed)[^>]+(src|href|action|data|srcset)="(https?:)?//|property="og:|rel="(preconnect|dns-prefetch|prefetch)|http-equiv="refresh|url\(`)

// encodedMark is how every planted word begins, in the ways in which it may lie in an answer.
var encodedMark = func() (out []string) {
	for _, how := range slices.Sorted(maps.Keys(apptest.Encodings("zzqx"))) {
		if how != "text" && !strings.HasPrefix(how, "base64") { // four letters make too few of base 64 to mean anything
			out = append(out, string(apptest.Encodings("zzqx")[how]))
		}
	}
	return append(out, "%7a%7aqx", "eHF6eg")
}()

// says is an answer in a few words.
func says(a answer) string {
	if _, page, ok := strings.Cut(a.Body, "<h1"); ok {
		return fmt.Sprintf("%.120q", page)
	}
	return fmt.Sprintf("%.200q", a.Body)
}

func around(text, word string) string {
	i := strings.Index(text, word)
	return text[max(i-200, 0):min(i+200, len(text))]
}

// web walks the addresses of one page.
func (w *walker) web(pattern string, row walked) {
	w.t.Helper()
	method, _, ok := strings.Cut(pattern, " ")
	if !ok {
		method = "GET"
	}
	steps := []string{""}
	if strings.Contains(pattern, "{step}") {
		steps = append(slices.Clone(w.steps), "invite")
	}
	for _, path := range row.at {
		about := strings.Contains(path+row.form, "$case") || strings.Contains(path+row.form, "$file")
		w.each(about, steps, func(at place) {
			ask := func(at place) answer { return w.send(method, w.fill(path, at), w.fill(row.form, at), false) }
			got, what := ask(at), method+" "+w.fill(path, at)
			w.judgePage(pattern, row, method, what, at, got)
			if row.to == public {
				w.alike(what, got)
			}
			if strings.Contains(path, "$case") && !w.visible(row, at) {
				w.compare(what, at, got, ask)
			}
			if row.to == keepers && (!w.keeps(at.project) || w.elsewhere(path, at)) {
				w.unregistered(what, at, got, ask)
			}
		})
	}
}

// unsaid are the least bodies of the steps that take no empty one.
var unsaid = map[string]string{"answer": `{"accept": false}`, "leave": `{"keeps": false}`, "credit": `{"consent": false}`,
	"bounty_eligible": `{"eligible": false}`, "move": `{"confirm": false}`, "payout": `{"address": ""}`}

// api walks one operation.
func (w *walker) api(pattern string, row walked, steps []string) {
	w.t.Helper()
	method, _, _ := strings.Cut(pattern, " ")
	body := cmp.Or(row.form, "{}")
	if method == "GET" {
		body = ""
	}
	for _, path := range row.at {
		about := strings.Contains(path, "$case")
		w.each(about, steps, func(at place) {
			body := body
			if method != "GET" && row.form == "" {
				body = cmp.Or(unsaid[at.step], body)
			}
			ask := func(at place) answer { return w.send(method, "/api/v1"+w.fill(path, at), body, true) }
			got, what := ask(at), method+" "+w.fill(path, at)
			w.judgeOperation(row, what, at, about, got)
			if about && !w.visible(row, at) {
				w.compare(what, at, got, ask)
			}
			if row.to == keepers && (!w.keeps(at.project) || w.elsewhere(path, at)) {
				w.unregistered(what, at, got, ask)
			}
		})
	}
}

// each visits every object, below its own project and below the other one; without an object, every project.
func (w *walker) each(about bool, steps []string, visit func(place)) {
	for _, project := range []string{"juno", "solo-miner-monitor"} {
		if !about {
			visit(place{project: project, step: steps[0]})
			continue
		}
		for _, o := range w.objects {
			some := w.some(steps, project, o)
			for _, step := range some {
				visit(place{project, step, o.file, o})
			}
			if o.name == "other" { // a file of one case, asked of another
				visit(place{project, some[0], w.object("sealed").file, o})
			}
		}
	}
}

// some are the steps that are asked of a case: all of the two cases that hold the most, by whoever sees them. Who does not see them
// asks every fifth, each visitor others, since what is not there answers alike; of every other case each asks another one.
func (w *walker) some(steps []string, project string, o object) []string {
	if len(steps) == 1 {
		return steps
	}
	w.turn++
	switch most := string(o.project) == project && (o.name == "sealed" || o.name == "hidden"); {
	case most && w.who.sees(o.name):
		return steps
	case most:
		var fifth []string
		for i := w.turn % 5; i < len(steps); i += 5 {
			fifth = append(fifth, steps[i])
		}
		return fifth
	}
	return steps[w.turn%len(steps):][:1]
}
