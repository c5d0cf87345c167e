package app

import (
	"context"
	"fmt"
	"strings"

	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/store"
)

// register looks for addresses of the lists and of projects downstream that may reach nobody. It names none.
func (c *checkup) register(ctx context.Context, s *store.Store, p store.Project) error {
	m, err := caseworkOn(ctx, c.cfg, s)
	if err != nil {
		return err
	}
	stale, err := m.StaleContacts(ctx, p.ID)
	if err != nil {
		return err
	}
	name := "lists: " + string(p.ID)
	if says := staleWords(stale); says != "" {
		c.warn(name, "the page Lists of the desk, or tipstaff audience check and tipstaff downstream check", "%s", says)
	} else if stale.Members > 0 {
		c.ok(name, "%d members, and nothing is known against their addresses", stale.Members)
	}
	return nil
}

// staleWords says what is wrong with addresses; empty if nothing is.
func staleWords(s casework.Stale) string {
	var out []string
	for _, x := range []struct {
		n    int
		says string
	}{{s.Bounced, "members whose letters come back"}, {s.Unseen, "members with an address that nobody saw working for a year"}, {s.Overdue, "members overdue to confirm"},
		{s.Undecided, "applications that wait longer than the policy says"}, {s.Routes, "projects downstream of which nobody looked for a year where they take reports"}} {
		if x.n > 0 {
			out = append(out, fmt.Sprintf("%d %s", x.n, x.says))
		}
	}
	return strings.Join(out, "; ")
}
