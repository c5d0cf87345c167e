package web

import (
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// patchSheet is one patch that is attached: what everybody of the team knows of it. Its bytes go to those whom it names.
type patchSheet struct {
	ID, Name, Form, Line, Size, Hash, By string
	At                                   moment
	Readers                              []string
	Reads                                []row
	Findings                             []cvd.Wording
	Mine                                 bool   // whether the asker may fetch it
	Fetch, Grant, Revoke                 string // addresses
}

// placeSheet is one link to a patch, with what a stranger gets there.
type placeSheet struct {
	URL, Line, Says string
	At              moment
	Public          bool // though it should not be
}

// patches lays out what is attached, and the form to attach more.
func (v *linesView) patches(s *server, view cvd.View, who cvd.Actor, typed url.Values, z zone) {
	for _, p := range view.PatchFiles {
		x := patchSheet{ID: p.ID, Name: p.File.Name, Form: p.Form, Line: p.Product + " " + p.Line, Size: size(p.File.Size), Hash: hex.EncodeToString(p.File.Hash), By: p.Name, At: z.at(p.At),
			Findings: p.Findings, Mine: slices.Contains(p.Readers, who.ID), Fetch: v.CasePath + "/patches/" + url.PathEscape(p.ID)}
		for _, id := range p.Readers {
			x.Readers = append(x.Readers, s.name(view, id))
		}
		for _, r := range p.Reads {
			x.Reads = append(x.Reads, row{By: r.Name, At: z.at(r.At)})
		}
		if x.Mine {
			x.Grant, x.Revoke = v.CasePath+"/grant?patch="+url.QueryEscape(p.ID), v.CasePath+"/revoke?patch="+url.QueryEscape(p.ID)
		}
		v.Patches = append(v.Patches, x)
	}
	for _, l := range view.Lines {
		for _, p := range l.Patches {
			x := placeSheet{URL: p.URL, Line: l.Product + " " + l.Name, Says: "said to be public", At: z.at(p.SeenAt), Public: p.Seen == cvd.SeenPublic && l.Watched(p)}
			switch {
			case p.Private && p.Seen == "":
				x.Says = "said to be private; nobody has looked yet"
			case p.Seen == cvd.SeenPrivate:
				x.Says = "private: strangers get " + p.How
			case p.Seen == cvd.SeenPublic:
				x.Says = "strangers can read it: they get " + p.How
			case p.Seen == cvd.SeenUnknown:
				x.Says = "said to be private; whether it is, is not known: " + p.How
			}
			v.Places = append(v.Places, x)
		}
	}
	if offered(view, "patch") && len(v.Rows) > 0 {
		v.attach(s, view, who, typed)
	}
}

// attach is the form to attach a patch.
func (v *linesView) attach(s *server, view cvd.View, who cvd.Actor, typed url.Values) {
	line := input{Name: "line", pointer: "/line", Label: "Release line", Required: true}
	for _, r := range v.Rows {
		line.Choices = append(line.Choices, choice{Value: r.key, Label: r.Name})
	}
	readers := input{Name: "readers", pointer: "/readers", Label: "Who may read it", Help: "Besides you. Nobody else can, whatever their role; each reading is recorded", Many: true}
	for _, p := range s.Casework.Team(who) {
		if p.Handle != who.ID {
			readers.Choices = append(readers.Choices, choice{Value: string(p.Handle), Label: p.Name})
		}
	}
	for _, p := range view.Parties {
		readers.Choices = append(readers.Choices, choice{Value: string(p.ID), Label: p.Name + ", of this case"})
	}
	v.Attach = []question{{Inputs: []input{line.filled(typed)}}}
	if len(readers.Choices) > 0 {
		v.Attach = append(v.Attach, question{Inputs: []input{readers.filled(typed)}})
	}
	v.Files = &filesField{}
}

// takePatch attaches a patch.
func (s *server) takePatch(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	v, err := s.linesOf(r, in.values)
	if err != nil {
		return err
	}
	product, line, _ := strings.Cut(in.values.Get("line"), "/")
	x := casework.Patch{Product: product, Line: line}
	for _, id := range in.values["readers"] {
		x.Readers = append(x.Readers, cvd.ActorID(id))
	}
	errs := in.problems
	switch {
	case len(errs) > 0:
	case product == "" || line == "":
		errs = append(errs, asError(cvd.Fieldf("/line", "choose a release line")))
	case len(in.files) != 1:
		errs = append(errs, asError(cvd.Fieldf("/attachments", "attach one file: a patch, a git bundle or a .tar.gz")))
	default:
		x.File = in.files[0]
		_, err = s.Casework.AttachPatch(r.Context(), actorOf(r), casework.About{Case: v.id}, x)
		if err == nil {
			http.Redirect(w, r, v.CasePath+"/lines#patches", http.StatusSeeOther)
			return nil
		}
		e := asError(err)
		if e == nil {
			return err
		}
		if e.Field == "/file" {
			e = asError(cvd.Fieldf("/attachments", "%s", e.Says))
		}
		errs = append(errs, e)
	}
	v.Problems = mark(v.Attach, errs)
	v.Title = "Not attached: " + v.Title
	if v.Files != nil {
		v.Files.Error = "Please choose the file again: a browser does not keep it."
	}
	s.show(w, statuses[errs[0].Kind].code, linesPage, v)
	return nil
}

// fetchPatch sends a patch to who may read it. That they fetched it is recorded, so a page that is only looked at fetches nothing.
func (s *server) fetchPatch(w http.ResponseWriter, r *http.Request) error {
	p, body, err := s.Casework.FetchPatch(r.Context(), actorOf(r), cvd.CaseID(r.PathValue("case")), r.PathValue("patch"))
	if err != nil {
		return err
	}
	save(w, "application/octet-stream", p.File.Name, body)
	return nil
}

// patches are what the holder of a code may fetch.
func (v *statusView) patches(view cvd.View) (all []attachment) {
	for _, p := range view.PatchFiles {
		all = append(all, attachment{p.ID, p.File.Name + ", for " + p.Product + " " + p.Line, size(p.File.Size), v.Project.Root, v.Code})
	}
	return all
}

// sendPatch sends a patch to the holder of a code whom it names, and records that they fetched it.
func (s *server) sendPatch(w http.ResponseWriter, r *http.Request) error {
	return s.held(w, r, func(h held) error {
		p, body, err := s.Casework.FetchPatch(r.Context(), h.who, h.who.Case, h.sent.values.Get("patch"))
		if err != nil {
			return err
		}
		save(w, "application/octet-stream", p.File.Name, body)
		return nil
	})
}

// patches are the patches of the case, to choose from.
func (s *stepForm) patches() (out []choice) {
	for _, p := range s.view.PatchFiles {
		out = append(out, choice{Value: p.ID, Label: p.File.Name + " for " + p.Product + " " + p.Line})
	}
	return out
}

// readers are the people who could read a patch: the team, and the parties of the case.
func (s *stepForm) readers() (out []choice) {
	out = s.people()
	for _, p := range s.view.Parties {
		out = append(out, choice{Value: string(p.ID), Label: p.Name + ", of this case"})
	}
	return out
}
