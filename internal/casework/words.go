package casework

import (
	"context"
	"hash/maphash"
	"slices"
	"strings"
	"unicode"

	"github.com/tipstaff/tipstaff/cvd"
)

// Search finds the cases that hold every word of the query, newest first, at most limit. Whoever may not see all cases of a
// project finds nothing.
func (w *Casework) Search(ctx context.Context, who cvd.Actor, query string, limit int) ([]cvd.CaseID, error) {
	p, err := w.project(who.Project)
	if err != nil || who.Standing != cvd.Member || !who.May(cvd.See) {
		return nil, err
	}
	ix, done, err := w.index(ctx, p)
	if err != nil {
		return nil, err
	}
	if ix == nil {
		return nil, preparing()
	}
	defer done()
	at := ix.team.holding(w.indexes.hashes(query))
	if at == nil {
		return nil, nil
	}
	var out []cvd.CaseID
	for n := range at.downFrom(int64(len(ix.ids))) {
		if out = append(out, ix.ids[n]); len(out) == limit {
			break
		}
	}
	return out, nil
}

// Alike finds cases that may be about the same matter: those that share most of the rarest words of a case.
func (w *Casework) Alike(ctx context.Context, who cvd.Actor, id cvd.CaseID, limit int) ([]cvd.CaseID, error) {
	a, err := w.open(ctx, who, About{Case: id})
	if err != nil || who.Standing != cvd.Member || !who.May(cvd.See) {
		return nil, err
	}
	ix, done, err := w.index(ctx, a.project)
	if err != nil {
		return nil, err
	}
	if ix == nil {
		return nil, preparing()
	}
	defer done()
	var text []string
	for _, r := range a.c.Reports {
		text = append(text, r.Title, r.Description, r.Component)
	}
	return ix.alike(w.indexes.hashes(strings.Join(text, " ")), id, limit), nil
}

// heard are the kinds of event that are opened for the index: those in which something is spoken, and what their facts are
// made of. What was reported stands in the case as it came, and is read there.
var heard = kindsOf(cvd.What{Triaged: &cvd.Triaged{}}, cvd.What{Analysed: &cvd.Analysed{}}, cvd.What{Messaged: &cvd.Messaged{}},
	cvd.What{Noted: &cvd.Noted{}}, cvd.What{Drafted: &cvd.Drafted{}}, cvd.What{Monitored: &cvd.Monitored{}})

func kindsOf(of ...cvd.What) []string {
	var out []string
	for _, x := range of {
		out = append(out, x.Kind())
	}
	return out
}

// spoken is what a search can find of an event besides what was reported.
func spoken(x cvd.What) string {
	switch {
	case x.Triaged != nil:
		return x.Triaged.Title + " " + x.Triaged.Impact
	case x.Analysed != nil && x.Analysed.Section != "exploit": // not everybody who searches may read it
		return x.Analysed.Text
	case x.Messaged != nil:
		return x.Messaged.Text
	case x.Noted != nil:
		return x.Noted.Text
	case x.Drafted != nil:
		return x.Drafted.Text.Title + " " + x.Drafted.Text.Summary + " " + x.Drafted.Text.CVE
	}
	return ""
}

// reported is what a search can find of a report.
func reported(r cvd.Report) string { return reportText(r) + " " + r.Evidence + " " + r.Contact.Name }

// reportText is what the world may read of a report once its case is public.
func reportText(r cvd.Report) string {
	return strings.Join(append([]string{r.Title, r.Description, r.Component, r.Version, r.Impact, r.Expected}, r.Steps...), " ")
}

// hashes are the words of a text, each once.
func (x *indexes) hashes(text string) []uint64 {
	var out []uint64
	for word := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if len(word) > 1 {
			out = append(out, maphash.String(x.seed, word))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// holding is the cases in which all of the words stand; nil if no word was asked for.
func (s *side) holding(hashes []uint64) *set {
	if len(hashes) == 0 {
		return nil
	}
	sets := make([]*set, len(hashes))
	for i, h := range hashes {
		sets[i] = s.word(h)
	}
	return both(sets...)
}

func (ix *index) alike(hashes []uint64, not cvd.CaseID, limit int) []cvd.CaseID {
	s := ix.team
	slices.SortFunc(hashes, func(a, b uint64) int { return s.word(a).n - s.word(b).n })
	common := map[uint32]int{}
	rare := 0
	for _, h := range hashes {
		if s.word(h).n < 2 { // only this case has it
			continue
		}
		if rare++; rare > 12 {
			break
		}
		for n := range s.word(h).from(-1) {
			common[n]++
		}
	}
	delete(common, ix.number[not])
	type hit struct {
		n, words int
	}
	var hits []hit
	for n, k := range common {
		if k*3 >= min(rare, 12) { // fewer than a third of the rare words in common is chance
			hits = append(hits, hit{int(n), k})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		if a.words != b.words {
			return b.words - a.words
		}
		return b.n - a.n
	})
	var out []cvd.CaseID
	for _, h := range hits[:min(limit, len(hits))] {
		out = append(out, ix.ids[h.n])
	}
	return out
}
