package advisory

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/semver"

	"github.com/tipstaff/tipstaff/cvd"
)

// The indexes of a Go vulnerability database (go.dev/security/vuln/database, "API"). Each file is there twice, since
// programs ask for the one that is compressed and take it apart themselves.
type (
	goDatabase struct {
		Modified string `json:"modified"`
	}
	goModuleIndex struct {
		Path            string              `json:"path"`
		Vulnerabilities []goModuleIndexItem `json:"vulns"`
	}
	goModuleIndexItem struct {
		ID       string `json:"id"`
		Modified string `json:"modified"`
		Fixed    string `json:"fixed,omitempty"`
	}
	goIndexItem struct {
		ID       string   `json:"id"`
		Modified string   `json:"modified"`
		Aliases  []string `json:"aliases,omitempty"`
	}
)

// goIndex writes the indexes, and the records of the changed advisories.
func (d OSVDatabase) goIndex(since time.Time, changed []cvd.AdvisoryID) ([]cvd.Document, error) {
	newest := goDatabase{osvTime(since)}
	modules, items := []goModuleIndex{}, []goIndexItem{}
	var docs []cvd.Document
	for _, e := range d.entries {
		r, ok := e.record.forGo()
		if !ok {
			continue
		}
		if later(r.Modified, newest.Modified) {
			newest.Modified = r.Modified
		}
		items = append(items, goIndexItem{r.ID, r.Modified, r.Aliases})
		for _, a := range r.Affected {
			i := slices.IndexFunc(modules, func(m goModuleIndex) bool { return m.Path == a.Package.Name })
			if i < 0 {
				i, modules = len(modules), append(modules, goModuleIndex{Path: a.Package.Name})
			}
			modules[i].Vulnerabilities = append(modules[i].Vulnerabilities, goModuleIndexItem{r.ID, r.Modified, a.lastFix()})
		}
		if slices.Contains(changed, cvd.AdvisoryID(r.DatabaseSpecific.Advisory)) {
			pair, err := goFile("ID/"+r.ID, r)
			if err != nil {
				return nil, err
			}
			docs = append(docs, pair...)
		}
	}
	slices.SortFunc(modules, func(a, b goModuleIndex) int { return cmp.Compare(a.Path, b.Path) })
	for _, f := range []struct {
		name  string
		value any
	}{{"index/db", newest}, {"index/modules", modules}, {"index/vulns", items}} {
		pair, err := goFile(f.name, f.value)
		if err != nil {
			return nil, err
		}
		docs = append(docs, pair...)
	}
	return docs, nil
}

// later compares two instants as osvTime writes them.
func later(a, b string) bool {
	x, errX := time.Parse(time.RFC3339Nano, a)
	y, errY := time.Parse(time.RFC3339Nano, b)
	return errX == nil && errY == nil && x.After(y)
}

// goFile is a file of the database, plain and compressed.
func goFile(name string, value any) ([]cvd.Document, error) {
	plain, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", name, err)
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression) // without a name or an instant in its header
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", name, err)
	}
	_, _ = z.Write(plain) // a bytes.Buffer takes everything
	_ = z.Close()
	return []cvd.Document{
		{Path: osvRoot + name + ".json", Type: "application/json", Body: plain},
		{Path: osvRoot + name + ".json.gz", Type: "application/gzip", Body: b.Bytes()},
	}, nil
}

// forGo is a record as programs of Go read it, which know no last affected version, and take whatever has no range of
// semantic versions to be affected in all of them; ok is false if no module is left. The version that ends a range here
// is the lowest one above the last affected one, which nobody released.
func (r osvRecord) forGo() (osvRecord, bool) {
	var modules []osvAffected
	for _, a := range r.Affected {
		if a.Package == nil || a.Package.Ecosystem != "Go" || len(a.Ranges) == 0 {
			continue
		}
		a.Ranges = slices.Clone(a.Ranges)
		for i, ranges := range a.Ranges {
			events := slices.Clone(ranges.Events)
			for j, e := range events {
				if e.LastAffected != "" {
					events[j] = osvEvent{Fixed: strings.TrimPrefix(after("v"+e.LastAffected), "v")}
				}
			}
			a.Ranges[i].Events = events
		}
		modules = append(modules, a)
	}
	r.Affected = modules
	return r, len(modules) > 0
}

// lastFix is the version from which on nothing is affected any more, empty if there is none.
func (a osvAffected) lastFix() string {
	last := ""
	for _, r := range a.Ranges {
		end := r.Events[len(r.Events)-1].Fixed
		if end == "" {
			return ""
		}
		if last == "" || semver.Compare("v"+end, "v"+last) > 0 {
			last = end
		}
	}
	return last
}
