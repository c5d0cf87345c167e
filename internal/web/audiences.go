package web

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var (
	audiencesPage = page("audiences.html")
	memberPage    = page("member.html")
)

// audiencesView is what audiences.html shows: who is told, list by list.
type audiencesView struct {
	frame
	URL     string
	Done    string
	Lists   []listed
	Here    string // the audience that is shown; empty: all
	State   string // only those in it
	States  []string
	Members []memberRow
	Stale   casework.Stale
}

type listed struct {
	Name, Title, URL, Apply string
	Here                    bool
	Active, Waiting, Other  int
	Weighs                  []string // how much of its weight is written to, where that is not all
}

type memberRow struct {
	URL, Name, List, Kind, State, Mail string
	Flags                              []string
	Weights                            string
	Since                              moment
}

func audiencesPath(project cvd.ProjectID) string { return deskOf(project) + "/audiences" }

func memberPath(project cvd.ProjectID, id string) string {
	return audiencesPath(project) + "/members/" + url.PathEscape(id)
}

var registerDone = map[string]string{"saved": "It is kept.", "removed": "It is done.", "decided": "It is decided, and the applicant hears of it.", "verified": "It is noted that the addresses work.",
	"checked": "It was looked for; what was found stands below.", "imported": "The list is taken in."}

// audiences lists the members of the project's audiences.
func (s *server) audiences(w http.ResponseWriter, r *http.Request) error {
	who, q := actorOf(r), r.URL.Query()
	policies, err := s.Casework.AudiencesOf(who)
	if err != nil {
		return err
	}
	all, err := s.Casework.ListMembers(r.Context(), who, "", "")
	if err != nil {
		return err
	}
	f, z, err := s.atDesk(r, "lists", "Who is told")
	if err != nil {
		return err
	}
	v := audiencesView{frame: f, URL: audiencesPath(who.Project), Done: registerDone[q.Get("done")], Here: q.Get("audience"), State: q.Get("state")}
	for _, m := range cvd.Memberships {
		v.States = append(v.States, string(m))
	}
	if v.Stale, err = s.Casework.StaleContacts(r.Context(), who.Project); err != nil {
		return err
	}
	titles := map[string]casework.Audience{}
	for _, a := range policies {
		titles[a.Name] = a
		v.Lists = append(v.Lists, listed{Name: a.Name, Title: a.Title, URL: v.URL + "?audience=" + url.QueryEscape(a.Name), Here: v.Here == a.Name})
	}
	for _, m := range all {
		if i := slices.IndexFunc(v.Lists, func(l listed) bool { return l.Name == m.Audience }); i >= 0 {
			switch m.State {
			case cvd.MemberActive:
				v.Lists[i].Active++
			case cvd.MemberApplied, cvd.MemberVouched:
				v.Lists[i].Waiting++
			default:
				v.Lists[i].Other++
			}
		}
		if v.Here != "" && m.Audience != v.Here || v.State != "" && string(m.State) != v.State {
			continue
		}
		a := titles[m.Audience]
		v.Members = append(v.Members, memberRow{URL: memberPath(who.Project, m.ID), Name: m.Name, List: a.Title, Kind: m.Kind, State: string(m.State), Mail: m.Mail(), Weights: weightsLine(m.Weights),
			Since: z.at(m.SinceAt), Flags: flags(a, m, s.Now())})
	}
	weighs, err := s.Casework.WeighedAudiences(r.Context(), who)
	if err != nil {
		return err
	}
	for i := range v.Lists {
		v.Lists[i].Weighs = untold(weighs, v.Lists[i].Name)
	}
	s.show(w, http.StatusOK, audiencesPage, v)
	return nil
}

// flags are what somebody has to look at in an entry.
func flags(a casework.Audience, m cvd.Addressee, now time.Time) (out []string) {
	add := func(when bool, says string) {
		if when {
			out = append(out, says)
		}
	}
	waits := m.State == cvd.MemberApplied || m.State == cvd.MemberVouched
	add(waits && m.ProvedAt.IsZero(), "address not proved")
	add(waits && !m.ProvedAt.IsZero(), "waits for a decision")
	add(m.State == cvd.MemberActive && m.Consent.At.IsZero(), "nobody said that they agreed: not written to")
	add(m.Mail() == "", "no mail address")
	add(a.Generic && m.Mail() != "" && !cvd.Generic(m.Mail()), "looks like a person's address")
	for _, h := range m.Handles {
		if wrong := h.Wrong(); wrong != "" {
			out = append(out, h.Service+": "+wrong)
		} else if m.State == cvd.MemberActive && h.StaleSince(m.SinceAt, now) {
			out = append(out, h.Service+" not seen working for a year")
		}
	}
	return out
}

func weightsLine(all map[string]int64) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		out = append(out, words(name)+" "+strconv.FormatInt(all[name], 10))
	}
	return strings.Join(out, ", ")
}

// audiencesCSV sends the members as a file that can be taken in again.
func (s *server) audiencesCSV(w http.ResponseWriter, r *http.Request) error {
	text, err := s.Casework.ExportMembers(r.Context(), actorOf(r), r.URL.Query().Get("audience"))
	if err != nil {
		return err
	}
	return sendTable(w, string(actorOf(r).Project)+"-members.csv", text)
}

// memberView is what member.html shows: one entry, the decision about it, and the form to change it.
type memberView struct {
	frame
	URL, Lists string
	Done       string
	Problems   *problems
	New        bool
	Heading    string
	State      string
	Waiting    bool
	Flags      []string
	Facts      []item
	Criteria   []criterion
	Voucher    bool // whether the policy asks for one
	Vouched    string
	Because    string
	Questions  []question
}

// addressee shows one entry, or an empty form.
func (s *server) addressee(w http.ResponseWriter, r *http.Request) error {
	return s.showMember(w, r, nil, nil)
}

func (s *server) showMember(w http.ResponseWriter, r *http.Request, typed url.Values, e *cvd.Error) error {
	who, id := actorOf(r), r.PathValue("member")
	policies, err := s.Casework.AudiencesOf(who)
	if err != nil {
		return err
	}
	var m cvd.Addressee
	if id != "new" {
		if m, err = s.Casework.Member(r.Context(), who, id); err != nil {
			return err
		}
	} else {
		m.Audience = r.URL.Query().Get("audience")
	}
	f, z, err := s.atDesk(r, "lists", "Entry")
	if err != nil {
		return err
	}
	v := memberView{frame: f, URL: memberPath(who.Project, id), Lists: audiencesPath(who.Project), Done: registerDone[r.URL.Query().Get("done")], New: id == "new", Heading: m.Name, State: string(m.State),
		Waiting: m.State == cvd.MemberApplied || m.State == cvd.MemberVouched, Vouched: m.Voucher.Name, Because: typed.Get("because")}
	i := slices.IndexFunc(policies, func(a casework.Audience) bool { return a.Name == m.Audience })
	if i >= 0 {
		v.Voucher = policies[i].Voucher
		for n, says := range policies[i].Criteria {
			v.Criteria = append(v.Criteria, criterion{n, says, slices.Contains(typed["meets"], strconv.Itoa(n))})
		}
		v.Flags = flags(policies[i], m, s.Now())
	}
	if !v.New {
		v.Facts = memberFacts(m, z)
	}
	if !typed.Has("name") {
		typed = typedOf(m, typed)
	}
	v.Questions = memberForm(policies, typed)
	status := http.StatusOK
	if e != nil {
		v.Problems = mark(v.Questions, []*cvd.Error{e})
		v.Problems.Heading, status = "Nothing was changed", statuses[e.Kind].code
	}
	s.show(w, status, memberPage, v)
	return nil
}

// typedOf is what a form about an entry is filled with.
func typedOf(m cvd.Addressee, also url.Values) url.Values {
	t := url.Values{"audience": {m.Audience}, "name": {m.Name}, "kind": {m.Kind}, "zone": {m.Zone}, "tlp": {m.TLP}, "key": {m.Key}, "consent": {m.Consent.How}}
	for name, values := range also {
		t[name] = values
	}
	var rest []string
	for _, h := range m.Handles {
		if h.Service == "mail" && !t.Has("mail") {
			t.Set("mail", h.Is)
			continue
		}
		rest = append(rest, h.Service+" "+h.Is)
	}
	t.Set("handles", strings.Join(rest, "\n"))
	var weights []string
	for _, name := range slices.Sorted(maps.Keys(m.Weights)) {
		weights = append(weights, fmt.Sprintf("%s %d", name, m.Weights[name]))
	}
	if t.Set("weights", strings.Join(weights, "\n")); m.Tier > 0 {
		t.Set("tier", strconv.Itoa(m.Tier))
	}
	return t
}

func memberFacts(m cvd.Addressee, z zone) (out []item) {
	add := func(label, text string) {
		if text != "" {
			out = append(out, item{Label: label, Text: text})
		}
	}
	at := func(label string, t time.Time) {
		if !t.IsZero() {
			add(label, cvd.Instant(t))
		}
	}
	at("Applied", m.AppliedAt)
	at("Address proved", m.ProvedAt)
	add("What they wrote", m.Says)
	add("Who vouches", strings.TrimSpace(m.Voucher.Name+" "+m.Voucher.Mail))
	at("Their word recorded", m.Voucher.At)
	add("Decided", strings.TrimSpace(string(m.Decided.By)+" "+m.Decided.Because))
	at("Decided at", m.Decided.At)
	add("Agreed by", m.Consent.How)
	at("Agreed", m.Consent.At)
	if m.Consent.Policy > 0 {
		add("Policy agreed to", "version "+strconv.FormatInt(m.Consent.Policy, 10))
	}
	at("Member since", m.SinceAt)
	at("Confirmed", m.RenewedAt)
	at("Asked to confirm", m.AskedAt)
	at("Bounced", m.BouncedAt)
	at("Left", m.LeftAt)
	add("Came by", m.Source)
	add("Fingerprint", m.Fingerprint)
	for _, h := range m.Handles {
		says := "never seen working"
		if !h.Verified.IsZero() {
			says = "seen working " + cvd.Instant(h.Verified)
		}
		add(h.Service, h.Is+", "+says)
	}
	return out
}

func memberForm(policies []casework.Audience, typed url.Values) []question {
	var lists []choice
	for _, a := range policies {
		lists = append(lists, choice{Value: a.Name, Label: a.Title})
	}
	var levels []choice
	for _, level := range []string{"red", "amber+strict", "amber", "green", "clear"} {
		levels = append(levels, choice{Value: level, Label: "TLP:" + strings.ToUpper(level)})
	}
	return questionsOf(typed,
		input{Name: "audience", Label: "List", Choices: lists, Required: true, pointer: "/audience"},
		input{Name: "name", Label: "Name", Required: true, pointer: "/name"},
		input{Name: "kind", Label: "This is", Choices: []choice{{Value: "organisation", Label: "an organisation"}, {Value: "person", Label: "a person"}}, Few: true, pointer: "/kind"},
		input{Name: "mail", Label: "Mail address", Type: "email", pointer: "/handles/0"},
		input{Name: "handles", Label: "Other ways to reach them", Help: "One per line: the service and the address. Services: " + strings.Join(cvd.Services, ", "), Rows: 3, pointer: "/handles"},
		input{Name: "zone", Label: "Zone", Help: "Such as Europe/Berlin", pointer: "/zone"},
		input{Name: "tlp", Label: "May pass on", Help: "If it is not as the list says", Choices: levels, pointer: "/tlp"},
		input{Name: "tier", Label: "Tier", Help: "1 hears first; if it is not as the list says", pointer: "/tier"},
		input{Name: "weights", Label: "Weights", Help: "One per line: a name and a number, such as voting_power 1200", Rows: 2, pointer: "/weights"},
		input{Name: "key", Label: "OpenPGP key", Rows: 3, pointer: "/key"},
		input{Name: "consent", Label: "How did they agree to be written to?", Help: "In words, such as: by mail to Anna on 3 March. Without it nobody writes to them.", pointer: "/consent"})
}

// weightsOf reads lines of a name and a number.
func weightsOf(text string) (map[string]int64, error) {
	out := map[string]int64{}
	for _, line := range lines(text) {
		name, number, _ := strings.Cut(line, " ")
		n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
		if err != nil || n < 0 {
			return nil, cvd.Fieldf("/weights", "write a name and a whole number from 0 in each line, such as voting_power 1200")
		}
		out[name] = n
	}
	return out, nil
}

// onMember does what a form of an entry's page asks for.
func (s *server) onMember(w http.ResponseWriter, r *http.Request, done string, do func(who cvd.Actor, id string, in url.Values) (string, error)) error {
	again := func(in url.Values, e *cvd.Error) error { return s.showMember(w, r, in, e) }
	return s.policyForm(w, r, again, func(who cvd.Actor, in url.Values) (string, error) {
		id, err := do(who, r.PathValue("member"), in)
		if id == "" {
			return audiencesPath(who.Project) + "?done=" + done, err
		}
		return memberPath(who.Project, id) + "?done=" + done, err
	})
}

// saveMember keeps an entry.
func (s *server) saveMember(w http.ResponseWriter, r *http.Request) error {
	return s.onMember(w, r, "saved", func(who cvd.Actor, id string, in url.Values) (string, error) {
		m := cvd.Addressee{Audience: in.Get("audience"), Name: in.Get("name"), Kind: in.Get("kind"), Handles: handlesOf(in), Zone: strings.TrimSpace(in.Get("zone")), TLP: in.Get("tlp"),
			Key: strings.TrimSpace(in.Get("key")), Consent: cvd.Consent{How: in.Get("consent")}}
		var err error
		if m.Weights, err = weightsOf(in.Get("weights")); err != nil {
			return id, err
		}
		if tier := strings.TrimSpace(in.Get("tier")); tier != "" {
			if m.Tier, err = strconv.Atoi(tier); err != nil || m.Tier < 1 || m.Tier > 99 {
				return id, cvd.Fieldf("/tier", "a tier is a number from 1 to 99")
			}
		}
		if id != "new" {
			m.ID = id
		}
		m, err = s.Casework.PutMember(r.Context(), who, m)
		return m.ID, err
	})
}

// decideMember decides about an application.
func (s *server) decideMember(w http.ResponseWriter, r *http.Request) error {
	return s.onMember(w, r, "decided", func(who cvd.Actor, id string, in url.Values) (string, error) {
		j := casework.Judgement{Accept: in.Get("verdict") == "accept", Because: in.Get("because"), Vouched: in.Get("vouched")}
		for _, text := range in["meets"] {
			if n, err := strconv.Atoi(text); err == nil {
				j.Meets = append(j.Meets, n)
			}
		}
		_, err := s.Casework.DecideMember(r.Context(), who, id, j)
		return id, err
	})
}

// verifyMember notes that the addresses work.
func (s *server) verifyMember(w http.ResponseWriter, r *http.Request) error {
	return s.onMember(w, r, "verified", func(who cvd.Actor, id string, _ url.Values) (string, error) {
		return id, s.Casework.VerifyMember(r.Context(), who, id)
	})
}

// removeMember ends a membership, or forgets it.
func (s *server) removeMember(w http.ResponseWriter, r *http.Request) error {
	return s.onMember(w, r, "removed", func(who cvd.Actor, id string, in url.Values) (string, error) {
		as := in.Get("as")
		err := s.Casework.RemoveMember(r.Context(), who, id, as)
		if as == "forgotten" {
			id = ""
		}
		return id, err
	})
}
