// Package load asks a server as fast as it answers, and counts.
//
// Begin with Run. Another kind of request is another Request function. It speaks HTTP/1.1 over connections that it keeps,
// and does next to nothing with the answers, so that on a small machine the server is what is measured and not the asker.
// It never asks another machine than this one, and never longer than it was told.
package load

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Request writes one whole request behind buf, which it may use again. Each client has its own.
type Request func(buf []byte) []byte

// Result is what one window gave.
type Result struct {
	Took   time.Duration
	Waits  []time.Duration // of the answers with the wanted status, sorted
	Others map[string]int  // answers with another status, and errors, by their words
}

// Rate is how many good answers came in a second.
func (r Result) Rate() float64 { return float64(len(r.Waits)) / r.Took.Seconds() }

// Wait is how long the given part of the good answers took at most.
func (r Result) Wait(part float64) time.Duration {
	if len(r.Waits) == 0 {
		return 0
	}
	return r.Waits[min(int(part*float64(len(r.Waits))), len(r.Waits)-1)]
}

// Run asks with some clients for a while; make gives each client its requests, and status is the answer that counts.
func Run(address string, clients int, window time.Duration, status int, make func(client int) Request) Result {
	results := slices.Repeat([]Result{{}}, clients)
	began := time.Now()
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			c := client{address: address, end: began.Add(window), want: strconv.Itoa(status), next: make(i), Result: &results[i]}
			c.run()
		})
	}
	all.Wait()
	total := Result{Took: time.Since(began), Others: map[string]int{}}
	for _, r := range results {
		total.Waits = append(total.Waits, r.Waits...)
		for what, n := range r.Others {
			total.Others[what] += n
		}
	}
	slices.Sort(total.Waits)
	return total
}

// client is one of those who ask: a connection, and one request after the other.
type client struct {
	address string
	end     time.Time
	want    string
	next    Request
	*Result
}

func (c *client) run() {
	c.Others = map[string]int{}
	for time.Now().Before(c.end) {
		if err := c.converse(); err != nil {
			c.Others[reason(err)]++
		}
	}
}

// reason is an error without the addresses in it, so that like counts with like.
func reason(err error) string {
	text := err.Error()
	return text[strings.LastIndex(text, ": ")+1:]
}

// converse asks over one connection until the window ends or the connection does.
func (c *client) converse() error {
	conn, err := net.DialTimeout("tcp", c.address, 5*time.Second)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // nothing is left to be said
	in := bufio.NewReaderSize(conn, 64<<10)
	var buf []byte
	for {
		asked := time.Now()
		if asked.After(c.end) {
			return nil
		}
		_ = conn.SetDeadline(asked.Add(time.Minute)) // a connection that is gone says so at the write
		buf = c.next(buf[:0])
		if _, err := conn.Write(buf); err != nil {
			return err
		}
		status, closes, err := answer(in)
		if err != nil {
			return err
		}
		if status == c.want {
			c.Waits = append(c.Waits, time.Since(asked))
		} else {
			c.Others[status]++
		}
		if closes {
			return nil
		}
	}
}

// answer reads one answer: its status, and whether the connection ends with it. The body is thrown away.
func answer(in *bufio.Reader) (status string, closes bool, err error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return "", true, err
	}
	if len(line) < len("HTTP/1.1 200") || string(line[:9]) != "HTTP/1.1 " {
		return "", true, errors.New("no answer of HTTP/1.1")
	}
	status = string(line[9:12])
	length, chunked := 0, false
	for {
		if line, err = in.ReadSlice('\n'); err != nil {
			return "", true, err
		}
		if len(line) <= 2 {
			break
		}
		name, value, _ := strings.Cut(strings.TrimSpace(string(line)), ": ")
		switch name {
		case "Content-Length":
			if length, err = strconv.Atoi(value); err != nil {
				return "", true, fmt.Errorf("read the length %q: %w", value, err)
			}
		case "Transfer-Encoding":
			chunked = true
		case "Connection":
			closes = value == "close"
		}
	}
	switch {
	case status == "304":
	case chunked:
		if _, err = io.Copy(io.Discard, httputil.NewChunkedReader(in)); err == nil {
			_, err = in.ReadSlice('\n') // the empty trailer
		}
	default:
		_, err = in.Discard(length)
	}
	return status, closes, err
}
