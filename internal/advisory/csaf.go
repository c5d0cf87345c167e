package advisory

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

var csaf = Format{
	Name:  "csaf",
	Title: "CSAF 2.0",
	Doc:   "CSAF 2.0 (ISO/IEC 20153), profile security advisory: for the programs of those who run the product.",
	Type:  "application/json",
	Path:  csafPath,
	write: writeCSAF,
}

// csafPath is the folder of the year (CSAF 2.0, 7.1.11) and the name that the id gives (5.1).
func csafPath(r Record) string {
	return fmt.Sprintf("csaf/%04d/%s", r.published().Year(), csafName(string(r.ID)))
}

func csafName(id string) string {
	return notInCSAFNames.ReplaceAllString(strings.ToLower(id), "_") + ".json"
}

var notInCSAFNames = regexp.MustCompile(`[^+\-a-z0-9]+`)

// The fields of each object stand in alphabetical order, as CSAF 2.0 (6.2.13) prefers.
type (
	csafDocument struct {
		Document        csafHead            `json:"document"`
		ProductTree     csafTree            `json:"product_tree"`
		Vulnerabilities []csafVulnerability `json:"vulnerabilities"`
	}
	csafHead struct {
		Acknowledgments   []csafAcknowledgment `json:"acknowledgments,omitempty"`
		AggregateSeverity *csafSeverity        `json:"aggregate_severity,omitempty"`
		Category          string               `json:"category"`
		CSAFVersion       string               `json:"csaf_version"`
		Distribution      csafDistribution     `json:"distribution"`
		Lang              string               `json:"lang"`
		Notes             []csafNote           `json:"notes,omitempty"`
		Publisher         csafPublisher        `json:"publisher"`
		References        []csafReference      `json:"references"`
		Title             string               `json:"title"`
		Tracking          csafTracking         `json:"tracking"`
	}
	csafAcknowledgment struct {
		Names   []string `json:"names"`
		Summary string   `json:"summary,omitempty"`
	}
	csafSeverity struct {
		Text string `json:"text"`
	}
	csafDistribution struct {
		TLP csafTLP `json:"tlp"`
	}
	csafTLP struct {
		Label string `json:"label"`
		URL   string `json:"url"`
	}
	csafNote struct {
		Category string `json:"category"`
		Text     string `json:"text"`
		Title    string `json:"title"`
	}
	csafPublisher struct {
		Category       string `json:"category"`
		ContactDetails string `json:"contact_details,omitempty"`
		Name           string `json:"name"`
		Namespace      string `json:"namespace"`
	}
	csafReference struct {
		Category string `json:"category"`
		Summary  string `json:"summary"`
		URL      string `json:"url"`
	}
	csafTracking struct {
		CurrentReleaseDate string         `json:"current_release_date"`
		Generator          csafGenerator  `json:"generator"`
		ID                 string         `json:"id"`
		InitialReleaseDate string         `json:"initial_release_date"`
		RevisionHistory    []csafRevision `json:"revision_history"`
		Status             string         `json:"status"`
		Version            string         `json:"version"`
	}
	csafGenerator struct {
		Date   string     `json:"date"`
		Engine csafEngine `json:"engine"`
	}
	csafEngine struct {
		Name string `json:"name"`
	}
	csafRevision struct {
		Date    string `json:"date"`
		Number  string `json:"number"`
		Summary string `json:"summary"`
	}
)

func writeCSAF(r Record, _ []Format) ([]byte, error) {
	if err := fitForCSAF(r); err != nil {
		return nil, err
	}
	tree, products := csafProducts(r)
	b, err := json.MarshalIndent(csafDocument{
		Document:        csafHeadOf(r),
		ProductTree:     tree,
		Vulnerabilities: []csafVulnerability{csafVulnerabilityOf(r, products)},
	}, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(b, '\n'), nil
}

// fitForCSAF refuses what no document can be made of.
func fitForCSAF(r Record) error {
	if r.ID == "" {
		return cvd.Errorf(cvd.Invalid, "CSAF needs the id of the advisory")
	}
	if _, ok := web(r.Publisher.Namespace); !ok {
		return cvd.Errorf(cvd.Invalid, "CSAF needs the publisher's namespace: a URL of the project's own")
	}
	if _, ok := web(r.Base); !ok {
		return cvd.Errorf(cvd.Invalid, "CSAF needs the public URL of this installation")
	}
	if len(r.Revisions) == 0 {
		return cvd.Errorf(cvd.Invalid, "CSAF needs the revision history")
	}
	for i, e := range r.Revisions {
		if e.Number != i+1 || e.At.Year() < 1 || e.At.Year() > 9999 || i > 0 && !e.At.After(r.Revisions[i-1].At) {
			return cvd.Errorf(cvd.Invalid, "CSAF counts revisions from 1 without a gap, each later than the one before; look at number %d", i+1)
		}
	}
	if !slices.ContainsFunc(r.Products, func(p Product) bool { return len(p.Lines) > 0 }) {
		return cvd.Errorf(cvd.Invalid, "CSAF needs a product with a release line: say which versions are affected")
	}
	return nil
}

func csafHeadOf(r Record) csafHead {
	self, _ := web(r.url(csafPath(r)))
	page, _ := web(r.url(pagePath(r)))
	h := csafHead{
		Acknowledgments: csafCredits(r.Credits),
		Category:        "csaf_security_advisory",
		CSAFVersion:     "2.0",
		Distribution:    csafDistribution{csafTLP{Label: "WHITE", URL: "https://www.first.org/tlp/v1/"}},
		Lang:            language(r.Language),
		Publisher:       csafPublisherOf(r),
		References: []csafReference{
			{Category: "self", Summary: "This document", URL: self},
			{Category: "self", Summary: "This advisory as a page", URL: page},
		},
		Title:    cmp.Or(r.Text.Title, string(r.ID)),
		Tracking: csafTrackingOf(r),
	}
	if r.Text.Summary != "" {
		h.Notes = []csafNote{{Category: "summary", Text: prose(r.Text.Summary), Title: "Summary"}}
	}
	if r.Class != "" {
		h.AggregateSeverity = &csafSeverity{Text: r.Class}
	}
	for _, l := range r.Text.References {
		if to, ok := web(l.URL); ok {
			h.References = append(h.References, csafReference{Category: "external", Summary: cmp.Or(l.Says, to), URL: to})
		}
	}
	return h
}

func csafPublisherOf(r Record) csafPublisher {
	category := r.Publisher.Category
	if !slices.Contains([]string{"coordinator", "discoverer", "other", "translator", "user", "vendor"}, category) {
		category = "vendor"
	}
	namespace, _ := web(r.Publisher.Namespace)
	return csafPublisher{Category: category, ContactDetails: r.Publisher.Contact,
		Name: cmp.Or(r.Publisher.Name, r.projectTitle(), string(r.ID)), Namespace: namespace}
}

func csafTrackingOf(r Record) csafTracking {
	t := csafTracking{
		CurrentReleaseDate: csafTime(r.edited()),
		Generator:          csafGenerator{Date: csafTime(r.edited()), Engine: csafEngine{Name: "Tipstaff"}},
		ID:                 string(r.ID),
		InitialReleaseDate: csafTime(r.published()),
		Status:             "final",
		Version:            strconv.Itoa(len(r.Revisions)),
	}
	for _, e := range r.Revisions {
		t.RevisionHistory = append(t.RevisionHistory, csafRevision{Date: csafTime(e.At), Number: strconv.Itoa(e.Number),
			Summary: cmp.Or(e.Summary, "Edition "+strconv.Itoa(e.Number))})
	}
	return t
}

// csafCredits names people by what they did; each name once for each role.
func csafCredits(credits []cvd.Credit) []csafAcknowledgment {
	var all []csafAcknowledgment
	for _, c := range credits {
		role := strings.ReplaceAll(c.Role, "_", " ")
		i := slices.IndexFunc(all, func(a csafAcknowledgment) bool { return a.Summary == role })
		if i < 0 {
			i, all = len(all), append(all, csafAcknowledgment{Summary: role})
		}
		if !slices.Contains(all[i].Names, c.Name) {
			all[i].Names = append(all[i].Names, c.Name)
		}
	}
	return all
}

func csafTime(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
