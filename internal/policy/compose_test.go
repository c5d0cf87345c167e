package policy

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

func TestANoticeSaysWhatItsFieldsSay(t *testing.T) {
	s := told(t)
	n := cvd.Notified{Notice: "horn", Says: map[string]string{"at": "2026-03-10T16:00:00+01:00", "lines": "1, lamp 2", "class": "high"}}
	subject, err := s.p.Compose(&n, s.c, Release{Zone: time.FixedZone("HST", -10*3600)})
	if err != nil {
		t.Fatal(err)
	}
	want := "A release is coming on Tue 2026-03-10 15:00 UTC (Tue 2026-03-10 05:00 HST).\nLines: 1, lamp 2\nSeverity: High\n"
	if n.Text != want { // the line of the field that was not given is left out
		t.Errorf("got\n%swant\n%s", n.Text, want)
	}
	if subject != "A release of Harbour is coming" || !n.Pre || !slices.Equal(n.Channels, []string{"radio", "mail"}) || !slices.Equal(n.Audiences, []string{"fleet"}) {
		t.Errorf("%q, %+v", subject, n)
	}
	bell := cvd.Notified{Notice: "bell", Says: map[string]string{"versions": "2.0.1"}}
	subject, err = s.p.Compose(&bell, s.c, Release{Advisory: "HRB-SA-2026-001", URL: "https://harbour.example/a"})
	if want := "2.0.1 is out. HRB-SA-2026-001\nhttps://harbour.example/a\n"; err != nil || subject != "2.0.1 is out" || bell.Text != want || bell.Pre {
		t.Errorf("%q, %v, %+v", subject, err, bell)
	}
}

func TestAFieldThatDoesNotFitIsNamed(t *testing.T) {
	s := told(t)
	for field, says := range map[string]map[string]string{
		"/says/at":     {"at": "tomorrow"},
		"/says/lines":  {"at": "2026-03-10T16:00:00Z", "lines": "1, 3"},
		"/says/class":  {"at": "2026-03-10T16:00:00Z", "class": "grave"},
		"/says/do":     {"at": "2026-03-10T16:00:00Z", "do": "one\r\nBcc: two"},
		"/says/x~1y":   {"at": "2026-03-10T16:00:00Z", "x/y": "z"},
		"/says/detail": {"at": "2026-03-10T16:00:00Z", "detail": "z"},
	} {
		n := cvd.Notified{Notice: "horn", Says: says}
		_, err := s.p.Compose(&n, s.c, Release{})
		if e, ok := errors.AsType[*cvd.Error](err); !ok || e.Field != field || e.Kind != cvd.Invalid {
			t.Errorf("%s: got %v", field, err)
		}
	}
	turned := cvd.Notified{Notice: "horn", Says: map[string]string{"at": "2026-03-10T16:00:00Z", "do": "stop \u202enow"}}
	if e, ok := errors.AsType[*cvd.Error](second(s.p.Compose(&turned, s.c, Release{}))); !ok || e.Field != "/says/do" || !strings.Contains(e.Says, "U+202E") {
		t.Errorf("a text that is turned around: %v", e)
	}
	missing := cvd.Notified{Notice: "horn"}
	if _, err := s.p.Compose(&missing, s.c, Release{}); err == nil || err.Error() != "Instant is missing" {
		t.Errorf("a required field is missing: %v", err)
	}
	unknown := cvd.Notified{Notice: "drum"}
	if e, ok := errors.AsType[*cvd.Error](second(s.p.Compose(&unknown, s.c, Release{}))); !ok || e.Field != "/notice" {
		t.Errorf("there is no drum: %v", e)
	}
}

func second[A, B any](_ A, b B) B { return b }

func TestANoticeBeforeTheReleaseTellsAttackersNothing(t *testing.T) {
	s := told(t)
	s.then("2026-03-02 10:00", "ann", cvd.What{Analysed: &cvd.Analysed{Section: "scope", Text: "Only ships with two engines carry that valve."}})
	s.then("2026-03-02 11:00", "ann", cvd.What{Remedied: &cvd.Remedied{Product: "lamp", Line: "1", Status: "patched",
		Patches: []cvd.Patch{{URL: "https://git.harbour.example/p/7", SHA256: "0123456789abcdef"}}}}) // too short for the pattern of hashes alone
	for said, allowed := range map[string]bool{
		"Stop the ship, update and start again.":         true,
		"Bring your lamps to the new release.":           true,  // the product's own word
		"Watch your waterline.":                          false, // a word of the title
		"Watch your WATERLINES.":                         false,
		"Watch your wаterline.":                          false, // with a Cyrillic letter
		"Empty the bil\u0261e.":                          false, // with a phonetic one
		"СVE-2026-4711 is fixed.":                        false, // Cyrillic again
		"Empty the bilge first.":                         false, // the component
		"Mind the hole.":                                 false,
		"CVE-2026-4711 is fixed.":                        false,
		"ghsa-2222-3333-4444 is fixed.":                  false,
		"It is a case of CWE-190.":                       false,
		"See https://git.harbour.example/p/7 for more.":  false, // the patch
		"See https://github.com/h/h/pull/12 for more.":   false,
		"See fix.patch for more.":                        false,
		"Ships with two engines carry a load.":           false, // five words of the analysis
		"Be quick when the pump of the engine squeaks.":  false, // five words of the report
		"When the pump of a ship squeaks, call at once.": true,  // four words in a row happen by chance
		"The new release is out when the tide is in.":    true,  // ordinary words, some of them the report's
	} {
		n := cvd.Notified{Notice: "horn", Says: map[string]string{"at": "2026-03-10T16:00:00Z", "do": said}}
		if _, err := s.p.Compose(&n, s.c, Release{}); (err == nil) != allowed {
			t.Errorf("%q: %v", said, err)
		}
	}
	after := cvd.Notified{Notice: "bell", Says: map[string]string{"versions": "2.0.1 mends the hole below the waterline, CVE-2026-4711"}}
	if _, err := s.p.Compose(&after, s.c, Release{}); err != nil {
		t.Errorf("after the release a notice may say it: %v", err)
	}
}

// One word can tell it all: a name of the code, or a word that nobody uses but who knows the matter. What operators are told
// otherwise is said in words that everybody uses, and passes though the report uses them too.
func TestOneWordOfTheMatterIsEnough(t *testing.T) {
	s := told(t)
	s.c.Reports[0].Description = "The handler ReadFrame in p2p.Session and frame_reader.go trusts ed25519 keys of version v1.2.0-rc1. " +
		"Please update quickly: every operator who runs the node on amd64 is affected, e.g. by a GitHub download on Monday. " +
		"An attacker sends a malformed envelope, and the daemon deadlocks for 45 minutes."
	s.c.Sections = []cvd.Section{{Name: "scope", Text: "Reached before the quorum."}, {Name: "mitigation", Text: "Pause the gateway."}}
	for said, allowed := range map[string]bool{
		"Operators who run the node on amd64 update on Monday, in 45 minutes.": true,
		"Download v1.2.0-rc1 from GitHub, please, and restart.":                true,
		"Pause the gateway until then.":                                        true, // what to do is no secret
		"Backup, stop, install, start. Expect an hour of downtime.":            true,
		"Look at READFRAME.":           false,
		"A change of frame_reader.go.": false,
		"It is in p2p.session":         false,
		"Replace your ed25519 keys.":   false,
		"Envelopes are checked.":       false,
		"No more deadlock!":            false,
		"It concerns the quorum.":      false,
	} {
		n := cvd.Notified{Notice: "horn", Says: map[string]string{"at": "2026-03-10T16:00:00Z", "do": said}}
		_, err := s.p.Compose(&n, s.c, Release{})
		if e, ok := errors.AsType[*cvd.Error](err); (err == nil) != allowed || !allowed && (!ok || e.Field != "/says/do") {
			t.Errorf("%q: %v", said, err)
		}
	}
}
