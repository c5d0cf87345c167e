package app_test

import (
	"net/http"
)

// door says to whom a route answers, as this review decided it. It is written down a second time here on purpose: a route that
// opens wider in its table, by a slip, is found by the walker.
type door string

const (
	public         door = "everybody alike"
	invitees       door = "who has an invitation's link"
	anybody        door = "everybody" // in the API, a credential that is none is refused even here
	holders        door = "who holds a code"
	credentialed   door = "who has any credential of the project"
	guests         door = "guests and members"
	members        door = "members"
	keepers        door = "who keeps the register" // members whose role orders notices, or administers
	readers        door = "who has the link of a letter to a member of a list"
	administrators door = "administrators"
)

// walked is one row of the walk: concrete addresses of a route, and what they answer to whom it is for.
type walked struct {
	to   door
	at   []string // $project, $case, $file, $patch, $step, $member and $entry are filled in
	form string   // what is sent, in the body; $code, $link and $token are the visitor's
	want []int    // to whom the route is for and who may see what it is about; 200 if none
}

// refusedSteps is how a step ends that was sent in empty and about an old revision.
var refusedSteps = []int{http.StatusForbidden, http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity}

// unhappy is how a form ends that was sent in wrongly.
var unhappy = []int{http.StatusUnprocessableEntity}
