package app_test

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/advisory"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// journey is one file of testdata/journey: its first line says what it proves, its sections how.
type journey struct {
	name    string
	project cvd.ProjectID
	policy  string                         // "-- policy --": a document of its own, instead of the gallery's
	people  map[cvd.ProjectID][]cvd.Person // "-- people --": HANDLE ROLE…, instead of the demonstration's roster
	before  string                         // "-- journey --": the script up to where strangers may read nothing
	never   []string                       // "-- never --": words that no stranger may read until then, nor later if not shown
	hidden  map[string][]string            // "-- never to WHO --": words that somebody of the case may not read until then
	told    map[string][]string            // "-- read by WHO --": words that they do read, so that the others are looked for where they would be
	then    string                         // "-- then --": how it goes on
	shown   []string                       // "-- shown --": words that strangers read at the end
	clocks  []string                       // "-- clocks --": KEY DUE met, missed or open
	passed  []string                       // "-- deviations --": HOW CLAUSE by WHO: BECAUSE, each that the report has of the case, oldest first
}

func readJourney(t *testing.T, file string) journey {
	t.Helper()
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if proves := strings.TrimSpace(string(a.Comment)); !strings.HasSuffix(proves, ".") || strings.Contains(proves, "\n") {
		t.Fatalf("%s begins with one line that says what it proves; it begins with %q", file, proves)
	}
	j := journey{name: strings.TrimSuffix(filepath.Base(file), ".txtar"), hidden: map[string][]string{}, told: map[string][]string{}}
	for _, f := range a.Files {
		text := string(f.Data)
		if who, ok := strings.CutPrefix(f.Name, "never to "); ok {
			j.hidden[who] = strings.Fields(strings.ToLower(text))
			continue
		}
		if who, ok := strings.CutPrefix(f.Name, "read by "); ok {
			j.told[who] = strings.Fields(strings.ToLower(text))
			continue
		}
		switch f.Name {
		case "project":
			j.project = cvd.ProjectID(strings.TrimSpace(text))
		case "policy":
			j.policy = text
		case "people":
			for line := range strings.Lines(text) {
				words := strings.Fields(line)
				j.people = map[cvd.ProjectID][]cvd.Person{j.project: append(j.people[j.project], cvd.Person{Handle: cvd.ActorID(words[0]),
					Name: words[0], Roles: words[1:]})}
			}
		case "journey":
			j.before = text
		case "never":
			j.never = strings.Fields(strings.ToLower(text))
		case "then":
			j.then = text
		case "shown":
			j.shown = strings.Fields(strings.ToLower(text))
		case "clocks":
			j.clocks = strings.Split(strings.TrimSpace(text), "\n")
		case "deviations":
			j.passed = strings.Split(strings.TrimSpace(text), "\n")
		default:
			t.Fatalf("%s: nobody reads the section %q", file, f.Name)
		}
	}
	if j.project == "" || j.before == "" || len(j.never) == 0 {
		t.Fatalf("%s needs the sections project, journey and never", file)
	}
	return j
}

func TestJourneys(t *testing.T) {
	files, err := filepath.Glob("testdata/journey/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no journeys: %v", err)
	}
	for _, file := range files {
		j := readJourney(t, file)
		for engine, opts := range map[string]apptest.Options{"SQLite": {}, "PostgreSQL": {Postgres: true}} {
			t.Run(j.name+"/"+engine, func(t *testing.T) {
				t.Parallel()
				opts.People, opts.Projects = j.people, []string{"juno", "solo-miner-monitor"}
				if j.policy != "" {
					opts.Policies = map[string]string{string(j.project): j.policy}
				} else if !slices.Contains(opts.Projects, string(j.project)) {
					opts.Projects = append(opts.Projects, string(j.project))
				}
				j.walk(t, apptest.New(t, opts))
			})
		}
	}
}

// walk plays a journey and asks afterwards what every journey must leave true.
func (j journey) walk(t *testing.T, p *apptest.Program) {
	p.Play(j.project, j.name, j.before)
	p.Settle()
	id := p.Journey.Cases[j.name]
	read := crawl(t, p, j.project, id)
	read["the letters"] = strings.ToLower(letters(t, p, j.project, id))
	for _, word := range j.never {
		if where := holding(read, word); len(where) > 0 {
			t.Errorf("a stranger reads %q before the disclosure: %v", word, where)
		}
	}
	j.compareReading(t, p)
	p.Play(j.project, j.name, j.then)
	p.Settle()
	read = crawl(t, p, j.project, id)
	for _, word := range j.shown {
		if len(holding(read, word)) == 0 {
			t.Errorf("no stranger reads %q in the end, on %d pages", word, len(read))
		}
	}
	for _, word := range j.never {
		if where := holding(read, word); len(where) > 0 && !slices.Contains(j.shown, word) {
			t.Errorf("a stranger reads %q in the end: %v", word, where)
		}
		if bears(strings.ToLower(p.Log.String()), word) {
			t.Errorf("the log says %q", word)
		}
	}
	replay(t, p.App, j.project)
	j.compareClocks(t, p)
	j.compareDeviations(t, p)
}

// replay folds the events of every case of a project again and compares that with what is kept, and the ledger with the events.
func replay(t *testing.T, a *app.App, project cvd.ProjectID) {
	t.Helper()
	for { // an event that comes meanwhile, since the clock of a demonstration goes on, is in the one and not in the other
		entries, erased := folded(t, a, project)
		audit, err := a.Store.VerifyLedger(t.Context(), project)
		if err != nil {
			t.Errorf("the ledger of %s: %v", project, err)
		}
		if again, _ := folded(t, a, project); again != entries {
			continue
		}
		if entries == 0 || audit.Entries != entries || audit.Erased != erased {
			t.Errorf("the ledger of %s holds %+v, and the cases have %d events", project, audit, entries)
		}
		return
	}
}

// folded counts the events of a project, and asks that each case is the fold of its own.
func folded(t *testing.T, a *app.App, project cvd.ProjectID) (entries, erased int64) {
	t.Helper()
	for _, c := range allCases(t, a, project) {
		events, err := a.Store.Events(t.Context(), project, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		entries += int64(len(events))
		var folded cvd.Case
		for _, e := range events {
			folded = cvd.Fold(folded, e)
			if e.What.Kind() == "" {
				erased++
			}
		}
		kept, err := a.Store.Case(t.Context(), project, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		// An event's JSON does not tell an empty list from none.
		if diff := cmp.Diff(folded, kept, cmpopts.EquateEmpty()); diff != "" && folded.Rev == kept.Rev {
			t.Errorf("%s is not the fold of its events (-folded +kept):\n%s", c.ID, diff)
		}
	}
	return entries, erased
}

// allCases are the cases of a project as the program itself sees them.
func allCases(t *testing.T, a *app.App, project cvd.ProjectID) []cvd.View {
	t.Helper()
	who := cvd.Actor{Project: project, ID: "all", Standing: cvd.Member, Can: []cvd.Capability{cvd.See}}
	var all []cvd.View
	for after := ""; ; {
		views, next, err := a.Casework.Cases(t.Context(), who, casework.Page{After: after})
		if err != nil {
			t.Fatal(err)
		}
		if all = append(all, views...); next == "" {
			return all
		}
		after = next
	}
}

// compareClocks holds the case's clocks against instants typed by hand.
func (j journey) compareClocks(t *testing.T, p *apptest.Program) {
	c, err := p.Store.Case(t.Context(), j.project, p.Journey.Cases[j.name])
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, k := range c.Clocks {
		state := "open"
		switch {
		case !k.Breached.IsZero():
			state = "missed"
		case !k.Met.IsZero():
			state = "met"
		}
		got = append(got, fmt.Sprintf("%s %s %s", k.Key(), k.Due.Format(time.RFC3339), state))
	}
	for _, want := range j.clocks {
		if !slices.Contains(got, want) {
			t.Errorf("no clock is\n     %s\ngot  %s", want, strings.Join(got, "\n     "))
		}
	}
}

// compareDeviations holds the report of what was skipped against what was typed by hand.
func (j journey) compareDeviations(t *testing.T, p *apptest.Program) {
	if len(j.passed) == 0 {
		return
	}
	who := cvd.Actor{Project: j.project, ID: "all", Standing: cvd.Member, Can: []cvd.Capability{cvd.See}}
	all, err := p.Casework.Deviations(t.Context(), who, casework.Period{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range all {
		if d.Case == p.Journey.Cases[j.name] {
			got = append(got, fmt.Sprintf("%s %s by %s: %s", d.How, d.Clause, strings.Join(d.Who, ", "), d.Because))
		}
	}
	if diff := cmp.Diff(j.passed, got); diff != "" {
		t.Errorf("the deviations (-want +got):\n%s", diff)
	}
}

// letters is everything that was sent to anybody about a case. Reporters and members hear that there is news and not which.
func letters(t *testing.T, p *apptest.Program, project cvd.ProjectID, id cvd.CaseID) string {
	t.Helper()
	events, err := p.Store.Events(t.Context(), project, id)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, e := range events {
		sent, err := p.Store.Deliveries(t.Context(), project, id, e.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range sent {
			out, err := p.Casework.Outgoing(t.Context(), project, d.Job)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&all, "%s\n%s\n", out.Letter.Subject, out.Letter.Text)
		}
	}
	return all.String()
}

var links = regexp.MustCompile(`(?:href|src|action)="(/[^"#]*)`)

// crawl is all that a stranger can read, in lower case: every page that leads to another from the first one, and whatever a stranger who
// knows the program's addresses, and even the case's id, would try.
func crawl(t *testing.T, p *apptest.Program, project cvd.ProjectID, id cvd.CaseID) map[string]string {
	t.Helper()
	todo, read := seeds(t, p, project, id), map[string]string{}
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		if _, known := read[path]; known {
			continue
		}
		text := fetch(t, p.URL+path)
		read[path] = strings.ToLower(text)
		if strings.Contains(text, "Content-Type: text/html") {
			for _, link := range links.FindAllStringSubmatch(html.UnescapeString(strings.ReplaceAll(text, p.URL+"/", "/")), -1) {
				todo = append(todo, link[1])
			}
		}
		if len(read) > 2000 {
			t.Fatal("the pages do not end")
		}
	}
	return read
}

// seeds are where a stranger begins to look.
func seeds(t *testing.T, p *apptest.Program, project cvd.ProjectID, id cvd.CaseID) []string {
	t.Helper()
	pages, api := "/p/"+string(project), "/api/v1/projects/"+string(project)
	paths := []string{"/", "/healthz", "/readyz", "/metrics", "/robots.txt", "/sitemap.xml", "/.well-known/security.txt",
		"/.well-known/csaf/provider-metadata.json", "/api/v1/openapi.json", "/api/v1/openapi.yaml", "/api/v1/projects", api, api + "/policy",
		api + "/policy.yaml", api + "/people", api + "/cases", api + "/cases?limit=100", api + "/search?q=capybara", pages, pages + "/",
		pages + "/policy", pages + "/SECURITY.md", pages + "/security.txt", pages + "/status", pages + "/cases", pages + "/checkpoint",
		pages + "/advisories/index.json", pages + "/" + advisory.ListPath, pages + "/" + advisory.FeedPath}
	for _, rest := range []string{"", "/receipt", "/alike", "/timeline", "/attachments/1"} {
		paths = append(paths, api+"/cases/"+string(id)+rest, pages+"/cases/"+string(id)+rest)
	}
	doc, err := p.Casework.PolicyOf(project)
	if err != nil {
		t.Fatal(err)
	}
	next := advisory.Record{ID: cvd.NewAdvisoryID(doc.Document.Prefix, p.Clock.Now().Year(), 1), Project: project}
	next.Timeline.Disclosed = p.Clock.Now()
	for _, f := range advisory.All {
		paths = append(paths, pages+"/"+f.Path(next))
	}
	return paths
}

func fetch(t *testing.T, url string) string {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var all bytes.Buffer
	if err := res.Header.Write(&all); err != nil {
		t.Fatal(err)
	}
	all.Write(body)
	return all.String()
}

// bears is whether a text holds a word, both in lower case. A short one may stand by chance in what is random: it counts as a word alone.
func bears(text, word string) bool {
	if len(word) > 5 {
		return strings.Contains(text, word)
	}
	for rest := text; ; {
		before, after, found := strings.Cut(rest, word)
		if !found {
			return false
		}
		joins := func(r rune, _ int) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
		if !joins(utf8.DecodeLastRuneInString(before)) && !joins(utf8.DecodeRuneInString(after)) {
			return true
		}
		rest = after
	}
}

// holding are the places where a word can be read, of texts in lower case.
func holding(read map[string]string, word string) []string {
	var where []string
	for path, text := range read {
		if bears(text, word) && !strings.HasSuffix(path, "?q="+word) {
			where = append(where, path)
		}
	}
	slices.Sort(where)
	return where
}

// demonstrated is the demonstration as it stands at an instant, whatever the wall's clock did to it since.
func demonstrated(t *testing.T, now time.Time) (*app.App, map[cvd.ProjectID][]cvd.Case) {
	t.Helper()
	var log bytes.Buffer
	cfg := app.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", URL: "http://127.0.0.1:8080"}
	a, shown, err := app.OpenDemo(t.Context(), cfg, &log, now)
	if err != nil {
		t.Fatalf("%v\n%s", err, &log)
	}
	t.Cleanup(func() {
		if err := a.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	cases := map[cvd.ProjectID][]cvd.Case{}
	for _, code := range shown.Codes {
		if code.Says == "" || code.Code == "" {
			t.Errorf("a case of %s is shown as %+v", code.Project, code)
		}
		project := cvd.ProjectID(code.Project)
		events, err := a.Store.Events(t.Context(), project, cvd.CaseID(code.Case))
		if err != nil {
			t.Fatal(err)
		}
		var c cvd.Case
		for _, e := range events {
			if !e.At.After(now) {
				c = cvd.Fold(c, e)
			} else if e.Who != "system" {
				t.Errorf("%s: %s happens at %s, which is still to come", code.Says, e.What.Kind(), cvd.Instant(e.At))
			}
		}
		cases[project] = append(cases[project], c)
	}
	return a, cases
}

// TestTheDemonstrationShowsEveryStage plays it at the first second of a day, at which the times of its scripts reach furthest
// back, and at the last.
func TestTheDemonstrationShowsEveryStage(t *testing.T) {
	for _, now := range []string{"2026-03-20T00:00:01Z", "2026-03-20T23:59:59Z"} {
		t.Run(now, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, now)
			if err != nil {
				t.Fatal(err)
			}
			begun := worked(t)
			a, cases := demonstrated(t, at)
			// Whoever tries the demonstration waits for it: ten seconds are much. It is the processor's time that is measured,
			// three times as much, since a test shares its machine and shared processors are slow.
			if took := worked(t) - begun; took > 30*time.Second {
				t.Errorf("the demonstration took %s of work", took)
			}
			for project, headlines := range map[cvd.ProjectID][]string{
				"juno": {"received", "acknowledged", "triaged", "fixing", "notified", "released", "disclosed", "closed", "invalid", "deferred"},
				"solo-miner-monitor": {"received", "acknowledged", "fixing", "notified", "disclosed", "closed", "invalid",
					"deferred"},
			} {
				doc, err := a.Casework.PolicyOf(project)
				if err != nil {
					t.Fatal(err)
				}
				everyStage(t, doc, cases[project], headlines, at)
				replay(t, a, project)
			}
		})
	}
}

// everyStage asks that each headline is on show, each stage of the policy reached by one case and still ahead of another, and
// besides: a promise missed, one that runs, a publication that waits for its instant, an emergency, a case taken up again.
func everyStage(t *testing.T, doc *policy.Policy, cases []cvd.Case, headlines []string, now time.Time) {
	t.Helper()
	seen := map[string]bool{}
	for _, c := range cases {
		seen[c.Headline()] = true
		for _, stage := range doc.Document.Stages {
			seen["reached "+stage.Done] = seen["reached "+stage.Done] || !c.Marked(stage.Done).IsZero()
			seen["ahead "+stage.Done] = seen["ahead "+stage.Done] || c.Marked(stage.Done).IsZero()
		}
		for _, k := range c.Clocks {
			seen["missed"] = seen["missed"] || !k.Breached.IsZero()
			seen["runs"] = seen["runs"] || k.Open() && k.Due.After(now)
		}
		seen["armed"] = seen["armed"] || c.Disclosure.Due.After(now)
		seen["attacked"] = seen["attacked"] || c.CS.Attacks
		seen["again"] = seen["again"] || len(c.Reports) > 1
	}
	want := append(slices.Clone(headlines), "missed", "runs", "armed", "attacked", "again")
	for _, stage := range doc.Document.Stages {
		want = append(want, "reached "+stage.Done, "ahead "+stage.Done)
	}
	for _, one := range want {
		if !seen[one] {
			t.Errorf("no case of %s shows: %s", doc.Document.Title, one)
		}
	}
}

// worked is the processor's time that this process has used.
func worked(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
