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

	Overlay  string    `yaml:"overlay,omitempty" is:"name"`  // instead of policy: what this document lays over others, see overlay.go
	Extends  string    `yaml:"extends,omitempty" is:"name"`  // the document that says all that this one does not, see extend.go
	Overlays []string  `yaml:"overlays,omitempty" is:"name"` // what is laid over it, in order
	Drop     []string  `yaml:"drop,omitempty"`               // clauses of the one below that do not hold here
	Inherit  []Inherit `yaml:"inherit,omitempty"`            // what those that extend it may change

	Calendar  string     `yaml:"calendar,omitempty" is:"calendar"` // how days are counted where a clock does not say: elapsed, or a calendar
	Calendars []Calendar `yaml:"calendars,omitempty"`
	Schedule  *Schedule  `yaml:"schedule,omitempty"` // when the project publishes
	Door      *Door      `yaml:"door,omitempty"`     // whether reports are taken in; open if absent
	People    []Member   `yaml:"people,omitempty"`
	Team      *Team      `yaml:"team,omitempty"`

	Roles      []Role      `yaml:"roles"`
	Contacts   Contacts    `yaml:"contacts"`
	Products   []Product   `yaml:"products"`
	Kinds      []Kind      `yaml:"kinds"`
	Tracks     []Track     `yaml:"tracks"`
	Form       Form        `yaml:"form"`
	Silence    Silence     `yaml:"silence"`
	Terms      []Term      `yaml:"terms,omitempty"`
	Harbour    string      `yaml:"safe_harbour,omitempty"` // what the project promises those who keep to the terms
	Severity   Severity    `yaml:"severity"`
	Milestones []Milestone `yaml:"milestones,omitempty"`
	Clocks     []Clock     `yaml:"clocks"`
	Stages     []Stage     `yaml:"stages"` // the process in its order, for plans and for people
	Steps      []Step      `yaml:"steps"`  // who may do what, and what must be so before
	Checks     []Check     `yaml:"checks,omitempty"`
	Notices    []Notice    `yaml:"notices,omitempty"`
	Channels   []Channel   `yaml:"channels,omitempty"`
	Audiences  []Audience  `yaml:"audiences,omitempty"`
	Embargo    Embargo     `yaml:"embargo"`
	ReadIn     []ReadIn    `yaml:"read_in,omitempty"` // who hears of each case of a kind
	Advisory   Advisory    `yaml:"advisory"`
	Disclosure Disclosure  `yaml:"disclosure"`
	Content    *Content    `yaml:"content,omitempty"`

	Contingencies []Contingency `yaml:"contingencies,omitempty"`

	Bounty      *Bounty      `yaml:"bounty,omitempty"`
	Recognition *Recognition `yaml:"recognition,omitempty"`
	Recurring   []Recurring  `yaml:"recurring,omitempty"`
	Stalled     Duration     `yaml:"stalled,omitempty"`   // after which the team is reminded of an open case in which nothing happens
	Retention   []Retention  `yaml:"retention,omitempty"` // how long closed cases are kept
	Resources   []Resource   `yaml:"resources,omitempty"`
	Alone       *Alone       `yaml:"alone,omitempty"`
	Waivers     []LintWaiver `yaml:"waivers,omitempty" twice:"may"` // contradictions the project knows and explains
}

// Link is a place where the project states its process in prose. A copy is rendered from this document and watched for
// drift; of another place the document may note what it says, which the linter compares.
type Link struct {
	Title    string   `yaml:"title"`
	URL      string   `yaml:"url" is:"url"`
	Copy     string   `yaml:"copy,omitempty" enum:"security.md,gitbook,security.txt,issue-template"` // what it is a copy of
	Contacts []string `yaml:"contacts,omitempty"`                                                    // the people that it names, by handle
	Routes   []string `yaml:"routes,omitempty"`                                                      // the ways to report that it names: addresses, channels
	Promises []Said   `yaml:"promises,omitempty"`
}

// Said is a time that another text promises for something that a clause of this one promises too.
type Said struct {
	Clause string  `yaml:"clause" is:"clause"` // clocks.response.within
	Says   *Within `yaml:"says"`
}

// Role is a name of the project's for a set of capabilities. "all" stands for every step, see and see_exploit.
type Role struct {
	Name  string   `yaml:"name" is:"name"`
	Title string   `yaml:"title"`
	Can   []string `yaml:"can" is:"capability"`
	Says  string   `yaml:"says,omitempty"` // what people in it do, in words

	Most  int      `yaml:"most,omitempty"`              // how many people it has at most
	Share int      `yaml:"share,omitempty"`             // per cent of them that may come from one company
	Turn  Duration `yaml:"turn,omitempty"`              // after which the duty passes to the next person
	Idle  Duration `yaml:"idle,omitempty"`              // after which somebody who does nothing leaves it
	Until string   `yaml:"until,omitempty" is:"mark"`   // a guest's access to a case ends with this mark
	Apart []string `yaml:"apart,omitempty" is:"role"`   // roles that nobody has together with it
	Learn []Link   `yaml:"learn,omitempty" twice:"may"` // what somebody new to it should read
}

// Contacts are people of the roster by handle: who is alarmed by something critical, and who may be nudged by a reporter.
type Contacts struct {
	Alarm []string `yaml:"alarm"`
	Nudge []string `yaml:"nudge,omitempty"`
	Mail  string   `yaml:"mail,omitempty" is:"mail"` // an address that more than one person reads
	Key   string   `yaml:"key,omitempty" is:"url"`   // where the OpenPGP key of that address is
	Hide  bool     `yaml:"hide,omitempty"`           // addresses are written so that harvesters do not read them: dimi[at]…
}

// Product is something the project releases; Line is a series of releases that gets fixes together.
type Product struct {
	Name      string   `yaml:"name" is:"name"`
	Title     string   `yaml:"title"`
	PURL      string   `yaml:"purl,omitempty" is:"purl"`
	Lines     []Line   `yaml:"lines"`
	Platforms []string `yaml:"platforms,omitempty"`

	Repository string   `yaml:"repository,omitempty" is:"url"`        // where everybody reads its code; private fixes are looked for there while they are private
	Channels   []string `yaml:"channels,omitempty" is:"distribution"` // by which its releases are given out, besides the release itself: docker, packages
	Keys       []string `yaml:"keys,omitempty"`                       // public keys that sign its releases: OpenPGP, armoured, or minisign
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
	Name     string  `yaml:"name" is:"name"`
	Title    string  `yaml:"title"`
	Public   bool    `yaml:"public"`
	Default  bool    `yaml:"default,omitempty"`
	When     string  `yaml:"when" is:"predicate"` // a predicate: "sensitive", "!sensitive", "true"
	Criteria string  `yaml:"criteria,omitempty"`  // the predicate in words
	Reason   string  `yaml:"reason,omitempty"`    // why the project prefers it
	Routes   []Route `yaml:"routes,omitempty"`    // where a report on this track may also be made

	Discussion *Discussion `yaml:"discussion,omitempty"` // of the cases of a public track
}

// Route is another way to report than the form: a sentence, or that with what a program should know of it.
type Route struct {
	Says    string `yaml:"says"`
	Channel string `yaml:"channel,omitempty"` // what it goes through: "github private-security", a mail address
	Public  bool   `yaml:"public,omitempty"`  // it begins where everybody reads it
}

// Form is what the report form asks, besides title and description.
type Form struct {
	Intro  string  `yaml:"intro,omitempty"`
	Fields []Field `yaml:"fields"`
}

// Field is one question. A standard name (severity, component, version, impact, steps, expected, environment, evidence,
// contact, credit, disclosure_preference, told, deadline, ai_use) goes to its own place in the report; another goes to fields.
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

	Backstop Duration `yaml:"backstop,omitempty"` // after the report, when it ends by itself if the mark was not reached
}

// Term is one thing that a reporter is asked to agree to. Refusing it never destroys a report.
type Term struct {
	Name string `yaml:"name" is:"name"`
	Says string `yaml:"says"`
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
