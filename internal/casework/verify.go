package casework

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/ledger"
	"github.com/tipstaff/tipstaff/internal/seal"
)

// Whether a notice is genuine is answered from the text and the project's published keys alone. Nothing is looked up, so the answer tells
// nobody whether a notice exists, and a copy of it works without the server.

// NoticeKey is a key that a project signs its notices with, as it is published.
type NoticeKey struct {
	From        time.Time // since when it signs
	Until       time.Time // when the next one took its place; zero: it signs now
	OpenPGP     string    // armored
	Fingerprint string    // of it
	Verifier    string    // of signed notes
}

// NoticeKeys are the keys that a project signs and has signed its notices with, newest first.
func (w *Casework) NoticeKeys(ctx context.Context, project cvd.ProjectID) ([]NoticeKey, error) {
	if _, err := w.project(project); err != nil {
		return nil, err
	}
	all, err := w.store.NoticeKeys(ctx, project)
	if err != nil {
		return nil, err
	}
	var out []NoticeKey
	until := time.Time{}
	for _, k := range slices.Backward(all) {
		print, err := seal.Fingerprint(k.OpenPGP)
		if err != nil {
			return nil, err
		}
		out = append(out, NoticeKey{From: k.At, Until: until, OpenPGP: k.OpenPGP, Fingerprint: print, Verifier: k.Verifier})
		until = k.At
	}
	return out, nil
}

// Genuineness is what can be said of a text that claims to be a notice.
type Genuineness string

// What a text is.
const (
	Genuine  Genuineness = "genuine"  // as it was signed
	Altered  Genuineness = "altered"  // signed, and not as it stands here
	Foreign  Genuineness = "foreign"  // signed by a key that is none of the project's
	Unsigned Genuineness = "unsigned" // not signed, or what is left of the signature cannot be read
)

// Checked is the answer about a text.
type Checked struct {
	Is     Genuineness
	Text   string    // what was signed; only if it is genuine
	Key    NoticeKey // that signed it; only if it is genuine
	By     []string  // the kinds of signature that hold: "OpenPGP", "signed note"
	At     time.Time // when it was signed, as its OpenPGP signature says
	Around bool      // there is more in what was given than what was signed
}

// LongestNotice is how much of a text is looked at.
const LongestNotice = 512 << 10

// CheckNotice says whether a text was signed by one of the keys. The text may be a clear-signed one, a signed note, or a whole mail that
// holds one or both. One signature that does not hold makes the whole an altered one: who sees both sees something wrong.
func CheckNotice(given []byte, keys []NoticeKey) Checked {
	found := Checked{Is: Unsigned}
	for _, text := range readings(given) {
		for _, one := range []Checked{checkClear(text, keys), checkNote(text, keys)} {
			found = found.and(one)
		}
	}
	if found.Is != Genuine {
		return Checked{Is: found.Is}
	}
	return found
}

// and puts together what two signatures say. Two that hold for different texts do not belong together.
func (c Checked) and(d Checked) Checked {
	switch {
	case d.Is == Unsigned:
		return c
	case c.Is == Unsigned:
		return d
	case c.Is == Altered || d.Is == Altered || c.Is != d.Is:
		return Checked{Is: Altered}
	case c.Is == Genuine && (c.Text != d.Text || c.Key.Verifier != d.Key.Verifier):
		return Checked{Is: Altered}
	}
	c.By, c.Around = append(slices.Clone(c.By), d.By...), c.Around || d.Around
	if c.At.IsZero() {
		c.At = d.At
	}
	return c
}

const (
	clearBegin = "-----BEGIN PGP SIGNED MESSAGE-----"
	clearEnd   = "-----END PGP SIGNATURE-----"
)

// checkClear checks the clear-signed part of a text. More than one is one too many.
func checkClear(text string, keys []NoticeKey) Checked {
	begin := strings.Index(text, clearBegin)
	if begin < 0 {
		return Checked{Is: Unsigned}
	}
	before, rest := text[:begin], text[begin:]
	end := strings.Index(rest, clearEnd)
	if end < 0 {
		return Checked{Is: Altered}
	}
	part, after := rest[:end+len(clearEnd)]+"\n", rest[end+len(clearEnd):]
	if strings.Contains(after, clearBegin) {
		return Checked{Is: Altered}
	}
	var armored []string
	for _, k := range keys {
		armored = append(armored, k.OpenPGP)
	}
	got, err := seal.OpenClearSigned([]byte(part), armored)
	switch {
	case errors.Is(err, seal.ErrForeign):
		return Checked{Is: Foreign}
	case err != nil:
		return Checked{Is: Altered}
	}
	i := slices.IndexFunc(keys, func(k NoticeKey) bool { return k.Fingerprint == got.Fingerprint })
	if i < 0 {
		return Checked{Is: Foreign}
	}
	return Checked{Is: Genuine, Text: signable(got.Text), Key: keys[i], By: []string{"OpenPGP"}, At: got.At,
		Around: strings.TrimSpace(before) != "" || strings.TrimSpace(after) != ""}
}

// mostLead is how many lines in front of a signed note are taken for what a chat or a mail program put there.
const mostLead = 40

// checkNote checks a text as a signed note. What stands before its text or behind its signatures is left out, and said to be there.
func checkNote(text string, keys []NoticeKey) Checked {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	last := len(lines) - 1
	for last >= 0 && !signatureLine(lines[last]) {
		last--
	}
	first := last
	for first > 0 && signatureLine(lines[first-1]) {
		first--
	}
	if last < 0 || first < 2 || strings.TrimSpace(lines[first-1]) != "" {
		return Checked{Is: Unsigned}
	}
	var verifiers []string
	for _, k := range keys {
		if k.Verifier != "" {
			verifiers = append(verifiers, k.Verifier)
		}
	}
	is := Unsigned
	for lead := 0; lead < first-1 && lead <= mostLead; lead++ {
		got, by, err := ledger.OpenText(strings.Join(lines[lead:last+1], "\n")+"\n", verifiers)
		switch {
		case err == nil:
			i := slices.IndexFunc(keys, func(k NoticeKey) bool { return k.Verifier == by })
			return Checked{Is: Genuine, Text: got, Key: keys[i], By: []string{"signed note"}, Around: lead > 0 || last < len(lines)-1}
		case errors.Is(err, ledger.ErrAltered):
			is = Altered
		case errors.Is(err, ledger.ErrForeign) && is == Unsigned:
			is = Foreign
		}
	}
	return Checked{Is: is}
}

// signatureLine says whether a line is a signature of a note: a dash, a name, and base64.
func signatureLine(line string) bool {
	rest, is := strings.CutPrefix(strings.TrimRight(line, " "), "— ")
	name, code, two := strings.Cut(rest, " ")
	_, err := base64.StdEncoding.DecodeString(code)
	return is && two && name != "" && len(code) > 8 && err == nil
}

// readings are the texts in what was given: itself, or the parts of a mail.
func readings(given []byte) []string {
	given = bytes.TrimPrefix(given[:min(len(given), LongestNotice)], []byte("\xef\xbb\xbf"))
	text := plainLines(string(given))
	if m, err := mail.ReadMessage(strings.NewReader(text)); err == nil && m.Header.Get("From") != "" {
		var out []string
		parts(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body, 0, &out)
		return out
	}
	return []string{text}
}

// parts reads a part of a mail and those within it, as deep as mails are.
func parts(ctype, encoding string, body io.Reader, depth int, out *[]string) {
	kind, params, err := mime.ParseMediaType(ctype)
	if err != nil {
		kind = "text/plain" // RFC 2045, 5.2
	}
	if strings.HasPrefix(kind, "multipart/") && depth < 5 {
		r := multipart.NewReader(body, params["boundary"])
		for range 50 {
			p, err := r.NextRawPart()
			if err != nil {
				return
			}
			parts(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p, depth+1, out)
		}
		return
	}
	if kind != "text/plain" {
		return
	}
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	text, _ := io.ReadAll(io.LimitReader(body, LongestNotice)) // what could be read is looked at
	*out = append(*out, plainLines(string(text)))
}

func plainLines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}
