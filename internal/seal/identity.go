package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
)

// Identity is the secret of an installation, or the one with which it is recovered: it opens
// the projects' keys, once, when the program starts. It is an age X25519 identity, so that a
// key file and what it opens can be read without this program. The zero Identity opens nothing.
type Identity struct{ hidden[*age.X25519Identity] }

// Recipients are the public halves of identities ("age1…"): whoever has one of those
// identities opens what is sealed to all of them. An installation seals its projects' keys
// to itself and to its recovery identity.
type Recipients []string

// GenerateIdentity makes a new identity. The randomness is the system's: age takes no other.
func GenerateIdentity() (Identity, error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return Identity{}, fmt.Errorf("generate an age identity: %w", err)
	}
	return Identity{hide(id)}, nil
}

// ParseIdentity reads the content of a key file: one age identity, empty lines, and comments
// that begin with "#". Its errors never repeat the content.
func ParseIdentity(text string) (Identity, error) {
	ids, err := age.ParseIdentities(strings.NewReader(text))
	if err != nil {
		// Not wrapped: an error of the parser may quote what it could not read.
		return Identity{}, errors.New("key file: expected one line AGE-SECRET-KEY-1… and comments, found something else")
	}
	if len(ids) != 1 {
		return Identity{}, fmt.Errorf("key file: expected one identity, found %d", len(ids))
	}
	id, ok := ids[0].(*age.X25519Identity)
	if !ok {
		return Identity{}, errors.New("key file: expected an X25519 identity, found another kind")
	}
	return Identity{hide(id)}, nil
}

// Text is the content of the key file, secret and all: write it to a file that only the
// program's user can read, and nowhere else.
func (id Identity) Text() string {
	return "# Tipstaff key file. Whoever holds it can read every case of this installation;\n" +
		"# without it, or the recovery key, nobody can. Keep a copy away from the backups.\n" +
		"# It is an identity of age (https://age-encryption.org).\n" +
		"# public key: " + id.Recipient() + "\n" +
		id.get().String() + "\n"
}

// Recipient is the public half of the identity, to be listed in [Recipients].
func (id Identity) Recipient() string { return id.get().Recipient().String() }

// SealTo encrypts plain so that each of the recipients opens it. No recipient is an error:
// what nobody can open is lost.
func SealTo(to Recipients, plain []byte) ([]byte, error) {
	recipients, err := to.parse()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, recipients...)
	if err != nil {
		return nil, fmt.Errorf("seal to %d recipients: %w", len(to), err)
	}
	if _, err := w.Write(plain); err != nil {
		return nil, fmt.Errorf("seal to %d recipients: %w", len(to), err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("seal to %d recipients: %w", len(to), err)
	}
	return out.Bytes(), nil
}

func (to Recipients) parse() ([]age.Recipient, error) {
	var recipients []age.Recipient
	for i, text := range to {
		r, err := age.ParseX25519Recipient(text)
		if err != nil {
			// Not wrapped: somebody may have listed the secret half.
			return nil, fmt.Errorf("recipient %d is not the public half of an age identity (age1…)", i+1)
		}
		recipients = append(recipients, r)
	}
	return recipients, nil
}

// Open returns what was sealed to this identity, or ErrClosed.
func (id Identity) Open(sealed []byte) ([]byte, error) {
	if id.get == nil {
		return nil, ErrClosed
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), id.get())
	if err != nil {
		return nil, ErrClosed
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return nil, ErrClosed
	}
	return plain, nil
}

// SealTo seals the key, a project's, to the recipients and binds it to the strings (the
// project's id), so that two projects' keys cannot be exchanged in the database.
func (k Key) SealTo(to Recipients, bound ...string) ([]byte, error) {
	return SealTo(to, join(k.bytes(), bound))
}

// OpenKey returns the key that Key.SealTo sealed with the same strings, or ErrClosed.
func (id Identity) OpenKey(sealed []byte, bound ...string) (Key, error) {
	plain, err := id.Open(sealed)
	if err != nil {
		return Key{}, err
	}
	if len(plain) < KeySize || !bytes.Equal(plain[KeySize:], join(nil, bound)) {
		return Key{}, ErrClosed
	}
	return Key{hide((*[KeySize]byte)(plain))}, nil
}
