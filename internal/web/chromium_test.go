package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// chromium is one real browser for all tests of this process. Each test has tabs of its own, which share no cookie.
var chromium struct {
	once  sync.Once
	ctx   context.Context
	close func()
	err   error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if chromium.close != nil {
		chromium.close()
	}
	os.Exit(code)
}

func startChromium(path string) {
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "en-US"),
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("font-render-hinting", "none"),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"))
	alloc, endAlloc := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, end := chromedp.NewContext(alloc, chromedp.WithErrorf(func(string, ...any) {}))
	chromium.close = func() { end(); endAlloc() }
	chromium.ctx, chromium.err = ctx, chromedp.Do(ctx)
}

// tab is somebody before a real browser. Whatever no page of ours may do is a failure of the test: a dialog, a script of somebody
// else, an error in the console, a request to another host.
type tab struct {
	t    *testing.T
	p    *apptest.Program
	ctx  context.Context
	keys bool // reach everything by the keyboard alone

	mu      sync.Mutex
	trouble []string
}

// newTab opens a tab that is as new as that of somebody who never was here.
func newTab(t *testing.T, p *apptest.Program) *tab {
	t.Helper()
	path := apptest.Need(t, "chromium")
	chromium.once.Do(func() { startChromium(path) })
	if chromium.err != nil {
		t.Fatalf("start %s: %v", path, chromium.err)
	}
	ctx, end := chromedp.NewContext(chromium.ctx, chromedp.WithNewBrowserContext())
	b := &tab{t: t, p: p, ctx: ctx}
	if err := chromedp.Listen(ctx, b.watch); err != nil {
		t.Fatal(err)
	}
	b.size(1280, 900)
	b.scheme("light") // and nothing glides
	b.must("look at it", send(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}))
	t.Cleanup(func() { b.calm("at the end"); end() })
	return b
}

// watch notes what no page of ours may do.
func (b *tab) watch(event any) {
	switch e := event.(type) {
	case *page.EventJavascriptDialogOpening:
		b.note("a dialog opens: " + e.Message)
		go func() {
			_ = chromedp.Do(b.ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
				_, err := cdp.Call(ctx, t, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{})
				return err
			})) // the note is enough
		}()
	case *log.EventEntryAdded:
		refused := strings.Contains(e.Entry.Text, "the server responded with a status of 4") && !strings.Contains(e.Entry.URL, "/static/")
		if e.Entry.Level == "error" && !refused { // a form that did not pass is no defect
			b.note(fmt.Sprintf("%s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *runtime.EventExceptionThrown:
		b.note("a script failed: " + e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			b.note(fmt.Sprintf("the console has a %s", e.Type))
		}
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err != nil || u.Scheme != "data" && !strings.HasPrefix(e.Request.URL, b.p.URL+"/") {
			b.note("a request to another host: " + e.Request.URL)
		}
	}
}

func (b *tab) note(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trouble = append(b.trouble, what)
}

// calm fails the test if something was noted since the last time.
func (b *tab) calm(where string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, what := range b.trouble {
		b.t.Errorf("%s: %s", where, what)
	}
	b.trouble = nil
}

// do runs steps in the tab, within a time that is long for any of them.
func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

func (b *tab) must(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := b.do(steps...); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

// send is one command of the browser's protocol.
func send[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

func (b *tab) size(width, height int64) {
	b.t.Helper()
	b.must("set the size", send(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1}))
}

// scheme lets the browser prefer "light" or "dark".
func (b *tab) scheme(name string) {
	b.t.Helper()
	b.must("set the colours", send(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"}}}))
}

func (b *tab) withoutScripts() {
	b.t.Helper()
	b.must("switch scripts off", send(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
}

// open goes to a page by its address and returns the status.
func (b *tab) open(path string) int {
	b.t.Helper()
	return b.arrive("open "+path, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.Navigate, page.NavigateParams{URL: b.p.URL + path})
		return err
	}))
}

// arrive does what leads to another page, waits until it is there, and returns its status.
func (b *tab) arrive(what string, steps ...chromedp.Action[chromedp.Void]) int {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	res, err := chromedp.RunResponse(ctx, steps...)
	if err != nil {
		b.t.Fatalf("%s: no page comes: %v", what, err)
	}
	if res == nil { // from the browser's own store
		return 200
	}
	return int(res.Status)
}

// evaluate asks the page by the developer tools, which its content policy does not bind. The answer is decoded from JSON.
func evaluate[T any](b *tab, expression string, args ...any) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 60*time.Second)
	defer cancel()
	for _, a := range args {
		text, err := json.Marshal(a)
		if err != nil {
			b.t.Fatal(err)
		}
		expression = strings.Replace(expression, "$$", string(text), 1)
	}
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("ask the page %q: %v\n%s", b.path(), err, expression[:min(len(expression), 300)])
	}
	return v
}

// path is where the tab is.
func (b *tab) path() string {
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	where, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil {
		return err.Error()
	}
	return strings.TrimPrefix(where, b.p.URL)
}

// words is what a reader reads on the page.
func (b *tab) words() string {
	b.t.Helper()
	return evaluate[string](b, `document.body.innerText.replace(/\s+/g, " ")`)
}

func (b *tab) says(want ...string) {
	b.t.Helper()
	words := b.words()
	for _, w := range want {
		if !strings.Contains(words, w) {
			b.t.Fatalf("%s does not say %q; it says:\n%s", b.path(), w, words)
		}
	}
}

// press presses a key or a few, such as "\t", "\r" or text.
func (b *tab) press(keys string, modifiers ...chromedp.Modifier) {
	b.t.Helper()
	b.must("press "+keys, chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...)))
}

// insert writes a text where the cursor is, as one who pastes.
func (b *tab) insert(text string) {
	b.t.Helper()
	b.must("write", send(input.InsertText, input.InsertTextParams{Text: text}))
}

// passwords lets everybody on the rosters of a program sign in, all with one password: a slow hash for each would make us wait.
func passwords(t testing.TB, p *apptest.Program) {
	t.Helper()
	hash, err := p.Auth.HashPassword(password)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range p.Casework.Projects() {
		people, err := p.Store.People(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, person := range people {
			if err := p.Store.PutPerson(t.Context(), id, person, hash); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := p.Casework.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// sessions are those that were begun, by program, project and handle: a password is slow to check.
var sessions sync.Map

func sessionOf(t testing.TB, p *apptest.Program, project cvd.ProjectID, handle cvd.ActorID) string {
	t.Helper()
	key := p.URL + string(project) + "/" + string(handle)
	if token, ok := sessions.Load(key); ok {
		return token.(string)
	}
	token, _, err := p.Auth.SignIn(t.Context(), project, handle, password)
	if err != nil {
		t.Fatal(err)
	}
	sessions.Store(key, token)
	return token
}

// session puts the session of somebody into the tab, for tests that are not about signing in.
func (b *tab) session(project cvd.ProjectID, handle cvd.ActorID) {
	b.t.Helper()
	token := sessionOf(b.t, b.p, project, handle)
	b.must("sign in", send(network.SetCookie, network.SetCookieParams{Name: "tipstaff", Value: token, URL: b.p.URL, Path: "/desk/" + string(project)}))
}

// forget takes all cookies away.
func (b *tab) forget() {
	b.t.Helper()
	b.must("forget", send(network.ClearBrowserCookies, cdp.Empty{}))
}
