package policy

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
	Tag       string        `yaml:"tag,omitempty"`                                           // what its subject begins with: "[vs]"
	TLP       string        `yaml:"tlp,omitempty" enum:"red,amber,amber+strict,green,clear"` // how far it may be passed on (Traffic Light Protocol)
	Corrects  string        `yaml:"corrects,omitempty" is:"notice"`                          // the notice before the release whose instant it moves
	Detail    string        `yaml:"detail,omitempty" enum:"date,advisory,patch"`             // the most that it tells: date, advisory, patch
	Marked    bool          `yaml:"marked,omitempty"`                                        // each member's copy bears a code that names its recipient, and says so
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
	Reach    int    `yaml:"reach,omitempty"` // how many it reaches, for a share of the audience; 1 if absent
}

// Audience is a group of people who are told.
type Audience struct {
	Name     string   `yaml:"name" is:"name"`
	Title    string   `yaml:"title"`
	Says     string   `yaml:"says,omitempty"`
	Tier     int      `yaml:"tier,omitempty"`                                          // 1 hears first
	TLP      string   `yaml:"tlp,omitempty" enum:"red,amber,amber+strict,green,clear"` // how far its members may pass things on (Traffic Light Protocol)
	Accepts  string   `yaml:"accepts,omitempty" enum:"each_case,once"`                 // whether its members accept the embargo before they are told: each_case, once
	Longest  Duration `yaml:"longest,omitempty"`                                       // the most that it hears ahead of the disclosure
	Criteria []string `yaml:"criteria,omitempty"`                                      // who may join
	Open     bool     `yaml:"open,omitempty"`                                          // whoever proves their address is in it, without a decision
	Voucher  bool     `yaml:"voucher,omitempty"`                                       // somebody who is in it has to vouch
	Generic  bool     `yaml:"generic,omitempty"`                                       // it takes addresses of teams only
	Answer   Duration `yaml:"answer,omitempty"`                                        // within which an application is decided
	Renew    Duration `yaml:"renew,omitempty"`                                         // after which a membership is confirmed anew
	Deploys  bool     `yaml:"deploys,omitempty"`                                       // its members may run the fix before the disclosure
	Owes     []string `yaml:"owes,omitempty"`                                          // what its members give back
}

// Embargo is what the project proposes and bears.
type Embargo struct {
	Offer   Duration `yaml:"offer,omitempty"`          // proposed by default
	Longest Duration `yaml:"longest,omitempty"`        // never longer
	Least   Duration `yaml:"least,omitempty"`          // an end that is nearer than this when it is proposed is not agreed on; none if absent, and none in an emergency
	From    string   `yaml:"from,omitempty" is:"mark"` // what both are counted from: received, fix_ready; none: the report, and for longest the first embargo
	Tracks  []string `yaml:"tracks,omitempty" is:"track"`
	Ends    []string `yaml:"ends,omitempty" enum:"public,exploit_public,attacks"` // what ends it at once; public and exploit_public if absent

	Participants string `yaml:"participants,omitempty" enum:"shown,hidden"` // whether those who take part, the reporter too, see who else does; hidden if absent

	Answer       Duration `yaml:"answer,omitempty"`                          // how long an answer to an embargo is waited for; 7 days if absent
	AnswerLeast  Duration `yaml:"answer_least,omitempty"`                    // a shorter wait is raised to this; 72 hours if absent, none in an emergency
	AnswerMost   Duration `yaml:"answer_most,omitempty"`                     // a longer wait is shortened to this; 30 days if absent, or answer where that is longer
	Revise       string   `yaml:"revise,omitempty" enum:"team,participants"` // who may bring an embargo that holds under revision; team if absent: others ask, and what holds goes on until the team takes it up
	ShortestWins *bool    `yaml:"shortest_wins,omitempty"`                   // of several proposals the shortest is accepted first; true if absent
}

// ReadIn names who is to hear of each case of a kind, once triage has found that it is one. They become candidates, whom a person
// invites, unless it says that they are invited at once.
type ReadIn struct {
	Name      string   `yaml:"name" is:"name"`
	Component string   `yaml:"component,omitempty"`              // of the product, as the report or triage names it
	Product   string   `yaml:"product,omitempty" is:"product"`   // that has an affected release line
	Class     string   `yaml:"class,omitempty" is:"class"`       // of severity, or a graver one
	Add       []Joined `yaml:"add,omitempty"`                    // who is added
	Audience  string   `yaml:"audience,omitempty" is:"audience"` // whose members are added
	Invite    bool     `yaml:"invite,omitempty"`                 // they are invited without a person's decision
}

// Joined is somebody whom a standing rule adds to cases.
type Joined struct {
	Title        string `yaml:"title"`                                                                                        // their name
	Kind         string `yaml:"kind,omitempty" enum:"vendor,downstream,distributor,validator,expert,coordinator,csirt,other"` // what they are to the matter; other if absent
	Organisation string `yaml:"organisation,omitempty"`                                                                       // that they belong to
	Address      string `yaml:"address,omitempty" is:"mail"`                                                                  // where letters go
	Component    string `yaml:"component,omitempty"`                                                                          // what of it they answer for
}

// Advisory is what an advisory must say and who reviews it.
type Advisory struct {
	Parts   []string `yaml:"parts" enum:"description,impact,affected,resolution,mitigation,credit"` // required: description, impact, affected, resolution, mitigation, credit
	CVE     string   `yaml:"cve,omitempty"`                                                         // where identifiers come from, in words
	From    string   `yaml:"from,omitempty" is:"class"`                                             // the least class that gets an advisory: once its fix is out, it is not closed without
	Targets []string `yaml:"targets,omitempty"`                                                     // where it is published, in order, in words

	Identifiers *Identifiers `yaml:"identifiers,omitempty"`
}

// Disclosure is when and how much is published.
type Disclosure struct {
	With    string   `yaml:"with,omitempty" enum:"release"`                     // release: release and disclosure are one step
	Tracks  []string `yaml:"tracks,omitempty" is:"track"`                       // those that With holds for; none: all
	Exploit string   `yaml:"exploit" enum:"with_disclosure,with_details,never"` // with_disclosure, with_details, never: when exploit detail may be told
	Details *Details `yaml:"details,omitempty"`                                 // the later post
	Reports *Opening `yaml:"reports,omitempty"`                                 // what becomes of the reports
	Never   bool     `yaml:"never,omitempty"`                                   // nothing is ever said about how a report was handled
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

	Currency *Currency `yaml:"currency,omitempty"`                   // what it is paid in; any currency of three letters if absent
	Split    string    `yaml:"split,omitempty" enum:"equal,by_hand"` // how it is shared where nobody says; by_hand if absent
}

// Currency is what bounties are paid in: a currency, or a token with the decimals of its smallest unit.
type Currency struct {
	Code     string `yaml:"code"`     // "USD", "JUNO"
	Decimals int    `yaml:"decimals"` // how many of them its smallest unit has: 2 for USD
}
