package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tipstaff/tipstaff/cvd"
)

// What a report may hold at most. A field of the form may ask for less.
const (
	LongestTitle       = 300      // characters
	LongestDescription = 64 << 10 // bytes, as every other text
	LongestLine        = 500      // characters
	MostSteps          = 100
	MostTold           = 50
	longestAddress     = 254 // bytes, RFC 5321 4.5.3.1.3 without the brackets
)

// Kind is the kind of that name, or the default one for "". The error names the kinds that there are, or says where
// somebody with this kind should go instead, since only some kinds become a case.
func (p *Policy) Kind(name string) (Kind, error) {
	kinds := p.Document.Kinds
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == name || name == "" && k.Default })
	if i < 0 && name == "" {
		i = slices.IndexFunc(kinds, func(k Kind) bool { return k.Goes == "case" })
	}
	if i < 0 {
		var names []string
		for _, k := range kinds {
			names = append(names, k.Name)
		}
		return Kind{}, cvd.Fieldf("/kind", "there is no kind %.40q here; choose one of %s", name, strings.Join(names, ", "))
	}
	k := kinds[i]
	if k.Goes == "case" {
		return k, nil
	}
	says := fmt.Sprintf("%s is not handled as a report: it belongs to the %s", k.Title, k.Goes)
	if k.URL != "" {
		says += " at " + k.URL
	}
	if k.Says != "" {
		says += ". " + k.Says
	}
	return k, &cvd.Error{Kind: cvd.Refused, Field: "/kind", Clause: "kinds." + k.Name, Says: says}
}

// TrackOf is the track of that name.
func (p *Policy) TrackOf(name string) (Track, bool) {
	for _, t := range p.Document.Tracks {
		if t.Name == name {
			return t, true
		}
	}
	return Track{}, false
}

// Begin is the track on which a new case starts: that of its kind, else the default one. A reporter who wishes that the matter
// stays private for a time starts on a private track if there is one: by its name, or by any answer to the form's
// disclosure_preference but the first choice, which is the soonest. Whatever the track, a case may be seen only after triage.
func (p *Policy) Begin(kind Kind, disclosure string) Track {
	start, ok := p.TrackOf(kind.Track)
	if !ok {
		start = p.defaultTrack()
	}
	wished, named := p.TrackOf(disclosure)
	switch {
	case named && (!wished.Public || kind.Track == ""):
		return wished
	case named || !start.Public || disclosure == "" || disclosure == p.soonestWish():
		return start
	}
	for _, t := range p.Document.Tracks {
		if !t.Public {
			return t
		}
	}
	return start
}

func (p *Policy) soonestWish() string {
	for _, f := range p.Document.Form.Fields {
		if f.Name == "disclosure_preference" {
			return first(f.Choices)
		}
	}
	return ""
}

func (p *Policy) defaultTrack() Track {
	for _, t := range p.Document.Tracks {
		if t.Default {
			return t
		}
	}
	if len(p.Document.Tracks) > 0 {
		return p.Document.Tracks[0]
	}
	return Track{}
}

// CheckReport says the first thing that is wrong with a report, or nil.
func (p *Policy) CheckReport(r *cvd.Report) error {
	if all := p.Problems(r); len(all) > 0 {
		return all[0]
	}
	return nil
}

// Problems are all things that are wrong with a report, each an Invalid error with the pointer of its field.
func (p *Policy) Problems(r *cvd.Report) []*cvd.Error {
	var all problems
	all.texts(r)
	kind, err := p.Kind(r.Kind)
	if err != nil {
		return append(all, err.(*cvd.Error)) // what is asked depends on the kind
	}
	for i := range p.Document.Form.Fields {
		if f := &p.Document.Form.Fields[i]; concerns(f.Kinds, kind.Name) {
			all.field(f, r, f.Required || slices.Contains(kind.Needs, f.Name))
		}
	}
	for name := range r.Fields {
		if isStandard(name) || !slices.ContainsFunc(p.Document.Form.Fields, func(f Field) bool { return f.Name == name }) {
			all.say("/fields/"+pointer(name), "the form has no field %q", name)
		}
	}
	return append(all, p.CheckTerms(r.Accepted, r.Refused)...)
}

// problems gathers; it is empty, and costs nothing, for a report in order.
type problems []*cvd.Error

func (all *problems) say(field, format string, args ...any) {
	*all = append(*all, cvd.Fieldf(field, format, args...))
}

// texts checks what holds for every report, whatever the policy.
func (all *problems) texts(r *cvd.Report) {
	all.line("/title", "", r.Title, LongestTitle)
	if strings.TrimSpace(r.Title) == "" {
		all.say("/title", "a report needs a title")
	}
	all.text("/description", "", r.Description)
	if strings.TrimSpace(r.Description) == "" {
		all.say("/description", "a report needs a description")
	}
	for _, t := range [...]struct{ field, text string }{
		{"/impact", r.Impact}, {"/expected", r.Expected}, {"/evidence", r.Evidence}, {"/ai_use/how", r.AI.How},
		{"/environment/configuration", r.Environment.Configuration},
	} {
		all.text(t.field, "", t.text)
	}
	for _, l := range [...]struct{ field, text string }{
		{"/kind", r.Kind}, {"/severity", r.Severity}, {"/component", r.Component}, {"/version", r.Version}, {"/credit", r.Credit},
		{"/environment/os", r.Environment.OS}, {"/environment/version", r.Environment.Version},
		{"/contact/name", r.Contact.Name}, {"/disclosure_preference", r.Disclosure},
	} {
		all.line(l.field, "", l.text, LongestLine)
	}
	all.list("/steps/", r.Steps, MostSteps)
	all.list("/told/", r.Told, MostTold)
	for name, text := range r.Fields {
		all.text("/fields/", name, text)
	}
	all.address(r.Contact.Email)
}

func (all *problems) list(field string, items []string, most int) {
	if len(items) > most {
		all.say(strings.TrimSuffix(field, "/"), "there are %d entries; at most %d are taken", len(items), most)
		return
	}
	for i, item := range items {
		if !sound(item) || len(item) > LongestDescription { // only then is the pointer worth making
			all.text(field+strconv.Itoa(i), "", item)
		}
	}
}

// text checks a text of many lines; the name, of a field of the policy's own, is only joined to the pointer when it is needed.
func (all *problems) text(field, name, text string) {
	switch {
	case !sound(text):
		all.say(field+pointer(name), "the text is not valid UTF-8, or holds the character NUL")
	case len(text) > LongestDescription:
		all.say(field+pointer(name), "the text has %d bytes; at most %d are taken: attach the rest as a file", len(text), LongestDescription)
	}
}

func (all *problems) line(field, name, text string, longest int) {
	switch {
	case !sound(text):
		all.say(field+pointer(name), "the text is not valid UTF-8, or holds the character NUL")
	case strings.ContainsAny(text, "\r\n"): // it becomes a header of a mail one day
		all.say(field+pointer(name), "this is one line; write the rest in the description")
	case len(text) > longest && utf8.RuneCountInString(text) > longest:
		all.say(field+pointer(name), "the text has %d characters; at most %d are taken", utf8.RuneCountInString(text), longest)
	}
}

func (all *problems) address(mail string) {
	if mail == "" {
		return
	}
	before, after, found := strings.Cut(mail, "@")
	if !found || before == "" || after == "" || strings.Contains(after, "@") || len(mail) > longestAddress ||
		!sound(mail) || strings.ContainsAny(mail, " \t\r\n<>,;\"") {
		all.say("/contact/email", "this is no mail address; leave it out and keep the return code instead if you have none")
	}
}

// field checks one question of the form.
func (all *problems) field(f *Field, r *cvd.Report, required bool) {
	place, text := answer(f.Name, r)
	if required && strings.TrimSpace(text) == "" {
		all.say(pointerOf(f.Name, place), "%s is missing", f.Title)
		return
	}
	if text == "" {
		return
	}
	switch {
	case f.Longest > 0 && len(text) > f.Longest && utf8.RuneCountInString(text) > f.Longest:
		all.say(pointerOf(f.Name, place), "%s has %d characters; at most %d are taken", f.Title, utf8.RuneCountInString(text), f.Longest)
	case f.Type == "choice" && !slices.Contains(f.Choices, text):
		all.say(pointerOf(f.Name, place), "%s is none of %s", f.Title, strings.Join(f.Choices, ", "))
	case f.Type == "yes_no" && text != "yes" && text != "no":
		all.say(pointerOf(f.Name, place), "%s is yes or no", f.Title)
	}
}

// answer is what a report says to a question, and the pointer of the place where it says so, "" for a field of the policy's own.
func answer(name string, r *cvd.Report) (place, text string) {
	switch name {
	case "severity":
		return "/severity", r.Severity
	case "component":
		return "/component", r.Component
	case "version":
		return "/version", r.Version
	case "impact":
		return "/impact", r.Impact
	case "expected":
		return "/expected", r.Expected
	case "evidence":
		return "/evidence", r.Evidence
	case "credit":
		return "/credit", r.Credit
	case "disclosure_preference":
		return "/disclosure_preference", r.Disclosure
	case "steps":
		return "/steps", first(r.Steps)
	case "told":
		return "/told", first(r.Told)
	case "deadline":
		if r.Deadline.IsZero() {
			return "/deadline", ""
		}
		return "/deadline", cvd.Instant(r.Deadline)
	case "environment":
		e := r.Environment
		return "/environment", cmp.Or(e.OS, e.Version, e.Configuration)
	case "contact":
		return "/contact", cmp.Or(r.Contact.Email, r.Contact.Name)
	case "ai_use":
		if r.AI.Used || r.AI.How != "" {
			return "/ai_use", "yes"
		}
		return "/ai_use", "no" // saying nothing says no: a reporter need not mention what was not used
	}
	return "", r.Fields[name]
}

// isStandard says whether a question has its own place in a report.
func isStandard(name string) bool {
	place, _ := answer(name, &cvd.Report{})
	return place != ""
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// sound says whether a text can be kept, shown and searched.
func sound(text string) bool {
	return utf8.ValidString(text) && strings.IndexByte(text, 0) < 0
}

func pointerOf(name, place string) string {
	if place != "" {
		return place
	}
	return "/fields/" + pointer(name)
}

// pointer writes a name as a part of a JSON pointer (RFC 6901 3).
func pointer(name string) string {
	if !strings.ContainsAny(name, "~/") {
		return name
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}
