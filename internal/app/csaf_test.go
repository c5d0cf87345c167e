package app_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// TestWhatIsPublishedPassesTheForeignValidator asks the validator of the npm registry about every CSAF document that the
// demonstration publishes, as it is served.
func TestWhatIsPublishedPassesTheForeignValidator(t *testing.T) {
	apptest.Long(t)
	node := apptest.Need(t, "node")
	apptest.Need(t, "@secvisogram/csaf-validator-lib")
	log := &apptest.Log{}
	cfg := app.Config{Data: t.TempDir(), Listen: "localhost:8080"}
	a, _, err := app.OpenDemo(t.Context(), cfg, log, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	t.Cleanup(func() {
		if err := a.Close(t.Context()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	get := func(path string) []byte {
		w := httptest.NewRecorder()
		a.Handler.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != 200 {
			t.Fatalf("GET %s: %d", path, w.Code)
		}
		return w.Body.Bytes()
	}
	dir := t.TempDir()
	args := []string{apptest.Root(t) + "/tools/js/csaf.mjs"}
	for _, project := range []string{"juno", "solo-miner-monitor"} {
		var index []struct{ ID string }
		if err := json.Unmarshal(get("/p/"+project+"/advisories/index.json"), &index); err != nil {
			t.Fatal(err)
		}
		for _, e := range index {
			name := strings.ToLower(e.ID) + ".json"
			year := strings.Split(e.ID, "-")[2]
			file := filepath.Join(dir, name)
			if err := os.WriteFile(file, get("/p/"+project+"/csaf/"+year+"/"+name), 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, file)
		}
	}
	if len(args) < 5 {
		t.Fatalf("only %d advisories are published", len(args)-1)
	}
	out, err := exec.Command(node, args...).Output()
	verdicts := 0
	for line := range strings.Lines(string(out)) {
		var v struct {
			File  string
			Valid bool
			Tests int
			Found []struct{ Test, Level, Path, Message string }
		}
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if verdicts++; !v.Valid || v.Tests < 40 {
			t.Errorf("%s: %+v", filepath.Base(v.File), v.Found)
		}
	}
	if verdicts != len(args)-1 || err != nil {
		t.Errorf("the validator judged %d of %d documents: %v", verdicts, len(args)-1, err)
	}
}
