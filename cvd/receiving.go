package cvd

// Heard is what a participant answers to an embargo message (CERT/CC Vultron): EK acknowledges, EE is an error, GI asks what
// is meant, ER and ET end what cannot go on.
type Heard struct {
	To      EM
	Replies []string
}

// Taken says whether the message is taken as it was meant.
func (h Heard) Taken() bool { return len(h.Replies) == 1 && h.Replies[0] == "EK" }

// emMeans are the messages about an embargo that have a meaning in a state, with the trigger that they are.
var emMeans = map[EM]map[string]string{
	NoEmbargo: {"EP": "propose"},
	Proposed:  {"EP": "propose", "EA": "accept", "ER": "reject"},
	Active:    {"EV": "propose", "ET": "terminate"},
	Revise:    {"EV": "propose", "EJ": "reject", "EC": "accept", "ET": "terminate"},
}

// Hear is what becomes of the embargo when a message of another participant comes in. What is no longer quiet takes no
// proposal and no acceptance: what was proposed is off, and what was in force is over.
func (s EM) Hear(message string, quiet bool) Heard {
	switch {
	case message == "EK":
		return Heard{To: s}
	case message == "EE":
		return Heard{To: s, Replies: []string{"EK", "GI"}}
	case message == "ET" && s == Exited:
		return Heard{To: s, Replies: []string{"EK"}}
	}
	trigger, known := emMeans[s][message]
	switch {
	case !known:
		return Heard{To: s, Replies: []string{"EE"}}
	case quiet || message == "ER" || message == "ET":
		to, _ := s.Move(trigger)
		return Heard{To: to, Replies: []string{"EK"}}
	case s.InForce():
		return Heard{To: Exited, Replies: []string{"ET"}}
	}
	return Heard{To: NoEmbargo, Replies: []string{"ER"}}
}

// After is the embargo after one letter of the case's state became true, and the trigger that the letter is for it. That a vendor
// knows, has a fix or deployed it moves nothing by itself; what is public, exploited or attacked ends or rejects.
func (s EM) After(letter byte) (to EM, trigger string) {
	if letter != letterPublic && letter != letterExploit && letter != letterAttacks {
		return s, ""
	}
	switch {
	case s == Proposed:
		trigger = "reject"
	case s.InForce():
		trigger = "terminate"
	default:
		return s, ""
	}
	to, _ = s.Move(trigger)
	return to, trigger
}

// FactLetters are the letters of the facts that are observed.
var FactLetters = map[string]byte{"public": letterPublic, "exploit_public": letterExploit, "attacks": letterAttacks, "fix_deployed": letterDeployed}

// Learn is the state after a letter that somebody reported: what has a public exploit is public, and attacks say nothing of what
// the public knows.
func (s CS) Learn(letter byte) (to CS, ok bool) {
	if to, ok = s.Next(letter); !ok {
		return s, false
	}
	to.Public = to.Public || letter == letterExploit
	return to, true
}

// Zone is what the state of a case means for an embargo.
type Zone string

// The zones.
const (
	ZoneOpen     Zone = "start/continue"
	ZoneReady    Zone = "no new; continue, prepare to end"
	ZoneDeployed Zone = "no new; SHOULD end"
	ZoneAttacked Zone = "SHOULD end, no new"
	ZoneKnown    Zone = "SHALL end"
)

// Zone is what the state means for an embargo.
func (s CS) Zone() Zone {
	switch {
	case s.Public || s.ExploitKnown:
		return ZoneKnown
	case s.Attacks:
		return ZoneAttacked
	case s.FixDeployed:
		return ZoneDeployed
	case s.FixReady:
		return ZoneReady
	}
	return ZoneOpen
}
