package casework

import (
	"regexp"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// zoneName is what the IANA database calls a zone. A machine loads more by a name than that: its own zone as "Local" and
// "localtime", and whatever lies beside the database's files.
var zoneName = regexp.MustCompile(`^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$`)

// Zone is a zone by its name in the IANA database; none is UTC. Field is where the name was written.
func Zone(field, name string) (*time.Location, error) {
	if name == "" {
		return time.UTC, nil
	}
	if zoneName.MatchString(name) && name != "Local" && len(name) <= 60 {
		if at, err := time.LoadLocation(name); err == nil {
			return at, nil
		}
	}
	return nil, cvd.Fieldf(field, "%q is no zone of the IANA database: write it as Europe/Berlin", name)
}

// instantFor is an instant as a letter tells it to somebody: in UTC, and in their own zone if they have another.
func instantFor(t time.Time, zone string) string {
	says := cvd.Instant(t)
	at, err := Zone("", zone)
	if err != nil || at == time.UTC || t.IsZero() {
		return says
	}
	return says + " (" + t.In(at).Format("Mon 2006-01-02 15:04") + " in " + strings.ReplaceAll(zone, "_", " ") + ")"
}
