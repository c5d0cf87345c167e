package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
	"github.com/tipstaff/tipstaff/internal/app"
)

// userCommands are about the people on a project's roster.
type userCommands struct {
	Add      userAdd      `cmd:"" help:"Put somebody on a project's roster."`
	List     userList     `cmd:"" help:"List a project's roster."`
	Change   userChange   `cmd:"" help:"Change a name, roles or an address, or let somebody come again."`
	Disable  userDisable  `cmd:"" help:"Somebody may not come any more. What they did keeps their name."`
	Password userPassword `cmd:"" help:"Set a password, from standard input or a file."`
}

// door is where the people are asked for: at a server, or in the data directory on this machine.
type door struct {
	app.Config `embed:""`
	Server     string `help:"Address of a server; without it, the data directory on this machine." env:"TIPSTAFF_SERVER" placeholder:"URL"`
	Project    string `help:"The project; not needed where there is only one." env:"TIPSTAFF_PROJECT" placeholder:"NAME"`
	TokenFile  string `help:"File with an administrator's token, for a server." type:"path" env:"TIPSTAFF_TOKEN_FILE" placeholder:"FILE"`
}

// roster is the people of one project.
type roster interface {
	people(ctx context.Context) ([]cvd.Person, error)
	put(ctx context.Context, p cvd.Person, password string) error
}

// open finds the roster, and the project's name.
func (o door) open(ctx context.Context, d *desk) (roster, cvd.ProjectID, error) {
	if o.Server != "" {
		client, project, err := remote{o.Server, o.Project, o.TokenFile}.client(ctx, d)
		return rosterAt{client, project}, project, err
	}
	if o.Project != "" {
		return rosterHere{o.Config, cvd.ProjectID(o.Project)}, cvd.ProjectID(o.Project), nil
	}
	all, err := app.Projects(ctx, o.Config)
	if err != nil {
		return nil, "", err
	}
	if len(all) != 1 {
		return nil, "", usage("name the project with --project: %v", all)
	}
	return rosterHere{o.Config, all[0]}, all[0], nil
}

// find is the roster with one person of it.
func (o door) find(ctx context.Context, d *desk, handle string) (roster, cvd.Person, error) {
	r, project, err := o.open(ctx, d)
	if err != nil {
		return nil, cvd.Person{}, err
	}
	all, err := r.people(ctx)
	if err != nil {
		return nil, cvd.Person{}, err
	}
	i := slices.IndexFunc(all, func(p cvd.Person) bool { return p.Handle == cvd.ActorID(handle) })
	if i < 0 {
		return nil, cvd.Person{}, cvd.Errorf(cvd.NotFound, "%s is not on the roster of %s: tipstaff user list", handle, project)
	}
	return r, all[i], nil
}

// rosterHere is a roster in the data directory.
type rosterHere struct {
	cfg     app.Config
	project cvd.ProjectID
}

func (r rosterHere) people(ctx context.Context) ([]cvd.Person, error) {
	return app.People(ctx, r.cfg, r.project)
}

func (r rosterHere) put(ctx context.Context, p cvd.Person, password string) error {
	return app.PutPerson(ctx, r.cfg, r.project, p, password)
}

// rosterAt is a roster at a server.
type rosterAt struct {
	client  *api.Client
	project cvd.ProjectID
}

func (r rosterAt) people(ctx context.Context) ([]cvd.Person, error) {
	all, err := r.client.People(ctx, r.project)
	var out []cvd.Person
	for _, p := range all.People {
		out = append(out, cvd.Person{Handle: p.Handle, Name: p.Name, Roles: p.Roles, Active: p.Active != nil && *p.Active, Address: p.Address})
	}
	return out, err
}

func (r rosterAt) put(ctx context.Context, p cvd.Person, password string) error {
	with := told(p)
	with.Password = password
	_, err := r.client.PutPerson(ctx, r.project, with)
	return err
}

// told is a person as the API tells them.
func told(p cvd.Person) api.Person {
	return api.Person{Handle: p.Handle, Name: p.Name, Roles: p.Roles, Active: &p.Active, Address: p.Address}
}

type userAdd struct {
	door         `embed:""`
	Handle       string   `arg:"" help:"The handle: lower-case letters, digits, dots and dashes."`
	Name         string   `help:"The name, as timelines show it." required:""`
	Roles        []string `help:"Roles of the policy." required:"" placeholder:"ROLE,…"`
	Address      string   `help:"Mail address, for alarms and reminders."`
	PasswordFile string   `help:"File with a password for signing in; - for standard input." placeholder:"FILE"`
}

func (c *userAdd) Run(ctx context.Context, d *desk) error {
	password, err := d.password(c.PasswordFile)
	if err != nil {
		return err
	}
	r, project, err := c.open(ctx, d)
	if err != nil {
		return err
	}
	all, err := r.people(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(p cvd.Person) bool { return p.Handle == cvd.ActorID(c.Handle) }) {
		return cvd.Errorf(cvd.Conflict, "%s is on the roster of %s already: tipstaff user change", c.Handle, project)
	}
	p := cvd.Person{Handle: cvd.ActorID(c.Handle), Name: c.Name, Roles: c.Roles, Active: true, Address: c.Address}
	if err := r.put(ctx, p, password); err != nil {
		return err
	}
	d.say("%s is on the roster of %s as %s.", p.Handle, project, strings.Join(p.Roles, ", "))
	return nil
}

type userList struct {
	door `embed:""`
	JSON bool `help:"Print JSON."`
}

func (c *userList) Run(ctx context.Context, d *desk) error {
	r, _, err := c.open(ctx, d)
	if err != nil {
		return err
	}
	all, err := r.people(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		out := api.People{People: []api.Person{}}
		for _, p := range all {
			out.People = append(out.People, told(p))
		}
		return d.json(out)
	}
	w := tabwriter.NewWriter(d.out, 0, 0, 2, ' ', 0)
	for _, p := range all {
		left := ""
		if !p.Active {
			left = "left"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", p.Handle, plain(p.Name), strings.Join(p.Roles, ", "), left)
	}
	return w.Flush()
}

type userChange struct {
	door    `embed:""`
	Handle  string   `arg:"" help:"The handle."`
	Name    string   `help:"Another name."`
	Roles   []string `help:"Other roles of the policy." placeholder:"ROLE,…"`
	Address string   `help:"Another mail address."`
	Enable  bool     `help:"They may come again."`
}

func (c *userChange) Run(ctx context.Context, d *desk) error {
	r, p, err := c.find(ctx, d, c.Handle)
	if err != nil {
		return err
	}
	if c.Name != "" {
		p.Name = c.Name
	}
	if len(c.Roles) > 0 {
		p.Roles = c.Roles
	}
	if c.Address != "" {
		p.Address = c.Address
	}
	p.Active = p.Active || c.Enable
	if err := r.put(ctx, p, ""); err != nil {
		return err
	}
	d.say("%s is %s, as %s.", p.Handle, p.Name, strings.Join(p.Roles, ", "))
	return nil
}

type userDisable struct {
	door   `embed:""`
	Handle string `arg:"" help:"The handle."`
}

func (c *userDisable) Run(ctx context.Context, d *desk) error {
	r, p, err := c.find(ctx, d, c.Handle)
	if err != nil {
		return err
	}
	p.Active = false
	if err := r.put(ctx, p, ""); err != nil {
		return err
	}
	d.say("%s may not come any more: their sessions and tokens have ended.", p.Handle)
	return nil
}

type userPassword struct {
	door   `embed:""`
	Handle string `arg:"" help:"The handle."`
	File   string `help:"File with the password, one line; - for standard input." default:"-" placeholder:"FILE"`
}

func (c *userPassword) Run(ctx context.Context, d *desk) error {
	password, err := d.password(c.File)
	if err != nil {
		return err
	}
	r, p, err := c.find(ctx, d, c.Handle)
	if err != nil {
		return err
	}
	if err := r.put(ctx, p, password); err != nil {
		return err
	}
	d.say("%s has a new password; sessions of the old one have ended.", p.Handle)
	return nil
}

// password reads a password, "" if no file is named. It is never an argument: everybody on the machine could read it.
func (d *desk) password(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	b, err := d.read(file)
	if err != nil {
		return "", err
	}
	password := strings.TrimRight(string(b), "\r\n")
	if password == "" || strings.ContainsAny(password, "\r\n") {
		return "", cvd.Errorf(cvd.Invalid, "a password is one line")
	}
	return password, nil
}
