package policy

// harbourMD is what is asked of those who look for vulnerabilities, and what they are promised.
func harbourMD(s *sheet) []byte {
	d := s.d
	if d.Harbour == "" && len(d.Terms) == 0 {
		return nil
	}
	var w page
	w.text.WriteString("# Looking for vulnerabilities in " + prose(d.Title) + "\n")
	w.part(2, "terms", "What we ask of you", func(w *page) {
		for _, t := range d.Terms {
			w.item("terms."+t.Name, t.Says)
		}
		w.item("silence", d.silenceWords())
	})
	w.part(2, "safe_harbour", "What we promise you", func(w *page) { w.say("", d.Harbour) })
	return w.end(s.stamp())
}
