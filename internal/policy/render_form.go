package policy

import (
	"fmt"
	"strings"
)

// formMD is what the report form asks, in its order.
func formMD(s *sheet) []byte {
	d := s.d
	var w page
	w.text.WriteString("# The report form of " + prose(d.Title) + "\n")
	w.say("form.intro", d.Form.Intro, when(s.Base != "", "The form is at <"+s.formURL()+">."))
	w.item("", "**Title** (one line, required)")
	w.item("", "**Description** (text, required)")
	for _, f := range d.Form.Fields {
		w.item("form.fields."+f.Name, f.words(d))
	}
	w.part(2, "terms", "What you agree to", func(w *page) {
		for _, t := range d.Terms {
			w.item("terms."+t.Name, t.Says)
		}
	})
	return w.end(s.stamp())
}

var typeWords = map[string]string{"": "one line", "line": "one line", "text": "text", "list": "a list", "choice": "one of these", "yes_no": "yes or no"}

// words is a question with how it may be answered.
func (f Field) words(d *Document) string {
	how := []string{typeWords[f.Type]}
	if len(f.Choices) > 0 {
		how[0] = "one of: " + strings.Join(f.Choices, ", ")
	}
	how = append(how, said(when(f.Required, "required"), amount("at most %d characters", f.Longest), d.kindWords(f.Kinds))...)
	return fmt.Sprintf("**%s** (%s)", prose(f.Title), strings.Join(how, "; ")) + when(f.Help != "", ": "+dot(prose(f.Help)))
}

// reportMD is the template that a reporter fills in.
func reportMD(s *sheet) []byte {
	return []byte(s.p.ReportTemplate() + "\n<!-- " + s.stamp() + " -->\n")
}
