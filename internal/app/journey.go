package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Journey plays scripts on the running program, with its clock in hand: each line is a step that somebody takes, by the same
// way as through any door. The demonstration and the journeys of the tests are both made by it.
//
// A line of a script is one of
//
//	at 2026-03-02T09:00:00Z           set the clock; "at -20d 09:00" counts from the journey's day, "at -3h" from its instant
//	wait 24h                          move the clock on
//	rita reports {title: …}           a report by the form; the case is the script's from now on
//	anna triage {class: high}         a step by somebody of the roster, in YAML's flow form
//	anna release {…} ! 2026-03-09     refused, with this in what is said
//	rita message {text: …}            by the reporter
//	rita reopens {title: …}           by the reporter of a closed case: the matter came back
//	anna invites gwen {roles: […]}    a guest who has accepted the terms; gwen may then take steps
//	gwen joins                        accepts the terms, and the embargo as it is now
//	anna asks gwen {kind: vendor}     somebody who is asked to take part, and has not answered
//
// In values $now+24h is an instant counted from the clock, and $case the case's id.
type Journey struct {
	App   *App
	Clock *Clock
	Base  time.Time             // the day that "at -20d" counts from
	Cases map[string]cvd.CaseID // by the script's name
	Codes map[string]string     // return codes, by script and person: "overflow/rita"
}

// NewJourney is a journey that has not begun.
func NewJourney(a *App, clock *Clock, base time.Time) *Journey {
	return &Journey{App: a, Clock: clock, Base: base, Cases: map[string]cvd.CaseID{}, Codes: map[string]string{}}
}

// Script is one story: the case of one project.
type Script struct {
	Name    string
	Project cvd.ProjectID
	Text    string
}

// line is one line of a script with the instant that it happens at.
type line struct {
	script *Script
	number int
	at     time.Time
	text   string
}

// Play plays scripts together, each line at its instant, so that the clock never goes back.
func (j *Journey) Play(ctx context.Context, scripts ...Script) error {
	var lines []line
	for i := range scripts {
		of, err := j.lines(&scripts[i])
		if err != nil {
			return err
		}
		lines = append(lines, of...)
	}
	slices.SortStableFunc(lines, func(a, b line) int { return a.at.Compare(b.at) })
	for _, l := range lines {
		if err := j.Until(ctx, l.at); err != nil {
			return err
		}
		if l.text == "" {
			continue
		}
		if err := j.play(ctx, l); err != nil {
			return fmt.Errorf("%s:%d: %s: %w", l.script.Name, l.number, l.text, err)
		}
	}
	return nil
}

// lines gives each line of a script its instant.
func (j *Journey) lines(s *Script) ([]line, error) {
	var out []line
	at := j.Clock.Now()
	for i, text := range strings.Split(s.Text, "\n") {
		text = strings.TrimSpace(text)
		word, rest, _ := strings.Cut(text, " ")
		var err error
		switch {
		case text == "" || strings.HasPrefix(text, "#"):
			continue
		case word == "at":
			at, err = j.instant(rest)
			text = ""
		case word == "wait":
			var d policy.Duration
			d, err = policy.ParseDuration(rest)
			at, text = d.Add(at), ""
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", s.Name, i+1, err)
		}
		out = append(out, line{script: s, number: i + 1, at: at, text: text})
	}
	return out, nil
}

// instant reads "2026-03-02T09:00:00Z", or what is counted from Base: "-20d 09:00" is a time of a day before its day, "-3h" is
// before its very instant, which a day's time could be after.
func (j *Journey) instant(text string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC(), nil
	}
	if d, err := time.ParseDuration(text); err == nil && d <= 0 {
		return j.Base.UTC().Add(d), nil
	}
	var days, hour, minute int
	if _, err := fmt.Sscanf(text, "%dd %d:%d", &days, &hour, &minute); err != nil {
		return time.Time{}, fmt.Errorf("%q is no instant: write 2026-03-02T09:00:00Z, -20d 09:00 or -3h", text)
	}
	return j.Base.UTC().Truncate(24*time.Hour).AddDate(0, 0, days).Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute), nil
}

// Until moves the clock to an instant, halting wherever something is due on the way.
func (j *Journey) Until(ctx context.Context, at time.Time) error {
	if !at.After(j.Clock.Now()) {
		return nil
	}
	for {
		next, err := j.nextDue(ctx)
		if err != nil {
			return err
		}
		if next.IsZero() || next.After(at) {
			break
		}
		if next.After(j.Clock.Now()) {
			j.Clock.Set(next.Add(time.Microsecond)) // what is met at its very instant is met in time
		} else {
			j.Clock.Set(j.Clock.Now().Add(time.Second))
		}
		if err := j.App.Tick(ctx); err != nil {
			return err
		}
	}
	j.Clock.Set(at)
	return j.App.Tick(ctx)
}

// nextDue is the first instant at which a clock runs out or a publication happens.
func (j *Journey) nextDue(ctx context.Context) (time.Time, error) {
	next, err := j.App.Store.NextDue(ctx)
	if err != nil {
		return time.Time{}, err
	}
	all, err := j.App.Store.Publications(ctx, "")
	for _, b := range all {
		if b.State == store.Armed && (next.IsZero() || b.At.Before(next)) {
			next = b.At
		}
	}
	return next, err
}

var fromNow = regexp.MustCompile(`\$now\+([0-9a-z]+)`)

// play takes one step.
func (j *Journey) play(ctx context.Context, l line) error {
	text, refused, wantsRefusal := strings.Cut(l.text, " ! ")
	words := strings.SplitN(text, " ", 3)
	if len(words) < 2 {
		return errors.New("a line is WHO STEP {…}")
	}
	person, verb, args := words[0], words[1], ""
	if len(words) == 3 {
		args = words[2]
	}
	args = fromNow.ReplaceAllStringFunc(args, func(m string) string {
		d, err := policy.ParseDuration(m[len("$now+"):])
		if err != nil {
			return m
		}
		return `"` + d.Add(j.Clock.Now()).Format(time.RFC3339Nano) + `"`
	})
	args = strings.ReplaceAll(args, "$case", string(j.Cases[l.script.Name]))
	args = strings.ReplaceAll(args, "$before", string(j.Cases[l.script.Name+"/before"])) // the case of the report before
	err := j.step(ctx, l.script, person, verb, args)
	if !wantsRefusal {
		return err
	}
	if err == nil {
		return fmt.Errorf("this passed, and should have been refused with %q", refused)
	}
	if !strings.Contains(err.Error(), strings.TrimSpace(refused)) {
		return fmt.Errorf("refused with %q, which does not say %q", err, refused)
	}
	return nil
}

func (j *Journey) step(ctx context.Context, s *Script, person, verb, args string) error {
	switch verb {
	case "reports":
		return j.reports(ctx, s, person, args)
	case "reopens":
		return j.reopens(ctx, s, person, args)
	case "invites":
		return j.invites(ctx, s, person, args)
	case "joins":
		return j.joins(ctx, s, person)
	case "asks":
		return j.asks(ctx, s, person, args)
	case "emergency":
		return j.emergency(ctx, s, person, args)
	case "registers":
		return j.registers(ctx, s, person, args)
	case "applies":
		return j.applies(ctx, s, args)
	}
	i := slices.IndexFunc(casework.Steps, func(x casework.Step) bool { return x.Name == verb })
	if i < 0 {
		return fmt.Errorf("there is no step %q", verb)
	}
	who, err := j.actor(ctx, s, person)
	if err != nil {
		return err
	}
	in, err := decode(casework.Steps[i].In, args)
	if err != nil {
		return err
	}
	if verb == "notify" { // releases are looked at before anybody is told of them
		if err := j.App.Jobs.Settle(ctx); err != nil {
			return err
		}
	}
	_, err = casework.Steps[i].Run(ctx, j.App.Casework, who, casework.About{Case: j.Cases[s.Name]}, in)
	if err == nil && verb == "combine" { // what follows is about the case that it went into
		j.Cases[s.Name] = j.Cases[s.Name+"/before"]
		err = j.App.Jobs.Settle(ctx)
	}
	if err == nil && (verb == "notify" || verb == "slip") { // deliveries are counted from the instant at which they happen
		err = j.App.Jobs.Settle(ctx)
	}
	return err
}

// reports makes the case of a script; its reporter has the return code.
func (j *Journey) reports(ctx context.Context, s *Script, person, args string) error {
	in, err := decode(cvd.Report{}, args)
	if err != nil {
		return err
	}
	a, err := j.App.Casework.Receive(ctx, s.Project, "form", in.(cvd.Report), nil, nil)
	if err != nil {
		return err
	}
	j.Cases[s.Name+"/before"] = j.Cases[s.Name]
	j.Cases[s.Name], j.Codes[s.Name+"/"+person] = a.Case, a.Code
	return nil
}

// reopens takes a closed case up again; the new report has a return code of its own.
func (j *Journey) reopens(ctx context.Context, s *Script, person, args string) error {
	who, err := j.actor(ctx, s, person)
	if err != nil {
		return err
	}
	in, err := decode(cvd.Report{}, args)
	if err != nil {
		return err
	}
	_, code, err := j.App.Casework.Reopen(ctx, who, casework.About{Case: j.Cases[s.Name]}, in.(cvd.Report), nil)
	if err == nil {
		j.Codes[s.Name+"/"+person] = code
	}
	return err
}

// invites makes a guest of the case, who has accepted the terms and is then named in lines like anybody else.
func (j *Journey) invites(ctx context.Context, s *Script, person, args string) error {
	if err := j.asks(ctx, s, person, args); err != nil {
		return err
	}
	guest, _, _ := strings.Cut(args, " ")
	return j.joins(ctx, s, guest)
}

// joins accepts all the terms and the embargo as it is, as somebody who was asked.
func (j *Journey) joins(ctx context.Context, s *Script, guest string) error {
	who, err := j.actor(ctx, s, guest)
	if err != nil {
		return err
	}
	v, err := j.App.Casework.Case(ctx, who, who.Case)
	if err != nil {
		return err
	}
	p, err := j.App.Casework.PolicyOf(s.Project)
	if err != nil {
		return err
	}
	_, err = j.App.Casework.Answer(ctx, who, casework.About{Case: who.Case}, cvd.Answered{Accept: true, Terms: p.TermNames(), Embargo: v.Embargo.Until})
	return err
}

// asks invites somebody to the case, who is then named in lines like anybody else.
func (j *Journey) asks(ctx context.Context, s *Script, person, args string) error {
	guest, args, _ := strings.Cut(args, " ")
	who, err := j.actor(ctx, s, person)
	if err != nil {
		return err
	}
	in, err := decode(cvd.Invitation{}, args)
	if err != nil {
		return err
	}
	_, code, err := j.App.Casework.Invite(ctx, who, casework.About{Case: j.Cases[s.Name]}, in.(cvd.Invitation))
	if err == nil {
		j.Codes[s.Name+"/"+guest] = code
	}
	return err
}

// emergency says that quiet is over, and sends the notices that it names.
func (j *Journey) emergency(ctx context.Context, s *Script, person, args string) error {
	who, err := j.actor(ctx, s, person)
	if err != nil {
		return err
	}
	in, err := decode(casework.Emergency{}, args)
	if err != nil {
		return err
	}
	if _, err = j.App.Casework.Emergency(ctx, who, casework.About{Case: j.Cases[s.Name]}, in.(casework.Emergency)); err != nil {
		return err
	}
	return j.App.Jobs.Settle(ctx)
}

// actor is somebody of the roster, or the holder of a code of this script.
func (j *Journey) actor(ctx context.Context, s *Script, person string) (cvd.Actor, error) {
	if code := j.Codes[s.Name+"/"+person]; code != "" {
		return j.App.Auth.Code(ctx, s.Project, code)
	}
	if person == "nobody" {
		return cvd.Nobody(s.Project), nil
	}
	p, ok := j.App.Casework.Person(s.Project, cvd.ActorID(person))
	if !ok {
		return cvd.Actor{}, fmt.Errorf("there is no %s on the roster of %s", person, s.Project)
	}
	return cvd.Actor{Project: s.Project, ID: p.Handle, Name: p.Name, Standing: cvd.Member, Roles: p.Roles,
		Can: j.App.Casework.Can(s.Project, p.Roles)}, nil
}

// decode reads YAML's flow form into a value of the type of in; an unknown field is an error.
func decode(in any, text string) (any, error) {
	var tree any
	if err := yaml.Unmarshal([]byte(cmp.Or(text, "{}")), &tree); err != nil {
		return nil, fmt.Errorf("read %s: %w", text, err)
	}
	b, err := json.Marshal(tree)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", text, err)
	}
	return strict(in, bytes.NewReader(b))
}
