// Package channel speaks with people: it takes one letter to one recipient and brings it out of the house, by mail, to
// a chat, to a program, or through the hands of a person.
//
// Begin reading with Channel, which is what each file of the shelf holds one of, and with Final, which says what an
// error means for the next try.
//
// To add a channel, add a file with its name that declares one Channel, and list it in all.go. Check refuses addresses
// that the channel cannot reach; Send sends one letter once, and tells in its error neither the letter nor the address.
//
// It never decides who is told what or when, never retries, and keeps nothing: a letter lies on no disk, and the
// receipt is the caller's to record.
package channel

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/tipstaff/tipstaff/cvd"
)

// Channel is one way to reach somebody.
type Channel struct {
	Name    string                     // as policies and settings write it
	Doc     string                     // one sentence for those who choose among channels
	Address string                     // what an address of this channel looks like, with an example
	Check   func(address string) error // Invalid, saying what is wrong, if no letter can go there
	ByHand  bool                       // a person carries the letter and says when it arrived; Send refuses

	// Send sends the letter once. The receipt means that the other side took it over; an error may hide that it did, so
	// a letter that is tried again bears the same Job, by which recipients fold the two.
	Send func(ctx context.Context, out Out, l cvd.Letter) (Receipt, error)
}

// Out is what channels need of the program in order to reach the outside.
type Out struct {
	HTTP      *http.Client // of NewClient, which keeps away from private networks
	SMTP      SMTPConfig
	Webhook   WebhookConfig
	Now       func() time.Time
	Rehearsed *atomic.Int64 // counts the letters of a demonstration; nil where nobody counts
}

// Receipt is the other side's word that it took a letter.
type Receipt struct {
	At  time.Time
	Ref string // the other side's name for it, or the one it was sent under; may be empty
}

// Final says whether trying the same letter again is useless: the other side, or the channel itself, refused it for
// what it is. Everything else may pass later, a wrong setting too once it is mended. A cvd.Error's After says when.
func Final(err error) bool {
	switch cvd.KindOf(err) {
	case cvd.Invalid, cvd.Refused, cvd.NotFound, cvd.TooLarge:
		return true
	}
	return false
}

// oneLine refuses text that would end a line: of a header, a command, a log.
func oneLine(what, text string) error {
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }) {
		return cvd.Errorf(cvd.Invalid, "%s must be one line without control characters", what)
	}
	return nil
}

// job checks the idempotency key, which goes into headers as it is.
func job(key string) error {
	if key == "" || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return cvd.Errorf(cvd.Invalid, "the letter's job must be a word of printable ASCII characters")
	}
	return nil
}
