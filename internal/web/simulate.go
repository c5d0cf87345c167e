package web

import (
	"bytes"
	"cmp"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var simulatePage = page("simulate.html")

// simulateView is what simulate.html shows everybody: what the policy in force would make of a report. It knows no case.
type simulateView struct {
	frame
	Policy   string // where the policy is read
	Problems *problems
	asking
	Timeline *timeline
	Query    string // of the downloads
}

// asking is the form for a scenario.
type asking struct{ Questions, More []question }

// timeline is the answer: the drawing, the same as a table, and what cannot be.
type timeline struct {
	Drawing   template.HTML
	Track     string
	Zone      string
	Rows      []timelineRow
	Conflicts []conflict
}

type timelineRow struct {
	At, There string // in UTC and in the zone; empty: no date yet
	Machine   string
	Kind      string
	What      string
	Waits     string
	Clause    clause
	Moved     []clause // the calendars and blackouts that moved it
	Checklist []string
	Late      bool
}

type conflict struct {
	Says   string
	Clause clause
	Road   []leg
	Ways   []string
}

type leg struct {
	Clause clause
	Takes  string
}

// simulate shows what would happen to a report: one that comes now, or one that the address describes.
func (s *server) simulate(w http.ResponseWriter, r *http.Request) error {
	id := projectOf(r)
	p, err := s.Casework.PolicyOf(id)
	if err != nil {
		return err
	}
	f, z, err := s.within(id, "policy", "What would happen, and when")
	if err != nil {
		return err
	}
	typed := r.URL.Query()
	v := simulateView{frame: f, Policy: root(id) + "/policy", asking: askScenario(p, typed, z)}
	t, err := s.simulated(p, typed)
	e := asError(err)
	if err != nil && e == nil {
		return err
	}
	status := http.StatusOK
	if e != nil {
		v.Problems, status = mark(slices.Concat(v.Questions, v.More), []*cvd.Error{e}), statuses[e.Kind].code
		v.Problems.Heading = "This cannot be answered"
	} else if v.Timeline, err = laidOut(t, z, s.clausesOf(id, 0).at); err != nil {
		return err
	}
	v.Query = scenarioQuery(typed)
	s.show(w, status, simulatePage, v)
	return nil
}

// simulateICS sends the answer as a calendar.
func (s *server) simulateICS(w http.ResponseWriter, r *http.Request) error {
	return s.simulateFile(w, r, "text/calendar; charset=utf-8", "timeline.ics", func(t *casework.Timeline, b *bytes.Buffer) error { return t.ICS(b, s.Now().UTC()) })
}

// simulateMD sends the answer as a list to tick off, for an issue.
func (s *server) simulateMD(w http.ResponseWriter, r *http.Request) error {
	return s.simulateFile(w, r, "text/markdown; charset=utf-8", "timeline.md", func(t *casework.Timeline, b *bytes.Buffer) error {
		if t.Zone != nil {
			return t.Markdown(b, t.Zone)
		}
		return t.Markdown(b)
	})
}

func (s *server) simulateFile(w http.ResponseWriter, r *http.Request, ctype, name string, write func(*casework.Timeline, *bytes.Buffer) error) error {
	p, err := s.Casework.PolicyOf(projectOf(r))
	if err != nil {
		return err
	}
	t, err := s.simulated(p, r.URL.Query())
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := write(t, &b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", ctype)
	w.Header().Set("Content-Disposition", `attachment; filename="`+string(p.Document.Policy)+"-"+name+`"`)
	_, _ = w.Write(b.Bytes()) // a reader who went away
	return nil
}

// mostSet is how many marks a scenario may set: a case has fewer.
const mostSet = 60

// simulated asks a policy about what a form says. A severity that nobody chose is the gravest.
func (s *server) simulated(p *casework.Policy, typed url.Values) (*casework.Timeline, error) {
	d := &p.Document
	x := casework.Scenario{At: s.Now().UTC().Truncate(time.Minute), Class: typed.Get("severity"), Track: typed.Get("track"), Kind: typed.Get("kind"), Category: typed.Get("category"),
		Facts: map[string]bool{}, Set: map[string]time.Time{}}
	if !typed.Has("severity") && len(d.Severity.Classes) > 0 && x.Category == "" {
		x.Class = d.Severity.Classes[0].Name
	}
	zone := cmp.Or(typed.Get("zone"), "UTC")
	if text := typed.Get("at"); text != "" {
		at, err := instantOf("/at", text, zone)
		if err != nil {
			return nil, err
		}
		x.At = at
	}
	for _, name := range typed["fact"] {
		x.Facts[name] = true
	}
	if answer := typed.Get("sensitive"); answer != "" {
		x.Facts["sensitive"] = answer == yes
	}
	for line := range strings.Lines(typed.Get("set")) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		mark, text, ok := strings.Cut(line, "=")
		if mark = strings.TrimSpace(mark); !ok || len(x.Set) >= mostSet {
			return nil, cvd.Fieldf("/set", "write one mark and its instant on each line, %d lines at most: fix_ready=2026-12-24T10:00Z", mostSet)
		}
		if _, twice := x.Set[mark]; twice {
			return nil, cvd.Fieldf("/set", "%.40q is set twice: it is reached once", mark)
		}
		at, err := instantOf("/set", text, zone)
		if err != nil {
			return nil, err
		}
		x.Set[mark] = at
	}
	return p.Simulate(x)
}

// askScenario is the form for a scenario, with what was typed.
func askScenario(p *casework.Policy, typed url.Values, z zone) asking {
	var a asking
	d := &p.Document
	add := func(in input) question { return question{Inputs: []input{in.filled(typed)}} }
	if len(d.Severity.Classes) > 0 {
		in := input{Name: "severity", pointer: "/severity", Label: "Severity that triage finds"}
		for _, c := range d.Severity.Classes {
			in.Choices = append(in.Choices, choice{Value: c.Name, Label: c.Title})
		}
		if !typed.Has("severity") {
			typed = with(typed, "severity", d.Severity.Classes[0].Name)
		}
		a.Questions = append(a.Questions, add(in))
	}
	a.Questions = append(a.Questions, add(input{Name: "at", pointer: "/at", Label: "When the report comes", Type: "datetime-local", Help: "Left out: now."}))
	if z.name != "" {
		if typed.Get("zone") == "" {
			typed = with(typed, "zone", "UTC")
		}
		a.Questions = append(a.Questions, add(input{Name: "zone", Label: "In the zone", Few: true, Required: true, Choices: []choice{{Value: "UTC", Label: "UTC"}, {Value: z.name, Label: z.name}}}))
	}
	in := input{Name: "track", pointer: "/track", Label: "Track", Help: "Left out: the one that the policy chooses."}
	for _, t := range d.Tracks {
		in.Choices = append(in.Choices, choice{Value: t.Name, Label: t.Title})
	}
	if len(in.Choices) > 1 {
		a.More = append(a.More, add(in))
	}
	in = input{Name: "kind", pointer: "/kind", Label: "What the report is about"}
	for _, k := range d.Kinds {
		if k.Goes == "case" {
			in.Choices = append(in.Choices, choice{Value: k.Name, Label: k.Title})
		}
	}
	if len(in.Choices) > 1 {
		a.More = append(a.More, add(in))
	}
	in = input{Name: "category", pointer: "/category", Label: "Category of the weakness"}
	for _, c := range d.Severity.Classes {
		for _, k := range c.Categories {
			in.Choices = append(in.Choices, choice{Value: k.Name, Label: k.Title})
		}
	}
	if len(in.Choices) > 0 {
		a.More = append(a.More, add(in))
	}
	a.More = append(a.More, add(input{Name: "fact", pointer: "/fact", Label: "What is so from the start", Many: true, Choices: []choice{{Value: "attacks", Label: "It is used in attacks"},
		{Value: "public", Label: "The matter is public"}, {Value: "exploit_public", Label: "An exploit is public"}}}),
		add(input{Name: "sensitive", Label: "The details would help an attacker", Few: true, Choices: yesOrNo()}),
		add(input{Name: "set", pointer: "/set", Label: "What happens at an instant of its own", Rows: 3,
			Help: "One mark on each line, like fix_ready=2026-12-24T10:00Z. Without it everything happens as early as the policy lets it."}))
	return a
}

// with is a form with one more answer.
func with(typed url.Values, name, value string) url.Values {
	out := url.Values{name: {value}}
	for k, v := range typed {
		if k != name {
			out[k] = v
		}
	}
	return out
}

// scenarioQuery is what a form asked for as part of an address, and nothing else that the address held.
func scenarioQuery(typed url.Values) string {
	out := url.Values{}
	for _, name := range []string{"severity", "at", "zone", "track", "kind", "category", "fact", "sensitive", "set"} {
		if typed.Get(name) != "" {
			out[name] = typed[name]
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "?" + out.Encode()
}

// laidOut makes a timeline ready for its template. In says where a clause is read.
func laidOut(t *casework.Timeline, z zone, in func(string) clause) (*timeline, error) {
	var b bytes.Buffer
	if err := t.SVG(&b, z.place); err != nil {
		return nil, err
	}
	out := &timeline{Drawing: template.HTML(b.String()), Track: words(t.Track), Zone: strings.ReplaceAll(z.name, "_", " ")}
	for _, m := range t.Entries {
		row := timelineRow{Kind: m.Kind, What: m.What, Clause: in(m.Clause), Checklist: m.Checklist, Late: m.Late, Waits: words(m.Waits)}
		if !m.At.IsZero() {
			row.At, row.Machine = m.At.UTC().Format("Mon 2006-01-02 15:04"), m.At.UTC().Format(time.RFC3339)
			if z.place != nil {
				row.There = m.At.In(z.place).Format("Mon 2006-01-02 15:04")
			}
		}
		for _, name := range m.Because {
			row.Moved = append(row.Moved, in(name))
		}
		out.Rows = append(out.Rows, row)
	}
	for _, c := range t.Conflicts {
		x := conflict{Says: upperFirst(c.What), Clause: in(c.Clause)}
		for _, l := range c.Road {
			x.Road = append(x.Road, leg{in(l.Clause), ago(l.Takes)})
		}
		for _, y := range c.Ways {
			x.Ways = append(x.Ways, upperFirst(y.Says))
		}
		out.Conflicts = append(out.Conflicts, x)
	}
	return out, nil
}
