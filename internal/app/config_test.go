package app_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

func TestSettingsThatDoNotFitTogetherAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		cfg  app.Config
		says string
	}{
		"a DSN with its password":  {app.Config{Listen: "localhost:1", DatabaseFile: "postgres://anna:secret@db/tipstaff"}, "name of a file"},
		"a certificate alone":      {app.Config{Listen: "localhost:1", TLSCert: "cert.pem"}, "go together"},
		"an address without a way": {app.Config{Listen: "localhost:1", URL: "security.example.org"}, "with its scheme"},
		"a proxy by name":          {app.Config{Listen: "localhost:1", Proxy: "proxy.internal"}, "IP address"},
	} {
		err := c.cfg.Check()
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want a word about %q", name, err, c.says)
		}
		if err != nil && strings.Contains(err.Error(), "secret@") {
			t.Errorf("%s: the refusal repeats the password: %v", name, err)
		}
	}
}

func TestOnlyTheNamedProxyIsAnswered(t *testing.T) {
	p := apptest.New(t, apptest.Options{Proxy: "192.0.2.7"})
	for from, want := range map[string]int{"192.0.2.7:999": 200, "198.51.100.9:999": 403, "127.0.0.1:999": 403} {
		r, w := httptest.NewRequest("GET", "/p/juno", nil), httptest.NewRecorder()
		r.RemoteAddr = from
		if p.Handler.ServeHTTP(w, r); w.Code != want {
			t.Errorf("from %s: %d, want %d", from, w.Code, want)
		}
	}
}
