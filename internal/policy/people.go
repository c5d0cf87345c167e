package policy

// Member is somebody of the team as the document names them. An installation has a roster of its own, which then counts:
// whoever left it is in no rendered copy, whatever the document still says.
type Member struct {
	Name    string   `yaml:"name" is:"handle"` // the handle that contacts refer to
	Title   string   `yaml:"title,omitempty"`  // the name that is shown
	Roles   []string `yaml:"roles,omitempty" is:"role"`
	Reach   []Handle `yaml:"reach,omitempty"`            // where they can be written to, if that may be shown
	Areas   []string `yaml:"areas,omitempty"`            // what they are an expert in
	Mentor  bool     `yaml:"mentor,omitempty"`           // helps those who are new
	Left    string   `yaml:"left,omitempty" is:"day"`    // since when they are no longer there
	Company string   `yaml:"company,omitempty"`          // for roles that limit how many come from one
	Away    string   `yaml:"away,omitempty" is:"phrase"` // when they are not available, in words
}

// Handle is one way to reach a person.
type Handle struct {
	Service  string `yaml:"service" enum:"mail,discord,telegram,matrix,signal,github,x,phone,irc"` // mail, discord, telegram, …
	Is       string `yaml:"is"`                                                                    // the handle itself, as that service writes it
	Verified string `yaml:"verified,omitempty" is:"day"`                                           // when somebody last saw it answer
	Key      string `yaml:"key,omitempty"`                                                         // fingerprint of the OpenPGP key that belongs to it
}

// member finds a person by handle among those who have not left.
func (d *Document) member(handle string) (Member, bool) {
	for _, m := range d.People {
		if m.Name == handle && m.Left == "" {
			return m, true
		}
	}
	return Member{}, false
}

// Team says who the team is, as RFC 2350 asks.
type Team struct {
	Name         string `yaml:"name"`
	Constituency string `yaml:"constituency,omitempty"`   // whom it serves
	Authority    string `yaml:"authority,omitempty"`      // what it may decide, and by whose word
	Affiliation  string `yaml:"affiliation,omitempty"`    // what it belongs to
	Hours        string `yaml:"hours,omitempty"`          // when it can be reached, in words
	Address      string `yaml:"address,omitempty"`        // where letters reach it
	Since        string `yaml:"since,omitempty" is:"day"` // since when it exists
}

// Resource is something worth reading, on the page of resources.
type Resource struct {
	Title string `yaml:"title"`
	URL   string `yaml:"url" is:"url"`                                                               // its web address
	Topic string `yaml:"topic,omitempty" enum:"guideline,tool,training,database,community,standard"` // what it is about: guideline, tool, training, database, community, standard
	Says  string `yaml:"says,omitempty"`
}
