package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Every page that reads is asked for by a stranger and by somebody who is signed in, one request after the other, in an
// installation with a tenth of the cases and again when it has all of them.

// sightings is how often each page is asked for.
const sightings = 200

// searches are asked with POST, since no word of them may stand in an address: what follows the space is sent.
var searches = []string{"/desk/{project} words=header+overflow", "/desk/{project} state=received&order=newest"}

// walker is one visitor.
type walker struct {
	who string
	*http.Client
}

// walk prints the median and the 99th percentile of each page, and how many times the median of the small installation it takes.
func (b *bench) walk() error {
	dir, err := b.init("walk")
	if err != nil {
		return err
	}
	secret := filepath.Join(b.dir, "password")
	const password = "a password that only this run has"
	if err := os.WriteFile(secret, []byte(password), 0o600); err != nil {
		return err
	}
	out, err := exec.Command(b.program, "user", "password", "jake", "--data", dir, "--file", secret).CombinedOutput()
	if err != nil {
		return fmt.Errorf("set a password: %w\n%s", err, out)
	}
	patterns, err := reading()
	if err != nil {
		return err
	}
	small, have := map[string]time.Duration{}, 0
	for _, cases := range []int{b.cases / 10, b.cases} {
		if have, err = b.fill(dir, have, cases); err != nil {
			return err
		}
		fmt.Printf("\n%d cases: ", have)
		if err := b.walkThrough(dir, password, patterns, small); err != nil {
			return err
		}
	}
	return nil
}

// walkThrough asks for all pages of one installation.
func (b *bench) walkThrough(dir, password string, patterns []string, small map[string]time.Duration) (err error) {
	began := time.Now()
	s, err := b.tipstaff(dir, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	base := "http://" + s.address
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	member := walker{"member", &http.Client{Jar: jar, CheckRedirect: stay}}
	res, err := member.PostForm(base+"/desk/juno/sign-in", url.Values{"handle": {"jake"}, "password": {password}})
	if err != nil {
		return err
	}
	_ = res.Body.Close()
	for code := 0; code != http.StatusOK; time.Sleep(100 * time.Millisecond) { // 503 while it reads what there is
		if code, _, _, err = member.see(base + "/desk/juno/measures.csv"); err != nil || time.Since(began) > 10*time.Minute {
			return cmp.Or(err, errors.New("the measures are not there after ten minutes"))
		}
	}
	fmt.Printf("the first page was there %.1f s after the start, the measures %.1f s\n", s.ready.Seconds(), time.Since(began).Seconds())
	_, _, inbox, err := member.see(base + "/desk/juno")
	if err != nil {
		return err
	}
	one := regexp.MustCompile(`/desk/juno/cases/([A-Z0-9-]+)`).FindStringSubmatch(inbox)
	sheet := regexp.MustCompile(`/static/([^"]+)`).FindStringSubmatch(inbox)
	if one == nil || sheet == nil {
		return errors.New("the inbox shows no case")
	}
	named := strings.NewReplacer("{$}", "", "{project}", "juno", "{case}", one[1], "{step}", "triage", "{measure}", "response?part=numbers&name=open", "static/{file}", "static/"+sheet[1],
		"{tile...}", "0/000")
	for _, v := range []walker{{"stranger", &http.Client{CheckRedirect: stay}}, member} {
		for _, p := range append(patterns, searches...) {
			if err := b.sight(v, p, base+named.Replace(p), small); err != nil {
				return err
			}
		}
	}
	return nil
}

// sight is one page as one visitor sees it.
func (b *bench) sight(v walker, pattern, at string, small map[string]time.Duration) error {
	var took []time.Duration
	var code int
	for range sightings {
		var t time.Duration
		var err error
		if code, t, _, err = v.see(at); err != nil {
			return err
		}
		took = append(took, t)
	}
	slices.Sort(took)
	p50, p99 := took[len(took)/2], took[len(took)*99/100]
	key, times := v.who+" "+pattern, ""
	if was, known := small[key]; known {
		times = fmt.Sprintf("%.1f times", float64(p50)/float64(was))
	} else {
		small[key] = p50
	}
	verdict := ""
	if p99 > 50*time.Millisecond {
		verdict, b.missed = "  MISSED (50 ms)", b.missed+1
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	fmt.Printf("%-9s%-50s %d %8.2f ms %8.2f ms  %s%s\n", v.who, pattern, code, ms(p50), ms(p99), times, verdict)
	return nil
}

// see asks for a page and reads all of it.
func (v walker) see(at string) (code int, took time.Duration, text string, err error) {
	began := time.Now()
	address, form, posts := strings.Cut(at, " ")
	ask := v.Get
	if posts {
		ask = func(address string) (*http.Response, error) {
			return v.Post(address, "application/x-www-form-urlencoded", strings.NewReader(form))
		}
	}
	res, err := ask(address)
	if err != nil {
		return 0, 0, "", err
	}
	defer func() { _ = res.Body.Close() }() // read only
	body, err := io.ReadAll(res.Body)
	return res.StatusCode, time.Since(began), string(body), err
}

// reading are the patterns of all pages that read, from the table of routes itself; a file of a case is left out, since what
// the cases are filled with has none.
func reading() ([]string, error) {
	text, err := os.ReadFile("internal/web/routes.go")
	if err != nil {
		return nil, err
	}
	var out []string
	for _, m := range regexp.MustCompile(`\{"GET (/[^"]*)"`).FindAllSubmatch(text, -1) {
		if p := string(m[1]); !strings.HasSuffix(p, "/files/{file}") {
			out = append(out, p)
		}
	}
	if len(out) == 0 {
		return nil, errors.New("the table of routes names no page")
	}
	return out, nil
}
