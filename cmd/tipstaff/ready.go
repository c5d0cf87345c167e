package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

type readyCommand struct {
	Server string `help:"Address of the server, or of its metrics." env:"TIPSTAFF_SERVER" default:"http://localhost:8080" placeholder:"URL"`
}

// Run is what a container's or a load balancer's check runs, where there is no other program to ask with.
func (c *readyCommand) Run(ctx context.Context, d *desk) error {
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(c.Server, "/")+"/readyz", nil)
	if err != nil {
		return usage("%q is no address: %v", c.Server, err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // read-only
	text, err := io.ReadAll(io.LimitReader(resp.Body, 4096))
	if err != nil {
		return fmt.Errorf("read the answer of %s: %w", c.Server, err)
	}
	d.say("%s", strings.TrimSpace(string(text)))
	if resp.StatusCode != http.StatusOK {
		return errNo
	}
	return nil
}
