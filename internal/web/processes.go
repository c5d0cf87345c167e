package web

import (
	"html/template"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

var processesPage = page("processes.html")

// processesView is what processes.html shows: every promise of the demonstration's two processes, with what keeps it.
type processesView struct {
	frame
	Intro     template.HTML
	Processes []process
	Open      template.HTML // what is not kept yet
}

type process struct {
	ID, Title, Root string
	Promises        []promiseRow
}

// promiseRow is one promise with the clauses that say it, the pages and commands where one meets it, and its tests.
type promiseRow struct {
	Place, Says    string
	Clauses, Faces []reference
	Tests          [][]string
}

// reference is a name that may lead somewhere.
type reference struct {
	Words []string // a line may break between them
	URL   string
}

// sources are the projects of the document, by the word before a clause.
var sources = map[string]cvd.ProjectID{"juno": "juno", "solo": "solo-miner-monitor"}

// processes shows the table of promises. Only a demonstration has both projects, so nobody else has the page.
func (s *server) processes(w http.ResponseWriter, _ *http.Request) error {
	if !s.Demo || s.Processes == "" {
		return cvd.NotFound
	}
	v := processesView{frame: s.frame("Two processes, promise by promise")}
	parts := strings.Split("\n"+s.Processes, "\n## ")
	_, intro, _ := strings.Cut(parts[0], "\n\n") // the title stands above
	var err error
	if v.Intro, err = document([]byte(plainLinks.Replace(intro))); err != nil {
		return err
	}
	for i, part := range parts[1:] {
		title, text, _ := strings.Cut(part, "\n")
		rows := promisesOf(text)
		if len(rows) == 0 {
			v.Open, err = document([]byte(plainLinks.Replace(strings.Join(parts[1+i:], "\n## ")[len(title):])))
			break
		}
		id := projectIn(rows)
		v.Processes = append(v.Processes, process{ID: string(id), Title: title, Root: root(id), Promises: rows})
	}
	if err != nil {
		return err
	}
	s.show(w, http.StatusOK, processesPage, v)
	return nil
}

// plainLinks leaves out what leads from the file to its neighbours: here it would lead nowhere.
var plainLinks = strings.NewReplacer("(../policies/juno.yaml)", "(/p/juno/policy)", "(../policies/solo-miner-monitor.yaml)",
	"(/p/solo-miner-monitor/policy)", "(#not-kept-by-the-program-yet)", "(#open)")

// promisesOf reads the rows of the document's tables.
func promisesOf(text string) []promiseRow {
	var out []promiseRow
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if !strings.HasPrefix(line, "| ") || len(cells) != 5 || strings.Trim(line, "|-: \n") == "" || strings.TrimSpace(cells[1]) == "promise" {
			continue
		}
		k := promiseRow{Place: strings.TrimSpace(cells[0]), Says: strings.TrimSpace(strings.NewReplacer("*", "", "`", "").Replace(cells[1]))}
		for _, name := range quoted(cells[4]) {
			k.Tests = append(k.Tests, hump.FindAllString(name, -1))
		}
		project := cvd.ProjectID("")
		for _, clause := range quoted(cells[2]) {
			word, path, _ := strings.Cut(clause, ":")
			project = sources[word]
			k.Clauses = append(k.Clauses, reference{step.FindAllString(path, -1), clauses(root(project) + "/policy").at(path).URL})
		}
		for _, face := range quoted(cells[3]) {
			k.Faces = append(k.Faces, reference{step.FindAllString(strings.Replace(face, "/p/{project}", "", 1), -1), pageAt(face)})
		}
		out = append(out, k)
	}
	id := projectIn(out)
	for i := range out {
		for j, f := range out[i].Faces {
			out[i].Faces[j].URL = strings.ReplaceAll(f.URL, "{project}", string(id))
		}
	}
	return out
}

// Where a long name may break: before a capital, after a dot or a slash.
var (
	hump = regexp.MustCompile(`[A-Z]*[^A-Z]+|[A-Z]+`)
	step = regexp.MustCompile(`[^./_]+[./_]*|[./_]+`)
)

// projectIn is the project that the clauses of a table belong to.
func projectIn(rows []promiseRow) cvd.ProjectID {
	for _, k := range rows {
		if len(k.Clauses) > 0 {
			id, _, _ := strings.Cut(strings.TrimPrefix(k.Clauses[0].URL, "/p/"), "/")
			return cvd.ProjectID(id)
		}
	}
	return ""
}

// quoted are the names in backquotes of a cell.
func quoted(cell string) []string {
	var out []string
	for i, part := range strings.Split(cell, "`") {
		if i%2 == 1 {
			out = append(out, part)
		}
	}
	return out
}

// pageAt is where a page of the table can be looked at; a command, and what needs a token, leads nowhere.
func pageAt(face string) string {
	method, path, ok := strings.Cut(face, " ")
	if !ok || !slices.Contains([]string{"GET", "POST"}, method) || strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/desk/") {
		return ""
	}
	path, _, _ = strings.Cut(path, "/{case}")
	if before, _, found := strings.Cut(path, "/advisories/{advisory}"); found { // the list leads to each
		return before
	}
	path, _, _ = strings.Cut(path, "/{audience}")
	if before, _, found := strings.Cut(path, "/status/"); found { // what a form sends is met where the form is
		return before + "/status"
	}
	return path
}
