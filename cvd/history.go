package cvd

import "slices"

// History is the timeline of a case as one tier may read it. Names are the team's own affair: others read "the project".
func History(events []Event, t Tier) []Entry {
	var out []Entry
	for _, e := range events {
		h := e.What.happening()
		if h == nil {
			continue
		}
		says, seen := h.says()
		if seen > t {
			continue
		}
		n := Entry{At: e.At, Who: e.Who, Name: e.Name, Kind: h.kind(), Says: says, Late: e.What.Breached != nil && e.What.Breached.missed()}
		if t < ForTeam {
			n.Who, n.Name = "", standingName(e.Who)
		} else if len(e.Passed) > 0 {
			n.Says += ". " + passedWords(e.Passed)
		}
		out = append(out, n)
	}
	return out
}

// PublicHistory is the process of a case as strangers may follow it: what happened and when, without what was said between
// people, and nothing of what came in since and is not for them.
func PublicHistory(c Case, events []Event) []Entry {
	return slices.DeleteFunc(History(events, ForReporter), func(n Entry) bool {
		return n.Kind == "messaged" || n.Kind == "rewarded" || n.Kind == "proposed" || n.Kind == "accepted" || n.Kind == "rejected" || n.Kind == "extended" || n.Kind == "nudged" || elsewhere(n.Kind) || c.Shown != nil && n.At.After(c.Shown.At)
	})
}

// elsewhere says whether a line tells of another case, which may not be for strangers.
func elsewhere(kind string) bool {
	return kind == "combined" || kind == "joined" || kind == "split" || kind == "split_from" || kind == "taken_over"
}

func standingName(id ActorID) string {
	switch {
	case id == "system":
		return "Tipstaff"
	case len(id) > 9 && id[:9] == "reporter:":
		return "the reporter"
	case len(id) > 6 && id[:6] == "guest:":
		return "a guest"
	}
	return theProject
}
