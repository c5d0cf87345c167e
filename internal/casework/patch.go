package casework

import (
	"context"
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
)

// Patch is a fix that is attached as a file.
type Patch struct {
	Product, Line string
	File          File
	Readers       []cvd.ActorID // besides whoever attaches it
}

// AttachPatch keeps a patch, a git bundle or a .tar.gz for a release line. Only the people whom it names can fetch it; what its
// branches, messages and titles would tell is found here, and shown or refused as the policy says.
func (w *Casework) AttachPatch(ctx context.Context, who cvd.Actor, about About, in Patch) (cvd.View, error) {
	return w.record(ctx, who, about, "patch", func(a *asking) (cvd.What, error) {
		if err := knownLine(a.p, in.Product, in.Line); err != nil {
			return cvd.What{}, err
		}
		form, said, err := ReadPatch(in.File.Body)
		if err != nil {
			return cvd.What{}, err
		}
		x := &cvd.PatchAttached{Product: in.Product, Line: in.Line, Form: form, Readers: []cvd.ActorID{who.ID}}
		for _, id := range in.Readers {
			if err := a.canRead("/readers", id); err != nil {
				return cvd.What{}, err
			}
			if !slices.Contains(x.Readers, id) {
				x.Readers = append(x.Readers, id)
			}
		}
		v, _ := cvd.Look(a.c, who, a.now)
		x.Findings = a.wordingFor(v, append(said, Said{"file", in.File.Name}))
		if err := a.weigh("patch", cvd.What{PatchAttached: x}); err != nil { // before the file is kept
			return cvd.What{}, err
		}
		files, err := w.keep(ctx, who.Project, a.c.ID, []File{in.File})
		if err != nil {
			return cvd.What{}, err
		}
		x.File = files[0]
		return cvd.What{PatchAttached: x}, nil
	})
}

// canRead refuses who is neither on the roster nor of the case.
func (a *asking) canRead(field string, id cvd.ActorID) error {
	member := slices.ContainsFunc(a.project.people, func(p cvd.Person) bool { return p.Handle == id && p.Active })
	party := slices.ContainsFunc(a.c.Parties, func(p cvd.Party) bool { return p.ID == id && a.c.Admits(p, a.now) })
	if !member && !party {
		return cvd.Fieldf(field, "%q is neither on the roster nor of this case", id)
	}
	return nil
}

// patch is a patch that the asker may know of.
func (a *asking) patch(field, id string) (cvd.PatchFile, error) {
	v, _ := cvd.Look(a.c, a.who, a.now)
	if i := slices.IndexFunc(v.PatchFiles, func(p cvd.PatchFile) bool { return p.ID == id }); i >= 0 {
		return v.PatchFiles[i], nil
	}
	return cvd.PatchFile{}, cvd.Fieldf(field, "the case has no such patch")
}

// Grant lets somebody read a patch. Who may let others read it is who may read it.
func (w *Casework) Grant(ctx context.Context, who cvd.Actor, about About, in cvd.PatchGranted) (cvd.View, error) {
	return w.record(ctx, who, about, "grant", func(a *asking) (cvd.What, error) {
		p, err := a.patch("/patch", in.Patch)
		if err := first(err, a.canRead("/to", in.To), require("/because", in.Because, "say what they need it for")); err != nil {
			return cvd.What{}, err
		}
		if !slices.Contains(p.Readers, who.ID) {
			return cvd.What{}, cvd.Errorf(cvd.Refused, "only who may read this patch lets others read it")
		}
		if slices.Contains(p.Readers, in.To) {
			return cvd.What{}, cvd.Fieldf("/to", "%s may read it already", in.To)
		}
		return cvd.What{PatchGranted: &in}, nil
	})
}

// Revoke ends that somebody may read a patch. One reader always stays, or nobody could let anybody read it again.
func (w *Casework) Revoke(ctx context.Context, who cvd.Actor, about About, in cvd.PatchRevoked) (cvd.View, error) {
	return w.record(ctx, who, about, "revoke", func(a *asking) (cvd.What, error) {
		p, err := a.patch("/patch", in.Patch)
		if err := first(err, require("/because", in.Because, "say why")); err != nil {
			return cvd.What{}, err
		}
		if !slices.Contains(p.Readers, in.From) {
			return cvd.What{}, cvd.Fieldf("/from", "%q may not read it", in.From)
		}
		if len(p.Readers) == 1 {
			return cvd.What{}, cvd.Fieldf("/from", "nobody else may read it: let somebody else read it first")
		}
		return cvd.What{PatchRevoked: &in}, nil
	})
}

// FetchPatch is the bytes of a patch, for those whom it names. That they fetched it is recorded before they have it.
func (w *Casework) FetchPatch(ctx context.Context, who cvd.Actor, id cvd.CaseID, patch string) (cvd.PatchFile, []byte, error) {
	var p cvd.PatchFile
	_, err := w.record(ctx, who, About{Case: id}, "", func(a *asking) (what cvd.What, err error) {
		if p, err = a.patch("", patch); err != nil || !slices.Contains(p.Readers, who.ID) { // the role of nobody opens it
			return cvd.What{}, cvd.Errorf(cvd.NotFound, "there is no such patch, or it is not open to you")
		}
		return cvd.What{PatchFetched: &cvd.PatchFetched{Patch: patch}}, nil
	})
	if err != nil {
		return p, nil, err
	}
	body, err := w.store.Attachment(ctx, who.Project, id, p.File)
	return p, body, err
}
