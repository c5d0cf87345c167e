package casework

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/ledger"
)

// ArchiveVersion is the version of the archives written now.
const ArchiveVersion = 1

// Manifest is the first file of an archive: what it is, and every other file with its hash. manifest.note signs it.
type Manifest struct {
	Version int           `json:"version"`
	Site    string        `json:"site"` // public address of the installation
	Project cvd.ProjectID `json:"project"`
	Case    cvd.CaseID    `json:"case"`
	Rev     int64         `json:"rev"` // the number of events
	At      time.Time     `json:"at"`
	Policy  int64         `json:"policy"` // the version that binds the case
	Key     string        `json:"key"`    // verifier key of the project's log, which signed the manifest and the receipts
	Files   []Listed      `json:"files"`
}

// Listed is a file of an archive.
type Listed struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// The files of an archive that have a fixed name.
const (
	manifestFile = "manifest.json"
	manifestNote = "manifest.note"
	policyFile   = "policy.yaml"
	readmeFile   = "README.txt"
)

const readme = `This is one case of coordinated vulnerability disclosure, whole. It can be read with any program.

manifest.json   what this is, and every other file with its SHA-256
manifest.note   a signed note (C2SP signed-note) over the hash of the manifest
events/         what happened, one JSON document each, in order; the case is nothing but these
receipts/       for each event the receipt of the project's log, which is checked offline:
                tipstaff receipt verify --key KEY receipts/0001.json
files/          what people attached, by the id that the events name; patches are there only if the case was handed over, and are
                otherwise fetched one by one by those whom they name
policy.yaml     the version of the project's policy that binds the case

What is in here was under an embargo if the events say so.
`

// noteOf is the text that manifest.note signs.
func noteOf(m Manifest, text []byte) string {
	sum := sha256.Sum256(text)
	return fmt.Sprintf("tipstaff-case/v%d\n%s\n%s\n%s\n", m.Version, m.Project, m.Case, hex.EncodeToString(sum[:]))
}

// pack writes an archive, and says the hash of its manifest. The same files give the same bytes.
func pack(m Manifest, files map[string][]byte, signer note.Signer) (archive []byte, hash string, err error) {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		sum := sha256.Sum256(files[name])
		m.Files = append(m.Files, Listed{name, int64(len(files[name])), hex.EncodeToString(sum[:])})
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, "", fmt.Errorf("write the manifest of %s: %w", m.Case, err)
	}
	signed, err := note.Sign(&note.Note{Text: noteOf(m, text)}, signer)
	if err != nil {
		return nil, "", fmt.Errorf("sign the manifest of %s: %w", m.Case, err)
	}
	files[manifestFile], files[manifestNote] = text, signed
	archive, err = m.zip(files)
	sum := sha256.Sum256(text)
	return archive, hex.EncodeToString(sum[:]), err
}

// zip writes those of the files that there are: the manifest, and then what it names.
func (m Manifest) zip(files map[string][]byte) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	names := []string{manifestFile, manifestNote}
	for _, l := range m.Files {
		names = append(names, l.Path)
	}
	for _, name := range names {
		body, there := files[name]
		if !there {
			continue
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: m.At})
		if err == nil {
			_, err = w.Write(body)
		}
		if err != nil {
			return nil, fmt.Errorf("pack case %s: %w", m.Case, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack case %s: %w", m.Case, err)
	}
	return out.Bytes(), nil
}

// without is the archive without some of the files that the case names. The manifest still names them, with their hashes.
func (p *Packed) without(ids []string) ([]byte, error) {
	files := maps.Clone(p.files)
	for _, id := range ids {
		delete(files, "files/"+id)
	}
	return p.zip(files)
}

// Packed is an archive that was opened and checked.
type Packed struct {
	Manifest
	Hash  string // of the manifest
	files map[string][]byte
}

// largestPacked is how many bytes one file of an archive may have when it is unpacked.
const largestPacked = 64 << 20

// unpack opens an archive and checks it: each file is the one that the manifest names, there is no other, and the manifest is
// signed. key, if given, is the one that it must be signed with.
func unpack(archive []byte, key string) (*Packed, error) {
	bad := func(format string, args ...any) error {
		return cvd.Errorf(cvd.Invalid, "this is no case that can be taken over: "+format, args...)
	}
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, bad("it is no archive")
	}
	p := &Packed{files: map[string][]byte{}}
	for _, f := range z.File {
		if p.files[f.Name] != nil {
			return nil, bad("%s is there twice", f.Name)
		}
		r, err := f.Open()
		if err != nil {
			return nil, bad("%s does not open", f.Name)
		}
		body, err := io.ReadAll(io.LimitReader(r, largestPacked+1))
		_ = r.Close() // read-only
		if err != nil || len(body) > largestPacked {
			return nil, bad("%s is damaged or too large", f.Name)
		}
		p.files[f.Name] = body
	}
	text := p.files[manifestFile]
	if err := json.Unmarshal(text, &p.Manifest); err != nil {
		return nil, bad("it has no manifest")
	}
	if p.Version != ArchiveVersion {
		return nil, bad("its version is %d, and this program knows %d", p.Version, ArchiveVersion)
	}
	if key != "" && key != p.Key {
		return nil, bad("it is signed with the key %s and not with the one that you expect", p.Key)
	}
	verifier, err := note.NewVerifier(p.Key)
	if err != nil {
		return nil, bad("its key cannot be read")
	}
	n, err := note.Open(p.files[manifestNote], note.VerifierList(verifier))
	if err != nil || n.Text != noteOf(p.Manifest, text) {
		return nil, bad("the manifest is not the one that was signed")
	}
	sum := sha256.Sum256(text)
	p.Hash = hex.EncodeToString(sum[:])
	return p, p.listed(bad)
}

// listed checks that the files are those of the manifest.
func (p *Packed) listed(bad func(string, ...any) error) error {
	for _, l := range p.Files {
		body, there := p.files[l.Path]
		sum := sha256.Sum256(body)
		switch {
		case !there:
			return bad("%s is missing", l.Path)
		case hex.EncodeToString(sum[:]) != l.SHA256:
			return bad("%s is not what was packed", l.Path)
		}
	}
	if len(p.files) != len(p.Files)+2 {
		for name := range p.files {
			known := name == manifestFile || name == manifestNote || slices.ContainsFunc(p.Files, func(l Listed) bool { return l.Path == name })
			if !known {
				return bad("%s is not in the manifest", name)
			}
		}
	}
	return nil
}

// events are the events of an archive, each proven by its receipt, in order and without a gap.
func (p *Packed) events() (events []cvd.Event, receipts []ledger.Receipt, err error) {
	bad := func(n int64, says string) error {
		return cvd.Errorf(cvd.Invalid, "this is no case that can be taken over: event %d %s", n, says)
	}
	for n := int64(1); n <= p.Rev; n++ {
		text := p.files[eventFile(n)]
		e, err := cvd.ReadEvent(text)
		if err != nil || e.Rev != n || e.Case != p.Case || e.Project != p.Project {
			return nil, nil, bad(n, "is missing, or is not of this case")
		}
		r, err := ledger.ParseReceipt(p.files[receiptFile(n)])
		if err != nil {
			return nil, nil, bad(n, "has no receipt")
		}
		if _, err := r.Verify(p.Key); err != nil || !bytes.Equal(r.Event, text) {
			return nil, nil, bad(n, "is not what its receipt proves")
		}
		events, receipts = append(events, e), append(receipts, r)
	}
	if len(events) == 0 {
		return nil, nil, bad(1, "is missing")
	}
	return events, receipts, nil
}

func eventFile(n int64) string   { return fmt.Sprintf("events/%04d.json", n) }
func receiptFile(n int64) string { return fmt.Sprintf("receipts/%04d.json", n) }

// attached is the content of a file that the case names.
func (p *Packed) attached(a cvd.Attachment) ([]byte, error) {
	body := p.files["files/"+a.ID]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:], a.Hash) || strings.Contains(a.ID, "/") {
		return nil, cvd.Errorf(cvd.Invalid, "this is no case that can be taken over: the file %s is not the one that its event names", a.ID)
	}
	return body, nil
}
