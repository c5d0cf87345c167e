package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// singleContact: what one person alone hears is heard by nobody on the day that person is away.
var singleContact = lint{
	code:  "single-contact",
	rules: []string{"L8"},
	why:   "a report waits for as long as that person is away",
	fix:   "name a second person in contacts.alarm, or an address in contacts.mail that several people read",
	find: func(x *inquiry) {
		c := x.Document.Contacts
		if len(c.Alarm) < 2 && c.Mail == "" {
			x.found("contacts.alarm", "only %s is alarmed", strings.Join(c.Alarm, ", "))
		}
	},
}

// personalContacts: people leave, and their handles with them.
var personalContacts = lint{
	code:  "personal-contacts",
	rules: []string{"L8", "F3"},
	why:   "who leaves, or loses an account, takes the way to report along, and a newcomer cannot tell whether the handle is theirs",
	fix:   "name an address of the team in contacts.mail, and people only besides it",
	find: func(x *inquiry) {
		if x.Document.Contacts.Mail != "" {
			return
		}
		var reached []string
		for _, handle := range x.Document.Contacts.Alarm {
			if m, there := x.Document.member(handle); there && len(m.Reach) > 0 {
				reached = append(reached, "people."+m.Name)
			}
		}
		if len(reached) > 0 {
			x.found("contacts.alarm", "reports go to handles of single people only").Conflicts = reached
		}
	},
}

// goneContact: whoever has left is still named.
var goneContact = lint{
	code:  "gone-contact",
	rules: []string{"F3"},
	why:   "a report goes to somebody who no longer works on it",
	fix:   "take the name out of contacts, or the person back into the roster",
	find: func(x *inquiry) {
		for _, list := range []placed[[]string]{{"contacts.alarm", x.Document.Contacts.Alarm}, {"contacts.nudge", x.Document.Contacts.Nudge}} {
			for _, handle := range list.is {
				if why := x.gone(handle); why != "" {
					x.found(list.clause+"."+handle, "%s %s", handle, why)
				}
			}
		}
	},
}

// emptyRung: an alarm that widens to nobody does not widen.
var emptyRung = lint{
	code: "empty-rung",
	why:  "whoever waits for an answer believes that others are called, and nobody is",
	fix:  "let the rung call somebody who is there, or give somebody the role",
	find: func(x *inquiry) {
		for _, c := range x.Document.Clocks {
			for i, rung := range c.Escalate {
				clause := nth("clocks."+c.Name+".escalate", i) + ".to"
				if slices.ContainsFunc(x.Document.Roles, func(r Role) bool { return r.Name == rung.To }) {
					has := func(p cvd.Person) bool { return p.Active && slices.Contains(p.Roles, rung.To) }
					if len(x.around.People) > 0 && !slices.ContainsFunc(x.around.People, has) {
						x.found(clause, "nobody on the roster has the role %s", rung.To)
					}
				} else if rung.To != "alarm" && rung.To != "nudge" && x.gone(rung.To) != "" {
					x.found(clause, "%s %s", rung.To, x.gone(rung.To))
				}
			}
		}
	},
}

// gone says in which way somebody is not there, "" if they are or nobody knows.
func (x *inquiry) gone(handle string) string {
	if len(x.around.People) > 0 {
		i := slices.IndexFunc(x.around.People, func(p cvd.Person) bool { return string(p.Handle) == handle })
		switch {
		case i < 0:
			return "is not on the roster"
		case !x.around.People[i].Active:
			return "has left the roster"
		}
		return ""
	}
	for _, m := range x.Document.People {
		if m.Name == handle && m.Left != "" {
			return "left on " + m.Left
		}
	}
	return ""
}

// legacyHandle: Discord retired names with a number in 2023; who types one finds nobody.
var legacyHandle = lint{
	code:  "legacy-handle",
	rules: []string{"L8", "F3"},
	why:   "the service retired such handles: whoever looks for one finds nobody, or whoever took the name since",
	fix:   "ask the person for the handle of today, and write when it was last seen to answer (verified)",
	find: func(x *inquiry) {
		x.eachHandle(func(clause string, h Handle) {
			if h.Service == "discord" && legacyTag.MatchString(h.Is) {
				x.found(clause, "%q is a tag of the old form, a name with a number", h.Is)
			}
		})
	},
}

// malformedHandle: no such handle can exist.
var malformedHandle = lint{
	code: "malformed-handle",
	why:  "nobody is reached by it",
	fix:  "write it as the service does",
	find: func(x *inquiry) {
		x.eachHandle(func(clause string, h Handle) {
			form, known := handles[h.Service]
			if known && !form.matches.MatchString(h.Is) && !(h.Service == "discord" && legacyTag.MatchString(h.Is)) {
				x.found(clause, "%q is no handle of %s: %s", h.Is, h.Service, form.says)
			}
		})
	},
}

// freshHandle is how long nobody doubts a handle that answered.
const freshHandle = 366 * 24 * time.Hour

// staleHandle: what answered a year ago may not answer today.
var staleHandle = lint{
	code: "stale-handle",
	why:  "accounts are given up and taken over; a report would go to whoever has it now",
	fix:  "write to it, and write the day of the answer under verified",
	find: func(x *inquiry) {
		x.eachHandle(func(clause string, h Handle) {
			seen, err := time.Parse(time.DateOnly, h.Verified)
			if err == nil && !x.around.Now.IsZero() && x.around.Now.Sub(seen) > freshHandle {
				x.found(clause, "%q was last seen to answer on %s", h.Is, h.Verified)
			}
		})
	},
}

// eachHandle visits the handles of all who have not left.
func (x *inquiry) eachHandle(visit func(clause string, h Handle)) {
	for _, m := range x.Document.People {
		if m.Left != "" {
			continue
		}
		for i, h := range m.Reach {
			visit(fmt.Sprintf("people.%s.reach.%d", m.Name, i+1), h)
		}
	}
}

var (
	legacyTag = regexp.MustCompile(`#\d{4}$`)
	number    = regexp.MustCompile(`^\+[0-9][0-9 ()./-]{5,20}$`)
)

// handles are the forms of handles by service, as their own documentation gives them.
var handles = map[string]struct {
	matches *regexp.Regexp
	says    string
}{
	"mail":     {forms["mail"].matches, "it looks like name@example.org"},
	"discord":  {regexp.MustCompile(`^[a-z0-9._]{2,32}$`), "it has 2 to 32 lower-case letters, digits, dots and underscores"},
	"telegram": {regexp.MustCompile(`^@?[A-Za-z][A-Za-z0-9_]{3,31}$`), "it has 4 to 32 letters, digits and underscores"},
	"matrix":   {regexp.MustCompile(`^@[^\s:]+:[^\s:]+(:\d+)?$`), "it looks like @name:example.org"},
	"signal":   {regexp.MustCompile(`^(\+[0-9][0-9 ]{5,20}|[A-Za-z_][A-Za-z0-9_]{2,31}\.\d{2,9})$`), "it is a phone number, or looks like name.01"},
	"github":   {regexp.MustCompile(`^@?[A-Za-z0-9](-?[A-Za-z0-9]){0,38}$`), "it has up to 39 letters, digits and single dashes"},
	"x":        {regexp.MustCompile(`^@?[A-Za-z0-9_]{1,15}$`), "it has up to 15 letters, digits and underscores"},
	"phone":    {number, "it begins with + and the number of the country"},
}

// tooFewPeople: a gate that needs more people than there are never opens.
var tooFewPeople = lint{
	code: "too-few-people",
	why:  "the case stops at the gate until somebody waives it",
	fix:  "ask for fewer people, give more of them a role that may review, or let guests help with the step (guests)",
	find: func(x *inquiry) {
		crew := x.crew()
		if len(crew) == 0 {
			return
		}
		x.eachRequirement(func(clause string, q Requirement) {
			v := q.Reviews
			if v == nil || x.Document.Alone != nil && len(crew) == 1 {
				return
			}
			wants := v.Count
			if wants == 0 {
				wants = 1
			}
			if got := x.reviewers(crew, v.Of, ""); got < wants {
				x.found(clause+".reviews", "%d people besides the author have to approve, and of the %d people %d can", wants, len(crew), got)
			} else if got := x.reviewers(crew, v.Of, cvd.Expert); got < v.Experts {
				x.found(clause+".reviews", "%s besides the author have to approve, and there are %d", counted(v.Experts, "expert", "experts"), got)
			}
		})
	},
}

// crew are the roles of everybody who is there: of the roster if it is known, else of the document's people. Nobody is
// counted who has no role: the document does not say what they may do.
func (x *inquiry) crew() (all [][]string) {
	for _, p := range x.around.People {
		if p.Active && len(p.Roles) > 0 {
			all = append(all, p.Roles)
		}
	}
	if len(x.around.People) > 0 {
		return all
	}
	for _, m := range x.Document.People {
		if m.Left == "" && len(m.Roles) > 0 {
			all = append(all, m.Roles)
		}
	}
	return all
}

// reviewers is how many can review what one of them, or a guest, has made, each with a further capability if one is named.
func (x *inquiry) reviewers(crew [][]string, of string, also cvd.Capability) int {
	makes := map[string]string{"fix": "remedy", "advisory": "draft"}[of]
	all, authors := 0, 0 // those who can review, and those who can only write
	for _, roles := range crew {
		switch reviews := x.can(roles, "review") && (also == "" || x.has(roles, string(also))); {
		case reviews:
			all++
		case x.can(roles, makes):
			authors++
		}
	}
	if authors == 0 && len(x.stepRule(makes).Guests) == 0 {
		all-- // the author is one of them
	}
	return max(all, 0)
}

// can says whether one of some roles has a capability, by name or by all.
func (x *inquiry) can(roles []string, capability string) bool {
	return x.has(roles, capability) || x.has(roles, everything)
}

func (x *inquiry) has(roles []string, capability string) bool {
	return slices.ContainsFunc(x.Document.Roles, func(r Role) bool { return slices.Contains(roles, r.Name) && slices.Contains(r.Can, capability) })
}
