package policy

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Issue forms of forges. GitHub, Gitea and Forgejo read the same form, save that GitHub calls its description that and the
// others about, and that GitHub refuses what it does not know.

type forgeIssue struct {
	Name        string       `yaml:"name"`
	Description string       `yaml:"description,omitempty"`
	About       string       `yaml:"about,omitempty"`
	Body        []forgeField `yaml:"body"`
}

type forgeField struct {
	Type       string         `yaml:"type"`
	ID         string         `yaml:"id,omitempty"`
	Attributes map[string]any `yaml:"attributes"`
	Validated  map[string]any `yaml:"validations,omitempty"`
}

func githubForm(s *sheet) []byte { return s.forgeForm(forgeIssue{Description: s.d.publicWords()}) }

func giteaForm(s *sheet) []byte { return s.forgeForm(forgeIssue{About: s.d.publicWords()}) }

// publicWords say what may be told in public.
func (d *Document) publicWords() string {
	return cut(joined(each(d.publicKinds(), func(k Kind) string { return k.Title + when(k.Says != "", ": "+dot(prose(k.Says))) })...), 200)
}

// forgeForm is the form for whatever may begin in public; a project that handles everything in private has none.
func (s *sheet) forgeForm(form forgeIssue) []byte {
	kinds := s.d.publicKinds()
	if len(kinds) == 0 {
		return nil
	}
	form.Name = "Security issue that may be public"
	note := joined("Everybody can read this issue.", s.d.silenceWords(), when(s.privateURL() != "", "Report in private at "+s.privateURL()+" instead."))
	form.Body = append(form.Body, forgeField{Type: "markdown", Attributes: map[string]any{"value": note}},
		forgeField{"textarea", "description", map[string]any{"label": "Description"}, map[string]any{"required": true}})
	for _, f := range s.d.Form.Fields {
		asked := len(f.Kinds) == 0 || slices.ContainsFunc(kinds, func(k Kind) bool { return slices.Contains(f.Kinds, k.Name) })
		if asked && f.Name != "contact" { // whoever writes there can be written to
			form.Body = append(form.Body, f.forge())
		}
	}
	form.Body = append(form.Body, forgeField{Type: "markdown", Attributes: map[string]any{"value": s.stamp()}})
	return dump(form)
}

// forge is a question as forges ask it.
func (f Field) forge() forgeField {
	at := map[string]any{"label": f.Title}
	if f.Help != "" {
		at["description"] = prose(f.Help)
	}
	out := forgeField{ID: f.Name, Attributes: at}
	switch f.Type {
	case "choice":
		out.Type = "dropdown"
		at["options"] = each(f.Choices, func(c string) string {
			if strings.EqualFold(c, "none") { // a word that GitHub keeps for itself
				return "no " + lower(f.Title)
			}
			return c
		})
	case "yes_no":
		out.Type = "checkboxes"
		at["options"] = []map[string]any{{"label": "Yes", "required": f.Required}}
		return out
	case "text", "list":
		out.Type = "textarea"
	default:
		out.Type = "input"
	}
	if f.Required {
		out.Validated = map[string]any{"required": true}
	}
	return out
}

// publicKinds are what may be told in public from the beginning.
func (d *Document) publicKinds() []Kind {
	public := map[string]bool{}
	for _, t := range d.Tracks {
		public[t.Name] = t.Public
	}
	return slices.DeleteFunc(slices.Clone(d.Kinds), func(k Kind) bool {
		track := k.Track
		if track == "" {
			track = d.usualTrack().Name
		}
		return k.Goes == "discussion" || k.Goes == "case" && !public[track]
	})
}

type forgeChooser struct {
	Blank bool        `yaml:"blank_issues_enabled"`
	Links []forgeLink `yaml:"contact_links"`
}

type forgeLink struct {
	Name  string `yaml:"name"`
	URL   string `yaml:"url"`
	About string `yaml:"about"`
}

// forgeLinks send whoever wants to open an issue to the private way first, and to where discussions belong.
func forgeLinks(s *sheet) []byte {
	d := s.d
	chooser := forgeChooser{Blank: len(d.publicKinds()) == 0}
	private := s.privateURL()
	if private == "" {
		private = d.publishedAt()
	}
	if private != "" {
		chooser.Links = append(chooser.Links, forgeLink{"Report a vulnerability in private", private, cut(d.silenceWords(), 200)})
	}
	for _, k := range d.Kinds {
		if k.URL != "" && k.Goes == "discussion" {
			chooser.Links = append(chooser.Links, forgeLink{k.Title, k.URL, cut(prose(k.Says), 200)})
		}
	}
	if len(chooser.Links) == 0 {
		return nil
	}
	return append([]byte("# "+s.stamp()+"\n"), dump(chooser)...)
}

// cut shortens a text at a word: forges show no more.
func cut(text string, most int) string {
	runes := []rune(prose(text))
	if len(runes) <= most {
		return string(runes)
	}
	short := string(runes[:most-1])
	if i := strings.LastIndexByte(short, ' '); i > 0 {
		short = short[:i]
	}
	return short + "…"
}

func dump(v any) []byte {
	out, err := yaml.Marshal(v)
	if err != nil {
		panic(err) // values of our own, made of strings, lists and claims
	}
	return out
}
