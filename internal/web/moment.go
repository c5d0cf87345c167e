package web

import (
	"strings"
	"time"
)

// zone is where somebody is: whoever reads, a party, or the project's people. Instants are shown in UTC first, and in it beside that.
type zone struct {
	name  string
	place *time.Location
	alone bool // UTC was chosen, and nothing beside it
}

// utc shows instants in UTC alone.
var utc = zone{}

// zoneOf finds a zone by its IANA name; an unknown one is as good as none.
func zoneOf(name string) zone {
	if name == "" || name == "UTC" {
		return utc
	}
	at, err := time.LoadLocation(name)
	if err != nil {
		return utc
	}
	return zone{name: name, place: at}
}

// moment is an instant as every page shows it: never a bare date.
type moment struct {
	Machine string // RFC 3339
	Day     string // "Mon 2026-04-06"
	Hour    string // "12:00 UTC"
	Local   string // "14:00 in Europe/Berlin", with the day if it is another one there
}

// at writes an instant; none is written as nothing.
func (z zone) at(t time.Time) moment {
	if t.IsZero() {
		return moment{}
	}
	t = t.UTC()
	m := moment{Machine: t.Format(time.RFC3339), Day: t.Format("Mon 2006-01-02"), Hour: t.Format("15:04 UTC")}
	if z.place == nil {
		return m
	}
	there := t.In(z.place)
	m.Local = there.Format("15:04")
	if there.Day() != t.Day() {
		m.Local = there.Format("Mon 15:04")
	}
	m.Local += " in " + strings.ReplaceAll(z.name, "_", " ")
	return m
}
