package cvd

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Event is one thing that happened to a case. It is kept for ever and never changed: a new shape is a new field or a new kind.
type Event struct {
	ID      EventID   `json:"id"`
	Project ProjectID `json:"project"`
	Case    CaseID    `json:"case"`
	Rev     int64     `json:"rev"` // the revision that it makes of its case, from 1
	At      time.Time `json:"at"`  // UTC, whole microseconds
	Who     ActorID   `json:"who"`
	Name    string    `json:"name,omitempty"`   // of who, as known then
	Policy  int64     `json:"policy"`           // version of the policy that weighed it
	Clocks  []Clock   `json:"clocks,omitempty"` // the clocks that it opened, moved or met, as they are afterwards
	Waived  []string  `json:"waived,omitempty"` // clauses that it passed by a waiver
	Passed  []Passing `json:"passed,omitempty"` // clauses that it passed because the policy lifts them
	What    What      `json:"what"`
}

// What says what happened: exactly one field is set. Each is a step of the process or something the program noticed.
type What struct {
	Received     *Received     `json:"received,omitempty"`
	Acknowledged *Acknowledged `json:"acknowledged,omitempty"`
	Validated    *Validated    `json:"validated,omitempty"`
	Invalidated  *Invalidated  `json:"invalidated,omitempty"`
	Triaged      *Triaged      `json:"triaged,omitempty"`
	Rated        *Rated        `json:"rated,omitempty"`
	Reproduced   *Reproduced   `json:"reproduced,omitempty"`
	Prioritised  *Prioritised  `json:"prioritised,omitempty"`
	Postponed    *Postponed    `json:"deferred,omitempty"`
	Assigned     *Assigned     `json:"assigned,omitempty"`
	Embargoed    *Embargoed    `json:"embargoed,omitempty"`
	Lifted       *Lifted       `json:"embargo_ended,omitempty"`
	Analysed     *Analysed     `json:"analysed,omitempty"`
	Remedied     *Remedied     `json:"remedied,omitempty"`
	Checked      *Checked      `json:"checked,omitempty"`
	Drafted      *Drafted      `json:"drafted,omitempty"`
	Reviewed     *Reviewed     `json:"reviewed,omitempty"`
	Approved     *Approved     `json:"approved,omitempty"`
	Notified     *Notified     `json:"notified,omitempty"`
	Delivered    *Delivered    `json:"delivered,omitempty"`
	Corrected    *Corrected    `json:"corrected,omitempty"`
	Released     *Released     `json:"released,omitempty"`
	Distributed  *Distributed  `json:"distributed,omitempty"`
	Exempted     *Exempted     `json:"exempted,omitempty"`
	Looked       *Looked       `json:"looked,omitempty"`
	Applied      *Applied      `json:"applied,omitempty"`
	Surfaced     *Surfaced     `json:"seen_public,omitempty"`
	Slipped      *Slipped      `json:"slipped,omitempty"`
	Ticked       *Ticked       `json:"ticked,omitempty"`
	Armed        *Armed        `json:"armed,omitempty"`
	Disarmed     *Disarmed     `json:"disarmed,omitempty"`
	Disclosed    *Disclosed    `json:"disclosed,omitempty"`
	Observed     *Observed     `json:"observed,omitempty"`
	Rewarded     *Rewarded     `json:"rewarded,omitempty"`
	Explained    *Explained    `json:"explained,omitempty"`
	Credited     *Credited     `json:"credited,omitempty"`
	Relayed      *Relayed      `json:"relayed,omitempty"`
	Monitored    *Monitored    `json:"monitored,omitempty"`
	Counted      *Counted      `json:"counted,omitempty"`
	Evaluated    *Evaluated    `json:"evaluated,omitempty"`
	Reacted      *Reacted      `json:"reacted,omitempty"`
	Messaged     *Messaged     `json:"messaged,omitempty"`
	Noted        *Noted        `json:"noted,omitempty"`
	Invitation   *Invitation   `json:"invited,omitempty"`
	Nominated    *Nominated    `json:"nominated,omitempty"`
	Answered     *Answered     `json:"answered,omitempty"`
	Acquainted   *Acquainted   `json:"acquainted,omitempty"`
	Stood        *Stood        `json:"standing,omitempty"`
	Left         *Left         `json:"left,omitempty"`
	Removed      *Removed      `json:"removed,omitempty"`
	Threaded     *Threaded     `json:"threaded,omitempty"`
	Timed        *Timed        `json:"countdown,omitempty"`
	Waiving      *Waiving      `json:"waived,omitempty"`
	Dated        *Dated        `json:"dated,omitempty"`
	Breached     *Breached     `json:"breached,omitempty"`
	Ended        *Ended        `json:"closed,omitempty"`
	Erased       *Erased       `json:"erased,omitempty"`
	Commented    *Commented    `json:"commented,omitempty"`
	Moderated    *Moderated    `json:"moderated,omitempty"`
	Proposing    *Proposing    `json:"proposed,omitempty"`
	Accepting    *Accepting    `json:"accepted,omitempty"`
	Rejecting    *Rejecting    `json:"rejected,omitempty"`
	Upheld       *Upheld       `json:"embargo_upheld,omitempty"`
	Claimed      *Claimed      `json:"claimed,omitempty"`
	Dismissed    *Dismissed    `json:"claim_dismissed,omitempty"`
	Adopted      *Adopted      `json:"adopted,omitempty"`
	Combined     *Combined     `json:"combined,omitempty"`
	Joined       *Joined       `json:"joined,omitempty"`
	Split        *Split        `json:"split,omitempty"`
	SplitFrom    *SplitFrom    `json:"split_from,omitempty"`
	Moved        *Moved        `json:"moved,omitempty"`
	HandedOver   *HandedOver   `json:"handed_over,omitempty"`
	TakenOver    *TakenOver    `json:"taken_over,omitempty"`
	Extended     *Extended     `json:"extended,omitempty"`
	Raised       *Raised       `json:"raised,omitempty"`
	Nudged       *Nudged       `json:"nudged,omitempty"`

	BountyJudged   *BountyJudged   `json:"bounty_judged,omitempty"`
	BountyProposed *BountyProposed `json:"bounty_proposed,omitempty"`
	BountyApproved *BountyApproved `json:"bounty_approved,omitempty"`
	BountyPaid     *BountyPaid     `json:"bounty_paid,omitempty"`
	PayoutNamed    *PayoutNamed    `json:"payout_named,omitempty"`
	PlannedFor     *PlannedFor     `json:"planned,omitempty"`
	AgreedTerms    *AgreedTerms    `json:"agreed_terms,omitempty"`
	TermBreached   *TermBreached   `json:"term_breached,omitempty"`

	Located       *Located       `json:"located,omitempty"`
	PatchAttached *PatchAttached `json:"patch_attached,omitempty"`
	PatchGranted  *PatchGranted  `json:"patch_granted,omitempty"`
	PatchRevoked  *PatchRevoked  `json:"patch_revoked,omitempty"`
	PatchFetched  *PatchFetched  `json:"patch_fetched,omitempty"`
}

// Passing is a clause that stood in nobody's way because the policy lifts it, and the clause that does.
type Passing struct {
	Clause string `json:"clause"`
	By     string `json:"by"` // contingencies.leak, or the requirement's own unless
}

// passedWords says for people what was skipped.
func passedWords(all []Passing) string {
	var words []string
	for _, x := range all {
		words = append(words, x.Clause+" was skipped by "+x.By)
	}
	return strings.Join(words, "; ")
}

// happening is what each field of What can do: tell its kind, change the fold, and say itself in one line.
type happening interface {
	kind() string
	apply(c *Case, e *Event)
	says() (line string, seen Tier)
}

// happening finds the one field that is set; nil when none is.
func (w What) happening() happening {
	for _, h := range []struct {
		set bool
		h   happening
	}{
		{w.Received != nil, w.Received}, {w.Acknowledged != nil, w.Acknowledged}, {w.Validated != nil, w.Validated},
		{w.Invalidated != nil, w.Invalidated}, {w.Triaged != nil, w.Triaged}, {w.Rated != nil, w.Rated},
		{w.Reproduced != nil, w.Reproduced}, {w.Prioritised != nil, w.Prioritised}, {w.Postponed != nil, w.Postponed},
		{w.Assigned != nil, w.Assigned}, {w.Embargoed != nil, w.Embargoed}, {w.Lifted != nil, w.Lifted},
		{w.Analysed != nil, w.Analysed}, {w.Remedied != nil, w.Remedied}, {w.Checked != nil, w.Checked},
		{w.Drafted != nil, w.Drafted}, {w.Reviewed != nil, w.Reviewed}, {w.Approved != nil, w.Approved},
		{w.Notified != nil, w.Notified}, {w.Delivered != nil, w.Delivered}, {w.Corrected != nil, w.Corrected}, {w.Released != nil, w.Released},
		{w.Distributed != nil, w.Distributed}, {w.Exempted != nil, w.Exempted}, {w.Looked != nil, w.Looked},
		{w.Applied != nil, w.Applied}, {w.Surfaced != nil, w.Surfaced}, {w.Slipped != nil, w.Slipped}, {w.Ticked != nil, w.Ticked},
		{w.Armed != nil, w.Armed}, {w.Disarmed != nil, w.Disarmed}, {w.Disclosed != nil, w.Disclosed},
		{w.Observed != nil, w.Observed}, {w.Rewarded != nil, w.Rewarded}, {w.Explained != nil, w.Explained},
		{w.Credited != nil, w.Credited}, {w.Monitored != nil, w.Monitored}, {w.Relayed != nil, w.Relayed}, {w.Messaged != nil, w.Messaged},
		{w.Counted != nil, w.Counted}, {w.Evaluated != nil, w.Evaluated}, {w.Reacted != nil, w.Reacted},
		{w.Noted != nil, w.Noted}, {w.Invitation != nil, w.Invitation}, {w.Waiving != nil, w.Waiving},
		{w.Nominated != nil, w.Nominated}, {w.Answered != nil, w.Answered}, {w.Acquainted != nil, w.Acquainted}, {w.Stood != nil, w.Stood},
		{w.Left != nil, w.Left}, {w.Removed != nil, w.Removed}, {w.Threaded != nil, w.Threaded}, {w.Timed != nil, w.Timed},
		{w.Dated != nil, w.Dated}, {w.Breached != nil, w.Breached}, {w.Ended != nil, w.Ended},
		{w.Erased != nil, w.Erased},
		{w.Commented != nil, w.Commented}, {w.Moderated != nil, w.Moderated}, {w.Proposing != nil, w.Proposing},
		{w.Accepting != nil, w.Accepting}, {w.Rejecting != nil, w.Rejecting}, {w.Upheld != nil, w.Upheld},
		{w.Claimed != nil, w.Claimed}, {w.Dismissed != nil, w.Dismissed},
		{w.Adopted != nil, w.Adopted},
		{w.Combined != nil, w.Combined}, {w.Joined != nil, w.Joined}, {w.Split != nil, w.Split}, {w.SplitFrom != nil, w.SplitFrom},
		{w.Moved != nil, w.Moved}, {w.HandedOver != nil, w.HandedOver}, {w.TakenOver != nil, w.TakenOver},
		{w.Extended != nil, w.Extended}, {w.Raised != nil, w.Raised},
		{w.Nudged != nil, w.Nudged},
		{w.BountyJudged != nil, w.BountyJudged}, {w.BountyProposed != nil, w.BountyProposed}, {w.BountyApproved != nil, w.BountyApproved},
		{w.BountyPaid != nil, w.BountyPaid}, {w.PayoutNamed != nil, w.PayoutNamed}, {w.PlannedFor != nil, w.PlannedFor},
		{w.AgreedTerms != nil, w.AgreedTerms}, {w.TermBreached != nil, w.TermBreached},
		{w.Located != nil, w.Located}, {w.PatchAttached != nil, w.PatchAttached}, {w.PatchGranted != nil, w.PatchGranted},
		{w.PatchRevoked != nil, w.PatchRevoked}, {w.PatchFetched != nil, w.PatchFetched},
	} {
		if h.set {
			return h.h
		}
	}
	return nil
}

// Kind is the event's kind: "triaged". It stays readable at rest, and is the mark that the event sets.
func (w What) Kind() string {
	if h := w.happening(); h != nil {
		return h.kind()
	}
	return ""
}

// Canonical is the event's one byte form: what is sealed, and what the ledger's leaf is the hash of.
func (e Event) Canonical() ([]byte, error) {
	if e.What.happening() == nil {
		return nil, fmt.Errorf("write event %s: nothing happened in it", e.ID)
	}
	e.At = e.At.UTC().Truncate(time.Microsecond)
	b, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("write event %s: %w", e.ID, err)
	}
	return b, nil
}

// ReadEvent reads a canonical event of any shape ever written.
func ReadEvent(b []byte) (Event, error) {
	var e Event
	if err := json.Unmarshal(b, &e); err != nil {
		return Event{}, fmt.Errorf("read event: %w", err)
	}
	if e.What.happening() == nil {
		return Event{}, fmt.Errorf("read event %s: a kind that this program does not know; it is newer", e.ID)
	}
	return e, nil
}
