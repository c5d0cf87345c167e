package channel_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/channel"
)

// A web service that hangs up once it has the whole letter may have kept it; one that answers, or that was never reached,
// leaves no doubt.
func TestAnAnswerThatIsLostLeavesADoubt(t *testing.T) {
	gone := httptest.NewTLSServer(http.NotFoundHandler())
	gone.Close()
	hangsUp, _ := service(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	refuses, _ := service(t, status(http.StatusBadGateway))
	for name, test := range map[string]struct {
		server *httptest.Server
		unsure bool
	}{
		"hangs up": {hangsUp, true}, "answers that it cannot": {refuses, false}, "is not there": {gone, false},
	} {
		for _, kind := range []string{"webhook", "discord"} {
			l := cvd.Letter{Job: "ev1:9f", To: map[string]string{"webhook": hookAddress, "discord": discordAddress}[kind], Subject: "Juno", Text: "soon"}
			_, err := named(t, kind).Send(t.Context(), channel.Out{HTTP: to(test.server), Now: now}, l)
			if err == nil || channel.Unsure(err) != test.unsure || cvd.KindOf(err) != cvd.Unavailable {
				t.Errorf("a %s that %s: %v, in doubt %t; want %t, to be tried again", kind, name, err, channel.Unsure(err), test.unsure)
			}
		}
	}
}
