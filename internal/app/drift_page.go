package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"github.com/tipstaff/tipstaff/internal/channel"
	"github.com/tipstaff/tipstaff/internal/prose"
)

// Pages reads what is published on the web, for comparing it. It sends nothing of ours, comes into no private network, and
// reads no more than a page may have.
type Pages struct{ client *http.Client }

// mostHops is how many redirects are followed.
const mostHops = 5

// NewPages reads pages of the open internet, and of the hosts in allow wherever they are.
func NewPages(allow ...string) Pages {
	client := channel.NewClient(allow...) // each connection is checked, so no redirect leads inside either
	client.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if len(via) > mostHops {
			return errors.New("the page redirects too often")
		}
		if isLoopback(r.URL) && !isLoopback(via[0].URL) {
			return errors.New("the page redirects to this machine")
		}
		return safeScheme(r.URL)
	}
	return Pages{client}
}

// Loopback is the host of an address on this machine, which whoever types it may mean; empty for every other address.
func Loopback(address string) string {
	if u, err := url.Parse(address); err == nil && isLoopback(u) {
		return u.Hostname()
	}
	return ""
}

func isLoopback(u *url.URL) bool {
	at, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && at.IsLoopback()
}

// safeScheme wants https, except on this machine: what is compared must be what its author published.
func safeScheme(u *url.URL) error {
	if u.Scheme == "https" && u.Host != "" || u.Scheme == "http" && isLoopback(u) {
		return nil
	}
	return errors.New("only pages at https:// are read")
}

// errNoPage is that a server says itself that it has no such page.
var errNoPage = errors.New("the server has no such page")

// Read is the text behind an address; of a file at a forge it is the file and not the page around it.
func (p Pages) Read(ctx context.Context, address string) ([]byte, error) {
	res, err := p.ask(ctx, http.MethodGet, Raw(address))
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }() // read only
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound, http.StatusGone:
		return nil, fmt.Errorf("read %s: %w (%d)", address, errNoPage, res.StatusCode)
	default:
		return nil, fmt.Errorf("read %s: the server answers %d", address, res.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(res.Body, prose.Longest+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", address, err)
	}
	return text, nil
}

func (p Pages) ask(ctx context.Context, method, address string) (*http.Response, error) {
	u, err := url.Parse(address)
	if err == nil {
		err = safeScheme(u)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", address, err)
	}
	r, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", address, err)
	}
	r.Header.Set("User-Agent", "tipstaff")
	r.Header.Set("Accept", "text/markdown, text/plain, text/html;q=0.9, */*;q=0.5")
	res, err := p.client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", address, unwrapped(err))
	}
	return res, nil
}

// unwrapped is an error without the address, which stands before it already.
func unwrapped(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

var forges = []struct {
	page *regexp.Regexp
	raw  string
}{
	{regexp.MustCompile(`^https://github\.com/([^/]+)/([^/]+)/blob/(.+)$`), "https://raw.githubusercontent.com/$1/$2/$3"},
	{regexp.MustCompile(`^(https?://[^/]+/.+)/-/blob/(.+)$`), "$1/-/raw/$2"},
	{regexp.MustCompile(`^(https?://[^/]+/[^/]+/[^/]+)/src/(branch|commit|tag)/(.+)$`), "$1/raw/$2/$3"}, // Gitea and Forgejo
}

// Raw is the address of a file itself where a forge shows it within a page; every other address stays.
func Raw(address string) string {
	bare, _, _ := strings.Cut(address, "#")
	bare, _, _ = strings.Cut(bare, "?")
	for _, f := range forges {
		if f.page.MatchString(bare) {
			return f.page.ReplaceAllString(bare, f.raw)
		}
	}
	return address
}

var inviteCode = regexp.MustCompile(`^https?://(?:www\.)?(?:discord\.gg|discord(?:app)?\.com/invite)/([\w-]{2,64})/?$`)

// inviteAPI answers for an invite; Discord's pages are the same for a dead one.
const inviteAPI = "https://discord.com/api/v10/invites/"

// Dead says why a link leads nowhere; empty if it leads somewhere, or if nobody can tell now.
func (p Pages) Dead(ctx context.Context, address string) string {
	ask := address
	if m := inviteCode.FindStringSubmatch(address); m != nil {
		ask = inviteAPI + m[1]
	}
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		res, err := p.ask(ctx, method, ask)
		var unknown *net.DNSError
		switch {
		case errors.As(err, &unknown) && unknown.IsNotFound:
			return "no server has that name"
		case err != nil:
			return ""
		}
		_ = res.Body.Close() // only its status counts
		switch res.StatusCode {
		case http.StatusNotFound, http.StatusGone:
			if method == http.MethodHead { // some servers do not know HEAD
				continue
			}
			return fmt.Sprintf("the server answers %d", res.StatusCode)
		}
		if res.StatusCode < 400 {
			return ""
		}
	}
	return ""
}
