package web_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/tipstaff/tipstaff/internal/web"
)

// The first lock with the second one open: behind these doors stands a page that would tell everybody everything, so that nothing but the
// door keeps people out. That casework keeps them out though a door stands open is tested with the whole program.
func TestADoorKeepsPeopleOutThoughThePageWouldAnswer(t *testing.T) {
	b := open(t)
	opened := func(who, method, project string, c *http.Cookie) answer {
		mux := http.NewServeMux()
		mux.Handle("/desk/{project}/x", web.Behind(web.Config{Casework: b.Casework, Auth: b.Auth, Now: b.Clock.Now, Log: slog.New(slog.DiscardHandler)}, who, func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, "SECRET")
		}))
		r := httptest.NewRequest(method, "/desk/"+project+"/x", nil)
		if c != nil {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return answer{w.Code, w.Header(), w.Body.String()}
	}
	jake, dimi := b.enter("juno", "jake"), b.enter("juno", "dimi") // jake may administer, dimi may not
	elsewhere := b.enter("solo-miner-monitor", "maintainer-1")
	stale := b.enter("juno", "rosa")
	b.send("/desk/juno/sign-out", nil, stale)
	for _, x := range []struct {
		name        string
		who, method string
		cookie      *http.Cookie
		want        int
	}{
		{"a member", "member", "GET", dimi, 200},
		{"a stranger", "member", "GET", nil, 303},
		{"a stranger who sends", "member", "POST", nil, 401},
		{"a member of another project", "member", "GET", elsewhere, 303},
		{"an old session", "member", "GET", stale, 303},
		{"a token of a program", "member", "GET", &http.Cookie{Name: "tipstaff", Value: b.Token("juno", "dimi")}, 303},
		{"an administrator", "administrator", "GET", jake, 200},
		{"a member who is none", "administrator", "GET", dimi, 404},
		{"an administrator of another project", "administrator", "POST", elsewhere, 401},
	} {
		a := opened(x.who, x.method, "juno", x.cookie)
		if a.status != x.want || (a.body == "SECRET") != (x.want == 200) {
			t.Errorf("%s, at a door for a %s: got %d %.40q, want %d", x.name, x.who, a.status, a.body, x.want)
		}
	}
}
