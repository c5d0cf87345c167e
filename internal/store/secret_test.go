package store_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/store"
)

const planted = "PLANTED the heap overflows in parse_header"

// plant writes the sentence into every string and every byte slice of a value, however deep. What holds others of its own kind, as a
// case may that went into another, holds none here.
func plant(v reflect.Value, in ...reflect.Type) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		plant(v.Elem(), in...)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() || slices.Contains(in, v.Type()) {
			return
		}
		for i := range v.NumField() {
			plant(v.Field(i), append(in, v.Type())...)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(planted))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		plant(v.Index(0), in...)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		plant(key, in...)
		plant(value, in...)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.String:
		v.SetString(planted)
	}
}

// live fills every table: an event of each kind with the sentence wherever there is place for one, and all that is kept
// beside events.
func (w *world) live() cvd.Case {
	w.t.Helper()
	ctx := w.t.Context()
	must := func(err error) {
		w.t.Helper()
		if err != nil {
			w.t.Fatal(err)
		}
	}
	sum := sha256.Sum256([]byte(planted))
	file := cvd.Attachment{ID: "f1", Name: planted, Size: int64(len(planted)), Hash: sum[:]}
	change := w.report("juno", planted)
	must(w.PutAttachment(ctx, "juno", change.Case.ID, file, []byte(planted)))
	must(w.PutAttachment(ctx, "juno", "JUNO-0000", file, []byte(planted))) // of a case that never comes
	kinds := reflect.TypeFor[cvd.What]()
	c := cvd.Case{Project: "juno", ID: change.Case.ID}
	for i := range kinds.NumField() {
		var what cvd.What
		plant(reflect.ValueOf(&what).Elem().Field(i))
		if what.Erased != nil {
			continue // nothing would be left to look at
		}
		if what.Received != nil {
			what.Received.Report.Attachments = []cvd.Attachment{file}
		}
		change = w.event(c, what)
		change.Event.Name, change.Event.Waived = planted, []string{planted}
		change.Event.Clocks = []cvd.Clock{{Name: planted, Kind: cvd.Limit, Clause: planted, Because: planted}}
		change.Case = cvd.Fold(c, change.Event)
		change.Clocks = []cvd.Clock{{Name: "response", Kind: cvd.Limit, Clause: planted, Because: planted, Due: w.clock}}
		change.Key = &store.Once{Key: [32]byte{byte(i + 1)}, Body: sum, Answer: []byte("sealed by the caller")}
		change.Publish = []store.Publication{{ID: "a", Case: c.ID, At: w.clock, State: store.Done, Documents: []byte(planted)}}
		w.append(change)
		c = change.Case
	}
	must(w.Followed(ctx, store.Unfollowed{Project: "juno"}, 1, []cvd.Delivery{{Project: "juno", Case: c.ID, Event: change.Event.ID, Job: "j1", Channel: "mail",
		State: cvd.Waiting, At: w.clock}}))
	must(w.PutPerson(ctx, "juno", cvd.Person{Handle: "anna", Name: planted, Address: planted, Roles: []string{"lead"}}, "$argon2id$"))
	must(w.PutToken(ctx, store.Token{Project: "juno", ID: "t1", Handle: "anna", Hash: []byte{1}, Expires: w.clock}))
	must(w.NoteBackup(ctx, w.clock))
	must(w.Looked(ctx, "juno", c.ID, "anna"))
	_, err := w.AddPolicy(ctx, "juno", []byte(planted))
	must(err)
	_, err = w.AddProposal(ctx, store.PolicyProposal{Project: "juno", Base: 1, Author: "anna", Source: "editor", Body: []byte(planted)})
	must(err)
	_, err = w.BeginAdoption(ctx, store.Adoption{Project: "juno", Version: 2, Author: "anna", Body: []byte(planted)})
	must(err)
	must(w.AddProcessReview(ctx, store.ProcessReview{Project: "juno", Name: "monthly", From: w.clock, Until: w.clock, Body: []byte(planted)}))
	_, err = w.NoticeSigner(ctx, "juno") // draws the keys
	must(err)
	must(w.PutRecords(ctx, "juno", []store.Record{{Kind: "member", ID: "m1", By: "anna", Body: []byte(planted)}},
		cvd.Delivery{Project: "juno", Job: "m1.apply.1", Event: "m1", Channel: "mail", State: cvd.Waiting, At: w.clock}))
	must(w.PutFeed(ctx, store.Feed{Project: "juno", ID: "f1", Owner: "anna", Hash: []byte{2}, Whose: store.Whose{Handle: "anna"},
		Given: []store.Given{{UID: "u1", Case: c.ID, Key: planted, Says: planted, At: w.clock, Changed: w.clock}}}))
	_, err = w.ClaimCopy(ctx, "juno", "https://example.org/SECURITY.md", time.Time{})
	must(err)
	must(w.PutCopy(ctx, "juno", store.Copy{URL: "https://example.org/SECURITY.md", Since: w.clock, Found: []byte(planted)}))
	_, err = w.ClaimSource(ctx, "juno", time.Time{})
	must(err)
	must(w.PutSource(ctx, "juno", []byte(planted)))
	pull := store.PolicyPull{Version: 2, Place: "policy", State: "open", Due: w.clock, Body: []byte(planted)}
	_, err = w.ClaimPull(ctx, "juno", pull)
	must(err)
	must(w.PutPull(ctx, "juno", pull))
	w.clock = w.clock.Add(2 * time.Hour)
	w.close("juno")
	return c
}

// forms are the ways in which the sentence may lie on a disk.
func forms() map[string][]byte {
	part := "PLANTED the heap overflows"
	var wide []byte
	for _, u := range utf16.Encode([]rune(part)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	all := map[string][]byte{"plain": []byte(part), "UTF-16": wide, "hexadecimal": []byte(hex.EncodeToString([]byte(part))),
		"HEXADECIMAL": []byte(strings.ToUpper(hex.EncodeToString([]byte(part))))}
	for shift := range 3 { // base64 looks different at each offset
		b := base64.StdEncoding.EncodeToString([]byte("zz"[:shift] + part))
		all[fmt.Sprintf("base64 at %d", shift)] = []byte(b[4 : len(b)-4])
	}
	return all
}

// bytesAtRest is all that somebody with the disk, or with a dump of the server, has.
func (w *world) bytesAtRest() []byte {
	w.t.Helper()
	var all bytes.Buffer
	if w.config.DSN == "" {
		files, err := filepath.Glob(w.config.File + "*")
		if err != nil || len(files) < 2 {
			w.t.Fatalf("the files are %v, %v; want the database and its log at least", files, err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				w.t.Fatal(err)
			}
			all.Write(b)
		}
	}
	for _, table := range w.tables("%") {
		w.dump(&all, table)
	}
	return all.Bytes()
}

// tables are the names of the tables.
func (w *world) tables(like string) (names []string) {
	w.t.Helper()
	statement := `SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE $1 ORDER BY name`
	if w.config.DSN != "" {
		statement = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name LIKE $1 ORDER BY table_name`
	}
	rows, err := w.raw.Query(statement, like)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			w.t.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}

func (w *world) dump(to *bytes.Buffer, table string) {
	w.t.Helper()
	rows, err := w.raw.Query(`SELECT * FROM ` + table)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		w.t.Fatal(err)
	}
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	var all []string
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			w.t.Fatal(err)
		}
		var row strings.Builder
		for _, v := range values {
			fmt.Fprintf(&row, "%s\n", v)
		}
		all = append(all, row.String())
	}
	slices.Sort(all) // the engines keep no order
	to.WriteString(strings.Join(all, ""))
}

func TestNothingThatPeopleWroteIsReadableAtRest(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		c := w.live()
		got, err := w.open().Case(t.Context(), "juno", c.ID)
		if err != nil || !strings.Contains(fmt.Sprint(got), planted) {
			t.Fatalf("the sentence was not planted: %v", err)
		}
		all := w.bytesAtRest()
		if !bytes.Contains(all, []byte(c.ID)) {
			t.Fatal("not even the case's id is there: the search is blind")
		}
		for name, form := range forms() {
			if bytes.Contains(all, form) {
				t.Errorf("the sentence lies there in the form %s", name)
			}
		}
		for name, form := range forms() { // the search finds what is there
			w.exec(`UPDATE policies SET sealed = $1`, form)
			if !bytes.Contains(w.bytesAtRest(), form) {
				t.Errorf("the search does not find the form %s", name)
			}
		}
	})
}

// SQLite keeps what it is given, whatever the column's type: a string bound to a BYTEA column, or bytes to a TEXT column,
// would read back well there and fail on PostgreSQL.
func TestEveryColumnHoldsWhatItsTypeSays(t *testing.T) {
	w := newWorld(t, "")
	w.live()
	w.exec(`INSERT INTO holds (project, kept, since) VALUES ('juno', 1, 2)`) // which only a restored copy has
	is := map[string]string{"TEXT": "text", "BIGINT": "integer", "BOOLEAN": "integer", "BYTEA": "blob"}
	theirs := []string{"goose_db_version", "sqlite_sequence"}
	for _, table := range w.tables("%") {
		if slices.Contains(theirs, table) || strings.HasPrefix(table, "river_") {
			continue
		}
		if w.count(`SELECT COUNT(*) FROM `+table) == 0 {
			t.Errorf("%s: the scenario writes no row", table)
			continue
		}
		rows, err := w.raw.Query(`SELECT name, type FROM pragma_table_info($1)`, table)
		if err != nil {
			t.Fatal(err)
		}
		columns := map[string]string{}
		for rows.Next() {
			var name, declared string
			if err := rows.Scan(&name, &declared); err != nil {
				t.Fatal(err)
			}
			columns[name] = is[declared]
		}
		rows.Close()
		for name, want := range columns {
			if w.count(`SELECT COUNT(*) FROM `+table+` WHERE typeof(`+name+`) = $1`, want) == 0 {
				t.Errorf("%s.%s: no row holds a value of the type %q", table, name, want)
			}
			if n := w.count(`SELECT COUNT(*) FROM `+table+` WHERE typeof(`+name+`) NOT IN ($1, 'null')`, want); n != 0 {
				t.Errorf("%s.%s: %d rows hold something else than the type %q", table, name, n, want)
			}
		}
	}
}

// The same life leads to the same clear columns on both engines.
func TestBothEnginesKeepTheSame(t *testing.T) {
	counts := func(w *world) map[string]int {
		w.live()
		n := map[string]int{}
		for _, table := range w.tables("%") {
			if !strings.HasPrefix(table, "goose") && !strings.HasPrefix(table, "river") && !strings.HasPrefix(table, "sqlite") {
				n[table] = w.count(`SELECT COUNT(*) FROM ` + table)
			}
		}
		return n
	}
	same(t, "rows of each table", counts(newWorld(t, "")), counts(newWorld(t, apptest.Postgres(t))))
}
