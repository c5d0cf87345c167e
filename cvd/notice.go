package cvd

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Notified orders a notice of the policy to go out. What it may say is fixed by the policy's notice; a notice before the
// release cannot carry detail. Channels and Audiences are filled in from the policy.
type Notified struct {
	Notice    string            `json:"notice"`
	Says      map[string]string `json:"says,omitempty"`
	Because   string            `json:"because,omitempty"` // why a channel of the earlier notice is left out
	Again     string            `json:"again,omitempty"`   // why it is ordered although it was ordered before
	Channels  []string          `json:"channels,omitempty" readOnly:"true"`
	Audiences []string          `json:"audiences,omitempty" readOnly:"true"`
	Subject   string            `json:"subject,omitempty" readOnly:"true"`
	Text      string            `json:"text,omitempty" readOnly:"true"`
	Pre       bool              `json:"pre,omitempty" readOnly:"true"`
	Copies    []Copy            `json:"copies,omitempty" readOnly:"true"` // one for each member, where an audience has a list
}

func (x *Notified) kind() string { return "notified" }
func (x *Notified) apply(c *Case, e *Event) {
	n := Notice{Name: x.Notice, Event: e.ID, At: e.At, By: e.Who, Pre: x.Pre, Says: x.Says, Subject: x.Subject, Text: x.Text, Channels: x.Channels,
		Audiences: x.Audiences, Copies: x.Copies, Again: x.Again, Delivered: map[string]time.Time{}, Failed: map[string]string{}, Repeated: map[string]bool{}}
	if i := slices.IndexFunc(c.Notices, func(o Notice) bool { return o.Name == x.Notice }); i >= 0 {
		n.Earlier = append(slices.Clone(c.Notices[i].Earlier), c.Notices[i].Event)
		c.OldOrders = append(c.OldOrders, c.Notices[i])
	}
	c.Notices = put(c.Notices, n, func(o Notice) bool { return o.Name == x.Notice })
	c.mark(MarkNotified+x.Notice, e.At)
}
func (x *Notified) says() (string, Tier) {
	line := "Ordered the notice “" + words(x.Notice) + "”"
	if x.Again != "" {
		line += " once more"
	}
	return line + " to go out by " + strings.Join(x.Channels, ", "), ForReporter
}

// Delivered is what became of a notice on one channel: confirmed by the channel, or by the person who posted it by hand.
type Delivered struct {
	Notice   string    `json:"notice"`
	Channel  string    `json:"channel"`
	At       time.Time `json:"at,omitzero"` // when it arrived, as the channel says; zero: now
	URL      string    `json:"url,omitempty"`
	Failed   string    `json:"failed,omitempty"`                // why the channel gave up
	Order    EventID   `json:"order,omitempty" readOnly:"true"` // of a notice that was ordered again since: the order that it is of
	Repeated bool      `json:"repeated,omitempty" readOnly:"true"`
	Unsure   bool      `json:"unsure,omitempty" readOnly:"true"` // it may have gone out, and is tried again

	// Of a channel that brings each member their own copy: how far it has come. There is an event for the first copy, for a share
	// that the policy waits for, and for the end.
	Reached int   `json:"reached,omitempty" readOnly:"true"`
	Of      int   `json:"of,omitempty" readOnly:"true"`
	Share   int64 `json:"share,omitempty" readOnly:"true"` // of the members' weight, in millionths
}

// partly says whether copies are still to come.
func (x *Delivered) partly() bool { return x.Of > 0 && x.Reached < x.Of }

func (x *Delivered) kind() string { return "delivered" }
func (x *Delivered) apply(c *Case, e *Event) {
	n := c.orderOf(x)
	if n == nil {
		return
	}
	if x.Unsure {
		n.Repeated[x.Channel] = true
		return
	}
	at := x.At
	if at.IsZero() {
		at = e.At
	}
	if x.Of > 0 && x.Reached > 0 {
		n.arrive(x.Channel, Reach{At: at, Reached: x.Reached, Share: x.Share})
	}
	if x.Failed != "" {
		n.Failed[x.Channel] = x.Failed
		return
	}
	if x.Repeated {
		n.Repeated[x.Channel] = true
	}
	if x.partly() {
		c.reached(MarkFirst, n, at)
		return
	}
	delete(n.Failed, x.Channel)
	if old, ok := n.Delivered[x.Channel]; !ok || at.Before(old) {
		n.Delivered[x.Channel] = at
	}
	c.reached(MarkFirst, n, at)
	if last, all := n.Everywhere(); all {
		c.reached(MarkDelivered, n, last)
	}
}

// orderOf is the order whose delivery something says: the last one of its notice, unless it names an earlier one.
func (c *Case) orderOf(x *Delivered) *Notice {
	for _, all := range [][]Notice{c.Notices, c.OldOrders} {
		for i := range all {
			if n := &all[i]; x.Order != "" && n.Event == x.Order || x.Order == "" && n.Name == x.Notice {
				return n
			}
		}
	}
	return nil
}

// reached sets a mark of a notice. A correction has none: what is counted from a notice is counted from its first word.
func (c *Case) reached(mark string, n *Notice, at time.Time) {
	if n.Corrects == "" {
		c.mark(mark+n.Name, at)
	}
}
func (x *Delivered) says() (string, Tier) {
	what := "The notice “" + words(x.Notice) + "”"
	switch {
	case x.Unsure:
		return what + " may have gone out by " + x.Channel + ": the connection was lost before the answer. It is tried again under the same name", ForTeam
	case x.Failed != "" && x.Of > 0:
		return fmt.Sprintf("%s reached %d of %d by %s: %s", what, x.Reached, x.Of, x.Channel, x.Failed), ForTeam
	case x.partly():
		return fmt.Sprintf("%s has reached %d of %d by %s", what, x.Reached, x.Of, x.Channel), ForTeam
	case x.Failed != "":
		return what + " did not go out by " + x.Channel + ": " + x.Failed, ForTeam
	case x.Of > 0 && x.Repeated:
		return fmt.Sprintf("%s reached all %d by %s; some may have got it twice", what, x.Of, x.Channel), ForTeam
	case x.Of > 0:
		return fmt.Sprintf("%s reached all %d by %s", what, x.Of, x.Channel), ForTeam
	case x.Repeated:
		return what + " arrived by " + x.Channel + "; it may have arrived twice", ForTeam
	}
	return what + " arrived by " + x.Channel, ForTeam
}

// Everywhere is the instant of the last channel's delivery, and whether every channel has delivered.
func (n Notice) Everywhere() (last time.Time, all bool) {
	for _, ch := range n.Channels {
		at, ok := n.Delivered[ch]
		if !ok {
			return time.Time{}, false
		}
		if at.After(last) {
			last = at
		}
	}
	return last, len(n.Channels) > 0
}
