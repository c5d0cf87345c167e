package publish_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/internal/publish"
)

var (
	before = map[string]string{"/": "one advisory", "/feed": "feed of one", "/sa/1": "first"}
	after  = map[string]string{"/": "two advisories", "/feed": "feed of two", "/sa/2": "SECRET second", "/csaf/2.json": "{}"}
)

func TestBeforeTheInstantNothingTellsOfIt(t *testing.T) {
	with, without := newShelf(noon.Add(-30*time.Second)), newShelf(noon.Add(-30*time.Second))
	for _, s := range []*shelf{with, without} {
		s.publish(t, "a", noon.Add(-time.Hour), before)
	}
	with.arm(t, "b", noon, after, "/sa/1")
	a, b := with.site(t), without.site(t)
	if with.fetched["b"] == 0 {
		t.Fatal("the armed publication was not brought into memory: the test would prove nothing")
	}
	paths := []string{"/", "/feed", "/sa/1", "/sa/2", "/sa/2.gz", "/sa/", "/csaf/2.json", "/never"}
	for _, now := range []time.Time{noon.Add(-30 * time.Second), noon.Add(-5 * time.Second), noon.Add(-time.Nanosecond)} {
		with.set(now)
		without.set(now)
		refresh(t, a)
		refresh(t, b)
		for _, path := range paths {
			for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS", "DELETE"} {
				for _, header := range [][]string{nil, {"Accept-Encoding", "gzip"}, {"Range", "bytes=0-1"}, {"If-None-Match", "*"},
					{"If-None-Match", publish.Prepare(path, "", []byte(after[path])).ETag()}} {
					got, want := answer(ask(a, method, path, header...)), answer(ask(b, method, path, header...))
					if got != want {
						t.Errorf("%s %s %v at %s: got %s, want what it is without the armed publication: %s", method, path, header, now, got, want)
					}
				}
			}
		}
		if diff := cmp.Diff(b.Paths("/"), a.Paths("/")); diff != "" {
			t.Errorf("paths differ (-without +with):\n%s", diff)
		}
	}
	with.set(noon)
	if got := get(t, a, "/sa/2"); got != after["/sa/2"] {
		t.Errorf("at the instant: got %q, want %q", got, after["/sa/2"])
	}
}

func TestAllDocumentsTurnInTheSameStep(t *testing.T) {
	s := newShelf(noon.Add(-time.Second))
	s.publish(t, "a", noon.Add(-time.Hour), before)
	s.arm(t, "b", noon, after, "/sa/1")
	site := s.site(t)
	for now := noon.Add(-time.Second); !now.After(noon.Add(time.Second)); now = now.Add(10 * time.Millisecond) {
		s.set(now)
		want := map[string]string{"/": before["/"], "/feed": before["/feed"], "/sa/1": "first", "/sa/2": "404", "/csaf/2.json": "404"}
		if !now.Before(noon) {
			want = map[string]string{"/": after["/"], "/feed": after["/feed"], "/sa/1": "404", "/sa/2": after["/sa/2"], "/csaf/2.json": "{}"}
		}
		got := map[string]string{}
		for path := range want {
			got[path] = get(t, site, path)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("at the instant %+d ms (-want +got):\n%s", now.Sub(noon).Milliseconds(), diff)
		}
	}
	s.record("b")
	refresh(t, site)
	if diff := cmp.Diff([]string{"/", "/csaf/2.json", "/feed", "/sa/2"}, site.Paths("/")); diff != "" {
		t.Errorf("paths after it was recorded (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"/sa/2"}, site.Paths("/sa/")); diff != "" {
		t.Errorf("paths below /sa/ (-want +got):\n%s", diff)
	}
}

func TestTwoArmedPublicationsDoNotDisturbEachOther(t *testing.T) {
	s := newShelf(noon.Add(-10 * time.Second))
	s.arm(t, "b", noon.Add(5*time.Second), map[string]string{"/feed": "one and two", "/sa/2": "second"})
	s.arm(t, "a", noon, map[string]string{"/feed": "one", "/sa/1": "first"})
	site := s.site(t)
	state := func() string {
		return fmt.Sprint(get(t, site, "/feed"), ",", get(t, site, "/sa/1"), ",", get(t, site, "/sa/2"))
	}
	for _, step := range []struct {
		at   time.Duration
		want string
	}{
		{-time.Nanosecond, "404,404,404"},
		{0, "one,first,404"},
		{5*time.Second - 1, "one,first,404"},
		{5 * time.Second, "one and two,first,second"},
	} {
		s.set(noon.Add(step.at))
		refresh(t, site)
		if got := state(); got != step.want {
			t.Errorf("%s after noon: got %s, want %s", step.at, got, step.want)
		}
	}
	// Recorded in the other order they stay in the order of their instants.
	s.record("b")
	refresh(t, site)
	if got, want := state(), "one and two,first,second"; got != want {
		t.Errorf("with the later one recorded: got %s, want %s", got, want)
	}
	s.record("a")
	refresh(t, site)
	if got, want := state(), "one and two,first,second"; got != want {
		t.Errorf("with both recorded: got %s, want %s", got, want)
	}
}

func TestAtTheSameInstantTheLaterIDCounts(t *testing.T) {
	for _, order := range [][]string{{"a", "b"}, {"b", "a"}} {
		s := newShelf(noon)
		for _, id := range order {
			s.arm(t, id, noon, map[string]string{"/feed": id})
		}
		site := s.site(t)
		if got := get(t, site, "/feed"); got != "b" {
			t.Errorf("armed in the order %v: got %q, want b", order, got)
		}
		for _, id := range order {
			s.record(id)
		}
		refresh(t, site)
		if got := get(t, site, "/feed"); got != "b" {
			t.Errorf("recorded in the order %v: got %q, want b", order, got)
		}
	}
}

func TestWhatIsDisarmedNeverTurns(t *testing.T) {
	s := newShelf(noon.Add(-15 * time.Second))
	s.arm(t, "a", noon, after)
	site := s.site(t)
	s.disarm("a")
	s.set(noon.Add(-14 * time.Second))
	refresh(t, site)
	s.set(noon.Add(time.Hour))
	refresh(t, site)
	if got := get(t, site, "/sa/2"); got != "404" {
		t.Errorf("an hour after the instant that was taken back: got %q, want 404", got)
	}
}

func TestAnInstantCanBeMoved(t *testing.T) {
	for name, moved := range map[string]time.Duration{"earlier": -10 * time.Second, "later": 30 * time.Second} {
		t.Run(name, func(t *testing.T) {
			s := newShelf(noon.Add(-25 * time.Second))
			s.arm(t, "a", noon, map[string]string{"/sa/2": "as armed first"})
			site := s.site(t)
			s.arm(t, "a", noon.Add(moved), map[string]string{"/sa/2": "as armed again"})
			refresh(t, site)
			for now := noon.Add(-25 * time.Second); now.Before(noon.Add(time.Minute)); now = now.Add(time.Second) {
				s.set(now)
				refresh(t, site)
				want := "404"
				if !now.Before(noon.Add(moved)) {
					want = "as armed again"
				}
				if got := get(t, site, "/sa/2"); got != want {
					t.Fatalf("%s after noon: got %q, want %q", now.Sub(noon), got, want)
				}
			}
		})
	}
}

func TestAnInstanceThatHasNotReadDoesNotTurn(t *testing.T) {
	for name, test := range map[string]struct {
		read time.Duration
		want string
	}{
		"read eleven seconds before": {-11 * time.Second, "404"},
		"read ten seconds before":    {-10 * time.Second, after["/sa/2"]},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShelf(noon.Add(test.read))
			s.arm(t, "a", noon, after)
			site := s.site(t)
			s.down = true
			for _, after := range []time.Duration{0, time.Second, time.Hour} {
				s.set(noon.Add(after))
				if err := site.Refresh(t.Context()); err == nil {
					t.Fatal("the site says that it read a database that does not answer")
				}
				if got := get(t, site, "/sa/2"); got != test.want {
					t.Errorf("%s after the instant: got %q, want %q", after, got, test.want)
				}
			}
			s.down = false
			refresh(t, site)
			if got := get(t, site, "/sa/2"); got != after["/sa/2"] {
				t.Errorf("having read again: got %q, want %q", got, after["/sa/2"])
			}
		})
	}
}

func TestAClockThatIsSetBackDoesNotMakeAnOldReadingFresh(t *testing.T) {
	s := newShelf(noon.Add(time.Hour)) // a clock that is fast
	s.arm(t, "a", noon, after)
	site := s.site(t)
	if got := get(t, site, "/sa/2"); got != after["/sa/2"] {
		t.Errorf("by the fast clock: got %q, want %q", got, after["/sa/2"])
	}
	s.down = true
	for _, at := range []time.Duration{-time.Hour, -time.Nanosecond, 0, 30 * time.Minute} { // it is put right, and runs on
		s.set(noon.Add(at))
		if got := get(t, site, "/sa/2"); got != "404" {
			t.Errorf("%s after noon, with a reading of long ago that seems to come: got %q, want 404", at, got)
		}
	}
	s.down = false
	refresh(t, site)
	if got := get(t, site, "/sa/2"); got != after["/sa/2"] {
		t.Errorf("having read again: got %q, want %q", got, after["/sa/2"])
	}
}

func TestWhatIsRecordedAsDoneOutlivesAClockThatIsSetBack(t *testing.T) {
	s := newShelf(noon)
	s.publish(t, "0", noon.Add(-time.Hour), before)
	s.arm(t, "a", noon, after)
	site := s.site(t)
	s.set(noon.Add(-time.Second))
	if got := get(t, site, "/sa/2"); got != "404" {
		t.Errorf("armed, a second before: got %q, want 404", got)
	}
	s.set(noon)
	s.record("a")
	refresh(t, site)
	for _, now := range []time.Time{noon.Add(-time.Second), noon.Add(-24 * time.Hour)} {
		s.set(now)
		refresh(t, site)
		if got := get(t, site, "/sa/2"); got != after["/sa/2"] {
			t.Errorf("recorded, clock at %s: got %q, want %q", now, got, after["/sa/2"])
		}
		if got := get(t, site, "/feed"); got != after["/feed"] {
			t.Errorf("recorded, clock at %s: the feed says %q, want %q", now, got, after["/feed"])
		}
	}
}

func TestWhatIsNotPublicYetIsInMemoryForAMinuteOnly(t *testing.T) {
	s := newShelf(noon.Add(-time.Hour))
	s.arm(t, "a", noon, after)
	site := s.site(t)
	s.set(noon.Add(-time.Minute - time.Nanosecond))
	refresh(t, site)
	if got := s.fetched["a"]; got != 0 {
		t.Errorf("read %d times before the last minute, want 0", got)
	}
	s.set(noon.Add(-time.Minute))
	refresh(t, site)
	if got := s.fetched["a"]; got != 1 {
		t.Errorf("read %d times at the last minute, want 1", got)
	}
	s.set(noon)
	for range 3 {
		refresh(t, site)
	}
	if got := s.fetched["a"]; got != 2 {
		t.Errorf("read %d times until it turned, want 2: once it has turned it stays", got)
	}
}

func TestAnUnreadablePublicationKeepsNoOtherBack(t *testing.T) {
	s := newShelf(noon.Add(-time.Second))
	s.publish(t, "0", noon.Add(-time.Hour), before)
	s.publish(t, "broken", noon.Add(-time.Hour), map[string]string{"/sa/0": "zero"})
	s.arm(t, "a", noon, map[string]string{"/sa/2": "second"})
	s.arm(t, "b", noon, map[string]string{"/sa/3": "third"})
	s.broken["broken"], s.broken["b"] = true, true
	site := publish.New(publish.Config{Now: s.clock, Load: s.load, Fetch: s.fetch})
	if err := site.Refresh(t.Context()); err == nil {
		t.Error("the site does not say that two publications cannot be read")
	}
	s.set(noon)
	if got := get(t, site, "/sa/1") + get(t, site, "/sa/2") + get(t, site, "/sa/0") + get(t, site, "/sa/3"); got != "firstsecond404404" {
		t.Errorf("got %q, want what can be read", got)
	}
	clear(s.broken)
	refresh(t, site)
	if got := get(t, site, "/sa/0") + get(t, site, "/sa/3"); got != "zerothird" {
		t.Errorf("once it can be read: got %q, want zerothird", got)
	}
}

func TestWhatTurnedStaysWhenItsRecordCannotBeRead(t *testing.T) {
	s := newShelf(noon.Add(-time.Second))
	s.arm(t, "a", noon, after)
	site := s.site(t)
	s.set(noon)
	s.record("a")
	s.broken["a"] = true
	for _, at := range []time.Duration{0, time.Second, -time.Second} {
		s.set(noon.Add(at))
		if err := site.Refresh(t.Context()); err == nil {
			t.Error("the site does not say that a publication cannot be read")
		}
		if got := get(t, site, "/sa/2"); got != after["/sa/2"] {
			t.Errorf("got %q, want %q", got, after["/sa/2"])
		}
	}
	s.broken["a"] = false
	refresh(t, site)
	if got := get(t, site, "/sa/2"); got != after["/sa/2"] {
		t.Errorf("once it can be read: got %q, want %q", got, after["/sa/2"])
	}
}

func TestWhatIsWithdrawnGivesWayToWhatWasBefore(t *testing.T) {
	s := newShelf(noon)
	s.publish(t, "a", noon.Add(-time.Hour), before)
	s.publish(t, "b", noon, after, "/sa/1")
	site := s.site(t)
	if got := get(t, site, "/feed") + get(t, site, "/sa/1"); got != "feed of two404" {
		t.Fatalf("got %q, want feed of two404", got)
	}
	s.done, s.whole = s.done[:1], true
	refresh(t, site)
	if got := get(t, site, "/feed") + get(t, site, "/sa/1") + get(t, site, "/sa/2"); got != "feed of onefirst404" {
		t.Errorf("after b was withdrawn: got %q, want feed of onefirst404", got)
	}
}

func TestManyPublicationsAreReadOnce(t *testing.T) {
	s := newShelf(noon)
	site := s.site(t)
	page := publish.Prepare("", "text/html", []byte("text"))
	const n, each = 50, 100 // several times what is kept apart as recent
	for i := range n {
		p := publish.Publication{Project: "juno", ID: fmt.Sprintf("p%04d", i), At: noon.Add(time.Duration(i) * time.Second),
			Documents: []publish.Document{publish.Prepare("/feed", "text/plain", []byte(fmt.Sprint(i)))}}
		for j := range each {
			page.Path = fmt.Sprintf("/sa/%d/%d", i, j)
			p.Documents = append(p.Documents, page)
		}
		s.done = append(s.done, s.put(t, p))
		refresh(t, site)
		if got, want := get(t, site, "/feed"), fmt.Sprint(i); got != want {
			t.Fatalf("the feed says %q, want %q", got, want)
		}
	}
	if got := len(site.Paths("/sa/")); got != n*each {
		t.Errorf("got %d paths, want %d", got, n*each)
	}
	for id, got := range s.fetched {
		if got != 1 {
			t.Fatalf("%s was read %d times, want once", id, got)
		}
	}
}

func TestNobodySeesHalfATurn(t *testing.T) {
	s := newShelf(noon.Add(-time.Second))
	s.publish(t, "a", noon.Add(-time.Hour), before)
	s.arm(t, "b", noon, after)
	site := s.site(t)
	done := make(chan struct{})
	for range 4 {
		go func() {
			defer func() { done <- struct{}{} }()
			turned := false
			for range 400 {
				// Once a reader has seen one document of the new state, every later reading is of the new state.
				for _, path := range []string{"/", "/feed", "/sa/2"} {
					w := ask(site, http.MethodGet, path)
					isNew := w.Body.String() == after[path]
					if turned && !isNew {
						t.Errorf("%s was old again: %s", path, w.Body)
						return
					}
					turned = turned || isNew
				}
			}
		}()
	}
	for i := range 200 {
		s.set(noon.Add(time.Duration(i-100) * 10 * time.Millisecond))
		if i == 150 {
			s.record("b")
		}
		refresh(t, site)
	}
	for range 4 {
		<-done
	}
	if got := get(t, site, "/sa/2"); got != after["/sa/2"] {
		t.Errorf("in the end: got %q, want %q", got, after["/sa/2"])
	}
}
