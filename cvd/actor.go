package cvd

import "slices"

// Capability is what a role may do. The set is fixed here; a policy gives capabilities to the roles that it names.
// Each step of the process needs the capability of its own name.
type Capability string

// Capabilities that are not the name of a step.
const (
	See        Capability = "see"         // read restricted cases of the project
	SeeExploit Capability = "see_exploit" // read the exploit analysis too
	Expert     Capability = "expert"      // a review by this person counts as an expert's
	Waive      Capability = "waive"       // let a case pass a clause, with a reason and a second person
	Administer Capability = "administer"  // people, tokens, policy
)

// Standing is how somebody stands to a project; it is what decides between the pages they may see.
type Standing string

// The standings, from the one who sees least.
const (
	Stranger Standing = ""         // nobody, or somebody without a claim
	Finder   Standing = "reporter" // holds the return code of a report
	Guest    Standing = "guest"    // invited to one case
	Member   Standing = "member"   // on the project's roster
	System   Standing = "system"   // the program itself: the ticker, the jobs
)

// Actor is one person asking within one project. auth makes a new one for each request.
type Actor struct {
	Project  ProjectID
	ID       ActorID
	Name     string
	Standing Standing
	Roles    []string     // names of the policy's roles
	Can      []Capability // what those roles may do
	Case     CaseID       // the only case that a reporter or guest may see
	Came     CaseID       // what their code calls that case, if it went into another one since
	Report   int          // the report that the return code belongs to, from 1
}

// May says whether the actor has a capability. The program itself has all of them.
func (a Actor) May(c Capability) bool {
	return a.Standing == System || slices.Contains(a.Can, c)
}

// Near says whether a case that is not public may exist for the actor at all; TierOf decides whether it does.
func (a Actor) Near(id CaseID) bool {
	switch a.Standing {
	case System:
		return true
	case Member:
		return a.May(See)
	case Guest, Finder:
		return a.Case == id
	}
	return false
}

// Nobody is a stranger who asks within a project.
func Nobody(p ProjectID) Actor { return Actor{Project: p, ID: "stranger", Name: "a stranger"} }

// Tipstaff is the program itself acting within a project.
func Tipstaff(p ProjectID) Actor {
	return Actor{Project: p, ID: "system", Name: "Tipstaff", Standing: System}
}

// Person is somebody on a project's roster. Policies refer to people by Handle, so that a leaver is gone from every copy.
type Person struct {
	Handle  ActorID
	Name    string
	Roles   []string
	Active  bool
	Address string // mail address, sealed at rest
}
