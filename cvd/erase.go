package cvd

import "time"

// Erased destroys all that a case held: what people sent and wrote, files, and the key that it was sealed under. It says
// nothing of the case itself, so that it may be kept for ever.
type Erased struct {
	Why    string    `json:"why" enum:"retention,request,mistake,moved"`
	Opened time.Time `json:"opened,omitzero" readOnly:"true"`
	Closed time.Time `json:"closed,omitzero" readOnly:"true"`
	Events int64     `json:"events,omitempty" readOnly:"true"` // that happened before it
	Files  int       `json:"files,omitempty" readOnly:"true"`
	To     Pointer   `json:"to,omitzero" readOnly:"true"`      // where it goes on, if it does: its codes lead there
	Guests [][]byte  `json:"guests,omitempty" readOnly:"true"` // of a case that moved, hashes of the codes of who took part: they are told so
}

// Reasons are why a case may be erased: its time under the policy is over, somebody has a right to it, or it should never
// have been there. A free text could repeat what is to be forgotten.
var Reasons = []string{"retention", "request", "mistake"}

func (x *Erased) kind() string { return "erased" }

// apply makes the case what the event alone says: whatever was folded before is gone, and a fold over events whose content
// is destroyed gives the same.
func (x *Erased) apply(c *Case, e *Event) {
	*c = Case{Project: e.Project, ID: e.Case, Rev: e.Rev, Policy: e.Policy, OpenedAt: x.Opened, Title: "Erased",
		Embargo: Embargo{State: NoEmbargo}, Marks: map[string]time.Time{}, Round: map[string]time.Time{},
		Combined: x.To,
		Erased: &Erasure{At: e.At, By: e.Who, Name: e.Name, Why: x.Why, Closed: x.Closed, Events: x.Events, Files: x.Files,
			Guests: x.Guests}}
}

func (x *Erased) says() (string, Tier) { return "Erased the case: " + words(x.Why), ForTeam }

// Erasure is what is left of an erased case besides its id.
type Erasure struct {
	At     time.Time
	By     ActorID
	Name   string // of By, as known then
	Why    string
	Closed time.Time
	Events int64 // whose content is gone; their hashes stay, so that the ledger still proves what it proved
	Files  int
	Guests [][]byte // hashes of codes that open nothing any more, and whose holders learn where the case went
}

// filesOf counts the files that a case names.
func filesOf(c *Case) int {
	n := 0
	c.EachFile(func(*Attachment) { n++ })
	return n
}

// Erase is the event that erases a case as it is now.
func Erase(c Case, why string) Erased {
	x := Erased{Why: why, Opened: c.OpenedAt, Closed: c.Marked("closed"), Events: c.Rev, Files: filesOf(&c), To: c.Combined}
	for _, p := range c.Parties {
		if why == "moved" && p.Code != nil && !p.Gone() && !p.Refused {
			x.Guests = append(x.Guests, p.Code)
		}
	}
	return x
}

// erasedView is the line that the team still sees of an erased case.
func erasedView(c Case, t Tier) View {
	return View{Project: c.Project, ID: c.ID, Rev: c.Rev, Tier: t, Policy: c.Policy, OpenedAt: c.OpenedAt, Changed: c.ChangedAt,
		Title: c.Title, Headline: c.Headline(), RM: c.RM(), Erased: c.Erased, Combined: c.Combined}
}
