package main

import (
	"fmt"
	"time"

	"github.com/tipstaff/tipstaff/internal/ledger"
)

type receiptVerify struct {
	Key  string `help:"The verifier key that the project publishes; @FILE takes it from a file." placeholder:"KEY"`
	JSON bool   `help:"Print JSON."`
	File string `arg:"" name:"receipt.json" type:"path" help:"The receipt; - for standard input."`
}

// proof is what a receipt proves, for programs.
type proof struct {
	Valid   bool      `json:"valid"`
	Says    string    `json:"says"`
	Proven  bool      `json:"proven"`
	Late    bool      `json:"late,omitempty"`
	Overdue bool      `json:"overdue,omitempty"`
	Pinned  bool      `json:"pinned"`
	Signer  string    `json:"signer,omitempty"`
	At      time.Time `json:"at,omitzero"`
	Due     time.Time `json:"due,omitzero"`
	Project string    `json:"project,omitempty"`
	Case    string    `json:"case,omitempty"`
	Event   string    `json:"event,omitempty"`
}

func (c *receiptVerify) Run(d *desk) error {
	text, err := d.read(c.File)
	if err != nil {
		return err
	}
	key, err := d.text(c.Key)
	if err != nil {
		return err
	}
	p := judge(text, key, time.Now())
	if c.JSON {
		err = d.json(p)
	} else {
		d.print(p)
	}
	if err == nil && !p.Valid {
		return errNo
	}
	return err
}

// judge says what a receipt proves at an instant.
func judge(text []byte, key string, now time.Time) proof {
	r, err := ledger.ParseReceipt(text)
	if err != nil {
		return proof{Says: err.Error()}
	}
	v, err := r.Verify(key)
	if err != nil {
		return proof{Says: err.Error()}
	}
	return proof{Valid: true, Says: v.String(), Proven: v.Proven, Late: v.Late, Overdue: v.Overdue(now), Pinned: v.Pinned,
		Signer: v.Signer, At: v.At, Due: v.Due, Project: r.Project, Case: r.Case, Event: r.EventID}
}

func (d *desk) print(p proof) {
	if !p.Valid {
		d.say("This receipt proves nothing: %s", p.Says)
		return
	}
	d.say("%s", p.Says)
	d.say("It is about event %s of case %s in the project %s.", p.Event, p.Case, p.Project)
	if p.Overdue {
		fmt.Fprintln(d.out, "The log owes the proof since then: ask for the receipt again. A log that cannot give it has broken its promise.")
	}
}
