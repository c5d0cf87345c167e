package policy

import (
	"slices"
	"strings"
)

var topics = []struct{ name, title string }{{"guideline", "Guidelines"}, {"tool", "Tools"}, {"training", "Training"}, {"database", "Databases"},
	{"community", "Community"}, {"standard", "Standards"}, {"", "More"}}

// resourcesMD is what is worth reading by its topic, who knows what, and what somebody new to a role reads first.
func resourcesMD(s *sheet) []byte {
	d := s.d
	experts := slices.DeleteFunc(s.members(), func(m Member) bool { return len(m.Areas) == 0 && !m.Mentor })
	learning := slices.ContainsFunc(d.Roles, func(r Role) bool { return len(r.Learn) > 0 })
	if len(d.Resources) == 0 && len(experts) == 0 && !learning {
		return nil
	}
	var w page
	w.text.WriteString("# Resources of " + prose(d.Title) + "\n")
	s.resources(&w, 2)
	return w.end(s.stamp())
}

// resources are the parts of that page, under headings of a level.
func (s *sheet) resources(w *page, level int) {
	for _, topic := range topics {
		w.part(level, "", topic.title, func(w *page) {
			for _, r := range s.d.Resources {
				if r.Topic == topic.name {
					w.item("", "["+prose(r.Title)+"]("+r.URL+")"+when(r.Says != "", ": "+dot(prose(r.Says))))
				}
			}
		})
	}
	w.part(level, "", "Experts", func(w *page) {
		for _, m := range s.members() {
			if len(m.Areas) > 0 {
				w.item("", "**"+prose(m.shownName())+"**: "+strings.Join(m.Areas, ", ")+"."+when(m.Away != "", " Not available: "+dot(prose(m.Away))))
			}
		}
	})
	w.part(level, "", "Mentors", func(w *page) {
		for _, m := range s.members() {
			if m.Mentor {
				w.item("", "**"+prose(m.shownName())+"** helps those who are new."+when(m.Away != "", " Not available: "+dot(prose(m.Away))))
			}
		}
	})
	w.part(level, "", "For those who are new to a role", func(w *page) {
		for _, r := range s.d.Roles {
			for _, l := range r.Learn {
				w.item("", "**"+prose(r.Title)+"**: ["+prose(l.Title)+"]("+l.URL+")")
			}
		}
	})
}
