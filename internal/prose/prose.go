// Package prose reads what projects wrote before they had a policy document: SECURITY.md, pages about the process, issue
// templates; and what became of a text of ours where it was published.
//
// Begin with Import, which finds the promises in a text, and with Drift, which compares a published copy with the text it
// should be. Both stand on blocks (block.go): headings, paragraphs, items, rows. Repair stands alone: it undoes one kind of
// damage, and changes nothing else.
// To let Import find more, add a finder in a file of its word, and list it in finders (import.go).
// This package knows no policy and no network. It takes time in proportion to what it reads, and refuses what is no text.
package prose

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Longest is the longest text that is read, in bytes. The longest security policies of the world have a twentieth of it.
const Longest = 1 << 20

// What keeps a file from being read.
var (
	ErrTooLong = errors.New("the text is too long")
	ErrBinary  = errors.New("the file is no text")
	ErrCharset = errors.New("the text is not UTF-8")
)

// Text says why a file is none that can be read here: it is too long, no text, or in another encoding. The error names the line.
func Text(raw []byte) error {
	if len(raw) > Longest {
		return fmt.Errorf("%w: it has %d bytes, and a security policy has at most %d", ErrTooLong, len(raw), Longest)
	}
	if bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")) {
		return fmt.Errorf("%w: it begins like UTF-16; save it as UTF-8", ErrCharset)
	}
	if i := bytes.IndexByte(raw, 0); i >= 0 {
		return fmt.Errorf("%w: line %d holds a zero byte", ErrBinary, lineAt(raw, i))
	}
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && size == 1 {
			return fmt.Errorf("%w: line %d holds the byte %#02x, which cannot stand there; save the file as UTF-8", ErrCharset, lineAt(raw, i), raw[i])
		}
		i += size
	}
	return nil
}

func lineAt(raw []byte, at int) int { return 1 + bytes.Count(raw[:at], []byte("\n")) }
