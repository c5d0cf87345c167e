package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// NewPatch is a fix that is attached as a file.
type NewPatch struct {
	Product string        `json:"product"`
	Line    string        `json:"line"`
	Name    string        `json:"name" doc:"Of the file."`
	Body    string        `json:"body" doc:"The bytes, in base64: a patch, a git bundle or a .tar.gz."`
	Readers []cvd.ActorID `json:"readers,omitempty" doc:"Who may read it besides the asker: handles of the roster, ids of parties."`
}

// PatchFile is a fix that is attached as a file. Its bytes go to its readers and to nobody else.
type PatchFile struct {
	ID       string         `json:"id"`
	File     cvd.Attachment `json:"file"`
	Form     string         `json:"form" enum:"patch,bundle,archive"`
	Product  string         `json:"product"`
	Line     string         `json:"line"`
	At       time.Time      `json:"at"`
	By       cvd.ActorID    `json:"by,omitempty"`
	Name     string         `json:"name,omitempty"`
	Readers  []cvd.ActorID  `json:"readers"`
	Reads    []PatchRead    `json:"reads,omitempty" doc:"Each time that somebody fetched it."`
	Findings []cvd.Wording  `json:"findings,omitempty" doc:"What its branches, messages and titles would tell."`
}

// PatchRead is one time that somebody fetched a patch.
type PatchRead struct {
	At   time.Time   `json:"at"`
	By   cvd.ActorID `json:"by,omitempty"`
	Name string      `json:"name,omitempty"`
}

func patchOf(p cvd.PatchFile) PatchFile {
	return PatchFile{ID: p.ID, File: p.File, Form: p.Form, Product: p.Product, Line: p.Line, At: p.At, By: p.By, Name: p.Name, Readers: p.Readers,
		Reads: each(p.Reads, func(r cvd.PatchRead) PatchRead { return PatchRead(r) }), Findings: p.Findings}
}

// AttachPatch attaches a fix as a file.
func (c *Client) AttachPatch(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, in NewPatch) (Case, error) {
	var out Case
	return out, c.do(ctx, call{method: http.MethodPost, path: casePathOf(project, id) + "/patches", in: in}, &out)
}

// FetchPatch reads the bytes of a patch. That it was fetched is recorded.
func (c *Client) FetchPatch(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, patch string) ([]byte, error) {
	var out []byte
	return out, c.do(ctx, call{method: http.MethodPost, path: casePathOf(project, id) + "/patches/" + url.PathEscape(patch)}, &out)
}

func (s *server) attachPatch(a *asked, in NewPatch) (Case, error) {
	body, err := base64.StdEncoding.DecodeString(in.Body)
	if err != nil {
		return Case{}, cvd.Fieldf("/body", "this is no base64")
	}
	once, err := a.once()
	if err != nil {
		return Case{}, err
	}
	return a.changed(func(about casework.About) (cvd.View, error) {
		about.Once = once
		return s.Casework.AttachPatch(a.Context(), a.who, about, casework.Patch{Product: in.Product, Line: in.Line, Readers: in.Readers,
			File: casework.File{Name: in.Name, Body: body}})
	})
}

func (s *server) fetchPatch(a *asked, _ nothing) (file, error) {
	id, err := a.caseID()
	if err != nil {
		return file{}, err
	}
	p, body, err := s.Casework.FetchPatch(a.Context(), a.who, id, a.PathValue("patch"))
	return file{Name: p.File.Name, Type: "application/octet-stream", Body: body}, err
}
