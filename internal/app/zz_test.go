package app_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/cvd"
)

func TestZZ(t *testing.T) {
	now := time.Date(2026, 10, 20, 0, 0, 1, 0, time.UTC)
	if os.Getenv("ZZ") != "" {
		now, _ = time.Parse(time.RFC3339, os.Getenv("ZZ"))
	}
	t0 := time.Now()
	a, shown, err := app.OpenDemo(context.Background(), app.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", URL: "http://127.0.0.1:8080"}, os.Stderr, now)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("took", time.Since(t0))
	defer a.Close(context.Background())
	for _, c := range shown.Codes {
		events, err := a.Store.Events(context.Background(), cvd.ProjectID(c.Project), cvd.CaseID(c.Case))
		if err != nil { t.Fatal(err) }
		var f cvd.Case
		for _, e := range events {
			if e.At.After(now) { continue }
			f = cvd.Fold(f, e)
		}
		fmt.Println(c.Project, c.Case, f.Headline(), f.Track, f.Public, f.Severity.Class, f.Severity.Score, f.CS, len(events), "|", c.Says)
		for _, k := range f.Clocks {
			fmt.Println("      ", k.Key(), cvd.Instant(k.Due), "met", !k.Met.IsZero(), "breached", cvd.Instant(k.Breached), "late", k.Late(now), "replaced", !k.Replaced.IsZero())
		}
	}
}
