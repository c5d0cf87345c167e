package policy

import (
	"slices"
	"strings"
)

// Standard is one place in a standard or a law that speaks about what a clause says.
type Standard struct {
	Name    string `json:"standard"` // "ISO/IEC 29147:2018"
	Section string `json:"section"`  // "6.2.5"
	About   string `json:"about"`    // in our words
}

// Mapped is a clause of a policy with the places that speak about it.
type Mapped struct {
	Clause    string     `json:"clause"`
	Title     string     `json:"title,omitempty"`
	Standards []Standard `json:"standards"`
}

const (
	iso29147 = "ISO/IEC 29147:2018"
	iso30111 = "ISO/IEC 30111:2019"
	psirt    = "FIRST PSIRT Services Framework 1.1"
	parties  = "FIRST Multi-Party Coordination 1.1"
	cra      = "Regulation (EU) 2024/2847"
)

// standards says which places speak about a part of a document, by the beginning of its clause; the longest beginning counts.
// The clauses are those of the standards' tables of contents; what they ask is said in our words.
var standards = map[string][]Standard{
	"contacts": {{iso29147, "9.2.2", "name the way to reach you"}, {iso29147, "6.2.2", "be able to receive reports"},
		{cra, "Article 13(17)", "a single point of contact"}, {cra, "Annex I, Part II (6)", "an address for reports"}},
	"contacts.key":         {{iso29147, "9.3.3", "offer a secure way"}},
	"people":               {{iso30111, "6", "roles and responsibilities"}, {psirt, "1", "know the stakeholders"}},
	"team":                 {{iso30111, "6", "roles and responsibilities"}, {psirt, "1", "know the stakeholders"}},
	"roles":                {{iso30111, "6", "roles and responsibilities"}, {iso29147, "6.7", "who may see what"}, {psirt, "6", "train people for their roles"}},
	"products":             {{iso29147, "9.3.5", "say what is in scope"}, {cra, "Article 13(8)", "say how long security updates come"}},
	"kinds":                {{iso29147, "9.3.5", "say what is in scope"}, {iso29147, "6.3", "judge first what it is"}},
	"tracks":               {{iso29147, "7.3", "decide when to publish"}, {iso30111, "7.3", "keep what is not public confidential"}},
	"form":                 {{iso29147, "9.3.2", "say what a report should hold"}, {iso29147, "6.2", "receive reports"}},
	"door":                 {{iso29147, "6.2.2", "be able to receive reports"}},
	"silence":              {{iso29147, "9.3.6", "say what is expected about publication"}, {parties, "Minimize exposure", "do not add to the danger"}},
	"terms":                {{iso29147, "9.4.2", "legal considerations"}},
	"safe_harbour":         {{iso29147, "9.4.2", "legal considerations"}},
	"severity":             {{iso29147, "6.3", "judge first what it is"}, {iso30111, "7.1.4", "verify and judge"}, {psirt, "3", "triage and analysis"}},
	"clocks":               {{iso29147, "9.3.4", "say when a reporter hears from you"}, {iso30111, "7.2", "watch whether the process is kept"}},
	"stages":               {{iso30111, "7.1", "the phases of handling"}},
	"stages.details":       {{iso30111, "7.1.7", "after the release"}},
	"checks":               {{iso30111, "7.1.5", "test the remedy"}, {cra, "Annex I, Part II (3)", "test regularly"}},
	"notices":              {{iso29147, "7.5", "tell those who need to know"}, {parties, "Clear communication", "tell each at the right time"}},
	"channels":             {{iso29147, "7.5", "tell those who need to know"}},
	"audiences":            {{iso29147, "8", "coordinate with others"}, {parties, "Stakeholder roles", "know who needs to know"}, {iso30111, "8", "the supply chain"}},
	"embargo":              {{iso29147, "9.4.3", "the time until publication"}, {iso29147, "8", "coordinate with others"}, {parties, "Minimize exposure", "keep it short"}},
	"read_in":              {{iso29147, "8", "coordinate with others"}, {parties, "Stakeholder roles", "know who needs to know"}},
	"advisory":             {{iso29147, "7.4", "what an advisory says"}, {cra, "Annex I, Part II (4)", "publish what was fixed"}},
	"advisory.identifiers": {{iso29147, "7.4", "identify the vulnerability"}, {psirt, "5", "disclosure"}},
	"disclosure":           {{iso29147, "7.3", "decide when to publish"}, {iso29147, "9.3.6", "say what is published"}, {cra, "Annex I, Part II (4)", "publish what was fixed"}},
	"schedule":             {{iso29147, "7.3", "decide when to publish"}, {iso30111, "7.1.6", "release"}},
	"calendars":            {{iso29147, "9.3.4", "say when a reporter hears from you"}},
	"content":              {{iso30111, "7.3", "keep what is not public confidential"}, {iso29147, "6.7", "operational security"}},
	"contingencies":        {{parties, "Respond quickly to early disclosure", "have a plan for a leak"}, {iso29147, "7.3", "decide when to publish"}},
	"milestones":           {{iso30111, "7.2", "watch whether the process is kept"}},
	"bounty":               {{iso29147, "9.3.7", "recognise those who report"}},
	"recognition":          {{iso29147, "9.3.7", "recognise those who report"}},
	"recurring":            {{iso30111, "7.2", "watch whether the process is kept"}, {psirt, "6", "learn from it"}},
	"stalled":              {{iso29147, "6.5", "keep in touch"}},
	"retention":            {{iso30111, "7.3", "keep what is not public confidential"}, {iso29147, "6.7", "operational security"}},
	"resources":            {{psirt, "6", "training and education"}},
	"policy":               {{iso29147, "9", "a policy that is published"}, {cra, "Annex I, Part II (5)", "a policy for coordinated disclosure"}},
}

// standardSteps are the places that speak about a step of the process, wherever a stage, a clock or a rule names it.
var standardSteps = map[string][]Standard{
	"receive":     {{iso30111, "7.1.3", "receipt"}, {iso29147, "6.2", "receive reports"}},
	"acknowledge": {{iso29147, "6.2.5", "acknowledge a report"}, {iso30111, "7.1.3", "receipt"}},
	"validate":    {{iso30111, "7.1.4", "verification"}, {iso29147, "6.4", "investigate further"}, {psirt, "3", "triage and analysis"}},
	"triage":      {{iso29147, "6.3", "judge first what it is"}, {iso30111, "7.1.4", "verification"}, {psirt, "3", "triage and analysis"}},
	"reproduce":   {{iso30111, "7.1.4", "verification"}},
	"analyse":     {{iso30111, "7.1.4", "find the cause and the extent"}, {psirt, "3", "triage and analysis"}},
	"remedy":      {{iso30111, "7.1.5", "develop the remedy"}, {psirt, "4", "remediation"}, {cra, "Annex I, Part II (2)", "remedy without delay"}},
	"patch":       {{iso30111, "7.1.5", "develop the remedy"}},
	"grant":       {{iso30111, "7.1.5", "develop the remedy"}},
	"revoke":      {{iso30111, "7.1.5", "develop the remedy"}},
	"check":       {{iso30111, "7.1.5", "test the remedy"}, {cra, "Annex I, Part II (3)", "test regularly"}},
	"embargo":     {{iso29147, "8", "coordinate with others"}},
	"invite":      {{iso29147, "8", "coordinate with others"}, {parties, "Use coordinators", "bring in who can help"}},
	"nominate":    {{iso29147, "8", "coordinate with others"}},
	"answer":      {{iso29147, "8", "coordinate with others"}, {parties, "Minimize exposure", "agree before you are told"}},
	"message":     {{iso29147, "6.5", "keep in touch"}},
	"notify":      {{iso29147, "7.5", "tell those who need to know"}},
	"deliver":     {{iso29147, "7.5", "tell those who need to know"}},
	"correct":     {{iso29147, "7.5", "tell those who need to know"}},
	"release":     {{iso30111, "7.1.6", "release"}, {cra, "Annex I, Part II (8)", "bring updates out without delay"}},
	"disclose":    {{iso29147, "7.3", "decide when to publish"}, {iso30111, "7.1.6", "release"}, {psirt, "5", "disclosure"}},
	"explain":     {{iso30111, "7.1.7", "after the release"}},
	"relay":       {{iso30111, "8", "the supply chain"}},
	"monitor":     {{iso30111, "7.1.7", "after the release"}},
	"reward":      {{iso29147, "9.3.7", "recognise those who report"}},
	"credit":      {{iso29147, "9.3.7", "recognise those who report"}},
}

// Standards says of each part of a policy and of each of its named items which places of the standards speak about it, in the
// order of the document. What has no counterpart there is in it without any.
func (p *Policy) Standards() []Mapped {
	var all []Mapped
	for _, clause := range p.Clauses() {
		parts := strings.Split(clause, ".")
		if len(parts) > 2 || len(parts) == 2 && !slices.Contains([]string{"clocks", "stages", "steps", "advisory", "contacts"}, parts[0]) {
			continue
		}
		if found := p.standardsOf(clause, parts); len(found) > 0 {
			all = append(all, Mapped{clause, p.clauseTitle(clause), found})
		}
	}
	return all
}

// standardsOf are the places that speak about one clause.
func (p *Policy) standardsOf(clause string, parts []string) []Standard {
	if len(parts) == 1 {
		return standards[clause]
	}
	found := slices.Clone(standards[clause])
	step := ""
	switch parts[0] {
	case "steps":
		step = parts[1]
	case "stages":
		for _, s := range p.Document.Stages {
			if s.Name == parts[1] {
				step = s.Step
			}
		}
	case "clocks":
		for _, c := range p.Document.Clocks {
			if c.Name == parts[1] {
				step = stepOfMark(&p.Document, c.Until)
				if c.Law != "" {
					found = append(found, Standard{cra, strings.TrimPrefix(c.Law, "CRA "), c.Title})
				}
			}
		}
	}
	return append(found, standardSteps[step]...)
}

// stepOfMark is the step that reaches a mark, "" if several do or none.
func stepOfMark(d *Document, mark string) string {
	for _, s := range steps {
		if slices.Contains(marksOf(s, d), mark) {
			return s.name
		}
	}
	return ""
}

// clauseTitle is what the document calls a clock or a stage, or what a step does; "" for other clauses.
func (p *Policy) clauseTitle(clause string) string {
	switch list, name, _ := strings.Cut(clause, "."); list {
	case "clocks":
		return titleIn(p.Document.Clocks, name, func(x *Clock) (string, string) { return x.Name, x.Title })
	case "stages":
		return titleIn(p.Document.Stages, name, func(x *Stage) (string, string) { return x.Name, x.Title })
	case "steps":
		known, _ := stepNamed(name)
		return known.says
	}
	return ""
}
