package policy

// Content is what may be said where, before the disclosure.
type Content struct {
	Silent    bool     `yaml:"silent,omitempty"`                   // the fix is committed and released without saying that it is one
	Forbidden []string `yaml:"forbidden,omitempty"`                // words that no branch, commit, request or notice before the release may hold
	Check     string   `yaml:"check,omitempty" enum:"warn,refuse"` // what becomes of a patch whose branches, messages or titles tell: warn (the default), refuse
	Trailer   string   `yaml:"trailer,omitempty"`                  // the line that commits of a fix end with
	Banner    string   `yaml:"banner,omitempty"`                   // the line that embargoed text begins with
}

// Identifiers is where identifiers of vulnerabilities come from.
type Identifiers struct {
	Source   string   `yaml:"source" enum:"cna,forge,mitre,root,own,none"` // cna, forge, mitre, root, own, none
	Pattern  string   `yaml:"pattern,omitempty"`                           // of the project's own ids: ASA-YYYY-NNN
	Reserved string   `yaml:"reserved,omitempty" is:"mark"`                // the mark that says that one is there
	Patience Duration `yaml:"patience,omitempty"`                          // after which a publication no longer waits for one
	Unused   Duration `yaml:"unused,omitempty"`                            // after which unused ones are given back
	Says     string   `yaml:"says,omitempty"`
}

// Opening is what becomes of the reports themselves after the publication.
type Opening struct {
	Which   string   `yaml:"which" enum:"all,accepted,none"` // all, accepted, none
	From    string   `yaml:"from,omitempty" is:"mark"`       // the mark that the time is counted from
	After   Duration `yaml:"after,omitempty"`                // how long the reporter has to object
	Consent bool     `yaml:"consent,omitempty"`              // nothing is opened without the reporter's word
	Says    string   `yaml:"says,omitempty"`
}
