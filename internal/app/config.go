package app

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Config holds every setting. Each is a flag of `tipstaff serve`, an environment variable (TIPSTAFF_LISTEN) and a line of
// DATA/tipstaff.yaml (listen: …), in this order of strength. Secrets are never settings: a setting names the file with one.
type Config struct {
	// Where everything is kept: the database (SQLite), the key, the recovery recipient. Only the program's user may read it.
	Data string `help:"Directory in which everything is kept." default:"tipstaff-data" type:"path" env:"TIPSTAFF_DATA" placeholder:"DIR"`

	// Where people and programs reach the program.
	Listen string `help:"Address to listen on, HOST:PORT." default:"localhost:8080" env:"TIPSTAFF_LISTEN"`

	// Where /metrics, /healthz and /readyz are served besides; never the public address. Empty: nowhere.
	Metrics string `help:"Address for /metrics, HOST:PORT." default:"" env:"TIPSTAFF_METRICS"`

	// The public address as people type it, for links in letters, advisories and security.txt. Empty: from listen.
	URL string `help:"Public address, https://security.example.org." default:"" env:"TIPSTAFF_URL"`

	// A file that holds the address of a PostgreSQL database (a DSN with its password). Empty: SQLite in the data directory.
	DatabaseFile string `help:"File that holds a PostgreSQL DSN; SQLite without it." env:"TIPSTAFF_DATABASE_FILE" placeholder:"FILE"`

	// The key that opens the projects' keys. Empty: DATA/key. Keep it off the disk that holds the database if you can.
	Key string `help:"File that holds the installation's key." type:"path" env:"TIPSTAFF_KEY" placeholder:"FILE"`

	// TLS from files. Without them put a proxy in front that speaks TLS, and name its address: whatever does not come from
	// it is refused, so that nobody reaches the program without TLS.
	TLSCert string `help:"File with the TLS certificate chain." type:"path" env:"TIPSTAFF_TLS_CERT" placeholder:"FILE"`
	TLSKey  string `help:"File with the TLS key." type:"path" env:"TIPSTAFF_TLS_KEY" placeholder:"FILE"`
	Proxy   string `help:"Address of the TLS proxy in front; what does not come from it is refused." env:"TIPSTAFF_PROXY" placeholder:"IP"`

	// The mail server that letters leave by. Empty: letters by mail are held, and the case says so.
	SMTP         string `help:"Mail server, HOST:PORT." env:"TIPSTAFF_SMTP"`
	SMTPUser     string `help:"Name at the mail server." env:"TIPSTAFF_SMTP_USER"`
	SMTPPassword string `help:"File with the password at the mail server." type:"path" env:"TIPSTAFF_SMTP_PASSWORD_FILE" name:"smtp-password-file" placeholder:"FILE"`
	SMTPTLS      string `help:"starttls, tls or none." env:"TIPSTAFF_SMTP_TLS" name:"smtp-tls" default:""`
	MailFrom     string `help:"Address that letters come from." env:"TIPSTAFF_MAIL_FROM"`

	// The channels of the policies: PROJECT/CHANNEL=FILE, the file holding the address (a webhook's, a list's). A channel
	// without a line here is held until somebody adds it.
	Channels map[string]string `help:"PROJECT/CHANNEL=FILE: file with the address of a policy's channel." mapsep:";" env:"TIPSTAFF_CHANNELS"`

	// The policies that come from a file at a forge: PROJECT=ADDRESS, the address at which a browser shows the file
	// (https://github.com/OWNER/NAME/blob/BRANCH/PATH, or https://HOST/OWNER/NAME/src/branch/BRANCH/PATH of Gitea and Forgejo).
	// What is merged there is proposed here; nothing is proposed from the editor. Without a line a policy comes from the editor.
	PolicySources map[string]string `help:"PROJECT=ADDRESS of the file at a forge that its policy comes from." mapsep:";" env:"TIPSTAFF_POLICY_SOURCES"`

	// Where the copy for a site with documentation goes, PROJECT=ADDRESS of that page's file at a forge.
	PolicyDocs map[string]string `help:"PROJECT=ADDRESS of the page's file at a forge that the GitBook copy goes to." mapsep:";" env:"TIPSTAFF_POLICY_DOCS"`

	// A file with the tokens that open repositories, one line for each: HOST TOKEN, HOST/OWNER TOKEN or HOST/OWNER/NAME TOKEN;
	// the longest that fits counts. A token reads and writes contents and pull requests.
	ForgeTokens string `help:"File with the tokens for forges." type:"path" env:"TIPSTAFF_FORGE_TOKENS_FILE" name:"forge-tokens-file" placeholder:"FILE"`

	// How long you keep backups. Whoever erases a case is told that backups may hold it for so long; the program destroys none.
	BackupsKept time.Duration `help:"How long backups are kept: 720h is 30 days." env:"TIPSTAFF_BACKUPS_KEPT" placeholder:"720h"`

	// How old the newest backup may grow before doctor warns.
	BackupWithin time.Duration `help:"How old the newest backup may be: 168h is a week." default:"168h" env:"TIPSTAFF_BACKUP_WITHIN"`

	// Hosts that webhooks may reach although their address is private: a chat server of your own.
	HookHosts []string `help:"Hosts with private addresses that webhooks may reach, and forges, and the comparison of published copies." env:"TIPSTAFF_HOOK_HOSTS"`

	// The longest release that is downloaded to verify its checksum, in MiB. What is longer has to be exempted with a reason.
	LookMost int64 `help:"MiB of a release that are downloaded to verify it." default:"512" env:"TIPSTAFF_LOOK_MOST"`

	// A file with the secrets that webhooks are signed with (Standard Webhooks), one line for each host: HOST SECRET.
	HookSecrets string `help:"File with the secrets that webhooks are signed with." type:"path" env:"TIPSTAFF_HOOK_SECRETS_FILE" name:"hook-secrets-file" placeholder:"FILE"`
}

// ErrSettings says that the settings are at fault, and not what they name.
var ErrSettings = errors.New("settings")

// Check refuses settings that do not fit together, and fills in those that follow from others.
func (c *Config) Check() error {
	if err := c.check(); err != nil {
		return fmt.Errorf("%w: %w", ErrSettings, err)
	}
	return nil
}

func (c *Config) check() error {
	if c.URL == "" {
		scheme := "http"
		if c.TLSCert != "" {
			scheme = "https"
		}
		c.URL = scheme + "://" + c.Listen
	}
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("url %q: write the public address with its scheme, https://security.example.org", c.URL)
	}
	c.URL = strings.TrimRight(c.URL, "/")
	if c.Proxy != "" && net.ParseIP(c.Proxy) == nil {
		return fmt.Errorf("proxy %q: write its IP address", c.Proxy)
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return errors.New("tls-cert and tls-key go together")
	}
	if strings.Contains(c.DatabaseFile, "://") {
		return errors.New("database-file is the name of a file that holds the DSN: a DSN on the command line would show its password to everybody on the machine")
	}
	if _, _, err := c.places(); err != nil {
		return err
	}
	if c.Key == "" {
		c.Key = filepath.Join(c.Data, "key")
	}
	return nil
}

// dsn reads the PostgreSQL address, "" for SQLite.
func (c *Config) dsn() (string, error) {
	if c.DatabaseFile == "" {
		return "", nil
	}
	return secretFile(c.DatabaseFile)
}

// secretFile reads a file that holds one secret.
func secretFile(name string) (string, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", name, err)
	}
	return strings.TrimSpace(string(b)), nil
}
