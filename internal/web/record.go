package web

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// record lays out what was recorded of a case, piece by piece, in the order of the process.
func (v *workView) record(s *server, view cvd.View, z zone) {
	v.analysis(s, view, z)
	add := func(to *[]row, r row) { *to = append(*to, r) }
	for _, x := range view.Attempts {
		add(&v.Attempts, row{Title: join(x.Version, x.Environment), By: cmp.Or(x.Name, s.name(view, x.By)), At: z.at(x.At), State: words(x.Outcome), Text: x.Evidence})
	}
	for _, x := range view.Ratings {
		add(&v.Ratings, row{Title: join(s.classTitle(view.Project, x.Class), x.Vector), By: s.name(view, x.By), At: z.at(x.At), Text: x.Says})
	}
	for _, x := range view.Checks {
		add(&v.Checks, row{Title: join(words(x.Name), x.Platform), By: s.name(view, x.By), At: z.at(x.At), State: x.Result, Text: x.Evidence, Late: x.Result == "failed", Clause: v.Terms.at("checks." + x.Name)})
	}
	for _, x := range view.Assigned {
		add(&v.Work, row{Title: words(x.Work), By: s.name(view, x.Person), At: z.at(x.At)})
	}
	for _, l := range view.Lines {
		line := workLine{Product: l.Product, Name: l.Name, Status: words(l.Stands()), Affected: l.Affected, Version: l.Version, URL: v.Path + "/remedy?" +
			url.Values{"product": {l.Product}, "line": {l.Name}}.Encode()}
		for _, p := range l.Patches {
			line.Patches = append(line.Patches, p.URL+map[bool]string{true: " (private)", false: " (public place)"}[p.Private])
		}
		v.Lines = append(v.Lines, line)
	}
	v.notices(s, view, z)
	for _, x := range view.Rewards {
		add(&v.Rewards, row{Title: "Report " + strconv.Itoa(x.Report), By: s.name(view, x.By), At: z.at(x.At), State: map[bool]string{true: "paid", false: "not paid"}[x.Paid], Text: join(x.Amount, x.Reference, x.Because)})
	}
	for _, x := range view.Credits {
		add(&v.Credits, row{Title: x.Name, By: words(x.Role), State: map[bool]string{true: "agreed to be named", false: "is not to be named"}[x.Consent]})
	}
	for _, x := range view.Parties {
		until, text := z.at(x.Until), ""
		if until.Machine != "" {
			text = "until " + until.Day + " " + until.Hour
		}
		at := x.InvitedAt
		if at.IsZero() {
			at = x.NominatedAt
		}
		add(&v.Parties, row{Title: x.Name, By: join(partyKinds[x.Kind], strings.Join(x.Roles, ", ")), At: z.at(at), State: string(x.State(s.Now())), Late: x.Silent(s.Now()), Text: text})
	}
	v.bounty(s, view, z)
	for _, x := range view.TermBreaches {
		by := "The reporter of report " + strconv.Itoa(x.Report)
		if x.Party != "" {
			by = s.name(view, x.Party)
		}
		add(&v.Breaches, row{Title: by, By: s.name(view, x.By), At: z.at(x.At), State: words(x.Term), Text: x.Evidence, Late: true})
	}
	for _, x := range view.Waivers {
		state := "waits for a second person"
		if x.Effective() {
			state = "in force, seconded by " + s.name(view, x.SecondedBy)
		}
		add(&v.Waivers, row{Clause: v.Terms.at(x.Clause), By: s.name(view, x.By), At: z.at(x.At), State: state, Text: x.Because})
	}
	v.advisory(s, view, z)
}

// sections are the four parts of an analysis in words.
var sections = map[string]string{"root_cause": "Root cause", "scope": "What is affected", "exploit": "How it could be exploited", "mitigation": "What helps meanwhile"}

// analysisOf are the written parts of the analysis that somebody may read.
func analysisOf(s *server, view cvd.View, z zone) (all []section) {
	for _, name := range cvd.AnalysisSections {
		for _, is := range view.Sections {
			if is.Name == name {
				all = append(all, section{Title: sections[name], Text: is.Text, By: upperFirst(s.name(view, is.By)), At: z.at(is.At)})
			}
		}
	}
	return all
}

func (v *workView) analysis(s *server, view cvd.View, z zone) {
	for _, name := range cvd.AnalysisSections {
		x := section{Name: name, Title: sections[name], Secret: name == "exploit"}
		if v.Can["analyse"] {
			x.URL = v.Path + "/analyse?section=" + name
		}
		for _, is := range view.Sections {
			if is.Name == name {
				x.Text, x.By, x.At = is.Text, s.name(view, is.By), z.at(is.At)
			}
		}
		v.Sections = append(v.Sections, x)
		for _, j := range view.Joined {
			for _, was := range j.Sections {
				if was.Name == name {
					v.Sections = append(v.Sections, section{Title: x.Title + ", as " + string(j.From.Case) + " had it", Secret: x.Secret, Text: was.Text,
						By: s.name(view, was.By), At: z.at(was.At)})
				}
			}
		}
	}
}

func (v *workView) advisory(s *server, view cvd.View, z zone) {
	for _, e := range slices.Backward(view.Advisory.Editions) {
		x := s.edition(view, e, z)
		for _, r := range view.Reviews {
			if r.Of == "advisory" && r.Edition == e.Number {
				x.Approved = x.Approved || r.Verdict == "approve"
				x.Objected = x.Objected || r.Verdict == "object"
			}
		}
		v.Editions = append(v.Editions, x)
	}
	for _, x := range view.Reviews {
		of := map[string]string{"fix": "The fix", "advisory": "The advisory, edition " + strconv.Itoa(x.Edition)}[x.Of]
		v.Reviews = append(v.Reviews, s.reviewed(view, x, join(of, words(x.Part)), z))
	}
}

// edition is one edition of a case's advisory. Published is the one that was published last: another may be armed since.
func (s *server) edition(view cvd.View, e cvd.Edition, z zone) edition {
	return edition{Number: e.Number, At: z.at(e.At), By: s.name(view, e.By), Title: e.Text.Title, Changes: e.Changes,
		URL: casePath(view.Project, view.ID) + "/advisory?edition=" + strconv.Itoa(e.Number), Live: last(view.Disclosure.Past).Edition == e.Number}
}

// reviewed is one review, under what it was of.
func (s *server) reviewed(view cvd.View, r cvd.Review, of string, z zone) row {
	return row{Title: of, By: s.name(view, r.By), At: z.at(r.At), State: map[string]string{"approve": "approved", "object": "objected"}[r.Verdict],
		Text: join(r.Says, r.Compared), Late: r.Verdict == "object"}
}

// delivery says how far a notice has come, channel by channel.
func delivery(n cvd.Notice) string {
	var out []string
	for _, c := range n.Channels {
		switch {
		case n.Failed[c] != "":
			out = append(out, c+": failed")
		case !n.Delivered[c].IsZero():
			out = append(out, c+": delivered "+n.Delivered[c].UTC().Format("Mon 15:04 UTC"))
		default:
			out = append(out, c+": not delivered yet")
		}
	}
	return strings.Join(out, ", ")
}

// name is somebody as the team knows them.
func (s *server) name(view cvd.View, id cvd.ActorID) string {
	if name := s.member(view.Project, id); name != string(id) {
		return name
	}
	for _, r := range view.Reports {
		if view.Tier == cvd.ForTeam && len(view.Reports) > 1 && id == cvd.ReporterID(r.Number) {
			return fmt.Sprintf("the reporter of report %d", r.Number)
		}
	}
	if isReporter(id) {
		return "the reporter"
	}
	for _, p := range view.Parties {
		if p.ID == id {
			return p.Name
		}
	}
	if id == "system" {
		return "Tipstaff"
	}
	return string(id)
}

// member is somebody of the roster by name, or whatever else by their id.
func (s *server) member(project cvd.ProjectID, id cvd.ActorID) string {
	if p, ok := s.Casework.Person(project, id); ok {
		return p.Name
	}
	return string(id)
}

func isReporter(id cvd.ActorID) bool { return strings.HasPrefix(string(id), "reporter:") }

// classTitle is a severity class in the policy's words.
func (s *server) classTitle(id cvd.ProjectID, class string) string {
	if p, err := s.Casework.PolicyOf(id); err == nil {
		if c, rank := p.Class(class); rank > 0 {
			return c.Title
		}
	}
	return words(class)
}

// score is a score with its system.
func score(a cvd.Assessment) string {
	return fmt.Sprintf("%.1f (%s)", a.Score, cmp.Or(a.System, "score"))
}

func contact(c cvd.Contact) string { return join(c.Name, c.Email) }

// join joins what is there.
func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return strings.TrimSpace(p) == "" }), " · ")
}

// sorted are the keys of a map in order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
