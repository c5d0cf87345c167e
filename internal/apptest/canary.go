package apptest

import (
	"encoding/base64"
	"encoding/hex"
	"unicode/utf16"
)

// Encodings are the ways in which a planted word may lie in a file: as it is, and as what encodes bytes makes of it. Base 64
// depends on where the word begins, so its three forms are cut to what does not.
func Encodings(word string) map[string][]byte {
	out := map[string][]byte{"text": []byte(word), "hex": []byte(hex.EncodeToString([]byte(word)))}
	for shift := range 3 {
		b := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), word...))
		out["base64 at "+string(rune('0'+shift))] = []byte(b[(shift*8+5)/6 : len(b)-2])
	}
	var wide []byte
	for _, u := range utf16.Encode([]rune(word)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	out["UTF-16"] = wide
	return out
}
