package policy

// Severity is the scheme: none, a judgement among classes, or CVSS with bands.
type Severity struct {
	Scheme     string   `yaml:"scheme" enum:"none,judgement,cvss,matrix"`                     // none, judgement, cvss, matrix
	Systems    []string `yaml:"systems,omitempty" enum:"CVSS:4.0,CVSS:3.1,CVSS:3.0,CVSS:2.0"` // CVSS:4.0, CVSS:3.1
	Precedence string   `yaml:"precedence,omitempty" enum:"max,score,category"`               // max (of category floor and band), score, category
	Classes    []Class  `yaml:"classes,omitempty"`                                            // from the worst
	Matrix     *Matrix  `yaml:"matrix,omitempty"`                                             // of the scheme matrix
	Floors     []Floor  `yaml:"floors,omitempty"`                                             // what makes any case at least so grave
	Decides    []string `yaml:"decides,omitempty" is:"role"`                                  // the roles that decide the class; none: whoever may triage
	Hint       string   `yaml:"hint,omitempty" enum:"welcome,ignored"`                        // the reporter's own score: welcome, ignored
	Says       string   `yaml:"says,omitempty"`
}

// Matrix makes a class of impact and likelihood. Rows are impacts from the worst; each has a class for each likelihood.
type Matrix struct {
	Likelihood []string    `yaml:"likelihood"` // from the likeliest
	Impact     []MatrixRow `yaml:"impact"`
}

// MatrixRow is one impact with its class for each likelihood, in the order of these.
type MatrixRow struct {
	Name    string   `yaml:"name" is:"name"`
	Classes []string `yaml:"classes" is:"class" twice:"may"`
}

// Floor is a fact about the world that makes a case at least as grave as a class: attacks, an attacker who knows.
type Floor struct {
	Name  string `yaml:"name" is:"name"`
	Class string `yaml:"class" is:"class"`
	When  string `yaml:"when" is:"predicate"`
	Says  string `yaml:"says"`
}

// Class is one severity with its band and its categories.
type Class struct {
	Name       string     `yaml:"name" is:"name"`
	Title      string     `yaml:"title"`
	From       *float64   `yaml:"from,omitempty"`
	To         *float64   `yaml:"to,omitempty"`
	Categories []Category `yaml:"categories,omitempty"`
}

// Category is a kind of weakness that floors the severity at its class, in the project's own words.
type Category struct {
	Name  string `yaml:"name" is:"name"`
	Title string `yaml:"title"`
	Says  string `yaml:"says,omitempty"`
}

// Clock is a promise in time: from a mark, until a mark, within a time that may depend on the class.
type Clock struct {
	Name         string   `yaml:"name" is:"name"`
	Title        string   `yaml:"title"`
	From         string   `yaml:"from" is:"mark"`
	Until        string   `yaml:"until" is:"mark"`
	Target       *Within  `yaml:"target,omitempty"`                                // hoped for
	Within       *Within  `yaml:"within,omitempty"`                                // promised
	Reminder     *Within  `yaml:"reminder,omitempty"`                              // after which somebody may be nudged
	AtLeast      Duration `yaml:"at_least,omitempty"`                              // the phase is said to take at least this long; for plans and lints
	Unclassified string   `yaml:"unclassified,omitempty" enum:"shortest,none"`     // before classification: shortest (the default), none
	Rebase       string   `yaml:"rebase,omitempty" enum:"from_anchor,from_change"` // on reclassification: from_anchor (the default), from_change
	Tracks       []string `yaml:"tracks,omitempty" is:"track"`
	Kinds        []string `yaml:"kinds,omitempty" is:"kind"`
	Says         string   `yaml:"says,omitempty"`

	When     string       `yaml:"when,omitempty" is:"predicate"`                                  // a predicate; the clock runs only while it holds
	Calendar string       `yaml:"calendar,omitempty" is:"calendar"`                               // elapsed, or a calendar whose time counts
	Pause    []string     `yaml:"pause,omitempty" enum:"question,deferred"`                       // it stands while a question to the reporter is open, or the work is put off
	Warn     []Duration   `yaml:"warn,omitempty"`                                                 // how long before its end the team is reminded
	Escalate []Escalation `yaml:"escalate,omitempty"`                                             // who hears of it when it stays open
	Expires  string       `yaml:"expires,omitempty" enum:"breach,remind,publish"`                 // what its end means: breach (the default), remind, publish: the team is reminded that the publication is due, and nothing goes out that nobody armed
	Armed    bool         `yaml:"armed,omitempty"`                                                // a person has to arm what its end publishes
	Extend   *Extension   `yaml:"extend,omitempty"`                                               // how it may be made longer in a case
	Owner    string       `yaml:"owner,omitempty" is:"role"`                                      // the role that answers for it
	Law      string       `yaml:"law,omitempty"`                                                  // what demands it: "CRA 14(2)(a)"
	Report   string       `yaml:"report,omitempty" enum:"early_warning,notification,final,users"` // which report of that law it is
}

// Within is one duration, or one for each class; instead of a duration a class may wait for an event of the project.
type Within struct {
	All     Duration
	ByClass map[string]Duration // of "within: {critical: 24h, …}"
	Event   map[string]string   // of "{informational: {event: next_major_release}}"
}

// Escalation is a rung of the ladder: whoever is named hears of an open clock so long after it began.
type Escalation struct {
	After Duration `yaml:"after"`
	To    string   `yaml:"to" is:"rung"`              // nudge, alarm, a role, or somebody's handle
	By    string   `yaml:"by,omitempty" is:"channel"` // a channel that the team reads and no notice goes by; by mail to each if absent
	Every Duration `yaml:"every,omitempty"`           // and again each time so long has passed, while it is open
}

// Extension is how far a promise may be moved in a case, and what that takes.
type Extension struct {
	By       Duration `yaml:"by"`                 // at most so much at a time
	Times    int      `yaml:"times,omitempty"`    // at most so often; 0: once
	Reporter bool     `yaml:"reporter,omitempty"` // the reporter has to agree
}

// Stage is one part of the process in its order.
type Stage struct {
	Name   string   `yaml:"name" is:"name"`
	Title  string   `yaml:"title"`
	Done   string   `yaml:"done" is:"mark"`             // the mark that ends it
	Step   string   `yaml:"step,omitempty" is:"step"`   // the step that reaches the mark; its waits make the stage's earliest instant
	Clock  string   `yaml:"clock,omitempty" is:"clock"` // the clock that limits it
	Says   string   `yaml:"says"`                       // in words, for SECURITY.md and the reporter
	Tracks []string `yaml:"tracks,omitempty" is:"track"`
}

// Step is what the policy says of one step of the process: who, and what must be so before.
type Step struct {
	Step      string        `yaml:"step" is:"step"` // a step's name: triage, release …
	Requires  []Requirement `yaml:"requires,omitempty"`
	Checklist []string      `yaml:"checklist,omitempty"`
	Guests    []string      `yaml:"guests,omitempty" is:"role"` // roles that an invited guest may take this step in
}

// Requirement is one condition. Exactly one of the fields from Mark on is set; Name is its place in clauses.
type Requirement struct {
	Name   string `yaml:"name" is:"name"`
	Says   string `yaml:"says"`                            // what would have to happen, in words
	When   string `yaml:"when,omitempty" is:"predicate"`   // a predicate; the requirement holds only then
	Unless string `yaml:"unless,omitempty" is:"predicate"` // a predicate that lifts it

	Mark     string   `yaml:"mark,omitempty" is:"mark"`                                        // the mark must have been reached
	Wait     *Wait    `yaml:"wait,omitempty"`                                                  // so much time must have passed since a mark
	Expr     string   `yaml:"expr,omitempty" is:"predicate"`                                   // a predicate must hold
	Lines    string   `yaml:"lines,omitempty" enum:"settled,staged,released,applied,verified"` // every eligible line must be: settled, staged, released, applied (its fix lies in public), verified (the program saw its release on every channel)
	Patches  string   `yaml:"patches,omitempty" enum:"private"`                                // every patch must lie: private
	Checks   []string `yaml:"checks,omitempty" is:"check"`                                     // each must have passed or be waived with a reason
	Sections []string `yaml:"sections,omitempty" is:"section"`                                 // of the analysis, each must be written
	Reviews  *Reviews `yaml:"reviews,omitempty"`                                               // of the fix or the advisory
	Channels string   `yaml:"channels,omitempty" is:"notice"`                                  // the channels of that notice must be among this one's
	Embargo  string   `yaml:"embargo,omitempty" enum:"over"`                                   // over: no embargo may bind
	Quorum   *Quorum  `yaml:"quorum,omitempty"`                                                // so much of an audience must be ready

	Or *Wait `yaml:"or,omitempty"` // it is also met so long after a mark: what does not come is not waited for for ever
}

// Wait is a minimum time since a mark, or since a notice reached those it is for.
type Wait struct {
	After     string   `yaml:"after,omitempty" is:"mark"`
	Notice    string   `yaml:"notice,omitempty" is:"notice"`                    // instead of after
	From      string   `yaml:"from,omitempty" enum:"every_channel,first,share"` // of a notice: every_channel (the default), first, share
	Share     int      `yaml:"share,omitempty"`                                 // per cent of those reached, by the reach of the channels
	For       Duration `yaml:"for"`
	Tolerance Duration `yaml:"tolerance,omitempty"` // the time is exact: later than this after its end is a breach
	Calendar  string   `yaml:"calendar,omitempty" is:"calendar"`
	Restarts  bool     `yaml:"restarts,omitempty"` // it begins anew when the announced release moves: it is counted from the correction then
}

// Quorum is a share of an audience, by weight, that must have said that it is ready.
type Quorum struct {
	Audience string `yaml:"audience" is:"audience"` // whose members count: all whom its register holds, whether they were invited or not
	Weight   string `yaml:"weight,omitempty"`       // what counts: voting_power, installations; none: heads
	AtLeast  int    `yaml:"at_least"`               // per cent
	Marks    []int  `yaml:"marks,omitempty"`        // per cent that are shown on the way
	Mark     string `yaml:"mark" is:"mark"`         // the milestone that says that it was counted and reached
}

// Reviews is a chain of reviews, each bound to the edition that is current.
type Reviews struct {
	Of         string   `yaml:"of" enum:"fix,advisory"`                                 // fix, advisory
	Parts      []string `yaml:"parts,omitempty" enum:"technical,community,legal,final"` // in order: technical, community, legal, final
	Count      int      `yaml:"count,omitempty"`                                        // different people besides the author
	Experts    int      `yaml:"experts,omitempty"`                                      // of them with the expert mark
	Objections string   `yaml:"objections,omitempty" enum:"none"`                       // none: no open objection may stand
	Link       bool     `yaml:"link,omitempty"`                                         // each that counts names the address where everybody reads it
	Settle     Duration `yaml:"settle,omitempty"`                                       // nobody objects for so long: lazy consensus
}

// Check is one named check of a fix.
type Check struct {
	Name      string `yaml:"name" is:"name"`
	Title     string `yaml:"title"`
	Platforms bool   `yaml:"platforms,omitempty"` // one answer for each platform
}
