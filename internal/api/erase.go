package api

import (
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Erasure is what is left of a case whose content was destroyed. A line of the list and this are all that anybody reads.
type Erasure struct {
	At       time.Time   `json:"at"`
	By       cvd.ActorID `json:"by"`
	Name     string      `json:"name,omitempty" doc:"Of who erased it."`
	Why      string      `json:"why" enum:"retention,request,mistake,moved"`
	ClosedAt time.Time   `json:"closed_at,omitzero"`
	Events   int64       `json:"events" doc:"How many events are known by their hashes alone now."`
	Files    int         `json:"files" doc:"How many files were destroyed."`
	Lingers  time.Time   `json:"in_backups_until,omitzero" doc:"Until when backups may still hold it; absent: until those made before are destroyed."`
}

func erasureOf(e *cvd.Erasure, lingers time.Time) *Erasure {
	if e == nil {
		return nil
	}
	return &Erasure{At: e.At, By: e.By, Name: e.Name, Why: e.Why, ClosedAt: e.Closed, Events: e.Events, Files: e.Files, Lingers: lingers}
}
