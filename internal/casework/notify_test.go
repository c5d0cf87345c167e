package casework

import (
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// A notice goes out once, unless somebody says why it must go out again.
func TestANoticeIsOrderedTwiceOnlyWithAReason(t *testing.T) {
	ordered := cvd.Case{Notices: []cvd.Notice{{Name: "coming", At: time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC)}}}
	for name, test := range map[string]struct {
		c    cvd.Case
		in   cvd.Notified
		says string
	}{
		"the first time":                      {cvd.Case{}, cvd.Notified{Notice: "coming"}, ""},
		"another notice":                      {ordered, cvd.Notified{Notice: "available"}, ""},
		"again":                               {ordered, cvd.Notified{Notice: "coming"}, "this notice was ordered at Mon 2026-03-09 12:00 UTC: say why it must go out again"},
		"again, with an empty reason":         {ordered, cvd.Notified{Notice: "coming", Again: " "}, "this notice was ordered at Mon 2026-03-09 12:00 UTC: say why it must go out again"},
		"again, with the reason":              {ordered, cvd.Notified{Notice: "coming", Again: "The channel lost it."}, ""},
		"the first time, as if it were again": {cvd.Case{}, cvd.Notified{Notice: "coming", Again: "Why not."}, "this notice was not ordered before"},
	} {
		err := again(test.c, test.in)
		if got := ""; err != nil {
			if got = err.Error(); got != test.says || cvd.KindOf(err) != cvd.Invalid {
				t.Errorf("%s: %v, want %q", name, err, test.says)
			}
		} else if test.says != "" {
			t.Errorf("%s: it passes, want %q", name, test.says)
		}
	}
}
