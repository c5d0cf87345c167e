package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/internal/app"
)

// found is the check of a name with the worst grade.
func found(t *testing.T, cfg app.Config, name string) app.Check {
	t.Helper()
	all, err := app.Doctor(t.Context(), cfg, true)
	if err != nil {
		t.Fatal(err)
	}
	var worst app.Check
	for _, c := range all {
		if (c.Grade == app.OK) != (c.Do == "") {
			t.Errorf("%s: %s: %s; the way out is %q", c.Grade, c.Name, c.Says, c.Do)
		}
		if c.Name == name && (worst.Grade == "" || worst.Grade == app.OK || c.Grade == app.Fault) {
			worst = c
		}
	}
	return worst
}

// What is wrong with an installation is named, with the way out; what is mended is well again.
func TestDoctorNamesWhatIsWrong(t *testing.T) {
	p, recovery := recoverable(t, false)
	key, inside := filepath.Join(p.Data, "key"), filepath.Join(p.Data, "recovery-key.txt")
	text, err := os.ReadFile(recovery)
	if err != nil {
		t.Fatal(err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check := func(name string, grade app.Grade, says string) {
		t.Helper()
		if c := found(t, p.Config, name); c.Grade != grade || !strings.Contains(c.Says, says) {
			t.Errorf("%s: got %s, %q; want %s, %q", name, c.Grade, c.Says, grade, says)
		}
	}
	check("server", app.OK, "one runs")
	must(p.Close(t.Context()))
	check("server", app.OK, "none runs")
	check("backup", app.Warning, "none was ever made")
	check("key file", app.Warning, "beside the database")
	check("ledger: fault", app.OK, "recomputed")
	check("policy: fault", app.Warning, "breaks its own promises in 4 places")

	must(os.Chmod(key, 0o644))
	check("key file", app.Warning, "") // the first of the two
	must(os.Chmod(key, 0o600))
	must(os.WriteFile(inside, text, 0o600))
	check("recovery key", app.Fault, inside)
	must(os.Remove(inside))
	check("recovery key", app.OK, "")
	if _, err := app.Backup(t.Context(), p.Config, filepath.Join(t.TempDir(), "b"), false); err != nil {
		t.Fatal(err)
	}
	check("backup", app.OK, "the newest")
	p.Config.BackupWithin = time.Nanosecond
	check("backup", app.Warning, "old")

	must(os.Rename(key, key+".away"))
	check("key file", app.Fault, "no such file")
	must(os.Rename(key+".away", key))
	database := filepath.Join(p.Data, "tipstaff.db")
	whole, err := os.ReadFile(database)
	must(err)
	must(os.WriteFile(database, append([]byte("no database at all"), whole[18:]...), 0o600))
	check("database", app.Fault, "restore a backup")
	must(os.Remove(database))
	check("database", app.Fault, "no such file")
	if _, err := os.Stat(database); err == nil {
		t.Error("the doctor made a database")
	}
}

// A server that is not there is named, without its password, and not taken for a wrong key.
func TestDatabaseThatDoesNotAnswerIsNoWrongKey(t *testing.T) {
	p, _ := recoverable(t, false)
	cfg := p.Config
	cfg.DatabaseFile = file(t, "postgres://tipstaff:open-sesame@127.0.0.1:1/tipstaff")
	_, err := app.Open(t.Context(), cfg, app.World{})
	if err == nil || !strings.Contains(err.Error(), "PostgreSQL does not answer") || strings.Contains(err.Error(), "sesame") || strings.Contains(err.Error(), "tipstaff init") {
		t.Errorf("got %v", err)
	}
	if c := found(t, cfg, "database"); c.Grade != app.Fault || !strings.Contains(c.Says, "does not answer") || strings.Contains(c.Says, "sesame") {
		t.Errorf("the doctor says %+v", c)
	}
}
