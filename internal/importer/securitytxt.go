package importer

import (
	"fmt"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// SecurityTxt reads where reports go out of a security.txt (RFC 9116). The first contact is the one that its author prefers (2.5.3);
// one without an end, or past it, is no good (2.5.5).
func SecurityTxt(text []byte, now time.Time) (cvd.Route, error) {
	r := cvd.Route{Source: "security.txt"}
	for line := range strings.Lines(signedText(string(text))) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "contact":
			if h, usable := handleOf(value); usable && r.Is == "" {
				r.Is = h.Is
			}
		case "expires":
			at, err := time.Parse(time.RFC3339, strings.ToUpper(value))
			if err != nil || !r.ExpiresAt.IsZero() {
				return cvd.Route{}, fmt.Errorf("the security.txt does not say once, as an instant, until when it holds")
			}
			r.ExpiresAt = at.UTC()
		}
	}
	switch {
	case r.Is == "":
		return cvd.Route{}, fmt.Errorf("the security.txt names no contact that can be used")
	case r.ExpiresAt.IsZero():
		return cvd.Route{}, fmt.Errorf("the security.txt does not say until when it holds")
	case now.After(r.ExpiresAt):
		return cvd.Route{}, fmt.Errorf("the security.txt ended at %s", cvd.Instant(r.ExpiresAt))
	}
	return r, nil
}

// signedText is the text within a clear signature, if there is one: its headers and the signature are nobody's contact.
func signedText(text string) string {
	const begin, end = "-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNATURE-----"
	text = strings.ReplaceAll(text, "\r\n", "\n")
	_, rest, signed := strings.Cut(text, begin)
	if !signed {
		return text
	}
	_, rest, _ = strings.Cut(rest, "\n\n")
	inside, _, _ := strings.Cut(rest, end)
	return strings.ReplaceAll("\n"+inside, "\n- ", "\n")
}
