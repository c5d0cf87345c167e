package app

import (
	"context"
	"crypto/rand"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/channel"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/seal"
	"github.com/tipstaff/tipstaff/policies"
)

// stories are the cases of the demonstration: one file for each project, one section for each case, played as journeys.
//
//go:embed demo/*.txtar
var stories embed.FS

// demoDays is how long ago the demonstration begins.
const demoDays = 45

// DemoOptions says how the demonstration shows itself.
type DemoOptions struct {
	JSON bool      // one JSON object on the first line once it is ready
	Out  io.Writer // where it is written
	Err  io.Writer // the log
}

// Demonstration is what is printed once the demonstration is ready.
type Demonstration struct {
	URL      string     `json:"url"`
	Data     string     `json:"data"`
	Projects []string   `json:"projects"`
	Users    []DemoUser `json:"users"`
	Codes    []DemoCode `json:"codes"`
}

// DemoUser is somebody on a roster of the demonstration, with the secrets that a real installation shows once.
type DemoUser struct {
	Project  string `json:"project"`
	Role     string `json:"role"`
	Name     string `json:"name"`
	Password string `json:"password"`
	Token    string `json:"token"`
}

// DemoCode is the return code of a reporter of the demonstration.
type DemoCode struct {
	Project string `json:"project"`
	Case    string `json:"case"`
	Code    string `json:"code"`
	Says    string `json:"says"`
}

// demoPeople are the rosters of the two projects of the demonstration: handle, name, roles.
var demoPeople = map[cvd.ProjectID][]cvd.Person{
	"juno": {
		{Handle: "jake", Name: "Jake (demo)", Roles: []string{"core", "admin"}},
		{Handle: "dimi", Name: "Dimi (demo)", Roles: []string{"core"}},
		{Handle: "alex", Name: "Alex (demo)", Roles: []string{"core"}},
		{Handle: "jacob", Name: "Jacob (demo)", Roles: []string{"core"}},
		{Handle: "rosa", Name: "Rosa (demo)", Roles: []string{"release"}},
		{Handle: "cleo", Name: "Cleo (demo)", Roles: []string{"comms"}},
	},
	"solo-miner-monitor": {
		{Handle: "maintainer-1", Name: "Mara (demo)", Roles: []string{"maintainer", "admin"}},
		{Handle: "maintainer-2", Name: "Milo (demo)", Roles: []string{"maintainer"}},
		{Handle: "vera", Name: "Vera (demo)", Roles: []string{"validator"}},
		{Handle: "carl", Name: "Carl (demo)", Roles: []string{"contributor"}},
		{Handle: "tess", Name: "Tess (demo)", Roles: []string{"tester"}},
		{Handle: "rudi", Name: "Rudi (demo)", Roles: []string{"reviewer"}},
		{Handle: "eve", Name: "Eve (demo)", Roles: []string{"reviewer", "expert"}},
		{Handle: "lena", Name: "Lena (demo)", Roles: []string{"legal"}},
	},
}

// Demo runs the program on a directory of its own with two projects and their cases, sends nothing to anybody, and goes on
// until ctx ends.
func Demo(ctx context.Context, cfg Config, opts DemoOptions) error {
	if cfg.Data == "" {
		dir, err := os.MkdirTemp("", "tipstaff-demo-")
		if err != nil {
			return fmt.Errorf("make a directory for the demonstration: %w", err)
		}
		defer func() { _ = os.RemoveAll(dir) }() // made for this demonstration alone
		cfg.Data = dir
	}
	if err := markDemo(cfg); err != nil {
		return err
	}
	if !opts.JSON {
		fmt.Fprintf(opts.Out, "Playing %d days of two projects; this takes some seconds …\n", demoDays)
	}
	a, shown, err := OpenDemo(ctx, cfg, opts.Err, time.Now())
	if err != nil {
		return err
	}
	return a.Run(ctx, cfg, func(net.Addr) { _ = shown.print(opts) }) // nobody reads: nobody to tell
}

// demoMark is the file that says that a data directory holds a demonstration and nothing else.
const demoMark = "demonstration"

// markDemo refuses a directory that holds anything but an earlier demonstration, which it throws away.
func markDemo(cfg Config) error {
	if err := cfg.Check(); err != nil {
		return err
	}
	mark := filepath.Join(cfg.Data, demoMark)
	there, err := os.ReadDir(cfg.Data)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look into %s: %w", cfg.Data, err)
	}
	if _, err := os.Stat(mark); err != nil && len(there) > 0 {
		return fmt.Errorf("%s is not empty and holds no demonstration: name another directory, or none", cfg.Data)
	}
	for _, f := range there {
		if err := os.RemoveAll(filepath.Join(cfg.Data, f.Name())); err != nil {
			return fmt.Errorf("throw the earlier demonstration away: %w", err)
		}
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	return os.WriteFile(mark, []byte("This directory holds a demonstration. It is thrown away by the next one.\n"), 0o600)
}

// OpenDemo makes the demonstration, played from some weeks before now until now.
func OpenDemo(ctx context.Context, cfg Config, log io.Writer, now time.Time) (*App, *Demonstration, error) {
	clock := NewClock(now.UTC().Truncate(24*time.Hour).AddDate(0, 0, -demoDays))
	world := World{Now: clock.Now, Log: LogTo(log), Demo: true, Quiet: true, Poll: 20 * time.Millisecond}
	for _, c := range channel.All() {
		world.Channels = append(world.Channels, c.Rehearse())
	}
	documents := map[string][]byte{}
	for project := range demoPeople {
		text, err := fs.ReadFile(policies.Files, string(project)+".yaml")
		if err != nil {
			return nil, nil, fmt.Errorf("read the policy of %s: %w", project, err)
		}
		documents[string(project)] = text
	}
	a, err := Fresh(ctx, cfg, world, documents, nil)
	if err != nil {
		return nil, nil, err
	}
	shown := &Demonstration{URL: cfg.URL, Data: cfg.Data}
	if shown.URL == "" {
		shown.URL = "http://" + cfg.Listen
	}
	j := NewJourney(a, clock, now)
	scripts, err := Stories()
	if err == nil {
		err = a.populate(ctx, shown)
	}
	if err == nil {
		err = j.Play(ctx, scripts...)
	}
	if err == nil {
		err = j.Until(ctx, now)
	}
	if err == nil {
		err = a.propose(ctx)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("play the demonstration: %w", err)
	}
	clock.LetGo()
	if err := a.Close(ctx); err != nil { // what plays months in seconds looks for work far too often for a program that is at rest
		return nil, nil, err
	}
	world.Poll = 0
	if a, err = Open(ctx, cfg, world); err != nil {
		return nil, nil, err
	}
	for _, s := range scripts {
		if code := j.Codes[s.Name+"/rita"]; code != "" {
			shown.Codes = append(shown.Codes, DemoCode{Project: string(s.Project), Case: string(j.Cases[s.Name]), Code: code, Says: s.says()})
		}
	}
	return a, shown, nil
}

// Fresh makes a data directory with a project for each document, people on its roster (the demonstration's, if none are
// handed in), and opens it.
func Fresh(ctx context.Context, cfg Config, world World, documents map[string][]byte, people map[cvd.ProjectID][]cvd.Person) (*App, error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	if _, err := makeKeys(cfg); err != nil {
		return nil, err
	}
	if people == nil {
		people = demoPeople
	}
	s, err := openStore(ctx, cfg, world.filled(), func(error) {})
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(documents)) {
		doc, err := policy.Read(name+".yaml", documents[name], Beside(""))
		if err == nil {
			err = addProject(ctx, s, doc)
		}
		for _, p := range people[cvd.ProjectID(name)] {
			p.Active, p.Address = true, string(p.Handle)+"@example.org"
			err = errors.Join(err, s.PutPerson(ctx, cvd.ProjectID(name), p, ""))
		}
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return Open(ctx, cfg, world)
}

// populate gives everybody on the rosters a token, and one password to all.
func (a *App) populate(ctx context.Context, shown *Demonstration) error {
	password, err := seal.NewSecret(rand.Reader)
	if err != nil {
		return err
	}
	hash, err := a.Auth.HashPassword(password) // one for everybody: a slow hash for each would make the visitor wait
	if err != nil {
		return err
	}
	for _, id := range a.Casework.Projects() {
		shown.Projects = append(shown.Projects, string(id))
		for _, p := range demoPeople[id] {
			p.Active, p.Address = true, string(p.Handle)+"@example.org"
			if err := a.Store.PutPerson(ctx, id, p, hash); err != nil {
				return err
			}
			token, err := a.Auth.NewToken(ctx, id, p.Handle, time.Time{})
			if err != nil {
				return err
			}
			shown.Users = append(shown.Users, DemoUser{Project: string(id), Role: p.Roles[0], Name: string(p.Handle), Password: password, Token: token})
		}
	}
	return a.Casework.Refresh(ctx)
}

// Stories reads the scripts of the demonstration: PROJECT.txtar with one section for each case.
func Stories() ([]Script, error) {
	files, err := fs.Glob(stories, "demo/*.txtar")
	if err != nil {
		return nil, fmt.Errorf("list the stories: %w", err)
	}
	var out []Script
	for _, name := range files {
		text, err := fs.ReadFile(stories, name)
		if err != nil {
			return nil, fmt.Errorf("read the stories: %w", err)
		}
		project := cvd.ProjectID(strings.TrimSuffix(filepath.Base(name), ".txtar"))
		for _, f := range txtar.Parse(text).Files {
			out = append(out, Script{Name: string(project) + "/" + f.Name, Project: project, Text: string(f.Data)})
		}
	}
	return out, nil
}

// says is the first comment of a script: what it shows.
func (s Script) says() string {
	first, _, _ := strings.Cut(s.Text, "\n")
	return strings.TrimSpace(strings.TrimPrefix(first, "#"))
}

// print writes where to look, as whom, and what to try first.
func (d *Demonstration) print(opts DemoOptions) error {
	slices.SortFunc(d.Codes, func(a, b DemoCode) int { return strings.Compare(a.Project+a.Case, b.Project+b.Case) })
	if opts.JSON {
		return json.NewEncoder(opts.Out).Encode(d)
	}
	w := opts.Out
	fmt.Fprintf(w, "\nTipstaff demonstration at %s\nNothing is sent to anybody; everything is gone when you stop it (Ctrl-C).\n", d.URL)
	for _, p := range d.Projects {
		fmt.Fprintf(w, "\n  %s/p/%s\n", d.URL, p)
		fmt.Fprintf(w, "    report something   %s/p/%s/report\n", d.URL, p)
		fmt.Fprintf(w, "    published          %s/p/%s/advisories/\n", d.URL, p)
		fmt.Fprintf(w, "    work on its cases  %s/desk/%s\n", d.URL, p)
		fmt.Fprintf(w, "    return codes, to read a case as its reporter at %s/p/%s/status\n", d.URL, p)
		for _, c := range d.Codes {
			if c.Project == p {
				fmt.Fprintf(w, "      %s  %s\n", c.Code, c.Says)
			}
		}
		fmt.Fprintf(w, "    people, and their tokens for the command line\n")
		for _, u := range d.Users {
			if u.Project == p {
				fmt.Fprintf(w, "      %-12s %-12s %s\n", u.Name, u.Role, u.Token)
			}
		}
	}
	return d.invite(w)
}

// invite writes how to begin.
func (d *Demonstration) invite(w io.Writer) error {
	if len(d.Users) == 0 {
		return nil
	}
	_, err := fmt.Fprintf(w, `
  Everybody signs in with the password  %s

  To begin:
    1. Report something at %[2]s/p/juno/report and keep the return code.
    2. Sign in at %[2]s/desk/juno as jake: your report waits in the inbox. Acknowledge it, and look at
       %[2]s/p/juno/status with your code.
    3. Sign in as cleo, open the case “Anybody can turn a fresh address into one that never pays out” and disclose it at once:
       the advisory is at %[2]s/p/juno/advisories/

`, d.Users[0].Password, d.URL)
	return err
}
