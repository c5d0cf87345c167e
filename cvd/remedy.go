package cvd

import (
	"slices"
	"time"
)

// AnalysisSections are the four parts of an analysis. The exploit analysis has the narrowest visibility.
var AnalysisSections = []string{"root_cause", "scope", "exploit", "mitigation"}

// Analysed writes one section of the analysis; the newest text of a section counts.
type Analysed struct {
	Section string `json:"section" enum:"root_cause,scope,exploit,mitigation"`
	Text    string `json:"text"`
}

func (x *Analysed) kind() string { return "analysed_section" }
func (x *Analysed) apply(c *Case, e *Event) {
	c.Sections = put(c.Sections, Section{Name: x.Section, At: e.At, By: e.Who, Text: x.Text},
		func(s Section) bool { return s.Name == x.Section })
	for _, name := range AnalysisSections {
		if !slices.ContainsFunc(c.Sections, func(s Section) bool { return s.Name == name }) {
			return
		}
	}
	c.mark(MarkAnalysed, e.At)
}
func (x *Analysed) says() (string, Tier) { return "Wrote the analysis: " + words(x.Section), ForTeam }

// Remedied says what a release line needs, or what it got.
type Remedied struct {
	Product  string  `json:"product"`
	Line     string  `json:"line"`
	Status   string  `json:"status" enum:"affected,not_affected,unsupported,fix_in_progress,patched,exempt,incomplete"`
	Affected string  `json:"affected,omitempty"` // versions, e.g. ">= 1.2.0, < 1.4.3"
	Patches  []Patch `json:"patches,omitempty"`
	Because  string  `json:"because,omitempty"` // of an exemption, of no support, of not being affected, of a fix that is not the whole of it
}

func (x *Remedied) kind() string { return "remedied" }
func (x *Remedied) apply(c *Case, e *Event) {
	l := c.line(x.Product, x.Line)
	l.Status, l.ChangedAt = x.Status, e.At
	if x.Affected != "" {
		l.Affected = x.Affected
	}
	if x.Because != "" {
		l.Because = x.Because
	}
	if x.Status == StandsIncomplete {
		c.reopenFix()
	}
	if len(x.Patches) > 0 {
		l.FixedAt, l.Merged, l.MergedCommit, l.MergedURL = e.At, time.Time{}, "", "" // this one was not applied yet
		l.Patches = slices.Clone(x.Patches)
		for i := range l.Patches {
			l.Patches[i].By = e.Who
		}
	}
	if c.linesSettled() {
		c.CS.FixReady = true
		c.mark(MarkFixReady, e.At)
	}
}
func (x *Remedied) says() (string, Tier) {
	return x.Product + " " + x.Line + " is " + words(x.Status), ForTeam
}

// line finds a release line of the case, or adds it.
func (c *Case) line(product, name string) *Line {
	for i := range c.Lines {
		if c.Lines[i].Product == product && c.Lines[i].Name == name {
			return &c.Lines[i]
		}
	}
	c.Lines = append(c.Lines, Line{Product: product, Name: name, Status: "unknown"})
	return &c.Lines[len(c.Lines)-1]
}

// linesSettled says whether every line is settled and at least one holds a fix.
func (c *Case) linesSettled() bool {
	fixed := false
	for _, l := range c.Lines {
		if !l.Settled() {
			return false
		}
		fixed = fixed || l.Status == "patched" || l.Status == "staged" || l.Status == "released"
	}
	return fixed
}

// Checked is the result of one named check of the fix, or its waiver with the reason as evidence.
type Checked struct {
	Check    string `json:"check"`
	Result   string `json:"result" enum:"passed,failed,waived"`
	Platform string `json:"platform,omitempty"`
	Evidence string `json:"evidence"`
}

func (x *Checked) kind() string { return "checked" }
func (x *Checked) apply(c *Case, e *Event) {
	c.Checks = put(c.Checks, Check{Name: x.Check, At: e.At, By: e.Who, Result: x.Result, Platform: x.Platform, Evidence: x.Evidence},
		func(k Check) bool { return k.Name == x.Check && k.Platform == x.Platform })
}
func (x *Checked) says() (string, Tier) { return "Check " + words(x.Check) + ": " + x.Result, ForTeam }

// Released is a release that holds the fix of one line.
type Released struct {
	Product string `json:"product"`
	Line    string `json:"line"`
	Version string `json:"version"`
	Tag     string `json:"tag"`
	Commit  string `json:"commit"`
	URL     string `json:"url"`
	SHA256  string `json:"sha256"`
	Staged  bool   `json:"staged,omitempty" readOnly:"true"` // ready, and released in the same step as the disclosure

	Channel   string `json:"channel,omitempty"`   // of distribution, to which url belongs; left out: it is the release itself
	Signature string `json:"signature,omitempty"` // address of a detached signature of what lies at url
}

func (x *Released) kind() string { return "released_line" }
func (x *Released) apply(c *Case, e *Event) {
	l := c.line(x.Product, x.Line)
	if x.Version != l.Version {
		l.Artefacts = nil // what channels gave out of another version says nothing of this one
	}
	l.Status, l.Version, l.Tag, l.Commit, l.URL, l.SHA256 = "released", x.Version, x.Tag, x.Commit, x.URL, x.SHA256
	l.Release, l.ChangedAt = e.At, e.At
	l.artefact(Artefact{Channel: x.Channel, URL: x.URL, SHA256: x.SHA256, Signature: x.Signature, At: e.At, By: e.Who})
	if x.Staged {
		l.Status, l.Release = "staged", time.Time{}
	}
	c.markReleased(e.At)
}
func (x *Released) says() (string, Tier) {
	if x.Staged {
		return "Made the release of " + x.Product + " " + x.Version + " ready", ForTeam
	}
	return "Released " + x.Product + " " + x.Version, ForReporter
}

// markReleased notes when nothing is left to release.
func (c *Case) markReleased(at time.Time) {
	released := false
	for _, l := range c.Lines {
		switch l.Status {
		case "patched", "affected", "unknown", "fix_in_progress", "incomplete", "staged":
			return
		}
		released = released || l.Status == "released"
	}
	if released {
		c.mark(MarkReleased, at)
	}
}

// releaseStaged releases what was made ready, at the instant of the disclosure.
func (c *Case) releaseStaged(at time.Time) {
	for i := range c.Lines {
		if l := &c.Lines[i]; l.Status == "staged" {
			l.Status, l.Release, l.ChangedAt = "released", at, at
		}
	}
	c.markReleased(at)
}
