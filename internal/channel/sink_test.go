package channel_test

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// sink is a mail server that takes letters and says what its script says instead of yes.
type sink struct {
	port     int
	script   map[string]string // command → reply; "drop" ends the connection without a word; "." is the end of the data
	starttls *tls.Certificate
	sslOnly  *tls.Certificate
	password string // asks for this one, by AUTH PLAIN, under TLS

	mu       sync.Mutex
	commands []string
	letters  []letter
}

// letter is one that was taken: its envelope and its text.
type letter struct {
	from, to, data string
	secure         bool
}

func newSink(t *testing.T, s *sink) *sink {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.port = l.Addr().(*net.TCPAddr).Port
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); serving.Wait() })
	return s
}

// certificate is valid for 127.0.0.1 and for itself.
func certificate(t *testing.T) (tls.Certificate, []byte) {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	return server.TLS.Certificates[0], server.Certificate().Raw
}

func (s *sink) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }() // nobody listens any more
	c := &session{sink: s, conn: conn}
	if s.sslOnly != nil {
		c.cover(*s.sslOnly)
	}
	c.in = bufio.NewReader(c.conn)
	if c.say("", "220 sink ready") {
		for c.next() {
		}
	}
}

type session struct {
	sink   *sink
	conn   net.Conn
	in     *bufio.Reader
	letter letter
}

func (c *session) cover(cert tls.Certificate) {
	c.conn = tls.Server(c.conn, &tls.Config{Certificates: []tls.Certificate{cert}})
	c.in, c.letter.secure = bufio.NewReader(c.conn), true
}

// say answers a command as the script has it, or with the reply.
func (c *session) say(command, reply string) bool {
	if scripted, ok := c.sink.script[command]; ok {
		reply = scripted
	}
	if reply == "drop" {
		return false
	}
	_, err := fmt.Fprintf(c.conn, "%s\r\n", reply)
	return err == nil
}

func (c *session) next() bool {
	line, err := c.in.ReadString('\n')
	if err != nil {
		return false
	}
	line = strings.TrimRight(line, "\r\n")
	verb, rest, _ := strings.Cut(line, " ")
	verb = strings.ToUpper(verb)
	c.sink.mu.Lock()
	c.sink.commands = append(c.sink.commands, line)
	c.sink.mu.Unlock()
	switch verb {
	case "EHLO":
		return c.say(verb, strings.Join(c.sink.offers(c.letter.secure), "\r\n"))
	case "STARTTLS":
		if !c.say(verb, "220 go on") {
			return false
		}
		c.cover(*c.sink.starttls)
		return true
	case "AUTH":
		given, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(rest, "PLAIN "))
		if !strings.HasSuffix(string(given), "\x00"+c.sink.password) {
			return c.say(verb, "535 5.7.8 no")
		}
		return c.say(verb, "235 2.7.0 yes")
	case "MAIL":
		c.letter.from = rest
		return c.say(verb, "250 2.1.0 yes")
	case "RCPT":
		c.letter.to += rest
		return c.say(verb, "250 2.1.5 yes")
	case "DATA":
		return c.say(verb, "354 go on") && (c.sink.script["DATA"] != "" || c.data())
	case "QUIT":
		c.say(verb, "221 bye")
		return false
	}
	return c.say(verb, "250 yes")
}

func (c *session) data() bool {
	var text strings.Builder
	for {
		line, err := c.in.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		text.WriteString(strings.TrimPrefix(line, ".")) // RFC 5321, 4.5.2
	}
	c.letter.data = text.String()
	if reply, scripted := c.sink.script["."]; !scripted || strings.HasPrefix(reply, "2") {
		c.sink.mu.Lock()
		c.sink.letters = append(c.sink.letters, c.letter)
		c.sink.mu.Unlock()
	}
	c.letter = letter{secure: c.letter.secure}
	return c.say(".", "250 2.0.0 taken")
}

func (s *sink) offers(secure bool) []string {
	offers := []string{"250-sink", "250-8BITMIME", "250 ENHANCEDSTATUSCODES"}
	if s.starttls != nil && !secure {
		offers = slices.Insert(offers, 1, "250-STARTTLS")
	}
	if s.password != "" {
		offers = slices.Insert(offers, 1, "250-AUTH PLAIN")
	}
	return offers
}

func (s *sink) taken() []letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.letters)
}

func (s *sink) heard() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.commands, "\n")
}
