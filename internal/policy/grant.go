package policy

import (
	"cmp"
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
)

// Can is what the policy's roles may do together, each capability once. A name that is no role of the policy gives nothing.
//
// The capability "all" is every step, and reading restricted cases with their exploit analysis. It is neither administer,
// which changes the rules themselves, nor expert, which is a claim about a person: both must be named.
func (p *Policy) Can(roles []string) []cvd.Capability {
	var all []cvd.Capability
	for _, r := range p.Document.Roles {
		if !slices.Contains(roles, r.Name) {
			continue
		}
		for _, can := range r.Can {
			if can == everything {
				all = append(all, cvd.See, cvd.SeeExploit)
				for _, s := range steps {
					all = append(all, cvd.Capability(s.name))
				}
				continue
			}
			all = append(all, cvd.Capability(can))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// reporters are the steps of a reporter: to speak with the team, to come back with what was missing, to remind the team, and to say
// how they want to be named and where a bounty goes, and to answer the terms; beside what everybody may who takes part.
var reporters = []string{"message", "receive", "nudge", "credit", "nominate", "agree", "payout"}

// partakers are the steps of everybody who takes part in an embargo: anybody may propose, agree and refuse, and report what the world
// knows.
var partakers = []string{"propose", "accept", "reject", "claim"}

// notTheTeams are the steps that no role of the team takes: it does not remind itself, what it knows it observes, and it
// does not answer for somebody whom it invited.
var notTheTeams = []string{"nudge", "claim", "answer", "leave", "agree", "payout"}

// admitted says whether an actor may take a step at all, whatever the case needs first.
func (p *Policy) admitted(a *Ask) bool {
	if a.Who.Project != a.Case.Project && a.Case.Project != "" {
		return false
	}
	switch a.Who.Standing {
	case cvd.System, cvd.Member:
		return a.Who.May(cvd.Capability(a.Step)) && !slices.Contains(notTheTeams, a.Step)
	case cvd.Guest:
		return p.guest(a)
	case cvd.Finder:
		return a.Who.Case == a.Case.ID && (slices.Contains(reporters, a.Step) || slices.Contains(partakers, a.Step))
	}
	return a.Step == "receive" && a.Case.Rev == 0 // anybody may report
}

// stepRule is what the policy says of a step; a step that it does not mention has no requirement.
func (p *Policy) stepRule(name string) Step {
	for _, s := range p.Document.Steps {
		if s.Step == name {
			return s
		}
	}
	return Step{Step: name}
}

// Checklist is what the policy wants somebody to think of before a step.
func (p *Policy) Checklist(step string) []string { return p.stepRule(step).Checklist }

// forWhom names the roles that may take a step, for somebody whose roles may not.
func (p *Policy) forWhom(step string) string {
	var titles []string
	for _, r := range p.Document.Roles {
		if slices.Contains(p.Can([]string{r.Name}), cvd.Capability(step)) {
			titles = append(titles, cmp.Or(r.Title, r.Name))
		}
	}
	for _, guest := range p.stepRule(step).Guests {
		titles = append(titles, "an invited "+guest)
	}
	if len(titles) == 0 {
		return "; no role of the policy does"
	}
	return "; it is for: " + either(titles)
}
