package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// An objection says its instant once, whether its sentence holds it or not.
func TestAnObjectionSaysItsInstantOnce(t *testing.T) {
	at := time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC)
	var out bytes.Buffer
	err := explain(&desk{err: &out}, &cvd.Error{Kind: cvd.Refused, Says: "no", All: []cvd.Objection{
		{Clause: "alone", Says: "a team of one looks again after 24 hours, from Fri 2026-03-06 09:00 UTC", Earliest: at},
		{Clause: "roles", Says: "somebody else must look", Earliest: at},
		{Says: "the report must be verified first"},
	}})
	want := "a team of one looks again after 24 hours, from Fri 2026-03-06 09:00 UTC (alone)\n" +
		"somebody else must look (roles), from Fri 2026-03-06 09:00 UTC\n" +
		"the report must be verified first\n"
	if out.String() != want || statusOf(err) != no {
		t.Errorf("status %d, printed\n%swant\n%s", statusOf(err), &out, want)
	}
}
