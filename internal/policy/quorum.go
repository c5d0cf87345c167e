package policy

import (
	"fmt"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// Wholes are how much the audiences of a policy count, whoever takes part in a case: by audience, and by the name of the weight, ""
// for heads. They are handed in, since a policy reads no register.
type Wholes map[string]map[string]int64

// Counted is how much of a quorum's audience is ready on a case. The whole is that of the audience, or that of the parties if it is more.
func (q *Quorum) Counted(c *cvd.Case, wholes Wholes) cvd.Readiness { return q.On(c, "", wholes) }

// On is the same for one release line; empty: all of them.
func (q *Quorum) On(c *cvd.Case, line string, wholes Wholes) cvd.Readiness {
	return c.Readiness(q.Weight, line, q.counts).Within(wholes[q.Audience][q.Weight])
}

// counts says whether a party belongs to an audience of the policy: as it was named, or by its kind.
func (q *Quorum) counts(p *cvd.Party) bool {
	return p.Audience == q.Audience || p.Audience == "" && string(p.Kind) == strings.TrimSuffix(q.Audience, "s")
}

// Quorums are the quorums that the policy asks for, each with the clause that does.
func (p *Policy) Quorums() (clauses []string, all []*Quorum) {
	add := func(owner string, list []Requirement) {
		for i := range list {
			if q := list[i].Quorum; q != nil {
				clauses, all = append(clauses, owner+".requires."+list[i].Name), append(all, q)
			}
		}
	}
	for _, s := range p.Document.Steps {
		add("steps."+s.Step, s.Requires)
	}
	for _, n := range p.Document.Notices {
		add("notices."+n.Name, n.Requires)
	}
	return clauses, all
}

// quorum asks whether enough of an audience is ready: as the parties of the case say of themselves, or by the milestone, where
// somebody counts them elsewhere.
func (w *weighing) quorum(q *Quorum) string {
	is := q.Counted(&w.Case, w.Wholes)
	if reached(w.Case, q.Mark, w.Now) || is.Percent(q.AtLeast) {
		return ""
	}
	says := fmt.Sprintf("%d %% of %s", q.AtLeast, w.policy.Document.titleOf("audience", q.Audience))
	if q.Weight != "" {
		says += " by " + strings.ReplaceAll(q.Weight, "_", " ")
	}
	says += " must be ready; "
	if is.Total > 0 && w.Who.Standing != cvd.Guest { // how many there are is for the team
		says += QuorumWords(is) + "; "
	}
	says += "whoever counts them elsewhere gives " + markWords(q.Mark) + " its date"
	if len(q.Marks) > 0 {
		var on []string
		for _, m := range q.Marks {
			on = append(on, fmt.Sprintf("%d %%", m))
		}
		says += ", and tells of " + strings.Join(on, ", ") + " on the way"
	}
	return says
}

// QuorumWords say how much of a quorum's whole is ready, and how much of it nobody asked.
func QuorumWords(is cvd.Readiness) string {
	says := fmt.Sprintf("%d of %d are ready, as the parties say", is.Ready, is.Total)
	if is.Uninvited > 0 {
		says += fmt.Sprintf("; %d of them were not invited", is.Uninvited)
	}
	return says
}
