package web

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// dating is the time until a matter becomes public, as the page of a reporter or a party tells it: what holds and what is proposed,
// with the forms to answer and to propose another instant.
type dating struct {
	Root, Code string
	Holds      bool // an embargo is in force
	Until      moment
	There      string // the end in a party's own zone
	Before     moment // the end that was agreed on before this one
	Origin     string
	Wishes     []wish
	Consent    string // the asker's own answer to the embargo that holds
	Asked      bool   // whether they may agree to it now
	Agree      string // what the button says
	Number     int    // of the proposal whose terms hold, as the asker counts
	May        bool   // whether an instant can be proposed now
	Latest     moment
	First      moment
	Zone       string // of the project's people, proposed first
	Typed      string // what was typed and not taken
	Input      string // the type of its field: a browser's own for an instant would drop what is none
	Because    string
	Timezone   string
}

// wish is an instant that was proposed, with what came of it.
type wish struct {
	Number    int
	Own       bool // the asker's; else the project's, or what it took up
	At, Until moment
	There     string
	AnswerBy  moment // until when an answer is waited for
	Because   string
	Answer    string
	Said      string // what the asker said to it
	Open      bool   // whether they may say something to it
	Why       string // what was typed and not taken
}

// origins say where the time until publication comes from.
var origins = map[string]string{
	"policy":  "This is what the policy offers from the day of your report on; nobody has agreed on another instant yet.",
	"agreed":  "You proposed this instant, and the project agreed to it.",
	"project": "The project set this instant.",
}

// answersTo say what came of a proposal.
var answersTo = map[string]string{"": "The project has not answered yet.", "agreed": "The project agreed.",
	"another instant": "The project chose another instant.", "replaced": "Another instant was proposed since.",
	"rejected": "The project did not agree.", "withdrawn": "It was taken back.", "over": "The embargo ended before there was an answer."}

// consents say what somebody answered to the embargo that holds.
var consents = map[cvd.PEC]string{cvd.NoConsentAsked: "Nobody has asked you yet whether you agree to it.", cvd.Invited: "You have not said yet whether you agree to it.",
	cvd.Signatory: "You agreed to it.", cvd.Lapsed: "You agreed to it before another instant was proposed, which is not decided yet. Agree to either, and you read on.",
	cvd.Declined: "You did not agree to it, or did not answer in time. You may still agree."}

// datingOf lays out the dates of a case for who takes part in it; nil when the case has none and takes none. Joined is whether they
// accepted the terms of the case before.
func datingOf(h held, v cvd.View, root string, z zone, joined bool) *dating {
	in := h.sent.values
	d := &dating{Root: root, Code: h.code, Until: z.at(v.Window.Until), Origin: origins[v.Window.Origin], Typed: in.Get("until"),
		Because: in.Get("because"), Timezone: in.Get("zone"), Zone: z.name}
	there := ownZone(v, h.who.ID, z)
	if h.who.Standing == cvd.Guest {
		d.Origin = ""
	}
	if d.Holds = v.Embargo.State.InForce(); d.Holds {
		d.Until, d.There, d.Consent = z.at(v.Embargo.Until), there.at(v.Embargo.Until).Local, consents[v.Consent]
		d.Asked = joined && v.Consent != cvd.Signatory
		d.agreed(v, z)
	}
	for _, p := range v.Proposals {
		d.Wishes = append(d.Wishes, wishOf(h, p, z, there))
	}
	d.May, d.Latest, d.First = v.Window.Open, z.at(v.Window.Latest), z.at(v.Window.First)
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

// agreed finds the proposal whose terms hold, and the end that there was before.
func (d *dating) agreed(v cvd.View, z zone) {
	d.Agree = "Agree to keep silent until then"
	var last cvd.Proposal
	for _, p := range v.Proposals {
		switch {
		case p.Answer != "agreed":
		case p.Until.Equal(v.Embargo.Until):
			d.Number = p.Number
		case p.AnsweredAt.After(last.AnsweredAt):
			last = p
		}
	}
	if d.Number > 0 && !last.Until.IsZero() {
		d.Before, d.Agree = z.at(last.Until), "Agree to the new end"
	}
}

func wishOf(h held, p cvd.Proposal, z, there zone) wish {
	x := wish{Number: p.Number, Own: p.By == h.who.ID, At: z.at(p.At), Until: z.at(p.Until), There: there.at(p.Until).Local, AnswerBy: z.at(p.AnswerBy),
		Because: p.Because, Answer: answersTo[p.Answer]}
	x.Open = p.Open() && !x.Own
	if a := p.AnswerOf(h.who.ID); a != nil {
		x.Said = map[bool]string{true: "You agreed to it.", false: "You did not agree to it: " + a.Because}[a.Agrees]
	}
	if p.Open() && !x.Own {
		x.Answer = "Nobody has decided yet; without an answer of yours you have agreed to nothing."
	}
	if h.sent.values.Get("proposal") == strconv.Itoa(p.Number) {
		x.Why = h.sent.values.Get("why")
	}
	return x
}

// zoneOfParty is the zone of a party that the asker is; none for everybody else.
func zoneOfParty(v cvd.View, who cvd.ActorID) zone {
	for _, p := range v.Parties {
		if p.ID == who {
			return zoneOf(p.Zone)
		}
	}
	return utc
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
		return s.again(w, r, h, "Your proposal was sent. The answer stands on this page.")
	})
}

// answerEmbargo takes what a reporter or a party says to a proposal of the project, or to the embargo that holds.
func (s *server) answerEmbargo(w http.ResponseWriter, r *http.Request) error {
	return s.held(w, r, func(h held) error {
		about, in := casework.About{Case: h.who.Case}, h.sent.values
		number, err := strconv.Atoi(cmp.Or(in.Get("proposal"), "0"))
		switch {
		case err != nil:
			err = cvd.Fieldf("/proposal", "this is the number of no proposal")
		case in.Get("answer") == "accept":
			_, err = s.Casework.Accept(r.Context(), h.who, about, cvd.Accepting{Proposal: number})
		case in.Get("answer") == "reject":
			_, err = s.Casework.Reject(r.Context(), h.who, about, cvd.Rejecting{Proposal: number, Because: in.Get("why")})
		default:
			err = cvd.Fieldf("/answer", "say whether you agree")
		}
		if e, ok := errors.AsType[*cvd.Error](err); ok {
			return s.status(w, r, h, func(v *statusView) int {
				field := "dates"
				if e.Field == "/because" && number > 0 {
					field = "why-" + strconv.Itoa(number)
				}
				v.Problems = &problems{Heading: "Nothing was sent yet", Lines: []problem{{field, upperFirst(e.Says)}}}
				return statuses[e.Kind].code
			})
		}
		if err != nil {
			return err
		}
		in.Del("why")
		return s.again(w, r, h, "Your answer was sent.")
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
		if err == nil && twice(at, layout) {
			return time.Time{}, cvd.Fieldf(field, "that time comes twice in %s, where the clocks are put back over it: write it in UTC", zone)
		}
		if err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, cvd.Fieldf(field, "write the day and the time: 2026-12-01 16:00")
}

// twice says whether a clock shows the same time at another instant too. Clocks are put back by an hour, on Lord Howe Island by half
// of one, and at Troll by two.
func twice(at time.Time, layout string) bool {
	for _, d := range []time.Duration{30 * time.Minute, time.Hour, 2 * time.Hour} {
		if at.Add(d).Format(layout) == at.Format(layout) || at.Add(-d).Format(layout) == at.Format(layout) {
			return true
		}
	}
	return false
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
