package casework

import (
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

func TestSecretsAreKnownByTheirLooks(t *testing.T) {
	for name, row := range map[string]struct {
		text string
		want []string
	}{
		"an ordinary report":         {"The parser reads past the end: ghp_short, AKIA, xox, https://example.org/a:b", nil},
		"an address with a password": {"it calls postgres://app:hunter22@db.example.org/x", []string{"a password in an address"}},
		"an armored key":             {"-----BEGIN PGP PRIVATE " + "KEY BLOCK-----", []string{"a private key"}},
		"a public key":               {"-----BEGIN PUBLIC KEY-----", nil},
		"two at once":                {"glpat-" + strings.Repeat("x", 20) + " and xoxb-" + strings.Repeat("1", 12), []string{"a GitLab token", "a Slack token"}},
		"nothing":                    {"", nil},
	} {
		if got := Secrets([]byte(row.text)); !slices.Equal(got, row.want) {
			t.Errorf("%s: got %q, want %q", name, got, row.want)
		}
	}
	r := cvd.Report{Steps: []string{"use AKIA" + "IOSFODNN7EXAMPLE"}, Attachments: []cvd.Attachment{{Name: "log.txt", Holds: []string{"a private key"}}}}
	if got, want := SecretsIn(r), []string{"a private key (in log.txt)", "an AWS access key"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
