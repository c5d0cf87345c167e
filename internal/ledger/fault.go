package ledger

import (
	"fmt"
	"strings"
)

// FaultKind says what was done to the past.
type FaultKind string

// The kinds of faults.
const (
	Edited       FaultKind = "edited"        // the event is not the one that was taken
	Removed      FaultKind = "removed"       // events are missing between others
	Truncated    FaultKind = "truncated"     // events are missing at the end
	Added        FaultKind = "added"         // an event stands where the chain has none
	Reordered    FaultKind = "reordered"     // an event stands in another's place
	EpochEdited  FaultKind = "epoch edited"  // an epoch is not that of its events
	EpochRemoved FaultKind = "epoch removed" // epochs are missing between others
	LogEdited    FaultKind = "log edited"    // the epochs are not those that were signed
)

// Fault is the first thing in a ledger that is not as it was.
type Fault struct {
	Kind    FaultKind
	Seq     int64  // of the event, or of the first one of those meant; 0 if none is
	EventID string // of the event that stands there, if one does
	Epoch   int64  // of the epoch, for the kinds that are about epochs
	Says    string // what does not fit
}

// Error names the event or epoch and what does not fit.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString("ledger: " + string(f.Kind))
	if f.Epoch != 0 {
		fmt.Fprintf(&b, ": epoch %d", f.Epoch)
	} else if f.Seq != 0 {
		fmt.Fprintf(&b, ": event %d", f.Seq)
	}
	if f.EventID != "" {
		b.WriteString(" (" + f.EventID + ")")
	}
	return b.String() + ": " + f.Says
}

// breach is an entry whose head does not follow from the one before. Which of several things
// was done, only what stands behind it can tell.
type breach struct {
	entry        Entry
	id           string // of the event before
	head, before Hash   // before the entry, and before the event before
	last         int64  // the last sequence that was seen
	follower     int64  // where the event stands that belongs here; 0 if it was not seen
}

// look keeps what an entry behind the breach tells.
func (b *breach) look(e Entry) {
	b.last = e.Seq
	// Rows are exchanged with their heads, or the heads stayed where they were.
	if link := Link(b.head, e.Leaf); b.follower == 0 && (link == e.Head || link == b.entry.Head) {
		b.follower = e.Seq
	}
}

// fault names what was done, where last is the last event that there must be.
func (b *breach) fault(last int64) *Fault {
	f := &Fault{Seq: b.entry.Seq, EventID: b.entry.EventID}
	switch {
	case b.follower != 0 && b.last > last:
		f.Kind, f.Says = Added, fmt.Sprintf("it was put before the event that is now %d", b.follower)
	case b.follower != 0:
		f.Kind, f.Says = Reordered, fmt.Sprintf("the event that belongs here stands at %d", b.follower)
	case f.Seq > 1 && Link(b.before, b.entry.Leaf) == b.entry.Head:
		f.Kind, f.Says = Added, fmt.Sprintf("it was put before the event that is now %d", f.Seq)
		f.Seq, f.EventID = f.Seq-1, b.id
	case b.last < last:
		f.Kind, f.Says = Removed, fmt.Sprintf("%d of the %d events are missing, the first of them before this one", last-b.last, last)
	default:
		f.Kind, f.Says = Edited, "leaf and head do not follow from the event before: the leaf was replaced, or an event before it was removed and the rest renumbered"
	}
	return f
}
