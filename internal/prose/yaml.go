package prose

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// YAML is the draft as a policy document that extends the one called default: what the texts say, each value with its source
// and how sure the reading is, and above all what they do not say, or say twice and differently. What nobody said is the
// base's, until the project decides it.
func (d Draft) YAML() []byte {
	w := &writer{draft: d}
	w.head()
	w.contacts()
	w.products()
	w.routes()
	w.silence()
	w.terms()
	w.severity()
	w.clocks()
	w.release()
	w.publication()
	return []byte(w.b.String())
}

// writer writes a document from its top.
type writer struct {
	draft Draft
	b     strings.Builder
}

func (w *writer) line(format string, args ...any) { fmt.Fprintf(&w.b, format+"\n", args...) }

// spoken is a time in words: "24 hours".
func spoken(value string) string {
	n := strings.IndexFunc(value, func(r rune) bool { return r < '0' || r > '9' })
	unit := map[string]string{"m": "minute", "h": "hour", "d": "day", "w": "week", "mo": "month", "wd": "working day", "wh": "working hour"}[value[max(n, 0):]]
	if n <= 0 || unit == "" {
		return value
	}
	if value[:n] != "1" {
		unit += "s"
	}
	return value[:n] + " " + unit
}

// from is a comment that says where a value was read.
func from(s Statement) string {
	return fmt.Sprintf(" # %s:%d, %s", oneLine(s.File), s.Line, s.Confidence)
}

// comment writes a text as comments of lines that fit a screen.
func (w *writer) comment(first, text string) {
	const width = 110
	line := first
	for word := range strings.FieldsSeq(oneLine(text)) {
		if len(line)+1+len(word) > width {
			w.line("# %s", line)
			line = " "
		}
		line += " " + word
	}
	w.line("# %s", line)
}

// oneLine keeps what comes from a text inside its comment.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff {
			return ' '
		}
		return r
	}, s)
}

// text is a value in quotation marks.
func text(s string) string { return strconv.Quote(strings.Join(strings.Fields(oneLine(s)), " ")) }

// best is the surest statement of a clause, and the first of those.
func (w *writer) best(clause string) (Statement, bool) {
	all := slices.DeleteFunc(slices.Clone(w.draft.Statements), func(s Statement) bool { return s.Clause != clause })
	if len(all) == 0 {
		return Statement{}, false
	}
	slices.SortStableFunc(all, func(a, b Statement) int { return rank(a.Confidence) - rank(b.Confidence) })
	return all[0], true
}

func rank(c Confidence) int { return slices.Index([]Confidence{High, Likely, Guess}, c) }

var (
	titleAfter  = re(`(?i)\b(?:security|disclosure) policy (?:of|for) (?:the )?(.+?)\W*$`)
	titleBefore = re(`(?i)^(?:the )?(.+?)(?:'s|’s)?\W+(?:bug reporting|security|vulnerability|responsible|coordinated|reporting)\b`)
	noName      = re(`(?i)^(?:our|your|project|security|reporting|policy|coordinated|responsible|vulnerability|a|an|the|report(?:ing)? (?:a|an|security)?|how|product)\b`)
)

// name is what the project is called in the headings of the texts.
func (d Draft) name() string {
	for _, s := range d.Sections[:min(4, len(d.Sections))] {
		for _, pattern := range []*regexp.Regexp{titleAfter, titleBefore} {
			if m := pattern.FindStringSubmatch(s.Text); m != nil && !noName.MatchString(m[1]) && len(strings.Fields(m[1])) <= 5 {
				return m[1]
			}
		}
	}
	return ""
}

func (w *writer) head() {
	d := w.draft
	w.comment("Drafted from "+oneLine(d.File)+".", "Beside each value stands where it was read and how sure the reading is: high, likely or guess. "+
		"What the text does not say is inherited from the document default, and is no promise of yours before you have read it.")
	if len(d.Questions) > 0 {
		w.line("#\n# The text does not say:")
		for _, q := range d.Questions {
			w.comment("- "+q.Clause+":", q.Asks+" "+q.Why)
		}
	}
	if all := d.Contradictions(); len(all) > 0 {
		w.line("#\n# It is said differently in different places:")
		for _, c := range all {
			w.comment("- "+c.Clause+":", c.Says)
		}
	}
	if len(d.Damage) > 0 {
		w.line("#")
		w.comment("-", fmt.Sprintf("%d runs of characters are damaged (UTF-8 that was read as %s): tipstaff policy repair mends them.", len(d.Damage), d.Damage[0].Encoding))
	}
	name := d.name()
	known := name != ""
	name = cmp.Or(name, "My project")
	id := strings.Trim(strings.ReplaceAll(slug(name), "_", "-"), "-0123456789")
	id = cmp.Or(id, "my-project")
	w.line("\npolicy: %s\nextends: default", id)
	w.drop()
	note := ""
	if !known {
		note = " # guess: no heading names the project"
	}
	w.line("title: %s%s", text(name), note)
	letters := strings.ToUpper(strings.ReplaceAll(id, "-", ""))
	w.line("prefix: %s # guess: of the ids of cases and advisories", letters[:min(len(letters), 6)])
	w.line("summary: %s", text("If you have found something that could harm the users of "+name+", please tell us in private first."))
}

// drop names the lists of the base that the texts have their own of.
func (w *writer) drop() {
	var all []string
	if len(w.draft.Of("terms")) > 0 {
		all = append(all, "terms")
	}
	if w.ownClasses() {
		all = append(all, "severity.classes")
		if !w.banded() {
			all = append(all, "severity.systems")
		}
	}
	if len(w.draft.Of("clocks.resolution.within")) > 0 {
		all = append(all, "clocks.resolution.within")
	} else if w.ownClasses() {
		for _, name := range baseClasses {
			if !slices.Contains(w.classes(), name) {
				all = append(all, "clocks.resolution.within."+name)
			}
		}
	}
	if len(w.draft.Of("steps.release.requires.wait")) > 0 {
		all = append(all, "steps.release.requires.wait_longer", "steps.disclose.requires.wait_longer")
	}
	if len(all) > 0 {
		w.line("drop: [%s] # the texts have their own", strings.Join(all, ", "))
	}
}

// baseClasses are the severities of the document that drafts extend, from the worst.
var baseClasses = []string{"critical", "high", "medium", "low", "informational"}

// ownClasses says whether the texts have the three classes that conditions of the base speak of. With fewer, the base's stay.
func (w *writer) ownClasses() bool {
	classes := w.classes()
	return !slices.ContainsFunc(baseClasses[:3], func(name string) bool { return !slices.Contains(classes, name) })
}

// classes are the names of those that the texts have, from the worst.
func (w *writer) classes() []string {
	var all []string
	for _, name := range baseClasses {
		if _, ok := w.best("severity.classes." + name); ok {
			all = append(all, name)
		}
	}
	for _, s := range w.draft.Of("severity.classes") {
		if name := strings.TrimPrefix(s.Clause, "severity.classes."); s.Kind == "class" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

func (w *writer) contacts() {
	w.line("\ncontacts: # handles of people of your roster")
	any := false
	for _, list := range []string{"alarm", "nudge"} {
		used := map[string]bool{}
		var lines []string
		for _, s := range w.draft.Of("contacts." + list) {
			handle := handleOf(s.Title)
			if handle == "" || used[handle] || len(used) == 20 {
				continue
			}
			used[handle] = true
			lines = append(lines, fmt.Sprintf("    - %s # %s;%s", text(handle), oneLine(s.Value), strings.TrimPrefix(from(s), " #")))
		}
		if len(lines) > 0 {
			w.line("  %s:\n%s", list, strings.Join(lines, "\n"))
		} else if list == "alarm" {
			w.line("  alarm: [maintainer-1] # guess: the text names nobody")
		}
		any = any || len(lines) > 0
	}
	if s, ok := w.best("contacts.mail"); ok {
		w.line("  mail: %s%s", s.Value, from(s))
	}
}

// handleOf is a person's name as a handle of the roster.
func handleOf(title string) string {
	title, _, _ = strings.Cut(title, "(")
	name := strings.Trim(strings.ReplaceAll(slug(title), "_", "-"), "-")
	return strings.TrimLeft(name, "0123456789-")
}

func (w *writer) products() {
	name := cmp.Or(w.draft.name(), "My project")
	w.line("\nproducts:\n  - name: %s\n    title: %s\n    lines:", cmp.Or(strings.Trim(strings.ReplaceAll(slug(name), "_", "-"), "-"), "product"), text(name))
	lines := w.draft.Of("products.lines")
	used := map[string]bool{}
	for _, s := range lines {
		versions, state, _ := strings.Cut(s.Value, ": ")
		name := lineName(s.Title)
		if name == "" || used[name] {
			continue
		}
		used[name] = true
		w.line("      - {name: %s, versions: %s, eligible: %t}%s", text(name), text(rangeOf(versions)), state == "yes", from(s))
	}
	if len(used) == 0 {
		w.line("      - {name: current, versions: \">= 0.0.0\", eligible: true} # guess: the text names no releases")
	}
}

var notInLine = regexp.MustCompile(`[^A-Za-z0-9.]+`)

// lineName is a release line's name.
func lineName(title string) string {
	name := strings.Trim(notInLine.ReplaceAllString(title, "-"), "-.")
	return name[:min(len(name), 30)]
}

var (
	wild    = regexp.MustCompile(`^v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(?:x|\*))$`)
	bare    = regexp.MustCompile(`^v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?\+?$`)
	bounded = regexp.MustCompile(`^(<=?|>=?|≤|≥)\s*v?(\d{1,6}(?:\.\d{1,6}){0,3})$`)
)

// rangeOf writes a table's "5.1.x" or "< 4.0" as a range of versions.
func rangeOf(text string) string {
	text = strings.TrimSpace(text)
	if m := wild.FindStringSubmatch(text); m != nil {
		major, _ := strconv.Atoi(m[1])
		if m[2] == "" {
			return fmt.Sprintf(">= %d.0.0, < %d.0.0", major, major+1)
		}
		minor, _ := strconv.Atoi(m[2])
		return fmt.Sprintf(">= %d.%d.0, < %d.%d.0", major, minor, major, minor+1)
	}
	if m := bounded.FindStringSubmatch(text); m != nil {
		return strings.NewReplacer("≤", "<=", "≥", ">=").Replace(m[1]) + " " + m[2]
	}
	if m := bare.FindStringSubmatch(text); m != nil {
		return ">= " + strings.TrimPrefix(strings.TrimSuffix(text, "+"), "v")
	}
	return text
}

func (w *writer) routes() {
	by := map[string][]string{}
	for _, s := range w.draft.Of("tracks.routes") {
		says := s.Title
		if !strings.EqualFold(s.Title, s.Value) {
			says += ": " + s.Value
		}
		switch {
		case s.Clause != "tracks.routes.issues":
			by["private"] = append(by["private"], text(says)+from(s))
		case strings.Contains(s.Value, "private"): // a private route that begins where everybody reads it
			by["private"] = append(by["private"], fmt.Sprintf("{says: %s, public: true}%s", text(says), from(s)))
		default:
			by["public"] = append(by["public"], text(says)+from(s))
		}
	}
	if len(by) > 0 {
		w.line("\ntracks:")
	}
	for _, track := range []string{"private", "public"} {
		if len(by[track]) > 0 {
			w.line("  - name: %s\n    routes:\n      - %s", track, strings.Join(by[track], "\n      - "))
		}
	}
}

func (w *writer) silence() {
	until, ends := w.best("silence.until")
	says, asked := w.best("silence.says")
	if !asked {
		return
	}
	w.line("\nsilence:")
	if ends {
		says = until
		w.line("  until: %s%s", until.Value, from(until))
	}
	w.line("  says: %s%s", text(says.Text), from(says))
}

func (w *writer) terms() {
	all := w.draft.Of("terms")
	if len(all) == 0 {
		return
	}
	w.line("\nterms:")
	used := map[string]bool{}
	for _, s := range all {
		if name := strings.TrimPrefix(s.Clause, "terms."); name != "" && !used[name] {
			used[name] = true
			w.line("  - {name: %s, says: %s}%s", text(name), text(s.Value), from(s))
		}
	}
}
