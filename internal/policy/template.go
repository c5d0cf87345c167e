package policy

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tipstaff/tipstaff/cvd"
)

// Filled is a report written into the project's template: what nobody would publish is left out. ReadTemplate reads it back.
func (p *Policy) Filled(r *cvd.Report) string {
	var head, body strings.Builder
	part := func(title, text string) {
		if text = strings.TrimSpace(text); text != "" {
			fmt.Fprintf(&body, "\n### %s\n%s\n", title, text)
		}
	}
	part("Description", r.Description)
	for _, f := range p.Document.Form.Fields {
		switch _, text := answer(f.Name, r); f.Name {
		case "severity", "component", "version":
			if text != "" {
				fmt.Fprintf(&head, "**%s:** %s\n", f.Title, text)
			}
		case "impact", "expected":
			part(f.Title, text)
		case "steps":
			var steps []string
			for i, s := range r.Steps {
				steps = append(steps, fmt.Sprintf("%d. %s", i+1, s))
			}
			part(f.Title, strings.Join(steps, "\n"))
		}
	}
	out := "## Security Issue Report\n\n" + head.String() + body.String()
	return strings.TrimRight(out, "\n") + "\n"
}

// Draft is an issue for a tracker outside, ready to be pasted there.
type Draft struct {
	Title, Body string
	Tracker     string // where issues are, empty if the policy names none
	New         string // address at which the tracker opens with the text filled in, empty if it has none such
}

// longestQuery is how long an address may be that a browser and a forge both take.
const longestQuery = 7000

// IssueDraft is the public issue of a report that helps no attacker. link is where the case can be followed.
func (p *Policy) IssueDraft(c *cvd.Case, link string) Draft {
	d := Draft{Title: c.Title}
	if r := c.Current(); r != nil {
		d.Body = p.Filled(r)
	}
	if link != "" {
		d.Body += "\n---\nFollowed at " + link + "\n"
	}
	for _, k := range p.Document.Kinds {
		if k.URL != "" && (k.Name == c.Kind || d.Tracker == "" && k.Goes == "tracker") {
			d.Tracker = k.URL
		}
	}
	d.open()
	return d
}

// open finds the address at which the tracker opens with the text, where it is one of those that have such.
func (d *Draft) open() {
	base, ok := strings.CutSuffix(strings.TrimRight(d.Tracker, "/"), "/issues")
	if !ok || !strings.HasPrefix(base, "https://") {
		return
	}
	d.New = base + "/issues/new?" + url.Values{"title": {d.Title}, "body": {d.Body}}.Encode()
	if len(d.New) > longestQuery {
		d.New = base + "/issues/new?" + url.Values{"title": {d.Title}}.Encode()
	}
}

// Reading is what a filled-in template says, as far as its parts are known; Rest is everything else, so that nothing is lost.
type Reading struct {
	Report cvd.Report
	Parts  []string // titles of the fields that were found filled in
	Rest   string
}

var (
	headed   = regexp.MustCompile(`^#{1,6}\s+(.+?)\s*#*$`)
	labelled = regexp.MustCompile(`^\s*(?:[-*+]\s+)?\*\*([^*\n]{1,80}?):?\*\*:?\s*(.*)$`)
	unfilled = regexp.MustCompile(`^\[[^\[\]]*\]$`) // the template's own hints
	numeral  = regexp.MustCompile(`^\s*(?:\d{1,3}[.)]|[-*+])\s+`)
	stepHint = regexp.MustCompile(`^\[Step \d+\]$`)
)

// ReadTemplate reads a copy of the project's template that somebody filled in, as SECURITY.md, a forge or a mail has it.
func (p *Policy) ReadTemplate(text string) Reading {
	t := copying{policy: p, hints: p.ReportTemplate(), texts: map[string][]string{}, names: map[string]string{"description": "description", "title": "title", "summary": "title"}}
	for _, f := range p.Document.Form.Fields {
		t.names[key(f.Title)], t.names[key(strings.ReplaceAll(f.Name, "_", " "))] = f.Name, f.Name
	}
	for line := range strings.Lines(strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), "\uFFFD")) {
		t.line(strings.TrimRight(line, "\n"))
	}
	t.finish()
	return t.out
}

// key is a title as it is looked up: people change capitals and add a colon.
func key(title string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.Trim(title, " :*`")), " "))
}

// copying is a filled-in template while it is read: the field that lines belong to, and what was read of each.
type copying struct {
	policy *Policy
	names  map[string]string
	hints  string
	in     string // the field whose part we are in; "" for none
	out    Reading
	rest   []string
	texts  map[string][]string
}

// line gives one line its place.
func (t *copying) line(line string) {
	if m := headed.FindStringSubmatch(line); m != nil {
		if name, ok := t.names[key(m[1])]; ok {
			t.in = name
			return
		}
		t.in = ""
		if key(m[1]) != "security issue report" {
			t.rest = append(t.rest, line)
		}
		return
	}
	if m := labelled.FindStringSubmatch(line); m != nil {
		value := strings.TrimSpace(m[2])
		switch name, ok := t.names[key(m[1])]; {
		case t.in == "environment" && slices.Contains([]string{"os", "operating system", "version", "configuration"}, key(m[1])):
			t.add("environment."+strings.Replace(key(m[1]), "operating system", "os", 1), value)
			return
		case ok && t.in == "":
			t.add(name, value)
			return
		}
	}
	t.add(t.in, line)
}

// add keeps a line of a field, unless it is the template's own hint.
func (t *copying) add(name, line string) {
	if text := numeral.ReplaceAllString(strings.TrimSpace(line), ""); unfilled.MatchString(text) && t.hint(text) {
		return
	}
	if name == "" {
		t.rest = append(t.rest, line)
		return
	}
	t.texts[name] = append(t.texts[name], line)
}

// hint says whether a text in brackets is one of the template's and not of the reporter's.
func (t *copying) hint(text string) bool {
	return stepHint.MatchString(text) || strings.Contains(t.hints, text)
}

// finish puts what was read into the report. What does not fit its field goes to the rest, under its title.
func (t *copying) finish() {
	titles := map[string]string{"title": "Title", "description": "Description", "environment.os": "OS", "environment.version": "Version",
		"environment.configuration": "Configuration"}
	names := []string{"title", "description"}
	for _, f := range t.policy.Document.Form.Fields {
		titles[f.Name], names = f.Title, append(names, f.Name)
	}
	for _, name := range append(names, "environment.os", "environment.version", "environment.configuration") {
		text := strings.Trim(strings.Join(t.texts[name], "\n"), "\n ")
		switch {
		case strings.TrimSpace(text) == "":
		case t.put(name, t.choice(name, text)):
			if title := titles[name]; !slices.Contains(t.out.Parts, title) {
				t.out.Parts = append(t.out.Parts, title)
			}
		default:
			t.rest = append(t.rest, titles[name]+": "+text)
		}
	}
	t.out.Rest = strings.Trim(strings.Join(t.rest, "\n"), "\n ")
}

// put puts a text into its place in the report; ok is false if it does not fit there.
func (t *copying) put(name, text string) (ok bool) {
	r := &t.out.Report
	env := &r.Environment
	lines := map[string]*string{"title": &r.Title, "severity": &r.Severity, "component": &r.Component, "version": &r.Version,
		"credit": &r.Credit, "disclosure_preference": &r.Disclosure, "environment.os": &env.OS, "environment.version": &env.Version}
	texts := map[string]*string{"description": &r.Description, "impact": &r.Impact, "expected": &r.Expected, "evidence": &r.Evidence,
		"environment.configuration": &env.Configuration, "environment": &env.Configuration}
	switch place := lines[name]; {
	case place != nil && t.policy.fits(name, text):
		*place = text
	case place != nil:
		return false
	case texts[name] != nil:
		*texts[name] = strings.TrimPrefix(*texts[name]+"\n"+text, "\n")
	case name == "steps":
		r.Steps = stepsIn(text)
	case name == "told":
		r.Told = stepsIn(text)
	case name == "deadline":
		at, err := time.Parse(time.RFC3339, text)
		r.Deadline = at.UTC()
		return err == nil
	case name == "ai_use":
		r.AI = cvd.AIUse{Used: true, How: text}
	case name == "contact" && !t.policy.fits(name, text):
		return false
	case name == "contact" && strings.Contains(text, "@"):
		r.Contact.Email = strings.TrimPrefix(text, "mailto:")
	case name == "contact":
		r.Contact.Name = text
	case t.policy.fits(name, text):
		if r.Fields == nil {
			r.Fields = map[string]string{}
		}
		r.Fields[name] = text
	default:
		return false
	}
	return true
}

// choice is the choice of a field that a text means, whatever its capitals.
func (t *copying) choice(name, text string) string {
	for _, f := range t.policy.Document.Form.Fields {
		for _, c := range f.Choices {
			if f.Name == name && strings.EqualFold(c, strings.TrimSpace(text)) {
				return c
			}
		}
	}
	return text
}

// fits says whether a text can stand in a field of one line, or of choices.
func (p *Policy) fits(name, text string) bool {
	i := slices.IndexFunc(p.Document.Form.Fields, func(f Field) bool { return f.Name == name })
	if i >= 0 {
		if f := p.Document.Form.Fields[i]; len(f.Choices) > 0 && !slices.Contains(f.Choices, text) || f.Type == "yes_no" && text != "yes" && text != "no" {
			return false
		}
		if !isStandard(name) {
			return true
		}
	}
	return !strings.ContainsAny(text, "\r\n") && utf8.RuneCountInString(text) <= LongestLine
}

// stepsIn are the steps of a text: a line that has a number or a dash begins one, and any other goes on with it.
func stepsIn(text string) []string {
	var steps []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n ")
		switch {
		case strings.TrimSpace(line) == "":
		case numeral.MatchString(line), len(steps) == 0:
			steps = append(steps, strings.TrimSpace(numeral.ReplaceAllString(line, "")))
		default:
			steps[len(steps)-1] += "\n" + line
		}
	}
	return steps
}
