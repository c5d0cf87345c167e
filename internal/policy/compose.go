package policy

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Release is what the program knows at the moment of a notice and its template may name: {{advisory}}, {{url}}. The
// project's own name is {{project}}, so that who extends a document need not write its notices anew.
type Release struct {
	Advisory cvd.AdvisoryID // once it is published
	URL      string         // of the advisory's public page, or of the project's before
	Zone     *time.Location // in which instants are shown beside UTC; nil: UTC alone
	Now      time.Time      // when it goes out: what comes is announced for an instant after it
}

// blank is a place in a notice's subject or text that a value fills.
var blank = regexp.MustCompile(`\{\{\s*([a-z0-9_-]+)\s*\}\}`)

// Compose completes a notice from the policy: channels, audiences and text, and gives the subject. It refuses fields that
// the notice does not declare, and of a notice before the release whatever would tell more than that one is coming.
func (p *Policy) Compose(n *cvd.Notified, c cvd.Case, at Release) (subject string, err error) {
	notice, ok := p.noticeNamed(n.Notice)
	if !ok {
		var names []string
		for _, x := range p.Document.Notices {
			names = append(names, x.Name)
		}
		return "", cvd.Fieldf("/notice", "there is no notice %q here; choose one of %s", n.Notice, strings.Join(names, ", "))
	}
	values, err := p.noticeValues(&notice, n.Says, at)
	if err != nil {
		return "", err
	}
	if notice.Before && !p.tells(notice.Name) {
		if err := p.carriesNothing(&notice, n.Says, &c); err != nil {
			return "", err
		}
	}
	values["advisory"], values["url"], values["project"] = string(at.Advisory), at.URL, p.Document.Title
	n.Pre, n.Channels, n.Audiences = notice.Before, slices.Clone(notice.Channels), slices.Clone(notice.Audiences)
	n.Text = fill(notice.Text, values)
	return notice.tagged(strings.TrimSpace(fill(notice.Subject, values))), nil
}

// tells says whether a notice may carry detail before the release: it says that it does, and everybody who gets it has accepted
// the embargo.
func (p *Policy) tells(name string) bool {
	n, _ := p.noticeNamed(name)
	return (n.Detail == "advisory" || n.Detail == "patch") && !slices.ContainsFunc(p.Document.Audiences, func(a Audience) bool {
		return slices.Contains(n.Audiences, a.Name) && a.Accepts == ""
	})
}

// tagged puts the notice's tag before its subject, once.
func (n *Notice) tagged(subject string) string {
	if n.Tag == "" || strings.HasPrefix(subject, n.Tag) {
		return subject
	}
	return n.Tag + " " + subject
}

// noticeValues checks what a notice is to say, field by field, and writes it as people read it.
func (p *Policy) noticeValues(n *Notice, says map[string]string, at Release) (map[string]string, error) {
	var names []string
	for _, f := range n.Fields {
		names = append(names, f.Name)
	}
	for name := range says {
		if !slices.Contains(names, name) {
			return nil, cvd.Fieldf("/says/"+pointer(name), "this notice cannot say %q; it says %s", name, strings.Join(names, ", "))
		}
	}
	values := map[string]string{}
	for _, f := range n.Fields {
		said, field := strings.TrimSpace(says[f.Name]), "/says/"+pointer(f.Name)
		if said == "" {
			if f.Required {
				return nil, cvd.Fieldf(field, "%s is missing", f.Title)
			}
			continue
		}
		var flaw problems
		flaw.line(field, "", said, LongestTitle)
		if len(flaw) > 0 {
			return nil, flaw[0]
		}
		if err := cvd.Shows(field, said); err != nil {
			return nil, err
		}
		written, problem := p.written(f.Type, said, at.Zone)
		if when, ok := instantOf(f, said); ok && n.Before && !when.After(at.Now) {
			problem = "lies in the past: a notice before the release announces what lies ahead"
		}
		if problem != "" {
			return nil, cvd.Fieldf(field, "%s %s", f.Title, problem)
		}
		values[f.Name] = written
	}
	return values, nil
}

// written is a field's value for people, or what is wrong with it.
func (p *Policy) written(kind, said string, zone *time.Location) (text, problem string) {
	switch kind {
	case "instant":
		at, err := time.Parse(time.RFC3339, said)
		if err != nil {
			return "", "is an instant like 2026-01-31T16:00:00Z"
		}
		if text = cvd.Instant(at); zone != nil && zone != time.UTC {
			text += " (" + at.In(zone).Format("Mon 2006-01-02 15:04 MST") + ")"
		}
		return text, ""
	case "class":
		i := slices.IndexFunc(p.Document.Severity.Classes, func(k Class) bool { return k.Name == said })
		if i < 0 {
			return "", "is one of " + strings.Join(p.classNames(), ", ")
		}
		return p.Document.Severity.Classes[i].Title, ""
	case "lines":
		for name := range strings.SplitSeq(said, ",") {
			if name = strings.TrimSpace(name); !slices.Contains(p.lineNames(), name) {
				return "", "names release lines, separated by commas: " + strings.Join(p.lineNames(), ", ")
			}
		}
	}
	return said, ""
}

func (p *Policy) lineNames() []string {
	var names []string
	for _, product := range p.Document.Products {
		for _, l := range product.Lines {
			names = append(names, l.Name, product.Name+" "+l.Name)
		}
	}
	return names
}

// fill puts values in their places. A line of which every place stays empty is left out.
func fill(template string, values map[string]string) string {
	var out strings.Builder
	for line := range strings.Lines(template) {
		places, filled := blank.FindAllStringSubmatch(line, -1), false
		for _, place := range places {
			filled = filled || values[place[1]] != ""
		}
		if len(places) > 0 && !filled {
			continue
		}
		out.WriteString(blank.ReplaceAllStringFunc(line, func(place string) string {
			return values[blank.FindStringSubmatch(place)[1]]
		}))
	}
	return out.String()
}
