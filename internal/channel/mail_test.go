package channel_test

import (
	"encoding/pem"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/channel"
)

const secret = "SECRET detail"

var note = cvd.Letter{Job: "ev1:mail:9f", To: "anna@example.org", Subject: "Juno: a release is coming", Text: "Grüße,\n\n.\n" + secret + "\n" + strings.Repeat("long ", 400)}

func post(t *testing.T, s channel.SMTPConfig, l cvd.Letter) (channel.Receipt, error) {
	t.Helper()
	if s.Host == "" {
		s.Host = "127.0.0.1"
	}
	s.From = "Juno säcurity <security@juno.example>"
	return named(t, "mail").Send(t.Context(), channel.Out{SMTP: s, Now: now}, l)
}

func TestALetterArrivesByMail(t *testing.T) {
	s := newSink(t, &sink{})
	r, err := post(t, channel.SMTPConfig{Port: s.port}, note)
	if err != nil {
		t.Fatal(err)
	}
	letters := s.taken()
	if len(letters) != 1 || letters[0].from != "FROM:<security@juno.example> BODY=8BITMIME" || letters[0].to != "TO:<anna@example.org>" {
		t.Fatalf("got %+v, want one letter from the project to anna", letters)
	}
	m, err := netmail.ReadMessage(strings.NewReader(letters[0].data))
	if err != nil {
		t.Fatal(err)
	}
	decode := func(s string) string {
		s, err := (&mime.WordDecoder{}).DecodeHeader(s)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for name, want := range map[string]string{
		"From": `Juno säcurity <security@juno.example>`, "To": "<anna@example.org>", "Subject": note.Subject, "Message-Id": r.Ref,
		"Date": "Sun, 05 Apr 2026 12:00:00 +0000", "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All",
		"X-Tipstaff-Job": note.Job, "Content-Type": "text/plain; charset=UTF-8", "Cc": "", "Bcc": "", "User-Agent": "", "X-Mailer": "",
	} {
		if got := decode(m.Header.Get(name)); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(note.Text+"\n", strings.ReplaceAll(string(body), "\r\n", "\n")); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	if host, err := os.Hostname(); err == nil && strings.Contains(s.heard(), host) || !strings.Contains(s.heard(), "EHLO juno.example") {
		t.Errorf("we introduced ourselves with %q, want the sender's domain", s.heard())
	}
	if !r.At.Equal(noon) {
		t.Errorf("the receipt is of %s, want %s", r.At, noon)
	}
}

func TestTheSignedNoteSaysInWhichLettersItIsWritten(t *testing.T) {
	s := newSink(t, &sink{})
	signed := note
	signed.Note = "“Harbour” — moved\n"
	if _, err := post(t, channel.SMTPConfig{Port: s.port}, signed); err != nil {
		t.Fatal(err)
	}
	if data := s.taken()[0].data; !strings.Contains(strings.ToLower(data), "content-type: text/plain; charset=utf-8; name=\"notice-signed.txt\"") {
		t.Errorf("the file of the note says\n%s", data)
	}
}

func TestALetterThatComesTwiceHasTheSameName(t *testing.T) {
	s := newSink(t, &sink{})
	other := note
	other.Job = "ev1:mail:a0"
	var refs []string
	for _, l := range []cvd.Letter{note, note, other} {
		r, err := post(t, channel.SMTPConfig{Port: s.port}, l)
		if err != nil {
			t.Fatal(err)
		}
		refs = append(refs, r.Ref)
	}
	if refs[0] != refs[1] || refs[0] == refs[2] || !strings.HasSuffix(refs[0], "@juno.example>") {
		t.Errorf("got %q, want the first two alike and the third another, all of our domain", refs)
	}
	for _, part := range []string{"anna", "ev1"} {
		if strings.Contains(refs[0], part) {
			t.Errorf("the name %s tells %q", refs[0], part)
		}
	}
}

func TestNothingSlipsIntoTheHeader(t *testing.T) {
	s := newSink(t, &sink{})
	for name, change := range map[string]func(*cvd.Letter){
		"a line in the subject":       func(l *cvd.Letter) { l.Subject = "Juno\r\nBcc: eve@example.org" },
		"a bare newline":              func(l *cvd.Letter) { l.Subject = "Juno\nBcc: eve@example.org" },
		"a bare return":               func(l *cvd.Letter) { l.Subject = "Juno\rBcc: eve@example.org" },
		"a line separator":            func(l *cvd.Letter) { l.Subject = "Juno\u2028Bcc: eve@example.org" },
		"a NUL":                       func(l *cvd.Letter) { l.Subject = "Juno\x00" },
		"a line in the recipient":     func(l *cvd.Letter) { l.To = "anna@example.org>\r\nRCPT TO:<eve@example.org" },
		"two recipients":              func(l *cvd.Letter) { l.To = "anna@example.org,eve@example.org" },
		"a line in the job":           func(l *cvd.Letter) { l.Job = "1\r\nBcc: eve@example.org" },
		"a job that is not one word":  func(l *cvd.Letter) { l.Job = "1 2" },
		"no job, no way to fold twos": func(l *cvd.Letter) { l.Job = "" },
	} {
		t.Run(name, func(t *testing.T) {
			l := note
			change(&l)
			if _, err := post(t, channel.SMTPConfig{Port: s.port}, l); !channel.Final(err) {
				t.Errorf("got %v, want a final refusal", err)
			}
		})
	}
	// A subject that only looks like headers is text.
	l := note
	l.Subject = strings.Repeat("Ünï =?utf-8?q?=0D=0ABcc:_eve@example.org?= ", 10)
	if _, err := post(t, channel.SMTPConfig{Port: s.port}, l); err != nil {
		t.Fatal(err)
	}
	letters := s.taken()
	if len(letters) != 1 {
		t.Fatalf("%d letters went out, want the last alone", len(letters))
	}
	m, err := netmail.ReadMessage(strings.NewReader(letters[0].data))
	if err != nil {
		t.Fatal(err)
	}
	if m.Header.Get("Bcc") != "" || strings.Contains(s.heard(), "eve") {
		t.Errorf("something slipped in: %v", m.Header)
	}
}

func TestWhatTheMailServerSaysDecides(t *testing.T) {
	rude := " to <anna@example.org>: " + secret
	for name, test := range map[string]struct {
		script    map[string]string
		delivered bool
		final     bool
		says      string
	}{
		"yes":                               {nil, true, false, ""},
		"the recipient is unknown":          {map[string]string{"RCPT": "550 5.1.1 no" + rude}, false, true, "refuses the recipient (550 5.1.1)"},
		"the recipient's box is full":       {map[string]string{"RCPT": "452 4.2.2 no" + rude}, false, false, "come back later (452 4.2.2)"},
		"the letter is refused":             {map[string]string{".": "554 5.6.0 no" + rude}, false, true, "refuses the letter (554 5.6.0)"},
		"data is refused":                   {map[string]string{"DATA": "554 5.5.1 no" + rude}, false, true, "refuses the letter (554 5.5.1)"},
		"the letter is put off":             {map[string]string{".": "451 4.3.0 no" + rude}, false, false, "come back later (451 4.3.0)"},
		"our sender is refused":             {map[string]string{"MAIL": "550 5.7.1 no"}, false, false, "refuses the sender (550 5.7.1)"},
		"the server is busy":                {map[string]string{"": "421 4.3.2 busy"}, false, false, "421"},
		"the server hangs up at once":       {map[string]string{"": "drop"}, false, false, "EOF"},
		"the server hangs up on the data":   {map[string]string{".": "drop"}, false, false, "broke off before it said whether"},
		"the server hangs up after its yes": {map[string]string{"QUIT": "drop"}, true, false, ""},
		"the server says yes, then no":      {map[string]string{"QUIT": "550 no"}, true, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSink(t, &sink{script: test.script})
			_, err := post(t, channel.SMTPConfig{Port: s.port}, note)
			if (err == nil) != test.delivered {
				t.Fatalf("got %v, want delivered %t", err, test.delivered)
			}
			if err == nil {
				return
			}
			if channel.Final(err) != test.final || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, final %t; want …%s…, final %t", err, channel.Final(err), test.says, test.final)
			}
			for _, never := range []string{"anna", "example.org", "SECRET", "ev1"} {
				if strings.Contains(err.Error(), never) {
					t.Errorf("the error tells %q: %v", never, err)
				}
			}
			// Only where the whole letter was sent and no answer came does nobody know.
			if want := test.script["."] == "drop"; channel.Unsure(err) != want {
				t.Errorf("that it may have gone out all the same: %t, want %t", !want, want)
			}
		})
	}
	if _, err := post(t, channel.SMTPConfig{Port: closedPort(t)}, note); err == nil || channel.Final(err) {
		t.Errorf("with no server: %v, want a temporary error", err)
	}
}

// closedPort is one that nobody listens at.
func closedPort(t *testing.T) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }() // that is its purpose
	return l.Addr().(*net.TCPAddr).Port
}

func TestMailIsCoveredOnItsWay(t *testing.T) {
	cert, der := certificate(t)
	dir := t.TempDir()
	ca, password := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "password")
	write(t, ca, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	write(t, password, "hunter2\n")
	for name, test := range map[string]struct {
		sink   *sink
		config channel.SMTPConfig
		secure bool
		err    string
	}{
		"STARTTLS, with a sign-in":           {&sink{starttls: &cert, password: "hunter2"}, channel.SMTPConfig{TLS: "starttls", CAFile: ca, PasswordFile: password}, true, ""},
		"TLS from the start":                 {&sink{sslOnly: &cert}, channel.SMTPConfig{TLS: "tls", CAFile: ca}, true, ""},
		"a server that lost its STARTTLS":    {&sink{}, channel.SMTPConfig{TLS: "starttls", CAFile: ca}, false, "STARTTLS"},
		"a certificate nobody vouches for":   {&sink{starttls: &cert}, channel.SMTPConfig{TLS: "starttls"}, false, "certificate"},
		"TLS from the start, with a sign-in": {&sink{sslOnly: &cert, password: "hunter2"}, channel.SMTPConfig{TLS: "tls", CAFile: ca, PasswordFile: password}, true, ""},
		"a password that is wrong":           {&sink{starttls: &cert, password: "other"}, channel.SMTPConfig{TLS: "starttls", CAFile: ca, PasswordFile: password}, false, "535"},
		"plain text to this machine":         {&sink{}, channel.SMTPConfig{}, false, ""},
		"plain text where settings say so":   {&sink{}, channel.SMTPConfig{TLS: "none"}, false, ""},
		"a word that is no setting":          {&sink{}, channel.SMTPConfig{TLS: "yes"}, false, "not starttls, tls or none"},
		"a password file that is not there":  {&sink{}, channel.SMTPConfig{PasswordFile: filepath.Join(dir, "nothing")}, false, "no such file"},
		"a CA file without a certificate":    {&sink{}, channel.SMTPConfig{CAFile: password}, false, "no certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSink(t, test.sink)
			test.config.Port = s.port
			_, err := post(t, test.config, note)
			if test.err != "" {
				if err == nil || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(test.err)) || channel.Final(err) {
					t.Errorf("got %v, want …%s…, to be tried again", err, test.err)
				}
				if len(s.taken()) > 0 || strings.Contains(s.heard(), "hunter2") || strings.Contains(err.Error(), "hunter2") {
					t.Errorf("the server heard %q and has %d letters; the error is %v", s.heard(), len(s.taken()), err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if letters := s.taken(); len(letters) != 1 || letters[0].secure != test.secure {
				t.Errorf("got %+v, want one letter, secure %t", letters, test.secure)
			}
		})
	}
}

func TestPlainTextNeverLeavesThisMachineUnasked(t *testing.T) {
	// Connecting to 0.0.0.0 reaches this machine too, but its name does not say so, as that of another machine.
	const elsewhere = "0.0.0.0"
	password := filepath.Join(t.TempDir(), "password")
	write(t, password, "hunter2\n")
	for name, test := range map[string]struct {
		config channel.SMTPConfig
		err    string
	}{
		"nothing was said about it":            {channel.SMTPConfig{}, "STARTTLS"},
		"the settings say so":                  {channel.SMTPConfig{TLS: "none"}, ""},
		"the settings say so, with a password": {channel.SMTPConfig{TLS: "none", PasswordFile: password}, "unencrypted"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSink(t, &sink{password: "hunter2"})
			test.config.Host, test.config.Port = elsewhere, s.port
			_, err := post(t, test.config, note)
			if test.err == "" {
				if err != nil || len(s.taken()) != 1 {
					t.Errorf("got %v and %d letters, want one letter", err, len(s.taken()))
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.err) || channel.Final(err) {
				t.Errorf("got %v, want …%s…, to be tried again", err, test.err)
			}
			if len(s.taken()) > 0 || strings.Contains(s.heard(), "MAIL") || strings.Contains(s.heard(), "AUTH") {
				t.Errorf("the server heard %q, want nothing of the letter and the password", s.heard())
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
