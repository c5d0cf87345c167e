package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// dating is the time until a matter becomes public, as the reporter's page tells it, with the form to propose another.
type dating struct {
	Until    moment
	Origin   string
	Wishes   []wish
	May      bool // whether an instant can be proposed now
	Latest   moment
	Zone     string // of the project's people, proposed first
	Typed    string // what was typed and not taken
	Input    string // the type of its field: a browser's own for an instant would drop what is none
	Because  string
	Timezone string
}

// wish is an instant that the reporter proposed, with what came of it.
type wish struct {
	At, Until       moment
	Because, Answer string
}

// origins say where the time until publication comes from.
var origins = map[string]string{
	"policy":  "This is what the policy offers from the day of your report on; nobody has agreed on another instant yet.",
	"agreed":  "You proposed this instant, and the project agreed to it.",
	"project": "The project set this instant.",
}

// answersTo say what came of a proposal.
var answersTo = map[string]string{"": "The project has not answered yet.", "agreed": "The project agreed.",
	"another instant": "The project chose another instant.", "replaced": "You proposed another instant since."}

// datingOf lays out the dates of a case for its reporter; nil when the case has none and takes none.
func datingOf(h held, v cvd.View, z zone) *dating {
	d := &dating{Until: z.at(v.Window.Until), Origin: origins[v.Window.Origin], Typed: h.sent.values.Get("until"),
		Because: h.sent.values.Get("because"), Timezone: h.sent.values.Get("zone"), Zone: z.name}
	for _, p := range v.Proposals {
		d.Wishes = append(d.Wishes, wish{z.at(p.At), z.at(p.Until), p.Because, answersTo[p.Answer]})
	}
	d.May, d.Latest = v.Window.Open, z.at(v.Window.Latest)
	d.Input = "datetime-local"
	if _, err := time.Parse(localForms[0], d.Typed); err != nil && d.Typed != "" {
		d.Input = "text"
	}
	if d.Timezone == "" {
		d.Timezone = "UTC"
	}
	if !d.May && len(d.Wishes) == 0 && d.Until.Machine == "" {
		return nil
	}
	return d
}

// propose takes a reporter's wish for the instant of publication. A date without a time, and a time without a zone, is no
// instant: whoever reads it elsewhere would publish hours too soon.
func (s *server) propose(w http.ResponseWriter, r *http.Request) error {
	return s.held(w, r, func(h held) error {
		until, err := instantOf("/until", h.sent.values.Get("until"), h.sent.values.Get("zone"))
		if err == nil {
			_, err = s.Casework.Propose(r.Context(), h.who, casework.About{Case: h.who.Case},
				cvd.Proposing{Until: until, Because: h.sent.values.Get("because")})
		}
		if e, ok := errors.AsType[*cvd.Error](err); ok {
			return s.status(w, r, h, func(v *statusView) int {
				field := map[string]string{"/because": "because"}[e.Field]
				if field == "" {
					field = "until"
				}
				v.Problems = &problems{Heading: "Nothing was sent yet", Lines: []problem{{field, upperFirst(e.Says)}}}
				return statuses[e.Kind].code
			})
		}
		if err != nil {
			return err
		}
		h.sent.values.Del("until")
		h.sent.values.Del("because")
		return s.status(w, r, h, done("Your proposal was sent. The answer stands on this page."))
	})
}

// localForms are how people and browsers write an instant whose zone stands elsewhere.
var localForms = []string{"2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02 15:04:05"}

// instantOf reads an instant: with its offset, or as the time in a zone that is named. Field is where it was typed.
func instantOf(field, text, zone string) (time.Time, error) {
	text = strings.TrimSpace(text)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02 15:04Z07:00", "2006-01-02 15:04 UTC", "2006-01-02 15:04 Z07:00"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), nil
		}
	}
	if _, err := time.Parse("2006-01-02", text); err == nil {
		return time.Time{}, cvd.Fieldf(field, "a date alone is no instant: write day, hour and minute, like %s 16:00", text)
	}
	place, err := time.LoadLocation(zone)
	if zone == "" || zone == "Local" || err != nil {
		return time.Time{}, cvd.Fieldf(field, "say in which zone that is: UTC, or its name like Europe/Berlin")
	}
	for _, layout := range localForms {
		at, err := time.ParseInLocation(layout, text, place)
		if err == nil && at.Format(layout) != text {
			return time.Time{}, cvd.Fieldf(field, "that time does not exist in %s: the clocks are put forward over it", zone)
		}
		if err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, cvd.Fieldf(field, "write the day and the time: 2026-12-01 16:00")
}

// naming is what becomes of the reporter's name, with the form to say otherwise.
type naming struct {
	Says  string
	Name  string // as it is to be shown; empty: not at all
	Typed string
	Error string
}

// namingOf lays out what the reporter said last, or what the report said at first.
func namingOf(h held, v cvd.View) *naming {
	n := &naming{}
	for _, r := range v.Reports {
		n.Name = r.Credit
	}
	if k, ok := creditOf(v, h.who.Report); ok {
		n.Name = k.Name
	}
	switch {
	case n.Name == "":
		n.Says = "You are not named anywhere."
	case !v.Disclosure.At.IsZero():
		n.Says = "Where the project thanks people and, if it recorded that, in what was published, you are named as “" + n.Name + "”."
	default:
		n.Says = "In the advisory you will be named as “" + n.Name + "”."
	}
	if n.Typed = n.Name; h.sent.values.Has("name") {
		n.Typed = h.sent.values.Get("name")
	}
	return n
}

// creditOf is what was said last about the name of the reporter of a report.
func creditOf(v cvd.View, report int) (cvd.Credit, bool) {
	for _, k := range v.Credits {
		mine := slices.ContainsFunc(v.Reports, func(r cvd.Report) bool { return k.Name != "" && r.Credit == k.Name })
		if k.Report == report || k.Report == 0 && mine {
			return k, true
		}
	}
	return cvd.Credit{}, false
}

// rename takes how a reporter wants to be named from now on, or that they do not.
func (s *server) rename(w http.ResponseWriter, r *http.Request) error {
	return s.held(w, r, func(h held) error {
		name := strings.TrimSpace(h.sent.values.Get("name"))
		anonymous := h.sent.values.Get("as") == "nobody"
		var err error
		switch {
		case anonymous:
			name = ""
		case name == "":
			err = cvd.Fieldf("/name", "write the name, or choose not to be named")
		}
		if err == nil {
			_, err = s.Casework.Credit(r.Context(), h.who, casework.About{Case: h.who.Case}, cvd.Credited{Name: name, Consent: !anonymous})
		}
		if e, ok := errors.AsType[*cvd.Error](err); ok {
			return s.status(w, r, h, func(v *statusView) int {
				v.Problems = &problems{Heading: "Nothing was changed yet", Lines: []problem{{Says: upperFirst(e.Says)}}}
				if v.Naming != nil { // a guest is asked for no name
					v.Naming.Error, v.Problems.Lines[0].Field = upperFirst(e.Says), "name"
				}
				return statuses[e.Kind].code
			})
		}
		if err != nil {
			return err
		}
		h.sent.values.Del("name")
		if anonymous {
			return s.status(w, r, h, done("You are named nowhere from now on. What is published already changes with its next edition."))
		}
		return s.status(w, r, h, done("You are named as you said. What is published already changes with its next edition."))
	})
}
