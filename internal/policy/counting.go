package policy

import "time"

// add is the instant so much later by the calendar of a clock or a wait, or by the document's where they name none.
func (p *Policy) add(calendar string, t time.Time, d Duration) time.Time {
	return p.WorkTime(calendar).Add(t, d)
}
