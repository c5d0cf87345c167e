package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
)

// showErased prints what is left of a case.
func (d *desk) showErased(c api.Case) error {
	e := c.Erased
	w := tabwriter.NewWriter(d.out, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) {
		fmt.Fprintf(w, "%s\t%s\n", name, plain(fmt.Sprintf(format, args...)))
	}
	d.say("%s  erased\n", c.Case)
	row("opened", "%s", cvd.Instant(c.OpenedAt))
	row("closed", "%s", cvd.Instant(e.ClosedAt))
	row("erased", "%s by %s (%s)", cvd.Instant(e.At), e.Name, e.Why)
	row("destroyed", "%d events, %d files; the hashes of the events stay in the ledger", e.Events, e.Files)
	if e.Lingers.IsZero() {
		row("backups", "those made before %s hold it until you destroy them", cvd.Instant(e.At))
	} else {
		row("backups", "may hold it until %s", cvd.Instant(e.Lingers))
	}
	return w.Flush()
}
