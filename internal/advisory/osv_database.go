package advisory

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// osvRoot is where the database stands below /p/{project}/. OSVPath holds all its records.
const (
	osvRoot = "osv/"
	OSVPath = osvRoot + "all.zip"
)

// OSVDatabase is all that a project has published, as OSV: records by their ids, from which the archives and indexes for
// scanners are made. It remembers itself: the archive of all records is enough to open it again.
type OSVDatabase struct {
	entries []osvEntry // by id
}

type osvEntry struct {
	record osvRecord
	packed *zip.File // its text; packing takes long, so it is done once and copied from archive to archive
}

// maxOSVRecord is the longest record that is read, in bytes; the texts of an advisory have limits far below it.
const maxOSVRecord = 4 << 20

// OpenOSV reads a database from the archive of all its records.
func OpenOSV(archive []byte) (OSVDatabase, error) {
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return OSVDatabase{}, fmt.Errorf("read %s: %w", OSVPath, err)
	}
	var d OSVDatabase
	for _, f := range z.File {
		e := osvEntry{packed: f}
		if e.record, err = readOSV(f); err != nil {
			return OSVDatabase{}, fmt.Errorf("read %s of %s: %w", f.Name, OSVPath, err)
		}
		d.entries = append(d.entries, e)
	}
	slices.SortFunc(d.entries, osvEntry.compare)
	return d, nil
}

func readOSV(f *zip.File) (o osvRecord, err error) {
	r, err := f.Open()
	if err != nil {
		return o, err
	}
	defer func() { _ = r.Close() }() // read-only
	text, err := io.ReadAll(io.LimitReader(r, maxOSVRecord))
	if err != nil {
		return o, err
	}
	return o, json.Unmarshal(text, &o)
}

func (e osvEntry) compare(other osvEntry) int { return cmp.Compare(e.record.ID, other.record.ID) }

// With is the database with the record of an advisory, instead of the one that it has of this advisory, if any.
func (d OSVDatabase) With(r Record) (OSVDatabase, error) {
	r = r.clean()
	text, err := writeOSV(r, All)
	if err != nil {
		return d, err
	}
	e := osvEntry{}
	if e.record, err = osvOf(r); err != nil {
		return d, err
	}
	if e.packed, err = packOSV(e.record.ID+".json", r.edited(), text); err != nil {
		return d, fmt.Errorf("pack %s: %w", e.record.ID, err)
	}
	at, found := slices.BinarySearchFunc(d.entries, e, osvEntry.compare)
	if found {
		return OSVDatabase{slices.Replace(slices.Clone(d.entries), at, at+1, e)}, nil
	}
	return OSVDatabase{slices.Insert(slices.Clone(d.entries), at, e)}, nil
}

// packOSV packs one file, with the instant of its last revision.
func packOSV(name string, at time.Time, text []byte) (*zip.File, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at.UTC()})
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	alone, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		return nil, err
	}
	return alone.File[0], nil
}

// Documents are the archives and indexes, with their paths below /p/{project}/, and what changed records say to programs
// of Go. Since is when the project began to publish here. The same records give the same bytes.
func (d OSVDatabase) Documents(since time.Time, changed ...cvd.AdvisoryID) ([]cvd.Document, error) {
	all, err := d.archive(func(osvRecord) bool { return true })
	if err != nil {
		return nil, err
	}
	docs := []cvd.Document{{Path: OSVPath, Type: "application/zip", Body: all}}
	for _, name := range d.ecosystems() {
		some, err := d.archive(func(r osvRecord) bool { return slices.Contains(r.ecosystems(), name) })
		if err != nil {
			return nil, err
		}
		docs = append(docs, cvd.Document{Path: osvRoot + name + "/all.zip", Type: "application/zip", Body: some})
	}
	index, err := d.goIndex(since, changed)
	return append(docs, index...), err
}

// archive holds the records wanted. Nothing in it depends on when or where it is made: the entries stand in the order of
// their ids.
func (d OSVDatabase) archive(wanted func(osvRecord) bool) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range d.entries {
		if !wanted(e.record) {
			continue
		}
		if err := z.Copy(e.packed); err != nil {
			return nil, fmt.Errorf("pack %s: %w", e.record.ID, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	return b.Bytes(), nil
}

// ecosystems are those of all records, each once.
func (d OSVDatabase) ecosystems() []string {
	var all []string
	for _, e := range d.entries {
		all = append(all, e.record.ecosystems()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// ecosystems are the folders in which scanners look for a record; that of ranges of commits is called GIT.
func (r osvRecord) ecosystems() []string {
	var all []string
	for _, a := range r.Affected {
		switch {
		case a.Package != nil:
			all = append(all, a.Package.Ecosystem)
		case len(a.Ranges) > 0:
			all = append(all, "GIT")
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
