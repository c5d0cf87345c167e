package policy

import "strings"

// singleContact: what one person alone hears is heard by nobody on the day that person is away.
var singleContact = lint{
	code: "single-contact",
	why:  "a report waits for as long as that person is away",
	fix:  "name a second person in contacts.alarm, or an address in contacts.mail that several people read",
	find: func(p *Policy, found func(string, string, ...any)) {
		c := p.Document.Contacts
		if len(c.Alarm) < 2 && c.Mail == "" {
			found("contacts.alarm", "only %s is alarmed", strings.Join(c.Alarm, ", "))
		}
	},
}

// selfApproval: the advisory must have been read by somebody who did not write it.
var selfApproval = lint{
	code: "self-approval",
	why:  "whoever wrote a text does not see what it gives away",
	fix:  "let steps.disclose require reviews of the advisory; the author never counts among them",
	find: func(p *Policy, found func(string, string, ...any)) {
		for _, q := range p.stepRule("disclose").Requires {
			if q.When == "" && q.Reviews != nil && q.Reviews.Of == "advisory" && (q.Reviews.Count > 0 || len(q.Reviews.Parts) > 0) {
				return
			}
		}
		found("steps.disclose", "one person may write an advisory and publish it")
	},
}
