package seal

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ProtonMail/gopenpgp/v3/constants"
	"github.com/ProtonMail/gopenpgp/v3/crypto"
)

// ErrAltered says that a text is not the one that a known key signed.
var ErrAltered = errors.New("the text is not the one that was signed")

// ErrForeign says that a text was signed by a key that is none of those known.
var ErrForeign = errors.New("it was signed by another key")

// ErrUnread says that what should be a signed text cannot be read as one.
var ErrUnread = errors.New("this is no clear-signed text")

// Signing is an OpenPGP key that signs and does nothing else: whoever encrypted to it would write to nobody.
type Signing struct {
	private     hidden[string]
	public      string
	fingerprint string
}

// NewSigning draws a signing key for whoever goes by a name. It is an EdDSA key of version 4, which GnuPG reads since 2.1.
func NewSigning(name string, now time.Time) (Signing, error) {
	key, err := crypto.PGP().KeyGeneration().AddUserId(name, "").GenerationTime(now.Unix()).New().GenerateKey()
	if err != nil {
		return Signing{}, fmt.Errorf("draw an OpenPGP key: %w", err)
	}
	key.GetEntity().Subkeys = nil // the one that others would encrypt to
	defer key.ClearPrivateParams()
	private, err := key.Armor()
	if err != nil {
		return Signing{}, fmt.Errorf("write the OpenPGP key: %w", err)
	}
	return OpenSigning(private)
}

// OpenSigning reads an armored private key without a passphrase. Its errors do not repeat it.
func OpenSigning(armored string) (Signing, error) {
	key, err := crypto.NewKeyFromArmored(armored)
	if err != nil || !key.IsPrivate() {
		return Signing{}, errors.New("this is no armored OpenPGP private key")
	}
	defer key.ClearPrivateParams()
	public, err := key.GetArmoredPublicKey()
	if err != nil {
		return Signing{}, fmt.Errorf("write the public half of the OpenPGP key: %w", err)
	}
	return Signing{private: hide(armored), public: public, fingerprint: strings.ToUpper(key.GetFingerprint())}, nil
}

// Public is the armored public half.
func (s Signing) Public() string { return s.public }

// Fingerprint names the key, in capitals.
func (s Signing) Fingerprint() string { return s.fingerprint }

// Private is the armored secret half, to be sealed.
func (s Signing) Private() []byte { return []byte(s.private.get()) }

// Sign signs a text so that it can still be read.
func (s Signing) Sign(text []byte, now time.Time) ([]byte, error) {
	return ClearSign(text, []byte(s.private.get()), now)
}

// ClearSigned is a text with a signature that holds.
type ClearSigned struct {
	Text        string // as it was signed: nothing else around it was
	Fingerprint string // of the key that signed it
	At          time.Time
}

// OpenClearSigned checks a clear-signed text (RFC 9580, 7) by armored public keys. The error is ErrAltered, ErrForeign or ErrUnread.
func OpenClearSigned(message []byte, armored []string) (ClearSigned, error) {
	ring, err := crypto.NewKeyRing(nil)
	if err != nil {
		return ClearSigned{}, fmt.Errorf("make a ring of keys: %w", err)
	}
	for _, a := range armored {
		key, err := crypto.NewKeyFromArmored(a)
		if err != nil {
			return ClearSigned{}, fmt.Errorf("read an OpenPGP key: %w", err)
		}
		if err := ring.AddKey(key); err != nil {
			return ClearSigned{}, fmt.Errorf("take an OpenPGP key: %w", err)
		}
	}
	// The clock of the reader is nobody's affair: a key of ours does not expire, and one that was replaced signed what it signed.
	check, err := crypto.PGP().Verify().VerificationKeys(ring).DisableVerifyTimeCheck().New()
	if err != nil {
		return ClearSigned{}, fmt.Errorf("make ready to check: %w", err)
	}
	result, err := check.VerifyCleartext(message)
	if err != nil {
		return ClearSigned{}, ErrUnread
	}
	if bad := result.SignatureErrorExplicit(); bad != nil {
		if bad.Status == constants.SIGNATURE_FAILED {
			return ClearSigned{}, ErrAltered
		}
		return ClearSigned{}, ErrForeign
	}
	return ClearSigned{Text: string(result.Cleartext()), Fingerprint: strings.ToUpper(fmt.Sprintf("%x", result.SignedByFingerprint())),
		At: time.Unix(result.SignatureCreationTime(), 0).UTC()}, nil
}
