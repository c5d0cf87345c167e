package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// bounty is a reporter's own part of it, on the page of their report.
type bounty struct {
	Says      string
	At        moment
	Reference string
	Asks      bool // whether it can be said where it goes
	Address   string
	Error     string
}

// bountyOf lays out what a reporter gets; nil while nothing was decided, or where the project pays nothing.
func (s *server) bountyOf(h held, v cvd.View, z zone) *bounty {
	own := h.who.Report
	p, err := s.Casework.PolicyOf(v.Project)
	if err != nil || p.Document.Bounty == nil && len(v.Bounty.Judged) == 0 {
		return nil
	}
	judged, decided := v.Bounty.Judgement(own)
	share, _ := v.Bounty.Share(own)
	paid, done := v.Bounty.Paid(own)
	b := &bounty{Address: h.sent.values.Get("payout"), Asks: !done && (!decided || judged.Eligible)}
	for _, x := range v.Bounty.Payouts {
		if b.Address == "" {
			b.Address = x.Address
		}
	}
	switch {
	case done:
		b.Says, b.At, b.Reference = "Your share of "+paid.Amount.String()+" was paid:", z.at(paid.At), paid.Reference
	case v.Bounty.Approved():
		b.Says = "Your share is " + share.String() + ". It is paid " + afterWords(p) + "."
	case decided && judged.Eligible:
		b.Says = "Your report earns a part of the bounty; how much is not decided yet."
	case decided:
		b.Says = "Your report earns no bounty: " + judged.Because
	default:
		if len(v.Reports) == 0 || v.Disclosure.At.IsZero() && v.Bounty.Offer == nil && b.Address == "" && v.RM == cvd.Arrived {
			return nil
		}
		b.Says = "Nobody has decided about a bounty yet."
	}
	return b
}

// afterWords say after what a bounty is paid.
func afterWords(p *casework.Policy) string {
	if p.Document.Bounty == nil {
		return "by the project"
	}
	titles := map[string]string{}
	for _, n := range p.Document.Notices {
		titles[n.Name] = n.Title
	}
	return "after " + markWords(p.Document.Bounty.After, titles)
}

// payout takes where a reporter wants their share sent.
func (s *server) payout(w http.ResponseWriter, r *http.Request) error {
	return s.held(w, r, func(h held) error {
		_, err := s.Casework.Payout(r.Context(), h.who, casework.About{Case: h.who.Case}, cvd.PayoutNamed{Address: h.sent.values.Get("payout")})
		if e, ok := errors.AsType[*cvd.Error](err); ok {
			return s.status(w, r, h, func(v *statusView) int {
				v.Problems = &problems{Heading: "Nothing was changed yet", Lines: []problem{{Says: upperFirst(e.Says)}}}
				if v.Bounty != nil {
					v.Bounty.Error, v.Problems.Lines[0].Field = upperFirst(e.Says), "payout"
				}
				return statuses[e.Kind].code
			})
		}
		if err != nil {
			return err
		}
		says := "The project knows where to send it."
		if strings.TrimSpace(h.sent.values.Get("payout")) == "" {
			says = "The project no longer knows where to send it."
		}
		return s.status(w, r, h, done(says))
	})
}

// bounty lays out who earns what, and how far that has come, report by report.
func (v *workView) bounty(s *server, view cvd.View, z zone) {
	b := view.Bounty
	for _, j := range b.Judged {
		x := row{Title: "Report " + strconv.Itoa(j.Report), By: s.name(view, j.By), At: z.at(j.At), State: "not eligible", Text: j.Because}
		if j.Eligible {
			x.State = "eligible"
		}
		if share, ok := b.Share(j.Report); ok {
			x.State, x.By, x.At = "proposed: "+share.String()+" of "+b.Offer.Total.String(), s.name(view, b.Offer.By), z.at(b.Offer.At)
			if b.Approved() {
				x.State, x.By, x.At = "approved: "+share.String()+" of "+b.Offer.Total.String(), s.name(view, b.Offer.ApprovedBy), z.at(b.Offer.ApprovedAt)
			}
		}
		for _, to := range b.Payouts {
			if to.Report == j.Report && to.Address != "" {
				x.Text = join(x.Text, "goes to "+to.Address)
			}
		}
		if paid, ok := b.Paid(j.Report); ok {
			x.State, x.By, x.At, x.Text = "paid: "+paid.Amount.String(), s.name(view, paid.By), z.at(paid.At), join(x.Text, paid.Reference)
		}
		v.Bounty = append(v.Bounty, x)
	}
}
