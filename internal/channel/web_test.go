package channel_test

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/channel"
)

// request is what a server got.
type request struct {
	method, url string
	header      http.Header
	body        string
}

// service answers as it is told and keeps what it got.
func service(t *testing.T, answer http.HandlerFunc) (*httptest.Server, *[]request) {
	t.Helper()
	var got []request
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, request{r.Method, r.Host + r.URL.String(), r.Header, string(body)})
		answer(w, r)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that are meant to fail
	server.StartTLS()
	t.Cleanup(server.Close)
	return server, &got
}

// to returns a client that finds the server under whatever name, and trusts it.
func to(server *httptest.Server) *http.Client {
	client := channel.NewClient()
	client.Transport = &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
		},
		TLSClientConfig:        &tls.Config{RootCAs: trusted(server), ServerName: "example.com"},
		MaxResponseHeaderBytes: client.Transport.(*http.Transport).MaxResponseHeaderBytes,
		DisableKeepAlives:      true,
	}
	return client
}

func trusted(server *httptest.Server) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	return pool
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

const (
	hookAddress    = "https://hooks.example.com/t0ken?tenant=juno"
	discordAddress = "https://discord.com/api/webhooks/123/t0ken"
)

func TestAWebhookGetsTheLetter(t *testing.T) {
	server, got := service(t, status(http.StatusAccepted))
	l := cvd.Letter{Job: "ev1.webhook:9f", To: hookAddress, Subject: "Juno", Text: "Grüße <&> \"x\"\n"}
	r, err := named(t, "webhook").Send(t.Context(), channel.Out{HTTP: to(server), Now: now}, l)
	if err != nil {
		t.Fatal(err)
	}
	if r.Ref != "ev1-webhook:9f" || !r.At.Equal(noon) || len(*got) != 1 {
		t.Fatalf("got %+v and %d requests", r, len(*got))
	}
	q := (*got)[0]
	if q.method != "POST" || q.url != "hooks.example.com/t0ken?tenant=juno" {
		t.Errorf("got %s %s", q.method, q.url)
	}
	for name, want := range map[string]string{"Webhook-Id": "ev1-webhook:9f", "Webhook-Timestamp": fmt.Sprint(noon.Unix()), "Webhook-Signature": "",
		"Content-Type": "application/json", "User-Agent": "tipstaff", "Referer": ""} {
		if got := q.header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	var body map[string]string
	if err := json.Unmarshal([]byte(q.body), &body); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"id": "ev1-webhook:9f", "subject": l.Subject, "text": l.Text}, body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

func TestAWebhookIsSignedWithItsHostsSecret(t *testing.T) {
	server, got := service(t, status(http.StatusNoContent))
	private := ed25519.NewKeyFromSeed([]byte(strings.Repeat("s", 32)))
	file := filepath.Join(t.TempDir(), "secrets")
	write(t, file, "# who checks what\n\nHOOKS.example.com whsec_"+base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32)))+
		"\nseed.example.com whsk_"+base64.StdEncoding.EncodeToString(private.Seed())+
		"\n* whsk_"+base64.StdEncoding.EncodeToString(private)+"\n")
	out := channel.Out{HTTP: to(server), Now: now, Webhook: channel.WebhookConfig{SecretFile: file}}
	for _, host := range []string{"hooks.example.com", "seed.example.com", "other.example.com"} {
		if _, err := named(t, "webhook").Send(t.Context(), out, cvd.Letter{Job: "1", To: "https://" + host + "/", Text: "text"}); err != nil {
			t.Fatal(err)
		}
	}
	for i, q := range *got {
		kind, text, _ := strings.Cut(q.header.Get("Webhook-Signature"), ",")
		signature, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		signed := q.header.Get("Webhook-Id") + "." + q.header.Get("Webhook-Timestamp") + "." + q.body
		if i == 0 {
			want := channel.SignForTest("whsec_"+base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32))), "1", fmt.Sprint(noon.Unix()), q.body)
			if got := kind + "," + text; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		} else if kind != "v1a" || !ed25519.Verify(private.Public().(ed25519.PublicKey), []byte(signed), signature) {
			t.Errorf("%s: the signature %s %x does not verify", q.url, kind, signature)
		}
	}
}

func TestTheSignatureIsThatOfStandardWebhooks(t *testing.T) {
	// The example of the specification's reference libraries.
	got := channel.SignForTest("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", `{"test": 2432232314}`)
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestALetterThatCannotBeSignedStays(t *testing.T) {
	server, got := service(t, status(http.StatusOK))
	for name, text := range map[string]string{
		"no base64": "* whsec_%%%hunter2", "too short": "* whsec_aHVudGVyMg==", "no prefix": "* aHVudGVyMmh1bnRlcjJodW50ZXIyaHVudGVyMg==",
		"another prefix": "* whpk_aHVudGVyMmh1bnRlcjJodW50ZXIyaHVudGVyMg==", "three words": "* whsec_aHVudGVyMmh1bnRlcjJodW50ZXIyaHVudGVyMg== hunter2",
		"a short key": "* whsk_aHVudGVyMmh1bnRlcjJodW50ZXIy", "": "",
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "secrets")
			if text != "" {
				write(t, file, text)
			}
			out := channel.Out{HTTP: to(server), Now: now, Webhook: channel.WebhookConfig{SecretFile: file}}
			_, err := named(t, "webhook").Send(t.Context(), out, cvd.Letter{Job: "1", To: hookAddress, Text: "text"})
			if err == nil || channel.Final(err) || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "aHVudGVyM") {
				t.Errorf("got %v, want an error without the secret, to be tried again", err)
			}
		})
	}
	if len(*got) > 0 {
		t.Errorf("%d letters went out", len(*got))
	}
}

func TestDiscordGetsTheLetter(t *testing.T) {
	server, got := service(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"id":"1357","type":0,"content":"…","channel_id":"99"}`)
	})
	l := cvd.Letter{Job: "1", To: discordAddress, Subject: "not for here", Text: "@everyone: a release is coming"}
	r, err := named(t, "discord").Send(t.Context(), channel.Out{HTTP: to(server), Now: now}, l)
	if err != nil || r.Ref != "1357" || !r.At.Equal(noon) {
		t.Fatalf("got %+v, %v, want a receipt of message 1357", r, err)
	}
	q := (*got)[0]
	want := `{"content":"@everyone: a release is coming","allowed_mentions":{"parse":[]},"flags":4}`
	if q.method != "POST" || q.url != "discord.com/api/webhooks/123/t0ken?wait=true" || q.body != want {
		t.Errorf("got %s %s %s, want %s", q.method, q.url, q.body, want)
	}
}

func TestDiscordTakesTwoThousandCharacters(t *testing.T) {
	server, got := service(t, status(http.StatusOK))
	for name, test := range map[string]struct {
		text string
		err  cvd.Kind
	}{
		"as many as it takes": {strings.Repeat("ä", 2000), ""},
		"one more":            {strings.Repeat("ä", 2001), cvd.TooLarge},
		"emoji count twice":   {strings.Repeat("🙂", 1001), cvd.TooLarge},
		"none":                {" \n", cvd.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(*got)
			_, err := named(t, "discord").Send(t.Context(), channel.Out{HTTP: to(server), Now: now}, cvd.Letter{Job: "1", To: discordAddress, Text: test.text})
			if cvd.KindOf(err) != test.err || (err != nil) != channel.Final(err) || (err == nil) != (len(*got) > before) {
				t.Errorf("got %v and %d requests, want %q", err, len(*got)-before, test.err)
			}
			if test.err == cvd.TooLarge && !strings.Contains(err.Error(), "2000") {
				t.Errorf("got %v, want it to name the limit", err)
			}
		})
	}
}

func TestWhatTheServiceSaysDecides(t *testing.T) {
	with := func(code int, header, value, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(header, value)
			w.WriteHeader(code)
			_, _ = io.WriteString(w, body)
		}
	}
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		final  bool
		kind   cvd.Kind // "": delivered
		after  time.Duration
	}{
		"200":                          {status(200), false, "", 0},
		"200 and no JSON":              {with(200, "Content-Type", "text/html", "<html>"), false, "", 0},
		"a redirect":                   {with(302, "Location", "https://127.0.0.1/", ""), true, cvd.Refused, 0},
		"a redirect that keeps POST":   {with(308, "Location", "https://127.0.0.1/", ""), true, cvd.Refused, 0},
		"an address that is not there": {status(404), true, cvd.Refused, 0},
		"an address that is gone":      {status(410), true, cvd.Refused, 0},
		"a token that is wrong":        {status(401), true, cvd.Refused, 0},
		"too often, in seconds":        {with(429, "Retry-After", "7", "{}"), false, cvd.TooMany, 7 * time.Second},
		"too often, as a date":         {with(429, "Retry-After", "Sun, 05 Apr 2026 12:01:00 GMT", "{}"), false, cvd.TooMany, time.Minute},
		"too often, for ever":          {with(429, "Retry-After", "999999999", ""), false, cvd.TooMany, 24 * time.Hour},
		"too often, in the past":       {with(429, "Retry-After", "-7", ""), false, cvd.TooMany, 0},
		"too often, in words":          {with(429, "Retry-After", "soon", ""), false, cvd.TooMany, 0},
		"trouble":                      {with(503, "Retry-After", "120", ""), false, cvd.Unavailable, 2 * time.Minute},
		"trouble without a word":       {status(500), false, cvd.Unavailable, 0},
		"too slow for it":              {status(408), false, cvd.Unavailable, 0},
		"a status of its own":          {status(299), false, "", 0},
		"hanging up":                   {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, false, cvd.Unavailable, 0},
		"a header without an end":      {with(200, "X", strings.Repeat("x", 1<<20), ""), false, cvd.Unavailable, 0},
	} {
		t.Run(name, func(t *testing.T) {
			for c, address := range map[string]string{"webhook": hookAddress, "discord": discordAddress} {
				server, got := service(t, test.answer)
				_, err := named(t, c).Send(t.Context(), channel.Out{HTTP: to(server), Now: now}, cvd.Letter{Job: "j0b", To: address, Text: secret})
				if cvd.KindOf(err) != test.kind || (err == nil) != (test.kind == "") || channel.Final(err) != test.final {
					t.Errorf("%s: got %v (%s), want %q, final %t", c, err, cvd.KindOf(err), test.kind, test.final)
				}
				if e, ok := errors.AsType[*cvd.Error](err); ok && e.After != test.after {
					t.Errorf("%s: to come back after %s, want %s", c, e.After, test.after)
				}
				if len(*got) != 1 {
					t.Errorf("%s: asked %d times, want once", c, len(*got))
				}
				silent(t, err)
			}
		})
	}
}

func TestNobodyCanMakeUsReadForEver(t *testing.T) {
	ended := make(chan int64)
	server, _ := service(t, func(w http.ResponseWriter, _ *http.Request) {
		var sent int64
		for block := make([]byte, 1<<16); sent < 1<<30; {
			n, err := w.Write(block)
			sent += int64(n)
			if err != nil {
				break
			}
		}
		ended <- sent
	})
	if _, err := named(t, "webhook").Send(t.Context(), channel.Out{HTTP: to(server), Now: now}, cvd.Letter{Job: "1", To: hookAddress, Text: "text"}); err != nil {
		t.Errorf("got %v: the status was 200, whatever came after it", err)
	}
	if sent := <-ended; sent > 16<<20 { // what lies in the buffers on the way counts too
		t.Errorf("the service could send %d bytes", sent)
	}
}

func TestDiscordsOwnWordOnPatienceIsHeard(t *testing.T) {
	server, _ := service(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, `{"message":"You are being rate limited.","retry_after":1.25,"global":false}`)
	})
	_, err := named(t, "discord").Send(t.Context(), channel.Out{HTTP: to(server), Now: now}, cvd.Letter{Job: "1", To: discordAddress, Text: "text"})
	if e, ok := errors.AsType[*cvd.Error](err); !ok || e.Kind != cvd.TooMany || e.After != 1250*time.Millisecond {
		t.Errorf("got %#v, want to come back after 1.25 s", err)
	}
}

// silent checks that an error, which is kept in the clear, tells nothing of the letter and its address.
func silent(t *testing.T, err error) {
	t.Helper()
	for _, never := range []string{"t0ken", "example.com", "discord.com", "SECRET", "j0b", "127.0.0.1"} {
		if err != nil && strings.Contains(err.Error(), never) {
			t.Errorf("the error tells %q: %v", never, err)
		}
	}
}

func TestASlowServiceIsLeftAfterTenSeconds(t *testing.T) {
	for name, serve := range map[string]func(net.Conn){
		"that says nothing": func(c net.Conn) { _, _ = io.Copy(io.Discard, c) },
		"that drips its header": func(c net.Conn) {
			_, _ = http.ReadRequest(bufio.NewReader(c))
			for range 100 {
				if _, err := io.WriteString(c, "H"); err != nil {
					return
				}
				<-time.After(time.Second)
			}
		},
		"that drips its body": func(c net.Conn) {
			r, _ := http.ReadRequest(bufio.NewReader(c))
			_, _ = io.Copy(io.Discard, r.Body)
			if _, err := io.WriteString(c, "HTTP/1.1 503 No\r\nContent-Length: 1000\r\n\r\n"); err != nil {
				return
			}
			for range 100 {
				if _, err := io.WriteString(c, "x"); err != nil {
					return
				}
				<-time.After(time.Second)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var serving sync.WaitGroup
				client := channel.NewClient()
				client.Transport = &http.Transport{DialTLSContext: func(context.Context, string, string) (net.Conn, error) {
					ours, theirs := net.Pipe()
					serving.Go(func() {
						defer func() { _ = theirs.Close() }() // it has said enough
						serve(theirs)
					})
					return ours, nil
				}, DisableKeepAlives: true}
				start := time.Now()
				_, err := named(t, "webhook").Send(t.Context(), channel.Out{HTTP: client, Now: time.Now}, cvd.Letter{Job: "1", To: hookAddress, Text: "text"})
				if took := time.Since(start); err == nil || channel.Final(err) || took != 10*time.Second {
					t.Errorf("got %v after %s, want a temporary error after 10s", err, took)
				}
				serving.Wait()
			})
		})
	}
}

func TestNoLetterGoesIntoAPrivateNetwork(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }() // the test is over
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			t.Error("somebody connected")
			_ = conn.Close() // nobody is to be here
		}
	}()
	port := l.Addr().(*net.TCPAddr).Port
	client := channel.NewClient("allowed.example.org")
	for _, host := range []string{
		"127.0.0.1", "127.1.2.3", "0.0.0.0", "0.1.2.3", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "localhost", "LOCALHOST",
		"10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1", "[::ffff:10.0.0.1]", "169.254.169.254", "[::ffff:169.254.169.254]",
		"100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
		"240.0.0.1", "255.255.255.255", "[fe80::1]", "[fe80::1%25lo]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]", "[64:ff9b::7f00:1]",
		"[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::1]", "[2001::1]", "[2001:db8::1]", "[2002:7f00:1::1]", "[100::1]", "[3fff::1]", "[5f00::1]",
	} {
		letter := cvd.Letter{Job: "j0b", To: fmt.Sprintf("https://%s:%d/t0ken", host, port), Text: secret}
		_, err := named(t, "webhook").Send(t.Context(), channel.Out{HTTP: client, Now: now}, letter)
		if !channel.Final(err) {
			t.Errorf("%s: got %v, want a final refusal", letter.To, err)
		}
		silent(t, err)
	}
}

func TestPublicAddressesAreOpen(t *testing.T) {
	for _, a := range []string{"[::ffff:127.0.0.1]:443", "[::ffff:10.0.0.1]:443", "[::ffff:100.64.0.1]:443", "no address"} {
		if err := channel.PublicOnlyForTest(a); err == nil {
			t.Errorf("%s is open", a)
		}
	}
	for _, a := range []string{"1.1.1.1:443", "100.63.255.255:443", "172.32.0.1:443", "[2606:4700::1111]:443", "[2a00::1]:443"} {
		if err := channel.PublicOnlyForTest(a); err != nil {
			t.Errorf("%s: %v", a, err)
		}
	}
}

func TestAHostThatTheSettingsAllowMayBePrivate(t *testing.T) {
	server, got := service(t, status(http.StatusOK))
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		allow string
		want  bool
	}{{"LocalHost", true}, {"hooks.internal", false}} {
		client := channel.NewClient(test.allow)
		client.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: trusted(server), ServerName: "example.com"}
		before := len(*got)
		_, err := named(t, "webhook").Send(t.Context(), channel.Out{HTTP: client, Now: now}, cvd.Letter{Job: "1", To: "https://localhost:" + port + "/", Text: "text"})
		if (err == nil) != test.want || (len(*got) > before) != test.want {
			t.Errorf("with %s allowed: got %v and %d requests, want delivered %t", test.allow, err, len(*got)-before, test.want)
		}
		client.CloseIdleConnections()
	}
}

func TestAServiceMustProveItsName(t *testing.T) {
	server, got := service(t, status(http.StatusOK))
	client := to(server)
	client.Transport.(*http.Transport).TLSClientConfig = nil
	_, err := named(t, "webhook").Send(t.Context(), channel.Out{HTTP: client, Now: now}, cvd.Letter{Job: "j0b", To: hookAddress, Text: secret})
	if !errors.Is(err, cvd.Unavailable) || !strings.Contains(err.Error(), "certificate") || len(*got) > 0 {
		t.Errorf("got %v and %d requests, want a complaint about the certificate", err, len(*got))
	}
	silent(t, err)
}

func TestANameThatIsNotKnownMayBeKnownLater(t *testing.T) {
	client := channel.NewClient()
	client.Transport = &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "hooks.example.com", IsNotFound: true}}
	}}
	_, err := named(t, "webhook").Send(t.Context(), channel.Out{HTTP: client, Now: now}, cvd.Letter{Job: "j0b", To: hookAddress, Text: secret})
	if !errors.Is(err, cvd.Unavailable) || !strings.Contains(err.Error(), "name") {
		t.Errorf("got %v, want that the name is not known", err)
	}
	silent(t, err)
}
