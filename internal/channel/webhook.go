package channel

import (
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// WebhookConfig is how the letters to programs are signed.
type WebhookConfig struct {
	// SecretFile names the file of the signing secrets, a line for each host: the host, or * for all others, and the
	// secret as Standard Webhooks writes it, whsec_ (shared with the recipient) or whsk_ (an Ed25519 key of our own).
	// A whsec_ secret belongs to one recipient: two who share it can write in our name to each other. Without a line
	// for its host a letter is not signed.
	SecretFile string
}

var webhook = Channel{
	Name:    "webhook",
	Doc:     "Posts the letter as JSON to a program, signed as Standard Webhooks 1.0.0 says.",
	Address: "the address of the program: https://hooks.example.org/security",
	Check: func(address string) error {
		_, err := web(address)
		return err
	},
	Send: sendWebhook,
}

// hook is what a program gets. These names are a promise.
type hook struct {
	ID      string `json:"id"` // the same for each try: whoever has seen it has seen the letter
	Subject string `json:"subject"`
	Text    string `json:"text"`
	Signed  string `json:"signed,omitempty"` // of a notice: the text, clear-signed with OpenPGP
	Note    string `json:"note,omitempty"`   // of a notice: the text as a signed note (C2SP)
}

func sendWebhook(ctx context.Context, out Out, l cvd.Letter) (Receipt, error) {
	u, err := web(l.To)
	if err != nil {
		return Receipt{}, err
	}
	if err := job(l.Job); err != nil {
		return Receipt{}, err
	}
	// Dots part what is signed, so the id must have none (Standard Webhooks, signature scheme).
	id := strings.ReplaceAll(l.Job, ".", "-")
	body, err := json.Marshal(hook{ID: id, Subject: l.Subject, Text: l.Text, Signed: l.Signed, Note: l.Note})
	if err != nil {
		return Receipt{}, fmt.Errorf("write webhook: %w", err)
	}
	at := strconv.FormatInt(out.Now().Unix(), 10)
	header := http.Header{"Webhook-Id": {id}, "Webhook-Timestamp": {at}}
	secret, err := out.Webhook.secret(u.Hostname())
	if err != nil {
		return Receipt{}, err
	}
	if secret != "" {
		signature, err := sign(secret, id, at, body)
		if err != nil {
			return Receipt{}, fmt.Errorf("read %s: %w", out.Webhook.SecretFile, err)
		}
		header.Set("Webhook-Signature", signature)
	}
	a, err := post(ctx, out, l.To, header, body)
	if err != nil {
		return Receipt{}, err
	}
	now := out.Now()
	if err := a.judge(now, 0); err != nil {
		return Receipt{}, err
	}
	return Receipt{At: now, Ref: id}, nil
}

// secret finds the secret for a host, "" if there is none. A file that cannot be read is an error: whoever expects a
// signature would take the letter for somebody else's.
func (c WebhookConfig) secret(host string) (string, error) {
	if c.SecretFile == "" {
		return "", nil
	}
	text, err := os.ReadFile(c.SecretFile)
	if err != nil {
		return "", fmt.Errorf("read webhook secrets: %w", err)
	}
	others := ""
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0 || strings.HasPrefix(fields[0], "#"):
		case len(fields) != 2:
			return "", fmt.Errorf("read webhook secrets: a line of %s is not a host and a secret", c.SecretFile)
		case strings.EqualFold(fields[0], host):
			return fields[1], nil
		case fields[0] == "*":
			others = fields[1]
		}
	}
	return others, nil
}

// sign is the signature of Standard Webhooks 1.0.0: version 1 (HMAC-SHA256) or 1a (Ed25519), as the secret is. Its
// errors do not repeat the secret.
func sign(secret, id, at string, body []byte) (string, error) {
	signed := append([]byte(id+"."+at+"."), body...)
	kind, text, _ := strings.Cut(secret, "_")
	key, err := base64.StdEncoding.DecodeString(text)
	switch {
	case err != nil:
		return "", errors.New("a webhook secret is not base64 after its prefix")
	case kind == "whsec" && len(key) >= 24 && len(key) <= 64:
		mac := hmac.New(sha256.New, key)
		mac.Write(signed)
		return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
	case kind == "whsk" && len(key) == ed25519.SeedSize:
		key = ed25519.NewKeyFromSeed(key)
		fallthrough
	case kind == "whsk" && len(key) == ed25519.PrivateKeySize:
		return "v1a," + base64.StdEncoding.EncodeToString(ed25519.Sign(key, signed)), nil
	}
	return "", errors.New("a webhook secret is neither whsec_ with 24 to 64 bytes nor whsk_ with an Ed25519 key")
}
