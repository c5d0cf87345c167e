package cvd

import (
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Addressee is a member of an audience of the policy, or somebody who asks to be one: a person, or a team at a generic address.
type Addressee struct {
	ID          string // random, and known to nobody outside
	Audience    string // of the policy
	Kind        string // person, organisation
	Name        string
	Handles     []Handle // the preferred one first
	Zone        string   // of the IANA database: "Europe/Berlin"; empty: UTC
	Key         string   // armored OpenPGP key, if there is one
	Fingerprint string
	State       Membership
	Consent     Consent
	Tier        int              // 0: as the audience
	TLP         string           // empty: as the audience
	Weights     map[string]int64 // by what is weighed: "voting_power"
	Source      string           // how the entry came: "form", "hand", "csv", the name of an importer

	Says      string   // what the applicant wrote
	Meets     []int    // the criteria of the policy that they say they meet, from 0
	Voucher   Voucher  // who vouches, where the policy asks
	Decided   Decision // of a person about the application
	Embargo   bool     // they accepted the audience's terms once for all cases
	AppliedAt time.Time
	ProvedAt  time.Time // when they followed the link in the letter to their address
	SinceAt   time.Time // when they became active
	RenewedAt time.Time // when the membership was confirmed last
	AskedAt   time.Time // when they were asked last to confirm it
	BouncedAt time.Time // when an address turned out to be dead
	LeftAt    time.Time

	Secret []byte // what the links of their letters are made with
	Choice string // for the case asked about: "yes", "no", or empty where nobody said
}

// Membership is how far somebody is in an audience.
type Membership string

// The states of a membership. Only who is active is written to.
const (
	MemberApplied  Membership = "applied"  // they asked; a person has to decide once their address is proved
	MemberVouched  Membership = "vouched"  // somebody stands for them, and a person has to decide
	MemberActive   Membership = "active"   // they are told
	MemberLapsed   Membership = "lapsed"   // they did not confirm anew in time
	MemberBounced  Membership = "bounced"  // their address is dead
	MemberLeft     Membership = "left"     // they went
	MemberDeclined Membership = "declined" // the application was turned down
)

// Memberships are all states, in their order.
var Memberships = []Membership{MemberApplied, MemberVouched, MemberActive, MemberLapsed, MemberBounced, MemberLeft, MemberDeclined}

// Consent is that somebody agreed to be written to, and to what the audience asks of its members.
type Consent struct {
	At     time.Time
	How    string // form, letter, or what a member of the team was told, in words
	Policy int64  // version of the policy that they agreed to
}

// Voucher is who stands for an applicant.
type Voucher struct {
	Name string
	Mail string
	At   time.Time // when the team recorded the word; zero: it is only claimed
	By   ActorID   // who recorded it
}

// Decision is what a person decided about an application.
type Decision struct {
	At      time.Time
	By      ActorID
	Because string
}

// Services are the kinds of handles.
var Services = []string{"mail", "discord", "telegram", "matrix", "signal", "phone", "web"}

// StaleAfter is after how long a handle that nobody saw working is flagged.
const StaleAfter = 365 * 24 * time.Hour

// Stale says whether nobody saw the handle working for a year.
func (h Handle) Stale(now time.Time) bool { return now.Sub(h.Verified) > StaleAfter }

// StaleSince says the same of a handle of somebody who is known since then: nobody looked for longer than that.
func (h Handle) StaleSince(since, now time.Time) bool {
	return h.Stale(now) && now.Sub(since) > StaleAfter
}

var (
	discordName  = regexp.MustCompile(`^[a-z0-9_.]{2,32}$`)
	telegramName = regexp.MustCompile(`^@?[A-Za-z][A-Za-z0-9_]{4,31}$`)
	matrixName   = regexp.MustCompile(`^@[\w.=/+-]{1,100}:[\w.-]{1,100}(:\d{1,5})?$`)
	phoneNumber  = regexp.MustCompile(`^\+[0-9][0-9 ()-]{5,24}$`)
	signalName   = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{2,31}\.[0-9]{2,9}$`)
	formerName   = regexp.MustCompile(`#\d{4}$`)
)

// Wrong says why nobody is reached by the handle, by its form; empty if it may work.
func (h Handle) Wrong() string {
	switch h.Service {
	case "mail":
		if a, err := mail.ParseAddress(h.Is); err != nil || a.Address != h.Is || len(h.Is) > 254 || strings.ContainsAny(h.Is, " \t\r\n<>\"(),;") {
			return "this is no mail address"
		}
	case "discord":
		if formerName.MatchString(h.Is) {
			return "Discord has no names with a number behind # any more"
		}
		if !discordName.MatchString(strings.TrimPrefix(h.Is, "@")) {
			return "a name on Discord has 2 to 32 lower-case letters, digits, dots and underscores"
		}
	case "telegram":
		if !telegramName.MatchString(h.Is) {
			return "a name on Telegram has 5 to 32 letters, digits and underscores"
		}
	case "matrix":
		if !matrixName.MatchString(h.Is) {
			return "a Matrix name has its server behind a colon: @name:example.org"
		}
	case "signal":
		if !phoneNumber.MatchString(h.Is) && !signalName.MatchString(h.Is) {
			return "Signal knows numbers with a country code, and names with a number behind a dot: name.01"
		}
	case "phone":
		if !phoneNumber.MatchString(h.Is) {
			return "a telephone number begins with + and the country code"
		}
	case "web":
		if u, err := url.Parse(h.Is); err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.ContainsAny(h.Is, " \t\r\n") {
			return "a page's address begins with https://"
		}
	default:
		return "the service is none of " + strings.Join(Services, ", ")
	}
	return ""
}

// Mail is the address that letters go to: the first handle that is a mail address; empty if there is none.
func (m Addressee) Mail() string {
	i := slices.IndexFunc(m.Handles, func(h Handle) bool { return h.Service == "mail" && h.Wrong() == "" })
	if i < 0 {
		return ""
	}
	return m.Handles[i].Is
}

// Told says whether the member is written to: active, and having agreed to it.
func (m Addressee) Told() bool { return m.State == MemberActive && !m.Consent.At.IsZero() }

// Generic says whether a mail address is that of a team and not of a person, by its name. It is a guess: who decides looks.
func Generic(address string) bool {
	name, _, _ := strings.Cut(strings.ToLower(address), "@")
	name, _, _ = strings.Cut(name, "+")
	return slices.ContainsFunc([]string{"security", "psirt", "cert", "csirt", "vuln", "abuse", "admin", "ops", "operations", "validator", "validators",
		"team", "contact", "info", "support", "infra", "noc", "soc", "node", "nodes", "disclosure", "response", "secure", "hello", "engineering", "dev", "devops", "tech"},
		func(word string) bool {
			return name == word || strings.HasPrefix(name, word+"-") || strings.HasPrefix(name, word+".") || strings.HasSuffix(name, "-"+word) || strings.HasSuffix(name, "."+word)
		})
}

// Works notes that the member's mail address was seen working.
func (m *Addressee) Works(at time.Time) {
	m.Handles = slices.Clone(m.Handles)
	for i := range m.Handles {
		if m.Handles[i].Service == "mail" {
			m.Handles[i].Verified = at
			return
		}
	}
}

// AsParty is what a member is in a case. Who is listed with their votes on a chain is one of its validators, however few they are.
func (m Addressee) AsParty() PartyKind {
	if _, votes := m.Weights["voting_power"]; votes {
		return Validator
	}
	return OtherParty
}
