package seal

import (
	"fmt"
	"strings"

	"github.com/ProtonMail/gopenpgp/v3/crypto"
)

// Fingerprint is that of an armored OpenPGP key, in capitals. A private key is refused: it is no one else's to keep.
func Fingerprint(armored string) (string, error) {
	key, err := crypto.NewKeyFromArmored(armored)
	if err != nil {
		return "", fmt.Errorf("this is no armored OpenPGP key")
	}
	if key.IsPrivate() {
		key.ClearPrivateParams()
		return "", fmt.Errorf("this is a private OpenPGP key: send the public one, and make this one useless")
	}
	return strings.ToUpper(key.GetFingerprint()), nil
}
