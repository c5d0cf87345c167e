package app_test

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// request is one that somebody sends again and again, to learn from how long the answer takes.
type request struct {
	method, path, form, bearer string
}

// TestTheTimeOfAnAnswerTellsNothing sends two requests in turns on one connection, thousands of times, and asks how often one can tell
// them apart by the time that they took: half of the time, as by tossing a coin.
func TestTheTimeOfAnAnswerTellsNothing(t *testing.T) {
	apptest.Long(t)
	s := newScene(t)
	ids := map[string]string{}
	for _, o := range s.objects {
		ids[o.name] = string(o.id)
	}
	codes := map[string]string{}
	for name, code := range s.Journey.Codes {
		codes[name] = url.QueryEscape(code)
	}
	vera, api := s.Token("solo-miner-monitor", "vera"), "/api/v1/projects/"
	wrong := func(id string) string { return url.QueryEscape(id + "-aaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaa") }
	for _, x := range []struct {
		name     string
		of       int // times each
		one, two request
	}{
		{"a page of a case, withheld and absent", 3000, request{"GET", "/p/juno/cases/" + ids["sealed"], "", ""}, request{"GET", "/p/juno/cases/JUNO-0000", "", ""}},
		{"a case for the community, withheld and absent", 3000, request{"GET", api + "solo-miner-monitor/cases/" + ids["hidden"], "", vera},
			request{"GET", api + "solo-miner-monitor/cases/SOLO-0000", "", vera}},
		{"a case for another reporter, withheld and absent", 3000, request{"GET", api + "juno/cases/" + ids["sealed"], "", s.Journey.Codes["other/sam"]},
			request{"GET", api + "juno/cases/JUNO-0000", "", s.Journey.Codes["other/sam"]}},
		{"a case, erased and absent", 3000, request{"GET", "/p/juno/cases/" + ids["erased"], "", ""}, request{"GET", "/p/juno/cases/JUNO-0000", "", ""}},
		{"a code of another project and one of nothing", 3000, request{"POST", "/p/solo-miner-monitor/status", "code=" + codes["sealed/rita"], ""},
			request{"POST", "/p/solo-miner-monitor/status", "code=" + wrong("JUNO-0000"), ""}},
		{"a wrong code of a case and of none", 3000, request{"POST", "/p/juno/status", "code=" + wrong(ids["sealed"]), ""}, request{"POST", "/p/juno/status", "code=" + wrong("JUNO-0000"), ""}},
		{"a search for what is withheld and for nothing", 3000, request{"GET", api + "solo-miner-monitor/search?q=zzqxhiddenqtitleq", "", vera},
			request{"GET", api + "solo-miner-monitor/search?q=zzqxhiddenqtitlex", "", vera}},
	} {
		t.Run(x.name, func(t *testing.T) {
			tellsNothing(t, x.of, func() time.Duration { return s.take(t, x.one) }, func() time.Duration { return s.take(t, x.two) })
		})
	}
	t.Run("a name of the roster and one of nobody", func(t *testing.T) { // each waits for argon2, and after ten tries of one name for a minute
		n := 0
		signIn := func(handle string) func() time.Duration {
			return func() time.Duration {
				if n++; n%8 == 0 {
					s.Clock.Set(s.Clock.Now().Add(time.Minute))
				}
				return s.take(t, request{"POST", "/desk/juno/sign-in", url.Values{"handle": {handle}, "password": {"wrong wrong wrong"}}.Encode(), ""})
			}
		}
		tellsNothing(t, 20, signIn("jake"), signIn("nobody"))
	})
}

// tellsNothing fails if one can tell two answers apart. Of few tries the odds are spread wider, so three of their deviations pass;
// a machine that is busy with something else is asked once more.
func tellsNothing(t *testing.T, n int, one, two func() time.Duration) {
	t.Helper()
	allowed := max(0.03, 3*math.Sqrt(float64(2*n+1)/float64(12*n*n)))
	var odds float64
	for range 3 {
		var a, b []time.Duration
		for i := range n + n/10 {
			x, y := one, two
			if i%2 == 1 { // who comes first meets what the other left behind
				x, y = two, one
			}
			p, q := x(), y()
			if i%2 == 1 {
				p, q = q, p
			}
			if i >= n/10 { // the first ones warm up
				a, b = append(a, p), append(b, q)
			}
		}
		if odds = area(a, b); math.Abs(odds-0.5) <= allowed {
			t.Logf("AUC %.3f of %d", odds, n)
			return
		}
	}
	t.Errorf("the answers are told apart by their time: AUC %.3f of %d, want 0.5 ± %.3f", odds, n, allowed)
}

// area is how often a draw from a is longer than one from b (Mann and Whitney): the area under the curve.
func area(a, b []time.Duration) float64 {
	slices.Sort(b)
	sum := 0.0
	for _, x := range a {
		below, _ := slices.BinarySearch(b, x)
		upTo, _ := slices.BinarySearch(b, x+1)
		sum += float64(below) + float64(upTo-below)/2
	}
	return sum / float64(len(a)*len(b))
}

// take sends a request and says how long its answer took.
func (s *scene) take(t *testing.T, x request) time.Duration {
	t.Helper()
	r, err := http.NewRequest(x.method, s.URL+x.path, strings.NewReader(x.form))
	if err != nil {
		t.Fatal(err)
	}
	if x.form != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if x.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+x.bearer)
	}
	began := time.Now()
	res, err := roundTrip.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(io.Discard, res.Body)
	took := time.Since(began)
	_ = res.Body.Close() // read to its end above
	if err != nil || res.StatusCode >= 500 {
		t.Fatal(fmt.Errorf("%s %s: %d %w", x.method, x.path, res.StatusCode, err))
	}
	return took
}

// Who is asked about a case that they cannot see must not even open it: what is opened for the first time takes longer. So the first
// request counts, not the thousandth, and each is about another case.
func TestTheFirstLookAtACaseTellsNothing(t *testing.T) {
	apptest.Long(t)
	p := apptest.New(t, apptest.Options{})
	s := &scene{Program: p, t: t}
	const n = 600
	var secret, absent []cvd.CaseID
	for i := range n + n/10 {
		a, err := p.Casework.Receive(t.Context(), "juno", "form", cvd.Report{Kind: "security", Title: fmt.Sprint("Matter ", i), Description: strings.Repeat("long ", 2000)}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		secret = append(secret, a.Case)
	}
	for i := 0; len(absent) < len(secret); i++ {
		if id := cvd.CaseID(fmt.Sprintf("JUNO-%04d", i)); !slices.Contains(secret, id) {
			absent = append(absent, id)
		}
	}
	p.Settle()
	dir := p.Data
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Program = apptest.New(t, apptest.Options{Data: dir}) // with nothing in its memory
	i, j := -1, -1
	var a, b []time.Duration
	for range n {
		i, j = i+1, j+1
		a = append(a, s.take(t, request{"GET", "/p/juno/cases/" + string(secret[i]), "", ""}))
		b = append(b, s.take(t, request{"GET", "/p/juno/cases/" + string(absent[j]), "", ""}))
	}
	if odds, allowed := area(a, b), 0.05; math.Abs(odds-0.5) > allowed {
		t.Errorf("a first look tells a withheld case from an absent one: AUC %.3f of %d, want 0.5 ± %.2f", odds, n, allowed)
	}
}
