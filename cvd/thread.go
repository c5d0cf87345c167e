package cvd

import (
	"slices"
	"time"
)

// Thread is a talk among some of those who take part in a case. The team reads each; nobody else knows that it is there.
type Thread struct {
	Number  int // from 1
	At      time.Time
	By      ActorID
	Title   string
	Parties []ActorID
	Reports []int // whose reporters
}

// Has says whether an actor takes part in a thread.
func (t Thread) Has(who Actor) bool {
	switch who.Standing {
	case Guest:
		return slices.Contains(t.Parties, who.ID)
	case Finder:
		return slices.Contains(t.Reports, who.Report)
	}
	return who.Standing == Member || who.Standing == System
}

// Threaded opens a thread.
type Threaded struct {
	Title   string    `json:"title"`
	Parties []ActorID `json:"parties,omitempty"`
	Reports []int     `json:"reports,omitempty"`
}

func (x *Threaded) kind() string { return "threaded" }
func (x *Threaded) apply(c *Case, e *Event) {
	c.Threads = append(c.Threads, Thread{Number: len(c.Threads) + 1, At: e.At, By: e.Who, Title: x.Title, Parties: x.Parties, Reports: x.Reports})
}
func (x *Threaded) says() (string, Tier) { return "Opened the thread “" + x.Title + "”", ForTeam }

// Thread is the thread of that number, nil if there is none.
func (c *Case) Thread(n int) *Thread {
	if n < 1 || n > len(c.Threads) {
		return nil
	}
	return &c.Threads[n-1]
}

// Talk is a thread with what was written in it.
type Talk struct {
	Thread
	Messages []Message
}

// talks are the threads that an actor takes part in. Who else does is told by what they write.
func (c Case) talks(who Actor) (all []Talk) {
	for _, t := range c.Threads {
		if !t.Has(who) {
			continue
		}
		if who.Standing == Guest || who.Standing == Finder {
			t.By, t.Parties, t.Reports = "", nil, nil
		}
		talk := Talk{Thread: t}
		for _, m := range c.Messages {
			if m.Thread == t.Number {
				if t.By == "" {
					m = m.outside()
				}
				talk.Messages = append(talk.Messages, m)
			}
		}
		all = append(all, talk)
	}
	return all
}

// outside is a message as somebody reads it who is not of the team: names of the team are its own affair.
func (m Message) outside() Message {
	if by := standingName(m.By); by == theProject {
		m.By, m.Name = "", by
	}
	return m
}

// outsideThreads are the messages that stand in no thread.
func outsideThreads(all []Message) []Message {
	return slices.DeleteFunc(slices.Clone(all), func(m Message) bool { return m.Thread != 0 })
}
