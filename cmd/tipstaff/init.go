package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
)

type initCommand struct {
	Template    string   `help:"The process to begin with: default, juno, solo-miner-monitor, tipstaff, or a policy document of your own." default:"default" aliases:"policy" placeholder:"NAME|FILE"`
	ID          string   `help:"Id of the project, for addresses: my-project. This and the next six fill in the default." placeholder:"ID"`
	Title       string   `help:"Name of the project, as people read it; the id without it." placeholder:"NAME"`
	Prefix      string   `help:"What ids of cases begin with; made of the id without it." placeholder:"PREFIX"`
	Mail        string   `help:"Address that reports may come to; let more than one person read it." placeholder:"ADDRESS"`
	Repository  string   `help:"Web address of the code." placeholder:"URL"`
	PURL        string   `help:"Package URL of what you release; made of the repository without it." name:"purl" placeholder:"PURL"`
	Maintainers []string `help:"Handles of the maintainers besides the administrator." placeholder:"HANDLE"`
	Out         string   `help:"Where the policy document is written; ID.yaml for the default, nowhere for the rest of the gallery." placeholder:"FILE"`
	Admin       string   `help:"Handle of the first administrator." default:"admin"`
	Name        string   `help:"Name of the first administrator." default:"Administrator"`
	Roles       []string `help:"Roles of the first administrator; without it the policy's first role and the one that may administer." placeholder:"ROLE"`
	JSON        bool     `help:"Print JSON."`
	app.Config  `embed:""`
}

func (c *initCommand) Run(ctx context.Context, d *desk) error {
	text, file, err := c.document(d)
	if err != nil {
		return err
	}
	others := make([]cvd.ActorID, len(c.Maintainers))
	for i, h := range c.Maintainers {
		others[i] = cvd.ActorID(h)
	}
	written, err := c.write(text)
	if err != nil {
		return err
	}
	if !c.JSON {
		c.announce(d)
	}
	made, err := app.Init(ctx, c.Config, app.InitOptions{Policy: text, File: cmp.Or(written, file), Admin: cvd.ActorID(c.Admin), Name: c.Name, Roles: c.Roles, Others: others})
	if err != nil {
		if written != "" {
			err = errors.Join(err, os.Remove(written)) // it belongs to a project that is not there
		}
		return err
	}
	if c.JSON {
		return d.json(map[string]string{"project": string(made.Project), "handle": string(made.Handle), "token": made.Token,
			"recovery_key": made.RecoveryKey, "verifier": made.Verifier, "data": c.Data, "policy": written})
	}
	c.tell(d, made, cmp.Or(written, file))
	return nil
}

// document is the policy to begin with, and the file it is read from, "" if that is the gallery.
func (c *initCommand) document(d *desk) (text []byte, file string, err error) {
	if c.Template == app.DefaultTemplate {
		if err := c.ask(d); err != nil {
			return nil, "", err
		}
		maintainers := []cvd.ActorID{cvd.ActorID(c.Admin)}
		for _, h := range c.Maintainers {
			maintainers = append(maintainers, cvd.ActorID(h))
		}
		c.Out = cmp.Or(c.Out, c.ID+".yaml")
		text, err = app.Fill(app.Blanks{ID: cvd.ProjectID(c.ID), Title: cmp.Or(c.Title, c.ID), Prefix: c.Prefix, Mail: c.Mail,
			Repository: c.Repository, PURL: c.PURL, Maintainers: maintainers})
		return text, "", err
	}
	for _, given := range []struct{ flag, value string }{{"id", c.ID}, {"title", c.Title}, {"prefix", c.Prefix}, {"mail", c.Mail},
		{"repository", c.Repository}, {"purl", c.PURL}} {
		if given.value != "" {
			return nil, "", usage("--%s fills in the template default; %s says its own: leave the flag out, or change the document", given.flag, c.Template)
		}
	}
	if text, there := app.Template(c.Template); there {
		return text, "", nil
	}
	text, err = os.ReadFile(c.Template)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", fmt.Errorf("there is no file %s, and the gallery has %s only", c.Template, strings.Join(app.Templates(), ", "))
	}
	return text, c.Template, err
}

// ask asks on a terminal for what the default document needs and no flag said. Elsewhere that is an error.
func (c *initCommand) ask(d *desk) error {
	questions := []struct {
		what, flag, usual string
		answer            *string
		must              bool
	}{
		{"Id of the project, for addresses", "--id", idOf(), &c.ID, true},
		{"Name of the project, as people read it", "--title", "", &c.Title, false},
		{"Mail address that reports may come to, read by more than one person", "--mail", "", &c.Mail, true},
		{"Web address of the code, if it is public", "--repository", "", &c.Repository, false},
		{"Public address that this program will have", "--url", c.address(), &c.URL, false},
	}
	if !d.terminal() {
		var missing []string
		for _, q := range questions {
			if q.must && *q.answer == "" {
				missing = append(missing, q.flag)
			}
		}
		if len(missing) > 0 {
			return usage("the default process needs %s: for example tipstaff init --id my-project --title \"My project\" --mail security@example.org; "+
				"or name another --template: %s, or a file of yours", strings.Join(missing, " and "), strings.Join(app.Templates()[1:], ", "))
		}
		return nil
	}
	lines := bufio.NewScanner(d.in)
	for _, q := range questions {
		if *q.answer != "" {
			continue
		}
		if q.flag == "--title" {
			q.usual = c.ID
		}
		fmt.Fprint(d.out, plain(q.what)+suggestion(q.usual)+": ")
		if lines.Scan() {
			*q.answer = strings.TrimSpace(lines.Text())
		}
		if *q.answer = cmp.Or(*q.answer, q.usual); *q.answer == "" && q.must {
			return usage("nothing was answered; %s says it as well", q.flag)
		}
	}
	return nil
}

func suggestion(usual string) string {
	if usual == "" {
		return ""
	}
	return " [" + plain(usual) + "]"
}

// idOf is the name of this directory, as an id.
func idOf() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	id := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-':
			return r
		case r == '_' || r == '.' || r == ' ':
			return '-'
		}
		return -1
	}, strings.ToLower(filepath.Base(dir)))
	return strings.TrimLeft(id, "-0123456789")
}

// write keeps the document where its project can change it; "" if nobody asked for that.
func (c *initCommand) write(text []byte) (string, error) {
	if c.Out == "" {
		return "", nil
	}
	f, err := os.OpenFile(c.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return "", usage("%s is there already: begin with it by --template %s, or name another file by --out", c.Out, c.Out)
	}
	if err != nil {
		return "", fmt.Errorf("write the policy: %w", err)
	}
	_, err = f.Write(text)
	return c.Out, errors.Join(err, f.Close())
}

// announce says where everything will be kept, before it is.
func (c *initCommand) announce(d *desk) {
	_, err := os.Stat(cmp.Or(c.Key, filepath.Join(c.Data, "key")))
	where := "Making the data directory " + c.Data
	if err == nil {
		where = "Adding to the data directory " + c.Data
	}
	if here, err := filepath.Abs("tipstaff-data"); err == nil && here == c.Data {
		where += ", since --data names no other one"
	}
	d.say("%s.", where)
	if c.URL == "" {
		d.say("Naming the ledger after %s for ever: if people will know it by another address, begin with --url.", c.address())
	}
	d.say("")
}

// tell says what was made, what must be kept, and what to do next.
func (c *initCommand) tell(d *desk, made app.Initialised, file string) {
	d.say("The project %s is ready.\n", made.Project)
	d.say("Token of %s:\n  %s", made.Handle, made.Token)
	d.say("Ledger key:\n  %s", made.Verifier)
	if made.RecoveryKey != "" {
		d.say("Recovery key, for when the file %s is lost:\n%s", cmp.Or(c.Key, filepath.Join(c.Data, "key")), strings.TrimSpace(made.RecoveryKey))
	}
	once, name := "Token and recovery key are shown once. Keep the recovery key on paper, away from this machine.", ""
	if made.RecoveryKey == "" { // another project of an installation that has its key
		once, name = "The token is shown once. The recovery key is the one that the installation has.", " --project "+string(made.Project)
	}
	d.say("\n%s\nPublish the ledger key: receipts are checked against it.\n", once)
	settings := c.settings()
	d.say("%[1]s signs in at %[2]s/desk/%[3]s with a password; “tipstaff user password %[1]s%[5]s --data %[4]s” takes one. Alarms reach whoever has a mail\naddress (“tipstaff user change %[1]s%[5]s --address … --data %[4]s”) through a mail server (“--smtp HOST:PORT --mail-from …” of serve).\n",
		made.Handle, c.address(), made.Project, shell(c.Data), name)
	if file == "" {
		d.say("The policy is the one of the gallery, unchanged. Next:\n\n  %s", shell(append([]string{"tipstaff", "serve"}, settings...)...))
		return
	}
	d.say("The policy is %s. Read it, change what you cannot promise, and then:\n", file)
	d.say("  %s", shell("tipstaff", "policy", "lint", file))
	d.say("  %s", shell(append(append([]string{"tipstaff", "policy", "put"}, settings...), file)...))
	d.say("  %s", shell(append([]string{"tipstaff", "serve"}, settings...)...))
	d.say("\nThe second is for each change of the document, now or later. The third serves the project's page at\n%s/p/%s until it is ended.", c.address(), made.Project)
}

// address is where the project's page will be.
func (c *initCommand) address() string {
	cfg := c.Config
	if cfg.Check() != nil { // then it is said where the settings are used
		return ""
	}
	return cfg.URL
}

// settings are those that the next commands need as well, as they were given.
func (c *initCommand) settings() []string {
	args := []string{"--data", c.Data}
	for _, s := range []struct{ flag, value, usual string }{{"--listen", c.Listen, "localhost:8080"}, {"--url", c.URL, ""},
		{"--database-file", c.DatabaseFile, ""}, {"--key", c.Key, ""}, {"--tls-cert", c.TLSCert, ""}, {"--tls-key", c.TLSKey, ""}, {"--proxy", c.Proxy, ""}} {
		if s.value != s.usual {
			args = append(args, s.flag, s.value)
		}
	}
	return args
}

// harmless is what a shell leaves as it is.
var harmless = regexp.MustCompile(`^[A-Za-z0-9_./:@%+=,-]+$`)

// shell writes a command as a shell reads it.
func shell(args ...string) string {
	quoted := make([]string, len(args))
	for i, a := range args {
		if quoted[i] = a; !harmless.MatchString(a) {
			quoted[i] = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}

// terminal says whether somebody sits at the desk who can answer.
func (d *desk) terminal() bool {
	f, is := d.in.(*os.File)
	if !is {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&fs.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}
