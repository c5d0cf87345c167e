package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Client speaks with a server. Its errors are those of the server, with their kinds; a server that cannot be reached, or
// that does not answer like one, is Unavailable.
type Client struct {
	Server string // the public address: https://security.example.org
	Token  string // a token or a return code; empty: a stranger asks
	HTTP   *http.Client
}

// call is one request.
type call struct {
	method, path string
	query        url.Values
	in           any
	rev          int64
	key          string
}

// largestAnswer is how many bytes of an answer are read.
const largestAnswer = 64 << 20

// do asks, and reads the answer into out: a value for JSON, a *[]byte for whatever it is.
func (c *Client) do(ctx context.Context, k call, out any) error {
	r, err := c.request(ctx, k)
	if err != nil {
		return err
	}
	client := c.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(r)
	if err != nil {
		return cvd.Errorf(cvd.Unavailable, "%s cannot be reached: %v", c.Server, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, largestAnswer))
	if err != nil {
		return cvd.Errorf(cvd.Unavailable, "the answer of %s broke off: %v", c.Server, err)
	}
	if resp.StatusCode >= 300 {
		return refusal(resp, b)
	}
	if raw, ok := out.(*[]byte); ok {
		*raw = b
		return nil
	}
	if err := json.Unmarshal(b, out); err != nil {
		return cvd.Errorf(cvd.Unavailable, "%s does not answer like a Tipstaff server: %v", c.Server, err)
	}
	return nil
}

func (c *Client) request(ctx context.Context, k call) (*http.Request, error) {
	target := strings.TrimRight(c.Server, "/") + Prefix + k.path
	if len(k.query) > 0 {
		target += "?" + k.query.Encode()
	}
	var body io.Reader
	if k.in != nil {
		b, err := json.Marshal(k.in)
		if err != nil {
			return nil, fmt.Errorf("write the request: %w", err)
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, k.method, target, body)
	if err != nil {
		return nil, cvd.Errorf(cvd.Invalid, "%q is no address of a server: it looks like https://security.example.org", c.Server)
	}
	if k.in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.Token != "" {
		r.Header.Set("Authorization", "Bearer "+c.Token)
	}
	if k.rev > 0 {
		r.Header.Set("If-Match", strconv.Quote(strconv.FormatInt(k.rev, 10)))
	}
	if k.key != "" {
		r.Header.Set("Idempotency-Key", k.key)
	}
	return r, nil
}

// refusal is the error that the server told.
func refusal(resp *http.Response, body []byte) error {
	var p Problem
	if err := json.Unmarshal(body, &p); err != nil || p.Detail == "" {
		return cvd.Errorf(cvd.Unavailable, "%s answers %s, and not like a Tipstaff server", resp.Request.URL.Host, resp.Status)
	}
	p.Status = resp.StatusCode
	if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil {
		p.after = time.Duration(seconds) * time.Second
	}
	return p.err()
}
