package advisory_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/semver"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/advisory"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// lint asks the linter of the OSV schema, which holds the schema itself; it answers with what it finds.
func lint(t *testing.T, record string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "record.json")
	if err := os.WriteFile(file, []byte(record), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(apptest.Need(t, "osv"), "record", "lint", "--collection", "offline", file)
	out, err := command.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if err == nil {
		return ""
	}
	return string(out)
}

func TestOSVPassesTheLinterOfTheSchema(t *testing.T) {
	for _, s := range stories(t) {
		t.Run(s.name, func(t *testing.T) {
			if found := lint(t, write(t, "osv", s.record)); found != "" {
				t.Error(found)
			}
		})
	}
	r := storyOf(t, "juno").record
	for _, vector := range []string{"AV:N/AC:L/Au:N/C:P/I:P/A:P/E:U/RL:OF/RC:C", "CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N/E:P",
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N/E:A"} {
		r.Severity.Vector = vector
		record := write(t, "osv", r)
		if found := lint(t, record); found != "" || !strings.Contains(record, `"score": "`+vector+`"`) {
			t.Errorf("%s: %s", vector, found)
		}
	}
}

func TestTheLinterOfTheSchemaRefusesWhatIsWrong(t *testing.T) {
	good := write(t, "osv", storyOf(t, "cvss4").record)
	for from, to := range map[string]string{
		`"id": "x_BROKER`:           `"id": "BROKER`,
		`"fixed": "3.2.5"`:          `"fixed": "2.0.0"`,
		`"type": "SEMVER"`:          `"type": "VERSION"`,
		`"ecosystem": "npm"`:        `"ecosystem": "NPM"`,
		`2026-09-12T12:00:00Z"`:     `2026-09-12T12:00:00+01:00"`,
		`CVSS:4.0/AV:N/AC:L`:        `CVSS:4.0/AC:L/AV:N`,
		`"pkg:npm/%40broker`:        `"npm/%40broker`,
		`"references": [`:           `"notes": [],"references": [`,
		`"type": "REPORTER"`:        `"type": "reporter"`,
		`"introduced": "2.0.0"`:     `"last_affected": "2.0.0"`,
		`"affected": [` + "\n    {": `"affected": [], "x": [{`,
	} {
		if !strings.Contains(good, from) {
			t.Fatalf("the record does not hold %s:\n%s", from, good)
		}
		if lint(t, strings.Replace(good, from, to, 1)) == "" {
			t.Errorf("a record with %s passes", to)
		}
	}
}

// affected is what a record says of one product, as text: "Go example.org/m: 0 to 1.2.3".
func affected(t *testing.T, r advisory.Record) []string {
	t.Helper()
	var record struct {
		Affected []struct {
			Package struct{ Ecosystem, Name string }
			Ranges  []struct {
				Type, Repo string
				Events     []map[string]string
			}
			Versions []string
		}
	}
	text := write(t, "osv", r)
	if err := json.Unmarshal([]byte(text), &record); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, a := range record.Affected {
		says := strings.TrimSpace(a.Package.Ecosystem+" "+a.Package.Name) + ":"
		for _, r := range a.Ranges {
			says += strings.TrimRight(" "+r.Type+" "+r.Repo, " ")
			for _, e := range r.Events {
				for kind, version := range e {
					says += " " + map[string]string{"introduced": "from", "fixed": "to", "last_affected": "through"}[kind] + " " + version
				}
			}
		}
		for _, v := range a.Versions {
			says += " " + v
		}
		all = append(all, says)
	}
	if found := lint(t, text); found != "" {
		t.Error(found)
	}
	return all
}

func TestRangesSayWhatTheLinesSay(t *testing.T) {
	const hash1, hash2 = "4f1c2d9e8b7a6f5e4d3c2b1a09f8e7d6c5b4a392", "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678"
	line := func(affected string) advisory.Line {
		return advisory.Line{Name: "l", Status: "affected", Affected: affected}
	}
	tests := map[string]struct {
		purl  string
		lines []advisory.Line
		want  []string
	}{
		"from the beginning":                   {"pkg:npm/a", []advisory.Line{line("< 1.2.3")}, []string{"npm a: SEMVER from 0 to 1.2.3"}},
		"without an end":                       {"pkg:npm/a", []advisory.Line{line(">= v1.2")}, []string{"npm a: SEMVER from 1.2.0"}},
		"above an excluded version":            {"pkg:cargo/a", []advisory.Line{line("> 1.2.3, < 1.3.0")}, []string{"crates.io a: SEMVER from 1.2.4-0 to 1.3.0"}},
		"above an excluded pre-release":        {"pkg:cargo/a", []advisory.Line{line("> 1.2.3-rc.1, < 1.3.0")}, []string{"crates.io a: SEMVER from 1.2.3-rc.1.0 to 1.3.0"}},
		"up to a version":                      {"pkg:hex/a", []advisory.Line{line(">= 1.0.0, <= 1.3.0")}, []string{"Hex a: SEMVER from 1.0.0 through 1.3.0"}},
		"single versions":                      {"pkg:hex/a", []advisory.Line{line("1.0.0, 1.0.2")}, []string{"Hex a: SEMVER from 1.0.0 through 1.0.0 from 1.0.2 through 1.0.2"}},
		"a series by its name":                 {"pkg:npm/a", []advisory.Line{{Name: "2", Status: "exempt"}}, []string{"npm a: SEMVER from 2.0.0 to 3.0.0"}},
		"lines that touch are one range":       {"pkg:npm/a", []advisory.Line{line(">= 2.0.0, < 2.3.0"), line("< 2.0.0")}, []string{"npm a: SEMVER from 0 to 2.3.0"}},
		"lines that overlap":                   {"pkg:npm/a", []advisory.Line{line(">= 1.0.0, < 3.0.0"), line(">= 2.0.0, <= 2.5.0")}, []string{"npm a: SEMVER from 1.0.0 to 3.0.0"}},
		"an end that both lines name":          {"pkg:npm/a", []advisory.Line{line(">= 1.0.0, < 3.0.0"), line(">= 2.0.0, <= 3.0.0")}, []string{"npm a: SEMVER from 1.0.0 through 3.0.0"}},
		"both kinds of ends":                   {"pkg:npm/a", []advisory.Line{line(">= 1.0.0, < 1.5.0"), line(">= 2.0.0, <= 2.5.0")}, []string{"npm a: SEMVER from 1.0.0 to 1.5.0 SEMVER from 2.0.0 through 2.5.0"}},
		"an interval without a version":        {"pkg:npm/a", []advisory.Line{line("> 1.2.3, < 1.2.4-0")}, []string{"npm a:"}},
		"what is no semantic version":          {"pkg:npm/a", []advisory.Line{line(">= 1.2.3.4, < 1.2.3.9")}, []string{"npm a:"}},
		"what is no range":                     {"pkg:npm/a", []advisory.Line{line("all builds since May")}, []string{"npm a:"}},
		"versions of another order":            {"pkg:pypi/A_b.C", []advisory.Line{line(">= 1.0, < 1.2.post1"), line("0.8, 0.9")}, []string{"PyPI a-b-c: ECOSYSTEM from 1.0 to 1.2.post1 0.8 0.9"}},
		"above one in another order":           {"pkg:pypi/a", []advisory.Line{line("> 1.0, < 1.2")}, []string{"PyPI a:"}},
		"up to one in another order":           {"pkg:maven/org.example/a", []advisory.Line{line("<= 1.2.RELEASE")}, []string{"Maven org.example:a: ECOSYSTEM from 0 through 1.2.RELEASE"}},
		"a module of Go":                       {"pkg:golang/example.org/Mod", []advisory.Line{line("< 1.2.3")}, []string{"Go example.org/Mod: SEMVER from 0 to 1.2.3"}},
		"modules of Go by major versions":      {"pkg:golang/example.org/m", []advisory.Line{line(">= 3.0.0, < 3.1.4"), line(">= 2.0.0, < 3.0.0"), line(">= 1.5.0, < 2.0.0")}, []string{"Go example.org/m/v3: SEMVER from 3.0.0 to 3.1.4", "Go example.org/m/v2: SEMVER from 2.0.0", "Go example.org/m: SEMVER from 1.5.0 to 2.0.0"}},
		"all before a major version of Go":     {"pkg:golang/example.org/m", []advisory.Line{line("< 4.0.0")}, []string{"Go example.org/m/v3: SEMVER from 0", "Go example.org/m/v2: SEMVER from 0", "Go example.org/m: SEMVER from 0 to 4.0.0"}},
		"several major versions of Go":         {"pkg:golang/example.org/m", []advisory.Line{line("> 2.4.0, <= 3.0.0")}, []string{"Go example.org/m/v3: SEMVER from 0 through 3.0.0", "Go example.org/m/v2: SEMVER from 2.4.1-0"}},
		"a major version of Go without an end": {"pkg:golang/example.org/m", []advisory.Line{line(">= 2.4.0")}, []string{"Go example.org/m/v2: SEMVER from 2.4.0"}},
		"a year for a major version":           {"pkg:golang/example.org/m", []advisory.Line{line("< 2026.1.0")}, []string{"Go example.org/m: SEMVER from 0 to 2026.1.0"}},
		"a module that says its version":       {"pkg:golang/example.org/m/v3", []advisory.Line{line(">= 3.0.0, < 3.1.4")}, []string{"Go example.org/m/v3: SEMVER from 3.0.0 to 3.1.4"}},
		"a package of Swift":                   {"pkg:swift/github.com/a/b", []advisory.Line{line("< 1.2.3")}, []string{"SwiftURL https://github.com/a/b: SEMVER from 0 to 1.2.3"}},
		"a repository":                         {"pkg:github/Org/repo", []advisory.Line{{Name: "2", Status: "fixed", Fixed: "2.1", Commit: hash1}, {Name: "1", Status: "fixed", Fixed: "1.9", Commit: strings.ToUpper(hash2)}}, []string{": GIT https://github.com/Org/repo from 0 to " + hash1 + " to " + hash2}},
		"a repository without a fix":           {"pkg:gitlab/group/sub/repo", []advisory.Line{line("< 3.0.0")}, []string{": GIT https://gitlab.com/group/sub/repo from 0"}},
		"a fix by half of its hash":            {"pkg:github/org/repo", []advisory.Line{{Name: "2", Status: "fixed", Fixed: "2.1", Commit: hash1[:12]}}, []string{":"}},
		"a package nobody knows":               {"pkg:generic/a", []advisory.Line{line("< 1.2.3")}, []string{":"}},
		"no package":                           {"", []advisory.Line{line("< 1.2.3")}, []string{":"}},
		"a line that is not affected":          {"pkg:npm/a", []advisory.Line{line("< 1.2.3"), {Name: "2", Status: "not_affected", Affected: ">= 2.0.0"}}, []string{"npm a: SEMVER from 0 to 1.2.3"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := storyOf(t, "solo").record
			r.Products = []advisory.Product{{Name: "p", PURL: tt.purl, Lines: tt.lines}}
			if diff := cmp.Diff(tt.want, affected(t, r)); diff != "" {
				t.Errorf("%v (-want +got):\n%s", tt.lines, diff)
			}
		})
	}
}

// Whatever a range of versions means to CSAF and to the checks of an advisory, it means to scanners.
func TestRangesHoldTheVersionsThatTheTextHolds(t *testing.T) {
	versions := strings.Fields("0.0.1 0.9.9 1.0.0-rc.1 1.0.0 1.2.3-rc.1 1.2.3-rc.1.0 1.2.3-rc.2 1.2.3 1.2.4-0 1.2.4 1.3.0 2.0.0-rc.1 2.0.0 2.0.1 3.0.0")
	for text, want := range map[string]string{
		"< 1.2.3":                            "0.0.1 0.9.9 1.0.0-rc.1 1.0.0 1.2.3-rc.1 1.2.3-rc.1.0 1.2.3-rc.2",
		"> 1.2.3":                            "1.2.4-0 1.2.4 1.3.0 2.0.0-rc.1 2.0.0 2.0.1 3.0.0",
		"> 1.2.3-rc.1, <= 1.2.3":             "1.2.3-rc.1.0 1.2.3-rc.2 1.2.3",
		">= 1.0.0, < 1.2.3 || >= 2.0.0":      "1.0.0 1.2.3-rc.1 1.2.3-rc.1.0 1.2.3-rc.2 2.0.0 2.0.1 3.0.0",
		"1.x":                                "1.0.0 1.2.3-rc.1 1.2.3-rc.1.0 1.2.3-rc.2 1.2.3 1.2.4-0 1.2.4 1.3.0 2.0.0-rc.1",
		"1.2.3":                              "1.2.3",
		"<= 1.0.0 || >= 1.2.4, <= 2.0.0":     "0.0.1 0.9.9 1.0.0-rc.1 1.0.0 1.2.4 1.3.0 2.0.0-rc.1 2.0.0",
		">= 1.2.4, < 1.3.0 || > 2, <= 2.0.1": "1.2.4 2.0.1",
	} {
		r := storyOf(t, "solo").record
		r.Products = []advisory.Product{{Name: "p", PURL: "pkg:npm/p", Lines: []advisory.Line{{Name: "l", Status: "affected", Affected: text}}}}
		says := affected(t, r)[0]
		var got []string
		for _, v := range versions {
			if within(says, v) {
				got = append(got, v)
			}
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s, as %s (-want +got):\n%s", text, says, diff)
		}
	}
}

// within evaluates a range as OSV says ("Evaluation"), over what affected returns.
func within(says, v string) bool {
	in, words := false, strings.Fields(says)
	for i := range words[:len(words)-1] {
		switch order := semver.Compare("v"+v, "v"+words[i+1]); words[i] {
		case "from":
			in = in || words[i+1] == "0" || order >= 0
		case "to":
			in = in && order < 0
		case "through":
			in = in && order <= 0
		}
	}
	return in
}

// database is the OSV database with the records of some stories.
func database(t *testing.T, names ...string) advisory.OSVDatabase {
	t.Helper()
	var d advisory.OSVDatabase
	for _, name := range names {
		var err error
		if d, err = d.With(storyOf(t, name).record); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

var since = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func documents(t *testing.T, d advisory.OSVDatabase, changed ...cvd.AdvisoryID) map[string][]byte {
	t.Helper()
	docs, err := d.Documents(since, changed...)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, doc := range docs {
		all[doc.Path] = doc.Body
	}
	return all
}

func TestTheDatabaseHasAnArchiveForEachEcosystem(t *testing.T) {
	docs := documents(t, database(t, "solo", "juno", "cvss4"))
	want := map[string][]string{
		"osv/all.zip": {
			"x_BROKER-SA-2026-012.json 2026-09-12T12:00:00Z", "x_JUNO-SA-2026-003.json 2026-03-11T15:30:00Z",
			"x_SMM-SA-2026-001.json 2026-05-21T10:15:30Z",
		},
		"osv/Go/all.zip":  {"x_JUNO-SA-2026-003.json 2026-03-11T15:30:00Z"},
		"osv/npm/all.zip": {"x_BROKER-SA-2026-012.json 2026-09-12T12:00:00Z"},
	}
	got := map[string][]string{}
	for path, body := range docs {
		if !strings.HasSuffix(path, ".zip") {
			continue
		}
		z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for _, f := range z.File {
			got[path] = append(got[path], f.Name+" "+f.Modified.UTC().Format(time.RFC3339))
			if text := unzipped(t, f); path == "osv/Go/all.zip" && text != write(t, "osv", storyOf(t, "juno").record) {
				t.Errorf("%s of %s is not the record that is served by itself:\n%s", f.Name, path, text)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("archives (-want +got):\n%s", diff)
	}
}

func unzipped(t *testing.T, f *zip.File) string {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The order in which advisories were published, and what was there before, does not show.
func TestTheDatabaseTellsNothingButItsRecords(t *testing.T) {
	want := documents(t, database(t, "solo", "juno", "cvss4"))
	again, err := advisory.OpenOSV(documents(t, database(t, "cvss4", "juno"))["osv/all.zip"])
	if err != nil {
		t.Fatal(err)
	}
	if again, err = again.With(storyOf(t, "solo").record); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, documents(t, again)); diff != "" {
		t.Errorf("published one after the other and in another order (-want +got):\n%s", diff)
	}
	revised := storyOf(t, "juno").record
	revised.Text.Title = "An earlier title"
	d, err := database(t, "solo", "cvss4").With(revised)
	if err != nil {
		t.Fatal(err)
	}
	if d, err = d.With(storyOf(t, "juno").record); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, documents(t, d)); diff != "" {
		t.Errorf("with an earlier edition (-want +got):\n%s", diff)
	}
}

func TestABrokenArchiveIsNoDatabase(t *testing.T) {
	whole := documents(t, database(t, "juno"))["osv/all.zip"]
	for name, broken := range map[string][]byte{"empty": nil, "cut": whole[:len(whole)/2], "overwritten": slices.Concat(whole[:60], []byte("......"), whole[66:])} {
		if _, err := advisory.OpenOSV(broken); err == nil {
			t.Errorf("an archive that is %s is opened", name)
		}
	}
}

func TestTheGoIndexSaysWhichModulesAreAffected(t *testing.T) {
	r := storyOf(t, "juno").record
	r.ID, r.Text.CVE = "JUNO-SA-2026-004", ""
	r.Products = []advisory.Product{
		{Name: "lib", PURL: "pkg:golang/example.org/lib", Lines: []advisory.Line{{Name: "1", Status: "affected", Affected: "<= 1.4.0"}}},
		{Name: "tool", PURL: "pkg:golang/example.org/tool", Lines: []advisory.Line{{Name: "1", Status: "affected", Affected: "all builds since May"}}},
	}
	d, err := database(t, "juno", "cvss4").With(r)
	if err != nil {
		t.Fatal(err)
	}
	docs := documents(t, d, r.ID)
	const v3, v4 = `"id":"x_JUNO-SA-2026-003","modified":"2026-03-11T15:30:00Z"`, `"id":"x_JUNO-SA-2026-004","modified":"2026-03-11T15:30:00Z"`
	for path, want := range map[string]string{
		"osv/index/db.json": `{"modified":"2026-03-11T15:30:00Z"}`,
		"osv/index/modules.json": `[{"path":"example.org/lib","vulns":[{` + v4 + `,"fixed":"1.4.1-0"}]},` +
			`{"path":"github.com/CosmosContracts/juno/v27","vulns":[{` + v3 + `,"fixed":"27.4.1"}]},` +
			`{"path":"github.com/CosmosContracts/juno/v28","vulns":[{` + v3 + `,"fixed":"28.0.3"}]}]`,
		"osv/index/vulns.json": `[{` + v3 + `,"aliases":["CVE-2026-41234"]},{` + v4 + `}]`,
	} {
		if diff := cmp.Diff(want, string(docs[path])); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
		z, err := gzip.NewReader(bytes.NewReader(docs[path+".gz"]))
		if err != nil {
			t.Fatal(err)
		}
		if unpacked, err := io.ReadAll(z); err != nil || string(unpacked) != want || !z.ModTime.IsZero() || z.Name != "" {
			t.Errorf("%s.gz: got %s, %v, made at %s", path, unpacked, err, z.ModTime)
		}
	}
	record := string(docs["osv/ID/x_JUNO-SA-2026-004.json"])
	if strings.Contains(record, "last_affected") || strings.Contains(record, "example.org/tool") || !strings.Contains(record, `{"fixed":"1.4.1-0"}`) {
		t.Errorf("programs of Go would take later versions to be affected, or all: %s", record)
	}
	if docs["osv/ID/x_JUNO-SA-2026-003.json"] != nil || docs["osv/ID/x_BROKER-SA-2026-012.json"] != nil {
		t.Error("a record is written again that did not change, or that is of no module of Go")
	}
}

func TestAnEmptyDatabaseCanBeAsked(t *testing.T) {
	docs := documents(t, advisory.OSVDatabase{})
	for path, want := range map[string]string{"osv/index/db.json": `{"modified":"2026-01-01T00:00:00Z"}`, "osv/index/modules.json": `[]`, "osv/index/vulns.json": `[]`} {
		if got := string(docs[path]); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	if d, err := advisory.OpenOSV(docs["osv/all.zip"]); err != nil || fmt.Sprint(d) != fmt.Sprint(advisory.OSVDatabase{}) {
		t.Errorf("got %v, %v", d, err)
	}
}

func TestOSVSaysWhatIsMissingInsteadOfInventingIt(t *testing.T) {
	f, _ := advisory.Named("osv")
	for name, take := range map[string]func(*advisory.Record){
		"id":       func(r *advisory.Record) { r.ID = "\u202e" },
		"instants": func(r *advisory.Record) { r.Timeline.Disclosed, r.Revisions = time.Time{}, nil },
	} {
		r := storyOf(t, "juno").record
		take(&r)
		if b, err := f.Write(r); cvd.KindOf(err) != cvd.Invalid || !strings.Contains(err.Error(), name) {
			t.Errorf("without the %s: got %q and %v", name, b, err)
		}
	}
}
