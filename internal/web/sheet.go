package web

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// sheet is what the pages of a case show of a view, ready for their templates.
type sheet struct {
	Case              cvd.CaseID
	Headline, Outcome string
	Elsewhere         link // where a closed matter goes on
	Severity          string
	SeverityStyle     string
	Silence           *silence // while it holds
	Opened            moment
	Embargo           moment // until when it binds
	Published         moment
	Advisory          link // once it is published
	Next              next
	Plan              []planned
	Clocks            []clock
	History           []entry
	Terms             clauses // of the version of the policy that binds the case
}

// next is who acts next.
type next struct {
	Who, Says string
	By        moment
	Late      bool
}

type planned struct {
	What, When string
	At         moment
	Clause     clause
}

type clock struct {
	Title, Kind, State, Waits string
	Due                       moment
	Late                      bool
	Clause                    clause
}

type entry struct {
	At        moment
	Who, Says string
	Late      bool
}

// item is one line of a report as it was sent.
type item struct {
	Label, Text string
	List        []string
	Long        bool
}

// sheet lays out a view. It needs the policy only for titles: that a project was removed meanwhile spoils nothing else.
func (s *server) sheet(id cvd.ProjectID, v cvd.View, z zone) sheet {
	now := s.Now()
	titles, class := map[string]string{cvd.StallClock: "Somebody does something", "erase": "Erasure"}, ""
	if p, err := s.Casework.PolicyOf(id); err == nil {
		for _, k := range p.Document.Clocks {
			titles[k.Name] = k.Title
		}
		found, _ := p.Class(v.Severity.Class)
		class = found.Title
	}
	out := sheet{Case: v.ID, Headline: v.Headline, Outcome: words(v.Outcome), Severity: class, SeverityStyle: severityStyle(v.Severity.Class),
		Opened: z.at(v.OpenedAt), Published: z.at(v.Disclosure.At),
		Advisory: link{string(v.Advisory.ID), advisoryPath(id, v.Advisory.ID)}, Terms: s.clausesOf(id, v.Policy)}
	if v.Elsewhere.URL != "" {
		out.Elsewhere = link{cmp.Or(v.Elsewhere.Reference, v.Elsewhere.URL), v.Elsewhere.URL}
	}
	if v.Notice != "" {
		out.Silence = &silence{Says: v.Notice, Clause: out.Terms.at("silence")}
	}
	if v.Embargo.Binds(now) {
		out.Embargo = z.at(v.Embargo.Until)
	}
	out.Next = next{Who: v.Next.Who, Says: nextSays(v.Next), By: z.at(v.Next.By), Late: !v.Next.By.IsZero() && now.After(v.Next.By)}
	out.Plan = plannedOf(v.Plan, out.Terms, z)
	for _, k := range v.Clocks {
		out.Clocks = append(out.Clocks, clockOf(k, titles, out.Terms, now, z))
	}
	for _, e := range v.Timeline {
		out.History = append(out.History, entry{At: z.at(e.At), Who: e.Name, Says: e.Says, Late: e.Late})
	}
	return out
}

// nextSays says who acts next, and which stage that leads to, in the policy's words.
func nextSays(n cvd.Next) string {
	what := strings.TrimRight(n.What, ".")
	switch n.Who {
	case "the project":
		if what != n.What { // a sentence of its own, not the title of a stage
			return "The project: " + lowerFirst(what) + "."
		}
		return "The project. The next stage is “" + what + "”."
	case "the reporter":
		return "The reporter: " + lowerFirst(what) + "."
	case "":
		return ""
	}
	return "Nobody has to act. " + what + "."
}

func clockOf(k cvd.Clock, titles map[string]string, in clauses, now time.Time, z zone) clock {
	c := clock{Title: titles[k.Name], Due: z.at(k.Due), Late: k.Kind.Promise() && k.Late(now), Clause: in.at(k.Clause)}
	if c.Title == "" {
		c.Title = words(k.Name)
	}
	if k.Due.IsZero() {
		c.Waits = "with the " + words(k.Waits)
	}
	if !k.Paused.IsZero() {
		c.Waits = k.Because
	}
	c.Kind = map[cvd.ClockKind]string{cvd.Target: "aim", cvd.Limit: "promise", cvd.Reminder: "reminder"}[k.Kind]
	switch {
	case !k.Met.IsZero() && c.Late:
		c.State = "kept late"
	case !k.Met.IsZero():
		c.State = "kept"
	case c.Late:
		c.State = "missed"
	case k.Kind == cvd.Reminder && k.Late(now), k.Expires != "" && !k.Due.IsZero() && now.After(k.Due):
		c.State = "due"
	case !k.Paused.IsZero():
		c.State = "stands"
	default:
		c.State = "runs"
	}
	return c
}

// reported lays out a report as it was sent, leaving out what was left empty.
func reported(r cvd.Report, titles map[string]string) []item {
	var out []item
	text := func(label, text string) {
		if text != "" {
			out = append(out, item{Label: label, Text: text, Long: strings.Contains(text, "\n") || len(text) > 80})
		}
	}
	list := func(label string, all []string) {
		if len(all) > 0 {
			out = append(out, item{Label: label, List: all})
		}
	}
	text("Title", r.Title)
	text("Description", r.Description)
	text("Severity, as reported", words(r.Severity))
	text("Component", r.Component)
	text("Version", r.Version)
	text("Impact", r.Impact)
	list("Steps", r.Steps)
	text("Expected", r.Expected)
	text("Operating system", r.Environment.OS)
	text("Version in use there", r.Environment.Version)
	text("Configuration", r.Environment.Configuration)
	text("Evidence", r.Evidence)
	for _, name := range slices.Sorted(maps.Keys(r.Fields)) {
		label := titles[name]
		if label == "" {
			label = words(name)
		}
		text(label, r.Fields[name])
	}
	text("Wish about publication", words(r.Disclosure))
	list("Also told", r.Told)
	if !r.Deadline.IsZero() {
		text("Own deadline", cvd.Instant(r.Deadline))
	}
	if r.AI.Used || r.AI.How != "" {
		text("A model helped", strings.TrimSpace("yes. "+r.AI.How))
	}
	return out
}

// size is a number of bytes as people say it.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", n)
}

// plannedOf lays out a plan.
func plannedOf(plan []cvd.Planned, in clauses, z zone) (all []planned) {
	for _, p := range plan {
		when := map[string]string{"due": "promised until", "set": "set for", "earliest": "not before", "conflict": "mind this:", "deadline": "speaks at", "planned": "planned for"}[p.Kind]
		if p.At.IsZero() {
			when = "no instant is set"
		}
		all = append(all, planned{What: p.What, When: when, At: z.at(p.At), Clause: in.at(p.Clause)})
	}
	return all
}
