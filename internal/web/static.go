package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"

	"github.com/tipstaff/tipstaff/cvd"
)

//go:embed static
var files embed.FS

// types are the media types of what stands in static; a file of another kind is not served.
var types = map[string]string{".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".js": "text/javascript; charset=utf-8"}

// static sends the stylesheet and the icon. They say nothing about anybody, so browsers may keep them.
func (s *server) static(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("file")
	body, err := files.ReadFile("static/" + name)
	ctype, known := types[path.Ext(name)]
	if err != nil || !known {
		return cvd.NotFound
	}
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=300, must-revalidate")
	h.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", ctype)
	_, _ = w.Write(body) // a reader who went away
	return nil
}
