package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// ask makes the questions: why, whose leak, since when the project is aware, and what the notices say.
func (v *emergencyView) ask(typed url.Values) {
	if len(typed) == 0 {
		typed = v.proposed()
	}
	add := func(in input) { v.Questions = append(v.Questions, question{Inputs: []input{in.filled(typed)}}) }
	add(input{Name: "because", pointer: "/because", Label: "How it is known", Help: "A link, a log, who said it: enough for somebody else to judge", Rows: 3, Required: true})
	if v.Fact == "leaked" && len(v.view.Parties) > 0 {
		in := input{Name: "party", pointer: "/party", Label: "Who let it out", Help: "Only if it is known"}
		for _, p := range v.view.Parties {
			in.Choices = append(in.Choices, choice{Value: string(p.ID), Label: p.Name})
		}
		add(in)
	}
	for i, m := range v.outlook.Aware {
		add(input{Name: "aware." + m.Name, pointer: "/aware/" + strconv.Itoa(i) + "/on", Label: m.Title + ", in UTC", Help: m.Says, Type: instantInput(typed.Get("aware." + m.Name))})
	}
	v.askRelease(typed)
	for _, n := range v.outlook.Notices {
		x := readyNotice{Name: n.Name, Title: n.Title, Subject: n.Subject, Text: n.Text, Again: n.Again, Opened: n.Opened, Ticked: typed.Get("send."+n.Name) != "",
			To: strings.Join(n.Audiences, ", ") + " by " + strings.Join(n.Channels, ", ")}
		for _, f := range n.Fields {
			in := input{Name: "says." + n.Name + "." + f.Name, pointer: "/" + n.Name + "/says/" + f.Name, Label: f.Title}
			if f.Type == "instant" {
				in.Type, in.Label = instantInput(typed.Get(in.Name)), f.Title+", in UTC"
			}
			x.Questions = append(x.Questions, question{Inputs: []input{in.filled(typed)}})
		}
		v.Notices = append(v.Notices, x)
	}
}

// askRelease asks where the announced release moves to, and what the word about it says besides.
func (v *emergencyView) askRelease(typed url.Values) {
	o := v.outlook
	if o.Announced.IsZero() {
		return
	}
	v.Release = &releaseMoves{May: o.Correct != nil}
	if !v.Release.May {
		return
	}
	add := func(in input) {
		v.Release.Questions = append(v.Release.Questions, question{Inputs: []input{in.filled(typed)}})
	}
	add(input{Name: "slip.to", pointer: "/slip/to", Label: "Move it to, in UTC", Help: "Left empty it stays where it is", Type: instantInput(typed.Get("slip.to"))})
	for _, f := range o.Correct.Fields {
		if f.Type != "instant" {
			add(input{Name: "slip.says." + f.Name, pointer: "/slip/says/" + f.Name, Label: f.Title})
		}
	}
	if o.Correct.Name == "" {
		add(input{Name: "slip.without", pointer: "/slip/without", Label: "How those who heard of the first instant learn of the new one", Help: "The policy has no notice for it"})
	}
}

// proposed is what the form begins with: what the case already says, what a claim says that is confirmed, and now for what a law counts
// from when attacks are seen.
func (v *emergencyView) proposed() url.Values {
	typed := url.Values{}
	if v.Confirms != nil {
		typed.Set("because", v.Confirms.Evidence)
	}
	for _, n := range v.outlook.Notices {
		for name, said := range n.Says {
			typed.Set("says."+n.Name+"."+name, said)
		}
	}
	if c := v.outlook.Correct; c != nil {
		for name, said := range c.Says {
			typed.Set("slip.says."+name, said)
		}
	}
	for _, d := range v.outlook.Dates {
		typed.Set("aware."+d.Event, d.On.UTC().Format(localLayout))
	}
	return typed
}

// localLayout is how a browser writes an instant without a zone.
const localLayout = "2006-01-02T15:04"

// act is what was sent in, and what of it is no instant.
func (v *emergencyView) act(typed url.Values) (casework.Emergency, *cvd.Error) {
	act := casework.Emergency{Fact: v.Fact, Because: typed.Get("because"), Party: cvd.ActorID(typed.Get("party")), Aware: []cvd.Dated{}}
	if v.Confirms != nil {
		act.Claim = v.Confirms.Number
	}
	if wrong := v.actSlip(&act, typed); wrong != nil {
		return act, wrong
	}
	for i, m := range v.outlook.Aware {
		text := typed.Get("aware." + m.Name)
		if text == "" {
			continue
		}
		on, err := time.Parse(localLayout, text)
		if err != nil {
			return act, asError(cvd.Fieldf("/aware/"+strconv.Itoa(i)+"/on", "write the day and the time, such as 2026-03-02T16:30"))
		}
		v.aim("/aware/"+strconv.Itoa(i), "/aware/"+strconv.Itoa(len(act.Aware)))
		act.Aware = append(act.Aware, cvd.Dated{Event: m.Name, On: on.UTC()})
	}
	for i, n := range v.outlook.Notices {
		if typed.Get("send."+n.Name) == "" {
			continue
		}
		x := cvd.Notified{Notice: n.Name, Says: map[string]string{}}
		if n.Again {
			x.Again = act.Because
		}
		for _, f := range n.Fields {
			said := strings.TrimSpace(typed.Get("says." + n.Name + "." + f.Name))
			if on, err := time.Parse(localLayout, said); err == nil && f.Type == "instant" {
				said = on.UTC().Format(time.RFC3339)
			}
			if said != "" {
				x.Says[f.Name] = said
			}
		}
		for j := range v.Notices[i].Questions {
			in := &v.Notices[i].Questions[j].Inputs[0]
			in.pointer = strings.Replace(in.pointer, "/"+n.Name, "/notices/"+strconv.Itoa(len(act.Notices)), 1)
		}
		act.Notices = append(act.Notices, x)
	}
	return act, nil
}

// actSlip is the move of the release, if there is to be one.
func (v *emergencyView) actSlip(act *casework.Emergency, typed url.Values) *cvd.Error {
	said := strings.TrimSpace(typed.Get("slip.to"))
	if v.Release == nil || !v.Release.May || said == "" {
		return nil
	}
	to, err := instantOf("/slip/to", said, "UTC")
	if err != nil {
		return asError(err)
	}
	act.Slip = &cvd.Slipped{To: to, Says: map[string]string{}, Without: strings.TrimSpace(typed.Get("slip.without"))}
	for _, f := range v.outlook.Correct.Fields {
		if said := strings.TrimSpace(typed.Get("slip.says." + f.Name)); said != "" {
			act.Slip.Says[f.Name] = said
		}
	}
	return nil
}

// aim lets an error about the sent list stand at the field that it came from.
func (v *emergencyView) aim(from, to string) {
	for i := range v.Questions {
		in := &v.Questions[i].Inputs[0]
		if rest, ok := strings.CutPrefix(in.pointer, from+"/"); ok {
			in.pointer = to + "/" + rest
		}
	}
}
