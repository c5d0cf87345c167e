package web_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// measured is a project with three reports of March, of which two were dealt with, after an hour and after three.
func measured(b browser) (codes []string, c *http.Cookie) {
	b.t.Helper()
	for range 3 {
		codes = append(codes, b.another())
	}
	b.Wait(time.Hour)
	step(b, (*casework.Casework).Acknowledge, "juno", "dimi", codes[0], cvd.Acknowledged{})
	b.Wait(2 * time.Hour)
	step(b, (*casework.Casework).Acknowledge, "juno", "dimi", codes[1], cvd.Acknowledged{})
	return codes, b.enter("juno", "dimi")
}

func TestEachNumberLeadsToTheCasesBehindIt(t *testing.T) {
	b := open(t)
	codes, c := measured(b)
	a := b.see("/desk/juno/measures", c)
	a.says(t, "Time to response", "2.0 h", "Waiting for an answer", "From the arrival of a case's first report until a person of the team dealt with it")
	checked := 0
	for _, n := range a.elements(t) {
		if n.Data != "a" || !strings.Contains(attr(n, "href"), "/measures/") {
			continue
		}
		checked++
		if behind := b.see(attr(n, "href"), c); behind.status != http.StatusOK || !strings.Contains(behind.body, "/desk/juno/cases/JUNO-") {
			t.Errorf("%s leads to %d and no case", attr(n, "href"), behind.status)
		}
	}
	if checked < 10 {
		t.Errorf("only %d numbers lead anywhere", checked)
	}
	waiting := b.see("/desk/juno/measures/response?part=numbers&name=open", c)
	waiting.says(t, "Waiting for an answer", string(of(codes[2])))
	if strings.Contains(waiting.body, string(of(codes[0]))) {
		t.Error("a case that was answered is listed as waiting")
	}
}

func TestAPeriodWithoutCasesSaysSoAndShowsNoZero(t *testing.T) {
	b := open(t)
	_, c := measured(b)
	a := b.see("/desk/juno/measures?from=2024-01-01&to=2024-12-31", c)
	if n := strings.Count(a.words(t), "No cases in this period."); n < 10 || strings.Contains(a.body, "<svg class=\"chart\"") {
		t.Errorf("%d measures say that there is no case:\n%s", n, a.words(t))
	}
	if a := b.see("/desk/juno/measures?from=2026-03-05&to=2026-03-01", c); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a period that ends before it begins: got %d", a.status)
	}
	if a := b.see("/desk/juno/measures?from=2026-03-02&to=2026-03-02", c); !strings.Contains(a.words(t), "Cases opened") {
		t.Errorf("the last day of a period belongs to it:\n%s", a.words(t))
	}
}

// A chart is a picture for those who see it, and its title, its words and the table beside it are for everybody.
func TestAChartHasItsWordsAndItsTable(t *testing.T) {
	b := open(t)
	measured(b)
	b.Wait(40 * 24 * time.Hour)
	b.another()
	c := b.enter("juno", "dimi")
	charts := 0
	for _, n := range b.see("/desk/juno/measures", c).elements(t) {
		if n.Data != "svg" || attr(n, "role") != "img" {
			continue
		}
		charts++
		said := map[string]bool{}
		for d := range n.Descendants() {
			if d.Type == html.ElementNode && (d.Data == "title" || d.Data == "desc") {
				said[attr(d, "id")] = textOf(d) != ""
			}
		}
		for _, id := range strings.Fields(attr(n, "aria-labelledby")) {
			if !said[id] {
				t.Errorf("the chart is described by %q, which says nothing", id)
			}
		}
	}
	if charts == 0 {
		t.Error("there is no chart of two months")
	}
}

func TestTheFiguresAreAFileForASpreadsheet(t *testing.T) {
	b := open(t)
	_, c := measured(b)
	a := b.see("/desk/juno/measures.csv?from=2026-03-01", c)
	lines, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	if err != nil || len(lines) < 20 {
		t.Fatalf("%d lines: %v", len(lines), err)
	}
	found := false
	for _, l := range lines {
		found = found || strings.Join(l, ";") == "volume;figure;cases;Cases opened;cases;3;3"
		for _, cell := range l {
			if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				t.Errorf("a spreadsheet would compute %q", cell)
			}
		}
	}
	if !found || a.header.Get("Content-Disposition") != `attachment; filename=juno-measures.csv` {
		t.Errorf("got %q\n%s", a.header.Get("Content-Disposition"), a.body)
	}
}

func TestTheMeasuresOfWhoSeesPublicCasesCountNoOthers(t *testing.T) {
	b := open(t)
	b.report("solo-miner-monitor", url.Values{"kind": {"issue"}, "title": {"SECRET"}, "description": {"SECRET"}})
	c := b.enter("solo-miner-monitor", "carl")
	a := b.see("/desk/solo-miner-monitor/measures", c)
	a.says(t, "Over the public cases", "No cases in this period.")
	if strings.Contains(a.words(t), "Cases opened") {
		t.Errorf("a restricted case is counted:\n%s", a.words(t))
	}
	if a := b.see("/desk/solo-miner-monitor/measures/volume?part=numbers&name=cases", c); a.status != http.StatusNotFound {
		t.Errorf("the cases behind a number that is not there: got %d", a.status)
	}
}
