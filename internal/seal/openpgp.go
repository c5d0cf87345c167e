package seal

import (
	"fmt"
	"time"

	"github.com/ProtonMail/gopenpgp/v3/crypto"
)

// ClearSign signs a text so that it can still be read (RFC 9580, 7), with an armored private key that has no passphrase.
func ClearSign(text, armored []byte, now time.Time) ([]byte, error) {
	key, err := crypto.NewKeyFromArmored(string(armored))
	if err != nil {
		return nil, fmt.Errorf("this is no armored OpenPGP key: %w", err)
	}
	defer key.ClearPrivateParams()
	locked, err := key.IsLocked()
	switch {
	case !key.IsPrivate():
		return nil, fmt.Errorf("this OpenPGP key is a public one: signing needs the private key")
	case err != nil:
		return nil, fmt.Errorf("look at the OpenPGP key: %w", err)
	case locked:
		return nil, fmt.Errorf("this OpenPGP key has a passphrase: export a signing key without one")
	}
	signer, err := crypto.PGP().Sign().SigningKey(key).SignTime(now.Unix()).New()
	if err != nil {
		return nil, fmt.Errorf("make ready to sign: %w", err)
	}
	signed, err := signer.SignCleartext(text)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return signed, nil
}
