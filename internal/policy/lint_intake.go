package policy

import "strings"

// beginsInPublic: mere knowledge that there is something is sometimes enough for whoever looks for it.
var beginsInPublic = lint{
	code:  "private-begins-in-public",
	rules: []string{"F9"},
	why:   "everybody reads that there is something to look for, and who found it",
	fix:   "offer a way that nobody else can read: the form, an address in contacts.mail, the forge's private reporting",
	find: func(x *inquiry) {
		for _, t := range x.Document.Tracks {
			for i, r := range t.Routes {
				if !t.Public && r.Public {
					x.found(nth("tracks."+t.Name+".routes", i), "a report on the track %s begins in public", t.Name)
				}
			}
		}
	},
}

// twiceInForm: two questions of one name are one question to whatever reads the answers.
var twiceInForm = lint{
	code: "field-twice",
	why:  "whoever fills it in writes one answer, and a program that reads it back takes it for the other question's",
	fix:  "give the questions titles that tell them apart",
	find: func(x *inquiry) {
		seen := map[string]string{}
		for _, f := range x.Document.Form.Fields {
			title := strings.ToLower(prose(f.Title))
			if other, twice := seen[title]; twice {
				x.found("form.fields."+f.Name, "%q is also the title of %s", f.Title, other)
			}
			seen[title] = "form.fields." + f.Name
		}
	},
}
