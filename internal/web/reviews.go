package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var (
	reviewsPage = page("reviews.html")
	reviewPage  = page("review.html")
)

// reviewsView is what reviews.html shows: the reviews of the process, one for each period.
type reviewsView struct {
	frame
	Reviews []listedReview
}

type listedReview struct {
	URL, Title  string
	From, Until string // days
	Closed      moment
	Breaches    int
	Decisions   int
}

func reviewPath(project cvd.ProjectID, key string) string {
	return deskOf(project) + "/reviews/" + url.PathEscape(key)
}

// lastDay is the last day of a period, which ends at a midnight as a rule.
func lastDay(r casework.ProcessReview) string { return r.Until.Add(-1).Format("2006-01-02") }

// reviews lists the reviews of the process.
func (s *server) reviews(w http.ResponseWriter, r *http.Request) error {
	who := actorOf(r)
	all, err := s.Casework.ProcessReviews(r.Context(), who)
	if err != nil {
		return err
	}
	f, z, err := s.atDesk(r, "reviews", "Reviews of the process")
	if err != nil {
		return err
	}
	v := reviewsView{frame: f}
	for _, x := range all {
		v.Reviews = append(v.Reviews, listedReview{URL: reviewPath(who.Project, x.Key()), Title: x.Title, From: x.From.Format("2006-01-02"), Until: lastDay(x), Closed: z.at(x.Closed),
			Breaches: len(x.Breaches), Decisions: len(x.Decisions)})
	}
	s.show(w, http.StatusOK, reviewsPage, v)
	return nil
}

// reviewView is what review.html shows: what a review begins with, and what was decided.
type reviewView struct {
	frame
	URL       string
	Policy    string // address of the pages about the policy
	Done      string
	Problems  *problems
	Heading   string
	From      string
	Until     string
	Made      moment
	Closed    moment
	Does      []string
	Version   int64
	Measures  []reviewMeasure
	Parts     []reviewPart
	Findings  []finding
	Decisions []decision
	Text      string // of a decision that was refused
}

type reviewMeasure struct {
	Title   string
	Figures []item
}

// reviewPart is one list of cases to look at.
type reviewPart struct {
	ID, Title, None string
	Cases           []reviewCase
}

type reviewCase struct {
	Case, URL, Says string
	Clause          clause
	At              moment
}

type decision struct {
	Name, Text, URL string
	Version         int64
	At              moment
}

// review shows one review.
func (s *server) review(w http.ResponseWriter, r *http.Request) error {
	return s.showReview(w, r, nil, nil)
}

func (s *server) showReview(w http.ResponseWriter, r *http.Request, typed url.Values, e *cvd.Error) error {
	who := actorOf(r)
	x, err := s.Casework.ProcessReview(r.Context(), who, r.PathValue("review"))
	if err != nil {
		return err
	}
	f, z, err := s.atDesk(r, "reviews", x.Title)
	if err != nil {
		return err
	}
	v := reviewOf(x, who.Project, s.clausesOf(who.Project, x.Policy), z)
	v.frame, v.Done, v.Text = f, policyDone[r.URL.Query().Get("done")], typed.Get("text")
	s.show(w, s.withProblems(w, &v.Problems, e), reviewPage, v)
	return nil
}

// reviewOf is a review as its page and its file tell it.
func reviewOf(x casework.ProcessReview, project cvd.ProjectID, in clauses, z zone) reviewView {
	v := reviewView{URL: reviewPath(project, x.Key()), Policy: policyPath(project), Heading: x.Title, From: x.From.Format("2006-01-02"), Until: lastDay(x), Made: z.at(x.At),
		Closed: z.at(x.Closed), Does: x.Does, Version: x.Policy}
	for _, m := range x.Measures {
		out := reviewMeasure{Title: m.Title}
		for _, n := range m.Figures {
			out.Figures = append(out.Figures, item{Label: n.Title, Text: amount(n)})
		}
		v.Measures = append(v.Measures, out)
	}
	for _, p := range []struct {
		id, title, none string
		cases           []casework.PackCase
	}{
		{"breaches", "Promises that were missed", "None was missed.", x.Breaches},
		{"deviations", "Deviations from the process", "No case passed a clause, and none moved to another version.", x.Deviations},
		{"feedback", "What the community said", "Nobody commented on a public case, or rated one.", x.Feedback},
		{"questions", "What waits for somebody's word", "Nothing waited when the period ended.", x.Questions},
	} {
		part := reviewPart{ID: p.id, Title: p.title, None: p.none}
		for _, c := range p.cases {
			y := reviewCase{Case: string(c.Case), Clause: in.at(c.Clause), Says: upperFirst(c.Says), At: z.at(c.At)}
			if c.Case != "" {
				y.URL = casePath(project, c.Case)
			}
			part.Cases = append(part.Cases, y)
		}
		v.Parts = append(v.Parts, part)
	}
	for _, y := range x.Findings {
		v.Findings = append(v.Findings, finding{Clause: in.at(y.Clause), Says: upperFirst(y.Says), Waived: y.Waived})
	}
	for _, d := range x.Decisions {
		y := decision{Name: d.Name, Text: d.Text, Version: d.Version, At: z.at(d.At)}
		if d.Version > 0 {
			y.URL = v.Policy + "/versions/" + strconv.FormatInt(d.Version, 10)
		}
		v.Decisions = append(v.Decisions, y)
	}
	return v
}

// reviewMarkdown sends a review as a file, for a meeting or an archive.
func (s *server) reviewMarkdown(w http.ResponseWriter, r *http.Request) error {
	who := actorOf(r)
	x, err := s.Casework.ProcessReview(r.Context(), who, r.PathValue("review"))
	if err != nil {
		return err
	}
	v := reviewOf(x, who.Project, s.clausesOf(who.Project, x.Policy), utc)
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s to %s, under version %d of the policy. Made at %s.\n", oneLine(v.Heading), v.From, v.Until, v.Version, v.Made.Machine)
	section := func(title string) { fmt.Fprintf(&b, "\n## %s\n\n", title) }
	section("To do")
	for _, text := range v.Does {
		fmt.Fprintf(&b, "- [ ] %s\n", oneLine(text))
	}
	section("Measures")
	for _, m := range v.Measures {
		var figures []string
		for _, n := range m.Figures {
			figures = append(figures, n.Label+": "+n.Text)
		}
		fmt.Fprintf(&b, "- **%s:** %s\n", m.Title, strings.Join(figures, "; "))
	}
	for _, p := range v.Parts {
		section(p.Title)
		for _, c := range p.Cases {
			fmt.Fprintf(&b, "- %s\n", strings.Join(strings.Fields(strings.Join([]string{c.Case, c.Clause.Name, oneLine(c.Says), c.At.Machine}, " ")), " "))
		}
		if len(p.Cases) == 0 {
			fmt.Fprintln(&b, p.None)
		}
	}
	section("What the linter says of the policy")
	for _, x := range v.Findings {
		fmt.Fprintf(&b, "- `%s` %s%s\n", x.Clause.Name, oneLine(x.Says), map[bool]string{true: " (explained)"}[x.Waived != ""])
	}
	section("Decisions")
	for _, d := range v.Decisions {
		fmt.Fprintf(&b, "- %s, %s: %s%s\n", d.At.Machine, oneLine(d.Name), oneLine(d.Text), map[bool]string{true: fmt.Sprintf(" (version %d of the policy)", d.Version)}[d.Version > 0])
	}
	w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+string(who.Project)+"-"+x.Key()+`.md"`)
	_, _ = w.Write([]byte(b.String())) // a reader who went away
	return nil
}

// oneLine is a text in one line of Markdown.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// onReview does what a form of a review's page asks for.
func (s *server) onReview(w http.ResponseWriter, r *http.Request, done string, do func(who cvd.Actor, key string, in url.Values) error) error {
	key := r.PathValue("review")
	again := func(in url.Values, e *cvd.Error) error { return s.showReview(w, r, in, e) }
	return s.policyForm(w, r, again, func(who cvd.Actor, in url.Values) (string, error) {
		return reviewPath(who.Project, key) + "?done=" + done, do(who, key, in)
	})
}

// decideReview records a decision.
func (s *server) decideReview(w http.ResponseWriter, r *http.Request) error {
	return s.onReview(w, r, "decided", func(who cvd.Actor, key string, in url.Values) error {
		version := int64(0)
		if text := strings.TrimSpace(in.Get("version")); text != "" {
			var err error
			if version, err = strconv.ParseInt(text, 10, 64); err != nil {
				return cvd.Fieldf("/version", "a version of the policy is a number")
			}
		}
		_, err := s.Casework.Decide(r.Context(), who, key, in.Get("text"), version)
		return err
	})
}

// closeReview says that a review is over.
func (s *server) closeReview(w http.ResponseWriter, r *http.Request) error {
	return s.onReview(w, r, "closed", func(who cvd.Actor, key string, _ url.Values) error {
		_, err := s.Casework.CloseReview(r.Context(), who, key)
		return err
	})
}
