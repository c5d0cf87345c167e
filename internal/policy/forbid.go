package policy

import (
	"strings"
	"time"
)

// content asks that nothing which strangers may read before the release holds a word that the policy forbids there: what a
// notice says besides the policy's own words, and where a patch lies in public.
func (w *weighing) content() {
	var texts []string
	switch n, r, x := w.What.Ordering(), w.What.Remedied, w.What.Corrected; {
	case x != nil && x.Pre && !w.policy.tells(x.Notice):
		for _, said := range x.Says {
			texts = append(texts, said)
		}
	case n != nil && n.Pre && !w.policy.tells(n.Notice):
		for _, said := range n.Says {
			texts = append(texts, said)
		}
	case r != nil && w.Case.Disclosure.At.IsZero() && !reached(w.Case, "released", w.Now):
		for _, p := range r.Patches {
			if !p.Private {
				texts = append(texts, p.URL)
			}
		}
	}
	for _, text := range texts {
		if word := w.policy.forbidden(text); word != "" {
			w.object("content.forbidden", time.Time{}, "before the release no word may tell that it is about security: this holds “%s”", word)
			return
		}
	}
}

// forbidden is the first word of the policy's that a text holds, "" if it holds none.
func (p *Policy) forbidden(text string) string {
	if p.Document.Content == nil {
		return ""
	}
	text = strings.ToLower(looks(text))
	for _, word := range p.Document.Content.Forbidden {
		if word != "" && strings.Contains(text, strings.ToLower(looks(word))) {
			return word
		}
	}
	return ""
}
