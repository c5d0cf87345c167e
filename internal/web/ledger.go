package web

import (
	"io"
	"net/http"
)

var ledgerPage = page("ledger.html")

// ledgerView is what ledger.html shows: the key that a receipt is checked with, and how.
type ledgerView struct {
	frame
	Verifier string
}

// ledger tells whoever holds a receipt which key to compare it with.
func (s *server) ledger(w http.ResponseWriter, r *http.Request) error {
	id := projectOf(r)
	f, _, err := s.within(id, "ledger", "Ledger")
	if err != nil {
		return err
	}
	v := ledgerView{frame: f}
	if v.Verifier, err = s.Casework.Verifier(r.Context(), id); err != nil {
		return err
	}
	s.show(w, http.StatusOK, ledgerPage, v)
	return nil
}

// checkpoint sends the signed head of the project's public log (C2SP tlog-tiles).
func (s *server) checkpoint(w http.ResponseWriter, r *http.Request) error {
	text, err := s.Casework.Checkpoint(r.Context(), projectOf(r))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, text) // a reader who went away
	return nil
}

// tile sends a tile of the project's public log (C2SP tlog-tiles).
func (s *server) tile(w http.ResponseWriter, r *http.Request) error {
	body, err := s.Casework.Tile(r.Context(), projectOf(r), "tile/"+r.PathValue("tile"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(body) // a reader who went away
	return nil
}
