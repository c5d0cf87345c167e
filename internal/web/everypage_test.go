package web_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/seal"
	"github.com/tipstaff/tipstaff/internal/web"
	"github.com/tipstaff/tipstaff/policies"

	"github.com/chromedp/chromedp"
)

// letterbox keeps the addresses of pages that stand in letters: a page that people get to by mail has no link on another.
type letterbox struct {
	mu    sync.Mutex
	links []string
}

var address = regexp.MustCompile(`https?://[^\s<>"]+`)

func (l *letterbox) keep(letter cvd.Letter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.links = append(l.links, address.FindAllString(letter.Text, -1)...)
}

// to are the addresses within a place, without the program's own.
func (l *letterbox) to(p *apptest.Program, place string) (all []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, link := range l.links {
		if path, ours := strings.CutPrefix(link, p.URL); ours && strings.HasPrefix(path, place) {
			all = append(all, path)
		}
	}
	return all
}

// demonstration is the program with all cases of the demonstration, and its clock standing still.
func demonstration(t *testing.T, post *letterbox) *apptest.Program {
	t.Helper()
	p := apptest.New(t, apptest.Options{Demo: true, Post: post.keep})
	p.Journey.Base = apptest.Start.AddDate(0, 0, 46).Add(6 * time.Hour)
	scripts, err := app.Stories()
	if err == nil {
		err = p.Journey.Play(t.Context(), scripts...)
	}
	if err == nil {
		err = p.Journey.Until(t.Context(), p.Journey.Base)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"juno/reopened.txt", "juno/published.txt", "juno/unread.txt"} { // files, since the scripts send none
		who, err := p.Auth.Code(t.Context(), "juno", p.Journey.Codes[name+"/rita"])
		if err == nil {
			_, err = p.Casework.Write(t.Context(), who, casework.About{Case: p.Journey.Cases[name]}, cvd.Messaged{Text: "Here is what the node wrote before it stopped."},
				[]casework.File{{Name: "node.log", Body: []byte("panic: index out of range")}})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	text, err := policies.Files.ReadFile("juno.yaml") // a proposal, so that its page is there
	if err != nil {
		t.Fatal(err)
	}
	jake, _ := p.Casework.Person("juno", "jake")
	who := cvd.Actor{Project: "juno", ID: "jake", Name: jake.Name, Standing: cvd.Member, Roles: jake.Roles, Can: p.Casework.Can("juno", jake.Roles)}
	if _, err := p.Casework.ProposePolicy(t.Context(), who, bytes.Replace(text, []byte("reminder: 48h"), []byte("reminder: 36h"), 1), "Two days are long."); err != nil {
		t.Fatal(err)
	}
	handOne(t, p, who)
	p.Settle()
	passwords(t, p)
	return p
}

// handed is the script of a case that was handed over to another installation: no list leads to it any more.
const handed = "juno/handed.txt"

// handOne hands a case over, so that the pages of one that went elsewhere are there.
func handOne(t *testing.T, p *apptest.Program, who cvd.Actor) {
	t.Helper()
	p.Play("juno", handed, `rita reports {title: "It is in the engine", kind: security, description: "The engine counts twice."}
jake acknowledge {message: "We ask those who write the engine."}`)
	other, err := seal.GenerateIdentity()
	if err == nil {
		_, _, err = p.Casework.HandOver(t.Context(), who, casework.About{Case: p.Journey.Cases[handed]},
			cvd.HandedOver{To: other.Recipient(), Because: "Their code.", URL: "https://security.example.net/p/engine"})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestEveryPageInARealBrowser shows the demonstration to a real browser: first its pictures are taken, then every page is judged,
// then every form is sent in wrongly and its answer judged too.
func TestEveryPageInARealBrowser(t *testing.T) {
	apptest.Long(t)
	apptest.Need(t, "chromium")
	post := &letterbox{}
	p := demonstration(t, post)
	t.Run("pictures", func(t *testing.T) { takePictures(t, p) })
	axe, err := os.ReadFile(path.Join(apptest.Need(t, "axe-core"), "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	j := &judge{sends: true, look: func(b *tab, name string) { accessible(b, name, string(axe)) }, seen: map[string]bool{}, forms: map[string]bool{},
		bones: &bones{seen: map[string]bool{}}, post: post}
	j.all(t, p, visitors)
	j.everyPatternIsThere(t)
	t.Run("a newcomer", func(t *testing.T) { beginAsTold(newTab(t, p)) })
}

// beginAsTold does what the demonstration says that one begins with.
func beginAsTold(b *tab) {
	b.open("/p/juno/report")
	b.follow("Security issue")
	b.fill("Title", "My first report")
	b.fill("Description", "I only try it.")
	b.follow("Send the report")
	code := b.value("Return code")
	signIn := func(handle string) {
		b.open("/desk/juno")
		b.fill("Name", handle)
		b.fill("Password", password)
		b.follow("Sign in")
	}
	signIn("jake")
	b.follow("My first report")
	b.follow("Acknowledge")
	b.fill("Message to the reporter", "Thank you, we read it.")
	b.follow("Acknowledge")
	b.follow("Sign out")
	b.open("/p/juno/status")
	b.fill("Return code", code)
	b.follow("Open the report")
	b.says("Thank you, we read it.")
	signIn("cleo")
	b.follow("Anybody can turn a fresh address into one that never pays out")
	b.follow("Disclose")
	b.use("Or at once?: Yes")
	b.follow("Disclose")
	b.says("Disclose: recorded")
	b.p.Wait(time.Minute) // the clock of this demonstration stands
	b.open("/p/juno/advisories/")
	b.says("Addresses of others could be made to lock deposits")
}

// all looks at every page of some visitors, and at the answers to their forms, in three tabs.
func (j *judge) all(t *testing.T, p *apptest.Program, visitors []visitor) {
	t.Helper()
	var all []sight
	for _, v := range visitors {
		all = append(all, j.crawl(t, p, v)...)
	}
	t.Run("pages", func(t *testing.T) {
		work := make(chan sight, len(all))
		for _, s := range all {
			work <- s
		}
		close(work)
		for range 3 {
			t.Run("tab", func(t *testing.T) {
				t.Parallel()
				b := newTab(t, p)
				for s := range work {
					t.Run(s.String(), func(t *testing.T) {
						b.t = t
						b.show(s)
						j.look(b, s.String())
						if j.sends {
							j.wrongly(b, s)
						}
					})
				}
				b.t = t
			})
		}
	})
}

// visitor is somebody who looks at the pages of a project: a stranger if nobody, a reporter with the code of a script.
type visitor struct {
	project cvd.ProjectID
	handle  cvd.ActorID
	script  string
}

var visitors = []visitor{
	{project: "juno"}, {project: "solo-miner-monitor"},
	{"juno", "jake", ""}, {"solo-miner-monitor", "maintainer-1", ""}, {"solo-miner-monitor", "lena", ""},
	{"juno", "", "announced.txt"}, {"juno", "", "closed.txt"}, {"juno", "", "duplicate.txt"}, {"juno", "", "handed.txt"},
	{"solo-miner-monitor", "", "unread.txt"}, {"solo-miner-monitor", "", "disclosed.txt"}, {"solo-miner-monitor", "", "open.txt"},
}

// sight is one page as somebody sees it.
type sight struct {
	visitor
	path string
}

func (s sight) String() string {
	switch {
	case s.handle != "":
		return s.path + " as " + string(s.handle)
	case s.script != "":
		return s.path + " as the reporter of " + s.script
	}
	return s.path
}

// show opens a page as its visitor.
func (b *tab) show(s sight) {
	b.t.Helper()
	b.forget()
	b.size(1440, 900)
	b.scheme("light")
	if s.handle != "" {
		b.session(s.project, s.handle)
	}
	b.open(s.path)
	if s.script != "" {
		b.fill("Return code", b.p.Journey.Codes[string(s.project)+"/"+s.script+"/rita"])
		b.follow("Open the report")
	}
}

// judge finds the pages by their links and judges each kind of page: its pattern, for each project.
type judge struct {
	look  func(b *tab, name string)
	sends bool   // whether forms are sent in wrongly
	fill  string // and with what
	mu    sync.Mutex
	seen  map[string]bool // patterns that a link led to
	files []string        // what a link led to and is no page
	forms map[string]bool // forms that were sent in wrongly
	bones *bones          // of the pages that were judged; nil: every page is judged, whatever it is like
	post  *letterbox      // letters, whose links strangers follow
}

// most is how many pages of one kind a visitor opens; cases differ by their state.
const most = 6

// crawl follows every link that a visitor meets, and returns the pages to judge.
func (j *judge) crawl(t *testing.T, p *apptest.Program, v visitor) []sight {
	t.Helper()
	if v.script != "" {
		return []sight{{v, "/p/" + string(v.project) + "/status"}}
	}
	mux := http.NewServeMux()
	for pattern := range web.Patterns() {
		mux.Handle(pattern, http.NotFoundHandler())
	}
	var cookie *http.Cookie
	todo := []string{"/", "/p/" + string(v.project), "/nothing/here"}
	if v.handle == "" && j.post != nil {
		todo = append(todo, j.post.to(p, "/p/"+string(v.project)+"/")...)
	}
	if v.handle != "" {
		cookie = &http.Cookie{Name: "tipstaff", Value: sessionOf(t, p, v.project, v.handle)}
		todo = []string{"/desk/" + string(v.project)}
		if id, there := p.Journey.Cases[handed]; there && v.project == "juno" {
			todo = append(todo, "/desk/juno/cases/"+string(id)+"/handover")
		}
	}
	var out []sight
	count, met := map[string]int{}, map[string]bool{}
	for len(todo) > 0 {
		at := todo[0]
		todo = todo[1:]
		u, err := url.Parse(at)
		if err != nil || met[at] || strings.HasPrefix(u.Path, "/p/") && v.handle != "" || u.Host != "" {
			continue
		}
		met[at] = true
		kind := kindOfPage(mux, u)
		if count[kind]++; count[kind] > most {
			continue
		}
		j.seen[strings.Join(strings.Fields(kind)[:2], " ")] = true
		body, ended, isPage := fetch(t, p, at, cookie)
		if end := kindOfPage(mux, ended); end != kind { // sent on, such as to the form to sign in
			j.seen[strings.Join(strings.Fields(end)[:2], " ")] = true
			kind = end
			if count[kind]++; count[kind] > 1 {
				continue
			}
		}
		if !isPage {
			if cookie == nil {
				j.files = append(j.files, at)
			}
			continue
		}
		if strings.Contains(kind, "{step}") && j.seen[kind] { // a form is the same in every project
			continue
		}
		j.seen[kind] = true
		if j.bones == nil || j.bones.news(t, kind, body) {
			out = append(out, sight{v, at})
		}
		for _, link := range linksOf(t, body) {
			if to, err := u.Parse(link); err == nil && to.Scheme == "" {
				to.Fragment = ""
				todo = append(todo, to.String())
			}
		}
	}
	return out
}

// kindOfPage is the pattern that answers for an address, with what makes another page of the same pattern.
func kindOfPage(mux *http.ServeMux, u *url.URL) string {
	_, pattern := mux.Handler(&http.Request{Method: "GET", URL: u, Host: "x"})
	kind := pattern
	switch {
	case strings.Contains(pattern, "{step}"):
		kind += " " + path.Base(u.Path)
	case pattern == "/":
		kind = "GET / " + path.Dir(u.Path) + path.Ext(u.Path)
	}
	return kind
}

func fetch(t *testing.T, p *apptest.Program, at string, cookie *http.Cookie) (body string, ended *url.URL, isPage bool) {
	t.Helper()
	r, err := http.NewRequest("GET", p.URL+at, nil)
	if err != nil {
		t.Fatal(err)
	}
	if cookie != nil {
		r.AddCookie(cookie)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }() // read to its end below
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode >= 400 && at != "/nothing/here" {
		t.Errorf("a link leads to %s, which answers %d", at, res.StatusCode)
	}
	return string(text), res.Request.URL, strings.HasPrefix(res.Header.Get("Content-Type"), "text/html")
}

func linksOf(t *testing.T, body string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "a" {
			continue
		}
		for _, a := range n.Attr {
			if a.Key == "href" {
				out = append(out, a.Val)
			}
		}
	}
	return out
}

// everyPatternIsThere fails for a page that nobody gets to: a new route is judged as soon as a link leads to it.
func (j *judge) everyPatternIsThere(t *testing.T) {
	t.Helper()
	// What programs ask for, and what is behind a form.
	unlinked := []string{"GET /static/{file}", "GET /p/{project}/checkpoint", "GET /p/{project}/tile/{tile...}", "GET /.well-known/security.txt",
		"GET /p/{project}/.well-known/security.txt", "GET /p/{project}/{$}", "GET /p/{project}/calendar/{token}"}
	for pattern := range web.Patterns() {
		if strings.HasPrefix(pattern, "GET ") && !j.seen[pattern] && !slices.Contains(unlinked, pattern) {
			t.Errorf("no link leads to %s, so nobody finds it and no browser judged it", pattern)
		}
	}
}

// found by axe: rule, what it is about, and where.
type violation struct {
	ID, Help string
	Nodes    []string
}

// accessible judges the page that a tab shows, wide and narrow, light and dark.
func accessible(b *tab, name, axe string) {
	b.t.Helper()
	is := evaluate[struct {
		Lang, Title string
		H1          int
	}](b, `({Lang: document.documentElement.lang, Title: document.title.trim(), H1: document.querySelectorAll("h1").length})`)
	if is.Lang == "" || is.Title == "" || is.H1 != 1 {
		b.t.Errorf("%s: language %q, title %q, %d headings of the first rank", name, is.Lang, is.Title, is.H1)
	}
	evaluate[bool](b, "(() => {"+axe+"; return true})()")
	for _, as := range []struct {
		width  int64
		scheme string
		rules  []string // those that this look decides about; all of them if none
	}{{1440, "light", nil}, {1440, "dark", ofColour}, {360, "dark", ofSize}, {360, "light", ofColour}} {
		b.size(as.width, 800)
		b.scheme(as.scheme)
		for _, v := range evaluate[[]violation](b, runAxe, as.rules) {
			b.t.Errorf("%s, %s, %d wide: %s (%s)\n\t%s", name, as.scheme, as.width, v.Help, v.ID, strings.Join(v.Nodes[:min(3, len(v.Nodes))], "\n\t"))
		}
		if wide := evaluate[int64](b, `document.documentElement.scrollWidth`); wide > as.width {
			b.t.Errorf("%s: %d wide at %d: one has to scroll sideways; because of %s", name, wide, as.width, b.tooWide(as.width))
		}
	}
	b.calm(name)
}

// What a look at the same page decides about anew: with other colours, or on another screen, where some things are hidden, others
// shown, and all of them in another place. What an element is and says of itself stays.
var (
	ofColour = []string{"color-contrast", "link-in-text-block"}
	ofSize   = append([]string{"target-size", "scrollable-region-focusable", "region", "heading-order", "page-has-heading-one", "skip-link",
		"label", "link-name", "button-name", "nested-interactive", "aria-hidden-focus", "meta-viewport"}, ofColour...)
)

const runAxe = `(async () => {
	const rules = $$;
	const only = rules ? {type: "rule", values: rules} : {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]};
	const all = await axe.run(document, {runOnly: only, preload: false, resultTypes: ["violations"]});
	return all.violations.map(v => ({ID: v.id, Help: v.help, Nodes: v.nodes.map(n => n.html.slice(0, 160) + " – " + n.failureSummary.replace(/\s+/g, " ").slice(0, 200))}));
})()`

// tooWide names what sticks out to the right.
func (b *tab) tooWide(width int64) string {
	b.t.Helper()
	return evaluate[string](b, `[...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > $$ + 1 && !e.closest(".scroll"))
		.slice(-3).map(e => e.outerHTML.slice(0, 140)).join(" … ")`, width)
}

// wrongly sends every form of the page in with what no form expects: the answer is judged as a page of its own. What a form says of the
// revision is wrong as well, so that no step is taken by accident.
func (j *judge) wrongly(b *tab, s sight) {
	b.t.Helper()
	for n := range evaluate[int](b, `document.forms.length`) {
		if n > 0 {
			b.show(s)
		}
		action := evaluate[string](b, `(f => f && f.method === "post" ? new URL(f.action).pathname : "")(document.forms[$$])`, n)
		key := s.handleOrScript() + strings.ReplaceAll(path.Base(path.Dir(action))+"/"+path.Base(action), string(s.project), "")
		if strings.Contains(action, "/cases/") {
			key = "step/" + path.Base(action)
		}
		j.mu.Lock()
		again := j.forms[key]
		j.forms[key] = true
		j.mu.Unlock()
		// Signing out has no error, a download no page.
		if action == "" || again || slices.Contains([]string{"sign-out", "receipt", "attachment"}, path.Base(action)) {
			continue
		}
		status := b.arrive("send "+action+" wrongly", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := chromedp.Evaluate[chromedp.Void](fmt.Sprintf(sendWrongly, n, strconv.Quote(j.fill)))(ctx, t)
			return err
		}))
		if status >= 500 {
			b.t.Errorf("%s: the form for %s, sent in empty, answers %d", s, action, status)
		}
		j.look(b, fmt.Sprintf("the answer to %s, sent in wrongly", action))
	}
}

// sendWrongly fills every box of a form with the same, and sends it past what the browser would check.
const sendWrongly = `((f, text) => {
	for (const e of f.elements) {
		if (e.type === "checkbox" || e.type === "radio") e.checked = false;
		else if (e.type !== "hidden" && e.type !== "file" && e.tagName !== "BUTTON") e.value = text;
	}
	if (f.elements.rev) f.elements.rev.value = "1";
	f.noValidate = true;
	f.requestSubmit();
})(document.forms[%d], %s)`

func (v visitor) handleOrScript() string { return string(v.handle) + v.script + "/" }
