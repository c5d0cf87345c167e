package policy

// Document is a policy as its project writes it. Each field is a concept; each concept that reasons has a file of its name.
// A field's yaml name is its place in a clause: "clocks.response", "steps.release.requires.wait". Without omitempty it must be
// there. The tag "enum" lists what a word may be, "is" says what a word refers to or declares (see refer.go), "twice" that
// items of the list may bear one name.
type Document struct {
	Policy   string `yaml:"policy" is:"id"`                   // the project's id: "juno"
	Title    string `yaml:"title"`                            // the project's name
	Prefix   string `yaml:"prefix" is:"prefix"`               // of case and advisory ids: "JUNO"
	Language string `yaml:"language,omitempty" is:"language"` // "en"
	Zone     string `yaml:"zone,omitempty" is:"zone"`         // IANA name of the zone that people are shown beside UTC
	Website  string `yaml:"website,omitempty" is:"url"`       // the publisher's namespace in advisories
	Summary  string `yaml:"summary"`                          // the first paragraph of SECURITY.md
	Sources  []Link `yaml:"sources,omitempty"`                // where the project states its process in prose

	Roles       []Role       `yaml:"roles"`
	Contacts    Contacts     `yaml:"contacts"`
	Products    []Product    `yaml:"products"`
	Kinds       []Kind       `yaml:"kinds"`
	Tracks      []Track      `yaml:"tracks"`
	Form        Form         `yaml:"form"`
	Silence     Silence      `yaml:"silence"`
	Terms       []Term       `yaml:"terms,omitempty"`
	Severity    Severity     `yaml:"severity"`
	Clocks      []Clock      `yaml:"clocks"`
	Stages      []Stage      `yaml:"stages"` // the process in its order, for plans and for people
	Steps       []Step       `yaml:"steps"`  // who may do what, and what must be so before
	Checks      []Check      `yaml:"checks,omitempty"`
	Notices     []Notice     `yaml:"notices,omitempty"`
	Channels    []Channel    `yaml:"channels,omitempty"`
	Audiences   []Audience   `yaml:"audiences,omitempty"`
	Embargo     Embargo      `yaml:"embargo"`
	Advisory    Advisory     `yaml:"advisory"`
	Disclosure  Disclosure   `yaml:"disclosure"`
	Bounty      *Bounty      `yaml:"bounty,omitempty"`
	Recognition *Recognition `yaml:"recognition,omitempty"`
	Recurring   []Recurring  `yaml:"recurring,omitempty"`
	Stalled     Duration     `yaml:"stalled,omitempty"`   // after which the team is reminded of an open case in which nothing happens
	Retention   []Retention  `yaml:"retention,omitempty"` // how long closed cases are kept
	Alone       *Alone       `yaml:"alone,omitempty"`
	Waivers     []LintWaiver `yaml:"waivers,omitempty" twice:"may"` // contradictions the project knows and explains
}

// Link is a web address with its name.
type Link struct {
	Title string `yaml:"title"`
	URL   string `yaml:"url" is:"url"`
}

// Role is a name of the project's for a set of capabilities. "all" stands for every step, see and see_exploit.
type Role struct {
	Name  string   `yaml:"name" is:"name"`
	Title string   `yaml:"title"`
	Can   []string `yaml:"can" is:"capability"`
	Says  string   `yaml:"says,omitempty"` // what people in it do, in words
}

// Contacts are people of the roster by handle: who is alarmed by something critical, and who may be nudged by a reporter.
type Contacts struct {
	Alarm []string `yaml:"alarm"`
	Nudge []string `yaml:"nudge,omitempty"`
	Mail  string   `yaml:"mail,omitempty" is:"mail"` // an address that more than one person reads
}

// Product is something the project releases; Line is a series of releases that gets fixes together.
type Product struct {
	Name      string   `yaml:"name" is:"name"`
	Title     string   `yaml:"title"`
	PURL      string   `yaml:"purl,omitempty" is:"purl"`
	Lines     []Line   `yaml:"lines"`
	Platforms []string `yaml:"platforms,omitempty"`
}

// Line is one release line; eligible lines are promised security fixes.
type Line struct {
	Name     string `yaml:"name" is:"line"`
	Versions string `yaml:"versions"`
	Eligible bool   `yaml:"eligible"`
}

// Kind is what somebody may come with. Only a kind that goes to a case opens one; the others are shown their way.
type Kind struct {
	Name    string   `yaml:"name" is:"name"`
	Title   string   `yaml:"title"`
	Goes    string   `yaml:"goes" enum:"case,tracker,discussion"` // case, tracker, discussion
	URL     string   `yaml:"url,omitempty" is:"url"`
	Track   string   `yaml:"track,omitempty" is:"track"` // the track that a case of this kind begins on
	Says    string   `yaml:"says,omitempty"`
	Needs   []string `yaml:"needs,omitempty" is:"field"` // fields that this kind must have
	Alarm   bool     `yaml:"alarm,omitempty"`            // whether the contacts in alarm hear of it at once
	Default bool     `yaml:"default,omitempty"`          // the kind of a report that names none
}

// Track is a way a case is handled: in public from triage on, or in private until disclosure.
type Track struct {
	Name     string   `yaml:"name" is:"name"`
	Title    string   `yaml:"title"`
	Public   bool     `yaml:"public"`
	Default  bool     `yaml:"default,omitempty"`
	When     string   `yaml:"when" is:"predicate"` // a predicate: "sensitive", "!sensitive", "true"
	Criteria string   `yaml:"criteria,omitempty"`  // the predicate in words
	Reason   string   `yaml:"reason,omitempty"`    // why the project prefers it
	Routes   []string `yaml:"routes,omitempty"`    // in words: where a report on this track may also be made

	Discussion *Discussion `yaml:"discussion,omitempty"` // of the cases of a public track
}

// Form is what the report form asks, besides title and description.
type Form struct {
	Intro  string  `yaml:"intro,omitempty"`
	Fields []Field `yaml:"fields"`
}

// Field is one question. A standard name (severity, component, version, impact, steps, expected, environment, evidence,
// contact, credit, disclosure_preference, told, ai_use) goes to its own place in the report; another goes to fields.
type Field struct {
	Name     string   `yaml:"name" is:"name"`
	Title    string   `yaml:"title"`
	Help     string   `yaml:"help,omitempty"`
	Type     string   `yaml:"type,omitempty" enum:"line,text,list,choice,yes_no"` // line, text, list, choice, yes_no; the default is line
	Choices  []string `yaml:"choices,omitempty"`
	Required bool     `yaml:"required,omitempty"`
	Longest  int      `yaml:"longest,omitempty"`         // characters
	Kinds    []string `yaml:"kinds,omitempty" is:"kind"` // asked only for these kinds
}

// Silence is the request not to speak in public, with its reason in one sentence.
type Silence struct {
	Says    string   `yaml:"says"`
	Because string   `yaml:"because"`
	Also    string   `yaml:"also,omitempty"`  // e.g. tell other affected projects
	Until   string   `yaml:"until" is:"mark"` // the mark that ends it: fix_ready, disclosed
	Tracks  []string `yaml:"tracks,omitempty" is:"track"`
}

// Term is one thing that a reporter is asked to agree to. Refusing it never destroys a report.
type Term struct {
	Name string `yaml:"name" is:"name"`
	Says string `yaml:"says"`
}

// Severity is the scheme: none, a judgement among classes, or CVSS with bands.
type Severity struct {
	Scheme     string   `yaml:"scheme" enum:"none,judgement,cvss"`                            // none, judgement, cvss
	Systems    []string `yaml:"systems,omitempty" enum:"CVSS:4.0,CVSS:3.1,CVSS:3.0,CVSS:2.0"` // CVSS:4.0, CVSS:3.1
	Precedence string   `yaml:"precedence,omitempty" enum:"max,score,category"`               // max (of category floor and band), score, category
	Classes    []Class  `yaml:"classes,omitempty"`                                            // from the worst
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
}

// Within is one duration, or one for each class; instead of a duration a class may wait for an event of the project.
type Within struct {
	All     Duration
	ByClass map[string]Duration // of "within: {critical: 24h, …}"
	Event   map[string]string   // of "{informational: {event: next_major_release}}"
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

	Mark     string   `yaml:"mark,omitempty" is:"mark"`                       // the mark must have been reached
	Wait     *Wait    `yaml:"wait,omitempty"`                                 // so much time must have passed since a mark
	Expr     string   `yaml:"expr,omitempty" is:"predicate"`                  // a predicate must hold
	Lines    string   `yaml:"lines,omitempty" enum:"settled,staged,released"` // every eligible line must be: settled, staged, released
	Patches  string   `yaml:"patches,omitempty" enum:"private"`               // every patch must lie: private
	Checks   []string `yaml:"checks,omitempty" is:"check"`                    // each must have passed or be waived with a reason
	Sections []string `yaml:"sections,omitempty" is:"section"`                // of the analysis, each must be written
	Reviews  *Reviews `yaml:"reviews,omitempty"`                              // of the fix or the advisory
	Channels string   `yaml:"channels,omitempty" is:"notice"`                 // the channels of that notice must be among this one's
	Embargo  string   `yaml:"embargo,omitempty" enum:"over"`                  // over: no embargo may bind
}

// Wait is a minimum time since a mark: "delivered:coming" is every channel's delivery, "first:coming" the first one's.
type Wait struct {
	After string   `yaml:"after" is:"mark"`
	For   Duration `yaml:"for"`
}

// Reviews is a chain of reviews, each bound to the edition that is current.
type Reviews struct {
	Of         string   `yaml:"of" enum:"fix,advisory"`                                 // fix, advisory
	Parts      []string `yaml:"parts,omitempty" enum:"technical,community,legal,final"` // in order: technical, community, legal, final
	Count      int      `yaml:"count,omitempty"`                                        // different people besides the author
	Experts    int      `yaml:"experts,omitempty"`                                      // of them with the expert mark
	Objections string   `yaml:"objections,omitempty" enum:"none"`                       // none: no open objection may stand
}

// Check is one named check of a fix.
type Check struct {
	Name      string `yaml:"name" is:"name"`
	Title     string `yaml:"title"`
	Platforms bool   `yaml:"platforms,omitempty"` // one answer for each platform
}

// Notice is an announcement that the process promises.
type Notice struct {
	Name      string        `yaml:"name" is:"name"`
	Title     string        `yaml:"title"`
	Before    bool          `yaml:"before_release,omitempty"` // it goes out before the release and cannot carry detail
	Audiences []string      `yaml:"audiences" is:"audience"`
	Channels  []string      `yaml:"channels" is:"channel"`
	Fields    []NoticeField `yaml:"fields"` // what it may say, and nothing else
	Subject   string        `yaml:"subject"`
	Text      string        `yaml:"text"`               // a template: {{field}}, {{advisory}}, {{url}}
	Requires  []Requirement `yaml:"requires,omitempty"` // besides what steps.notify requires; clause "notices.NAME.requires.REQUIREMENT"
	Tracks    []string      `yaml:"tracks,omitempty" is:"track"`
}

// NoticeField is one thing that a notice says.
type NoticeField struct {
	Name     string `yaml:"name" is:"name"`
	Title    string `yaml:"title"`
	Type     string `yaml:"type,omitempty" enum:"line,instant,class,lines"` // line (the default), instant, class, lines
	Required bool   `yaml:"required,omitempty"`
}

// Channel is a way out by its kind; its address is a setting of the installation, not of the policy.
type Channel struct {
	Name     string `yaml:"name" is:"name"`
	Title    string `yaml:"title"`
	Kind     string `yaml:"kind" enum:"mail,discord,webhook,person"` // mail, discord, webhook, person
	Audience string `yaml:"audience,omitempty" is:"audience"`
}

// Audience is a group of people who are told.
type Audience struct {
	Name  string `yaml:"name" is:"name"`
	Title string `yaml:"title"`
}

// Embargo is what the project proposes and bears.
type Embargo struct {
	Offer   Duration `yaml:"offer,omitempty"`   // proposed by default
	Longest Duration `yaml:"longest,omitempty"` // never longer
	Tracks  []string `yaml:"tracks,omitempty" is:"track"`
}

// Advisory is what an advisory must say and who reviews it.
type Advisory struct {
	Parts   []string `yaml:"parts" enum:"description,impact,affected,resolution,mitigation,credit"` // required: description, impact, affected, resolution, mitigation, credit
	CVE     string   `yaml:"cve,omitempty"`                                                         // where identifiers come from, in words
	From    string   `yaml:"from,omitempty" is:"class"`                                             // the least class that gets an advisory
	Targets []string `yaml:"targets,omitempty"`                                                     // where it is published, in order, in words
}

// Disclosure is when and how much is published.
type Disclosure struct {
	With    string   `yaml:"with,omitempty" enum:"release"`                     // release: release and disclosure are one step
	Tracks  []string `yaml:"tracks,omitempty" is:"track"`                       // those that With holds for; none: all
	Exploit string   `yaml:"exploit" enum:"with_disclosure,with_details,never"` // with_disclosure, with_details, never: when exploit detail may be told
	Details *Details `yaml:"details,omitempty"`                                 // the later post
	Says    string   `yaml:"says,omitempty"`
}

// Details is the post that explains the vulnerability and the response.
type Details struct {
	From     string   `yaml:"from" is:"mark"`
	After    Duration `yaml:"after"`
	Sections []string `yaml:"sections"`
	Where    string   `yaml:"where,omitempty"`
}

// Bounty is when money is paid.
type Bounty struct {
	After  string   `yaml:"after" is:"mark"` // the mark that must be reached
	Within Duration `yaml:"within,omitempty"`
	Says   string   `yaml:"says,omitempty"`
}

// Recognition is how people who helped are thanked.
type Recognition struct {
	HallOfFame bool     `yaml:"hall_of_fame,omitempty"`
	Says       []string `yaml:"says,omitempty"`
}

// Recurring is something the project does again and again, such as a monthly review of the process.
type Recurring struct {
	Name  string   `yaml:"name" is:"name"`
	Title string   `yaml:"title"`
	Every Duration `yaml:"every"`
	Does  []string `yaml:"does"`
}

// Alone lets a team of one meet a gate that needs a second person: by a second look after a wait, marked for ever.
type Alone struct {
	Wait Duration `yaml:"wait"`
}

// LintWaiver names a finding of the linter that the project accepts, and why.
type LintWaiver struct {
	Lint    string `yaml:"lint" is:"lint"`
	Clause  string `yaml:"clause,omitempty" is:"clause"`
	Because string `yaml:"because"`
}
