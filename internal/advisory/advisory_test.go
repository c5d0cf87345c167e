package advisory_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"golang.org/x/tools/txtar"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/advisory"
)

var update = flag.Bool("update", false, "rewrite the golden sections of testdata/*.txtar")

// story is one document of testdata: a record, and what each format makes of it.
type story struct {
	name    string
	file    string
	record  advisory.Record
	archive *txtar.Archive
}

func stories(t testing.TB) []story {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no documents in testdata: %v", err)
	}
	var all []story
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if archive.Files[0].Name != "record.json" {
			t.Fatalf("%s does not begin with record.json", file)
		}
		s := story{name: strings.TrimSuffix(filepath.Base(file), ".txtar"), file: file, archive: archive}
		d := json.NewDecoder(bytes.NewReader(archive.Files[0].Data))
		d.DisallowUnknownFields()
		if err := d.Decode(&s.record); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, s)
	}
	return all
}

func storyOf(t testing.TB, name string) story {
	t.Helper()
	for _, s := range stories(t) {
		if s.name == name {
			return s
		}
	}
	t.Fatalf("no testdata/%s.txtar", name)
	return story{}
}

func write(t testing.TB, format string, r advisory.Record) string {
	t.Helper()
	f, ok := advisory.Named(format)
	if !ok {
		t.Fatalf("there is no format %q", format)
	}
	b, err := f.Write(r)
	if err != nil {
		t.Fatalf("write %s: %v", format, err)
	}
	return string(b)
}

func info(r advisory.Record) advisory.FeedInfo {
	return advisory.FeedInfo{Project: r.Project, ProjectTitle: r.ProjectTitle, Publisher: r.Publisher, Base: r.Base, Language: r.Language,
		Since: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
}

// sections are all that is written of a record, by the names in the documents.
func sections(t testing.TB, r advisory.Record) []txtar.File {
	t.Helper()
	var problems strings.Builder
	for _, p := range advisory.Check(r) {
		fmt.Fprintf(&problems, "%s: %q; %s\n", p.Field, p.Says, p.Fix)
	}
	all := []txtar.File{{Name: "check", Data: []byte(problems.String())}}
	for _, f := range advisory.All {
		all = append(all, txtar.File{Name: f.Name + " " + f.Path(r), Data: []byte(write(t, f.Name, r))})
	}
	feed, err := advisory.Feed(info(r), []advisory.Record{r})
	if err != nil {
		t.Fatal(err)
	}
	list, err := advisory.List(info(r), []advisory.Record{r})
	if err != nil {
		t.Fatal(err)
	}
	return append(all, txtar.File{Name: "feed " + advisory.FeedPath, Data: feed}, txtar.File{Name: "list " + advisory.ListPath, Data: list})
}

func TestEveryFormatAnswersForEveryRecord(t *testing.T) {
	for _, s := range stories(t) {
		t.Run(s.name, func(t *testing.T) {
			got := sections(t, s.record)
			if *update {
				s.archive.Files = append(s.archive.Files[:1], got...)
				if err := os.WriteFile(s.file, txtar.Format(s.archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want := map[string]string{}
			for _, f := range s.archive.Files[1:] {
				want[f.Name] = string(f.Data)
			}
			for _, f := range got {
				golden, ok := want[f.Name]
				if !ok {
					t.Errorf("%s has no section %q; see it with: go test ./internal/advisory -update", s.file, f.Name)
					continue
				}
				delete(want, f.Name)
				if diff := cmp.Diff(golden, string(f.Data)); diff != "" {
					t.Errorf("%s of %s (-want +got; rewrite with -update):\n%s", f.Name, s.file, diff)
				}
			}
			for name := range want {
				t.Errorf("%s has a section %q that nothing writes", s.file, name)
			}
		})
	}
}

// The template of the second process, section "Advisory Template": B-81, B-86, B-87, B-88.
func TestMarkdownHasTheSectionsAndFieldsOfTheTemplateInTheirOrder(t *testing.T) {
	want := []string{"# Security Advisory: ", "**Published:** ", "**Severity:** ", "**CVSS Score:** ", "## Summary", "## Impact",
		"## Affected Versions", "## Resolution", "## Mitigation", "## Timeline", "- **Reported:** ", "- **Confirmed:** ", "- **Fixed:** ",
		"- **Released:** ", "- **Disclosed:** ", "## Credits", "## References"}
	structure := regexp.MustCompile(`(?m)^(# Security Advisory: |## .*|(?:- )?\*\*[A-Za-z ]+:\*\* )`)
	for _, s := range stories(t) {
		t.Run(s.name, func(t *testing.T) {
			text := write(t, "markdown", s.record)
			if s.name == "hostile" { // an open fence is shown letter by letter: what stands in it is no structure
				text = strings.ReplaceAll(text, "- **Reported:** never", "")
			}
			if diff := cmp.Diff(want, structure.FindAllString(text, -1)); diff != "" {
				t.Errorf("structure (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFiveDatesComeFromTheRecordAndNotFromTheText(t *testing.T) {
	r := storyOf(t, "juno").record
	before := write(t, "markdown", r)
	r.Timeline.Confirmed = r.Timeline.Confirmed.Add(24 * time.Hour)
	after := write(t, "markdown", r)
	if !strings.Contains(before, "- **Confirmed:** Mon 2026-03-02 17:40 UTC\n") || !strings.Contains(after, "- **Confirmed:** Tue 2026-03-03 17:40 UTC\n") {
		t.Errorf("the date of confirmation does not follow the record:\n%s\n%s", before, after)
	}
}

func TestWhoDidNotAgreeIsNamedNowhere(t *testing.T) {
	r := storyOf(t, "solo").record
	r.Credits = append(r.Credits, cvd.Credit{Name: "Secret Helper", Role: "finder"})
	for _, f := range sections(t, r) {
		if strings.Contains(string(f.Data), "Secret Helper") {
			t.Errorf("%s names somebody who did not agree", f.Name)
		}
	}
	if !slices.ContainsFunc(advisory.Check(r), func(p advisory.Problem) bool { return p.Field == "credits" }) {
		t.Error("Check lets a credit without consent pass")
	}
}

func TestPagesCarryNoScriptNoStyleAndNothingFromElsewhere(t *testing.T) {
	allowed := strings.Fields("html head meta title link body a header nav main article section h1 h2 h3 h4 h5 h6 p dl div dt dd time span ul ol li " +
		"table thead tbody tr th td pre code em strong del br hr blockquote footer aside bdi")
	attributes := strings.Fields("lang charset name content rel href type title class id for aria-label aria-labelledby datetime scope role tabindex")
	for _, s := range stories(t) {
		for _, f := range sections(t, s.record) {
			if !strings.HasPrefix(f.Name, "html") && !strings.HasPrefix(f.Name, "list") {
				continue
			}
			for tag := range tags(string(f.Data)) {
				if !slices.Contains(allowed, tag.Data) {
					t.Errorf("%s of %s holds %s", f.Name, s.name, tag)
				}
				rel := ""
				for _, a := range tag.Attr {
					if a.Key == "rel" {
						rel = a.Val
					}
					local := strings.HasPrefix(a.Val, "/") || strings.HasPrefix(a.Val, "#")
					follows := strings.HasPrefix(a.Val, "https://") && (tag.Data == "a" || rel == "canonical")
					if !slices.Contains(attributes, a.Key) || a.Key == "href" && !local && !follows {
						t.Errorf("%s of %s holds %s", f.Name, s.name, tag)
					}
				}
			}
		}
	}
}

func tags(page string) iter.Seq[html.Token] {
	return func(yield func(html.Token) bool) {
		z := html.NewTokenizer(strings.NewReader(page))
		for z.Next() != html.ErrorToken {
			if tag := z.Token(); (tag.Type == html.StartTagToken || tag.Type == html.SelfClosingTagToken) && !yield(tag) {
				return
			}
		}
	}
}

func TestNothingHiddenIsPublished(t *testing.T) {
	hidden := regexp.MustCompile(`[\x00-\x08\x0b-\x1f\x7f-\x{9f}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}\x{fffe}\x{e0000}-\x{e007f}]`)
	for _, f := range sections(t, storyOf(t, "hostile").record) {
		if at := hidden.FindString(string(f.Data)); at != "" {
			t.Errorf("%s holds %+q", f.Name, at)
		}
	}
}

func TestPathsStayBelowTheProject(t *testing.T) {
	r := storyOf(t, "hostile").record
	for _, id := range []cvd.AdvisoryID{r.ID, "../../etc/passwd", "..", ".htaccess", "a\x00b", "Ä ö"} {
		r.ID = id
		for _, f := range advisory.All {
			if path := f.Path(r); !filepath.IsLocal(path) || !regexp.MustCompile(`^(advisories|csaf/2027|osv)/[+A-Za-z0-9_-][+A-Za-z0-9._-]*\.[a-z]+$`).MatchString(path) {
				t.Errorf("the %s of %q would be written to %q", f.Name, id, path)
			}
		}
	}
}

func TestTheSameRecordGivesTheSameBytes(t *testing.T) {
	for _, s := range stories(t) {
		if diff := cmp.Diff(sections(t, s.record), sections(t, s.record)); diff != "" {
			t.Errorf("%s differs from run to run:\n%s", s.name, diff)
		}
	}
}

func TestWritingLeavesTheRecordAlone(t *testing.T) {
	for _, s := range stories(t) {
		before, err := json.Marshal(s.record)
		if err != nil {
			t.Fatal(err)
		}
		sections(t, s.record)
		if after, _ := json.Marshal(s.record); string(after) != string(before) {
			t.Errorf("%s was changed by writing it", s.name)
		}
	}
}

func TestCSAFSaysWhatIsMissingInsteadOfInventingIt(t *testing.T) {
	csaf, _ := advisory.Named("csaf")
	for name, take := range map[string]func(*advisory.Record){
		"id":         func(r *advisory.Record) { r.ID = " " },
		"namespace":  func(r *advisory.Record) { r.Publisher.Namespace = "ftp://juno.example" },
		"public URL": func(r *advisory.Record) { r.Base = "" },
		"revision":   func(r *advisory.Record) { r.Revisions = nil },
		"number 2": func(r *advisory.Record) {
			r.Revisions = append(r.Revisions, advisory.Revision{Number: 3, At: r.Revisions[0].At.Add(1)})
		},
		"number 1": func(r *advisory.Record) { r.Revisions[0].Number = 2 },
		"versions": func(r *advisory.Record) { r.Products = nil },
	} {
		r := storyOf(t, "juno").record
		take(&r)
		b, err := csaf.Write(r)
		if cvd.KindOf(err) != cvd.Invalid || !strings.Contains(err.Error(), name) {
			t.Errorf("without the %s: got %q and %v", name, b, err)
		}
	}
}
