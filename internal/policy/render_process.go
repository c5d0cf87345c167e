package policy

import "strings"

// processMD is the whole process: a part for each concept in the order of the document, an anchor for each clause, and
// predicates letter by letter. Nothing that the document says is left out, so that whoever compares two editions sees it.
func processMD(s *sheet) []byte {
	d := s.d
	var w page
	w.text.WriteString("# How " + prose(d.Title) + " handles vulnerabilities\n")
	w.say("summary", d.Summary)
	s.about(&w)
	w.part(2, "contacts", "People", s.peoplePart)
	w.part(2, "roles", "Roles", s.rolesPart)
	w.part(2, "products", "What is supported", s.productsPart)
	w.part(2, "kinds", "What reports are about", s.kindsPart)
	w.part(2, "tracks", "Tracks", s.tracksPart)
	w.part(2, "form", "The form", s.formPart)
	w.part(2, "silence", "Silence and terms", s.termsPart)
	w.part(2, "severity", "Severity", s.severityPart)
	w.part(2, "calendars", "Calendars", s.calendarsPart)
	w.part(2, "milestones", "Milestones", s.milestonesPart)
	w.part(2, "clocks", "Times that are promised", s.clocksPart)
	w.part(2, "stages", "Stages", s.stagesPart)
	w.part(2, "steps", "What must be so before a step", s.stepsPart)
	w.part(2, "checks", "Checks of a fix", s.checksPart)
	w.part(2, "notices", "Notices", s.noticesPart)
	w.part(2, "channels", "Channels", s.channelsPart)
	w.part(2, "audiences", "Audiences", s.audiencesPart)
	w.part(2, "advisory", "Advisories and publication", s.publicationPart)
	w.part(2, "contingencies", "When it goes otherwise", s.contingenciesPart)
	w.part(2, "recognition", "Thanks and bounties", s.thanksPart)
	w.part(2, "recurring", "Again and again", s.recurringPart)
	w.part(2, "resources", "Resources", func(w *page) { s.resources(w, 3) })
	w.part(2, "waivers", "Contradictions that are known", s.waiversPart)
	return w.end(s.stamp())
}

// lines writes each line as an item; the first bears the anchor.
func (s *sheet) lines(w *page, clause string, lines []string) {
	for i, line := range lines {
		w.item(when(i == 0, clause), dot(upper(line)))
	}
}

// about is what the document says of itself.
func (s *sheet) about(w *page) {
	d := s.d
	fact := func(clause, label, value string) { w.item(clause, labelledBy(label, value)) }
	fact("prefix", "Ids of cases and advisories begin with", d.Prefix)
	fact("language", "Language", d.Language)
	fact("zone", "Time zone that is shown beside UTC", d.Zone)
	fact("website", "Website", when(d.Website != "", "<"+d.Website+">"))
	fact("overlay", "Laid over other documents as", d.Overlay)
	fact("extends", "What is not said here is as in", d.Extends)
	fact("overlays", "Laid over it, in this order", strings.Join(d.Overlays, ", "))
	fact("drop", "Of the document below, these do not hold", strings.Join(each(d.Drop, verbatim), ", "))
	for _, in := range d.Inherit {
		w.item("inherit."+in.Clause, "A document that extends this one may "+map[string]string{"lower": "lower", "raise": "raise", "set": "set", "nothing": "not touch"}[in.May]+
			" "+verbatim(in.Clause)+".", in.Because)
	}
	if door := d.Door; door != nil {
		w.item("door", "Reports are taken in: "+spaced(door.State)+".", when(door.Until != "", "Until "+door.Until+"."), door.Says)
	}
	w.part(2, "sources", "Where it is published", func(w *page) {
		for _, l := range d.Sources {
			s.source(w, l)
		}
	})
	if t := d.Team; t != nil {
		w.part(2, "team", "The team", func(w *page) {
			w.item("team.name", t.Name, when(t.Since != "", "since "+t.Since))
			for _, f := range [][2]string{{"Constituency", t.Constituency}, {"Authority", t.Authority}, {"Affiliation", t.Affiliation}, {"Hours", t.Hours}, {"Address", t.Address}} {
				w.item("", labelledBy(f[0], f[1]))
			}
		})
	}
}

// source is a place where the process is stated, with what it says there.
func (s *sheet) source(w *page, l Link) {
	named := s.people(l.Contacts)
	w.item("", "["+prose(l.Title)+"]("+l.URL+")"+when(l.Copy != "", ", a copy of this document as "+verbatim(l.Copy))+".",
		labelledBy("It names", when(len(named) > 0, list(each(named, Member.shownName)))), labelledBy("Ways to report that it names", strings.Join(l.Routes, ", ")))
	for _, said := range l.Promises {
		w.inner("", "It says "+s.d.byClassWords(said.Says)+" for "+verbatim(said.Clause)+".")
	}
}

// peoplePart is who is alarmed, who may be reminded, and everybody whom the document names.
func (s *sheet) peoplePart(w *page) {
	d := s.d
	for _, l := range []struct {
		clause, title string
		handles       []string
	}{{"contacts.alarm", "Alarmed at once by what is critical", d.Contacts.Alarm}, {"contacts.nudge", "May be reminded by a reporter", d.Contacts.Nudge}} {
		if people := s.contacts(s.people(l.handles)); len(people) > 0 {
			w.say(l.clause, l.title+":")
			w.table(people)
		}
	}
	w.say("contacts.mail", s.mailWords())
	w.part(3, "people", "Everybody", func(w *page) {
		for _, m := range s.members() {
			roles := list(each(m.Roles, func(r string) string { return d.titleOf("role", r) }))
			w.item("people."+m.Name, "**"+prose(m.shownName())+"**"+when(len(m.Roles) > 0, ", "+roles)+when(m.Company != "", ", of "+m.Company)+".", when(m.Away != "", "Not available: "+dot(prose(m.Away))))
			for _, h := range m.Reach {
				w.inner("", serviceTitles[h.Service]+": "+s.handle(h)+when(h.Key != "", ", OpenPGP key "+verbatim(h.Key))+when(h.Verified != "", ", last seen to answer "+h.Verified)+".")
			}
		}
	})
}

func (s *sheet) rolesPart(w *page) {
	for _, r := range s.d.Roles {
		w.item("roles."+r.Name, "**"+prose(r.Title)+"**:", r.Says)
		w.inner("roles."+r.Name+".can", "May: "+strings.Join(each(r.Can, spaced), ", ")+".")
		apart := list(each(r.Apart, func(x string) string { return s.d.titleOf("role", x) }))
		until := ""
		if r.Until != "" {
			until = "A guest's access ends with " + s.d.mark(r.Until) + "."
		}
		w.inner("", amount("At most %d people.", r.Most), amount("At most %d per cent of them come from one company.", r.Share),
			lasting("The duty passes on after %s.", r.Turn), lasting("Whoever does nothing for %s leaves it.", r.Idle), until,
			when(len(r.Apart) > 0, "Nobody has it together with: "+apart+"."))
	}
	if a := s.d.Alone; a != nil {
		w.item("alone", "Whoever is alone on the roster may be the second person as well, "+a.Wait.Words()+" later; the case says so for ever.")
	}
}

func (s *sheet) productsPart(w *page) {
	if rows := s.d.lineRows(); len(rows) > 0 {
		w.table(append([]string{row("Product", "Line", "Versions", "Security fixes"), "| --- | --- | --- | --- |"}, rows...))
	}
	for _, p := range s.d.Products {
		w.item("products."+p.Name, "**"+prose(p.Title)+"**", when(p.PURL != "", verbatim(p.PURL)), when(len(p.Platforms) > 0, "on "+list(p.Platforms)),
			when(p.Repository != "", "Its code is at <"+p.Repository+">."), when(len(p.Channels) > 0, "Its releases are also given out by "+list(each(p.Channels, spaced))+"."),
			amount("Its releases are signed; %d keys stand in the document that programs read.", len(p.Keys)))
		for _, l := range p.Lines {
			w.inner("products."+p.Name+".lines."+l.Name, "Line "+l.Name+".")
		}
	}
}

func (s *sheet) kindsPart(w *page) {
	for _, k := range s.d.Kinds {
		goes := map[string]string{"case": "It opens a case", "tracker": "It goes to the tracker", "discussion": "It belongs in a discussion"}[k.Goes]
		if k.Track != "" {
			goes += ", which begins " + lower(s.d.titleOf("track", k.Track))
		}
		w.item("kinds."+k.Name, "**"+prose(k.Title)+"**"+when(k.Default, " (what a report is that names none)")+":", dot(prose(k.Says)), goes+when(k.URL != "", ": <"+k.URL+">")+".",
			when(len(k.Needs) > 0, "It must say: "+list(each(k.Needs, func(f string) string { return lower(s.d.fieldTitle(f)) }))+"."),
			when(k.Alarm, "The people who are alarmed hear of it at once."))
	}
}

// fieldTitle is what a question of the form is called.
func (d *Document) fieldTitle(name string) string {
	for _, f := range d.Form.Fields {
		if f.Name == name {
			return f.Title
		}
	}
	return spaced(name)
}

func (s *sheet) tracksPart(w *page) {
	for _, t := range s.d.orderedTracks() {
		seen := "Until the publication only the people of the case see it."
		if t.Public {
			seen = "From the triage on everybody sees it."
		}
		w.item("tracks."+t.Name, "**"+prose(t.Title)+"**"+when(t.Default, " (the usual way)")+", when "+verbatim(t.When)+":", dot(prose(t.Criteria)), dot(prose(t.Reason)), seen)
		if x := t.Discussion; x != nil {
			w.inner("tracks."+t.Name+".discussion", map[string]string{"first": "The first comment of a person on a case waits until somebody lets it pass.",
				"all": "Each comment waits until somebody lets it pass.", "none": "Comments are seen at once."}[x.Hold])
		}
		for _, r := range t.Routes {
			w.inner("", r.words())
		}
	}
}

func (s *sheet) formPart(w *page) {
	w.say("form.intro", s.d.Form.Intro)
	for _, f := range s.d.Form.Fields {
		w.item("form.fields."+f.Name, f.words(s.d))
	}
}

func (s *sheet) termsPart(w *page) {
	w.say("", "> "+s.d.silenceWords())
	w.item("silence.until", "It is asked until "+s.d.mark(s.d.Silence.Until)+when(s.d.only(s.d.Silence.Tracks) != "", ", "+s.d.only(s.d.Silence.Tracks))+".")
	if last := s.d.Silence.Backstop; !last.Zero() {
		w.item("silence.backstop", "It ends by itself "+last.Words()+" after the report, if that was not reached before.")
	}
	for _, t := range s.d.Terms {
		w.item("terms."+t.Name, t.Says)
	}
	w.say("safe_harbour", s.d.Harbour)
}

func (s *sheet) severityPart(w *page) {
	v := s.d.Severity
	for _, c := range v.Classes {
		w.item("severity.classes."+c.Name, "**"+prose(c.Title)+"**"+c.band())
		for _, k := range c.Categories {
			w.inner("severity.classes."+c.Name+".categories."+k.Name, prose(k.Title)+when(k.Says != "", ": "+dot(prose(k.Says))))
		}
	}
	s.lines(w, "severity.scheme", s.d.severityRules())
	for _, f := range v.Floors {
		w.item("severity.floors."+f.Name, "At least "+lower(s.d.titleOf("class", f.Class))+" when "+verbatim(f.When)+".")
	}
}

func (s *sheet) calendarsPart(w *page) {
	if c := s.d.Calendar; c != "" {
		w.item("calendar", "Days are counted by: "+dot(s.d.titleOf("calendar", c)))
	}
	for _, c := range s.d.Calendars {
		w.item("calendars."+c.Name, c.words())
	}
}

func (s *sheet) milestonesPart(w *page) {
	for _, m := range s.d.Milestones {
		w.item("milestones."+m.Name, "**"+prose(m.Title)+"**:", dot(prose(m.Says)), when(m.Is != "", "For the law it is the "+spaced(m.Is)+"."))
	}
}
