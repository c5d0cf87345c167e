package cvd

import "time"

// Delivery is the receipt of one letter to one recipient by one channel. Its Job is the idempotency key that the outside sees.
type Delivery struct {
	Project  ProjectID
	Case     CaseID
	Job      string // unique: the event, the channel, the recipient
	Event    EventID
	Channel  string
	State    DeliveryState
	At       time.Time // of the last change
	Tries    int
	Repeated bool // whether it may have gone out twice, because a crash hid the outcome of a try
	Released int  // how often a person let it go after it was held
}

// Live says whether a job has still to do with the letter: to send it, or to keep what follows from its end.
func (d Delivery) Live() bool {
	switch d.State {
	case Waiting, Sending, Sent, GaveUp:
		return true
	}
	return false
}

// DeliveryState is what is known of a letter.
type DeliveryState string

// The states of a delivery.
const (
	Waiting    DeliveryState = "waiting"      // not tried yet
	Sending    DeliveryState = "sending"      // being tried now; after a crash: outcome unknown
	Sent       DeliveryState = "sent"         // the channel took it
	GaveUp     DeliveryState = "gave up"      // tried as often as it makes sense
	Held       DeliveryState = "held"         // a person must release it
	ByPerson   DeliveryState = "by person"    // a person must post it and say where
	Unaccepted DeliveryState = "not accepted" // its member has not accepted the embargo of the case, and gets nothing before
	Dropped    DeliveryState = "dropped"      // never sent: a person decided so

	DroppedErased DeliveryState = "dropped: erased" // never sent: its case was erased first
)

// Letter is one message to one recipient, written from the case at the moment it goes out. It lies nowhere on disk.
type Letter struct {
	Job     string // idempotency key; channels put it where their recipients fold duplicates
	To      string
	Subject string // never says what is embargoed
	Text    string
	Leave   string // address of the page on which the recipient takes themselves off the list; empty: it is no letter of a list

	// Of a notice, which is signed twice. A channel carries what it has room for.
	Signed string // the text, clear-signed with OpenPGP
	Note   string // the text as a signed note (C2SP)
	Brief  string // less than the text, with the address at which a copy can be checked
}
