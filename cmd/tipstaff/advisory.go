package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/advisory"
)

type advisoryExport struct {
	remote `embed:""`
	Format string `help:"The format: ${enum}." enum:"markdown,csaf,html" default:"markdown"`
	Name   string `arg:"" name:"advisory" help:"The advisory, JUNO-SA-2026-003, or its case."`
}

// Run prints the bytes that everybody reads: an export is what was published and approved, never a second writing of it.
func (c *advisoryExport) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	id := cvd.AdvisoryID(strings.ToUpper(c.Name))
	if !strings.Contains(string(id), "-SA-") {
		v, err := client.Case(ctx, project, cvd.CaseID(c.Name))
		if err != nil {
			return err
		}
		if v.Advisory == nil || v.Advisory.ID == "" || v.Disclosure == nil || v.Disclosure.At.IsZero() {
			return exit{no, fmt.Errorf("nothing was published about %s yet: case show --json holds its drafts", v.Case)}
		}
		id = v.Advisory.ID
	}
	root := strings.TrimRight(c.Server, "/") + "/p/" + url.PathEscape(string(project)) + "/"
	b, err := fetch(ctx, client.HTTP, root+"advisories/index.json")
	if err != nil {
		return err
	}
	var index []struct {
		ID        cvd.AdvisoryID `json:"id"`
		Published time.Time      `json:"published"`
	}
	if err := json.Unmarshal(b, &index); err != nil {
		return fmt.Errorf("read the index of advisories: %w", err)
	}
	format, _ := advisory.Named(c.Format)
	for _, e := range index {
		if e.ID != id {
			continue
		}
		b, err := fetch(ctx, client.HTTP, root+format.Path(advisory.Record{ID: id, Timeline: advisory.Timeline{Disclosed: e.Published}}))
		if err == nil {
			_, err = d.out.Write(b)
		}
		return err
	}
	return exit{no, fmt.Errorf("%s was not published here", id)}
}

// fetch reads a document that everybody may read.
func fetch(ctx context.Context, client *http.Client, address string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, usage("%q is no address: %v", address, err)
	}
	resp, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, cvd.Errorf(cvd.NotFound, "%s: %s", address, resp.Status)
	}
	return io.ReadAll(resp.Body)
}
