package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/ledger"
	"github.com/tipstaff/tipstaff/internal/seal"
	"github.com/tipstaff/tipstaff/internal/store"
)

// A new table is backed up, or somebody says why not.
func TestEveryTableIsBackedUpOrLeftOutWithAReason(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		known := append(slices.Clone(store.BackedUp), "goose_db_version") // the schema's number stands in the head
		for name, why := range store.LeftOut {
			if why == "" {
				t.Errorf("nobody says why %s is left out", name)
			}
			known = append(known, name)
		}
		for _, name := range w.tables("%") {
			if !strings.HasPrefix(name, "river_") && !strings.HasPrefix(name, "sqlite_") && !slices.Contains(known, name) {
				t.Errorf("the table %s is neither in backedUp nor in leftOut", name)
			}
		}
	})
}

// backup is what a backup of the world holds.
func (w *world) backup() []byte {
	w.t.Helper()
	var out bytes.Buffer
	if _, err := w.Backup(w.t.Context(), &out); err != nil {
		w.t.Fatal(err)
	}
	return out.Bytes()
}

// restored is a world on an engine that holds a backup and nothing else.
func (w *world) restored(t *testing.T, dsn string, recovery seal.Identity, b []byte) (*world, error) {
	t.Helper()
	identity := identity(t)
	n := &world{t: t, identity: identity, clock: w.clock.Add(time.Hour)}
	n.config = store.Config{DSN: dsn, Identity: identity, Recipients: seal.Recipients{identity.Recipient(), recovery.Recipient()},
		Now: func() time.Time { return n.clock }, Fatal: func(err error) { t.Errorf("the store gave up: %v", err) }}
	if dsn == "" {
		n.config.File = filepath.Join(t.TempDir(), "restored.db")
	}
	_, err := store.Restore(context.Background(), n.config, recovery, bytes.NewReader(b))
	if err == nil {
		n.Store = n.open()
		n.connect()
	}
	return n, err
}

func identity(t *testing.T) seal.Identity {
	t.Helper()
	id, err := seal.GenerateIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// recoverable gives the world a recovery identity, to which its keys are sealed too.
func (w *world) recoverable() seal.Identity {
	w.t.Helper()
	recovery := identity(w.t.(*testing.T))
	if err := w.RotateKeys(w.t.Context(), w.identity, seal.Recipients{w.identity.Recipient(), recovery.Recipient()}); err != nil {
		w.t.Fatal(err)
	}
	return recovery
}

// intact checks that the ledger and all that stands beside it hold.
func (w *world) intact(project cvd.ProjectID) {
	w.t.Helper()
	_, err := w.VerifyLedger(w.t.Context(), project)
	if err := errors.Join(err, w.VerifyCases(w.t.Context(), project)); err != nil {
		w.t.Error(err)
	}
}

// chain is the links of a project's events.
func (w *world) chain(project cvd.ProjectID) (links []string) {
	w.t.Helper()
	rows, err := w.raw.Query(`SELECT chain FROM events WHERE project = $1 ORDER BY seq`, string(project))
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var h []byte
		if err := rows.Scan(&h); err != nil {
			w.t.Fatal(err)
		}
		links = append(links, ledger.Hash(h).String())
	}
	return links
}

// While people report, a backup is made, and restored on either engine: it is one moment, every event of it is the event that
// it was, and the ledger holds.
func TestBackupUnderLoadIsOneMomentOnEitherEngine(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		recovery := w.recoverable()
		w.project("luna")
		ctx, stop := context.WithCancel(t.Context())
		var writers sync.WaitGroup
		for _, project := range []cvd.ProjectID{"juno", "luna"} {
			writers.Go(func() {
				for ctx.Err() == nil {
					if _, err := w.Append(context.Background(), w.report(project, "Overflow")); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for w.count(`SELECT COUNT(*) FROM events`) < 50 {
			w.append(w.report("juno", "Overflow"))
		}
		before := w.count(`SELECT COUNT(*) FROM events`)
		b := w.backup()
		stop()
		writers.Wait()
		w.append(w.report("juno", "after the backup"))
		for engine, dsn := range map[string]string{"sqlite": "", "postgres": apptest.Postgres(t)} {
			n, err := w.restored(t, dsn, recovery, b)
			if err != nil {
				t.Fatalf("into %s: %v", engine, err)
			}
			total := 0
			for _, project := range []cvd.ProjectID{"juno", "luna"} {
				n.intact(project)
				was, is := w.chain(project), n.chain(project)
				if len(is) > len(was) || !slices.Equal(is, was[:len(is)]) {
					t.Errorf("into %s: the %d links of %s are not the first of the %d that it has", engine, len(is), project, len(was))
				}
				total += len(is)
			}
			if all := w.count(`SELECT COUNT(*) FROM events`); total < before || total >= all {
				t.Errorf("into %s: %d events, want at least the %d before the backup, and fewer than all %d", engine, total, before, all)
			}
			n.append(n.report("juno", "life goes on"))
			n.intact("juno")
		}
	})
}

// Everything that can be kept comes back: from one engine to the other and back, the rows are the same.
func TestWhatIsRestoredIsWhatWasKept(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		recovery := w.recoverable()
		c := w.live()
		first, err := w.restored(t, apptest.Postgres(t), recovery, w.backup())
		if err != nil {
			t.Fatal(err)
		}
		second, err := first.restored(t, "", recovery, first.backup())
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range store.BackedUp {
			if n := w.count(`SELECT COUNT(*) FROM ` + table); n == 0 && table != "clocks" {
				t.Errorf("nothing lies in %s: this test does not see it", table)
			}
		}
		for i, n := range []*world{first, second} {
			if (n.config.DSN == "") != (w.config.DSN == "") {
				continue // the engines print a truth in two ways
			}
			for _, table := range []string{"policies", "heads", "cases", "events", "clocks", "once", "attachments", "attachment_parts", "epochs",
				"log_hashes", "logs", "people", "readings", "register"} {
				var was, is bytes.Buffer
				w.dump(&was, table)
				n.dump(&is, table)
				if was.String() != is.String() {
					t.Errorf("after %d restores %s is another", i+1, table)
				}
			}
			got, err := n.Case(t.Context(), "juno", c.ID)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "the case", got, c)
			if _, err := n.VerifyLedger(t.Context(), "juno"); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestBackupThatIsNotWholeIsRefused(t *testing.T) {
	w := newWorld(t, "")
	recovery := w.recoverable()
	w.live()
	whole := w.backup()
	if _, err := store.CheckBackup(bytes.NewReader(whole)); err != nil {
		t.Fatal(err)
	}
	for cut := 0; cut < len(whole); cut += 1 + len(whole)/300 {
		if _, err := store.CheckBackup(bytes.NewReader(whole[:cut])); err == nil {
			t.Errorf("cut off at %d of %d bytes it is taken", cut, len(whole))
		}
	}
	for at := 0; at < len(whole); at += 1 + len(whole)/300 {
		changed := bytes.Clone(whole)
		changed[at] ^= 4
		if _, err := store.CheckBackup(bytes.NewReader(changed)); err == nil {
			t.Errorf("with the byte %d changed it is taken", at)
		}
	}
	if _, err := store.CheckBackup(bytes.NewReader(append(whole, 0))); err == nil {
		t.Error("with a byte behind its end it is taken")
	}
	other := identity(t)
	n, err := w.restored(t, "", other, whole)
	if !errors.Is(err, seal.ErrClosed) {
		t.Errorf("with another recovery key: %v", err)
	}
	again, err := store.Open(t.Context(), n.config)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if all, err := again.Projects(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("a restore that was refused left %v, %v", all, err)
	}
	if _, err = store.Restore(t.Context(), w.config, recovery, bytes.NewReader(whole)); cvd.KindOf(err) != cvd.Conflict {
		t.Errorf("over what is there: %v", err)
	}
}

// After a restore every letter and every publication that waited is held; one that was on its way may have arrived.
func TestWhatComesOutOfABackupIsHeld(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		recovery := w.recoverable()
		change := w.report("juno", "Overflow")
		change.Publish = []store.Publication{{ID: "A.1", Case: change.Case.ID, At: w.clock.Add(time.Minute), State: store.Armed, Documents: []byte("x")},
			{ID: "B.1", Case: change.Case.ID, At: w.clock.Add(2 * time.Minute), State: store.Armed, Documents: []byte("y")}}
		kept := w.append(change)
		var letters []cvd.Delivery
		for _, state := range []cvd.DeliveryState{cvd.Waiting, cvd.Sending, cvd.Sent, cvd.Held} {
			letters = append(letters, cvd.Delivery{Project: "juno", Case: change.Case.ID, Event: change.Event.ID, Job: string(state), Channel: "mail", State: state, At: w.clock})
		}
		if err := w.Followed(t.Context(), store.Unfollowed{Project: "juno"}, kept.Seq, letters); err != nil {
			t.Fatal(err)
		}
		w.append(w.report("juno", "not followed yet"))
		n, err := w.restored(t, "", recovery, w.backup())
		if err != nil {
			t.Fatal(err)
		}
		holds, err := n.Holds(t.Context())
		if err != nil || len(holds) != 1 || !holds[0].Kept.Equal(w.clock) || !holds[0].Since.Equal(n.clock) {
			t.Fatalf("held are %v, %v", holds, err)
		}
		held := func(n *world) string {
			t.Helper()
			all, err := n.HeldLetters(t.Context(), "juno", "", 10)
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, l := range all {
				out = append(out, fmt.Sprintf("%s repeated %v maybe %v", l.Job, l.Repeated, l.Maybe))
			}
			return strings.Join(out, "; ")
		}
		want := "held repeated false maybe true; sending repeated true maybe true; waiting repeated false maybe true"
		if got := held(n); got != want {
			t.Errorf("held letters: %s; want %s", got, want)
		}
		pubs, err := n.Publications(t.Context(), "juno")
		if err != nil || len(pubs) != 2 || !pubs[0].Held || !pubs[1].Held {
			t.Errorf("the publications are %+v, %v; want both held", pubs, err)
		}

		// What comes later in a project that is held, is held; a job for it finds nothing to do.
		u, err := n.Unfollowed(t.Context())
		if err != nil || len(u) != 1 {
			t.Fatal(u, err)
		}
		later := n.report("juno", "later")
		if err := n.Followed(t.Context(), u[0], n.append(later).Seq, []cvd.Delivery{{Project: "juno", Case: later.Case.ID, Event: later.Event.ID,
			Job: "zz", Channel: "mail", State: cvd.Waiting, At: n.clock}}); err != nil {
			t.Fatal(err)
		}
		if got := held(n); got != want+"; zz repeated false maybe false" {
			t.Errorf("held letters: %s", got)
		}

		// Let go, one waits again with a job of its own, and says that it may come twice. Twice let go is once.
		all, err := n.HeldLetters(t.Context(), "juno", "", 10)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := n.ReleaseLetters(t.Context(), "juno", all[2:3]); err != nil {
				t.Fatal(err)
			}
		}
		d, err := n.Delivery(t.Context(), "juno", "waiting")
		if err != nil || d.State != cvd.Waiting || !d.Repeated || d.Released != 1 {
			t.Errorf("let go it is %+v, %v", d, err)
		}
		if jobs := n.count(`SELECT COUNT(*) FROM river_job WHERE state = 'available'`); jobs != 2 { // and the one of zz
			t.Errorf("%d jobs wait, want 2", jobs)
		}
		if err := n.ReleasePublication(t.Context(), "juno", "B.1"); err != nil {
			t.Fatal(err)
		}
		if pubs, err = n.Publications(t.Context(), "juno"); err != nil || pubs[1].Held || !pubs[1].Behind {
			t.Errorf("let go before the one in front: %+v, %v; want it to wait behind", pubs[1], err)
		}
		if err := n.EndHold(t.Context(), "juno"); err != nil {
			t.Fatal(err)
		}
		if got := held(n); strings.Contains(got, "waiting") || !strings.Contains(got, "sending") {
			t.Errorf("after the hold ended: %s", got)
		}
	})
}

// A letter that was held because its channel had no address goes out when it is let go, although River knows a job of its
// name that is done.
func TestHeldLetterThatIsLetGoIsSent(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.append(w.report("juno", "Overflow"))
		follower{w.Store, w, 1}.follow()
		holding := river.NewWorkers()
		river.AddWorker(holding, &ender{w: w, state: cvd.Held})
		work(t, w.Store, holding, 1)
		for round := 1; round <= 2; round++ {
			all, err := w.HeldLetters(t.Context(), "juno", "", 10)
			if err != nil || len(all) != 1 || all[0].Maybe {
				t.Fatalf("held: %v, %v", all, err)
			}
			if err := w.ReleaseLetters(t.Context(), "juno", all); err != nil {
				t.Fatal(err)
			}
			next := river.NewWorkers()
			river.AddWorker(next, &ender{w: w, state: map[int]cvd.DeliveryState{1: cvd.Held, 2: cvd.Sent}[round]})
			work(t, w.Store, next, 1)
		}
		if n := w.count(`SELECT COUNT(*) FROM deliveries WHERE state = 'sent' AND released = 2`); n != 1 {
			t.Errorf("%d letters are sent after they were let go twice, want 1", n)
		}
	})
}

// ender ends a letter's job with a state.
type ender struct {
	river.WorkerDefaults[store.Deliver]
	w     *world
	state cvd.DeliveryState
}

func (e *ender) Work(ctx context.Context, job *river.Job[store.Deliver]) error {
	d, err := e.w.Delivery(ctx, job.Args.Project, job.Args.Job)
	if err != nil || d.Released != job.Args.Released {
		return errors.Join(err, errors.New("this job is not the letter's"))
	}
	d.State = e.state
	return e.w.SetDelivery(ctx, d, job.JobRow)
}
