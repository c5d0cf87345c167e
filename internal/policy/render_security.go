package policy

import (
	"bytes"
	_ "embed" // for the template
	"fmt"
	"slices"
	"strings"
	"text/template"
)

//go:embed security.md.tmpl
var securityText string

var securityTemplate = template.Must(template.New("security.md").Parse(securityText))

// SecurityMD is the policy as people read it, in the order of the process. People are those of the roster who are there, by
// handle; base is the address of the installation, without a slash at its end.
func (p *Policy) SecurityMD(people map[string]string, base string) []byte {
	return securityMD(p.sheet(Copy{People: people, Base: base}))
}

// securityPage is all that the template needs; it computes nothing.
type securityPage struct {
	Title, Summary, Door, Form, Intro, Mail string
	Ways                                    []wayRow
	Alarm, Nudge                            []string
	Kinds                                   []Kind
	Silence, Harbour                        string
	Terms                                   []string
	Table, Promises                         []string
	Severity                                []string
	Stages                                  []stageRow
	Notices, Publication, Otherwise         []string
	Bounty                                  string
	Thanks, Roles, Lines, Notes             []string
	Recurring, Kept                         []string
	Stamp                                   string
}

type wayRow struct {
	Track
	Routes []string
}

type stageRow struct {
	Number            int
	Title, Only, Says string
}

func securityMD(s *sheet) []byte {
	return s.securityPage("# Security policy of "+prose(s.d.Title), s.stamp())
}

// securityPage writes the body under a heading of its own.
func (s *sheet) securityPage(heading, stamp string) []byte {
	d := s.d
	table, promises := s.promises()
	page := securityPage{
		Title: heading, Summary: prose(d.Summary), Door: d.doorWords(), Form: s.formURL(), Intro: prose(d.Form.Intro), Mail: s.mailWords(),
		Ways: each(d.orderedTracks(), func(t Track) wayRow { return wayRow{t, each(t.Routes, Route.words)} }), Kinds: d.Kinds,
		Alarm: s.contacts(s.people(d.Contacts.Alarm)), Nudge: s.contacts(s.people(d.Contacts.Nudge)),
		Silence: "> " + d.silenceWords(), Terms: each(d.Terms, func(t Term) string { return prose(t.Says) }), Harbour: prose(d.Harbour),
		Table: table, Promises: promises, Severity: d.severityLines(), Stages: s.stageRows(),
		Notices: each(d.Notices, s.noticeRow), Publication: s.publication(), Otherwise: d.contingencyLines(),
		Recurring: each(d.Recurring, recurringWords),
		Roles: each(slices.DeleteFunc(slices.Clone(d.Roles), func(r Role) bool { return r.Says == "" }),
			func(r Role) string { return "**" + r.Title + "**: " + prose(r.Says) }),
		Lines: d.lineRows(), Notes: each(d.Waivers, func(w LintWaiver) string { return prose(w.Because) }),
		Kept: d.retentionRows(), Stamp: stamp,
	}
	if d.Bounty != nil {
		page.Bounty = d.Bounty.words(d)
	}
	if d.Recognition != nil {
		page.Thanks = d.thanks()
	}
	var out bytes.Buffer
	if err := securityTemplate.Execute(&out, page); err != nil {
		panic(err) // the page has every field that the template names, and a buffer takes every byte
	}
	return out.Bytes()
}

// mailWords is the address that one may write to, with its key.
func (s *sheet) mailWords() string {
	c := s.d.Contacts
	if c.Mail == "" {
		return ""
	}
	mail := "<" + c.Mail + ">"
	if c.Hide {
		mail = s.d.address(c.Mail)
	}
	also := when(s.Base != "", "also ")
	return joined("You can "+also+"write to "+mail+", which several people read.", when(c.Key != "", "Its OpenPGP key is at <"+c.Key+">."))
}

// doorWords says that reports are not taken in as usual, if so.
func (d *Document) doorWords() string {
	if d.Door == nil || d.Door.State == "open" {
		return ""
	}
	says := map[string]string{
		"throttled":   "At the moment we take in only few reports at a time.",
		"invite_only": "At the moment we take in reports only from those whom we asked.",
		"closed":      "At the moment we take in no new reports.",
	}[d.Door.State]
	return joined(says, when(d.Door.Until != "", "This holds until "+d.Door.Until+"."), d.Door.Says)
}

// words is a route with what a program knows of it.
func (r Route) words() string {
	return joined(dot(prose(r.Says)), when(r.Channel != "", "It goes by "+verbatim(r.Channel)+"."),
		when(r.Public, "Everybody can see that it is there, so say nothing in it that tells what it is about."))
}

// usualTrack is that of a case for which nothing was decided.
func (d *Document) usualTrack() Track {
	return d.Tracks[max(0, slices.IndexFunc(d.Tracks, func(t Track) bool { return t.Default }))]
}

// orderedTracks are the tracks with the usual one first, as reporters read them.
func (d *Document) orderedTracks() []Track {
	usual := d.usualTrack()
	others := slices.DeleteFunc(slices.Clone(d.Tracks), func(t Track) bool { return t.Name == usual.Name })
	return append([]Track{usual}, others...)
}

func (d *Document) silenceWords() string {
	s, only := d.Silence, ""
	if where := d.only(s.Tracks); where != "" && d.usualTrack().Public {
		only = "This is asked for what is handled " + strings.TrimPrefix(where, "only ") + "."
	}
	return joined(s.Says, s.Because, s.Also, only)
}

// only says that something belongs to some tracks and not to others; empty where it belongs to all.
func (d *Document) only(tracks []string) string {
	if len(tracks) == 0 || len(tracks) == len(d.Tracks) {
		return ""
	}
	titles := each(d.Tracks, func(t Track) string {
		if slices.Contains(tracks, t.Name) {
			return lower(t.Title)
		}
		return ""
	})
	return "only " + list(said(titles...))
}

func (s *sheet) stageRows() []stageRow {
	var rows []stageRow
	for i, stage := range s.d.Stages {
		says := []string{dot(prose(stage.Says))}
		says = append(says, s.waitLines(stage)...)
		rows = append(rows, stageRow{Number: i + 1, Title: stage.Title, Only: s.d.only(stage.Tracks), Says: joined(says...)})
	}
	return rows
}

// waitLines are the waits before the step of a stage, each in a sentence.
func (s *sheet) waitLines(stage Stage) []string {
	var lines []string
	for _, step := range s.d.Steps {
		if step.Step != stage.Step {
			continue
		}
		for _, q := range step.Requires {
			if q.Wait == nil {
				continue
			}
			where, _ := s.d.whenWords(q.When)
			if only := s.d.only(stage.Tracks); only != "" && strings.TrimPrefix(only, "only ") == where {
				where = ""
			}
			unless, _ := s.d.whenWords(q.Unless)
			if q.Unless == "emergency" {
				unless = "it is public or attacked"
			}
			lines = append(lines, upper(s.waitWords(q.Wait))+when(where != "", ", "+where)+when(unless != "", ", unless "+unless)+".")
		}
	}
	return lines
}

func recurringWords(r Recurring) string {
	return fmt.Sprintf("**%s**, every %s: %s.", r.Title, strings.TrimPrefix(r.Every.Words(), "1 "), strings.Join(each(r.Does, lower), "; "))
}

func (d *Document) thanks() []string {
	lines := each(d.Recognition.Says, prose)
	if d.Recognition.HallOfFame {
		lines = append(lines, "There is a hall of fame of those who helped and want to be named.")
	}
	return lines
}

// words are when money is paid.
func (b Bounty) words(d *Document) string {
	return joined(dot(prose(b.Says)), "A bounty is paid after "+d.mark(b.After)+lasting(", within %s", b.Within)+".", b.currencyWords())
}

// contingencyLines are what is done when a thing goes otherwise than planned.
func (d *Document) contingencyLines() []string {
	return each(d.Contingencies, func(c Contingency) string { return "**" + c.Title + "**: " + dot(prose(c.Says)) })
}

func (d *Document) lineRows() []string {
	var rows []string
	for _, product := range d.Products {
		for _, l := range product.Lines {
			fixes := "no"
			if l.Eligible {
				fixes = "yes"
			}
			rows = append(rows, row(product.Title, l.Name, l.Versions, fixes))
		}
	}
	return rows
}

// currencyWords say what a bounty is paid in, and how it is shared where nobody says.
func (b *Bounty) currencyWords() string {
	var says []string
	if b.Currency != nil {
		says = append(says, fmt.Sprintf("It is paid in %s, which has %d decimals.", b.Currency.Code, b.Currency.Decimals))
	}
	if b.Split != "" {
		says = append(says, map[string]string{"equal": "Several reporters of one matter share it equally.", "by_hand": "How several reporters share it is decided in each case."}[b.Split])
	}
	return strings.Join(says, " ")
}
