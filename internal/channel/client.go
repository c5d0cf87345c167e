package channel

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

const (
	patience   = 10 * time.Second // for one whole request
	mostAnswer = 64 << 10         // bytes of an answer that are read; also of its header
	longest    = 24 * time.Hour   // that a server may ask us to stay away
)

// NewClient returns the HTTP client for Out. Since recipients choose the addresses, it connects to public addresses
// only, as resolved at the moment of connecting, so that no name and no redirect leads into a private network. The
// hosts in allow are exempt: "hooks.internal".
func NewClient(allow ...string) *http.Client {
	free := &net.Dialer{Timeout: patience}
	guarded := &net.Dialer{Timeout: patience, Control: publicOnly}
	return &http.Client{
		Timeout:       patience,
		CheckRedirect: stay,
		Transport: &http.Transport{
			Proxy: nil, // a proxy would resolve the name once more, behind our back
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				host, _, err := net.SplitHostPort(address)
				if err == nil && slices.ContainsFunc(allow, func(a string) bool { return strings.EqualFold(a, host) }) {
					return free.DialContext(ctx, network, address)
				}
				return guarded.DialContext(ctx, network, address)
			},
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2:      true,
			MaxIdleConns:           32,
			IdleConnTimeout:        30 * time.Second,
			MaxResponseHeaderBytes: mostAnswer,
		},
	}
}

func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

var errPrivate = errors.New("the address is not a public one")

func publicOnly(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !public(at.Addr()) {
		return errPrivate
	}
	return nil
}

// special are the networks of the IANA special-purpose registries that net/netip does not name, and those whose
// addresses hold an IPv4 address of the sender's choice.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),       // this network
	netip.MustParsePrefix("100.64.0.0/10"),   // shared address space, RFC 6598
	netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation
	netip.MustParsePrefix("192.88.99.0/24"),  // 6to4 relays
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved, and broadcast
	netip.MustParsePrefix("::/96"),           // IPv4-compatible
	netip.MustParsePrefix("64:ff9b::/96"),    // NAT64
	netip.MustParsePrefix("64:ff9b:1::/48"),  // NAT64, local
	netip.MustParsePrefix("100::/64"),        // discard
	netip.MustParsePrefix("2001::/23"),       // protocol assignments, Teredo among them
	netip.MustParsePrefix("2001:db8::/32"),   // documentation
	netip.MustParsePrefix("2002::/16"),       // 6to4
	netip.MustParsePrefix("3fff::/20"),       // documentation
	netip.MustParsePrefix("5f00::/16"),       // segment routing
	netip.MustParsePrefix("fec0::/10"),       // site-local
}

// public says whether an address is one of the open internet.
func public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	return a.IsGlobalUnicast() && !a.IsPrivate() && !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(a) })
}

// web checks the address of a web service. A host that ends in a number is an IPv4 address in one of its many
// spellings (WHATWG URL, 3.5), which those who mean well do not need.
func web(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.Opaque != "" {
		return nil, cvd.Errorf(cvd.Invalid, "the address must begin with https:// and name a host")
	}
	if u.User != nil || u.Fragment != "" {
		return nil, cvd.Errorf(cvd.Invalid, "the address must hold neither a user nor a fragment")
	}
	labels := strings.Split(strings.TrimSuffix(u.Hostname(), "."), ".")
	last := strings.ToLower(labels[len(labels)-1])
	if _, err := netip.ParseAddr(u.Hostname()); err != nil && (last == "" || strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x")) {
		return nil, cvd.Errorf(cvd.Invalid, "the address must name its host in the usual way")
	}
	return u, oneLine("the address", address)
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// post sends JSON and reads the answer, which is the other side's: at most mostAnswer bytes of it, following nothing.
func post(ctx context.Context, out Out, address string, header http.Header, body []byte) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return answer{}, cvd.Errorf(cvd.Invalid, "the address is none that a request can be sent to")
	}
	r.Header = header
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "tipstaff")
	client := *out.HTTP
	client.CheckRedirect = stay
	client.Timeout = cmp.Or(client.Timeout, patience)
	var sent atomic.Bool
	r = r.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest: func(w httptrace.WroteRequestInfo) { sent.Store(w.Err == nil) }}))
	res, err := client.Do(r)
	if err != nil && sent.Load() {
		return answer{}, Lost(unreached(err))
	}
	if err != nil {
		return answer{}, unreached(err)
	}
	defer func() { _ = res.Body.Close() }() // read only
	// The status decides. Whatever is said beside it may be cut off, too long, or never end.
	said, _ := io.ReadAll(io.LimitReader(res.Body, mostAnswer))
	return answer{res.StatusCode, res.Header, said}, nil
}

// unreached makes an error that names no address: addresses may hold a secret, and errors are kept in the clear.
func unreached(err error) *cvd.Error {
	if errors.Is(err, errPrivate) {
		return cvd.Errorf(cvd.Refused, "the address leads into a private network, which the settings do not allow")
	}
	says := "the recipient's server cannot be reached"
	var unknown *net.DNSError
	var untrusted *tls.CertificateVerificationError
	var timeout net.Error
	switch {
	case errors.As(err, &unknown):
		says = "the name of the recipient's server is not known"
	case errors.As(err, &untrusted):
		says = "the certificate of the recipient's server is not valid"
	case errors.As(err, &timeout) && timeout.Timeout():
		says = "the recipient's server does not answer in time"
	}
	return cvd.Errorf(cvd.Unavailable, "%s", says)
}

// judge says what a status means; wait is how long the other side asks to stay away, if its body says so.
func (a answer) judge(now time.Time, wait time.Duration) error {
	switch {
	case a.status >= 200 && a.status <= 299:
		return nil
	case a.status == http.StatusTooManyRequests:
		return &cvd.Error{Kind: cvd.TooMany, Says: "the recipient's server asks for patience (429)", After: max(wait, a.retryAfter(now))}
	case a.status >= 500 || a.status == http.StatusRequestTimeout || a.status == http.StatusTooEarly:
		return &cvd.Error{Kind: cvd.Unavailable, Says: "the recipient's server is in trouble (" + strconv.Itoa(a.status) + ")", After: a.retryAfter(now)}
	case a.status >= 300 && a.status <= 399:
		return cvd.Errorf(cvd.Refused, "the recipient's server redirects (%d), which is not followed: the address must be the last one", a.status)
	}
	return cvd.Errorf(cvd.Refused, "the recipient's server refuses the letter (%d)", a.status)
}

// retryAfter reads the header in both of its forms (RFC 9110, 10.2.3).
func (a answer) retryAfter(now time.Time) time.Duration {
	text := a.header.Get("Retry-After")
	if n, err := strconv.Atoi(text); err == nil {
		return within(float64(n))
	}
	if at, err := http.ParseTime(text); err == nil {
		return within(at.Sub(now).Seconds())
	}
	return 0
}

func within(seconds float64) time.Duration {
	return time.Duration(min(max(seconds, 0), longest.Seconds()) * float64(time.Second))
}
