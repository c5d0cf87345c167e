package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Message writes between the team and one reporter, in either direction, or in a thread. What is for the team alone is a note.
func (w *Casework) Message(ctx context.Context, who cvd.Actor, about About, in cvd.Messaged) (cvd.View, error) {
	return w.Write(ctx, who, about, in, nil)
}

// Write is Message with files.
func (w *Casework) Write(ctx context.Context, who cvd.Actor, about About, in cvd.Messaged, files []File) (cvd.View, error) {
	return w.record(ctx, who, about, "message", func(a *asking) (cvd.What, error) {
		m := in
		if m.Thread != 0 || who.Standing == cvd.Guest {
			if err := first(a.thread(m.Thread), require("/text", m.Text, "write something")); err != nil {
				return cvd.What{}, err
			}
			m.Report = 0
			kept, err := w.keep(ctx, who.Project, a.c.ID, files)
			m.Attachments = kept
			return cvd.What{Messaged: &m}, err
		}
		if who.Standing == cvd.Finder {
			m.Report = who.Report
		}
		if m.Report == 0 {
			m.Report = a.c.Newest()
		}
		if err := a.report("/report", m.Report); err != nil {
			return cvd.What{}, err
		}
		if err := require("/text", m.Text, "write something"); err != nil {
			return cvd.What{}, err
		}
		var err error
		m.Attachments, err = w.keep(ctx, who.Project, a.c.ID, files)
		return cvd.What{Messaged: &m}, err
	})
}
