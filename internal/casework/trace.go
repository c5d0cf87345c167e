package casework

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/tipstaff/tipstaff/cvd"
)

// FanOut is a notice of a case with whoever was to get it.
type FanOut struct {
	Notice  cvd.Notice
	Letters []Copied
	Reached int // letters that arrived
	Of      int // letters that may go: not those whose member has not accepted the embargo
}

// Copied is one letter of a notice and what became of it.
type Copied struct {
	cvd.Delivery
	Member string // empty: it went to the channel's own address
	Name   string
	Weight int64
}

// FanOuts are the notices of a case with their letters, newest first. They are for the team.
func (w *Casework) FanOuts(ctx context.Context, who cvd.Actor, id cvd.CaseID) ([]FanOut, error) {
	a, err := w.forTeam(ctx, who, id)
	if err != nil {
		return nil, err
	}
	names, err := w.memberNames(ctx, who.Project)
	if err != nil {
		return nil, err
	}
	var out []FanOut
	for _, n := range a.c.Orders() {
		letters, err := w.store.Deliveries(ctx, who.Project, id, n.Event)
		if err != nil {
			return nil, err
		}
		f := FanOut{Notice: n}
		weights := map[string]int64{}
		for _, k := range n.Copies {
			weights[k.Member] = k.Weight
		}
		for _, d := range letters {
			member, is := memberOf(d)
			if !is && !strings.HasPrefix(d.Job, string(n.Event)+"."+byChannel+".") {
				continue
			}
			f.Letters = append(f.Letters, Copied{Delivery: d, Member: member, Name: names[member], Weight: weights[member]})
			if d.State != cvd.Unaccepted {
				f.Of++
			}
			if d.State == cvd.Sent || d.State == cvd.ByPerson && !n.Delivered[d.Channel].IsZero() {
				f.Reached++
			}
		}
		out = append(out, f)
	}
	return out, nil
}

// forTeam opens a case for somebody of the team; for everybody else it is not there.
func (w *Casework) forTeam(ctx context.Context, who cvd.Actor, id cvd.CaseID) (*asking, error) {
	a, err := w.open(ctx, who, About{Case: id})
	if err != nil {
		return nil, err
	}
	if tier, _ := cvd.TierOf(a.c, who, a.now); tier != cvd.ForTeam || a.c.Erased != nil {
		return nil, absent(cvd.NotFound)
	}
	return a, nil
}

// memberNames are the names of all members, by their ids.
func (w *Casework) memberNames(ctx context.Context, project cvd.ProjectID) (map[string]string, error) {
	all, err := w.addressees(ctx, project, "")
	names := map[string]string{}
	for _, m := range all {
		names[m.ID] = m.Name
	}
	return names, err
}

// Traced is what the mark of a leaked text says.
type Traced struct {
	Marks  []string // codes in the text, that of the copy first
	Member string   // whose copy it was; empty: none of this case's copies bears such a code
	Name   string
	Notice string
	Event  cvd.EventID
	At     time.Time // when the copy went out
}

// markIn finds what looks like a mark.
var markIn = regexp.MustCompile(`\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b`)

// Trace says whose copy of a notice of a case a text is, by its mark. The mark may have been taken out; that is not the same as a text that never had one,
// and nobody can tell the two apart.
func (w *Casework) Trace(ctx context.Context, who cvd.Actor, id cvd.CaseID, text string) (Traced, error) {
	a, err := w.forTeam(ctx, who, id)
	if err != nil {
		return Traced{}, err
	}
	out := Traced{Marks: markIn.FindAllString(strings.ToUpper(text), -1)}
	joined := lettersOf(text)
	letters, err := w.store.Deliveries(ctx, who.Project, id, "")
	if err != nil {
		return Traced{}, err
	}
	for _, d := range letters {
		member, is := memberOf(d)
		if !is {
			continue
		}
		mark, err := w.mark(ctx, who.Project, d.Event, member)
		if err != nil {
			return Traced{}, err
		}
		if strings.Contains(joined, lettersOf(mark)) {
			names, err := w.memberNames(ctx, who.Project)
			out.Member, out.Name, out.Event, out.At = member, names[member], d.Event, d.At
			if n, ok := a.ordered(d.Event); ok {
				out.Notice = a.noticeTitle(n)
			}
			out.Marks = append([]string{mark}, slices.DeleteFunc(out.Marks, func(other string) bool { return other == mark })...)
			return out, err
		}
	}
	return out, nil
}

// lettersOf are the letters and figures of a text, whatever stands between them: who quotes a mark may lose its hyphen.
func lettersOf(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, text)
}
