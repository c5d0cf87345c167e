package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/store"
)

// machine is the casework of a data directory without a server: for whoever operates the machine.
type machine struct {
	*casework.Casework
	store *store.Store
}

// offlineCasework opens the data directory, beside a server that may run, and does something with its cases.
func offlineCasework(ctx context.Context, cfg Config, do func(*machine) error) error {
	return offline(ctx, cfg, func(s *store.Store) error {
		m, err := caseworkOn(ctx, cfg, s)
		if err != nil {
			return err
		}
		return do(m)
	})
}

func caseworkOn(ctx context.Context, cfg Config, s *store.Store) (*machine, error) {
	if err := cfg.Check(); err != nil { // fills in the public address
		return nil, err
	}
	w, err := casework.New(ctx, casework.Config{Store: s, Now: World{}.filled().Now, Base: cfg.URL, Packing: packing})
	return &machine{w, s}, err
}

// Held is what of one project waits for a person.
type Held = casework.Held

// ListHeld lists what waits for a person, for each project.
func ListHeld(ctx context.Context, cfg Config) (all []Held, err error) {
	err = offlineCasework(ctx, cfg, func(m *machine) error {
		for _, id := range m.Projects() {
			h, err := m.Held(ctx, cvd.Tipstaff(id))
			if err != nil {
				return err
			}
			all = append(all, h)
		}
		return nil
	})
	return all, err
}

// LetGo is what a person decided about what is held.
type LetGo struct {
	Project cvd.ProjectID // empty: every project
	Names   []string      // of letters and publications; none: everything
	Past    bool          // also publications whose instant has passed
}

// ReleaseHeld lets letters and publications go. A running server sends them within seconds. It says how many went.
func ReleaseHeld(ctx context.Context, cfg Config, what LetGo) (letters, publications int, err error) {
	err = offlineCasework(ctx, cfg, func(m *machine) error {
		for _, name := range what.Names {
			id, err := m.holds(ctx, what.Project, name)
			if err == nil {
				err = m.LetGo(ctx, cvd.Tipstaff(id), what.Past, name)
			}
			if err != nil {
				return err
			}
			letters++
		}
		if len(what.Names) > 0 {
			return nil
		}
		for _, id := range m.Projects() {
			if what.Project != "" && what.Project != id {
				continue
			}
			l, p, err := m.LetAllGo(ctx, cvd.Tipstaff(id), what.Past)
			if letters, publications = letters+l, publications+p; err != nil {
				return err
			}
		}
		return nil
	})
	return letters, publications, err
}

// DropHeld decides that a letter never goes out, or takes a publication back.
func DropHeld(ctx context.Context, cfg Config, project cvd.ProjectID, name, because string) error {
	known := cfg.URL != ""
	return offlineCasework(ctx, cfg, func(m *machine) error {
		id, err := m.holds(ctx, project, name)
		if err != nil {
			return err
		}
		if _, err := m.store.HeldLetter(ctx, id, name); errors.Is(err, cvd.NotFound) && !known {
			return fmt.Errorf("%w: what is published beside %s is written again, and bears the public address: name it with --url or in %s",
				ErrSettings, name, settingsName)
		}
		return m.Drop(ctx, cvd.Tipstaff(id), name, because)
	})
}

// holds finds the project in which something of a name is held.
func (m *machine) holds(ctx context.Context, project cvd.ProjectID, name string) (cvd.ProjectID, error) {
	for _, id := range m.Projects() {
		if project != "" && project != id {
			continue
		}
		h, err := m.Named(ctx, cvd.Tipstaff(id), name)
		if err != nil || h {
			return id, err
		}
	}
	return "", cvd.Errorf(cvd.NotFound, "nothing is held under the name %q: tipstaff held list shows what is", name)
}

// Unreachable says why a held letter would only be held again: its channel has no address here; empty if it has one.
func Unreachable(cfg Config, project cvd.ProjectID, kind, channelName string) string {
	if (kind == "notice" || kind == "call") && channelName != "mail" {
		if _, ok := cfg.Channels[string(project)+"/"+channelName]; !ok {
			return "no address: --channels " + string(project) + "/" + channelName + "=FILE"
		}
		return ""
	}
	if cfg.SMTP == "" {
		return "no mail server: --smtp"
	}
	return ""
}
