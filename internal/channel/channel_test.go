package channel_test

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/channel"
)

var noon = time.Date(2026, 4, 5, 12, 0, 0, 0, time.UTC)

func now() time.Time { return noon }

func named(t *testing.T, name string) channel.Channel {
	t.Helper()
	c, ok := channel.Named(name)
	if !ok {
		t.Fatalf("there is no channel %q", name)
	}
	return c
}

func TestEveryChannelSaysWhatItIs(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range channel.All() {
		if c.Name == "" || c.Doc == "" || c.Address == "" || c.Check == nil || c.Send == nil || seen[c.Name] {
			t.Errorf("channel %q lacks something, or comes twice: %+v", c.Name, c)
		}
		seen[c.Name] = true
	}
	if _, ok := channel.Named("pigeon"); ok {
		t.Error("there is a channel of a name that nobody gave")
	}
}

func TestAddressesAreCheckedAtTheDoor(t *testing.T) {
	for _, test := range []struct {
		channel   string
		good, bad []string
	}{
		{"mail", []string{"anna@example.org", "anna+juno@example.org", "änna@example.org", "root@localhost"},
			[]string{"", "anna", "@example.org", "Anna <anna@example.org>", "<anna@example.org>", "anna@example.org, bea@example.org",
				"anna@example.org\r\nRCPT TO:<bea@example.org>", "anna@example.org\n", "\"an na\"@example.org", " anna@example.org",
				"anna@example.org\x00", fmt.Sprintf("%0250d@example.org", 1)}},
		{"webhook", []string{"https://hooks.example.org/security", "https://hooks.example.org:8443/?a=b", "https://[2001:4860:4860::8888]/", "https://8.8.8.8/"},
			[]string{"", "hooks.example.org", "http://hooks.example.org/", "ftp://hooks.example.org/", "file:///etc/passwd", "gopher://127.0.0.1/",
				"https://", "https:///path", "https:hooks.example.org", "https://user@hooks.example.org/", "https://u:p@hooks.example.org/",
				"https://hooks.example.org/#x", "https://hooks.example.org/\r\nX: y", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/",
				"https://127.1/", "https://0x7f.1/", "https://127.0.0.1./", "https://./", "https://1.2.3.4.5/"}},
		{"discord", []string{"https://discord.com/api/webhooks/123/abc-_DEF", "https://discord.com/api/v10/webhooks/123/abc", "https://canary.discord.com/api/webhooks/1/a"},
			[]string{"", "https://discord.com/", "https://discord.com.example.org/api/webhooks/123/abc", "http://discord.com/api/webhooks/123/abc",
				"https://example.org/api/webhooks/123/abc", "https://discord.com/api/webhooks/123/abc/slack", "https://discord.com/api/webhooks/123/abc?wait=false",
				"https://discord.com:444/api/webhooks/123/abc", "https://discord.com/api/webhooks/123/../../users", "https://discord.com/api/webhooks/123/a%2Fb"}},
		{"person", []string{"the validators' group on Telegram"}, []string{"", "  ", "one\ntwo", "one\u2028two"}},
	} {
		c := named(t, test.channel)
		for _, address := range test.good {
			if err := c.Check(address); err != nil {
				t.Errorf("%s refuses %q: %v", c.Name, address, err)
			}
		}
		for _, address := range test.bad {
			if err := c.Check(address); !errors.Is(err, cvd.Invalid) {
				t.Errorf("%s takes %q: %v, want invalid", c.Name, address, err)
			}
		}
	}
}

func TestWhatIsFinalIsNotTriedAgain(t *testing.T) {
	for _, kind := range []cvd.Kind{cvd.Invalid, cvd.Refused, cvd.NotFound, cvd.TooLarge} {
		if !channel.Final(fmt.Errorf("send: %w", cvd.Errorf(kind, "no"))) {
			t.Errorf("%s is tried again", kind)
		}
	}
	for _, err := range []error{cvd.Errorf(cvd.Unavailable, "later"), cvd.Errorf(cvd.TooMany, "later"), errors.New("a setting is wrong")} {
		if channel.Final(err) {
			t.Errorf("%v is not tried again", err)
		}
	}
}

func TestALetterCarriedByHandIsNeverSent(t *testing.T) {
	c := named(t, "person")
	for _, c := range []channel.Channel{c, c.Rehearse()} {
		if _, err := c.Send(t.Context(), channel.Out{Now: now}, cvd.Letter{Job: "1", To: "the forum", Text: "text"}); !c.ByHand || !channel.Final(err) {
			t.Errorf("by hand %t, sending it: %v; want true, and a final refusal", c.ByHand, err)
		}
	}
}

func TestADemonstrationSendsNothing(t *testing.T) {
	var count atomic.Int64
	for _, name := range []string{"demo", "mail", "webhook", "discord"} {
		// There is no HTTP client and no mail server: whoever tried to send would fail.
		r, err := named(t, name).Rehearse().Send(t.Context(), channel.Out{Now: now, Rehearsed: &count}, cvd.Letter{Job: "1", Text: "text"})
		if err != nil || !r.At.Equal(noon) {
			t.Errorf("%s: got %+v, %v", name, r, err)
		}
	}
	if got := count.Load(); got != 4 {
		t.Errorf("counted %d letters, want 4", got)
	}
	if _, err := named(t, "demo").Send(t.Context(), channel.Out{Now: now}, cvd.Letter{}); err != nil {
		t.Errorf("where nobody counts: %v", err)
	}
}
