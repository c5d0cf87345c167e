package api

import (
	"context"
	"net/http"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// largestBundle is how many bytes a request may have that brings a case.
const largestBundle = 96 << 20

// Key is the public key of an installation.
type Key struct {
	Recipient string `json:"recipient" doc:"An age recipient: what is sealed to it opens here alone."`
}

// Key reads the installation's public key.
func (c *Client) Key(ctx context.Context) (Key, error) {
	var out Key
	return out, c.do(ctx, call{method: http.MethodGet, path: "/key"}, &out)
}

func (s *server) key(_ *asked, _ nothing) (Key, error) {
	return Key{Recipient: s.Casework.Recipient()}, nil
}

// Export reads a whole case as an archive.
func (c *Client) Export(ctx context.Context, project cvd.ProjectID, id cvd.CaseID) ([]byte, error) {
	var out []byte
	return out, c.do(ctx, call{method: http.MethodGet, path: casePathOf(project, id) + "/export"}, &out)
}

func (s *server) export(a *asked, _ nothing) (file, error) {
	id, err := a.caseID()
	if err != nil {
		return file{}, err
	}
	body, err := s.Casework.Export(a.Context(), a.who, id)
	return file{Name: string(id) + ".zip", Type: "application/zip", Body: body}, err
}

// HandOver says to whom a case goes.
type HandOver struct {
	To      string `json:"to" doc:"The public key of the other installation, as GET /key gives it there."`
	Because string `json:"because" doc:"Why it goes on there."`
	URL     string `json:"url,omitempty" doc:"Where people go on there, such as the project's page: who takes part reads it."`
}

// Sealed is a case on its way.
type Sealed struct {
	Bundle []byte `json:"bundle" doc:"The case, sealed: it opens at the other installation alone. Base64."`
	Case   Case   `json:"case"`
}

// HandOver seals a case to another installation.
func (c *Client) HandOver(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, in HandOver) (Sealed, error) {
	var out Sealed
	return out, c.do(ctx, call{method: http.MethodPost, path: casePathOf(project, id) + "/hand_over", in: in}, &out)
}

func (s *server) handOver(a *asked, in HandOver) (out Sealed, err error) {
	out.Case, err = a.changed(func(about casework.About) (v cvd.View, err error) {
		out.Bundle, v, err = s.Casework.HandOver(a.Context(), a.who, about, cvd.HandedOver{To: in.To, Because: in.Because, URL: in.URL})
		return v, err
	})
	return out, err
}

// Bundle is a case that another installation handed over.
type Bundle struct {
	Bundle []byte `json:"bundle" doc:"As the other installation sealed it. Base64."`
	Key    string `json:"key,omitempty" doc:"The verifier key that the other project publishes; without it, the one in the bundle is taken at its word."`
}

// TakenOver is the case that a bundle became.
type TakenOver struct {
	Case  cvd.CaseID     `json:"case"`
	Codes map[int]string `json:"codes,omitempty" doc:"The new return code of each report, by number: shown once and kept nowhere. None if it was taken over before."`
}

// TakeOver opens a case that another installation handed over.
func (c *Client) TakeOver(ctx context.Context, project cvd.ProjectID, in Bundle) (TakenOver, error) {
	var out TakenOver
	return out, c.do(ctx, call{method: http.MethodPost, path: projectPathOf(project) + "/take-over", in: in}, &out)
}

func (s *server) takeOver(a *asked, in Bundle) (TakenOver, error) {
	taken, err := s.Casework.TakeOver(a.Context(), a.who, in.Bundle, in.Key)
	return TakenOver(taken), err
}
