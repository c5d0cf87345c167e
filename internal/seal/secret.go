package seal

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// crockford is Crockford's base32 without the letters that are read wrong: i, l, o and u.
const crockford = "0123456789abcdefghjkmnpqrstvwxyz"

const (
	secretLetters = 28 // 140 bits; OWASP ASVS 5.0, 6.5.2 asks for 112 where the hash is a fast one
	secretGroup   = 4
	tokenLetters  = 32 // 160 bits
	tokenPrefix   = "tst_"
)

// NewSecret makes the secret half of a return code, 140 bits written to be read aloud and
// typed: "7k3q-0d9m-…", seven groups of four. r is crypto/rand.Reader except in tests.
func NewSecret(r io.Reader) (string, error) {
	letters, err := draw(r, secretLetters)
	if err != nil {
		return "", fmt.Errorf("read randomness for a return code: %w", err)
	}
	var out strings.Builder
	for i, c := range letters {
		if i > 0 && i%secretGroup == 0 {
			out.WriteByte('-')
		}
		out.WriteByte(c)
	}
	return out.String(), nil
}

// NormalSecret is the one spelling of a return code's secret, however somebody typed it: lower
// case, no dashes, spaces or invisible characters, o as 0, i and l as 1.
func NormalSecret(typed string) string {
	return strings.Map(func(r rune) rune {
		switch r = unicode.ToLower(r); {
		case r == 'o':
			return '0'
		case r == 'i' || r == 'l':
			return '1'
		case r == '\u2212' || unicode.In(r, unicode.Dash, unicode.White_Space, unicode.Cf):
			return -1 // a minus sign is no dash to Unicode; word processors make one
		}
		return r
	}, typed)
}

// HashSecret is what is kept of a return code's secret. It normalises the secret, and binds it
// to its project and case: the same secret elsewhere has another hash.
func HashSecret(project, caseID, secret string) []byte {
	return hash("tipstaff/return-code/v1", project, caseID, NormalSecret(secret))
}

// SameSecret compares two hashes of secrets in constant time. An empty hash is the same as none.
func SameSecret(a, b []byte) bool {
	return len(a) == sha256.Size && subtle.ConstantTimeCompare(a, b) == 1
}

// NewToken makes an API token: "tst_" (for scanners of leaked secrets) and 160 bits.
func NewToken(r io.Reader) (string, error) {
	letters, err := draw(r, tokenLetters)
	if err != nil {
		return "", fmt.Errorf("read randomness for a token: %w", err)
	}
	return tokenPrefix + string(letters), nil
}

// HashToken is what is kept of an API token, and by which it is found. A token has one
// spelling: it is copied, not typed.
func HashToken(token string) []byte { return hash("tipstaff/token/v1", token) }

// draw reads n letters of crockford, five bits of randomness each.
func draw(r io.Reader, n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, err
	}
	for i := range b {
		b[i] = crockford[b[i]%32] // 256 is a multiple of 32: each letter is as likely
	}
	return b, nil
}

func hash(parts ...string) []byte {
	sum := sha256.Sum256(join(make([]byte, 0, 128), parts))
	return sum[:]
}
