package api

import (
	"context"
	"net/http"

	"github.com/tipstaff/tipstaff/cvd"
)

// Listed is one project in the list of those that the installation serves.
type Listed struct {
	Project cvd.ProjectID `json:"project"`
	Title   string        `json:"title"`
}

// Projects are all projects of the installation.
type Projects struct {
	Projects []Listed `json:"projects"`
}

// Projects lists the projects of the installation.
func (c *Client) Projects(ctx context.Context) (Projects, error) {
	var out Projects
	return out, c.do(ctx, call{method: http.MethodGet, path: "/projects"}, &out)
}

func (s *server) projects(*asked, nothing) (Projects, error) {
	out := Projects{Projects: []Listed{}}
	for _, id := range s.Casework.Projects() {
		p, err := s.Casework.PolicyOf(id)
		if err != nil {
			return Projects{}, err
		}
		out.Projects = append(out.Projects, Listed{id, p.Document.Title})
	}
	return out, nil
}

// Project is what the policy in force says to whoever wants to report something.
type Project struct {
	Project  cvd.ProjectID `json:"project"`
	Title    string        `json:"title"`
	Summary  string        `json:"summary"`
	Website  string        `json:"website,omitempty"`
	Policy   int64         `json:"policy" doc:"The version of the policy in force."`
	Notice   string        `json:"notice,omitempty" doc:"The request not to speak in public, with its reason."`
	Kinds    []Kind        `json:"kinds"`
	Tracks   []Track       `json:"tracks"`
	Fields   []Question    `json:"fields" doc:"What the form asks besides title and description."`
	Terms    []Term        `json:"terms,omitempty"`
	Classes  []Class       `json:"classes,omitempty" doc:"The classes of severity, from the worst."`
	Clocks   []Promise     `json:"clocks"`
	Roles    []Named       `json:"roles"`
	Checks   []Named       `json:"checks,omitempty"`
	Notices  []Named       `json:"notices,omitempty"`
	Products []Product     `json:"products"`
}

// Named is something of the policy with its title.
type Named struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

// Kind is what somebody may come with. Only a kind that goes to a case is reported here.
type Kind struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Goes    string   `json:"goes" enum:"case,tracker,discussion"`
	URL     string   `json:"url,omitempty"`
	Says    string   `json:"says,omitempty"`
	Needs   []string `json:"needs,omitempty" doc:"Fields that a report of this kind must have."`
	Default bool     `json:"default,omitempty"`
}

// Track is a way a case is handled.
type Track struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Public   bool   `json:"public" doc:"Whether strangers may see a case from triage on."`
	Default  bool   `json:"default,omitempty"`
	Criteria string `json:"criteria,omitempty"`
	Reason   string `json:"reason,omitempty"`
}

// Question is one field of the form. A standard name has its own place in a report; another goes into fields.
type Question struct {
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Help     string   `json:"help,omitempty"`
	Type     string   `json:"type,omitempty" enum:"line,text,list,choice,yes_no"`
	Choices  []string `json:"choices,omitempty"`
	Required bool     `json:"required,omitempty"`
	Longest  int      `json:"longest,omitempty" doc:"In characters."`
	Kinds    []string `json:"kinds,omitempty" doc:"Asked only for these kinds."`
}

// Term is one thing that a reporter is asked to agree to. Refusing it never destroys a report.
type Term struct {
	Name string `json:"name"`
	Says string `json:"says"`
}

// Class is one class of severity with its band of scores.
type Class struct {
	Name  string   `json:"name"`
	Title string   `json:"title"`
	From  *float64 `json:"from,omitempty"`
	To    *float64 `json:"to,omitempty"`
}

// Promise is a clock of the policy: from a mark until a mark.
type Promise struct {
	Name     string  `json:"name"`
	Title    string  `json:"title"`
	From     string  `json:"from"`
	Until    string  `json:"until"`
	Target   *Length `json:"target,omitempty" doc:"Hoped for."`
	Within   *Length `json:"within,omitempty" doc:"Promised."`
	Reminder *Length `json:"reminder,omitempty" doc:"After which somebody may be nudged."`
	Says     string  `json:"says,omitempty"`
}

// Length is a time in words; one for all, or one for each class, some of which wait for an event instead.
type Length struct {
	All     string            `json:"all,omitempty"`
	ByClass map[string]string `json:"by_class,omitempty"`
	Event   map[string]string `json:"event,omitempty"`
}

// Product is something that the project releases.
type Product struct {
	Name      string          `json:"name"`
	Title     string          `json:"title"`
	PURL      string          `json:"purl,omitempty"`
	Lines     []SupportedLine `json:"lines"`
	Platforms []string        `json:"platforms,omitempty"`
}

// SupportedLine is a series of releases; eligible ones are promised security fixes.
type SupportedLine struct {
	Name     string `json:"name"`
	Versions string `json:"versions"`
	Eligible bool   `json:"eligible"`
}

// Project reads what a project's policy says to reporters.
func (c *Client) Project(ctx context.Context, id cvd.ProjectID) (Project, error) {
	var out Project
	return out, c.do(ctx, call{method: http.MethodGet, path: projectPathOf(id)}, &out)
}

func (s *server) project(a *asked, _ nothing) (Project, error) {
	p, err := s.Casework.PolicyOf(a.project())
	if err != nil {
		return Project{}, err
	}
	d := p.Document
	out := Project{Project: a.project(), Title: d.Title, Summary: d.Summary, Website: d.Website, Policy: p.Version, Notice: p.Silence(cvd.Case{}),
		Kinds: []Kind{}, Tracks: []Track{}, Fields: []Question{}, Clocks: []Promise{}, Roles: []Named{}, Products: []Product{}}
	for _, k := range d.Kinds {
		out.Kinds = append(out.Kinds, Kind{k.Name, k.Title, k.Goes, k.URL, k.Says, k.Needs, k.Default})
	}
	for _, t := range d.Tracks {
		out.Tracks = append(out.Tracks, Track{t.Name, t.Title, t.Public, t.Default, t.Criteria, t.Reason})
	}
	for _, f := range d.Form.Fields {
		out.Fields = append(out.Fields, Question{f.Name, f.Title, f.Help, f.Type, f.Choices, f.Required, f.Longest, f.Kinds})
	}
	for _, t := range d.Terms {
		out.Terms = append(out.Terms, Term{t.Name, t.Says})
	}
	for _, c := range d.Severity.Classes {
		out.Classes = append(out.Classes, Class{c.Name, c.Title, c.From, c.To})
	}
	for _, c := range d.Clocks {
		k := Promise{Name: c.Name, Title: c.Title, From: c.From, Until: c.Until, Says: c.Says}
		if w := c.Target; w != nil {
			k.Target = lengthOf(w.All, w.ByClass, w.Event)
		}
		if w := c.Within; w != nil {
			k.Within = lengthOf(w.All, w.ByClass, w.Event)
		}
		if w := c.Reminder; w != nil {
			k.Reminder = lengthOf(w.All, w.ByClass, w.Event)
		}
		out.Clocks = append(out.Clocks, k)
	}
	for _, r := range d.Roles {
		out.Roles = append(out.Roles, Named{r.Name, r.Title})
	}
	for _, c := range d.Checks {
		out.Checks = append(out.Checks, Named{c.Name, c.Title})
	}
	for _, n := range d.Notices {
		out.Notices = append(out.Notices, Named{n.Name, n.Title})
	}
	for _, p := range d.Products {
		product := Product{Name: p.Name, Title: p.Title, PURL: p.PURL, Lines: []SupportedLine{}, Platforms: p.Platforms}
		for _, l := range p.Lines {
			product.Lines = append(product.Lines, SupportedLine{l.Name, l.Versions, l.Eligible})
		}
		out.Products = append(out.Products, product)
	}
	return out, nil
}

// lengthOf writes a duration of the policy in words.
func lengthOf[D interface {
	Words() string
	Zero() bool
}](all D, byClass map[string]D, event map[string]string) *Length {
	l := &Length{Event: event}
	if !all.Zero() {
		l.All = all.Words()
	}
	for class, d := range byClass {
		if l.ByClass == nil {
			l.ByClass = map[string]string{}
		}
		l.ByClass[class] = d.Words()
	}
	return l
}

// Policy reads the policy in force as people read it: a SECURITY.md.
func (c *Client) Policy(ctx context.Context, id cvd.ProjectID) ([]byte, error) {
	var out []byte
	return out, c.do(ctx, call{method: http.MethodGet, path: projectPathOf(id) + "/policy"}, &out)
}

func (s *server) policy(a *asked, _ nothing) (file, error) {
	text, err := s.Casework.Written(a.project())
	return file{Type: "text/markdown; charset=utf-8", Body: text}, err
}
