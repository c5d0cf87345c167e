package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var (
	versionsPage = page("versions.html")
	versionPage  = page("version.html")
)

// versionsView is what versions.html shows the members of a project: how its policy came to be what it is, what is proposed,
// and which cases moved.
type versionsView struct {
	frame
	Path      string // of these pages: "/desk/juno/policy"
	Done      string
	Problems  *problems
	Text      string // of a proposal that was refused, to be sent again
	Because   string
	InForce   int64
	Open      []listedProposal
	Closed    []listedProposal
	Versions  []listedVersion
	Adoptions []listedAdoption
	Source    policySource
}

// policySource is the file at a forge that the policy comes from, and what goes back there; zero: it comes from the editor.
type policySource struct {
	Address     string
	Title       string // what stands in its place: without the scheme
	Read, Since moment
	Trouble     string
	Lines       []string // of a file that is no policy
	Pulls       []policyPull
}

// policyPull is the written forms of one version on their way to one repository.
type policyPull struct {
	Version             int64
	Place, URL, Trouble string
	Done                bool
	At                  moment
}

// sourceOf is how it stands with the source of the policy.
func (s *server) sourceOf(r *http.Request, z zone) (policySource, error) {
	now, err := s.Casework.PolicySource(r.Context(), actorOf(r))
	if err != nil || now.Address == "" {
		return policySource{}, err
	}
	_, title, _ := strings.Cut(now.Address, "://")
	v := policySource{Address: now.Address, Title: title, Read: z.at(now.ReadAt), Since: z.at(now.Since)}
	first, rest, _ := strings.Cut(now.Trouble, "\n")
	v.Trouble = upperFirst(first)
	for line := range strings.Lines(rest) {
		v.Lines = append(v.Lines, strings.TrimSpace(line))
	}
	for _, x := range now.Pulls[:min(len(now.Pulls), 6)] {
		v.Pulls = append(v.Pulls, policyPull{Version: x.Version, Place: pullPlaces[x.Place], URL: x.URL, Trouble: x.Trouble, Done: x.State == "done", At: z.at(x.Due)})
	}
	return v, nil
}

// pullPlaces says where the written forms of a version go.
var pullPlaces = map[string]string{"policy": "the repository", "docs": "the documentation"}

// listedProposal is one proposal in a list.
type listedProposal struct {
	Number       int64
	URL          string
	Name, State  string
	Because      string
	At           moment
	Version      int64
	Stale, Forge bool
}

// listedVersion is one version with what it changed.
type listedVersion struct {
	Number   int64
	URL      string
	At       moment
	Name     string
	Because  string
	Proposal string // its address; empty if it came from none
	Changes  []policyChange
}

// listedAdoption is one move of open cases to a version.
type listedAdoption struct {
	Version, Total, Looked, Moved, Kept, Rest int64
	Name, Because                             string
	At, Ended                                 moment
}

// policyChange is one difference in meaning, sentences word by word.
type policyChange struct {
	Title, Kind, Effect string
	Was, Now            string
	Pieces              []piece
	Clause              clause
}

// changesOf lays out changes from one version of the policy to another, with where the clauses are read: one that was removed in
// the former. A version that is not in force yet is read nowhere.
func changesOf(all []casework.PolicyChange, from, to clauses) []policyChange {
	var out []policyChange
	for _, c := range all {
		x := policyChange{Title: c.Title, Clause: to.at(c.Clause), Kind: string(c.Kind), Effect: string(c.Effect), Was: c.Was, Now: c.Now}
		if c.Kind == "removed" {
			x.Clause = from.at(c.Clause)
		}
		if c.Prose && c.Was != "" && c.Now != "" {
			x.Pieces = compare(c.Was, c.Now)
		}
		out = append(out, x)
	}
	return out
}

func policyPath(project cvd.ProjectID) string { return deskOf(project) + "/policy" }

func proposalPath(project cvd.ProjectID, number int64) string {
	return policyPath(project) + "/proposals/" + strconv.FormatInt(number, 10)
}

// versions shows the history of the policy and what is proposed.
func (s *server) versions(w http.ResponseWriter, r *http.Request) error {
	return s.showVersions(w, r, nil, nil)
}

func (s *server) showVersions(w http.ResponseWriter, r *http.Request, typed url.Values, e *cvd.Error) error {
	who := actorOf(r)
	f, z, err := s.atDesk(r, "policy", "Policy")
	if err != nil {
		return err
	}
	v := versionsView{frame: f, Path: policyPath(who.Project), Done: policyDone[r.URL.Query().Get("done")], Text: typed.Get("text"), Because: typed.Get("because")}
	history, err := s.Casework.PolicyHistory(r.Context(), who)
	if err != nil {
		return err
	}
	for _, x := range history {
		l := listedVersion{Number: x.Version, URL: v.Path + "/versions/" + strconv.FormatInt(x.Version, 10), At: z.at(x.At), Name: authorName(x.Author, x.Name), Because: x.Because, Changes: changesOf(x.Changes, s.clausesOf(who.Project, x.Version-1), s.clausesOf(who.Project, x.Version))}
		if x.Proposal > 0 {
			l.Proposal = proposalPath(who.Project, x.Proposal)
		}
		v.Versions, v.InForce = append(v.Versions, l), max(v.InForce, x.Version)
	}
	if v.Source, err = s.sourceOf(r, z); err != nil {
		return err
	}
	proposals, err := s.Casework.PolicyProposals(r.Context(), who)
	if err != nil {
		return err
	}
	for _, x := range proposals {
		l := listedProposal{Number: x.Number, URL: proposalPath(who.Project, x.Number), Name: authorName(x.Author, x.Name), State: x.State, Because: x.Because, At: z.at(x.At),
			Version: x.Version, Stale: x.Stale, Forge: x.Source == "forge"}
		if x.State == "open" {
			v.Open = append(v.Open, l)
		} else {
			v.Closed = append(v.Closed, l)
		}
	}
	adoptions, err := s.Casework.Adoptions(r.Context(), who)
	if err != nil {
		return err
	}
	for _, a := range adoptions {
		v.Adoptions = append(v.Adoptions, listedAdoption{Version: a.Version, Total: a.Total, Looked: a.Looked, Moved: a.Moved, Kept: a.Kept, Name: a.Name, Because: a.Because,
			At: z.at(a.At), Ended: z.at(a.Ended)})
	}
	s.show(w, s.withProblems(w, &v.Problems, e), versionsPage, v)
	return nil
}

// policyDone says what was done with a form of the pages about the policy.
var policyDone = map[string]string{"proposed": "It is proposed. Others can look at it now.", "judged": "Your word is kept.", "accepted": "It is in force for the cases that come from now on.",
	"rejected": "It was rejected.", "withdrawn": "It was taken back.", "renewed": "The new text is proposed, against the version in force.",
	"adopting": "The open cases are moving. Reports are taken in meanwhile.", "decided": "The decision is recorded.", "closed": "The review is closed."}

// withProblems puts the words of a refused form at the head of its page, and gives the status.
func (s *server) withProblems(w http.ResponseWriter, into **problems, e *cvd.Error) int {
	if e == nil {
		return http.StatusOK
	}
	first, rest, _ := strings.Cut(e.Says, "\n")
	*into = &problems{Heading: "Nothing was changed", Lines: []problem{{Says: upperFirst(first)}}}
	for line := range strings.Lines(rest) { // of a document that is no policy, as compilers write them
		(*into).Lines = append((*into).Lines, problem{Says: strings.TrimSuffix(line, "\n")})
	}
	retryAfter(w, e)
	return statuses[e.Kind].code
}

// authorName is how somebody is called in the history of the policy.
func authorName(id cvd.ActorID, name string) string {
	switch {
	case id == "system":
		return "Whoever runs the machine"
	case name != "":
		return name
	}
	return string(id)
}

// policyForm does what a form of these pages asks for: it leads on when that was done, and shows the page again when not.
func (s *server) policyForm(w http.ResponseWriter, r *http.Request, again func(url.Values, *cvd.Error) error, do func(who cvd.Actor, in url.Values) (then string, err error)) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	then, err := do(actorOf(r), in.values)
	if e := asError(err); e != nil && e.Kind != cvd.NotFound {
		return again(in.values, e)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, then, http.StatusSeeOther)
	return nil
}

// proposePolicy takes a proposal in.
func (s *server) proposePolicy(w http.ResponseWriter, r *http.Request) error {
	again := func(in url.Values, e *cvd.Error) error { return s.showVersions(w, r, in, e) }
	return s.policyForm(w, r, again, func(who cvd.Actor, in url.Values) (string, error) {
		p, err := s.Casework.ProposePolicy(r.Context(), who, []byte(in.Get("text")), in.Get("because"))
		return proposalPath(who.Project, p.Number) + "?done=proposed", err
	})
}

// versionView is what version.html shows: one version of the policy, whole, and what it changed.
type versionView struct {
	frame
	Path    string
	Number  int64
	Before  int64 // the version that it followed; 0: none
	Changes []policyChange
	Lines   []codeLine
}

// version shows one version of the policy.
func (s *server) version(w http.ResponseWriter, r *http.Request) error {
	who := actorOf(r)
	number, err := strconv.ParseInt(r.PathValue("version"), 10, 64)
	if err != nil {
		return cvd.NotFound
	}
	f, _, err := s.atDesk(r, "policy", "Version "+strconv.FormatInt(number, 10)+" of the policy")
	if err != nil {
		return err
	}
	text, err := s.Casework.PolicyVersionText(r.Context(), who, number)
	if err != nil {
		return err
	}
	v := versionView{frame: f, Path: policyPath(who.Project), Number: number, Before: number - 1, Lines: linesOf(string(text))}
	if v.Before > 0 {
		changes, err := s.Casework.PolicyDiff(r.Context(), who, v.Before, number)
		if err != nil {
			return err
		}
		v.Changes = changesOf(changes, s.clausesOf(who.Project, v.Before), s.clausesOf(who.Project, number))
	}
	s.show(w, http.StatusOK, versionPage, v)
	return nil
}
