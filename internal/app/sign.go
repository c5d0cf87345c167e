package app

import (
	"time"

	"github.com/tipstaff/tipstaff/internal/seal"
)

// ClearSign signs a text so that it can still be read, with an armored OpenPGP private key that has no passphrase.
func ClearSign(text, armored []byte, now time.Time) ([]byte, error) {
	return seal.ClearSign(text, armored, now)
}
