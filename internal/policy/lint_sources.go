package policy

import (
	"slices"
	"strconv"
	"strings"
)

// otherContacts: of two lists of people one is out of date.
var otherContacts = lint{
	code:  "source-contacts-differ",
	rules: []string{"L9", "F2"},
	why:   "who reads the other copy writes to somebody who has left, or does not find somebody who is there",
	fix:   "render the other copy from this document, so that people are named once",
	find: func(x *inquiry) {
		for i, s := range x.Document.Sources {
			more, less := compared(s.Contacts, x.Document.Contacts.Alarm)
			if len(s.Contacts) > 0 && len(more)+len(less) > 0 {
				x.found(nth("sources", i)+".contacts", "%s names other people: %s", s.Title, differs(more, less)).Conflicts = []string{"contacts.alarm"}
			}
		}
	},
}

// otherRoutes: the way that only one page knows is the way that nobody watches.
var otherRoutes = lint{
	code:  "source-routes-differ",
	rules: []string{"L9", "F10"},
	why:   "a report that comes by a way that nobody watches is lost, and a disclosure follows",
	fix:   "render the other copy from this document, or add the way to tracks.NAME.routes and watch it",
	find: func(x *inquiry) {
		ours, where := x.routes()
		for i, s := range x.Document.Sources {
			more, less := compared(s.Routes, ours)
			if len(s.Routes) > 0 && len(more)+len(less) > 0 {
				x.found(nth("sources", i)+".routes", "%s names other ways to report: %s", s.Title, differs(more, less)).Conflicts = where
			}
		}
	},
}

// otherPromises: readers take the shorter time, whichever page it is on.
var otherPromises = lint{
	code:  "source-promise-differs",
	rules: []string{"L9", "L20", "F1"},
	why:   "people hold the project to the page that they read",
	fix:   "render the other copy from this document, or let both say the same time",
	find: func(x *inquiry) {
		for i, s := range x.Document.Sources {
			for j, said := range s.Promises {
				kept, err := x.timesAt(said.Clause)
				if err != nil || said.Says == nil {
					continue
				}
				if words := x.disagree(said.Says, kept); words != "" {
					x.found(nth(nth("sources", i)+".promises", j), "%s says %s", s.Title, words).Conflicts = []string{plain(said.Clause)}
				}
			}
		}
	},
}

// disagree tells two promises apart: "24 hours where 48 hours are kept (high), …"; it is empty if they are the same.
func (x *inquiry) disagree(said, kept *Within) string {
	classes := x.classNames()
	if said.ByClass == nil && kept.ByClass == nil {
		classes = []string{""}
	}
	var parts []string
	for _, class := range classes {
		a, b := said.words(class), kept.words(class)
		if a == b || a == "–" || x.sameTime(said, kept, class) {
			continue
		}
		part := a + " where " + b + " is kept"
		if class != "" {
			part += " (" + class + ")"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

func (x *inquiry) sameTime(a, b *Within, class string) bool {
	length := func(w *Within) (Duration, bool) {
		if w.ByClass == nil {
			return w.All, true
		}
		d, timed := w.ByClass[class]
		return d, timed
	}
	this, ok := length(a)
	that, also := length(b)
	return ok && also && this.Works() == that.Works() && this.Approx() == that.Approx()
}

// routes are the ways to report that the document names so that they can be compared, and the clauses that name them.
func (x *inquiry) routes() (names, clauses []string) {
	if mail := x.Document.Contacts.Mail; mail != "" {
		names, clauses = append(names, mail), append(clauses, "contacts.mail")
	}
	for _, t := range x.Document.Tracks {
		for i, r := range t.Routes {
			if r.Channel != "" {
				names, clauses = append(names, r.Channel), append(clauses, nth("tracks."+t.Name+".routes", i))
			}
		}
	}
	return names, clauses
}

// compared is what one list has more than the other, and less. Case does not tell names apart.
func compared(theirs, ours []string) (more, less []string) {
	without := func(list, other []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(s string) bool {
			return slices.ContainsFunc(other, func(o string) bool { return strings.EqualFold(strings.TrimSpace(s), strings.TrimSpace(o)) })
		})
	}
	return without(theirs, ours), without(ours, theirs)
}

func differs(more, less []string) string {
	var parts []string
	if len(more) > 0 {
		parts = append(parts, list(more)+" besides")
	}
	if len(less) > 0 {
		parts = append(parts, "not "+either(less))
	}
	return strings.Join(parts, ", and ")
}

// nth is the clause of an item without a name.
func nth(clause string, i int) string { return clause + "." + strconv.Itoa(i+1) }
