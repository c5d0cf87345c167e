package casework

import (
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// A name is one of the IANA database, and nothing else that a machine would open by it.
func TestAZoneIsOneOfTheDatabase(t *testing.T) {
	for name, known := range map[string]bool{"": true, "UTC": true, "Europe/Berlin": true, "America/Argentina/Buenos_Aires": true, "Etc/GMT+5": true,
		"Local": false, "localtime": false, "posix/Europe/Berlin": false, "zone.tab": false, "../Europe/Berlin": false, "/etc/localtime": false,
		"Europe": false, "Europe/": false, "europe/berlin": false, "Europe\\Berlin": false, "Europe/Berlin ": false, "Mars/Olympus": false, "CEST": false, "+02:00": false} {
		at, err := Zone("/zone", name)
		if e, _ := err.(*cvd.Error); known && (err != nil || at == nil) || !known && (e == nil || e.Field != "/zone") {
			t.Errorf("%q: %v, %v", name, at, err)
		}
	}
}

// The hour that comes twice is told apart by UTC, and the day is that of the reader.
func TestALetterTellsAnInstantInUTCAndWhereItsReaderIs(t *testing.T) {
	at := func(text string) time.Time {
		t.Helper()
		x, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for _, x := range []struct{ at, zone, want string }{
		{"2026-10-25T00:30:00Z", "Europe/Berlin", "Sun 2026-10-25 00:30 UTC (Sun 2026-10-25 02:30 in Europe/Berlin)"},
		{"2026-10-25T01:30:00Z", "Europe/Berlin", "Sun 2026-10-25 01:30 UTC (Sun 2026-10-25 02:30 in Europe/Berlin)"},
		{"2026-03-29T01:00:00Z", "Europe/Berlin", "Sun 2026-03-29 01:00 UTC (Sun 2026-03-29 03:00 in Europe/Berlin)"},
		{"2026-12-31T12:00:00Z", "Pacific/Kiritimati", "Thu 2026-12-31 12:00 UTC (Fri 2027-01-01 02:00 in Pacific/Kiritimati)"},
		{"2026-07-01T12:00:00Z", "America/New_York", "Wed 2026-07-01 12:00 UTC (Wed 2026-07-01 08:00 in America/New York)"},
		{"2026-07-01T12:00:00Z", "UTC", "Wed 2026-07-01 12:00 UTC"},
		{"2026-07-01T12:00:00Z", "", "Wed 2026-07-01 12:00 UTC"},
		{"2026-07-01T12:00:00Z", "Mars/Olympus", "Wed 2026-07-01 12:00 UTC"},
	} {
		if got := instantFor(at(x.at), x.zone); got != x.want {
			t.Errorf("%s in %q: %q, want %q", x.at, x.zone, got, x.want)
		}
	}
}
