package web

import (
	"net/url"
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
)

// stepLink leads to the form of a step.
type stepLink struct {
	Name, Verb, URL string
	Blocked         []objection
}

// stepTo is the link to a step of a case, with what stands in its way.
func stepTo(project cvd.ProjectID, id cvd.CaseID, step string, blocked []cvd.Objection, in clauses, z zone) stepLink {
	return stepLink{Name: step, Verb: upperFirst(words(step)), URL: casePath(project, id) + "/" + url.PathEscape(step), Blocked: objections(in, blocked, z)}
}

// stepGroup is steps that are about one thing.
type stepGroup struct {
	Title string
	Steps []stepLink
}

// beside are the steps that accompany the process and do not carry it on, by what they are about. A step that stands nowhere here is
// one of the process.
var beside = []struct {
	title string
	steps []string
}{
	{"Parties", []string{"invite", "nominate", "standing", "thread", "countdown", "remove", "relay"}},
	{"Embargo and date", []string{"embargo", "propose", "accept", "reject", "lift", "uphold", "dismiss", "claim", "date", "extend", "plan", "record_breach"}},
	{"Analysis and fix", []string{"rate", "reproduce", "assign", "analyse", "check", "patch", "grant", "revoke"}},
	{"Release", []string{"artefact", "exempt", "slip", "deliver", "correct", "disarm", "tick"}},
	{"Bounty and credit", []string{"bounty_eligible", "bounty_propose", "bounty_approve", "bounty_pay", "reward", "credit"}},
	{"Afterwards", []string{"observe", "monitor", "count", "evaluate", "moderate"}},
	{"The case itself", []string{"defer", "waive", "combine", "split", "move", "erase"}},
}

// steps parts what may be done now from what something stands in the way of.
func (v *workView) steps(view cvd.View, z zone) {
	also := make([]stepGroup, len(beside))
	for _, o := range view.Steps {
		v.Can[o.Step] = true
		if o.Step == "message" || o.Step == "note" { // these have their boxes on the page
			continue
		}
		l := stepTo(view.Project, view.ID, o.Step, o.Blocked, v.Terms, z)
		if o.Step == "patch" { // its form stands with the patches that are there
			l.URL = v.Path + "/lines#patches"
		}
		group := -1
		for i := range beside {
			if slices.Contains(beside[i].steps, o.Step) {
				group = i
			}
		}
		switch {
		case len(o.Blocked) > 0:
			v.Waiting = append(v.Waiting, l)
		case group >= 0:
			also[group].Title, also[group].Steps = beside[group].title, append(also[group].Steps, l)
		default:
			v.Ready = append(v.Ready, l)
		}
	}
	v.Also = slices.DeleteFunc(also, func(g stepGroup) bool { return len(g.Steps) == 0 })
}

// places are the other pages of a case, for who may open them: each is one press away, whatever the case holds.
func (v *workView) places(view cvd.View) {
	if view.Erased != nil || view.Tier < cvd.ForGuest {
		return
	}
	at := func(path, label string) { v.Places = append(v.Places, factLink{URL: v.Path + path, Label: label}) }
	if v.Team {
		at("/train", "Release train")
		at("/readiness", "Parties and readiness")
		at("/negotiation", "The embargo")
	}
	at("/lines", "Lines and patches")
	if v.Can["draft"] {
		at("/advisory", "Advisory")
	}
	if v.Team {
		at("/fanout", "Who was reached")
		if v.Desk.Keeps {
			at("/exposure", "Projects downstream")
		}
	}
	at("/wording", "Check a wording")
}
