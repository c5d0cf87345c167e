package publish_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"crypto/ed25519"

	"github.com/ProtonMail/gopenpgp/v3/crypto"
	"golang.org/x/crypto/blake2b"

	"github.com/tipstaff/tipstaff/internal/channel"
	"github.com/tipstaff/tipstaff/internal/publish"
)

const artefact = "the bytes of a release\n"

// minisign signs as minisign does: a key's line, and the four lines of a signature.
func minisign(t *testing.T, text string) (key, signature string) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	id, hash := []byte("keyident"), blake2b.Sum512([]byte(text))
	made := ed25519.Sign(private, hash[:])
	const trusted = "timestamp:1 file:release"
	whole := ed25519.Sign(private, slices.Concat(made, []byte(trusted)))
	b64 := base64.StdEncoding.EncodeToString
	return b64(slices.Concat([]byte("Ed"), id, public)),
		"untrusted comment: a release\n" + b64(slices.Concat([]byte("ED"), id, made)) + "\ntrusted comment: " + trusted + "\n" + b64(whole) + "\n"
}

// openPGP makes a key and its detached signature.
func openPGP(t *testing.T, text string) (key, signature string) {
	t.Helper()
	k, err := crypto.PGP().KeyGeneration().AddUserId("Releases", "releases@example.org").New().GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	if key, err = k.GetArmoredPublicKey(); err != nil {
		t.Fatal(err)
	}
	signer, err := crypto.PGP().Sign().SigningKey(k).Detached().New()
	if err != nil {
		t.Fatal(err)
	}
	b, err := signer.Sign([]byte(text), crypto.Armor)
	if err != nil {
		t.Fatal(err)
	}
	return key, string(b)
}

// What was recorded of a release is compared with what lies there: that it answers, its checksum, its signature.
func TestAReleaseIsWhatWasRecordedOrItIsSaidWhatElse(t *testing.T) {
	miniKey, miniSig := minisign(t, artefact)
	otherKey, _ := minisign(t, artefact)
	pgpKey, pgpSig := openPGP(t, artefact)
	_, strange := openPGP(t, artefact)
	mux := http.NewServeMux()
	give := func(path, text string) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) })
	}
	give("/release", artefact)
	give("/changed", artefact+"and more")
	give("/long", strings.Repeat("x", 2<<20))
	give("/release.minisig", miniSig)
	give("/release.asc", pgpSig)
	give("/strange.asc", strange)
	give("/no.asc", "nothing of the kind")
	mux.HandleFunc("GET /moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/release", http.StatusFound) })
	mux.HandleFunc("GET /round", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/round", http.StatusFound) })
	s := httptest.NewServer(mux)
	defer s.Close()
	sum := sha256.Sum256([]byte(artefact))
	right := hex.EncodeToString(sum[:])
	l := publish.Looker{HTTP: channel.NewClient("127.0.0.1"), Most: 1 << 20}

	for name, c := range map[string]struct {
		path, signature string
		keys            []string
		failed          string // "" if all is well
		signed          string
	}{
		"it answers with what was recorded":      {path: "/release"},
		"a redirect is followed":                 {path: "/moved"},
		"nothing is there":                       {path: "/gone", failed: "it answers with 404"},
		"something else is there":                {path: "/changed", failed: "it answers with something else"},
		"it is too long to be read":              {path: "/long", failed: "longer than 1 MiB"},
		"it leads in a circle":                   {path: "/round", failed: "redirects too often"},
		"minisign's signature is good":           {path: "/release", signature: "/release.minisig", keys: []string{otherKey, "untrusted comment: k\n" + miniKey}, signed: "good"},
		"minisign's signature is of another key": {path: "/release", signature: "/release.minisig", keys: []string{otherKey}, failed: "none of the policy's keys", signed: "bad"},
		"an OpenPGP signature is good":           {path: "/release", signature: "/release.asc", keys: []string{miniKey, pgpKey}, signed: "good"},
		"an OpenPGP signature is of another key": {path: "/release", signature: "/strange.asc", keys: []string{pgpKey}, failed: "none of the policy's keys", signed: "bad"},
		"a signature is none":                    {path: "/release", signature: "/no.asc", keys: []string{pgpKey}, failed: "its signature", signed: "bad"},
		"a signature is not there":               {path: "/release", signature: "/gone.asc", keys: []string{pgpKey}, failed: "its signature: it answers with 404"},
		"nobody said whose signatures count":     {path: "/release", signature: "/release.asc", failed: "names no key", signed: "bad"},
	} {
		t.Run(name, func(t *testing.T) {
			w := publish.Wanted{URL: s.URL + c.path, SHA256: right, Keys: c.keys}
			if c.signature != "" {
				w.Signature = s.URL + c.signature
			}
			f := l.Look(t.Context(), w)
			if (f.Failed == "") != (c.failed == "") || !strings.Contains(f.Failed, c.failed) || f.Signature != c.signed {
				t.Errorf("found %+v, want %q and a signature %q", f, c.failed, c.signed)
			}
		})
	}
}

// Nobody leads the program into the network it runs in, not by a redirect either.
func TestAReleaseInAPrivateNetworkIsNotLookedAt(t *testing.T) {
	asked := false
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer s.Close()
	f := publish.Looker{HTTP: channel.NewClient(), Most: 1 << 20}.Look(t.Context(), publish.Wanted{URL: s.URL})
	if asked || !strings.Contains(f.Failed, "not a public one") {
		t.Errorf("asked: %v, found %+v", asked, f)
	}
}

// A commit is looked for where GitHub, Gitea and GitLab show commits to everybody.
func TestACommitIsSeenWhereEverybodyReadsIt(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/o/gitea/commit/c0ffee" && r.URL.Path != "/o/gitlab/-/commit/c0ffee" {
			http.NotFound(w, r)
		}
	}))
	defer s.Close()
	l := publish.Looker{HTTP: channel.NewClient("127.0.0.1"), Most: 1 << 20}
	for repo, want := range map[string]string{"/o/gitea": "/o/gitea/commit/c0ffee", "/o/gitlab": "/o/gitlab/-/commit/c0ffee", "/o/other": ""} {
		at, seen, err := l.Seen(t.Context(), s.URL+repo, "c0ffee")
		if err != nil || seen != (want != "") || seen && at != s.URL+want {
			t.Errorf("%s: %q %v %v, want %q", repo, at, seen, err, want)
		}
	}
}
