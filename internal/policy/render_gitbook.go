package policy

import "strings"

// gitbookMD is a page of a documentation site: the request for silence where nobody overlooks it, a word of introduction, and
// SECURITY.md as it is, so that whoever compares the copies finds it whole.
func gitbookMD(s *sheet) []byte {
	d := s.d
	var w page
	w.text.WriteString("---\ndescription: >-\n  How to report a vulnerability in " + prose(d.Title) + ", and what happens then.\n---\n\n")
	w.text.WriteString("# Security of " + prose(d.Title) + "\n")
	w.gap()
	w.text.WriteString("{% hint style=\"danger\" %}\n" + strings.ReplaceAll(d.silenceWords(), "{%", "{ %") + "\n{% endhint %}\n")
	intro := "The security policy stands beside the source code"
	if at := d.publishedAt(); at != "" {
		intro = "The [security policy](" + at + ") stands beside the source code"
	}
	w.say("", intro+" and is reproduced here.")
	w.gap()
	w.text.Write(securityMD(s))
	return []byte(w.text.String())
}
