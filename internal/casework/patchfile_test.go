package casework_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// mailed is what git format-patch writes of two commits, one of them with a subject that is not ASCII.
const mailed = `From 5d2f0e1b3c4a59687786950413223140aabbccdd Mon Sep 17 00:00:00 2001
From: Jake <jake@juno.example>
Date: Tue, 10 Mar 2026 09:00:00 +0000
Subject: [PATCH 1/2] Bound the depth of
 axolotl frames

A nested frame ran out of stack.
---
 frame.go | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)

diff --git a/frame.go b/frame.go
--- a/frame.go
+++ b/frame.go
@@ -1 +1 @@
-old
+new
-- 
2.39.5

From 6e3f0e1b3c4a59687786950413223140aabbccdd Mon Sep 17 00:00:00 2001
From: Jake <jake@juno.example>
Subject: =?UTF-8?q?[PATCH=202/2]=20Gr=C3=B6=C3=9Fe?= =?UTF-8?q?_pr=C3=BCfen?=

Wie oben.
---
diff --git a/size.go b/size.go
--- a/size.go
+++ b/size.go
`

// saidByMailed is what strangers would read of it.
var saidByMailed = []casework.Said{
	{Field: "title", Text: "Bound the depth of axolotl frames"}, {Field: "message", Text: "A nested frame ran out of stack."}, {Field: "file", Text: "a/frame.go b/frame.go"},
	{Field: "title", Text: "Größe prüfen"}, {Field: "message", Text: "Wie oben."}, {Field: "file", Text: "a/size.go b/size.go"},
}

// Whatever a patch says where strangers will read it is found: of mails, however they were saved, of bundles and of archives.
func TestWhatAPatchSaysIsFound(t *testing.T) {
	commit := "tree 1\nauthor Jake <jake@juno.example> 1 +0000\n\nBound the depth of axolotl frames\n"
	bundle := bundled("refs/heads/axolotl-depth", object(1, commit), object(3, "blob"), object(4, "object 1\ntag v2\n\nAxolotl release\n"))
	ofBundle := []casework.Said{{Field: "branch", Text: "axolotl-depth"}, {Field: "message", Text: "Bound the depth of axolotl frames"}, {Field: "message", Text: "Axolotl release"}}
	long := "diff --git a/min.js b/min.js\n--- a/min.js\n+++ b/min.js\n+" + strings.Repeat("x", 3<<20) + "\n"
	for name, c := range map[string]struct {
		body []byte
		form string
		want []casework.Said
	}{
		"a series of mails":                    {[]byte(mailed), "patch", saidByMailed},
		"saved with the line ends of mail":     {[]byte(strings.ReplaceAll(mailed, "\n", "\r\n")), "patch", saidByMailed},
		"mails behind a line of three MiB":     {[]byte(long + mailed), "patch", slices.Concat([]casework.Said{{Field: "file", Text: "a/min.js b/min.js"}}, saidByMailed)},
		"a bare diff":                          {[]byte("--- a/x\n+++ b/x\n"), "patch", nil},
		"a bundle":                             {bundle, "bundle", ofBundle},
		"a bundle that breaks off":             {bundle[:len(bundle)-12], "bundle", ofBundle[:2]},
		"a bundle that lies about its objects": {bundled("refs/heads/x", []byte{0x9f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}), "bundle", []casework.Said{{Field: "branch", Text: "x"}}},
		"an archive":                           {archived(t, "fix/0001.patch", mailed), "archive", slices.Concat([]casework.Said{{Field: "file", Text: "fix/0001.patch"}}, saidByMailed)},
	} {
		t.Run(name, func(t *testing.T) {
			form, said, err := casework.ReadPatch(c.body)
			if err != nil || form != c.form {
				t.Fatalf("it is %q, %v; want %q", form, err, c.form)
			}
			if diff := cmp.Diff(c.want, said); diff != "" {
				t.Errorf("what it says (-want +got):\n%s", diff)
			}
		})
	}
	for name, body := range map[string][]byte{"nothing": nil, "a text": []byte("Hello"), "an archive that breaks off": archived(t, "a.patch", mailed)[:40]} {
		if _, _, err := casework.ReadPatch(body); cvd.KindOf(err) != cvd.Invalid {
			t.Errorf("%s is answered %v", name, err)
		}
	}
}

// A small file that unpacks to a large one is read as far as any real patch goes.
func TestAPatchThatUnpacksWithoutEndIsReadInPart(t *testing.T) {
	many := strings.Repeat("diff --git a/x b/x\n", 500_000)
	for name, body := range map[string][]byte{"a patch": []byte(many), "an archive": archived(t, "a.patch", many)} {
		if _, said, err := casework.ReadPatch(body); err != nil || len(said) < 1000 || len(said) > 4001 {
			t.Errorf("%s: %d texts, %v", name, len(said), err)
		}
	}
	if _, said, err := casework.ReadPatch(bundled("refs/heads/x", object(1, "tree 1\n\n"+strings.Repeat("A", 65<<20)))); err != nil || len(said) != 1 {
		t.Errorf("a commit of 65 MiB: %d texts, %v", len(said), err)
	}
}

// FuzzReadPatch: whatever bytes come, they are a patch of a known form or refused, with one answer, and no text is empty or endless.
func FuzzReadPatch(f *testing.F) {
	f.Add([]byte(mailed))
	f.Add(bundled("refs/heads/axolotl", object(1, "tree 1\n\nMessage\n"), object(7, "delta")))
	f.Add([]byte("# v3 git bundle\n@object-format=sha256\n-1 prerequisite\n1 refs/tags/v1\n\nPACK"))
	f.Add(archived(f, "a.diff", mailed))
	f.Add([]byte("--- a\n+++ b\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		form, said, err := casework.ReadPatch(body)
		if err != nil {
			if cvd.KindOf(err) != cvd.Invalid || form == "patch" || form == "bundle" {
				t.Fatalf("%q is refused by %v", form, err)
			}
			return
		}
		if !slices.Contains([]string{"patch", "bundle", "archive"}, form) || len(said) > 4001 {
			t.Fatalf("it is %q with %d texts", form, len(said))
		}
		for _, x := range said {
			if !slices.Contains([]string{"branch", "message", "title", "file"}, x.Field) {
				t.Errorf("a text stands in %q", x.Field)
			}
		}
		if again, twice, err := casework.ReadPatch(body); again != form || err != nil || !slices.Equal(said, twice) {
			t.Errorf("asked again it says %q, %q, %v; before %q, %q", again, twice, err, form, said)
		}
	})
}

// bundled is a git bundle with one branch (gitformat-bundle).
func bundled(ref string, objects ...[]byte) []byte {
	pack := binary.BigEndian.AppendUint32([]byte("PACK\x00\x00\x00\x02"), uint32(len(objects)))
	head := "# v2 git bundle\n" + strings.Repeat("ab", 20) + " " + ref + "\n\n"
	return slices.Concat([]byte(head), pack, slices.Concat(objects...))
}

// object is one of a pack (gitformat-pack).
func object(kind byte, text string) []byte {
	size := len(text)
	head := []byte{kind<<4 | byte(size&15)}
	for size >>= 4; size > 0; size >>= 7 {
		head[len(head)-1] |= 0x80
		head = append(head, byte(size&0x7f))
	}
	if kind == 7 {
		head = append(head, make([]byte, 20)...)
	}
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(text)) // a buffer takes everything
	_ = z.Close()
	return append(head, b.Bytes()...)
}

// archived is a .tar.gz with one file.
func archived(t testing.TB, name, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	files := tar.NewWriter(z)
	err := files.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(text))})
	if err == nil {
		_, err = files.Write([]byte(text))
	}
	if err != nil || files.Close() != nil || z.Close() != nil {
		t.Fatalf("write an archive: %v", err)
	}
	return b.Bytes()
}
