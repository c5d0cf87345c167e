package casework

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/seal"
)

// HandOver seals a case to the key of another installation, and closes it here. Asked again for the same key, it seals the case
// once more, as it was when it was handed over; for another key, which is how a wrong one is made good, it does so anew.
func (w *Casework) HandOver(ctx context.Context, who cvd.Actor, about About, in cvd.HandedOver) ([]byte, cvd.View, error) {
	a, err := w.wholly(ctx, who, about.Case, "hand_over")
	if err != nil {
		return nil, cvd.View{}, err
	}
	in.To, in.URL = strings.TrimSpace(in.To), strings.TrimSpace(in.URL)
	if err := w.receives(in.To); err != nil {
		return nil, cvd.View{}, err
	}
	rev, err := w.whole(ctx, a)
	if err != nil {
		return nil, cvd.View{}, err
	}
	archive, hash, err := w.archive(ctx, a, rev, true)
	if err != nil {
		return nil, cvd.View{}, err
	}
	sealed, err := seal.SealTo(seal.Recipients{in.To}, archive)
	if err != nil {
		return nil, cvd.View{}, err
	}
	if a.c.Combined.Site == in.To {
		v, err := w.finish(ctx, a)
		return sealed, v, err
	}
	about.Rev = cmp.Or(about.Rev, a.c.Rev) // what was packed is what the case is
	v, err := w.record(ctx, who, about, "hand_over", func(a *asking) (cvd.What, error) {
		x := in
		x.SHA256 = hash
		return cvd.What{HandedOver: &x}, first(a.handsOver(in), shortLine("/url", in.URL))
	})
	return sealed, v, err
}

// receives refuses a key that no other installation has.
func (w *Casework) receives(key string) error {
	if _, err := seal.SealTo(seal.Recipients{key}, nil); err != nil {
		return cvd.Fieldf("/to", "this is no key of an installation: tipstaff key show prints it there")
	}
	if key == w.Recipient() {
		return cvd.Fieldf("/to", "this is the key of this installation: ask the other one for theirs. To another project here a case is moved")
	}
	return nil
}

// handsOver says what stands in the way of handing a case over.
func (a *asking) handsOver(in cvd.HandedOver) error {
	switch {
	case a.c.Disclosure.Armed():
		return cvd.Errorf(cvd.Refused, "the publication waits for its instant: take that back first")
	case a.c.Public && a.c.Shown == nil:
		return cvd.Errorf(cvd.Refused, "the case is public here: a copy goes out by export")
	case in.URL != "":
		return first(require("/because", in.Because, "say why it goes on there"), webLink("/url", in.URL))
	}
	return require("/because", in.Because, "say why it goes on there")
}

// whole is the last revision at which a case was worked on here: what is handed over later is as it was then.
func (w *Casework) whole(ctx context.Context, a *asking) (int64, error) {
	if a.c.Combined.Site == "" {
		return a.c.Rev, nil
	}
	events, err := w.store.Events(ctx, a.who.Project, a.c.ID)
	if err != nil {
		return 0, fmt.Errorf("read the events of %s: %w", a.c.ID, err)
	}
	return events[slices.IndexFunc(events, func(e cvd.Event) bool { return e.What.HandedOver != nil })].Rev - 1, nil
}

// goneOn refuses steps on a case that goes on in another place. What was kept of it here may still be erased, and a case that was
// sealed to a wrong key be handed over to the right one.
func (w *Casework) goneOn(ctx context.Context, a *asking, step string) error {
	guest := a.who.Standing == cvd.Guest
	switch to := a.c.Combined; {
	case !a.c.GoesElsewhere() || step == "erase" || step == "hand_over" && to.Site != "":
		return nil
	case guest && (to.Site == "" || !a.hears()): // who still takes part was led there
		return cvd.Errorf(cvd.Refused, "the case is closed, and you take part in it no more: ask the project to invite you again")
	case to.Project != "":
		return cvd.Errorf(cvd.Refused, "the case goes on in the project %s, as %s", to.Project, to.Case)
	case to.Case != "":
		return cvd.Errorf(cvd.Refused, "the case goes on in %s: take the step there", to.Case)
	}
	events, err := w.store.Events(ctx, a.who.Project, a.c.ID)
	if err != nil {
		return fmt.Errorf("read the events of %s: %w", a.c.ID, err)
	}
	p := a.c.Passage(events)
	says := "the case went to another installation at " + cvd.Instant(p.At) + ", and nothing is taken here any more"
	if p.URL != "" {
		says += ": it goes on at " + p.URL
	}
	return cvd.Errorf(cvd.Refused, "%s%s", says, map[cvd.Standing]string{
		cvd.Guest:  "; who takes part is invited anew there",
		cvd.Finder: "; your code does not open it there: ask them for a new one, and show them your receipt"}[a.who.Standing])
}

// hears says whether a party hears of what becomes of the case: not who left, was removed, or declined.
func (a *asking) hears() bool {
	p := a.c.Party(a.who.ID)
	return p != nil && !p.Gone() && !p.Refused
}

// passes adds to a view where the case went, for who takes part in it, and takes away what can no longer be done here.
func (a *asking) passes(v *cvd.View, events []cvd.Event) {
	v.CameBy = a.c.CameBy(a.who.Came)
	if !a.c.GoesElsewhere() || v.Tier == cvd.ForPublic {
		return
	}
	v.Window.Open, v.Nudge = false, cvd.Nudge{}
	v.Steps = slices.DeleteFunc(v.Steps, func(o cvd.Option) bool { return o.Step != "erase" })
	if a.who.Standing == cvd.Guest && (a.c.Combined.Site == "" || !a.hears()) {
		return
	}
	v.GoesOn, v.Next = a.c.Passage(events), elsewhereNext
}

// elsewhereNext is what is next of a case that goes on in another place.
var elsewhereNext = cvd.Next{Who: "nobody", What: "The case goes on elsewhere."}
