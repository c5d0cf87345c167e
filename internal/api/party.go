package api

import (
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Party is somebody else who takes part in the case.
type Party struct {
	ID           cvd.ActorID                `json:"id"`
	Name         string                     `json:"name"`
	Kind         cvd.PartyKind              `json:"kind,omitempty"`
	Organisation string                     `json:"organisation,omitempty"`
	Address      string                     `json:"address,omitempty"`
	Contacts     []cvd.Handle               `json:"contacts,omitempty"`
	Zone         string                     `json:"zone,omitempty"`
	Component    string                     `json:"component,omitempty"`
	Audience     string                     `json:"audience,omitempty"`
	Weights      map[string]int64           `json:"weights,omitempty"`
	Roles        []string                   `json:"roles,omitempty"`
	RM           cvd.RM                     `json:"report_management,omitempty"`
	VFD          cvd.VFD                    `json:"fix_path,omitempty" doc:"Of a vendor or deployer (CERT/CC Vultron)."`
	Consent      cvd.PEC                    `json:"consent,omitempty" doc:"To the embargo (CERT/CC Vultron)."`
	Status       cvd.PartyStatus            `json:"status,omitempty" doc:"What they said last, of every release line."`
	Lines        map[string]cvd.PartyStatus `json:"lines,omitempty" doc:"What they said last of one."`
	Terms        map[string]bool            `json:"terms,omitempty" doc:"What they said to each of the terms."`
	Because      string                     `json:"because,omitempty"`
	NominatedAt  time.Time                  `json:"nominated_at,omitzero"`
	InvitedAt    time.Time                  `json:"invited_at,omitzero"`
	AnswerBy     time.Time                  `json:"answer_by,omitzero"`
	AnsweredAt   time.Time                  `json:"answered_at,omitzero"`
	Accepted     bool                       `json:"accepted,omitempty"`
	SeenAt       time.Time                  `json:"seen_at,omitzero" doc:"When a person of theirs first read the terms."`
	BriefedAt    time.Time                  `json:"briefed_at,omitzero" doc:"When a person of theirs first read the case."`
	RemindedAt   time.Time                  `json:"reminded_at,omitzero"`
	LeftAt       time.Time                  `json:"left_at,omitzero"`
	Removed      bool                       `json:"removed,omitempty"`
	Keeps        bool                       `json:"keeps_embargo,omitempty" doc:"Who left said that they keep the embargo."`
	Until        time.Time                  `json:"until,omitzero" doc:"When the invitation ends; absent: with the case."`
	Ends         []string                   `json:"ends,omitempty" doc:"Marks of the policy that end it once all are reached."`
}

func partyOf(p cvd.Party) Party {
	out := Party{ID: p.ID, Name: p.Name, Kind: p.Kind, Organisation: p.Organisation, Address: p.Address, Contacts: p.Contacts, Zone: p.Zone,
		Component: p.Component, Audience: p.Audience, Weights: p.Weights, Roles: p.Roles, RM: p.RM, VFD: p.VFD, Consent: p.Consent,
		Status: p.Status, Lines: p.Lines, Because: p.Because, NominatedAt: p.NominatedAt, InvitedAt: p.InvitedAt, AnswerBy: p.AnswerBy,
		AnsweredAt: p.AnsweredAt, Accepted: p.Kind != "" && p.Joined(), SeenAt: p.SeenAt, BriefedAt: p.BriefedAt, RemindedAt: p.RemindedAt,
		LeftAt: p.LeftAt, Removed: p.Removed, Keeps: p.Keeps, Until: p.Until, Ends: p.Ends}
	for _, t := range p.Terms {
		if out.Terms == nil {
			out.Terms = map[string]bool{}
		}
		out.Terms[t.Term] = t.Accepted
	}
	return out
}

// Thread is a talk among some of those who take part.
type Thread struct {
	Number   int           `json:"number"`
	At       time.Time     `json:"at"`
	Title    string        `json:"title"`
	Parties  []cvd.ActorID `json:"parties,omitempty"`
	Reports  []int         `json:"reports,omitempty" doc:"Whose reporters."`
	Messages []Message     `json:"messages,omitempty"`
}

func threadOf(t cvd.Talk) Thread {
	return Thread{Number: t.Number, At: t.At, Title: t.Title, Parties: t.Parties, Reports: t.Reports, Messages: each(t.Messages, messageOf)}
}

// Countdown is what those who get ready look at.
type Countdown struct {
	Due      time.Time `json:"due"`
	Estimate bool      `json:"estimate,omitempty" doc:"It is worked out from a height and the time between blocks."`
	Height   int64     `json:"height,omitempty"`
	Says     string    `json:"says,omitempty"`
}

func countdownOf(d cvd.Countdown) *Countdown {
	at, estimate := d.Due()
	if at.IsZero() {
		return nil
	}
	return &Countdown{Due: at, Estimate: estimate, Height: d.Height, Says: d.Says}
}

// Embargo is the agreement not to speak outside of the case until an exact instant.
type Embargo struct {
	State  cvd.EM      `json:"state" doc:"CERT/CC Vultron: N P A R X."`
	Until  time.Time   `json:"until,omitzero"`
	Since  time.Time   `json:"since,omitzero"`
	By     cvd.ActorID `json:"by,omitempty"`
	Terms  string      `json:"terms,omitempty"`
	Agreed bool        `json:"agreed,omitempty" doc:"Its instant is one that a reporter proposed."`
	Ended  time.Time   `json:"ended_at,omitzero"`
	Why    string      `json:"why,omitempty" doc:"Why it ended."`

	Number   int       `json:"proposal,omitempty" doc:"The number of the proposal whose terms hold."`
	DecideBy time.Time `json:"decide_by,omitzero" doc:"Until when the team says whether attacks end it."`
}

// Message is a word to or from a reporter, or a note that only the team reads.
type Message struct {
	At          time.Time        `json:"at"`
	By          cvd.ActorID      `json:"by"`
	Name        string           `json:"name,omitempty" doc:"Of who wrote it, in a thread."`
	To          string           `json:"to" enum:"reporter,team,thread"`
	Report      int              `json:"report,omitempty" doc:"Whose reporter."`
	Text        string           `json:"text"`
	Attachments []cvd.Attachment `json:"attachments,omitempty"`
}

func messageOf(m cvd.Message) Message {
	return Message{At: m.At, By: m.By, Name: m.Name, To: m.To, Report: m.Report, Text: m.Text, Attachments: m.Attachments}
}

// Credit names somebody who helped.
type Credit struct {
	Name    string    `json:"name"`
	Role    string    `json:"role"`
	Consent bool      `json:"consent"`
	Report  int       `json:"report,omitempty" doc:"Whose reporter is named, from 1."`
	At      time.Time `json:"at,omitzero"`
}

// Reward is the decision about one report's bounty.
type Reward struct {
	Report    int         `json:"report"`
	At        time.Time   `json:"at"`
	By        cvd.ActorID `json:"by,omitempty"`
	Paid      bool        `json:"paid"`
	Amount    string      `json:"amount,omitempty"`
	Reference string      `json:"reference,omitempty"`
	Because   string      `json:"because,omitempty"`
}
