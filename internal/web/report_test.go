package web_test

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

func TestAReporterLeavesWithACodeAndTheRequestToKeepQuiet(t *testing.T) {
	b := open(t)
	form := b.get("/p/juno/report?kind=security")
	form.says(t, "Please do not speak about this in public", "Whoever hears of a weakness before there is a fix can use it",
		"You need no account", "your report is taken all the same")
	a := b.upload("/p/juno/report", aReport(), map[string]string{"proof.txt": "node.Panic()"})
	a.says(t, "Your report is in", "Keep this return code", "Please do not speak about this in public", "What happens next", "Somebody has seen it")
	secret := a.field(t, "code")
	if !strings.Contains(a.body, string(of(secret))) || len(secret) < 30 {
		t.Errorf("the page does not show case %s and its code %q", of(secret), secret)
	}
}

func TestKindsThatAreNoCaseAreShownTheirWay(t *testing.T) {
	b := open(t)
	b.get("/p/juno/report").says(t, "Security issue", "Feature request", "To the tracker", "To the discussion")
	b.get("/p/juno/report?kind=parameter").says(t, "Change of a parameter: not here", "Take it to the discussion")
	form := aReport()
	form.Set("kind", "feature")
	a := b.post("/p/juno/report", form)
	if a.status != http.StatusUnprocessableEntity || strings.Contains(a.body, "return code</h2>") {
		t.Errorf("a feature request became a report: %d", a.status)
	}
	a.says(t, "Not sent yet", "Feature request")
}

// J-7, J-11: a wish is asked for its use and its value, returned without one of them, and prepared for the tracker with both. No
// case is opened and nothing is kept.
func TestAWishIsPreparedForTheTrackerAndKeptNowhere(t *testing.T) {
	b := open(t)
	page := b.get("/p/juno/report?kind=feature")
	page.says(t, "Feature request", "Use case", "Value", "Prepare the issue", "Nothing that you write here is kept")
	for _, never := range []string{"How we can reach you", "Whom else you have told", "Steps to reproduce"} {
		if strings.Contains(page.words(t), never) {
			t.Errorf("a wish is asked for: %s", never)
		}
	}
	form := url.Values{"kind": {"feature"}, "title": {"Pause a contract"}, "description": {"A call that pauses it."}, "fields.value": {"Operators can act."}}
	a := b.post("/p/juno/issue", form)
	a.says(t, "The issue is not ready yet", "Use case is missing")
	if a.status != http.StatusUnprocessableEntity || strings.Contains(a.body, "/issues/new?") {
		t.Errorf("without its use: got %d", a.status)
	}
	if got := a.field(t, "fields.value"); got != "Operators can act." {
		t.Errorf("the value comes back as %q", got)
	}
	form.Set("fields.use_case", "Stop a drain & look.")
	a = b.post("/p/juno/issue", form)
	a.says(t, "The issue is ready", "Pause a contract", "### Use case Stop a drain & look.", "### Value Operators can act.")
	link := ""
	for _, n := range a.elements(t) {
		if to := attr(n, "href"); strings.Contains(to, "/issues/new?") {
			link = to
		}
	}
	u, err := url.Parse(link)
	if err != nil || u.Host != "github.com" || u.Query().Get("title") != "Pause a contract" || !strings.Contains(u.Query().Get("body"), "Stop a drain & look.") {
		t.Errorf("the link is %q, %v", link, err)
	}
	form.Set("kind", "security")
	if a := b.post("/p/juno/issue", form); a.status != http.StatusNotFound {
		t.Errorf("a weakness is prepared for the tracker: got %d", a.status)
	}
	cases, _, err := b.Casework.Cases(t.Context(), b.Actor("juno", "dimi"), casework.Page{})
	if err != nil || len(cases) != 0 {
		t.Errorf("there are %d cases, %v: want none", len(cases), err)
	}
	if strings.Contains(b.Log.String(), "Pause a contract") {
		t.Error("the log holds the wish")
	}
}

func TestAFormThatDoesNotPassKeepsWhatWasTyped(t *testing.T) {
	b := open(t)
	typed := aReport()
	typed.Set("description", " ")
	typed.Set("contact.email", "no address")
	typed.Set("impact", "\n\nAn empty line\r\nfirst, and \"quotes\" & <tags>")
	typed.Set("fields.other_chains", "Osmosis")
	typed.Set("ai_use.used", "yes")
	a := b.upload("/p/juno/report", typed, map[string]string{"proof.txt": "x"})
	if a.status != http.StatusUnprocessableEntity {
		t.Fatalf("got %d, want 422\n%s", a.status, a.body)
	}
	for name, want := range map[string]string{"title": typed.Get("title"), "component": "x/wasm", "steps": typed.Get("steps"),
		"environment.os": "Debian 12", "contact.email": "no address", "credit": "Rita", "fields.other_chains": "Osmosis",
		"impact": "\n\nAn empty line\nfirst, and \"quotes\" & <tags>", "once": "a key of the form", "kind": "security"} {
		if got := a.field(t, name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	a.says(t, "Nothing was sent yet", "A report needs a description", "choose your files again")
	ids, links, checked, focus := map[string]bool{}, []string{}, []string{}, ""
	for _, n := range a.elements(t) {
		ids[attr(n, "id")] = true
		for _, at := range n.Attr {
			switch {
			case at.Key == "href" && strings.HasPrefix(at.Val, "#") && at.Val != "#main":
				links = append(links, at.Val[1:])
			case at.Key == "checked":
				checked = append(checked, attr(n, "name")+"="+attr(n, "value"))
			case at.Key == "autofocus":
				focus = attr(n, "class")
			}
		}
		if attr(n, "id") == "description" && (attr(n, "aria-invalid") != "true" || !strings.Contains(attr(n, "aria-describedby"), "description-error")) {
			t.Error("the field that is wrong does not say so to who cannot see it")
		}
	}
	if strings.Join(links, " ") != "description contact-email" || !ids["description"] || !ids["contact-email"] {
		t.Errorf("the summary leads to %v, want the two fields", links)
	}
	if got := strings.Join(checked, " "); got != "ai_use.used=yes term.time=accept term.good_faith=accept" {
		t.Errorf("ticked are %s", got)
	}
	if focus != "problems" {
		t.Errorf("the focus is on %q, want the summary", focus)
	}
}

func TestAReportThatIsSentTwiceIsOneReport(t *testing.T) {
	b := open(t)
	once := b.get("/p/juno/report?kind=security").field(t, "once")
	if again := b.get("/p/juno/report?kind=security").field(t, "once"); once == again || len(once) < 20 {
		t.Fatalf("two forms have the keys %q and %q", once, again)
	}
	form := aReport()
	form.Set("once", once)
	first, second := b.report("juno", form), b.report("juno", form)
	if first != second {
		t.Errorf("sent twice, got the codes of %s and %s", of(first), of(second))
	}
	form.Set("title", "Another matter")
	a := b.upload("/p/juno/report", form, nil)
	if a.status != http.StatusUnprocessableEntity || a.field(t, "title") != "Another matter" || a.field(t, "once") == once {
		t.Errorf("another text under the same key: got %d and the key %q; want the form again, ready to be sent as a new report", a.status, a.field(t, "once"))
	}
	views, _, err := b.Casework.Cases(context.Background(), b.Actor("juno", "dimi"), casework.Page{})
	if err != nil || len(views) != 1 {
		t.Errorf("there are %d cases, want 1 (%v)", len(views), err)
	}
}

func TestRefusingTheTermsDestroysNothing(t *testing.T) {
	b := open(t)
	form := aReport()
	form.Del("accepted")
	secret := b.report("juno", form)
	v, err := b.Casework.Case(context.Background(), b.Actor("juno", "dimi"), of(secret))
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Reports) != 1 || len(v.Reports[0].Accepted) != 0 || v.Embargo.State != cvd.NoEmbargo {
		t.Errorf("got %+v with embargo %s; want the report, with nothing accepted and no embargo", v.Reports, v.Embargo.State)
	}
}

func TestStepsAreAnOrderedListHoweverTheyWereTyped(t *testing.T) {
	b := open(t)
	form := aReport()
	form.Set("steps", "1. start a node\r\n\r\n 2) send the query\r\n0.5 seconds later it halts")
	secret := b.report("juno", form)
	v, err := b.Casework.Case(context.Background(), b.Actor("juno", "dimi"), of(secret))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(v.Reports[0].Steps, "|"); got != "start a node|send the query|0.5 seconds later it halts" {
		t.Errorf("got the steps %q", got)
	}
}

// endless is a body that never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestWhatIsTooLongIsRefusedWithoutBeingRead(t *testing.T) {
	b := open(t)
	const most = 100_000_000
	for name, r := range map[string]*http.Request{
		"a text that says its length": b.request("POST", "/p/juno/status", "application/x-www-form-urlencoded", io.LimitReader(endless{}, most)),
		"a text that does not":        b.request("POST", "/p/juno/report", "application/x-www-form-urlencoded", io.LimitReader(endless{}, most)),
		"more than ten files have":    b.request("POST", "/p/juno/report", "multipart/form-data; boundary=b", io.LimitReader(endless{}, 2<<30)),
	} {
		if name != "a text that does not" {
			r.ContentLength = most
		}
		if name == "more than ten files have" {
			r.ContentLength = 2 << 30
		}
		// The server answers while the client still sends: the answer counts, a broken pipe after it does not.
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		_ = res.Body.Close() // only the status is of interest
		if res.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: got %d, want 413", name, res.StatusCode)
		}
	}
}

func TestAFileThatIsTooLongKeepsTheText(t *testing.T) {
	b := open(t)
	a := b.upload("/p/juno/report", aReport(), map[string]string{"core.dump": strings.Repeat("x", casework.LargestFile+1)})
	if a.status != http.StatusRequestEntityTooLarge || a.field(t, "title") != aReport().Get("title") {
		t.Fatalf("got %d, want 413 with the form as it was typed", a.status)
	}
	a.says(t, "“core.dump” is longer than 10 MiB")
	files := map[string]string{}
	for i := range casework.MostFiles + 1 {
		files[string(rune('a'+i))] = "x"
	}
	if a := b.upload("/p/juno/report", aReport(), files); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("eleven files: got %d, want 413", a.status)
	}
}

func TestABrokenFormIsAnsweredPlainly(t *testing.T) {
	b := open(t)
	for name, r := range map[string]*http.Request{
		"cut short":   b.request("POST", "/p/juno/report", "multipart/form-data; boundary=b", strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nx")),
		"no boundary": b.request("POST", "/p/juno/report", "multipart/form-data", strings.NewReader("x")),
		"not UTF-8":   b.request("POST", "/p/juno/report", "application/x-www-form-urlencoded", strings.NewReader("kind=security&title=%ff&description=x")),
		"percent":     b.request("POST", "/p/juno/report", "application/x-www-form-urlencoded", strings.NewReader("title=%zz")),
		"JSON":        b.request("POST", "/p/juno/report", "application/json", strings.NewReader("{}")),
	} {
		if a := b.do(r); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: got %d, want 422\n%s", name, a.status, a.body)
		}
	}
	var many strings.Builder
	m := multipart.NewWriter(&many)
	for range 400 {
		if err := m.WriteField("x", "y"); err != nil {
			t.Fatal(err)
		}
	}
	if a := b.do(b.request("POST", "/p/juno/report", m.FormDataContentType(), strings.NewReader(many.String()))); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("400 fields: got %d, want 413", a.status)
	}
}

func TestAnAddressDecidesNothingAboutAReport(t *testing.T) {
	b := open(t)
	query := url.Values{"title": {"from the address"}, "description": {"from the address"}, "code": {"from the address"}}
	a := b.post("/p/juno/report?"+query.Encode(), url.Values{"kind": {"security"}})
	if a.status != http.StatusUnprocessableEntity || strings.Contains(a.body, "from the address") {
		t.Errorf("got %d; what stood in the address was taken for what was typed", a.status)
	}
}
