package seal

import "encoding/binary"

// join appends the parts to dst, each behind its length, so that different parts are
// different bytes: ("ab", "c"), ("a", "bc"), ("abc") and ("abc", "") are four things.
func join(dst []byte, parts []string) []byte {
	for _, p := range parts {
		dst = binary.AppendUvarint(dst, uint64(len(p)))
		dst = append(dst, p...)
	}
	return dst
}
