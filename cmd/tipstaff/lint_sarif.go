package main

import (
	"net/url"
	"path/filepath"

	"github.com/tipstaff/tipstaff/internal/policy"
)

// SARIF 2.1.0 is what code hosts and editors read findings from. Only the parts that they show are written.

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool       sarifTool     `json:"tool"`
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name  string      `json:"name"`
	Rules []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID               string       `json:"id"`
	ShortDescription sarifMessage `json:"shortDescription"`
	Help             sarifMessage `json:"help"`
	Properties       sarifTags    `json:"properties"`
}

type sarifTags struct {
	Tags []string `json:"tags"`
}

type sarifMessage struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID       string             `json:"ruleId"`
	RuleIndex    int                `json:"ruleIndex"`
	Level        string             `json:"level"`
	Message      sarifMessage       `json:"message"`
	Locations    []sarifLocation    `json:"locations"`
	Related      []sarifLocation    `json:"relatedLocations,omitempty"`
	Suppressions []sarifSuppression `json:"suppressions,omitempty"`
}

type sarifLocation struct {
	Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   sarifRegion   `json:"region"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
}

type sarifLogical struct {
	Name string `json:"fullyQualifiedName"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Status        string `json:"status"`
	Justification string `json:"justification"`
}

func sarifOf(all []finding) sarifLog {
	rules := []sarifRule{{problem, sarifMessage{"the document is no policy"}, sarifMessage{"correct it, or write one of what is allowed"}, sarifTags{[]string{}}}}
	index := map[string]int{problem: 0}
	for _, q := range policy.Questions() {
		index[q.Code] = len(rules)
		rules = append(rules, sarifRule{q.Code, sarifMessage{q.Why}, sarifMessage{q.Fix}, sarifTags{append([]string{}, q.Rules...)}})
	}
	run := sarifRun{Tool: sarifTool{sarifDriver{"tipstaff policy lint", rules}}, ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	for _, f := range all {
		r := sarifResult{RuleID: f.Code, RuleIndex: index[f.Code], Level: f.level(), Message: sarifMessage{f.Message + "; to mend it: " + f.Fix},
			Locations: []sarifLocation{{&sarifPhysical{sarifArtifact{fileURI(f.File)}, sarifRegion{f.Line, f.Column}}, logical(f.Clause)}}}
		for _, clause := range f.Conflicts {
			r.Related = append(r.Related, sarifLocation{Logical: logical(clause)})
		}
		if f.Waived != "" {
			r.Suppressions = []sarifSuppression{{"inSource", "accepted", f.Waived}}
		}
		run.Results = append(run.Results, r)
	}
	return sarifLog{"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", "2.1.0", []sarifRun{run}}
}

func (f finding) level() string {
	switch {
	case f.Code == problem:
		return "error"
	case f.Informs:
		return "note"
	}
	return "warning"
}

func logical(clause string) []sarifLogical {
	if clause == "" {
		return nil
	}
	return []sarifLogical{{clause}}
}

func fileURI(file string) string {
	if file == "-" {
		file = "stdin"
	}
	return (&url.URL{Path: filepath.ToSlash(file)}).String()
}
