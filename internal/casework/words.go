package casework

import (
	"context"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/tipstaff/tipstaff/cvd"
)

// words is the index of what people wrote. It exists only in memory: no word and no hash of a word is ever stored.
type words struct {
	mu       sync.Mutex
	seed     maphash.Seed
	projects map[cvd.ProjectID]*wordlist
}

// wordlist is one project's index: for each word the numbers of the cases that hold it, ascending.
type wordlist struct {
	cursor int64 // the last event read
	cases  []cvd.CaseID
	number map[cvd.CaseID]uint32
	where  map[uint64][]uint32
}

func newWords() *words {
	return &words{seed: maphash.MakeSeed(), projects: map[cvd.ProjectID]*wordlist{}}
}

// Search finds the cases that hold every word of the query, newest first, at most limit. Whoever may not see all cases of a
// project finds nothing.
func (w *Casework) Search(ctx context.Context, who cvd.Actor, query string, limit int) ([]cvd.CaseID, error) {
	if who.Standing != cvd.Member || !who.May(cvd.See) {
		return nil, nil
	}
	w.words.mu.Lock()
	defer w.words.mu.Unlock()
	list, err := w.catchUp(ctx, who.Project)
	if err != nil {
		return nil, err
	}
	return list.all(w.words.hashes(query), limit), nil
}

// Alike finds cases that may be about the same matter: those that share most of the rarest words of a case.
func (w *Casework) Alike(ctx context.Context, who cvd.Actor, id cvd.CaseID, limit int) ([]cvd.CaseID, error) {
	a, err := w.open(ctx, who, About{Case: id})
	if err != nil || who.Standing != cvd.Member || !who.May(cvd.See) {
		return nil, err
	}
	w.words.mu.Lock()
	defer w.words.mu.Unlock()
	list, err := w.catchUp(ctx, who.Project)
	if err != nil {
		return nil, err
	}
	var text []string
	for _, r := range a.c.Reports {
		text = append(text, r.Title, r.Description, r.Component)
	}
	return list.alike(w.words.hashes(strings.Join(text, " ")), id, limit), nil
}

// catchUp reads the events that the index has not seen.
func (w *Casework) catchUp(ctx context.Context, project cvd.ProjectID) (*wordlist, error) {
	list := w.words.projects[project]
	if list == nil {
		list = &wordlist{number: map[cvd.CaseID]uint32{}, where: map[uint64][]uint32{}}
		w.words.projects[project] = list
	}
	for {
		events, err := w.store.Reading(ctx, project, list.cursor, 500)
		if err != nil || len(events) == 0 {
			return list, err
		}
		for _, e := range events {
			list.add(e.Event.Case, w.words.hashes(spoken(e.Event.What)))
			list.cursor = e.Seq
		}
	}
}

// spoken is what a search can find of an event.
func spoken(x cvd.What) string {
	switch {
	case x.Received != nil:
		r := x.Received.Report
		return strings.Join(append([]string{r.Title, r.Description, r.Component, r.Version, r.Impact, r.Expected, r.Evidence, r.Contact.Name}, r.Steps...), " ")
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

// hashes are the words of a text, each once.
func (x *words) hashes(text string) []uint64 {
	var out []uint64
	for word := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if len(word) > 1 {
			out = append(out, maphash.String(x.seed, word))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (l *wordlist) add(id cvd.CaseID, hashes []uint64) {
	n, known := l.number[id]
	if !known {
		n = uint32(len(l.cases))
		l.cases, l.number[id] = append(l.cases, id), n
	}
	for _, h := range hashes {
		at := l.where[h]
		if i, found := slices.BinarySearch(at, n); !found {
			l.where[h] = slices.Insert(at, i, n)
		}
	}
}

func (l *wordlist) all(hashes []uint64, limit int) []cvd.CaseID {
	if len(hashes) == 0 {
		return nil
	}
	slices.SortFunc(hashes, func(a, b uint64) int { return len(l.where[a]) - len(l.where[b]) })
	var out []cvd.CaseID
	for _, n := range slices.Backward(l.where[hashes[0]]) {
		inAll := !slices.ContainsFunc(hashes[1:], func(h uint64) bool { _, ok := slices.BinarySearch(l.where[h], n); return !ok })
		if inAll {
			out = append(out, l.cases[n])
		}
		if len(out) == limit {
			break
		}
	}
	return out
}

func (l *wordlist) alike(hashes []uint64, not cvd.CaseID, limit int) []cvd.CaseID {
	slices.SortFunc(hashes, func(a, b uint64) int { return len(l.where[a]) - len(l.where[b]) })
	common := map[uint32]int{}
	rare := 0
	for _, h := range hashes {
		if len(l.where[h]) < 2 { // only this case has it
			continue
		}
		if rare++; rare > 12 {
			break
		}
		for _, n := range l.where[h] {
			common[n]++
		}
	}
	delete(common, l.number[not])
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
		out = append(out, l.cases[h.n])
	}
	return out
}
