package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var readinessPage = page("readiness.html")

// target is what those who get ready count down to.
type target struct {
	At       moment
	Height   int64
	Estimate bool
	Left     string // how long it is until then, in words
	Says     string
}

// targetOf lays out a countdown; nil where nothing is counted down to.
func targetOf(d cvd.Countdown, now time.Time, z zone) *target {
	at, estimate := d.Due()
	if at.IsZero() {
		return nil
	}
	return &target{At: z.at(at), Height: d.Height, Estimate: estimate, Left: leftWords(at.Sub(now)), Says: d.Says}
}

// leftWords says how long it is until an instant.
func leftWords(d time.Duration) string {
	if d <= 0 {
		return "it has come"
	}
	d = d.Round(time.Minute)
	days, hours, minutes := int(d/(24*time.Hour)), int(d/time.Hour)%24, int(d/time.Minute)%60
	switch {
	case days > 0:
		return fmt.Sprintf("%d days %d hours left", days, hours)
	case hours > 0:
		return fmt.Sprintf("%d hours %d minutes left", hours, minutes)
	}
	return fmt.Sprintf("%d minutes left", minutes)
}

// readinessView is the board of a case: who takes part, how far they are, and how much of the whole that is.
type readinessView struct {
	frame
	Case    cvd.CaseID
	Path    string
	Target  *target
	Sums    []sum
	Quorums []quorum
	Parties []partyRow
	Waits   int // parties that are waited for
	Doubts  int // handles that may lead nowhere
	Names   []string
	Lines   []string
	Can     map[string]bool
	Done    string
	Ask     []askable // audiences whose members can be asked in one act
	Threads []deskTalk
	Planned moment // the instant that the parties prepare for
	Afar    bool   // whether one of them says in which zone it is
}

// deskTalk is a thread as the team reads it, with who is in it.
type deskTalk struct {
	partyTalk
	Readers []string
}

// sum is how much of one weight is ready on one release line.
type sum struct {
	Weight, Line    string
	Ready, Deployed string // exact: "67 of 100"
	Parties         int
	Share           int // in per cent, rounded down, for the bar
	Marks           []crossed
}

type crossed struct {
	Name string
	Met  bool
}

type quorum struct {
	Clause clause
	Says   string
	Met    bool
}

type partyRow struct {
	ID, Name, Organisation, Kind, State string
	Stands, Fix                         string // to the embargo; how far its own fix is
	Weights                             []string
	Lines                               []string
	Letter                              string // what became of the letter
	Letterlate                          bool
	Waits                               string // how long somebody is waited for
	Late                                bool
	Seen, Briefed, Answer               moment
	There                               string // the planned instant where it is
	Because                             string
	Handles                             []handleRow
	Invite, Standing, Remove            string
}

type handleRow struct{ Service, Is, Doubt string }

// readiness shows the board.
func (s *server) readiness(w http.ResponseWriter, r *http.Request) error {
	who := actorOf(r)
	board, err := s.Casework.Readiness(r.Context(), who, cvd.CaseID(r.PathValue("case")))
	if err != nil {
		return err
	}
	f, z, err := s.atDesk(r, "inbox", "Parties · "+string(board.View.ID))
	if err != nil {
		return err
	}
	v := readinessView{frame: f, Case: board.View.ID, Path: casePath(who.Project, board.View.ID), Target: targetOf(board.View.Countdown, s.Now(), z),
		Can: map[string]bool{}, Names: board.Weights, Lines: board.Lines}
	for _, o := range board.View.Steps {
		v.Can[o.Step] = true
	}
	for _, x := range board.Sums {
		row := sumOf(x, board.Marks)
		if all := slices.IndexFunc(v.Sums, func(s sum) bool { return s.Weight == row.Weight }); all >= 0 && row.Ready == v.Sums[all].Ready && row.Deployed == v.Sums[all].Deployed {
			continue // the line stands where all of them stand
		}
		v.Sums = append(v.Sums, row)
	}
	clauses := s.clausesOf(who.Project, board.View.Policy)
	for _, q := range board.Quorums {
		v.Quorums = append(v.Quorums, quorum{Clause: clauses.at(q.Clause), Met: q.Met,
			Says: fmt.Sprintf("%s; it asks for %d %%", casework.QuorumWords(q.Is), q.AtLeast)})
	}
	now := s.Now()
	if n := r.URL.Query().Get("invited"); n != "" {
		v.Done = counted(int(number(n)), "member was", "members were") + " asked to take part."
	}
	if v.Can["invite"] {
		if v.Ask, err = s.askables(r, board.View.ID); err != nil {
			return err
		}
	}
	v.Threads = s.threads(board.View, z)
	v.Parties = make([]partyRow, 0, len(board.Parties))
	for _, p := range board.Parties {
		row := s.partyRow(v.Path, v.Can, p, now, z)
		if row.Waits != "" {
			v.Waits++
		}
		for _, h := range row.Handles {
			if h.Doubt != "" {
				v.Doubts++
			}
		}
		v.Parties = append(v.Parties, row)
	}
	v.elsewhere(board, z)
	slices.SortStableFunc(v.Parties, func(a, b partyRow) int { return strings.Compare(b.Waits, "") - strings.Compare(a.Waits, "") }) // those who are waited for come first
	s.show(w, http.StatusOK, readinessPage, v)
	return nil
}

// elsewhere fills in what the planned instant is where each party is. The rows stand as the board has them.
func (v *readinessView) elsewhere(board casework.PartyBoard, z zone) {
	planned, zones := plannedFor(board.View), map[string]zone{}
	v.Planned = z.at(planned)
	for i, p := range board.Parties {
		if _, met := zones[p.Zone]; !met {
			zones[p.Zone] = zoneOf(p.Zone)
		}
		v.Parties[i].There = zones[p.Zone].at(planned).Local
		v.Afar = v.Afar || v.Parties[i].There != ""
	}
}

// plannedFor is the instant that the parties of a case prepare for: that of the countdown, else that of the publication, else the end
// of the embargo.
func plannedFor(v cvd.View) time.Time {
	at, _ := v.Countdown.Due()
	switch {
	case !at.IsZero():
		return at
	case v.Disclosure.At.IsZero() && !v.Disclosure.Due.IsZero():
		return v.Disclosure.Due
	case v.Embargo.State.InForce():
		return v.Embargo.Until
	}
	return time.Time{}
}

// threads lays out the threads of a case for its team, who read each of them.
func (s *server) threads(view cvd.View, z zone) (all []deskTalk) {
	for _, t := range view.Threads {
		x := deskTalk{partyTalk: partyTalk{Number: t.Number, Title: t.Title}, Readers: []string{"the team"}}
		for _, id := range t.Parties {
			x.Readers = append(x.Readers, s.name(view, id))
		}
		for _, n := range t.Reports {
			x.Readers = append(x.Readers, fmt.Sprintf("the reporter of report %d", n))
		}
		for _, m := range t.Messages {
			x.Messages = append(x.Messages, message{At: z.at(m.At), From: s.name(view, m.By), Mine: s.member(view.Project, m.By) != string(m.By), Text: m.Text})
		}
		all = append(all, x)
	}
	return all
}

// How a party stands to the embargo, and how far its own fix is, in words.
var (
	partyConsents = map[cvd.PEC]string{cvd.Invited: "asked to keep the embargo", cvd.Signatory: "keeps the embargo", cvd.Declined: "does not accept the embargo",
		cvd.Lapsed: "has to accept the embargo as it is now"}
	partyFixes = map[cvd.VFD]string{cvd.VendorReady: "its fix is ready", cvd.VendorDeployed: "its fix is deployed", cvd.DeployerDone: "the fix is deployed"}
)

func sumOf(x cvd.Readiness, marks []int) sum {
	out := sum{Weight: cmp.Or(words(x.Weight), "parties"), Line: x.Line, Parties: x.Parties,
		Ready: fmt.Sprintf("%d of %d", x.Ready, x.Total), Deployed: fmt.Sprintf("%d of %d", x.Deployed, x.Total)}
	if x.Total > 0 {
		out.Share = int(x.Ready * 100 / x.Total)
	}
	for _, m := range marks {
		switch m {
		case casework.Third:
			out.Marks = append(out.Marks, crossed{"one third", x.Third()})
		default:
			out.Marks = append(out.Marks, crossed{strconv.Itoa(m) + " %", x.Percent(m)})
		}
	}
	return out
}

func (s *server) partyRow(path string, can map[string]bool, b casework.PartyOnBoard, now time.Time, z zone) partyRow {
	p := b.Party
	row := partyRow{ID: string(p.ID), Name: p.Name, Organisation: p.Organisation, Kind: partyKinds[p.Kind], State: string(p.State(now)),
		Stands: cmp.Or(partyConsents[p.Consent.At(p.AnswerBy, now)], "there is no embargo for it"), Fix: partyFixes[p.VFD], Letter: b.Letter, Letterlate: b.Failed, Seen: z.at(p.SeenAt), Briefed: z.at(p.BriefedAt),
		Answer: z.at(p.AnsweredAt), Because: p.Because}
	for name, n := range p.Weights {
		row.Weights = append(row.Weights, words(name)+" "+strconv.FormatInt(n, 10))
	}
	slices.Sort(row.Weights)
	for line, said := range p.Lines {
		row.Lines = append(row.Lines, line+" "+words(string(said)))
	}
	slices.Sort(row.Lines)
	switch {
	case p.Gone() || p.Refused || p.InvitedAt.IsZero():
	case !p.Joined():
		row.Waits, row.Late = "no answer since "+z.at(p.InvitedAt).Day, p.Silent(now)
	case p.BriefedAt.IsZero() && p.Kind != "":
		row.Waits, row.Late = "nobody has read it since they accepted", !p.ToldAt.IsZero()
	}
	for _, h := range p.Contacts {
		row.Handles = append(row.Handles, handleRow{h.Service, h.Is, casework.Doubt(h, now)})
	}
	if can["invite"] && (p.InvitedAt.IsZero() || p.Refused || p.Gone() || !p.Joined()) {
		row.Invite = path + "/invite?party=" + string(p.ID)
	}
	if can["standing"] && p.Joined() && !p.Gone() {
		row.Standing = path + "/standing?party=" + string(p.ID)
	}
	if can["remove"] && !p.InvitedAt.IsZero() && !p.Removed {
		row.Remove = path + "/remove?party=" + string(p.ID)
	}
	return row
}
