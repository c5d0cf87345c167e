package policy

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// People in written forms are those who are there: by the roster, or where there is none by the document. Whoever is not
// is in no list and no sentence.

// here is somebody who may be named.
func (s *sheet) here(handle string) (Member, bool) {
	i := slices.IndexFunc(s.d.People, func(m Member) bool { return m.Name == handle })
	m := Member{Name: handle}
	if i >= 0 {
		m = s.d.People[i]
	}
	if s.People == nil {
		return m, i >= 0 && m.Left == ""
	}
	name, active := s.People[handle]
	m.Title, m.Left = cmp.Or(name, m.Title), ""
	return m, active
}

// people are those of some handles who are there, in their order.
func (s *sheet) people(handles []string) []Member {
	var all []Member
	for _, h := range handles {
		if m, ok := s.here(h); ok {
			all = append(all, m)
		}
	}
	return all
}

// members are all people of the document who are there.
func (s *sheet) members() []Member {
	return s.people(each(s.d.People, func(m Member) string { return m.Name }))
}

// rung is who a step of a ladder calls: people only if they are there.
func (s *sheet) rung(to string) string {
	switch {
	case to == "alarm":
		return "everybody who is alarmed"
	case to == "nudge":
		return "whoever may be reminded"
	case slices.ContainsFunc(s.d.Roles, func(r Role) bool { return r.Name == to }):
		return "everybody in the role " + s.d.titleOf("role", to)
	}
	if m, ok := s.here(to); ok {
		return m.shownName()
	}
	return gone
}

// services are those that somebody of these has a handle of, in the order of the schema.
func services(people []Member) []string {
	has := map[string]bool{}
	for _, m := range people {
		for _, h := range m.Reach {
			has[h.Service] = true
		}
	}
	field, _ := reflect.TypeFor[Handle]().FieldByName("Service")
	return slices.DeleteFunc(strings.Split(field.Tag.Get("enum"), ","), func(service string) bool { return !has[service] })
}

var serviceTitles = map[string]string{"mail": "Mail", "discord": "Discord", "telegram": "Telegram", "matrix": "Matrix", "signal": "Signal",
	"github": "GitHub", "x": "X", "phone": "Phone", "irc": "IRC"}

// contacts are people as a table with a column for each service, or where none can be reached by one as a list.
func (s *sheet) contacts(people []Member) []string {
	columns := services(people)
	if len(columns) == 0 {
		return each(people, func(m Member) string { return "- " + prose(m.shownName()) })
	}
	keys, dates := false, false
	for _, m := range people {
		for _, h := range m.Reach {
			keys, dates = keys || h.Key != "", dates || h.Verified != ""
		}
	}
	heads := append([]string{"Name"}, each(columns, func(c string) string { return serviceTitles[c] })...)
	if keys {
		heads = append(heads, "OpenPGP key")
	}
	if dates {
		heads = append(heads, "Last seen to answer")
	}
	rows := []string{row(heads...), "|" + strings.Repeat(" --- |", len(heads))}
	for _, m := range people {
		cells := []string{m.shownName()}
		for _, c := range columns {
			cells = append(cells, s.reach(m, c, s.handle))
		}
		if keys {
			cells = append(cells, s.reach(m, "", func(h Handle) string { return verbatim(h.Key) }))
		}
		if dates {
			cells = append(cells, s.reach(m, "", dated))
		}
		rows = append(rows, row(cells...))
	}
	return rows
}

// reach is what a person's handles of a service say, or of all services where none is named.
func (s *sheet) reach(m Member, service string, of func(Handle) string) string {
	var all []string
	for _, h := range m.Reach {
		if service == "" || h.Service == service {
			all = append(all, said(of(h))...)
		}
	}
	return strings.Join(all, ", ")
}

// handle is one as its service writes it.
func (s *sheet) handle(h Handle) string {
	if h.Service == "mail" {
		return s.d.address(h.Is)
	}
	return verbatim(h.Is)
}

func dated(h Handle) string {
	if h.Verified == "" {
		return ""
	}
	return h.Verified + " on " + serviceTitles[h.Service]
}

// named is the document with those people in its sentences who are there by the roster.
func (p *Policy) named(s *sheet) *Document {
	now := p.Document
	now.People = slices.Clone(now.People)
	for i, m := range now.People {
		if here, ok := s.here(m.Name); ok {
			now.People[i] = here
		} else {
			now.People[i].Left = gone
		}
	}
	words := map[string]string{}
	p.EachProse(func(clause, written string) {
		if filled := now.fillIn(written); filled != p.Document.fillIn(written) {
			words[clause] = filled
		}
	})
	if len(words) == 0 {
		return &p.Document
	}
	d := deepCopy(reflect.ValueOf(p.Document)).Interface().(Document)
	eachText("", reflect.ValueOf(&d), "", func(clause string, text reflect.Value) {
		if filled, changed := words[clause]; changed {
			text.SetString(filled)
		}
	})
	return &d
}

// Handles are all people that the document names, those of escalations included.
func (p *Policy) Handles() []string {
	all := map[string]bool{}
	for _, h := range slices.Concat(p.Document.Contacts.Alarm, p.Document.Contacts.Nudge) {
		all[h] = true
	}
	for _, m := range p.Document.People {
		all[m.Name] = true
	}
	for _, c := range p.Document.Clocks {
		for _, e := range c.Escalate {
			all[e.To] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}
