package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Grade is how a check ended.
type Grade string

// The grades.
const (
	OK      Grade = "ok"
	Warning Grade = "warning" // it works, and may hurt one day
	Fault   Grade = "fault"   // something does not work, or is not safe
)

// Check is one thing that was looked at: what was found, and the way out.
type Check struct {
	Name  string `json:"check"`
	Grade Grade  `json:"grade"`
	Says  string `json:"says"`
	Do    string `json:"do,omitempty"`
}

// checkup collects checks.
type checkup struct {
	cfg   Config
	now   time.Time
	deep  bool
	found []Check
}

func (c *checkup) ok(name, format string, args ...any) {
	c.found = append(c.found, Check{name, OK, fmt.Sprintf(format, args...), ""})
}

func (c *checkup) warn(name, do, format string, args ...any) {
	c.found = append(c.found, Check{name, Warning, fmt.Sprintf(format, args...), do})
}

func (c *checkup) fault(name, do, format string, args ...any) {
	c.found = append(c.found, Check{name, Fault, fmt.Sprintf(format, args...), do})
}

// Doctor looks at an installation, whether its server runs or not, and changes nothing. Deep recomputes every ledger.
func Doctor(ctx context.Context, cfg Config, deep bool) ([]Check, error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	c := &checkup{cfg: cfg, now: time.Now().UTC(), deep: deep}
	if _, err := os.Stat(cfg.Data); err != nil {
		c.fault("data directory", "name it with --data, or make one with tipstaff init", "%v", err)
		return c.found, nil
	}
	c.server()
	c.key()
	c.recovery()
	c.disk()
	if err := unfinished(cfg); err != nil {
		c.fault("restore", "tipstaff restore, with the same file and directory", "%v", err)
		return c.found, nil
	}
	if cfg.DatabaseFile == "" {
		if _, err := os.Stat(filepath.Join(cfg.Data, databaseName)); err != nil { // else it would be made
			c.fault("database", "tipstaff restore fills a new directory from a backup; tipstaff init makes an empty installation", "%v", err)
			return c.found, nil
		}
	}
	err := beside(ctx, cfg, func(s *store.Store) error {
		c.database(ctx, s)
		c.backup(ctx, s)
		return c.projects(ctx, s)
	})
	if err != nil {
		c.fault("database", "mend what it says; then ask again", "%v", err)
	}
	return c.found, nil
}

// server says whether one runs on the directory.
func (c *checkup) server() {
	held, err := lock(c.cfg.Data, true)
	switch {
	case errors.Is(err, errRunning):
		c.ok("server", "one runs on this data directory")
	case err != nil:
		c.warn("server", "run this as the program's own user", "%v", err)
	default:
		c.ok("server", "none runs on this data directory")
		_ = held.Close() // nothing was written to it
	}
}

// key looks at the file that opens everything.
func (c *checkup) key() {
	const name = "key file"
	is, err := os.Stat(c.cfg.Key)
	if err != nil {
		c.fault(name, "put the file back; if it is lost: tipstaff restore, with the recovery key", "%v", err)
		return
	}
	if mode := is.Mode().Perm(); mode&0o077 != 0 {
		c.warn(name, "chmod 600 "+c.cfg.Key, "%s has the mode %04o: others on this machine can read every case", c.cfg.Key, mode)
	}
	if c.cfg.DatabaseFile == "" && filepath.Dir(c.cfg.Key) == filepath.Clean(c.cfg.Data) {
		c.warn(name, "move it to another disk, or into the service manager's credentials, and name it with --key",
			"%s lies beside the database: whoever copies the directory can read every case", c.cfg.Key)
	} else {
		c.ok(name, "%s is there, away from the database", c.cfg.Key)
	}
	if _, err := os.Stat(nextKey(c.cfg)); err == nil {
		c.warn(name, "stop the server; tipstaff key rotate", "a rotation of the key began and has not ended")
	}
}

// recovery looks for the recovery key where it must not be, and for its public half where it must.
func (c *checkup) recovery() {
	const name = "recovery key"
	to, err := recoveryRecipient(c.cfg)
	if err != nil {
		c.fault(name, "put recovery.pub back from another copy: without it nothing can be backed up", "%v", err)
		return
	}
	there, err := os.ReadDir(c.cfg.Data)
	if err != nil {
		c.fault(name, "run this as the program's own user", "%v", err)
		return
	}
	for _, f := range there {
		file := filepath.Join(c.cfg.Data, f.Name())
		if info, err := f.Info(); err != nil || !info.Mode().IsRegular() || info.Size() > 1<<16 || file == c.cfg.Key || file == nextKey(c.cfg) {
			continue
		}
		if id, err := readIdentity(file); err == nil && id.Recipient() == to[0] {
			c.fault(name, "move it off this machine, onto paper or into a safe", "%s holds the recovery key beside what it opens", file)
			return
		} else if err == nil {
			c.warn(name, "remove it, or move it away", "%s holds a key that is not this installation's", file)
		}
	}
	c.ok(name, "its public half is here, and it is not")
}

// disk looks for room.
func (c *checkup) disk() {
	const name = "disk"
	var s syscall.Statfs_t
	if err := syscall.Statfs(c.cfg.Data, &s); err != nil {
		c.fault(name, "run this as the program's own user", "%v", err)
		return
	}
	free, whole := s.Bavail*uint64(s.Bsize), s.Blocks*uint64(s.Bsize)
	switch {
	case free < leastDisk:
		c.fault(name, "make room: no report is accepted on a full disk", "%d MiB are free", free>>20)
	case free < 1<<30 || free < whole/20:
		c.warn(name, "make room", "%d MiB are free, %d %% of the disk", free>>20, 100*free/whole)
	default:
		c.ok(name, "%d MiB are free", free>>20)
	}
}

// database looks at what the database says of itself.
func (c *checkup) database(ctx context.Context, s *store.Store) {
	const name = "database"
	h, err := s.Health(ctx)
	if err != nil {
		c.fault(name, "mend what it says; then ask again", "%v", err)
		return
	}
	c.ok(name, "%s answers, with schema %d; %s", h.Engine, h.Schema, h.Durable)
	if h.Version > 0 && h.Version < 15_00_00 {
		c.fault(name, "move to PostgreSQL 15 or later", "%s is too old", h.Engine)
	}
	if postgres := h.Version > 0; postgres && h.Collation != "C" && h.Collation != "POSIX" && h.Collation != "C.UTF-8" && h.Collation != "C.utf8" {
		c.warn("collation", "tipstaff backup, and restore into a database that was created with LC_COLLATE 'C'",
			"texts are compared by the rules of %s: lists are in another order, and an update of the system's library breaks indexes", h.Collation)
	} else {
		c.ok("collation", "texts are compared byte by byte")
	}
	ahead := time.Until(h.Clock)
	switch postgres := h.Version > 0; {
	case postgres && ahead.Abs() > time.Minute:
		c.fault("clock", "set both clocks (chrony, systemd-timesyncd)", "the database's clock and this machine's differ by %s: promises and instants of publication are wrong", ahead.Abs().Round(time.Second))
	case postgres && ahead.Abs() > 2*time.Second:
		c.warn("clock", "set both clocks (chrony, systemd-timesyncd)", "the database's clock and this machine's differ by %s", ahead.Abs().Round(100*time.Millisecond))
	case !postgres && ahead > time.Second:
		c.fault("clock", "set the clock (chrony, systemd-timesyncd)", "the newest event was taken %s from now: the clock was set back, or was wrong before", ahead.Round(time.Second))
	default:
		c.ok("clock", "it agrees with the database")
	}
}

// backup looks for a fresh one.
func (c *checkup) backup(ctx context.Context, s *store.Store) {
	const name, do = "backup", "tipstaff backup FILE, every day, to another machine"
	last, err := s.LastBackup(ctx)
	within := cmp.Or(c.cfg.BackupWithin, 7*24*time.Hour)
	switch age := c.now.Sub(last); {
	case err != nil:
		c.fault(name, do, "%v", err)
	case last.IsZero():
		c.warn(name, do, "none was ever made")
	case age > within:
		c.warn(name, do, "the newest is %s old, from %s", days(age), last.Format(time.DateOnly))
	default:
		c.ok(name, "the newest is of %s", last.Format("2006-01-02 15:04 UTC"))
	}
}

func days(d time.Duration) string {
	if d < 48*time.Hour {
		return fmt.Sprintf("%d hours", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

// projects looks at each project.
func (c *checkup) projects(ctx context.Context, s *store.Store) error {
	all, err := s.Projects(ctx)
	if err != nil {
		return err
	}
	holds, err := s.Holds(ctx)
	if err != nil {
		return err
	}
	for _, h := range holds {
		c.warn("held: "+string(h.Project), "tipstaff held list; then tipstaff held release",
			"it was restored on %s from a backup of %s: no letter goes out and nothing is published until a person lets it",
			h.Since.Format("2006-01-02 15:04 UTC"), h.Kept.Format("2006-01-02 15:04 UTC"))
	}
	if len(all) == 0 {
		c.warn("projects", "tipstaff init --policy FILE", "there is none")
	}
	for _, p := range all {
		c.policy(ctx, s, p)
		if err := c.letters(ctx, s, p, len(holds) > 0); err != nil {
			return err
		}
		if err := c.source(ctx, s, p.ID); err != nil {
			return err
		}
		if err := c.copies(ctx, s, p); err != nil {
			return err
		}
		if err := c.register(ctx, s, p); err != nil {
			return err
		}
		c.ledger(ctx, s, p)
	}
	return nil
}

// policy reads the document in force as the server would.
func (c *checkup) policy(ctx context.Context, s *store.Store, p store.Project) {
	name := "policy: " + string(p.ID)
	text, err := s.Policy(ctx, p.ID, p.Policy)
	if err != nil {
		c.fault(name, "tipstaff ledger verify; if it is damaged: tipstaff restore", "%v", err)
		return
	}
	doc, err := policy.Read(string(p.ID)+".yaml", text)
	if err != nil {
		c.fault(name, "mend the document, then tipstaff policy put", "version %d does not read: %v", p.Policy, err)
		return
	}
	c.contacts(ctx, s, p, doc)
	open := 0
	for _, f := range policy.Lint(doc) {
		if f.Waived == "" && !f.Informs {
			open++
		}
	}
	if open > 0 {
		c.warn(name, "tipstaff policy lint tells them; mend or explain them", "version %d breaks its own promises in %d places", p.Policy, open)
		return
	}
	c.ok(name, "version %d is in force", p.Policy)
}

// contacts looks for people who are to be alarmed or reminded, and whom no letter reaches.
func (c *checkup) contacts(ctx context.Context, s *store.Store, p store.Project, doc *policy.Policy) {
	name := "alarm: " + string(p.ID)
	people, err := s.People(ctx, p.ID)
	if err != nil {
		c.fault(name, "tipstaff ledger verify; if it is damaged: tipstaff restore", "%v", err)
		return
	}
	var silent []string
	for _, handle := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(doc.Document.Contacts.Alarm, doc.Document.Contacts.Nudge)))) {
		if !slices.ContainsFunc(people, func(x cvd.Person) bool { return string(x.Handle) == handle && x.Active && x.Address != "" }) {
			silent = append(silent, handle)
		}
	}
	switch {
	case len(silent) > 0:
		c.warn(name, "tipstaff user change HANDLE --address …", "no letter reaches %s, whom the policy alarms or reminds: they are not on the roster, or without an address", strings.Join(silent, ", "))
	case c.cfg.SMTP == "":
		c.warn(name, "serve with --smtp and --mail-from", "this installation has no way to send mail, so nobody is alarmed or reminded")
	default:
		c.ok(name, "everybody whom the policy alarms or reminds has an address")
	}
}

// letters looks for what does not go out.
func (c *checkup) letters(ctx context.Context, s *store.Store, p store.Project, held bool) error {
	name := "letters: " + string(p.ID)
	n, err := s.CountHeld(ctx, p.ID)
	if err != nil {
		return err
	}
	b, err := s.Backlog(ctx, p.ID, c.now)
	if err != nil {
		return err
	}
	before := len(c.found)
	if n > 0 {
		c.warn(name, "tipstaff held list", "%d are held until a person lets them go", n)
	}
	if b.Stuck > 0 {
		c.fault(name, "the server's log says why; mend the channel, and they go by themselves", "%d wait for more than a day", b.Stuck)
	}
	if b.GaveUp > 0 {
		c.warn(name, "the cases of their notices say which; post them by hand", "%d were given up in the last week", b.GaveUp)
	}
	if age := c.now.Sub(b.Unfollowed); !b.Unfollowed.IsZero() && age > time.Minute {
		c.warn(name, "start the server; if it runs, its log says why", "events of the last %s have not led to their letters", age.Round(time.Minute))
	}
	if len(c.found) == before && !held {
		c.ok(name, "none waits for long")
	}
	return nil
}

// ledger looks at its head, or recomputes it all.
func (c *checkup) ledger(ctx context.Context, s *store.Store, p store.Project) {
	name := "ledger: " + string(p.ID)
	err := s.CheckHead(ctx, p.ID)
	if c.deep && err == nil {
		_, err = verify(ctx, s, p.ID)
	}
	switch {
	case err != nil:
		c.fault(name, "keep the database as it is; tipstaff ledger verify names the first event, tipstaff restore goes back to a backup", "%v", err)
	case c.deep:
		c.ok(name, "every event, case and hour was recomputed")
	default:
		c.ok(name, "its head is sound; --deep recomputes all of it")
	}
}
