package advisory

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	gocvss20 "github.com/pandatix/go-cvss/20"
	gocvss30 "github.com/pandatix/go-cvss/30"
	gocvss31 "github.com/pandatix/go-cvss/31"
	gocvss40 "github.com/pandatix/go-cvss/40"

	"github.com/tipstaff/tipstaff/cvd"
)

var osv = Format{
	Name:  "osv",
	Title: "OSV",
	Doc:   "OSV: for scanners, which compare the versions that somebody uses with those that are affected.",
	Type:  "application/json",
	Path:  func(r Record) string { return osvRoot + osvID(r) + ".json" },
	write: writeOSV,
}

// osvSchema is the version of the schema that a record follows: the first one with a prefix for databases of one's own.
const osvSchema = "1.8.0"

type (
	osvRecord struct {
		SchemaVersion    string          `json:"schema_version"`
		ID               string          `json:"id"`
		Modified         string          `json:"modified"`
		Published        string          `json:"published"`
		Aliases          []string        `json:"aliases,omitempty"`
		Summary          string          `json:"summary"`
		Details          string          `json:"details,omitempty"`
		Severity         []osvSeverity   `json:"severity,omitempty"`
		Affected         []osvAffected   `json:"affected"`
		References       []osvReference  `json:"references,omitempty"`
		Credits          []osvCredit     `json:"credits,omitempty"`
		DatabaseSpecific osvMoreOnRecord `json:"database_specific"`
	}
	osvSeverity struct {
		Type  string `json:"type"`
		Score string `json:"score"`
	}
	osvReference struct {
		Type string `json:"type"`
		URL  string `json:"url"`
	}
	osvCredit struct {
		Name string `json:"name"`
		Type string `json:"type"`
	}
	// osvMoreOnRecord is what the schema has no field for.
	osvMoreOnRecord struct {
		Advisory string   `json:"advisory"`           // the id without its prefix
		Severity string   `json:"severity,omitempty"` // the class as people read it
		CWEs     []string `json:"cwe_ids,omitempty"`
	}
)

// osvID is the id in the OSV world. Prefixes without x_ belong to the databases that the schema lists; x_ is for all others,
// which nobody has to register (OSV 1.8.0, "id").
func osvID(r Record) string { return "x_" + r.fileName() }

func writeOSV(r Record, _ []Format) ([]byte, error) {
	o, err := osvOf(r)
	if err != nil {
		return nil, err
	}
	b, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(b, '\n'), nil
}

func osvOf(r Record) (osvRecord, error) {
	if r.ID == "" {
		return osvRecord{}, cvd.Errorf(cvd.Invalid, "OSV needs the id of the advisory")
	}
	for _, at := range []time.Time{r.published(), r.edited()} {
		if at.IsZero() || at.Year() < 1 || at.Year() > 9999 {
			return osvRecord{}, cvd.Errorf(cvd.Invalid, "OSV needs the instants of publication and of the last revision")
		}
	}
	o := osvRecord{
		SchemaVersion:    osvSchema,
		ID:               osvID(r),
		Modified:         osvTime(r.edited()),
		Published:        osvTime(r.published()),
		Summary:          cmp.Or(r.Text.Title, string(r.ID)),
		Details:          osvDetails(r),
		Affected:         osvAffectedOf(r),
		References:       osvReferences(r),
		Credits:          osvCredits(r.Credits),
		DatabaseSpecific: osvMoreOnRecord{Advisory: string(r.ID), Severity: r.Class},
	}
	if cveID.MatchString(r.Text.CVE) {
		o.Aliases = []string{r.Text.CVE}
	}
	if w, ok := weaknessOf(r.Text.CWE); ok {
		o.DatabaseSpecific.CWEs = []string{w.ID}
	}
	if system := osvSystem(r.Severity.Vector); system != "" {
		o.Severity = []osvSeverity{{system, r.Severity.Vector}}
	}
	return o, nil
}

func osvTime(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// osvSystem is the schema's name for the system of a vector, empty if the vector is none.
func osvSystem(vector string) string {
	var err error
	system := ""
	switch {
	case strings.HasPrefix(vector, "CVSS:4.0/"):
		system = "CVSS_V4"
		_, err = gocvss40.ParseVector(vector)
	case strings.HasPrefix(vector, "CVSS:3.1/"):
		system = "CVSS_V3"
		_, err = gocvss31.ParseVector(vector)
	case strings.HasPrefix(vector, "CVSS:3.0/"):
		system = "CVSS_V3"
		_, err = gocvss30.ParseVector(vector)
	case strings.HasPrefix(vector, "AV:"):
		system = "CVSS_V2"
		_, err = gocvss20.ParseVector(vector)
	}
	if err != nil {
		return ""
	}
	return system
}

// osvDetails are the texts of the advisory in one Markdown document.
func osvDetails(r Record) string {
	parts := []string{prose(r.Text.Summary)}
	add := func(title, text string) {
		if text != "" {
			parts = append(parts, "## "+title+"\n\n"+text)
		}
	}
	add("Impact", prose(r.Text.Impact))
	var statements []string
	for _, s := range r.statements() {
		statements = append(statements, "- "+literal(s))
	}
	add("Affected Versions", strings.Join(statements, "\n"))
	add("Resolution", prose(r.Text.Resolution))
	add("Mitigation", prose(r.Text.Mitigation))
	return strings.TrimPrefix(strings.Join(parts, "\n\n"), "\n\n")
}

// What the address of a reference tells of it.
var (
	osvFix       = regexp.MustCompile(`/(commit|pull|merge_requests)/[0-9A-Za-z]+/?$`)
	osvReport    = regexp.MustCompile(`/issues/[0-9]+/?$`)
	osvElsewhere = regexp.MustCompile(`/security/advisories/GHSA(-[0-9a-z]{4}){3}/?$|^https://www\.cve\.org/CVERecord\?id=`)
)

// osvReferences are the advisory's own page, what the text refers to, and the releases with the fix; each address once.
func osvReferences(r Record) []osvReference {
	var all []osvReference
	add := func(kind, address string) {
		to, ok := web(address)
		if ok && !slices.ContainsFunc(all, func(o osvReference) bool { return o.URL == to }) {
			all = append(all, osvReference{kind, to})
		}
	}
	add("ADVISORY", r.url(pagePath(r)))
	for _, l := range r.Text.References {
		address, _, _ := strings.Cut(l.URL, "#")
		switch {
		case osvFix.MatchString(address):
			add("FIX", l.URL)
		case osvReport.MatchString(address):
			add("REPORT", l.URL)
		case osvElsewhere.MatchString(address):
			add("ADVISORY", l.URL)
		default:
			add("WEB", l.URL)
		}
	}
	for _, p := range r.Products {
		for _, l := range p.Lines {
			if l.Status == "fixed" {
				add("WEB", l.URL)
			}
		}
	}
	return all
}

// osvRoles are the credits that the schema knows; the words of a case are the same.
var osvRoles = strings.Fields("FINDER REPORTER ANALYST COORDINATOR REMEDIATION_DEVELOPER REMEDIATION_REVIEWER REMEDIATION_VERIFIER TOOL SPONSOR")

func osvCredits(credits []cvd.Credit) []osvCredit {
	var all []osvCredit
	for _, c := range credits {
		role := strings.ToUpper(c.Role)
		if !slices.Contains(osvRoles, role) {
			role = "OTHER"
		}
		if credit := (osvCredit{c.Name, role}); !slices.Contains(all, credit) {
			all = append(all, credit)
		}
	}
	return all
}
