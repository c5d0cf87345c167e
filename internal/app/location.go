package app

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Looking asks for an address as a stranger would, and says what that shows: private, public or unknown, and what answered.
type Looking func(ctx context.Context, address string) (seen, how string)

// signIn is the path of a page to which forges send strangers.
var signIn = regexp.MustCompile(`(?i)/(log-?in|sign[_-]?in|users/sign_in|session|sessions|oauth|auth|sso)(/|$|\?)`)

// mostLeads is how many times a look goes on to another address.
const mostLeads = 4

// stranger asks without a credential through a client that reaches public addresses only.
func stranger(client *http.Client) Looking {
	return func(ctx context.Context, address string) (seen, how string) {
		for range mostLeads {
			code, to, err := askPlace(ctx, client, address)
			switch {
			case err != nil:
				return cvd.SeenUnknown, "no answer"
			case code == http.StatusNotFound || code == http.StatusForbidden || code == http.StatusUnauthorized:
				return cvd.SeenPrivate, strconv.Itoa(code)
			case code >= 200 && code < 300:
				return cvd.SeenPublic, strconv.Itoa(code)
			case code >= 300 && code < 400 && to != nil && signIn.MatchString(to.RequestURI()):
				return cvd.SeenPrivate, "a page to sign in"
			case code >= 300 && code < 400 && to != nil:
				address = to.String()
			default:
				return cvd.SeenUnknown, "the answer " + strconv.Itoa(code)
			}
		}
		return cvd.SeenUnknown, "one address after the other"
	}
}

// askPlace is one request; to is where the answer leads.
func askPlace(ctx context.Context, client *http.Client, address string) (code int, to *url.URL, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, nil, fmt.Errorf("ask for a place: %w", err)
	}
	answer, err := client.Do(r)
	if err != nil {
		return 0, nil, fmt.Errorf("ask for a place: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()                      // read only
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10)) // so that the connection can be used again
	if to, err = answer.Location(); err != nil {
		to = nil
	}
	return answer.StatusCode, to, nil
}

// visit runs the job of one look.
func (a *App) visit(ctx context.Context, out casework.Outgoing, done *store.Job) error {
	if out.Letter.To == "" { // nothing is there to look at any more
		return a.Casework.Visited(ctx, out, "", "", "", done)
	}
	seen, how := a.looking(ctx, out.Letter.To)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if seen == cvd.SeenPublic {
		a.log.Warn("a patch that should be private lies in public; the case says which", "project", string(out.Delivery.Project), "case", string(out.Delivery.Case))
	}
	return a.Casework.Visited(ctx, out, out.Place, seen, how, done)
}
