package policy

import (
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// moving is a policy with a wait that begins anew, or not, and a case whose release is announced for noon of the tenth.
func moving(t *testing.T, restarts bool) (*Policy, cvd.Case) {
	t.Helper()
	p := &Policy{}
	p.Document.Notices = []Notice{{Name: "coming", Title: "It comes", Before: true, Channels: []string{"mail"}, Fields: []NoticeField{{Name: "at", Type: "instant"}}},
		{Name: "moved", Title: "It moved", Before: true, Corrects: "coming", Channels: []string{"mail"}, Fields: []NoticeField{{Name: "at", Type: "instant"}, {Name: "line"}}}}
	p.Document.Steps = []Step{{Step: "release", Requires: []Requirement{{Name: "wait", Says: "wait", Wait: &Wait{Notice: "coming", For: Duration{Exact: 24 * time.Hour}, Restarts: restarts}}}}}
	at := on("2026-03-09 12:00")
	c := cvd.Case{Project: "p", ID: "P-1", Rev: 1, Marks: map[string]time.Time{}, Round: map[string]time.Time{}}
	c.Notices = []cvd.Notice{{Name: "coming", At: at, Pre: true, Says: map[string]string{"at": "2026-03-10T12:00:00Z"}, Channels: []string{"mail"}, Delivered: map[string]time.Time{"mail": at}}}
	for _, mark := range []string{"notified:coming", "delivered:coming", "first:coming"} {
		c.Marks[mark], c.Round[mark] = at, at
	}
	return p, c
}

// J-56: when the release slips the dates move; a wait begins anew only where the policy says so, counted from the correction.
func TestAClockRestartsOnlyIfThePolicySaysSo(t *testing.T) {
	to, now := on("2026-03-11 12:00"), on("2026-03-10 06:00")
	for _, restarts := range []bool{false, true} {
		p, c := moving(t, restarts)
		r := p.Replan(c, to, now)
		want := on("2026-03-10 12:00")
		if restarts {
			want = now.Add(24 * time.Hour)
		}
		if r.Correct != "moved" || !r.From.Equal(on("2026-03-10 12:00")) || !r.Earliest.Equal(want) || len(r.Restarts) > 0 != restarts {
			t.Errorf("restarts %v: %+v, want nothing before %s", restarts, r, want)
		}
		c.Slips = []cvd.Slip{{At: now, From: r.From, To: to, Notice: "moved"}}
		wait := p.Document.Steps[0].Requires[0].Wait
		if at := p.since(&c, wait); at.IsZero() != restarts {
			t.Errorf("restarts %v: before the correction arrives the wait is counted from %s", restarts, at)
		}
		arrived := now.Add(time.Hour)
		c.Notices = append(c.Notices, cvd.Notice{Name: "moved", At: now, Pre: true, Channels: []string{"mail"}, Delivered: map[string]time.Time{"mail": arrived}})
		from := on("2026-03-09 12:00")
		if restarts {
			from = arrived
		}
		if at := p.since(&c, wait); !at.Equal(from) {
			t.Errorf("restarts %v: the wait is counted from %s, want %s", restarts, at, from)
		}
		if at, notice := p.Announced(c); !at.Equal(to) || notice != "coming" {
			t.Errorf("announced for %s by %s, want where it moved to", at, notice)
		}
	}
}

// What does not move by itself is said: the embargo that ends before, and that no wait begins anew.
func TestWhatASlipLeavesBehindIsSaid(t *testing.T) {
	p, c := moving(t, false)
	c.Embargo = cvd.Embargo{State: cvd.Active, Until: on("2026-03-10 18:00")}
	c.Disclosure.Due = on("2026-03-10 20:00")
	r := p.Replan(c, on("2026-03-11 12:00"), on("2026-03-10 06:00"))
	says := strings.Join(r.Stays, " ")
	if !strings.Contains(says, "The embargo ends at Tue 2026-03-10 18:00 UTC, before the release") || !strings.Contains(says, "No wait begins anew") {
		t.Errorf("it says %q", says)
	}
	if len(r.Moves) != 2 || !r.Moves[1].To.Equal(on("2026-03-11 20:00")) {
		t.Errorf("these move: %+v", r.Moves)
	}
}

// A correction that goes out by itself moves what was announced, as a slip does, and a wait that begins anew begins with it; a slip
// after it moves it once more.
func TestACorrectionMovesWhatWasAnnounced(t *testing.T) {
	p, c := moving(t, true)
	sent, arrived, to := on("2026-03-10 06:00"), on("2026-03-10 07:00"), on("2026-03-11 12:00")
	c.Notices = append(c.Notices, cvd.Notice{Name: "moved", At: sent, Pre: true, Says: map[string]string{"at": "2026-03-11T12:00:00Z"},
		Channels: []string{"mail"}, Delivered: map[string]time.Time{"mail": arrived}})
	if at, notice := p.Announced(c); !at.Equal(to) || notice != "coming" {
		t.Errorf("announced for %s by %s, want %s by coming", at, notice, to)
	}
	if at := p.since(&c, p.Document.Steps[0].Requires[0].Wait); !at.Equal(arrived) {
		t.Errorf("the wait is counted from %s, want the correction's arrival", at)
	}
	c.Slips = []cvd.Slip{{At: arrived, From: to, To: to.Add(time.Hour), Notice: "moved"}}
	if at, _ := p.Announced(c); !at.Equal(to.Add(time.Hour)) {
		t.Errorf("after a slip it is announced for %s", at)
	}
}

// What comes is announced for an instant that lies ahead.
func TestNoNoticeBeforeTheReleaseAnnouncesAPastInstant(t *testing.T) {
	p, c := moving(t, false)
	for said, want := range map[string]string{"2026-03-10T06:00:01Z": "", "2026-03-10T06:00:00Z": "lies in the past", "2020-12-25T16:00:00Z": "lies in the past"} {
		n := cvd.Notified{Notice: "moved", Says: map[string]string{"at": said}}
		_, err := p.Compose(&n, c, Release{Now: on("2026-03-10 06:00")})
		if got := ""; err != nil {
			got = err.Error()
			if want == "" || !strings.Contains(got, want) || cvd.KindOf(err) != cvd.Invalid {
				t.Errorf("%s: %q, want %q", said, got, want)
			}
		} else if want != "" {
			t.Errorf("%s: it passes", said)
		}
	}
}

// A correction in the words of the notice itself, or of the one that the policy has for it, moves what was announced just as well.
func TestACorrectionThatNamesAnInstantMovesWhatWasAnnounced(t *testing.T) {
	p, c := moving(t, true)
	to, there := on("2026-03-11 12:00"), on("2026-03-10 07:00")
	c.Notices = append(c.Notices, cvd.Notice{Name: "coming/correction-1", At: on("2026-03-10 06:00"), Pre: true, Says: map[string]string{"at": "2026-03-11T12:00:00Z"},
		Channels: []string{"mail"}, Delivered: map[string]time.Time{"mail": there}})
	if at, notice := p.Announced(c); !at.Equal(to) || notice != "coming" {
		t.Errorf("announced for %s by %s, want %s by coming", at, notice, to)
	}
	if at := p.since(&c, p.Document.Steps[0].Requires[0].Wait); !at.Equal(there) {
		t.Errorf("the wait is counted from %s, want the correction's arrival", at)
	}
}

// What was withdrawn announces nothing, and nobody waits from it: the wait begins with what is announced after that.
func TestAWithdrawnNoticeAnnouncesNothing(t *testing.T) {
	p, c := moving(t, false)
	wait := p.Document.Steps[0].Requires[0].Wait
	c.Notices[0].Event = "first"
	c.Notices = append(c.Notices, cvd.Notice{Name: "coming/correction-1", At: on("2026-03-09 18:00"), Pre: true, Corrects: "first", Withdraws: true})
	if at, notice := p.Announced(c); notice != "" || !p.since(&c, wait).IsZero() {
		t.Errorf("announced for %s by %s; the wait is counted from %s", at, notice, p.since(&c, wait))
	}
	w := weighing{Ask: &Ask{Case: c, Now: on("2026-03-10 13:00")}, policy: p, facts: p.factsOf(c, on("2026-03-10 13:00"))}
	if got := w.pending(wait); !strings.Contains(got, "was withdrawn") {
		t.Errorf("of the wait it is said that %s", got)
	}
	c.Notices[0] = cvd.Notice{Name: "coming", Event: "second", Earlier: []cvd.EventID{"first"}, At: on("2026-03-10 10:00"), Pre: true,
		Says: map[string]string{"at": "2026-03-12T12:00:00Z"}, Channels: []string{"mail"}, Delivered: map[string]time.Time{"mail": on("2026-03-10 11:00")}}
	if at, _ := p.Announced(c); !at.Equal(on("2026-03-12 12:00")) || !p.since(&c, wait).Equal(on("2026-03-10 11:00")) {
		t.Errorf("announced anew for %s; the wait is counted from %s", at, p.since(&c, wait))
	}
}

// Whoever names another instant in a notice is asked what a slip is asked: no earlier than the waits end, and what hangs on the first
// instant moves only with a slip.
func TestANoticeMovesTheReleaseNoFurtherThanASlip(t *testing.T) {
	for name, x := range map[string]struct {
		to   string
		with func(*cvd.Case)
		want string
	}{
		"later":                       {to: "2026-03-11T12:00:00Z"},
		"the same":                    {to: "2026-03-10T12:00:00Z", with: func(c *cvd.Case) { c.Disclosure.Due = on("2026-03-10 13:00") }},
		"before the wait":             {to: "2026-03-10T09:00:00Z", want: "nothing may be released before Tue 2026-03-10 12:00 UTC"},
		"with a publication":          {to: "2026-03-11T12:00:00Z", with: func(c *cvd.Case) { c.Disclosure.Due = on("2026-03-10 13:00") }, want: "take the step slip"},
		"with a countdown":            {to: "2026-03-11T12:00:00Z", with: func(c *cvd.Case) { c.Countdown.At = on("2026-03-10 12:00") }, want: "take the step slip"},
		"with a countdown of its own": {to: "2026-03-11T12:00:00Z", with: func(c *cvd.Case) { c.Countdown.At = on("2026-03-10 15:00") }},
	} {
		p, c := moving(t, false)
		if x.with != nil {
			x.with(&c)
		}
		for _, what := range []cvd.What{{Notified: &cvd.Notified{Notice: "moved", Says: map[string]string{"at": x.to}}},
			{Corrected: &cvd.Corrected{Notice: "coming", Name: "coming/correction-1", Says: map[string]string{"at": x.to}}}} {
			w := weighing{Ask: &Ask{Case: c, Now: on("2026-03-10 06:00"), What: what}, policy: p, facts: p.factsOf(c, on("2026-03-10 06:00"))}
			w.movesAlong()
			var said []string
			for _, o := range w.found {
				said = append(said, o.Says)
			}
			if got := strings.Join(said, "; "); (got == "") != (x.want == "") || !strings.Contains(got, x.want) {
				t.Errorf("%s, %s: %q, want %q", name, what.Kind(), got, x.want)
			}
		}
	}
}

// The first announcement is asked no less: an instant that the program would refuse in the end is refused before anybody hears of it.
func TestTheFirstAnnouncementNamesAnInstantThatCanBe(t *testing.T) {
	now := on("2026-03-09 12:00")
	active := cvd.Embargo{State: cvd.Active, Until: on("2026-03-20 12:00")}
	for name, x := range map[string]struct {
		to      string
		embargo cvd.Embargo
		longest Duration
		want    string
	}{
		"after the wait":                  {to: "2026-03-10T12:00:00Z"},
		"before the wait ends":            {to: "2026-03-10T11:59:59Z", want: "nothing may be released before Tue 2026-03-10 12:00 UTC"},
		"at the end of the embargo":       {to: "2026-03-20T12:00:00Z", embargo: active},
		"after the end of the embargo":    {to: "2026-03-20T12:00:01Z", embargo: active, want: "the embargo ends at Fri 2026-03-20 12:00 UTC, before this release"},
		"longer than anything is kept":    {to: "2026-06-08T12:00:00Z", longest: dayLong(90), want: "announce an instant until Sun 2026-06-07 12:00 UTC"},
		"never, where nothing limits it":  {to: "9999-12-31T23:59:59Z", want: "more than ten years ahead"},
		"never, although an embargo does": {to: "9999-12-31T23:59:59Z", embargo: active, want: "the embargo ends at"},
	} {
		p, c := moving(t, false)
		p.Document.Embargo.Longest = x.longest
		c.Notices, c.Marks, c.Round, c.Embargo = nil, nil, nil, x.embargo
		w := weighing{Ask: &Ask{Case: c, Now: now, What: cvd.What{Notified: &cvd.Notified{Notice: "coming", Says: map[string]string{"at": x.to}}}}, policy: p, facts: p.factsOf(c, now)}
		w.announcing()
		var said []string
		for _, o := range w.found {
			said = append(said, o.Says)
		}
		if got := strings.Join(said, "; "); (got == "") != (x.want == "") || !strings.Contains(got, x.want) {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
	}
}
