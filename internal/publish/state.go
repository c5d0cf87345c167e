package publish

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// state is all that the site knows at one moment. Nobody changes one; Refresh puts another in its place.
type state struct {
	readAt  time.Time        // by the site's clock, just before what is armed was read
	waiting []*volume        // armed, with their bytes, at most a minute ahead; also those that turned and are not recorded yet
	rest    map[string]*page // what is done: for each path the last version …
	recent  map[string]*page // … or here, if it came lately: adding a publication copies these few only
}

// volume is one publication as the site holds it.
type volume struct {
	key
	at    time.Time
	done  bool
	pages map[string]*page

	reading sync.Mutex // held by the one who brings the bodies back
}

type key struct {
	project cvd.ProjectID
	id      string
}

// page is one version of one path.
type page struct {
	from   *volume
	gone   bool
	ctype  string
	hash   string
	size   int    // of the plain bytes
	packed int    // of the compressed ones
	body   []byte // compressed; nil when it is the cache's to keep
}

// newVolume takes over a publication, with its bytes if they are to stay in memory.
func newVolume(e Entry, done bool, p Publication) *volume {
	v := &volume{key: e.key(), at: e.At, done: done, pages: make(map[string]*page, len(p.Documents)+len(p.Gone))}
	for _, path := range p.Gone {
		v.pages[path] = &page{from: v, gone: true}
	}
	for _, d := range p.Documents {
		q := &page{from: v, ctype: d.Type, hash: d.Hash, size: d.Size, packed: len(d.Gzip)}
		if !done {
			q.body = d.Gzip
		}
		v.pages[d.Path] = q
	}
	return v
}

// compare orders publications as they take each other's place: by instant, then by ID.
func (v *volume) compare(other *volume) int {
	return cmp.Or(v.at.Compare(other.at), cmp.Compare(v.id, other.id), cmp.Compare(v.project, other.project))
}

// turned says whether the public sees the publication at now. One that is recorded as done it sees whatever the clock
// says. An armed one it sees from its instant on, if what is armed was read within the ten seconds before it or later:
// nobody can take an instant back that is nearer than that, so nothing unknown can have happened to it.
func (s *state) turned(v *volume, now time.Time) bool {
	if v.done {
		return true
	}
	// A clock that was set back makes the last reading look new, even one of an hour ago.
	fresh := !s.readAt.Before(v.at.Add(-stale)) && !s.readAt.After(now.Add(stale))
	return fresh && !now.Before(v.at)
}

// find returns the version of a path that the public sees at now, or nil. What has not turned is not even looked at, so
// that an armed path costs what an absent one does.
func (s *state) find(path string, now time.Time) *page {
	p := s.last(path)
	for _, v := range s.waiting {
		if s.turned(v, now) {
			p = later(p, v.pages[path])
		}
	}
	if p == nil || p.gone {
		return nil
	}
	return p
}

// last returns the last version of a path among those that are done.
func (s *state) last(path string) *page {
	if p := s.recent[path]; p != nil {
		return p
	}
	return s.rest[path]
}

func later(p, q *page) *page {
	if p == nil || q != nil && p.from.compare(q.from) < 0 {
		return q
	}
	return p
}

// paths calls yield for each path of the site that the public may see at now, some of them more than once.
func (s *state) paths(now time.Time, yield func(string)) {
	for path := range s.rest {
		yield(path)
	}
	for path := range s.recent {
		yield(path)
	}
	for _, v := range s.waiting {
		if s.turned(v, now) {
			for path := range v.pages {
				yield(path)
			}
		}
	}
}

// manyRecent is how many paths are copied for each publication before they are merged into the rest.
const manyRecent = 1024

// add takes in publications that are done; s is not in use yet.
func (s *state) add(vs []*volume) {
	if len(vs) == 0 {
		return
	}
	s.recent = maps.Clone(s.recent)
	if s.recent == nil {
		s.recent = map[string]*page{}
	}
	for _, v := range vs {
		for path, p := range v.pages {
			s.recent[path] = later(s.last(path), p)
		}
	}
	if len(s.recent) <= manyRecent {
		return
	}
	all := make(map[string]*page, len(s.rest)+len(s.recent))
	maps.Copy(all, s.rest)
	maps.Copy(all, s.recent)
	s.rest, s.recent = all, nil
}

// rebuild begins anew with the publications that are done, after one was taken away.
func (s *state) rebuild(done map[key]*volume) {
	s.rest, s.recent = nil, nil
	s.add(slices.Collect(maps.Values(done)))
}
