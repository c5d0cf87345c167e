package cvd

// VFD is one participant's way to a fix (CERT/CC Vultron, Case State): a vendor becomes aware and has a fix ready, a deployer
// deploys it. Others walk no such way: their VFD is empty.
type VFD string

// The states of a vendor, who may deploy too, and of somebody who only deploys.
const (
	VendorUnaware  VFD = "vfd"
	VendorAware    VFD = "Vfd"
	VendorReady    VFD = "VFd"
	VendorDeployed VFD = "VFD"
	DeployerWaits  VFD = "d"
	DeployerDone   VFD = "D"
	NoFixPath      VFD = ""
	letterAware        = 'V'
	letterReady        = 'F'
	letterDeployed     = 'D'
	letterPublic       = 'P'
	letterExploit      = 'X'
	letterAttacks      = 'A'
)

var vfdMoves = map[VFD]map[byte]VFD{
	VendorUnaware: {letterAware: VendorAware},
	VendorAware:   {letterReady: VendorReady},
	VendorReady:   {letterDeployed: VendorDeployed},
	DeployerWaits: {letterDeployed: DeployerDone},
}

// Move is the state after one letter (V F D) becomes true; ok is false when the state knows no such move.
func (s VFD) Move(letter byte) (to VFD, ok bool) {
	if to, ok = vfdMoves[s][letter]; !ok {
		return s, false
	}
	return to, true
}

// FixRole is what somebody does for a fix; a participant may be both, or neither.
type FixRole struct{ Vendor, Deployer bool }

// Start is where a participant's way begins.
func (r FixRole) Start() VFD {
	switch {
	case r.Vendor:
		return VendorUnaware
	case r.Deployer:
		return DeployerWaits
	}
	return NoFixPath
}

// May says whether a participant may say that a letter became true of itself. Only a vendor has a fix ready, and only after it
// accepted the report; only a deployer deploys. That the matter is public, exploited or attacked anybody may report.
func (r FixRole) May(letter byte, rm RM) bool {
	switch letter {
	case letterAware:
		return r.Vendor
	case letterReady:
		return r.Vendor && (rm == Accepted || rm == Deferred || rm == Closed)
	case letterDeployed:
		return r.Deployer
	}
	return letter == letterPublic || letter == letterExploit || letter == letterAttacks
}
