package app

import (
	"context"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/web"
)

// machine is what the page about the installation asks of the program: the same checks as the doctor's, of one project, on
// the database that is open.
func (a *App) machine(cfg Config, world World) web.Machine {
	m := web.Machine{Unreachable: func(project cvd.ProjectID, kind, channel string) string {
		if world.Quiet {
			return ""
		}
		return Unreachable(cfg, project, kind, channel)
	}}
	if to, err := recoveryRecipient(cfg); err == nil {
		m.Recovery = to[0]
	}
	m.Checkup = func(ctx context.Context, project cvd.ProjectID) ([]web.Check, error) {
		c := &checkup{cfg: cfg, now: world.Now().UTC()}
		a.ticker(c)
		c.key()
		c.recovery()
		c.disk()
		c.database(ctx, a.Store)
		c.backup(ctx, a.Store)
		p, err := a.Store.Project(ctx, project)
		if err != nil {
			return nil, err
		}
		c.policy(ctx, a.Store, p)
		if err := c.letters(ctx, a.Store, p, a.Casework.Holding(project)); err != nil {
			return nil, err
		}
		if err := c.source(ctx, a.Store, project); err != nil {
			return nil, err
		}
		if err := c.copies(ctx, a.Store, p); err != nil {
			return nil, err
		}
		c.ledger(ctx, a.Store, p)
		var all []web.Check
		for _, x := range c.found {
			all = append(all, web.Check{Name: x.Name, Grade: string(x.Grade), Says: x.Says, Do: x.Do})
		}
		return all, nil
	}
	return m
}

// ticker says whether what happens once a second does.
func (a *App) ticker(c *checkup) {
	const name = "every second"
	last := time.UnixMicro(a.ticked.Load()).UTC()
	if age := c.now.Sub(last); age > time.Minute {
		c.fault(name, "the server's log says why", "promises that run out and instants of publication were looked at %s ago", days(age))
		return
	}
	c.ok(name, "promises and instants of publication were looked at %s", last.Format("2006-01-02 15:04:05 UTC"))
}
