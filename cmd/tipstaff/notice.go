package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/internal/app"
)

type noticeVerify struct {
	Key  string `help:"The keys that the project publishes: keys.txt, kept from before. Nothing is asked then." type:"path" placeholder:"FILE" xor:"from"`
	URL  string `name:"url" help:"Take the keys from the project's page: https://security.example.org/p/juno." placeholder:"URL" xor:"from"`
	JSON bool   `help:"Print JSON."`
	File string `arg:"" name:"notice" type:"path" help:"The notice: its text, a signed note, or a whole saved mail; - for standard input."`
}

// Help says what the exit status means.
func (*noticeVerify) Help() string {
	return `Says whether a text is as the project signed it. It looks at the text and the keys and at nothing else: with --key it
needs no network, and with --url it fetches the keys, which tells the server nothing of the notice.

Read the text that is printed, and go by it alone: around what was signed anybody may have put something.

The exit status is 0 for a genuine notice, 1 for one that is altered, signed by somebody else or not signed, 2 when the
command line is wrong, and 3 when a file or the server could not be reached.`
}

// checkedNotice is an answer for programs.
type checkedNotice struct {
	Is          string    `json:"is"`
	Text        string    `json:"text,omitempty"`
	By          []string  `json:"by,omitempty"`
	At          time.Time `json:"signed_at,omitzero"`
	Fingerprint string    `json:"fingerprint,omitempty"`
	Replaced    time.Time `json:"key_replaced_at,omitzero"`
	Around      bool      `json:"more_around,omitempty"`
}

func (c *noticeVerify) Run(ctx context.Context, d *desk) error {
	text, err := d.read(c.File)
	if err != nil {
		return err
	}
	keys, err := c.keys(ctx, d)
	if err != nil {
		return err
	}
	got := app.CheckNotice(text, keys)
	if c.JSON {
		err = d.json(checkedNotice{Is: string(got.Is), Text: got.Text, By: got.By, At: got.At, Fingerprint: got.Key.Fingerprint, Replaced: got.Key.Until, Around: got.Around})
	} else {
		d.printNotice(got)
	}
	if err == nil && got.Is != app.Genuine {
		return errNo
	}
	return err
}

// keys are those to check with, from a file or from the project's page.
func (c *noticeVerify) keys(ctx context.Context, d *desk) ([]app.NoticeKey, error) {
	switch {
	case c.Key != "":
		text, err := d.read(c.Key)
		if err != nil {
			return nil, err
		}
		return app.ReadNoticeKeys(string(text))
	case strings.HasPrefix(c.URL, "https://"), strings.HasPrefix(c.URL, "http://127.0.0.1"), strings.HasPrefix(c.URL, "http://localhost"):
		text, err := fetchKeys(ctx, strings.TrimRight(c.URL, "/")+"/keys.txt")
		if err != nil {
			return nil, exit{unreachable, err}
		}
		return app.ReadNoticeKeys(text)
	case c.URL != "":
		return nil, usage("--url begins with https://")
	}
	return nil, usage("say whose keys to check with: --key FILE or --url https://security.example.org/p/PROJECT")
}

// mostKeys is more than any file of keys.
const mostKeys = 1 << 20

func fetchKeys(ctx context.Context, url string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", fmt.Errorf("read the keys: %w", err)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", fmt.Errorf("read the keys: %w", err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(io.LimitReader(a.Body, mostKeys))
	if err != nil {
		return "", fmt.Errorf("read the keys: %w", err)
	}
	if a.StatusCode != http.StatusOK {
		return "", fmt.Errorf("read the keys: %s answers %s", url, a.Status)
	}
	return string(text), nil
}

// noticeWords say each answer to somebody who was woken by the notice.
var noticeWords = map[app.Genuineness]string{
	app.Genuine:  "GENUINE. The project signed this text, and nothing of it was changed.",
	app.Altered:  "ALTERED. This is not what was signed: something was changed, added or cut off. Do not act on it.",
	app.Foreign:  "NOT OURS. It is signed, and by none of these keys. Do not act on it.",
	app.Unsigned: "NOT SIGNED. There is no signature in it that could be read, so nobody can say whose text this is.",
}

func (d *desk) printNotice(got app.CheckedNotice) {
	d.say("%s", noticeWords[got.Is])
	if got.Is != app.Genuine {
		return
	}
	at := ""
	if !got.At.IsZero() {
		at = ", " + got.At.Format("2006-01-02 15:04:05 UTC")
	}
	d.say("Signed with %s%s.", strings.Join(got.By, " and "), at)
	d.say("Fingerprint of the key: %s", got.Key.Fingerprint)
	if !got.Key.Until.IsZero() {
		d.say("Another key took its place at %s: look at the time.", got.Key.Until.Format("2006-01-02 15:04 UTC"))
	}
	if got.Around {
		d.say("There is more in the file than was signed. Go by this text alone:")
	}
	fmt.Fprintf(d.out, "\n%s", plain(got.Text))
}

type noticeKeyRenew struct {
	app.Config `embed:""`
	Project    string `arg:"" help:"The project whose notices are signed with a new key."`
}

func (c *noticeKeyRenew) Run(ctx context.Context, d *desk) error {
	print, err := app.RenewNoticeKey(ctx, c.Config, c.Project)
	if err != nil {
		return err
	}
	d.say("Notices of %s are signed with a new key from now on: %s", c.Project, print)
	d.say("The key before stays published, since what it signed stays signed. Tell operators of the new one by a way of its own.")
	return nil
}
