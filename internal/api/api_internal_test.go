package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestWhatIsOurFaultIsLoggedWholeAndToldByNumber: an error without kind, and a panic.
func TestWhatIsOurFaultIsLoggedWholeAndToldByNumber(t *testing.T) {
	for name, run := range map[string]func(*server, *asked, nothing) (nothing, error){
		"an error": func(*server, *asked, nothing) (nothing, error) {
			return nothing{}, errors.New("read case JUNO-7KQ4: disk on fire")
		},
		"a panic": func(*server, *asked, nothing) (nothing, error) { panic("disk on fire") },
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			s := &server{Config: Config{Log: slog.New(slog.NewJSONHandler(&log, nil))}}
			w := httptest.NewRecorder()
			s.handler(op("burn", "GET /burn", strangers, "", run)).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/burn", nil))
			var p Problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
				t.Fatal(err)
			}
			if w.Code != 500 || p.Detail != "internal error" || p.Request == "" || strings.Contains(w.Body.String(), "fire") {
				t.Errorf("the asker reads %d %s", w.Code, w.Body)
			}
			if !strings.Contains(log.String(), "disk on fire") || !strings.Contains(log.String(), p.Request) {
				t.Errorf("the log says %s, want the error and the number %s", log.String(), p.Request)
			}
		})
	}
}
