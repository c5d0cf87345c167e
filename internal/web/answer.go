package web

import (
	"slices"
	"strconv"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// answers are the four questions that every reporter has, in their order.
func answers(v cvd.View, all sheet, z zone, now time.Time) []answer {
	out := []answer{seen(v, z, now), whoActs(all), byWhen(all)}
	if v.Tier == cvd.ForReporter {
		out = append(out, named(v))
	}
	return out
}

// seen says whether a person has looked: whatever somebody of the project did since the report came shows it.
func seen(v cvd.View, z zone, now time.Time) answer {
	a := answer{Question: "Was it seen by a person?"}
	since := v.Timeline
	for i, e := range v.Timeline {
		if e.Kind == "received" {
			since = v.Timeline[i+1:]
		}
	}
	if i := slices.IndexFunc(since, func(e cvd.Entry) bool { return e.Name == "the project" }); i >= 0 {
		a.Says, a.At = "Yes.", z.at(since[i].At)
		return a
	}
	a.Says = "Not yet."
	for _, k := range v.Clocks {
		if k.Until == "acknowledged" && k.Kind == cvd.Limit && !k.Due.IsZero() {
			a.Says, a.At, a.Late = "Not yet. A first answer is promised until", z.at(k.Due), k.Late(now)
		}
	}
	if a.Late {
		a.Says = "Not yet, though a first answer was promised until"
	}
	return a
}

func whoActs(all sheet) answer {
	return answer{Question: "Who acts next?", Says: all.Next.Says}
}

func byWhen(all sheet) answer {
	a := answer{Question: "By when?", At: all.Next.By, Late: all.Next.Late}
	switch {
	case a.At.Machine == "":
		a.Says = "The policy promises no instant for this."
	case a.Late:
		a.Says = "It is late, and the project sees that. It was promised until"
	default:
		a.Says = "Promised until"
	}
	return a
}

// named says what becomes of the reporter's name, from what they wrote and from the credits they agreed to.
func named(v cvd.View) answer {
	a := answer{Question: "What happens to my name?"}
	if len(v.Reports) == 0 {
		return a
	}
	r := v.Reports[len(v.Reports)-1]
	switch {
	case r.Contact.Name == "" && r.Contact.Email == "":
		a.Says = "You gave none, so nobody knows it."
	default:
		a.Says = "What you gave us to reach you is seen by the people who handle this case, and published nowhere."
	}
	k, said := creditOf(v, r.Number)
	switch {
	case said && !k.Consent:
		a.Says += " You are not named in the advisory, as you asked."
	case said:
		a.Says += " The credit is recorded: you are named as “" + k.Name + "”."
	case r.Credit != "":
		a.Says += " In the advisory you asked to be named as “" + r.Credit + "”."
	default:
		a.Says += " You did not ask to be named in the advisory."
	}
	return a
}

// repeated says whether a message is there already that the reporter wrote after the page with this form was shown.
func repeated(v cvd.View, h held, text string) bool {
	shown, err := strconv.Atoi(h.sent.values.Get("messages"))
	if err != nil || shown < 0 || shown > len(v.Messages) {
		return false
	}
	return slices.ContainsFunc(v.Messages[shown:], func(m cvd.Message) bool { return m.By == h.who.ID && m.Text == text })
}
