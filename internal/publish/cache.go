package publish

import (
	"bytes"
	"container/list"
	"sync"
)

// cache holds the compressed bodies that were asked for last, by their hash, within a number of bytes.
type cache struct {
	limit int

	mu    sync.Mutex
	bytes int
	order *list.List // of body; the front was used last
	byKey map[string]*list.Element
}

type body struct {
	hash string
	gzip []byte
}

func newCache(limit int) *cache {
	return &cache{limit: limit, order: list.New(), byKey: map[string]*list.Element{}}
}

func (c *cache) get(hash string) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[hash]
	if !ok {
		return nil, false
	}
	c.order.MoveToFront(e)
	return e.Value.(body).gzip, true
}

// put keeps a body and forgets those that were not asked for the longest. One that alone exceeds the limit is not kept.
func (c *cache) put(hash string, gzip []byte) {
	if len(gzip) > c.limit {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.byKey[hash]; ok {
		return // the same hash is the same bytes
	}
	// A copy, since the bytes usually lie within those of a whole publication and would keep all of it in memory.
	c.byKey[hash] = c.order.PushFront(body{hash: hash, gzip: bytes.Clone(gzip)})
	c.bytes += len(gzip)
	for c.bytes > c.limit {
		last := c.order.Back()
		old := c.order.Remove(last).(body)
		delete(c.byKey, old.hash)
		c.bytes -= len(old.gzip)
	}
}
