package channel

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/tipstaff/tipstaff/cvd"
)

var discord = Channel{
	Name:    "discord",
	Doc:     "Posts the letter's text into a Discord channel through an incoming webhook; a notice as a signed note, where it fits into 2000 characters.",
	Address: "the webhook's address, which is a secret: https://discord.com/api/webhooks/NUMBER/TOKEN",
	Check:   checkDiscord,
	Send:    sendDiscord,
}

// mostDiscord is Discord's limit for the content of a message. We count as UTF-16 does, which never is too few.
const mostDiscord = 2000

var (
	discordHosts = []string{"discord.com", "ptb.discord.com", "canary.discord.com", "discordapp.com"}
	discordPath  = regexp.MustCompile(`^/api(/v[0-9]+)?/webhooks/[0-9]+/[A-Za-z0-9_-]+$`)
)

func checkDiscord(address string) error {
	u, err := web(address)
	if err != nil {
		return err
	}
	if !slices.Contains(discordHosts, strings.ToLower(u.Host)) || !discordPath.MatchString(u.EscapedPath()) || u.RawQuery != "" {
		return cvd.Errorf(cvd.Invalid, "the address must be that of a Discord webhook: https://discord.com/api/webhooks/NUMBER/TOKEN")
	}
	return nil
}

// discordPost is the body of "Execute Webhook" in Discord's API.
type discordPost struct {
	Content string `json:"content"`
	// Nobody is pinged, whatever the text says.
	Mentions struct {
		Parse []string `json:"parse"`
	} `json:"allowed_mentions"`
	// Discord would otherwise visit the links in the text, and show what it finds to the whole channel.
	Flags int `json:"flags"`
}

const suppressEmbeds = 1 << 2

// roomyText is the fullest form of a letter that Discord has room for: signed, as it is, or in brief.
func roomyText(l cvd.Letter) (text string, length int) {
	for _, form := range []string{l.Note, l.Text, l.Brief} {
		if form == "" {
			continue
		}
		text, length = form, len(utf16.Encode([]rune(form)))
		if length <= mostDiscord {
			break
		}
	}
	return text, length
}

func sendDiscord(ctx context.Context, out Out, l cvd.Letter) (Receipt, error) {
	if err := checkDiscord(l.To); err != nil {
		return Receipt{}, err
	}
	if strings.TrimSpace(l.Text) == "" {
		return Receipt{}, cvd.Errorf(cvd.Invalid, "Discord takes no empty letter")
	}
	text, n := roomyText(l)
	if n > mostDiscord {
		return Receipt{}, cvd.Errorf(cvd.TooLarge, "Discord takes %d characters, the letter has %d: shorten the notice", mostDiscord, n)
	}
	p := discordPost{Content: text, Flags: suppressEmbeds}
	p.Mentions.Parse = []string{}
	body, err := json.Marshal(p)
	if err != nil {
		return Receipt{}, fmt.Errorf("write Discord message: %w", err)
	}
	// Without wait Discord answers before it knows whether the message is there.
	a, err := post(ctx, out, l.To+"?wait=true", http.Header{}, body)
	if err != nil {
		return Receipt{}, err
	}
	var said struct {
		ID         string  `json:"id"`
		RetryAfter float64 `json:"retry_after"` // seconds, more exact than the header
	}
	if json.Unmarshal(a.body, &said) != nil {
		said.ID, said.RetryAfter = "", 0 // the status has said enough
	}
	now := out.Now()
	if err := a.judge(now, within(said.RetryAfter)); err != nil {
		return Receipt{}, err
	}
	return Receipt{At: now, Ref: said.ID}, nil
}
