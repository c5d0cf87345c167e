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

// LargestBundle is how many bytes a sealed case may have: with the growth of Base64 it fits what the API takes.
const LargestBundle = 70 << 20

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
	if len(sealed) > LargestBundle {
		return nil, cvd.View{}, cvd.Errorf(cvd.TooLarge, "sealed, the case has %d MiB, and an installation takes %d: export it, and let them have the files by another way", len(sealed)>>20, LargestBundle>>20)
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

// Bundle seals a case once more that was handed over, to the key that it was handed over to.
func (w *Casework) Bundle(ctx context.Context, who cvd.Actor, id cvd.CaseID) ([]byte, error) {
	a, err := w.wholly(ctx, who, id, "hand_over")
	if err != nil {
		return nil, err
	}
	if a.c.Combined.Site == "" {
		return nil, cvd.Errorf(cvd.Refused, "the case was not handed over")
	}
	sealed, _, err := w.HandOver(ctx, who, About{Case: id}, cvd.HandedOver{To: a.c.Combined.Site})
	return sealed, err
}

// ForeseeHandOver says what would go along with a case, what would not, and who is told; or why it cannot be handed over. Nothing
// happens by it.
func (w *Casework) ForeseeHandOver(ctx context.Context, who cvd.Actor, about About, in cvd.HandedOver) ([]Foreseen, error) {
	a, err := w.wholly(ctx, who, about.Case, "hand_over")
	if err != nil {
		return nil, err
	}
	if err := first(w.goneOn(ctx, a, "hand_over"), w.receives(strings.TrimSpace(in.To)), a.handsOver(in)); err != nil {
		return nil, err
	}
	return a.handing(), a.weigh("hand_over", cvd.What{HandedOver: &in})
}

// handing says what becomes of a case that is handed over.
func (a *asking) handing() []Foreseen {
	c := a.c
	files := 0
	c.EachFile(func(*cvd.Attachment) { files++ })
	along := []string{
		fmt.Sprintf("%s with their receipts, which prove there what they prove here: %s, %s, the analysis with what may be exploited, notes of the team.",
			count(int(c.Rev), "event"), count(len(c.Reports), "report"), count(len(c.Messages), "message")),
		fmt.Sprintf("Version %d of the policy, which binds the case here. There it is bound by theirs.", c.Policy)}
	if files > 0 {
		along = append(along, count(files, "file")+", those patches too that only some people may read here.")
	}
	if c.Embargo.State.InForce() {
		along = append(along, "The embargo until "+cvd.Instant(c.Embargo.Until)+".")
	}
	stays := []string{
		"Return codes and the codes of invitations: they open nothing there. Who takes the case over gets a new return code for each report, shown once, to send to its reporter.",
		"The promises of this project and who is assigned: those are theirs to make.",
		"What was read here can be read here still. Nothing else can be done with the case here but to hand it over to another key, and to erase it."}
	if n := len(c.Parties); n > 0 {
		stays = append(stays, count(n, "party", "parties")+" of the case: they are invited anew, by the people there. Their names go along in the events.")
	}
	told := []string{a.toldOfHandOver()}
	return []Foreseen{{"What goes along", along}, {"What does not, and what is left", stays}, {"Who is told", told}}
}

// toldOfHandOver says who gets a letter of it.
func (a *asking) toldOfHandOver() string {
	e := cvd.Event{At: a.now, Who: a.who.ID, What: cvd.What{HandedOver: &cvd.HandedOver{}}}
	letters := 0
	for _, r := range a.reportersOf(e) {
		if r.Contact.Email != "" {
			letters++
		}
	}
	letters += len(a.partiesOf(e))
	says := "Everybody who takes part reads on their page that it went to another installation, when, and the address that you give; not why."
	if letters > 0 {
		return says + " " + count(letters, "letter goes", "letters go") + " out that there is news, to reporters and parties who left an address."
	}
	return says + " No letter goes out: nobody left an address."
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
	events, err := w.events(ctx, a.who.Project, a.c.ID)
	if err != nil {
		return 0, err
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
	p, err := w.passage(ctx, a)
	if err != nil {
		return err
	}
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
func (w *Casework) passes(ctx context.Context, a *asking, v *cvd.View) (err error) {
	v.CameBy = a.c.CameBy(a.who.Came)
	if !a.c.GoesElsewhere() || v.Tier == cvd.ForPublic {
		return nil
	}
	v.Window.Open, v.Nudge = false, cvd.Nudge{}
	v.Steps = slices.DeleteFunc(v.Steps, func(o cvd.Option) bool { return o.Step != "erase" })
	if a.who.Standing == cvd.Guest && (a.c.Combined.Site == "" || !a.hears()) {
		return nil
	}
	v.Next = elsewhereNext
	v.GoesOn, err = w.passage(ctx, a)
	return err
}

// passage is where a case went.
func (w *Casework) passage(ctx context.Context, a *asking) (cvd.Passage, error) {
	events, err := w.events(ctx, a.who.Project, a.c.ID)
	if err != nil {
		return cvd.Passage{}, err
	}
	return a.c.Passage(events), nil
}

// elsewhereNext is what is next of a case that goes on in another place.
var elsewhereNext = cvd.Next{Who: "nobody", What: "The case goes on elsewhere."}
