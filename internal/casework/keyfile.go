package casework

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/seal"
)

// The published keys are one file, newest first, that GnuPG imports as it is and that "tipstaff notice verify" reads.

const (
	keySince = "Signs since: "
	keyUntil = "Signed until: "
	keyPrint = "Fingerprint: "
	keyNote  = "Key of signed notes: "
)

var armoredKey = regexp.MustCompile(`(?s)-----BEGIN PGP PUBLIC KEY BLOCK-----.*?-----END PGP PUBLIC KEY BLOCK-----`)

// WriteNoticeKeys writes the keys of a project as they are published.
func WriteNoticeKeys(title string, keys []NoticeKey) string {
	var out strings.Builder
	fmt.Fprintf(&out, "The keys with which %s signs its notices. They sign and are not for encrypting.\n", title)
	for _, k := range keys {
		fmt.Fprintf(&out, "\n%s%s\n", keySince, k.From.UTC().Format(time.RFC3339))
		if !k.Until.IsZero() {
			fmt.Fprintf(&out, "%s%s\n", keyUntil, k.Until.UTC().Format(time.RFC3339))
		}
		fmt.Fprintf(&out, "%s%s\n%s%s\n\n%s\n", keyPrint, k.Fingerprint, keyNote, k.Verifier, strings.TrimSpace(k.OpenPGP))
	}
	return out.String()
}

// ReadNoticeKeys reads the keys of such a file, or of one with OpenPGP keys alone. Their names are worked out from the keys themselves.
func ReadNoticeKeys(text string) ([]NoticeKey, error) {
	var keys []NoticeKey
	text = plainLines(text)
	places := armoredKey.FindAllStringIndex(text, -1)
	from := 0
	for _, at := range places {
		k := NoticeKey{OpenPGP: text[at[0]:at[1]] + "\n"}
		var err error
		if k.Fingerprint, err = seal.Fingerprint(k.OpenPGP); err != nil {
			return nil, cvd.Errorf(cvd.Invalid, "the file of keys holds an OpenPGP key that cannot be read")
		}
		for line := range strings.Lines(text[from:at[0]]) {
			k.read(strings.TrimSpace(line))
		}
		keys, from = append(keys, k), at[1]
	}
	if len(keys) == 0 {
		return nil, cvd.Errorf(cvd.Invalid, "the file holds no OpenPGP key; take the one that the project publishes as keys.txt")
	}
	return keys, nil
}

func (k *NoticeKey) read(line string) {
	if note, is := strings.CutPrefix(line, keyNote); is {
		k.Verifier = note
	}
	for _, at := range []struct {
		head string
		to   *time.Time
	}{{keySince, &k.From}, {keyUntil, &k.Until}} {
		if text, is := strings.CutPrefix(line, at.head); is {
			*at.to, _ = time.Parse(time.RFC3339, text) // what cannot be read is not said
		}
	}
}
