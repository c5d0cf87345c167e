package prose

import (
	"net/url"
	"regexp"
	"strings"
)

var (
	nudging   = re(`\btag\b|\bping\b|\bnudge|\bremind|feel free to`)
	alarming  = re(`contact|alert|notify|report|disclose|reach|write|e-?mail|send|message|maintain|team|core|security|vulnerab`)
	elsewhere = re(`^(?:[a-z0-9-]+\.)*example\.(?:com|org|net)$`)
	nameHead  = re(`^(?:name|who|person|people|member|maintainer|contact|team)`)
	people    = re(`\b(?:people|persons|individuals|members|maintainers|engineers)\b`)
	shared    = re(`several (?:people|of us|members) read|\bmailing list\b|\b(?:goes to|reaches) (?:all|several) of us`)
	roleName  = re(`secur|psirt|cert|report|vuln|disclos|abuse|team|contact|info|support`)
	wholeTag  = re(`^.{2,40}#\d{4}$`)
	nameStart = re(`^([\p{L}][\p{L}\d ._'()-]{1,60}?)(?:\s*[:|,–—-]\s|\s*$)`)
)

// findContacts finds whom one reports to, and where.
func findContacts(r *reader, s sentence) {
	r.contacts(handlesIn(s.markup), s)
	r.label(s)
}

// contactRow finds them in a row of a table: the person in the first column, an address in each of the others.
func (r *reader) contactRow(b Block) {
	s := sentence{text: b.Text, lower: strings.ToLower(b.Text), line: b.Line, kind: Row, heads: r.above(), intro: r.intro, title: b.Cells[0]}
	for i, cell := range b.Cells {
		if service := services[strings.ToLower(r.column(i))]; service != "" && nameHead.MatchString(strings.ToLower(r.column(0))) {
			r.contacts(handlesOf(service, cell), s)
			continue
		}
		if wholeTag.MatchString(cell) {
			cell = "`" + cell + "`"
		}
		if handles := handlesIn(r.column(i) + ": " + cell); i > 0 || len(handles) > 0 {
			r.contacts(handles, s)
		}
	}
}

// services are the columns of tables of people whose cells are handles, whatever these look like.
var services = map[string]string{"discord": "discord", "telegram": "telegram", "matrix": "matrix", "signal": "signal", "github": "github",
	"x": "x", "twitter": "x", "phone": "phone", "telephone": "phone", "irc": "irc"}

// handlesOf are those of a cell under the name of a service, with what is wrong about their form.
func handlesOf(service, cell string) []Handle {
	var all []Handle
	for one := range strings.SplitSeq(cell, ", ") {
		h := Handle{Service: service, Name: strings.TrimSpace(one)}
		quoted := h.Name
		if wholeTag.MatchString(quoted) {
			quoted = "`" + quoted + "`"
		}
		for _, known := range handlesIn(service + ": " + quoted) {
			if known.Name == h.Name {
				h.Wrong = known.Wrong
			}
		}
		if h.Name != "" && len(all) < mostInSentence {
			all = append(all, h)
		}
	}
	return all
}

func (r *reader) contacts(handles []Handle, s sentence) {
	around := strings.Join(append([]string{s.lower, s.intro}, s.heads...), " ")
	for _, h := range handles {
		st := Statement{Kind: "contact", Value: h.Name, Line: s.line, Text: s.text, Confidence: High}
		switch h.Service {
		case "mail":
			r.mail(st, h, s, around)
		case "key":
			st.Kind, st.Clause = "key", "contacts.key"
			r.add(st)
		case "discord", "x", "matrix", "telegram", "github", "signal", "phone", "irc":
			st.Title = personOf(s, h)
			if r.person(st, s, around) {
				r.wrong(h, s)
			}
		case "invite", "web":
			r.channel(st, h)
		}
	}
}

// mail is an address: of the project where its name is a role's or several read it, else of a person. In a list of people it
// is a person's whatever its name.
func (r *reader) mail(st Statement, h Handle, s sentence, around string) {
	name, host, _ := strings.Cut(strings.ToLower(h.Name), "@")
	if elsewhere.MatchString(host) && strings.Contains(s.lower, "e.g") {
		return
	}
	st.Clause = "contacts.mail"
	listed := s.kind != Paragraph && (people.MatchString(s.intro) || nudging.MatchString(s.intro))
	if _, known := r.seen[[3]string{st.Clause, st.Value}]; known && !listed {
		return
	}
	if listed || !roleName.MatchString(name) && !shared.MatchString(s.lower) {
		st.Title = personOf(s, h)
		r.person(st, s, around)
		return
	}
	r.add(st)
}

// person keeps somebody's address: of those who are alarmed, or of those who may be reminded.
func (r *reader) person(st Statement, s sentence, around string) bool {
	st.Clause, st.Confidence = "contacts.alarm", Likely
	switch {
	case nudging.MatchString(s.lower) || nudging.MatchString(s.intro):
		st.Clause = "contacts.nudge"
	case !alarming.MatchString(around):
		return false
	}
	r.add(st)
	return true
}

// personOf is the name that stands before an address.
func personOf(s sentence, h Handle) string {
	text := s.text
	if s.kind == Row {
		return s.title
	}
	if i := strings.Index(text, h.Name); i >= 0 {
		text = strings.TrimRight(text[:i], " :(–—-,|<")
	}
	if m := nameStart.FindStringSubmatch(text); m != nil && s.kind == Item && len(strings.Fields(m[1])) <= 4 {
		return strings.TrimSpace(m[1])
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(h.Name, "@"), "#")
	name, _, _ = strings.Cut(name, "@")
	if u, err := url.Parse(h.Name); err == nil && u.Host != "" {
		name = strings.Trim(u.Path, "/@")
	}
	return strings.TrimSpace(name)
}

// wrong asks about an address by which nobody can be reached.
func (r *reader) wrong(h Handle, s sentence) {
	if h.Wrong != "" {
		r.question("contacts.alarm", "How is "+personOf(s, h)+" reached today?", "The text names "+h.Name+" ("+h.Wrong+").")
	}
}

// channels are the places that people report at, by the words of their address or of the sentence.
var channels = []struct {
	name, title string
	in          *regexp.Regexp
}{
	{"advisories", "The forge's private reporting", re(`/security/advisories|report a vulnerability|private(?:ly)? (?:vulnerability )?report(?:ing|s)? (?:feature|of vuln)|github security advisor\w+ (?:to|for|tab)|through github security advisor|use github security advisor`)},
	{"hackerone", "HackerOne", re(`hackerone\.com`)},
	{"bugcrowd", "Bugcrowd", re(`bugcrowd\.com`)},
	{"huntr", "huntr", re(`huntr\.(?:dev|com)`)},
	{"immunefi", "Immunefi", re(`immunefi\.com`)},
	{"issues", "Public issues", re(`/issues\b|(?:create|open|file|add it as an?|make an?)(?: new)? (?:github |gitlab )?issue|via github issues`)},
	{"discord", "Discord", re(`discord\.gg|discord\.com/invite`)},
	{"form", "The report form", re(`/p/[^/]+/report\b|report form|web form`)},
}

func (r *reader) channel(st Statement, h Handle) {
	st.Kind = "channel"
	for _, c := range channels {
		if c.in.MatchString(strings.ToLower(h.Name)) {
			st.Clause, st.Title = "tracks.routes."+c.name, c.title
			r.add(st)
			return
		}
	}
	if strings.HasSuffix(strings.ToLower(h.Name), "security.txt") {
		st.Clause, st.Title = "sources", "security.txt"
		r.add(st)
	}
}

var (
	issueLabel = regexp.MustCompile("(?i)(?:`([\\w -]{2,40})`|\\b([\\w-]*security[\\w-]*)) label\\b|\\blabel (?:`([\\w -]{2,40})`|([\\w-]*security[\\w-]*))")
	avoiding   = re(`do not|don't|don’t|avoid|never|please refrain|instead of`)
)

// label finds ways to report that a sentence names without an address: a label of issues, the forge's own reporting.
func (r *reader) label(s sentence) {
	st := Statement{Kind: "channel", Line: s.line, Text: s.text, Confidence: Likely}
	if m := issueLabel.FindStringSubmatch(s.markup); m != nil {
		name := m[1] + m[2] + m[3] + m[4]
		st.Clause, st.Value, st.Title = "tracks.routes.issues", "issue with the label "+name, "Public issues"
		r.add(st)
		return
	}
	if avoiding.MatchString(s.lower) || s.kind == Heading {
		return
	}
	for _, c := range channels[:1] {
		if c.in.MatchString(s.lower) {
			st.Clause, st.Value, st.Title = "tracks.routes."+c.name, "private reporting at the forge", c.title
			r.add(st)
		}
	}
	if channels[5].in.MatchString(s.lower) && !strings.Contains(s.lower, "://") && strings.Contains(strings.Join(append(s.heads, s.lower), " "), "secur") {
		st.Clause, st.Value, st.Title, st.Confidence = "tracks.routes.issues", "public issues", "Public issues", Guess
		r.add(st)
	}
}
