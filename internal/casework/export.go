package casework

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/seal"
)

// Export is a whole case as an archive that can be read without this program: events, receipts, files and policy. Patches stay:
// those whom they name fetch them one by one, which is recorded.
func (w *Casework) Export(ctx context.Context, who cvd.Actor, id cvd.CaseID) ([]byte, error) {
	a, err := w.wholly(ctx, who, id, "export")
	if err != nil {
		return nil, err
	}
	archive, _, err := w.archive(ctx, a, a.c.Rev, false)
	return archive, err
}

// Recipient is the public key of the installation, to which others seal what they hand over.
func (w *Casework) Recipient() string { return w.store.Recipient() }

// wholly opens a case for somebody who may take all of it away.
func (w *Casework) wholly(ctx context.Context, who cvd.Actor, id cvd.CaseID, right cvd.Capability) (*asking, error) {
	a, err := w.open(ctx, who, About{Case: id})
	if err != nil {
		return nil, err
	}
	tier, _ := cvd.TierOf(a.c, who, a.now)
	switch {
	case tier != cvd.ForTeam:
		return nil, absent(cvd.NotFound)
	case !who.May(right) || !who.May(cvd.SeeExploit):
		return nil, cvd.Errorf(cvd.Refused, "your roles do not allow this: it takes all of the case away, its exploit analysis too")
	}
	return a, a.gone()
}

// archive packs the first events of a case, with the patches if it is sealed before anybody has it.
func (w *Casework) archive(ctx context.Context, a *asking, rev int64, patches bool) (archive []byte, hash string, err error) {
	project := a.who.Project
	events, err := w.store.Events(ctx, project, a.c.ID)
	if err != nil {
		return nil, "", fmt.Errorf("read the events of %s: %w", a.c.ID, err)
	}
	files := map[string][]byte{readmeFile: []byte(readme)}
	var c cvd.Case
	for _, e := range events[:rev] {
		c = cvd.Fold(c, e)
		r, err := w.store.Receipt(ctx, project, a.c.ID, e.ID)
		if err != nil {
			return nil, "", err
		}
		if files[receiptFile(e.Rev)], err = json.MarshalIndent(r, "", "  "); err != nil {
			return nil, "", fmt.Errorf("write the receipt of event %s: %w", e.ID, err)
		}
		files[eventFile(e.Rev)] = r.Event
	}
	load := c.Load()
	if !patches {
		load.PatchFiles = nil
	}
	load.EachFile(func(f *cvd.Attachment) {
		if err == nil {
			files["files/"+f.ID], err = w.store.Attachment(ctx, project, a.c.ID, *f)
		}
	})
	if err != nil {
		return nil, "", fmt.Errorf("read the files of %s: %w", a.c.ID, err)
	}
	if files[policyFile], err = w.store.Policy(ctx, project, c.Policy); err != nil {
		return nil, "", fmt.Errorf("read policy %d of %s: %w", c.Policy, project, err)
	}
	signer, err := w.store.Signer(ctx, project)
	if err != nil {
		return nil, "", fmt.Errorf("read the signing key of %s: %w", project, err)
	}
	return pack(Manifest{Version: ArchiveVersion, Site: w.base, Project: project, Case: a.c.ID, Rev: rev, At: a.now, Policy: c.Policy,
		Key: signer.VerifierKey()}, files, signer)
}

// HandOver seals a case to the key of another installation, and closes it here. Asked again for the same key, it seals the
// case once more, as it was when it was handed over.
func (w *Casework) HandOver(ctx context.Context, who cvd.Actor, about About, in cvd.HandedOver) ([]byte, cvd.View, error) {
	a, err := w.wholly(ctx, who, about.Case, "hand_over")
	if err != nil {
		return nil, cvd.View{}, err
	}
	to := seal.Recipients{strings.TrimSpace(in.To)}
	if _, err := seal.SealTo(to, nil); err != nil {
		return nil, cvd.View{}, cvd.Fieldf("/to", "this is no key of an installation: tipstaff key show prints it there")
	}
	rev := a.c.Rev
	if a.c.Combined.Site == to[0] {
		events, err := w.store.Events(ctx, who.Project, a.c.ID)
		if err != nil {
			return nil, cvd.View{}, fmt.Errorf("read the events of %s: %w", a.c.ID, err)
		}
		rev = events[slices.IndexFunc(events, func(e cvd.Event) bool { return e.ID == a.c.Combined.Event })].Rev - 1
	}
	archive, hash, err := w.archive(ctx, a, rev, true)
	if err != nil {
		return nil, cvd.View{}, err
	}
	sealed, err := seal.SealTo(to, archive)
	if err != nil {
		return nil, cvd.View{}, err
	}
	if rev < a.c.Rev {
		v, err := w.finish(ctx, a)
		return sealed, v, err
	}
	about.Rev = rev // what was packed is what the case is
	v, err := w.record(ctx, who, about, "hand_over", func(a *asking) (cvd.What, error) {
		switch {
		case a.c.Disclosure.Armed():
			return cvd.What{}, cvd.Errorf(cvd.Refused, "the publication waits for its instant: take that back first")
		case a.c.Public && a.c.Shown == nil:
			return cvd.What{}, cvd.Errorf(cvd.Refused, "the case is public here: a copy goes out by export")
		}
		return cvd.What{HandedOver: &cvd.HandedOver{To: to[0], Because: in.Because, SHA256: hash}}, require("/because", in.Because, "say why it goes on there")
	})
	return sealed, v, err
}
