package ledger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Tile is a place in a log: 256 hashes of one level, or fewer at the end of the log. Its level
// is -1 for a bundle of records.
type Tile = tlog.Tile

// tileHeight is fixed by C2SP tlog-tiles: 2⁸ hashes.
const tileHeight = 8

// ErrNoTile is returned for a tile that is not a tile's address, or not in the log (yet).
var ErrNoTile = errors.New("no such tile")

// ParseTile reads an address of C2SP tlog-tiles: "tile/<L>/<N>[.p/<W>]" for hashes,
// "tile/entries/<N>[.p/<W>]" for records, with or without the slash in front. Each tile has one
// address; any other spelling is ErrNoTile.
func ParseTile(path string) (Tile, error) {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(path, "/"), "tile/")
	if !ok || strings.HasPrefix(rest, "data/") {
		return Tile{}, ErrNoTile
	}
	if after, ok := strings.CutPrefix(rest, "entries/"); ok {
		rest = "data/" + after // as the Go checksum database calls it
	}
	t, err := tlog.ParseTilePath(fmt.Sprintf("tile/%d/%s", tileHeight, rest))
	if err != nil || t.L > 63 {
		return Tile{}, ErrNoTile
	}
	return t, nil
}

// Tile returns the hashes of a tile. A tile beyond the log's size is ErrNoTile; one that has
// grown since is still served at its earlier width.
func (l Log) Tile(t Tile) ([]byte, error) {
	if t.L < 0 || !l.has(t) {
		return nil, ErrNoTile
	}
	data, err := tlog.ReadTileData(t, l.Hashes)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", t.Path(), err)
	}
	return data, nil
}

// Bundle returns the records of a tile of level -1, each behind its length of two bytes. record
// returns the record with the index.
func (l Log) Bundle(t Tile, record func(index int64) ([]byte, error)) ([]byte, error) {
	if t.L != -1 || !l.has(t) {
		return nil, ErrNoTile
	}
	var out []byte
	for i := range int64(t.W) {
		r, err := record(t.N<<tileHeight + i)
		if err != nil {
			return nil, fmt.Errorf("read record %d: %w", t.N<<tileHeight+i, err)
		}
		if len(r) > math.MaxUint16 {
			return nil, fmt.Errorf("record %d has %d bytes, more than a bundle can hold", t.N<<tileHeight+i, len(r))
		}
		out = binary.BigEndian.AppendUint16(out, uint16(len(r)))
		out = append(out, r...)
	}
	return out, nil
}

// has reports whether the whole tile lies in the log.
func (l Log) has(t Tile) bool {
	width := l.Size >> (tileHeight * max(t.L, 0)) // how many hashes that level has
	full := width >> tileHeight
	return t.H == tileHeight && t.N >= 0 && t.W >= 1 && t.W <= 1<<tileHeight &&
		(t.N < full || t.N == full && int64(t.W) <= width-full<<tileHeight)
}
