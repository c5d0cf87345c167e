package cvd

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Advisory is what the project will say, or said, about a case to the public. It has editions; people approve an edition.
type Advisory struct {
	ID       AdvisoryID // given at publication
	Editions []Edition
}

// Edition is one text of an advisory, bound by its hash.
type Edition struct {
	Number  int
	At      time.Time
	By      ActorID
	Text    AdvisoryText
	Changes string // what the edition changes, for the revision history
}

// AdvisoryText is the part of an advisory that people write. Dates, versions and identifiers come from the case.
type AdvisoryText struct {
	Title      string   `json:"title"`
	Summary    string   `json:"summary"`
	Impact     string   `json:"impact"`
	Affected   []string `json:"affected,omitempty"` // extra statements; the lines of the case come first
	Resolution string   `json:"resolution"`
	Mitigation string   `json:"mitigation"`
	CVE        string   `json:"cve,omitempty"`
	CWE        string   `json:"cwe,omitempty"`
	References []Link   `json:"references,omitempty"`
}

// Link is a reference with a word about it.
type Link struct {
	URL  string `json:"url"`
	Says string `json:"says,omitempty"`
}

// Hash binds a text: an approval is of this and of nothing else.
func (t AdvisoryText) Hash() string {
	b, err := json.Marshal(t)
	if err != nil {
		panic(err) // strings and slices of strings always marshal
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Latest is the newest edition, nil before the first.
func (a Advisory) Latest() *Edition {
	if len(a.Editions) == 0 {
		return nil
	}
	return &a.Editions[len(a.Editions)-1]
}

// Review is one person's word on an edition of the advisory or on the fix.
type Review struct {
	At      time.Time
	By      ActorID
	Of      string // "fix", "advisory"
	Part    string // technical, community, legal, final: a name of the policy's chain
	Edition int    // of the advisory; 0 for the fix
	Hash    string // of the edition's text
	Verdict string // approve, object
	Says    string
	Expert  bool   // whether the reviewer holds the expert mark
	Alone   bool   // a second look after a wait by a team of one, marked for ever
	URL     string // of the fix: where everybody reads the review

	Compared string // what a program found beside the patches when it was signed; the team's
}

// Notice is one composed announcement: what was said, to whom, by which channels, and what became of it.
type Notice struct {
	Name      string // a notice of the policy: "coming", "available"
	Event     EventID
	At        time.Time // when it was ordered
	By        ActorID
	Pre       bool // it goes out before the release and cannot carry detail
	Says      map[string]string
	Subject   string
	Text      string
	Channels  []string
	Audiences []string
	Delivered map[string]time.Time // channel → first delivery that was confirmed
	Failed    map[string]string    // channel → why it ended without
	Repeated  map[string]bool      // channel → it may have arrived twice

	Copies   []Copy             // one for each member of the audiences that have a list of them
	Arrivals map[string][]Reach // channel → how far its copies have come
	Earlier  []EventID          // those by which it was ordered before
	Corrects EventID            // the order of the notice that it corrects

	Again     string `json:",omitempty"` // why it was ordered although it had been ordered before
	Because   string `json:",omitempty"` // why it corrects
	Withdraws bool   `json:",omitempty"` // it corrects by taking back, and says nothing in place of what it corrects
}

// Disclosure is the publication of an advisory at one instant.
type Disclosure struct {
	Edition int
	Due     time.Time // the instant that is armed; zero when nothing waits
	ArmedBy ActorID
	At      time.Time // the instant at which it first happened
	Updated time.Time // when the newest edition was published
	Past    []Publication
}

// Publication is one edition that became public.
type Publication struct {
	Edition int
	At      time.Time
}

// Armed says whether a disclosure waits for its instant.
func (d Disclosure) Armed() bool { return !d.Due.IsZero() }

// Drafted is a new edition of the advisory.
type Drafted struct {
	Text    AdvisoryText `json:"text"`
	Changes string       `json:"changes,omitempty"`
}

func (x *Drafted) kind() string { return "drafted" }
func (x *Drafted) apply(c *Case, e *Event) {
	c.Advisory.Editions = append(c.Advisory.Editions, Edition{Number: len(c.Advisory.Editions) + 1, At: e.At, By: e.Who,
		Text: x.Text, Changes: x.Changes})
}
func (x *Drafted) says() (string, Tier) { return "Wrote an edition of the advisory", ForTeam }

// Reviewed is one person's word on the fix or on an edition of the advisory.
type Reviewed struct {
	Of      string `json:"of" enum:"fix,advisory"`
	Part    string `json:"part,omitempty"`
	Edition int    `json:"edition,omitempty"`
	Verdict string `json:"verdict" enum:"approve,object"`
	Says    string `json:"says,omitempty"`
	URL     string `json:"url,omitempty"` // of the fix: where everybody reads the review
	Hash    string `json:"hash,omitempty" readOnly:"true"`
	Expert  bool   `json:"expert,omitempty" readOnly:"true"`
	Alone   bool   `json:"alone,omitempty" readOnly:"true"`
}

func (x *Reviewed) kind() string { return "reviewed" }
func (x *Reviewed) apply(c *Case, e *Event) {
	c.Reviews = append(c.Reviews, Review{At: e.At, By: e.Who, Of: x.Of, Part: x.Part, Edition: x.Edition, Hash: x.Hash,
		Verdict: x.Verdict, Says: x.Says, Expert: x.Expert, Alone: x.Alone, URL: x.URL})
	open := c.Public || !c.Round[MarkReleased].IsZero() || !c.Round[MarkApplied].IsZero()
	if x.Of == "fix" && x.Verdict == "approve" && x.URL != "" && open {
		c.mark(MarkOpenReview, e.At)
	}
}
func (x *Reviewed) says() (string, Tier) {
	line := "Reviewed the " + x.Of
	if x.Part != "" {
		line += " (" + x.Part + ")"
	}
	line += ": " + x.Verdict
	if x.Alone {
		line += ", a second look by a team of one"
	}
	return line, ForTeam
}

// Approved is the final word on one edition, by somebody who did not write it.
type Approved struct {
	Edition int    `json:"edition"`
	Hash    string `json:"hash,omitempty" readOnly:"true"`
	Alone   bool   `json:"alone,omitempty" readOnly:"true"`

	// How many patches a program compared it with, and what it tells that stands in none of them.
	Patches int      `json:"patches,omitempty" readOnly:"true"`
	Beyond  []string `json:"beyond,omitempty" readOnly:"true"`
}

func (x *Approved) kind() string { return "approved" }
func (x *Approved) apply(c *Case, e *Event) {
	c.Reviews = append(c.Reviews, Review{At: e.At, By: e.Who, Of: "advisory", Part: "final", Edition: x.Edition, Hash: x.Hash,
		Verdict: "approve", Alone: x.Alone, Compared: x.compared()})
}

// compared is what a program said of the edition when it was approved.
func (x *Approved) compared() string {
	switch {
	case x.Patches == 0:
		return ""
	case len(x.Beyond) == 0:
		return fmt.Sprintf("Compared with %d of the patches: it tells nothing that does not stand in them.", x.Patches)
	}
	return fmt.Sprintf("Compared with %d of the patches: none of them holds “%s”.", x.Patches, strings.Join(x.Beyond, "”, “"))
}
func (x *Approved) says() (string, Tier) {
	if x.Alone {
		return "Approved the advisory, a second look by a team of one", ForTeam
	}
	return "Approved the advisory", ForTeam
}

// Armed prepares publication for an exact instant; from then on only time is needed.
type Armed struct {
	Due     time.Time `json:"due,omitzero"`
	Now     bool      `json:"now,omitempty"`     // instead of an instant: as soon as every instance can have read of it
	Edition int       `json:"edition,omitempty"` // the newest, which is the one that the asker has read
}

func (x *Armed) kind() string { return "armed" }
func (x *Armed) apply(c *Case, e *Event) {
	c.Disclosure.Due, c.Disclosure.ArmedBy, c.Disclosure.Edition = x.Due, e.Who, x.Edition
}
func (x *Armed) says() (string, Tier) { return "Publication is set for " + Instant(x.Due), ForReporter }

// Disarmed takes the instant back.
type Disarmed struct {
	Because string `json:"because"`
}

func (x *Disarmed) kind() string { return "disarmed" }
func (x *Disarmed) apply(c *Case, _ *Event) {
	c.Disclosure.Due, c.Disclosure.Edition = time.Time{}, 0
}
func (x *Disarmed) says() (string, Tier) {
	return "The date of publication was taken back", ForReporter
}

// Disclosed is the publication itself. Its instant is the one that was armed, whenever the event is written.
type Disclosed struct {
	Advisory AdvisoryID `json:"advisory"`
	Edition  int        `json:"edition"`
}

func (x *Disclosed) kind() string { return "disclosed" }
func (x *Disclosed) apply(c *Case, e *Event) {
	d := &c.Disclosure
	if d.At.IsZero() {
		d.At = e.At
	}
	c.Advisory.ID, d.Updated, d.Due, d.Edition = x.Advisory, e.At, time.Time{}, x.Edition
	d.Past = append(d.Past, Publication{Edition: x.Edition, At: e.At})
	c.releaseStaged(e.At)
	c.CS.Public, c.Public, c.Shown = true, true, nil
	c.mark(MarkPublic, e.At)
	c.endEmbargo(e.At, "disclosed")
}
func (x *Disclosed) says() (string, Tier) { return "Published " + string(x.Advisory), ForReporter }

// Document is one thing that the public may read at a path.
type Document struct {
	Path string // from the root of the site: "/p/juno/feed.atom"
	Type string // media type
	Body []byte
}
