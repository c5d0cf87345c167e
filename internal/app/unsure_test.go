package app_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/channel"
)

// A notice whose answer was lost may be out. The case says so at once; the next try goes under the same name, and the case
// says that it may have come twice.
func TestANoticeWhoseAnswerWasLostMayBeOut(t *testing.T) {
	var mu sync.Mutex
	var sent []string // the names of the letters to program 1
	lossy := channel.Channel{Name: "webhook", Send: func(_ context.Context, out channel.Out, l cvd.Letter) (channel.Receipt, error) {
		mu.Lock()
		defer mu.Unlock()
		if strings.HasSuffix(l.Job, ".c01") {
			if sent = append(sent, l.Job); len(sent) == 1 {
				return channel.Receipt{}, channel.Lost(cvd.Errorf(cvd.Unavailable, "it hung up"))
			}
		}
		return channel.Receipt{At: out.Now()}, nil
	}}
	text, err := os.ReadFile("testdata/fault/policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	clock := app.NewClock(apptest.Start)
	a, err := app.Fresh(t.Context(), app.Config{Data: t.TempDir(), Listen: "localhost:0"}, app.World{Now: clock.Now, Log: app.LogTo(io.Discard),
		Channels: []channel.Channel{lossy}, Quiet: true, Poll: 20 * time.Millisecond}, map[string][]byte{"fault": text},
		map[cvd.ProjectID][]cvd.Person{"fault": {{Handle: "ada", Name: "Ada", Roles: []string{"maintainer"}}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	journey := app.NewJourney(a, clock, apptest.Start)
	err = journey.Play(t.Context(), app.Script{Name: "overflow", Project: "fault", Text: `rita reports {kind: vulnerability, title: "Overflow", description: "It overflows."}
ada acknowledge {}
ada validate {evidence: "It does."}
ada notify {notice: news, says: {what: "Wait for it."}}`})
	if err != nil {
		t.Fatal(err)
	}
	says := func() []string {
		t.Helper()
		v, err := a.Casework.Case(t.Context(), cvd.Tipstaff("fault"), journey.Cases["overflow"])
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, e := range v.Timeline {
			all = append(all, e.Says)
		}
		return all
	}
	const doubt = "The notice “news” may have gone out by c01: the connection was lost before the answer. It is tried again under the same name"
	const twice = "The notice “news” arrived by c01; it may have arrived twice"
	apptest.Eventually(t, time.Minute, "the doubt in the case", func() error {
		if !slices.Contains(says(), doubt) {
			return fmt.Errorf("the case says %q", says())
		}
		return nil
	})
	apptest.Eventually(t, time.Minute, "the second try", func() error {
		if !slices.Contains(says(), twice) {
			return fmt.Errorf("the case says %q", says())
		}
		return nil
	})
	mu.Lock()
	defer mu.Unlock()
	if len(sent) != 2 || sent[0] != sent[1] {
		t.Errorf("the letter went out as %v, want twice under one name", sent)
	}
	if n := slices.IndexFunc(says(), func(s string) bool {
		return strings.HasPrefix(s, "Ordered the notice “news” to go out by c01, c02")
	}); n < 0 {
		t.Errorf("the case does not say that the notice was ordered: %q", says())
	}
}
