package app_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// At the instant of a publication everything becomes public together, and it is written down once, with that instant:
// whatever moment around it the program was killed at.
func TestProgramKilledAroundItsInstantPublishesOnce(t *testing.T) {
	apptest.Long(t)
	t.Parallel()
	i := install(t, build(t, nil), t.TempDir(), "")
	if wrong := killedAround(t, i, times(3, 40)); len(wrong) > 0 {
		t.Errorf("%d times the public saw something else than it should, first: %s", len(wrong), wrong[0])
	}
	i.kill()
	i.verify()
}

// The control: a program that publishes when it gets round to it, as a job would, is late.
func TestPublicationByAJobIsFound(t *testing.T) {
	apptest.Long(t)
	t.Parallel()
	i := install(t, build(t, &breakage{"late", "internal/publish/state.go", []string{"return fresh && !now.Before(v.at)", "return fresh && false"}}), t.TempDir(), "")
	if wrong := killedAround(t, i, 5); len(wrong) == 0 {
		t.Error("a program that does not publish at the instant was not found")
	}
}

// killedAround arms publications and kills the program around their instants, and says what the public saw that it should
// not have seen, or did not see.
func killedAround(t *testing.T, i *installation, rounds int) (wrong []string) {
	t.Helper()
	i.start()
	r := rand.New(rand.NewPCG(rand.Uint64(), 0))
	var all []*waiting
	for range rounds {
		var round []*waiting
		for n := range 3 {
			round = append(round, i.arm(fmt.Sprintf("Publication %d", len(all)+n), time.Now().Add(2*time.Second)))
		}
		all = append(all, round...)
		killAt := round[0].at.Add(time.Duration(r.IntN(1500)-500) * time.Millisecond)
		for time.Now().Before(killAt) {
			wrong = append(wrong, i.together(all)...)
		}
		i.kill()
		i.start()
		for !time.Now().After(round[len(round)-1].at) {
			wrong = append(wrong, i.together(all)...)
		}
		for _, w := range all {
			i.written(w)
		}
		wrong = append(wrong, i.together(all)...)
	}
	return wrong
}

// waiting is a publication that was set for an instant.
type waiting struct {
	id    cvd.CaseID
	title string
	at    time.Time
}

// arm takes a case from its report to a publication that is set for an instant.
func (i *installation) arm(title string, at time.Time) *waiting {
	i.t.Helper()
	got, err := i.client("").Report(i.t.Context(), faultProject, api.Report{Title: title, Description: "It writes behind the end."}, "")
	if err != nil {
		i.t.Fatal(err)
	}
	for _, s := range []struct {
		step string
		in   any
	}{
		{"acknowledge", cvd.Acknowledged{}},
		{"validate", cvd.Validated{Evidence: "It does."}},
		{"remedy", cvd.Remedied{Product: "fault", Line: "1", Status: "affected", Affected: ">= 1.0.0, < 1.0.1"}},
		{"draft", cvd.Drafted{Text: cvd.AdvisoryText{Title: title, Summary: "It wrote behind the end."}}},
		{"disclose", map[string]any{"due": at}},
	} {
		i.step(got.Case, s.step, s.in)
	}
	return &waiting{got.Case, title, at.UTC().Truncate(time.Microsecond)}
}

// together looks at everything that lists what is public, and says where a publication is missing though its instant came
// before the first look, or is to be seen though its instant comes after the last. In between both are right.
func (i *installation) together(all []*waiting) (wrong []string) {
	i.t.Helper()
	began := time.Now()
	texts := map[string]string{}
	for _, path := range []string{"index.html", "feed.atom", "index.json"} {
		texts[path] = i.public("/p/fault/advisories/" + path)
	}
	ended := time.Now()
	for _, w := range all {
		if !w.at.Before(began) && !w.at.After(ended) {
			continue
		}
		want := w.at.Before(began)
		for path, text := range texts {
			if got := strings.Contains(text, w.title+"<") || strings.Contains(text, w.title+`"`); got != want {
				wrong = append(wrong, fmt.Sprintf("%s after the instant of %q, %s shows it: %v", began.Sub(w.at), w.title, path, got))
			}
		}
	}
	return wrong
}

// public is what a stranger reads at a path.
func (i *installation) public(path string) string {
	i.t.Helper()
	res, err := i.http.Get("http://" + i.config.Listen + path)
	if err != nil {
		i.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		i.t.Fatalf("%s: %s, %v", path, res.Status, err)
	}
	return string(text)
}

// written checks that a publication whose instant has passed is written down, once, and at its instant.
func (i *installation) written(w *waiting) {
	i.t.Helper()
	apptest.Eventually(i.t, time.Minute, "the event of a publication", func() error {
		c, err := i.client(i.token).Case(i.t.Context(), faultProject, w.id)
		if err != nil {
			return err
		}
		var at []time.Time
		for _, e := range c.Timeline {
			if e.Kind == "disclosed" {
				at = append(at, e.At)
			}
		}
		if len(at) > 1 || len(at) == 1 && !at[0].Equal(w.at) {
			i.t.Fatalf("%s was set for %s and is written down at %v", w.id, w.at, at)
		}
		return enough(len(at), 1)
	})
}
