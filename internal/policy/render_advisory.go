package policy

import "slices"

// advisoryMD is an advisory to fill in: a heading for each part that one must say, and the dates of the process.
func advisoryMD(s *sheet) []byte {
	d := s.d
	var w page
	w.text.WriteString("# Security advisory: [" + d.Prefix + "-…]\n")
	w.say("", "**Published:** [date]")
	if len(d.Severity.Classes) > 0 {
		w.say("", "**Severity:** ["+either(each(d.Severity.Classes, func(c Class) string { return c.Title }))+"]")
	}
	if len(d.Severity.Systems) > 0 {
		w.say("", "**Score:** ["+either(d.Severity.Systems)+"]")
	}
	parts := []struct{ name, title, hint string }{
		{"description", "Description", "[What the weakness is]"}, {"impact", "Impact", "[What somebody can do with it, and to whom]"},
		{"affected", "Affected versions", "[Ranges of versions, and whether each gets a fix]"}, {"resolution", "Resolution", "[How it was fixed, and in which versions]"},
		{"mitigation", "Mitigation", "[What users can do until they update]"}, {"credit", "Credit", "[Who reported it and who helped, as they want to be named]"},
	}
	for _, p := range parts {
		if slices.Contains(d.Advisory.Parts, p.name) {
			w.part(2, "", p.title, func(w *page) { w.say("", p.hint) })
		}
	}
	w.part(2, "", "Timeline", func(w *page) {
		w.item("", "**Reported:** [date]")
		for _, stage := range d.Stages {
			w.item("", "**"+prose(stage.Title)+":** [date]")
		}
	})
	w.part(2, "", "References", func(w *page) { w.item("", "[Identifiers, changes, related advisories]") })
	return w.end(s.stamp())
}
