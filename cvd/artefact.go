package cvd

import (
	"slices"
	"time"
)

// Artefact is what one channel of distribution gives out of a release, bound by its hash. The channel "" is the release itself.
type Artefact struct {
	Channel   string
	URL       string
	SHA256    string
	Signature string // address of a detached signature of it
	Exempt    string // why this channel gives nothing out
	At        time.Time
	By        ActorID
	Saw       Sight // what the program saw there last
}

// Done says whether nothing is left to look at.
func (a Artefact) Done() bool { return a.Exempt != "" || a.Saw.Good() }

// Sight is what the program saw at the address of an artefact.
type Sight struct {
	At        time.Time `json:"at,omitzero"`
	Status    int       `json:"status,omitempty"` // of HTTP
	SHA256    string    `json:"sha256,omitempty"` // of what it gave out
	Size      int64     `json:"size,omitempty"`
	Signature string    `json:"signature,omitempty" enum:"good,bad"`
	Key       string    `json:"key,omitempty"`    // that made the signature, by its own name
	Failed    string    `json:"failed,omitempty"` // what was wrong, for people
}

// Good says whether what was seen is what was recorded.
func (l Sight) Good() bool { return !l.At.IsZero() && l.Failed == "" }

// Same says whether two looks saw the same.
func (l Sight) Same(o Sight) bool {
	l.At, o.At = time.Time{}, time.Time{}
	return l == o
}

// ArtefactOf is what a line gives out by a channel.
func (l Line) ArtefactOf(channel string) (Artefact, bool) {
	i := slices.IndexFunc(l.Artefacts, func(a Artefact) bool { return a.Channel == channel })
	if i < 0 {
		return Artefact{}, false
	}
	return l.Artefacts[i], true
}

// artefact puts an artefact of a line in its place. The list is copied: other folds read it.
func (l *Line) artefact(a Artefact) {
	l.Artefacts = put(slices.Clone(l.Artefacts), a, func(o Artefact) bool { return o.Channel == a.Channel })
}

// Distributed says what a further channel gives out of a release.
type Distributed struct {
	Product   string `json:"product"`
	Line      string `json:"line"`
	Channel   string `json:"channel"`
	URL       string `json:"url"`
	SHA256    string `json:"sha256"`
	Signature string `json:"signature,omitempty"` // address of a detached signature: .asc, .sig or .minisig
}

func (x *Distributed) kind() string { return "distributed" }
func (x *Distributed) apply(c *Case, e *Event) {
	c.line(x.Product, x.Line).artefact(Artefact{Channel: x.Channel, URL: x.URL, SHA256: x.SHA256, Signature: x.Signature, At: e.At, By: e.Who})
}
func (x *Distributed) says() (string, Tier) {
	return "Recorded what the channel " + words(x.Channel) + " gives out of " + x.Product + " " + x.Line, ForTeam
}

// Exempted says that a channel gives nothing out of a release, and why. Without a channel it is the release itself that cannot be
// looked at.
type Exempted struct {
	Product string `json:"product"`
	Line    string `json:"line"`
	Channel string `json:"channel,omitempty"`
	Because string `json:"because"`
}

func (x *Exempted) kind() string { return "exempted" }
func (x *Exempted) apply(c *Case, e *Event) {
	l := c.line(x.Product, x.Line)
	a, _ := l.ArtefactOf(x.Channel)
	a.Channel, a.Exempt, a.At, a.By = x.Channel, x.Because, e.At, e.Who
	l.artefact(a)
}
func (x *Exempted) says() (string, Tier) {
	return "Exempted " + channelOf(x.Product, x.Line, x.Channel) + " from being verified", ForTeam
}

// Looked is what the program saw when it looked whether a release is there.
type Looked struct {
	Product string `json:"product"`
	Line    string `json:"line"`
	Channel string `json:"channel,omitempty"`
	URL     string `json:"url"`
	Saw     Sight  `json:"saw"`
}

func (x *Looked) kind() string {
	if x.Saw.Failed != "" {
		return "verify_failed"
	}
	return "verified"
}
func (x *Looked) apply(c *Case, e *Event) {
	l := c.line(x.Product, x.Line)
	a, there := l.ArtefactOf(x.Channel)
	if !there || a.URL != x.URL { // it was replaced meanwhile
		return
	}
	a.Saw = x.Saw
	a.Saw.At = e.At
	l.artefact(a)
}
func (x *Looked) says() (string, Tier) {
	if x.Saw.Failed != "" {
		return "Could not verify " + channelOf(x.Product, x.Line, x.Channel) + ": " + x.Saw.Failed, ForTeam
	}
	line := "Verified " + channelOf(x.Product, x.Line, x.Channel) + ": it answers, with the checksum that was recorded"
	if x.Saw.Signature == "good" {
		line += " and a good signature"
	}
	return line, ForTeam
}

// channelOf names one line by one channel.
func channelOf(product, line, channel string) string {
	if channel == "" {
		return product + " " + line
	}
	return product + " " + line + " by " + words(channel)
}
