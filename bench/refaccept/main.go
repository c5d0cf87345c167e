// Refaccept is no product but the measure of one: the least that a server can do which takes reports in for good, and the
// least that one can do which shows a page.
//
// A report is read as JSON, kept as three rows in one SQLite file with write-ahead log and full synchronisation, together
// with all others that came meanwhile in one commit, and only then answered. A page is a file, compressed before, from memory.
// It checks nothing, seals nothing, and knows nobody.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"flag"
	"log"
	"net/http"
	"os"
	"strconv"
	"time"

	_ "modernc.org/sqlite" // the driver that the program has
)

const schema = `
CREATE TABLE cases (id INTEGER PRIMARY KEY, code TEXT UNIQUE, title TEXT, body TEXT, at INTEGER);
CREATE TABLE events (id INTEGER PRIMARY KEY, case_id INTEGER, at INTEGER, kind TEXT, hash BLOB);
CREATE INDEX events_of_case ON events (case_id);
CREATE TABLE outbox (id INTEGER PRIMARY KEY, case_id INTEGER, kind TEXT, due INTEGER, done INTEGER);`

// batchMax is how many reports one commit keeps, the same as in the program.
const batchMax = 256

func main() {
	listen := flag.String("listen", "127.0.0.1:7080", "address to listen on")
	file := flag.String("db", "reference.db", "the database, which must not exist")
	page := flag.String("page", "", "a file to show at /page")
	flag.Parse()
	if err := serve(*listen, *file, *page); err != nil {
		log.Fatal(err)
	}
}

func serve(listen, file, page string) error {
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(schema); err != nil {
		return err
	}
	queue := make(chan *report, 1024)
	go keepAll(db, queue)
	mux := http.NewServeMux()
	mux.Handle("POST /reports", take(queue))
	mux.HandleFunc("GET /ready", func(http.ResponseWriter, *http.Request) {})
	if page != "" {
		show, err := shown(page)
		if err != nil {
			return err
		}
		mux.Handle("GET /page", show)
	}
	return (&http.Server{Addr: listen, Handler: mux, ReadHeaderTimeout: 5 * time.Second}).ListenAndServe()
}

// report is one that waits for its commit.
type report struct {
	Title, Description string
	code               string
	kept               chan error
}

func take(queue chan<- *report) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		in := &report{kept: make(chan error, 1)}
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(in); err != nil || in.Title == "" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		var code [16]byte
		_, _ = rand.Read(code[:]) // never fails
		in.code = hex.EncodeToString(code[:])
		queue <- in
		if err := <-in.kept; err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Location", "/reports/"+in.code)
		w.WriteHeader(http.StatusCreated)
	}
}

// keepAll is the one writer: whatever came while it wrote is its next commit.
func keepAll(db *sql.DB, queue <-chan *report) {
	for first := range queue {
		batch := []*report{first}
		for len(batch) < batchMax && len(queue) > 0 {
			batch = append(batch, <-queue)
		}
		err := keep(db, batch)
		for _, r := range batch {
			r.kept <- err
		}
	}
}

func keep(db *sql.DB, batch []*report) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing to do after the commit
	for _, r := range batch {
		now, hash := time.Now().UnixMicro(), sha256.Sum256([]byte(r.Description))
		added, err := tx.Exec(`INSERT INTO cases (code, title, body, at) VALUES ($1, $2, $3, $4)`, r.code, r.Title, r.Description, now)
		if err != nil {
			return err
		}
		id, err := added.LastInsertId()
		if err != nil {
			return err
		}
		if _, err = tx.Exec(`INSERT INTO events (case_id, at, kind, hash) VALUES ($1, $2, 'received', $3)`, id, now, hash[:]); err != nil {
			return err
		}
		if _, err = tx.Exec(`INSERT INTO outbox (case_id, kind, due, done) VALUES ($1, 'acknowledge', $2, 0)`, id, now); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// shown is a page whose bytes are ready.
func shown(file string) (http.HandlerFunc, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(text); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	body, length := packed.Bytes(), strconv.Itoa(packed.Len())
	hash := sha256.Sum256(text)
	tag := `"` + hex.EncodeToString(hash[:16]) + `"`
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Length", length)
		_, _ = w.Write(body) // a client that went away
	}, nil
}
