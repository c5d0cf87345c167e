package policy

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"

	"github.com/tipstaff/tipstaff/policies"
)

// TestDocumentsStandOnOthers reads testdata/extend: project.yaml over the other files of a story, small.yaml and the gallery. It is a
// policy, of which clauses stand in the files and lines under "stands" and nowhere under "gone", or has the problems.
func TestDocumentsStandOnOthers(t *testing.T) {
	stories, err := filepath.Glob("testdata/extend/*.txtar")
	if err != nil || len(stories) == 0 {
		t.Fatal("there are no stories", err)
	}
	for _, story := range stories {
		t.Run(strings.TrimSuffix(filepath.Base(story), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(story)
			if err != nil {
				t.Fatal(err)
			}
			files := map[string][]byte{"small.yaml": []byte(small(t))}
			for _, f := range archive.Files {
				files[f.Name] = f.Data
			}
			p, err := Read("project.yaml", files["project.yaml"], those(files))
			got, want := "", string(files["problems"])
			if err != nil {
				got = err.Error() + "\n"
			}
			if diff := cmp.Diff(want, got); diff != "" {
				if *update && err != nil {
					updateStory(t, story, archive, got)
					return
				}
				t.Fatalf("problems (-want +got):\n%s", diff)
			}
			if err == nil {
				stands(t, p, string(files["stands"]), string(files["gone"]))
				sameFlat(t, p)
			}
		})
	}
}

// those are the files of a story, and the gallery behind them.
func those(files map[string][]byte) Files {
	return func(name string) ([]byte, error) {
		if text, there := files[name]; there {
			return text, nil
		}
		if strings.ContainsAny(name, `/\`) {
			return nil, errors.New("a document asked for a file in a folder: " + name)
		}
		return policies.Files.ReadFile(name)
	}
}

// stands compares where clauses stand.
func stands(t *testing.T, p *Policy, stand, gone string) {
	t.Helper()
	for line := range strings.Lines(stand) {
		clause, want, _ := strings.Cut(strings.TrimSpace(line), " ")
		at := p.place(clause)
		want, got := strings.TrimSpace(want), fmt.Sprintf("%s:%d", at.file, at.line)
		if !p.Has(clause) || got != want && at.file != want { // of the gallery, whose lines move, the file alone
			t.Errorf("%s stands in %s (%v), want %s", clause, got, p.Has(clause), want)
		}
		if own := strings.HasPrefix(want, "project.yaml"); p.Own(clause) != own {
			t.Errorf("%s is the document's own: got %v, want %v", clause, !own, own)
		}
	}
	for line := range strings.Lines(gone) {
		if clause := strings.TrimSpace(line); p.Has(clause) {
			t.Errorf("%s is still there, in line %d of %s", clause, p.place(clause).line, p.place(clause).file)
		}
	}
}

// sameFlat wants the flat text of a policy to be the same policy, and to stay so.
func sameFlat(t *testing.T, p *Policy) {
	t.Helper()
	again, err := Read("flat.yaml", p.Flat())
	if err != nil {
		t.Fatalf("the flat text is no policy: %v\n%s", err, p.Flat())
	}
	heads := cmpopts.IgnoreFields(Document{}, "Overlay", "Extends", "Overlays", "Drop", "Inherit", "Calendars")
	if diff := cmp.Diff(p.Document, again.Document, heads); diff != "" {
		t.Errorf("the flat text is another policy (-read +flat):\n%s", diff)
	}
	for _, c := range p.Document.Calendars {
		if diff := cmp.Diff(p.WorkTime(c.Name).dates(), again.WorkTime(c.Name).dates()); diff != "" {
			t.Errorf("the calendar %s has other holidays (-read +flat):\n%s", c.Name, diff)
		}
	}
	if len(again.below) > 0 {
		t.Errorf("the flat text stands on %v", again.below)
	}
	if string(again.Flat()) != string(p.Flat()) {
		t.Error("the flat text of the flat text is another one")
	}
}

// TestFlatTextIsTheSamePolicy flattens the whole gallery, and what stands alone too.
func TestFlatTextIsTheSamePolicy(t *testing.T) {
	for name, text := range shipped(t) {
		p, err := Read(name, text, policies.Files.ReadFile)
		if err != nil {
			t.Fatal(err)
		}
		l := layers{own: name, from: policies.Files.ReadFile}
		p.flat = p.flatten(l.copied(l.whole(text, nil), ""))
		if !p.Overlay() {
			sameFlat(t, p)
		}
	}
}

// TestShortestPolicyIsWhole: a project with one file of less than 25 lines has all that the default says, lints clean, and
// refuses a release in which nobody was told.
func TestShortestPolicyIsWhole(t *testing.T) {
	text, err := os.ReadFile("../../policies/testdata/shortest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(text), "\n"); lines >= 25 {
		t.Errorf("it has %d lines, want less than 25", lines)
	}
	p, err := Read("shortest.yaml", text, policies.Files.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Lint(p) {
		if f.Waived == "" && !f.Informs {
			t.Errorf("%s", f)
		}
	}
	sameFlat(t, p)
	if got, want := p.Document.Title, "Lantern"; got != want {
		t.Errorf("its title is %q, want %q", got, want)
	}
	if _, flat, _ := strings.Cut(string(p.Flat()), "\n"); !strings.HasPrefix(flat, "policy: lantern\ntitle: Lantern\n") {
		t.Errorf("the flat text does not begin with what it is of: %.80s", flat)
	}
	if strings.Contains(string(p.Flat()), "Example") {
		t.Error("the project of the default is still named in it")
	}
}

// TestADocumentThatStandsOnOthersNeedsThem: where there is no other file, it says so; and a calendar beside it too.
func TestADocumentThatStandsOnOthersNeedsThem(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"policy: lantern\nextends: default\n", "x.yaml:2:1: extends: this document stands on default.yaml, and is read where there is no other document"},
		{small(t) + "calendars: [{name: ours, file: ours.ics}]\n", "calendars.ours.file: "},
	} {
		_, err := Read("x.yaml", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// TestDaysOfACalendarBesideTheDocumentGoIntoTheFlatText: it counts the same where the file is not.
func TestDaysOfACalendarBesideTheDocumentGoIntoTheFlatText(t *testing.T) {
	ics := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20260501\r\nSUMMARY:May\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	text := small(t) + "calendars: [{name: ours, file: ours.ics, holidays: [\"--12-24\"]}, {name: theirs, file: target2}]\n"
	p, err := Read("x.yaml", []byte(text), those(map[string][]byte{"ours.ics": []byte(ics)}))
	if err != nil {
		t.Fatal(err)
	}
	sameFlat(t, p)
	if flat := string(p.Flat()); !strings.Contains(flat, `"--12-24", "2026-05-01"]`) || strings.Contains(flat, "file:") {
		t.Errorf("the days are not in it:\n%s", flat)
	}
}

// TestAnOverlayIsAddedByHand lays one more over a document than it names, and only once over one that does.
func TestAnOverlayIsAddedByHand(t *testing.T) {
	files := map[string][]byte{"law.yaml": []byte("overlay: law\nstalled: 3d\n")}
	for _, head := range []string{"", "overlays: [law]\n"} {
		p, err := ReadWith("x.yaml", []byte(small(t)+head), those(files), "law")
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Document.Stalled.Words(); got != "3 days" || p.Own("stalled") || !p.Own("clocks.response") {
			t.Errorf("stalled after %q", got)
		}
		sameFlat(t, p)
	}
	if _, err := ReadWith("x.yaml", []byte(small(t)), those(files), "order"); !errors.As(err, new(Problems)) || !strings.Contains(err.Error(), "order.yaml") {
		t.Errorf("an overlay that is not there: got %v", err)
	}
}

// TestAnOverlayIsReadAndLintedAlone tells what is wrong in it and nothing of what it lies over.
func TestAnOverlayIsReadAndLintedAlone(t *testing.T) {
	p, err := Read("law.yaml", []byte("overlay: law\ntitle: The law\nretention: [{name: fast, after: 1d}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	if !p.Overlay() || p.Document.Title != "The law" || !p.Own("retention.fast") || p.Own("clocks.response") || p.Own("bounty") {
		t.Errorf("it is an overlay: %v, of the title %q", p.Overlay(), p.Document.Title)
	}
	for _, f := range Lint(p) {
		if f.File != "law.yaml" {
			t.Errorf("a finding of what it lies over: %s", f)
		}
	}
	if p, err := Read(smallestFile, smallest); err != nil {
		t.Errorf("the smallest document is none: %v", err)
	} else if p.Overlay() {
		t.Error("the smallest document is an overlay")
	}
}

// TestOneHostileDocumentBelowIsNotReadFurther: what it stands on counts for the size of a document, each time.
func TestOneHostileDocumentBelowIsNotReadFurther(t *testing.T) {
	half := "terms:\n" + numbered(1500, "  - {name: t%d, says: x}\n")
	files := map[string][]byte{"base.yaml": []byte("policy: base\nextends: more\n" + half), "more.yaml": []byte("policy: more\n" + half), "law.yaml": {0}}
	_, err := Read("x.yaml", []byte("policy: x\nextends: base\n"+half), those(files))
	if err == nil || !strings.Contains(err.Error(), "more than 20000 values") {
		t.Errorf("got %.200v", err)
	}
	_, err = Read("x.yaml", []byte(small(t)+"overlays: [law]\n"), those(files))
	if err == nil || !strings.HasPrefix(err.Error(), "law.yaml:1:1: the character U+0000") {
		t.Errorf("got %.200v", err)
	}
	if _, err := policies.Files.ReadFile("none.yaml"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the gallery has a file none.yaml: %v", err)
	}
}

// updateStory writes the problems of a story anew.
func updateStory(t *testing.T, file string, archive *txtar.Archive, problems string) {
	t.Helper()
	for i, f := range archive.Files {
		if f.Name == "problems" {
			archive.Files[i].Data = []byte(problems)
		}
	}
	if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}
