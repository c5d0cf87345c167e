package casework

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/ledger"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/seal"
	"github.com/tipstaff/tipstaff/internal/store"
)

// File is something that a reporter attached, with the name and bytes as sent.
type File struct {
	Name string
	Body []byte
}

// What a report may carry besides its text.
const (
	MostFiles   = 10
	LargestFile = 10 << 20
)

// Once makes a report or a step that is sent twice count once: the key that the sender chose, and all that it sent.
type Once struct {
	Key  string
	Body []byte
}

// Acceptance is what a reporter leaves with: the case, the return code (shown once and kept nowhere), and the receipt.
type Acceptance struct {
	Case     cvd.CaseID
	Code     string // the whole return code: case and secret
	Receipt  ledger.Receipt
	Repeated bool // the same report came before under the same key; this is the first answer
}

// Receive takes a report in. Nothing is answered before it is durable.
func (w *Casework) Receive(ctx context.Context, project cvd.ProjectID, door string, r cvd.Report, files []File, once *Once) (Acceptance, error) {
	p, err := w.project(project)
	if err != nil {
		return Acceptance{}, err
	}
	doc := p.inForce()
	if err := w.admit(ctx, p, door, once); err != nil {
		return Acceptance{}, err
	}
	kind, err := doc.Kind(r.Kind)
	if err != nil {
		return Acceptance{}, err
	}
	r.Door, r.Kind = door, kind.Name
	if err := doc.CheckReport(&r); err != nil {
		return Acceptance{}, err
	}
	id, err := w.store.NewCaseID(ctx, project)
	if err != nil {
		return Acceptance{}, fmt.Errorf("number a case of %s: %w", project, err)
	}
	a := &asking{c: cvd.Case{Project: project, ID: id}, p: doc, project: p, now: w.Now(),
		who: cvd.Actor{Project: project, ID: "reporter:1", Name: "the reporter", Standing: cvd.Finder, Case: id, Report: 1}}
	secret, err := w.arrive(ctx, a, &r, files)
	if err != nil {
		return Acceptance{}, err
	}
	if err := a.bargain(&r, 1); err != nil {
		return Acceptance{}, err
	}
	track := doc.Begin(kind, r.Disclosure)
	change, err := w.change(a, "", cvd.What{Received: a.received(r, track.Name, kind.Name)}, a.now)
	if err != nil {
		return Acceptance{}, err
	}
	answer := answered{Case: id, Event: change.Event.ID, Secret: secret}
	box, err := once.bind(project, &change, answer)
	if err != nil {
		return Acceptance{}, err
	}
	kept, err := w.store.Append(ctx, change)
	if err != nil {
		return Acceptance{}, err
	}
	if kept.Repeated {
		return w.repeat(ctx, project, box, kept.Answer)
	}
	receipt, err := w.promise(ctx, change.Event, kept)
	return Acceptance{Case: id, Code: string(id) + "-" + secret, Receipt: receipt}, err
}

// Desk is the door of reports that somebody of the team records. It is open when the project's own is shut.
const Desk = "desk"

// admit refuses a stranger's report while the policy's door is shut. One that was taken before gets its first answer again.
func (w *Casework) admit(ctx context.Context, p *project, door string, once *Once) error {
	says, until := p.inForce().Shut(w.Now())
	if says == "" || door == Desk {
		return nil
	}
	if taken, err := w.taken(ctx, p.ID, About{Once: once}); err != nil || taken {
		return err
	}
	e := cvd.Errorf(cvd.Refused, "%s", says)
	e.Clause, e.Earliest = "door", until
	return e
}

// arrive gives a report its return code and keeps its files; it returns the code's secret.
func (w *Casework) arrive(ctx context.Context, a *asking, r *cvd.Report, files []File) (string, error) {
	secret, err := seal.NewSecret(w.rand)
	if err != nil {
		return "", fmt.Errorf("draw return code: %w", err)
	}
	r.Code = seal.HashSecret(string(a.who.Project), string(a.c.ID), secret)
	r.Attachments, err = w.keep(ctx, a.who.Project, a.c.ID, files)
	return secret, err
}

// keep seals files under their case's key before the event that names them.
func (w *Casework) keep(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, files []File) ([]cvd.Attachment, error) {
	if len(files) > MostFiles {
		return nil, cvd.Errorf(cvd.TooLarge, "a report takes %d files: put the rest into a message on the report's page", MostFiles)
	}
	var out []cvd.Attachment
	for i, f := range files {
		if len(f.Body) > LargestFile {
			return nil, &cvd.Error{Kind: cvd.TooLarge, Field: fmt.Sprintf("/attachments/%d", i), Says: "a file may have 10 MiB"}
		}
		hash := sha256.Sum256(f.Body)
		file, err := cvd.NewEventID(w.rand)
		if err != nil {
			return nil, err
		}
		a := cvd.Attachment{ID: string(file), Name: fileName(f.Name), Type: http.DetectContentType(f.Body),
			Size: int64(len(f.Body)), Hash: hash[:], Holds: Secrets(f.Body)}
		if err := w.store.PutAttachment(ctx, project, id, a, f.Body); err != nil {
			return nil, fmt.Errorf("keep a file of %s: %w", id, err)
		}
		out = append(out, a)
	}
	return out, nil
}

// fileName is a name as it may be shown and saved: no folders, no control characters, no end of a sentence reversed.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f {
			return -1 // bidirectional controls make "gpj.exe" read as "exe.jpg"
		}
		return r
	}, name)
	if len(name) > 120 {
		name = strings.ToValidUTF8(name[:120], "")
	}
	if name == "" || name == "." || name == "/" {
		return "file"
	}
	return name
}

// answered is what is kept of an answer, sealed under a key made of the sender's key and body: who sends the same gets the same.
type answered struct {
	Case   cvd.CaseID
	Event  cvd.EventID
	Secret string
}

// bind puts the sender's key into the change; the box opens the answer that was given first.
func (o *Once) bind(project cvd.ProjectID, change *store.Change, a answered) (seal.Box, error) {
	if o == nil || o.Key == "" {
		return seal.Box{}, nil
	}
	sum := func(label string, text []byte) [32]byte {
		return sha256.Sum256(append([]byte("tipstaff once "+label+"\n"+string(project)+"\n"), text...))
	}
	key, body, both := sum("key", []byte(o.Key)), sum("body", o.Body), sum("answer", append([]byte(o.Key+"\n"), o.Body...))
	answerKey, err := seal.NewKey(bytes.NewReader(both[:]))
	if err != nil {
		return seal.Box{}, err
	}
	text, err := json.Marshal(a)
	if err != nil {
		return seal.Box{}, fmt.Errorf("write the answer: %w", err)
	}
	box := answerKey.Box()
	change.Key = &store.Once{Key: key, Body: body, Answer: box.Seal(text, string(project))}
	return box, nil
}

// repeat gives the first answer again: the receipt's signature is deterministic, so it is the same to the byte.
func (w *Casework) repeat(ctx context.Context, project cvd.ProjectID, box seal.Box, sealed []byte) (Acceptance, error) {
	text, err := box.Open(sealed, string(project))
	if err != nil {
		return Acceptance{}, fmt.Errorf("open the first answer: %w", err)
	}
	var a answered
	if err := json.Unmarshal(text, &a); err != nil {
		return Acceptance{}, fmt.Errorf("read the first answer: %w", err)
	}
	receipt, err := w.store.Receipt(ctx, project, a.Case, a.Event)
	return Acceptance{Case: a.Case, Code: string(a.Case) + "-" + a.Secret, Receipt: receipt, Repeated: true}, err
}

// promise signs the receipt of an event that is durable now.
func (w *Casework) promise(ctx context.Context, e cvd.Event, kept store.Kept) (ledger.Receipt, error) {
	signer, err := w.store.Signer(ctx, e.Project)
	if err != nil {
		return ledger.Receipt{}, fmt.Errorf("read the signing key of %s: %w", e.Project, err)
	}
	return ledger.NewReceipt(signer, ledger.Fact{Project: string(e.Project), Case: string(e.Case), EventID: string(e.ID),
		Event: kept.Canonical, Salt: kept.Salt, At: kept.At})
}

// Reopen takes a report that continues one whose case was closed: a linked successor in the same case.
func (w *Casework) Reopen(ctx context.Context, who cvd.Actor, about About, r cvd.Report, files []File) (cvd.View, string, error) {
	var secret string
	v, err := w.record(ctx, who, about, "", func(a *asking) (cvd.What, error) {
		if who.Standing != cvd.Finder && !who.May("receive") {
			return cvd.What{}, cvd.Errorf(cvd.Refused, "the matter is taken up again by its reporter or by somebody who may receive reports")
		}
		if a.c.RM() != cvd.Closed {
			return cvd.What{}, cvd.Errorf(cvd.Refused, "the case is still open: write a message in it")
		}
		again := r
		again.Kind, again.Continues = a.c.Kind, len(a.c.Reports)
		if who.Standing == cvd.Finder {
			again.Continues = who.Report
		}
		if err := first(require("/title", again.Title, "give it a title"), require("/description", again.Description, "say what came back")); err != nil {
			return cvd.What{}, err
		}
		if all := a.p.CheckTerms(r.Accepted, r.Refused); len(all) > 0 {
			return cvd.What{}, all[0]
		}
		if err := a.bargain(&again, len(a.c.Reports)+1); err != nil {
			return cvd.What{}, err
		}
		var err error
		secret, err = w.arrive(ctx, a, &again, files)
		return cvd.What{Received: &cvd.Received{Report: again, Track: a.c.Track, Kind: a.c.Kind}}, err
	})
	return v, string(v.ID) + "-" + secret, err
}

// KindOf is the kind of report that a form begins with.
func (w *Casework) KindOf(project cvd.ProjectID, name string) (policy.Kind, error) {
	p, err := w.project(project)
	if err != nil {
		return policy.Kind{}, err
	}
	return p.inForce().Kind(name)
}
