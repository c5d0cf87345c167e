package policy

import (
	"cmp"
	"slices"
	"strings"
)

// rfc2350MD describes the team as RFC 2350, appendix D asks; it is written for a document that says who the team is.
func rfc2350MD(s *sheet) []byte {
	d, t := s.d, s.d.Team
	if t == nil {
		return nil
	}
	var w page
	w.text.WriteString("# " + prose(t.Name) + ": description after RFC 2350\n")
	section := func(title string, sentences ...string) {
		if text := joined(sentences...); text != "" {
			w.heading(3, "", title)
			w.say("", text)
		}
	}
	w.heading(2, "", "1. About this document")
	section("1.1 Date of the last update", s.stamp())
	section("1.2 Distribution list for notifications", either(each(slices.DeleteFunc(slices.Clone(d.Channels), func(c Channel) bool { return d.calls(c.Name) }), func(c Channel) string { return c.Title }))+".")
	section("1.3 Where this document may be found", when(s.Base != "", "<"+s.place()+"/policy>"), when(s.Base == "", d.publishedAt()))
	w.heading(2, "", "2. Contact information")
	section("2.1 Name of the team", t.Name+".", when(t.Since != "", "It exists since "+t.Since+"."))
	section("2.2 Address", t.Address)
	section("2.3 Time zone", cmp.Or(d.Zone, "UTC"))
	section("2.4 Telephone", strings.Join(said(each(s.members(), func(m Member) string { return s.reach(m, "phone", s.handle) })...), ", "))
	section("2.5 Other telecommunication", when(s.Base != "", "The form at <"+s.formURL()+">."))
	section("2.6 Electronic mail address", when(d.Contacts.Mail != "", d.address(d.Contacts.Mail)))
	section("2.7 Public keys and encryption", when(d.Contacts.Key != "", "<"+d.Contacts.Key+">"))
	if people := s.contacts(s.people(d.Contacts.Alarm)); len(people) > 0 {
		w.heading(3, "", "2.8 Team members")
		w.table(people)
	}
	section("2.9 Operating hours", t.Hours)
	w.heading(2, "", "3. Charter")
	section("3.1 Mission", d.Summary)
	section("3.2 Constituency", t.Constituency)
	section("3.3 Affiliation", t.Affiliation)
	section("3.4 Authority", t.Authority)
	w.heading(2, "", "4. Policies")
	section("4.1 Types of incidents and level of support", strings.Join(each(d.Kinds, func(k Kind) string { return k.Title + ". " + prose(k.Says) }), " "))
	section("4.2 Co-operation, interaction and disclosure of information", s.publication()...)
	section("4.3 Communication and authentication", d.silenceWords())
	w.heading(2, "", "5. Services")
	section("5.1 Response to incidents", strings.Join(each(d.Stages, func(x Stage) string { return x.Title + ": " + dot(prose(x.Says)) }), " "))
	section("5.2 Proactive activities", strings.Join(each(d.Recurring, recurringWords), " "))
	w.heading(2, "", "6. Forms for reporting")
	section("6.1 The form", strings.Join(each(d.Form.Fields, func(f Field) string { return f.Title }), ", ")+".", when(s.Base != "", "It is at <"+s.formURL()+">."))
	w.heading(2, "", "7. Disclaimer")
	w.say("", "What this document says of times and steps is "+stampWords+"; it is no contract.")
	return w.end(s.stamp())
}
