package casework

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/tipstaff/tipstaff/cvd"
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
	events, err := w.events(ctx, project, a.c.ID)
	if err != nil {
		return nil, "", err
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
