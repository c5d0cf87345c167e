package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Held is what of one project waits for a person before it goes out.
type Held struct {
	Project      cvd.ProjectID
	Since        time.Time    // when the project came out of a backup, from which nothing goes out by itself; zero: it did not
	Kept         time.Time    // the moment that the backup holds
	Letters      []HeldLetter // the first of them
	Count        int          // of all letters
	UnderWay     int          // of these, how many were on their way at the moment that the backup holds
	Publications []HeldPublication
}

// HeldLetter is a letter that waits.
type HeldLetter struct {
	Job      string     // its name, and its idempotency key outside
	Case     cvd.CaseID // empty for whoever may not see cases
	Kind     string     // "news", "alarm", "reminder", "notice"
	Whom     string     // a channel of the policy, a handle, or the number of a report
	Channel  string
	Since    time.Time
	Maybe    bool // it may have gone out already, from where the program ran before
	UnderWay bool // it was on its way at the moment that the backup holds
}

// HeldPublication is a publication whose instant is nothing until it is let go.
type HeldPublication struct {
	ID   string
	Case cvd.CaseID // empty for whoever may not see cases
	At   time.Time
	Past bool // its instant has passed while it was held
}

// mostHeld is how many letters are listed, and let go at a time.
const mostHeld = 500

// kinds say what the middle part of a letter's name means.
var kinds = map[string]string{toReporter: "news", toAlarmed: "alarm", toCalled: "call", toNudged: "reminder", toAsked: "nudge", byChannel: "notice", toLook: "look", toPlace: "place"}

// decidesHeld says whether somebody decides about what is held: the machine's operator, or an administrator of the project.
func decidesHeld(who cvd.Actor) error {
	if who.Standing == cvd.System {
		return nil
	}
	return administers(who)
}

// Holding says whether nothing of a project goes out by itself.
func (w *Casework) Holding(id cvd.ProjectID) bool {
	p, err := w.project(id)
	return err == nil && !p.hold.Since.IsZero()
}

// Held lists what waits for a person in the asker's project.
func (w *Casework) Held(ctx context.Context, who cvd.Actor) (Held, error) {
	if err := decidesHeld(who); err != nil {
		return Held{}, err
	}
	p, err := w.project(who.Project)
	if err != nil {
		return Held{}, err
	}
	out := Held{Project: who.Project, Since: p.hold.Since, Kept: p.hold.Kept}
	shown := func(id cvd.CaseID) cvd.CaseID {
		if who.May(cvd.See) {
			return id
		}
		return ""
	}
	if out.Count, err = w.store.CountHeld(ctx, who.Project); err != nil {
		return Held{}, err
	}
	if out.UnderWay, err = w.store.CountUnderWay(ctx, who.Project); err != nil {
		return Held{}, err
	}
	letters, err := w.store.HeldLetters(ctx, who.Project, "", mostHeld)
	if err != nil {
		return Held{}, err
	}
	for _, l := range letters {
		h := HeldLetter{Job: l.Job, Case: shown(l.Case), Channel: l.Channel, Since: l.At, Maybe: l.Maybe || l.Repeated, UnderWay: l.Repeated}
		if parts := strings.SplitN(l.Job, ".", 3); len(parts) == 3 {
			h.Kind, h.Whom = kinds[parts[1]], parts[2]
		}
		out.Letters = append(out.Letters, h)
	}
	all, err := w.heldPublications(ctx, who.Project)
	for _, b := range all {
		out.Publications = append(out.Publications, HeldPublication{ID: b.ID, Case: shown(b.Case), At: b.At, Past: b.At.Before(w.Now())})
	}
	return out, err
}

// Named says whether something of this name is held in the asker's project.
func (w *Casework) Named(ctx context.Context, who cvd.Actor, name string) (bool, error) {
	if err := decidesHeld(who); err != nil {
		return false, err
	}
	all, err := w.heldPublications(ctx, who.Project)
	if err != nil || slices.ContainsFunc(all, func(b store.Publication) bool { return b.ID == name }) {
		return err == nil, err
	}
	_, err = w.store.HeldLetter(ctx, who.Project, name)
	if errors.Is(err, cvd.NotFound) {
		return false, nil
	}
	return err == nil, err
}

func (w *Casework) heldPublications(ctx context.Context, project cvd.ProjectID) ([]store.Publication, error) {
	all, err := w.store.Publications(ctx, project)
	if err != nil {
		return nil, fmt.Errorf("read publications of %s: %w", project, err)
	}
	return slices.DeleteFunc(all, func(b store.Publication) bool { return b.State != store.Armed || !b.Held }), nil
}

// held says whether a publication that is prepared again stays held: one that waits keeps what it was, and one that is set
// anew is held where everything is.
func (p *project) held(of, asked cvd.CaseID, known []store.Publication) bool {
	if of == asked {
		return !p.hold.Since.IsZero()
	}
	return slices.ContainsFunc(known, func(b store.Publication) bool { return b.State == store.Armed && b.Held && b.Case == of })
}

// LetGo lets letters and publications go that are held, by their names. A publication whose instant has passed meanwhile
// goes only if past says so: it is then written down at its instant, as if the public had read it since.
func (w *Casework) LetGo(ctx context.Context, who cvd.Actor, past bool, names ...string) error {
	if err := decidesHeld(who); err != nil {
		return err
	}
	waiting, err := w.heldPublications(ctx, who.Project)
	if err != nil {
		return err
	}
	for _, name := range names {
		i := slices.IndexFunc(waiting, func(b store.Publication) bool { return b.ID == name })
		if i >= 0 {
			err = w.letPublicationGo(ctx, waiting[i], past)
		} else {
			err = w.letLetterGo(ctx, who.Project, name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *Casework) letPublicationGo(ctx context.Context, b store.Publication, past bool) error {
	if !past && b.At.Before(w.Now()) {
		return cvd.Errorf(cvd.Refused, "the instant of %s passed at %s while it was held: say that the public could read it since then, or take it back and set another",
			b.ID, cvd.Instant(b.At))
	}
	return w.store.ReleasePublication(ctx, b.Project, b.ID)
}

func (w *Casework) letLetterGo(ctx context.Context, project cvd.ProjectID, job string) error {
	l, err := w.store.HeldLetter(ctx, project, job)
	if err != nil {
		return err
	}
	return w.store.ReleaseLetters(ctx, project, []store.HeldLetter{l})
}

// LetAllGo lets everything of a project go that is held, and what comes from now on goes its own way again. Publications
// whose instant has passed stay held unless past says otherwise. It says how many letters and publications it let go.
func (w *Casework) LetAllGo(ctx context.Context, who cvd.Actor, past bool) (letters, publications int, err error) {
	if err := decidesHeld(who); err != nil {
		return 0, 0, err
	}
	if letters, err = w.letLettersGo(ctx, who.Project); err != nil {
		return letters, 0, err
	}
	waiting, err := w.heldPublications(ctx, who.Project)
	if err != nil {
		return letters, 0, err
	}
	for _, b := range waiting {
		if b.At.Before(w.Now()) && !past {
			continue
		}
		if err := w.store.ReleasePublication(ctx, b.Project, b.ID); err != nil {
			return letters, publications, err
		}
		publications++
	}
	if err := w.store.EndHold(ctx, who.Project); err != nil {
		return letters, publications, err
	}
	more, err := w.letLettersGo(ctx, who.Project) // those that came while the others were let go
	return letters + more, publications, errors.Join(err, w.Refresh(ctx))
}

func (w *Casework) letLettersGo(ctx context.Context, project cvd.ProjectID) (n int, err error) {
	for after := ""; ; {
		letters, err := w.store.HeldLetters(ctx, project, after, mostHeld)
		if err != nil || len(letters) == 0 {
			return n, err
		}
		if err := w.store.ReleaseLetters(ctx, project, letters); err != nil {
			return n, err
		}
		n, after = n+len(letters), letters[len(letters)-1].Job
	}
}

// Drop decides that a held letter never goes out, or takes a held publication back, whenever its instant was. The case says so
// where others count on it: of a notice, and of a publication.
func (w *Casework) Drop(ctx context.Context, who cvd.Actor, name, because string) error {
	if err := first(decidesHeld(who), require("/because", because, "say why it does not go out")); err != nil {
		return err
	}
	waiting, err := w.heldPublications(ctx, who.Project)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(waiting, func(b store.Publication) bool { return b.ID == name }); i >= 0 {
		// By the program: the step of a person is refused once the instant has come, since the public may have read it.
		_, err := w.record(ctx, cvd.Tipstaff(who.Project), About{Case: waiting[i].Case}, "", func(a *asking) (cvd.What, error) {
			if !a.c.Disclosure.Armed() {
				return cvd.What{}, cvd.Errorf(cvd.Refused, "no publication waits for its instant")
			}
			return cvd.What{Disarmed: &cvd.Disarmed{Because: because}}, nil
		})
		return err
	}
	l, err := w.store.HeldLetter(ctx, who.Project, name)
	if err != nil {
		return err
	}
	if err := w.store.DropLetter(ctx, who.Project, name); err != nil {
		return err
	}
	if strings.Contains(name, "."+byChannel+".") {
		return w.delivered(ctx, l.Delivery, "it was held and then dropped: "+because)
	}
	return nil
}
