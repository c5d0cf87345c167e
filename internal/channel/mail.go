package channel

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"os"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/tipstaff/tipstaff/cvd"
)

// SMTPConfig is the server that takes our mail and the name under which it goes out.
type SMTPConfig struct {
	Host         string
	Port         int    // 587 if 0, 465 with TLS "tls"
	From         string // "Juno security <security@juno.example>"
	User         string // if the server wants a sign-in; the address of From if empty
	PasswordFile string // the sign-in's password; no sign-in without it
	TLS          string // "starttls", "tls" or "none"; empty: "starttls", or "none" if Host is this machine
	CAFile       string // PEM certificates to trust instead of the system's
}

var mail = Channel{
	Name:    "mail",
	Doc:     "Sends the letter as plain text mail, to its recipient alone. A notice is clear-signed, and its signed note lies beside it.",
	Address: "an address without a name: anna@example.org",
	Check:   checkMail,
	Send:    sendMail,
}

// checkMail takes the address alone: what goes into a command to the mail server must be nothing else.
func checkMail(address string) error {
	a, err := netmail.ParseAddress(address)
	if err != nil || a.Address != address || strings.ContainsAny(address, " \t<>\"") {
		return cvd.Errorf(cvd.Invalid, "the address must be a plain mail address like anna@example.org")
	}
	if len(address) > 254 { // RFC 5321, 4.5.3.1.3, less the angle brackets
		return cvd.Errorf(cvd.Invalid, "the address must not be longer than 254 characters")
	}
	return oneLine("the address", address)
}

func sendMail(ctx context.Context, out Out, l cvd.Letter) (Receipt, error) {
	m, id, err := compose(out, l)
	if err != nil {
		return Receipt{}, err
	}
	err = out.SMTP.send(ctx, m)
	// Once the server has said yes it has the letter, however badly it says goodbye.
	if err != nil && !m.IsDelivered() {
		return Receipt{}, notSent(err)
	}
	return Receipt{At: out.Now(), Ref: id}, nil
}

// noteName is the file of a letter that is signed.
const noteName = "notice-signed.txt"

// compose writes the mail. All that goes into its header is one line or refused.
func compose(out Out, l cvd.Letter) (m *gomail.Msg, id string, err error) {
	if err := cmp.Or(checkMail(l.To), oneLine("the subject", l.Subject), oneLine("the address to leave", l.Leave), job(l.Job)); err != nil {
		return nil, "", err
	}
	from, err := netmail.ParseAddress(out.SMTP.From)
	if err != nil {
		return nil, "", fmt.Errorf("read the sender of mail %q: %w", out.SMTP.From, err)
	}
	m = gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(from)
	m.ToMailAddress(&netmail.Address{Address: l.To})
	m.Subject(l.Subject)
	m.SetDateWithValue(out.Now())
	id = messageID(l.Job, from.Address)
	m.SetMessageIDWithValue(id)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's absence is to answer
	m.SetGenHeader("X-Auto-Response-Suppress", "All")
	m.SetGenHeader("X-Tipstaff-Job", l.Job)
	if l.Leave != "" { // RFC 8058
		m.SetGenHeader("List-Unsubscribe", "<"+l.Leave+">")
		m.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	m.SetBodyString(gomail.TypeTextPlain, cmp.Or(l.Signed, l.Text))
	if l.Note != "" { // beside the text, since mail programs break lines of what they show
		m.AttachReader(noteName, strings.NewReader(l.Note), gomail.WithFileContentType(gomail.TypeTextPlain+"; charset=utf-8"))
	}
	return m, "<" + id + ">", nil
}

// messageID is the same for each try of one job, so that a letter which comes twice shows once.
func messageID(job, from string) string {
	sum := sha256.Sum256([]byte(job))
	return hex.EncodeToString(sum[:16]) + "@" + domain(from)
}

func domain(address string) string { return address[strings.LastIndex(address, "@")+1:] }

// here says whether a host is this machine, to which the way needs no cover.
func here(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// send brings one mail to the server over a connection of its own.
func (c SMTPConfig) send(ctx context.Context, m *gomail.Msg) error {
	options, err := c.options()
	if err != nil {
		return fmt.Errorf("set up mail: %w", err)
	}
	trust, err := c.trust()
	if err != nil {
		return fmt.Errorf("set up mail: %w", err)
	}
	// The connection is ours, since the library leaves one open that fails in its greeting.
	var conn net.Conn
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		var err error
		if conn, err = new(net.Dialer).DialContext(ctx, network, c.address()); err != nil || c.TLS != "tls" {
			return conn, err
		}
		covered := tls.Client(conn, trust)
		return covered, covered.HandshakeContext(ctx)
	}
	defer func() {
		if conn != nil {
			_ = conn.Close() // what matters has been said
		}
	}()
	client, err := gomail.NewClient(c.Host, append(options, gomail.WithTLSConfig(trust), gomail.WithDialContextFunc(dial))...)
	if err != nil {
		return fmt.Errorf("set up mail: %w", err)
	}
	return client.DialAndSendWithContext(ctx, m)
}

func (c SMTPConfig) address() string {
	port := c.Port
	switch {
	case port == 0 && c.TLS == "tls":
		port = 465
	case port == 0:
		port = 587
	}
	return net.JoinHostPort(c.Host, strconv.Itoa(port))
}

// options says how to speak with the server. Plain text goes to another machine only if the settings say so.
func (c SMTPConfig) options() ([]gomail.Option, error) {
	from, err := netmail.ParseAddress(c.From)
	if err != nil {
		return nil, fmt.Errorf("read the sender %q: %w", c.From, err)
	}
	// Our name in the greeting is the sender's domain: that of this machine is nobody's business.
	options := []gomail.Option{gomail.WithTimeout(20 * time.Second), gomail.WithHELO(domain(from.Address)),
		gomail.WithoutNoop(), gomail.WithoutRset()}
	switch {
	case c.TLS == "starttls" || c.TLS == "" && !here(c.Host):
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case c.TLS == "none" || c.TLS == "" || c.TLS == "tls":
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS)) // with "tls" the connection has it already
	default:
		return nil, fmt.Errorf("TLS is %q, not starttls, tls or none", c.TLS)
	}
	if c.PasswordFile == "" {
		return options, nil
	}
	// Read each time, so that it can be changed while the program runs.
	password, err := os.ReadFile(c.PasswordFile)
	if err != nil {
		return nil, err
	}
	// The library gives a password to another machine only under TLS.
	return append(options, gomail.WithUsername(cmp.Or(c.User, from.Address)), gomail.WithPassword(strings.TrimRight(string(password), "\r\n")),
		gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin)), nil
}

// trust says which servers are who they say they are.
func (c SMTPConfig) trust() (*tls.Config, error) {
	t := &tls.Config{ServerName: c.Host, MinVersion: tls.VersionTLS12}
	if c.CAFile == "" {
		return t, nil
	}
	pem, err := os.ReadFile(c.CAFile)
	if err != nil {
		return nil, err
	}
	t.RootCAs = x509.NewCertPool()
	if !t.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate", c.CAFile)
	}
	return t, nil
}

// notSent makes an error that names neither the recipient nor what the server said of him. Before the server knew of a
// recipient nothing needs hiding, and whatever was wrong was so with our settings or with the server.
func notSent(err error) error {
	e, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return fmt.Errorf("reach the mail server: %w", err)
	}
	code := strings.TrimSpace(fmt.Sprint(e.ErrorCode(), " ", e.EnhancedStatusCode()))
	switch {
	case e.ErrorCode() == 0 && e.Reason == gomail.ErrSMTPDataClose: // the whole letter was sent, and its end
		return Lost(cvd.Errorf(cvd.Unavailable, "the mail server broke off before it said whether it took the letter"))
	case e.ErrorCode() == 0:
		return cvd.Errorf(cvd.Unavailable, "the mail server broke off")
	case e.ErrorCode() < 500:
		return cvd.Errorf(cvd.Unavailable, "the mail server asks to come back later (%s)", code)
	case e.Reason == gomail.ErrSMTPMailFrom:
		return cvd.Errorf(cvd.Unavailable, "the mail server refuses the sender (%s): see the settings of mail", code)
	case e.Reason == gomail.ErrSMTPRcptTo:
		return cvd.Errorf(cvd.Refused, "the mail server refuses the recipient (%s)", code)
	}
	return cvd.Errorf(cvd.Refused, "the mail server refuses the letter (%s)", code)
}
