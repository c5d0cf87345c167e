package cvd

// RM is a participant's management of a report (CERT/CC Vultron, Report Management).
type RM string

// The seven states of report management.
const (
	Start    RM = "S"
	Arrived  RM = "R" // Received
	NotValid RM = "I" // Invalid
	Valid    RM = "V"
	Accepted RM = "A"
	Deferred RM = "D"
	Closed   RM = "C"
)

// rmMoves holds the eleven transitions; whatever is not here is refused.
var rmMoves = map[RM]map[string]RM{
	Start:    {"receive": Arrived},
	Arrived:  {"validate": Valid, "invalidate": NotValid},
	NotValid: {"validate": Valid, "close": Closed},
	Valid:    {"accept": Accepted, "defer": Deferred},
	Deferred: {"accept": Accepted, "close": Closed},
	Accepted: {"defer": Deferred, "close": Closed},
}

// Move is the state after a trigger; ok is false when the state knows no such move.
func (s RM) Move(trigger string) (to RM, ok bool) {
	to, ok = rmMoves[s][trigger]
	return to, ok
}

// Word is the state as people say it.
func (s RM) Word() string {
	return map[RM]string{Start: "not received", Arrived: "received", NotValid: "invalid", Valid: "valid",
		Accepted: "accepted", Deferred: "deferred", Closed: "closed"}[s]
}

// EM is a case's embargo management (CERT/CC Vultron, Embargo Management).
type EM string

// The five states of embargo management.
const (
	NoEmbargo EM = "N"
	Proposed  EM = "P"
	Active    EM = "A"
	Revise    EM = "R"
	Exited    EM = "X"
)

// emMoves holds the ten transitions. An embargo that was active never becomes none again; X is final.
var emMoves = map[EM]map[string]EM{
	NoEmbargo: {"propose": Proposed},
	Proposed:  {"propose": Proposed, "accept": Active, "reject": NoEmbargo},
	Active:    {"propose": Revise, "terminate": Exited},
	Revise:    {"propose": Revise, "accept": Active, "reject": Active, "terminate": Exited},
}

// Move is the state after a trigger; ok is false when the state knows no such move.
func (s EM) Move(trigger string) (to EM, ok bool) {
	to, ok = emMoves[s][trigger]
	return to, ok
}

// InForce says whether an embargo binds: active, or active and being revised.
func (s EM) InForce() bool { return s == Active || s == Revise }

// CS is the state of a case: six facts that once true stay true (CERT/CC Vultron, Case State).
type CS struct {
	VendorAware  bool // V
	FixReady     bool // F
	FixDeployed  bool // D
	Public       bool // P
	ExploitKnown bool // X, exploit public
	Attacks      bool // A, attacks observed
}

// String writes the six letters, upper case for what is true: "VFdPxa".
func (s CS) String() string {
	b := []byte("vfdpxa")
	for i, on := range []bool{s.VendorAware, s.FixReady, s.FixDeployed, s.Public, s.ExploitKnown, s.Attacks} {
		if on {
			b[i] -= 'a' - 'A'
		}
	}
	return string(b)
}

// Next is the state after one letter (V F D P X A) becomes true; ok is false where the history would be impossible:
// a fix before the vendor knows, a deployment before a fix, or another event where the next one is forced
// (the vendor learns of what is public; what has a public exploit is public).
func (s CS) Next(letter byte) (to CS, ok bool) {
	to = s
	switch {
	case s.ExploitKnown && !s.Public && letter != 'P':
		return s, false
	case s.Public && !s.VendorAware && letter != 'V':
		return s, false
	}
	switch letter {
	case 'V':
		ok, to.VendorAware = !s.VendorAware, true
	case 'F':
		ok, to.FixReady = s.VendorAware && !s.FixReady, true
	case 'D':
		ok, to.FixDeployed = s.FixReady && !s.FixDeployed, true
	case 'P':
		ok, to.Public = !s.Public, true
	case 'X':
		ok, to.ExploitKnown = !s.ExploitKnown, true
	case 'A':
		ok, to.Attacks = !s.Attacks, true
	}
	if !ok {
		return s, false
	}
	return to, true
}

// Quiet says whether an embargo may begin: not public, no public exploit, no attacks.
func (s CS) Quiet() bool { return !s.Public && !s.ExploitKnown && !s.Attacks }
